/* SPDX-License-Identifier: BSD-2-Clause */
/* The operation of ecert-wall on XML that is to be signed. */
#ifndef ECERT_DOCUMENT_XML_SIGN_LOOK_H
#define ECERT_DOCUMENT_XML_SIGN_LOOK_H

#include "document/xml/sign/questions.h"
#include "wall/wall.h"

/* Runs inside of ecert-wall: XSIGN_PLAN_OP, as document/xml/sign/questions.h has it. Errors:
 * ECERT_E_ARG (the request), ECERT_E_MALFORMED, ECERT_E_TOO_LARGE, ECERT_E_MEMORY. */
enum ecert_rc xsign_plan(const struct wall_call *call, struct buf *answer) MUST_CHECK;

#endif
