/* SPDX-License-Identifier: BSD-2-Clause */
/* Certificates, digests, times and base64 between bytes and OpenSSL's types, for the rooms document
 * and trust. */
#ifndef ECERT_DOCUMENT_CERT_H
#define ECERT_DOCUMENT_CERT_H

#include <openssl/err.h>
#include <openssl/x509.h>
#include <time.h>

#include "util/buf.h"

/* Forgets what OpenSSL has to say, which costs where there is nothing, too. */
static inline void errors_forget(void)
{
	if (ERR_peek_error())
		ERR_clear_error();
}

/* A place for what is kept with certificates, each a kind of its own; -1: there is none. */
int cert_place(void);
/* What is kept there with this one, so many bytes, zero at first, as long as it lives; NULL when
 * memory is out. As any X509 not for two threads at once. */
void *cert_room(const X509 *cert, int place, size_t size);

/* Exactly one DER certificate, nothing after it. Free with X509_free. Errors: ECERT_E_MALFORMED. */
enum ecert_rc cert_parse(struct rd der, X509 **out) MUST_CHECK;
/* Appends the DER. Errors: ECERT_E_MEMORY, out's. */
enum ecert_rc cert_der(const X509 *cert, struct buf *out) MUST_CHECK;
/* SHA-256 of the DER certificate, and of any bytes. That of a certificate is kept with it, which
 * must not be changed any more, and as any X509 is not for two threads at once. Errors:
 * ECERT_E_CRYPTO.
 */
enum ecert_rc cert_sha256(const X509 *cert, uint8_t out[32]) MUST_CHECK;
enum ecert_rc bytes_sha256(struct rd bytes, uint8_t out[32]) MUST_CHECK;
/* When it begins and ends, kept with it as the digest is. Errors: ECERT_E_MALFORMED, both 0. */
enum ecert_rc cert_times(const X509 *cert, time_t *from, time_t *until) MUST_CHECK;
/* Appends IssuerSerial (RFC 5035, 5): who issued it, as a directoryName, and its number. Errors:
 * ECERT_E_MEMORY, out's. */
enum ecert_rc cert_issuer_serial(const X509 *cert, struct buf *out) MUST_CHECK;
/* Seconds since 1970 (UTC). Errors: ECERT_E_MALFORMED. */
enum ecert_rc asn1_time_get(const ASN1_TIME *t, time_t *out) MUST_CHECK;

/* Appends what base64 says or is: with padding (RFC 4648, 4) and strict, without blanks or unused
 * bits. Errors: ECERT_E_MALFORMED, out's. */
enum ecert_rc b64_get(struct rd text, struct buf *out) MUST_CHECK;
void b64_put(struct buf *out, struct rd bytes);

#endif
