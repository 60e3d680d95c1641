/* SPDX-License-Identifier: BSD-2-Clause */
/* What goes through the wall: one request in, one answer out, each behind its length. */
#ifndef ECERT_DOCUMENT_WALL_FRAME_H
#define ECERT_DOCUMENT_WALL_FRAME_H

/*
 * Request, read from 0: u32 length of what follows; u8 length of the operation's name, name;
 * u8 number of inputs; the request itself. The inputs are the descriptors from WALL_FIRST_INPUT on,
 * open for reading.
 * Answer, written to 1: u32 length of what follows; u8 an enum ecert_rc; with ECERT_OK the
 * answer itself. Numbers have their highest byte first.
 */
#define WALL_REQUEST	 0
#define WALL_ANSWER	 1
#define WALL_COMPLAINTS	 2 /* nobody listens */
#define WALL_FIRST_INPUT 3
#define WALL_INPUTS_MAX	 8
#define WALL_REQUEST_MAX (16u << 20)
#define WALL_ANSWER_MAX	 (64u << 20)

/* What all operations may use: bytes of memory besides the inputs, seconds of the processor. */
#define WALL_MEMORY  (512ull << 20)
#define WALL_SECONDS 10

#endif
