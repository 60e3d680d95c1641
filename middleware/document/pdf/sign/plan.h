/* SPDX-License-Identifier: BSD-2-Clause */
/* What ecert-wall says has to be written: asked, and read strictly. */
#ifndef ECERT_DOCUMENT_PDF_SIGN_PLAN_H
#define ECERT_DOCUMENT_PDF_SIGN_PLAN_H

#include "document/format.h"
#include "util/buf.h"

struct pdf_object {
	uint32_t number;
	uint16_t generation;
	struct rd text;
};

struct pdf_plan {
	uint64_t startxref;
	bool stream;
	uint32_t sig, xref, size;  /* numbers of objects; sig 0: there is no signature */
	struct rd trailer, extra;  /* entries of the trailer, of the signature's dictionary */
	struct pdf_object *object; /* owned */
	size_t n;
	struct buf answer; /* what the views look at */
};

/* Asks about the open PDF; picture: what is seen of the
 * signature, -1: nothing. Either *why says why it is not to be signed, or out is filled; free it in
 * any case. Errors: wall_ask's, ECERT_E_ARG (the field's name is too long). */
enum ecert_rc pdf_plan_ask(const struct doc_pdf_options *o, int fd, int picture,
    struct pdf_plan *out, const struct doc_refusal **why) MUST_CHECK;
/* The same about proofs that are to be put in, by a request of PDF_DSS_OP. */
enum ecert_rc pdf_dss_ask(
    struct rd request, int fd, struct pdf_plan *out, const struct doc_refusal **why) MUST_CHECK;
/* What was answered. Errors: ECERT_E_MALFORMED, ECERT_E_MEMORY. */
enum ecert_rc pdf_plan_read(
    struct rd answer, struct pdf_plan *out, const struct doc_refusal **why) MUST_CHECK;
void pdf_plan_free(struct pdf_plan *p);

#endif
