/* SPDX-License-Identifier: BSD-2-Clause */
/* Many documents in one run, by several processes; told in the order of their names. */
#ifndef ECERT_ACTIONS_VERIFY_MANY_H
#define ECERT_ACTIONS_VERIFY_MANY_H

#include "actions/verify/verify.h"
#include "util/buf.h"

/* A file by its bytes. */
struct verify_bytes {
	const char *name; /* NULL: there is none, or it could not be read */
	unsigned long long size;
	char sha256[65]; /* hexadecimal */
};

/* What came out for one of them. */
struct verify_item {
	const char *file;
	/* With verify_batch.bytes: what was verified, and the signature when it is another file. */
	struct verify_bytes content, signature;
	const struct verified *done; /* NULL: there is no verdict */
	/* OUT_OK: it can be relied on. Else why and what next, as a single run has them. */
	enum outcome code;
	const char *reason;
	struct message_kept what, next; /* next.n 0: nothing to add */
};

/* Who is trusted, as the report shows it. */
struct verify_anchor {
	struct verify_trusted who;
	char subject[1024];
};

/* What whoever shows it makes of one document: a line, and what goes into a report. */
#define VERIFY_PARTS	3
#define VERIFY_PART_MAX (4u << 20)

struct verify_sum {
	size_t files, passed, indeterminate, failed, unjudged;
	size_t not_asked;   /* requests that the limit of the run kept back */
	size_t left_out;    /* links and special files in folders */
	enum outcome worst; /* the exit code */
	time_t at;	    /* as of when it was verified */
	bool stopped;	    /* take wanted no more */
};

struct verify_batch {
	const struct strlist *names;
	bool recursive;
	bool bytes;	    /* the files' own digests are wanted, too */
	const char *report; /* written afterwards: none of what is read; NULL: nothing is */
	long jobs;	    /* processes; 0: as many as there are processors for it */
	/* Each trusted one, before the documents; NULL: not asked for. */
	void (*anchor)(void *ctx, const struct verify_anchor *a);
	/* Words a document, in whichever process judged it: nothing that it keeps is seen by take.
	 */
	void (*word)(void *ctx, const struct verify_item *item, struct buf part[VERIFY_PARTS]);
	/* What word wrote, in order, in this process. False: no more. */
	bool (*take)(void *ctx, const struct rd part[VERIFY_PARTS]);
	/* There is nothing more to take for a while: what was held back is shown. */
	void (*rest)(void *ctx);
	void *ctx;
};

/* OUT_OK: each document was told, and sum->worst says what they add up to. Else the run could not
 * begin, and why has been reported. Memory does not grow with the number of documents, but for
 * their names. */
enum outcome verify_many(const struct job *job, const struct verify_deed *deed,
    const struct verify_batch *batch, struct verify_sum *sum) MUST_CHECK;

/* The report's file: refused before any work is done where it cannot be written (outfile_vacant),
 * and written whole or not at all from the open file fd. Errors are told. */
enum outcome verify_report_vacant(const struct job *job, const char *path, bool force) MUST_CHECK;
enum outcome verify_report_save(
    const struct job *job, const char *path, int fd, bool force) MUST_CHECK;

/* The worse of two outcomes: stopped, a defect, failed, not judged, indeterminate, passed. */
enum outcome verify_worse(enum outcome a, enum outcome b);

#endif
