/* SPDX-License-Identifier: BSD-2-Clause */
/* What goes through the wall: one request in, one answer out, each behind its length. */
#ifndef ECERT_DOCUMENT_WALL_FRAME_H
#define ECERT_DOCUMENT_WALL_FRAME_H

/*
 * ecert-wall has a socket (SOCK_SEQPACKET) as its standard input. A message on it is one byte and
 * descriptors: a pipe's end for writing, a stream socket, the inputs, open for reading. For each it
 * starts a process that has the stream as standard input and output, and that reads one request
 * and writes one answer. When that process has ended the pipe is told how, in an int32_t as waitpid
 * has it, or minus an errno when there was none; when nobody has the pipe's other end any more, the
 * process is ended.
 *
 * Request: u32 length of what follows; u8 length of the operation's name, name; the request itself.
 * Answer: u32 length of what follows; u8 an enum ecert_rc; with ECERT_OK the
 * answer itself. Numbers have their highest byte first.
 *
 * What may be large comes in pieces: u32 length, which is not 0, and so many bytes; behind the last
 * one u32 0, and u8 an enum ecert_rc.
 */
#define WALL_QUESTIONS	 0
#define WALL_REQUEST	 0
#define WALL_ANSWER	 1
#define WALL_COMPLAINTS	 2 /* nobody listens */
#define WALL_INPUTS_MAX	 8
#define WALL_REQUEST_MAX (16u << 20)
#define WALL_ANSWER_MAX	 (64u << 20)

/* What all operations may use: bytes of memory besides the inputs, seconds of the processor. */
#define WALL_MEMORY  (512ull << 20)
#define WALL_SECONDS 10
/* The same of one that answers in pieces, the greatest of which this is. */
#define WALL_PIECES_SECONDS 60
#define WALL_PIECE_MAX	    65536

#endif
