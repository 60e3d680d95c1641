/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files of the card room share. */
#ifndef ECERT_CARD_PRIV_H
#define ECERT_CARD_PRIV_H

#include "apdu/apdu.h"
#include "card/card.h"
#include "ecert/piv_const.h"

/* One kind of card: how to know it, and where it leaves the standard. */
struct card_model {
	const char *name;
	const char *mark; /* text in the SELECT answer's label or in the ATR's historical bytes */
	unsigned has, lacks; /* enum card_feature bits that need no asking */
	unsigned quirks;     /* enum card_quirk bits */
	uint8_t
	    retired; /* how many of 82..95 there are; 0: all of them, or the card shows how many */
	uint32_t algs;	     /* 1 << enum key_alg: keys that it may have */
	uint32_t object_max; /* the most that an object takes; 0: not known */
};

enum card_quirk {
	QUIRK_EXTENDED = 1,    /* It takes extended length, though the ATR does not say so. */
	QUIRK_ORIGIN_ZERO = 2, /* Its metadata say the origin as 0, generated, or 1, imported. */
	QUIRK_FIXED = 4,       /* An object keeps the size that it was made with. */
};

struct card {
	struct channel *ch;
	const struct card_model *model;
	struct apdu_caps caps;
	unsigned features, unknown;
	unsigned held;	 /* transactions, nested */
	bool in_pieces;	 /* It has answered 61xx to a command that goes alone. */
	bool mgm;	 /* 9B was authenticated since the last SELECT or reset. */
	uint8_t pin_ref; /* 80, or 00 where Discovery says that the global PIN rules */
	uint8_t
	    retired;   /* so many retired slots at most, until the card has shown where they end */
	uint32_t algs; /* 1 << enum key_alg that it may have, or has shown */
	bool discovered; /* The Discovery object has been asked for. */
	uint16_t silent; /* what a card that does not take an empty VERIFY answers to it; 0 */
	bool identity_known, status_known;
	bool marked_virtual; /* The label in the SELECT answer says so. */
	struct card_identity identity;
	struct card_status status;
};

/* model.c: finds the row whose mark stands in the SELECT answer or in the ATR. The last row fits
 * every card. */
const struct card_model *card_model_find(struct rd label, struct rd atr);

/* Sends one command; the caller looks at *sw. out may be NULL where no data is expected. After a
 * reset the management key's login is known to be gone. Outside of a transaction the command goes
 * as one APDU, or it enters a transaction by itself, so that no other program's command ever comes
 * between its pieces. */
enum ecert_rc card_exchange(
    struct card *c, const struct apdu *cmd, struct buf *out, uint16_t *sw) MUST_CHECK;
/* Does the same; any status but 9000 is an error, by the common table. */
enum ecert_rc card_call(struct card *c, const struct apdu *cmd, struct buf *out) MUST_CHECK;

/* For a command that only some cards have: remembers by sw whether this card has it. True: the
 * card does not know the instruction. */
bool card_lacks(struct card *c, enum card_feature f, uint16_t sw);

/* Enters a transaction, nested in the caller's if there is one. After ECERT_E_RESET it is ended
 * already. */
enum ecert_rc card_enter(struct card *c) MUST_CHECK;
/* Does card_exchange in such a transaction. */
enum ecert_rc card_ask(
    struct card *c, const struct apdu *cmd, struct buf *out, uint16_t *sw) MUST_CHECK;

/* key.c: notes that the card has said that it has no such reference. */
void card_no_reference(struct card *c, uint8_t ref);

/* object.c: appends the tag list that names an object in a command. */
void card_put_path(struct buf *b, uint32_t tag);

/* status.c: forgets the e-Cert status after a write. */
void card_status_drop(struct card *c);

#endif
