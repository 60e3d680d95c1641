/* SPDX-License-Identifier: BSD-2-Clause */
/* Walking over a SignedData in a file (RFC 5652, 5.1) around the content. */
#include <stdlib.h>
#include <string.h>

#include "document/ber.h"
#include "document/cms/cades.h"
#include "document/cms/cades_stream.h"
#include "util/tlv.h"

#define MAX_PIECES (16u << 20)
#define MAX_DEPTH  6	 /* of pieces in pieces, as OpenSSL reads them */
#define SMALL	   65536 /* version, digest algorithms, a type */

/* One header in the file. */
struct head {
	uint8_t tag;
	bool indefinite;
	uint8_t bytes[2 + 126];
	size_t n;      /* of the header */
	uint64_t at;   /* where the contents begin */
	uint64_t len;  /* of the contents; not known when indefinite */
	uint64_t stop; /* where they have to end at the latest */
};

/* What is read, and what was looked at last. */
struct reader {
	struct octets *in;
	uint64_t where;
	bool deep; /* pieces in pieces, more than are read */
};

/* The header at this place, of a value that ends at `stop` at the latest. */
static enum ecert_rc get_head(struct reader *in, uint64_t at, uint64_t stop, struct head *h)
{
	enum ecert_rc rc;
	size_t more;

	memset(h, 0, sizeof *h);
	in->where = at;
	if (stop < at || stop - at < 2)
		return ECERT_E_MALFORMED;
	rc = octets_read(in->in, at, h->bytes, 2);
	if (rc != ECERT_OK)
		return rc;
	h->tag = h->bytes[0];
	more = h->bytes[1] & 0x80 ? h->bytes[1] & 0x7Fu : 0;
	h->indefinite = h->bytes[1] == 0x80;
	h->n = 2 + more;
	/* Multi-byte tags do not occur here; 0xFF is no length (X.690, 8.1.3.5). */
	if ((h->tag & 0x1F) == 0x1F || h->n > sizeof h->bytes || stop - at < h->n)
		return ECERT_E_MALFORMED;
	if (more)
		rc = octets_read(in->in, at + 2, h->bytes + 2, more);
	h->len = more || h->indefinite ? 0 : h->bytes[1];
	for (size_t i = 0; i < more; i++) {
		if (h->len >> 56)
			return ECERT_E_MALFORMED;
		h->len = h->len << 8 | h->bytes[2 + i];
	}
	h->at = at + h->n;
	if (rc == ECERT_OK && !h->indefinite && h->len > stop - h->at)
		rc = ECERT_E_MALFORMED;
	h->stop = h->indefinite ? stop : h->at + h->len;
	return rc;
}

static enum ecert_rc expect(
    struct reader *in, uint64_t at, uint64_t stop, uint8_t tag, struct head *h)
{
	enum ecert_rc rc = get_head(in, at, stop, h);

	return rc == ECERT_OK && h->tag != tag ? ECERT_E_MALFORMED : rc;
}

/* One whose end is marked, and not told: by a walk over what may be it. */
static enum ecert_rc copy_open(struct reader *in, uint64_t at, uint64_t stop, struct buf *out)
{
	size_t n = stop - at < SMALL ? (size_t)(stop - at) : SMALL;
	uint8_t *bytes = malloc(n);
	enum ecert_rc rc = bytes ? octets_read(in->in, at, bytes, n) : ECERT_E_MEMORY;
	struct rd rest = rd_of(bytes, n);
	struct ber b;

	if (rc == ECERT_OK)
		rc = ber_next(&rest, &b);
	if (rc == ECERT_OK)
		buf_rd(out, b.whole);
	free(bytes);
	return rc == ECERT_OK ? buf_rc(out) : rc;
}

/* A whole small value, as it is; *at moves behind it. */
static enum ecert_rc copy_value(
    struct reader *in, uint64_t *at, uint64_t stop, uint8_t tag, struct buf *out)
{
	struct head h;
	enum ecert_rc rc = expect(in, *at, stop, tag, &h);
	size_t before = buf_len(out);
	uint8_t *room;

	if (rc == ECERT_OK && h.indefinite) {
		rc = copy_open(in, *at, stop, out);
		*at += buf_len(out) - before;
		return rc;
	}
	if (rc == ECERT_OK && h.len > SMALL)
		rc = ECERT_E_MALFORMED;
	room = rc == ECERT_OK ? buf_room(out, h.n + (size_t)h.len) : NULL;
	if (rc != ECERT_OK || !room)
		return rc != ECERT_OK ? rc : buf_rc(out);
	*at = h.at + h.len;
	return octets_read(in->in, h.at - h.n, room, h.n + (size_t)h.len);
}

/* The zeros that end an indefinite length; nothing for a definite one, which has to end here. */
static enum ecert_rc close_head(struct reader *in, const struct head *h, uint64_t *at)
{
	uint8_t zeros[2];
	enum ecert_rc rc;

	in->where = *at;
	if (!h->indefinite)
		return *at == h->stop ? ECERT_OK : ECERT_E_MALFORMED;
	rc = h->stop - *at < 2 ? ECERT_E_MALFORMED : octets_read(in->in, *at, zeros, 2);
	*at += 2;
	return rc == ECERT_OK && (zeros[0] || zeros[1]) ? ECERT_E_MALFORMED : rc;
}

/* What is open of pieces in pieces. */
struct open {
	struct {
		uint64_t end;
		bool until_zeros;
	} v[MAX_DEPTH];
	size_t n;
};

/* One header, and what it opens or closes; *n: of a piece, 0 when there is none. */
static enum ecert_rc step(struct reader *in, struct open *o, uint64_t *at, uint64_t *n)
{
	uint64_t end = o->v[o->n - 1].end;
	struct head h;
	enum ecert_rc rc;

	*n = 0;
	if (!o->v[o->n - 1].until_zeros && *at == end) {
		o->n--;
		return ECERT_OK;
	}
	rc = get_head(in, *at, end, &h);
	if (rc != ECERT_OK)
		return rc;
	*at = h.at;
	if (h.tag == 0 && o->v[o->n - 1].until_zeros && h.n == 2 && !h.len && !h.indefinite) {
		o->n--;
	} else if (h.tag == 0x24 && o->n < MAX_DEPTH) {
		o->v[o->n].end = h.stop;
		o->v[o->n++].until_zeros = h.indefinite;
	} else if (h.tag == 0x04 && !h.indefinite) {
		*n = h.len;
	} else {
		in->deep = h.tag == 0x24;
		/* X.690, 8.7.3.2 */
		return h.tag == 0 || (h.tag & ~0x20) == 0x04 ? ECERT_E_MALFORMED : ECERT_E_DATA;
	}
	return ECERT_OK;
}

static enum ecert_rc each_piece(
    struct reader *in, const struct cades_stream *s, cades_piece_fn *fn, void *ctx, uint64_t *end)
{
	struct open o = {.v = {{s->end, s->until_zeros}}, .n = 1};
	enum ecert_rc rc = ECERT_OK;
	uint64_t at = s->at, heads = 0, n = 0;

	if (!s->in_pieces) {
		*end = s->end;
		return fn(ctx, s->in, s->at, s->end - s->at);
	}
	while (rc == ECERT_OK && o.n) {
		rc = step(in, &o, &at, &n);
		if (rc == ECERT_OK && ++heads > MAX_PIECES)
			rc = ECERT_E_DATA_LEN;
		if (rc == ECERT_OK && n)
			rc = fn(ctx, s->in, at, n);
		at += n;
	}
	*end = at;
	return rc;
}

enum ecert_rc cades_stream_each(
    const struct cades_stream *s, cades_piece_fn *fn, void *ctx, uint64_t *end)
{
	struct reader in = {.in = s->in};

	return each_piece(&in, s, fn, ctx, end);
}

static enum ecert_rc count(void *ctx, struct octets *in, uint64_t at, uint64_t n)
{
	(void)in;
	(void)at;
	*(uint64_t *)ctx += n;
	return ECERT_OK;
}

/* What is around the content, from outside in, and it. */
struct inner {
	struct head encap, tagged, octets;
};

/* EncapsulatedContentInfo: its type goes to `type`. */
static enum ecert_rc enter_content(
    struct reader *in, uint64_t at, uint64_t stop, struct inner *i, struct buf *type)
{
	enum ecert_rc rc = expect(in, at, stop, 0x30, &i->encap);

	at = i->encap.at;
	if (rc == ECERT_OK)
		rc = copy_value(in, &at, i->encap.stop, 0x06, type);
	if (rc == ECERT_OK)
		rc = expect(in, at, i->encap.stop, 0xA0, &i->tagged);
	if (rc == ECERT_OK)
		rc = get_head(in, i->tagged.at, i->tagged.stop, &i->octets);
	if (rc == ECERT_OK && i->octets.tag != 0x04 && i->octets.tag != 0x24)
		rc = ECERT_E_MALFORMED;
	if (rc == ECERT_OK && i->octets.tag == 0x04 && i->octets.indefinite)
		rc = ECERT_E_MALFORMED;
	return rc;
}

/* The same to its end; *at moves behind it. */
static enum ecert_rc walk_content(
    struct reader *in, uint64_t *at, uint64_t stop, struct cades_stream *s, struct buf *type)
{
	struct inner i;
	enum ecert_rc rc = enter_content(in, *at, stop, &i, type);
	const struct head *octets = &i.octets;

	if (rc != ECERT_OK)
		return rc;
	*s = (struct cades_stream){.in = in->in,
	    .at = octets->at,
	    .end = octets->stop,
	    .in_pieces = octets->tag == 0x24,
	    .until_zeros = octets->indefinite};
	rc = each_piece(in, s, count, &s->size, at);
	if (rc == ECERT_OK && octets->tag == 0x24 && !octets->indefinite && *at != octets->stop)
		rc = ECERT_E_MALFORMED;
	if (rc == ECERT_OK)
		rc = close_head(in, &i.tagged, at);
	return rc == ECERT_OK ? close_head(in, &i.encap, at) : rc;
}

/* The header again for contents that are `less` bytes shorter, in as many bytes: BER allows a
 * length that is longer than it need be, and the places of all that follows stay what they were. */
static enum ecert_rc put_shorter(struct buf *out, const struct head *h, uint64_t less)
{
	uint8_t bytes[sizeof h->bytes];
	uint64_t len = h->len - less;

	memcpy(bytes, h->bytes, h->n);
	if (!h->indefinite && h->len < less)
		return ECERT_E_MALFORMED;
	if (!h->indefinite && h->n == 2)
		bytes[1] = (uint8_t)len;
	for (size_t i = h->n; !h->indefinite && i > 2; i--, len >>= 8)
		bytes[i - 1] = (uint8_t)len;
	buf_put(out, bytes, h->n);
	return buf_rc(out);
}

/* What follows the content, as far as there is room; *cut: where that ends. */
static enum ecert_rc put_rest(
    struct octets *in, uint64_t at, uint64_t size, struct buf *out, uint64_t *cut)
{
	size_t most = out->max - buf_len(out);
	size_t n = size - at < most ? (size_t)(size - at) : most;
	uint8_t *room = buf_room(out, n);

	*cut = at + n;
	return room || !n ? octets_read(in, at, room, n) : buf_rc(out);
}

/* ContentInfo up to the content. */
struct outer {
	struct head info, tagged, data;
	struct buf oid;	  /* signedData */
	struct buf start; /* version and digestAlgorithms */
	uint64_t at;	  /* where encapContentInfo begins */
};

static enum ecert_rc walk_outer(struct reader *in, uint64_t size, struct outer *o)
{
	static const uint8_t id_signed[] = {6, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 7, 2};
	enum ecert_rc rc = expect(in, 0, size, 0x30, &o->info);

	o->at = o->info.at;
	if (rc == ECERT_OK)
		rc = copy_value(in, &o->at, o->info.stop, 0x06, &o->oid);
	if (rc == ECERT_OK && !rd_equal(buf_view(&o->oid), rd_of(id_signed, sizeof id_signed)))
		rc = ECERT_E_MALFORMED;
	if (rc == ECERT_OK)
		rc = expect(in, o->at, o->info.stop, 0xA0, &o->tagged);
	if (rc == ECERT_OK)
		rc = expect(in, o->tagged.at, o->tagged.stop, 0x30, &o->data);
	o->at = o->data.at;
	if (rc == ECERT_OK)
		rc = copy_value(in, &o->at, o->data.stop, 0x02, &o->start);
	if (rc == ECERT_OK)
		rc = copy_value(in, &o->at, o->data.stop, 0x31, &o->start);
	return rc;
}

/* The same with an encapContentInfo of a type alone, which is `less` bytes shorter. */
static enum ecert_rc put_outer(
    const struct outer *o, struct rd encap, uint64_t less, struct buf *shell)
{
	enum ecert_rc rc = put_shorter(shell, &o->info, less);

	buf_rd(shell, buf_view(&o->oid));
	if (rc == ECERT_OK)
		rc = put_shorter(shell, &o->tagged, less);
	if (rc == ECERT_OK)
		rc = put_shorter(shell, &o->data, less);
	buf_rd(shell, buf_view(&o->start));
	buf_rd(shell, encap);
	return rc == ECERT_OK ? buf_rc(shell) : rc;
}

enum ecert_rc cades_stream_open(struct octets *in, struct cades_stream *s, struct buf *shell)
{
	struct outer o = {.oid = BUF_INIT(64), .start = BUF_INIT(2 * SMALL)};
	struct buf type = BUF_INIT(SMALL + 16), encap = BUF_INIT(SMALL + 32);
	struct reader r = {.in = in};
	uint64_t size = octets_size(in), at;
	enum ecert_rc rc = walk_outer(&r, size, &o);

	*s = (struct cades_stream){.in = in};
	at = o.at;
	if (rc == ECERT_OK)
		rc = walk_content(&r, &at, o.data.stop, s, &type);
	s->wrong = r.where;
	s->deep = r.deep;
	if (rc == ECERT_OK) {
		s->from = o.at;
		s->to = at;
		tlv_put(&encap, 0x30, buf_view(&type));
		s->less = at - o.at - buf_len(&encap);
		rc = put_outer(&o, buf_view(&encap), s->less, shell);
		s->behind = buf_len(shell);
	}
	if (rc == ECERT_OK)
		rc = put_rest(in, at, size, shell, &s->cut);
	buf_free(&o.oid);
	buf_free(&o.start);
	buf_free(&type);
	buf_free(&encap);
	return rc;
}

bool cades_in_pieces(struct octets *in)
{
	struct outer o = {.oid = BUF_INIT(64), .start = BUF_INIT(2 * SMALL)};
	struct buf type = BUF_INIT(SMALL + 16);
	struct reader r = {.in = in};
	struct inner i = {.octets = {.tag = 0}};
	bool is = walk_outer(&r, octets_size(in), &o) == ECERT_OK &&
		  (enter_content(&r, o.at, o.data.stop, &i, &type) == ECERT_OK
			  ? i.octets.tag == 0x24
			  : (i.octets.tag & ~0x20) == 0x1F);

	buf_free(&o.oid);
	buf_free(&o.start);
	buf_free(&type);
	return is;
}
