/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The parts of a certificate by walking over its DER (RFC 5280, 4.1), without making an X509: what
 * a token shows of a certificate costs no OpenSSL object. Judging one is crypto/cert/x509.h's.
 */
#ifndef ECERT_CRYPTO_CERT_H
#define ECERT_CRYPTO_CERT_H

#include "util/buf.h"
#include "util/rd.h"

/* No certificate is longer: a card's object is not, and a chain from outside is cut here. */
#define CERT_MAX 16384

/* Views of the certificate, each a whole TLV unless it says otherwise. */
struct cert_parts {
	struct rd tbs;
	struct rd serial;     /* DER INTEGER, as CKA_SERIAL_NUMBER wants it */
	struct rd issuer;     /* DER Name */
	struct rd subject;    /* DER Name */
	struct rd not_before; /* DER UTCTime or GeneralizedTime */
	struct rd not_after;
	struct rd spki;	      /* DER SubjectPublicKeyInfo */
	struct rd extensions; /* content of the SEQUENCE OF Extension; empty when there is none */
};

/* Errors: ECERT_E_MALFORMED (also bytes left over), ECERT_E_TOO_LARGE. */
enum ecert_rc cert_walk(struct rd der, struct cert_parts *out) MUST_CHECK;
/* The content of the extension with this OID (content bytes of the OBJECT IDENTIFIER): the DER
 * inside its OCTET STRING. Errors: ECERT_E_NOT_FOUND, ECERT_E_MALFORMED. */
enum ecert_rc cert_extension(
    const struct cert_parts *c, struct rd oid, struct rd *value, bool *critical) MUST_CHECK;
/* The key identifier of the subject (RFC 5280, 4.2.1.2). Errors: the same. */
enum ecert_rc cert_key_id(const struct cert_parts *c, struct rd *id) MUST_CHECK;

/*
 * A certificate that only holds a public key, on a token that tells its keys by their certificates
 * alone: its subject and its issuer are this common name and nothing else. It is nobody's
 * certificate, and is not shown as one.
 */
#define CERT_PLACEHOLDER_NAME "Placeholder, no certificate yet"
bool cert_is_placeholder(struct rd der);

#endif
