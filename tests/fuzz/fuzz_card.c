/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The card layer with a card that answers what the input says: objects, metadata, certificates,
 * status and keys come back whole and in their bounds, or not at all.
 *
 * Input: 1 byte that chooses how SELECT is answered (the names of card models, or the script), 1
 * byte with the number of calls, the calls (2 bytes each: which, and its argument), then answers
 * (answers.h).
 */
#include <string.h>

#include "answers.h"
#include "card/card.h"
#include "ecert/piv_const.h"
#include "fuzz.h"

#define EXCHANGES_MAX 20000u

struct script {
	struct answers answers;
	struct rd select;
	unsigned exchanges, held;
};

/* ---- the channel ---- */

static enum ecert_rc begin(void *impl)
{
	((struct script *)impl)->held++;
	return ECERT_OK;
}

static void end(void *impl)
{
	struct script *s = impl;

	REQUIRE(s->held > 0);
	s->held--;
}

static enum ecert_rc transmit(void *impl, struct rd command, uint8_t *resp, size_t cap, size_t *len)
{
	struct script *s = impl;

	REQUIRE(++s->exchanges <= EXCHANGES_MAX && command.n >= 4);
	if (command.p[1] != ECERT_INS_SELECT || s->select.n == 0)
		return answers_next(&s->answers, resp, cap, len);
	memcpy(resp, s->select.p, s->select.n);
	*len = s->select.n;
	return ECERT_OK;
}

static struct pinpad pinpad(void *impl)
{
	(void)impl;
	return (struct pinpad){true, true};
}

static enum ecert_rc pinpad_transmit(
    void *impl, struct rd apdu, bool modify, uint8_t *resp, size_t cap, size_t *len)
{
	(void)modify;
	return transmit(impl, apdu, resp, cap, len);
}

static struct rd atr(const void *impl)
{
	return ((const struct script *)impl)->answers.all;
}

static const struct channel_ops script_ops = {
    .begin = begin,
    .end = end,
    .transmit = transmit,
    .pinpad = pinpad,
    .pinpad_transmit = pinpad_transmit,
    .atr = atr,
};

/* ---- the calls ---- */

static void text_ends(const char *s, size_t size)
{
	REQUIRE(memchr(s, 0, size));
}

static void identity(struct card *c, uint8_t arg)
{
	struct card_identity id;
	unsigned unknown;

	(void)arg;
	if (card_identity(c, &id) == ECERT_OK) {
		text_ends(id.model, sizeof id.model);
		text_ends(id.serial, sizeof id.serial);
		for (const char *p = id.serial; *p; p++)
			REQUIRE((*p >= '0' && *p <= '9') || (*p >= 'a' && *p <= 'f'));
	}
	REQUIRE((card_features(c, &unknown) & ~(unsigned)CARD_FEATURES_ALL) == 0);
	REQUIRE((unknown & ~(unsigned)CARD_FEATURES_ALL) == 0);
}

static const enum card_pin pins[] = {CARD_PIN_APPLICATION, CARD_PIN_GLOBAL, CARD_PUK};

static void pin_status(struct card *c, uint8_t arg)
{
	struct card_pin_status s;
	enum card_pin which = pins[arg % 3];
	enum ecert_rc rc = arg & 0x80 ? card_pin_metadata(c, which, &s)
				      : card_pin_status(c, which, &s);

	if (rc == ECERT_OK)
		REQUIRE(s.tries >= -1 && s.tries <= 255 && s.tries_max >= -1 && s.tries_max <= 255);
}

static void pin_use(struct card *c, uint8_t arg)
{
	struct rd pin = rd_of("123456", 6), fresh = rd_of("87654321", 8);
	int tries = -2;
	enum ecert_rc rc;

	switch (arg % 6) {
	case 0:
		rc = card_verify(c, pin, &tries);
		break;
	case 1:
		rc = card_verify_pinpad(c, &tries);
		break;
	case 2:
		rc = card_change_pin(c, pins[arg / 6 % 3], pin, fresh, &tries);
		break;
	case 3:
		rc = card_unblock(c, pin, fresh, &tries);
		break;
	case 4:
		rc = card_logout(c);
		tries = -1;
		break;
	default:
		rc = card_set_retries(c, arg, arg);
		tries = -1;
		break;
	}
	REQUIRE(tries >= -1 && tries <= 15);
	REQUIRE(rc != ECERT_E_PIN_BLOCKED || tries <= 0);
}

static void manage(struct card *c, uint8_t arg)
{
	static const uint8_t key[32] = {1, 2, 3, 4, 5, 6, 7, 8};
	static const uint8_t lengths[] = {24, 16, 32, 24};
	static const enum card_mgm algs[] = {MGM_3DES, MGM_AES128, MGM_AES256, MGM_AES192};
	struct rd k = rd_of(key, lengths[arg % 4]);
	bool is_default;

	/* The key's other half is not known to this card. */
	if (card_auth_mgm(c, k) == ECERT_OK)
		REQUIRE(card_mgm_authenticated(c));
	if (card_set_mgm(c, algs[arg % 4], k) == ECERT_OK)
		(void)!card_mgm_is_default(c, &is_default);
}

static void object(struct card *c, uint8_t arg)
{
#define ROW(name, tag, free, writable, max) tag,
	static const uint32_t tags[] = {ECERT_OBJ_ROWS(ROW)};
#undef ROW
	struct buf out = BUF_INIT(CARD_OBJECT_MAX);
	enum ecert_rc rc = card_object_get(c, tags[arg % (sizeof tags / sizeof tags[0])], &out);

	REQUIRE(buf_len(&out) <= CARD_OBJECT_MAX && (rc == ECERT_OK || buf_len(&out) == 0));
	if (arg & 0x80)
		(void)!card_object_put(c, tags[arg % (sizeof tags / sizeof tags[0])],
		    arg & 0x40 ? rd_of(NULL, 0) : rd_of("abc", 3));
	buf_free(&out);
}

static const uint8_t refs[] = {0x9A, 0x9C, 0x9D, 0x9E, 0x82, 0x95, 0xF9};
#define REF(arg) refs[(arg) % sizeof refs]

static void cert(struct card *c, uint8_t arg)
{
	struct buf der = BUF_INIT(CARD_OBJECT_MAX);
	enum ecert_rc rc = card_cert_get(c, REF(arg), &der);

	REQUIRE(buf_len(&der) <= CARD_OBJECT_MAX);
	REQUIRE((rc == ECERT_OK) == (buf_len(&der) > 0));
	if (arg & 0x80)
		(void)!card_cert_put(c, REF(arg), buf_view(&der), (arg & 0x40) != 0);
	buf_reset(&der);
	if (arg & 0x20)
		REQUIRE(card_attest(c, REF(arg), &der) == ECERT_OK || buf_len(&der) == 0);
	buf_free(&der);
}

static void key(struct card *c, uint8_t arg)
{
	struct card_key k;
	uint32_t mask;

	if (card_key_get(c, REF(arg), &k) == ECERT_OK) {
		REQUIRE(k.ref == REF(arg) && k.alg != KEY_NONE);
		REQUIRE(k.pin >= PIN_DEFAULT && k.pin <= PIN_ALWAYS);
		REQUIRE(k.touch >= TOUCH_DEFAULT && k.touch <= TOUCH_CACHED);
		REQUIRE(!k.pub || pubkey_alg(k.pub) == k.alg);
		card_key_clear(&k);
	}
	if (card_retired_keys(c, &mask) == ECERT_OK)
		REQUIRE(mask >> 20 == 0);
}

static void status(struct card *c, uint8_t arg)
{
	struct card_status s;

	if (card_status(c, arg & 1, &s) != ECERT_OK)
		return;
	REQUIRE(s.n <= CARD_KEYS_MAX);
	text_ends(s.label, sizeof s.label);
}

static void use(struct card *c, uint8_t arg)
{
	static const uint8_t bytes[512] = {0x04, 0x42};
	static const struct {
		enum key_alg alg;
		enum card_op op;
		size_t in, out;
	} ways[] = {{KEY_RSA2048, CARD_SIGN, 256, 256}, {KEY_RSA2048, CARD_DECRYPT, 256, 256},
	    {KEY_P256, CARD_SIGN, 32, 64}, {KEY_P384, CARD_SIGN, 48, 96},
	    {KEY_ED25519, CARD_SIGN, 32, 64}, {KEY_SM2, CARD_SIGN, 32, 64},
	    {KEY_X25519, CARD_DERIVE, 32, 32}, {KEY_RSA4096, CARD_SIGN, 512, 512}};
	size_t i = arg % (sizeof ways / sizeof ways[0]);
	struct buf out = BUF_INIT(4096);
	enum ecert_rc rc = card_key_use(
	    c, REF(arg / 8), ways[i].alg, ways[i].op, rd_of(bytes, ways[i].in), &out);

	REQUIRE(buf_len(&out) == (rc == ECERT_OK ? ways[i].out : 0));
	buf_free(&out);
}

static void make(struct card *c, uint8_t arg)
{
	static const uint8_t bytes[128] = {0x42};
	const struct rd half = rd_of(bytes, 128), whole = rd_of(bytes, 32);
	const struct card_private rsa = {KEY_RSA2048, {half, half, half, half, half}};
	const struct card_private ec = {KEY_P256, {whole}};
	static const enum key_alg algs[] = {
	    KEY_RSA2048, KEY_P256, KEY_P384, KEY_ED25519, KEY_X25519, KEY_SM2};
	struct pubkey *pub = NULL;
	enum key_alg alg = algs[arg % 6];
	enum ecert_rc rc = card_key_generate(
	    c, REF(arg / 6), alg, PIN_DEFAULT, TOUCH_DEFAULT, &pub);

	REQUIRE((rc == ECERT_OK) == (pub != NULL));
	REQUIRE(!pub || pubkey_alg(pub) == alg);
	pubkey_free(&pub);
	(void)!card_key_import(c, REF(arg), arg & 1 ? &rsa : &ec, PIN_ONCE, TOUCH_NEVER);
	(void)!card_key_move(c, REF(arg), arg & 2 ? 0xFF : REF(arg + 1));
	if (arg & 0x80)
		(void)!card_factory_reset(c);
}

static void session(struct card *c, uint8_t arg)
{
	enum ecert_rc rc;

	switch (arg % 3) {
	case 0:
		rc = card_begin(c);
		if (rc == ECERT_OK || rc == ECERT_E_RESET)
			card_end(c);
		break;
	case 1:
		(void)!card_reselect(c);
		break;
	default:
		(void)!card_power_reset(c);
		REQUIRE(!card_mgm_authenticated(c));
		break;
	}
}

static void (*const calls[])(struct card *c, uint8_t arg) = {
    identity, pin_status, pin_use, manage, object, cert, key, status, use, make, session};

/* ---- the cards ---- */

/* SELECT's answer (SP 800-73-5 part 2, table 3) with a label of 10 bytes. */
#define SELECT(label)                                                                              \
	"\x61\x1D\x4F\x06\x00\x00\x10\x00\x01\x00\x79\x07\x4F\x05\xA0\x00\x00\x03\x08\x50"         \
	"\x0A" label "\x90\x00"
#define SELECT_LEN 33
static const char selects[][SELECT_LEN + 1] = {SELECT("Yubikey PI"), SELECT("CanoKey 3 "),
    SELECT("PivApplet "), SELECT("Other PIV "), SELECT("e-Cert PIV")};
#define SELECTS (sizeof selects / sizeof selects[0])

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct rd in = rd_of(data, size), todo;
	struct script script = {.exchanges = 0};
	struct channel *ch = NULL;
	struct card *c = NULL;
	uint8_t which, n;

	if (rd_u8(&in, &which) != ECERT_OK || rd_u8(&in, &n) != ECERT_OK)
		return 0;
	if (rd_take(&in, 2u * (n % 16), &todo) != ECERT_OK)
		return 0;
	script.answers = answers_of(in);
	which %= SELECTS + 1;
	script.select = rd_of(which ? selects[which - 1] : NULL, SELECT_LEN);
	REQUIRE(channel_of(&script_ops, &script, true, &ch) == ECERT_OK);
	if (card_open(&ch, &c) == ECERT_OK)
		for (size_t i = 0; i + 1 < todo.n; i += 2)
			calls[todo.p[i] % (sizeof calls / sizeof calls[0])](c, todo.p[i + 1]);
	REQUIRE(ch == NULL);
	card_close(&c);
	REQUIRE(script.held == 0);
	return 0;
}
