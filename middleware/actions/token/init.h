/* SPDX-License-Identifier: BSD-2-Clause */
/* Setting tokens up: PIN, PUK, management key and its escrow. One, or one after the other. */
#ifndef ECERT_ACTIONS_TOKEN_INIT_H
#define ECERT_ACTIONS_TOKEN_INIT_H

#include "provision/init/init.h"

/* One token, and what was done with it. */
struct token_set_up {
	enum outcome code; /* of many: how this one ended; the rest holds when it is OUT_OK */
	char label[40], serial[40]; /* these always */
	char escrow[INIT_PATH_MAX];
	const char *mgm_name;	 /* the kind of management key that the card took: "AES-256" */
	size_t digits;		 /* so many of the escrow's are that key; 0: all */
	size_t keys;		 /* that were on it before, and stay */
	bool already;		 /* nothing was left to be done */
	bool pin_made, puk_made; /* by chance; they are in the escrow */
	bool kept;		 /* the token has the management key behind the PIN */
};

/* Reports its errors. */
enum outcome token_init(
    const struct job *job, const struct init_params *deed, struct token_set_up *out) MUST_CHECK;

struct many_deed {
	const struct init_params *each; /* with a folder of escrows */
	/* Called when a token is done or has failed; NULL: not. */
	void (*told)(void *ctx, const struct token_set_up *one);
	void *told_ctx;
};

struct many_result {
	size_t done, already, failed;
};

/* Each token that is put in, until ui_cancelled; the one under way is finished first. Failures are
 * reported one by one; the first one's code is the answer. */
enum outcome token_init_many(
    const struct job *job, const struct many_deed *deed, struct many_result *out) MUST_CHECK;

/* ---- steps of both ---- */
/* What is wrong with the options and the place of the escrow, before any token is looked at.
 * Reports it. */
enum outcome token_init_may_start(const struct job *job, const struct init_params *o) MUST_CHECK;
/* What init_run has done, as facts. */
void token_set_up_of(const struct init *in, enum outcome code, struct token_set_up *out);

#endif
