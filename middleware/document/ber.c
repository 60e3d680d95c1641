/* SPDX-License-Identifier: BSD-2-Clause */
/* Walking over BER: headers, and where a value ends. */
#include "document/ber.h"

struct head {
	uint8_t tag;
	bool indefinite;
	size_t n; /* of the contents */
};

static struct rd from(struct rd r, size_t at)
{
	return rd_of(r.p + at, r.n - at);
}

/* Tag and length; r moves behind them, and holds at least the contents. */
static bool get_head(struct rd *r, struct head *h)
{
	size_t at = 1, more;

	if (r->n < 2)
		return false;
	h->tag = r->p[0];
	if ((h->tag & 0x1F) == 0x1F) {
		while (at < r->n && (r->p[at] & 0x80))
			at++;
		at++;
	}
	if (at >= r->n)
		return false;
	h->n = r->p[at];
	h->indefinite = h->n == 0x80;
	more = h->n & 0x80 ? h->n & 0x7F : 0;
	at++;
	/* A length may have more octets than it needs (8.1.3.5). */
	for (; more > sizeof h->n && at < r->n && !r->p[at]; at++)
		more--;
	if (more > sizeof h->n || r->n - at < more)
		return false;
	h->n = more || h->indefinite ? 0 : h->n;
	for (size_t i = 0; i < more; i++)
		h->n = h->n << 8 | r->p[at + i];
	*r = from(*r, at + more);
	/* A value in one piece has a length (8.1.3.2). */
	return h->indefinite ? (h->tag & 0x20) != 0 : h->n <= r->n;
}

/* Behind the zeros that end an indefinite length; n: of the contents before them. What is inside is
 * counted and not called, so that no depth of nesting costs a stack. */
static bool skip_to_end(struct rd *r, size_t *n)
{
	size_t start = r->n, open = 1;
	struct head h;

	while (open) {
		if (r->n >= 2 && !r->p[0] && !r->p[1]) {
			*n = start - r->n;
			*r = from(*r, 2);
			open--;
		} else if (!get_head(r, &h)) {
			return false;
		} else if (h.indefinite) {
			open++;
		} else {
			*r = from(*r, h.n);
		}
	}
	return true;
}

enum ecert_rc ber_next(struct rd *r, struct ber *out)
{
	struct rd rest = *r;
	struct head h;
	const uint8_t *value;

	if (!r->n)
		return ECERT_E_NOT_FOUND;
	if (!get_head(&rest, &h))
		return ECERT_E_MALFORMED;
	value = rest.p;
	if (!h.indefinite)
		rest = from(rest, h.n);
	else if (!skip_to_end(&rest, &h.n))
		return ECERT_E_MALFORMED;
	out->tag = h.tag;
	out->value = rd_of(value, h.n);
	out->whole = rd_of(r->p, r->n - rest.n);
	*r = rest;
	return ECERT_OK;
}

enum ecert_rc ber_expect(struct rd *r, uint8_t tag, struct rd *value)
{
	struct rd probe = *r;
	struct ber b;

	if (ber_next(&probe, &b) != ECERT_OK || b.tag != tag)
		return ECERT_E_MALFORMED;
	*value = b.value;
	*r = probe;
	return ECERT_OK;
}
