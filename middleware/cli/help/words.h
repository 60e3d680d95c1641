/* SPDX-License-Identifier: BSD-2-Clause */
/* Words that a person in an office need not know, explained. */
#ifndef ECERT_CLI_HELP_WORDS_H
#define ECERT_CLI_HELP_WORDS_H

#include "cli/cli.h"

struct word {
	const char *name; /* also its id in the catalogue */
	const char *as; /* other forms of it, parted by bars: in help texts, and asked for; or "" */
	const char *meaning;
	const char *also; /* where it stands besides the help of commands; or "" */
};

/* In the order of the alphabet; ends with a row whose name is NULL. */
extern const struct word words[];

/* The row of that name, also in the person's language, or of that other form; case does not count,
 * and a hyphen is a blank. NULL: none. */
const struct word *word_of(const char *asked);
/* Whether the help of a command has the word in one of its forms. */
bool word_in(const struct word *w, const struct command *cmd);

/* `ecert help words`: all; with words behind it the one that they are. */
enum outcome words_help(const struct cli *c, int argc, char **argv);

#endif
