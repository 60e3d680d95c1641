/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * PKCS#12 files: a key and its own certificate come out, or nothing. Slower than the others (a
 * library context with two providers is made and freed for each file), and that is the point of it:
 * nothing of a file stays behind.
 */
#include "crypto/cert/pkcs12.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct pubkey *leaf = NULL;
	struct pkcs12_reason why;
	struct pkcs12 *p;

	/* Rounds are counted, not run by the million. */
	if (pkcs12_load_within(rd_of(data, size), "secret", 100000, &why, &p) != ECERT_OK) {
		REQUIRE(p == NULL);
		return 0;
	}
	REQUIRE(why.trouble == PKCS12_FINE && pkcs12_keys(p) > 0);
	REQUIRE(pubkey_from_cert(pkcs12_leaf(p, 0), &leaf) == ECERT_OK);
	REQUIRE(pubkey_equal(leaf, privkey_public(pkcs12_key(p, 0))));
	REQUIRE(privkey_parts(pkcs12_key(p, 0))[0].n > 0);
	for (size_t i = 0; i < PKCS12_CERTS_MAX; i++)
		REQUIRE(pkcs12_other(p, 0, i).n <= PKCS12_FILE_MAX);
	pubkey_free(&leaf);
	pkcs12_free(&p);
	return 0;
}
