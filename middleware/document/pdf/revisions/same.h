/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Objects that every reader reads from the same bytes in two states of a PDF: no section behind the
 * first state lists them, nor the object stream that they are in, nor what either refers to. They
 * need not be compared, and are read once for all states.
 */
#ifndef ECERT_DOCUMENT_PDF_REVISIONS_SAME_H
#define ECERT_DOCUMENT_PDF_REVISIONS_SAME_H

#include "document/pdf/graph/graph.h"

struct same {
	qpdf_data before, after;
	const struct graph *graph;  /* of after; NULL: nobody can tell, and all may be others */
	const uint16_t *listed;	    /* as sections_read marks them */
	const uint32_t *generation; /* the same; NULL where listed is */
};

/* Whether anything can be told. */
bool same_usable(const struct same *s);
/* The object, and what it refers to itself, is the same. False: it may be another. */
bool same_in_both(const struct same *s, int id);
/* From which of the two to read it: after, when it is the same. */
qpdf_data same_source(const struct same *s, int id);

/* By number: it leads to an object that a later section lists. up: the object that the walk down
 * came from, for those that every other way to them may be left out of (0: no such one). NULL:
 * there is no memory. */
uint8_t *same_leads(const struct same *s, const uint32_t *up);

/* Handles that qpdf gave out since are given back. */
qpdf_oh handles_mark(qpdf_data q);
void handles_drop(qpdf_data q, qpdf_oh since);

#endif
