/* SPDX-License-Identifier: BSD-2-Clause */
/* The cross-reference sections that came behind a signature, read strictly: where readers could
 * differ in what a file shows, nobody can tell what it shows. */
#ifndef ECERT_DOCUMENT_PDF_REVISIONS_SECTION_H
#define ECERT_DOCUMENT_PDF_REVISIONS_SECTION_H

#include <qpdf/qpdf-c.h>

#include "util/buf.h"

struct sections {
	struct rd file;
	uint64_t end;  /* of what is signed */
	qpdf_data now; /* the file as it is */
	uint16_t
	    *listed; /* by the object's number: by which section, from 1 on; 0: as it was signed */
	/* By the number: the generation that the newest section has it in use under, and 1 more. */
	uint32_t *generation;
	size_t objects;
	bool stray; /* there are bytes that belong to nothing (between.h) */
};

/* From `end` on there is nothing but white space, and so little that readers find the end of the
 * file (they look at its last 1,024 bytes) as they did before. */
bool sections_blank(struct rd file, uint64_t end) MUST_CHECK;
/* Where the last section is; false: the file does not end as it has to. */
bool sections_end(struct rd file, uint64_t *at) MUST_CHECK;
/* All sections lead from the end of the file to the one that the signed state ends with, each
 * object is where it is said to be and once. Marks those that they list. False: nobody can tell. */
bool sections_read(struct sections *s) MUST_CHECK;

#endif
