/* SPDX-License-Identifier: BSD-2-Clause */
/* Time stamps for what is signed, from one of several TSAs. */
#ifndef ECERT_ACTIONS_SIGN_STAMPING_H
#define ECERT_ACTIONS_SIGN_STAMPING_H

#include <pthread.h>

#include "actions/sign/sign.h"

/* One run of it. */
struct stamping {
	const struct job *job;
	const struct strlist *tsa;
	pthread_mutex_t *turn; /* held while one is asked: of a batch one at a time; NULL */
	size_t first;	       /* the one that answered last, and is asked first */
	size_t missing;	       /* signatures for which nobody gave one */
};

/* Where the TSAs are asked that the person trusts (`ecert trust add --kind tsa --url`), for who
 * names none. stamping_known_free in any case. */
enum outcome stamping_known(const struct job *job, struct strlist *out) MUST_CHECK;
void stamping_known_free(struct strlist *known);
/* The addresses alone (OUT_USAGE). */
enum outcome stamping_urls(const struct job *job, const struct strlist *tsa) MUST_CHECK;
/* A doc_stamp_fn; ctx: a struct stamping. */
enum ecert_rc stamping_stamp(void *ctx, struct rd value, struct buf *token) MUST_CHECK;
/* The same for what has this SHA-256. */
enum ecert_rc stamping_imprint(void *ctx, struct rd sha256, struct buf *token) MUST_CHECK;
/* Looks at the addresses before anything is asked of a person (OUT_USAGE). */
enum outcome stamping_check(const struct job *job, const struct sign_deed *d) MUST_CHECK;
/* What is signed with these options gets a time stamp, when somebody is to be asked for one. */
void stamping_into(struct stamping *s, struct doc_sign_options *o);

#endif
