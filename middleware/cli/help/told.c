/* SPDX-License-Identifier: BSD-2-Clause */
/* Options that there are not, told before argp says less of them; and abbreviations of which a
 * person may have meant something else. */
#include <stdlib.h>
#include <string.h>

#include "cli/help/meant.h"
#include "cli/options.h"
#include "cli/terminal.h"

/* argp's own. */
static const char *const builtin[] = {"help", "usage", "version", "program-name", "HANG"};

/* What a word that begins with -- is. */
struct typed {
	char name[64];
	const struct opt
	    *opt;    /* the one that argp takes it for; NULL: one of its own, or several */
	size_t hits; /* how many begin so; 1 for an exact name */
};

static void try_rows(struct typed *t, const struct opt *opts)
{
	for (const struct opt *o = opts; o && o->name; o++) {
		if (strncmp(o->name, t->name, strlen(t->name)) != 0)
			continue;
		t->opt = o;
		t->hits++;
	}
}

static struct typed read_long(const struct command *cmd, const char *word)
{
	struct typed t = {.opt = NULL};
	size_t n = strcspn(word, "=");

	if (n >= sizeof t.name)
		return t;
	memcpy(t.name, word, n);
	t.opt = opt_by_name(cmd, t.name);
	t.hits = t.opt != NULL;
	if (t.opt)
		return t;
	try_rows(&t, cmd ? cmd->opts : NULL);
	try_rows(&t, global_opts);
	for (size_t i = 0; i < sizeof builtin / sizeof builtin[0]; i++)
		t.hits += !strncmp(builtin[i], t.name, n);
	return t;
}

/* --slot where there is only --slot-id, for instance. */
static void tell_abbreviation(const struct command *cmd, const struct cli *c, const struct typed *t)
{
	const char *meant = meant_synonym(cmd, t->name);

	if (meant && t->opt == opt_by_name(cmd, meant))
		return;
	if (meant)
		ui_note(c->job.ui,
		    MSG("Note: --{name} is taken as --{option} here. Did you mean --{meant}?",
			P_TEXT("name", t->name), P_TEXT("option", t->opt->name),
			P_TEXT("meant", meant)));
	else if (opt_anywhere(t->name))
		ui_note(c->job.ui, MSG("Note: --{name} is taken as --{option} here.",
				       P_TEXT("name", t->name), P_TEXT("option", t->opt->name)));
}

static const struct opt *by_letter(const struct opt *opts, char letter)
{
	for (const struct opt *o = opts; o && o->name; o++)
		if (o->letter == letter)
			return o;
	return NULL;
}

/* Whether the word after these letters is the value of one of them. */
static bool letters_wait(const struct command *cmd, const char *letters)
{
	for (; *letters; letters++) {
		const struct opt *o = by_letter(cmd ? cmd->opts : NULL, *letters);

		o = o ? o : by_letter(global_opts, *letters);
		if (!o || o->arg)
			return o && !letters[1];
	}
	return false;
}

enum outcome options_told(const struct command *cmd, const struct cli *c, int argc, char **argv)
{
	struct cli told = *c;
	const struct ui ui = {&terminal_calls, &told};
	struct meant hint;

	told.job.ui = &ui;
	told.json = c->json || options_want_json(argc, argv);
	told.quiet = c->quiet || options_want(argc, argv, "--quiet", "-q");
	for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
		const char *word = argv[i];
		struct typed t;

		if (word[0] != '-' || !word[1]) {
			if (!cmd || getenv("POSIXLY_CORRECT"))
				break; /* argp stops here, too */
			continue;
		}
		if (word[1] != '-') {
			i += letters_wait(cmd, word + 1);
			continue;
		}
		t = read_long(cmd, word + 2);
		if (!t.hits)
			return ui_fail(told.job.ui, OUT_USAGE, "option-unknown",
			    MSG("There is no option '{word}'", P_TEXT("word", word)),
			    meant_option(cmd, t.name, &hint));
		if (t.hits == 1 && t.opt && strcmp(t.opt->name, t.name) != 0)
			tell_abbreviation(cmd, &told, &t);
		if (t.hits == 1 && t.opt && t.opt->arg && !strchr(word, '='))
			i++;
	}
	return OUT_OK;
}
