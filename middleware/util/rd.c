/* SPDX-License-Identifier: BSD-2-Clause */
/* Bounded reader. */
#include "util/rd.h"

#include <string.h>

enum ecert_rc rd_take(struct rd *r, size_t n, struct rd *out)
{
	*out = (struct rd){NULL, 0};
	if (n > r->n)
		return ECERT_E_MALFORMED;
	*out = (struct rd){r->p, n};
	if (n > 0) {
		r->p += n;
		r->n -= n;
	}
	return ECERT_OK;
}

enum ecert_rc rd_copy(struct rd *r, void *dst, size_t n)
{
	struct rd part;
	enum ecert_rc rc = rd_take(r, n, &part);

	if (rc == ECERT_OK && n > 0)
		memcpy(dst, part.p, n);
	return rc;
}

static enum ecert_rc rd_uint(struct rd *r, size_t width, uint64_t *out)
{
	struct rd part;
	enum ecert_rc rc = rd_take(r, width, &part);

	*out = 0;
	for (size_t i = 0; i < part.n; i++)
		*out = *out << 8 | part.p[i];
	return rc;
}

enum ecert_rc rd_u8(struct rd *r, uint8_t *out)
{
	uint64_t v;
	enum ecert_rc rc = rd_uint(r, 1, &v);

	*out = (uint8_t)v;
	return rc;
}

enum ecert_rc rd_u16(struct rd *r, uint16_t *out)
{
	uint64_t v;
	enum ecert_rc rc = rd_uint(r, 2, &v);

	*out = (uint16_t)v;
	return rc;
}

enum ecert_rc rd_u32(struct rd *r, uint32_t *out)
{
	uint64_t v;
	enum ecert_rc rc = rd_uint(r, 4, &v);

	*out = (uint32_t)v;
	return rc;
}

enum ecert_rc rd_u64(struct rd *r, uint64_t *out)
{
	return rd_uint(r, 8, out);
}

enum ecert_rc rd_end(const struct rd *r)
{
	return r->n == 0 ? ECERT_OK : ECERT_E_MALFORMED;
}

bool rd_contains(struct rd bytes, const char *text)
{
	/* memmem must not see the NULL of an empty view. */
	return bytes.n > 0 && memmem(bytes.p, bytes.n, text, strlen(text));
}

int rd_order(struct rd a, struct rd b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int c = n ? memcmp(a.p, b.p, n) : 0;

	return c ? c : (a.n > b.n) - (a.n < b.n);
}

bool rd_equal(struct rd a, struct rd b)
{
	unsigned diff = 0;

	if (a.n != b.n)
		return false;
	for (size_t i = 0; i < a.n; i++)
		diff |= (unsigned)(a.p[i] ^ b.p[i]);
	return diff == 0;
}
