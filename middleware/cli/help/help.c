/* SPDX-License-Identifier: BSD-2-Clause */
/* The overview of all commands and of a group, and the topics of `ecert help`. */
#include "cli/help/help.h"

#include <stdio.h>
#include <string.h>

#include "cli/help/values.h"
#include "cli/help/words.h"

#define HELP_WIDTH 79

void help_wrapped(const char *text, int at)
{
	int col = at;

	while (*text) {
		int n = (int)strcspn(text, " ");

		if (col > at && col + 1 + n > HELP_WIDTH)
			printf("\n%*s", col = at, "");
		else if (col > at)
			col += printf(" ");
		col += printf("%.*s", n, text);
		text += n + (text[n] == ' ');
	}
	putchar('\n');
}

static void say_command(const struct command *cmd)
{
	char name[64];

	snprintf(name, sizeof name, "%s%s%s", cmd->group, cmd->name ? " " : "",
	    cmd->name ? cmd->name : "");
	help_wrapped(cmd->summary, printf("  ecert %-20s ", name));
}

static enum outcome help_exit_codes(void)
{
	size_t n;
	const struct exit_row *rows = exit_rows(&n);

	puts("Exit codes:");
	for (size_t i = 0; i < n; i++)
		help_wrapped(rows[i].meaning, printf("  %3d  ", (int)rows[i].code));
	return OUT_OK;
}

enum outcome help_all(void)
{
	puts("usage: ecert [OPTION...] GROUP COMMAND [OPTION...] [ARGUMENT...]\n");
	for (const struct command *const *p = commands; *p; p++)
		for (const struct command *cmd = *p; cmd->group; cmd++)
			say_command(cmd);
	puts("\nOptions for every command:");
	for (const struct opt *o = global_opts; o->name; o++) {
		printf("  --%s%s%s\n", o->name, o->arg ? "=" : "", o->arg ? o->arg : "");
		help_wrapped(o->doc, printf("%8s", ""));
	}
	puts("\n`ecert GROUP COMMAND --help` teaches one command; `ecert help exit-codes` lists\n"
	     "what it ends with; `ecert help words` explains PUK, escrow, anchor and the like.");
	return OUT_OK;
}

enum outcome help_group(const char *group)
{
	for (const struct command *const *p = commands; *p; p++)
		for (const struct command *cmd = *p; cmd->group; cmd++)
			if (!strcmp(cmd->group, group))
				say_command(cmd);
	printf("\n`ecert %s COMMAND --help` teaches one of them.\n", group);
	return OUT_OK;
}

enum outcome help_topic(const struct cli *c, int argc, char **argv, bool *known)
{
	*known = true;
	if (!strcmp(argv[0], "exit-codes"))
		return help_exit_codes();
	if (!strcmp(argv[0], "words"))
		return words_help(c, argc - 1, argv + 1);
	/* For the build, which makes the shells' files of it; nothing for people. */
	if (!strcmp(argv[0], "completion-table")) {
		values_print();
		return OUT_OK;
	}
	*known = false;
	return OUT_OK;
}
