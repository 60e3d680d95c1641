/* SPDX-License-Identifier: BSD-2-Clause */
/* Several programs at one card without a daemon: a login that another one ended is made good by the
 * PIN that was given for it, and only where nothing can be lost by that. */
#include "tests/unit/token/token_fixture.h"

#include "ecert/piv_const.h"

#define LOGOUT	   "0020ff80"
#define VERIFY	   "0020008008"
#define RIGHT_PIN  "313233343536ffff"
#define WRONG_PIN  "393939393939ffff"
#define OTHER_PIN  "363534333231ffff"
#define CHANGE_PIN "0024008010"

static void open_as(struct fixture *f, const struct tokens_config *cfg)
{
	tokens_close(&f->tokens);
	f->tokens = sim_tokens_as(f->sim, cfg);
	f->at = (struct token_at){.tokens = f->tokens};
}

static int setup(void **state)
{
	const struct tokens_config cfg = {.reverify = true};
	struct fixture *f = fixture_new(ISOLATION_SESSION, 4711);

	open_as(f, &cfg);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	fixture_free(*state);
	return 0;
}

static void end_login(struct fixture *f)
{
	assert_int_equal(sim_apdu(f->card, LOGOUT), 0x9000);
	assert_false(sim_verified(f->card));
}

static size_t verifies(const struct fixture *f)
{
	return sim_ins(f->card, ECERT_INS_VERIFY);
}

/* What a refusal leaves: no try gone, nobody logged in, and a login that is typed works again. */
static void is_over(struct fixture *f, int tries)
{
	assert_int_not_equal(sign(&f->at, 0x9A), ECERT_OK);
	assert_int_equal(sim_tries(f->card), tries);
	assert_int_equal(token_user(&f->at), TOKEN_NOBODY);
	assert_int_equal(sign(&f->at, 0x9A), ECERT_E_AUTH);
	assert_int_equal(sim_tries(f->card), tries);
}

static void logged_out_by_another(void **state)
{
	struct fixture *f = *state;

	ok(login(&f->at));
	for (int i = 0; i < 5; i++) {
		ok(sign(&f->at, 0x9A));
		end_login(f);
		assert_int_equal(token_user(&f->at), TOKEN_USER);
		ok(sign(&f->at, 0x9D));
		assert_true(sim_verified(f->card));
	}
	/* what is on the card costs one command, as ever */
	f->mark = sim_count(f->card);
	ok(sign(&f->at, 0x9A));
	assert_int_equal(fixture_apdus(f), 1);
	/* seen by a mere look at the tries, before it is needed */
	end_login(f);
	(void)usleep(1100000);
	{
		struct token_info info;

		ok(token_info(&f->at, &info));
	}
	assert_int_equal(token_user(&f->at), TOKEN_USER);
	ok(sign(&f->at, 0x9A));
	ok(token_logout(&f->at));
	assert_false(sim_verified(f->card));
	assert_int_equal(sign(&f->at, 0x9A), ECERT_E_AUTH);
}

static void reset_by_another(void **state)
{
	struct fixture *f = *state;

	ok(login(&f->at));
	for (int i = 0; i < 3; i++) {
		ok(sign(&f->at, 0x9A));
		sim_reset(f->card);
		ok(sign(&f->at, 0x9A));
	}
	sim_reset(f->card);
	sim_select_other(f->card, true);
	ok(sign(&f->at, 0x9A));
	assert_int_equal(token_user(&f->at), TOKEN_USER);
}

static void two_clients(void **state)
{
	const struct tokens_config cfg = {.reverify = true};
	struct fixture *f = *state;
	struct tokens *other = sim_tokens_as(f->sim, &cfg);
	struct token_at theirs = {.tokens = other};

	ok(login(&f->at));
	for (int i = 0; i < 4; i++) {
		ok(login(&theirs));
		ok(sign(&theirs, 0x9A));
		ok(sign(&f->at, 0x9A));
		ok(token_logout(&theirs));
		ok(sign(&f->at, 0x9A));
	}
	/* a login that has lapsed is not ended on the card, where another one is by now */
	end_login(f);
	(void)usleep(1100000);
	{
		struct token_info info;

		ok(token_info(&f->at, &info));
	}
	ok(login(&theirs));
	ok(token_logout(&f->at));
	assert_true(sim_verified(f->card));
	ok(sign(&theirs, 0x9A));
	tokens_close(&other);
}

static void tries_reduced(void **state)
{
	struct fixture *f = *state;

	ok(login(&f->at));
	assert_int_equal(sim_apdu(f->card, VERIFY WRONG_PIN), 0x63C2);
	is_over(f, 2);
	ok(login(&f->at));
	ok(sign(&f->at, 0x9A));
}

static void one_try_left(void **state)
{
	struct fixture *f = *state;
	int tries;

	ok(login(&f->at));
	assert_int_equal(sim_apdu(f->card, VERIFY WRONG_PIN), 0x63C2);
	assert_int_equal(sim_apdu(f->card, VERIFY WRONG_PIN), 0x63C1);
	is_over(f, 1);
	ok(token_login(&f->at, TOKEN_USER, text(SIM_PIN), TOKEN_ALLOW_LAST_TRY, &tries));
	/* a card that has one try in all shows nothing but one left */
	assert_int_equal(sim_apdu(f->card, VERIFY WRONG_PIN), 0x63C2);
	assert_int_equal(sim_apdu(f->card, VERIFY WRONG_PIN), 0x63C1);
	(void)sim_apdu(f->card, VERIFY WRONG_PIN);
	is_over(f, 0);
}

/* The PIN is another one now: one try, once, and only because the card says that all are left. */
static void changed_elsewhere(void **state)
{
	struct fixture *f = *state;
	int tries;

	ok(login(&f->at));
	assert_int_equal(sim_apdu(f->card, CHANGE_PIN RIGHT_PIN OTHER_PIN), 0x9000);
	end_login(f);
	is_over(f, 2);
	ok(token_login(&f->at, TOKEN_USER, text("654321"), 0, &tries));
	ok(sign(&f->at, 0x9A));
	end_login(f);
	ok(sign(&f->at, 0x9A));
}

/* Another card at the same place, with the same PIN: it gets none. */
static void other_serial(void **state)
{
	struct fixture *f = *state;
	struct sim_card *other = sim_card_new(815);
	size_t before;

	ok(login(&f->at));
	sim_insert(f->sim, 0, other);
	before = sim_ins(other, ECERT_INS_VERIFY);
	assert_int_not_equal(sign(&f->at, 0x9A), ECERT_OK);
	assert_int_equal(sim_ins(other, ECERT_INS_VERIFY), before);
	assert_int_equal(token_user(&f->at), TOKEN_NOBODY);
	/* nor does the first one when it comes back */
	sim_insert(f->sim, 0, f->card);
	before = verifies(f);
	assert_int_not_equal(sign(&f->at, 0x9A), ECERT_OK);
	assert_int_equal(verifies(f), before);
	sim_insert(f->sim, 0, NULL);
	sim_card_free(&other);
}

struct swap {
	uint32_t serial; /* 0: as it is */
};

/* The reader says nothing, and the card behind it says another serial number. */
static void lie(void *arg, struct rd command, uint8_t *resp, size_t *len)
{
	const struct swap *s = arg;
	const uint8_t mine[4] = {0, 0, 0x12, 0x67};
	uint8_t *at;

	(void)command;
	at = s->serial ? memmem(resp, *len, mine, sizeof mine) : NULL;
	if (at != NULL)
		at[3] = (uint8_t)s->serial;
}

static void other_serial_unseen(void **state)
{
	struct fixture *f = *state;
	struct swap s = {0};
	size_t before;

	sim_hooks(f->card, NULL, lie, &s);
	ok(login(&f->at));
	ok(sign(&f->at, 0x9A));
	s.serial = 9;
	sim_reset(f->card);
	before = verifies(f);
	assert_int_not_equal(sign(&f->at, 0x9A), ECERT_OK);
	assert_int_equal(verifies(f), before);
	assert_int_equal(token_user(&f->at), TOKEN_NOBODY);
	sim_hooks(f->card, NULL, NULL, NULL);
}

/* What was typed once never pays for a key that asks each time. */
static void never_for_always(void **state)
{
	struct fixture *f = *state;
	size_t before;

	ok(login(&f->at));
	ok(sign(&f->at, 0x9A));
	end_login(f);
	before = verifies(f);
	assert_int_equal(sign(&f->at, 0x9C), ECERT_E_AUTH);
	assert_int_equal(verifies(f), before);
	ok(sign(&f->at, 0x9A)); /* made good */
	assert_int_equal(sign(&f->at, 0x9C), ECERT_E_AUTH);
	/* nor when the login itself would still have paid */
	ok(token_logout(&f->at));
	ok(login(&f->at));
	end_login(f);
	assert_int_equal(sign(&f->at, 0x9C), ECERT_E_AUTH);
	ok(sign(&f->at, 0x9A));
	assert_int_equal(sign(&f->at, 0x9C), ECERT_E_AUTH);
	ok(login_once(&f->at, 0x9C));
	ok(sign(&f->at, 0x9C));
	ok(sign(&f->at, 0x9A));
}

static void objects_behind_the_pin(void **state)
{
	struct fixture *f = *state;
	struct buf out = BUF_INIT(4096);

	sim_protect(f->sim, 0, SIM_MGM);
	ok(login(&f->at));
	end_login(f);
	ok(token_data_get(&f->at, ECERT_OBJ_PRINTED, &out));
	assert_true(buf_len(&out) > 24);
	buf_reset(&out);
	sim_reset(f->card);
	ok(token_data_get(&f->at, ECERT_OBJ_PRINTED, &out));
	assert_int_equal(sim_apdu(f->card, VERIFY WRONG_PIN), 0x63C2);
	assert_int_equal(token_data_get(&f->at, ECERT_OBJ_PRINTED, &out), ECERT_E_AUTH);
	assert_int_equal(token_user(&f->at), TOKEN_NOBODY);
	assert_int_equal(sim_tries(f->card), 2);
	buf_free(&out);
}

/* The card that is verified by somebody gets no PIN from here. */
static void verified_by_another(void **state)
{
	struct fixture *f = *state;
	struct token_info info;
	size_t before;

	ok(login(&f->at));
	end_login(f);
	(void)usleep(1100000);
	ok(token_info(&f->at, &info));
	assert_int_equal(sim_apdu(f->card, VERIFY RIGHT_PIN), 0x9000);
	before = verifies(f);
	ok(sign(&f->at, 0x9A));
	assert_int_equal(verifies(f), before + 1); /* the empty one */
}

/* A card without metadata: as many as it ever showed. */
static void without_metadata(void **state)
{
	const struct tokens_config cfg = {.reverify = true};
	struct fixture *f = *state;

	sim_plain(f->card);
	open_as(f, &cfg);
	ok(login(&f->at));
	end_login(f);
	ok(sign(&f->at, 0x9A));
	assert_int_equal(sim_apdu(f->card, VERIFY WRONG_PIN), 0x63C2);
	is_over(f, 2);
}

static void turned_off(void **state)
{
	const struct tokens_config cfg = {.reverify = false},
				   strict = {.reverify = true, .isolation = ISOLATION_STRICT};
	struct fixture *f = *state;

	open_as(f, &cfg);
	ok(login(&f->at));
	end_login(f);
	is_over(f, 3);
	/* strict isolation has its own way, and loses its login by a reset as before */
	open_as(f, &strict);
	ok(login(&f->at));
	ok(sign(&f->at, 0x9A));
	assert_false(sim_verified(f->card));
	sim_reset(f->card);
	is_over(f, 3);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {T(logged_out_by_another), T(reset_by_another),
	    T(two_clients), T(tries_reduced), T(one_try_left), T(changed_elsewhere),
	    T(other_serial), T(other_serial_unseen), T(never_for_always), T(objects_behind_the_pin),
	    T(verified_by_another), T(without_metadata), T(turned_off)};

	return cmocka_run_group_tests_name("token reverify", tests, NULL, NULL);
}
