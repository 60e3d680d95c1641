/* SPDX-License-Identifier: BSD-2-Clause */
/* The few memory functions the core needs; a freestanding build brings its own. */
#ifndef AP_MEM_H
#define AP_MEM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

void *memcpy(void *restrict to, const void *restrict from, size_t n);
void *memmove(void *to, const void *from, size_t n);
void *memset(void *to, int value, size_t n);
int memcmp(const void *a, const void *b, size_t n);

/* Zeroes in a way the compiler keeps. */
void ap_wipe(void *p, size_t n);

/* Takes the same time wherever, and whether, the strings differ. */
bool ap_same(const uint8_t *a, const uint8_t *b, size_t n);

static inline uint32_t ap_be32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static inline void ap_put_be32(uint8_t *p, uint32_t v)
{
	p[0] = (uint8_t)(v >> 24);
	p[1] = (uint8_t)(v >> 16);
	p[2] = (uint8_t)(v >> 8);
	p[3] = (uint8_t)v;
}

#endif
