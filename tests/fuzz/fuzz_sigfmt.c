/* SPDX-License-Identifier: BSD-2-Clause */
/* Signatures and public keys as cards and peers give them: what is accepted is canonical, and
 * unpadding never leaves its buffer. The first byte chooses. */
#include <string.h>

#include "crypto/digest.h"
#include "crypto/key/ec.h"
#include "crypto/key/pubkey.h"
#include "crypto/pad/sigfmt.h"
#include "fuzz.h"

/* DER that is taken is the DER that we would write. */
static void ecdsa(struct rd in, size_t half)
{
	struct buf raw = BUF_INIT(256), der = BUF_INIT(512);

	if (ecdsa_der_to_raw(in, half, &raw) == ECERT_OK) {
		REQUIRE(buf_len(&raw) == 2 * half);
		REQUIRE(ecdsa_raw_to_der(buf_view(&raw), &der) == ECERT_OK);
		REQUIRE(rd_equal(buf_view(&der), in));
	}
	buf_free(&raw);
	buf_free(&der);
}

/* A key that is taken is equal to itself read again, and takes no signature of zeros. */
static void accepted(struct pubkey *k)
{
	static const uint8_t zeros[512];
	const struct alg *row = alg_row(pubkey_alg(k));
	struct pubkey *again = NULL;

	REQUIRE(pubkey_from_spki(pubkey_spki(k), &again) == ECERT_OK);
	REQUIRE(pubkey_equal(k, again));
	if (row->family == FAMILY_EC || row->family == FAMILY_SM2)
		REQUIRE(pubkey_check(k, rd_of(zeros, row->block), rd_of(zeros, row->signature)) ==
			ECERT_E_BAD_SIGNATURE);
	pubkey_free(&again);
}

static void key(struct rd in, enum key_alg alg)
{
	struct pubkey *k;

	if (alg == KEY_NONE ? pubkey_from_spki(in, &k) == ECERT_OK
			    : pubkey_from_card(alg, in, &k) == ECERT_OK)
		accepted(k);
	else
		REQUIRE(k == NULL);
	pubkey_free(&k);
}

static void unpad(struct rd in)
{
	static const uint8_t reject[32];
	uint8_t out[512];
	size_t n;

	if (in.n > sizeof out)
		return;
	if (pkcs1_unpad(reject, in, in, out, &n) == ECERT_OK)
		REQUIRE(n <= in.n - 11);
	if (oaep_unpad(in, md_evp(MD_SHA1), md_evp(MD_SHA1), rd_of(NULL, 0), out, &n) == ECERT_OK)
		REQUIRE(n <= in.n - 42);
	else
		REQUIRE(n == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct rd in = rd_of(data + 1, size ? size - 1 : 0);

	if (size == 0)
		return 0;
	switch (data[0] % 4) {
	case 0:
		ecdsa(in, (size_t)(data[0] / 4) % 64 + 1);
		break;
	case 1:
		key(in, (enum key_alg)(data[0] / 4 % KEY_ALG_COUNT));
		break;
	case 2:
		unpad(in);
		break;
	default:
		if (ec_peer_check(KEY_P256, in) == ECERT_OK)
			REQUIRE(in.n == 65 && in.p[0] == 4);
	}
	return 0;
}
