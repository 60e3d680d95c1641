/* SPDX-License-Identifier: BSD-2-Clause */
/* Digests. */
#include "crypto/digest.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "crypto/names.h"
#include "crypto/ossl.h"
#include "ecert/cryptoki.h"

#define BYTES(...)                                                                                 \
	{                                                                                          \
		(const uint8_t[]){__VA_ARGS__}, sizeof((const uint8_t[]){__VA_ARGS__})             \
	}

/* 2.16.840.1.101.3.4.2.n: the NIST hash algorithms. */
#define NIST_OID(n)	   0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, (n)
#define NIST_INFO(n, hash) 0x30, 0x11 + (hash), 0x30, 0x0D, NIST_OID(n), 0x05, 0x00, 0x04, (hash)
#define SHA1_OID	   0x06, 0x05, 0x2B, 0x0E, 0x03, 0x02, 0x1A
/* 1.2.156.10197.1.401, GM/T 0006 */
#define SM3_OID 0x06, 0x08, 0x2A, 0x81, 0x1C, 0xCF, 0x55, 0x01, 0x83, 0x11

#define NIST_ROW(md_id, text, n, hash, compress, mechanism, mask)                                  \
	[md_id] = {                                                                                \
	    .id = md_id,                                                                           \
	    .name = (text),                                                                        \
	    .size = (hash),                                                                        \
	    .block = (compress),                                                                   \
	    .ckm = (mechanism),                                                                    \
	    .ckg = (mask),                                                                         \
	    .oid = BYTES(NIST_OID(n)),                                                             \
	    .info = BYTES(NIST_INFO(n, hash)),                                                     \
	}

static const struct md_row table[MD_COUNT] = {
    [MD_SHA1] = {.id = MD_SHA1,
	.name = "SHA1",
	.size = 20,
	.block = 64,
	.ckm = CKM_SHA_1,
	.ckg = CKG_MGF1_SHA1,
	.oid = BYTES(SHA1_OID),
	.info = BYTES(0x30, 0x21, 0x30, 0x09, SHA1_OID, 0x05, 0x00, 0x04, 0x14)},
    NIST_ROW(MD_SHA224, "SHA224", 0x04, 28, 64, CKM_SHA224, CKG_MGF1_SHA224),
    NIST_ROW(MD_SHA256, "SHA256", 0x01, 32, 64, CKM_SHA256, CKG_MGF1_SHA256),
    NIST_ROW(MD_SHA384, "SHA384", 0x02, 48, 128, CKM_SHA384, CKG_MGF1_SHA384),
    NIST_ROW(MD_SHA512, "SHA512", 0x03, 64, 128, CKM_SHA512, CKG_MGF1_SHA512),
    NIST_ROW(MD_SHA3_224, "SHA3-224", 0x07, 28, 144, CKM_SHA3_224, CKG_MGF1_SHA3_224),
    NIST_ROW(MD_SHA3_256, "SHA3-256", 0x08, 32, 136, CKM_SHA3_256, CKG_MGF1_SHA3_256),
    NIST_ROW(MD_SHA3_384, "SHA3-384", 0x09, 48, 104, CKM_SHA3_384, CKG_MGF1_SHA3_384),
    NIST_ROW(MD_SHA3_512, "SHA3-512", 0x0A, 64, 72, CKM_SHA3_512, CKG_MGF1_SHA3_512),
    [MD_SM3] = {.id = MD_SM3,
	.name = "SM3",
	.size = 32,
	.block = 64,
	.oid = BYTES(SM3_OID),
	.info = BYTES(0x30, 0x30, 0x30, 0x0C, SM3_OID, 0x05, 0x00, 0x04, 0x20)},
};

struct digest {
	const struct md_row *row;
	EVP_MD_CTX *ctx;
};

const struct md_row *md_row(enum md id)
{
	return (unsigned)id < MD_COUNT && table[id].id != MD_NONE ? &table[id] : NULL;
}

const struct md_row *md_by_name(const char *name)
{
	for (size_t i = 1; i < MD_COUNT; i++) {
		if (name && name_matches(table[i].name, name))
			return &table[i];
	}
	return NULL;
}

const struct md_row *md_by_ckm(unsigned long ckm)
{
	for (size_t i = 1; i < MD_COUNT; i++) {
		if (ckm != 0 && table[i].ckm == ckm)
			return &table[i];
	}
	return NULL;
}

const struct md_row *md_by_ckg(unsigned long ckg)
{
	for (size_t i = 1; i < MD_COUNT; i++) {
		if (ckg != 0 && table[i].ckg == ckg)
			return &table[i];
	}
	return NULL;
}

const struct md_row *md_by_evp(const EVP_MD *md)
{
	for (size_t i = 1; md && i < MD_COUNT; i++) {
		if (EVP_MD_is_a(md, table[i].name))
			return &table[i];
	}
	return NULL;
}

const EVP_MD *md_evp(enum md id)
{
	static _Atomic(EVP_MD *) shared[MD_COUNT];
	EVP_MD *seen, *fresh = NULL;

	if (!md_row(id))
		return NULL;
	seen = atomic_load(&shared[id]);
	if (seen)
		return seen;
	ossl_enter();
	if (ossl_ctx())
		fresh = EVP_MD_fetch(ossl_ctx(), table[id].name, NULL);
	ossl_leave();
	if (!fresh)
		return NULL;
	if (atomic_compare_exchange_strong(&shared[id], &seen, fresh))
		return fresh;
	EVP_MD_free(fresh);
	return seen;
}

enum ecert_rc digest_new(enum md id, struct digest **out)
{
	struct digest *d;
	enum ecert_rc rc = ECERT_E_CRYPTO;

	*out = NULL;
	if (!md_row(id))
		return ECERT_E_UNSUPPORTED;
	d = calloc(1, sizeof *d);
	if (!d)
		return ECERT_E_MEMORY;
	ossl_enter();
	d->row = md_row(id);
	d->ctx = EVP_MD_CTX_new();
	if (d->ctx && md_evp(id) && EVP_DigestInit_ex(d->ctx, md_evp(id), NULL) == 1)
		rc = ECERT_OK;
	ossl_leave();
	if (rc == ECERT_OK)
		*out = d;
	else
		digest_free(&d);
	return rc;
}

enum ecert_rc digest_dup(const struct digest *d, struct digest **out)
{
	enum ecert_rc rc = digest_new(d->row->id, out);

	if (rc != ECERT_OK)
		return rc;
	ossl_enter();
	if (EVP_MD_CTX_copy_ex((*out)->ctx, d->ctx) != 1)
		rc = ECERT_E_CRYPTO;
	ossl_leave();
	if (rc != ECERT_OK)
		digest_free(out);
	return rc;
}

enum ecert_rc digest_update(struct digest *d, struct rd bytes)
{
	int ok;

	ossl_enter();
	ok = bytes.n == 0 || EVP_DigestUpdate(d->ctx, bytes.p, bytes.n) == 1;
	ossl_leave();
	return ok ? ECERT_OK : ECERT_E_CRYPTO;
}

enum ecert_rc digest_final(struct digest *d, uint8_t out[MD_MAX_SIZE], size_t *len)
{
	unsigned n = 0;
	int ok;

	*len = 0;
	ossl_enter();
	ok = EVP_DigestFinal_ex(d->ctx, out, &n) == 1 && EVP_DigestInit_ex(d->ctx, NULL, NULL) == 1;
	ossl_leave();
	if (!ok)
		return ECERT_E_CRYPTO;
	*len = n;
	return ECERT_OK;
}

enum md digest_md(const struct digest *d)
{
	return d->row->id;
}

void digest_free(struct digest **d)
{
	if (!*d)
		return;
	EVP_MD_CTX_free((*d)->ctx);
	free(*d);
	*d = NULL;
}

enum ecert_rc digest_once(enum md id, struct rd bytes, uint8_t out[MD_MAX_SIZE], size_t *len)
{
	struct digest *d;
	enum ecert_rc rc = digest_new(id, &d);

	*len = 0;
	if (rc == ECERT_OK)
		rc = digest_update(d, bytes);
	if (rc == ECERT_OK)
		rc = digest_final(d, out, len);
	digest_free(&d);
	return rc;
}
