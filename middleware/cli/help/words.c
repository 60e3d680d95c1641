/* SPDX-License-Identifier: BSD-2-Clause */
/* `ecert help words`: what words mean, and which commands have them. */
#include "cli/help/words.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "cli/help/help.h"
#include "cli/help/near.h"
#include "cli/language.h"
#include "cli/terminal.h"

#define ASKED_MAX  64
#define PLACES_MAX 8 /* a word that is in more commands than this is in many */

/* Each form of a word in turn: its name, then the others. false: there is no other. */
struct form {
	char text[ASKED_MAX];
	const char *rest;
};

static bool next_form(const struct word *w, struct form *f)
{
	const char *from = f->rest ? f->rest : w->name;
	size_t n = f->rest ? strcspn(from, "|") : strlen(from);

	if (f->rest && !*f->rest)
		return false;
	snprintf(f->text, sizeof f->text, "%.*s", (int)n, from);
	f->rest = !f->rest ? w->as : from + n + (from[n] == '|');
	return true;
}

static bool same(const char *a, const char *b)
{
	for (; *a && *b; a++, b++)
		if (tolower((unsigned char)*a) != tolower((unsigned char)*b) &&
		    !(strchr("- _", *a) && strchr("- _", *b)))
			return false;
	return *a == *b;
}

/* The name in the person's language, with or without what stands behind it in brackets. */
static bool same_translated(const struct word *w, const char *asked)
{
	const char *name = language_of(w->name), *wide = strstr(name, "\xEF\xBC\x88");
	size_t n = wide ? (size_t)(wide - name) : strcspn(name, "(");
	char bare[ASKED_MAX];

	snprintf(bare, sizeof bare, "%.*s", (int)n, name);
	return same(name, asked) || same(bare, asked);
}

const struct word *word_of(const char *asked)
{
	for (const struct word *w = words; w->name; w++)
		if (same(w->name, asked) || same_translated(w, asked))
			return w;
	for (const struct word *w = words; w->name; w++)
		for (struct form f = {.rest = NULL}; next_form(w, &f);)
			if (same(f.text, asked))
				return w;
	return NULL;
}

static bool part_of_word(char c)
{
	return isalnum((unsigned char)c) || c == '-';
}

/* As a word of its own; capitals count where the word has some (CA is not "ca"). */
static bool in_text(const char *text, const char *form)
{
	size_t n = strlen(form);
	bool capitals = form[strcspn(form, "ABCDEFGHIJKLMNOPQRSTUVWXYZ")] != 0;

	for (const char *at = text; at && *at; at++) {
		at = capitals ? strstr(at, form) : strcasestr(at, form);
		if (!at)
			return false;
		if ((at == text || !part_of_word(at[-1])) && !part_of_word(at[n]))
			return true;
	}
	return false;
}

bool word_in(const struct word *w, const struct command *cmd)
{
	for (struct form f = {.rest = NULL}; next_form(w, &f);) {
		if (in_text(cmd->summary, f.text) || in_text(cmd->teach, f.text) ||
		    in_text(cmd->args, f.text) || in_text(cmd->group, f.text))
			return true;
		for (const struct opt *o = cmd->opts; o && o->name; o++)
			if (in_text(o->name, f.text) || in_text(o->doc, f.text) ||
			    (o->arg && in_text(o->arg, f.text)))
				return true;
	}
	return false;
}

/* ---- printing ---- */
static void wrapped(const char *text)
{
	help_wrapped(text, printf("%4s", ""));
}

/* The commands that have it, as a sentence; "" when it is in none. */
static void places(const struct word *w, char *out, size_t cap)
{
	size_t n = 0, at = 0;

	out[0] = 0;
	for (const struct command *const *p = commands; *p; p++) {
		for (const struct command *cmd = *p; cmd->group; cmd++) {
			if (!word_in(w, cmd))
				continue;
			if (n++ < PLACES_MAX && at < cap)
				at += (size_t)snprintf(out + at, cap - at, "%s%s%s%s",
				    n > 1 ? ", " : language_of(MSG_ID("In: ")), cmd->group,
				    cmd->name ? " " : "", cmd->name ? cmd->name : "");
		}
	}
	if (n > PLACES_MAX)
		snprintf(out, cap, "%s", language_of(MSG_ID("In many commands.")));
}

/* In another language the English name stands behind its own: that is what options and other
 * programs have. */
static void say_name(const struct word *w)
{
	const char *name = language_of(w->name);
	char *line = strstr(name, w->name) ? NULL
					   : cli_words(MSG("{word} ({name})",
						 P_WORD("word", w->name), P_TEXT("name", w->name)));

	puts(line ? line : name);
	message_free(line);
}

static void say(const struct word *w)
{
	char where[512], *line;

	say_name(w);
	wrapped(language_of(w->meaning));
	places(w, where, sizeof where);
	if (*where)
		wrapped(where);
	if (*w->also) {
		line = cli_words(MSG(*where ? MSG_ID("Also: {where}.") : MSG_ID("In: {where}."),
		    P_WORD("where", w->also)));
		wrapped(line ? line : w->also);
		message_free(line);
	}
}

static enum outcome unknown(const struct cli *c, const char *asked)
{
	struct near n = {.typed = asked};

	for (const struct word *w = words; w->name; w++)
		near_try(&n, w->name);
	return ui_fail(c->job.ui, OUT_USAGE, "word-unknown",
	    MSG("There is no explanation of '{word}'", P_TEXT("word", asked)),
	    n.best ? MSG("Did you mean `ecert help words {word}`? `ecert help words` explains all "
			 "there are.",
			 P_TEXT("word", n.best))
		   : MSG("`ecert help words` explains all there are."));
}

enum outcome words_help(const struct cli *c, int argc, char **argv)
{
	char asked[ASKED_MAX] = "";
	const struct word *w;

	for (int i = 0; i < argc; i++) {
		size_t n = strlen(asked);

		if (argv[i][0] != '-')
			snprintf(asked + n, sizeof asked - n, "%s%s", n ? " " : "",
			    language_input(argv[i]));
	}
	w = *asked ? word_of(asked) : NULL;
	if (*asked && !w)
		return unknown(c, asked);
	if (c->json)
		return help_is_text(c);
	if (w)
		say(w);
	for (w = words; !*asked && w->name; w++) {
		if (w != words)
			putchar('\n');
		say(w);
	}
	return OUT_OK;
}
