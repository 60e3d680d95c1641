/* SPDX-License-Identifier: BSD-2-Clause */
/* Signatures that are in a document before another one is added. */
#ifndef ECERT_DOCUMENT_XML_SIGN_LOOK_THERE_H
#define ECERT_DOCUMENT_XML_SIGN_LOOK_THERE_H

#include "document/xml/sign/look/tree.h"

/* Two elements have the same Id, so that nobody can tell which one is meant. Errors:
 * ECERT_E_MEMORY. */
enum ecert_rc there_same_ids(xmlDoc *doc, bool *same) MUST_CHECK;
/* One would no longer hold after the other is put at this place in this element: what it signs has
 * that element in it, and leaves nothing out that fits. */
bool there_would_break(xmlDoc *doc, xmlNode *in, enum xsign_place place);
/* Those that are in no other one. Appends how many there are (u8) to count; to values u16 number of
 * ds:SignatureValue elements, and each as the answer has them. Errors: ECERT_E_TOO_LARGE,
 * ECERT_E_MEMORY. */
enum ecert_rc there_values(xmlDoc *doc, uint8_t *count, struct buf *values) MUST_CHECK;

#endif
