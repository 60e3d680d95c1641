/* SPDX-License-Identifier: BSD-2-Clause */
/* Answers about revocation, signed rightly here by the CA of the path, so that what comes after the
 * signature is reached. The first byte chooses: c a CRL's TBSCertList, o an OCSP ResponseData, f a
 * file of CRLs as it is. */
#include <openssl/evp.h>
#include <openssl/x509v3.h>
#include <string.h>

#include "fuzz.h"
#include "toyca.h"
#include "trust/path/check.h"
#include "trust/revocation/crl.h"
#include "util/tlv.h"

#define NOW TOYCA_NOW
#define DAY ((time_t)24 * 3600)

static EVP_PKEY *key;
static X509 *ca, *leaf;
static struct buf listed; /* a CRL that has the leaf on it */

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
	key = toyca_key();
	ca = toyca_make("CA", "CA", 1);
	toyca_extend(ca, NID_basic_constraints, "critical,CA:TRUE");
	toyca_extend(ca, NID_key_usage, "critical,keyCertSign,cRLSign,digitalSignature");
	REQUIRE(X509_sign(ca, key, EVP_sha256()) > 0);
	leaf = toyca_make("Chan", "CA", 4660);
	toyca_extend(leaf, NID_key_usage, "critical,digitalSignature,nonRepudiation");
	toyca_extend(leaf, NID_crl_distribution_points, "URI:http://a.example/crl");
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
	toyca_sign(tbs, &der);
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
	toyca_sign(data, &basic);
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
