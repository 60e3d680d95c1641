/* SPDX-License-Identifier: BSD-2-Clause */
/* Letters one by one, and whether one of them is in the box. */
#include <stdlib.h>
#include <string.h>

#include "document/pdf/shown/look.h"
#include "document/pdf/syntax.h"

#define TEXT_MAX 65535
/* Of a letter's size: how high most are. How much of an edge two may share. */
#define HEIGHT 0.6
#define EDGE   0.5

double look_number(struct rd r)
{
	char text[32];
	double x;

	if (!r.n || r.n >= sizeof text)
		return 0;
	memcpy(text, r.p, r.n);
	text[r.n] = 0;
	x = strtod(text, NULL);
	return x > -1e9 && x < 1e9 ? x : 0;
}

/* First m, then n. */
struct matrix look_then(const struct matrix *m, const struct matrix *n)
{
	return (struct matrix){m->a * n->a + m->b * n->c, m->a * n->b + m->b * n->d,
	    m->c * n->a + m->d * n->c, m->c * n->b + m->d * n->d, m->e * n->a + m->f * n->c + n->e,
	    m->e * n->b + m->f * n->d + n->f};
}

bool shown_meets(const struct pdf_rect *a, const struct pdf_rect *b)
{
	for (int i = 0; i < 2; i++)
		if (a->v[i] > b->v[i + 2] - EDGE || b->v[i] > a->v[i + 2] - EDGE)
			return false;
	return true;
}

void look_move(struct look *l, double x, double y)
{
	struct matrix m = {1, 0, 0, 1, x, y};

	l->line = look_then(&m, &l->line);
	l->text = l->line;
}

static void advance(struct look *l, double x)
{
	struct matrix m = {1, 0, 0, 1, x, 0};

	l->text = look_then(&m, &l->text);
}

static void letter(struct look *l, double width)
{
	const struct state *s = &l->now;
	struct matrix m = look_then(&l->text, &s->page);
	const double x[2] = {0, width}, y[2] = {s->rise, s->rise + HEIGHT * s->size};
	struct pdf_rect b = {{1e12, 1e12, -1e12, -1e12}};

	for (int i = 0; i < 4; i++) {
		double at[2] = {
		    x[i & 1] * m.a + y[i >> 1] * m.c + m.e, x[i & 1] * m.b + y[i >> 1] * m.d + m.f};

		for (int k = 0; k < 2; k++) {
			b.v[k] = at[k] < b.v[k] ? at[k] : b.v[k];
			b.v[k + 2] = at[k] > b.v[k + 2] ? at[k] : b.v[k + 2];
		}
	}
	l->met = l->met || shown_meets(&b, &l->box);
}

/* Spaces, and what stands for a place to write on; of codes of two bytes the usual space. */
static bool is_blank(const uint8_t *p, unsigned bytes)
{
	return bytes == 1 ? *p < 0x20 || *p == 0xA0 || strchr(" _.-", *p) : !p[0] && p[1] == 3;
}

void look_show(struct look *l, struct rd written)
{
	const struct state *s = &l->now;
	struct buf text = BUF_INIT(TEXT_MAX);
	struct rd r;

	l->odd = !pdf_string_get(written, &text) || buf_rc(&text) != ECERT_OK || l->odd;
	if (l->words)
		look_words(l, buf_view(&text));
	for (r = buf_view(&text); !l->words && r.n >= s->font.bytes;
	     r = pdf_past(r, s->font.bytes)) {
		double width = s->font.width * s->size * s->scale;
		bool space = s->font.bytes == 1 && *r.p == ' ';

		if (!is_blank(r.p, s->font.bytes))
			letter(l, width);
		advance(l, width + (s->between + (space ? s->words : 0)) * s->scale);
	}
	buf_free(&text);
}

void look_show_pieces(struct look *l, struct rd array)
{
	struct rd r = array.n ? pdf_skip(pdf_past(array, 1)) : array;

	while (r.n && *r.p != ']') {
		size_t n = pdf_value_size(r);

		if (!n) {
			l->odd = true;
			return;
		}
		if (*r.p == '(' || *r.p == '<')
			look_show(l, rd_of(r.p, n));
		else
			advance(l, -look_number(rd_of(r.p, n)) / 1000 * l->now.size * l->now.scale);
		r = pdf_skip(pdf_past(r, n));
	}
}
