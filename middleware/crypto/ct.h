/* SPDX-License-Identifier: BSD-2-Clause */
/* Arithmetic whose time does not depend on its values. */
#ifndef ECERT_CRYPTO_CT_H
#define ECERT_CRYPTO_CT_H

#include <stddef.h>
#include <stdint.h>

/* A mask is 0 or all ones. */
typedef uint32_t ct_mask;

/* Hides a value's history from the optimiser, which would otherwise turn a mask into a branch. */
static inline uint32_t ct_hide(uint32_t v)
{
	__asm__ volatile("" : "+r"(v));
	return v;
}

static inline ct_mask ct_top_bit(uint32_t v)
{
	return (ct_mask)(0u - (ct_hide(v) >> 31));
}

static inline ct_mask ct_is_zero(uint32_t v)
{
	return ct_top_bit(~v & (v - 1));
}

static inline ct_mask ct_equal(uint32_t a, uint32_t b)
{
	return ct_is_zero(a ^ b);
}

/* a < b, for values below 2^31. */
static inline ct_mask ct_less(uint32_t a, uint32_t b)
{
	return ct_top_bit(a - b);
}

static inline uint32_t ct_select(ct_mask m, uint32_t yes, uint32_t no)
{
	m = ct_hide(m);
	return (m & yes) | (~m & no);
}

/* Moves the bytes of b to the front by `shift` (at most n), zeros follow; each of the steps touches
 * every byte. n stays below 2^16. */
void ct_shift_left(uint8_t *b, size_t n, uint32_t shift);

#endif
