/* SPDX-License-Identifier: BSD-2-Clause */
/* A CA whose key everybody knows, so that what comes behind a signature is reached. */
#include "toyca.h"

#include <openssl/evp.h>
#include <openssl/x509v3.h>

#include "fuzz.h"
#include "util/tlv.h"

#define DAY ((time_t)24 * 3600)

/* A key of these tests, always the same, since responses name it by its hash: RFC 5915, without the
 * public half. */
static const uint8_t ca_key[] = {0x30, 0x31, 0x02, 0x01, 0x01, 0x04, 0x20, 0x11, 0x11, 0x11, 0x11,
    0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11,
    0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0xA0, 0x0A, 0x06, 0x08,
    0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07};

EVP_PKEY *toyca_key(void)
{
	static EVP_PKEY *key;
	const uint8_t *p = ca_key;

	if (!key)
		key = d2i_AutoPrivateKey(NULL, &p, sizeof ca_key);
	REQUIRE(key);
	return key;
}

void toyca_extend(X509 *x, int nid, const char *value)
{
	X509V3_CTX ctx;
	X509V3_set_ctx_nodb(&ctx);
	X509V3_set_ctx(&ctx, x, x, NULL, NULL, 0);
	X509_EXTENSION *e = X509V3_EXT_conf_nid(NULL, &ctx, nid, value);
	REQUIRE(e && X509_add_ext(x, e, -1) == 1);
	X509_EXTENSION_free(e);
}

X509 *toyca_make(const char *cn, const char *issuer, long serial)
{
	X509 *x = X509_new();
	X509_NAME *n = X509_NAME_new();
	REQUIRE(x && n);
	X509_NAME_add_entry_by_txt(n, "CN", MBSTRING_ASC, (const uint8_t *)issuer, -1, -1, 0);
	X509_set_version(x, X509_VERSION_3);
	ASN1_INTEGER_set(X509_get_serialNumber(x), serial);
	X509_NAME_add_entry_by_txt(
	    X509_get_subject_name(x), "CN", MBSTRING_ASC, (const uint8_t *)cn, -1, -1, 0);
	X509_set_issuer_name(x, n);
	X509_NAME_free(n);
	ASN1_TIME_set(X509_getm_notBefore(x), TOYCA_NOW - 100 * DAY);
	ASN1_TIME_set(X509_getm_notAfter(x), TOYCA_NOW + 265 * DAY);
	X509_set_pubkey(x, toyca_key());
	return x;
}

/* body, the algorithm, and the CA's signature: a CRL, a BasicOCSPResponse. */
void toyca_sign(struct rd body, struct buf *out)
{
	static const uint8_t ecdsa_sha256[] = {
	    0x30, 0x0A, 0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03, 0x02};
	uint8_t sig[129] = {0};
	size_t n = sizeof sig - 1;
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	REQUIRE(ctx && EVP_DigestSignInit(ctx, NULL, EVP_sha256(), NULL, toyca_key()) == 1 &&
		EVP_DigestSign(ctx, sig + 1, &n, body.p, body.n) == 1);
	EVP_MD_CTX_free(ctx);
	struct buf inner = BUF_INIT(1 << 20);
	buf_rd(&inner, body);
	buf_put(&inner, ecdsa_sha256, sizeof ecdsa_sha256);
	tlv_put(&inner, 0x03, rd_of(sig, n + 1));
	tlv_put(out, 0x30, buf_view(&inner));
	buf_free(&inner);
}
