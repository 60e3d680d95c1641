/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The power goes at every single write and erase of every command, before, within and after it.
 * The card must come back with the state before or the state after; secrets that died must be
 * gone from the flash. Then the same with a second cut while the card recovers from the first.
 */
#include "tests/unit/applet/tearing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define AREA	 (8u * 1024u)
#define OBJECTS	 8
#define PRIV_MAX 1280

/* Everything that a host or a thief could see of a state. */
struct state {
	uint32_t changes;
	uint8_t pin[8], puk[8], pin_max, puk_max;
	struct ap_tries tries;
	struct ap_mgm mgm;
	uint8_t map[7];
	struct {
		bool there;
		uint8_t alg, pin, touch, origin;
		uint32_t count;
		uint8_t pub[512], priv[PRIV_MAX];
	} key[AP_SLOTS];
	struct {
		size_t len;
		uint8_t value[1024];
	} object[OBJECTS];
};

static const uint32_t object_tags[OBJECTS] = {ECERT_OBJ_CHUID, ECERT_OBJ_CCC, ECERT_OBJ_CERT_9A,
    ECERT_OBJ_CERT_9C, ECERT_OBJ_PRINTED, ECERT_OBJ_ECERT_MARK, ECERT_OBJ_CERT_F9,
    HOST_OBJ_TEST_ROOT};

static void read_key(struct card *c, size_t i, struct state *s)
{
	struct ap_key key;
	uint16_t sw = ap_key_find(&c->ap, &ap_slots[i], &key);

	assert_true(sw == ECERT_SW_OK || sw == ECERT_SW_NO_REFERENCE);
	s->key[i].there = sw == ECERT_SW_OK;
	s->key[i].count = ap_key_count(&c->ap, ap_slots[i].ref);
	if (sw != ECERT_SW_OK)
		return;
	s->key[i].alg = key.alg->id;
	s->key[i].pin = key.pin;
	s->key[i].touch = key.touch;
	s->key[i].origin = key.origin;
	assert_sw(ap_key_public(&c->ap, &key, s->key[i].pub), ECERT_SW_OK);
	assert_sw(ap_key_private(&c->ap, &key, s->key[i].priv), ECERT_SW_OK);
}

static void read_state(struct card *c, struct state *s)
{
	struct ap_refs refs;
	const struct ap_entry *map = ap_st_find(&c->ap.st, AP_REC_MAP, 0);

	memset(s, 0, sizeof(*s));
	s->changes = c->ap.st.changes;
	assert_sw(ap_refs_load(&c->ap, &refs), ECERT_SW_OK);
	memcpy(s->pin, refs.pin, 8);
	memcpy(s->puk, refs.puk, 8);
	s->pin_max = refs.pin_max;
	s->puk_max = refs.puk_max;
	assert_sw(ap_tries_load(&c->ap, &s->tries), ECERT_SW_OK);
	assert_sw(ap_mgm_load(&c->ap, &s->mgm), ECERT_SW_OK);
	if (map != NULL)
		assert_int_equal(ap_st_read(&c->ap.st, map, 0, s->map, 7), AP_ST_OK);
	for (size_t i = 0; i < AP_SLOTS; i++)
		read_key(c, i, s);
	for (size_t i = 0; i < OBJECTS; i++)
		assert_int_equal(ap_object_get(&c->ap, object_tags[i], s->object[i].value,
				     sizeof(s->object[i].value), &s->object[i].len),
		    AP_ST_OK);
}

/* ---- the cutting ---- */

struct bench {
	struct card *c;
	uint8_t *base;
	uint32_t seed;
	const struct scenario *sc;
	struct state before, after, now;
	unsigned long cuts, bad;
};

static void power_on(struct card *c)
{
	c->dead = false;
	c->cut_at = 0;
	c->ops = 0;
	assert_int_equal(ap_init(&c->ap, &c->host.hal), AP_ST_OK);
}

static void restore(struct bench *b)
{
	memcpy(b->c->flash, b->base, 2 * AREA);
	b->c->seed = b->seed;
	power_on(b->c);
	if (b->sc->session != NULL)
		b->sc->session(b->c);
	b->c->ops = 0;
}

/* The tries may stand at one less than before: a power cut can cost one. They never rise alone. */
static bool tries_fit(uint8_t now, uint8_t before, uint8_t after)
{
	return now == before || now == after || now + 1 == before;
}

/* The states but for the tries, which are compared by their own rule. */
static bool same_but_tries(const struct state *a, const struct state *b)
{
	struct state x = *a;

	x.tries = b->tries;
	return memcmp(&x, b, sizeof(x)) == 0;
}

static bool secrets_gone(const struct card *c, const struct state *old, const struct state *now)
{
	for (size_t i = 0; i < AP_SLOTS; i++) {
		bool lives = false;

		if (!old->key[i].there)
			continue;
		for (size_t k = 0; k < AP_SLOTS; k++)
			lives = lives || memcmp(now->key[k].priv, old->key[i].priv, 32) == 0;
		if (!lives && card_flash_has(c, old->key[i].priv, 32))
			return false;
	}
	if (memcmp(old->mgm.key, now->mgm.key, 32) != 0 && card_flash_has(c, old->mgm.key, 16))
		return false;
	return memcmp(old->pin, now->pin, 8) == 0 || !card_flash_has(c, old->pin, 8);
}

/* After a cut and a new power on: is this one of the two states? */
static void judge(struct bench *b, unsigned long at, int mode)
{
	bool old, new, ok;

	read_state(b->c, &b->now);
	old = same_but_tries(&b->before, &b->now);
	new = same_but_tries(&b->after, &b->now);
	ok = (old || new) && tries_fit(b->now.tries.pin, b->before.tries.pin, b->after.tries.pin) &&
	     tries_fit(b->now.tries.puk, b->before.tries.puk, b->after.tries.puk) &&
	     secrets_gone(b->c, &b->before, &b->now);
	/* And it is a card that works: a further command is written and read back. */
	ok = ok && card_send(b->c, "00200080 08 393939393939FFFF") != ECERT_SW_MEMORY_FAILURE;
	b->cuts++;
	if (!ok) {
		b->bad++;
		printf("# %s: bad state after a cut at write %lu, mode %d (old %d, new %d)\n",
		    b->sc->name, at, mode, old, new);
	}
}

/* Cuts at write `at`; false when the command was over before. */
static bool cut_once(struct bench *b, unsigned long at, enum cut mode)
{
	restore(b);
	b->c->cut_at = at;
	b->c->mode = mode;
	(void)card_send(b->c, b->sc->send);
	return b->c->dead;
}

/* A second cut, at each write of the recovery from the first. */
static void cut_recovery(struct bench *b, unsigned long at, enum cut mode)
{
	for (unsigned long second = 1;; second++) {
		cut_once(b, at, mode);
		b->c->dead = false;
		b->c->ops = 0;
		b->c->cut_at = second;
		b->c->mode = CUT_HALF;
		(void)ap_init(&b->c->ap, &b->c->host.hal);
		if (!b->c->dead)
			return;
		power_on(b->c);
		judge(b, at, 10 + (int)mode);
	}
}

static void tear(struct bench *b)
{
	for (unsigned long at = 1;; at++) {
		for (int mode = 0; mode < CUT_MODES; mode++) {
			if (!cut_once(b, at, (enum cut)mode))
				return;
			power_on(b->c);
			judge(b, at, mode);
			if (mode == CUT_HALF)
				cut_recovery(b, at, CUT_HALF);
		}
	}
}

static void prepare(struct bench *b, const struct scenario *sc)
{
	struct card *c = b->c;

	b->sc = sc;
	memset(c->flash, 0xFF, 2 * AREA);
	c->seed = 1;
	c->dead = false;
	c->cut_at = 0;
	card_personalise(c);
	assert_int_equal(
	    ap_object_put(&c->ap, ECERT_OBJ_CERT_F9, (const uint8_t *)"f9", 2), AP_ST_OK);
	assert_int_equal(
	    ap_object_put(&c->ap, HOST_OBJ_TEST_ROOT, (const uint8_t *)"root", 4), AP_ST_OK);
	if (sc->before != NULL)
		sc->before(c);
	memcpy(b->base, c->flash, 2 * AREA);
	b->seed = c->seed;
	restore(b);
	read_state(c, &b->before);
	assert_sw(card_send(c, sc->send), sc->sw);
	power_on(c);
	read_state(c, &b->after);
	if (!secrets_gone(c, &b->before, &b->after))
		fail_msg("%s leaves a secret in the flash", sc->name);
}

static struct bench *bench_new(void)
{
	struct bench *b = calloc(1, sizeof(*b));

	assert_non_null(b);
	b->base = malloc(2 * AREA);
	assert_non_null(b->base);
	b->c = card_blank(AREA);
	card_use_toys(b->c);
	return b;
}

static void bench_free(struct bench *b)
{
	card_free(b->c);
	free(b->base);
	free(b);
}

static void test_every_write(void **state)
{
	struct bench *b = bench_new();

	(void)state;
	for (size_t i = 0; i < scenarios_n; i++) {
		unsigned long from = b->cuts;

		prepare(b, &scenarios[i]);
		tear(b);
		printf("# %-28s %5lu cuts\n", scenarios[i].name, b->cuts - from);
	}
	printf("# tearing cuts=%lu bad=%lu\n", b->cuts, b->bad);
	assert_int_equal(b->bad, 0);
	assert_true(b->cuts > 2000);
	bench_free(b);
}

/* A card being made over an old one is the old one until it is the new one. */
static void test_personalisation(void **state)
{
	const struct ap_profile profile = {87654321, ECERT_ALG_AES256};
	struct bench *b = bench_new();
	uint8_t serial_old[] = {0x00, 0xBC, 0x61, 0x4E}, serial_new[] = {0x05, 0x39, 0x7F, 0xB1};
	unsigned long cuts = 0;

	(void)state;
	prepare(b, &scenarios[16]);
	for (unsigned long at = 1; at == 1 || b->c->dead; at++) {
		memcpy(b->c->flash, b->base, 2 * AREA);
		power_on(b->c);
		b->c->cut_at = at;
		b->c->mode = (enum cut)(at % CUT_MODES);
		(void)ap_personalise(&b->c->ap, &profile);
		if (!b->c->dead)
			break;
		power_on(b->c);
		assert_sw(card_send(b->c, "00F80000 00"), 0x9000);
		assert_true(memcmp(b->c->resp, serial_old, 4) == 0 ||
			    memcmp(b->c->resp, serial_new, 4) == 0);
		read_state(b->c, &b->now);
		assert_true(b->now.key[AP_SLOTS - 1].there);
		b->c->dead = true;
		cuts++;
	}
	assert_true(cuts > 10);
	assert_sw(card_send(b->c, "00F80000 00"), 0x9000);
	assert_memory_equal(b->c->resp, serial_new, 4);
	bench_free(b);
}

/* Random bytes, and a good journal with random bytes changed, never make the core misbehave. */
static void test_garbage(void **state)
{
	struct bench *b = bench_new();
	struct card *c = b->c;

	(void)state;
	prepare(b, &scenarios[17]);
	srand(1);
	for (int round = 0; round < 3000; round++) {
		memcpy(c->flash, b->base, 2 * AREA);
		for (int i = rand() % 4; i >= 0; i--)
			c->flash[(size_t)rand() % (2 * AREA)] = (uint8_t)rand();
		if (round % 3 == 0)
			memset(c->flash + (size_t)rand() % AREA, rand(), 64);
		c->dead = false;
		c->cut_at = 0;
		if (ap_init(&c->ap, &c->host.hal) != AP_ST_OK)
			continue;
		(void)card_send(c, "00CB3FFF 05 5C035FFF20 00");
		(void)card_send(c, "00200080 08 313233343536FFFF");
		(void)card_send(c, "0087119A 07 7C058200810122");
	}
	bench_free(b);
}

/* A rewrite of the journal may not put a PIN or a key after what counts for it. */
static void test_counts_survive_rewrites(void **state)
{
	static const uint8_t value[] = {1, 2, 3}, digest[32] = {9};
	struct card *c = card_blank(AREA);
	struct ap_span answer;

	(void)state;
	card_use_toys(c);
	card_personalise(c);
	card_admin(c);
	card_generate(c, 0x9A, ECERT_ALG_P256, ECERT_PIN_POLICY_ONCE, ECERT_TOUCH_POLICY_NEVER);
	assert_sw(card_send(c, "00240080 10 313233343536FFFF 363534333231FFFF"), ECERT_SW_OK);
	assert_sw(card_authenticate(
		      c, ECERT_ALG_P256, 0x9A, ECERT_TAG_AUTH_CHALLENGE, digest, 32, &answer),
	    ECERT_SW_OK);
	assert_sw(card_send(c, "00200080 08 393939393939FFFF"), 0x63C2);
	assert_sw(card_send(c, "00200080 08 393939393939FFFF"), 0x63C1);
	card_admin(c);
	/* What is replaced first leaves its place to what was written last. */
	assert_sw(card_put(c, ECERT_OBJ_CHUID, value, sizeof(value)), ECERT_SW_OK);
	assert_sw(card_put(c, ECERT_OBJ_CCC, value, sizeof(value)), ECERT_SW_OK);
	assert_int_equal(ap_init(&c->ap, &c->host.hal), AP_ST_OK);
	assert_sw(card_send(c, "00200080"), 0x63C1);
	assert_int_equal(ap_key_count(&c->ap, 0x9A), 1);
	card_free(c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_counts_survive_rewrites),
	    cmocka_unit_test(test_every_write),
	    cmocka_unit_test(test_personalisation),
	    cmocka_unit_test(test_garbage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
