/* SPDX-License-Identifier: BSD-2-Clause */
/* The kinds of signatures that a PDF may have inside: a row for each SubFilter (ISO 32000-2,
 * 12.8.3). */
#ifndef ECERT_DOCUMENT_PDF_KINDS_H
#define ECERT_DOCUMENT_PDF_KINDS_H

#include "document/format.h"
#include "document/pdf/range.h"

/* One signature, and what it is judged with. */
struct pdf_signed {
	int fd;
	const struct pdf_signature *found;
	const struct doc_verify_options *o;
};

struct pdf_kind {
	const char *subfilter;
	const char *words; /* what it is, an id */
	bool stamp;	   /* of a TSA, and nobody's signature */
	/* A result of its own, with its signer or the words why there is none. Errors:
	 * ECERT_E_IO, ECERT_E_MEMORY, ECERT_E_CANCELLED. */
	enum ecert_rc (*judge)(const struct pdf_signed *s, struct doc_result **out);
};

/* NULL: not one that is known here. */
const struct pdf_kind *pdf_kind_of(const char *subfilter);

/* The bytes of /Contents up to where its one value ends; zeros fill the rest. NULL, or what is
 * wrong: an id, and why. */
const char *pdf_contents(const struct pdf_signature *v, struct rd *der, enum reason *why);
/* The digest of what is signed. Errors: ECERT_E_IO, ECERT_E_MEMORY, ECERT_E_CANCELLED. */
enum ecert_rc pdf_digest(
    const struct pdf_signed *s, const EVP_MD *md, struct doc_digest *out) MUST_CHECK;

/* When what is signed was there, as far as anything proves it: whether a digest was good then
 * counts. */
time_t pdf_relied_at(const struct doc_verify_options *o);

enum ecert_rc pdf_judge_cms(const struct pdf_signed *s, struct doc_result **out) MUST_CHECK;
enum ecert_rc pdf_judge_sha1(const struct pdf_signed *s, struct doc_result **out) MUST_CHECK;
enum ecert_rc pdf_judge_pkcs1(const struct pdf_signed *s, struct doc_result **out) MUST_CHECK;
enum ecert_rc pdf_judge_stamp(const struct pdf_signed *s, struct doc_result **out) MUST_CHECK;

#endif
