/* SPDX-License-Identifier: BSD-2-Clause */
/* MGF1. */
#include "crypto/pad/mgf1.h"

#include "crypto/ossl.h"
#include "util/mem.h"

enum ecert_rc mgf1_xor(const EVP_MD *md, struct rd seed, uint8_t *out, size_t n)
{
	enum ecert_rc rc = ECERT_E_CRYPTO;
	uint8_t hash[EVP_MAX_MD_SIZE];
	EVP_MD_CTX *ctx;
	unsigned len = 0;

	ossl_enter();
	ctx = EVP_MD_CTX_new();
	if (!ctx)
		goto out;
	for (uint32_t counter = 0; n > 0; counter++) {
		const uint8_t be[4] = {(uint8_t)(counter >> 24), (uint8_t)(counter >> 16),
		    (uint8_t)(counter >> 8), (uint8_t)counter};

		if (EVP_DigestInit_ex(ctx, md, NULL) != 1 ||
		    EVP_DigestUpdate(ctx, seed.p, seed.n) != 1 ||
		    EVP_DigestUpdate(ctx, be, sizeof be) != 1 ||
		    EVP_DigestFinal_ex(ctx, hash, &len) != 1)
			goto out;
		for (unsigned i = 0; i < len && n > 0; i++, n--)
			*out++ ^= hash[i];
	}
	rc = ECERT_OK;
out:
	mem_wipe(hash, sizeof hash);
	EVP_MD_CTX_free(ctx);
	ossl_leave();
	return rc;
}
