/* SPDX-License-Identifier: BSD-2-Clause */
/* Logging in through the module: the PIN is asked again with its tries, and the last one is kept.
 */
#include "tests/unit/client/deed.h"

#include <stdlib.h>
#include <string.h>

#include "client/p11.h"
#include "provision/prov.h"

#define WRONG "000000"

/* The module loaded, the token chosen, and the login tried. */
static enum outcome login(struct deed *d)
{
	struct p11 p;
	enum outcome code;

	assert_int_equal(p11_open(&d->job, &p), OUT_OK);
	assert_int_equal(p11_pick(&p), OUT_OK);
	code = p11_login(&p, MSG("to sign {file}", P_TEXT("file", "a.txt")));
	p11_close(&p);
	return code;
}

static int tries(struct deed *d)
{
	struct p11 p;
	int n;

	assert_int_equal(p11_open(&d->job, &p), OUT_OK);
	assert_int_equal(p11_pick(&p), OUT_OK);
	n = p11_pin_tries(&p);
	p11_close(&p);
	return n;
}

static void the_right_pin_is_asked_once(void **state)
{
	struct deed *d = *state;
	const struct recorded *asked;

	deed_types(d, DEED_PIN, NULL);
	assert_int_equal(login(d), OUT_OK);
	assert_int_equal(d->said.n, 1);
	asked = deed_said(d, ASKED_SECRET, 0);
	assert_non_null(asked);
	assert_string_equal(asked->id, "Token {token}");
	assert_string_equal(asked->text, "Token e-Cert PIV 4711 (virtual)");
	assert_string_equal(asked->next, "to sign a.txt");
	assert_string_equal(asked->error, "");
	assert_int_equal(asked->wanted, PIN_WANT_PIN);
}

static void a_wrong_pin_is_asked_again_with_its_tries(void **state)
{
	struct deed *d = *state;
	const struct recorded *asked;

	deed_types(d, WRONG, DEED_PIN, NULL);
	assert_int_equal(login(d), OUT_OK);
	assert_int_equal(d->said.n, 2);
	asked = deed_said(d, ASKED_SECRET, 1);
	assert_non_null(asked);
	assert_string_equal(asked->error_id, "The PIN is wrong; {n} tries are left");
	assert_string_equal(asked->error, "The PIN is wrong; 2 tries are left");
	assert_int_equal(tries(d), 3);
}

static void a_pin_of_no_such_length_is_asked_again_and_costs_no_try(void **state)
{
	struct deed *d = *state;
	const struct recorded *asked;

	deed_types(d, "12", NULL);
	assert_int_equal(login(d), OUT_PIN);
	asked = deed_said(d, ASKED_SECRET, 1);
	assert_non_null(asked);
	assert_string_equal(asked->error_id,
	    "A PIN of this token has {min} to {max} characters, usually digits only; no try was "
	    "used");
	assert_string_equal(asked->error,
	    "A PIN of this token has 6 to 8 characters, usually digits only; no try was used");
	assert_int_equal(tries(d), 3);
}

static void nobody_is_asked_again_for_a_file(void **state)
{
	struct deed *d = *state;

	d->job.pin_source = deed_source(d, "pin", "12\n");
	assert_int_equal(login(d), OUT_PIN);
	deed_failed(d, OUT_PIN, "pin-format",
	    "A PIN of this token has {min} to {max} characters, usually digits only",
	    "A PIN of this token has 6 to 8 characters, usually digits only", "No try was used.");
	d->job.pin_source = deed_source(d, "pin", WRONG "\n");
	deed_types(d, NULL);
	assert_int_equal(login(d), OUT_PIN);
	deed_failed(d, OUT_PIN, "pin-wrong", "The {what} is wrong; {tries} tries are left",
	    "The PIN is wrong; 2 tries are left", "Check it before you try again.");
	assert_int_equal(deed_count(d, ASKED_SECRET), 0);
}

static void cancelling_sends_nothing(void **state)
{
	struct deed *d = *state;

	deed_types(d, NULL);
	assert_int_equal(login(d), OUT_PIN);
	deed_failed(d, OUT_PIN, "cancelled", "Cannot get the {what}: {why}",
	    "Cannot get the PIN: cancelled", "Run the command again when you are ready.");
	assert_int_equal(tries(d), 3);
}

static void use_up_to_the_last(struct deed *d)
{
	deed_types(d, WRONG, WRONG, DEED_PIN, NULL);
	assert_int_equal(login(d), OUT_PIN);
	assert_int_equal(deed_count(d, ASKED_SECRET), 2);
	deed_failed(d, OUT_PIN, "pin-wrong", "The {what} is wrong; only {tries} try is left",
	    "The PIN is wrong; only 1 try is left", "Check it before you try again.");
}

static void the_last_try_wants_consent(void **state)
{
	struct deed *d = *state;

	use_up_to_the_last(d);
	deed_types(d, DEED_PIN, NULL);
	assert_int_equal(login(d), OUT_PIN);
	deed_failed(d, OUT_PIN, "pin-last-try",
	    "Only one try of the {what} is left, so nothing was sent to the token",
	    "Only one try of the PIN is left, so nothing was sent to the token",
	    "If you are sure of the PIN add --allow-last-try; otherwise set a new one with `ecert "
	    "pin unblock`.");
	assert_int_equal(deed_count(d, ASKED_SECRET), 0);
	assert_int_equal(tries(d), 1);
	d->job.allow_last_try = true;
	deed_types(d, DEED_PIN, NULL);
	assert_int_equal(login(d), OUT_OK);
	assert_int_equal(tries(d), 3);
}

static void a_blocked_pin_is_not_asked_for(void **state)
{
	static const char unblock[] = "Set a new PIN with the PUK: `ecert pin unblock`.";
	struct deed *d = *state;

	use_up_to_the_last(d);
	d->job.allow_last_try = true;
	deed_types(d, WRONG, DEED_PIN, NULL);
	assert_int_equal(login(d), OUT_PIN);
	deed_failed(
	    d, OUT_PIN, "pin-blocked", "The {what} is blocked", "The PIN is blocked", unblock);
	assert_int_equal(deed_count(d, ASKED_SECRET), 1);
	deed_types(d, DEED_PIN, NULL);
	assert_int_equal(login(d), OUT_PIN);
	deed_failed(
	    d, OUT_PIN, "pin-blocked", "The {what} is blocked", "The PIN is blocked", unblock);
	assert_int_equal(deed_count(d, ASKED_SECRET), 0);
	assert_int_equal(tries(d), 0);
}

/* The PUK is spent first: then nothing can set a new PIN. */
static void nobody_is_sent_to_a_puk_that_is_blocked(void **state)
{
	struct deed *d = *state;
	struct prov p;
	int left = -1;

	assert_int_equal(prov_open(&d->job, &p), OUT_OK);
	for (int i = 0; i < 3; i++)
		assert_int_not_equal(
		    token_unblock(&p.at, rd_of("99999999", 8), rd_of(DEED_PIN, strlen(DEED_PIN)),
			TOKEN_ALLOW_LAST_TRY, &left),
		    ECERT_OK);
	assert_int_equal(left, 0);
	prov_close(&p);
	use_up_to_the_last(d);
	deed_types(d, DEED_PIN, NULL);
	assert_int_equal(login(d), OUT_PIN);
	deed_failed(d, OUT_PIN, "pin-last-try",
	    "Only one try of the {what} is left, so nothing was sent to the token",
	    "Only one try of the PIN is left, so nothing was sent to the token",
	    "If you are sure of the PIN add --allow-last-try; the PUK, which could set a new one, "
	    "is blocked.");
	d->job.allow_last_try = true;
	for (int i = 0; i < 2; i++) {
		deed_types(d, WRONG, NULL);
		assert_int_equal(login(d), OUT_PIN);
		deed_failed(d, OUT_PIN, "pin-blocked", "The {what} is blocked",
		    "The PIN is blocked",
		    "The PUK is blocked, too: only `ecert token reset` is left, which deletes the "
		    "keys.");
	}
}

static void a_token_that_was_pulled_out_gets_no_pin(void **state)
{
	struct deed *d = *state;
	struct p11 p;

	deed_types(d, DEED_PIN, NULL);
	assert_int_equal(p11_open(&d->job, &p), OUT_OK);
	assert_int_equal(p11_pick(&p), OUT_OK);
	deed_pull(d);
	assert_int_equal(p11_login(&p, NULL), OUT_CARD);
	p11_close(&p);
	deed_failed(d, OUT_CARD, "removed", "Cannot log in to the token: {why}",
	    "Cannot log in to the token: the token was removed",
	    "Put it back and run the command again.");
	assert_int_equal(deed_count(d, ASKED_SECRET), 0);
}

static void a_pin_on_the_command_line_is_refused(void **state)
{
	struct deed *d = *state;

	d->job.pin_source = DEED_PIN;
	assert_int_equal(login(d), OUT_USAGE);
	deed_failed(d, OUT_USAGE, "secret-source-malformed",
	    "{option} takes prompt, pinentry, env:NAME or file:PATH",
	    "--pin-source takes prompt, pinentry, env:NAME or file:PATH",
	    "A secret itself never goes on the command line, where other programs can read it.");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, deed_ready, deed_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(the_right_pin_is_asked_once),
	    TEST(a_wrong_pin_is_asked_again_with_its_tries),
	    TEST(a_pin_of_no_such_length_is_asked_again_and_costs_no_try),
	    TEST(nobody_is_asked_again_for_a_file),
	    TEST(cancelling_sends_nothing),
	    TEST(the_last_try_wants_consent),
	    TEST(a_blocked_pin_is_not_asked_for),
	    TEST(nobody_is_sent_to_a_puk_that_is_blocked),
	    TEST(a_token_that_was_pulled_out_gets_no_pin),
	    TEST(a_pin_on_the_command_line_is_refused),
	};

	return cmocka_run_group_tests_name("client: logging in", tests, NULL, NULL);
}
