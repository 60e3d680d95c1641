/* SPDX-License-Identifier: BSD-2-Clause */
/* Canonical octets of what is selected (C14N 1.0, 1.1 and exclusive, with and without comments). */
#ifndef ECERT_DOCUMENT_XML_CANON_H
#define ECERT_DOCUMENT_XML_CANON_H

#include "document/xml/nodes/set.h"

struct xml_canon {
	int mode; /* libxml2's xmlC14NMode */
	bool comments;
	xmlChar *list;	    /* PrefixList, cut into words; owned */
	xmlChar **prefixes; /* NULL at its end; owned; NULL: none */
};

/* By its URI and what stands in the element that names it (may be NULL). False: it is none, or
 * memory is out. xml_canon_free in any case. */
bool xml_canon_named(const char *uri, const xmlNode *element, struct xml_canon *out);
void xml_canon_free(struct xml_canon *c);
/* False: it cannot be done; out says when it is too large. */
bool xml_canon_put(const struct xml_set *s, const struct xml_canon *c, struct buf *out);
/* Of an element by the algorithm that another one names; *known: it is one. */
bool xml_canon_element(
    const struct xml_tree *t, xmlNode *n, const xmlNode *method, bool *known, struct buf *out);

#endif
