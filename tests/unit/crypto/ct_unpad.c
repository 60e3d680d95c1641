/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The constant-time check: under Valgrind, what is secret is marked as undefined, so that memcheck
 * reports each branch and each index that depends on it. Built with -DLEAKY it unpads as one must
 * not, to prove that the check can fail. Outside Valgrind it exits with 77.
 */
#include <stdio.h>
#include <string.h>
#include <valgrind/memcheck.h>

#include "crypto/pad/sigfmt.h"

#define K 256

#ifdef LEAKY
static enum ecert_rc unpad(
    const uint8_t *reject_key, struct rd ciphertext, struct rd block, uint8_t *out, size_t *out_len)
{
	size_t i = 2;

	(void)reject_key;
	(void)ciphertext;
	while (i < block.n && block.p[i] != 0)
		i++;
	*out_len = block.n - i - 1;
	memcpy(out, block.p + i + 1, *out_len);
	return ECERT_OK;
}
#else
#define unpad pkcs1_unpad
#endif

/* A message of n bytes; bad: the second byte is wrong. */
static int one(size_t n, int bad)
{
	uint8_t key[32], ciphertext[K], block[K], out[K];
	size_t out_len;
	enum ecert_rc rc;

	memset(key, 0x42, sizeof key);
	memset(ciphertext, 0x99, sizeof ciphertext);
	memset(block, 0x11, sizeof block);
	block[0] = 0;
	block[1] = bad ? 3 : 2;
	block[K - n - 1] = 0;
	VALGRIND_MAKE_MEM_UNDEFINED(key, sizeof key);
	VALGRIND_MAKE_MEM_UNDEFINED(block, sizeof block);
	rc = unpad(key, rd_of(ciphertext, K), rd_of(block, K), out, &out_len);
	VALGRIND_MAKE_MEM_DEFINED(block, sizeof block);
	VALGRIND_MAKE_MEM_DEFINED(out, sizeof out);
	VALGRIND_MAKE_MEM_DEFINED(&out_len, sizeof out_len);
	if (rc != ECERT_OK || out_len > K)
		return 1;
	return !bad && (out_len != n || memcmp(out, block + K - n, n) != 0);
}

int main(void)
{
	int failed = 0;

	if (!RUNNING_ON_VALGRIND)
		return 77;
	failed |= one(16, 0) | one(245, 0) | one(0, 0) | one(32, 1);
	if (failed)
		puts("wrong message");
	return failed;
}
