/* SPDX-License-Identifier: BSD-2-Clause */
/* The fields of a state of a PDF that are signed, and which signature each has. */
#ifndef ECERT_DOCUMENT_PDF_REVISIONS_FIND_H
#define ECERT_DOCUMENT_PDF_REVISIONS_FIND_H

#include <qpdf/qpdf-c.h>

#include "util/buf.h"

/* One that was found by bytes. */
struct asked {
	uint64_t hole, behind, end;
	bool found;   /* by the last find_signed */
	qpdf_oh dict; /* then: the signature */
};

/* Marks those that a field has; how many fields have another one. */
uint32_t find_signed(qpdf_data q, struct asked *v, size_t n);
/* DocMDP's P (ISO 32000-1, 12.8.2.2) of the file, or of this signature; 0: there is none. */
unsigned find_allowed(qpdf_data q, qpdf_oh signature);

#endif
