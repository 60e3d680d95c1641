/* SPDX-License-Identifier: BSD-2-Clause */
/* Asking about a hostile file: the question goes to a process that can do nothing else. */
#ifndef ECERT_DOCUMENT_WALL_ASK_H
#define ECERT_DOCUMENT_WALL_ASK_H

#include "document/report.h"
#include "document/wall/frame.h"
#include "util/buf.h"

/* How a question ended. */
enum wall_end {
	WALL_ANSWERED,
	WALL_MALFORMED,	  /* the file breaks its own format */
	WALL_UNSUPPORTED, /* it is of a kind that is not read */
	WALL_TOO_LARGE,	  /* more of something than is looked at */
	WALL_OVER_MEMORY,
	WALL_OVER_TIME,
	WALL_CRASHED, /* the reader died of the file, or answered nonsense */
	WALL_END_COUNT
};

struct wall_question {
	const char *op; /* as in the table of ecert-wall */
	struct rd request;
	const int *fd; /* files, open for reading; where they stand is left alone */
	size_t fds;    /* up to WALL_INPUTS_MAX */
	/* Takes pieces of an answer that comes in pieces, up to `most` bytes in all. What was taken
	 * is worth nothing unless the end is WALL_ANSWERED. What it returns but ECERT_OK ends the
	 * question, and is returned. */
	enum ecert_rc (*take)(void *ctx, struct rd piece);
	void *ctx;
	uint64_t most;
};

/*
 * Appends the answer to out, up to its maximum, when end is WALL_ANSWERED; else nothing. It is
 * untrusted. Errors: ECERT_E_NOT_FOUND (ecert-wall is not installed, or this system cannot hold
 * it), ECERT_E_IO, ECERT_E_MEMORY, ECERT_E_TOO_LARGE (the request), ECERT_E_INTERNAL (no such
 * operation).
 */
enum ecert_rc wall_ask(
    const struct wall_question *q, struct buf *out, enum wall_end *end) MUST_CHECK;

/* REASON_NONE for WALL_ANSWERED. */
enum reason wall_reason(enum wall_end end);
/* The same in words, an id of the catalogue: "it breaks the rules of its own format". */
const char *wall_words(enum wall_end end);

#endif
