/* SPDX-License-Identifier: BSD-2-Clause */
/* Bounded reader: a view of bytes from outside that cannot be read past its end. */
#ifndef ECERT_UTIL_RD_H
#define ECERT_UTIL_RD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ecert/rc.h"

/* A view; owns nothing. The bytes must outlive it. p may be NULL only when n is 0. */
struct rd {
	const uint8_t *p;
	size_t n;
};

static inline struct rd rd_of(const void *p, size_t n)
{
	return (struct rd){p, p ? n : 0};
}

static inline bool rd_empty(const struct rd *r)
{
	return r->n == 0;
}

/*
 * Each takes its bytes off the front of r, big-endian, and leaves r as it was on failure.
 * Errors: ECERT_E_MALFORMED when fewer bytes are left.
 */
enum ecert_rc rd_u8(struct rd *r, uint8_t *out) MUST_CHECK;
enum ecert_rc rd_u16(struct rd *r, uint16_t *out) MUST_CHECK;
enum ecert_rc rd_u32(struct rd *r, uint32_t *out) MUST_CHECK;
enum ecert_rc rd_u64(struct rd *r, uint64_t *out) MUST_CHECK;
/* out becomes a view of the next n bytes. */
enum ecert_rc rd_take(struct rd *r, size_t n, struct rd *out) MUST_CHECK;
/* The next n bytes are copied to dst. */
enum ecert_rc rd_copy(struct rd *r, void *dst, size_t n) MUST_CHECK;

/* Proves that nothing is left over. Errors: ECERT_E_MALFORMED. */
enum ecert_rc rd_end(const struct rd *r) MUST_CHECK;

/* Is this text somewhere in the bytes? Never in a view of nothing. */
bool rd_contains(struct rd bytes, const char *text);

/* The same bytes, compared in time that depends on the lengths only. */
bool rd_equal(struct rd a, struct rd b);
/* As memcmp does, in time that tells where they differ: the shorter of two that begin alike is
 * less.
 */
int rd_order(struct rd a, struct rd b);

#endif
