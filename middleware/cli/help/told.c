/* SPDX-License-Identifier: BSD-2-Clause */
/* What is wrong with options, told before argp says less of it, in English and without a reason;
 * and abbreviations of which a person may have meant something else. */
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
	t.hits = t.opt ? 1 : 0;
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

/* A command line on the way through. */
struct line {
	const struct command *cmd; /* NULL: what stands in front of it */
	const struct ui *ui;
	int argc;
	char **argv;
	struct meant hint;
};

/* shown: as it was typed; name: whole, for what may have been meant. */
static enum outcome unknown(struct line *l, const char *shown, const char *name)
{
	return ui_fail(l->ui, OUT_USAGE, "option-unknown",
	    MSG("There is no option '{word}'", P_TEXT("word", shown)),
	    meant_option(l->cmd, name, &l->hint));
}

static enum outcome no_value(struct line *l, const char *shown, const struct opt *o)
{
	return ui_fail(l->ui, OUT_USAGE, "option-value-missing",
	    MSG("The option {word} needs a value", P_TEXT("word", shown)),
	    MSG("For instance --{option} {value}.", P_TEXT("option", o->name),
		P_TEXT("value", o->arg)));
}

/* -a, -ab, -oFILE, -o FILE. *i: past the value, where that is the word behind. */
static enum outcome judge_letters(struct line *l, int *i)
{
	for (const char *at = l->argv[*i] + 1; *at; at++) {
		const struct opt *o = by_letter(l->cmd ? l->cmd->opts : NULL, *at);
		char shown[3] = {'-', *at, 0};

		o = o ? o : by_letter(global_opts, *at);
		if (!o && !strchr("?V", *at))
			return unknown(l, l->argv[*i], "");
		if (!o || !o->arg)
			continue;
		if (!at[1] && ++*i >= l->argc)
			return no_value(l, shown, o);
		break;
	}
	return OUT_OK;
}

static enum outcome judge_long(struct line *l, const struct cli *c, int *i)
{
	const char *word = l->argv[*i], *value = strchr(word, '=');
	struct typed t = read_long(l->cmd, word + 2);

	if (!t.hits)
		return unknown(l, word, t.name);
	if (t.hits > 1)
		return ui_fail(l->ui, OUT_USAGE, "option-ambiguous",
		    MSG("--{name} begins more than one option", P_TEXT("name", t.name)),
		    MSG("Write the whole name; the command with --help lists them."));
	if (!t.opt)
		return OUT_OK;
	if (strcmp(t.opt->name, t.name) != 0)
		tell_abbreviation(l->cmd, c, &t);
	if (!t.opt->arg && value)
		return ui_fail(l->ui, OUT_USAGE, "option-without-value",
		    MSG("--{option} takes no value", P_TEXT("option", t.opt->name)),
		    MSG("Leave the value out."));
	if (t.opt->arg && !value && ++*i >= l->argc)
		return no_value(l, word, t.opt);
	return OUT_OK;
}

enum outcome options_told(const struct command *cmd, const struct cli *c, int argc, char **argv)
{
	struct cli told = *c;
	const struct ui ui = {&terminal_calls, &told};
	struct line l = {.cmd = cmd, .ui = &ui, .argc = argc, .argv = argv};
	enum outcome code = OUT_OK;

	told.job.ui = &ui;
	told.json = c->json || options_want_json(argc, argv);
	told.quiet = c->quiet || options_want(argc, argv, "--quiet", "-q");
	for (int i = 1; !code && i < argc && strcmp(argv[i], "--") != 0; i++) {
		bool option = argv[i][0] == '-' && argv[i][1];

		if (!option && (!cmd || getenv("POSIXLY_CORRECT")))
			break; /* argp stops here, too */
		if (option)
			code = argv[i][1] == '-' ? judge_long(&l, &told, &i)
						 : judge_letters(&l, &i);
	}
	return code;
}
