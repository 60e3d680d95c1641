/* SPDX-License-Identifier: BSD-2-Clause */
/* The operations on XML of ecert-wall. */
#ifndef ECERT_DOCUMENT_XML_NODES_H
#define ECERT_DOCUMENT_XML_NODES_H

#include "document/xml/questions.h"
#include "wall/wall.h"

/*
 * Run inside of ecert-wall: read a request of XML_SIGNATURES_OP or XML_TRANSFORM_OP and append the
 * answer, as document/xml/questions.h has them. Errors: ECERT_E_ARG (the request),
 * ECERT_E_TOO_LARGE, ECERT_E_MEMORY.
 */
enum ecert_rc xml_signatures(const struct wall_call *call, struct buf *answer) MUST_CHECK;
enum ecert_rc xml_transform(const struct wall_call *call, struct buf *answer) MUST_CHECK;

#endif
