/* SPDX-License-Identifier: BSD-2-Clause */
/* A window that goes over a file; of base64, one for each piece of text, whose state is known. */
#include "document/cms/form/octets.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "document/pem.h"
#include "util/mem.h"

#define WINDOW (256u << 10)
#define FEW    512u /* where something was passed over, more may be */
/* Pieces of text: 64 GiB. */
#define MAX_PIECES (1u << 18)

/* Where a piece of base64 begins: in what it says, and what is left of the piece before. */
struct piece {
	uint64_t out;
	struct base64_state state;
};

struct octets {
	struct rd memory; /* all of it; p NULL: it is in a file */
	int fd;
	uint64_t at, size;   /* in the file; of the bytes */
	uint64_t text_end;   /* of base64 */
	struct piece *piece; /* NULL: it is no base64; n + 1 of them */
	size_t n;
	uint8_t *window; /* NULL: memory */
	uint64_t from;	 /* what is in it */
	size_t held;
	uint8_t *text; /* a piece of base64 */
};

static struct octets *made(int fd, uint64_t at, uint64_t size, bool windowed)
{
	struct octets *o = calloc(1, sizeof *o);

	if (!o)
		return NULL;
	o->fd = fd;
	o->at = at;
	o->size = size;
	o->window = windowed ? malloc(WINDOW) : NULL;
	if (windowed && !o->window) {
		free(o);
		return NULL;
	}
	return o;
}

enum ecert_rc octets_of_memory(struct rd all, struct octets **out)
{
	*out = made(-1, 0, all.n, false);
	if (!*out)
		return ECERT_E_MEMORY;
	(*out)->memory = rd_of(all.p ? all.p : (const uint8_t *)"", all.n);
	return ECERT_OK;
}

enum ecert_rc octets_of_file(int fd, uint64_t at, uint64_t end, struct octets **out)
{
	*out = made(fd, at, end > at ? end - at : 0, true);
	return *out ? ECERT_OK : ECERT_E_MEMORY;
}

void octets_free(struct octets **o)
{
	if (!*o)
		return;
	mem_free((*o)->window, WINDOW);
	mem_free((*o)->text, WINDOW);
	free((*o)->piece);
	free(*o);
	*o = NULL;
}

uint64_t octets_size(const struct octets *o)
{
	return o->size;
}

/* Up to n bytes of the file; what is not there any more is an error. */
static enum ecert_rc pull(int fd, uint64_t at, uint8_t *to, size_t n)
{
	while (n) {
		ssize_t got = pread(fd, to, n, (off_t)at);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return ECERT_E_IO;
		to += got;
		at += (uint64_t)got;
		n -= (size_t)got;
	}
	return ECERT_OK;
}

/* The text of the k-th piece. */
static enum ecert_rc pull_text(struct octets *o, size_t k, struct rd *text)
{
	uint64_t at = o->at + (uint64_t)k * WINDOW;
	size_t n = o->text_end - at < WINDOW ? (size_t)(o->text_end - at) : WINDOW;
	enum ecert_rc rc = pull(o->fd, at, o->text, n);

	*text = rd_of(o->text, n);
	return rc;
}

/* The last piece that begins at or before `at`. */
static size_t piece_of(const struct octets *o, uint64_t at)
{
	size_t low = 0, high = o->n;

	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;

		if (o->piece[middle].out <= at)
			low = middle;
		else
			high = middle;
	}
	return low;
}

static enum ecert_rc fill_base64(struct octets *o, uint64_t at)
{
	size_t k = piece_of(o, at);
	struct base64_state state = o->piece[k].state;
	struct rd text;
	enum ecert_rc rc = pull_text(o, k, &text);

	o->held = 0;
	if (rc != ECERT_OK)
		return rc;
	/* Three bytes of four digits, and two that were left over. */
	if (!base64_piece(&state, &text, o->window, &o->held) ||
	    o->held != o->piece[k + 1].out - o->piece[k].out) {
		o->held = 0;
		return ECERT_E_IO;
	}
	o->from = o->piece[k].out;
	return ECERT_OK;
}

static enum ecert_rc fill(struct octets *o, uint64_t at)
{
	size_t want = at == o->from + o->held ? WINDOW : FEW;
	enum ecert_rc rc;

	if (o->piece)
		return fill_base64(o, at);
	if (want > o->size - at)
		want = (size_t)(o->size - at);
	o->held = 0;
	rc = pull(o->fd, o->at + at, o->window, want);
	o->from = at;
	o->held = rc == ECERT_OK ? want : 0;
	return rc;
}

enum ecert_rc octets_view(struct octets *o, uint64_t at, struct rd *view)
{
	enum ecert_rc rc = ECERT_OK;
	size_t in;

	*view = rd_of(NULL, 0);
	if (at >= o->size)
		return ECERT_E_MALFORMED;
	if (!o->window) {
		*view = rd_of(o->memory.p + at, (size_t)(o->size - at));
		return ECERT_OK;
	}
	if (at < o->from || at - o->from >= o->held)
		rc = fill(o, at);
	if (rc != ECERT_OK)
		return rc;
	in = (size_t)(at - o->from);
	*view = rd_of(o->window + in, o->held - in);
	return view->n ? ECERT_OK : ECERT_E_IO;
}

enum ecert_rc octets_read(struct octets *o, uint64_t at, void *to, size_t n)
{
	uint8_t *p = to;
	struct rd view;

	while (n) {
		enum ecert_rc rc = octets_view(o, at, &view);
		size_t part = view.n < n ? view.n : n;

		if (rc != ECERT_OK)
			return rc;
		memcpy(p, view.p, part);
		p += part;
		at += part;
		n -= part;
	}
	return ECERT_OK;
}

/* Goes through all of it once: each piece's state, and where it stops. */
static enum ecert_rc go_through(struct octets *o, uint64_t *stopped)
{
	struct base64_state state = {0};
	bool over = false;

	*stopped = o->text_end;
	for (size_t k = 0; k < o->n; k++) {
		struct rd text;
		size_t n = 0;
		enum ecert_rc rc = pull_text(o, k, &text);

		o->piece[k] = (struct piece){o->size, state};
		if (rc != ECERT_OK)
			return rc;
		over = !base64_piece(&state, &text, o->window, &n);
		o->size += n;
		if (over) {
			/* What is left of the text begins with what is no base64. */
			if (text.p[0] != '-')
				return ECERT_E_MALFORMED;
			*stopped = o->at + (uint64_t)k * WINDOW + (uint64_t)(text.p - o->text);
			o->text_end = *stopped;
			o->n = k + 1;
		}
	}
	o->piece[o->n] = (struct piece){o->size, state};
	return o->size && base64_whole(&state) ? ECERT_OK : ECERT_E_MALFORMED;
}

enum ecert_rc octets_of_base64(
    int fd, uint64_t at, uint64_t end, struct octets **out, uint64_t *stopped)
{
	uint64_t n = end > at ? (end - at + WINDOW - 1) / WINDOW : 0;
	struct octets *o;
	enum ecert_rc rc;

	*out = NULL;
	*stopped = at;
	if (!n)
		return ECERT_E_MALFORMED;
	if (n > MAX_PIECES)
		return ECERT_E_TOO_LARGE;
	o = made(fd, at, 0, true);
	if (!o)
		return ECERT_E_MEMORY;
	o->text_end = end;
	o->n = (size_t)n;
	o->text = malloc(WINDOW);
	o->piece = calloc((size_t)n + 1, sizeof *o->piece);
	rc = o->text && o->piece ? go_through(o, stopped) : ECERT_E_MEMORY;
	if (rc != ECERT_OK)
		octets_free(&o);
	*out = o;
	return rc;
}
