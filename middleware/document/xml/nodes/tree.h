/* SPDX-License-Identifier: BSD-2-Clause */
/* A document in memory: its nodes by number, so that what is selected is a set of numbers. */
#ifndef ECERT_DOCUMENT_XML_TREE_H
#define ECERT_DOCUMENT_XML_TREE_H

#include <libxml/tree.h>

#include "document/xml/names.h"
#include "document/xml/questions.h"
#include "util/buf.h"

struct xml_id {
	const char *value; /* owned by the tree */
	xmlNode *of;
};

struct xml_tree {
	xmlDoc *doc;
	/* Of each number the last one below it. Nodes and attributes are counted from 0 in the
	 * order of the document, an element's attributes before what is in it. */
	uint32_t *last;
	uint32_t n;
	struct xml_id *ids; /* sorted by value */
	size_t ids_n;
};

/* No DTD, no entity, nothing fetched. xml_tree_free in any case. Errors: ECERT_E_MEMORY. */
enum ecert_rc xml_tree_read(struct rd xml, struct xml_tree *out, enum xml_state *state) MUST_CHECK;
void xml_tree_free(struct xml_tree *t);

/* The number of a node or attribute. */
static inline uint32_t xml_number(const void *node)
{
	return (uint32_t)(uintptr_t)((const xmlNode *)node)->_private;
}

/* n is top, or somewhere below it. */
bool xml_is_in(const struct xml_tree *t, const xmlNode *n, const xmlNode *top);
/* The next node in the order of the document; skip: past all that is below n. NULL: the end. */
xmlNode *xml_next(xmlNode *n, bool skip);

/* How many elements have this Id; the first of them in *of. */
size_t xml_find_id(const struct xml_tree *t, const char *value, xmlNode **of);

/* An element of this namespace and name. */
bool xml_is(const xmlNode *n, const char *ns, const char *name);
/* A child of it; the only one, else NULL. */
xmlNode *xml_child(const xmlNode *parent, const char *ns, const char *name);
xmlNode *xml_only(const xmlNode *parent, const char *ns, const char *name);
/* The next element from n on, itself included. */
xmlNode *xml_element(xmlNode *n);

/* Appending to an answer: a string (u32 length, bytes). NULL: an empty one. */
void xml_put(struct buf *out, const void *text);
void xml_put_rd(struct buf *out, struct rd bytes);
/* What stands in an element (NULL: nothing); the value of an attribute without a namespace. */
void xml_put_content(struct buf *out, const xmlNode *n);
void xml_put_attribute(struct buf *out, const xmlNode *n, const char *name);
/* Where it is: "/Invoice/cac:Party[2]". */
void xml_put_path(struct buf *out, const xmlNode *n);

#endif
