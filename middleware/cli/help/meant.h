/* SPDX-License-Identifier: BSD-2-Clause */
/* What a person may have meant by a command, an option or a value that there is not. */
#ifndef ECERT_CLI_HELP_MEANT_H
#define ECERT_CLI_HELP_MEANT_H

#include "cli/cli.h"

#define MEANT_MAX 64

/* A hint and its words. */
struct meant {
	struct message m;
	char word[MEANT_MAX], command[MEANT_MAX];
};

/* Each gives a hint for an error, in out: "Did you mean ...?" where something is near, and then the
 * rest, which says what there is. */
/* name: what stands behind the group, or NULL. */
const struct message *meant_command(const char *group, const char *name, struct meant *out);
/* typed: without its dashes. cmd: NULL in front of the command. */
const struct message *meant_option(const struct command *cmd, const char *typed, struct meant *out);

/* A word that begins with -- and is no option of the command (cmd: NULL for what stands in front of
 * it), is an error with the nearest one as its hint; abbreviations that argp takes for something
 * else than a person may mean are noted. Comes before
 * options_common and options_parse. */
enum outcome options_told(
    const struct command *cmd, const struct cli *c, int argc, char **argv) MUST_CHECK;

/* Keeps in c->meant what may have been meant by that value of an option of this group ("": a common
 * one), when it is none of the option's words. Whether it is wrong the command says: some have more
 * names than are offered. */
void meant_value(struct cli *c, const char *group, const struct opt *o, const char *typed);
/* The next step of an error about that value or its option, with the question before it; of any
 * other error the next step as it was (NULL: none). english: the error; out: memory for the answer.
 */
const struct message *meant_next(
    const struct cli *c, const char *english, const struct message *next, struct message *out);

/* The option of cmd that people who come from other programs, or from another command of ours, mean
 * by this name; NULL: none. */
const char *meant_synonym(const struct command *cmd, const char *typed);
/* The row of the option with this name, of the command (NULL: of none) or of all. */
const struct opt *opt_by_name(const struct command *cmd, const char *name);
/* Whether any command has an option of this name. */
bool opt_anywhere(const char *name);

/* Other words for commands; ends with a row whose typed is NULL. For the tests. */
struct synonym {
	const char *typed, *meant;
};
extern const struct synonym command_synonyms[], option_synonyms[];

#endif
