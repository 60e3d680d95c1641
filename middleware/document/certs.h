/* SPDX-License-Identifier: BSD-2-Clause */
/* Certificates that are parsed once for any number of documents: by their bytes, and no more. */
#ifndef ECERT_DOCUMENT_CERTS_H
#define ECERT_DOCUMENT_CERTS_H

#include <openssl/x509.h>

#include "document/identity.h"
#include "util/buf.h"

/*
 * A table of fixed size, for one thread. It saves the parsing alone: a certificate comes out of it
 * only by all of its bytes, never by its names, so that nobody can put another in
 * its place, and what one document brings is at hand for no other that does not bring it, too. At
 * most DOC_CERTS_MAX are kept, none longer than DOC_CERTS_DER: whoever makes documents chooses how
 * many there are, and how long.
 */
struct doc_certs;
#define DOC_CERTS_MAX 128
#define DOC_CERTS_DER 8192

/* NULL when memory is out: then nothing is kept. */
struct doc_certs *doc_certs_new(void);
void doc_certs_free(struct doc_certs **c);

/* One DER or BER certificate with nothing behind it, which the caller frees (X509_free) and does
 * not change; NULL: it cannot be read. c may be NULL. */
X509 *doc_certs_get(struct doc_certs *c, struct rd der);
/* cert_der of one. c may be NULL. Errors: as there. */
enum ecert_rc doc_certs_der(struct doc_certs *c, const X509 *x, struct buf *out) MUST_CHECK;
/* identity_of, kept with a certificate of the table. c may be NULL. Errors: as there. */
enum ecert_rc doc_certs_who(struct doc_certs *c, X509 *x, struct identity *out) MUST_CHECK;
/* ECDSA with the key of x, which is an EC key; what OpenSSL prepares for it is kept with a
 * certificate of the table. c may be NULL. */
bool doc_certs_ecdsa(struct doc_certs *c, X509 *x, struct rd digest, struct rd sig);

#endif
