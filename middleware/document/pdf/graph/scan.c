/* SPDX-License-Identifier: BSD-2-Clause */
/* A value's end by its brackets, and its references. */
#include "document/pdf/graph/scan.h"

#include <string.h>

#include "document/pdf/syntax.h"

#define DEPTH 256

static struct rd past(struct rd r, size_t n)
{
	return rd_of(r.p + n, r.n - n);
}

static bool is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

static bool ends_word(struct rd r)
{
	return !r.n || pdf_is_space(*r.p) || strchr("()<>[]{}/%", *r.p);
}

static bool take_word(struct rd *r, const char *word)
{
	size_t n = strlen(word);

	if (r->n < n || memcmp(r->p, word, n) != 0 || !ends_word(past(*r, n)))
		return false;
	*r = past(*r, n);
	return true;
}

/* "<...>", of digits and white space only. */
static size_t hexadecimal(struct rd r)
{
	for (size_t i = 1; i < r.n; i++) {
		uint8_t c = r.p[i];

		if (c == '>')
			return i + 1;
		if (!is_digit(c) && !((c | 0x20) >= 'a' && (c | 0x20) <= 'f') && !pdf_is_space(c))
			return 0;
	}
	return 0;
}

/* A name, a number or a keyword; words that end an object are none inside of one. */
static size_t word(struct rd r)
{
	static const char *const ends[] = {
	    "endobj", "stream", "endstream", "obj", "xref", "trailer"};
	size_t n = *r.p == '/' ? 1 : 0;

	while (n < r.n && !ends_word(past(r, n)))
		n++;
	for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++)
		if (strlen(ends[i]) == n && !memcmp(r.p, ends[i], n))
			return 0;
	return n;
}

struct nest {
	char open[DEPTH];
	size_t n;
};

/* One token; 0: it is none that may stand there. */
static size_t token(struct rd r, struct nest *s)
{
	bool dict = pdf_begins(r, "<<"), end = pdf_begins(r, ">>");

	if (dict || *r.p == '[') {
		if (s->n == DEPTH)
			return 0;
		s->open[s->n++] = dict ? '<' : '[';
		return dict ? 2 : 1;
	}
	if (end || *r.p == ']') {
		if (!s->n || s->open[--s->n] != (end ? '<' : '['))
			return 0;
		return end ? 2 : 1;
	}
	if (*r.p == '(')
		return pdf_literal_size(r);
	if (*r.p == '<')
		return hexadecimal(r);
	return strchr(")>{}", *r.p) ? 0 : word(r);
}

bool scan_value(struct rd r, struct rd *value)
{
	struct nest s = {.n = 0};
	const uint8_t *start;

	r = pdf_skip(r);
	start = r.p;
	do {
		size_t n;

		r = pdf_skip(r);
		n = r.n ? token(r, &s) : 0;
		if (!n)
			return false;
		r = past(r, n);
	} while (s.n);
	*value = rd_of(start, (size_t)(r.p - start));
	return true;
}

bool scan_object(struct rd r, uint32_t id, uint16_t generation, struct rd *value)
{
	uint64_t a = 0, b = 0;
	const uint8_t *start;

	r = pdf_skip(r);
	if (!pdf_number(&r, &a) || a != id)
		return false;
	r = pdf_skip(r);
	if (!pdf_number(&r, &b) || b != generation)
		return false;
	r = pdf_skip(r);
	if (!take_word(&r, "obj"))
		return false;
	start = r.p;
	for (;;) {
		struct rd one, end = pdf_skip(r);

		if (take_word(&end, "endobj") || take_word(&end, "stream"))
			break;
		if (!scan_value(r, &one))
			return false;
		r = past(r, (size_t)(one.p + one.n - r.p));
	}
	*value = rd_of(start, (size_t)(r.p - start));
	return true;
}

/* At the first digit of a number: "12 0 R", with anything between that separates. */
static bool reference(struct rd r, uint32_t *id)
{
	uint64_t value = 0;
	struct rd rest;

	for (; r.n && is_digit(*r.p); r = past(r, 1))
		if (value < UINT32_MAX)
			value = value * 10 + (uint64_t)(*r.p - '0');
	rest = pdf_skip(r);
	if (rest.p == r.p)
		return false;
	if (rest.n && *rest.p == '+')
		rest = past(rest, 1);
	if (!rest.n || !is_digit(*rest.p))
		return false;
	while (rest.n && is_digit(*rest.p))
		rest = past(rest, 1);
	r = pdf_skip(rest);
	*id = value < UINT32_MAX ? (uint32_t)value : UINT32_MAX;
	return r.p != rest.p && r.n && *r.p == 'R' && ends_word(past(r, 1));
}

bool scan_references(struct rd r, scan_fn *each, void *ctx)
{
	bool digit = false;

	for (; r.n; r = past(r, 1)) {
		uint32_t id;

		if (is_digit(*r.p) && !digit && reference(r, &id) && !each(ctx, id))
			return false;
		digit = is_digit(*r.p);
	}
	return true;
}
