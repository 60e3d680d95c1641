/* SPDX-License-Identifier: BSD-2-Clause */
/* What a ZIP says twice of a member, in its directory and before the member itself (APPNOTE 4.3.7,
 * 4.3.12): programs that read from the beginning take the other one. */
#include <string.h>

#include "document/asic/unpack/unpack.h"

#define LOCAL	  0x04034b50u
#define CENTRAL	  0x02014b50u
#define END	  0x06054b50u
#define LOCATOR	  0x07064b50u
#define END_64	  0x06064b50u
#define END_SIZE  22
#define LOCATOR_N 20
#define LOCAL_N	  30
#define CENTRAL_N 46
#define BEYOND	  0xffffffffu /* it stands among the extra fields */
#define SIZES_64  1
#define BEHIND	  8 /* a bit of the flags: sizes come behind the data */

static uint64_t number(const uint8_t *p, size_t n)
{
	uint64_t x = 0;

	while (n--)
		x = x << 8 | p[n];
	return x;
}

static bool has(struct rd file, uint64_t at, size_t n)
{
	return at <= file.n && n <= file.n - at;
}

/* The last one that has room for its comment: some files have a line end more. */
static const uint8_t *end_of(struct rd file)
{
	for (size_t n = END_SIZE; n <= file.n && n <= END_SIZE + UINT16_MAX; n++) {
		const uint8_t *p = file.p + file.n - n;

		if (number(p, 4) == END && number(p + 20, 2) <= n - END_SIZE)
			return p;
	}
	return NULL;
}

/* Where the directory begins. */
static bool directory(struct rd file, uint64_t *at)
{
	const uint8_t *end = end_of(file);
	size_t before = end ? (size_t)(end - file.p) : 0;
	uint64_t more;

	*at = end ? number(end + 16, 4) : 0;
	if (!end || *at != BEYOND)
		return end;
	if (before < LOCATOR_N || number(end - LOCATOR_N, 4) != LOCATOR)
		return false;
	more = number(end - LOCATOR_N + 8, 8);
	if (!has(file, more, 56) || number(file.p + more, 4) != END_64)
		return false;
	*at = number(file.p + more + 48, 8);
	return true;
}

/* 4.5.3: sizes first, those alone that are beyond. */
static bool far_offset(const uint8_t *central, const uint8_t *extra, size_t n, uint64_t *at)
{
	size_t skip = (number(central + 24, 4) == BEYOND ? 8u : 0u) +
		      (number(central + 20, 4) == BEYOND ? 8u : 0u);

	while (n >= 4) {
		size_t size = number(extra + 2, 2);

		if (size > n - 4)
			return false;
		if (number(extra, 2) == SIZES_64) {
			*at = size >= skip + 8 ? number(extra + 4 + skip, 8) : 0;
			return size >= skip + 8;
		}
		extra += 4 + size;
		n -= 4 + size;
	}
	return false;
}

/* Both say the same of how it is called, packed, and, unless it follows, how large it is. */
static bool agree(const uint8_t *central, const uint8_t *local, size_t name)
{
	bool behind = (number(local + 6, 2) & BEHIND) || number(local + 18, 4) == BEYOND ||
		      number(local + 22, 4) == BEYOND;

	return number(local, 4) == LOCAL && number(local + 26, 2) == name &&
	       !memcmp(local + LOCAL_N, central + CENTRAL_N, name) &&
	       number(local + 8, 2) == number(central + 10, 2) &&
	       (behind || !memcmp(local + 18, central + 20, 8));
}

bool zip_says_once(struct rd file, const struct rd *names, size_t n)
{
	uint64_t at = 0;

	if (!directory(file, &at))
		return false;
	for (size_t i = 0; i < n; i++) {
		const uint8_t *central = file.p + (at < file.n ? at : 0);
		size_t name, extra, all;
		uint64_t local;

		if (!has(file, at, CENTRAL_N) || number(central, 4) != CENTRAL)
			return false;
		name = number(central + 28, 2);
		extra = number(central + 30, 2);
		all = CENTRAL_N + name + extra + number(central + 32, 2);
		local = number(central + 42, 4);
		if (!has(file, at, all) || !rd_equal(names[i], rd_of(central + CENTRAL_N, name)) ||
		    (local == BEYOND &&
			!far_offset(central, central + CENTRAL_N + name, extra, &local)) ||
		    !has(file, local, LOCAL_N + name) || !agree(central, file.p + local, name))
			return false;
		at += all;
	}
	return true;
}
