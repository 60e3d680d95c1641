/* SPDX-License-Identifier: BSD-2-Clause */
/* ecert journal: what its commands share. */
#ifndef ECERT_CLI_JOURNAL_H
#define ECERT_CLI_JOURNAL_H

#include "actions/journal/rows.h"
#include "cli/cli.h"
#include "cli/verify/trustrows.h"
#include "client/signing.h"

#define JOURNAL_DIR_SYSTEM "/var/lib/ecertd"

struct journal_show_params {
	const char *state, *since;
};
struct journal_verify_params {
	const char *state, *key;
	struct trust_options trust;
};
struct journal_seal_params {
	const char *state, *output;
	struct signing_choice key;
	bool force;
};

/* The folder that --state names, else the user's own, else the system's. Errors: OUT_IO when
 * there is no journal. */
enum outcome journal_where(
    const struct cli *c, const char *state, char *out, size_t cap) MUST_CHECK;
/* journal_verify_with, but not misled by a daemon that writes a record at this moment. */
enum ecert_rc journal_judge(
    const char *dir, struct rd first_key, struct journal_report *out) MUST_CHECK;
/* "The journal was changed: record 5: ..."; OUT_OK for ECERT_OK, OUT_INVALID for a journal that is
 * not right. */
enum outcome journal_tell(const struct cli *c, const char *dir, enum ecert_rc rc,
    const struct journal_report *r) MUST_CHECK;
/* The same behind an object that tells programs. */
enum outcome journal_tell_people(const struct cli *c, const char *dir, enum ecert_rc rc,
    const struct journal_report *r) MUST_CHECK;
json_t *journal_report_json(const char *dir, const struct journal_report *r);

/* The seals seal-*.jws in the folder and those named: each is checked against the record that it
 * seals, all are told. v gets an object for each. */
enum outcome journal_check_seals(const struct cli *c, const struct journal_verify_params *o,
    const char *dir, const struct strlist *more, json_t *list) MUST_CHECK;

enum outcome journal_show(struct cli *c, void *params, const struct strlist *args);
enum outcome journal_export(struct cli *c, void *params, const struct strlist *args);
enum outcome journal_seal(struct cli *c, void *params, const struct strlist *args);
enum outcome journal_compare(struct cli *c, void *params, const struct strlist *args);

#endif
