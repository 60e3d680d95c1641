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

/* Opaque; not thread-safe: the token layer serialises. Owns the channel. */
struct card;

/*
 * Selects the PIV application (1 APDU) and learns from the answer and the ATR what the card may be
 * (the table of model quirks). Takes the channel over, also on failure.
 * Errors: ECERT_E_UNRECOGNISED (another kind of card), channel errors.
 */
enum ecert_rc card_open(struct channel **ch, struct card **out) MUST_CHECK;
void card_close(struct card **c);

/*
 * A transaction. When the card was reset, or another application was selected since, it is selected
 * again inside, and ECERT_E_RESET is returned with the transaction held: PIN and management-key
 * states are gone. Every function below starts and ends its own when none is held.
 */
enum ecert_rc card_begin(struct card *c) MUST_CHECK;
void card_end(struct card *c);

/* Selects again and forgets PIN and management-key state: for an answer that only makes sense when
 * another program has selected another application. 1 APDU. Errors: as card_open. */
enum ecert_rc card_reselect(struct card *c) MUST_CHECK;
/* Cold-resets the card: every login on it ends, other programs' as well. The only way to end the
 * management key's. */
enum ecert_rc card_power_reset(struct card *c) MUST_CHECK;

/* ---- what it is ---- */
struct card_identity {
	char model[33]; /* "YubiKey", "CanoKey", "PivApplet", "e-Cert PIV", "PIV": from the SELECT
			   answer */
	char
	    serial[33]; /* decimal from GET SERIAL; else the CHUID's GUID in hex; "" when neither */
	uint8_t version[3]; /* GET VERSION; zeros when the card has none (not asked before it is
			       needed) */
	bool is_virtual;
};
/* Asks the serial number once (1 or 2 APDUs), then answers from memory. */
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
/* What is known so far: a bit in *unknown has not been asked yet. Costs nothing. */
unsigned card_features(const struct card *c, unsigned *unknown);
/* Asks for what is unknown of metadata, attestation and deletion: 1 or 2 APDUs each, once, changing
 * nothing. Errors: channel errors. */
enum ecert_rc card_prove(struct card *c) MUST_CHECK;

#define CARD_RETIRED_MAX 20 /* 82..95 */
/* What is known of a card without asking it. */
struct card_abilities {
	uint32_t algs;	     /* 1 << enum key_alg: keys that it may have, or has shown */
	uint8_t retired;     /* how many of 82..95 it has, as far as it has told */
	bool fixed_size;     /* an object keeps the size that it was made with */
	uint32_t object_max; /* the most that an object takes; 0: not known */
};
void card_can(const struct card *c, struct card_abilities *out);

/* ---- PINs ---- */
struct card_pin_status {
	bool verified;
	bool told;     /* the card says whether it is verified; some do not */
	int tries;     /* left; -1 when the card does not say (a verified PIN hides it) */
	int tries_max; /* -1 when unknown (only metadata tells) */
	bool is_default, default_known;
};
/* Empty VERIFY: 1 APDU and never a try. A card that does not take it is selected anew before that
 * is believed, once: another application could have answered. One that answers 63FF or the like,
 * without a number, is asked for metadata. For the PUK: metadata, where there is. Else tries = -1.
 */
enum ecert_rc card_pin_status(
    struct card *c, enum card_pin which, struct card_pin_status *out) MUST_CHECK;
/* The same by metadata (default value or not). Errors: ECERT_E_UNSUPPORTED. */
enum ecert_rc card_pin_metadata(
    struct card *c, enum card_pin which, struct card_pin_status *out) MUST_CHECK;
/* pin: 6 to 8 bytes, padded here with FF (SP 800-73-5 part 2, 2.4.3). *tries: left after a wrong
 * one, or -1. Errors: ECERT_E_PIN_FORMAT (nothing sent), ECERT_E_PIN_WRONG, ECERT_E_PIN_BLOCKED. */
enum ecert_rc card_verify(struct card *c, struct rd pin, int *tries) MUST_CHECK;
/* The reader's own PIN pad. Errors: also ECERT_E_UNSUPPORTED, ECERT_E_CANCELLED, ECERT_E_TIMEOUT.
 */
enum ecert_rc card_verify_pinpad(struct card *c, int *tries) MUST_CHECK;
/* VERIFY with P1=FF; a card that does not know it (6A86) is left as it is: ECERT_E_UNSUPPORTED. */
enum ecert_rc card_logout(struct card *c) MUST_CHECK;
enum ecert_rc card_change_pin(
    struct card *c, enum card_pin which, struct rd old, struct rd fresh, int *tries) MUST_CHECK;
/* RESET RETRY COUNTER: *tries are the PUK's. */
enum ecert_rc card_unblock(
    struct card *c, struct rd puk, struct rd fresh_pin, int *tries) MUST_CHECK;
/* Yubico SET RETRIES: both values go back to their defaults. Needs management key and PIN. */
enum ecert_rc card_set_retries(struct card *c, uint8_t pin, uint8_t puk) MUST_CHECK;

/* ---- management key (9B) ---- */
enum card_mgm { MGM_3DES = 0x03, MGM_AES128 = 0x08, MGM_AES192 = 0x0A, MGM_AES256 = 0x0C };
/* Mutual authentication; alg by metadata, else by trying those of the key's length. key: 16, 24 or
 * 32 bytes. Errors: ECERT_E_PIN_WRONG (the key is wrong), ECERT_E_DATA_LEN. */
enum ecert_rc card_auth_mgm(struct card *c, struct rd key) MUST_CHECK;
bool card_mgm_authenticated(const struct card *c);
enum ecert_rc card_set_mgm(struct card *c, enum card_mgm alg, struct rd key) MUST_CHECK;
/* Whether the card knows SET MANAGEMENT KEY at all: asked by one without a key, which nothing
 * takes. Changes nothing. Errors: ECERT_E_UNSUPPORTED (it does not), channel errors. */
enum ecert_rc card_mgm_changeable(struct card *c) MUST_CHECK;
/* Whether 9B still has its factory value (metadata). Errors: ECERT_E_UNSUPPORTED. */
enum ecert_rc card_mgm_is_default(struct card *c, bool *out) MUST_CHECK;

/* The management key may be kept on the card behind the PIN, as ykman and libykpiv lay it out: in
 * Printed Information, and the admin data says so to everybody. */
/* The key, a view into the content of Printed Information. Errors: ECERT_E_NOT_FOUND (it holds
 * something else), ECERT_E_MALFORMED. */
enum ecert_rc card_protected_mgm(struct rd printed, struct rd *key) MUST_CHECK;
/* Whether the content of the admin data says that the key is kept. */
bool card_says_protected(struct rd admin);
/* Whether the card takes both objects, found by writing to them what they hold. Needs the
 * management key, and the PIN to look at the first. Errors: ECERT_E_UNSUPPORTED, ECERT_E_CARD_FULL.
 */
enum ecert_rc card_can_protect(struct card *c) MUST_CHECK;
/* Keeps the key (16, 24 or 32 bytes), in place of what the two objects held; when the second one
 * cannot be written, the first is as it was. Needs the management key. */
enum ecert_rc card_protect_mgm(struct card *c, struct rd key) MUST_CHECK;
/* Removes one that the admin data speaks of, and, seen with the PIN only, one that it does not.
 * Needs the management key. */
enum ecert_rc card_unprotect_mgm(struct card *c) MUST_CHECK;

/* ---- data objects ---- */
/* The content of tag 53 (or 7E, 7F61). Errors: ECERT_E_NOT_FOUND, ECERT_E_AUTH (needs the PIN). */
enum ecert_rc card_object_get(struct card *c, uint32_t tag, struct buf *out) MUST_CHECK;
/* Empty value deletes. Needs the management key. Errors: ECERT_E_UNSUPPORTED (the card has no place
 * for such an object), ECERT_E_CARD_FULL (no room for it, or not for so much). */
enum ecert_rc card_object_put(struct card *c, uint32_t tag, struct rd value) MUST_CHECK;
/* The certificate object's tag for a key reference; 0 when the reference has none. F9 -> 5FFF01. */
uint32_t card_cert_tag(uint8_t key_ref);
/* DER, inflated when CertInfo says gzip (at most CARD_OBJECT_MAX). Errors: ECERT_E_NOT_FOUND,
 * ECERT_E_MALFORMED. */
enum ecert_rc card_cert_get(struct card *c, uint8_t key_ref, struct buf *der) MUST_CHECK;
/* Stored plain, or gzip when compress. Empty der deletes. Needs the management key. Errors:
 * ECERT_E_NO_SLOT, ECERT_E_CARD_FULL. */
enum ecert_rc card_cert_put(
    struct card *c, uint8_t key_ref, struct rd der, bool compress) MUST_CHECK;
/* The same, plain, read back; what was there before is put back when it did not come out so: some
 * cards tear the old object before they refuse the new one. */
enum ecert_rc card_cert_replace(struct card *c, uint8_t key_ref, struct rd der) MUST_CHECK;

/* ---- keys ---- */
struct card_key {
	uint8_t ref;
	enum key_alg alg;
	enum pin_policy pin; /* never DEFAULT when the card told */
	enum touch_policy touch;
	enum key_origin origin;
	struct pubkey
	    *pub;    /* owned by whoever holds the struct; NULL when the card does not tell */
	bool untold; /* beside an error: the card refused to tell, by a status of its own */
	uint64_t signatures; /* the e-Cert signature counter */
	bool signatures_known;
};
void card_key_clear(struct card_key *k);
/* Metadata: 1 APDU. Errors: ECERT_E_NOT_FOUND (no key there), ECERT_E_ARG (the
 * card knows no such reference at all), ECERT_E_KEY_TYPE (a key of a kind unknown here),
 * ECERT_E_UNSUPPORTED (no metadata: the
 * caller takes type and key from the certificate and the policy from the PIV default for the slot).
 */
enum ecert_rc card_key_get(struct card *c, uint8_t ref, struct card_key *out) MUST_CHECK;
/* Retired keys that the card says it has: bit i = key 82+i. From the e-Cert object, or Key History,
 * which is believed. Errors: ECERT_E_UNSUPPORTED (the card says nothing: probe). */
enum ecert_rc card_retired_keys(struct card *c, uint32_t *mask) MUST_CHECK;
/* Keeps Key History true after a key or certificate was written to a retired slot: as many from 82
 * on as reach to it. Does nothing for another reference, or where the card has no use for it. */
void card_history_add(struct card *c, uint8_t ref);

enum card_op { CARD_SIGN, CARD_DECRYPT, CARD_DERIVE };
/*
 * GENERAL AUTHENTICATE with the private key: 1 APDU with extended length or a short command. SIGN
 * and DECRYPT with RSA: in is the whole block, out as long. SIGN with EC, SM2: in the digest (cut
 * to the order's length), out raw r||s. Ed25519: in the message. DERIVE: in the peer's point
 * (checked on the curve first: CanoKey echoes X for one that is not), out the X coordinate or
 * shared secret. Does not verify a signature: the token layer does. Errors: ECERT_E_AUTH (PIN
 * needed), ECERT_E_NOT_FOUND (no key), ECERT_E_KEY_FUNCTION (the key is there, as far as the slot's
 * rule tells, and may not do this), ECERT_E_KEY_TYPE, ECERT_E_DATA, ECERT_E_CARD.
 */
enum ecert_rc card_key_use(struct card *c, uint8_t ref, enum key_alg alg, enum card_op op,
    struct rd in, struct buf *out) MUST_CHECK;

/* Needs the management key. *pub becomes the caller's. Errors: ECERT_E_NO_SLOT. */
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
/* DER certificate of the slot's key signed by F9. Errors: ECERT_E_UNSUPPORTED, ECERT_E_NOT_FOUND,
 * ECERT_E_DENIED (imported). */
enum ecert_rc card_attest(struct card *c, uint8_t ref, struct buf *der) MUST_CHECK;
/* Yubico 5.7 INS F6; to = 0xFF deletes. Needs the management key. Errors: ECERT_E_UNSUPPORTED. */
enum ecert_rc card_key_move(struct card *c, uint8_t from, uint8_t to) MUST_CHECK;
/* Yubico RESET: only when PIN and PUK are blocked; else ECERT_E_DENIED. */
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
	uint32_t room;	    /* bytes left for objects */
	char label[33];	    /* as the card has it, UTF-8 not yet checked; "" when none */
	bool has_names;	    /* there is a names object to read */
	bool no_chain;	    /* the card has said that there is no chain object */
	struct card_status_key key[CARD_KEYS_MAX];
	size_t n;
	uint8_t certs[CARD_KEYS_MAX]; /* slots that have a certificate and no key */
	size_t certs_n;
};
/* fresh: asks the card (1 APDU); otherwise the last answer when there is one.
 * Errors: ECERT_E_UNSUPPORTED (not an e-Cert card), ECERT_E_MALFORMED. */
enum ecert_rc card_status(struct card *c, bool fresh, struct card_status *out) MUST_CHECK;

/* One entry of the names object, views into it: what the owner calls a slot's key and certificate.
 * An empty view: not named. Nothing but the form has been checked. */
struct card_name {
	uint8_t ref;
	struct rd id, key, cert;
	struct rd pub;	 /* the public key's, where it is not the key's */
	uint8_t deny;	 /* uses that are excluded: 1 sign, 2 decrypt, 4 agree, 80 verify */
	struct rd whole; /* the entry itself, with whatever a later profile put there */
};
/* Takes one entry off the object. Errors: ECERT_E_NOT_FOUND (no more), ECERT_E_MALFORMED. */
enum ecert_rc card_name_next(struct rd *object, struct card_name *out) MUST_CHECK;
/* Appends the entry (whole is not looked at); nothing for one that names nothing. */
void card_name_put(struct buf *object, const struct card_name *name);

struct pinpad card_pinpad(struct card *c);

#endif
