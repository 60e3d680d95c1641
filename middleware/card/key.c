/* SPDX-License-Identifier: BSD-2-Clause */
/* What keys there are: metadata, generation, import, attestation, deletion. */
#include "card/card_priv.h"

#include <string.h>

#include "util/log.h"
#include "util/tlv.h"

#define KEY_ANSWER_MAX 4096

void card_key_clear(struct card_key *k)
{
	pubkey_free(&k->pub);
	memset(k, 0, sizeof *k);
}

static void read_origin(struct rd v, unsigned quirks, struct card_key *k)
{
	unsigned origin = v.n == 1 ? v.p[0] + ((quirks & QUIRK_ORIGIN_ZERO) != 0 ? 1u : 0u) : 0;

	if (origin <= ORIGIN_IMPORTED)
		k->origin = (enum key_origin)origin;
}

static enum ecert_rc read_metadata(struct rd answer, unsigned quirks, struct card_key *k)
{
	struct rd v;
	const struct alg *alg;
	enum ecert_rc rc = tlv_find(answer, ECERT_TAG_META_ALG, &v);

	/* PivApplet answers 9000 without an algorithm for an empty slot, CanoKey with nothing at
	 * all for one that it does not have. */
	if (answer.n == 0)
		return ECERT_E_ARG;
	if (rc != ECERT_OK)
		return rc;
	alg = v.n == 1 ? alg_by_piv(v.p[0]) : NULL;
	if (!alg || alg->family == FAMILY_NONE)
		return v.n == 1 ? ECERT_E_KEY_TYPE : ECERT_E_MALFORMED;
	k->alg = alg->id;
	rc = tlv_find(answer, ECERT_TAG_META_POLICY, &v);
	if (rc == ECERT_OK && v.n == 2) {
		k->pin = v.p[0] <= PIN_ALWAYS ? (enum pin_policy)v.p[0] : PIN_DEFAULT;
		k->touch = v.p[1] <= TOUCH_CACHED ? (enum touch_policy)v.p[1] : TOUCH_DEFAULT;
	}
	if (rc == ECERT_OK || rc == ECERT_E_NOT_FOUND)
		rc = tlv_find(answer, ECERT_TAG_META_ORIGIN, &v);
	if (rc == ECERT_OK)
		read_origin(v, quirks, k);
	if (rc == ECERT_OK || rc == ECERT_E_NOT_FOUND)
		rc = tlv_find(answer, ECERT_TAG_META_PUBLIC, &v);
	if (rc == ECERT_OK && v.n > 0) /* a key imported on old firmware has none */
		return pubkey_from_card(k->alg, v, &k->pub);
	return rc == ECERT_E_NOT_FOUND ? ECERT_OK : rc;
}

static void note_key(struct card *c, struct card_key *k)
{
	c->algs |= 1u << k->alg;
	for (size_t i = 0; c->status_known && i < c->status.n; i++) {
		if (c->status.key[i].ref == k->ref) {
			k->signatures = c->status.key[i].signatures;
			k->signatures_known = true;
		}
	}
}

static enum ecert_rc judge_metadata(struct card *c, uint16_t sw)
{
	if (card_lacks(c, CARD_HAS_METADATA, sw))
		return ECERT_E_UNSUPPORTED;
	switch (sw) {
	case ECERT_SW_OK:
		return ECERT_OK;
	case ECERT_SW_NO_REFERENCE:
	case ECERT_SW_NOT_FOUND:
	case ECERT_SW_CONDITIONS:
		return ECERT_E_NOT_FOUND;
	case ECERT_SW_BAD_P1P2:
		return ECERT_E_ARG;
	default:
		return sw_rc(sw);
	}
}

/*
 * Cards that do not know the instruction say so in many ways. One that has not answered it yet is
 * asked for the PIN's metadata, which every card that has any gives: then the refusal was about
 * this key. 1 APDU, once.
 */
static enum ecert_rc refused(struct card *c, uint16_t sw)
{
	struct card_pin_status st;
	enum ecert_rc rc;

	if (sw == ECERT_SW_OK || (c->unknown & CARD_HAS_METADATA) == 0)
		return judge_metadata(c, sw);
	if (card_lacks(c, CARD_HAS_METADATA, sw))
		return ECERT_E_UNSUPPORTED;
	rc = card_pin_metadata(c, CARD_PIN_APPLICATION, &st);
	if (rc == ECERT_OK)
		return judge_metadata(c, sw);
	if (rc == ECERT_E_UNSUPPORTED) {
		c->unknown &= ~(unsigned)CARD_HAS_METADATA;
		log_debug("card: no metadata, says %04x", sw);
	}
	return rc;
}

/* An error of ISO 7816-4's (table 5), and none of transmission. */
static bool is_refusal(uint16_t sw)
{
	return sw >> 8 >= 0x64 && sw >> 8 <= 0x6F && sw >> 8 != 0x6C;
}

enum ecert_rc card_key_get(struct card *c, uint8_t ref, struct card_key *out)
{
	const struct apdu cmd = {.ins = ECERT_INS_GET_METADATA, .p2 = ref, .le = APDU_LE_ALL};
	struct buf answer = BUF_INIT(KEY_ANSWER_MAX);
	uint16_t sw = 0;
	enum ecert_rc rc;

	memset(out, 0, sizeof *out);
	if (((c->features | c->unknown) & CARD_HAS_METADATA) == 0)
		return ECERT_E_UNSUPPORTED;
	rc = card_ask(c, &cmd, &answer, &sw);
	if (rc == ECERT_E_TOO_LARGE) /* no key has so much to say */
		rc = ECERT_E_CARD;
	if (rc == ECERT_OK)
		rc = refused(c, sw);
	out->ref = ref;
	if (rc == ECERT_OK)
		rc = read_metadata(buf_view(&answer), c->model->quirks, out);
	if (rc == ECERT_OK)
		note_key(c, out);
	else
		card_key_clear(out);
	if (rc == ECERT_E_ARG)
		card_no_reference(c, ref);
	/* PivApplet can tell nothing of a key that it did not make. */
	out->untold = rc == ECERT_E_CARD && is_refusal(sw);
	if (out->untold && (c->model->quirks & QUIRK_ORIGIN_ZERO) != 0)
		out->origin = ORIGIN_IMPORTED;
	buf_free(&answer);
	return rc;
}

void card_no_reference(struct card *c, uint8_t ref)
{
	if (ref >= ECERT_KEY_82 && ref < ECERT_KEY_82 + c->retired)
		c->retired = (uint8_t)(ref - ECERT_KEY_82);
}

/*
 * A command about a slot was refused: because the card has no such slot? A card with metadata is
 * asked, 1 APDU; else 6A86 says it of a retired one. Of another 6A86 is about the algorithm (P1 of
 * IMPORT KEY).
 */
static enum ecert_rc doubt_slot(struct card *c, uint8_t ref, uint16_t sw)
{
	struct card_key key;
	bool retired = ref >= ECERT_KEY_82 && ref <= ECERT_KEY_95;
	bool missing = sw == ECERT_SW_NO_REFERENCE || sw == ECERT_SW_NOT_FOUND;
	enum ecert_rc told, rc = sw_rc(sw);

	if (rc == ECERT_OK || rc == ECERT_E_AUTH || rc == ECERT_E_CARD_FULL)
		return rc;
	if (missing || (retired && ref >= ECERT_KEY_82 + c->retired))
		return ECERT_E_NO_SLOT;
	if (retired) {
		told = card_key_get(c, ref, &key);
		card_key_clear(&key);
		if (told == ECERT_E_ARG || (told == ECERT_E_UNSUPPORTED && sw == ECERT_SW_BAD_P1P2))
			return ECERT_E_NO_SLOT;
	}
	return sw == ECERT_SW_BAD_P1P2 ? ECERT_E_UNSUPPORTED : rc;
}

/* Policies are named only when asked for: a card with the base PIV set refuses the tags. */
static void put_policies(struct buf *b, enum pin_policy pin, enum touch_policy touch)
{
	if (pin != PIN_DEFAULT)
		tlv_put_u8(b, ECERT_TAG_PIN_POLICY, (uint8_t)pin);
	if (touch != TOUCH_DEFAULT)
		tlv_put_u8(b, ECERT_TAG_TOUCH_POLICY, (uint8_t)touch);
}

enum ecert_rc card_key_generate(struct card *c, uint8_t ref, enum key_alg alg, enum pin_policy pin,
    enum touch_policy touch, struct pubkey **pub)
{
	const struct alg *row = alg_row(alg);
	struct buf crt = BUF_INIT(64), data = BUF_INIT(64), answer = BUF_INIT(KEY_ANSWER_MAX);
	struct apdu cmd = {.ins = ECERT_INS_GENERATE, .p2 = ref, .le = APDU_LE_ALL};
	struct rd body;
	uint16_t sw;
	enum ecert_rc rc = card_cert_tag(ref) != 0 && row ? ECERT_OK : ECERT_E_ARG;

	*pub = NULL;
	if (rc != ECERT_OK)
		return rc;
	tlv_put_u8(&crt, ECERT_TAG_GENERATE_ALG, row->piv);
	put_policies(&crt, pin, touch);
	tlv_put(&data, ECERT_TAG_GENERATE, buf_view(&crt));
	rc = buf_rc(&data);
	if (rc == ECERT_OK)
		rc = card_enter(c);
	if (rc != ECERT_OK)
		goto out;
	cmd.data = buf_view(&data);
	rc = card_exchange(c, &cmd, &answer, &sw);
	card_status_drop(c);
	if (rc == ECERT_OK)
		rc = doubt_slot(c, ref, sw);
	card_end(c);
	if (rc == ECERT_OK)
		rc = tlv_only(buf_view(&answer), ECERT_TAG_PUBLIC_KEY, &body);
	if (rc == ECERT_OK)
		rc = pubkey_from_card(alg, body, pub);
out:
	buf_free(&crt);
	buf_free(&data);
	buf_free(&answer);
	return rc;
}

static const uint32_t single_tag[] = {
    [FAMILY_EC] = ECERT_TAG_IMPORT_EC,
    [FAMILY_SM2] = ECERT_TAG_IMPORT_EC,
    [FAMILY_EDWARDS] = ECERT_TAG_IMPORT_ED25519,
    [FAMILY_MONTGOMERY] = ECERT_TAG_IMPORT_X25519,
};

static enum ecert_rc put_private(
    struct buf *b, const struct alg *row, const struct card_private *key)
{
	if (row->family != FAMILY_RSA) {
		if (key->part[0].n != (row->bits + 7) / 8)
			return ECERT_E_DATA_LEN;
		tlv_put(b, single_tag[row->family], key->part[0]);
		return buf_rc(b);
	}
	for (size_t i = 0; i < 5; i++) {
		if (key->part[i].n != row->block / 2)
			return ECERT_E_DATA_LEN;
		tlv_put(b, ECERT_TAG_IMPORT_P + (uint32_t)i, key->part[i]);
	}
	return buf_rc(b);
}

enum ecert_rc card_key_import(struct card *c, uint8_t ref, const struct card_private *key,
    enum pin_policy pin, enum touch_policy touch)
{
	const struct alg *row = alg_row(key->alg);
	struct buf data = BUF_LOCKED(KEY_ANSWER_MAX);
	struct apdu cmd = {.ins = ECERT_INS_IMPORT, .p2 = ref, .secret = true};
	uint16_t sw;
	enum ecert_rc rc = card_cert_tag(ref) != 0 && row ? ECERT_OK : ECERT_E_ARG;

	if (rc == ECERT_OK)
		rc = put_private(&data, row, key);
	put_policies(&data, pin, touch);
	if (rc == ECERT_OK)
		rc = buf_rc(&data);
	if (rc == ECERT_OK)
		rc = card_enter(c);
	if (rc != ECERT_OK)
		goto out;
	cmd.p1 = row->piv;
	cmd.data = buf_view(&data);
	rc = card_exchange(c, &cmd, NULL, &sw);
	card_status_drop(c);
	if (rc == ECERT_OK)
		rc = card_lacks(c, CARD_HAS_IMPORT, sw) ? ECERT_E_UNSUPPORTED
							: doubt_slot(c, ref, sw);
	card_end(c);
out:
	buf_free(&data);
	return rc;
}

enum ecert_rc card_attest(struct card *c, uint8_t ref, struct buf *der)
{
	const struct apdu cmd = {.ins = ECERT_INS_ATTEST, .p1 = ref, .le = APDU_LE_ALL};
	size_t had = buf_len(der);
	uint16_t sw;
	bool lacks;
	enum ecert_rc rc;

	if (((c->features | c->unknown) & CARD_HAS_ATTEST) == 0)
		return ECERT_E_UNSUPPORTED;
	rc = card_ask(c, &cmd, der, &sw);
	if (rc != ECERT_OK)
		return rc;
	lacks = card_lacks(c, CARD_HAS_ATTEST, sw);
	if (sw == ECERT_SW_OK)
		return ECERT_OK;
	/* What a card sends along with a warning is no certificate. */
	buf_truncate(der, had);
	if (lacks)
		return ECERT_E_UNSUPPORTED;
	switch (sw) {
	case ECERT_SW_BAD_DATA: /* YubiKey: an imported key */
	case ECERT_SW_SECURITY_STATUS:
		return ECERT_E_DENIED;
	case ECERT_SW_NO_REFERENCE:
	case ECERT_SW_NOT_FOUND:
	case ECERT_SW_BAD_P1P2:
	case ECERT_SW_UNKNOWN: /* PivApplet: an empty slot */
		return ECERT_E_NOT_FOUND;
	default:
		return sw_rc(sw);
	}
}

enum ecert_rc card_key_move(struct card *c, uint8_t from, uint8_t to)
{
	const struct apdu cmd = {.ins = ECERT_INS_MOVE_KEY, .p1 = to, .p2 = from};
	uint16_t sw;
	enum ecert_rc rc;

	if (((c->features | c->unknown) & CARD_HAS_MOVE) == 0)
		return ECERT_E_UNSUPPORTED;
	rc = card_ask(c, &cmd, NULL, &sw);
	card_status_drop(c);
	if (rc != ECERT_OK)
		return rc;
	return card_lacks(c, CARD_HAS_MOVE, sw) ? ECERT_E_UNSUPPORTED : sw_rc(sw);
}
