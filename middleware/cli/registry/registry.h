/* SPDX-License-Identifier: BSD-2-Clause */
/* ecert registry: what its commands share. */
#ifndef ECERT_CLI_REGISTRY_H
#define ECERT_CLI_REGISTRY_H

#include "actions/registry/deeds.h"
#include "cli/cli.h"

/* Where each stands, in a line. */
void registry_line(const struct cli *c, const struct registry_application *a);
enum outcome cmd_registry_review(struct cli *c, void *params, const struct strlist *args);
enum outcome cmd_registry_keys(struct cli *c, void *params, const struct strlist *args);
enum outcome cmd_registry_authorize(struct cli *c, void *params, const struct strlist *args);
enum outcome cmd_registry_set(struct cli *c, void *params, const struct strlist *args);
enum outcome cmd_registry_publish(struct cli *c, void *params, const struct strlist *args);
enum outcome cmd_registry_delegate(struct cli *c, void *params, const struct strlist *args);
enum outcome cmd_registry_expire(struct cli *c, void *params, const struct strlist *args);
enum outcome cmd_registry_export(struct cli *c, void *params, const struct strlist *args);
enum outcome cmd_registry_import(struct cli *c, void *params, const struct strlist *args);

/* Reports of misuse. */
enum outcome registry_reports(struct cli *c, const struct desk_deed *deed) MUST_CHECK;
enum outcome cmd_registry_close(struct cli *c, void *params, const struct strlist *args);

#endif
