/* SPDX-License-Identifier: BSD-2-Clause */
/* Reading an answer: everything in its place, every number within what there is. */
#include "document/xml/answer.h"

#include <stdlib.h>

/* It goes on while there are bytes; one failure is kept. */
struct reader {
	struct rd rest;
	bool good;
};

static uint32_t u32(struct reader *r)
{
	uint32_t n = 0;

	r->good = r->good && rd_u32(&r->rest, &n) == ECERT_OK;
	return r->good ? n : 0;
}

/* Below count. */
static uint8_t u8(struct reader *r, unsigned count)
{
	uint8_t n = 0;

	r->good = r->good && rd_u8(&r->rest, &n) == ECERT_OK && n < count;
	return r->good ? n : 0;
}

static struct rd string(struct reader *r)
{
	struct rd out = {NULL, 0};
	uint32_t n = u32(r);

	r->good = r->good && rd_take(&r->rest, n, &out) == ECERT_OK;
	return r->good ? out : rd_of(NULL, 0);
}

/* Room for as many as are said to follow, of which each has at least so many bytes. */
static void *room(struct reader *r, uint32_t n, size_t least, size_t size)
{
	void *v;

	r->good = r->good && n <= r->rest.n / least;
	v = r->good ? calloc(n + 1u, size) : NULL;
	r->good = v;
	return v;
}

/* Octets are numbers until the table behind the signatures is read: kept in n of the view. */
static bool number(struct reader *r, struct rd *octets)
{
	uint32_t n = u32(r);

	*octets = (struct rd){NULL, n};
	return r->good && n != XML_NO_NUMBER;
}

static void read_ref(struct reader *r, struct xml_ref *out)
{
	out->state = (enum xml_reference)u8(r, XML_REFERENCE_COUNT);
	out->place = (enum xml_place)u8(r, XML_PLACE_COUNT);
	out->flags = u8(r, 256);
	out->value_of = u32(r);
	out->uri = string(r);
	out->type = string(r);
	out->digest = string(r);
	out->value = string(r);
	out->path = string(r);
	out->unknown = string(r);
	out->has_octets = number(r, &out->octets);
	r->good = r->good && out->has_octets == (out->state == XML_OCTETS);
}

static void read_fact(struct reader *r, struct xml_property *out)
{
	out->kind = (enum xml_fact)u8(r, XML_FACT_COUNT);
	out->a = string(r);
	out->b = string(r);
	out->c = string(r);
	out->has_octets = number(r, &out->octets);
}

static void read_lists(struct reader *r, struct xml_sig *s)
{
	s->certs = u32(r);
	s->cert = room(r, s->certs, 4, sizeof *s->cert);
	for (uint32_t i = 0; r->good && i < s->certs; i++)
		s->cert[i] = string(r);
	s->refs = u32(r);
	r->good = r->good && s->refs <= XML_REFERENCES_MAX;
	s->ref = room(r, s->refs, 35, sizeof *s->ref);
	for (uint32_t i = 0; r->good && i < s->refs; i++)
		read_ref(r, &s->ref[i]);
	s->gaps = u32(r);
	s->gap = string(r);
	s->left_out = u8(r, 2);
	s->comments = u32(r);
	s->comment = string(r);
	s->properties = (enum xml_properties)u8(r, XML_PROPERTIES_COUNT);
	s->ns = string(r);
	s->facts = u32(r);
	r->good = r->good && s->facts <= XML_FACTS_MAX;
	s->fact = room(r, s->facts, 17, sizeof *s->fact);
	for (uint32_t i = 0; r->good && i < s->facts; i++)
		read_fact(r, &s->fact[i]);
}

static void read_signature(struct reader *r, uint32_t total, struct xml_sig *s)
{
	s->path = string(r);
	s->id = string(r);
	s->of = u32(r);
	r->good = r->good && s->of <= total;
	s->canonical = string(r);
	s->method = string(r);
	s->pss_digest = string(r);
	s->pss_mgf = string(r);
	s->salt = u32(r);
	s->has_info = number(r, &s->info);
	s->value = string(r);
	read_lists(r, s);
}

static bool resolve(bool has, struct rd *octets, const struct rd *table, uint32_t n)
{
	size_t i = octets->n;

	*octets = rd_of(NULL, 0);
	if (!has)
		return true;
	if (i >= n)
		return false;
	*octets = table[i];
	return true;
}

static bool resolve_all(struct xml_answer *a, const struct rd *table, uint32_t n)
{
	bool good = true;

	for (uint32_t i = 0; good && i < a->n; i++) {
		struct xml_sig *s = &a->v[i];

		good = resolve(s->has_info, &s->info, table, n);
		for (uint32_t k = 0; good && k < s->refs; k++)
			good = resolve(s->ref[k].has_octets, &s->ref[k].octets, table, n);
		for (uint32_t k = 0; good && k < s->facts; k++)
			good = resolve(s->fact[k].has_octets, &s->fact[k].octets, table, n);
	}
	return good;
}

bool xml_answer_read(struct xml_answer *a)
{
	struct reader r = {buf_view(&a->raw), true};
	struct rd *table;
	uint32_t n;

	a->state = (enum xml_state)u8(&r, XML_STATE_COUNT);
	if (a->state != XML_READ)
		return r.good && rd_empty(&r.rest);
	a->total = u32(&r);
	a->references = u32(&r);
	a->more = u8(&r, 2);
	a->n = u32(&r);
	r.good = r.good && a->n <= a->total && a->n <= XML_SIGNATURES_MAX;
	a->v = room(&r, a->n, 62, sizeof *a->v);
	for (uint32_t i = 0; r.good && i < a->n; i++)
		read_signature(&r, a->total, &a->v[i]);
	if (!a->v)
		a->n = 0;
	n = u32(&r);
	table = room(&r, n, 4, sizeof *table);
	for (uint32_t i = 0; r.good && i < n; i++)
		table[i] = string(&r);
	r.good = r.good && rd_empty(&r.rest) && resolve_all(a, table, n);
	free(table);
	return r.good;
}

enum ecert_rc xml_answer_get(int fd, uint32_t first, struct xml_answer *out, enum wall_end *end)
{
	struct wall_question q = {.op = XML_SIGNATURES_OP, .fd = &fd, .fds = 1};
	struct buf request = BUF_INIT(4);
	enum ecert_rc rc;

	*out = (struct xml_answer){.n = 0};
	buf_init(&out->raw, WALL_ANSWER_MAX);
	buf_u32(&request, first);
	q.request = buf_view(&request);
	rc = wall_ask(&q, &out->raw, end);
	buf_free(&request);
	if (rc == ECERT_OK && *end == WALL_ANSWERED &&
	    (!xml_answer_read(out) ||
		(out->state == XML_READ && first < out->total && !out->more && !out->n)))
		*end = WALL_CRASHED;
	return rc;
}

void xml_answer_free(struct xml_answer *a)
{
	for (uint32_t i = 0; i < a->n; i++) {
		free(a->v[i].cert);
		free(a->v[i].ref);
		free(a->v[i].fact);
	}
	free(a->v);
	buf_free(&a->raw);
	*a = (struct xml_answer){.n = 0};
}
