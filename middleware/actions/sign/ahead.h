/* SPDX-License-Identifier: BSD-2-Clause */
/* One key for many files: while it signs for one, the next ones are read and the last ones are
 * written, each by a thread. The key, the person and what is counted belong to the thread that
 * calls, and are asked and told in the order of the files. */
#ifndef ECERT_ACTIONS_AHEAD_H
#define ECERT_ACTIONS_AHEAD_H

#include "actions/sign/sign.h"

/* So many files are under way at once: one that the key signs for, one behind it that is being
 * written, one or two before it that are being read. */
#define AHEAD_FILES 4
/* A file that is written early waits to be told until those before it are, and its thread goes on:
 * up to so many from the first that is not told. */
#define AHEAD_ENDS 8

/* The card is what takes long: who talks to it never waits for a processor on which files are read.
 */
#define AHEAD_NICE 5

/* What whoever signs one file is given: both go to the thread that called, and wait for it. */
struct ahead_hand {
	struct job job;	       /* failures are kept, notes are told, ui_cancelled: give it up */
	struct doc_signer key; /* its turn comes with the file's */
	bool hopeless;	       /* set: with this key no other file will fare better */
};

struct ahead_end {
	enum outcome code;
	struct signed_why why; /* of another code than OUT_OK */
	bool given_up;	       /* because it was to stop: nothing is wrong with the file */
	bool hopeless;	       /* the key refused it, or whoever signed it says so */
};

struct ahead {
	const struct job *job;
	const struct doc_signer *key;
	size_t n;
	void *ctx;
	/* In a thread of its own; the i-th from 0. */
	enum outcome (*sign)(void *ctx, struct ahead_hand *hand, size_t i);
	/* In order. False: no more of them. */
	bool (*told)(void *ctx, size_t i, const struct ahead_end *end);
};

/* What was begun is seen to its end. *stopped: the person ended it. Errors: ECERT_E_MEMORY (no
 * thread). */
enum ecert_rc ahead_run(const struct ahead *a, bool *stopped) MUST_CHECK;

#endif
