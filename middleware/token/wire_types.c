/* SPDX-License-Identifier: BSD-2-Clause */
/* The structures that travel between ecertd and its clients. */
#include <string.h>

#include "token/wire.h"

/* ---- text: length (1) and bytes ---- */

static void put_text(struct buf *b, const char *s)
{
	size_t n = strlen(s);

	buf_u8(b, (uint8_t)n);
	buf_put(b, s, n);
}

static enum ecert_rc get_text(struct rd *r, char *out, size_t cap)
{
	struct rd text;
	uint8_t n;
	enum ecert_rc rc = rd_u8(r, &n);

	memset(out, 0, cap);
	if (rc == ECERT_OK && n >= cap)
		rc = ECERT_E_MALFORMED;
	if (rc == ECERT_OK)
		rc = rd_take(r, n, &text);
	if (rc == ECERT_OK && n > 0) {
		if (memchr(text.p, 0, n))
			return ECERT_E_MALFORMED;
		memcpy(out, text.p, n);
	}
	return rc;
}

/* ---- yes and no: one bit each, no bit without a meaning ---- */

static uint16_t bits(const bool *const *flag, size_t n)
{
	uint16_t v = 0;

	for (size_t i = 0; i < n; i++)
		v = (uint16_t)(v | (unsigned)*flag[i] << i);
	return v;
}

static enum ecert_rc get_bits(struct rd *r, bool *const *flag, size_t n)
{
	uint16_t v;
	enum ecert_rc rc = rd_u16(r, &v);

	if (rc == ECERT_OK && v >> n != 0)
		rc = ECERT_E_MALFORMED;
	for (size_t i = 0; rc == ECERT_OK && i < n; i++)
		*flag[i] = (v >> i & 1) != 0;
	return rc;
}

/* ---- slots ---- */

#define SLOT_FLAGS(s)                                                                              \
	{                                                                                          \
		&(s)->connected, &(s)->present, &(s)->is_virtual, &(s)->pinpad                     \
	}

void wire_put_slot(struct buf *b, const struct token_slot *s)
{
	const bool *const flag[] = SLOT_FLAGS(s);

	buf_u32(b, s->id);
	buf_u32(b, s->generation);
	buf_u16(b, bits(flag, sizeof flag / sizeof flag[0]));
	put_text(b, s->reader);
}

enum ecert_rc wire_get_slot(struct rd *r, struct token_slot *out)
{
	bool *const flag[] = SLOT_FLAGS(out);
	uint32_t id = 0;
	enum ecert_rc rc;

	memset(out, 0, sizeof *out);
	rc = rd_u32(r, &id);
	out->id = id;
	if (rc == ECERT_OK)
		rc = rd_u32(r, &out->generation);
	if (rc == ECERT_OK)
		rc = get_bits(r, flag, sizeof flag / sizeof flag[0]);
	return rc == ECERT_OK ? get_text(r, out->reader, sizeof out->reader) : rc;
}

/* ---- token information ---- */

#define INFO_FLAGS(i)                                                                              \
	{                                                                                          \
		&(i)->is_virtual, &(i)->pinpad, &(i)->pin_default, &(i)->pin_default_known,        \
		    &(i)->initialised, &(i)->has_attestation, &(i)->has_metadata, &(i)->has_ecert, \
		    &(i)->attestation_known, &(i)->metadata_known, &(i)->can_delete,               \
		    &(i)->can_delete_known, &(i)->fixed_size                                       \
	}

#define INFO_FLAGS_0 8 /* that revision 0 has */

/* Tries: 0 unknown, else one more than they are. */
static uint8_t put_count(int v)
{
	return v < 0 ? 0 : v > 254 ? 255 : (uint8_t)(v + 1);
}

void wire_put_info(struct buf *b, const struct token_info *i, uint32_t revision)
{
	const bool *const flag[] = INFO_FLAGS(i);

	put_text(b, i->label);
	put_text(b, i->manufacturer);
	put_text(b, i->model);
	put_text(b, i->serial);
	put_text(b, i->serial_full);
	buf_put(b, i->firmware, sizeof i->firmware);
	buf_u32(b, i->generation);
	buf_u16(b, bits(flag, revision == 0 ? INFO_FLAGS_0 : sizeof flag / sizeof flag[0]));
	buf_u8(b, put_count(i->pin_tries));
	buf_u8(b, put_count(i->puk_tries));
	buf_u8(b, put_count(i->pin_tries_max));
	if (revision == 0)
		return;
	buf_u32(b, i->algs);
	buf_u8(b, i->retired);
	buf_u16(b, i->object_max);
}

static enum ecert_rc get_counts(struct rd *r, int *const *to, size_t n)
{
	enum ecert_rc rc = ECERT_OK;

	for (size_t i = 0; rc == ECERT_OK && i < n; i++) {
		uint8_t v;

		rc = rd_u8(r, &v);
		*to[i] = (int)v - 1;
	}
	return rc;
}

/* What came with revision 1. */
static enum ecert_rc get_abilities(struct rd *r, struct token_info *out)
{
	enum ecert_rc rc = rd_u32(r, &out->algs);

	if (rc == ECERT_OK)
		rc = rd_u8(r, &out->retired);
	return rc == ECERT_OK ? rd_u16(r, &out->object_max) : rc;
}

enum ecert_rc wire_get_info(struct rd r, uint32_t revision, struct token_info *out)
{
	bool *const flag[] = INFO_FLAGS(out);
	int *const count[] = {&out->pin_tries, &out->puk_tries, &out->pin_tries_max};
	enum ecert_rc rc;

	memset(out, 0, sizeof *out);
	rc = get_text(&r, out->label, sizeof out->label);
	if (rc == ECERT_OK)
		rc = get_text(&r, out->manufacturer, sizeof out->manufacturer);
	if (rc == ECERT_OK)
		rc = get_text(&r, out->model, sizeof out->model);
	if (rc == ECERT_OK)
		rc = get_text(&r, out->serial, sizeof out->serial);
	if (rc == ECERT_OK)
		rc = get_text(&r, out->serial_full, sizeof out->serial_full);
	if (rc == ECERT_OK)
		rc = rd_copy(&r, out->firmware, sizeof out->firmware);
	if (rc == ECERT_OK)
		rc = rd_u32(&r, &out->generation);
	if (rc == ECERT_OK)
		rc = get_bits(
		    &r, flag, revision == 0 ? INFO_FLAGS_0 : sizeof flag / sizeof flag[0]);
	if (rc == ECERT_OK)
		rc = get_counts(&r, count, sizeof count / sizeof count[0]);
	if (rc == ECERT_OK && revision > 0)
		rc = get_abilities(&r, out);
	if (revision == 0) {
		out->attestation_known = out->has_attestation;
		out->metadata_known = out->has_metadata;
	}
	return rc == ECERT_OK ? rd_end(&r) : rc;
}

/* ---- keys ---- */

void wire_put_key(struct buf *b, const struct token_key *k)
{
	buf_u8(b, k->ref);
	buf_u8(b, (uint8_t)k->pin);
	buf_u8(b, (uint8_t)k->touch);
	buf_u8(b, (uint8_t)k->origin);
	buf_u8(b, k->from_cert);
	buf_rd(b, pubkey_spki(k->pub));
}

enum ecert_rc wire_get_key(struct rd r, struct token_key *out)
{
	uint8_t f[5];
	enum ecert_rc rc = rd_copy(&r, f, sizeof f);

	memset(out, 0, sizeof *out);
	if (rc == ECERT_OK && (f[1] < PIN_NEVER || f[1] > PIN_ALWAYS || f[4] > 1))
		rc = ECERT_E_MALFORMED;
	if (rc == ECERT_OK)
		rc = pubkey_from_spki(r, &out->pub);
	if (rc != ECERT_OK)
		return rc;
	out->ref = f[0];
	out->pin = (enum pin_policy)f[1];
	out->touch = (enum touch_policy)f[2];
	out->origin = (enum key_origin)f[3];
	out->from_cert = f[4] != 0;
	out->alg = pubkey_alg(out->pub);
	return ECERT_OK;
}

/* ---- names ---- */

void wire_put_names(struct buf *b, const struct token_names *n, uint32_t revision)
{
	buf_u8(b, n->kept);
	for (size_t i = 0; i < n->n; i++) {
		const struct token_name *name = &n->name[i];

		buf_u8(b, name->ref);
		buf_u8(b, name->id_len);
		buf_put(b, name->id, name->id_len);
		put_text(b, name->key);
		put_text(b, name->cert);
		if (revision == 0)
			continue;
		put_text(b, name->pub);
		buf_u8(b, name->deny);
	}
}

static enum ecert_rc get_name(struct rd *r, uint32_t revision, struct token_name *out)
{
	enum ecert_rc rc;

	memset(out, 0, sizeof *out);
	rc = rd_u8(r, &out->ref);
	if (rc == ECERT_OK)
		rc = rd_u8(r, &out->id_len);
	if (rc == ECERT_OK && out->id_len > sizeof out->id)
		rc = ECERT_E_MALFORMED;
	if (rc == ECERT_OK)
		rc = rd_copy(r, out->id, out->id_len);
	if (rc == ECERT_OK)
		rc = get_text(r, out->key, sizeof out->key);
	if (rc == ECERT_OK)
		rc = get_text(r, out->cert, sizeof out->cert);
	if (rc != ECERT_OK || revision == 0)
		return rc;
	rc = get_text(r, out->pub, sizeof out->pub);
	return rc == ECERT_OK ? rd_u8(r, &out->deny) : rc;
}

enum ecert_rc wire_get_names(struct rd r, uint32_t revision, struct token_names *out)
{
	uint8_t kept;
	enum ecert_rc rc = rd_u8(&r, &kept);

	out->n = 0;
	out->kept = false;
	if (rc == ECERT_OK && kept > 1)
		rc = ECERT_E_MALFORMED;
	while (rc == ECERT_OK && r.n > 0) {
		if (out->n == TOKEN_KEYS_MAX)
			return ECERT_E_MALFORMED;
		rc = get_name(&r, revision, &out->name[out->n]);
		out->n += rc == ECERT_OK;
	}
	out->kept = rc == ECERT_OK && kept == 1;
	return rc;
}
