/* SPDX-License-Identifier: BSD-2-Clause */
/* The overview of all commands and of a group, and the topics of `ecert help`. */
#include "cli/help/help.h"

#include <stdio.h>
#include <string.h>

#include "cli/help/values.h"

static void say_command(const struct command *cmd)
{
	char name[64];

	snprintf(name, sizeof name, "%s%s%s", cmd->group, cmd->name ? " " : "",
	    cmd->name ? cmd->name : "");
	printf("  ecert %-20s %s\n", name, cmd->summary);
}

static enum cli_exit help_exit_codes(void)
{
	size_t n;
	const struct exit_row *rows = exit_rows(&n);

	puts("Exit codes:");
	for (size_t i = 0; i < n; i++)
		printf("  %3d  %s\n", (int)rows[i].code, rows[i].meaning);
	return CLI_OK;
}

enum cli_exit help_all(void)
{
	puts("usage: ecert [OPTION...] GROUP COMMAND [OPTION...] [ARGUMENT...]\n");
	for (const struct command *const *p = commands; *p; p++)
		for (const struct command *cmd = *p; cmd->group; cmd++)
			say_command(cmd);
	puts("\nOptions for every command:");
	for (const struct opt *o = global_opts; o->name; o++)
		printf("  --%s%s%s\n        %s\n", o->name, o->arg ? "=" : "", o->arg ? o->arg : "",
		    o->doc);
	puts("\n`ecert GROUP COMMAND --help` teaches one command. `ecert help exit-codes` lists "
	     "them.");
	return CLI_OK;
}

enum cli_exit help_group(const char *group)
{
	for (const struct command *const *p = commands; *p; p++)
		for (const struct command *cmd = *p; cmd->group; cmd++)
			if (!strcmp(cmd->group, group))
				say_command(cmd);
	printf("\n`ecert %s COMMAND --help` teaches one of them.\n", group);
	return CLI_OK;
}

enum cli_exit help_topic(const struct cli *c, int argc, char **argv, bool *known)
{
	(void)c;
	(void)argc;
	*known = true;
	if (!strcmp(argv[0], "exit-codes"))
		return help_exit_codes();
	/* For the build, which makes the shells' files of it; nothing for people. */
	if (!strcmp(argv[0], "completion-table")) {
		values_print();
		return CLI_OK;
	}
	*known = false;
	return CLI_OK;
}
