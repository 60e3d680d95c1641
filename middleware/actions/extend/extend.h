/* SPDX-License-Identifier: BSD-2-Clause */
/* Making signatures last that were made before: a time stamp, what their verification needs of
 * others, and a time stamp of all that. */
#ifndef ECERT_ACTIONS_EXTEND_H
#define ECERT_ACTIONS_EXTEND_H

#include "actions/verify/verify.h"

struct extend_deed {
	struct verify_deed as; /* whom to trust, and whether others are asked (trust, online) */
	const char *level;     /* "T", "LT" or "LTA" */
	struct strlist tsa;    /* URLs of TSAs, asked in turn */
	const char *output; /* of one file only; NULL: what was extended replaces what there was */
	bool force;	    /* replaces an output that is there */
	/* Called when a file is done; NULL: not. */
	void (*each)(void *ctx, const char *written);
	void *each_ctx;
};

/* Why a file was left alone. */
struct extend_why {
	enum outcome code;
	const char *reason;
	struct message_kept what, next; /* next.n 0: nothing to add */
};

struct extended_file {
	const char *file;	/* as it was named */
	char *written;		/* what was written; NULL: nothing */
	const char *was, *is;	/* its first signature's profile: static; NULL: unknown */
	struct extend_why *why; /* of a file that was left alone; NULL: it was not */
};

/* Grows while the deed runs. */
struct extend_result {
	struct extended_file *files; /* the first n of those named */
	size_t n, failed;
};

/*
 * Each file is verified as `ecert verify` does, with what the person trusts; then the steps follow
 * that it lacks. It is replaced at once, and only by what verifies no worse. What is missing for LT
 * is named, certificate by certificate, and the file left alone (OUT_INDETERMINATE); when no TSA
 * answers, too (OUT_IO). Of several files one that is left alone does not stop the others, and the
 * deed ends as the first of them did. Reports its errors; extend_result_free in any case.
 */
enum outcome extend_files(const struct job *job, const struct extend_deed *deed,
    const struct strlist *files, struct extend_result *out) MUST_CHECK;
void extend_result_free(struct extend_result *r);

#endif
