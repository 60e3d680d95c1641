/* SPDX-License-Identifier: BSD-2-Clause */
/* Listing and naming tokens, called as a page or a program would. */
#include "tests/unit/client/deed.h"

#include <string.h>

#include "actions/token/info.h"
#include "actions/token/label.h"
#include "actions/token/list.h"
#include "tests/unit/actions/certified.h"
#include "tests/unit/document/pki.h"

static void what_is_plugged_in_is_listed(void **state)
{
	struct deed *d = *state;
	const struct token_list_deed o = {.none_is_fine = false};
	struct token_list found;

	assert_int_equal(token_list(&d->job, &o, &found), OUT_OK);
	assert_int_equal(found.n, 1);
	assert_string_equal(found.module, d->module);
	assert_string_equal(found.row[0].serial, "4711");
	assert_false(found.row[0].pin_blocked);
	assert_false(found.row[0].pin_last_try);
	assert_int_equal(d->said.n, 0);
}

static void none_is_a_failure_or_fine(void **state)
{
	struct deed *d = *state;
	struct token_list_deed o = {.none_is_fine = true};
	struct token_list found;

	deed_pull(d);
	assert_int_equal(token_list(&d->job, &o, &found), OUT_OK);
	assert_int_equal(found.n, 0);
	assert_int_equal(deed_count(d, SAID_FAILED), 0);
	o.none_is_fine = false;
	assert_int_equal(token_list(&d->job, &o, &found), OUT_NO_TOKEN);
	assert_int_equal(deed_count(d, SAID_FAILED), 1);
}

static void one_is_looked_at(void **state)
{
	struct deed *d = *state;
	struct token_facts facts;

	certify(d, d->source, time(NULL) + 30 * DAY);
	assert_int_equal(token_look(&d->job, &facts), OUT_OK);
	assert_string_equal(facts.token.serial, "4711");
	assert_string_equal(facts.token.label, "e-Cert PIV 4711 (virtual)");
	assert_true(facts.has_card);
	assert_string_equal(facts.card.serial, "4711");
	assert_int_equal(facts.card.pin_tries, 3);
	assert_true(facts.card.factory_known);
	assert_false(facts.card.factory);
	assert_true(facts.card.is_virtual);
	assert_int_equal(facts.n, 1);
	assert_string_equal(facts.cert[0].id, "02");
	assert_string_equal(facts.cert[0].who.name, "WONG Mei");
	assert_true(facts.cert[0].ends_soon);
	token_facts_free(&facts);
}

static void one_from_the_factory_is_told(void **state)
{
	struct deed *d = *state;
	struct token_facts facts;

	assert_int_equal(token_look(&d->job, &facts), OUT_OK);
	assert_true(facts.card.factory);
	assert_int_equal(facts.n, 0);
	assert_non_null(strstr(facts.next, "ecert key import FILE.p12"));
	token_facts_free(&facts);
}

static void a_token_gets_a_name(void **state)
{
	struct deed *d = *state;
	struct token_label_deed o = {.name = "Accounts", .mgm = d->source};
	struct token_label_result now;

	assert_int_equal(token_call(&d->job, &o, &now), OUT_OK);
	assert_string_equal(now.serial, "4711");
	assert_non_null(strstr(now.label, "Accounts"));
	assert_int_equal(d->said.n, 0);
}

static void what_is_no_name_is_told(void **state)
{
	struct deed *d = *state;
	struct token_label_deed o = {.name = "123456789012345678901234567890123", .mgm = d->source};
	struct token_label_result now;

	assert_int_equal(token_call(&d->job, &o, &now), OUT_USAGE);
	deed_failed(d, OUT_USAGE, "label-too-long",
	    "A label has at most {max} bytes, and this one has {n}",
	    "A label has at most 32 bytes, and this one has 33", "Choose a shorter one.");
	deed_types(d, NULL);
	o.name = " Accounts";
	assert_int_equal(token_call(&d->job, &o, &now), OUT_USAGE);
	assert_string_equal(recorder_failure(&d->said)->reason, "label-malformed");
}

#define READY(f) cmocka_unit_test_setup_teardown(f, deed_ready, deed_end)
#define FRESH(f) cmocka_unit_test_setup_teardown(f, deed_fresh, deed_end)

int main(void)
{
	const struct CMUnitTest tests[] = {READY(what_is_plugged_in_is_listed),
	    READY(none_is_a_failure_or_fine), READY(one_is_looked_at),
	    FRESH(one_from_the_factory_is_told), READY(a_token_gets_a_name),
	    READY(what_is_no_name_is_told)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
