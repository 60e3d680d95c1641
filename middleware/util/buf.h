/* SPDX-License-Identifier: BSD-2-Clause */
/* Capped writer that wipes what it held; it fails stickily: write on, check once. */
#ifndef ECERT_UTIL_BUF_H
#define ECERT_UTIL_BUF_H

#include <stdbool.h>

#include "util/rd.h"

/*
 * Owns its bytes. Grows by copying and wiping the old bytes (never realloc) up to a hard maximum.
 * The fields are private to buf.c; `struct buf b = BUF_INIT(max)` makes an empty one that has
 * allocated nothing.
 */
struct buf {
	uint8_t *data;
	size_t len, cap, max;
	enum ecert_rc rc;
	bool locked; /* in memory for secrets (util/mem.h) */
};

#define BUF_INIT(maximum)                                                                          \
	{                                                                                          \
		NULL, 0, 0, (maximum), ECERT_OK, false                                             \
	}
/* The same for secrets: what it holds is locked, and in no core dump. */
#define BUF_LOCKED(maximum)                                                                        \
	{                                                                                          \
		NULL, 0, 0, (maximum), ECERT_OK, true                                              \
	}

void buf_init(struct buf *b, size_t max);
void buf_init_locked(struct buf *b, size_t max);
/* Wipes and releases; b may be used again as an empty one. NULL is allowed. */
void buf_free(struct buf *b);
/* Wipes and empties it, keeps the allocation, forgets an earlier failure. */
void buf_reset(struct buf *b);

/*
 * Appending. A failure (ECERT_E_TOO_LARGE over the maximum, ECERT_E_MEMORY) is kept in the buffer,
 * and nothing more is written after it.
 */
void buf_u8(struct buf *b, uint8_t v);
void buf_u16(struct buf *b, uint16_t v);
void buf_u32(struct buf *b, uint32_t v);
void buf_u64(struct buf *b, uint64_t v);
void buf_put(struct buf *b, const void *p, size_t n);
void buf_rd(struct buf *b, struct rd view);
void buf_str(struct buf *b, const char *s);
/* UTF-8 as a string of JSON (RFC 8259, 7), with its quotes. */
void buf_json(struct buf *b, struct rd text);
/* n bytes of value v. */
void buf_fill(struct buf *b, uint8_t v, size_t n);
/* Room for n bytes that the caller fills at once; NULL when the buffer has failed. */
uint8_t *buf_room(struct buf *b, size_t n);
/* Shortens to len (wiping what goes); a longer len is ECERT_E_INTERNAL. */
void buf_truncate(struct buf *b, size_t len);
/* Marks it failed. The first failure stays. */
void buf_fail(struct buf *b, enum ecert_rc rc);

/* The first failure, or ECERT_OK. */
enum ecert_rc buf_rc(const struct buf *b) MUST_CHECK;
size_t buf_len(const struct buf *b);
/* What has been written; empty after a failure. Valid until the next write. */
struct rd buf_view(const struct buf *b);
/* Hands the bytes over to the caller (free with mem_free(p, len)); b becomes empty. Not of a locked
 * one: ECERT_E_INTERNAL. */
enum ecert_rc buf_detach(struct buf *b, uint8_t **out, size_t *len) MUST_CHECK;

#endif
