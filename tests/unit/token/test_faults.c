/* SPDX-License-Identifier: BSD-2-Clause */
/* What goes wrong between us and the card: removal, reset, swap, other programs, wrong answers. */
#include "tests/unit/token/token_fixture.h"

struct fault {
	struct fixture *f;
	size_t at; /* the command before which it happens, counted from `base` */
	size_t base;
	enum { FAULT_REMOVE, FAULT_RESET, FAULT_OTHER, FAULT_OTHER_LOSES } kind;
	bool done;
	uint8_t flip; /* instruction whose answer gets a changed bit */
};

static enum ecert_rc strike(void *arg, struct sim_card *c, size_t number)
{
	struct fault *x = arg;

	if (x->done || number - x->base != x->at)
		return ECERT_OK;
	x->done = true;
	switch (x->kind) {
	case FAULT_REMOVE:
		sim_insert(x->f->sim, 0, NULL);
		return ECERT_E_REMOVED;
	case FAULT_RESET:
		sim_reset(c);
		break;
	case FAULT_OTHER:
		sim_select_other(c, false);
		break;
	case FAULT_OTHER_LOSES:
		sim_select_other(c, true);
		break;
	}
	return ECERT_OK;
}

/* Everything a client does, once; false when a step failed. */
static bool golden_flow(const struct token_at *at)
{
	struct token_info info;
	struct token_key key = {0};
	struct buf der = BUF_INIT(8192);
	uint8_t refs[TOKEN_KEYS_MAX];
	size_t n;
	bool good = token_info(at, &info) == ECERT_OK && token_refs(at, refs, &n) == ECERT_OK &&
		    token_key_get(at, 0x9A, &key) == ECERT_OK &&
		    token_cert_get(at, 0x9A, &der) == ECERT_OK && login(at) == ECERT_OK &&
		    sign(at, 0x9A) == ECERT_OK && login_once(at, 0x9C) == ECERT_OK &&
		    sign(at, 0x9C) == ECERT_OK && token_logout(at) == ECERT_OK;

	token_key_clear(&key);
	buf_free(&der);
	return good;
}

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

static size_t flow_length(struct fixture *f)
{
	(void)fixture_apdus(f);
	assert_true(golden_flow(&f->at));
	return fixture_apdus(f);
}

static void at_every_command(struct fixture *f, int kind)
{
	size_t n = flow_length(f);

	for (size_t i = 1; i <= n; i++) {
		struct fault x = {.f = f, .at = i, .kind = (unsigned)kind};
		struct token_slot slot;

		fixture_again(f, ISOLATION_SESSION);
		x.base = sim_count(f->card);
		sim_hooks(f->card, strike, NULL, &x);
		(void)golden_flow(&f->at);
		sim_hooks(f->card, NULL, NULL, NULL);
		assert_true(x.done);
		assert_int_equal(sim_tries(f->card), 3);
		if (kind == FAULT_REMOVE) {
			assert_int_equal(sign(&f->at, 0x9A), ECERT_E_NO_CARD);
			sim_insert(f->sim, 0, f->card);
			assert_int_equal(token_user(&f->at), TOKEN_NOBODY);
		}
		/* The same client goes on without being made anew. */
		ok(tokens_slot(f->tokens, 0, &slot));
		ok(token_logout(&f->at));
		assert_true(golden_flow(&f->at));
		assert_false(sim_held(f->card));
	}
}

static void removal_everywhere(void **state)
{
	at_every_command(*state, FAULT_REMOVE);
}

static void reset_everywhere(void **state)
{
	at_every_command(*state, FAULT_RESET);
}

static void other_application_everywhere(void **state)
{
	at_every_command(*state, FAULT_OTHER);
}

static void other_application_loses_pin_everywhere(void **state)
{
	at_every_command(*state, FAULT_OTHER_LOSES);
}

static void reset_between_verify_and_sign(void **state)
{
	struct fixture *f = *state;

	ok(login(&f->at));
	ok(sign(&f->at, 0x9A));
	sim_reset(f->card);
	assert_int_equal(sign(&f->at, 0x9A), ECERT_E_RESET);
	assert_int_equal(token_user(&f->at), TOKEN_NOBODY);
	assert_int_equal(sign(&f->at, 0x9A), ECERT_E_AUTH);
	assert_int_equal(sim_tries(f->card), 3);
	ok(login(&f->at));
	ok(sign(&f->at, 0x9A));
}

static void other_application_keeps_login(void **state)
{
	struct fixture *f = *state;

	ok(login(&f->at));
	ok(sign(&f->at, 0x9A));
	sim_select_other(f->card, false);
	ok(sign(&f->at, 0x9A)); /* the same login; no PIN was sent by itself */
	sim_select_other(f->card, true);
	assert_int_equal(sign(&f->at, 0x9A), ECERT_E_AUTH);
	assert_int_equal(token_user(&f->at), TOKEN_NOBODY);
}

/* Same ATR, other serial number: the PIN must not follow. */
static void swap(void **state)
{
	struct fixture *f = *state;
	struct sim_card *second = sim_card_new(815);
	struct token_slot before, after;
	struct token_info info;
	struct token_at old;
	size_t verifies;
	int tries;

	ok(tokens_slot(f->tokens, 0, &before));
	old = f->at;
	old.generation = before.generation;
	ok(login(&old));
	ok(sign(&old, 0x9A));
	sim_insert(f->sim, 0, NULL);
	sim_insert(f->sim, 0, second);
	verifies = sim_ins(second, 0x20);
	assert_int_equal(sign(&old, 0x9A), ECERT_E_REMOVED);
	assert_int_equal(token_user(&old), TOKEN_NOBODY);
	assert_int_equal(login(&old), ECERT_E_REMOVED);
	assert_int_equal(token_login_once(&old, 0x9C, text(SIM_PIN), 0, &tries), ECERT_E_REMOVED);
	assert_int_equal(sim_ins(second, 0x20), verifies);
	ok(tokens_slot(f->tokens, 0, &after));
	assert_int_not_equal(before.generation, after.generation);
	ok(token_info(&f->at, &info));
	assert_string_equal(info.serial, "815");
	tokens_close(&f->tokens);
	sim_card_free(&second);
}

static void flip_answer(void *arg, struct rd command, uint8_t *resp, size_t *len)
{
	struct fault *x = arg;

	if (command.p[1] == x->flip && *len > 20)
		resp[*len - 4] ^= 1;
}

static void wrong_signature(void **state)
{
	struct fixture *f = *state;
	struct fault x = {.f = f, .flip = 0x87};

	ok(login(&f->at));
	sim_hooks(f->card, NULL, flip_answer, &x);
	assert_int_equal(sign(&f->at, 0x9A), ECERT_E_BAD_SIGNATURE);
	sim_hooks(f->card, NULL, NULL, NULL);
	ok(sign(&f->at, 0x9A));
}

/* Another process makes a new key and certificate: neither is hidden for ever. */
static void renewal_elsewhere(void **state)
{
	static const uint8_t only_9a[] = {0x9A, 0};
	struct fixture *f = *state;
	struct buf before = BUF_INIT(8192), after = BUF_INIT(8192);
	uint8_t refs[TOKEN_KEYS_MAX];
	size_t n;

	ok(login(&f->at));
	ok(token_refs(&f->at, refs, &n));
	ok(token_cert_get(&f->at, 0x9A, &before));
	ok(sign(&f->at, 0x9A));
	sim_provision(f->sim, 0, only_9a);
	(void)usleep(250000);
	ok(token_refs(&f->at, refs, &n));
	ok(token_cert_get(&f->at, 0x9A, &after));
	assert_false(rd_equal(buf_view(&before), buf_view(&after)));
	buf_free(&before);
	buf_free(&after);
	ok(token_logout(&f->at));
	ok(login(&f->at));
	ok(sign(&f->at, 0x9A));
}

/* The key was replaced and nobody looked: the old public key refuses the new key's signature. */
static void replaced_key_is_noticed(void **state)
{
	static const uint8_t only_9e[] = {0x9E, 0};
	struct fixture *f = *state;

	ok(sign(&f->at, 0x9E));
	sim_provision(f->sim, 0, only_9e);
	assert_int_equal(sign(&f->at, 0x9E), ECERT_E_BAD_SIGNATURE);
	ok(sign(&f->at, 0x9E));
}

/* The certificate names another key: the card's word on its key counts. */
static void certificate_of_another_key(void **state)
{
	struct fixture *f = *state;
	struct buf der = BUF_INIT(8192), junk = BUF_INIT(64);
	struct token_key a = {0}, c = {0};
	int tries;

	ok(token_cert_get(&f->at, 0x9A, &der));
	ok(token_login(&f->at, TOKEN_SO, text(SIM_MGM), 0, &tries));
	ok(token_cert_put(&f->at, 0x9E, buf_view(&der)));
	buf_put(&junk, "\x30\x03\x02\x01", 4);
	ok(token_cert_put(&f->at, 0x9D, buf_view(&junk)));
	ok(token_logout(&f->at));
	ok(token_key_get(&f->at, 0x9A, &a));
	ok(token_key_get(&f->at, 0x9E, &c));
	assert_false(pubkey_equal(a.pub, c.pub));
	ok(sign(&f->at, 0x9E));
	token_key_clear(&a);
	token_key_clear(&c);
	/* The same on a card that has only the certificate to go by. */
	sim_plain(f->card);
	fixture_again(f, ISOLATION_SESSION);
	assert_int_equal(sign(&f->at, 0x9E), ECERT_E_BAD_SIGNATURE);
	assert_int_equal(token_key_get(&f->at, 0x9D, &a), ECERT_E_NOT_FOUND);
	buf_free(&der);
	buf_free(&junk);
}

static void foreign_card_is_probed_once(void **state)
{
	struct fixture *f = *state;
	struct fault x = {.f = f};
	struct token_info info;

	sim_hooks(f->card, NULL, NULL, &x);
	(void)fixture_apdus(f);
	sim_foreign(f->card, true);
	for (int i = 0; i < 5; i++)
		assert_int_equal(token_info(&f->at, &info), ECERT_E_UNRECOGNISED);
	assert_int_equal(fixture_apdus(f), 1);
	sim_foreign(f->card, false);
	sim_insert(f->sim, 0, NULL);
	sim_insert(f->sim, 0, f->card);
	ok(token_info(&f->at, &info));
}

static void service_restart(void **state)
{
	struct fixture *f = *state;
	struct token_info info;
	struct token_slot slot[2];
	size_t n;

	ok(login(&f->at));
	sim_service(f->sim, ECERT_E_NO_SERVICE);
	assert_int_equal(sign(&f->at, 0x9A), ECERT_E_NO_SERVICE);
	ok(tokens_slots(f->tokens, true, slot, 2, &n));
	assert_int_equal(n, 1);
	assert_false(slot[0].connected);
	assert_int_equal(token_info(&f->at, &info), ECERT_E_NO_SERVICE);
	sim_service(f->sim, ECERT_OK);
	sim_reset(f->card);
	ok(token_info(&f->at, &info));
	assert_int_equal(sign(&f->at, 0x9A), ECERT_E_AUTH);
	ok(login(&f->at));
	ok(sign(&f->at, 0x9A));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(removal_everywhere, setup, teardown),
	    cmocka_unit_test_setup_teardown(reset_everywhere, setup, teardown),
	    cmocka_unit_test_setup_teardown(other_application_everywhere, setup, teardown),
	    cmocka_unit_test_setup_teardown(
		other_application_loses_pin_everywhere, setup, teardown),
	    cmocka_unit_test_setup_teardown(reset_between_verify_and_sign, setup, teardown),
	    cmocka_unit_test_setup_teardown(other_application_keeps_login, setup, teardown),
	    cmocka_unit_test_setup_teardown(swap, setup, teardown),
	    cmocka_unit_test_setup_teardown(wrong_signature, setup, teardown),
	    cmocka_unit_test_setup_teardown(renewal_elsewhere, setup, teardown),
	    cmocka_unit_test_setup_teardown(replaced_key_is_noticed, setup, teardown),
	    cmocka_unit_test_setup_teardown(certificate_of_another_key, setup, teardown),
	    cmocka_unit_test_setup_teardown(foreign_card_is_probed_once, setup, teardown),
	    cmocka_unit_test_setup_teardown(service_restart, setup, teardown),
	};

	return cmocka_run_group_tests_name("token faults", tests, NULL, NULL);
}
