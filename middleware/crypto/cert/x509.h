/* SPDX-License-Identifier: BSD-2-Clause */
/* Certificates as people and policies see them, over OpenSSL's X509. */
#ifndef ECERT_CRYPTO_X509_H
#define ECERT_CRYPTO_X509_H

#include <openssl/x509.h>
#include <stdbool.h>
#include <stdint.h>

#include "crypto/cert/cert.h"
#include "crypto/key/pubkey.h"
#include "util/buf.h"

/* DER, nothing left over, at most CERT_MAX, extensions that decode; lives in ossl_ctx(). Free with
 * X509_free. Errors: ECERT_E_MALFORMED, ECERT_E_TOO_LARGE, ECERT_E_MEMORY. */
enum ecert_rc x509_parse(struct rd der, X509 **out) MUST_CHECK;
/* DER Name, nothing left over. Free with X509_NAME_free. Errors: ECERT_E_MALFORMED. */
enum ecert_rc x509_name_parse(struct rd der, X509_NAME **out) MUST_CHECK;
/* Appends the DER. */
enum ecert_rc x509_put_der(const X509 *x, struct buf *out) MUST_CHECK;

/* A certificate for CERT_PLACEHOLDER_NAME, expired already, appended to der; roomy: of two
 * kilobytes in all. Errors: ECERT_E_CRYPTO, ECERT_E_MEMORY, or der's. */
enum ecert_rc cert_placeholder(const struct pubkey *k, bool roomy, struct buf *der) MUST_CHECK;

/* ---- names: UTF-8 without a terminator; control bytes, DEL and broken characters as \xNN ---- */

/* The index-th value of an attribute (NID_commonName, NID_organizationName,
 * NID_organizationalUnitName, NID_serialNumber, NID_pkcs9_emailAddress, ...). Errors:
 * ECERT_E_NOT_FOUND, ECERT_E_MEMORY, or out's. */
enum ecert_rc x509_name_value(
    const X509_NAME *name, int nid, size_t index, struct buf *out) MUST_CHECK;
/* The whole name, RFC 4514, most specific first: "CN=Chan Tai Man,O=Example Ltd,C=HK". */
enum ecert_rc x509_name_line(const X509_NAME *name, struct buf *out) MUST_CHECK;
/* What a certificate is called when nobody named it: CN, else O, else OU, else e-mail. Errors:
 * ECERT_E_NOT_FOUND. */
enum ecert_rc x509_name_label(const X509_NAME *name, struct buf *out) MUST_CHECK;
/* The same from a certificate's DER, without making an X509; its serial number when the subject is
 * empty. Errors: ECERT_E_MALFORMED, ECERT_E_TOO_LARGE, ECERT_E_MEMORY. */
enum ecert_rc cert_label(struct rd der, struct buf *out) MUST_CHECK;
/* An e-mail address: of the subject, else the first rfc822Name. Errors: ECERT_E_NOT_FOUND. */
enum ecert_rc x509_email(const X509 *x, struct buf *out) MUST_CHECK;
/* The serial number in hexadecimal, an even number of digits; "-" in front of a negative one. */
enum ecert_rc x509_serial(const X509 *x, struct buf *out) MUST_CHECK;

/* ---- facts ---- */

struct x509_facts {
	int64_t not_before, not_after; /* seconds since 1970, UTC */
	bool has_key_usage;
	uint32_t key_usage; /* KU_DIGITAL_SIGNATURE, ...; 0 when absent */
	bool is_ca;	    /* basicConstraints says so */
	long path_len;	    /* -1: no limit */
	bool self_issued;
	/* Key usage is there and allows no signature of documents: Hongkong Post's encipherment
	 * certificates sign nothing but receipts. */
	bool encipherment_only;
};

/* Errors: ECERT_E_MALFORMED (a time that is none). */
enum ecert_rc x509_facts(X509 *x, struct x509_facts *out) MUST_CHECK;

#define X509_OID_TEXT 80
/* The i-th certificate policy, extended key usage: dotted numbers. Errors: ECERT_E_NOT_FOUND after
 * the last; ECERT_E_TOO_LARGE for one that does not fit. */
enum ecert_rc x509_policy(const X509 *x, size_t i, char oid[X509_OID_TEXT]) MUST_CHECK;
enum ecert_rc x509_eku(const X509 *x, size_t i, char oid[X509_OID_TEXT]) MUST_CHECK;
/* Both dotted; oid "1.2.*": any below 1.2, 1.2 itself not among them. */
bool x509_oid_fits(const char *one, const char *oid);
/* oid as x509_oid_fits has it. */
bool x509_has_policy(const X509 *x, const char *oid);
/* An absent extension allows every use (RFC 5280, 4.2.1.12): has says whether it is there. */
bool x509_has_eku(const X509 *x, const char *oid, bool *has);

/* The key. Errors: as pubkey_from_spki. */
enum ecert_rc x509_pubkey(const X509 *x, struct pubkey **out) MUST_CHECK;
bool x509_matches(const X509 *x, const struct pubkey *k);
/* SHA-256 over the DER. */
enum ecert_rc x509_fingerprint(const X509 *x, uint8_t out[32]) MUST_CHECK;

#endif
