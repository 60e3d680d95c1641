/* SPDX-License-Identifier: BSD-2-Clause */
/* What ecert-wall says of an XML file: asked, and read strictly. */
#ifndef ECERT_DOCUMENT_XML_SIGN_PLAN_H
#define ECERT_DOCUMENT_XML_SIGN_PLAN_H

#include "document/format.h"
#include "document/xml/sign/shape.h"

/* A ds:SignatureValue that is there. */
struct xsign_value {
	struct rd id, form;
};

struct xsign_plan {
	struct xsign_shape shape;
	struct xsign_value value[XSIGN_SIGNATURES_MAX];
	size_t values;
	struct rd digested; /* of the document */
	struct buf answer;  /* what the views look at */
};

/* Asks about the open file. Either *why says why it is not to be signed, or out is filled; free it
 * in any case. Errors: wall_ask's. */
enum ecert_rc xsign_plan_ask(enum xsign_profile profile, int fd, struct xsign_plan *out,
    const struct doc_refusal **why) MUST_CHECK;
/* What was answered about a file of this size. Errors: ECERT_E_MALFORMED. */
enum ecert_rc xsign_plan_read(struct rd answer, uint64_t size, struct xsign_plan *out,
    const struct doc_refusal **why) MUST_CHECK;
void xsign_plan_free(struct xsign_plan *p);

#endif
