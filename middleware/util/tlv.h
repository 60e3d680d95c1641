/* SPDX-License-Identifier: BSD-2-Clause */
/* BER-TLV as smart cards use it (ISO 7816-4, 5.2.2): read and write. */
#ifndef ECERT_UTIL_TLV_H
#define ECERT_UTIL_TLV_H

#include "util/buf.h"
#include "util/rd.h"

/*
 * A tag is its bytes as one number: 0x5C, 0x7F49, 0x5FC105. Tags up to 3 bytes and lengths of up to
 * 4 bytes are read, of up to 3 written; a length need not be minimal (PivApplet answers 04 81 44),
 * an indefinite one (80) and one past the end are ECERT_E_MALFORMED.
 */
struct tlv {
	uint32_t tag;
	struct rd value;
};

/* Takes one TLV off the front of r. Errors: ECERT_E_MALFORMED; ECERT_E_NOT_FOUND when r is empty.
 */
enum ecert_rc tlv_next(struct rd *r, struct tlv *out) MUST_CHECK;
/* Takes one TLV off r, which must have this tag. Errors: ECERT_E_MALFORMED. */
enum ecert_rc tlv_expect(struct rd *r, uint32_t tag, struct rd *value) MUST_CHECK;
/* The first TLV with this tag among the siblings in r (r is not moved; all siblings up to it must
 * be well-formed). Errors: ECERT_E_NOT_FOUND, ECERT_E_MALFORMED. */
enum ecert_rc tlv_find(struct rd r, uint32_t tag, struct rd *value) MUST_CHECK;
/* r is one TLV with this tag and nothing after it. Errors: ECERT_E_MALFORMED. */
enum ecert_rc tlv_only(struct rd r, uint32_t tag, struct rd *value) MUST_CHECK;

/* Appends tag, minimal length, value; failures stick in b. */
void tlv_put(struct buf *b, uint32_t tag, struct rd value);
void tlv_put_u8(struct buf *b, uint32_t tag, uint8_t value);
/* Tag and minimal length only; the caller appends n bytes next. */
void tlv_head(struct buf *b, uint32_t tag, size_t n);

#endif
