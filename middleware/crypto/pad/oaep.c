/* SPDX-License-Identifier: BSD-2-Clause */
/* EME-OAEP decoding (RFC 8017, 7.1.2 step 3): every defect looks the same and takes the same time
 * (7.1.2, note: Manger's attack). */
#include <string.h>

#include "crypto/ct.h"
#include "crypto/pad/mgf1.h"
#include "crypto/ossl.h"
#include "crypto/pad/sigfmt.h"
#include "util/mem.h"

#define K_MAX 512

static enum ecert_rc hash_label(const EVP_MD *md, struct rd label, uint8_t *hash)
{
	int ok;

	ossl_enter();
	ok = EVP_Digest(label.n > 0 ? label.p : hash, label.n, hash, NULL, md, NULL) == 1;
	ossl_leave();
	return ok ? ECERT_OK : ECERT_E_CRYPTO;
}

/* DB = lHash || 00... || 01 || M: where M begins, and whether all of it is right. */
static ct_mask find_message(uint8_t first, const uint8_t *db, size_t n, const uint8_t *l_hash,
    size_t h_len, uint32_t *index)
{
	ct_mask good = ct_is_zero(first), looking = ~(ct_mask)0;
	uint32_t diff = 0;

	for (size_t i = 0; i < h_len; i++)
		diff |= (uint32_t)(db[i] ^ l_hash[i]);
	good &= ct_is_zero(diff);
	*index = 0;
	for (size_t i = h_len; i < n; i++) {
		ct_mask one = ct_equal(db[i], 1), zero = ct_is_zero(db[i]);

		*index = ct_select(looking & one, (uint32_t)i + 1, *index);
		good &= ~looking | one | zero;
		looking &= ~one;
	}
	return good & ~looking;
}

enum ecert_rc oaep_unpad(struct rd block, const EVP_MD *md, const EVP_MD *mgf1, struct rd label,
    uint8_t *out, size_t *out_len)
{
	size_t h_len = md ? (size_t)EVP_MD_get_size(md) : 0, db_len;
	uint8_t l_hash[EVP_MAX_MD_SIZE], work[K_MAX], *seed = work + 1, *db;
	uint32_t index = 0;
	enum ecert_rc rc;

	*out_len = 0;
	if (!md || !mgf1)
		return ECERT_E_ARG;
	if (block.n > K_MAX || block.n < 2 * h_len + 2)
		return ECERT_E_DATA;
	memcpy(work, block.p, block.n);
	db = seed + h_len;
	db_len = block.n - h_len - 1;
	rc = hash_label(md, label, l_hash);
	if (rc == ECERT_OK)
		rc = mgf1_xor(mgf1, rd_of(db, db_len), seed, h_len);
	if (rc == ECERT_OK)
		rc = mgf1_xor(mgf1, rd_of(seed, h_len), db, db_len);
	if (rc != ECERT_OK)
		goto out;
	/* One bit leaves this function, as it must: whether there is a message. */
	if (ct_hide(find_message(work[0], db, db_len, l_hash, h_len, &index)) == 0) {
		rc = ECERT_E_DATA;
		goto out;
	}
	memcpy(out, db, db_len);
	ct_shift_left(out, db_len, index);
	*out_len = db_len - index;
out:
	mem_wipe(work, sizeof work);
	return rc;
}
