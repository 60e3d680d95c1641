/* SPDX-License-Identifier: BSD-2-Clause */
/* Segments of a JPEG (T.81, B.1.1): a marker, a length, what it says; and coded data up to the next
 * marker. */
#include "document/pdf/stamp/jpeg.h"

#include <string.h>

/* T.81, table B.1. */
enum marker {
	SOF0 = 0xC0,
	SOF2 = 0xC2,
	DHT = 0xC4,
	SOF15 = 0xCF,
	JPG = 0xC8,
	DAC = 0xCC,
	RST0 = 0xD0,
	RST7 = 0xD7,
	SOI = 0xD8,
	EOI = 0xD9,
	SOS = 0xDA,
	DQT = 0xDB,
	DRI = 0xDD,
	APP0 = 0xE0,
	APP14 = 0xEE
};

/* A progressive one has about ten; each is a pass over all points. */
#define SCANS_MAX 64
#define JFIF_SIZE 14 /* without a thumbnail */

struct walk {
	struct rd left;
	unsigned side, points, scans;
	struct pdf_jpeg *out;
	enum pdf_undrawn why;
	bool over;
};

bool pdf_jpeg_begins(struct rd r)
{
	return r.n > 2 && r.p[0] == 0xFF && r.p[1] == SOI && r.p[2] == 0xFF;
}

static bool is_frame(uint8_t m)
{
	return m >= SOF0 && m <= SOF15 && m != DHT && m != JPG && m != DAC;
}

static void put(struct walk *w, uint8_t m, struct rd says)
{
	struct buf *b = &w->out->bytes;

	buf_u8(b, 0xFF);
	buf_u8(b, m);
	buf_u16(b, (uint16_t)(says.n + 2));
	buf_rd(b, says);
}

/* T.81, B.2.2. */
static enum pdf_undrawn read_frame(struct walk *w, uint8_t m, struct rd r)
{
	uint8_t bits = 0, n = 0;
	uint16_t high = 0, wide = 0;

	if (w->out->w || rd_u8(&r, &bits) != ECERT_OK || rd_u16(&r, &high) != ECERT_OK ||
	    rd_u16(&r, &wide) != ECERT_OK || rd_u8(&r, &n) != ECERT_OK || r.n != 3u * n)
		return PDF_NO_LOGO;
	if (n == 4)
		return PDF_LOGO_CMYK;
	if (m > SOF2 || bits != 8 || (n != 1 && n != 3))
		return PDF_LOGO_KIND;
	/* A height that comes later (DNL) is none that is known. */
	if (!high || !wide || wide > w->side || high > w->side || wide > w->points / high)
		return PDF_NO_LOGO;
	w->out->w = wide;
	w->out->h = high;
	return PDF_DRAWN;
}

/* What says how the colours are coded: JFIF, and Adobe's own (ISO 32000-1, table 13). */
static bool is_needed(uint8_t m, struct rd r)
{
	if (m == APP0)
		return r.n == JFIF_SIZE && !memcmp(r.p, "JFIF", 5);
	if (m == APP14)
		return r.n >= 12 && !memcmp(r.p, "Adobe", 5);
	return m == DHT || m == DQT || m == DRI;
}

/* Coded data, in which FF is followed by 0 or is a marker to begin anew at. */
static void take_scan(struct walk *w)
{
	struct rd r = w->left;
	size_t n = 0;

	while (n + 1 < r.n && !(r.p[n] == 0xFF && r.p[n + 1] && r.p[n + 1] != 0xFF &&
				  (r.p[n + 1] < RST0 || r.p[n + 1] > RST7)))
		n++;
	buf_put(&w->out->bytes, r.p, n);
	w->left = rd_of(r.p + n, r.n - n);
}

static enum pdf_undrawn take(struct walk *w)
{
	enum pdf_undrawn why = PDF_DRAWN;
	uint8_t ff = 0, m = 0xFF;
	uint16_t n = 0;
	struct rd says;

	if (rd_u8(&w->left, &ff) != ECERT_OK || ff != 0xFF)
		return PDF_NO_LOGO;
	while (m == 0xFF) /* B.1.1.2: it may be filled up with them */
		if (rd_u8(&w->left, &m) != ECERT_OK)
			return PDF_NO_LOGO;
	if (m == EOI) {
		buf_put(&w->out->bytes, "\xFF\xD9", 2);
		w->over = true;
		return w->scans ? PDF_DRAWN : PDF_NO_LOGO;
	}
	if (m < SOF0 || (m >= RST0 && m <= SOI) || rd_u16(&w->left, &n) != ECERT_OK || n < 2 ||
	    rd_take(&w->left, n - 2u, &says) != ECERT_OK)
		return PDF_NO_LOGO;
	if (is_frame(m))
		why = read_frame(w, m, says);
	if (m == DAC)
		why = PDF_LOGO_KIND;
	if (m == SOS && (!w->out->w || ++w->scans > SCANS_MAX))
		why = PDF_NO_LOGO;
	if (why != PDF_DRAWN || !(is_frame(m) || m == SOS || is_needed(m, says)))
		return why;
	put(w, m, says);
	if (m == SOS)
		take_scan(w);
	return PDF_DRAWN;
}

enum ecert_rc pdf_jpeg_read(
    struct rd file, unsigned side, unsigned points, struct pdf_jpeg *out, enum pdf_undrawn *why)
{
	struct walk w = {.left = file, .side = side, .points = points, .out = out};

	*out = (struct pdf_jpeg){.w = 0};
	buf_init(&out->bytes, file.n + 16);
	*why = pdf_jpeg_begins(file) ? PDF_DRAWN : PDF_NO_LOGO;
	if (*why != PDF_DRAWN)
		return ECERT_OK;
	buf_put(&out->bytes, "\xFF\xD8", 2);
	w.left = rd_of(file.p + 2, file.n - 2);
	while (*why == PDF_DRAWN && !w.over)
		*why = take(&w);
	return buf_rc(&out->bytes);
}

void pdf_jpeg_free(struct pdf_jpeg *j)
{
	buf_free(&j->bytes);
	*j = (struct pdf_jpeg){.w = 0};
}
