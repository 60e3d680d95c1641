/* SPDX-License-Identifier: BSD-2-Clause */
/* The card's own TLV reader and writer; middleware has another, on purpose. */
#ifndef AP_TLV_H
#define AP_TLV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes to read. */
struct ap_span {
	const uint8_t *p;
	size_t len;
};

/*
 * Takes the next TLV off `in`: tags of one to three bytes, definite lengths up to 65535, not
 * necessarily minimal. False at the end of `in`, and when the bytes are not a TLV; `in` is
 * then as it was.
 */
bool ap_tlv_next(struct ap_span *in, uint32_t *tag, struct ap_span *value);

/* The next TLV, which must have this tag. */
bool ap_tlv_take(struct ap_span *in, uint32_t tag, struct ap_span *value);

/* A writer that fails stickily: write on, check `bad` once. */
struct ap_out {
	uint8_t *p;
	size_t cap;
	size_t len;
	bool bad;
};

void ap_put(struct ap_out *o, const uint8_t *bytes, size_t len);
void ap_put_byte(struct ap_out *o, uint8_t byte);
void ap_put_tlv(struct ap_out *o, uint32_t tag, const uint8_t *bytes, size_t len);
void ap_put_tlv_byte(struct ap_out *o, uint32_t tag, uint8_t byte);
void ap_put_tlv_be32(struct ap_out *o, uint32_t tag, uint32_t value);

/* Writes tag and length of a value that the caller writes next. */
void ap_put_head(struct ap_out *o, uint32_t tag, size_t len);

/* Room for `len` bytes that the caller fills in itself; NULL (and bad) when there is none. */
uint8_t *ap_put_room(struct ap_out *o, size_t len);

/* Begins a constructed TLV; ap_close gives it its length. Pairs nest. */
size_t ap_open(struct ap_out *o, uint32_t tag);
void ap_close(struct ap_out *o, size_t mark);

/* DER INTEGER of an unsigned big-endian number. */
void ap_put_integer(struct ap_out *o, const uint8_t *number, size_t len);

#endif
