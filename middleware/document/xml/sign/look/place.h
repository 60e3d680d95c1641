/* SPDX-License-Identifier: BSD-2-Clause */
/* Where in a document its signature goes. */
#ifndef ECERT_DOCUMENT_XML_SIGN_LOOK_PLACE_H
#define ECERT_DOCUMENT_XML_SIGN_LOOK_PLACE_H

#include "document/xml/sign/look/tree.h"
#include "document/xml/sign/shape.h"

/* Fills place, at, empty and signed_id; *in: the element that the signature, with all around it, is
 * put in. *why: XSIGN_GOOD or XSIGN_NOT_UBL. Errors: ECERT_E_MALFORMED. */
enum ecert_rc place_find(struct rd file, xmlDoc *doc, enum xsign_profile profile,
    struct xsign_shape *out, xmlNode **in, enum xsign_refusal *why) MUST_CHECK;

#endif
