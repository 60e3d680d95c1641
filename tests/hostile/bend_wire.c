/* SPDX-License-Identifier: BSD-2-Clause */
/* Answers that break the transport's rules (ISO 7816-4, 5.3.4 and 5.6). */
#include "tests/hostile/hostile.h"

#include <string.h>

static size_t put_sw(uint8_t *resp, size_t at, uint32_t sw)
{
	resp[at] = (uint8_t)(sw >> 8);
	resp[at + 1] = (uint8_t)sw;
	return at + 2;
}

size_t wire_more(uint8_t *resp, uint32_t n, unsigned round)
{
	(void)round;
	memset(resp, 0x53, n);
	return put_sw(resp, n, 0x61FF);
}

size_t wire_le(uint8_t *resp, uint32_t n, unsigned round)
{
	return put_sw(resp, 0, 0x6C00 | (n != 0 ? n : (round * 37 + 1) & 0xFF));
}

size_t wire_bytes(uint8_t *resp, uint32_t n, unsigned round)
{
	(void)round;
	memset(resp, 0x90, n);
	return n;
}

size_t wire_flood(uint8_t *resp, uint32_t n, unsigned round)
{
	(void)round;
	memset(resp, 0x53, n);
	return put_sw(resp, n, 0x9000);
}

size_t wire_status_word(uint8_t *resp, uint32_t n, unsigned round)
{
	(void)round;
	return put_sw(resp, 0, n);
}
