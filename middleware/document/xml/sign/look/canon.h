/* SPDX-License-Identifier: BSD-2-Clause */
/* Exclusive canonical forms (XML-EXC-C14N) without comments. */
#ifndef ECERT_DOCUMENT_XML_SIGN_LOOK_CANON_H
#define ECERT_DOCUMENT_XML_SIGN_LOOK_CANON_H

#include "document/xml/sign/look/tree.h"

/* Appends that of a whole document but for all elements of this name. Errors: ECERT_E_UNSUPPORTED
 * (a relative namespace), ECERT_E_TOO_LARGE, ECERT_E_MEMORY. */
enum ecert_rc canon_without(
    xmlDoc *doc, const char *name, const char *ns, struct buf *out) MUST_CHECK;
/* The same of one element. */
enum ecert_rc canon_of(xmlNode *element, struct buf *out) MUST_CHECK;

#endif
