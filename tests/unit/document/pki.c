/* SPDX-License-Identifier: BSD-2-Clause */
/* A small PKI in memory for tests. */
#include <openssl/ec.h>
#include <openssl/ocsp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>
#include <stdarg.h>
#include <setjmp.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "pki.h"

static EVP_PKEY *new_key(enum key_alg alg)
{
	switch (alg) {
	case KEY_RSA1024:
		return EVP_PKEY_Q_keygen(NULL, NULL, "RSA", (size_t)1024);
	case KEY_RSA2048:
		return EVP_PKEY_Q_keygen(NULL, NULL, "RSA", (size_t)2048);
	case KEY_P384:
		return EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-384");
	case KEY_ED25519:
		return EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
	default:
		return EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-256");
	}
}

static void add_name(X509_NAME *n, const char *type, const char *text)
{
	if (text)
		assert_int_equal(X509_NAME_add_entry_by_txt(
				     n, type, MBSTRING_UTF8, (const uint8_t *)text, -1, -1, 0),
		    1);
}

static void add_ext(X509 *x, int nid, const char *value)
{
	X509V3_CTX ctx;
	if (!value)
		return;
	X509V3_set_ctx_nodb(&ctx);
	X509V3_set_ctx(&ctx, x, x, NULL, NULL, 0);
	X509_EXTENSION *e = X509V3_EXT_conf_nid(NULL, &ctx, nid, value);
	assert_non_null(e);
	assert_int_equal(X509_add_ext(x, e, -1), 1);
	X509_EXTENSION_free(e);
}

static void add_policy(X509 *x, const char *oid)
{
	if (!oid)
		return;
	POLICYINFO *p = POLICYINFO_new();
	STACK_OF(POLICYINFO) *list = sk_POLICYINFO_new_null();
	ASN1_OBJECT_free(p->policyid);
	p->policyid = OBJ_txt2obj(oid, 1);
	assert_non_null(p->policyid);
	assert_true(sk_POLICYINFO_push(list, p) > 0);
	assert_int_equal(X509_add1_ext_i2d(x, NID_certificate_policies, list, 0, 0), 1);
	sk_POLICYINFO_pop_free(list, POLICYINFO_free);
}

static void add_raw(X509 *x, const struct pki_ext *raw)
{
	ASN1_OBJECT *o = OBJ_txt2obj(raw->oid, 1);
	ASN1_OCTET_STRING *v = ASN1_OCTET_STRING_new();
	assert_non_null(o);
	assert_int_equal(ASN1_OCTET_STRING_set(v, raw->value, (int)raw->len), 1);
	X509_EXTENSION *e = X509_EXTENSION_create_by_OBJ(NULL, o, 0, v);
	assert_int_equal(X509_add_ext(x, e, -1), 1);
	X509_EXTENSION_free(e);
	ASN1_OCTET_STRING_free(v);
	ASN1_OBJECT_free(o);
}

static void fill_subject(X509 *x, const struct pki_spec *s)
{
	X509_NAME *n = X509_get_subject_name(x);
	add_name(n, "C", "HK");
	add_name(n, "O", s->o);
	for (size_t i = 0; i < sizeof s->ou / sizeof s->ou[0]; i++)
		add_name(n, "OU", s->ou[i]);
	add_name(n, "CN", s->cn);
	add_name(n, "emailAddress", s->email);
}

static const EVP_MD *sign_md(EVP_PKEY *key)
{
	return EVP_PKEY_is_a(key, "ED25519") ? NULL : EVP_sha256();
}

static void keep(struct pki_id *id, const struct pki_id *issuer)
{
	unsigned char *der = NULL;
	int n = i2d_X509(id->cert, &der);
	assert_true(n > 0);
	id->der = rd_of(der, (size_t)n);
	if (!issuer)
		return;
	id->chain[id->chain_n++] = issuer->der;
	for (size_t i = 0; i < issuer->chain_n && id->chain_n < 4; i++)
		id->chain[id->chain_n++] = issuer->chain[i];
}

void pki_make(const struct pki_spec *s, struct pki_id *out)
{
	static long serial = 1000;
	memset(out, 0, sizeof *out);
	out->alg = s->key ? s->key : KEY_P256;
	out->key = s->use_key ? s->use_key : new_key(out->alg);
	if (s->use_key)
		assert_int_equal(EVP_PKEY_up_ref(out->key), 1);
	X509 *x = out->cert = X509_new();
	assert_non_null(x);
	X509_set_version(x, X509_VERSION_3);
	ASN1_INTEGER_set(X509_get_serialNumber(x), ++serial);
	ASN1_TIME_set(X509_getm_notBefore(x), s->from ? s->from : T0 - 100 * DAY);
	ASN1_TIME_set(X509_getm_notAfter(x), s->until ? s->until : T0 + 265 * DAY);
	fill_subject(x, s);
	X509_set_issuer_name(x, X509_get_subject_name(s->issuer ? s->issuer->cert : x));
	X509_set_pubkey(x, out->key);
	add_ext(x, NID_subject_key_identifier, "hash");
	add_ext(x, NID_basic_constraints, s->ca ? "critical,CA:TRUE" : NULL);
	add_ext(x, NID_key_usage, s->usage);
	add_ext(x, NID_ext_key_usage, s->eku);
	add_ext(x, NID_subject_alt_name, s->san);
	add_policy(x, s->policy);
	for (size_t i = 0; i < 4 && s->ext[i].oid; i++)
		add_raw(x, &s->ext[i]);
	EVP_PKEY *by = s->issuer && !s->forged_signature ? s->issuer->key : out->key;
	assert_true(X509_sign(x, by, sign_md(by)) > 0);
	keep(out, s->issuer);
}

void pki_free(struct pki_id *id)
{
	OPENSSL_free((void *)(uintptr_t)id->der.p);
	X509_free(id->cert);
	EVP_PKEY_free(id->key);
	memset(id, 0, sizeof *id);
}

struct doc_signer pki_signer(struct pki_id *id)
{
	return (struct doc_signer){.key = id->alg,
	    .cert = id->der,
	    .chain = id->chain,
	    .chain_n = id->chain_n,
	    .sign = pki_sign,
	    .ctx = id};
}

static void put_half(struct buf *raw, const BIGNUM *n, int half)
{
	assert_int_equal(BN_bn2binpad(n, buf_room(raw, (size_t)half), half), half);
}

static void put_raw_ec(struct buf *raw, const uint8_t *der, size_t n, int half)
{
	ECDSA_SIG *sig = d2i_ECDSA_SIG(NULL, &der, (long)n);
	assert_non_null(sig);
	put_half(raw, ECDSA_SIG_get0_r(sig), half);
	put_half(raw, ECDSA_SIG_get0_s(sig), half);
	ECDSA_SIG_free(sig);
}

static void sign_eddsa(EVP_PKEY *key, struct rd in, uint8_t *sig, size_t *n)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	assert_int_equal(EVP_DigestSignInit(ctx, NULL, NULL, NULL, key), 1);
	assert_int_equal(EVP_DigestSign(ctx, sig, n, in.p, in.n), 1);
	EVP_MD_CTX_free(ctx);
}

static void sign_digest(EVP_PKEY *key, enum doc_sig_alg alg, struct rd in, uint8_t *sig, size_t *n)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(key, NULL);
	assert_int_equal(EVP_PKEY_sign_init(ctx), 1);
	assert_int_equal(
	    EVP_PKEY_CTX_set_signature_md(ctx, alg == DOC_ES384 ? EVP_sha384() : EVP_sha256()), 1);
	if (alg == DOC_PS256) {
		assert_int_equal(EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PSS_PADDING), 1);
		assert_int_equal(EVP_PKEY_CTX_set_rsa_pss_saltlen(ctx, RSA_PSS_SALTLEN_DIGEST), 1);
	}
	assert_int_equal(EVP_PKEY_sign(ctx, sig, n, in.p, in.n), 1);
	EVP_PKEY_CTX_free(ctx);
}

enum ecert_rc pki_sign(void *ctx, enum doc_sig_alg alg, struct rd in, struct buf *raw)
{
	struct pki_id *id = ctx;
	uint8_t sig[1024];
	size_t n = sizeof sig;
	id->calls++;
	if (id->fail != ECERT_OK)
		return id->fail;
	if (alg == DOC_EDDSA)
		sign_eddsa(id->key, in, sig, &n);
	else
		sign_digest(id->key, alg, in, sig, &n);
	if (alg == DOC_ES256 || alg == DOC_ES384)
		put_raw_ec(raw, sig, n, alg == DOC_ES256 ? 32 : 48);
	else
		buf_put(raw, sig, n);
	if (id->lie)
		raw->data[raw->len - 1] ^= 1;
	return buf_rc(raw);
}

struct rd pki_crl(const struct pki_id *issuer, const struct pki_id *const *revoked, time_t from,
    time_t until, X509_CRL **hold)
{
	X509_CRL *crl = X509_CRL_new();
	ASN1_TIME *t = ASN1_TIME_new();
	unsigned char *der = NULL;
	assert_int_equal(X509_CRL_set_version(crl, X509_CRL_VERSION_2), 1);
	assert_int_equal(X509_CRL_set_issuer_name(crl, X509_get_subject_name(issuer->cert)), 1);
	ASN1_TIME_set(t, from);
	X509_CRL_set1_lastUpdate(crl, t);
	ASN1_TIME_set(t, until);
	X509_CRL_set1_nextUpdate(crl, t);
	ASN1_TIME_set(t, from);
	for (; revoked && *revoked; revoked++) {
		X509_REVOKED *r = X509_REVOKED_new();
		X509_REVOKED_set_serialNumber(r, X509_get_serialNumber((*revoked)->cert));
		X509_REVOKED_set_revocationDate(r, t);
		assert_int_equal(X509_CRL_add0_revoked(crl, r), 1);
	}
	X509_CRL_sort(crl);
	assert_true(X509_CRL_sign(crl, issuer->key, sign_md(issuer->key)) > 0);
	int n = i2d_X509_CRL(crl, &der);
	assert_true(n > 0);
	ASN1_TIME_free(t);
	if (hold)
		*hold = crl;
	else
		X509_CRL_free(crl);
	return rd_of(der, (size_t)n);
}

struct rd pki_ocsp(const struct pki_id *signer, const struct pki_id *issuer,
    const struct pki_id *leaf, int status, time_t from, time_t until)
{
	OCSP_BASICRESP *basic = OCSP_BASICRESP_new();
	OCSP_CERTID *id = OCSP_cert_to_id(EVP_sha256(), leaf->cert, issuer->cert);
	ASN1_TIME *a = ASN1_TIME_adj(NULL, from, 0, 0), *b = ASN1_TIME_adj(NULL, until, 0, 0);
	ASN1_GENERALIZEDTIME *ga = ASN1_TIME_to_generalizedtime(a, NULL);
	ASN1_GENERALIZEDTIME *gb = ASN1_TIME_to_generalizedtime(b, NULL);
	unsigned char *der = NULL;
	assert_non_null(OCSP_basic_add1_status(
	    basic, id, status, 0, status == V_OCSP_CERTSTATUS_REVOKED ? ga : NULL, ga, gb));
	assert_int_equal(
	    OCSP_basic_sign(basic, signer->cert, signer->key, EVP_sha256(), NULL, 0), 1);
	OCSP_RESPONSE *r = OCSP_response_create(OCSP_RESPONSE_STATUS_SUCCESSFUL, basic);
	int n = i2d_OCSP_RESPONSE(r, &der);
	assert_true(n > 0);
	OCSP_RESPONSE_free(r);
	OCSP_BASICRESP_free(basic);
	OCSP_CERTID_free(id);
	ASN1_TIME_free(a);
	ASN1_TIME_free(b);
	ASN1_GENERALIZEDTIME_free(ga);
	ASN1_GENERALIZEDTIME_free(gb);
	return rd_of(der, (size_t)n);
}

void pki_write(const char *path, struct rd bytes)
{
	FILE *f = fopen(path, "wb");
	assert_non_null(f);
	assert_int_equal(fwrite(bytes.p, 1, bytes.n, f), bytes.n);
	assert_int_equal(fclose(f), 0);
}

void pki_write_pem(const char *path, const struct pki_id *id)
{
	FILE *f = fopen(path, "wb");
	assert_non_null(f);
	assert_int_equal(PEM_write_X509(f, id->cert), 1);
	assert_int_equal(fclose(f), 0);
}
