/* SPDX-License-Identifier: BSD-2-Clause */
/* Lines in one column or two. */
#include "document/pdf/stamp/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "util/text.h"

#define HEADING "\xE6\x95\xB8\xE7\xA2\xBC\xE7\xB0\xBD\xE7\xBD\xB2 Digitally signed" /* 數碼簽署 */
#define TIME	"\xE6\x99\x82\xE9\x96\x93 Time"					    /* 時間 */
#define REASON	"\xE7\x90\x86\xE7\x94\xB1 Reason"				    /* 理由 */
#define PLACE	"\xE5\x9C\xB0\xE9\xBB\x9E Place"				    /* 地點 */

/* Bytes of one text that are looked at: what does not fit ends in "…" before. The whole of it goes
 * with the three points, for whoever copies the text. */
#define TEXT_MAX 400
/* Points between columns, and above and below the line. */
#define BETWEEN 7.0
#define AROUND	3.5

/* The first size in which it is whole; in the last one it ends in "…". */
#define SIZES 3
struct style {
	const char *font[SIZES];
	double grey;
	int lines; /* at most */
};
#define ONE_SIZE(font)                                                                             \
	{                                                                                          \
		font, font, font                                                                   \
	}
static const struct style heading = {ONE_SIZE("Sans 6"), 0.4, 1},
			  name = {{"Sans Bold 10", "Sans Bold 8", "Sans Bold 6.5"}, 0, 3},
			  company = {{"Sans 7.5", "Sans 6.5", "Sans 5.5"}, 0.1, 3},
			  label = {ONE_SIZE("Sans 6"), 0.4, 1},
			  value = {{"Sans 7", "Sans 6.5", "Sans 6"}, 0.1, 4};

static bool put_time(char *out, size_t cap, time_t t)
{
	char day[32];
	struct tm tm;
	long east;

	if (!localtime_r(&t, &tm) || !strftime(day, sizeof day, "%Y-%m-%d %H:%M:%S", &tm))
		return false;
	east = tm.tm_gmtoff < 0 ? -tm.tm_gmtoff / 60 : tm.tm_gmtoff / 60;
	snprintf(
	    out, cap, "%s %c%02ld:%02ld", day, tm.tm_gmtoff < 0 ? '-' : '+', east / 60, east % 60);
	return true;
}

/* As it may be shown, its lines as one; NULL: memory is out. */
static char *clean(const char *text)
{
	char *out = strndup(text, TEXT_MAX);

	for (char *p = out; p && *p; p++)
		if (*p == '\n' || *p == '\r' || *p == '\t')
			*p = ' ';
	if (out)
		text_scrub(out);
	return out;
}

struct setting {
	const struct pdf_pango *p;
	PangoContext *context;
	struct pdf_text *out;
	bool failed;
};

static double in_points(int units)
{
	return (double)units / PANGO_SCALE;
}

static void set_font(const struct setting *s, PangoLayout *layout, const char *words)
{
	PangoFontDescription *font = s->p->pango_font_description_from_string(words);

	s->p->pango_layout_set_font_description(layout, font);
	s->p->pango_font_description_free(font);
}

/* Adds it at x, y; answers its size. */
static void put(struct setting *s, const struct style *style, const char *text, double x, double y,
    double width, double *w, double *h)
{
	const struct pdf_pango *p = s->p;
	PangoLayout *layout = p->pango_layout_new(s->context);
	char *shown = clean(text);
	int iw = 0, ih = 0;

	s->failed = s->failed || !shown;
	p->pango_layout_set_width(layout, (int)(width * PANGO_SCALE));
	p->pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
	p->pango_layout_set_height(layout, -style->lines);
	p->pango_layout_set_ellipsize(layout, PANGO_ELLIPSIZE_END);
	p->pango_layout_set_text(layout, shown ? shown : "", -1);
	for (size_t i = 0; i < SIZES; i++) {
		set_font(s, layout, style->font[i]);
		if (!p->pango_layout_is_ellipsized(layout))
			break;
	}
	p->pango_layout_get_size(layout, &iw, &ih);
	if (p->pango_layout_get_unknown_glyphs_count(layout))
		s->out->complete = false;
	*w = in_points(iw);
	*h = in_points(ih);
	s->out->piece[s->out->n++] = (struct pdf_piece){layout, x, y, style->grey};
	free(shown);
}

static bool is_there(const char *text)
{
	return text && *text;
}

/* Heading, name and company below each other. Answers where the next line would be. */
static double put_who(struct setting *s, const struct pdf_picture *look, double column)
{
	const char *const text[] = {HEADING, look->name, look->company};
	const struct style *const style[] = {&heading, &name, &company};
	double y = 0, w, h;

	for (size_t i = 0; i < 3; i++)
		if (is_there(text[i])) {
			put(s, style[i], text[i], 0, y, column, &w, &h);
			y += h + (i ? 0.5 : 1.5);
		}
	return y;
}

/* A label each, and what stands behind it, from x and y on. Answers where the next line would be.
 */
static double put_rest(struct setting *s, const struct pdf_picture *look, const char *when,
    double x, double y, double column)
{
	const char *const row[][2] = {{TIME, when}, {REASON, look->reason}, {PLACE, look->place}};
	double widest = 0, w, h, label_h;
	size_t first = s->out->n;

	for (size_t i = 0; i < 3; i++)
		if (is_there(row[i][1])) {
			put(s, &label, row[i][0], x, 0, column, &w, &label_h);
			widest = w > widest ? w : widest;
		}
	widest += BETWEEN;
	for (size_t i = 0; i < 3; i++)
		if (is_there(row[i][1])) {
			/* The two stand on one line, whatever their sizes. */
			struct pdf_piece *of = &s->out->piece[first++];
			int base = s->p->pango_layout_get_baseline(of->layout);

			put(s, &value, row[i][1], x + widest, y, column - widest, &w, &h);
			of->y = y + in_points(s->p->pango_layout_get_baseline(
						  s->out->piece[s->out->n - 1].layout) -
					      base);
			y += h + 1;
		}
	return y - 1;
}

enum ecert_rc pdf_text_set(const struct pdf_pango *p, PangoContext *context,
    const struct pdf_picture *look, double column, bool two, struct pdf_text *out)
{
	struct setting s = {p, context, out, false};
	char when[64];
	double y;

	*out = (struct pdf_text){.complete = true, .w = column};
	if (!put_time(when, sizeof when, look->now))
		return ECERT_E_ARG;
	y = put_who(&s, look, column);
	if (two) {
		out->w = 2 * column + 2 * BETWEEN;
		out->h = put_rest(&s, look, when, column + 2 * BETWEEN, 0, column);
		out->h = out->h > y ? out->h : y;
	} else {
		out->rule[1] = y + AROUND;
		out->rule[2] = column;
		out->h = put_rest(&s, look, when, 0, y + 2 * AROUND, column);
	}
	return s.failed ? ECERT_E_MEMORY : ECERT_OK;
}

void pdf_text_draw(
    const struct pdf_pango *p, cairo_t *c, const struct pdf_text *t, double x, double y)
{
	for (size_t i = 0; i < t->n; i++) {
		const struct pdf_piece *piece = &t->piece[i];

		p->cairo_set_source_rgb(c, piece->grey, piece->grey, piece->grey);
		p->cairo_move_to(c, x + piece->x, y + piece->y);
		p->pango_cairo_show_layout(c, piece->layout);
	}
	if (!(t->rule[2] > 0))
		return;
	p->cairo_set_source_rgb(c, 0.75, 0.75, 0.75);
	p->cairo_set_line_width(c, 0.4);
	p->cairo_move_to(c, x + t->rule[0], y + t->rule[1]);
	p->cairo_line_to(c, x + t->rule[0] + t->rule[2], y + t->rule[1]);
	p->cairo_stroke(c);
}

void pdf_text_free(const struct pdf_pango *p, struct pdf_text *t)
{
	while (t->n)
		p->g_object_unref(t->piece[--t->n].layout);
}
