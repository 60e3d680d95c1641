/* SPDX-License-Identifier: BSD-2-Clause */
/* What the values of options and the arguments of commands can be: for completion, and for what was
 * meant by a word that is none. */
#ifndef ECERT_CLI_HELP_VALUES_H
#define ECERT_CLI_HELP_VALUES_H

#include "cli/cli.h"

enum value_kind {
	VALUE_ANY,    /* nothing to offer */
	VALUE_WORDS,  /* one of `words`; what follows one that ends with ':' is open, or a file's
			 name  after "file:" and "socket:" */
	VALUE_FILES,  /* a file's name; `words`: the usual endings, "" for any */
	VALUE_FOLDER, /* a folder's name */
};

/* A row says it for the options and arguments whose group, option and name of the value are these.
 */
struct value {
	const char *group;  /* NULL: of any */
	const char *option; /* NULL: any; "-source": all that end so; "": the command's arguments */
	const char *arg;    /* what the help calls the value; NULL: any */
	enum value_kind kind;
	const char *words; /* parted by blanks */
};

/* The rows, the special ones before the general; ends with a row whose words are NULL. */
extern const struct value values[];

/* The row for an option of a group's command (group: "" for the common options), or with option ""
 * for the arguments of that name. NULL when nobody has said it. */
const struct value *value_of(const char *group, const char *option, const char *arg);
/* The word "any", "words", "files" or "folder". */
const char *value_kind_name(enum value_kind kind);

/* The table of everything that can be completed, for the shells, on standard output: a line each of
 * GROUP COMMAND|--OPTION|-LETTER|VALUE'S NAME|KIND|WORDS|WHAT IT IS. The command is empty in the
 * rows of the common options, the option in those that say what a command and its arguments are. */
void values_print(void);

#endif
