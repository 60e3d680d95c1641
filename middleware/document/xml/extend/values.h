/* SPDX-License-Identifier: BSD-2-Clause */
/* Unsigned properties as text: each stands by itself, with the namespaces that it uses. */
#ifndef ECERT_DOCUMENT_XML_EXTEND_VALUES_H
#define ECERT_DOCUMENT_XML_EXTEND_VALUES_H

#include "document/extend/extend.h"

/* EN 319 132-1, 5.3: a time stamp of the SignatureValue in its exclusive canonical form. id: what
 * it is called; needs no escapes. */
void xades_put_stamp(struct buf *out, const char *id, struct rd token);

/*
 * What the verification of one signature needs of others (5.4.1 to 5.4.3, 5.5.1):
 * CertificateValues and RevocationValues for its signer, and TimeStampValidationData for its time
 * stamps. There may be one each of the first two: when they are there already (values), what lacks
 * goes into the third. stamp_id: of the time stamp; nothing: it has no Id. Errors: out's,
 * ECERT_E_CRYPTO.
 */
enum ecert_rc xades_put_values(const struct doc_extend_options *o, size_t signer, bool values,
    struct rd stamp_id, struct buf *out) MUST_CHECK;

/* Appends a name that no element has: 128 random bits. Errors: ECERT_E_CRYPTO. */
enum ecert_rc xades_new_id(char id[40]) MUST_CHECK;

#endif
