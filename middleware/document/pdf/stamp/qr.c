/* SPDX-License-Identifier: BSD-2-Clause */
/* Making a QR code (ISO/IEC 18004) and drawing it. */
#include "document/pdf/stamp/qr.h"

#include <errno.h>
#include <string.h>

#include "util/library.h"

/* 9.1: this many light modules on each side. */
#define QUIET 4
/* It is so large, in points, and no module is smaller than this: 0.35 mm, which telephones read
 * from paper. */
#define SIDE	     62.0
#define MODULE_LEAST 1.0

struct functions {
	__typeof__(&QRcode_encodeString) QRcode_encodeString;
	__typeof__(&QRcode_free) QRcode_free;
};

#define ROW(name)                                                                                  \
	{                                                                                          \
#name, offsetof(struct functions, name)                                            \
	}
static const struct library_row rows[] = {ROW(QRcode_encodeString), ROW(QRcode_free)};
LIBRARY_COUNTS(rows, struct functions);

static struct functions table;

static const struct functions *qrencode(void)
{
	static struct library l = {
	    "libqrencode.so.4", rows, sizeof rows / sizeof rows[0], &table, NULL, LIBRARY_UNTRIED};

	return library_functions(&l);
}

enum ecert_rc pdf_qr_make(const char *text, struct pdf_qr *out, enum pdf_undrawn *why)
{
	const struct functions *f = qrencode();
	int modules;

	*out = (struct pdf_qr){.code = NULL};
	*why = f ? PDF_DRAWN : PDF_NO_QR;
	if (!f)
		return ECERT_OK;
	if (strlen(text) > PDF_QR_MAX)
		return ECERT_E_TOO_LARGE;
	out->code = f->QRcode_encodeString(text, 0, QR_ECLEVEL_M, QR_MODE_8, 1);
	if (!out->code)
		return errno == ENOMEM ? ECERT_E_MEMORY : ECERT_E_TOO_LARGE;
	modules = out->code->width + 2 * QUIET;
	out->module = SIDE / modules > MODULE_LEAST ? SIDE / modules : MODULE_LEAST;
	out->side = out->module * modules;
	return ECERT_OK;
}

/* The ground is white. Dark ones beside each other are one area, and all areas one path: no hair is
 * between them. */
void pdf_qr_draw(const struct pdf_pango *p, cairo_t *c, const struct pdf_qr *q, double x, double y)
{
	int n = q->code ? q->code->width : 0;

	if (!n)
		return;
	p->cairo_new_path(c);
	for (int row = 0; row < n; row++)
		for (int from = 0, to; from < n; from = to) {
			const unsigned char *line = q->code->data + (size_t)row * (size_t)n;

			for (to = from; to < n && (line[to] & 1) == (line[from] & 1); to++)
				;
			if (line[from] & 1)
				p->cairo_rectangle(c, x + (QUIET + from) * q->module,
				    y + (QUIET + row) * q->module, (to - from) * q->module,
				    q->module);
		}
	p->cairo_set_source_rgb(c, 0, 0, 0);
	p->cairo_fill(c);
}

void pdf_qr_free(struct pdf_qr *q)
{
	if (q->code)
		table.QRcode_free(q->code);
	*q = (struct pdf_qr){.code = NULL};
}
