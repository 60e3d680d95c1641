/* SPDX-License-Identifier: BSD-2-Clause */
/* Steps in a parsed document. */
#ifndef ECERT_DOCUMENT_XML_SIGN_LOOK_TREE_H
#define ECERT_DOCUMENT_XML_SIGN_LOOK_TREE_H

#include <libxml/parser.h>
#include <libxml/tree.h>

#include "document/xml/sign/questions.h"
#include "util/buf.h"

/* Parses a whole file; *why: XSIGN_GOOD, or why it is not read. Errors: ECERT_E_MEMORY,
 * ECERT_E_TOO_LARGE. */
enum ecert_rc tree_read(struct rd file, xmlDoc **out, enum xsign_refusal *why) MUST_CHECK;

bool tree_is(const xmlNode *n, const char *name, const char *ns);
/* The next element in the document's order; NULL behind the last one below top. */
xmlNode *tree_next(const xmlNode *n, const xmlNode *top);
/* Only the first, and only when it is one. */
xmlNode *tree_child(const xmlNode *n, const char *name, const char *ns);
/* inner is n, or in it. */
bool tree_holds(const xmlNode *n, const xmlNode *inner);
/* How many elements come before it in its document. */
size_t tree_before(const xmlNode *n);

/* An attribute's value; NULL: there is none. It is never freed: the process ends. */
const char *tree_attribute(const xmlNode *n, const char *name);
const char *tree_text(const xmlNode *n);
/* The i-th of its attributes that others refer to an element by; NULL behind the last one. */
const char *tree_id(const xmlNode *n, size_t i);
/* Some reader might take one of its attributes for such a one with this value. */
bool tree_may_be_called(const xmlNode *n, const char *id);

#endif
