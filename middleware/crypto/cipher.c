/* SPDX-License-Identifier: BSD-2-Clause */
/* One block of 3DES or AES over EVP. */
#include "crypto/cipher.h"

#include <openssl/evp.h>

#include "crypto/ossl.h"

struct cipher_row {
	const char *name;
	size_t key;
	int block;
};

static const struct cipher_row rows[CIPHER_COUNT] = {
    [CIPHER_3DES] = {"DES-EDE3-ECB", 24, 8},
    [CIPHER_AES128] = {"AES-128-ECB", 16, 16},
    [CIPHER_AES192] = {"AES-192-ECB", 24, 16},
    [CIPHER_AES256] = {"AES-256-ECB", 32, 16},
};

static enum ecert_rc one_block(
    enum block_cipher which, struct rd key, const uint8_t *in, uint8_t *out, int encrypt)
{
	const struct cipher_row *row = &rows[which];
	EVP_CIPHER *cipher = NULL;
	EVP_CIPHER_CTX *ctx = NULL;
	enum ecert_rc rc = ECERT_E_CRYPTO;
	int n = 0;

	if (key.n != row->key)
		return ECERT_E_DATA_LEN;
	ossl_enter();
	if (ossl_ctx())
		cipher = EVP_CIPHER_fetch(ossl_ctx(), row->name, NULL);
	ctx = EVP_CIPHER_CTX_new();
	if (cipher && ctx && EVP_CipherInit_ex2(ctx, cipher, key.p, NULL, encrypt, NULL) == 1 &&
	    EVP_CIPHER_CTX_set_padding(ctx, 0) == 1 &&
	    EVP_CipherUpdate(ctx, out, &n, in, row->block) == 1 && n == row->block)
		rc = ECERT_OK;
	EVP_CIPHER_CTX_free(ctx);
	EVP_CIPHER_free(cipher);
	ossl_leave();
	return rc;
}

enum ecert_rc block_encrypt(enum block_cipher c, struct rd key, const uint8_t *in, uint8_t *out)
{
	return one_block(c, key, in, out, 1);
}

enum ecert_rc block_decrypt(enum block_cipher c, struct rd key, const uint8_t *in, uint8_t *out)
{
	return one_block(c, key, in, out, 0);
}
