/* SPDX-License-Identifier: BSD-2-Clause */
/* The overview of all commands and of a group, and the topics of `ecert help`. */
#include "cli/help/help.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/help/values.h"
#include "cli/help/words.h"
#include "cli/language.h"
#include "cli/terminal.h"

#define HELP_WIDTH 79
#define NAME_ROOM  64

void help_wrapped(const char *text, int at)
{
	int col = at;

	bool blank = false;

	while (*text) {
		size_t n = language_piece(text);
		char *piece = strndup(text, n);
		int wide = piece ? language_columns(piece) : 0;

		if (col > at && col + blank + wide > HELP_WIDTH)
			printf("\n%*s", col = at, "");
		else if (col > at && blank)
			col += printf(" ");
		printf("%s", piece ? piece : "");
		col += wide;
		free(piece);
		blank = text[n] == ' ';
		text += n + blank;
	}
	putchar('\n');
}

static void help_line(const struct message *m)
{
	char *line = cli_words(m);

	puts(line ? line : m->id);
	message_free(line);
}

static void command_name(const struct command *cmd, char out[NAME_ROOM])
{
	snprintf(
	    out, NAME_ROOM, "%s%s%s", cmd->group, cmd->name ? " " : "", cmd->name ? cmd->name : "");
}

static void say_command(const struct command *cmd)
{
	char name[NAME_ROOM];

	command_name(cmd, name);
	help_wrapped(language_of(cmd->summary), printf("  ecert %-20s ", name));
}

enum outcome help_is_text(const struct cli *c)
{
	return c->json ? ui_fail(c->job.ui, OUT_USAGE, "help-is-text",
			     MSG("Help is text for people, and there is none in JSON"),
			     MSG("Leave --json out; ecert-json(5) says what commands answer."))
		       : OUT_OK;
}

static enum outcome help_exit_codes(void)
{
	size_t n;
	const struct exit_row *rows = exit_rows(&n);

	puts(language_of(MSG_ID("Exit codes:")));
	for (size_t i = 0; i < n; i++)
		help_wrapped(language_of(rows[i].meaning), printf("  %3d  ", (int)rows[i].code));
	return OUT_OK;
}

enum outcome help_all(void)
{
	puts(language_of(
	    MSG_ID("usage: ecert [OPTION...] GROUP COMMAND [OPTION...] [ARGUMENT...]")));
	putchar('\n');
	for (const struct command *const *p = commands; *p; p++)
		for (const struct command *cmd = *p; cmd->group; cmd++)
			say_command(cmd);
	printf("\n%s\n", language_of(MSG_ID("Options for every command:")));
	for (const struct opt *o = global_opts; o->name; o++) {
		printf("  --%s%s%s\n", o->name, o->arg ? "=" : "", o->arg ? o->arg : "");
		help_wrapped(language_of(o->doc), printf("%8s", ""));
	}
	putchar('\n');
	puts(language_of(MSG_ID(
	    "`ecert GROUP COMMAND --help` teaches one command; `ecert help exit-codes` lists\n"
	    "what it ends with; `ecert help words` explains PUK, escrow, anchor and the like.")));
	return OUT_OK;
}

enum outcome help_group(const char *group)
{
	for (const struct command *const *p = commands; *p; p++)
		for (const struct command *cmd = *p; cmd->group; cmd++)
			if (!strcmp(cmd->group, group))
				say_command(cmd);
	putchar('\n');
	help_line(
	    MSG("`ecert {group} COMMAND --help` teaches one of them.", P_TEXT("group", group)));
	return OUT_OK;
}

/* A text of several lines: what is indented stays as it is, the rest is wrapped. */
static void say_text(const char *text)
{
	for (size_t n; *text; text += n + (text[n] == '\n')) {
		char *line;

		n = strcspn(text, "\n");
		line = strndup(text, n);
		if (line && *line != ' ')
			help_wrapped(line, 0);
		else if (line)
			puts(line);
		free(line);
	}
}

/* Above the first option of each part, where a command has many. */
static const struct {
	const char *group, *option, *heading;
} headings[] = {
    {"verify", "recursive", MSG_ID("What to verify:")},
    {"verify", "anchor", MSG_ID("Whom to trust:")},
    {"verify", "at", MSG_ID("As of when, and who was revoked:")},
    {"verify", "online", MSG_ID("The network:")},
    {"verify", "audience", MSG_ID("Counterparty tokens, requests and trust marks:")},
    {"verify", "report", MSG_ID("How to answer:")},
};

static const char *heading_of(const char *group, const char *option)
{
	for (size_t i = 0; i < sizeof headings / sizeof headings[0]; i++)
		if (!strcmp(headings[i].group, group) && !strcmp(headings[i].option, option))
			return headings[i].heading;
	return NULL;
}

bool help_has_parts(const struct command *cmd)
{
	for (const struct opt *o = cmd->opts; o && o->name; o++)
		if (heading_of(cmd->group, o->name))
			return true;
	return false;
}

static void say_options(const char *group, const struct opt *opts)
{
	for (const struct opt *o = opts; o && o->name; o++) {
		char letter[8] = "    ";

		if (heading_of(group, o->name))
			printf("%s%s\n", o == opts ? "" : "\n",
			    language_of(heading_of(group, o->name)));
		if (o->letter)
			snprintf(letter, sizeof letter, "-%c, ", o->letter);
		printf("  %s--%s%s%s\n", letter, o->name, o->arg ? "=" : "", o->arg ? o->arg : "");
		help_wrapped(language_of(o->doc), printf("%8s", ""));
	}
}

void help_command(const struct command *cmd)
{
	char *summary, name[NAME_ROOM];

	command_name(cmd, name);
	help_line(MSG("Usage: ecert {command} [OPTION...] {arguments}", P_TEXT("command", name),
	    P_TEXT("arguments", cmd->args)));
	summary = cli_words(MSG("{summary}.", P_WORD("summary", cmd->summary)));
	help_wrapped(summary ? summary : cmd->summary, 0);
	message_free(summary);
	putchar('\n');
	say_options(cmd->group, cmd->opts);
	printf("\n%s\n", language_of(MSG_ID("For every command:")));
	say_options("", global_opts);
	if (!cmd->teach)
		return;
	putchar('\n');
	say_text(language_of(cmd->teach));
}

enum outcome help_topic(const struct cli *c, int argc, char **argv, bool *known)
{
	*known = true;
	if (!strcmp(argv[0], "exit-codes"))
		return c->json ? help_is_text(c) : help_exit_codes();
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
