/* SPDX-License-Identifier: BSD-2-Clause */
/* The card layer with a whole card: every function of card.h on the reference applet. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
/* cmocka wants the three above first */
#include <cmocka.h>

#include "card/card.h"
#include "ecert/piv_const.h"
#include "tests/unit/token/sim.h"

#define ok(expression)	   assert_int_equal(expression, ECERT_OK)
#define is(expression, rc) assert_int_equal(expression, ECERT_E_##rc)

static const uint8_t mgm_bytes[32] = {
    1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 6, 7, 8};
static const struct rd pin = {(const uint8_t *)"123456", 6};
static const struct rd puk = {(const uint8_t *)"12345678", 8};
static const struct rd other = {(const uint8_t *)"654321", 6};

struct world {
	struct sim *sim;
	struct sim_card *applet;
	struct readers *readers;
	struct card *c;
};

static void reconnect(struct world *w)
{
	struct channel *ch = NULL;

	card_close(&w->c);
	ok(channel_open(w->readers, "Sim reader 00 00", &ch));
	ok(card_open(&ch, &w->c));
}

static int setup(void **state)
{
	struct world *w = test_calloc(1, sizeof *w);

	w->sim = sim_new(1);
	w->applet = sim_card_new(4711);
	sim_insert(w->sim, 0, w->applet);
	w->readers = sim_readers(w->sim);
	reconnect(w);
	*state = w;
	return 0;
}

static int teardown(void **state)
{
	struct world *w = *state;

	card_close(&w->c);
	readers_close(&w->readers);
	sim_card_free(&w->applet);
	sim_free(&w->sim);
	test_free(w);
	return 0;
}

static void admin(struct world *w)
{
	ok(card_auth_mgm(w->c, rd_of(mgm_bytes, 24)));
}

static void who_it_is(void **state)
{
	struct world *w = *state;
	struct card_identity id;
	unsigned unknown;

	ok(card_identity(w->c, &id));
	assert_string_equal(id.model, "e-Cert PIV");
	assert_string_equal(id.serial, "4711");
	assert_int_equal(card_features(w->c, &unknown), CARD_FEATURES_ALL);
	assert_int_equal(unknown, 0);
	/* The same card without its extensions is any PIV card. */
	sim_plain(w->applet);
	reconnect(w);
	ok(card_identity(w->c, &id));
	assert_string_equal(id.model, "PIV");
	assert_int_equal(strlen(id.serial), 32); /* the GUID of the CHUID */
	assert_false(card_features(w->c, &unknown) & (CARD_HAS_ECERT | CARD_HAS_SERIAL));
	/* And one that is no PIV card is none. */
	sim_foreign(w->applet, true);
	card_close(&w->c);
	struct channel *ch = NULL;
	ok(channel_open(w->readers, "Sim reader 00 00", &ch));
	is(card_open(&ch, &w->c), UNRECOGNISED);
	assert_null(ch);
	assert_null(w->c);
}

static void pins(void **state)
{
	struct world *w = *state;
	struct card_pin_status s;
	int tries = 0;

	ok(card_pin_metadata(w->c, CARD_PIN_APPLICATION, &s));
	assert_true(s.is_default && s.default_known && s.tries == 3 && s.tries_max == 3);
	is(card_verify(w->c, other, &tries), PIN_WRONG);
	assert_int_equal(tries, 2);
	ok(card_verify(w->c, pin, &tries));
	ok(card_pin_status(w->c, CARD_PIN_APPLICATION, &s));
	assert_true(s.verified && s.tries == -1);
	ok(card_logout(w->c));
	ok(card_pin_status(w->c, CARD_PIN_APPLICATION, &s));
	assert_true(!s.verified && s.tries == 3);
	ok(card_change_pin(w->c, CARD_PIN_APPLICATION, pin, other, &tries));
	ok(card_pin_metadata(w->c, CARD_PIN_APPLICATION, &s));
	assert_false(s.is_default);
	is(card_change_pin(w->c, CARD_PUK, other, puk, &tries), PIN_WRONG);
	is(card_verify(w->c, pin, &tries), PIN_WRONG);
	is(card_verify(w->c, pin, &tries), PIN_WRONG);
	is(card_verify(w->c, pin, &tries), PIN_BLOCKED);
	assert_int_equal(tries, 0);
	is(card_verify(w->c, other, &tries), PIN_BLOCKED);
	is(card_unblock(w->c, other, pin, &tries), PIN_WRONG);
	ok(card_unblock(w->c, puk, pin, &tries));
	ok(card_verify(w->c, pin, &tries));
	admin(w);
	ok(card_set_retries(w->c, 5, 4));
	ok(card_pin_status(w->c, CARD_PUK, &s));
	assert_true(s.tries == 4 && s.tries_max == 4);
	is(card_verify_pinpad(w->c, &tries), UNSUPPORTED);
}

static void management(void **state)
{
	static const struct {
		enum card_mgm alg;
		size_t n;
	} keys[] = {{MGM_3DES, 24}, {MGM_AES128, 16}, {MGM_AES256, 32}, {MGM_AES192, 24}};
	uint8_t key[32];
	struct world *w = *state;
	bool is_default = false;

	memset(key, 0x5B, sizeof key);
	is(card_auth_mgm(w->c, rd_of(key, 24)), PIN_WRONG);
	assert_false(card_mgm_authenticated(w->c));
	is(card_auth_mgm(w->c, rd_of(key, 17)), DATA_LEN);
	/* The card's key is longer: this one is wrong. */
	is(card_auth_mgm(w->c, rd_of(key, 16)), PIN_WRONG);
	admin(w);
	assert_true(card_mgm_authenticated(w->c));
	ok(card_mgm_is_default(w->c, &is_default));
	assert_true(is_default);
	for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
		ok(card_set_mgm(w->c, keys[i].alg, rd_of(key, keys[i].n)));
		ok(card_power_reset(w->c));
		reconnect(w);
		assert_false(card_mgm_authenticated(w->c));
		ok(card_auth_mgm(w->c, rd_of(key, keys[i].n)));
	}
	ok(card_mgm_is_default(w->c, &is_default));
	assert_false(is_default);
}

static void objects(void **state)
{
	struct world *w = *state;
	struct buf b = BUF_INIT(CARD_OBJECT_MAX);
	uint8_t big[2500];

	for (size_t i = 0; i < sizeof big; i++)
		big[i] = (uint8_t)(i * 7);
	is(card_object_put(w->c, ECERT_OBJ_PRINTED, pin), AUTH);
	admin(w);
	ok(card_object_put(w->c, ECERT_OBJ_PRINTED, rd_of(big, sizeof big)));
	is(card_object_get(w->c, ECERT_OBJ_PRINTED, &b), AUTH);
	ok(card_verify(w->c, pin, &(int){0}));
	ok(card_object_get(w->c, ECERT_OBJ_PRINTED, &b));
	assert_int_equal(buf_len(&b), sizeof big);
	assert_memory_equal(buf_view(&b).p, big, sizeof big);
	ok(card_object_put(w->c, ECERT_OBJ_PRINTED, rd_of(NULL, 0)));
	buf_reset(&b);
	is(card_object_get(w->c, ECERT_OBJ_PRINTED, &b), NOT_FOUND);
	buf_reset(&b);
	ok(card_object_get(w->c, ECERT_OBJ_DISCOVERY, &b));
	is(card_object_put(w->c, ECERT_OBJ_MSROOTS1, rd_of(big, 0x10000)), TOO_LARGE);
	/* Certificates, plain and squeezed; a slot without one has no tag. */
	for (int gzip = 0; gzip < 2; gzip++) {
		ok(card_cert_put(w->c, 0x9A, rd_of(big, 2000), gzip != 0));
		buf_reset(&b);
		ok(card_cert_get(w->c, 0x9A, &b));
		assert_int_equal(buf_len(&b), 2000);
		assert_memory_equal(buf_view(&b).p, big, 2000);
	}
	ok(card_cert_put(w->c, 0x9A, rd_of(NULL, 0), false));
	buf_reset(&b);
	is(card_cert_get(w->c, 0x9A, &b), NOT_FOUND);
	is(card_cert_get(w->c, 0x77, &b), ARG);
	is(card_cert_put(w->c, 0x77, pin, false), ARG);
	assert_int_equal(card_cert_tag(0xF9), ECERT_OBJ_CERT_F9);
	buf_free(&b);
}

static void make_and_use(
    struct world *w, uint8_t ref, enum key_alg alg, enum card_op op, size_t n, size_t out)
{
	struct buf b = BUF_INIT(4096);
	struct pubkey *pub = NULL;
	struct card_key k;
	struct rd point;
	uint8_t in[64] = {7};

	ok(card_key_generate(w->c, ref, alg, PIN_ONCE, TOUCH_NEVER, &pub));
	ok(card_key_get(w->c, ref, &k));
	assert_true(k.alg == alg && k.pin == PIN_ONCE && k.touch == TOUCH_NEVER);
	assert_true(k.origin == ORIGIN_GENERATED && pubkey_equal(k.pub, pub));
	ok(pubkey_point(pub, &point));
	if (op == CARD_DERIVE) {
		ok(card_key_use(w->c, ref, alg, op, point, &b));
	} else {
		ok(card_key_use(w->c, ref, alg, op, rd_of(in, n), &b));
		ok(pubkey_check(pub, rd_of(in, n), buf_view(&b)));
	}
	assert_int_equal(buf_len(&b), out);
	card_key_clear(&k);
	pubkey_free(&pub);
	buf_free(&b);
}

static void keys(void **state)
{
	struct world *w = *state;
	struct buf b = BUF_INIT(4096);
	struct pubkey *pub = NULL;
	struct card_status s;
	struct card_key k;
	uint32_t mask = 0;

	is(card_key_generate(w->c, 0x9A, KEY_P256, PIN_ONCE, TOUCH_NEVER, &pub), AUTH);
	assert_null(pub);
	admin(w);
	ok(card_verify(w->c, pin, &(int){0}));
	is(card_key_get(w->c, 0x9A, &k), NOT_FOUND);
	make_and_use(w, 0x9A, KEY_P256, CARD_SIGN, 32, 64);
	make_and_use(w, 0x9C, KEY_P384, CARD_SIGN, 48, 96);
	make_and_use(w, 0x9E, KEY_ED25519, CARD_SIGN, 20, 64);
	make_and_use(w, 0x82, KEY_SM2, CARD_SIGN, 32, 64);
	make_and_use(w, 0x9D, KEY_X25519, CARD_DERIVE, 0, 32);
	make_and_use(w, 0x95, KEY_P256, CARD_DERIVE, 0, 32);
	ok(card_retired_keys(w->c, &mask));
	assert_int_equal(mask, 1u | 1u << 19);
	ok(card_status(w->c, true, &s));
	assert_int_equal(s.n, 7); /* F9 as well */
	ok(card_attest(w->c, 0x9A, &b));
	assert_true(buf_len(&b) > 200);
	ok(card_key_move(w->c, 0x95, 0x83));
	ok(card_key_move(w->c, 0x83, 0xFF));
	is(card_key_get(w->c, 0x83, &k), NOT_FOUND);
	is(card_key_move(w->c, 0x83, 0x84), NOT_FOUND);
	ok(card_logout(w->c));
	buf_reset(&b);
	is(card_key_use(w->c, 0x9A, KEY_P256, CARD_SIGN, rd_of(mgm_bytes, 32), &b), AUTH);
	assert_int_equal(buf_len(&b), 0);
	buf_free(&b);
}

static void imported(void **state)
{
	struct world *w = *state;
	const struct card_private key = {KEY_P256, {rd_of(mgm_bytes, 32)}};
	const struct card_private short_one = {KEY_P256, {rd_of(mgm_bytes, 31)}};
	struct buf b = BUF_INIT(4096);
	struct card_key k;

	is(card_key_import(w->c, 0x9C, &key, PIN_NEVER, TOUCH_NEVER), AUTH);
	admin(w);
	assert_int_not_equal(
	    card_key_import(w->c, 0x9C, &short_one, PIN_NEVER, TOUCH_NEVER), ECERT_OK);
	ok(card_key_import(w->c, 0x9C, &key, PIN_NEVER, TOUCH_NEVER));
	ok(card_key_get(w->c, 0x9C, &k));
	assert_int_equal(k.origin, ORIGIN_IMPORTED);
	ok(card_key_use(w->c, 0x9C, KEY_P256, CARD_SIGN, rd_of(mgm_bytes, 32), &b));
	ok(pubkey_check(k.pub, rd_of(mgm_bytes, 32), buf_view(&b)));
	/* Only keys that were made there are attested. */
	buf_reset(&b);
	is(card_attest(w->c, 0x9C, &b), DENIED);
	card_key_clear(&k);
	buf_free(&b);
}

static void resets(void **state)
{
	struct world *w = *state;
	struct card_pin_status s;
	int tries = 0;

	admin(w);
	sim_reset(w->applet);
	is(card_begin(w->c), RESET);
	assert_false(card_mgm_authenticated(w->c));
	ok(card_pin_status(w->c, CARD_PIN_APPLICATION, &s));
	card_end(w->c);
	assert_false(sim_held(w->applet));
	sim_select_other(w->applet, true);
	ok(card_reselect(w->c));
	is(card_factory_reset(w->c), DENIED);
	while (card_verify(w->c, other, &tries) != ECERT_E_PIN_BLOCKED)
		;
	while (card_unblock(w->c, other, other, &tries) != ECERT_E_PIN_BLOCKED)
		;
	ok(card_factory_reset(w->c));
	ok(card_verify(w->c, pin, &tries));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(who_it_is, setup, teardown),
	    cmocka_unit_test_setup_teardown(pins, setup, teardown),
	    cmocka_unit_test_setup_teardown(management, setup, teardown),
	    cmocka_unit_test_setup_teardown(objects, setup, teardown),
	    cmocka_unit_test_setup_teardown(keys, setup, teardown),
	    cmocka_unit_test_setup_teardown(imported, setup, teardown),
	    cmocka_unit_test_setup_teardown(resets, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
