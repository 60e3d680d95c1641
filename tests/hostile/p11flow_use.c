/* SPDX-License-Identifier: BSD-2-Clause */
/* p11flow: certificates and private keys, judged with the references. */
#include "tests/hostile/p11flow.h"

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <stdlib.h>
#include <string.h>

#define CERT_MAX 70000

static struct {
	EVP_PKEY *key;
	unsigned char cert[CERT_MAX];
	size_t cert_len;
} ref[REFERENCES + 1];

bool flow_references(const char *dir)
{
	char path[4096];

	for (unsigned n = 1; n <= REFERENCES; n++) {
		FILE *f;

		snprintf(path, sizeof path, "%s/%u.pub", dir, n);
		f = fopen(path, "r");
		if (f == NULL)
			continue;
		ref[n].key = PEM_read_PUBKEY(f, NULL, NULL, NULL);
		fclose(f);
		if (ref[n].key == NULL)
			return false;
		snprintf(path, sizeof path, "%s/%u.der", dir, n);
		f = fopen(path, "r");
		if (f == NULL)
			continue;
		ref[n].cert_len = fread(ref[n].cert, 1, CERT_MAX, f);
		fclose(f);
	}
	return true;
}

void flow_cert(CK_SESSION_HANDLE s, unsigned n)
{
	static CK_BYTE value[CERT_MAX];
	CK_ATTRIBUTE a = {CKA_VALUE, value, sizeof value};
	CK_OBJECT_HANDLE h;
	CK_RV rv;

	if (ref[n].cert_len == 0)
		return;
	rv = flow_find(s, CKO_CERTIFICATE, n, &h);
	if (rv == CKR_OBJECT_HANDLE_INVALID) {
		tell("c", n, "absent");
		return;
	}
	if (rv == CKR_OK)
		rv = p11->C_GetAttributeValue(s, h, &a, 1);
	if (rv != CKR_OK)
		tell("c", n, rv_text(rv));
	else
		tell("c", n,
		    a.ulValueLen == ref[n].cert_len && !memcmp(value, ref[n].cert, a.ulValueLen)
			? "good"
			: "other");
}

static bool ecdsa_holds(
    EVP_PKEY *key, const unsigned char *hash, size_t hash_len, const unsigned char *raw, size_t len)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(key, NULL);
	ECDSA_SIG *sig = ECDSA_SIG_new();
	unsigned char *der = NULL;
	int n = 0, rc = -1;

	if (ctx != NULL && sig != NULL &&
	    ECDSA_SIG_set0(sig, BN_bin2bn(raw, (int)len / 2, NULL),
		BN_bin2bn(raw + len / 2, (int)len / 2, NULL)) == 1)
		n = i2d_ECDSA_SIG(sig, &der);
	if (n > 0 && EVP_PKEY_verify_init(ctx) == 1)
		rc = EVP_PKEY_verify(ctx, der, (size_t)n, hash, hash_len);
	OPENSSL_free(der);
	ECDSA_SIG_free(sig);
	EVP_PKEY_CTX_free(ctx);
	return rc == 1;
}

/* CKM_SHA256_RSA_PKCS */
static bool rsa_holds(
    EVP_PKEY *key, const unsigned char *data, size_t n, const unsigned char *sig, size_t len)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	bool ok = ctx != NULL && EVP_DigestVerifyInit(ctx, NULL, EVP_sha256(), NULL, key) == 1 &&
		  EVP_DigestVerify(ctx, sig, len, data, n) == 1;

	EVP_MD_CTX_free(ctx);
	return ok;
}

/* A key with PIN always wants its own login before each operation. */
static CK_RV login_again(CK_SESSION_HANDLE s, CK_OBJECT_HANDLE h, const char *pin)
{
	CK_BBOOL always = CK_FALSE;
	CK_ATTRIBUTE a = {CKA_ALWAYS_AUTHENTICATE, &always, sizeof always};
	CK_RV rv = p11->C_GetAttributeValue(s, h, &a, 1);

	if (rv != CKR_OK || !always)
		return rv;
	return p11->C_Login(s, CKU_CONTEXT_SPECIFIC, (CK_UTF8CHAR_PTR)(uintptr_t)pin, strlen(pin));
}

void flow_sign(CK_SESSION_HANDLE s, unsigned n, const char *pin)
{
	bool rsa = ref[n].key != NULL && EVP_PKEY_is_a(ref[n].key, "RSA");
	bool sm2 = ref[n].key != NULL && EVP_PKEY_is_a(ref[n].key, "SM2");
	CK_MECHANISM m = {rsa ? CKM_SHA256_RSA_PKCS : sm2 ? CKM_ECERT_SM2 : CKM_ECDSA, NULL, 0};
	CK_BYTE data[32], sig[1024];
	CK_ULONG len = sizeof sig;
	CK_OBJECT_HANDLE h;
	CK_RV rv;

	if (ref[n].key == NULL)
		return;
	memset(data, (int)n, sizeof data);
	rv = flow_find(s, CKO_PRIVATE_KEY, n, &h);
	if (rv == CKR_OBJECT_HANDLE_INVALID) {
		tell("s", n, "absent");
		return;
	}
	if (rv == CKR_OK)
		rv = p11->C_SignInit(s, &m, h);
	if (rv == CKR_OK)
		rv = login_again(s, h, pin);
	if (rv == CKR_OK)
		rv = p11->C_Sign(s, data, sizeof data, sig, &len);
	if (rv != CKR_OK)
		tell("s", n, rv_text(rv));
	else
		tell("s", n,
		    (rsa ? rsa_holds : ecdsa_holds)(ref[n].key, data, sizeof data, sig, len)
			? "good"
			: "FALSE");
}

/* OAEP: unlike with PKCS#1 v1.5, a wrong block shows. */
static bool encrypt(
    EVP_PKEY *key, const unsigned char *in, size_t n, unsigned char *out, size_t *len)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(key, NULL);
	bool ok = ctx != NULL && EVP_PKEY_encrypt_init(ctx) == 1 &&
		  EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_OAEP_PADDING) == 1 &&
		  EVP_PKEY_encrypt(ctx, out, len, in, n) == 1;

	EVP_PKEY_CTX_free(ctx);
	return ok;
}

void flow_decrypt(CK_SESSION_HANDLE s, unsigned n, const char *pin)
{
	static const unsigned char secret[] = "for your eyes only";
	CK_RSA_PKCS_OAEP_PARAMS oaep = {CKM_SHA_1, CKG_MGF1_SHA1, CKZ_DATA_SPECIFIED, NULL, 0};
	CK_MECHANISM m = {CKM_RSA_PKCS_OAEP, &oaep, sizeof oaep};
	unsigned char cipher[1024], plain[1024];
	size_t cipher_len = sizeof cipher;
	CK_ULONG len = sizeof plain;
	CK_OBJECT_HANDLE h;
	CK_RV rv;

	if (ref[n].key == NULL || !encrypt(ref[n].key, secret, sizeof secret, cipher, &cipher_len))
		return;
	rv = flow_find(s, CKO_PRIVATE_KEY, n, &h);
	if (rv == CKR_OBJECT_HANDLE_INVALID) {
		tell("d", n, "absent");
		return;
	}
	if (rv == CKR_OK)
		rv = p11->C_DecryptInit(s, &m, h);
	if (rv == CKR_OK)
		rv = login_again(s, h, pin);
	if (rv == CKR_OK)
		rv = p11->C_Decrypt(s, cipher, cipher_len, plain, &len);
	if (rv != CKR_OK)
		tell("d", n, rv_text(rv));
	else
		tell(
		    "d", n, len == sizeof secret && !memcmp(plain, secret, len) ? "good" : "FALSE");
}

static EVP_PKEY *new_peer(CK_BYTE point[65], unsigned char secret[32], EVP_PKEY *other)
{
	EVP_PKEY *peer = EVP_EC_gen("P-256");
	EVP_PKEY_CTX *ctx = peer != NULL ? EVP_PKEY_CTX_new(peer, NULL) : NULL;
	size_t n = 65, k = 32;

	if (ctx == NULL || EVP_PKEY_derive_init(ctx) != 1 ||
	    EVP_PKEY_derive_set_peer(ctx, other) != 1 || EVP_PKEY_derive(ctx, secret, &k) != 1 ||
	    EVP_PKEY_get_octet_string_param(peer, "pub", point, n, &n) != 1 || n != 65) {
		EVP_PKEY_free(peer);
		peer = NULL;
	}
	EVP_PKEY_CTX_free(ctx);
	return peer;
}

/* What the card says of a secret cannot be checked by us alone: a wrong one is "other". */
void flow_derive(CK_SESSION_HANDLE s, unsigned n)
{
	CK_OBJECT_CLASS class = CKO_SECRET_KEY;
	CK_KEY_TYPE type = CKK_GENERIC_SECRET;
	CK_BBOOL no = CK_FALSE, yes = CK_TRUE;
	CK_ATTRIBUTE t[] = {{CKA_CLASS, &class, sizeof class}, {CKA_KEY_TYPE, &type, sizeof type},
	    {CKA_SENSITIVE, &no, 1}, {CKA_EXTRACTABLE, &yes, 1}, {CKA_TOKEN, &no, 1}};
	CK_BYTE point[65], got[64];
	unsigned char want[32];
	CK_ECDH1_DERIVE_PARAMS p = {CKD_NULL, 0, NULL, sizeof point, point};
	CK_MECHANISM m = {CKM_ECDH1_DERIVE, &p, sizeof p};
	CK_ATTRIBUTE value = {CKA_VALUE, got, sizeof got};
	CK_OBJECT_HANDLE h, made = 0;
	EVP_PKEY *peer = ref[n].key != NULL ? new_peer(point, want, ref[n].key) : NULL;
	CK_RV rv;

	if (peer == NULL)
		return;
	EVP_PKEY_free(peer);
	rv = flow_find(s, CKO_PRIVATE_KEY, n, &h);
	if (rv == CKR_OK)
		rv = p11->C_DeriveKey(s, &m, h, t, sizeof t / sizeof t[0], &made);
	if (rv == CKR_OK)
		rv = p11->C_GetAttributeValue(s, made, &value, 1);
	if (rv != CKR_OK)
		tell("e", n, rv_text(rv));
	else
		tell("e", n, value.ulValueLen == 32 && !memcmp(got, want, 32) ? "good" : "other");
}
