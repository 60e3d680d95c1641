/* SPDX-License-Identifier: BSD-2-Clause */
/* No way out leaves the card verified for whoever comes next. */
#include "tests/unit/token/token_fixture.h"

#define VERIFY "0020008008313233343536ffff"

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

static enum ecert_rc change(struct fixture *f, const char *old, const char *fresh)
{
	int tries;

	return token_change_secret(&f->at, SECRET_PIN, text(old), text(fresh), 0, &tries);
}

/* The card verifies the old PIN, and then refuses the new one for its form. */
static void refused_change(void **state)
{
	struct fixture *f = *state;

	sim_tries_old(f->card);
	assert_int_equal(change(f, SIM_PIN, "abcdef"), ECERT_E_PIN_FORMAT);
	assert_false(sim_verified(f->card));
	assert_int_equal(token_user(&f->at), TOKEN_NOBODY);
	fixture_again(f, ISOLATION_STRICT);
	ok(login(&f->at));
	assert_int_equal(change(f, SIM_PIN, "abcdef"), ECERT_E_PIN_FORMAT);
	assert_false(sim_verified(f->card));
	ok(sign(&f->at, 0x9A));
	/* Who is logged in for a session stays so, as the card does. */
	fixture_again(f, ISOLATION_SESSION);
	ok(login(&f->at));
	assert_int_equal(change(f, SIM_PIN, "abcdef"), ECERT_E_PIN_FORMAT);
	assert_int_equal(token_user(&f->at), TOKEN_USER);
	ok(sign(&f->at, 0x9A));
	ok(token_logout(&f->at));
	assert_false(sim_verified(f->card));
}

/* Whatever else becomes of a change or an unblock. */
static void every_change(void **state)
{
	struct fixture *f = *state;
	int tries;

	ok(change(f, SIM_PIN, "654321"));
	assert_false(sim_verified(f->card));
	assert_int_equal(change(f, "999999", "654321"), ECERT_E_PIN_WRONG);
	assert_false(sim_verified(f->card));
	ok(token_unblock(&f->at, text(SIM_PUK), text(SIM_PIN), 0, &tries));
	assert_false(sim_verified(f->card));
}

/* Answers to VERIFY and CHANGE REFERENCE DATA that are lost on the way were perhaps a yes. */
struct lost {
	uint8_t ins;
	bool armed;
};

static void lose(void *arg, struct rd command, uint8_t *resp, size_t *len)
{
	struct lost *l = arg;

	if (!l->armed || command.p[1] != l->ins || command.n <= 5)
		return;
	l->armed = false;
	resp[0] = 0x6F;
	resp[1] = 0x00;
	*len = 2;
}

static void lost_answer(void **state)
{
	struct fixture *f = *state;
	struct lost l = {.ins = 0x20, .armed = true};

	sim_hooks(f->card, NULL, lose, &l);
	assert_int_equal(login(&f->at), ECERT_E_CARD);
	assert_false(l.armed);
	assert_false(sim_verified(f->card));
	assert_int_equal(token_user(&f->at), TOKEN_NOBODY);
	l = (struct lost){.ins = 0x24, .armed = true};
	assert_int_equal(change(f, SIM_PIN, SIM_PIN), ECERT_E_CARD);
	assert_false(l.armed);
	assert_false(sim_verified(f->card));
}

/* The PIN of a key that asks for it always, and the operation that never comes. */
static void paid_and_left(void **state)
{
	struct fixture *f = *state;
	int tries;

	ok(login_once(&f->at, 0x9C));
	assert_true(sim_verified(f->card));
	assert_int_equal(
	    token_login_once(&f->at, 0x9C, text("12345"), 0, &tries), ECERT_E_PIN_FORMAT);
	assert_false(sim_verified(f->card));
	ok(login_once(&f->at, 0x9C));
	tokens_close(&f->tokens);
	assert_false(sim_verified(f->card));
}

/* A program that was killed has left the card verified: the next one's first look ends it, and no
 * later one another program's login. */
static void killed_before(void **state)
{
	struct fixture *f = *state;
	struct token_info info;

	(void)sim_apdu(f->card, VERIFY);
	assert_true(sim_verified(f->card));
	ok(token_info(&f->at, &info));
	assert_false(sim_verified(f->card));
	assert_int_equal(info.pin_tries, 3);
	(void)sim_apdu(f->card, VERIFY);
	for (int i = 0; i < 3; i++) {
		(void)usleep(400000);
		ok(token_info(&f->at, &info));
	}
	assert_true(sim_verified(f->card));
}

/* A look costs what it did where nothing was left behind. */
static void first_look_is_free(void **state)
{
	struct fixture *f = *state;
	struct token_info info;

	ok(token_info(&f->at, &info));
	assert_int_equal(fixture_apdus(f), 3);
	fixture_again(f, ISOLATION_SESSION);
	(void)sim_apdu(f->card, VERIFY);
	ok(login(&f->at));
	ok(token_info(&f->at, &info));
	assert_true(sim_verified(f->card));
	ok(sign(&f->at, 0x9A));
}

/* A connection that was given up behind another program, while the card kept the login. */
static enum ecert_rc time_out(void *arg, struct sim_card *c, size_t number)
{
	bool *now = arg;

	(void)c;
	(void)number;
	if (!*now)
		return ECERT_OK;
	*now = false;
	return ECERT_E_TIMEOUT;
}

static void connection_given_up(void **state)
{
	struct fixture *f = *state;
	bool now = false;

	sim_hooks(f->card, time_out, NULL, &now);
	ok(login(&f->at));
	now = true;
	assert_int_equal(sign(&f->at, 0x9A), ECERT_E_TIMEOUT);
	assert_int_equal(token_user(&f->at), TOKEN_USER);
	ok(token_logout(&f->at));
	assert_false(sim_verified(f->card));
	ok(login(&f->at));
	now = true;
	assert_int_equal(sign(&f->at, 0x9A), ECERT_E_TIMEOUT);
	tokens_close(&f->tokens);
	assert_false(sim_verified(f->card));
}

#define test(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    test(refused_change),
	    test(every_change),
	    test(lost_answer),
	    test(paid_and_left),
	    test(killed_before),
	    test(first_look_is_free),
	    test(connection_given_up),
	};

	return cmocka_run_group_tests_name("token leftovers", tests, NULL, NULL);
}
