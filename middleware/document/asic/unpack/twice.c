/* SPDX-License-Identifier: BSD-2-Clause */
/* What a ZIP says twice of a member, in its directory and before the member itself (APPNOTE 4.3.7,
 * 4.3.12), or twice of itself: programs that read from another side take the other one. */
#include <stdlib.h>
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
#define END_64_N  56
#define BLANK_MAX 10240	      /* of a pipe that is written in blocks of tar's size */
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

/* What transport puts behind a file, and no word of a reader's. */
static bool is_blank(const uint8_t *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!memchr("\0\t\n\r ", p[i], 5))
			return false;
	return n <= BLANK_MAX;
}

/* n: bytes from there to the end of the file. */
static bool reaches_end(const uint8_t *p, size_t n)
{
	size_t comment = number(p + 20, 2);

	return comment <= n - END_SIZE && is_blank(p + END_SIZE + comment, n - END_SIZE - comment);
}

/* One that a program may take which looks for it from another side. */
static bool may_be_end(struct rd file, const uint8_t *p, size_t n)
{
	uint64_t at = number(p + 16, 4);
	uint32_t want = CENTRAL;

	if (at == BEYOND) {
		if ((size_t)(p - file.p) < LOCATOR_N || number(p - LOCATOR_N, 4) != LOCATOR)
			return reaches_end(p, n);
		at = number(p - LOCATOR_N + 8, 8);
		want = END_64;
	}
	return reaches_end(p, n) || (has(file, at, 4) && number(file.p + at, 4) == want);
}

/* The last one, which is the only one. */
static const uint8_t *end_of(struct rd file)
{
	const uint8_t *end = NULL;

	for (size_t n = END_SIZE; n <= file.n && n <= END_SIZE + UINT16_MAX + BLANK_MAX; n++) {
		const uint8_t *p = file.p + file.n - n;

		if (*p != 'P' || number(p, 4) != END)
			continue;
		if (end ? may_be_end(file, p, n) : !reaches_end(p, n))
			return NULL;
		end = end ? end : p;
	}
	return end;
}

/* Where the directory begins, and the end of it, with nothing between that and the end itself. */
static bool directory(struct rd file, uint64_t *at, uint64_t *behind)
{
	const uint8_t *end = end_of(file);
	uint64_t size, more;

	if (!end)
		return false;
	*at = number(end + 16, 4);
	size = number(end + 12, 4);
	*behind = (uint64_t)(end - file.p);
	if (*behind >= LOCATOR_N && number(end - LOCATOR_N, 4) == LOCATOR) {
		more = number(end - LOCATOR_N + 8, 8);
		if (!has(file, more, END_64_N) || number(file.p + more, 4) != END_64 ||
		    number(file.p + more + 4, 8) != *behind - LOCATOR_N - more - 12)
			return false;
		*behind = more;
		*at = number(file.p + more + 48, 8);
		size = number(file.p + more + 40, 8);
	}
	return *at <= *behind && size == *behind - *at;
}

/* 4.5.3: those fields alone that are beyond, in this order. */
static bool far(const uint8_t *central, size_t name, size_t extra, size_t which, uint64_t *value)
{
	static const size_t field[] = {24, 20, 42};
	const uint8_t *p = central + CENTRAL_N + name;
	size_t skip = 0;

	*value = number(central + field[which], 4);
	if (*value != BEYOND)
		return true;
	for (size_t i = 0; i < which; i++)
		skip += number(central + field[i], 4) == BEYOND ? 8 : 0;
	while (extra >= 4) {
		size_t size = number(p + 2, 2);

		if (size > extra - 4)
			return false;
		if (number(p, 2) == SIZES_64) {
			*value = size >= skip + 8 ? number(p + 4 + skip, 8) : 0;
			return size >= skip + 8;
		}
		p += 4 + size;
		extra -= 4 + size;
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

/* One member, as the directory has it: checked with what is before it, and where it lies. */
static bool one(struct rd file, uint64_t *at, struct rd called, struct zip_span *span)
{
	const uint8_t *central = file.p + *at;
	size_t name, extra, all;
	uint64_t size;

	if (!has(file, *at, CENTRAL_N) || number(central, 4) != CENTRAL)
		return false;
	name = number(central + 28, 2);
	extra = number(central + 30, 2);
	all = CENTRAL_N + name + extra + number(central + 32, 2);
	if (!has(file, *at, all) || !rd_equal(called, rd_of(central + CENTRAL_N, name)) ||
	    !far(central, name, extra, 2, &span->from) || !far(central, name, extra, 1, &size) ||
	    !has(file, span->from, LOCAL_N + name) || !agree(central, file.p + span->from, name))
		return false;
	*at += all;
	span->to = span->from + LOCAL_N + name + number(file.p + span->from + 28, 2);
	if (span->to > file.n || size > file.n - span->to)
		return false;
	span->to += size;
	return true;
}

bool zip_says_once(struct rd file, const struct rd *names, size_t n)
{
	struct zip_span *v = calloc(n + 1, sizeof *v);
	uint64_t start = 0, behind = 0, at;
	bool good = v && directory(file, &start, &behind);

	at = start;
	for (size_t i = 0; good && i < n; i++)
		good = at < behind && one(file, &at, names[i], &v[i]);
	good = good && at == behind && zip_tiles(file, v, n, start);
	free(v);
	return good;
}
