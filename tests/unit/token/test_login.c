/* SPDX-License-Identifier: BSD-2-Clause */
/* PIN rules: who is let in, what is sent, what the card is left with. */
#include "tests/unit/token/token_fixture.h"

static int setup(void **state)
{
	*state = fixture_new(ISOLATION_SESSION, 4711);
	return 0;
}

static int teardown(void **state)
{
	fixture_free(*state);
	return 0;
}

static enum ecert_rc try_pin(struct fixture *f, const char *pin, unsigned flags, int *tries)
{
	return token_login(&f->at, TOKEN_USER, text(pin), flags, tries);
}

static void wrong_then_last_then_blocked(void **state)
{
	struct fixture *f = *state;
	struct token_info info;
	int tries;

	assert_int_equal(try_pin(f, "999999", 0, &tries), ECERT_E_PIN_WRONG);
	assert_int_equal(tries, 2);
	assert_int_equal(try_pin(f, "999999", 0, &tries), ECERT_E_PIN_WRONG);
	assert_int_equal(tries, 1);
	ok(token_info(&f->at, &info));
	assert_int_equal(info.pin_tries, 1);
	/* Without consent nothing is sent, the right PIN included. */
	assert_int_equal(try_pin(f, SIM_PIN, 0, &tries), ECERT_E_PIN_LAST_TRY);
	assert_int_equal(tries, 1);
	assert_int_equal(sim_tries(f->card), 1);
	assert_int_equal(try_pin(f, "999999", TOKEN_ALLOW_LAST_TRY, &tries), ECERT_E_PIN_BLOCKED);
	assert_int_equal(try_pin(f, SIM_PIN, TOKEN_ALLOW_LAST_TRY, &tries), ECERT_E_PIN_BLOCKED);
	assert_int_equal(tries, 0);
	assert_int_equal(token_user(&f->at), TOKEN_NOBODY);
	/* The PUK brings it back. */
	assert_int_equal(
	    token_unblock(&f->at, text("00000000"), text("654321"), 0, &tries), ECERT_E_PIN_WRONG);
	assert_int_equal(tries, 2);
	ok(token_unblock(&f->at, text(SIM_PUK), text("654321"), 0, &tries));
	assert_false(sim_verified(f->card));
	ok(try_pin(f, "654321", 0, &tries));
}

static void last_try_with_consent(void **state)
{
	struct fixture *f = *state;
	int tries;

	(void)try_pin(f, "999999", 0, &tries);
	(void)try_pin(f, "999999", 0, &tries);
	fixture_again(f, ISOLATION_SESSION);
	ok(try_pin(f, SIM_PIN, TOKEN_ALLOW_LAST_TRY, &tries));
	ok(sign(&f->at, 0x9A));
	/* The right PIN has brought the tries back: no more consent is needed. */
	ok(login_once(&f->at, 0x9C));
	ok(sign(&f->at, 0x9C));
}

/* CVE-2023-40660: an empty PIN must not ride on what another program verified. */
static void formats(void **state)
{
	static const char *const bad[] = {"12345", "123456789", "1", "12345678901234567890"};
	struct fixture *f = *state;
	int tries;

	(void)sim_apdu(f->card, "0020008008313233343536ffff");
	assert_true(sim_verified(f->card));
	assert_int_equal(
	    token_login(&f->at, TOKEN_USER, rd_of("", 0), 0, &tries), ECERT_E_PIN_FORMAT);
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		assert_int_equal(try_pin(f, bad[i], 0, &tries), ECERT_E_PIN_FORMAT);
	assert_int_equal(try_pin(f, "\xff\xff\xff\xff\xff\xff", 0, &tries), ECERT_E_PIN_FORMAT);
	assert_int_equal(sim_tries(f->card), 3);
	assert_int_equal(token_user(&f->at), TOKEN_NOBODY);
	/* No PIN pad on this reader. */
	assert_int_equal(
	    token_login(&f->at, TOKEN_USER, rd_of(NULL, 0), 0, &tries), ECERT_E_UNSUPPORTED);
}

static void twice_and_logout(void **state)
{
	struct fixture *f = *state;

	ok(login(&f->at));
	assert_int_equal(token_user(&f->at), TOKEN_USER);
	assert_int_equal(login(&f->at), ECERT_E_EXISTS);
	assert_true(sim_verified(f->card));
	ok(token_logout(&f->at));
	assert_int_equal(token_user(&f->at), TOKEN_NOBODY);
	assert_false(sim_verified(f->card));
	assert_int_equal(sign(&f->at, 0x9A), ECERT_E_AUTH);
	ok(token_logout(&f->at));
}

static void close_logs_out(void **state)
{
	struct fixture *f = *state;

	ok(login(&f->at));
	assert_true(sim_verified(f->card));
	tokens_close(&f->tokens);
	assert_false(sim_verified(f->card));
}

/* Another client of the same card is logged in: the card would let us, we do not. */
static void nobody_rides(void **state)
{
	struct fixture *f = *state;
	struct tokens *other = sim_tokens(f->sim, ISOLATION_SESSION);
	struct token_at theirs = {.tokens = other};
	struct buf out = BUF_INIT(4096);

	ok(login(&theirs));
	assert_true(sim_verified(f->card));
	for (int i = 0; i < 100; i++) {
		assert_int_equal(sign(&f->at, 0x9A), ECERT_E_AUTH);
		assert_int_equal(sign(&f->at, 0x9C), ECERT_E_AUTH);
		assert_int_equal(sign(&f->at, 0x9D), ECERT_E_AUTH);
		assert_int_equal(token_data_get(&f->at, 0x5FC109, &out), ECERT_E_AUTH);
	}
	assert_int_equal(token_user(&f->at), TOKEN_NOBODY);
	ok(sign(&theirs, 0x9A));
	tokens_close(&other);
}

static void strict_leaves_nothing_to_ride(void **state)
{
	struct fixture *f = *state;

	fixture_again(f, ISOLATION_STRICT);
	ok(login(&f->at));
	for (int i = 0; i < 10; i++) {
		ok(sign(&f->at, 0x9A));
		assert_false(sim_verified(f->card));
		assert_int_equal(sim_apdu(f->card, "008711"
						   "9a"
						   "067c04820081"
						   "00") &
				     0xFFFF,
		    0x6982);
	}
	ok(token_logout(&f->at));
	assert_int_equal(sign(&f->at, 0x9A), ECERT_E_AUTH);
}

/* The kept PIN is gone after a reset; what is left must not be taken for "ask at the reader". */
static void strict_data_after_reset(void **state)
{
	struct fixture *f = *state;
	struct buf out = BUF_INIT(4096);

	fixture_again(f, ISOLATION_STRICT);
	ok(login(&f->at));
	sim_reset(f->card);
	assert_int_equal(token_data_get(&f->at, 0x5FC109, &out), ECERT_E_AUTH);
	assert_int_equal(token_user(&f->at), TOKEN_NOBODY);
	buf_free(&out);
}

static void strict_without_a_logout(void **state)
{
	struct fixture *f = *state;

	sim_no_logout(f->card);
	fixture_again(f, ISOLATION_STRICT);
	ok(login(&f->at));
	for (int i = 0; i < 3; i++) {
		assert_false(sim_verified(f->card));
		ok(sign(&f->at, 0x9A));
	}
	assert_false(sim_verified(f->card));
	ok(token_logout(&f->at));
}

static void changed_elsewhere(void **state)
{
	struct fixture *f = *state;
	int tries;

	fixture_again(f, ISOLATION_STRICT);
	ok(login(&f->at));
	assert_int_equal(sim_apdu(f->card, "0024008010"
					   "313233343536ffff"
					   "363534333231ffff"),
	    0x9000);
	(void)sim_apdu(f->card, "0020ff80");
	/* One try is lost, once: the kept PIN is dropped at its first rejection. */
	assert_int_equal(sign(&f->at, 0x9A), ECERT_E_AUTH);
	assert_int_equal(sign(&f->at, 0x9A), ECERT_E_AUTH);
	assert_int_equal(sim_tries(f->card), 2);
	assert_int_equal(token_user(&f->at), TOKEN_NOBODY);
	ok(try_pin(f, "654321", 0, &tries));
	ok(sign(&f->at, 0x9A));
}

static void logged_out_by_another(void **state)
{
	struct fixture *f = *state;

	ok(login(&f->at));
	ok(sign(&f->at, 0x9A));
	(void)sim_apdu(f->card, "0020ff80");
	assert_int_equal(sign(&f->at, 0x9A), ECERT_E_AUTH);
	assert_int_equal(token_user(&f->at), TOKEN_NOBODY);
	assert_int_equal(sim_tries(f->card), 3);
	ok(login(&f->at));
	ok(sign(&f->at, 0x9A));
}

static void once_needs_its_key(void **state)
{
	struct fixture *f = *state;

	ok(login(&f->at));
	ok(sign(&f->at, 0x9C)); /* the login itself pays, once */
	assert_int_equal(sign(&f->at, 0x9C), ECERT_E_AUTH);
	ok(login_once(&f->at, 0x9C));
	assert_true(sim_held(f->card));
	ok(sign(&f->at, 0x9A)); /* of the same thread: takes nothing away */
	assert_true(sim_held(f->card));
	ok(login_once(&f->at, 0x9C));
	ok(sign(&f->at, 0x9C));
	assert_false(sim_held(f->card));
	assert_int_equal(sign(&f->at, 0x9C), ECERT_E_AUTH);
}

/* The operation does not come: the card is everybody's again, and a late try is still a try. */
static void once_too_late(void **state)
{
	struct fixture *f = *state;

	ok(login(&f->at));
	ok(login_once(&f->at, 0x9C));
	for (int i = 0; i < 300 && sim_held(f->card); i++)
		(void)usleep(100000);
	assert_false(sim_held(f->card));
	ok(sign(&f->at, 0x9C));
	assert_false(sim_held(f->card));
	assert_int_equal(sign(&f->at, 0x9C), ECERT_E_AUTH);
}

static void officer(void **state)
{
	static const uint8_t raw[24] = {
	    1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 6, 7, 8};
	struct fixture *f = *state;
	const struct token_newkey spec = {.ref = 0x82, .alg = KEY_P256};
	struct pubkey *pub = NULL;
	int tries;

	assert_int_equal(token_key_generate(&f->at, &spec, &pub), ECERT_E_AUTH);
	assert_int_equal(
	    token_login(&f->at, TOKEN_SO, text("1234"), 0, &tries), ECERT_E_PIN_FORMAT);
	assert_int_equal(token_login(&f->at, TOKEN_SO,
			     text("ff0203040506070801020304050607080102030405060708"), 0, &tries),
	    ECERT_E_PIN_WRONG);
	ok(token_login(&f->at, TOKEN_SO, rd_of(raw, sizeof raw), 0, &tries));
	assert_int_equal(token_user(&f->at), TOKEN_SO);
	assert_int_equal(login(&f->at), ECERT_E_EXISTS);
	assert_int_equal(sign(&f->at, 0x9A), ECERT_E_AUTH);
	ok(token_key_generate(&f->at, &spec, &pub));
	assert_non_null(pub);
	pubkey_free(&pub);
	ok(token_key_delete(&f->at, 0x82));
	ok(token_logout(&f->at));
	assert_int_equal(token_key_delete(&f->at, 0x9A), ECERT_E_AUTH);
	/* SELECT has ended it on the card, too. */
	assert_int_equal(sim_apdu(f->card, "00db3fff075c035fc1095300"), 0x6982);
}

static void labels(void **state)
{
	struct fixture *f = *state;
	struct token_info info;
	int tries;

	ok(token_info(&f->at, &info));
	assert_string_equal(info.label, "e-Cert PIV 4711 (virtual)");
	assert_int_equal(token_label_put(&f->at, "Till 3"), ECERT_E_AUTH);
	ok(token_login(&f->at, TOKEN_SO, text(SIM_MGM), 0, &tries));
	ok(token_label_put(&f->at, "Kasse \xc3\xbc 3"));
	ok(token_info(&f->at, &info));
	assert_string_equal(info.label, "Kasse \xc3\xbc 3 (virtual)");
	/* A character is never cut in two, and control bytes never reach a prompt. */
	ok(token_label_put(&f->at, "a\nb\xc0\x80 0123456789012345\xe4\xb8\xad"));
	ok(token_info(&f->at, &info));
	assert_string_equal(info.label, "a?b?? 0123456789012345 (virtual)");
	assert_int_equal(
	    token_label_put(&f->at, "012345678901234567890123456789012"), ECERT_E_DATA_LEN);
	ok(token_label_put(&f->at, ""));
	fixture_again(f, ISOLATION_SESSION);
	ok(token_info(&f->at, &info));
	assert_string_equal(info.label, "e-Cert PIV 4711 (virtual)");
	assert_int_equal(fixture_apdus(f), 3);
}

static void change_pin(void **state)
{
	struct fixture *f = *state;
	int tries;

	assert_int_equal(
	    token_change_secret(&f->at, SECRET_PIN, text("111111"), text("654321"), 0, &tries),
	    ECERT_E_PIN_WRONG);
	assert_int_equal(tries, 2);
	assert_int_equal(
	    token_change_secret(&f->at, SECRET_PIN, text(SIM_PIN), text("12"), 0, &tries),
	    ECERT_E_PIN_FORMAT);
	ok(token_change_secret(&f->at, SECRET_PIN, text(SIM_PIN), text("654321"), 0, &tries));
	assert_false(sim_verified(f->card));
	ok(try_pin(f, "654321", 0, &tries));
	ok(token_change_secret(&f->at, SECRET_PIN, text("654321"), text(SIM_PIN), 0, &tries));
	assert_int_equal(token_user(&f->at), sim_verified(f->card) ? TOKEN_USER : TOKEN_NOBODY);
	ok(token_change_secret(&f->at, SECRET_PUK, text(SIM_PUK), text("87654321"), 0, &tries));
	assert_int_equal(
	    token_unblock(&f->at, text(SIM_PUK), text(SIM_PIN), 0, &tries), ECERT_E_PIN_WRONG);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(wrong_then_last_then_blocked, setup, teardown),
	    cmocka_unit_test_setup_teardown(last_try_with_consent, setup, teardown),
	    cmocka_unit_test_setup_teardown(formats, setup, teardown),
	    cmocka_unit_test_setup_teardown(twice_and_logout, setup, teardown),
	    cmocka_unit_test_setup_teardown(close_logs_out, setup, teardown),
	    cmocka_unit_test_setup_teardown(nobody_rides, setup, teardown),
	    cmocka_unit_test_setup_teardown(strict_leaves_nothing_to_ride, setup, teardown),
	    cmocka_unit_test_setup_teardown(strict_data_after_reset, setup, teardown),
	    cmocka_unit_test_setup_teardown(strict_without_a_logout, setup, teardown),
	    cmocka_unit_test_setup_teardown(changed_elsewhere, setup, teardown),
	    cmocka_unit_test_setup_teardown(logged_out_by_another, setup, teardown),
	    cmocka_unit_test_setup_teardown(once_needs_its_key, setup, teardown),
	    cmocka_unit_test_setup_teardown(once_too_late, setup, teardown),
	    cmocka_unit_test_setup_teardown(officer, setup, teardown),
	    cmocka_unit_test_setup_teardown(labels, setup, teardown),
	    cmocka_unit_test_setup_teardown(change_pin, setup, teardown),
	};

	return cmocka_run_group_tests_name("token login", tests, NULL, NULL);
}
