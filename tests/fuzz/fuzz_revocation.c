/* SPDX-License-Identifier: BSD-2-Clause */
/* Answers about revocation, signed rightly here by the CA of the path, so that what comes after the
 * signature is reached. The first byte chooses: c a CRL's TBSCertList, o an OCSP ResponseData, f a
 * file of CRLs as it is. */
#include <openssl/evp.h>
#include <openssl/x509v3.h>
#include <string.h>

#include "fuzz.h"
#include "trust/path/check.h"
#include "trust/revocation/crl.h"
#include "util/tlv.h"

#define NOW ((time_t)1780000000)
#define DAY ((time_t)24 * 3600)

/* A key of these tests, always the same, since responses name it by its hash: RFC 5915, without the
 * public half. */
static const uint8_t ca_key[] = {0x30, 0x31, 0x02, 0x01, 0x01, 0x04, 0x20, 0x11, 0x11, 0x11, 0x11,
    0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11,
    0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0xA0, 0x0A, 0x06, 0x08,
    0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07};

static EVP_PKEY *key;
static X509 *ca, *leaf;
static struct buf listed; /* a CRL that has the leaf on it */

static void add_extension(X509 *x, int nid, const char *value)
{
	X509V3_CTX ctx;
	X509V3_set_ctx_nodb(&ctx);
	X509V3_set_ctx(&ctx, x, x, NULL, NULL, 0);
	X509_EXTENSION *e = X509V3_EXT_conf_nid(NULL, &ctx, nid, value);
	REQUIRE(e && X509_add_ext(x, e, -1) == 1);
	X509_EXTENSION_free(e);
}

static X509 *make(const char *cn, const char *issuer, long serial)
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
	ASN1_TIME_set(X509_getm_notBefore(x), NOW - 100 * DAY);
	ASN1_TIME_set(X509_getm_notAfter(x), NOW + 265 * DAY);
	X509_set_pubkey(x, key);
	return x;
}

/* body, the algorithm, and the CA's signature: a CRL, a BasicOCSPResponse. */
static void sign(struct rd body, struct buf *out)
{
	static const uint8_t ecdsa_sha256[] = {
	    0x30, 0x0A, 0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03, 0x02};
	uint8_t sig[129] = {0};
	size_t n = sizeof sig - 1;
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	REQUIRE(ctx && EVP_DigestSignInit(ctx, NULL, EVP_sha256(), NULL, key) == 1 &&
		EVP_DigestSign(ctx, sig + 1, &n, body.p, body.n) == 1);
	EVP_MD_CTX_free(ctx);
	struct buf inner = BUF_INIT(1 << 20);
	buf_rd(&inner, body);
	buf_put(&inner, ecdsa_sha256, sizeof ecdsa_sha256);
	tlv_put(&inner, 0x03, rd_of(sig, n + 1));
	tlv_put(out, 0x30, buf_view(&inner));
	buf_free(&inner);
}

static void make_listed(void)
{
	X509_CRL *crl = X509_CRL_new();
	X509_REVOKED *r = X509_REVOKED_new();
	ASN1_TIME *t = ASN1_TIME_set(NULL, NOW - 9 * DAY);
	unsigned char *der = NULL;
	X509_CRL_set_version(crl, X509_CRL_VERSION_2);
	X509_CRL_set_issuer_name(crl, X509_get_subject_name(ca));
	X509_CRL_set1_lastUpdate(crl, t);
	X509_CRL_set1_nextUpdate(crl, t);
	X509_REVOKED_set_serialNumber(r, X509_get_serialNumber(leaf));
	X509_REVOKED_set_revocationDate(r, t);
	X509_CRL_add0_revoked(crl, r);
	REQUIRE(X509_CRL_sign(crl, key, EVP_sha256()) > 0);
	int n = i2d_X509_CRL(crl, &der);
	REQUIRE(n > 0);
	buf_init(&listed, 1 << 16);
	buf_put(&listed, der, (size_t)n);
	OPENSSL_free(der);
	ASN1_TIME_free(t);
	X509_CRL_free(crl);
}

static void make_path(void)
{
	const uint8_t *p = ca_key;
	key = d2i_AutoPrivateKey(NULL, &p, sizeof ca_key);
	REQUIRE(key);
	ca = make("CA", "CA", 1);
	add_extension(ca, NID_basic_constraints, "critical,CA:TRUE");
	add_extension(ca, NID_key_usage, "critical,keyCertSign,cRLSign,digitalSignature");
	REQUIRE(X509_sign(ca, key, EVP_sha256()) > 0);
	leaf = make("Chan", "CA", 4660);
	add_extension(leaf, NID_key_usage, "critical,digitalSignature,nonRepudiation");
	add_extension(leaf, NID_crl_distribution_points, "URI:http://a.example/crl");
	REQUIRE(X509_sign(leaf, key, EVP_sha256()) > 0);
	make_listed();
}

static enum check_state judge(struct trust_set *s, STACK_OF(X509_CRL) * brought)
{
	struct doc_path_query q = {leaf, NULL, brought, NOW, NOW, false};
	unsigned char *der = NULL;
	struct report r;
	int n = i2d_X509(ca, &der);
	REQUIRE(n > 0 && trust_set_add_der(s, rd_of(der, (size_t)n), TRUST_ECERT_SIGNING,
			     TRUST_EXPLICIT, NULL) == ECERT_OK);
	OPENSSL_free(der);
	report_init(&r);
	trust_path_check(s, &q, TRUST_ECERT_SIGNING, rd_of(NULL, 0), &r, NULL);
	REQUIRE(r.n == 5 && report_find(&r, "chain")->state == CHECK_OK);
	return report_find(&r, "revocation")->state;
}

static struct trust_set *new_set(bool with_listed)
{
	struct trust_set *s = NULL;
	REQUIRE(trust_set_new(&s) == ECERT_OK);
	REQUIRE(!with_listed || trust_set_add_crl(s, buf_view(&listed)) == ECERT_OK);
	return s;
}

static bool lists_for_good(struct rd der)
{
	struct crl_entry e = {0};
	struct crl *c = NULL;
	bool found = crl_read(der, &c) == ECERT_OK && !c->defect && !c->idp &&
		     c->this_update < NOW && crl_find(c, leaf, &e) == ECERT_OK &&
		     e.reason != CRL_HOLD && e.reason != CRL_REMOVE;
	crl_free(&c);
	return found;
}

/* Alone, and beside a list that has the leaf: no other list takes that back. */
static void one_crl(struct rd tbs)
{
	struct buf der = BUF_INIT(1 << 20);
	sign(tbs, &der);
	struct trust_set *s = new_set(false);
	if (trust_set_add_crl(s, buf_view(&der)) == ECERT_OK) {
		enum check_state state = judge(s, NULL);
		REQUIRE(!lists_for_good(buf_view(&der)) || state == CHECK_FAILED);
	}
	trust_set_free(&s);
	s = new_set(true);
	if (trust_set_add_crl(s, buf_view(&der)) == ECERT_OK)
		REQUIRE(judge(s, NULL) == CHECK_FAILED);
	trust_set_free(&s);
	const unsigned char *p = buf_view(&der).p;
	X509_CRL *crl = d2i_X509_CRL(NULL, &p, (long)buf_len(&der));
	STACK_OF(X509_CRL) *brought = sk_X509_CRL_new_null();
	if (crl && sk_X509_CRL_push(brought, crl) > 0) {
		s = new_set(true);
		REQUIRE(judge(s, brought) == CHECK_FAILED);
		trust_set_free(&s);
	}
	sk_X509_CRL_pop_free(brought, X509_CRL_free);
	buf_free(&der);
}

/* RFC 6960, 4.2.1: around the basic response. */
static void one_ocsp(struct rd data)
{
	static const uint8_t basic_oid[] = {
	    0x06, 0x09, 0x2B, 0x06, 0x01, 0x05, 0x05, 0x07, 0x30, 0x01, 0x01};
	struct buf basic = BUF_INIT(1 << 20), bytes = BUF_INIT(1 << 20), seq = BUF_INIT(1 << 20),
		   body = BUF_INIT(1 << 20), whole = BUF_INIT(1 << 20);
	sign(data, &basic);
	buf_put(&bytes, basic_oid, sizeof basic_oid);
	tlv_put(&bytes, 0x04, buf_view(&basic));
	tlv_put(&seq, 0x30, buf_view(&bytes));
	tlv_put_u8(&body, 0x0A, 0);
	tlv_put(&body, 0xA0, buf_view(&seq));
	tlv_put(&whole, 0x30, buf_view(&body));
	for (int with = 0; with < 2; with++) {
		struct trust_set *s = new_set(with);
		if (trust_set_add_ocsp(s, buf_view(&whole)) == ECERT_OK) {
			enum check_state state = judge(s, NULL);
			REQUIRE(!with || state == CHECK_FAILED);
		}
		trust_set_free(&s);
	}
	buf_free(&basic);
	buf_free(&bytes);
	buf_free(&seq);
	buf_free(&body);
	buf_free(&whole);
}

static enum ecert_rc drop(void *ctx, struct crl *c)
{
	struct crl_entry e;
	(void)ctx;
	(void)!crl_find(c, leaf, &e);
	crl_free(&c);
	return ECERT_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (!key)
		make_path();
	if (size < 2)
		return 0;
	struct rd rest = rd_of(data + 1, size - 1);
	if (data[0] == 'c')
		one_crl(rest);
	else if (data[0] == 'o')
		one_ocsp(rest);
	else if (data[0] == 'f')
		(void)!crl_each(rest, drop, NULL);
	return 0;
}
