/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files of foreign-card share: the skin's traits and the command under way. */
#ifndef ECERT_TESTS_FOREIGN_CARD_H
#define ECERT_TESTS_FOREIGN_CARD_H

#include "applet-spec/core/card.h"
#include "applet-spec/vcard/vcard.h"

#define FOREIGN_MAX 8192 /* a whole command's data, or a whole answer */

struct skin {
	const char *name;
	const char *label; /* in the SELECT answer; NULL: the minimal template */
	const uint8_t *atr;
	size_t atr_len;
	size_t piece;	 /* longest answer without 61xx */
	size_t longest;	 /* command data that an extended APDU may bring; 0: none is taken */
	bool extensions; /* INS EE..FF */
	bool attest, move;
	bool select_first; /* 6986 until SELECT after a reset */
	bool pin_lost_on_select;
	bool always_is_once;   /* 9C behaves as PIN once, and metadata says so */
	bool always_is_strict; /* VERIFY must come immediately before */
	bool repeat_status;    /* GET RESPONSE after another command repeats its status */
	bool zero_history, long_lengths, bare_empty;
	bool no_chuid; /* nothing that tells one card from another */
	bool no_count; /* VERIFY tells no tries, whether or not a PIN is with it */
	bool no_logout;
	uint8_t more_tries;   /* than the three of the applet */
	bool t0;	      /* every answer is fetched by GET RESPONSE */
	bool gzip;	      /* certificates were stored compressed */
	uint16_t unknown_ins; /* 0: 6D00 */
	uint16_t unknown_aid, unpadded, empty_use, empty_attest, long_digest;
	uint16_t chained_get;  /* what a GET DATA in parts is answered; 0: it works */
	uint8_t retired;       /* how many retired slots there are; 0: all twenty */
	size_t object_max;     /* of a PUT DATA's data: more ends its last part with 6700, and what
				  came before is there instead of the old object */
	bool no_growth;	       /* an object keeps its first size: 6A84 */
	bool no_admin;	       /* 5FFF00 and 5FC10C cannot be written */
	bool strict_use;       /* EC: 9D does not sign, the others do not agree: 6A86 */
	bool origin_from_zero; /* in metadata: 0 generated, 1 imported */
	bool blind_import;     /* metadata of an imported key: 6F00; attested like the others */
	bool tdes_only;	       /* no other management key, and RSA-2048 and P-256 only */
	bool torn_attestation; /* the certificate that ATTEST makes lacks its end */
	bool refused_verifies; /* a refused new PIN leaves the right old one verified */
};

/* The skin that ECERT_TEST_SKIN names; ends the program when there is none such. */
const struct skin *skin(void);

/* The answer under way: data that GET RESPONSE still has to bring. */
struct answer {
	uint8_t data[FOREIGN_MAX];
	size_t len, at;
	uint16_t last;
	bool selected, between;
};
extern struct answer now;

/* The applet's whole answer to a command, all pieces joined, into now. */
uint16_t whole(struct vcard *v, const uint8_t *apdu, size_t len);

/* The command's data, all parts of a chain joined; complete: this was the last part. */
struct command {
	uint8_t ins, p1, p2;
	uint8_t data[FOREIGN_MAX];
	size_t len;
	bool complete;
};

/* ---- foreign_rules.c ---- */
/* What the skin answers by itself, before the applet is asked; 0: nothing. */
uint16_t rules_refuse(
    struct vcard *v, const struct skin *s, const struct command *c, const uint8_t *apdu, size_t n);
/* What it makes of the applet's answer in now. */
uint16_t rules_dress(const struct skin *s, const struct command *c, uint16_t sw);
/* PIN rules that differ: what the applet would ask for is granted or taken away beforehand. */
void rules_pin(struct vcard *v, const struct skin *s, const uint8_t *apdu, size_t len);

/* ---- foreign_objects.c ---- */
/* The same for objects that are too large, do not grow, or cannot be written. */
uint16_t objects_refuse(struct vcard *v, const struct skin *s, const struct command *c);
/* After the applet took it. */
void objects_note(struct vcard *v, const struct skin *s, const struct command *c);

/* ---- foreign_keys.c ---- */
uint16_t keys_refuse(struct vcard *v, const struct skin *s, const struct command *c);
void keys_note(struct vcard *v, const struct skin *s, const struct command *c);
/* F9 certifies itself, as PivApplet's does: with the extensions of a slot. False on failure. */
bool keys_certify(struct vcard *v);

#endif
