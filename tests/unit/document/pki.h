/* SPDX-License-Identifier: BSD-2-Clause */
/* A small PKI in memory for tests: software keys behind the signer's callback. */
#ifndef TESTS_UNIT_DOCUMENT_PKI_H
#define TESTS_UNIT_DOCUMENT_PKI_H

#include <openssl/x509.h>
#include <time.h>

#include "document/signer.h"

/* The clock of all tests: 2026-05-28. */
#define T0  ((time_t)1780000000)
#define DAY ((time_t)24 * 3600)

struct pki_ext {
	const char *oid;
	const uint8_t *value; /* content of the OCTET STRING */
	size_t len;
};

struct pki_spec {
	enum key_alg key;
	const char *cn, *o, *ou[6], *email;
	const char *usage;  /* keyUsage as openssl.cnf writes it; NULL: none */
	const char *eku;    /* NULL: none */
	const char *policy; /* an OID; NULL: none */
	const char *san;    /* subjectAltName as openssl.cnf writes it; NULL: none */
	bool ca;
	time_t from, until;	     /* 0: a year around T0 */
	const struct pki_id *issuer; /* NULL: self-signed */
	EVP_PKEY *use_key;	     /* NULL: a new one */
	struct pki_ext ext[4];
	bool forged_signature;
};

struct pki_id {
	enum key_alg alg;
	EVP_PKEY *key;
	X509 *cert;
	struct rd der;
	struct rd chain[4]; /* issuer first, root included */
	size_t chain_n;
	unsigned calls;	    /* of the callback */
	bool lie;	    /* the callback returns a wrong signature */
	enum ecert_rc fail; /* the callback's answer when not ECERT_OK */
};

void pki_make(const struct pki_spec *spec, struct pki_id *out);
void pki_free(struct pki_id *id);
struct doc_signer pki_signer(struct pki_id *id);
doc_sign_fn pki_sign;

/* DER CRL of issuer; revoked: serial numbers of these certificates, up to a NULL. */
struct rd pki_crl(const struct pki_id *issuer, const struct pki_id *const *revoked, time_t from,
    time_t until, X509_CRL **hold);
/* DER OCSPResponse; status V_OCSP_CERTSTATUS_*; free with OPENSSL_free. */
struct rd pki_ocsp(const struct pki_id *signer, const struct pki_id *issuer,
    const struct pki_id *leaf, int status, time_t from, time_t until);
void pki_write(const char *path, struct rd bytes);
void pki_write_pem(const char *path, const struct pki_id *id);

#endif
