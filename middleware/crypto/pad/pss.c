/* SPDX-License-Identifier: BSD-2-Clause */
/* EMSA-PSS (RFC 8017, 9.1). */
#include "crypto/pad/mgf1.h"
#include "crypto/ossl.h"
#include "crypto/random.h"
#include "crypto/pad/sigfmt.h"
#include "util/mem.h"

/* H = Hash(00 x 8 || mHash || salt) */
static enum ecert_rc hash_salted(const EVP_MD *md, struct rd digest, struct rd salt, uint8_t *h)
{
	static const uint8_t zeros[8];
	EVP_MD_CTX *ctx;
	int ok;

	ossl_enter();
	ctx = EVP_MD_CTX_new();
	ok = ctx && EVP_DigestInit_ex(ctx, md, NULL) == 1 &&
	     EVP_DigestUpdate(ctx, zeros, sizeof zeros) == 1 &&
	     EVP_DigestUpdate(ctx, digest.p, digest.n) == 1 &&
	     EVP_DigestUpdate(ctx, salt.p, salt.n) == 1 && EVP_DigestFinal_ex(ctx, h, NULL) == 1;
	EVP_MD_CTX_free(ctx);
	ossl_leave();
	return ok ? ECERT_OK : ECERT_E_CRYPTO;
}

enum ecert_rc pss_encode(struct rd digest, const EVP_MD *md, const EVP_MD *mgf1, size_t salt_len,
    size_t mod_bits, struct buf *block)
{
	size_t h_len = md ? (size_t)EVP_MD_get_size(md) : 0;
	size_t em_bits = mod_bits - 1, k = (mod_bits + 7) / 8, em_len = (em_bits + 7) / 8, db_len;
	uint8_t *em, *db, *salt;
	enum ecert_rc rc;

	if (!md || !mgf1 || mod_bits < 16)
		return ECERT_E_ARG;
	if (digest.n != h_len)
		return ECERT_E_DATA_LEN;
	if (salt_len > em_len || em_len < h_len + salt_len + 2)
		return ECERT_E_ARG;
	em = buf_room(block, k);
	if (!em)
		return buf_rc(block);
	/* A modulus of 8n + 1 bits has an encoded message one byte shorter than itself. */
	if (k > em_len)
		*em++ = 0;
	db_len = em_len - h_len - 1;
	db = em;
	salt = db + db_len - salt_len;
	mem_wipe(db, db_len);
	salt[-1] = 0x01;
	rc = random_bytes(salt, salt_len);
	if (rc == ECERT_OK)
		rc = hash_salted(md, digest, rd_of(salt, salt_len), db + db_len);
	if (rc == ECERT_OK)
		rc = mgf1_xor(mgf1, rd_of(db + db_len, h_len), db, db_len);
	if (rc != ECERT_OK) {
		buf_fail(block, rc);
		return rc;
	}
	db[0] = (uint8_t)(db[0] & (0xFF >> (8 * em_len - em_bits)));
	em[em_len - 1] = 0xBC;
	return ECERT_OK;
}
