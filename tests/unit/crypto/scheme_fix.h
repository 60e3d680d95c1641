/* SPDX-License-Identifier: BSD-2-Clause */
/* What the tests of digests and signature schemes share: a key of each kind. */
#ifndef ECERT_TESTS_SCHEME_FIX_H
#define ECERT_TESTS_SCHEME_FIX_H

#include "crypto_support.h"

#include <openssl/core_names.h>
#include <openssl/objects.h>
#include <openssl/rsa.h>

#include "crypto/scheme.h"
#include "crypto/pad/sigfmt.h"
#include "crypto/pad/sm2.h"
#include "util/tlv.h"

static EVP_PKEY *keys[KEY_ALG_COUNT];
static struct pubkey *pubs[KEY_ALG_COUNT];
static const enum key_alg used[] = {
    KEY_RSA1024, KEY_RSA2048, KEY_P256, KEY_P384, KEY_ED25519, KEY_X25519, KEY_SM2};

#define USED (sizeof used / sizeof used[0])

static inline int nid_of(struct rd oid)
{
	const unsigned char *p = oid.p;
	ASN1_OBJECT *o = d2i_ASN1_OBJECT(NULL, &p, (long)oid.n);
	int nid = OBJ_obj2nid(o);

	assert_ptr_equal(p, oid.p + oid.n);
	ASN1_OBJECT_free(o);
	return nid;
}

static inline int setup(void **state)
{
	(void)state;
	for (size_t i = 0; i < USED; i++) {
		keys[used[i]] = make_key(used[i]);
		if (pubkey_from_evp(keys[used[i]], &pubs[used[i]]) != ECERT_OK)
			return 1;
	}
	return 0;
}

static inline int teardown(void **state)
{
	(void)state;
	for (size_t i = 0; i < USED; i++) {
		EVP_PKEY_free(keys[used[i]]);
		pubkey_free(&pubs[used[i]]);
	}
	return 0;
}

#endif
