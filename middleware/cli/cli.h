/* SPDX-License-Identifier: BSD-2-Clause */
/* What every command of `ecert` shares: the options before all others, the row that describes a
 * command, and the way errors are told. */
#ifndef ECERT_CLI_CLI_H
#define ECERT_CLI_CLI_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <time.h>

#include "cli/exit.h"
#include "ui/job.h"
#include "util/text.h"

struct cli {
	struct job job; /* what the options say of it; terminal.c stands behind its seam */
	bool json, quiet;
	bool json_lines; /* one document a line */
	/* A value on the line that is none of its option's words (cli/help/values.h), and the word
	 * that is near it: an error about that value or option asks whether that was meant. */
	struct {
		const char *option, *value;
		char word[32];
	} meant;
	/* Makes what an error in JSON carries beside it: what was done before. NULL: nothing, also
	 * as its answer. */
	json_t *(*done)(void *ctx);
	void *done_ctx;
};

/* OPT_OUT: a string, too, which names a file that the command writes. OPT_INT: a number from 0 on;
 * OPT_COUNT: one from 1 on, so that 0 in the parameters is what was left out. */
enum opt_type { OPT_FLAG, OPT_STR, OPT_INT, OPT_COUNT, OPT_LIST, OPT_OUT };

/* One option: it fills the field of that type (bool, const char *, long, struct strlist) at `at`
 * bytes into the command's parameters. */
struct opt {
	const char *name;
	char letter; /* 0 = no short form */
	enum opt_type type;
	const char *arg; /* what the help calls its value; NULL for a flag */
	size_t at;
	const char *doc;
};

struct command {
	const char *group;
	const char *name; /* NULL: the group is the command (sign, verify, attest) */
	const char *args; /* "FILE...", "" when it takes none */
	size_t min_args, max_args;
	const char *summary;	/* one line without a full stop */
	const char *teach;	/* what to know and examples, for --help */
	const struct opt *opts; /* ends with a row whose name is NULL; NULL = none */
	size_t params_size;
	/* Reports its own errors. params: the filled parameters. */
	enum outcome (*run)(struct cli *c, void *params, const struct strlist *args);
};

/* The table of all commands, in the order of the help; ends with a row whose group is NULL. */
extern const struct command *const commands[];
/* The options that every command takes; offsets into struct cli. */
extern const struct opt global_opts[];

/* Parses the line and runs the command; the program's exit code. */
enum outcome cli_main(int argc, char **argv);

/* ---- telling ---- */
/* The object alone, on standard output, in English; nothing without --json. reason and hint: NULL
 * when there is none. */
void cli_json_error(const struct cli *c, enum outcome code, const char *reason, const char *message,
    const char *hint);
/* That object; the caller owns it. NULL when memory is out. */
json_t *cli_error_object(
    enum outcome code, const char *reason, const char *message, const char *hint);
/* The same run for people only, whose JSON object is out already: out and ui are filled. */
void cli_for_people(const struct cli *c, struct cli *out, struct ui *ui);
/* A failure told to people only, behind an object that tells programs. Returns code. */
enum outcome cli_fail_people(const struct cli *c, enum outcome code, const char *reason,
    const struct message *what, const struct message *next);
enum outcome cli_fail_rc_people(const struct cli *c, enum ecert_rc rc, const struct message *what);
/* A failure and its next step (NULL: none) to standard error, in words already. */
void cli_told(const char *message, const char *next);
/* A sentence on standard output, which is for people only: nothing with --json or --quiet. */
void cli_tell(const struct cli *c, const struct message *m);
/* "Signed by:   Chan Tai Man": an id, or "" for a line that goes with the one above, and behind so
 * many columns and a blank what it is. TEXT: what stands there is {text}, and nothing of ours. */
void cli_row(const struct cli *c, int columns, const char *label, const struct message *value);
#define TEXT "{text}"
/* A line of what programs and files are called. */
void cli_say(const struct cli *c, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Text from a card, a file's name or another module as it may be shown (text_mask), for lines that
 * are put together elsewhere; cut to what fits. Returns out. */
#define CLI_CLEAN 4352 /* a path, and what a message puts around it */
const char *cli_clean(const char *s, char out[CLI_CLEAN]);
/* A moment as people where this runs read it, with its zone: "2026-11-29 20:15:00 HKT (+0800)", or
 * "... UTC"; "?" for one that no calendar has. JSON has UTC. */
#define CLI_TIME 64
const char *cli_time(time_t t, char out[CLI_TIME]);
/* Writes a line of JSON to standard output, in which what may not be shown is there as \u escapes,
 * in keys as well: nothing reaches the terminal, and nothing is lost. flags: jansson's. Non-zero
 * when it failed. */
int cli_json_write(const json_t *o, size_t flags);
/* The same to f. */
int cli_json_print(FILE *f, const json_t *o, size_t flags);
/* Text from outside as a JSON string, unchanged; bytes that are not UTF-8 as \xNN. NULL when memory
 * is out. */
json_t *cli_json_text(const char *s);
/* The same of the name of a file, which is in the terminal's character set. */
json_t *cli_json_file(const char *path);
/* Prints the object when --json was given; frees it always. Errors: OUT_IO when standard output
 * fails. */
enum outcome cli_json(const struct cli *c, json_t *o);
/* Refuses --json where the result itself goes to standard output ("-"). */
enum outcome cli_not_both(const struct cli *c, const char *path) MUST_CHECK;

#endif
