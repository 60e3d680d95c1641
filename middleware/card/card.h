/* SPDX-License-Identifier: BSD-2-Clause */
/* A PIV card behind a channel: data, PIN and keys, with what the card can do found by asking. */
#ifndef ECERT_CARD_CARD_H
#define ECERT_CARD_CARD_H

#include "crypto/key/alg.h"
#include "crypto/key/policy.h"
#include "crypto/key/pubkey.h"
#include "transport/reader.h"
#include "util/buf.h"

#define CARD_OBJECT_MAX 65536u /* one data object, or one inflated certificate */
#define CARD_PIN_MIN	6
#define CARD_PIN_MAX	8

/* References: SP 800-73-5 part 1, table 4b. */
enum card_pin { CARD_PIN_APPLICATION = 0x80, CARD_PIN_GLOBAL = 0x00, CARD_PUK = 0x81 };

/* A card owns its channel. It is not thread-safe: the token layer lets one thread in at a time. */
struct card;

/*
 * Selects the PIV application (1 APDU) and learns from the answer and the ATR what the card may be
 * (the table of model quirks). Takes the channel over, also on failure.
 * Errors: ECERT_E_UNRECOGNISED (another kind of card), channel errors.
 */
enum ecert_rc card_open(struct channel **ch, struct card **out) MUST_CHECK;
void card_close(struct card **c);

/*
 * Starts a transaction. When the card was reset since, or another application was selected, PIV is
 * selected again inside, and ECERT_E_RESET is returned with the transaction held: the logins by
 * PIN and by management key are gone. Every function below starts and ends a transaction of its
 * own when none is held.
 */
enum ecert_rc card_begin(struct card *c) MUST_CHECK;
void card_end(struct card *c);

/* Selects PIV again, by 1 APDU, and forgets the logins by PIN and by management key. It is for an
 * answer that only makes sense when another program has selected another application. Errors: as
 * card_open. */
enum ecert_rc card_reselect(struct card *c) MUST_CHECK;
/* Resets the card cold. Every login on it ends, also those of other programs. Nothing else ends
 * the management key's. */
enum ecert_rc card_power_reset(struct card *c) MUST_CHECK;

/* ---- what it is ---- */
struct card_identity {
	char model[33]; /* "YubiKey", "CanoKey", "PivApplet", "e-Cert PIV", "PIV": from the SELECT
			   answer */
	char
	    serial[33]; /* decimal from GET SERIAL; else the CHUID's GUID in hex; "" when neither */
	uint8_t version[3]; /* from GET VERSION, which is sent when it is needed; zeros when the
			       card has none */
	bool is_virtual;
};
/* Tells who the card is. It asks for the serial number once (1 or 2 APDUs), and then answers from
 * memory. */
enum ecert_rc card_identity(struct card *c, struct card_identity *out) MUST_CHECK;

enum card_feature {
	CARD_HAS_METADATA = 1, /* INS F7 */
	CARD_HAS_ATTEST = 2,   /* INS F9 */
	CARD_HAS_IMPORT = 4,   /* INS FE */
	CARD_HAS_SERIAL = 8,   /* INS F8 */
	CARD_HAS_ECERT = 16,   /* the e-Cert profile object */
	CARD_HAS_MOVE = 32,    /* INS F6 */
	CARD_FEATURES_ALL = 63
};
/* Tells what the card is known to have. A bit in *unknown has not been asked for yet. It sends no
 * APDU. */
unsigned card_features(const struct card *c, unsigned *unknown);
/* Asks for what is unknown of metadata, attestation and deletion: once, by 1 or 2 APDUs each,
 * which change nothing. Errors: channel errors. */
enum ecert_rc card_prove(struct card *c) MUST_CHECK;

#define CARD_RETIRED_MAX 20 /* 82..95 */
/* What is known of a card that was not asked. */
struct card_abilities {
	uint32_t algs;	     /* 1 << enum key_alg: keys that it may have, or has shown to have */
	uint8_t retired;     /* how many of 82..95 it has, as far as it has told */
	bool fixed_size;     /* an object keeps the size that it was made with */
	uint32_t object_max; /* the most that an object takes; 0: not known */
};
void card_can(const struct card *c, struct card_abilities *out);

/* ---- PINs ---- */
struct card_pin_status {
	bool verified;
	bool told;     /* The card says whether the PIN is verified; some do not. */
	int tries;     /* left; -1 when the card does not say (a verified PIN hides it) */
	int tries_max; /* -1 when unknown (only metadata tells) */
	bool is_default, default_known;
};
/* Asks by an empty VERIFY, which is 1 APDU and never costs a try. When a card does not take it,
 * PIV is selected anew, once, before that is believed: another application could have answered. A
 * card that answers 63FF or the like, without a number, is asked for metadata. The PUK is asked
 * for by metadata, where there is some. Otherwise tries is -1. */
enum ecert_rc card_pin_status(
    struct card *c, enum card_pin which, struct card_pin_status *out) MUST_CHECK;
/* Asks for the same by metadata, which also tell whether the value is the default one. Errors:
 * ECERT_E_UNSUPPORTED. */
enum ecert_rc card_pin_metadata(
    struct card *c, enum card_pin which, struct card_pin_status *out) MUST_CHECK;
/* Verifies a PIN of 6 to 8 bytes, which is padded here with FF (SP 800-73-5 part 2, 2.4.3).
 * *tries: how many are left after a wrong one, or -1. Errors: ECERT_E_PIN_FORMAT (nothing sent),
 * ECERT_E_PIN_WRONG, ECERT_E_PIN_BLOCKED. */
enum ecert_rc card_verify(struct card *c, struct rd pin, int *tries) MUST_CHECK;
/* Has the reader's PIN pad verify the PIN. Errors: also ECERT_E_UNSUPPORTED, ECERT_E_CANCELLED,
 * ECERT_E_TIMEOUT. */
enum ecert_rc card_verify_pinpad(struct card *c, int *tries) MUST_CHECK;
/* Logs out by VERIFY with P1=FF. A card that does not know it (6A86) stays as it is:
 * ECERT_E_UNSUPPORTED. */
enum ecert_rc card_logout(struct card *c) MUST_CHECK;
enum ecert_rc card_change_pin(
    struct card *c, enum card_pin which, struct rd old, struct rd fresh, int *tries) MUST_CHECK;
/* Sets a new PIN by RESET RETRY COUNTER. *tries are the PUK's. */
enum ecert_rc card_unblock(
    struct card *c, struct rd puk, struct rd fresh_pin, int *tries) MUST_CHECK;
/* Sets how many tries there are (Yubico's SET RETRIES). PIN and PUK go back to their defaults. It
 * needs the management key and the PIN. */
enum ecert_rc card_set_retries(struct card *c, uint8_t pin, uint8_t puk) MUST_CHECK;

/* ---- management key (9B) ---- */
enum card_mgm { MGM_3DES = 0x03, MGM_AES128 = 0x08, MGM_AES192 = 0x0A, MGM_AES256 = 0x0C };
/* Authenticates both sides to each other with a key of 16, 24 or 32 bytes. The algorithm is that
 * of the metadata; without metadata those of the key's length are tried. Errors: ECERT_E_PIN_WRONG
 * (the key is wrong), ECERT_E_DATA_LEN. */
enum ecert_rc card_auth_mgm(struct card *c, struct rd key) MUST_CHECK;
bool card_mgm_authenticated(const struct card *c);
enum ecert_rc card_set_mgm(struct card *c, enum card_mgm alg, struct rd key) MUST_CHECK;
/* Asks whether the card knows SET MANAGEMENT KEY at all, by one without a key, which no card
 * takes. Nothing changes. Errors: ECERT_E_UNSUPPORTED (it does not), channel errors. */
enum ecert_rc card_mgm_changeable(struct card *c) MUST_CHECK;
/* Asks the metadata whether 9B still has its factory value. Errors: ECERT_E_UNSUPPORTED. */
enum ecert_rc card_mgm_is_default(struct card *c, bool *out) MUST_CHECK;

/* The management key may be kept on the card behind the PIN, as ykman and libykpiv lay it out: in
 * Printed Information, and the admin data says so to everybody. */
/* Finds the key, as a view into the content of Printed Information. Errors: ECERT_E_NOT_FOUND (it
 * holds something else), ECERT_E_MALFORMED. */
enum ecert_rc card_protected_mgm(struct rd printed, struct rd *key) MUST_CHECK;
/* Whether the content of the admin data says that the key is kept. */
bool card_says_protected(struct rd admin);
/* Finds out whether the card takes both objects, by writing to them what they hold. It needs the
 * management key, and the PIN to look at the first object. Errors: ECERT_E_UNSUPPORTED,
 * ECERT_E_CARD_FULL. */
enum ecert_rc card_can_protect(struct card *c) MUST_CHECK;
/* Writes the key (16, 24 or 32 bytes) over what the two objects held. When the second one cannot
 * be written, the first is put back as it was. It needs the management key. */
enum ecert_rc card_protect_mgm(struct card *c, struct rd key) MUST_CHECK;
/* Removes a key that the admin data speak of, and one that they do not, which is seen only with
 * the PIN verified. It needs the management key. */
enum ecert_rc card_unprotect_mgm(struct card *c) MUST_CHECK;

/* ---- data objects ---- */
/* Reads an object: the content of tag 53 (or 7E, 7F61). Errors: ECERT_E_NOT_FOUND, ECERT_E_AUTH
 * (needs the PIN). */
enum ecert_rc card_object_get(struct card *c, uint32_t tag, struct buf *out) MUST_CHECK;
/* Writes an object; an empty value deletes it. It needs the management key. Errors:
 * ECERT_E_UNSUPPORTED (the card has no such object), ECERT_E_CARD_FULL (no room for it, or not for
 * so much). */
enum ecert_rc card_object_put(struct card *c, uint32_t tag, struct rd value) MUST_CHECK;
/* The tag of the certificate object of a key reference (5FFF01 for F9); 0: it has none. */
uint32_t card_cert_tag(uint8_t key_ref);
/* Reads a certificate as DER. It is inflated when CertInfo says gzip, to CARD_OBJECT_MAX at most.
 * Errors: ECERT_E_NOT_FOUND, ECERT_E_MALFORMED. */
enum ecert_rc card_cert_get(struct card *c, uint8_t key_ref, struct buf *der) MUST_CHECK;
/* Writes a certificate, plain or by gzip; an empty der deletes it. It needs the management key.
 * Errors: ECERT_E_NO_SLOT, ECERT_E_CARD_FULL. */
enum ecert_rc card_cert_put(
    struct card *c, uint8_t key_ref, struct rd der, bool compress) MUST_CHECK;
/* Writes a certificate, plain, and reads it back. When it did not come out so, what was there
 * before is put back: some cards destroy the old object before they refuse the new one. */
enum ecert_rc card_cert_replace(struct card *c, uint8_t key_ref, struct rd der) MUST_CHECK;

/* ---- keys ---- */
struct card_key {
	uint8_t ref;
	enum key_alg alg;
	enum pin_policy pin; /* not PIN_DEFAULT when the card has told */
	enum touch_policy touch;
	enum key_origin origin;
	struct pubkey
	    *pub;    /* It belongs to whoever holds the struct; NULL: the card does not tell it */
	bool untold; /* Beside an error: the card refused to tell, by a status of its own. */
	uint64_t signatures; /* the e-Cert signature counter */
	bool signatures_known;
};
void card_key_clear(struct card_key *k);
/* Asks for the metadata of a key: 1 APDU. Errors: ECERT_E_NOT_FOUND (no key there), ECERT_E_ARG
 * (the card knows no such reference at all), ECERT_E_KEY_TYPE (a key of a kind unknown here),
 * ECERT_E_UNSUPPORTED (no metadata: the caller takes type and key from the certificate and the
 * policy from the PIV default for the slot). */
enum ecert_rc card_key_get(struct card *c, uint8_t ref, struct card_key *out) MUST_CHECK;
/* Tells the retired keys that the card says it has: bit i stands for key 82+i. It is taken from
 * the e-Cert object, or from Key History, which is believed. Errors: ECERT_E_UNSUPPORTED (the card
 * says nothing: probe). */
enum ecert_rc card_retired_keys(struct card *c, uint32_t *mask) MUST_CHECK;
/* Keeps Key History true after a key or certificate was written to a retired slot: it counts as
 * many from 82 on as reach to that slot. It does nothing for another reference, or where the card
 * has no use for it. */
void card_history_add(struct card *c, uint8_t ref);

enum card_op { CARD_SIGN, CARD_DECRYPT, CARD_DERIVE };
/*
 * Uses the private key by GENERAL AUTHENTICATE: 1 APDU with extended length or with a short
 * command. SIGN and DECRYPT with RSA take a whole block and give one as long. SIGN with EC and SM2
 * takes the digest (which is cut to the order's length) and gives r||s; with Ed25519 it takes the
 * message. DERIVE takes the peer's point, which is first checked to be on the curve (CanoKey
 * echoes X for one that is not), and gives the X coordinate or the shared secret. A signature is
 * not verified here: the token layer does that. Errors: ECERT_E_AUTH (PIN needed),
 * ECERT_E_NOT_FOUND (no key), ECERT_E_KEY_FUNCTION (the key is there, as far as the slot's rule
 * tells, and may not do this), ECERT_E_KEY_TYPE, ECERT_E_DATA, ECERT_E_CARD.
 */
enum ecert_rc card_key_use(struct card *c, uint8_t ref, enum key_alg alg, enum card_op op,
    struct rd in, struct buf *out) MUST_CHECK;

/* Has the card make a key. It needs the management key. *pub becomes the caller's. Errors:
 * ECERT_E_NO_SLOT. */
enum ecert_rc card_key_generate(struct card *c, uint8_t ref, enum key_alg alg, enum pin_policy pin,
    enum touch_policy touch, struct pubkey **pub) MUST_CHECK;
/* Private parts, big-endian: RSA p q dp dq qinv, each half the modulus; others the scalar or seed
 * in part[0]. */
struct card_private {
	enum key_alg alg;
	struct rd part[5];
};
enum ecert_rc card_key_import(struct card *c, uint8_t ref, const struct card_private *key,
    enum pin_policy pin, enum touch_policy touch) MUST_CHECK;
/* Has the card make a certificate of the slot's key, in DER, signed by F9. Errors:
 * ECERT_E_UNSUPPORTED, ECERT_E_NOT_FOUND, ECERT_E_DENIED (imported). */
enum ecert_rc card_attest(struct card *c, uint8_t ref, struct buf *der) MUST_CHECK;
/* Moves a key, or deletes it (to = 0xFF), by Yubico's INS F6. It needs the management key. Errors:
 * ECERT_E_UNSUPPORTED. */
enum ecert_rc card_key_move(struct card *c, uint8_t from, uint8_t to) MUST_CHECK;
/* Sets the card back as the factory made it (Yubico's RESET), which it does only while PIN and PUK
 * are blocked; else ECERT_E_DENIED. */
enum ecert_rc card_factory_reset(struct card *c) MUST_CHECK;

/* ---- the e-Cert profile (applet-spec/applet.md): one object says what there is ---- */
#define CARD_KEYS_MAX 25
struct card_status_key {
	uint8_t ref;
	enum key_alg alg; /* KEY_NONE for a number that this build does not know */
	enum pin_policy pin;
	enum touch_policy touch;
	enum key_origin origin;
	bool has_cert;
	uint32_t signatures;
};
struct card_status {
	uint8_t profile[2]; /* major, minor */
	uint32_t changes;   /* moves with every write to objects and keys */
	uint32_t room;	    /* the bytes that are left for objects */
	char label[33];	    /* as the card has it, UTF-8 not yet checked; "" when none */
	bool has_names;	    /* There is a names object. */
	bool no_chain;	    /* The card has said that there is no chain object. */
	struct card_status_key key[CARD_KEYS_MAX];
	size_t n;
	uint8_t certs[CARD_KEYS_MAX]; /* slots that have a certificate and no key */
	size_t certs_n;
};
/* Tells the e-Cert status. With fresh it asks the card (1 APDU); otherwise it gives the last
 * answer, when there is one. Errors: ECERT_E_UNSUPPORTED (not an e-Cert card), ECERT_E_MALFORMED.
 */
enum ecert_rc card_status(struct card *c, bool fresh, struct card_status *out) MUST_CHECK;

/* One entry of the names object, views into it: what the owner calls a slot's key and certificate.
 * An empty view stands for no name. Nothing but the form has been checked. */
struct card_name {
	uint8_t ref;
	struct rd id, key, cert;
	struct rd pub;	 /* the public key's, where it is not the key's */
	uint8_t deny;	 /* uses that are excluded: 1 sign, 2 decrypt, 4 agree, 80 verify */
	struct rd whole; /* the entry itself, with whatever a later profile put there */
};
/* Takes one entry off the object. Errors: ECERT_E_NOT_FOUND (there are no more),
 * ECERT_E_MALFORMED. */
enum ecert_rc card_name_next(struct rd *object, struct card_name *out) MUST_CHECK;
/* Appends the entry, unless it names nothing; `whole` is not looked at. */
void card_name_put(struct buf *object, const struct card_name *name);

struct pinpad card_pinpad(struct card *c);

#endif
