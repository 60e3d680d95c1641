/* SPDX-License-Identifier: BSD-2-Clause */
/* The card itself, for provisioning: what the token layer has no words for. */
#ifndef ECERT_PROVISION_CARDIO_H
#define ECERT_PROVISION_CARDIO_H

#include "card/card.h"
#include "provision/prov.h"

struct cardio {
	struct readers *readers;
	struct card *card;
};

/* Opens the card in this reader. */
enum ecert_rc cardio_open(const struct job *job, const char *reader, struct cardio *out) MUST_CHECK;
void cardio_close(struct cardio *io);

/* Tries and factory values by metadata; -1 and unknown where the card has none. */
struct card_defaults {
	struct card_pin_status pin, puk;
	bool mgm_default, mgm_known;
};
void cardio_defaults(struct card *card, struct card_defaults *out);
/* Asks the card in this reader for them; what cannot be asked stays unknown. */
void cardio_defaults_at(const struct job *job, const char *reader, struct card_defaults *out);
/* How many tries the PUK of the card in this reader has left; -1 when it does not tell. */
int cardio_puk_tries(const struct job *job, const char *reader);

#endif
