/* SPDX-License-Identifier: BSD-2-Clause */
/* A page's content, operator by operator (ISO 32000-1, annex A): those alone that say where text
 * is. */
#include "document/pdf/shown/text.h"

#include <stdlib.h>
#include <string.h>

#include "document/pdf/shown/look.h"
#include "document/pdf/syntax.h"

#define FORMS	  8 /* one in another */
#define DRAWN_MAX 2000
#define STEPS_MAX 4000000u

static const struct matrix same = {1, 0, 0, 1, 0, 0};

/* ---- operands ---- */
/* The i-th of the last n. */
static double operand(const struct look *l, size_t i, size_t n)
{
	return n <= l->n ? look_number(l->operand[l->n - n + i]) : 0;
}

static struct matrix operands(const struct look *l)
{
	return (struct matrix){operand(l, 0, 6), operand(l, 1, 6), operand(l, 2, 6),
	    operand(l, 3, 6), operand(l, 4, 6), operand(l, 5, 6)};
}

static void push(struct look *l, struct rd value)
{
	if (l->n == OPERANDS) {
		memmove(l->operand, l->operand + 1, sizeof l->operand - sizeof l->operand[0]);
		l->n--;
	}
	l->operand[l->n++] = value;
}

/* With its slash, as qpdf wants it. False: there is none, or it has no room. */
static bool name_of(const struct look *l, size_t n, char *out)
{
	struct rd r = n <= l->n ? l->operand[l->n - n] : rd_of(NULL, 0);

	if (r.n < 2 || *r.p != '/')
		return false;
	*out = '/';
	pdf_name_get(r, out + 1, NAME_MAX - 1);
	return true;
}

/* ---- what the resources have ---- */
static qpdf_oh resource(const struct look *l, qpdf_oh resources, const char *kind, const char *name)
{
	return qpdf_oh_get_key_if_dict(l->q, qpdf_oh_get_key_if_dict(l->q, resources, kind), name);
}

static void use_font(struct look *l, qpdf_oh resources)
{
	char name[NAME_MAX];
	size_t i = 0;

	l->now.size = operand(l, 0, 1);
	if (!name_of(l, 2, name))
		return;
	while (i < l->known_n &&
	       (l->known[i].resources != resources || strcmp(l->known[i].name, name) != 0))
		i++;
	if (i == FONTS)
		i = l->known_n = 0;
	if (i == l->known_n) {
		l->known[i].resources = resources;
		memcpy(l->known[i].name, name, sizeof name);
		l->known[i].font = shown_font_of(l->q, resource(l, resources, "/Font", name));
		l->known_n++;
	}
	l->now.font = l->known[i].font;
}

static struct matrix matrix_of(qpdf_data q, qpdf_oh dict)
{
	qpdf_oh array = qpdf_oh_get_key_if_dict(q, dict, "/Matrix");
	double x[6];

	if (!qpdf_oh_is_array(q, array) || qpdf_oh_get_array_n_items(q, array) != 6)
		return same;
	for (int i = 0; i < 6; i++)
		x[i] = qpdf_oh_get_numeric_value(q, qpdf_oh_get_array_item(q, array, i));
	return (struct matrix){x[0], x[1], x[2], x[3], x[4], x[5]};
}

/* 8.10.1; its own state ends with it. */
static void draw_form(struct look *l, qpdf_oh form, qpdf_oh resources)
{
	qpdf_data q = l->q;
	qpdf_oh dict = qpdf_oh_get_dict(q, form);
	qpdf_oh own = qpdf_oh_get_key_if_dict(q, dict, "/Resources");
	struct state before = l->now;
	struct matrix m = matrix_of(q, dict), text = l->text, line = l->line;
	unsigned char *data = NULL;
	size_t n = 0, kept = l->kept_n;
	QPDF_BOOL filtered;

	if (l->forms == FORMS ||
	    (qpdf_oh_get_stream_data(q, form, qpdf_dl_generalized, &filtered, &data, &n) &
		QPDF_ERRORS)) {
		l->odd = true;
	} else {
		l->forms++;
		l->now.page = look_then(&m, &l->now.page);
		look_run(l, rd_of(data, n), qpdf_oh_is_dictionary(q, own) ? own : resources);
		l->forms--;
	}
	free(data);
	l->now = before;
	l->text = text;
	l->line = line;
	l->kept_n = kept < l->kept_n ? kept : l->kept_n;
}

static void draw(struct look *l, qpdf_oh resources)
{
	char name[NAME_MAX];
	qpdf_oh x;

	l->odd = l->odd || ++l->drawn > DRAWN_MAX;
	if (l->odd || !name_of(l, 1, name))
		return;
	x = resource(l, resources, "/XObject", name);
	if (qpdf_oh_is_stream(l->q, x) &&
	    qpdf_oh_is_name_and_equals(l->q,
		qpdf_oh_get_key_if_dict(l->q, qpdf_oh_get_dict(l->q, x), "/Subtype"), "/Form"))
		draw_form(l, x, resources);
}

/* ---- operators ---- */
static void keep(struct look *l)
{
	if (l->kept_n < STATES)
		l->kept[l->kept_n++] = l->now;
	else
		l->odd = true;
}

static void give_back(struct look *l)
{
	if (l->kept_n)
		l->now = l->kept[--l->kept_n];
}

static void transform(struct look *l)
{
	struct matrix m = operands(l);

	l->now.page = look_then(&m, &l->now.page);
}

static void begin(struct look *l)
{
	l->text = l->line = same;
}

static void set_line(struct look *l)
{
	l->text = l->line = operands(l);
}

static void next_line(struct look *l)
{
	look_move(l, 0, -l->now.leading);
}

static void to_line(struct look *l)
{
	look_move(l, operand(l, 0, 2), operand(l, 1, 2));
}

static void to_line_leading(struct look *l)
{
	l->now.leading = -operand(l, 1, 2);
	to_line(l);
}

static void show_last(struct look *l)
{
	if (l->n)
		look_show(l, l->operand[l->n - 1]);
}

static void show_array(struct look *l)
{
	if (l->n && *l->operand[l->n - 1].p == '[')
		look_show_pieces(l, l->operand[l->n - 1]);
}

static void show_next(struct look *l)
{
	next_line(l);
	show_last(l);
}

static void show_spaced(struct look *l)
{
	l->now.words = operand(l, 0, 3);
	l->now.between = operand(l, 1, 3);
	show_next(l);
}

static void set_leading(struct look *l)
{
	l->now.leading = operand(l, 0, 1);
}

static void set_between(struct look *l)
{
	l->now.between = operand(l, 0, 1);
}

static void set_words(struct look *l)
{
	l->now.words = operand(l, 0, 1);
}

static void set_scale(struct look *l)
{
	l->now.scale = operand(l, 0, 1) / 100;
}

static void set_rise(struct look *l)
{
	l->now.rise = operand(l, 0, 1);
}

static void set_mode(struct look *l)
{
	l->now.mode = (int)operand(l, 0, 1);
}

static const struct {
	const char *word;
	void (*act)(struct look *l);
} operators[] = {{"q", keep}, {"Q", give_back}, {"cm", transform}, {"BT", begin}, {"Tm", set_line},
    {"T*", next_line}, {"Td", to_line}, {"TD", to_line_leading}, {"Tj", show_last},
    {"TJ", show_array}, {"'", show_next}, {"\"", show_spaced}, {"TL", set_leading},
    {"Tc", set_between}, {"Tw", set_words}, {"Tz", set_scale}, {"Ts", set_rise}, {"Tr", set_mode}};

static bool is_word(struct rd r, const char *word)
{
	return r.n == strlen(word) && !memcmp(r.p, word, r.n);
}

/* Behind the data of an image in the content (8.9.7). */
static struct rd past_image(struct look *l, struct rd r)
{
	for (; r.n >= 4; r = pdf_past(r, 1))
		if (pdf_is_space(r.p[0]) && r.p[1] == 'E' && r.p[2] == 'I' && pdf_is_space(r.p[3]))
			return pdf_past(r, 3);
	l->odd = r.n != 3 || memcmp(r.p + 1, "EI", 2) != 0 || l->odd;
	return rd_of(NULL, 0);
}

static void operate(struct look *l, struct rd word, qpdf_oh resources)
{
	if (is_word(word, "Tf"))
		use_font(l, resources);
	else if (is_word(word, "Do"))
		draw(l, resources);
	for (size_t i = 0; i < sizeof operators / sizeof operators[0]; i++)
		if (is_word(word, operators[i].word))
			operators[i].act(l);
	l->n = 0;
}

void look_run(struct look *l, struct rd content, qpdf_oh resources)
{
	struct rd r = pdf_skip(content);

	l->n = 0;
	while (r.n && !l->met && !l->odd) {
		size_t n = pdf_value_size(r);
		struct rd word = rd_of(r.p, n);

		if (!n || !l->steps--) {
			l->odd = true;
			return;
		}
		r = pdf_past(r, n);
		if (strchr("0123456789+-.(<[/", *word.p))
			push(l, word);
		else
			operate(l, word, resources);
		if (is_word(word, "ID"))
			r = past_image(l, r);
		r = pdf_skip(r);
	}
}

struct look *look_new(qpdf_data q)
{
	struct look *l = calloc(1, sizeof *l);

	if (!l)
		return NULL;
	*l = (struct look){.q = q, .steps = STEPS_MAX, .text = same, .line = same};
	l->now = (struct state){.page = same, .font = {.width = 0.5, .bytes = 1}, .scale = 1};
	return l;
}

bool shown_text(
    qpdf_data q, struct rd content, qpdf_oh resources, const struct pdf_rect *box, bool *odd)
{
	struct look *l = look_new(q);
	bool met;

	if (!l) {
		*odd = true;
		return false;
	}
	l->box = *box;
	look_run(l, content, resources);
	met = l->met;
	*odd = l->odd && !met;
	free(l);
	return met;
}
