/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A certificate revocation list (RFC 5280, 5) read in place: one of millions of entries costs its
 * own bytes and nothing more. What it says is not believed here: that is crl_signer.h's.
 */
#ifndef ECERT_TRUST_CRL_H
#define ECERT_TRUST_CRL_H

#include <openssl/x509v3.h>
#include <stdbool.h>
#include <time.h>

#include "trust/path/made.h"
#include "util/rd.h"

/* Public CAs publish CRLs of some 20 MiB. */
#define CRL_MAX (64u << 20)

struct crl {
	uint8_t *der; /* owned */
	size_t n;
	struct rd tbs, alg, sig; /* views: what is signed, AlgorithmIdentifier, its signature */
	X509_NAME *issuer;
	time_t this_update, next_update; /* next_update 0: it does not say */
	struct rd entries;		 /* a view: the content of revokedCertificates */
	X509_EXTENSIONS *ext;		 /* NULL: none */
	ISSUING_DIST_POINT *idp;	 /* NULL: none; a distribution point has its whole name */
	ASN1_INTEGER *number, *base;	 /* NULL: none; base: it is a delta to that one */
	const char *defect;		 /* why it must not count; NULL: nothing is wrong with it */
	bool strange_entry;		 /* one has a critical extension that is not known here */
	struct made_by *by;		 /* the key that it was found to be signed with; owned */
	bool of_stamp;			 /* a TSA of this document was judged by it */
};

/* One DER CertificateList and nothing after it; copied. Errors: ECERT_E_MALFORMED,
 * ECERT_E_TOO_LARGE, ECERT_E_MEMORY. */
enum ecert_rc crl_read(struct rd der, struct crl **out) MUST_CHECK;
void crl_free(struct crl **c);

/* Every CRL of a file: one or more in DER, or PEM, of which nothing may be damaged. Errors:
 * ECERT_E_MALFORMED, ECERT_E_TOO_LARGE, ECERT_E_MEMORY, fn's; fn takes the CRL over. */
enum ecert_rc crl_each(
    struct rd file, enum ecert_rc (*fn)(void *ctx, struct crl *c), void *ctx) MUST_CHECK;

/* RFC 5280, 5.3.1. */
enum crl_reason { CRL_UNSPECIFIED = 0, CRL_HOLD = 6, CRL_REMOVE = 8 };

struct crl_entry {
	int reason;
	time_t when;	/* 0: cannot be read */
	time_t invalid; /* invalidityDate (5.3.2): not to be relied on since then; 0: not told */
};

/* The entry of a certificate, by serial number and issuer (5.3.3); the last one when there are
 * several. Errors: ECERT_E_NOT_FOUND (it is not listed); ECERT_E_MALFORMED (an entry does not tell
 * whose it is) and ECERT_E_MEMORY: nobody knows. */
enum ecert_rc crl_find(const struct crl *c, const X509 *x, struct crl_entry *out) MUST_CHECK;

/* A delta's scope is that of a complete CRL which it may be added to (RFC 5280, 5.2.4 c). */
bool crl_delta_fits(const struct crl *delta, const struct crl *complete);

#endif
