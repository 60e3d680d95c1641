/* SPDX-License-Identifier: BSD-2-Clause */
/* Provisioning a token: the steps that may be taken again after an interruption. */
#ifndef ECERT_PROVISION_INIT_INIT_H
#define ECERT_PROVISION_INIT_INIT_H

#include "provision/cardio.h"
#include "client/escrow.h"

#define INIT_PATH_MAX 4096

struct init_params {
	const char *escrow, *escrow_dir, *new_pin, *new_puk, *puk, *mgm;
	bool generate, protect, resume, many;
};

struct init {
	const struct job *job;
	const struct init_params *o;
	struct prov token; /* which one it is; closed again before the card is opened */
	struct cardio io;
	struct escrow *escrow;
	struct pin pin, puk;	     /* new */
	struct pin old_pin, old_puk; /* present */
	struct mgm_key old_mgm;
	struct card_defaults before;
	const char *mgm_name;	  /* the type that the card took: "AES-256" */
	size_t mgm_len;		  /* and how much of the key that is */
	size_t keys;		  /* that were on the token before, and stay */
	bool already;		  /* nothing was left to be done */
	bool kept;		  /* at the end the token has the management key behind the PIN */
	char path[INIT_PATH_MAX]; /* of the escrow in a folder of them */
	struct init_params run;	  /* o as init_run goes by it */
};

/* Reads the escrow of an earlier run, which must be this token's. Reports its errors. */
enum outcome init_escrow(struct init *in) MUST_CHECK;
/*
 * Sets the token up that in->token names, from its present secrets to the end, by the steps below.
 * Afterwards in->already says whether it was set up with this escrow before, and in->o->escrow is
 * the escrow's name. Reports its errors; init_free has to follow.
 */
enum outcome init_run(struct init *in) MUST_CHECK;
void init_free(struct init *in);
/* Names the escrow of a token in o->escrow_dir. Errors: ECERT_E_NOT_FOUND (it tells no serial
 * number), ECERT_E_TOO_LARGE. */
enum ecert_rc init_path(
    const struct init_params *o, const char *serial, char path[INIT_PATH_MAX]) MUST_CHECK;
/* Looks, where the escrow of an earlier run is there, whether that run was finished (in->already)
 * or has to be gone on with (*resume). On entry *resume says that this was asked for, which counts
 * where the token does not tell. Reports its errors. */
enum outcome init_look_again(struct init *in, bool *resume) MUST_CHECK;

/* Gets the present and the new secrets from their sources, by chance, or from the escrow. Reports
 * its errors. */
enum outcome init_secrets(struct init *in) MUST_CHECK;
/* Tries the present secrets on the card, before anything is written anywhere. */
enum outcome init_check(struct init *in) MUST_CHECK;
/* Writes CHUID and CCC where they are absent. The management key has to be authenticated. */
enum ecert_rc init_objects(struct card *card) MUST_CHECK;
/* Does everything that changes the card. */
enum outcome init_card(struct init *in) MUST_CHECK;

#endif
