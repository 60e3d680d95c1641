/* SPDX-License-Identifier: BSD-2-Clause */
/* Copying a file with an update behind it. */
#include "document/pdf/sign/work.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#define CHUNK	      (1u << 20)
#define PROGRESS_STEP (4u << 20)

static enum ecert_rc take(struct pdf_work *w, struct rd part)
{
	enum ecert_rc rc = digest_set_update(&w->digests, part);

	return rc == ECERT_OK ? w->put(w->ctx, part) : rc;
}

static enum ecert_rc read_some(int fd, uint8_t *room, uint64_t at, uint64_t left, size_t *n)
{
	ssize_t got;

	do
		got = pread(fd, room, left < CHUNK ? (size_t)left : CHUNK, (off_t)at);
	while (got < 0 && errno == EINTR);
	*n = got > 0 ? (size_t)got : 0;
	if (!got)
		errno = EIO; /* it became shorter */
	return got > 0 ? ECERT_OK : ECERT_E_IO;
}

enum ecert_rc pdf_work_copy(struct pdf_work *w, int fd, uint64_t size, uint8_t *last)
{
	uint8_t *room = malloc(CHUNK);
	uint64_t done = 0, told = 0;
	enum ecert_rc rc = room ? ECERT_OK : ECERT_E_MEMORY;
	size_t n = 0;

	(void)posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL);
	while (rc == ECERT_OK && done < size) {
		rc = read_some(fd, room, done, size - done, &n);
		if (rc == ECERT_OK)
			rc = take(w, rd_of(room, n));
		if (rc != ECERT_OK)
			break;
		done += n;
		*last = room[n - 1];
		if (w->progress && (done == size || done - told >= PROGRESS_STEP)) {
			told = done;
			if (!w->progress(w->progress_ctx, done, size))
				rc = ECERT_E_CANCELLED;
		}
	}
	free(room);
	return rc;
}

/* Digits of the hole. */
static enum ecert_rc put_hole(
    struct pdf_work *w, const struct pdf_tail *t, pdf_fill_fn *fill, void *ctx)
{
	static const char hex[] = "0123456789abcdef";
	struct buf what = BUF_INIT(DOC_SIGNATURE_MAX);
	struct buf digits = BUF_INIT(2 * DOC_SIGNATURE_MAX + 2);
	enum ecert_rc rc = digest_set_final(&w->digests);
	struct rd r;

	if (rc == ECERT_OK)
		rc = fill(ctx, &w->digests, &what);
	r = buf_view(&what);
	if (rc == ECERT_OK && 2 * r.n > t->hole_n)
		rc = ECERT_E_TOO_LARGE;
	buf_u8(&digits, '<');
	for (size_t i = 0; rc == ECERT_OK && i < r.n; i++) {
		buf_u8(&digits, (uint8_t)hex[r.p[i] >> 4]);
		buf_u8(&digits, (uint8_t)hex[r.p[i] & 15]);
	}
	if (rc == ECERT_OK) {
		buf_fill(&digits, '0', t->hole_n - 2 * r.n);
		buf_u8(&digits, '>');
		rc = buf_rc(&digits);
	}
	if (rc == ECERT_OK)
		rc = w->put(w->ctx, buf_view(&digits));
	buf_free(&what);
	buf_free(&digits);
	return rc;
}

/* What comes before and after the hole is signed, the angle brackets of the hole are not. */
enum ecert_rc pdf_work_end(
    struct pdf_work *w, const struct pdf_tail *t, pdf_fill_fn *fill, void *ctx)
{
	struct rd all = buf_view(&t->bytes), rest;
	size_t end = t->hole + t->hole_n;
	enum ecert_rc rc;

	if (!t->hole_n)
		return take(w, all);
	rest = rd_of(all.p + end + 1, all.n - end - 1);
	rc = take(w, rd_of(all.p, t->hole - 1));
	if (rc == ECERT_OK)
		rc = digest_set_update(&w->digests, rest);
	if (rc == ECERT_OK)
		rc = put_hole(w, t, fill, ctx);
	return rc == ECERT_OK ? w->put(w->ctx, rest) : rc;
}
