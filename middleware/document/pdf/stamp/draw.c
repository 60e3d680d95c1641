/* SPDX-License-Identifier: BSD-2-Clause */
/* A card: logo, text, QR code, beside each other or, on a narrow one, below each other. */
#include "document/pdf/stamp/draw.h"

#include "document/pdf/stamp/logo.h"
#include "document/pdf/stamp/pango.h"
#include "document/pdf/stamp/qr.h"
#include "document/pdf/stamp/text.h"

/* In points, which are the PDF's own unit. */
#define MARGIN 8.0
#define GAP    9.0
#define ROUND  3.0
#define EDGE   0.6

/* The first is the usual one; the others are for fields that somebody else has drawn: flat, and
 * narrow. */
static const struct shape {
	double column;
	bool two, narrow;
} shapes[] = {{172, false, false}, {150, true, false}, {112, false, true}};

struct card {
	const struct pdf_pango *p;
	const struct pdf_picture *look;
	PangoContext *context;
	struct pdf_logo logo;
	struct pdf_qr qr;
	cairo_surface_t *surface;
	cairo_t *c;
};

static cairo_status_t keep(void *ctx, const unsigned char *data, unsigned n)
{
	buf_put(ctx, data, n);
	return buf_rc(ctx) == ECERT_OK ? CAIRO_STATUS_SUCCESS : CAIRO_STATUS_WRITE_ERROR;
}

static void round_corners(const struct card *k, double x, double y, double w, double h)
{
	const struct pdf_pango *p = k->p;
	const double quarter = 1.5707963267948966;

	p->cairo_new_path(k->c);
	p->cairo_arc(k->c, x + w - ROUND, y + ROUND, ROUND, -quarter, 0);
	p->cairo_arc(k->c, x + w - ROUND, y + h - ROUND, ROUND, 0, quarter);
	p->cairo_arc(k->c, x + ROUND, y + h - ROUND, ROUND, quarter, 2 * quarter);
	p->cairo_arc(k->c, x + ROUND, y + ROUND, ROUND, 2 * quarter, 3 * quarter);
	p->cairo_close_path(k->c);
}

/* White, so that it is read on whatever is below it. */
static void paint_ground(const struct card *k, double w, double h)
{
	const struct pdf_pango *p = k->p;

	round_corners(k, EDGE / 2, EDGE / 2, w - EDGE, h - EDGE);
	p->cairo_set_source_rgb(k->c, 1, 1, 1);
	p->cairo_fill_preserve(k->c);
	p->cairo_set_source_rgb(k->c, 0.45, 0.45, 0.45);
	p->cairo_set_line_width(k->c, EDGE);
	p->cairo_stroke(k->c);
}

static double larger(double a, double b)
{
	return a > b ? a : b;
}

static void put(
    struct card *k, const struct pdf_text *text, double w, double h, double x[3], double y[3])
{
	k->p->cairo_pdf_surface_set_size(k->surface, w, h);
	paint_ground(k, w, h);
	pdf_logo_draw(k->p, k->c, &k->logo, x[0], y[0]);
	pdf_text_draw(k->p, k->c, text, x[1], y[1]);
	pdf_qr_draw(k->p, k->c, &k->qr, x[2], y[2]);
	k->p->cairo_show_page(k->c);
}

/* From left to right, each in the middle of the card's height. */
static void paint_wide(struct card *k, const struct pdf_text *text)
{
	/* The quiet zone is margin enough. */
	double h = larger(larger(text->h, k->logo.h) + 2 * MARGIN, k->qr.side + 2 * EDGE);
	double behind = MARGIN + (k->logo.pixels ? k->logo.w + GAP : 0);
	double x[3] = {MARGIN, behind, behind + text->w};
	double y[3] = {(h - k->logo.h) / 2, (h - text->h) / 2, (h - k->qr.side) / 2};

	put(k, text, x[2] + (k->qr.code ? k->qr.side + EDGE : MARGIN), h, x, y);
}

/* From top to bottom, in the middle of its width but for the text. */
static void paint_narrow(struct card *k, const struct pdf_text *text)
{
	double w = larger(text->w + 2 * MARGIN, k->qr.side + 2 * EDGE);
	double below = MARGIN + (k->logo.pixels ? k->logo.h + GAP : 0);
	double x[3] = {(w - k->logo.w) / 2, (w - text->w) / 2, (w - k->qr.side) / 2};
	double y[3] = {MARGIN, below, below + text->h};

	put(k, text, w, y[2] + (k->qr.code ? k->qr.side + EDGE : MARGIN), x, y);
}

static enum ecert_rc paint_all(struct card *k, struct buf *out, bool *complete)
{
	const struct pdf_pango *p = k->p;
	struct pdf_text text = {.n = 0};
	enum ecert_rc rc = ECERT_OK;
	cairo_status_t bad;

	k->surface = p->cairo_pdf_surface_create_for_stream(keep, out, 1, 1);
	k->c = p->cairo_create(k->surface);
	for (size_t i = 0; rc == ECERT_OK && *complete && i < sizeof shapes / sizeof shapes[0];
	     i++) {
		rc = pdf_text_set(p, k->context, k->look, shapes[i].column, shapes[i].two, &text);
		*complete = text.complete;
		if (rc == ECERT_OK && *complete)
			(shapes[i].narrow ? paint_narrow : paint_wide)(k, &text);
		pdf_text_free(p, &text);
	}
	bad = p->cairo_status(k->c);
	p->cairo_destroy(k->c);
	p->cairo_surface_finish(k->surface);
	bad = bad ? bad : p->cairo_surface_status(k->surface);
	p->cairo_surface_destroy(k->surface);
	if (rc == ECERT_OK)
		rc = buf_rc(out);
	return rc == ECERT_OK && bad ? ECERT_E_MEMORY : rc;
}

static enum ecert_rc draw(struct card *k, struct buf *out, enum pdf_undrawn *why)
{
	bool good = true;
	enum ecert_rc rc = ECERT_OK;

	if (k->look->logo)
		rc = pdf_logo_read(k->p, k->look->logo, &k->logo, why);
	if (rc == ECERT_OK && *why == PDF_DRAWN && k->look->qr)
		rc = pdf_qr_make(k->look->qr, &k->qr, why);
	if (rc != ECERT_OK || *why != PDF_DRAWN)
		return rc;
	rc = paint_all(k, out, &good);
	/* A font of coloured pictures shines through. */
	if (rc == ECERT_OK && (!good || rd_contains(buf_view(out), "/SMask ")))
		*why = PDF_NO_FONT;
	/* A JPEG goes in as it is, and is nothing but that. */
	if (rc == ECERT_OK && k->logo.jpeg.w && !rd_contains(buf_view(out), "/DCTDecode"))
		*why = PDF_NO_LOGO;
	return rc;
}

enum ecert_rc pdf_draw(const struct pdf_picture *look, struct buf *out, enum pdf_undrawn *why)
{
	struct card k = {.p = pdf_pango(), .look = look};
	PangoFontMap *map;
	enum ecert_rc rc;

	*why = k.p ? PDF_DRAWN : PDF_NO_CAIRO;
	if (!k.p)
		return ECERT_OK;
	map = k.p->pango_cairo_font_map_new();
	k.context = k.p->pango_font_map_create_context(map);
	k.p->pango_cairo_context_set_resolution(k.context, 72);
	k.p->pango_context_set_language(k.context, k.p->pango_language_from_string("zh-HK"));
	rc = draw(&k, out, why);
	pdf_logo_free(k.p, &k.logo);
	pdf_qr_free(&k.qr);
	k.p->g_object_unref(k.context);
	k.p->g_object_unref(map);
	return rc;
}
