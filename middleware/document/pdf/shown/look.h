/* SPDX-License-Identifier: BSD-2-Clause */
/* A page's content being walked through, for the files of this folder. */
#ifndef ECERT_DOCUMENT_PDF_SHOWN_LOOK_H
#define ECERT_DOCUMENT_PDF_SHOWN_LOOK_H

#include "document/pdf/shown/font.h"
#include "document/pdf/shown/text.h"
#include "document/pdf/shown/words.h"

#define STATES	 64
#define OPERANDS 8
#define FONTS	 32
#define NAME_MAX 64

struct matrix {
	double a, b, c, d, e, f;
};

struct state {
	struct matrix page; /* from here to the page */
	struct shown_font font;
	double size, leading, between, words, scale, rise;
	int mode; /* how text is painted */
};

#define UNSEEN 3 /* the mode in which it is not */

struct look {
	qpdf_data q;
	struct pdf_rect box;
	bool met, odd;
	unsigned steps, drawn, forms;
	struct state now, kept[STATES];
	size_t kept_n;
	struct matrix text, line;
	struct rd operand[OPERANDS]; /* the last ones */
	size_t n;
	/* Fonts of the resources that they were looked up in. */
	struct {
		qpdf_oh resources;
		char name[NAME_MAX];
		struct shown_font font;
	} known[FONTS];
	size_t known_n;
	/* Instead of where letters are: which they are, in `words`. */
	struct buf *words;
	struct shown_codes *codes;
	qpdf_oh codes_of; /* the font; 0: none yet */
	bool unsaid;
};

/* First m, then n. */
struct matrix look_then(const struct matrix *m, const struct matrix *n);
/* Zero: it is none. */
double look_number(struct rd written);
/* The next line begins there, from the beginning of this one. */
void look_move(struct look *l, double x, double y);
/* Letters of the font that is used. */
void look_words(struct look *l, struct rd codes);
/* Content with these resources, operator by operator. */
void look_run(struct look *l, struct rd content, qpdf_oh resources);
/* Of a file, at its beginning. NULL: no memory. */
struct look *look_new(qpdf_data q) MUST_CHECK;
/* A string, and an array of strings and distances, as they are written. */
void look_show(struct look *l, struct rd written);
void look_show_pieces(struct look *l, struct rd array);

#endif
