/* SPDX-License-Identifier: BSD-2-Clause */
/* The operation of ecert-wall on XML whose signatures are made to last. */
#ifndef ECERT_DOCUMENT_XML_PLACES_H
#define ECERT_DOCUMENT_XML_PLACES_H

#include "document/xml/extend/questions.h"
#include "wall/wall.h"

/* Runs inside of ecert-wall: XEXT_PLACES_OP, as document/xml/extend/questions.h has it. Errors:
 * ECERT_E_ARG (the request), ECERT_E_MALFORMED, ECERT_E_TOO_LARGE, ECERT_E_MEMORY. */
enum ecert_rc xml_places(const struct wall_call *call, struct buf *answer) MUST_CHECK;

#endif
