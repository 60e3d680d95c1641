/* SPDX-License-Identifier: BSD-2-Clause */
/* What is asked about a PDF that is to be signed, and what is answered through the wall. */
#ifndef ECERT_DOCUMENT_PDF_PLAN_H
#define ECERT_DOCUMENT_PDF_PLAN_H

#include "document/pdf/proof.h"

/* The operation: input 0 is the PDF, input 1, when there is one, a PDF of one page that is drawn
 * where the signature is seen. */
#define PDF_PLAN_OP "pdf-plan"

/*
 * Request: u8 flags; u8 length of the field's name, name in UTF-8 (empty: a new one); u32 page from
 * 1 (0: the last one); u8 enum pdf_place; two u32: hundredths of a point from the left and the
 * lower edge, of PDF_AT.
 */
#define PDF_CERTIFY 1
enum pdf_place {
	PDF_UNSEEN,
	PDF_TOP_LEFT,
	PDF_TOP_RIGHT,
	PDF_BOTTOM_LEFT,
	PDF_BOTTOM_RIGHT,
	PDF_AT,
	PDF_PLACE_COUNT
};

/*
 * The operation that puts proofs into /DSS (EN 319 142-1, 5.4): input 0 is the PDF.
 * Request: u32 how many proofs; for each u8 enum pdf_proof, u32 length, DER; u32 how many
 * signatures have some of their own; for each 20 bytes SHA-1 of its /Contents, u32 how many, for
 * each u32 its number, from 0 on.
 */
#define PDF_DSS_OP     "pdf-dss"
#define PDF_DSS_PROOFS 1024
#define PDF_DSS_KEY    20

/* So many signatures are looked at when it is verified. */
#define PDF_SIGNED_MOST 64

/* Why nothing is to be signed. The sentences are in pdf/refusal.c. */
enum pdf_refusal {
	PDF_GOOD,
	PDF_BROKEN, /* needs recovery: readers show it, but each its own way */
	PDF_ENCRYPTED,
	PDF_HYBRID,  /* tables and streams of references at once, which readers take differently */
	PDF_TWICE,   /* a number under two generations, of which readers take either */
	PDF_PAGES,   /* its tree of pages, or of fields, is not as the standard has it */
	PDF_NO_PAGE, /* not that many pages */
	PDF_FORBIDDEN,	  /* a certification allows no change */
	PDF_FIELD_TAKEN,  /* the field that was named is signed */
	PDF_FIELD_OTHER,  /* it is no field for signatures */
	PDF_FIELD_NAME,	  /* there is none of that name, and a new one cannot have it */
	PDF_FIELD_WANTS,  /* it demands something else than is made here */
	PDF_FIELD_UNSEEN, /* nothing would be seen in it: hidden, or beside its page */
	PDF_OFF_PAGE,	  /* the point that was asked for is not on the page */
	PDF_SIGNED_OFTEN, /* one more would not be looked at */
	PDF_MANY,	  /* objects, for a signature that is seen */
	PDF_COVERS,	  /* it would lie over what others have signed */
	PDF_SIGNED,	  /* to be certified, and signed already */
	PDF_REFUSAL_COUNT
};

/*
 * Answer of both: u8 enum pdf_refusal, and nothing more unless PDF_GOOD; u64 where the last
 * cross-reference section is; u8 1: a stream, 0: a table; u32 object of the signature (0: there is
 * none); u32 object of the new cross-reference stream, or the first number that is free; u32 /Size;
 * u32 length, entries of the trailer; u32 length, entries of the signature's dictionary; u32 how
 * many objects, for each u32 number, u16 generation, u32 length, what stands between obj and
 * endobj.
 */

#endif
