/* SPDX-License-Identifier: BSD-2-Clause */
/* Walking over objects of a PDF as they are written. */
#include "document/pdf/syntax.h"

#include <stdio.h>
#include <string.h>

#include "util/text.h"

#define DEPTH 32

struct walk {
	struct rd rest;
	const uint8_t *want; /* the key that is looked for */
	struct pdf_dict *out;
	bool found;
	unsigned depth;
};

static bool value(struct walk *w, struct rd *written);

bool pdf_is_space(uint8_t c)
{
	return !c || c == '\t' || c == '\n' || c == '\f' || c == '\r' || c == ' ';
}

static bool is_delimiter(uint8_t c)
{
	return c && strchr("()<>[]{}/%", c);
}

struct rd pdf_past(struct rd r, size_t n)
{
	return rd_of(r.p + n, r.n - n);
}

bool pdf_take_word(struct rd *r, const char *word)
{
	size_t n = strlen(word);

	if (r->n < n || memcmp(r->p, word, n) != 0)
		return false;
	*r = pdf_past(*r, n);
	return true;
}

struct rd pdf_skip(struct rd r)
{
	while (r.n) {
		if (*r.p == '%') {
			while (r.n && *r.p != '\r' && *r.p != '\n')
				r = pdf_past(r, 1);
		} else if (pdf_is_space(*r.p)) {
			r = pdf_past(r, 1);
		} else {
			break;
		}
	}
	return r;
}

/* Up to the next space or delimiter. */
static size_t word(struct rd r)
{
	size_t n = 0;

	while (n < r.n && !pdf_is_space(r.p[n]) && !is_delimiter(r.p[n]))
		n++;
	return n;
}

bool pdf_begins(struct rd r, const char *two)
{
	return r.n >= 2 && r.p[0] == (uint8_t)two[0] && r.p[1] == (uint8_t)two[1];
}

size_t pdf_literal_size(struct rd r)
{
	size_t open = 0;

	for (size_t i = 0; i < r.n; i++) {
		if (r.p[i] == '\\')
			i++;
		else if (r.p[i] == '(')
			open++;
		else if (r.p[i] == ')' && --open == 0)
			return i + 1;
	}
	return 0;
}

static size_t hexadecimal(struct rd r)
{
	const uint8_t *end = memchr(r.p, '>', r.n);

	return end ? (size_t)(end - r.p) + 1 : 0;
}

static bool entry(struct walk *w, struct pdf_dict *d)
{
	struct pdf_entry *e = &d->v[d->n];
	size_t n = w->rest.n && *w->rest.p == '/' ? 1 + word(pdf_past(w->rest, 1)) : 0;

	if (!n || d->n == PDF_KEYS)
		return false;
	e->key = rd_of(w->rest.p, n);
	w->rest = pdf_past(w->rest, n);
	if (!value(w, &e->value))
		return false;
	d->n++;
	return true;
}

static bool dictionary(struct walk *w)
{
	struct pdf_dict d = {.n = 0};
	bool mine = false;

	w->rest = pdf_past(w->rest, 2);
	for (;;) {
		w->rest = pdf_skip(w->rest);
		if (pdf_begins(w->rest, ">>"))
			break;
		if (!entry(w, &d))
			return false;
		mine = mine || d.v[d.n - 1].key.p == w->want;
	}
	w->rest = pdf_past(w->rest, 2);
	if (mine) {
		*w->out = d;
		w->found = true;
	}
	return true;
}

static bool array(struct walk *w)
{
	struct rd item;

	w->rest = pdf_past(w->rest, 1);
	for (;;) {
		w->rest = pdf_skip(w->rest);
		if (w->rest.n && *w->rest.p == ']')
			break;
		if (!value(w, &item))
			return false;
	}
	w->rest = pdf_past(w->rest, 1);
	return true;
}

/* "12 0 R" is one value, and "12" is one, too. */
static size_t reference(struct rd r, size_t first)
{
	struct rd next = pdf_skip(pdf_past(r, first));
	uint64_t n;

	if (!pdf_number(&next, &n))
		return first;
	next = pdf_skip(next);
	if (!next.n || *next.p != 'R' || word(next) != 1)
		return first;
	return (size_t)(next.p - r.p) + 1;
}

static size_t simple(struct rd r)
{
	size_t n;

	if (*r.p == '(')
		return pdf_literal_size(r);
	if (*r.p == '<')
		return hexadecimal(r);
	if (*r.p == '/')
		return 1 + word(pdf_past(r, 1));
	n = word(r);
	return n && *r.p >= '0' && *r.p <= '9' ? reference(r, n) : n;
}

static bool value(struct walk *w, struct rd *written)
{
	const uint8_t *start;
	bool good;
	size_t n;

	w->rest = pdf_skip(w->rest);
	if (!w->rest.n || w->depth == DEPTH)
		return false;
	start = w->rest.p;
	w->depth++;
	if (pdf_begins(w->rest, "<<")) {
		good = dictionary(w);
	} else if (*start == '[') {
		good = array(w);
	} else {
		n = simple(w->rest);
		good = n != 0;
		w->rest = pdf_past(w->rest, n);
	}
	w->depth--;
	*written = rd_of(start, (size_t)(w->rest.p - start));
	return good;
}

bool pdf_dict_at(struct rd object, const uint8_t *key, struct pdf_dict *out)
{
	struct walk w = {.rest = object, .want = key, .out = out};
	struct rd whole;

	return value(&w, &whole) && w.found;
}

size_t pdf_value_size(struct rd written)
{
	struct walk w = {.rest = written};
	struct rd whole;

	return value(&w, &whole) ? (size_t)(w.rest.p - written.p) : 0;
}

struct rd pdf_dict_get(const struct pdf_dict *d, const char *key, bool *doubled)
{
	struct rd found = rd_of(NULL, 0);

	for (size_t i = 0; i < d->n; i++)
		if (pdf_name_is(d->v[i].key, key)) {
			*doubled = *doubled || found.n;
			found = d->v[i].value;
		}
	return found;
}
