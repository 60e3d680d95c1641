/* SPDX-License-Identifier: BSD-2-Clause */
/* Reading a PNG by cairo, and making it what a stamp needs; a JPEG goes on as it is. */
#include "document/pdf/stamp/logo.h"

#include <string.h>

#include "util/file.h"

/* A file of more bytes is none that was made for this; nor one of more points, which may be few
 * bytes and take much memory. */
#define FILE_MAX  (4u << 20)
#define SIDE_MAX  8192u
#define PIXEL_MAX (16u << 20)
/* The room that there is for it, in points. */
#define ROOM_W 64.0
#define ROOM_H 44.0
/* So many points to one of the picture's are enough for any printer. */
#define FINENESS (600.0 / 72)

struct source {
	struct rd left;
};

static cairo_status_t give(void *ctx, unsigned char *out, unsigned n)
{
	struct source *s = ctx;

	return rd_copy(&s->left, out, n) == ECERT_OK ? CAIRO_STATUS_SUCCESS
						     : CAIRO_STATUS_READ_ERROR;
}

/* By its first chunk (PNG, 11.2.2), before anything is made of it. */
static bool is_taken(struct rd r)
{
	static const uint8_t head[] = {
	    0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n', 0, 0, 0, 13, 'I', 'H', 'D', 'R'};
	struct rd begins;
	uint32_t w = 0, h = 0;

	return rd_take(&r, sizeof head, &begins) == ECERT_OK &&
	       rd_equal(begins, rd_of(head, sizeof head)) && rd_u32(&r, &w) == ECERT_OK &&
	       rd_u32(&r, &h) == ECERT_OK && w && h && w <= SIDE_MAX && h <= SIDE_MAX &&
	       w <= PIXEL_MAX / h;
}

static double fit_into(struct pdf_logo *out, double w, double h)
{
	double fit = ROOM_W / w < ROOM_H / h ? ROOM_W / w : ROOM_H / h;

	out->w = w * fit;
	out->h = h * fit;
	return fit;
}

/* On white and without what shines through, which PDF/A-1 does not have; not finer than needed. */
static void flatten(const struct pdf_pango *p, cairo_surface_t *from, struct pdf_logo *out)
{
	double w = p->cairo_image_surface_get_width(from);
	double h = p->cairo_image_surface_get_height(from);
	double fit = fit_into(out, w, h);
	double less = fit * FINENESS < 1 ? fit * FINENESS : 1;
	int to_w = (int)(w * less + 0.5), to_h = (int)(h * less + 0.5);
	cairo_t *c;

	to_w = to_w ? to_w : 1;
	to_h = to_h ? to_h : 1;
	out->pixels = p->cairo_image_surface_create(CAIRO_FORMAT_RGB24, to_w, to_h);
	c = p->cairo_create(out->pixels);
	p->cairo_set_source_rgb(c, 1, 1, 1);
	p->cairo_paint(c);
	p->cairo_scale(c, to_w / w, to_h / h);
	p->cairo_set_source_surface(c, from, 0, 0);
	p->cairo_pattern_set_filter(p->cairo_get_source(c), CAIRO_FILTER_BEST);
	/* Its edge is its own, and not half of what is beside it. */
	p->cairo_pattern_set_extend(p->cairo_get_source(c), CAIRO_EXTEND_PAD);
	p->cairo_paint(c);
	p->cairo_destroy(c);
}

static bool read_png(const struct pdf_pango *p, struct rd bytes, struct pdf_logo *out)
{
	struct source from = {bytes};
	cairo_surface_t *read;
	bool good = is_taken(bytes);

	if (!good)
		return false;
	read = p->cairo_image_surface_create_from_png_stream(give, &from);
	good = p->cairo_surface_status(read) == CAIRO_STATUS_SUCCESS;
	if (good) {
		flatten(p, read, out);
		good = p->cairo_surface_status(out->pixels) == CAIRO_STATUS_SUCCESS;
	}
	p->cairo_surface_destroy(read);
	return good;
}

/* Points that nobody looks at, in whose place cairo writes the JPEG. */
static enum ecert_rc read_jpeg(
    const struct pdf_pango *p, struct rd bytes, struct pdf_logo *out, enum pdf_undrawn *why)
{
	enum ecert_rc rc = pdf_jpeg_read(bytes, SIDE_MAX, PIXEL_MAX, &out->jpeg, why);
	struct rd r = buf_view(&out->jpeg.bytes);

	if (rc != ECERT_OK || *why != PDF_DRAWN)
		return rc;
	(void)fit_into(out, out->jpeg.w, out->jpeg.h);
	out->pixels = p->cairo_image_surface_create(
	    CAIRO_FORMAT_RGB24, (int)out->jpeg.w, (int)out->jpeg.h);
	return p->cairo_surface_status(out->pixels) != CAIRO_STATUS_SUCCESS ||
		       p->cairo_surface_set_mime_data(out->pixels, CAIRO_MIME_TYPE_JPEG, r.p, r.n,
			   NULL, NULL) != CAIRO_STATUS_SUCCESS
		   ? ECERT_E_MEMORY
		   : ECERT_OK;
}

enum ecert_rc pdf_logo_read(
    const struct pdf_pango *p, const char *path, struct pdf_logo *out, enum pdf_undrawn *why)
{
	struct buf bytes = BUF_INIT(FILE_MAX);
	enum ecert_rc rc;

	*out = (struct pdf_logo){.pixels = NULL};
	rc = file_read(path, &bytes);
	*why = PDF_NO_LOGO;
	if (rc == ECERT_OK && pdf_jpeg_begins(buf_view(&bytes)))
		rc = read_jpeg(p, buf_view(&bytes), out, why);
	else if (rc == ECERT_OK && read_png(p, buf_view(&bytes), out))
		*why = PDF_DRAWN;
	buf_free(&bytes);
	return rc == ECERT_E_MEMORY ? rc : ECERT_OK;
}

void pdf_logo_draw(
    const struct pdf_pango *p, cairo_t *c, const struct pdf_logo *l, double x, double y)
{
	if (!l->pixels)
		return;
	p->cairo_save(c);
	p->cairo_translate(c, x, y);
	p->cairo_scale(c, l->w / p->cairo_image_surface_get_width(l->pixels),
	    l->h / p->cairo_image_surface_get_height(l->pixels));
	p->cairo_set_source_surface(c, l->pixels, 0, 0);
	/* Else /Interpolate is true, which PDF/A forbids. */
	p->cairo_pattern_set_filter(p->cairo_get_source(c), CAIRO_FILTER_NEAREST);
	p->cairo_paint(c);
	p->cairo_restore(c);
}

void pdf_logo_free(const struct pdf_pango *p, struct pdf_logo *l)
{
	if (l->pixels)
		p->cairo_surface_destroy(l->pixels);
	pdf_jpeg_free(&l->jpeg);
	*l = (struct pdf_logo){.pixels = NULL};
}
