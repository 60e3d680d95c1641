/* SPDX-License-Identifier: BSD-2-Clause */
/* What ecert-wall says of the places for unsigned properties: asked, and read strictly. */
#ifndef ECERT_DOCUMENT_XML_EXTEND_PLAN_H
#define ECERT_DOCUMENT_XML_EXTEND_PLAN_H

#include "document/format.h"
#include "document/xml/extend/questions.h"
#include "document/xml/questions.h"

/* Of one signature; views of the answer. */
struct xext_one {
	enum xext_refusal why;
	enum xext_place place;
	uint64_t at;
	struct rd empty;    /* the name of the empty-element tag that ends there; else nothing */
	struct rd stamp_id; /* of its last time stamp; nothing: it has none that is plain */
	bool values;	    /* it has CertificateValues or RevocationValues */
	struct rd value;    /* what a time stamp is about */
};

struct xext_plan {
	struct xext_one v[XML_SIGNATURES_MAX];
	size_t n;
	struct buf answer;
};

/* Asks about the open file of this size. *why: why nothing of it is extended; xext_plan_free in any
 * case. Errors: wall_ask's. */
enum ecert_rc xext_plan_ask(
    int fd, uint64_t size, struct xext_plan *out, const struct doc_refusal **why) MUST_CHECK;
/* What was answered about a file of this size. Errors: ECERT_E_MALFORMED. */
enum ecert_rc xext_plan_read(struct rd answer, uint64_t size, struct xext_plan *out,
    const struct doc_refusal **why) MUST_CHECK;
void xext_plan_free(struct xext_plan *p);
/* NULL for XEXT_GOOD. */
const struct doc_refusal *xext_refused(enum xext_refusal why);

#endif
