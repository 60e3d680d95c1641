/* SPDX-License-Identifier: BSD-2-Clause */
/* Certificates on the card: plain and gzip (SP 800-73-5 part 1, appendix A; RFC 1952). */
#include "card/card_priv.h"

#include <zlib.h>

#include "util/log.h"
#include "util/tlv.h"

#define INFLATE_STEP 2048

struct cert_row {
	uint8_t ref;
	uint32_t tag;
};

#define ROW(name, ref, tag, pin) {ref, tag},
static const struct cert_row rows[] = {ECERT_KEY_ROWS(ROW)};
#undef ROW
_Static_assert(sizeof rows / sizeof rows[0] == CARD_KEYS_MAX, "a certificate for each key");

uint32_t card_cert_tag(uint8_t key_ref)
{
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		if (rows[i].ref == key_ref)
			return rows[i].tag;
	}
	return 0;
}

static enum ecert_rc inflate_all(z_stream *z, struct buf *out)
{
	int state;

	do {
		uint8_t step[INFLATE_STEP];

		z->next_out = step;
		z->avail_out = sizeof step;
		state = inflate(z, Z_NO_FLUSH);
		if (state != Z_OK && state != Z_STREAM_END)
			return ECERT_E_MALFORMED;
		buf_put(out, step, sizeof step - z->avail_out);
		if (buf_rc(out) != ECERT_OK)
			return buf_rc(out);
		/* No progress with input gone is a truncated stream. */
		if (state == Z_OK && z->avail_in == 0 && z->avail_out != 0)
			return ECERT_E_MALFORMED;
	} while (state != Z_STREAM_END);
	return z->avail_in == 0 ? ECERT_OK : ECERT_E_MALFORMED;
}

/* gzip, or the zlib header that some older middleware wrote; the output is capped by der's maximum.
 */
static enum ecert_rc gunzip(struct rd packed, struct buf *der)
{
	z_stream z = {.next_in = (Bytef *)(uintptr_t)packed.p, .avail_in = (uInt)packed.n};
	enum ecert_rc rc;

	if (inflateInit2(&z, MAX_WBITS + 32) != Z_OK)
		return ECERT_E_MEMORY;
	rc = inflate_all(&z, der);
	(void)inflateEnd(&z);
	return rc;
}

static enum ecert_rc gzip(struct rd der, struct buf *packed)
{
	z_stream z = {.next_in = (Bytef *)(uintptr_t)der.p, .avail_in = (uInt)der.n};
	enum ecert_rc rc = ECERT_OK;
	size_t room;

	if (deflateInit2(
		&z, Z_BEST_COMPRESSION, Z_DEFLATED, MAX_WBITS + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
		return ECERT_E_MEMORY;
	room = deflateBound(&z, (uLong)der.n);
	z.next_out = buf_room(packed, room);
	z.avail_out = (uInt)room;
	if (!z.next_out)
		rc = buf_rc(packed);
	else if (deflate(&z, Z_FINISH) != Z_STREAM_END)
		rc = ECERT_E_INTERNAL;
	if (rc == ECERT_OK)
		buf_truncate(packed, z.total_out);
	(void)deflateEnd(&z);
	return rc;
}

static enum ecert_rc unwrap(struct rd object, struct buf *der)
{
	struct buf capped = BUF_INIT(CARD_OBJECT_MAX);
	struct rd cert, info;
	enum ecert_rc rc = tlv_find(object, ECERT_TAG_CERT, &cert);

	if (rc != ECERT_OK)
		return rc;
	if (cert.n == 0) /* how some tools delete a certificate */
		return ECERT_E_NOT_FOUND;
	rc = tlv_find(object, ECERT_TAG_CERT_INFO, &info);
	if (rc == ECERT_E_MALFORMED)
		return rc;
	if (info.n == 1 && (info.p[0] & ECERT_CERT_INFO_GZIP) != 0) {
		rc = gunzip(cert, &capped);
		cert = buf_view(&capped);
		/* A stream of nothing is no certificate. */
		if (rc == ECERT_OK && cert.n == 0)
			rc = ECERT_E_MALFORMED;
	} else {
		rc = ECERT_OK;
	}
	if (rc == ECERT_OK) {
		buf_rd(der, cert);
		rc = buf_rc(der);
	}
	buf_free(&capped);
	return rc;
}

enum ecert_rc card_cert_get(struct card *c, uint8_t key_ref, struct buf *der)
{
	struct buf object = BUF_INIT(CARD_OBJECT_MAX);
	uint32_t tag = card_cert_tag(key_ref);
	enum ecert_rc rc;

	if (tag == 0)
		return ECERT_E_ARG;
	rc = card_object_get(c, tag, &object);
	if (rc == ECERT_OK)
		rc = unwrap(buf_view(&object), der);
	buf_free(&object);
	return rc;
}

enum ecert_rc card_cert_put(struct card *c, uint8_t key_ref, struct rd der, bool compress)
{
	struct buf object = BUF_INIT(CARD_OBJECT_MAX), packed = BUF_INIT(CARD_OBJECT_MAX);
	uint32_t tag = card_cert_tag(key_ref);
	enum ecert_rc rc = tag != 0 ? ECERT_OK : ECERT_E_ARG;

	if (rc == ECERT_OK && compress && der.n > 0) {
		rc = gzip(der, &packed);
		der = buf_view(&packed);
	}
	if (rc == ECERT_OK && der.n > 0) {
		tlv_put(&object, ECERT_TAG_CERT, der);
		tlv_put_u8(&object, ECERT_TAG_CERT_INFO, compress ? ECERT_CERT_INFO_GZIP : 0);
		tlv_put(&object, ECERT_TAG_CERT_LRC, rd_of(NULL, 0));
		rc = buf_rc(&object);
	}
	if (rc == ECERT_OK) {
		rc = card_object_put(c, tag, buf_view(&object));
		rc = rc == ECERT_E_UNSUPPORTED ? ECERT_E_NO_SLOT : rc;
	}
	buf_free(&packed);
	buf_free(&object);
	return rc;
}

/* Whether the card now has just this certificate. */
static enum ecert_rc read_back(struct card *c, uint8_t key_ref, struct rd der)
{
	struct buf now = BUF_INIT(CARD_OBJECT_MAX);
	enum ecert_rc rc = card_cert_get(c, key_ref, &now);

	if (rc == ECERT_OK && !rd_equal(buf_view(&now), der))
		rc = ECERT_E_CARD;
	if (rc == ECERT_E_NOT_FOUND || rc == ECERT_E_MALFORMED)
		rc = der.n == 0 && rc == ECERT_E_NOT_FOUND ? ECERT_OK : ECERT_E_CARD;
	buf_free(&now);
	return rc;
}

/* The object as it was before; what was no object before is none again. */
static void put_back(struct card *c, uint32_t tag, enum ecert_rc had, struct rd before)
{
	struct buf now = BUF_INIT(CARD_OBJECT_MAX);
	enum ecert_rc rc = card_object_get(c, tag, &now);
	bool same = rc == had && (rc != ECERT_OK || rd_equal(buf_view(&now), before));

	if (!same)
		rc = card_object_put(c, tag, before);
	else
		rc = ECERT_OK;
	if (rc != ECERT_OK)
		log_error("the certificate of before is lost: %s", ecert_rc_name(rc));
	buf_free(&now);
}

static bool is_refusal(enum ecert_rc rc)
{
	return rc == ECERT_E_CARD_FULL || rc == ECERT_E_CARD || rc == ECERT_E_DATA ||
	       rc == ECERT_E_DATA_LEN || rc == ECERT_E_NO_SLOT;
}

enum ecert_rc card_cert_replace(struct card *c, uint8_t key_ref, struct rd der)
{
	struct buf before = BUF_INIT(CARD_OBJECT_MAX);
	uint32_t tag = card_cert_tag(key_ref);
	enum ecert_rc had, rc = tag != 0 ? card_enter(c) : ECERT_E_ARG;

	if (rc != ECERT_OK)
		return rc;
	had = card_object_get(c, tag, &before);
	/* What cannot be read, as a torn object, is no loss. */
	if (had == ECERT_E_MALFORMED || had == ECERT_E_CARD || had == ECERT_E_TOO_LARGE)
		had = ECERT_E_NOT_FOUND;
	rc = had == ECERT_OK || had == ECERT_E_NOT_FOUND ? card_cert_put(c, key_ref, der, false)
							 : had;
	if (rc == ECERT_OK) {
		rc = read_back(c, key_ref, der);
		/* What the card took and does not have was too much for it. */
		rc = rc == ECERT_E_CARD && der.n > 0 ? ECERT_E_CARD_FULL : rc;
	}
	if (is_refusal(rc))
		put_back(c, tag, had, buf_view(&before));
	card_end(c);
	buf_free(&before);
	return rc;
}
