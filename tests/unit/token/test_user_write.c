/* SPDX-License-Identifier: BSD-2-Clause */
/* Writing as the user: with the key behind the PIN or in a file, for one write at a time. */
#include <stdio.h>
#include <sys/stat.h>

#include "tests/unit/token/token_fixture.h"

#include "ecert/piv_const.h"
#include "token/hold.h"
#include "token/mgmkey.h"
#include "token/conn/pinstate.h"

/* Locked memory runs out on request. */
static bool no_secrets;

enum ecert_rc __real_secret_alloc(size_t n, void **out);
enum ecert_rc __wrap_secret_alloc(size_t n, void **out);

enum ecert_rc __wrap_secret_alloc(size_t n, void **out)
{
	*out = NULL;
	/* That for what is kept, not that for what is sent. */
	return no_secrets && n == PINSTATE_SECRET_MAX ? ECERT_E_MEMORY
						      : __real_secret_alloc(n, out);
}

#define WRONG_MGM "0102030405060708010203040506070801020304050607ff"

static char key_path[64];

/* A client that may write as the user, with this key file or without. */
static struct fixture *start(enum token_isolation isolation, const char *file)
{
	struct fixture *f = fixture_new(ISOLATION_SESSION, 4711);
	const struct tokens_config cfg = {
	    .isolation = isolation, .user_writes = true, .management_key_file = file};

	tokens_close(&f->tokens);
	f->tokens = sim_tokens_as(f->sim, &cfg);
	f->at = (struct token_at){.tokens = f->tokens};
	return f;
}

static void key_file(const char *content, mode_t mode)
{
	FILE *out;

	(void)snprintf(key_path, sizeof key_path, "/tmp/ecert-mgm.%d", (int)getpid());
	(void)unlink(key_path);
	out = fopen(key_path, "w");
	assert_non_null(out);
	assert_true(fputs(content, out) >= 0);
	assert_int_equal(fclose(out), 0);
	assert_int_equal(chmod(key_path, mode), 0);
}

static enum ecert_rc make_key(struct fixture *f, uint8_t ref)
{
	const struct token_newkey spec = {.ref = ref, .alg = KEY_P256};
	struct pubkey *pub = NULL;
	enum ecert_rc rc = token_key_generate(&f->at, &spec, &pub);

	assert_int_equal(pub != NULL, rc == ECERT_OK);
	pubkey_free(&pub);
	return rc;
}

static enum ecert_rc there(struct fixture *f, uint8_t ref)
{
	struct token_key key;
	enum ecert_rc rc = token_key_get(&f->at, ref, &key);

	token_key_clear(&key);
	return rc;
}

/* The card is left as it was found: nobody's administrator, the PIN for nobody else. */
static void left_clean(struct fixture *f)
{
	assert_false(sim_administrator(f->card));
	assert_false(sim_held(f->card));
	assert_int_equal(sim_tries(f->card), 3);
}

static void off_is_refused(void **state)
{
	struct fixture *f = fixture_new(ISOLATION_SESSION, 4711);

	(void)state;
	sim_protect(f->sim, 0, SIM_MGM);
	ok(login(&f->at));
	(void)fixture_apdus(f);
	assert_int_equal(make_key(f, 0x82), ECERT_E_AUTH);
	assert_int_equal(fixture_apdus(f), 0);
	assert_int_equal(token_user(&f->at), TOKEN_USER);
	assert_int_equal(token_write_as_user(&f->at, NULL), ECERT_E_AUTH);
	fixture_free(f);
}

static void with_the_protected_key(void **state)
{
	struct fixture *f = start(ISOLATION_SESSION, NULL);
	struct buf der = BUF_INIT(8192);
	uint32_t generation;
	struct token_info info;

	(void)state;
	sim_protect(f->sim, 0, SIM_MGM);
	assert_int_equal(make_key(f, 0x82), ECERT_E_AUTH);
	ok(login(&f->at));
	ok(token_info(&f->at, &info));
	generation = info.generation;
	assert_true(sim_verified(f->card));
	ok(make_key(f, 0x82));
	left_clean(f);
	/* The login goes on, but no program can ride on it. */
	assert_false(sim_verified(f->card));
	assert_int_equal(token_user(&f->at), TOKEN_USER);
	ok(sign(&f->at, 0x82));
	ok(sign(&f->at, 0x9A));
	assert_false(sim_verified(f->card));
	ok(token_cert_get(&f->at, 0x9A, &der));
	ok(token_cert_put(&f->at, 0x82, buf_view(&der)));
	ok(token_cert_put(&f->at, 0x82, rd_of(NULL, 0)));
	ok(token_label_put(&f->at, "Shop"));
	ok(token_data_put(&f->at, ECERT_OBJ_ECERT_MARK, text("mark")));
	ok(token_key_delete(&f->at, 0x82));
	assert_int_equal(there(f, 0x82), ECERT_E_NOT_FOUND);
	left_clean(f);
	ok(token_info(&f->at, &info));
	assert_int_equal(info.generation, generation);
	ok(token_logout(&f->at));
	assert_int_equal(make_key(f, 0x82), ECERT_E_AUTH);
	buf_free(&der);
	fixture_free(f);
}

static void under_strict_isolation(void **state)
{
	struct fixture *f = start(ISOLATION_STRICT, NULL);

	(void)state;
	sim_protect(f->sim, 0, SIM_MGM);
	ok(login(&f->at));
	ok(make_key(f, 0x82));
	left_clean(f);
	ok(sign(&f->at, 0x82));
	ok(make_key(f, 0x82));
	ok(token_logout(&f->at));
	fixture_free(f);
}

/* A key with PIN always is never paid for by what was kept. */
static void pays_for_nothing(void **state)
{
	struct fixture *f = start(ISOLATION_SESSION, NULL);

	(void)state;
	sim_protect(f->sim, 0, SIM_MGM);
	ok(login(&f->at));
	ok(make_key(f, 0x82));
	assert_int_equal(sign(&f->at, 0x9C), ECERT_E_AUTH);
	ok(login_once(&f->at, 0x9C));
	ok(sign(&f->at, 0x9C));
	/* nor is a transaction that waits for its operation in the way */
	ok(login_once(&f->at, 0x9C));
	ok(make_key(f, 0x82));
	left_clean(f);
	assert_int_equal(sign(&f->at, 0x9C), ECERT_E_AUTH);
	fixture_free(f);
}

static void no_key_and_a_wrong_one(void **state)
{
	static const char *const bad[] = {NULL, WRONG_MGM};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct fixture *f = start(i == 0 ? ISOLATION_SESSION : ISOLATION_STRICT, NULL);

		if (bad[i] != NULL)
			sim_protect(f->sim, 0, bad[i]);
		ok(login(&f->at));
		assert_int_equal(make_key(f, 0x82), ECERT_E_DENIED);
		left_clean(f);
		assert_int_equal(there(f, 0x82), ECERT_E_NOT_FOUND);
		assert_int_equal(token_user(&f->at), TOKEN_USER);
		assert_int_equal(sim_verified(f->card), i == 0);
		ok(sign(&f->at, 0x9A));
		fixture_free(f);
	}
}

/* Whoever may write as the user must not lock itself out, nor swap the key. */
static void the_key_itself_is_not_written(void **state)
{
	struct fixture *f = start(ISOLATION_SESSION, NULL);

	(void)state;
	sim_protect(f->sim, 0, SIM_MGM);
	ok(login(&f->at));
	assert_int_equal(token_data_put(&f->at, ECERT_OBJ_PRINTED, text("x")), ECERT_E_DENIED);
	assert_int_equal(token_data_put(&f->at, ECERT_OBJ_ADMIN, text("x")), ECERT_E_DENIED);
	/* nor by a number that ends in theirs */
	assert_int_equal(
	    token_data_put(&f->at, 0x01000000 | ECERT_OBJ_PRINTED, text("x")), ECERT_E_ARG);
	assert_int_equal(
	    token_data_put(&f->at, 0xFF000000 | ECERT_OBJ_ADMIN, text("x")), ECERT_E_ARG);
	left_clean(f);
	ok(make_key(f, 0x82));
	fixture_free(f);
}

/* What lies behind the PIN is not read under another name either, while somebody is verified. */
static void objects_have_one_name(void **state)
{
	struct fixture *f = fixture_new(ISOLATION_SESSION, 4711);
	struct buf out = BUF_INIT(4096);

	(void)state;
	sim_protect(f->sim, 0, SIM_MGM);
	assert_int_equal(token_data_get(&f->at, ECERT_OBJ_PRINTED, &out), ECERT_E_AUTH);
	assert_int_equal(sim_apdu(f->card, "0020008008313233343536FFFF"), 0x9000);
	assert_int_equal(token_data_get(&f->at, ECERT_OBJ_PRINTED, &out), ECERT_E_AUTH);
	assert_int_equal(token_data_get(&f->at, 0x01000000 | ECERT_OBJ_PRINTED, &out), ECERT_E_ARG);
	assert_int_equal(buf_len(&out), 0);
	buf_free(&out);
	fixture_free(f);
}

/* The right that ecertd lends is for one write within one window, and so is the key it points to.
 */
static void a_right_ends_with_its_window(void **state)
{
	struct fixture *f = fixture_new(ISOLATION_SESSION, 4711);

	(void)state;
	sim_protect(f->sim, 0, SIM_MGM);
	ok(token_hold(&f->at));
	ok(login(&f->at));
	ok(token_write_as_user(&f->at, NULL));
	/* refused before anything was asked for: the right was not used */
	assert_int_equal(
	    token_label_put(&f->at, "a label of more than thirty-two bytes"), ECERT_E_DATA_LEN);
	ok(token_logout(&f->at));
	token_release(&f->at);
	ok(token_hold(&f->at));
	ok(login(&f->at));
	assert_int_equal(make_key(f, 0x82), ECERT_E_AUTH);
	ok(token_logout(&f->at));
	token_release(&f->at);
	left_clean(f);
	fixture_free(f);
}

/* A PIN that cannot be kept is no login, and no other program's either. */
static void a_pin_that_cannot_be_kept(void **state)
{
	int tries;

	(void)state;
	for (int strict = 0; strict < 2; strict++) {
		struct fixture *f = start(strict ? ISOLATION_STRICT : ISOLATION_SESSION, NULL);

		no_secrets = true;
		assert_int_equal(login(&f->at), ECERT_E_MEMORY);
		no_secrets = false;
		assert_int_equal(token_user(&f->at), TOKEN_NOBODY);
		assert_false(sim_verified(f->card));
		ok(login(&f->at));
		no_secrets = true;
		assert_int_equal(token_change_secret(
				     &f->at, SECRET_PIN, text(SIM_PIN), text("654321"), 0, &tries),
		    ECERT_E_MEMORY);
		no_secrets = false;
		/* the old one is never tried again */
		assert_int_equal(token_user(&f->at), TOKEN_NOBODY);
		assert_false(sim_verified(f->card));
		assert_int_equal(make_key(f, 0x82), ECERT_E_AUTH);
		assert_int_equal(sim_tries(f->card), 3);
		fixture_free(f);
	}
}

static void by_a_file(void **state)
{
	static const struct {
		const char *content;
		mode_t mode;
		enum ecert_rc rc;
	} rows[] = {
	    {SIM_MGM "\n", 0600, ECERT_OK},
	    {SIM_MGM, 0400, ECERT_OK},
	    /* an escrow's is longer than this card's: its first bytes */
	    {"{\n  \"format\": \"ecert-escrow-1\",\n  \"management_key\": \"" SIM_MGM
	     "aaaaaaaaaaaaaaaa\"\n}\n",
		0600, ECERT_OK},
	    {SIM_MGM "aaaaaaaaaaaaaaaa", 0600, ECERT_E_DENIED},
	    {WRONG_MGM, 0600, ECERT_E_DENIED},
	    {SIM_MGM, 0640, ECERT_E_DENIED},
	    {SIM_MGM, 0604, ECERT_E_DENIED},
	    {"", 0600, ECERT_E_DENIED},
	    {"{ \"pin\": \"123456\" }", 0600, ECERT_E_DENIED},
	    {"sixteen letters.", 0600, ECERT_E_DENIED},
	    {"{ \"management_key\": \"0102", 0600, ECERT_E_DENIED},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct fixture *f;

		key_file(rows[i].content, rows[i].mode);
		f = start(ISOLATION_SESSION, key_path);
		ok(login(&f->at));
		assert_int_equal(make_key(f, 0x82), rows[i].rc);
		left_clean(f);
		assert_int_equal(
		    there(f, 0x82), rows[i].rc == ECERT_OK ? ECERT_OK : ECERT_E_NOT_FOUND);
		ok(sign(&f->at, 0x9A));
		fixture_free(f);
	}
	(void)unlink(key_path);
	{
		struct fixture *f = start(ISOLATION_SESSION, key_path);

		ok(login(&f->at));
		assert_int_equal(make_key(f, 0x82), ECERT_E_DENIED);
		fixture_free(f);
	}
}

/* An AES-256 key whose bytes happen to be hexadecimal digits is not taken for such. */
static void a_key_of_digits(void **state)
{
	static const char key[] =
	    "3031323334353637383961626364656630313233343536373839616263646566";
	struct fixture *f = start(ISOLATION_SESSION, NULL);
	char set[100];
	int tries;

	(void)state;
	sim_protect(f->sim, 0, key);
	ok(token_login(&f->at, TOKEN_SO, text(SIM_MGM), 0, &tries));
	(void)snprintf(set, sizeof set, "00FFFFFF230C9B20%s", key);
	assert_int_equal(sim_apdu(f->card, set), 0x9000);
	ok(token_logout(&f->at));
	ok(login(&f->at));
	ok(make_key(f, 0x82));
	left_clean(f);
	fixture_free(f);
}

/* Another program's reset or PIN change ends the login here as everywhere. */
static void lost_logins(void **state)
{
	struct fixture *f = start(ISOLATION_SESSION, NULL);

	(void)state;
	sim_protect(f->sim, 0, SIM_MGM);
	ok(login(&f->at));
	sim_reset(f->card);
	assert_int_equal(make_key(f, 0x82), ECERT_E_RESET);
	assert_int_equal(token_user(&f->at), TOKEN_NOBODY);
	left_clean(f);
	ok(login(&f->at));
	assert_int_equal(sim_apdu(f->card, "0020FF80"), 0x9000);
	assert_int_equal(make_key(f, 0x82), ECERT_E_AUTH);
	assert_int_equal(token_user(&f->at), TOKEN_NOBODY);
	ok(login(&f->at));
	ok(make_key(f, 0x82));
	assert_int_equal(sim_apdu(f->card, "0024008010313233343536FFFF363534333231FFFF"), 0x9000);
	assert_int_equal(make_key(f, 0x82), ECERT_E_AUTH);
	assert_int_equal(token_user(&f->at), TOKEN_NOBODY);
	assert_int_equal(sim_tries(f->card), 2);
	fixture_free(f);
}

static void another_application_selected(void **state)
{
	struct fixture *f = start(ISOLATION_SESSION, NULL);

	(void)state;
	sim_protect(f->sim, 0, SIM_MGM);
	ok(login(&f->at));
	sim_select_other(f->card, false);
	ok(make_key(f, 0x82));
	left_clean(f);
	sim_select_other(f->card, true);
	ok(make_key(f, 0x82));
	left_clean(f);
	fixture_free(f);
}

static void pin_changed_by_ourselves(void **state)
{
	struct fixture *f = start(ISOLATION_SESSION, NULL);
	int tries;

	(void)state;
	sim_protect(f->sim, 0, SIM_MGM);
	ok(login(&f->at));
	ok(token_change_secret(&f->at, SECRET_PIN, text(SIM_PIN), text("654321"), 0, &tries));
	ok(make_key(f, 0x82));
	ok(sign(&f->at, 0x82));
	ok(token_change_secret(&f->at, SECRET_PIN, text("654321"), text(SIM_PIN), 0, &tries));
	ok(make_key(f, 0x82));
	left_clean(f);
	fixture_free(f);
}

/* Every command of a write is where the card may answer nonsense, or have been reset. */
struct cut {
	size_t at, seen;
	enum ecert_rc rc;
	bool armed;
};

static enum ecert_rc cut_here(void *arg, struct sim_card *c, size_t number)
{
	struct cut *cut = arg;

	(void)c;
	(void)number;
	return cut->armed && cut->seen++ == cut->at ? cut->rc : ECERT_OK;
}

static size_t fail_each(enum token_isolation isolation, enum ecert_rc with)
{
	size_t failed = 0;

	for (size_t at = 0; at < 20; at++) {
		struct fixture *f = start(isolation, NULL);
		struct cut cut = {.at = at, .rc = with};
		enum ecert_rc rc;

		sim_protect(f->sim, 0, SIM_MGM);
		sim_hooks(f->card, cut_here, NULL, &cut);
		ok(login(&f->at));
		cut.armed = true;
		rc = make_key(f, 0x82);
		cut.armed = false;
		failed += rc != ECERT_OK;
		assert_false(sim_administrator(f->card));
		assert_false(sim_held(f->card));
		assert_int_equal(sim_tries(f->card), 3);
		/* what is told as the end of the login is its end */
		if (rc == ECERT_E_RESET || rc == ECERT_E_AUTH)
			assert_int_equal(token_user(&f->at), TOKEN_NOBODY);
		sim_hooks(f->card, NULL, NULL, NULL);
		fixture_free(f);
	}
	return failed;
}

static void every_command_may_fail(void **state)
{
	(void)state;
	assert_true(fail_each(ISOLATION_SESSION, ECERT_E_CARD) >= 5);
	assert_true(fail_each(ISOLATION_SESSION, ECERT_E_RESET) >= 5);
	assert_true(fail_each(ISOLATION_STRICT, ECERT_E_RESET) >= 5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(off_is_refused),
	    cmocka_unit_test(with_the_protected_key),
	    cmocka_unit_test(under_strict_isolation),
	    cmocka_unit_test(pays_for_nothing),
	    cmocka_unit_test(no_key_and_a_wrong_one),
	    cmocka_unit_test(the_key_itself_is_not_written),
	    cmocka_unit_test(objects_have_one_name),
	    cmocka_unit_test(a_right_ends_with_its_window),
	    cmocka_unit_test(a_pin_that_cannot_be_kept),
	    cmocka_unit_test(by_a_file),
	    cmocka_unit_test(a_key_of_digits),
	    cmocka_unit_test(lost_logins),
	    cmocka_unit_test(another_application_selected),
	    cmocka_unit_test(pin_changed_by_ourselves),
	    cmocka_unit_test(every_command_may_fail),
	};

	return cmocka_run_group_tests_name("user_write", tests, NULL, NULL);
}
