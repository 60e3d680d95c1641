/* SPDX-License-Identifier: BSD-2-Clause */
/* The evolving key. */
#include "journal/journal_key.h"

#include <string.h>
#include <unistd.h>

#include "crypto/digest.h"
#include "util/mem.h"

#define BLOCK	   64 /* of SHA-256, for HMAC */
#define SLOT_BYTES 112
#define SLOT_STEP  128

void journal_sha256(struct rd bytes, uint8_t out[JOURNAL_HASH])
{
	uint8_t full[MD_MAX_SIZE];
	size_t n;

	/* SHA-256 cannot fail where OpenSSL works at all; a zero hash would be found by verify. */
	memset(out, 0, JOURNAL_HASH);
	if (digest_once(MD_SHA256, bytes, full, &n) == ECERT_OK)
		memcpy(out, full, JOURNAL_HASH);
	mem_wipe(full, sizeof full);
}

/* RFC 2104 */
void journal_mac(const uint8_t key[JOURNAL_HASH], struct rd bytes, uint8_t out[JOURNAL_HASH])
{
	struct buf inner = BUF_INIT(BLOCK + 2 * JOURNAL_LINE_MAX);
	uint8_t outer[BLOCK + JOURNAL_HASH];

	for (size_t i = 0; i < BLOCK; i++) {
		uint8_t k = i < JOURNAL_HASH ? key[i] : 0;

		buf_u8(&inner, k ^ 0x36);
		outer[i] = k ^ 0x5C;
	}
	buf_rd(&inner, bytes);
	journal_sha256(buf_view(&inner), outer + BLOCK);
	journal_sha256(rd_of(outer, sizeof outer), out);
	mem_wipe(outer, sizeof outer);
	buf_free(&inner);
}

void journal_key_next(uint8_t key[JOURNAL_HASH])
{
	static const char label[] = "ecert journal: next key";
	uint8_t in[sizeof label + JOURNAL_HASH];

	memcpy(in, label, sizeof label);
	memcpy(in + sizeof label, key, JOURNAL_HASH);
	journal_sha256(rd_of(in, sizeof in), key);
	mem_wipe(in, sizeof in);
}

static const char magic[8] = "ECERTJK1";

static bool read_slot(int fd, int slot, struct journal_head *out)
{
	uint8_t raw[SLOT_BYTES], sum[JOURNAL_HASH];
	struct rd r = {raw + sizeof magic, SLOT_BYTES - sizeof magic - JOURNAL_HASH};
	bool good = pread(fd, raw, sizeof raw, slot * SLOT_STEP) == (ssize_t)sizeof raw;

	if (good) {
		journal_sha256(rd_of(raw, SLOT_BYTES - JOURNAL_HASH), sum);
		good = memcmp(raw, magic, sizeof magic) == 0 &&
		       memcmp(sum, raw + SLOT_BYTES - JOURNAL_HASH, JOURNAL_HASH) == 0;
	}
	good = good && rd_u64(&r, &out->n) == ECERT_OK &&
	       rd_copy(&r, out->key, JOURNAL_HASH) == ECERT_OK &&
	       rd_copy(&r, out->last, JOURNAL_HASH) == ECERT_OK;
	mem_wipe(raw, sizeof raw);
	return good;
}

enum ecert_rc journal_head_read(int fd, struct journal_head *out)
{
	struct journal_head two[2];
	bool good[2] = {read_slot(fd, 0, &two[0]), read_slot(fd, 1, &two[1])};
	int best = good[1] && (!good[0] || two[1].n > two[0].n);

	memset(out, 0, sizeof *out);
	if (good[best])
		*out = two[best];
	mem_wipe(two, sizeof two);
	return good[best] ? ECERT_OK : ECERT_E_NOT_FOUND;
}

enum ecert_rc journal_head_write(int fd, const struct journal_head *h)
{
	struct buf raw = BUF_INIT(SLOT_STEP);
	uint8_t sum[JOURNAL_HASH];
	struct rd v;
	enum ecert_rc rc;

	buf_put(&raw, magic, sizeof magic);
	buf_u64(&raw, h->n);
	buf_put(&raw, h->key, JOURNAL_HASH);
	buf_put(&raw, h->last, JOURNAL_HASH);
	journal_sha256(buf_view(&raw), sum);
	buf_put(&raw, sum, sizeof sum);
	buf_fill(&raw, 0, SLOT_STEP - SLOT_BYTES);
	v = buf_view(&raw);
	rc = buf_rc(&raw);
	if (rc == ECERT_OK && pwrite(fd, v.p, v.n, (off_t)(h->n % 2) * SLOT_STEP) != (ssize_t)v.n)
		rc = ECERT_E_IO;
	buf_free(&raw);
	return rc;
}
