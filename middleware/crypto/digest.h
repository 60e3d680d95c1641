/* SPDX-License-Identifier: BSD-2-Clause */
/* Digests: one table, each algorithm fetched once, streaming and in one call. */
#ifndef ECERT_CRYPTO_DIGEST_H
#define ECERT_CRYPTO_DIGEST_H

#include <openssl/evp.h>

#include "util/rd.h"

enum md {
	MD_NONE = 0,
	MD_SHA1, /* read, and made only where an old peer asks for it by name */
	MD_SHA224,
	MD_SHA256,
	MD_SHA384,
	MD_SHA512,
	MD_SHA3_224,
	MD_SHA3_256,
	MD_SHA3_384,
	MD_SHA3_512,
	MD_SM3,
	MD_COUNT
};

#define MD_MAX_SIZE 64

struct md_row {
	enum md id;
	const char *name;  /* OpenSSL's: "SHA256", "SHA3-256", "SM3" */
	size_t size;	   /* bytes of a digest */
	size_t block;	   /* bytes the compression takes; HMAC's block */
	unsigned long ckm; /* PKCS#11 3.0 digest mechanism; 0 when the standard has none (SM3) */
	unsigned long ckg; /* PKCS#11 3.0 mask generation function over it; 0 when there is none */
	struct rd oid;	   /* DER OBJECT IDENTIFIER */
	struct rd info;	   /* DigestInfo up to the digest itself; RFC 8017, 9.2 note 1 */
};

/* NULL for MD_NONE and unknown values. */
const struct md_row *md_row(enum md id);
/* OpenSSL's name, any case, hyphens ignored: "sha-256" is SHA256. NULL when there is none. */
const struct md_row *md_by_name(const char *name);
const struct md_row *md_by_ckm(unsigned long ckm);
const struct md_row *md_by_ckg(unsigned long ckg);
/* The row of an EVP_MD of whatever context; NULL when we have none. */
const struct md_row *md_by_evp(const EVP_MD *md);

/* Fetched in ossl_ctx() at the first call, shared, never freed. NULL when OpenSSL cannot. */
const EVP_MD *md_evp(enum md id);

/* A digest being made. Not for two threads at once. */
struct digest;

/* Errors of all: ECERT_E_UNSUPPORTED, ECERT_E_MEMORY, ECERT_E_CRYPTO. */
enum ecert_rc digest_new(enum md id, struct digest **out) MUST_CHECK;
enum ecert_rc digest_dup(const struct digest *d, struct digest **out) MUST_CHECK;
enum ecert_rc digest_update(struct digest *d, struct rd bytes) MUST_CHECK;
/* Writes md_row()->size bytes and starts the same digest anew. */
enum ecert_rc digest_final(struct digest *d, uint8_t out[MD_MAX_SIZE], size_t *len) MUST_CHECK;
enum md digest_md(const struct digest *d);
/* Wipes what was taken in; sets *d to NULL. */
void digest_free(struct digest **d);

/* All at once. */
enum ecert_rc digest_once(
    enum md id, struct rd bytes, uint8_t out[MD_MAX_SIZE], size_t *len) MUST_CHECK;

#endif
