/* SPDX-License-Identifier: BSD-2-Clause */
/* The policy of algorithms: one row for each, with its end. */
#include "document/algorithms.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/objects.h>
#include <string.h>
#include <strings.h>

/* Days since 1970 of a date, as seconds: 2012-08-01 is DAY(15553). */
#define DAY(n) ((time_t)(n)*24 * 3600)

/*
 * ETSI TS 119 312 V1.5.1, with the ends that the European Commission's DSS has of it
 * (dss-crypto-suite.xml of 2024-10-13); V1.4.2 ended SHA-224 and RSA from 1900 bits three years
 * earlier. NIST SP 800-131A r2 has no other end for SHA-1 and keys below 112 bits, and takes 112
 * bits longer. RSA of 3000 bits with PKCS #1 v1.5 padding ends on 2029-01-01 there, too; a row is
 * about keys, whatever the padding.
 */
static const struct row {
	const char *name;
	const char *type; /* of a key, as OpenSSL names it; NULL: a digest */
	int id;		  /* of a digest, OpenSSL's number */
	int bits;	  /* from so many up */
	time_t end;
} rows[ALGORITHM_COUNT] = {
    [ALGORITHM_MD5] = {"MD5", NULL, NID_md5, 0, DAY(12631)},		       /* 2004-08-01 */
    [ALGORITHM_RIPEMD160] = {"RIPEMD160", NULL, NID_ripemd160, 0, DAY(16283)}, /* 2014-08-01 */
    [ALGORITHM_SHA1] = {"SHA1", NULL, NID_sha1, 0, DAY(15553)},		       /* 2012-08-01 */
    [ALGORITHM_SHA224] = {"SHA224", NULL, NID_sha224, 0, DAY(21550)},	       /* 2029-01-01 */
    [ALGORITHM_SHA256] = {"SHA256", NULL, NID_sha256, 0, 0},
    [ALGORITHM_SHA384] = {"SHA384", NULL, NID_sha384, 0, 0},
    [ALGORITHM_SHA512] = {"SHA512", NULL, NID_sha512, 0, 0},
    [ALGORITHM_RSA_768] = {"RSA-768", "RSA", 0, 0, DAY(14822)},	     /* 2010-08-01 */
    [ALGORITHM_RSA_1024] = {"RSA-1024", "RSA", 0, 1024, DAY(18170)}, /* 2019-10-01 */
    [ALGORITHM_RSA_2048] = {"RSA-2048", "RSA", 0, 1900, DAY(21550)}, /* 2029-01-01 */
    [ALGORITHM_RSA_3072] = {"RSA-3072", "RSA", 0, 3000, 0},
    [ALGORITHM_EC_160] = {"EC-160", "EC", 0, 0, DAY(15553)},   /* 2012-08-01 */
    [ALGORITHM_EC_224] = {"EC-224", "EC", 0, 224, DAY(18901)}, /* 2021-10-01 */
    [ALGORITHM_EC_256] = {"EC-256", "EC", 0, 256, 0},
    [ALGORITHM_DSA_1024] = {"DSA-1024", "DSA", 0, 0, DAY(16770)},    /* 2015-12-01 */
    [ALGORITHM_DSA_2048] = {"DSA-2048", "DSA", 0, 1900, DAY(21550)}, /* 2029-01-01 */
    [ALGORITHM_DSA_3072] = {"DSA-3072", "DSA", 0, 3000, 0},
};

void algorithm_policy_init(struct algorithm_policy *p)
{
	for (int i = 0; i < ALGORITHM_COUNT; i++)
		p->end[i] = rows[i].end;
}

bool algorithm_by_name(const char *name, enum algorithm *out)
{
	for (int i = 0; i < ALGORITHM_OTHER; i++) {
		if (strcasecmp(rows[i].name, name) != 0)
			continue;
		*out = (enum algorithm)i;
		return true;
	}
	return false;
}

const char *algorithm_name(enum algorithm a)
{
	return (unsigned)a < ALGORITHM_COUNT ? rows[a].name : NULL;
}

enum algorithm algorithm_of_digest(const EVP_MD *md)
{
	int nid = EVP_MD_get_type(md);

	/* By its number where it has one: by name it takes a search for each row. */
	for (int i = 0; i < ALGORITHM_OTHER; i++)
		if (!rows[i].type &&
		    (nid == NID_undef ? EVP_MD_is_a(md, rows[i].name) : nid == rows[i].id))
			return (enum algorithm)i;
	/* SHA-512/224 and SHA3-224 are as short as that one. */
	return EVP_MD_get_size(md) == 28 ? ALGORITHM_SHA224 : ALGORITHM_OTHER;
}

/* As OpenSSL names its kind in the table; NULL: a kind that has no rows. */
static const char *type_of(const EVP_PKEY *key)
{
	switch (EVP_PKEY_get_base_id(key)) {
	case EVP_PKEY_RSA:
	case EVP_PKEY_RSA_PSS:
		return "RSA";
	case EVP_PKEY_EC:
	case EVP_PKEY_SM2:
		return "EC";
	case EVP_PKEY_DSA:
		return "DSA";
	default:
		return NULL;
	}
}

enum algorithm algorithm_of_key(const EVP_PKEY *key)
{
	const char *type = type_of(key);
	int bits = EVP_PKEY_get_bits(key);
	enum algorithm found = ALGORITHM_OTHER;

	for (int i = 0; type && i < ALGORITHM_OTHER; i++) {
		const struct row *r = &rows[i];

		/* The rows of one kind go up. */
		if (r->type && bits >= r->bits && !strcmp(type, r->type))
			found = (enum algorithm)i;
	}
	return found;
}

time_t algorithm_ended(const struct algorithm_policy *p, enum algorithm a, time_t now)
{
	time_t end = p ? p->end[a] : rows[a].end;

	return end && now >= end ? end : 0;
}

bool algorithm_digest_old(const struct algorithm_rules *r, const EVP_MD *md, time_t *since)
{
	enum algorithm a = algorithm_of_digest(md);

	*since = algorithm_ended(r->policy, a, r->at);
	return *since || (a == ALGORITHM_OTHER && EVP_MD_get_size(md) < 28);
}

/* RFC 8017, 3.1: the public exponent is odd and at least 3. With 1 a signature is what it is over:
 * anybody makes one. */
static bool keeps_no_secret(const EVP_PKEY *key)
{
	const int kind = EVP_PKEY_get_base_id(key);
	BIGNUM *e = NULL;
	bool open = (kind == EVP_PKEY_RSA || kind == EVP_PKEY_RSA_PSS) &&
		    EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_E, &e) == 1 &&
		    (!BN_is_odd(e) || BN_is_one(e));

	BN_free(e);
	return open;
}

bool algorithm_key_old(const struct algorithm_rules *r, const EVP_PKEY *key, time_t *since)
{
	enum algorithm a = algorithm_of_key(key);

	*since = 0;
	if (keeps_no_secret(key))
		return true;
	*since = algorithm_ended(r->policy, a, r->at);
	return *since || (a == ALGORITHM_OTHER && EVP_PKEY_get_security_bits(key) < 112);
}
