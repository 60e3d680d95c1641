/* SPDX-License-Identifier: BSD-2-Clause */
/* CAdES-B-B by hand over an external signature: RFC 5652, RFC 5035, EN 319 122-1. */
#include <openssl/err.h>
#include <openssl/x509.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/pad/sigfmt.h"
#include "document/cms/cades.h"
#include "document/cert.h"
#include "util/tlv.h"

#define DER_MAX (1u << 20)

/* Whole DER values; the comments give the dotted form. */
static const uint8_t oid_data[] = {6, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 7, 1};
static const uint8_t oid_signed[] = {6, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 7, 2};
static const uint8_t oid_content_type[] = {6, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 9, 3};
static const uint8_t oid_message_digest[] = {6, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 9, 4};
static const uint8_t oid_signing_time[] = {6, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 9, 5};
/* 1.2.840.113549.1.9.16.2.47 */
static const uint8_t oid_signing_cert_v2[] = {
    6, 11, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 9, 16, 2, 47};
/* 1.2.840.113549.1.9.16.2.14 */
static const uint8_t oid_stamp[] = {6, 11, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 9, 16, 2, 14};
/* AlgorithmIdentifiers. SHA-2 without parameters (RFC 5754, 2). */
static const uint8_t alg_sha256[] = {0x30, 11, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1};
static const uint8_t alg_sha384[] = {0x30, 11, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 2};
/* rsaEncryption: every verifier must know it (RFC 5754, 3.2). */
static const uint8_t alg_rsa[] = {
    0x30, 13, 6, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 1, 1, 5, 0};
static const uint8_t alg_es256[] = {0x30, 10, 6, 8, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 4, 3, 2};
static const uint8_t alg_es384[] = {0x30, 10, 6, 8, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 4, 3, 3};
/* id-RSASSA-PSS, SHA-256, MGF1 with SHA-256, salt 32 (RFC 4056, 3). */
static const uint8_t alg_pss[] = {0x30, 0x41, 6, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 1, 10,
    0x30, 0x34, 0xA0, 0x0F, 0x30, 13, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1, 5, 0, 0xA1, 0x1C,
    0x30, 0x1A, 6, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 1, 8, 0x30, 13, 6, 9, 0x60, 0x86, 0x48,
    1, 0x65, 3, 4, 2, 1, 5, 0, 0xA2, 3, 2, 1, 32};

#define RD(array)                                                                                  \
	{                                                                                          \
		(array), sizeof(array)                                                             \
	}

static const struct cms_alg {
	struct rd digest, signature;
	size_t digest_len;
} algs[DOC_SIG_COUNT] = {
    [DOC_RS256] = {RD(alg_sha256), RD(alg_rsa), 32},
    [DOC_PS256] = {RD(alg_sha256), RD(alg_pss), 32},
    [DOC_ES256] = {RD(alg_sha256), RD(alg_es256), 32},
    [DOC_ES384] = {RD(alg_sha384), RD(alg_es384), 48},
};

/* Appends tag, length and what is in inner, and empties inner. */
static void wrap(struct buf *out, uint32_t tag, struct buf *inner)
{
	if (buf_rc(inner) != ECERT_OK)
		buf_fail(out, buf_rc(inner));
	tlv_put(out, tag, buf_view(inner));
	buf_reset(inner);
}

static int by_bytes(const void *a, const void *b)
{
	const struct rd *x = a, *y = b;

	return rd_order(*x, *y);
}

/* X.690, 11.6: the elements of a SET OF in ascending order. */
static void put_set(struct buf *out, uint32_t tag, struct rd *elements, size_t n)
{
	struct buf set = BUF_INIT(DER_MAX);

	qsort(elements, n, sizeof elements[0], by_bytes);
	for (size_t i = 0; i < n; i++)
		buf_rd(&set, elements[i]);
	wrap(out, tag, &set);
	buf_free(&set);
}

/* SEQUENCE { OID, SET { value } } */
static void put_attribute(struct buf *out, struct rd oid, struct rd value)
{
	struct buf body = BUF_INIT(DER_MAX);

	buf_rd(&body, oid);
	tlv_put(&body, 0x31, value);
	wrap(out, 0x30, &body);
	buf_free(&body);
}

static void put_time(struct buf *out, time_t t)
{
	struct tm tm;
	char text[32];
	bool utc;
	size_t n;

	if (!gmtime_r(&t, &tm) || tm.tm_year < 50 || tm.tm_year > 8099) {
		buf_fail(out, ECERT_E_ARG);
		return;
	}
	/* RFC 5652, 11.3: UTCTime up to 2049. */
	utc = tm.tm_year < 150;
	n = strftime(text, sizeof text, utc ? "%y%m%d%H%M%SZ" : "%Y%m%d%H%M%SZ", &tm);
	tlv_put(out, utc ? 0x17 : 0x18, rd_of(text, n));
}

/* IssuerSerial's parts as they are in the certificate. */
static enum ecert_rc issuer_and_serial(const X509 *x, struct buf *issuer, struct buf *serial)
{
	unsigned char *name = NULL, *number = NULL;
	int n = i2d_X509_NAME(X509_get_issuer_name(x), &name);
	int m = i2d_ASN1_INTEGER(X509_get0_serialNumber(x), &number);

	if (n > 0 && m > 0) {
		buf_put(issuer, name, (size_t)n);
		buf_put(serial, number, (size_t)m);
	}
	OPENSSL_free(name);
	OPENSSL_free(number);
	return n > 0 && m > 0 ? buf_rc(issuer) : ECERT_E_MEMORY;
}

/* RFC 5035, 3: SigningCertificateV2 { { ESSCertIDv2 } }; SHA-256 is the DEFAULT, so not written. */
static enum ecert_rc put_signing_cert(struct buf *out, const X509 *x)
{
	uint8_t hash[32];
	struct buf a = BUF_INIT(DER_MAX), b = BUF_INIT(DER_MAX);
	enum ecert_rc rc = cert_sha256(x, hash);

	tlv_put(&a, 0x04, rd_of(hash, sizeof hash));
	if (rc == ECERT_OK)
		rc = cert_issuer_serial(x, &a);
	if (rc == ECERT_OK) {
		wrap(&b, 0x30, &a); /* ESSCertIDv2 */
		wrap(&a, 0x30, &b); /* certs */
		wrap(out, 0x30, &a);
		rc = buf_rc(out);
	}
	buf_free(&a);
	buf_free(&b);
	return rc;
}

/* The attributes as SET OF, the form that is signed (RFC 5652, 5.4); now 0: without a time. */
static enum ecert_rc put_signed_attributes(
    struct buf *out, const X509 *x, struct rd digest, time_t now)
{
	struct buf attr[4], value = BUF_INIT(DER_MAX);
	size_t n = now ? 4 : 3;
	struct rd set[4];
	enum ecert_rc rc;

	for (size_t i = 0; i < 4; i++)
		buf_init(&attr[i], DER_MAX);
	put_attribute(&attr[0], (struct rd)RD(oid_content_type), (struct rd)RD(oid_data));
	tlv_put(&value, 0x04, digest);
	put_attribute(&attr[1], (struct rd)RD(oid_message_digest), buf_view(&value));
	buf_reset(&value);
	rc = put_signing_cert(&value, x);
	put_attribute(&attr[2], (struct rd)RD(oid_signing_cert_v2), buf_view(&value));
	buf_reset(&value);
	if (rc == ECERT_OK && now)
		put_time(&value, now);
	if (rc == ECERT_OK)
		rc = buf_rc(&value);
	put_attribute(&attr[3], (struct rd)RD(oid_signing_time), buf_view(&value));
	for (size_t i = 0; i < n; i++) {
		if (rc == ECERT_OK)
			rc = buf_rc(&attr[i]);
		set[i] = buf_view(&attr[i]);
	}
	if (rc == ECERT_OK) {
		put_set(out, 0x31, set, n);
		rc = buf_rc(out);
	}
	for (size_t i = 0; i < 4; i++)
		buf_free(&attr[i]);
	buf_free(&value);
	return rc;
}

/* The unsigned attribute signatureTimeStampToken (EN 319 122-1, 5.3); nothing without a token. */
static void put_stamp(struct buf *out, struct rd token)
{
	struct buf attribute = BUF_INIT(DER_MAX);

	if (!token.n)
		return;
	put_attribute(&attribute, (struct rd)RD(oid_stamp), token);
	wrap(out, 0xA1, &attribute);
	buf_free(&attribute);
}

/* RFC 5652, 5.3: version 1, issuerAndSerialNumber. attributes: content of their SET OF. */
static enum ecert_rc put_signer_info(struct buf *out, const X509 *x, const struct cms_alg *alg,
    struct rd attributes, struct rd signature, struct rd token)
{
	struct buf issuer = BUF_INIT(DER_MAX), serial = BUF_INIT(256), info = BUF_INIT(DER_MAX);
	enum ecert_rc rc = issuer_and_serial(x, &issuer, &serial);

	if (rc == ECERT_OK) {
		buf_rd(&issuer, buf_view(&serial));
		tlv_put_u8(&info, 0x02, 1);
		wrap(&info, 0x30, &issuer);
		buf_rd(&info, alg->digest);
		tlv_put(&info, 0xA0, attributes);
		buf_rd(&info, alg->signature);
		tlv_put(&info, 0x04, signature);
		put_stamp(&info, token);
		wrap(out, 0x30, &info);
		rc = buf_rc(out);
	}
	buf_free(&issuer);
	buf_free(&serial);
	buf_free(&info);
	return rc;
}

static enum ecert_rc put_certificates(struct buf *out, const struct doc_signer *s)
{
	struct rd *set = calloc(s->chain_n + 1, sizeof *set);
	size_t n = 0;

	if (!set)
		return ECERT_E_MEMORY;
	set[n++] = s->cert;
	for (size_t i = 0; i < s->chain_n; i++) {
		bool seen = false;

		for (size_t k = 0; k < n; k++)
			seen = seen || rd_equal(set[k], s->chain[i]);
		if (!seen)
			set[n++] = s->chain[i];
	}
	put_set(out, 0xA0, set, n);
	free(set);
	return buf_rc(out);
}

/* ContentInfo { signedData, [0] SignedData } around one SignerInfo. */
static enum ecert_rc put_signed_data(
    struct buf *out, const struct doc_signer *s, const struct cms_alg *alg, struct buf *signer_info)
{
	struct buf data = BUF_INIT(DER_MAX), tmp = BUF_INIT(DER_MAX);
	enum ecert_rc rc;

	tlv_put_u8(&data, 0x02, 1);
	tlv_put(&data, 0x31, alg->digest);
	tlv_put(&data, 0x30, (struct rd)RD(oid_data)); /* no eContent: detached */
	rc = put_certificates(&data, s);
	wrap(&data, 0x31, signer_info);
	wrap(&tmp, 0x30, &data);
	buf_put(&data, oid_signed, sizeof oid_signed);
	wrap(&data, 0xA0, &tmp);
	if (rc == ECERT_OK) {
		wrap(out, 0x30, &data);
		rc = buf_rc(out);
	}
	buf_free(&data);
	buf_free(&tmp);
	return rc;
}

/* CMS carries ECDSA signatures in DER (RFC 5753, 2.1.1), the callback gives r||s. */
static enum ecert_rc sign_attributes(
    const struct doc_signer *s, enum doc_sig_alg alg, struct rd set, struct buf *sig)
{
	struct buf raw = BUF_INIT(1024);
	enum ecert_rc rc = doc_sign_message(s, alg, set, &raw);

	if (rc == ECERT_OK && (alg == DOC_ES256 || alg == DOC_ES384))
		rc = ecdsa_raw_to_der(buf_view(&raw), sig);
	else if (rc == ECERT_OK)
		buf_rd(sig, buf_view(&raw));
	buf_free(&raw);
	return rc;
}

enum ecert_rc cades_sign_digest(
    const struct doc_signer *s, const struct doc_sign_options *o, struct rd digest, struct buf *out)
{
	enum doc_sig_alg alg = o->alg ? o->alg : doc_sig_for_key(s->key);
	struct buf set = BUF_INIT(DER_MAX), sig = BUF_INIT(1100), info = BUF_INIT(DER_MAX),
		   token = BUF_INIT(DER_MAX / 2);
	X509 *x = NULL;
	struct rd attributes;
	enum ecert_rc rc;

	/* OpenSSL 3.0 and most verifiers know no Ed25519 in CMS, so we make none. */
	if (alg <= DOC_SIG_NONE || alg >= DOC_SIG_COUNT || !algs[alg].digest_len)
		return ECERT_E_KEY_TYPE;
	if (digest.n != algs[alg].digest_len)
		return ECERT_E_DATA_LEN;
	rc = cert_parse(s->cert, &x);
	if (rc == ECERT_OK)
		rc = put_signed_attributes(&set, x, digest, o->timeless ? 0 : o->now);
	if (rc == ECERT_OK)
		rc = sign_attributes(s, alg, buf_view(&set), &sig);
	if (rc == ECERT_OK)
		rc = tlv_only(buf_view(&set), 0x31, &attributes);
	if (rc == ECERT_OK && o->stamp)
		rc = o->stamp(o->stamp_ctx, buf_view(&sig), &token);
	if (rc == ECERT_OK)
		rc = put_signer_info(
		    &info, x, &algs[alg], attributes, buf_view(&sig), buf_view(&token));
	if (rc == ECERT_OK)
		rc = put_signed_data(out, s, &algs[alg], &info);
	X509_free(x);
	buf_free(&set);
	buf_free(&sig);
	buf_free(&info);
	buf_free(&token);
	ERR_clear_error();
	return rc;
}

enum ecert_rc cades_sign_fd(
    const struct doc_signer *s, const struct doc_sign_options *o, int fd, struct buf *out)
{
	struct doc_digest d;
	enum doc_sig_alg alg = o->alg ? o->alg : doc_sig_for_key(s->key);
	enum ecert_rc rc;

	if (!doc_sig_fits(alg, s->key) || !doc_sig_digest(alg))
		return ECERT_E_KEY_TYPE;
	rc = doc_digest_fd(fd, doc_sig_digest(alg), o->progress, o->progress_ctx, &d);
	if (rc == ECERT_OK)
		rc = cades_sign_digest(s, o, rd_of(d.value, d.len), out);
	return rc;
}
