/* SPDX-License-Identifier: BSD-2-Clause */
/* What of a document is selected: a set of nodes, as XPath has them. */
#ifndef ECERT_DOCUMENT_XML_SET_H
#define ECERT_DOCUMENT_XML_SET_H

#include <libxml/xpath.h>

#include "document/xml/nodes/tree.h"

/* XPath expressions that namespaces have to fulfil, too. */
#define XML_CONDITIONS_MAX 4

struct xml_condition {
	xmlXPathContext *ctx;
	xmlXPathCompExpr *expr;
};

struct xml_set {
	const struct xml_tree *t;
	xmlNode *top;  /* of what it was made; NULL: of the whole document */
	uint8_t *bits; /* owned; of each number whether it is in */
	/* A namespace is in when its element is, and these say so. */
	struct xml_condition cond[XML_CONDITIONS_MAX]; /* owned */
	size_t conds;
};

/* top and all below it (NULL: the document). xml_set_free in any case. Errors: ECERT_E_MEMORY. */
enum ecert_rc xml_set_of(
    const struct xml_tree *t, xmlNode *top, bool comments, struct xml_set *out) MUST_CHECK;
void xml_set_free(struct xml_set *s);

static inline bool xml_has(const struct xml_set *s, uint32_t number)
{
	return s->bits[number >> 3] >> (number & 7) & 1;
}

static inline void xml_drop(struct xml_set *s, uint32_t number)
{
	s->bits[number >> 3] &= (uint8_t) ~(1u << (number & 7));
}

/* The numbers that its top and all below it have. */
void xml_set_range(const struct xml_set *s, uint32_t *from, uint32_t *to);
/* Without n and all that is below it. */
void xml_set_without(struct xml_set *s, const xmlNode *n);
/* Whether the namespace, seen from this element, is in. */
bool xml_set_has_ns(const struct xml_set *s, const xmlNs *ns, const xmlNode *element);
/* What is text in it, one behind the other. */
void xml_set_text(const struct xml_set *s, struct buf *out);

/* XPath filtering (XML Signature 1.1, 6.6.3; transform: the Transform): false when it cannot be
 * done. */
bool xml_set_xpath(struct xml_set *s, xmlNode *transform);
/* XPath Filter 2.0 (the W3C recommendation of 2002). */
bool xml_set_filter2(struct xml_set *s, xmlNode *transform);

#endif
