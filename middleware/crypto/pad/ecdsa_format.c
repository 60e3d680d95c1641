/* SPDX-License-Identifier: BSD-2-Clause */
/* ECDSA and SM2 signatures between DER and r||s. */
#include "crypto/der.h"
#include "crypto/pad/sigfmt.h"

/* The number in exactly `half` bytes. */
static enum ecert_rc put_half(struct rd number, size_t half, struct buf *raw)
{
	if (number.n > half)
		return ECERT_E_MALFORMED;
	buf_fill(raw, 0, half - number.n);
	buf_rd(raw, number);
	return buf_rc(raw);
}

enum ecert_rc ecdsa_der_to_raw(struct rd der, size_t half, struct buf *raw)
{
	struct rd seq, r, s;
	enum ecert_rc rc = der_only(der, DER_SEQUENCE, &seq);

	if (rc == ECERT_OK)
		rc = der_positive(&seq, &r);
	if (rc == ECERT_OK)
		rc = der_positive(&seq, &s);
	if (rc == ECERT_OK)
		rc = rd_end(&seq);
	if (rc == ECERT_OK && s.n > half)
		rc = ECERT_E_MALFORMED;
	if (rc == ECERT_OK)
		rc = put_half(r, half, raw);
	return rc == ECERT_OK ? put_half(s, half, raw) : rc;
}

enum ecert_rc ecdsa_raw_to_der(struct rd raw, struct buf *der)
{
	struct rd r, s;

	if (raw.n == 0 || raw.n % 2 != 0)
		return ECERT_E_MALFORMED;
	r = rd_of(raw.p, raw.n / 2);
	s = rd_of(raw.p + raw.n / 2, raw.n / 2);
	tlv_head(der, DER_SEQUENCE, der_unsigned_size(r) + der_unsigned_size(s));
	der_put_unsigned(der, r);
	der_put_unsigned(der, s);
	return buf_rc(der);
}
