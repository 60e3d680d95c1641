/* SPDX-License-Identifier: BSD-2-Clause */
/* The inner side of the wall: operations on hostile bytes, in a process that can do nothing else.
 */
#ifndef ECERT_WALL_WALL_H
#define ECERT_WALL_WALL_H

#include "util/buf.h"

/* What an operation is given. The inputs are files in memory, which may change under its eyes: it
 * reads them as it would a network. */
struct wall_call {
	struct rd request;
	const struct rd *input;
	size_t inputs;
	/* Sends a piece of the answer, up to WALL_PIECE_MAX bytes; NULL: it is appended as any
	 * other. Errors: ECERT_E_IO: nobody listens any more. */
	enum ecert_rc (*put)(const struct wall_call *call, struct rd piece);
};

/*
 * One row a question that may be asked. run appends its answer; the answer goes out with
 * ECERT_OK only. Errors: ECERT_E_MALFORMED (the input breaks its own format), ECERT_E_UNSUPPORTED,
 * ECERT_E_MEMORY, ECERT_E_TOO_LARGE; whatever else it returns counts as a defect of ours.
 */
struct wall_op {
	const char *name;
	enum ecert_rc (*run)(const struct wall_call *call, struct buf *answer);
	bool in_pieces; /* it uses the call's put, and appends nothing */
};

/* The operations of ecert-wall. */
extern const struct wall_op wall_ops[];
extern const size_t wall_ops_n;

/*
 * The whole program: waits for questions until nobody can ask any more, and has a process of its
 * own serve each. Returns what main returns.
 */
int wall_gate(const struct wall_op *ops, size_t n) MUST_CHECK;

/* What such a process does. The file as memory; the descriptor is closed. Errors: ECERT_E_IO. */
enum ecert_rc wall_input(int fd, struct rd *out) MUST_CHECK;
/* Gives everything up that it could do, then serves one request of standard input, whose answer
 * goes to standard output. Returns its exit status: 0 also when the operation failed, since the
 * answer says so. */
int wall_serve(
    const struct wall_op *ops, size_t n, const struct rd *input, size_t inputs) MUST_CHECK;

/* Sets the limits on what is used, the memory by `mapped` bytes above what all may use, then
 * takes every system call away that opens, connects or starts something. Errors:
 * ECERT_E_UNSUPPORTED: this kernel cannot, so nothing may be read. */
enum ecert_rc wall_limit(uint64_t mapped, unsigned seconds) MUST_CHECK;
enum ecert_rc wall_filter(void) MUST_CHECK;

#endif
