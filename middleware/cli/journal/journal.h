/* SPDX-License-Identifier: BSD-2-Clause */
/* ecert journal: what its commands share. */
#ifndef ECERT_CLI_JOURNAL_H
#define ECERT_CLI_JOURNAL_H

#include "actions/journal/judge.h"
#include "cli/cli.h"

json_t *journal_report_json(const struct journal_judged *j);

enum outcome cmd_journal_show(struct cli *c, void *params, const struct strlist *args);
enum outcome cmd_journal_export(struct cli *c, void *params, const struct strlist *args);
enum outcome cmd_journal_compare(struct cli *c, void *params, const struct strlist *args);

#endif
