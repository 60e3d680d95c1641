/* SPDX-License-Identifier: BSD-2-Clause */
/* Signing files: many with one PIN, each signature beside its file or inside of it. */
#ifndef ECERT_ACTIONS_SIGN_H
#define ECERT_ACTIONS_SIGN_H

#include "client/signing.h"
#include "document/format.h"

struct signed_file {
	const char *file; /* as it was named */
	char *signature;  /* where it, or the signed file, went; "-": standard output */
};

struct sign_deed {
	struct signing_choice key;
	const char *format;	 /* "cades"; NULL: what fits each file */
	bool attached;		 /* of jades: the file goes inside */
	bool flattened, general; /* of jades: in JSON, for one signature or for several */
	const char *container;	 /* all files and their signature in one; NULL: each by itself */
	const char *output;  /* of one file only; NULL: beside each, FILE.p7s or FILE-signed.pdf */
	bool in_place;	     /* a file with its signature inside replaces the one without */
	bool force;	     /* replaces what is there */
	const char *visible; /* where a signature inside is seen (place.h); NULL: nowhere */
	struct strlist tsa; /* URLs of TSAs, asked in turn for a time stamp; none: none is wanted */
	struct doc_pdf_options pdf; /* of signatures inside of PDFs */
	/* Called when a file is done; NULL: not. */
	void (*each)(void *ctx, const struct signed_file *done);
	void *each_ctx;
};

/* Grows while the deed runs: what is in it is done, also when the deed fails. */
struct sign_result {
	bool began; /* the PIN was right; what follows holds then */
	struct identity signer;
	const char *algorithm;	   /* "ES256" */
	struct signed_file *files; /* the first n of those named */
	size_t n;
};

/*
 * Everything that can be known before is looked at first: files that cannot be read, are none or
 * are empty (OUT_IO, OUT_INPUT), names twice and options that do not fit (OUT_USAGE), signatures
 * that are there (OUT_REFUSED). Then the token and its certificate (signing_begin), what has to be
 * known of files that are signed inside (OUT_REFUSED), the PIN once, and file by file. Between two
 * files ui_cancelled ends it (OUT_INTERRUPTED). Reports its errors; sign_result_free in any case.
 */
enum outcome sign_files(const struct job *job, const struct sign_deed *deed,
    const struct strlist *files, struct sign_result *out) MUST_CHECK;
void sign_result_free(struct sign_result *r);

#endif
