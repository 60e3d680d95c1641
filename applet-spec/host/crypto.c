/* SPDX-License-Identifier: BSD-2-Clause */
/* The applet's arithmetic by OpenSSL, and the touch. */
#include "applet-spec/host/host.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* How long a card waits for a touch that comes as a file, in steps of 20 ms. */
#define TOUCH_STEPS 100

void host_forget_keys(struct host *h)
{
	for (size_t i = 0; i < HOST_KEY_CACHE; i++)
		EVP_PKEY_free(h->cache[i].pkey);
	OPENSSL_cleanse(h->cache, sizeof(h->cache));
}

/* OpenSSL's form of a key is dear to make (blinding, d of RSA): the last few are kept. */
static EVP_PKEY *cached(struct host *h, uint8_t alg, const uint8_t *priv, const uint8_t *pub)
{
	struct host_key *oldest = &h->cache[0];
	size_t len = host_priv_len(alg);

	h->clock++;
	for (size_t i = 0; i < HOST_KEY_CACHE; i++) {
		struct host_key *k = &h->cache[i];

		if (k->pkey != NULL && k->alg == alg && CRYPTO_memcmp(k->priv, priv, len) == 0) {
			k->used = h->clock;
			return k->pkey;
		}
		if (k->used < oldest->used)
			oldest = k;
	}
	EVP_PKEY_free(oldest->pkey);
	oldest->pkey = host_private_key(alg, priv, pub);
	oldest->alg = alg;
	oldest->used = h->clock;
	memcpy(oldest->priv, priv, len);
	return oldest->pkey;
}

static enum ap_hal_rc hal_random(void *ctx, uint8_t *out, size_t len)
{
	(void)ctx;
	return RAND_bytes(out, (int)len) == 1 ? AP_HAL_OK : AP_HAL_FAIL;
}

static enum ap_hal_rc hal_sha256(void *ctx, const uint8_t *in, size_t len, uint8_t out[32])
{
	(void)ctx;
	return EVP_Digest(in, len, out, NULL, EVP_sha256(), NULL) == 1 ? AP_HAL_OK : AP_HAL_FAIL;
}

static enum ap_hal_rc sign_rsa(
    EVP_PKEY *pkey, const uint8_t *pub, const uint8_t *in, size_t in_len, uint8_t *out)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(pkey, NULL);
	size_t len = in_len;
	enum ap_hal_rc rc = AP_HAL_FAIL;

	/* in and modulus have the same length: compare as strings. */
	if (memcmp(in, pub, in_len) >= 0)
		rc = AP_HAL_INPUT;
	else if (ctx != NULL && EVP_PKEY_decrypt_init(ctx) == 1 &&
		 EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_NO_PADDING) == 1 &&
		 EVP_PKEY_decrypt(ctx, out, &len, in, in_len) == 1 && len == in_len)
		rc = AP_HAL_OK;
	EVP_PKEY_CTX_free(ctx);
	return rc;
}

/* ECDSA and SM2 over a given number: DER from OpenSSL, r s for the core. */
static enum ap_hal_rc sign_ec(
    EVP_PKEY *pkey, const uint8_t *in, size_t in_len, uint8_t *out, int field)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(pkey, NULL);
	uint8_t der[128];
	const uint8_t *p = der;
	size_t len = sizeof(der);
	ECDSA_SIG *sig = NULL;
	enum ap_hal_rc rc = AP_HAL_FAIL;

	if (ctx != NULL && EVP_PKEY_sign_init(ctx) == 1 &&
	    EVP_PKEY_sign(ctx, der, &len, in, in_len) == 1)
		sig = d2i_ECDSA_SIG(NULL, &p, (long)len);
	if (sig != NULL && BN_bn2binpad(ECDSA_SIG_get0_r(sig), out, field) == field &&
	    BN_bn2binpad(ECDSA_SIG_get0_s(sig), out + field, field) == field)
		rc = AP_HAL_OK;
	ECDSA_SIG_free(sig);
	EVP_PKEY_CTX_free(ctx);
	return rc;
}

static enum ap_hal_rc sign_ed(EVP_PKEY *pkey, const uint8_t *in, size_t in_len, uint8_t *out)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	size_t len = 64;
	bool ok = ctx != NULL && EVP_DigestSignInit(ctx, NULL, NULL, NULL, pkey) == 1 &&
		  EVP_DigestSign(ctx, out, &len, in, in_len) == 1 && len == 64;

	EVP_MD_CTX_free(ctx);
	return ok ? AP_HAL_OK : AP_HAL_FAIL;
}

static enum ap_hal_rc hal_sign(void *ctx, uint8_t alg, const uint8_t *priv, const uint8_t *pub,
    const uint8_t *in, size_t in_len, uint8_t *out)
{
	EVP_PKEY *pkey = cached(ctx, alg, priv, pub);

	if (pkey == NULL)
		return AP_HAL_FAIL;
	switch (alg) {
	case ECERT_ALG_RSA2048:
	case ECERT_ALG_RSA3072:
	case ECERT_ALG_RSA4096:
		return sign_rsa(pkey, pub, in, in_len, out);
	case ECERT_ALG_P256:
	case ECERT_ALG_P384:
	case ECERT_ALG_SM2:
		return sign_ec(pkey, in, in_len, out, (int)host_priv_len(alg));
	case ECERT_ALG_ED25519:
		return sign_ed(pkey, in, in_len, out);
	default:
		return AP_HAL_INPUT;
	}
}

static enum ap_hal_rc hal_agree(void *ctx, uint8_t alg, const uint8_t *priv, const uint8_t *pub,
    const uint8_t *peer, uint8_t *out)
{
	EVP_PKEY *pkey = cached(ctx, alg, priv, pub);
	EVP_PKEY *other = host_public_key(alg, peer);
	EVP_PKEY_CTX *op = pkey != NULL ? EVP_PKEY_CTX_new(pkey, NULL) : NULL;
	size_t len = host_priv_len(alg);
	enum ap_hal_rc rc = AP_HAL_FAIL;

	if (other == NULL)
		rc = AP_HAL_INPUT;
	else if (op != NULL && EVP_PKEY_derive_init(op) == 1)
		rc = EVP_PKEY_derive_set_peer(op, other) == 1 &&
			     EVP_PKEY_derive(op, out, &len) == 1 && len == host_priv_len(alg)
			 ? AP_HAL_OK
			 : AP_HAL_INPUT;
	EVP_PKEY_CTX_free(op);
	EVP_PKEY_free(other);
	return rc;
}

static const char *cipher_name(uint8_t alg)
{
	switch (alg) {
	case ECERT_ALG_3DES:
		return "DES-EDE3-ECB";
	case ECERT_ALG_AES128:
		return "AES-128-ECB";
	case ECERT_ALG_AES192:
		return "AES-192-ECB";
	default:
		return "AES-256-ECB";
	}
}

static enum ap_hal_rc hal_block(
    void *ctx, uint8_t alg, bool encrypt, const uint8_t *key, const uint8_t *in, uint8_t *out)
{
	EVP_CIPHER *cipher = EVP_CIPHER_fetch(NULL, cipher_name(alg), NULL);
	EVP_CIPHER_CTX *c = EVP_CIPHER_CTX_new();
	int n = alg == ECERT_ALG_3DES ? 8 : 16, len = 0;
	bool ok = cipher != NULL && c != NULL &&
		  EVP_CipherInit_ex2(c, cipher, key, NULL, encrypt, NULL) == 1 &&
		  EVP_CIPHER_CTX_set_padding(c, 0) == 1 &&
		  EVP_CipherUpdate(c, out, &len, in, n) == 1 && len == n;

	(void)ctx;
	EVP_CIPHER_CTX_free(c);
	EVP_CIPHER_free(cipher);
	return ok ? AP_HAL_OK : AP_HAL_FAIL;
}

static bool hal_touch(void *ctx, uint8_t key_ref)
{
	const struct host *h = ctx;
	const struct timespec step = {0, 20 * 1000 * 1000};

	(void)key_ref;
	if (h->touch != HOST_TOUCH_FILE)
		return h->touch == HOST_TOUCH_YES;
	for (int i = 0; i < TOUCH_STEPS; i++) {
		if (unlink(h->touch_file) == 0)
			return true;
		nanosleep(&step, NULL);
	}
	return false;
}

static uint32_t hal_millis(void *ctx)
{
	struct timespec now;

	(void)ctx;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint32_t)((uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000);
}

void host_hal_crypto(struct host *h)
{
	h->hal.ctx = h;
	h->hal.label_suffix = " (virtual)";
	h->hal.random = hal_random;
	h->hal.sha256 = hal_sha256;
	h->hal.keygen = host_keygen;
	h->hal.derive = host_derive;
	h->hal.sign = hal_sign;
	h->hal.agree = hal_agree;
	h->hal.block = hal_block;
	h->hal.touch = hal_touch;
	h->hal.millis = hal_millis;
}
