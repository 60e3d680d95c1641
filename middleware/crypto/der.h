/* SPDX-License-Identifier: BSD-2-Clause */
/* Strict DER (X.690, 10): what signatures and keys are made of, without OpenSSL's decoders. */
#ifndef ECERT_CRYPTO_DER_H
#define ECERT_CRYPTO_DER_H

#include "util/tlv.h"

#define DER_INTEGER    0x02
#define DER_BIT_STRING 0x03
#define DER_OCTETS     0x04
#define DER_OID	       0x06
#define DER_PRINTABLE  0x13
#define DER_SEQUENCE   0x30

/* Takes one TLV with this tag and a minimal length off r. whole (may be NULL) gets head and value.
 * Errors: ECERT_E_MALFORMED. */
enum ecert_rc der_get(struct rd *r, uint32_t tag, struct rd *value, struct rd *whole) MUST_CHECK;
/* r is one such TLV with nothing after it. Errors: ECERT_E_MALFORMED. */
enum ecert_rc der_only(struct rd r, uint32_t tag, struct rd *value) MUST_CHECK;
/* Takes an INTEGER greater than zero, minimally encoded (X.690, 8.3.2); value has no leading zero.
 * Errors: ECERT_E_MALFORMED. */
enum ecert_rc der_positive(struct rd *r, struct rd *value) MUST_CHECK;
/* Appends the INTEGER of an unsigned number, whatever its leading zeros. */
void der_put_unsigned(struct buf *b, struct rd number);
/* Bytes that der_put_unsigned appends. */
size_t der_unsigned_size(struct rd number);
/* Its length in bits; 0 for zero. */
unsigned der_unsigned_bits(struct rd number);
/* The number without leading zero bytes; empty for zero. */
struct rd der_strip(struct rd number);

#endif
