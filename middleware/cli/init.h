/* SPDX-License-Identifier: BSD-2-Clause */
/* Provisioning a token: the steps that may be taken again after an interruption. */
#ifndef ECERT_CLI_INIT_H
#define ECERT_CLI_INIT_H

#include "cli/cardio.h"
#include "cli/escrow.h"

struct init_params {
	const char *escrow, *new_pin, *new_puk, *puk, *mgm;
	bool generate, protect, resume;
};

struct init {
	const struct cli *c;
	const struct init_params *o;
	struct prov token; /* which one it is; closed again before the card is opened */
	struct cardio io;
	struct escrow *escrow;
	struct pin pin, puk;	     /* new */
	struct pin old_pin, old_puk; /* present */
	struct mgm_key old_mgm;
	struct card_defaults before;
	const char *mgm_name; /* the type that the card took: "AES-256" */
	size_t mgm_len;	      /* and how much of the key that is */
};

/* The present and new secrets, from sources, chance, or the escrow. Reports its errors. */
enum cli_exit init_secrets(struct init *in) MUST_CHECK;
/* The present secrets tried on the card, before anything is written anywhere. */
enum cli_exit init_check(struct init *in) MUST_CHECK;
/* CHUID and CCC, where absent. Management key authenticated. */
enum ecert_rc init_objects(struct card *card) MUST_CHECK;
/* Everything that changes the card. */
enum cli_exit init_card(struct init *in) MUST_CHECK;

#endif
