/* SPDX-License-Identifier: BSD-2-Clause */
/* Capped wiping writer. */
#include "util/buf.h"

#include <stdlib.h>
#include <string.h>

#include "util/mem.h"

void buf_init(struct buf *b, size_t max)
{
	*b = (struct buf)BUF_INIT(max);
}

void buf_init_locked(struct buf *b, size_t max)
{
	*b = (struct buf)BUF_LOCKED(max);
}

static void release(struct buf *b)
{
	if (b->locked)
		secret_free(b->data, b->cap);
	else
		mem_free(b->data, b->cap);
	b->data = NULL;
	b->cap = 0;
}

void buf_free(struct buf *b)
{
	if (!b)
		return;
	release(b);
	b->len = 0;
	b->rc = ECERT_OK;
}

void buf_reset(struct buf *b)
{
	if (b->data)
		mem_wipe(b->data, b->len);
	b->len = 0;
	b->rc = ECERT_OK;
}

void buf_fail(struct buf *b, enum ecert_rc rc)
{
	if (b->rc == ECERT_OK)
		b->rc = rc;
}

static enum ecert_rc grow(struct buf *b, size_t need)
{
	size_t cap = b->cap ? b->cap : 64;
	void *fresh = NULL;

	while (cap < need)
		cap = cap > b->max / 2 ? b->max : cap * 2;
	if (!b->locked)
		fresh = malloc(cap);
	else if (secret_alloc(cap, &fresh) != ECERT_OK)
		fresh = NULL;
	if (!fresh)
		return ECERT_E_MEMORY;
	if (b->len > 0)
		memcpy(fresh, b->data, b->len);
	release(b);
	b->data = fresh;
	b->cap = cap;
	return ECERT_OK;
}

uint8_t *buf_room(struct buf *b, size_t n)
{
	uint8_t *at;

	if (b->rc != ECERT_OK)
		return NULL;
	if (n > b->max || b->len > b->max - n) {
		b->rc = ECERT_E_TOO_LARGE;
		return NULL;
	}
	if (!b->data || b->len + n > b->cap) {
		b->rc = grow(b, b->len + n);
		if (b->rc != ECERT_OK)
			return NULL;
	}
	at = b->data + b->len;
	b->len += n;
	return at;
}

void buf_put(struct buf *b, const void *p, size_t n)
{
	uint8_t *at;

	if (n == 0)
		return;
	at = buf_room(b, n);
	if (at)
		memcpy(at, p, n);
}

void buf_rd(struct buf *b, struct rd view)
{
	buf_put(b, view.p, view.n);
}

void buf_str(struct buf *b, const char *s)
{
	buf_put(b, s, strlen(s));
}

void buf_fill(struct buf *b, uint8_t v, size_t n)
{
	uint8_t *at = n ? buf_room(b, n) : NULL;

	if (at)
		memset(at, v, n);
}

static void put_uint(struct buf *b, uint64_t v, size_t width)
{
	uint8_t be[8];

	for (size_t i = 0; i < width; i++)
		be[i] = (uint8_t)(v >> (8 * (width - 1 - i)));
	buf_put(b, be, width);
}

void buf_u8(struct buf *b, uint8_t v)
{
	put_uint(b, v, 1);
}

void buf_json(struct buf *b, struct rd text)
{
	static const char digits[] = "0123456789abcdef";

	buf_u8(b, '"');
	for (size_t i = 0; i < text.n; i++) {
		const uint8_t c = text.p[i];

		if (c == '"' || c == '\\')
			buf_u8(b, '\\');
		if (c >= ' ') {
			buf_u8(b, c);
			continue;
		}
		buf_str(b, "\\u00");
		buf_u8(b, (uint8_t)digits[c >> 4]);
		buf_u8(b, (uint8_t)digits[c & 15]);
	}
	buf_u8(b, '"');
}

void buf_u16(struct buf *b, uint16_t v)
{
	put_uint(b, v, 2);
}

void buf_u32(struct buf *b, uint32_t v)
{
	put_uint(b, v, 4);
}

void buf_u64(struct buf *b, uint64_t v)
{
	put_uint(b, v, 8);
}

void buf_truncate(struct buf *b, size_t len)
{
	if (len > b->len) {
		buf_fail(b, ECERT_E_INTERNAL);
		return;
	}
	if (len < b->len)
		mem_wipe(b->data + len, b->len - len);
	b->len = len;
}

enum ecert_rc buf_rc(const struct buf *b)
{
	return b->rc;
}

size_t buf_len(const struct buf *b)
{
	return b->len;
}

struct rd buf_view(const struct buf *b)
{
	return b->rc == ECERT_OK ? rd_of(b->data, b->len) : rd_of(NULL, 0);
}

enum ecert_rc buf_detach(struct buf *b, uint8_t **out, size_t *len)
{
	enum ecert_rc rc = b->locked ? ECERT_E_INTERNAL : b->rc;

	*out = NULL;
	*len = 0;
	if (rc == ECERT_OK && !b->data)
		rc = grow(b, 1);
	if (rc != ECERT_OK) {
		buf_free(b);
		return rc;
	}
	*out = b->data;
	*len = b->len;
	b->data = NULL;
	buf_init(b, b->max);
	return ECERT_OK;
}
