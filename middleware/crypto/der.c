/* SPDX-License-Identifier: BSD-2-Clause */
/* Strict DER. */
#include "crypto/der.h"

static size_t head_size(uint32_t tag, size_t n)
{
	size_t size = tag > 0xFFFF ? 3 : tag > 0xFF ? 2 : 1;

	return size + (n < 0x80 ? 1 : n <= 0xFF ? 2 : n <= 0xFFFF ? 3 : n <= 0xFFFFFF ? 4 : 5);
}

enum ecert_rc der_get(struct rd *r, uint32_t tag, struct rd *value, struct rd *whole)
{
	struct rd at = *r, v;
	enum ecert_rc rc = tlv_expect(&at, tag, &v);

	*value = (struct rd){NULL, 0};
	if (whole)
		*whole = (struct rd){NULL, 0};
	if (rc != ECERT_OK)
		return rc;
	if (r->n - at.n != head_size(tag, v.n) + v.n)
		return ECERT_E_MALFORMED;
	if (whole)
		*whole = rd_of(r->p, r->n - at.n);
	*value = v;
	*r = at;
	return ECERT_OK;
}

enum ecert_rc der_only(struct rd r, uint32_t tag, struct rd *value)
{
	enum ecert_rc rc = der_get(&r, tag, value, NULL);

	return rc == ECERT_OK ? rd_end(&r) : rc;
}

enum ecert_rc der_positive(struct rd *r, struct rd *value)
{
	struct rd at = *r, v;
	enum ecert_rc rc = der_get(&at, DER_INTEGER, &v, NULL);

	*value = (struct rd){NULL, 0};
	if (rc != ECERT_OK)
		return rc;
	if (v.n == 0 || (v.p[0] & 0x80) != 0)
		return ECERT_E_MALFORMED;
	if (v.p[0] == 0) {
		if (v.n == 1 || (v.p[1] & 0x80) == 0)
			return ECERT_E_MALFORMED;
		v = rd_of(v.p + 1, v.n - 1);
	}
	*value = v;
	*r = at;
	return ECERT_OK;
}

struct rd der_strip(struct rd number)
{
	while (number.n > 0 && number.p[0] == 0) {
		number.p++;
		number.n--;
	}
	return number;
}

/* Zero is one byte 00; a set top bit needs 00 in front. */
static size_t content_size(struct rd stripped)
{
	return stripped.n + (stripped.n == 0 || (stripped.p[0] & 0x80) != 0 ? 1 : 0);
}

unsigned der_unsigned_bits(struct rd number)
{
	struct rd v = der_strip(number);
	unsigned bits = (unsigned)v.n * 8;

	for (unsigned top = 0x80; v.n > 0 && (v.p[0] & top) == 0; top >>= 1)
		bits--;
	return bits;
}

size_t der_unsigned_size(struct rd number)
{
	size_t n = content_size(der_strip(number));

	return head_size(DER_INTEGER, n) + n;
}

void der_put_unsigned(struct buf *b, struct rd number)
{
	struct rd v = der_strip(number);
	size_t n = content_size(v);

	tlv_head(b, DER_INTEGER, n);
	if (n > v.n)
		buf_u8(b, 0);
	buf_rd(b, v);
}
