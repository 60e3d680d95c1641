/* SPDX-License-Identifier: BSD-2-Clause */
/* A frame with a few lines in it. */
#include "document/pdf/stamp/draw.h"

#include <stdio.h>

#include "document/pdf/stamp/pango.h"

/* In points, which are the PDF's own unit. */
#define WIDTH  200.0
#define MARGIN 6.0
#define LINES  6
#define LABEL  "\xE6\x95\xB8\xE7\xA2\xBC\xE7\xB0\xBD\xE7\xBD\xB2 Digitally signed" /* 數碼簽署 */

struct line {
	const char *text, *font;
	double grey;
};

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

static PangoLayout *layout_of(
    const struct pdf_pango *p, PangoContext *context, const struct line *l)
{
	PangoLayout *layout = p->pango_layout_new(context);
	PangoFontDescription *font = p->pango_font_description_from_string(l->font);

	p->pango_layout_set_font_description(layout, font);
	p->pango_font_description_free(font);
	p->pango_layout_set_width(layout, (int)((WIDTH - 2 * MARGIN) * PANGO_SCALE));
	p->pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
	p->pango_layout_set_text(layout, l->text, -1);
	return layout;
}

static double height_of(const struct pdf_pango *p, PangoLayout *layout)
{
	int h = 0;

	p->pango_layout_get_size(layout, NULL, &h);
	return (double)h / PANGO_SCALE;
}

static cairo_status_t keep(void *ctx, const unsigned char *data, unsigned n)
{
	buf_put(ctx, data, n);
	return buf_rc(ctx) == ECERT_OK ? CAIRO_STATUS_SUCCESS : CAIRO_STATUS_WRITE_ERROR;
}

static enum ecert_rc paint(const struct pdf_pango *p, PangoLayout *const *layout,
    const struct line *line, size_t n, double height, struct buf *out)
{
	cairo_surface_t *surface = p->cairo_pdf_surface_create_for_stream(keep, out, WIDTH, height);
	cairo_t *c = p->cairo_create(surface);
	double y = MARGIN;
	cairo_status_t bad;

	p->cairo_set_source_rgb(c, 0.6, 0.6, 0.6);
	p->cairo_set_line_width(c, 0.5);
	p->cairo_rectangle(c, 0.5, 0.5, WIDTH - 1, height - 1);
	p->cairo_stroke(c);
	for (size_t i = 0; i < n; i++) {
		p->cairo_set_source_rgb(c, line[i].grey, line[i].grey, line[i].grey);
		p->cairo_move_to(c, MARGIN, y);
		p->pango_cairo_show_layout(c, layout[i]);
		y += height_of(p, layout[i]);
	}
	p->cairo_show_page(c);
	bad = p->cairo_status(c);
	p->cairo_destroy(c);
	p->cairo_surface_finish(surface);
	bad = bad ? bad : p->cairo_surface_status(surface);
	p->cairo_surface_destroy(surface);
	if (buf_rc(out) != ECERT_OK)
		return buf_rc(out);
	return bad ? ECERT_E_MEMORY : ECERT_OK;
}

enum ecert_rc pdf_draw(const struct pdf_picture *look, struct buf *out, bool *drawn)
{
	const struct pdf_pango *p = pdf_pango();
	char when[64];
	const struct line all[LINES] = {{LABEL, "Sans 6", 0.35}, {look->name, "Sans Bold 9", 0},
	    {look->company, "Sans 7.5", 0}, {when, "Sans 7", 0.2}, {look->reason, "Sans 7", 0.2},
	    {look->place, "Sans 7", 0.2}};
	struct line line[LINES];
	PangoLayout *layout[LINES];
	PangoFontMap *map;
	PangoContext *context;
	double height = 2 * MARGIN;
	size_t n = 0;
	enum ecert_rc rc = ECERT_OK;

	*drawn = p;
	if (!p)
		return ECERT_OK;
	if (!put_time(when, sizeof when, look->now))
		return ECERT_E_ARG;
	map = p->pango_cairo_font_map_new();
	context = p->pango_font_map_create_context(map);
	p->pango_cairo_context_set_resolution(context, 72);
	p->pango_context_set_language(context, p->pango_language_from_string("zh-HK"));
	for (size_t i = 0; i < LINES; i++) {
		if (!all[i].text || !*all[i].text)
			continue;
		line[n] = all[i];
		layout[n] = layout_of(p, context, &line[n]);
		*drawn = *drawn && !p->pango_layout_get_unknown_glyphs_count(layout[n]);
		height += height_of(p, layout[n]);
		n++;
	}
	if (*drawn)
		rc = paint(p, layout, line, n, height, out);
	while (n)
		p->g_object_unref(layout[--n]);
	p->g_object_unref(context);
	p->g_object_unref(map);
	return rc;
}
