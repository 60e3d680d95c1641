/* SPDX-License-Identifier: BSD-2-Clause */
/* How many commands the card gets for what users do. */
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

static void list_slots(void **state)
{
	struct fixture *f = *state;
	struct token_slot slot[4];
	struct token_info info;
	size_t n;

	ok(tokens_slots(f->tokens, true, slot, 4, &n));
	assert_int_equal(n, 1);
	assert_true(slot[0].present);
	assert_int_equal(fixture_apdus(f), 0);
	ok(token_info(&f->at, &info));
	assert_int_equal(fixture_apdus(f), 3);
	assert_string_equal(info.serial, "4711");
	assert_string_equal(info.model, "e-Cert PIV");
	assert_int_equal(info.pin_tries, 3);
	assert_true(info.has_ecert);
	ok(token_info(&f->at, &info));
	assert_int_equal(fixture_apdus(f), 0);
}

static void cold_sign_once(void **state)
{
	struct fixture *f = *state;
	struct token_info info;
	struct token_key key;

	ok(token_info(&f->at, &info));
	ok(token_key_get(&f->at, 0x9A, &key));
	ok(login(&f->at));
	ok(sign(&f->at, 0x9A));
	assert_int_equal(fixture_apdus(f), 6);
	for (int i = 0; i < 100; i++)
		ok(sign(&f->at, 0x9A));
	assert_int_equal(fixture_apdus(f), 100);
	assert_int_equal(key.alg, KEY_P256);
	assert_int_equal(key.pin, PIN_ONCE);
	token_key_clear(&key);
}

static void cold_sign_without_info(void **state)
{
	struct fixture *f = *state;

	ok(login(&f->at));
	ok(sign(&f->at, 0x9A));
	assert_int_equal(fixture_apdus(f), 6);
}

static void cold_sign_always(void **state)
{
	struct fixture *f = *state;
	struct token_info info;
	struct token_key key;

	ok(token_info(&f->at, &info));
	ok(token_key_get(&f->at, 0x9C, &key));
	assert_int_equal(key.pin, PIN_ALWAYS);
	token_key_clear(&key);
	ok(login(&f->at));
	ok(login_once(&f->at, 0x9C));
	ok(sign(&f->at, 0x9C));
	assert_int_equal(fixture_apdus(f), 7);
	for (int i = 0; i < 50; i++) {
		ok(login_once(&f->at, 0x9C));
		ok(sign(&f->at, 0x9C));
	}
	assert_int_equal(fixture_apdus(f), 100);
	assert_false(sim_held(f->card));
}

static void without_pin(void **state)
{
	struct fixture *f = *state;

	ok(sign(&f->at, 0x9E));
	assert_int_equal(fixture_apdus(f), 3);
	ok(sign(&f->at, 0x9E));
	assert_int_equal(fixture_apdus(f), 1);
}

static void list_everything(struct fixture *f)
{
	struct token_info info;
	uint8_t refs[TOKEN_KEYS_MAX];
	size_t n;

	ok(token_info(&f->at, &info));
	ok(token_refs(&f->at, refs, &n));
	assert_int_equal(n, 4);
	for (size_t i = 0; i < n; i++) {
		struct buf der = BUF_INIT(8192);
		struct token_key key;

		ok(token_key_get(&f->at, refs[i], &key));
		ok(token_cert_get(&f->at, refs[i], &der));
		assert_true(buf_len(&der) > 1400);
		token_key_clear(&key);
		buf_free(&der);
	}
}

static void list_objects(void **state)
{
	struct fixture *f = *state;

	list_everything(f);
	assert_in_range(fixture_apdus(f), 1, 14);
	list_everything(f);
	assert_in_range(fixture_apdus(f), 0, 1);
}

static void list_plain_card(void **state)
{
	struct fixture *f = *state;
	struct token_key key;

	sim_plain(f->card);
	list_everything(f);
	ok(token_key_get(&f->at, 0x9C, &key));
	assert_true(key.from_cert);
	assert_int_equal(key.pin, PIN_ALWAYS);
	token_key_clear(&key);
	ok(login(&f->at));
	ok(sign(&f->at, 0x9A));
	assert_int_equal(sign(&f->at, 0x9C), ECERT_E_AUTH);
	ok(login_once(&f->at, 0x9C));
	ok(sign(&f->at, 0x9C));
}

static void strict(void **state)
{
	struct fixture *f = *state;

	fixture_again(f, ISOLATION_STRICT);
	ok(login(&f->at));
	assert_false(sim_verified(f->card));
	ok(sign(&f->at, 0x9A));
	assert_false(sim_verified(f->card));
	(void)fixture_apdus(f);
	ok(sign(&f->at, 0x9A));
	assert_in_range(fixture_apdus(f), 3, 4); /* (tries,) VERIFY, operation, logout */
	ok(login_once(&f->at, 0x9C));
	ok(sign(&f->at, 0x9C));
	assert_false(sim_verified(f->card));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(list_slots, setup, teardown),
	    cmocka_unit_test_setup_teardown(cold_sign_once, setup, teardown),
	    cmocka_unit_test_setup_teardown(cold_sign_without_info, setup, teardown),
	    cmocka_unit_test_setup_teardown(cold_sign_always, setup, teardown),
	    cmocka_unit_test_setup_teardown(without_pin, setup, teardown),
	    cmocka_unit_test_setup_teardown(list_objects, setup, teardown),
	    cmocka_unit_test_setup_teardown(list_plain_card, setup, teardown),
	    cmocka_unit_test_setup_teardown(strict, setup, teardown),
	};

	return cmocka_run_group_tests_name("token budget", tests, NULL, NULL);
}
