/* SPDX-License-Identifier: BSD-2-Clause */
/* Choosing a token, and why there is none to choose. */
#include "tests/unit/client/deed.h"

#include <stdio.h>
#include <string.h>

#include "client/p11.h"
#include "client/pick.h"

static enum outcome open_and_pick(struct deed *d)
{
	struct p11 p;
	enum outcome code = p11_open(&d->job, &p);

	if (code)
		return code;
	code = p11_pick(&p);
	p11_close(&p);
	return code;
}

static void the_only_one_is_taken(void **state)
{
	struct deed *d = *state;
	struct p11 p;

	assert_int_equal(p11_open(&d->job, &p), OUT_OK);
	assert_true(p.ours);
	assert_int_equal(p11_pick(&p), OUT_OK);
	assert_string_equal(p.slot->token->label, "e-Cert PIV 4711 (virtual)");
	assert_int_equal(p11_present(&p), ECERT_OK);
	p11_close(&p);
	d->job.token = "e-Cert PIV 4711 (virtual)";
	assert_int_equal(open_and_pick(d), OUT_OK);
	assert_int_equal(d->said.n, 0);
}

static void a_name_that_none_has_lists_what_is_there(void **state)
{
	struct deed *d = *state;
	const struct recorded *row;
	char want[256];

	d->job.token = "Wong";
	assert_int_equal(open_and_pick(d), OUT_NO_TOKEN);
	deed_failed(d, OUT_NO_TOKEN, "token-not-found", "No token is named '{token}'",
	    "No token is named 'Wong'", "These are plugged in:");
	row = deed_said(d, SAID_NOTE, 0);
	assert_non_null(row);
	assert_string_equal(
	    row->id, "         --token '{label}'  (serial {serial}, slot {slot}, {reader})");
	snprintf(want, sizeof want, "         --token 'e-Cert PIV 4711 (virtual)'  (serial ");
	assert_memory_equal(row->text, want, strlen(want));
	assert_int_equal(deed_count(d, SAID_NOTE), 1);
}

static void a_slot_without_a_token_is_told(void **state)
{
	struct deed *d = *state;

	d->job.slot_id = 7;
	assert_int_equal(open_and_pick(d), OUT_NO_TOKEN);
	deed_failed(d, OUT_NO_TOKEN, "slot-not-found", "There is no token in slot {slot_id}",
	    "There is no token in slot 7", "These are plugged in:");
}

static const struct candidate two[] = {
    {"Wong Ltd", "1111", "Reader A", 0},
    {"Chan Ltd", "", "Reader B", 1},
};

static void of_two_one_has_to_be_named(void **state)
{
	struct deed d = {.job = {.slot_id = -1}};
	size_t chosen = 7;

	(void)state;
	deed_types(&d, NULL);
	d.job.ui = &d.said.ui;
	assert_int_equal(pick_token(&d.job, two, 2, &chosen), OUT_USAGE);
	deed_failed(&d, OUT_USAGE, "token-ambiguous", "{found} tokens are plugged in",
	    "2 tokens are plugged in", "Say which: --token LABEL, --token SERIAL or --slot-id N:");
	assert_true(recorder_noted(
	    &d.said, "         --token 'Wong Ltd'  (serial 1111, slot 0, Reader A)"));
	assert_true(recorder_noted(
	    &d.said, "         --token 'Chan Ltd'  (no serial number, slot 1, Reader B)"));
	deed_types(&d, NULL);
	d.job.token = "Chan Ltd";
	assert_int_equal(pick_token(&d.job, two, 2, &chosen), OUT_OK);
	assert_int_equal(chosen, 1);
	d.job.token = "1111";
	assert_int_equal(pick_token(&d.job, two, 2, &chosen), OUT_OK);
	assert_int_equal(chosen, 0);
	assert_int_equal(d.said.n, 0);
}

static void a_token_that_is_out_is_told(void **state)
{
	struct deed *d = *state;
	char want[256];

	deed_pull(d);
	snprintf(want, sizeof want, "The virtual token at %s does not answer", d->reader);
	assert_int_equal(open_and_pick(d), OUT_NO_TOKEN);
	deed_failed(d, OUT_NO_TOKEN, "no-reader", "The virtual token at {where} does not answer",
	    want, "Start it with `ecert-vcard --listen PATH`.");
}

static void what_is_no_module_is_told(void **state)
{
	static const char next[] =
	    "Check the path given with --module (a PKCS#11 module ends in .so).";
	static const char id[] = "{file} is not a PKCS#11 module that can be loaded: {why}";
	struct deed *d = *state;
	char want[256];

	d->job.module = deed_file(d, "none.so", NULL);
	snprintf(want, sizeof want, "%s is not a PKCS#11 module that can be loaded: no such file",
	    d->job.module);
	assert_int_equal(open_and_pick(d), OUT_CARD);
	deed_failed(d, OUT_CARD, "module-unloadable", id, want, next);
	deed_types(d, NULL);
	d->job.module = deed_file(d, "text.so", "no library\n");
	snprintf(want, sizeof want,
	    "%s is not a PKCS#11 module that can be loaded: it is something else", d->job.module);
	assert_int_equal(open_and_pick(d), OUT_CARD);
	deed_failed(d, OUT_CARD, "module-unloadable", id, want, next);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, deed_fresh, deed_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(the_only_one_is_taken),
	    TEST(a_name_that_none_has_lists_what_is_there),
	    TEST(a_slot_without_a_token_is_told),
	    cmocka_unit_test(of_two_one_has_to_be_named),
	    TEST(a_token_that_is_out_is_told),
	    TEST(what_is_no_module_is_told),
	};

	return cmocka_run_group_tests_name("client: choosing a token", tests, NULL, NULL);
}
