/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which objects of a PDF refer to which, by their bytes: so that those alone are read which a
 * change can be seen in. It may have references that are none (in a string, say), and never lacks
 * one: what is not as the standard has it makes it fail. Only ever in ecert-wall, and by tests.
 */
#ifndef ECERT_DOCUMENT_PDF_GRAPH_H
#define ECERT_DOCUMENT_PDF_GRAPH_H

#include "document/pdf/graph/xref.h"

struct graph {
	size_t n;	  /* numbers of objects are below it */
	uint32_t *inside; /* by number: the object stream that it is in; 0: none */
	uint32_t *first;  /* by number: where its references begin in to ... */
	uint32_t *count;  /* ... and how many there are */
	uint32_t *to;
	size_t edges, room;
	uint32_t *back_first, *back; /* those to it, up to where the next one's begin */
};

/* at: where the last section is. False: nobody can tell. graph_free in any case. */
bool graph_read(struct graph *g, struct rd file, qpdf_data q, uint64_t at) MUST_CHECK;
void graph_free(struct graph *g);

/* One of the object's own references leads to one that is marked. */
bool graph_touches(const struct graph *g, uint32_t id, const uint16_t *marked);

#endif
