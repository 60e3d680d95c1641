/* SPDX-License-Identifier: BSD-2-Clause */
/* Walking over a SignedData in a file (RFC 5652, 5.1) around the content. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "document/cms/cades.h"
#include "document/cms/cades_stream.h"
#include "util/mem.h"
#include "util/tlv.h"

#define CHUNK	      (256u << 10)
#define PROGRESS_STEP (4u << 20)
#define MAX_PIECES    (4u << 20) /* each costs a read, however short it is */
#define SMALL	      65536	 /* version, digest algorithms, a type */

/* One header in the file. */
struct head {
	uint8_t tag;
	bool indefinite;
	uint8_t bytes[10];
	size_t n;      /* of the header */
	uint64_t at;   /* where the contents begin */
	uint64_t len;  /* of the contents; not known when indefinite */
	uint64_t stop; /* where they have to end at the latest */
};

static enum ecert_rc read_at(int fd, uint64_t at, void *to, size_t n)
{
	uint8_t *p = to;

	while (n) {
		ssize_t got = pread(fd, p, n, (off_t)at);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return ECERT_E_IO;
		if (got == 0)
			return ECERT_E_MALFORMED;
		p += got;
		at += (uint64_t)got;
		n -= (size_t)got;
	}
	return ECERT_OK;
}

/* The header at this place, of a value that ends at `stop` at the latest. */
static enum ecert_rc get_head(int fd, uint64_t at, uint64_t stop, struct head *h)
{
	enum ecert_rc rc;
	size_t more;

	memset(h, 0, sizeof *h);
	if (stop < at || stop - at < 2)
		return ECERT_E_MALFORMED;
	rc = read_at(fd, at, h->bytes, 2);
	if (rc != ECERT_OK)
		return rc;
	h->tag = h->bytes[0];
	more = h->bytes[1] & 0x80 ? h->bytes[1] & 0x7Fu : 0;
	h->indefinite = h->bytes[1] == 0x80;
	h->n = 2 + more;
	/* Multi-byte tags do not occur here. */
	if ((h->tag & 0x1F) == 0x1F || more > 8 || stop - at < h->n)
		return ECERT_E_MALFORMED;
	if (more)
		rc = read_at(fd, at + 2, h->bytes + 2, more);
	h->len = more || h->indefinite ? 0 : h->bytes[1];
	for (size_t i = 0; i < more; i++)
		h->len = h->len << 8 | h->bytes[2 + i];
	h->at = at + h->n;
	if (rc == ECERT_OK && !h->indefinite && h->len > stop - h->at)
		rc = ECERT_E_MALFORMED;
	h->stop = h->indefinite ? stop : h->at + h->len;
	return rc;
}

static enum ecert_rc expect(int fd, uint64_t at, uint64_t stop, uint8_t tag, struct head *h)
{
	enum ecert_rc rc = get_head(fd, at, stop, h);

	return rc == ECERT_OK && h->tag != tag ? ECERT_E_MALFORMED : rc;
}

/* A whole small value with a definite length, as it is; *at moves behind it. */
static enum ecert_rc copy_value(int fd, uint64_t *at, uint64_t stop, uint8_t tag, struct buf *out)
{
	struct head h;
	enum ecert_rc rc = expect(fd, *at, stop, tag, &h);
	uint8_t *room;

	if (rc == ECERT_OK && (h.indefinite || h.len > SMALL))
		rc = ECERT_E_MALFORMED;
	room = rc == ECERT_OK ? buf_room(out, h.n + (size_t)h.len) : NULL;
	if (rc != ECERT_OK || !room)
		return rc != ECERT_OK ? rc : buf_rc(out);
	*at = h.at + h.len;
	return read_at(fd, h.at - h.n, room, h.n + (size_t)h.len);
}

/* The zeros that end an indefinite length; nothing for a definite one, which has to end here. */
static enum ecert_rc close_head(int fd, const struct head *h, uint64_t *at)
{
	uint8_t zeros[2];
	enum ecert_rc rc;

	if (!h->indefinite)
		return *at == h->stop ? ECERT_OK : ECERT_E_MALFORMED;
	rc = h->stop - *at < 2 ? ECERT_E_MALFORMED : read_at(fd, *at, zeros, 2);
	*at += 2;
	return rc == ECERT_OK && (zeros[0] || zeros[1]) ? ECERT_E_MALFORMED : rc;
}

typedef enum ecert_rc piece_fn(void *ctx, int fd, uint64_t at, uint64_t n);

/* Every piece of the OCTET STRING; *end: behind the last one and its zeros. */
static enum ecert_rc each_piece(
    const struct cades_stream *s, piece_fn *fn, void *ctx, uint64_t *end)
{
	enum ecert_rc rc = ECERT_OK;
	uint64_t at = s->at, pieces = 0;

	if (!s->in_pieces) {
		*end = s->end;
		return fn(ctx, s->fd, s->at, s->end - s->at);
	}
	while (rc == ECERT_OK) {
		struct head h;

		if (!s->until_zeros && at == s->end)
			break;
		rc = get_head(s->fd, at, s->end, &h);
		if (rc == ECERT_OK && s->until_zeros && h.tag == 0 && h.n == 2 && h.len == 0 &&
		    !h.indefinite) {
			at = h.at;
			break;
		}
		if (rc == ECERT_OK && (h.tag != 0x04 || h.indefinite))
			rc = ECERT_E_MALFORMED;
		if (rc == ECERT_OK && ++pieces > MAX_PIECES)
			rc = ECERT_E_DATA_LEN;
		if (rc == ECERT_OK)
			rc = fn(ctx, s->fd, h.at, h.len);
		at = h.at + h.len;
	}
	*end = at;
	return rc;
}

static enum ecert_rc count(void *ctx, int fd, uint64_t at, uint64_t n)
{
	(void)fd;
	(void)at;
	*(uint64_t *)ctx += n;
	return ECERT_OK;
}

/* EncapsulatedContentInfo: its type goes to `type`; *at moves behind it. */
static enum ecert_rc walk_content(
    int fd, uint64_t *at, uint64_t stop, struct cades_stream *s, struct buf *type)
{
	struct head encap, tagged, octets;
	enum ecert_rc rc = expect(fd, *at, stop, 0x30, &encap);

	if (rc != ECERT_OK)
		return rc;
	*at = encap.at;
	rc = copy_value(fd, at, encap.stop, 0x06, type);
	if (rc == ECERT_OK)
		rc = expect(fd, *at, encap.stop, 0xA0, &tagged);
	if (rc == ECERT_OK)
		rc = get_head(fd, tagged.at, tagged.stop, &octets);
	if (rc == ECERT_OK && octets.tag != 0x04 && octets.tag != 0x24)
		rc = ECERT_E_MALFORMED;
	if (rc == ECERT_OK && octets.tag == 0x04 && octets.indefinite)
		rc = ECERT_E_MALFORMED;
	if (rc != ECERT_OK)
		return rc;
	*s = (struct cades_stream){
	    fd, octets.at, octets.stop, octets.tag == 0x24, octets.indefinite, 0, 0, 0};
	rc = each_piece(s, count, &s->size, at);
	if (rc == ECERT_OK && octets.tag == 0x24 && !octets.indefinite && *at != octets.stop)
		rc = ECERT_E_MALFORMED;
	if (rc == ECERT_OK)
		rc = close_head(fd, &tagged, at);
	return rc == ECERT_OK ? close_head(fd, &encap, at) : rc;
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

/* What follows the content, to the end of the file. */
static enum ecert_rc put_rest(int fd, uint64_t at, uint64_t size, struct buf *out)
{
	uint8_t *room;

	if (size - at > CADES_MAX_SIZE)
		return ECERT_E_TOO_LARGE;
	room = buf_room(out, (size_t)(size - at));
	return room ? read_at(fd, at, room, (size_t)(size - at)) : buf_rc(out);
}

/* ContentInfo up to the content. */
struct outer {
	struct head info, tagged, data;
	struct buf oid;	  /* signedData */
	struct buf start; /* version and digestAlgorithms */
	uint64_t at;	  /* where encapContentInfo begins */
};

static enum ecert_rc walk_outer(int fd, uint64_t size, struct outer *o)
{
	static const uint8_t id_signed[] = {6, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 7, 2};
	enum ecert_rc rc = expect(fd, 0, size, 0x30, &o->info);

	o->at = o->info.at;
	if (rc == ECERT_OK)
		rc = copy_value(fd, &o->at, o->info.stop, 0x06, &o->oid);
	if (rc == ECERT_OK && !rd_equal(buf_view(&o->oid), rd_of(id_signed, sizeof id_signed)))
		rc = ECERT_E_MALFORMED;
	if (rc == ECERT_OK)
		rc = expect(fd, o->at, o->info.stop, 0xA0, &o->tagged);
	if (rc == ECERT_OK)
		rc = expect(fd, o->tagged.at, o->tagged.stop, 0x30, &o->data);
	o->at = o->data.at;
	if (rc == ECERT_OK)
		rc = copy_value(fd, &o->at, o->data.stop, 0x02, &o->start);
	if (rc == ECERT_OK)
		rc = copy_value(fd, &o->at, o->data.stop, 0x31, &o->start);
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

enum ecert_rc cades_stream_open(int fd, struct cades_stream *s, struct buf *shell)
{
	struct outer o = {.oid = BUF_INIT(64), .start = BUF_INIT(2 * SMALL)};
	struct buf type = BUF_INIT(SMALL + 16), encap = BUF_INIT(SMALL + 32);
	off_t file = lseek(fd, 0, SEEK_END);
	uint64_t size = file > 0 ? (uint64_t)file : 0;
	enum ecert_rc rc = file < 0 ? ECERT_E_IO : walk_outer(fd, size, &o);
	uint64_t at = o.at;

	if (rc == ECERT_OK)
		rc = walk_content(fd, &at, o.data.stop, s, &type);
	if (rc == ECERT_OK) {
		s->from = o.at;
		s->to = at;
		tlv_put(&encap, 0x30, buf_view(&type));
		rc = put_outer(&o, buf_view(&encap), at - o.at - buf_len(&encap), shell);
	}
	if (rc == ECERT_OK)
		rc = put_rest(fd, at, size, shell);
	buf_free(&o.oid);
	buf_free(&o.start);
	buf_free(&type);
	buf_free(&encap);
	return rc;
}

struct digesting {
	struct digest_set *set;
	uint8_t *chunk;
	const struct doc_verify_options *o;
	uint64_t done, told, total;
};

static enum ecert_rc digest_piece(void *ctx, int fd, uint64_t at, uint64_t n)
{
	struct digesting *d = ctx;
	enum ecert_rc rc = ECERT_OK;

	while (rc == ECERT_OK && n) {
		size_t part = n < CHUNK ? (size_t)n : CHUNK;

		rc = read_at(fd, at, d->chunk, part);
		if (rc == ECERT_OK)
			rc = digest_set_update(d->set, rd_of(d->chunk, part));
		if (rc == ECERT_OK && d->o->content)
			rc = d->o->content(d->o->content_ctx, rd_of(d->chunk, part));
		at += part;
		n -= part;
		d->done += part;
		if (rc == ECERT_OK && d->o->progress && d->done - d->told >= PROGRESS_STEP) {
			d->told = d->done;
			if (!d->o->progress(d->o->progress_ctx, d->done, d->total))
				rc = ECERT_E_CANCELLED;
		}
	}
	/* It was there a moment ago. */
	return rc == ECERT_E_MALFORMED ? ECERT_E_IO : rc;
}

enum ecert_rc cades_stream_digest(
    const struct cades_stream *s, struct digest_set *set, const struct doc_verify_options *o)
{
	struct digesting d = {set, malloc(CHUNK), o, 0, 0, s->size};
	uint64_t end = 0;
	enum ecert_rc rc = d.chunk ? each_piece(s, digest_piece, &d, &end) : ECERT_E_MEMORY;

	if (rc == ECERT_OK && o->progress && !o->progress(o->progress_ctx, d.done, d.total))
		rc = ECERT_E_CANCELLED;
	mem_free(d.chunk, CHUNK);
	return rc;
}

struct heading {
	uint8_t *out;
	size_t size, n;
};

static enum ecert_rc head_piece(void *ctx, int fd, uint64_t at, uint64_t n)
{
	struct heading *h = ctx;
	size_t part = h->size - h->n < n ? h->size - h->n : (size_t)n;
	enum ecert_rc rc = part ? read_at(fd, at, h->out + h->n, part) : ECERT_OK;

	h->n += rc == ECERT_OK ? part : 0;
	return rc != ECERT_OK ? rc : h->n == h->size ? ECERT_E_CANCELLED : ECERT_OK;
}

enum ecert_rc cades_stream_head(const struct cades_stream *s, uint8_t *out, size_t size, size_t *n)
{
	struct heading h = {out, size, 0};
	uint64_t end = 0;
	enum ecert_rc rc = each_piece(s, head_piece, &h, &end);

	*n = h.n;
	/* Enough was seen. */
	return rc == ECERT_E_CANCELLED ? ECERT_OK : rc == ECERT_E_MALFORMED ? ECERT_E_IO : rc;
}
