/* SPDX-License-Identifier: BSD-2-Clause */
/* Each object where its cross-reference says, up to its end. */
#include "document/pdf/graph/graph.h"

#include <stdlib.h>

#include "document/pdf/graph/scan.h"
#include "document/pdf/syntax.h"

#define EDGES_MAX  (1u << 24)
#define PACKED_MAX 100000u

/* A scan_fn. A number that is nobody's leads nowhere. */
static bool add(void *ctx, uint32_t id)
{
	struct graph *g = ctx;
	uint32_t *more;

	if (!id || id >= g->n)
		return true;
	if (g->edges == g->room) {
		size_t room = g->room ? 2 * g->room : 4096;

		more = room <= EDGES_MAX ? realloc(g->to, room * sizeof *more) : NULL;
		if (!more)
			return false;
		g->to = more;
		g->room = room;
	}
	g->to[g->edges++] = id;
	return true;
}

/* ---- object streams (7.5.7) ---- */

struct stream {
	uint32_t id;
	unsigned char *data;
	size_t n;
	uint32_t *number;
	size_t *at;
	size_t count;
};

static void stream_free(struct stream *s)
{
	free(s->data);
	free(s->number);
	free(s->at);
	*s = (struct stream){.id = 0};
}

static long long whole(qpdf_data q, qpdf_oh dict, const char *key)
{
	qpdf_oh x = qpdf_oh_get_key_if_dict(q, dict, key);

	return qpdf_oh_is_integer(q, x) ? qpdf_oh_get_int_value(q, x) : -1;
}

static bool stream_open(const struct xref *x, uint32_t id, struct stream *s)
{
	qpdf_oh oh = qpdf_get_object_by_id(x->q, (int)id, 0), dict;
	long long n, first;
	QPDF_BOOL filtered;
	struct rd r;

	stream_free(s);
	if (!qpdf_oh_is_stream(x->q, oh))
		return false;
	dict = qpdf_oh_get_dict(x->q, oh);
	n = whole(x->q, dict, "/N");
	first = whole(x->q, dict, "/First");
	if (n <= 0 || n > PACKED_MAX || first <= 0 ||
	    (qpdf_oh_get_stream_data(x->q, oh, qpdf_dl_all, &filtered, &s->data, &s->n) &
		QPDF_ERRORS) ||
	    (size_t)first > s->n)
		return false;
	s->id = id;
	s->count = (size_t)n;
	s->number = calloc(s->count, sizeof *s->number);
	s->at = calloc(s->count, sizeof *s->at);
	r = rd_of(s->data, (size_t)first);
	for (size_t i = 0; i < s->count; i++) {
		uint64_t number = 0, at = 0;

		r = pdf_skip(r);
		if (!s->number || !s->at || !pdf_number(&r, &number) || !(r = pdf_skip(r)).n ||
		    !pdf_number(&r, &at) || number > UINT32_MAX || at > s->n - (size_t)first)
			return false;
		s->number[i] = (uint32_t)number;
		s->at[i] = (size_t)first + (size_t)at;
	}
	return true;
}

/* Each number is there once. */
static bool is_plain(const struct stream *s, uint32_t *seen, size_t n)
{
	for (size_t i = 0; i < s->count; i++) {
		if (s->number[i] >= n || seen[s->number[i]] == s->id)
			return false;
		seen[s->number[i]] = s->id;
	}
	return true;
}

/* Up to the end of what begins there; a number may be the beginning of a reference. */
static bool stream_part(const struct stream *s, uint64_t i, uint32_t id, struct rd *value)
{
	if (i >= s->count || s->number[i] != id)
		return false;
	*value = rd_of(s->data + s->at[i], s->n - s->at[i]);
	if (!scan_value(*value, value))
		return false;
	if (value->n && *value->p >= '0' && *value->p <= '9')
		value->n = s->n - (size_t)(value->p - s->data);
	return true;
}

/* ---- all of them ---- */

struct order {
	uint32_t inside, id;
};

static int by_stream(const void *a, const void *b)
{
	const struct order *x = a, *y = b;

	return x->inside != y->inside ? (x->inside > y->inside) - (x->inside < y->inside)
				      : (x->id > y->id) - (x->id < y->id);
}

static bool value_of(
    const struct xref *x, uint32_t id, struct stream *s, uint32_t *seen, struct rd *value)
{
	const struct xref_entry *e = &x->v[id];

	if (!e->inside)
		return e->at < x->file.n &&
		       scan_object(rd_of(x->file.p + e->at, x->file.n - (size_t)e->at), id,
			   e->generation, value);
	/* A stream is never in another one. */
	if (e->inside >= x->n || !x->v[e->inside].used || x->v[e->inside].inside ||
	    x->v[e->inside].generation)
		return false;
	return (s->id == e->inside || (stream_open(x, e->inside, s) && is_plain(s, seen, x->n))) &&
	       stream_part(s, e->at, id, value);
}

/* Those of one stream one behind the other. */
static bool scan_all(struct graph *g, const struct xref *x)
{
	struct stream s = {.id = 0};
	struct order *order = calloc(g->n + 1, sizeof *order);
	uint32_t *seen = calloc(g->n + 1, sizeof *seen);
	size_t n = 0;
	bool good = order && seen;

	for (uint32_t id = 0; good && id < g->n; id++)
		if (x->v[id].used)
			order[n++] = (struct order){x->v[id].inside, id};
	if (good)
		qsort(order, n, sizeof *order, by_stream);
	for (size_t i = 0; good && i < n; i++) {
		uint32_t id = order[i].id;
		struct rd value;

		g->inside[id] = order[i].inside;
		g->first[id] = (uint32_t)g->edges;
		good = value_of(x, id, &s, seen, &value) && scan_references(value, add, g);
		g->count[id] = (uint32_t)g->edges - g->first[id];
	}
	stream_free(&s);
	free(order);
	free(seen);
	return good;
}

static bool turn_round(struct graph *g)
{
	uint32_t *at = calloc(g->n + 2, sizeof *at);

	g->back_first = at;
	g->back = calloc(g->edges + 1, sizeof *g->back);
	if (!at || !g->back)
		return false;
	for (size_t i = 0; i < g->edges; i++)
		at[g->to[i] + 2]++;
	for (size_t i = 2; i <= g->n + 1; i++)
		at[i] += at[i - 1];
	/* at[i + 1] moves on while i's are put in, and ends where those of i + 1 begin. */
	for (uint32_t id = 0; id < g->n; id++)
		for (uint32_t i = 0; i < g->count[id]; i++)
			g->back[at[g->to[g->first[id] + i] + 1]++] = id;
	return true;
}

bool graph_read(struct graph *g, struct rd file, qpdf_data q, uint64_t at)
{
	struct xref x = {.file = file, .q = q};
	bool good = xref_read(&x, at);

	*g = (struct graph){.n = x.n};
	if (good) {
		g->inside = calloc(x.n + 1, sizeof *g->inside);
		g->first = calloc(x.n + 1, sizeof *g->first);
		g->count = calloc(x.n + 1, sizeof *g->count);
		good = g->inside && g->first && g->count && scan_all(g, &x) && turn_round(g);
	}
	xref_free(&x);
	return good;
}

void graph_free(struct graph *g)
{
	free(g->inside);
	free(g->first);
	free(g->count);
	free(g->to);
	free(g->back_first);
	free(g->back);
	*g = (struct graph){.n = 0};
}

bool graph_touches(const struct graph *g, uint32_t id, const uint16_t *marked)
{
	for (uint32_t i = 0; id < g->n && i < g->count[id]; i++)
		if (marked[g->to[g->first[id] + i]])
			return true;
	return false;
}
