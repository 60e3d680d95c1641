/* SPDX-License-Identifier: BSD-2-Clause */
/* An answer that comes in pieces: the asking side of it. For this folder. */
#ifndef ECERT_DOCUMENT_WALL_PIECES_H
#define ECERT_DOCUMENT_WALL_PIECES_H

#include <sys/types.h>

#include "document/wall/ask.h"

struct wall_pieces {
	const struct wall_question *q;
	uint8_t head[4]; /* the length that comes next */
	size_t head_n;
	uint32_t left;	/* bytes of a piece that are to come */
	uint64_t taken; /* by whoever asks */
	bool ended;	/* no more pieces: code, when has_code */
	bool has_code, nonsense, large;
	uint8_t code;
	enum ecert_rc rc; /* of take */
};

/* Up to n bytes, within so many ms; 0: there are no more; -1: it does not go on. */
ssize_t wall_hear(int channel, uint8_t *room, size_t n, int64_t ms);
/* All of them. False: it does not end, or what it says is not taken, as *p tells. */
bool wall_hear_pieces(int channel, struct wall_pieces *p) MUST_CHECK;

#endif
