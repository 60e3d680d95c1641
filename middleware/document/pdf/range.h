/* SPDX-License-Identifier: BSD-2-Clause */
/* The signatures of a PDF, found by bytes (ISO 32000-1, 12.8.1): where a /ByteRange is written, and
 * the dictionary around it. No cross-reference is believed. */
#ifndef ECERT_DOCUMENT_PDF_RANGE_H
#define ECERT_DOCUMENT_PDF_RANGE_H

#include "document/digest.h"
#include "document/pdf/plan.h"
#include "document/pdf/syntax.h"
#include "document/report.h"

#define PDF_SIGNATURES_MAX PDF_SIGNED_MOST

struct pdf_signature {
	uint64_t at;		    /* where its /ByteRange is written */
	struct digest_part part[2]; /* what is signed */
	uint64_t hole;		    /* where the string between them begins */
	uint64_t end;		    /* of what is signed; 0: it cannot be read */
	const char *defect;	    /* an id; NULL: the ranges are as they have to be */
	enum reason reason;	    /* of the defect */
	struct buf contents;	    /* /Contents, with the zeros that fill it */
	struct buf certs;	    /* /Cert: DER, one behind the other, the signer's first */
	char subfilter[48];	    /* "ETSI.CAdES.detached" */
	bool usage_rights; /* Adobe's permission to fill it in, and not a signature of it */
	char reason_given[256], place[256], contact[256], name[256];
	time_t claimed; /* /M; 0: it does not say */
};

struct pdf_signatures {
	uint64_t size; /* of the file */
	size_t n;
	bool more;	 /* than are looked at, of those that fit */
	size_t left_out; /* that do not fit the file, beyond as many as are looked at */
	struct pdf_signature v[PDF_SIGNATURES_MAX];
};

/* In the order of what they cover, the least first; a word that is followed by no range is no
 * signature. Memory does not grow with the file. pdf_signatures_free in any case. Errors:
 * ECERT_E_IO, ECERT_E_MEMORY. */
enum ecert_rc pdf_signatures_find(int fd, struct pdf_signatures *s) MUST_CHECK;
void pdf_signatures_free(struct pdf_signatures *s);
/* Nothing but a line end follows what it covers. Errors: ECERT_E_IO. */
enum ecert_rc pdf_covers_all(
    int fd, const struct pdf_signatures *s, size_t i, bool *all) MUST_CHECK;

#endif
