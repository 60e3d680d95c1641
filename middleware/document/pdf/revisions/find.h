/* SPDX-License-Identifier: BSD-2-Clause */
/* The fields of a state of a PDF that are signed, and which signature each has. */
#ifndef ECERT_DOCUMENT_PDF_REVISIONS_FIND_H
#define ECERT_DOCUMENT_PDF_REVISIONS_FIND_H

#include <qpdf/qpdf-c.h>

#include "document/pdf/revisions/same.h"

/* One that was found by bytes. */
struct asked {
	uint64_t hole, behind, end;
	bool found;   /* by the last find_signed */
	qpdf_oh dict; /* then: the signature */
	int field;    /* then: the number of the one field that has it */
};

/* Marks those that a field has, whose bytes are those of the file; *others: how many fields have
 * another one, or one that another field has, too. The state that is looked at is s->before; what
 * is the same in s->after is read there. False: there are more than are looked at. */
bool find_signed(
    struct rd file, const struct same *s, struct asked *v, size_t n, uint32_t *others) MUST_CHECK;
/* DocMDP's P (ISO 32000-1, 12.8.2.2) of the file, when one of those that were found there certifies
 * it, or of this signature; 0: there is none. */
unsigned find_allowed(qpdf_data q, const struct asked *v, size_t n, size_t i);

#endif
