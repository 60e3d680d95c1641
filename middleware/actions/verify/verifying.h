/* SPDX-License-Identifier: BSD-2-Clause */
/* What the parts of verifying share. */
#ifndef ECERT_ACTIONS_VERIFYING_H
#define ECERT_ACTIONS_VERIFYING_H

#include "actions/names.h"
#include "actions/verify/verify.h"
#include "document/algorithms.h"
#include "document/format.h"
#include "document/kind/kind.h"

/* Less than that is read once, to see what it is and to verify it. */
#define VERIFY_SMALL 16384

/* One thing to verify with everything it needs. */
struct verifying {
	const struct job *job;
	const struct verify_deed *o;
	const struct trust_set *set;
	struct doc_certs *certs; /* parsed once a run; may be NULL */
	struct algorithm_policy algorithms;
	time_t now;
	bool found;		     /* in a folder: nobody named it */
	bool among_others;	     /* no pipe is waited for */
	bool leaves;		     /* what uses up a nonce: see verify_run */
	const struct named_file *of; /* then where */
	const char *name;	     /* the file as the person named it */
	int fd;			     /* of it, when it is a file that was opened already; -1 */
	int sig;		     /* the same of the signature beside it */
	struct rd whole;	     /* of the file, when it is that small; empty: not read */
	uint8_t *small;		     /* room for that: VERIFY_SMALL */
	const char *signed_by;	     /* the signature's file, as it is read */
	struct rd text;		     /* its content (not for signed files) */
	struct verified *r;
};

/*
 * What it is, is up to whoever made the file: an option that only makes sense with another kind
 * says that another kind was expected, and then nothing is valid. False: that is the result.
 */
bool verify_expected(struct verifying *v, enum verify_kind kind);
/* A result of this one check, which failed. */
void verify_unread(struct verifying *v, enum verify_kind kind, enum check_name check,
    enum reason reason, const struct message *m);

/* Opened for reading: "-" is standard input; what was found in a folder is no link, and nothing is
 * waited for in it. -1 with errno. */
int verify_open(const struct verifying *v, const char *path);

/* Whom to trust, read once, and the moment. */
struct verify_run {
	const struct verify_deed *deed;
	struct trust_set *set;
	struct doc_certs *certs; /* NULL: none are kept */
	struct algorithm_policy algorithms;
	struct net_account *asking; /* what may be asked; NULL: nothing */
	time_t now;
	bool among_others; /* a file is one of several */
	/* What uses up a nonce is not judged but left to who tells of it (verified.left): the first
	 * of several in the order of their names is the one that counts. */
	bool leaves;
};

/* Nothing is found yet. */
void verified_init(struct verified *r);
/* As verify_files, by a set that was read before. of: how it came to be one of them; when it was
 * found in a folder, no link is followed and no pipe is read. NULL: it was named. */
enum outcome verify_named(const struct verify_run *run, const struct job *job,
    const struct strlist *files, const struct named_file *of, struct verified *out) MUST_CHECK;
/* Reads whom to trust, once for any number of files. *out is NULL on an error, which was told. */
enum outcome verify_begin(
    const struct job *job, const struct verify_deed *deed, struct verify_run **out) MUST_CHECK;
void verify_end(struct verify_run **run);

/* The file is of a kind that is not verified here, or that has no signature: says which, and what
 * can be done. */
enum outcome verify_no_signature(
    const struct job *job, const char *name, const struct doc_kind_row *kind) MUST_CHECK;
/* More than is read at once. */
enum outcome verify_too_large(const struct job *job, const char *name) MUST_CHECK;
/* A whole token of another kind: told what it is, and what to do with it. False: it is none. */
bool verify_other_token(const struct verifying *v, struct rd text, enum outcome *code);

/* Each fills the result. OUT_OK: it is there; else a reported error. content: NULL when it is
 * inside. */
enum outcome verify_signature(struct verifying *v, const char *content, const char *p7s);
/* A signature with the signed content inside. */
enum outcome verify_signature_inside(struct verifying *v, struct rd p7s);
enum outcome verify_renewal(struct verifying *v);
enum outcome verify_counterparty(struct verifying *v);
enum outcome verify_mark(struct verifying *v);
enum outcome verify_status(struct verifying *v);

/* ---- taking out what is inside ---- */
struct outfile;
struct extraction {
	struct outfile *out; /* NULL: it is not asked for */
	enum ecert_rc rc;    /* of putting */
};

/* Before verifying: refuses a file that is there. o is told where the content goes. */
enum outcome verify_extract_begin(
    const struct verifying *v, struct extraction *x, struct doc_verify_options *o) MUST_CHECK;
/* After it: whether all could be put. */
enum outcome verify_extract_put(const struct verifying *v, const struct extraction *x) MUST_CHECK;
/* When there is a verdict: it appears, or was never there. Returns code, or what went wrong. */
enum outcome verify_extract_end(
    const struct verifying *v, struct extraction *x, enum outcome code) MUST_CHECK;

/* At the end: whom all of it came down to. */
void verify_trusted_collect(struct verified *r, const struct trust_set *set);

/* That is the verdict. */
void verify_judged(struct verifying *v, struct judgement j);
/* An optional file: *out stays empty when path is NULL. */
enum outcome verify_given(const struct job *job, const char *path, struct buf *out) MUST_CHECK;

#endif
