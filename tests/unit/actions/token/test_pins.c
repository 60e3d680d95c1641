/* SPDX-License-Identifier: BSD-2-Clause */
/* PINs, PUKs, and the reset of a token that is blocked, called as a page or a program would. */
#include "tests/unit/client/deed.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "actions/token/pin.h"
#include "actions/token/reset.h"

#define OTHER_PIN "753159"
#define OTHER_PUK "95175382"
#define WRONG_PIN "999888"
#define WRONG_PUK "99988877"

static void tries_are_told(void **state)
{
	struct deed *d = *state;
	struct pin_status s;

	assert_int_equal(pin_look(&d->job, &s), OUT_OK);
	assert_string_equal(s.serial, "4711");
	assert_int_equal(s.pin_tries, 3);
	assert_int_equal(s.puk_tries, 3);
	assert_int_equal(s.pin, FACTORY_NO);
	assert_int_equal(s.puk, FACTORY_NO);
	assert_int_equal(s.mgm, FACTORY_NO);
	assert_int_equal(d->said.n, 0);
}

static void the_factorys_are_told(void **state)
{
	struct deed *d = *state;
	struct pin_status s;

	assert_int_equal(pin_look(&d->job, &s), OUT_OK);
	assert_int_equal(s.pin, FACTORY_YES);
	assert_int_equal(s.puk, FACTORY_YES);
	assert_int_equal(s.mgm, FACTORY_YES);
}

static void pin_and_puk_are_changed(void **state)
{
	struct deed *d = *state;
	struct pin_deed o = {.change_puk = false};
	struct pin_result done;

	deed_types(d, DEED_PIN, OTHER_PIN, OTHER_PIN, NULL);
	assert_int_equal(pin_change(&d->job, &o, &done), OUT_OK);
	assert_false(done.puk);
	assert_non_null(strstr(done.label, "4711"));
	o.change_puk = true;
	deed_types(d, DEED_PUK, OTHER_PUK, OTHER_PUK, NULL);
	assert_int_equal(pin_change(&d->job, &o, &done), OUT_OK);
	assert_true(done.puk);

	/* Both are what they are now. */
	deed_types(d, OTHER_PUK, DEED_PIN, DEED_PIN, NULL);
	assert_int_equal(pin_unblock(&d->job, &o, &done), OUT_OK);
	assert_false(done.puk);
}

/* Nothing would change, and a person who mistypes both would lose a try: refused before the card is
 * asked, and asked for anew. */
static void the_same_one_again_is_refused(void **state)
{
	struct deed *d = *state;
	struct pin_deed o = {.change_puk = false};
	struct pin_result done;
	struct pin_status s;

	deed_types(d, WRONG_PIN, WRONG_PIN, WRONG_PIN, WRONG_PIN, NULL);
	assert_int_equal(pin_change(&d->job, &o, &done), OUT_REFUSED);
	deed_failed(d, OUT_REFUSED, "pin-unchanged", "The new PIN is the same as the old one",
	    "The new PIN is the same as the old one", "Nothing was changed; choose another one.");
	o.change_puk = true;
	deed_types(d, WRONG_PUK, WRONG_PUK, WRONG_PUK, WRONG_PUK, NULL);
	assert_int_equal(pin_change(&d->job, &o, &done), OUT_REFUSED);
	assert_string_equal(recorder_failure(&d->said)->reason, "puk-unchanged");
	assert_int_equal(pin_look(&d->job, &s), OUT_OK);
	assert_int_equal(s.pin_tries, 3);
	assert_int_equal(s.puk_tries, 3);

	o.change_puk = false;
	deed_types(d, DEED_PIN, DEED_PIN, OTHER_PIN, OTHER_PIN, NULL);
	assert_int_equal(pin_change(&d->job, &o, &done), OUT_OK);
	assert_string_equal(
	    deed_said(d, ASKED_SECRET, 2)->error, "The new PIN is the same as the old one");
}

/* Through a module of another maker, by what it is called. */
static void the_same_one_through_a_module(void **state)
{
	struct deed *d = *state;
	struct pin_deed o = {.new_pin = NULL};
	struct pin_result done;
	char other[sizeof d->dir + 16];

	snprintf(other, sizeof other, "%s/other.so", d->dir);
	assert_int_equal(symlink(d->module, other), 0);
	d->job.module = other;
	deed_types(d, DEED_PIN, DEED_PIN, DEED_PIN, DEED_PIN, NULL);
	assert_int_equal(pin_change(&d->job, &o, &done), OUT_REFUSED);
	deed_failed(d, OUT_REFUSED, "pin-unchanged", "The new PIN is the same as the old one",
	    "The new PIN is the same as the old one", "Nothing was changed; choose another one.");
	deed_types(d, DEED_PIN, OTHER_PIN, OTHER_PIN, NULL);
	assert_int_equal(pin_change(&d->job, &o, &done), OUT_OK);
}

/* Each costs a try: the last one is not spent without consent, and nobody is asked for it. */
static void the_last_try_is_kept(void **state)
{
	struct deed *d = *state;
	const struct pin_deed o = {.new_pin = deed_source(d, "new", OTHER_PIN "\n")};
	struct pin_result done;
	struct pin_status s;

	d->job.pin_source = deed_source(d, "wrong", WRONG_PIN "\n");
	for (int left = 2; left; left--) {
		deed_types(d, NULL);
		assert_int_equal(pin_change(&d->job, &o, &done), OUT_PIN);
		assert_string_equal(recorder_failure(&d->said)->reason, "pin-wrong");
	}
	deed_types(d, DEED_PIN, NULL);
	d->job.pin_source = NULL;
	assert_int_equal(pin_change(&d->job, &o, &done), OUT_PIN);
	assert_string_equal(recorder_failure(&d->said)->reason, "pin-last-try");
	assert_int_equal(deed_count(d, ASKED_SECRET), 0);
	assert_int_equal(pin_look(&d->job, &s), OUT_OK);
	assert_int_equal(s.pin_tries, 1);
}

/* ---- reset ---- */
/* With wrong ones until nothing is left. */
static void block(struct deed *d, bool puk)
{
	struct pin_deed o = {.new_pin = deed_source(d, "new", OTHER_PIN "\n")};
	struct pin_result done;

	d->job.allow_last_try = true;
	d->job.pin_source = deed_source(d, "wrong", WRONG_PIN "\n");
	o.puk = deed_source(d, "wrong-puk", WRONG_PUK "\n");
	for (int left = 3; left; left--)
		assert_int_equal(
		    puk ? pin_unblock(&d->job, &o, &done) : pin_change(&d->job, &o, &done),
		    OUT_PIN);
	deed_types(d, NULL);
}

static void a_token_in_use_is_not_reset(void **state)
{
	struct deed *d = *state;
	const struct token_reset_deed o = {.yes = true};
	struct token_reset_result done;

	assert_int_equal(token_reset(&d->job, &o, &done), OUT_REFUSED);
	deed_failed(d, OUT_REFUSED, "not-blocked",
	    "Only a token whose PIN and PUK are both blocked can be reset, and this PIN has "
	    "{tries} tries left",
	    "Only a token whose PIN and PUK are both blocked can be reset, and this PIN has 3 "
	    "tries left",
	    "To change the PIN use `ecert pin change`; to set the token up anew, `ecert token "
	    "init`.");
	block(d, false);
	assert_int_equal(token_reset(&d->job, &o, &done), OUT_REFUSED);
	deed_failed(d, OUT_REFUSED, "not-blocked",
	    "Only a token whose PIN and PUK are both blocked can be reset",
	    "Only a token whose PIN and PUK are both blocked can be reset",
	    "With the PUK set a new PIN: `ecert pin unblock`.");
}

static void a_blocked_one_is_asked_about_and_reset(void **state)
{
	struct deed *d = *state;
	struct token_reset_deed o = {.yes = false};
	struct token_reset_result done;
	struct pin_status s;

	block(d, false);
	block(d, true);
	assert_int_equal(token_reset(&d->job, &o, &done), OUT_REFUSED);
	assert_int_equal(deed_count(d, ASKED_CONFIRM), 1);
	deed_failed(d, OUT_REFUSED, "not-confirmed", "Nothing was reset", "Nothing was reset",
	    "Answer yes, or say --yes.");
	d->said.yes = true;
	deed_types(d, NULL);
	assert_int_equal(token_reset(&d->job, &o, &done), OUT_OK);
	assert_int_equal(deed_count(d, ASKED_CONFIRM), 1);
	assert_non_null(strstr(done.label, "4711"));
	assert_int_equal(pin_look(&d->job, &s), OUT_OK);
	assert_int_equal(s.pin, FACTORY_YES);
	assert_int_equal(s.pin_tries, 3);
}

#define READY(f) cmocka_unit_test_setup_teardown(f, deed_ready, deed_end)
#define FRESH(f) cmocka_unit_test_setup_teardown(f, deed_fresh, deed_end)

int main(void)
{
	const struct CMUnitTest tests[] = {READY(tries_are_told), FRESH(the_factorys_are_told),
	    READY(pin_and_puk_are_changed), READY(the_same_one_again_is_refused),
	    READY(the_same_one_through_a_module), READY(the_last_try_is_kept),
	    READY(a_token_in_use_is_not_reset), READY(a_blocked_one_is_asked_about_and_reset)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
