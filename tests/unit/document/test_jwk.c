/* SPDX-License-Identifier: BSD-2-Clause */
/* Unit tests of keys as JOSE names them. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <openssl/evp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "document/jose/jws.h"
#include "pki.h"
#include "util/hex.h"

static struct pki_id ca, rsa, p256, p384, ed;

static int setup(void **state)
{
	(void)state;
	pki_make(&(struct pki_spec){.cn = "CA", .ca = true}, &ca);
	pki_make(&(struct pki_spec){.cn = "rsa", .key = KEY_RSA2048, .issuer = &ca}, &rsa);
	pki_make(&(struct pki_spec){.cn = "p256", .key = KEY_P256, .issuer = &ca}, &p256);
	pki_make(&(struct pki_spec){.cn = "p384", .key = KEY_P384, .issuer = &ca}, &p384);
	pki_make(&(struct pki_spec){.cn = "ed", .key = KEY_ED25519, .issuer = &ca}, &ed);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	pki_free(&rsa);
	pki_free(&p256);
	pki_free(&p384);
	pki_free(&ed);
	pki_free(&ca);
	return 0;
}

/* Appends PREFIX and a number of the key in base64url, in at least n bytes. */
static void put_number(struct buf *b, const char *prefix, EVP_PKEY *key, const char *name, int n)
{
	BIGNUM *bn = NULL;
	unsigned char raw[600];
	assert_int_equal(EVP_PKEY_get_bn_param(key, name, &bn), 1);
	n = n ? n : BN_num_bytes(bn);
	assert_int_equal(BN_bn2binpad(bn, raw, n), n);
	buf_str(b, prefix);
	b64url_put(b, rd_of(raw, (size_t)n));
	BN_free(bn);
}

static void expect_thumbprint(const struct pki_id *id, struct buf *json)
{
	char have[44], want[44];
	buf_str(json, "\"}");
	assert_int_equal(jws_sha256(buf_view(json), want), ECERT_OK);
	assert_int_equal(jws_thumbprint(id->der, have), ECERT_OK);
	assert_string_equal(have, want);
	buf_reset(json);
}

/* RFC 7638, computed once more from the numbers that OpenSSL has. */
static void thumbprints(void **state)
{
	struct buf b = BUF_INIT(4096);
	unsigned char raw[32];
	size_t n = sizeof raw;
	char have[44];
	(void)state;
	put_number(&b, "{\"e\":\"", rsa.key, "e", 0);
	put_number(&b, "\",\"kty\":\"RSA\",\"n\":\"", rsa.key, "n", 0);
	expect_thumbprint(&rsa, &b);
	put_number(&b, "{\"crv\":\"P-256\",\"kty\":\"EC\",\"x\":\"", p256.key, "qx", 32);
	put_number(&b, "\",\"y\":\"", p256.key, "qy", 32);
	expect_thumbprint(&p256, &b);
	put_number(&b, "{\"crv\":\"P-384\",\"kty\":\"EC\",\"x\":\"", p384.key, "qx", 48);
	put_number(&b, "\",\"y\":\"", p384.key, "qy", 48);
	expect_thumbprint(&p384, &b);
	assert_int_equal(EVP_PKEY_get_raw_public_key(ed.key, raw, &n), 1);
	buf_str(&b, "{\"crv\":\"Ed25519\",\"kty\":\"OKP\",\"x\":\"");
	b64url_put(&b, rd_of(raw, n));
	expect_thumbprint(&ed, &b);
	assert_int_not_equal(jws_thumbprint(rd_of("x", 1), have), ECERT_OK);
	assert_string_equal(have, "");
	buf_free(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(thumbprints),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
