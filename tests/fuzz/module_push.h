/* SPDX-License-Identifier: BSD-2-Clause */
/* How one argument after another is made: bytes off the input, memory that lives as long as the
 * call. */
#ifndef ECERT_FUZZ_MODULE_PUSH_H
#define ECERT_FUZZ_MODULE_PUSH_H

#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "module_args.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static inline uint8_t byte(struct rd *in)
{
	uint8_t b = 0;

	(void)!rd_u8(in, &b);
	return b;
}

static inline CK_ULONG number(struct rd *in)
{
	uint32_t v = 0;

	(void)!rd_u32(in, &v);
	return v == 0xFFFFFFFF ? ~0UL : v;
}

/* Memory of exactly n bytes that lives as long as the call. */
static inline void *block(struct args *a, size_t n)
{
	void *p = calloc(1, n ? n : 1);

	REQUIRE(p && a->blocks < COUNT(a->block));
	a->block[a->blocks++] = p;
	return p;
}

static inline void push(struct args *a, CK_ULONG v)
{
	REQUIRE(a->n < ARGS_MAX);
	a->v[a->n++] = v;
}

static inline void push_p(struct args *a, void *p)
{
	push(a, (CK_ULONG)(uintptr_t)p);
}

/* FF: a NULL pointer, with a length or without. */
static inline CK_BYTE *bytes(struct args *a, struct rd *in, CK_ULONG *n)
{
	uint8_t len = byte(in);
	struct rd v = {NULL, 0};
	CK_BYTE *p;

	*n = 0;
	if (len == 0xFF) {
		*n = byte(in) & 1;
		return NULL;
	}
	if (rd_take(in, len, &v) != ECERT_OK)
		(void)!rd_take(in, in->n, &v);
	p = block(a, v.n);
	if (v.n)
		memcpy(p, v.p, v.n);
	*n = v.n;
	return p;
}

/* A mechanism with parameters of its shape, or without; or NULL. */
void push_mechanism(struct args *a, struct rd *in);

#endif
