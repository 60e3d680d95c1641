/* SPDX-License-Identifier: BSD-2-Clause */
/* What the tests of certificates share: certificates made to order. */
#ifndef ECERT_TESTS_CERT_FIX_H
#define ECERT_TESTS_CERT_FIX_H

#include "crypto_support.h"

#include <openssl/conf.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <time.h>

#include "crypto/der.h"
#include "crypto/ossl.h"
#include "crypto/cert/x509.h"

struct entry {
	int nid, type;
	const char *value;
	int len;
};

/* An organisational e-Cert's subject, with what an attacker would add. */
static const struct entry subject[] = {
    {NID_countryName, MBSTRING_ASC, "HK", -1},
    {NID_organizationName, MBSTRING_UTF8, "\xE9\xA6\x99\xE6\xB8\xAF Trading, Ltd", -1},
    {NID_organizationalUnitName, MBSTRING_ASC, "Branch", -1},
    {NID_organizationalUnitName, MBSTRING_ASC, "1234567800000000000000009999", -1},
    {NID_organizationalUnitName, MBSTRING_UTF8, "evil\x1B[2J\x7F\nline", -1},
    {NID_commonName, V_ASN1_UTF8STRING, "Chan\0Tai", 8},
    {NID_commonName, V_ASN1_BMPSTRING, "\x9F\x99\x20\x2E", 4},
    {NID_pkcs9_emailAddress, MBSTRING_ASC, "chan@example.hk", -1},
};

static inline void add_ext(X509 *x, int nid, const char *value)
{
	CONF *conf = NCONF_new(NULL); /* policies want one, an empty one will do */
	X509_EXTENSION *e;
	X509V3_CTX ctx;

	X509V3_set_ctx(&ctx, x, x, NULL, NULL, 0);
	X509V3_set_nconf(&ctx, conf);
	e = X509V3_EXT_conf_nid(NULL, &ctx, nid, value);
	assert_non_null(e);
	assert_int_equal(X509_add_ext(x, e, -1), 1);
	X509_EXTENSION_free(e);
	NCONF_free(conf);
}

struct ext {
	int nid;
	const char *value;
};

/* A certificate over this subject and these extensions, signed by its own key. */
static inline void make_cert(const struct entry *e, size_t n, const struct ext *ext, size_t exts,
    EVP_PKEY *key, struct buf *der)
{
	X509 *x = X509_new();
	unsigned char *at;
	int len;

	assert_int_equal(X509_set_version(x, X509_VERSION_3), 1);
	assert_int_equal(ASN1_INTEGER_set_uint64(X509_get_serialNumber(x), 0xC0FFEE), 1);
	assert_int_equal(ASN1_TIME_set_string(X509_getm_notBefore(x), "260102030405Z"), 1);
	assert_int_equal(ASN1_TIME_set_string(X509_getm_notAfter(x), "20600102030405Z"), 1);
	for (size_t i = 0; i < n; i++)
		assert_int_equal(X509_NAME_add_entry_by_NID(X509_get_subject_name(x), e[i].nid,
				     e[i].type, (const unsigned char *)e[i].value, e[i].len, -1, 0),
		    1);
	assert_int_equal(X509_set_pubkey(x, key), 1);
	for (size_t i = 0; i < exts; i++)
		add_ext(x, ext[i].nid, ext[i].value);
	assert_true(X509_sign(x, key, EVP_sha256()) > 0);
	len = i2d_X509(x, NULL);
	at = buf_room(der, (size_t)len);
	assert_int_equal(i2d_X509(x, &at), len);
	X509_free(x);
}

static const struct ext signing[] = {
    {NID_key_usage, "digitalSignature,nonRepudiation"},
    {NID_ext_key_usage, "clientAuth,emailProtection"},
    {NID_certificate_policies, "2.16.344.8.2.2008.810.2,1.2.3"},
    {NID_subject_key_identifier, "0102030405"},
    {NID_subject_alt_name, "DNS:example.hk,email:other@example.hk"},
    {NID_basic_constraints, "CA:FALSE"},
};

static EVP_PKEY *key;
static struct buf der = BUF_INIT(CERT_MAX);
static X509 *cert;

static inline void assert_text(struct buf *b, const char *text)
{
	assert_int_equal(buf_len(b), strlen(text));
	assert_memory_equal(buf_view(b).p, text, strlen(text));
	buf_reset(b);
}

static inline int setup(void **state)
{
	(void)state;
	key = make_key(KEY_P256);
	make_cert(subject, sizeof subject / sizeof subject[0], signing,
	    sizeof signing / sizeof signing[0], key, &der);
	return x509_parse(buf_view(&der), &cert) != ECERT_OK;
}

static inline int teardown(void **state)
{
	(void)state;
	X509_free(cert);
	EVP_PKEY_free(key);
	buf_free(&der);
	return 0;
}

#endif
