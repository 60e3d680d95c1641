/* SPDX-License-Identifier: BSD-2-Clause */
/* What a field shows beside its value (ISO 32000-1, 12.7.3.3, 12.7.4): a person reads the one, and
 * a program the other. */
#include <stdio.h>
#include <string.h>

#include "document/pdf/revisions/compare.h"
#include "document/pdf/shown/words.h"

#define LETTERS_MAX (4u << 16)
#define DEPTH	    8
#define KIDS	    4096
#define PASSWORD    0x2000
#define COMBO	    0x20000
#define TELL	    48

struct shown_field {
	struct compare *c;
	size_t name; /* bytes of c->path */
	qpdf_oh value, field;
};

static long long flags_of(qpdf_data q, qpdf_oh field)
{
	qpdf_oh ff = inherited(q, field, "/Ff");

	return qpdf_oh_is_integer(q, ff) ? qpdf_oh_get_int_value(q, ff) : 0;
}

/* In a list of choices a value may be told by another name (/Opt, 12.7.4.4). */
static qpdf_oh choice(qpdf_data q, qpdf_oh field, qpdf_oh value)
{
	qpdf_oh list = inherited(q, field, "/Opt");
	int n = qpdf_oh_is_array(q, list) ? qpdf_oh_get_array_n_items(q, list) : 0;
	char wanted[256];

	snprintf(wanted, sizeof wanted, "%s", qpdf_oh_get_utf8_value(q, value));
	for (int i = 0; i < n && i < KIDS; i++) {
		qpdf_oh pair = qpdf_oh_get_array_item(q, list, i);

		if (qpdf_oh_is_array(q, pair) && qpdf_oh_get_array_n_items(q, pair) == 2 &&
		    qpdf_oh_is_string(q, qpdf_oh_get_array_item(q, pair, 1)) &&
		    !strcmp(qpdf_oh_get_utf8_value(q, qpdf_oh_get_array_item(q, pair, 0)), wanted))
			return qpdf_oh_get_array_item(q, pair, 1);
	}
	return value;
}

/* ---- what is shown, as letters ---- */
static uint32_t letter_at(struct rd r, size_t i)
{
	const uint8_t *p = r.p + 4 * i;

	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

/* Letters in UTF-8, as many as fit. */
static void tell(struct rd letters, char out[TELL])
{
	size_t n = 0;

	for (size_t i = 0; 4 * i < letters.n && n + 5 < TELL; i++) {
		uint32_t v = letter_at(letters, i);
		unsigned more = v < 0x80 ? 0 : v < 0x800 ? 1 : v < 0x10000 ? 2 : 3;
		static const uint8_t lead[] = {0, 0xC0, 0xE0, 0xF0};

		out[n++] = (char)(lead[more] | (v >> 6 * more & (more ? 0x3F >> more : 0x7F)));
		while (more--)
			out[n++] = (char)(0x80 | (v >> 6 * more & 0x3F));
	}
	out[n] = 0;
}

static bool same_letters(struct rd a, struct rd b)
{
	return a.n == b.n && (!a.n || !memcmp(a.p, b.p, a.n));
}

/* The digits, without zeros at either end. */
static void digits(struct rd letters, struct buf *out)
{
	size_t end = letters.n / 4;
	bool begun = false;

	while (end && (letter_at(letters, end - 1) < '1' || letter_at(letters, end - 1) > '9'))
		end--;
	for (size_t i = 0; i < end; i++) {
		uint32_t v = letter_at(letters, i);

		begun = begun || (v >= '1' && v <= '9');
		if (begun && v >= '0' && v <= '9')
			buf_u8(out, (uint8_t)v);
	}
}

/* A field whose form writes it in another way ("1,234.50 HKD" for 1234.5) has the same digits. */
static bool same_number(qpdf_data q, qpdf_oh field, struct rd a, struct rd b)
{
	struct buf x = BUF_INIT(LETTERS_MAX), y = BUF_INIT(LETTERS_MAX);
	bool same = false;

	if (!qpdf_oh_is_null(q, entry_of(q, inherited(q, field, "/AA"), "/F"))) {
		digits(a, &x);
		digits(b, &y);
		same = buf_len(&x) && same_letters(buf_view(&x), buf_view(&y));
	}
	buf_free(&x);
	buf_free(&y);
	return same;
}

static void differs(const struct shown_field *f, const char *value, const char *shown)
{
	char one[sizeof f->c->path + 2 * TELL + 16];

	note(f->c, PDF_CHANGE_SHOWS_OTHER);
	snprintf(one, sizeof one, "%.*s: \"%s\" \xE2\x89\xA0 \"%s\"", (int)f->name, f->c->path,
	    value, shown);
	tell_more(f->c->shows, one);
}

/* ---- by kind of field ---- */
static void judge_text(const struct shown_field *f, qpdf_oh widget)
{
	qpdf_data q = f->c->after;
	qpdf_oh form = entry_of(q, qpdf_get_root(q), "/AcroForm");
	struct buf shown = BUF_INIT(LETTERS_MAX), value = BUF_INIT(LETTERS_MAX);
	bool known = shown_words(q, widget, entry_of(q, form, "/DR"), &shown);
	char a[TELL], b[TELL];

	if (qpdf_oh_is_string(q, f->value))
		shown_letters(qpdf_oh_get_utf8_value(q, f->value), &value);
	else
		known = known && qpdf_oh_is_null(q, f->value);
	if (!known || buf_rc(&value) != ECERT_OK) {
		note(f->c, PDF_CHANGE_SHOWS_UNREAD);
	} else if (!same_letters(buf_view(&shown), buf_view(&value)) &&
		   !same_number(q, f->field, buf_view(&shown), buf_view(&value))) {
		tell(buf_view(&value), a);
		tell(buf_view(&shown), b);
		differs(f, a, b);
	}
	buf_free(&shown);
	buf_free(&value);
}

/* Of its states the one is drawn that /AS names, which is what the value says, or none is. */
static void judge_button(const struct shown_field *f, qpdf_oh widget)
{
	qpdf_data q = f->c->after;
	qpdf_oh states = entry_of(q, entry_of(q, widget, "/AP"), "/N");
	qpdf_oh state = entry_of(q, widget, "/AS");
	char drawn[TELL], wanted[TELL];

	if (!qpdf_oh_is_dictionary(q, states))
		return;
	snprintf(drawn, sizeof drawn, "%s",
	    qpdf_oh_is_name(q, state) ? qpdf_oh_get_name(q, state) : "/Off");
	snprintf(wanted, sizeof wanted, "%s",
	    qpdf_oh_is_name(q, f->value) ? qpdf_oh_get_name(q, f->value) : "/Off");
	if (!qpdf_oh_has_key(q, states, wanted))
		memcpy(wanted, "/Off", sizeof "/Off");
	if (strcmp(drawn, wanted) != 0)
		differs(f, wanted + 1, drawn + 1);
}

static void judge_widget(const struct shown_field *f, qpdf_oh widget)
{
	qpdf_data q = f->c->after;
	qpdf_oh kind = inherited(q, f->field, "/FT");
	long long flags = flags_of(q, f->field);

	if (!qpdf_oh_is_dictionary(q, entry_of(q, widget, "/AP")))
		return; /* whoever shows it draws it by its value */
	if (is_name(q, kind, "/Btn"))
		judge_button(f, widget);
	else if ((is_name(q, kind, "/Tx") && !(flags & PASSWORD)) ||
		 (is_name(q, kind, "/Ch") && (flags & COMBO)))
		judge_text(f, widget);
}

static void below(const struct shown_field *f, qpdf_oh node, int depth)
{
	qpdf_data q = f->c->after;
	qpdf_oh kids = entry_of(q, node, "/Kids");
	int n = qpdf_oh_is_array(q, kids) ? qpdf_oh_get_array_n_items(q, kids) : 0;

	judge_widget(f, node);
	for (int i = 0; i < n && depth < DEPTH && f->c->left; i++, f->c->left--)
		below(f, qpdf_oh_get_array_item(q, kids, i), depth + 1);
	f->c->too_large = f->c->too_large || (n && (depth == DEPTH || !f->c->left));
}

void judge_picture(struct compare *c, size_t name, qpdf_oh field, qpdf_oh value)
{
	struct shown_field f = {c, name, value, field};

	if (is_name(c->after, inherited(c->after, field, "/FT"), "/Ch") &&
	    qpdf_oh_is_string(c->after, value))
		f.value = choice(c->after, field, value);
	below(&f, field, 0);
}
