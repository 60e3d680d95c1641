/* SPDX-License-Identifier: BSD-2-Clause */
/* Counter-signatures of a document, each judged by itself. */
#ifndef ECERT_DOCUMENT_CADES_COUNTER_H
#define ECERT_DOCUMENT_CADES_COUNTER_H

#include <openssl/cms.h>

#include "document/format.h"

/* What they are judged with: all that the document brings. */
struct cades_counted {
	const struct doc_verify_options *o;
	STACK_OF(X509) * certs;
	STACK_OF(X509_CRL) * crls;
	unsigned n; /* how many were looked at */
};

/* Every counter-signature of si (RFC 5652, 11.4), with a report of its own in s->counter; and
 * theirs, to some depth. */
enum ecert_rc cades_counter_check(struct cades_counted *j, CMS_SignerInfo *si,
    struct doc_signature *s, unsigned depth) MUST_CHECK;

#endif
