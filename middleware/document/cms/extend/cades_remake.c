/* SPDX-License-Identifier: BSD-2-Clause */
/* Taking a SignedData apart and writing it anew, around a content that stays where it is. */
#include "document/cms/extend/cades_remake.h"

#include <stdlib.h>
#include <string.h>

#include "document/ber.h"
#include "document/cms/cades_parts.h"
#include "util/mem.h"
#include "util/tlv.h"

#define ELEMENT_MAX 4096 /* of one set */

/* RFC 5652, 5.1: with a form of revocation information that is not its own. */
#define VERSION_OTHER 5

void cades_addition_init(struct cades_addition *a)
{
	buf_init(&a->certs, CADES_MAX_SIZE);
	buf_init(&a->crls, CADES_MAX_SIZE);
	for (size_t i = 0; i < CADES_MAX_SIGNERS; i++)
		buf_init(&a->attributes[i], CADES_MAX_SIZE);
}

void cades_addition_free(struct cades_addition *a)
{
	buf_free(&a->certs);
	buf_free(&a->crls);
	for (size_t i = 0; i < CADES_MAX_SIGNERS; i++)
		buf_free(&a->attributes[i]);
}

/* Of contents of any length. */
static void put_head(struct buf *out, uint8_t tag, uint64_t n)
{
	unsigned bytes = 0;

	buf_u8(out, tag);
	if (n < 0x80) {
		buf_u8(out, (uint8_t)n);
		return;
	}
	for (uint64_t left = n; left; left >>= 8)
		bytes++;
	buf_u8(out, (uint8_t)(0x80 | bytes));
	while (bytes--)
		buf_u8(out, (uint8_t)(n >> (8 * bytes)));
}

static uint64_t size_with_head(uint64_t n)
{
	uint64_t size = n + 2;

	for (uint64_t left = n < 0x80 ? 0 : n; left; left >>= 8)
		size++;
	return size;
}

void cades_put_attribute(struct buf *out, struct rd type, struct rd value)
{
	struct buf body = BUF_INIT(CADES_MAX_SIZE);

	buf_rd(&body, type);
	put_head(&body, 0x31, value.n);
	buf_rd(&body, value);
	if (buf_rc(&body) != ECERT_OK)
		buf_fail(out, buf_rc(&body));
	put_head(out, 0x30, buf_len(&body));
	buf_rd(out, buf_view(&body));
	buf_free(&body);
}

/* ---- sets ---- */
struct elements {
	struct rd *v; /* owned */
	size_t n;
};

static int by_bytes(const void *a, const void *b)
{
	const struct rd *x = a, *y = b;

	return rd_order(*x, *y);
}

/* Those of a list that are not there yet. */
static enum ecert_rc take(struct elements *e, struct rd list)
{
	struct ber b;

	while (list.n) {
		bool there = false;

		if (ber_next(&list, &b) != ECERT_OK)
			return ECERT_E_MALFORMED;
		for (size_t i = 0; i < e->n && !there; i++)
			there = rd_equal(e->v[i], b.whole);
		if (there)
			continue;
		if (e->n == ELEMENT_MAX)
			return ECERT_E_TOO_LARGE;
		e->v[e->n++] = b.whole;
	}
	return ECERT_OK;
}

/* Both lists as one set; nothing when there is nothing in them. */
static enum ecert_rc put_set(struct buf *out, uint8_t tag, struct rd old, struct rd more)
{
	struct elements e = {calloc(ELEMENT_MAX, sizeof *e.v), 0};
	enum ecert_rc rc = e.v ? take(&e, old) : ECERT_E_MEMORY;
	uint64_t size = 0;

	if (rc == ECERT_OK)
		rc = take(&e, more);
	if (rc == ECERT_OK && e.n) {
		qsort(e.v, e.n, sizeof e.v[0], by_bytes);
		for (size_t i = 0; i < e.n; i++)
			size += e.v[i].n;
		put_head(out, tag, size);
		for (size_t i = 0; i < e.n; i++)
			buf_rd(out, e.v[i]);
	}
	free(e.v);
	return rc == ECERT_OK ? buf_rc(out) : rc;
}

/* ---- a SignedData ---- */
/* What stands before encapContentInfo, and that. */
struct start {
	struct rd type;	      /* signedData, with its header */
	struct rd version;    /* its number */
	struct rd algorithms; /* with their header */
	struct rd encap;      /* with its header */
};

static enum ecert_rc read_start(struct rd shell, struct start *s)
{
	struct rd info, tagged, data;
	struct ber b;
	enum ecert_rc rc = ber_expect(&shell, 0x30, &info);

	if (rc == ECERT_OK)
		rc = ber_next(&info, &b);
	s->type = rc == ECERT_OK ? b.whole : rd_of(NULL, 0);
	if (rc == ECERT_OK)
		rc = ber_expect(&info, 0xA0, &tagged);
	if (rc == ECERT_OK)
		rc = ber_expect(&tagged, 0x30, &data);
	if (rc == ECERT_OK)
		rc = ber_expect(&data, 0x02, &s->version);
	if (rc == ECERT_OK)
		rc = ber_next(&data, &b);
	s->algorithms = rc == ECERT_OK ? b.whole : rd_of(NULL, 0);
	if (rc == ECERT_OK)
		rc = ber_next(&data, &b);
	s->encap = rc == ECERT_OK ? b.whole : rd_of(NULL, 0);
	return rc == ECERT_OK && s->version.n == 1 ? ECERT_OK : ECERT_E_MALFORMED;
}

static enum ecert_rc put_signers(
    struct buf *out, const struct cades_parts *parts, const struct cades_addition *a)
{
	struct buf all = BUF_INIT(CADES_MAX_SIZE), one = BUF_INIT(CADES_MAX_SIZE);
	struct cades_signer_parts signer;
	enum ecert_rc rc = ECERT_OK;

	for (size_t i = 0; rc == ECERT_OK && cades_parts_signer(parts, i, &signer); i++) {
		if (i == CADES_MAX_SIGNERS)
			rc = ECERT_E_TOO_LARGE;
		buf_reset(&one);
		buf_rd(&one, signer.fields);
		if (rc == ECERT_OK)
			rc = put_set(&one, 0xA1, signer.attributes, buf_view(&a->attributes[i]));
		put_head(&all, 0x30, buf_len(&one));
		buf_rd(&all, buf_view(&one));
	}
	if (rc == ECERT_OK)
		rc = buf_rc(&all);
	if (rc == ECERT_OK) {
		put_head(out, 0x31, buf_len(&all));
		buf_rd(out, buf_view(&all));
		rc = buf_rc(out);
	}
	buf_free(&all);
	buf_free(&one);
	return rc;
}

static bool has_other(struct rd list)
{
	struct ber b;

	while (ber_next(&list, &b) == ECERT_OK)
		if (b.tag == 0xA1)
			return true;
	return false;
}

/* The part of a file, as it is. */
static enum ecert_rc copy(
    struct octets *in, uint64_t at, uint64_t end, doc_content_fn *put, void *ctx)
{
	enum ecert_rc rc = ECERT_OK;
	struct rd part;

	while (rc == ECERT_OK && at < end) {
		rc = octets_view(in, at, &part);
		if (part.n > end - at)
			part.n = (size_t)(end - at);
		if (rc == ECERT_OK)
			rc = put(ctx, part);
		at += part.n;
	}
	return rc == ECERT_E_MALFORMED ? ECERT_E_IO : rc;
}

/* Everything up to the content, when it and what is behind it have these sizes. */
static void put_start(struct buf *out, const struct start *s, uint8_t version, uint64_t behind)
{
	uint64_t data = 3 + s->algorithms.n + behind, tagged = size_with_head(data);

	put_head(out, 0x30, s->type.n + size_with_head(tagged));
	buf_rd(out, s->type);
	put_head(out, 0xA0, tagged);
	put_head(out, 0x30, data);
	tlv_put_u8(out, 0x02, version);
	buf_rd(out, s->algorithms);
}

enum ecert_rc cades_remake(struct rd shell, const struct cades_stream *content,
    const struct cades_addition *a, doc_content_fn *put, void *ctx)
{
	struct buf start = BUF_INIT(CADES_MAX_SIZE), rest = BUF_INIT(CADES_MAX_SIZE);
	struct cades_parts parts;
	struct start s;
	enum ecert_rc rc = read_start(shell, &s);
	uint64_t encap = content ? content->to - content->from : s.encap.n;
	bool other;
	uint8_t version;

	if (rc == ECERT_OK && !cades_parts_read(shell, &parts))
		rc = ECERT_E_MALFORMED;
	if (rc == ECERT_OK)
		rc = put_set(&rest, 0xA0, parts.certs, buf_view(&a->certs));
	if (rc == ECERT_OK)
		rc = put_set(&rest, 0xA1, parts.crls, buf_view(&a->crls));
	if (rc == ECERT_OK)
		rc = put_signers(&rest, &parts, a);
	if (rc == ECERT_OK) {
		other = has_other(parts.crls) || has_other(buf_view(&a->crls));
		version = s.version.p[0];
		if (other && version < VERSION_OTHER)
			version = VERSION_OTHER;
		put_start(&start, &s, version, encap + buf_len(&rest));
		rc = buf_rc(&start) == ECERT_OK ? buf_rc(&rest) : buf_rc(&start);
	}
	/* What follows has to be read again. */
	if (rc == ECERT_OK &&
	    buf_len(&start) + buf_len(&rest) + (content ? 64 : s.encap.n) > CADES_MAX_SIZE)
		rc = ECERT_E_TOO_LARGE;
	if (rc == ECERT_OK)
		rc = put(ctx, buf_view(&start));
	if (rc == ECERT_OK)
		rc = content ? copy(content->in, content->from, content->to, put, ctx)
			     : put(ctx, s.encap);
	if (rc == ECERT_OK)
		rc = put(ctx, buf_view(&rest));
	buf_free(&start);
	buf_free(&rest);
	return rc;
}
