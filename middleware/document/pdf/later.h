/* SPDX-License-Identifier: BSD-2-Clause */
/* What came behind each signature of a PDF: asked through the wall, and told. */
#ifndef ECERT_DOCUMENT_PDF_LATER_H
#define ECERT_DOCUMENT_PDF_LATER_H

#include "document/format.h"
#include "document/pdf/changes.h"
#include "document/pdf/range.h"
#include "document/wall/ask.h"

#define PDF_LATER_PLACE	 160
#define PDF_LATER_FILLED 320

struct pdf_later {
	bool known;	      /* there is an answer */
	const char *unknown;  /* why there is none, an id */
	bool missing;	      /* since whoever looks at it is not installed */
	enum pdf_state state; /* of the file as it is */
	uint32_t others;      /* fields that are signed by none of those that were found */
	struct {
		enum pdf_state state; /* of what it covers */
		unsigned flags, kinds;
		uint32_t page;	  /* that something is shown on which was added; 0: none */
		unsigned percent; /* of it, that this is over */
		char first[PDF_LATER_PLACE];
		char filled[PDF_LATER_FILLED]; /* "name: "A" -> "B"", what fields have now */
		char shows[PDF_LATER_FILLED];  /* "name: "A" ≠ "B"", what they show */
	} v[PDF_SIGNATURES_MAX];
	/* What the document brings along, those first that the first signatures cover. */
	struct doc_brought *brought;
	uint32_t *covered; /* by which of the signatures first; their number: by none */
	size_t brought_n;
	struct buf answer; /* where they are */
};

/* Whatever is wrong with the file is in out; pdf_later_free in any case. Errors: ECERT_E_IO,
 * ECERT_E_MEMORY. */
enum ecert_rc pdf_later_ask(
    int fd, const struct pdf_signatures *s, struct pdf_later *out) MUST_CHECK;
void pdf_later_free(struct pdf_later *l);
/* How many of what is brought the i-th signature covers. */
size_t pdf_later_covered(const struct pdf_later *l, size_t i);
/* No field of the document has it: nobody is shown it. */
bool pdf_later_unseen(const struct pdf_later *l, size_t i);
/* Check "later changes" of the i-th. whole: nothing follows it. */
void pdf_later_tell(const struct pdf_later *l, const struct pdf_signatures *s, size_t i, bool whole,
    struct report *rep);

#endif
