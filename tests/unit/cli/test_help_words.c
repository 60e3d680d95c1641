/* SPDX-License-Identifier: BSD-2-Clause */
/* The table of words: each explained in one or two sentences, found by all of its names, and met
 * somewhere. */
#include "cli_support.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "cli/help/words.h"

static const struct command *command(const char *group, const char *name)
{
	for (const struct command *const *t = commands; *t; t++)
		for (const struct command *cmd = *t; cmd->group; cmd++)
			if (!strcmp(cmd->group, group) &&
			    (cmd->name ? name && !strcmp(cmd->name, name) : !name))
				return cmd;
	fail();
	return NULL;
}

static size_t sentences(const char *text)
{
	size_t n = 0;

	for (const char *p = text; *p; p++)
		n += *p == '.' && (p[1] == ' ' || !p[1]);
	return n;
}

static void each_is_explained_and_met(void **state)
{
	(void)state;
	for (const struct word *w = words; w->name; w++) {
		bool met = *w->also != 0;

		assert_in_range(sentences(w->meaning), 1, 2);
		assert_int_equal(w->meaning[strlen(w->meaning) - 1], '.');
		/* The shells' table parts by bars and blanks. */
		assert_null(strpbrk(w->name, "|\\"));
		if (w[1].name)
			assert_true(strcasecmp(w->name, w[1].name) < 0);
		for (const struct command *const *t = commands; *t; t++)
			for (const struct command *cmd = *t; cmd->group; cmd++)
				met = met || word_in(w, cmd);
		if (!met)
			print_error("nobody meets '%s'\n", w->name);
		assert_true(met);
	}
}

static void each_is_found_by_its_names(void **state)
{
	static const struct {
		const char *asked, *want;
	} rows[] = {{"PUK", "PUK"}, {"puk", "PUK"}, {"slot 9c", "slot 9c"}, {"slot-9c", "slot 9c"},
	    {"9C", "slot 9c"}, {"9a", "slot"}, {"p12", "PKCS#12"}, {"pkcs#11", "PKCS#11"},
	    {"Management-Key", "management key"}, {"certificate authority", "CA"},
	    {"attestation certificate", "F9"}, {"chain", "intermediate"}};
	static const char *const none[] = {"", "PU", "PUKs", "frobnicate", "|"};

	(void)state;
	for (const struct word *w = words; w->name; w++)
		assert_ptr_equal(word_of(w->name), w);
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		const struct word *w = word_of(rows[i].asked);

		assert_non_null(w);
		assert_string_equal(w->name, rows[i].want);
	}
	for (size_t i = 0; i < sizeof none / sizeof none[0]; i++)
		assert_null(word_of(none[i]));
}

/* No form belongs to two words. */
static void no_form_is_ambiguous(void **state)
{
	(void)state;
	for (const struct word *w = words; w->name; w++) {
		char forms[256], *save = NULL;

		snprintf(forms, sizeof forms, "%s", w->as);
		for (char *f = strtok_r(forms, "|", &save); f; f = strtok_r(NULL, "|", &save)) {
			if (word_of(f) != w)
				print_error("'%s' is of '%s', too\n", f, word_of(f)->name);
			assert_ptr_equal(word_of(f), w);
		}
	}
}

static void where_they_are(void **state)
{
	(void)state;
	assert_true(word_in(word_of("PUK"), command("pin", "unblock")));
	assert_true(word_in(word_of("nonce"), command("attest", NULL)));
	assert_true(word_in(word_of("CAdES"), command("sign", NULL)));
	assert_true(word_in(word_of("anchor"), command("verify", NULL)));
	assert_false(word_in(word_of("PUK"), command("verify", NULL)));
	/* part of another word, or in other letters, is not it */
	assert_false(word_in(word_of("CA"), command("pin", "change")));
	assert_false(word_in(word_of("OCSP"), command("journal", "show")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(each_is_explained_and_met),
	    cmocka_unit_test(each_is_found_by_its_names),
	    cmocka_unit_test(no_form_is_ambiguous),
	    cmocka_unit_test(where_they_are),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
