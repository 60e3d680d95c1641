/* SPDX-License-Identifier: BSD-2-Clause */
/* Why an XML file gets no signature inside, for people and programs. */
#ifndef ECERT_DOCUMENT_XML_SIGN_REFUSAL_H
#define ECERT_DOCUMENT_XML_SIGN_REFUSAL_H

#include "document/format.h"
#include "document/wall/ask.h"
#include "document/xml/sign/questions.h"

/* NULL for XSIGN_GOOD. */
const struct doc_refusal *xsign_refused(enum xsign_refusal why);
/* What the end of the question means; NULL when it was answered. */
const struct doc_refusal *xsign_unread(enum wall_end end);
/* Profiles that nothing is signed in. */
extern const struct doc_refusal xsign_zatca, xsign_myinvois;

#endif
