/* SPDX-License-Identifier: BSD-2-Clause */
/* What completion offers: every option and argument has its row, and what is offered is taken. */
#include "cli_support.h"

#include <stdio.h>
#include <string.h>

#include "cli/help/values.h"
#include "client/pin.h"
#include "client/slot.h"
#include "crypto/key/alg.h"
#include "document/signer.h"
#include "trust/attestation/attestation.h"

/* Which rows are somebody's. */
static bool used[128];

static void use(const char *group, const char *option, const char *arg)
{
	const struct value *v = value_of(group, option, arg);

	if (!v)
		print_error("nobody has said what %s of '%s' (%s) takes\n", option, group, arg);
	assert_non_null(v);
	used[v - values] = true;
}

static void use_opts(const char *group, const struct opt *opts)
{
	for (const struct opt *o = opts; o && o->name; o++) {
		/* The table for the shells parts by bars and knows no quotes of theirs. */
		assert_null(strpbrk(o->doc, "|\\\n"));
		if (o->arg)
			use(group, o->name, o->arg);
	}
}

static void each_option_has_a_row_and_each_row_an_option(void **state)
{
	(void)state;
	use_opts("", global_opts);
	for (const struct command *const *t = commands; *t; t++) {
		for (const struct command *cmd = *t; cmd->group; cmd++) {
			assert_null(strpbrk(cmd->summary, "|\\\n"));
			assert_null(strpbrk(cmd->args, "|\\\n"));
			use_opts(cmd->group, cmd->opts);
			use(cmd->group, "", cmd->args);
		}
	}
	for (size_t i = 0; values[i].words; i++) {
		if (!used[i])
			print_error("row %zu is nobody's\n", i);
		assert_true(used[i]);
	}
}

/* The special row is taken before the general one. */
static void the_right_row(void **state)
{
	(void)state;
	assert_string_equal(value_of("key", "alg", "NAME")->words,
	    "p256 p384 rsa2048 rsa3072 rsa4096 ed25519 x25519 sm2");
	assert_string_equal(value_of("sign", "alg", "NAME")->words, "RS256 PS256 ES256 ES384");
	assert_string_equal(value_of("verify", "status", "FILE")->words, "jwt");
	assert_int_equal(value_of("trustmark", "status", "WORD")->kind, VALUE_WORDS);
	assert_string_equal(
	    value_of("pin", "new-puk-source", "SOURCE")->words, "prompt pinentry env: file:");
	assert_int_equal(value_of("journal", "state", "DIR")->kind, VALUE_FOLDER);
	assert_int_equal(value_of("", "token", "NAME")->kind, VALUE_ANY);
	assert_string_equal(value_of("cert", "", "FILE")->words, "pem crt cer der p7b p7c");
	assert_null(value_of("sign", "nothing", "NOTHING"));
	assert_string_equal(value_kind_name(VALUE_FOLDER), "folder");
}

static enum outcome pin_policy(const char *word)
{
	const struct cli c = {.job.slot_id = -1};
	enum pin_policy out;

	return slot_pin_policy(&c.job, word, &out);
}

static enum outcome touch_policy(const char *word)
{
	const struct cli c = {.job.slot_id = -1};
	enum touch_policy out;

	return slot_touch_policy(&c.job, word, &out);
}

static bool taken(const char *option, const char *group, const char *word)
{
	struct pin_source source;
	enum evidence_level level;
	char full[64];

	snprintf(full, sizeof full, "%sX", word);
	if (!strcmp(option, "slot"))
		return slot_by_name(word) != 0;
	if (!strcmp(option, "id"))
		return slot_by_id(word) != 0;
	if (!strcmp(option, "pin-policy"))
		return !pin_policy(word);
	if (!strcmp(option, "touch-policy"))
		return !touch_policy(word);
	if (!strcmp(option, "alg"))
		return strcmp(group, "key") ? doc_sig_by_name(word) != DOC_SIG_NONE
					    : alg_by_name(word) != NULL;
	if (!strcmp(option, "level"))
		return evidence_by_name(word, &level);
	return !pin_source_parse(word[strlen(word) - 1] == ':' ? full : word, &source);
}

static void what_is_offered_is_taken(void **state)
{
	static const struct {
		const char *group, *option, *arg;
		size_t n;
	} rows[] = {{"key", "slot", "SLOT", 24}, {"key", "id", "HEX", 4},
	    {"key", "pin-policy", "WORD", 3}, {"key", "touch-policy", "WORD", 3},
	    {"key", "alg", "NAME", 8}, {"sign", "alg", "NAME", 4}, {"verify", "level", "LEVEL", 4},
	    {"", "pin-source", "SOURCE", 4}};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		char words[256], *save = NULL;
		size_t n = 0;

		snprintf(words, sizeof words, "%s",
		    value_of(rows[i].group, rows[i].option, rows[i].arg)->words);
		for (char *w = strtok_r(words, " ", &save); w; w = strtok_r(NULL, " ", &save), n++)
			if (!taken(rows[i].option, rows[i].group, w))
				fail_msg("--%s does not take '%s'", rows[i].option, w);
		assert_int_equal(n, rows[i].n);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(each_option_has_a_row_and_each_row_an_option),
	    cmocka_unit_test(the_right_row),
	    cmocka_unit_test(what_is_offered_is_taken),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
