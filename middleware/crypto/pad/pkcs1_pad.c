/* SPDX-License-Identifier: BSD-2-Clause */
/* EMSA-PKCS1-v1_5. */
#include "crypto/digest.h"
#include "crypto/pad/sigfmt.h"

/* RFC 8017, 9.2: 00 01, at least eight FF, 00. */
#define OVERHEAD 11

enum ecert_rc pkcs1_sign_pad(struct rd t, size_t k, struct buf *block)
{
	if (k < OVERHEAD || t.n > k - OVERHEAD)
		return ECERT_E_DATA_LEN;
	buf_u8(block, 0x00);
	buf_u8(block, 0x01);
	buf_fill(block, 0xFF, k - t.n - 3);
	buf_u8(block, 0x00);
	buf_rd(block, t);
	return buf_rc(block);
}

struct rd digest_info_prefix(const char *md_name)
{
	const struct md_row *row = md_by_name(md_name);

	return row ? row->info : rd_of(NULL, 0);
}
