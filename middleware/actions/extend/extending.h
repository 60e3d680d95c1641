/* SPDX-License-Identifier: BSD-2-Clause */
/* What the parts of extending share. */
#ifndef ECERT_ACTIONS_EXTENDING_H
#define ECERT_ACTIONS_EXTENDING_H

#include <limits.h>

#include "actions/extend/extend.h"
#include "actions/reading.h"
#include "actions/sign/stamping.h"
#include "actions/verify/verifying.h"
#include "client/outfile.h"
#include "document/extend/extend.h"

/* One file on its way up. */
struct extending {
	const struct job *job;
	const struct extend_deed *o;
	enum doc_level level;
	struct verify_run *run;
	struct stamping *stamps;
	const char *name;	  /* as the person named it */
	const char *of;		  /* the signed file, where that was named as well; or NULL */
	char signature[PATH_MAX]; /* what is extended */
	char content[PATH_MAX];	  /* the signed file beside it; empty: it is inside */
	int fd, content_fd;	  /* -1: none */
	enum doc_kind kind;
	struct outfile *now; /* as it is after the last step; NULL: as in the file */
	struct reading *bar;
};

/* The fd of what there is now, from its beginning on. */
int extend_fd_now(const struct extending *e);

/* A path that was asked about while a document was verified. */
struct extend_question {
	X509 *leaf;
	STACK_OF(X509) * others;
	STACK_OF(X509_CRL) * crls;
	struct buf *ocsps;
	size_t ocsps_n;
	time_t at;
	bool unclaimed, stamp;
	bool accepted;	     /* with the two that follow */
	time_t proved, kept; /* as in struct doc_proof; 0: nothing proved it */
};

#define EXTEND_QUESTIONS 160

/* What a file is worth now, and what its paths stand on. All owned. */
struct looked {
	struct doc_result *r;
	struct judgement judged;
	struct extend_question *q;
	size_t n;
	struct doc_material *material; /* what is to be put in */
	struct buf *der;	       /* of each */
	size_t material_n;
	struct {
		char about[80];
		struct message_kept why;
		time_t over; /* as in struct trust_lack */
	} * lack;	     /* certificates of which nobody tells */
	size_t lacks;
	char refused_about[80]; /* whose path is not accepted */
	struct check refused;	/* why; its name is NULL: all are, or nobody said */
	time_t until;		/* some answer about a CA is good until then only; 0: none is */
	char until_about[80];
};

/* Verifies what there is now. gather: and asks, as the deed says, for what is missing. Reports its
 * errors. */
enum outcome extend_look(struct extending *e, bool gather, struct looked *out) MUST_CHECK;
void extend_look_free(struct looked *l);
/* Fills l's material and lacks. False: the path of one is not accepted, or memory was out. */
bool extend_gather(struct extending *e, struct looked *l);

/* All steps of one file. Reports its errors. */
enum outcome extend_one(struct extending *e, struct extended_file *out) MUST_CHECK;

#endif
