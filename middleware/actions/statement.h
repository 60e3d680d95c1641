/* SPDX-License-Identifier: BSD-2-Clause */
/* A signed statement (a JWS) for others to judge: what goes into it, and where it goes. */
#ifndef ECERT_ACTIONS_STATEMENT_H
#define ECERT_ACTIONS_STATEMENT_H

#include <time.h>

#include "document/report.h"
#include "ui/job.h"
#include "util/buf.h"

#define STATEMENT_PATH_MAX 4096

/* Where it goes. */
struct statement_to {
	const char *path; /* "-": standard output; NULL: as the deed says */
	bool force;	  /* replaces a file that is there */
	/* In standard output's place, when it is not NULL: gets the text; what it returns ends the
	 * deed. */
	enum outcome (*take)(void *ctx, const char *jws);
	void *ctx;
};

/* The options of a deed leave the time open (0): that is the deed's moment. */
time_t statement_now(const struct job *job, time_t given);
/* Text that people can read, as claims are. */
bool statement_is_text(const char *s);
/* An optional file: out stays empty when path is NULL. Reports its errors. */
enum outcome statement_load(const struct job *job, const char *path, struct buf *out) MUST_CHECK;
/* Says why something is not signed, by the first check that is not good, OUT_REFUSED; OUT_OK when
 * all are. what: "The request does not fit who signs it"; next: an id. */
enum outcome statement_unfit(const struct job *job, const struct report *rep,
    const struct message *what, const char *next) MUST_CHECK;
/* Writes it to path ("-": standard output) with a line end, or has it taken. Reports its errors. */
enum outcome statement_deliver(const struct job *job, const struct statement_to *to,
    const char *path, struct buf *jws) MUST_CHECK;

#endif
