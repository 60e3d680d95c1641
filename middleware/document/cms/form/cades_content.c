/* SPDX-License-Identifier: BSD-2-Clause */
/* The content of a SignedData, piece by piece: through the digests, and to whoever takes it out. */
#include <string.h>

#include "document/cms/cades_stream.h"

#define CHUNK	      (256u << 10)
#define PROGRESS_STEP (4u << 20)

struct digesting {
	const struct cades_sink *to;
	const struct doc_verify_options *o;
	uint64_t done, told, total;
	bool cr; /* the last byte of text, which is held back */
	uint8_t hold[4096];
	size_t held;
};

/* The text with each line end as CR LF: one that is cut in two is one all the same. */
static enum ecert_rc digest_text(struct digesting *d, struct rd part)
{
	bool cr = part.p[part.n - 1] == '\r', held = d->cr;
	enum ecert_rc rc = ECERT_OK;

	if (held && part.p[0] != '\n')
		rc = digest_set_update(d->to->canonical, rd_of("\r", 1));
	d->cr = cr;
	return rc == ECERT_OK ? digest_set_update_text(d->to->canonical, rd_of(part.p, part.n - cr))
			      : rc;
}

static enum ecert_rc put(struct digesting *d, struct rd part)
{
	enum ecert_rc rc = digest_set_update(d->to->inside, part);

	if (rc == ECERT_OK && d->to->canonical)
		rc = digest_text(d, part);
	if (rc == ECERT_OK && d->o->content)
		rc = d->o->content(d->o->content_ctx, part);
	d->done += part.n;
	if (rc == ECERT_OK && d->o->progress && d->done - d->told >= PROGRESS_STEP) {
		d->told = d->done;
		if (!d->o->progress(d->o->progress_ctx, d->done, d->total))
			rc = ECERT_E_CANCELLED;
	}
	return rc;
}

/* Of pieces of a few bytes, many are put at once. */
static enum ecert_rc gather(struct digesting *d, struct rd part)
{
	enum ecert_rc rc = ECERT_OK;

	if (d->held && d->held + part.n > sizeof d->hold) {
		rc = put(d, rd_of(d->hold, d->held));
		d->held = 0;
	}
	if (rc == ECERT_OK && part.n > sizeof d->hold)
		return put(d, part);
	memcpy(d->hold + d->held, part.p, part.n);
	d->held += part.n;
	return rc;
}

static enum ecert_rc digest_piece(void *ctx, struct octets *in, uint64_t at, uint64_t n)
{
	struct digesting *d = ctx;
	enum ecert_rc rc = ECERT_OK;

	while (rc == ECERT_OK && n) {
		struct rd part;

		rc = octets_view(in, at, &part);
		if (rc != ECERT_OK)
			break;
		if (part.n > CHUNK)
			part.n = CHUNK;
		if (part.n > n)
			part.n = (size_t)n;
		rc = gather(d, part);
		at += part.n;
		n -= part.n;
	}
	/* It was there a moment ago. */
	return rc == ECERT_E_MALFORMED ? ECERT_E_IO : rc;
}

enum ecert_rc cades_stream_digest(
    const struct cades_stream *s, const struct cades_sink *to, const struct doc_verify_options *o)
{
	struct digesting d = {.to = to, .o = o, .total = s->size};
	uint64_t end = 0;
	enum ecert_rc rc = cades_stream_each(s, digest_piece, &d, &end);

	if (rc == ECERT_OK && d.held)
		rc = put(&d, rd_of(d.hold, d.held));
	if (rc == ECERT_OK && d.cr)
		rc = digest_set_update(to->canonical, rd_of("\r", 1));
	if (rc == ECERT_OK && o->progress && !o->progress(o->progress_ctx, d.done, d.total))
		rc = ECERT_E_CANCELLED;
	return rc;
}

struct heading {
	uint8_t *out;
	size_t size, n;
};

static enum ecert_rc head_piece(void *ctx, struct octets *in, uint64_t at, uint64_t n)
{
	struct heading *h = ctx;
	size_t part = h->size - h->n < n ? h->size - h->n : (size_t)n;
	enum ecert_rc rc = part ? octets_read(in, at, h->out + h->n, part) : ECERT_OK;

	h->n += rc == ECERT_OK ? part : 0;
	return rc != ECERT_OK ? rc : h->n == h->size ? ECERT_E_CANCELLED : ECERT_OK;
}

enum ecert_rc cades_stream_head(const struct cades_stream *s, uint8_t *out, size_t size, size_t *n)
{
	struct heading h = {out, size, 0};
	uint64_t end = 0;
	enum ecert_rc rc = cades_stream_each(s, head_piece, &h, &end);

	*n = h.n;
	/* Enough was seen. */
	return rc == ECERT_E_CANCELLED ? ECERT_OK : rc == ECERT_E_MALFORMED ? ECERT_E_IO : rc;
}
