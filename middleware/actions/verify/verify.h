/* SPDX-License-Identifier: BSD-2-Clause */
/* Verifying, whatever it is: finds out what a file is, walks its checks and says what they add up
 * to. */
#ifndef ECERT_ACTIONS_VERIFY_H
#define ECERT_ACTIONS_VERIFY_H

#include <jansson.h>

#include "actions/online/online.h"
#include "actions/trustopts.h"
#include "actions/verify/trusted.h"
#include "document/result.h"
#include "trust/counterparty/counterparty.h"
#include "trust/renewal/renewal.h"

/* What a file turns out to be, by its own bytes. */
enum verify_kind {
	VERIFY_SIGNATURE,
	VERIFY_RENEWAL,
	VERIFY_COUNTERPARTY,
	VERIFY_MARK,
	VERIFY_STATUS,
	VERIFY_UNKNOWN, /* a token that is damaged */
	VERIFY_KINDS
};

/* What the relying party says; NULL and 0: nothing. */
struct verify_deed {
	struct trust_options trust;
	struct online_options online;
	const char *audience, *nonce, *nonce_store, *level, *previous, *status, *subject;
	struct strlist algorithms; /* "SHA1=2030-01-01": until when each is relied on */
	bool need_mark;
	long status_age;     /* hours */
	const char *signer;  /* whose signature is asked for (doc_result_ask) */
	const char *extract; /* where the signed content goes; "-": standard output */
	const char *member;  /* of a container: which file; NULL: its only one */
	bool extract_indeterminate, force;
	long extract_revision; /* of a signed PDF: which of its signed states; 0: the last one */
};

#define VERIFY_TRUSTED_MAX 8

/* May not be moved: why looks into it. */
struct verified {
	enum verify_kind kind;
	const char *file; /* as it was named */
	char *about;	  /* the signature's file, where nothing of it can be read; NULL */
	enum verdict verdict;
	enum sub_indication sub;
	const char *indication;	 /* its name in the standard; "": none */
	const struct check *why; /* the check that decided; NULL: none was made, or all passed */
	/* It is not what was asked for, or damaged: one check in report, and nothing was looked
	 * at. */
	bool unread;
	struct online_result online; /* what was asked, or would be */
	/* By the kind one of these; NULL else. */
	struct doc_result *signature;
	struct renewal_result *renewal;
	struct counterparty_result *counterparty;
	/* a signature */
	char *content;	      /* the signed file's name; NULL: it is inside */
	char *signature_file; /* the signature's name; NULL: it came through a pipe */
	const char *extract;  /* where what is inside was to go; NULL: nowhere */
	bool extracted;	      /* and is */
	bool left;	      /* it was not judged here (verify_run) */
	/* a counterparty */
	const char *evidence; /* the level's name */
	bool proves;	      /* no check failed: what it says of itself counts */
	/* a mark or its status */
	struct mark_info mark;
	bool has_status;	 /* one was looked at */
	char status[32];	 /* that its issuer gave; empty: none */
	char status_reason[256]; /* the issuer's own words; empty: none */
	/* The trusted certificates that checks came down to, as many as are told. */
	struct verify_trusted trusted[VERIFY_TRUSTED_MAX];
	size_t trusted_n;
	bool active, mark_good; /* of a status: it says so; the mark counts by itself */
	struct report report;
};

/*
 * One file (a signature of another file is looked for beside it; "-" is standard input), or a
 * signed file and its signature. OUT_OK: there is a verdict, whichever it is. Else nothing could be
 * judged, and why has been reported. verified_free in any case.
 */
enum outcome verify_files(const struct job *job, const struct verify_deed *deed,
    const struct strlist *files, struct verified *out) MUST_CHECK;
void verified_free(struct verified *r);

/* OUT_OK when it can be relied on. Else OUT_INVALID or OUT_INDETERMINATE, and the last sentence is
 * reported to ui: what decided, and what to do next. */
enum outcome verified_close(const struct ui *ui, const struct verified *r) MUST_CHECK;
/* It passed, and a person has to know something beside that word: the i-th such clause (an id), the
 * first one about revocation where nobody could say that; NULL behind the last one. */
const char *verified_but(const struct verified *r, size_t i);
/* What to do next about the check that decided: an id, never NULL. why may be NULL, and so may the
 * signature that it is about. asked: what was asked online, or would be. */
const char *verify_advice(
    const struct check *why, const struct doc_signature *of, const struct online_result *asked);

/* The check that decides what one report of it adds up to; NULL: all passed, or none was made. */
const struct check *verify_why(const struct report *rep);

/* "signature", "trust-mark": stable, for programs. */
const char *verify_kind_name(enum verify_kind kind);
/* The document for programs, but for its last two members "file" and "kind"; the caller owns it.
 * NULL when memory is out. */
json_t *verified_json(const struct verified *r);

#endif
