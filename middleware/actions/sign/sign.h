/* SPDX-License-Identifier: BSD-2-Clause */
/* Signing files: many with one PIN, each signature beside its file or inside of it. */
#ifndef ECERT_ACTIONS_SIGN_H
#define ECERT_ACTIONS_SIGN_H

#include "actions/names.h"
#include "client/signing.h"
#include "document/format.h"

enum signed_fate {
	SIGNED_NOT,    /* it was not reached */
	SIGNED_NOW,    /* its signature is written */
	SIGNED_BEFORE, /* it was passed over: the same key's signature is there, or it is one */
	SIGNED_FAILED
};

/* Why a file has none. */
struct signed_why {
	enum outcome code;
	const char *reason;
	struct message_kept what, next; /* next.n 0: nothing to add */
};

struct signed_file {
	const char *file; /* as it was named, or found in a folder */
	char *signature;  /* where it, or the signed file, went or is; "-": standard output; NULL */
	enum signed_fate fate;
	struct signed_why *why; /* of SIGNED_FAILED */
};

struct sign_deed {
	struct signing_choice key;
	const char *format;	 /* "cades"; NULL: what fits each file */
	bool attached;		 /* of jades: the file goes inside */
	bool flattened, general; /* of jades: in JSON, for one signature or for several */
	bool detached;		 /* of xades: beside an XML file, too */
	const char *profile;	 /* of xades: "ubl"; NULL: what fits the file */
	const char *container;	 /* all files and their signature in one; NULL: each by itself */
	const char *simple;	 /* the same name, when it is an ASiC-S for one file */
	const char *together;	 /* the same name, when it is one JAdES of files beside it */
	const char *output;  /* of one file only; NULL: beside each, FILE.p7s or FILE-signed.pdf */
	bool in_place;	     /* a file with its signature inside replaces the one without */
	bool force;	     /* replaces what is there */
	bool recursive;	     /* the files in folders, too */
	bool skip_signed;    /* what this key has signed already is passed over */
	bool keep_going;     /* a file that cannot be signed does not stop the others */
	const char *visible; /* where a signature inside is seen (place.h); NULL: nowhere */
	struct strlist tsa; /* URLs of TSAs, asked in turn for a time stamp; none: none is wanted */
	const char *level; /* "B" to "LTA": what the formats have to go to; NULL: nothing is said */
	struct doc_pdf_options pdf; /* of signatures inside of PDFs */
	/* Called when a file is done; NULL: not. */
	void (*each)(void *ctx, const struct signed_file *done);
	void *each_ctx;
};

/* Grows while the deed runs: what is in it is done, also when the deed fails. */
struct sign_result {
	bool began; /* who signs is known, and that it can; what follows holds then */
	struct identity signer;
	const char *algorithm;	   /* "ES256" */
	struct signed_file *files; /* all of them, in the order of their names */
	size_t n;
	size_t done, passed, failed; /* how many of them are that */
	size_t left_out;	     /* links and special files in folders */
	struct named_files names;
};

/*
 * Everything that can be known before is looked at first: files that cannot be read, are none or
 * are empty (OUT_IO, OUT_INPUT), names twice and options that do not fit (OUT_USAGE), signatures
 * that are there (OUT_REFUSED). Then the token and its certificate (signing_begin), of up to
 * SIGN_LOOKED_AT files what has to be known of those that are signed inside (OUT_REFUSED; of more
 * each when its turn comes), the PIN once, and file by file: the next ones are read while the token
 * signs. Between two files ui_cancelled ends it (OUT_INTERRUPTED).
 *
 * skip_signed goes by the signatures that are there, not by a record of what was done: one counts
 * when it is by this very key and over the present bytes of the file, so that a run that was
 * stopped anywhere can be done again: nothing is signed twice, and nothing is left out.
 * keep_going: what a file's own fault is goes into its row, and the deed ends as the first of them
 * did. What the token refuses ends it in any case.
 * Reports its errors; sign_result_free in any case.
 */
#define SIGN_LOOKED_AT 32
enum outcome sign_files(const struct job *job, const struct sign_deed *deed,
    const struct strlist *files, struct sign_result *out) MUST_CHECK;
void sign_result_free(struct sign_result *r);

#endif
