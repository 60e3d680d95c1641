/* SPDX-License-Identifier: BSD-2-Clause */
/* Until when an algorithm can be relied on: ETSI TS 119 312 unless the relying party says
 * otherwise.
 */
#ifndef ECERT_DOCUMENT_ALGORITHMS_H
#define ECERT_DOCUMENT_ALGORITHMS_H

#include <openssl/evp.h>
#include <stdbool.h>
#include <time.h>

/* A key is in the row of its size or of the next smaller one. */
enum algorithm {
	ALGORITHM_MD5,
	ALGORITHM_RIPEMD160,
	ALGORITHM_SHA1,
	ALGORITHM_SHA224,
	ALGORITHM_SHA256,
	ALGORITHM_SHA384,
	ALGORITHM_SHA512,
	ALGORITHM_RSA_768,
	ALGORITHM_RSA_1024,
	ALGORITHM_RSA_2048,
	ALGORITHM_RSA_3072,
	ALGORITHM_EC_160,
	ALGORITHM_EC_224,
	ALGORITHM_EC_256,
	ALGORITHM_DSA_1024,
	ALGORITHM_DSA_2048,
	ALGORITHM_DSA_3072,
	ALGORITHM_OTHER, /* none that ends by a date; it counts when it has 112 bits of security */
	ALGORITHM_COUNT
};

/* The moment from which each is too old; 0: none. */
struct algorithm_policy {
	time_t end[ALGORITHM_COUNT];
};

/* The standard's dates. */
void algorithm_policy_init(struct algorithm_policy *p);
/* "SHA1", "RSA-1024", in any case. False: there is none of this name. */
bool algorithm_by_name(const char *name, enum algorithm *out);
/* NULL for ALGORITHM_OTHER. */
const char *algorithm_name(enum algorithm a);
/* ALGORITHM_OTHER for one that has no row. */
enum algorithm algorithm_of_digest(const EVP_MD *md);
enum algorithm algorithm_of_key(const EVP_PKEY *key);
/* Since when it is too old at that time; 0: it is not. p NULL: the standard's. */
time_t algorithm_ended(const struct algorithm_policy *p, enum algorithm a, time_t now);

/* A policy and the time that it is asked about. */
struct algorithm_rules {
	const struct algorithm_policy *policy; /* NULL: the standard's */
	time_t at;
};

/* Too old, or one that was never good enough: since is 0 then. */
bool algorithm_digest_old(const struct algorithm_rules *r, const EVP_MD *md, time_t *since);
bool algorithm_key_old(const struct algorithm_rules *r, const EVP_PKEY *key, time_t *since);

#endif
