/* SPDX-License-Identifier: BSD-2-Clause */
/* What a reference is digested over: a selection, and what transforms make of it. */
#ifndef ECERT_DOCUMENT_XML_TRANSFORM_H
#define ECERT_DOCUMENT_XML_TRANSFORM_H

#include "document/xml/nodes/canon.h"

struct xml_run {
	const struct xml_tree *doc; /* the document with the signature; NULL: of a file beside it */
	const xmlNode *signature;   /* whose transforms these are; NULL: nobody's */
	uint8_t *covered;	    /* of doc, a byte each number: what went in; may be NULL */
	uint8_t flags;		    /* XML_REF_ */
	/* Inside: one of both. */
	bool is_set;
	struct xml_set set;
	struct buf octets;
	struct xml_tree again; /* octets that were read as XML */
};

/* It begins with one of these; xml_run_free in any case. Errors: ECERT_E_MEMORY. */
enum ecert_rc xml_run_node(struct xml_run *r, xmlNode *top, bool comments) MUST_CHECK;
void xml_run_octets(struct xml_run *r, struct rd octets);
void xml_run_free(struct xml_run *r);

/* One after the other; element: the Transform, or NULL. XML_OCTETS: go on. */
enum xml_reference xml_run_step(struct xml_run *r, const char *uri, xmlNode *element);
/* What is left becomes octets. */
enum xml_reference xml_run_end(struct xml_run *r);

#endif
