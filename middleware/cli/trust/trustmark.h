/* SPDX-License-Identifier: BSD-2-Clause */
/* ecert trustmark, trustlist: what their commands share. */
#ifndef ECERT_CLI_TRUSTMARK_H
#define ECERT_CLI_TRUSTMARK_H

#include "actions/statement.h"
#include "cli/cli.h"

extern const struct opt trustmark_grant_opts[], trustmark_status_opts[];
enum outcome cmd_grant(struct cli *c, void *params, const struct strlist *args);
enum outcome cmd_status(struct cli *c, void *params, const struct strlist *args);

/* What shops do with a mark that they have. */
extern const struct opt trustmark_due_opts[], trustmark_staple_opts[], trustmark_snippet_opts[],
    trustmark_form_opts[];
/* Room for the parameters of any of them. */
#define TRUSTMARK_PARAMS 1024
enum outcome cmd_form(struct cli *c, void *params, const struct strlist *args);
enum outcome cmd_due(struct cli *c, void *params, const struct strlist *args);
enum outcome cmd_staple(struct cli *c, void *params, const struct strlist *args);
enum outcome cmd_snippet(struct cli *c, void *params, const struct strlist *args);

/* Has these lines said to the person who is not there: by command (sh -c, the lines on its standard
 * input), else on the desktop by notify-send, else nowhere. Reports its errors. */
enum outcome trustmark_remind(
    const struct cli *c, const char *command, const char *title, const char *lines) MUST_CHECK;

/* What a deed signs, on its way out. */
struct handing {
	const struct cli *c;
	const char *kind; /* "trust-mark": for programs */
};
/* Fills where it goes: with --json inside of the answer, unless that is a file. */
void trustmark_hand(
    const struct cli *c, const char *kind, struct statement_to *to, struct handing *out);
/* Says into which file it went; nothing for standard output ("-" or NULL). */
enum outcome trustmark_handed(const struct handing *h, const char *path) MUST_CHECK;

/* The rows of what goes into a mark, of a deed with days, logo and ref. */
#define MARK_OPTS(type)                                                                            \
	{"days", 0, OPT_COUNT, "N", offsetof(type, days),                                          \
	    MSG_ID("how long the mark counts (default and most: a year)")},                        \
	    {"logo", 0, OPT_STR, "URL", offsetof(type, logo), MSG_ID("the logo to show")},         \
	{                                                                                          \
		"ref", 0, OPT_STR, "URL", offsetof(type, ref),                                     \
		    MSG_ID("where people read about the mark")                                     \
	}

#endif
