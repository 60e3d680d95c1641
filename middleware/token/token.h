/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The token as everybody above sees it. Two implementations stand behind this seam: local (this
 * process talks to the card) and remote (ecertd does); which one is decided in tokens_open.
 * Everything here is thread-safe. Every argument and answer is plain bytes and numbers, so that it
 * can cross a socket.
 */
#ifndef ECERT_TOKEN_TOKEN_H
#define ECERT_TOKEN_TOKEN_H

#include <stdbool.h>
#include <stdint.h>

#include "crypto/key/alg.h"
#include "crypto/key/policy.h"
#include "crypto/key/pubkey.h"
#include "ecert/rc.h"
#include "util/buf.h"

#define TOKEN_SLOTS_MAX 32
#define TOKEN_KEYS_MAX	25 /* 9A 9C 9D 9E, 82..95, F9 */

enum token_daemon { DAEMON_AUTO, DAEMON_NEVER, DAEMON_ALWAYS };
enum token_isolation {
	ISOLATION_SESSION,
	ISOLATION_STRICT
}; /* strict: VERIFY and logout around each operation */

struct tokens_config {
	const char *reader; /* as readers_open takes it; NULL = PC/SC */
	enum token_daemon daemon;
	const char *daemon_socket; /* NULL = the default place */
	enum token_isolation isolation;
	int trust_ms;	  /* how long what a card said of its PIN tries and of changes is believed
			     without a new look; 0 = a few seconds. For ecertd, through which all
			     clients come */
	bool user_writes; /* TOKEN_USER may write: this side authenticates the management key for
			     each write, and resets the card after it. Every login on the card
			     ends with that; this client's own goes on, by a PIN kept in locked
			     memory, unless it was given on the reader's PIN pad */
	const char *management_key_file; /* for that, as mgmkey_file reads it; NULL or "" = the key
					    that the card keeps behind the PIN */
	bool reverify;	 /* a login that another program's logout or reset took from TOKEN_USER is
			    made good by the PIN of token_login, kept in locked memory: once for
			    each time, not for a key with PIN always, and only while the card, still
			    the same, says that all tries are left. Not with strict isolation, and
			    not after the reader's PIN pad */
	bool no_threads; /* the host forbids them: nothing bounds how long another program's
			    transaction or a silent pcscd is waited for, and no transaction is
			    kept from a PIN to the operation it was given for */
};

struct tokens; /* all slots, and this client's login state on each */

/* Contacts nothing yet (but DAEMON_AUTO/ALWAYS try the socket). Errors: ECERT_E_NO_SERVICE (ALWAYS
 * and no daemon). */
enum ecert_rc tokens_open(const struct tokens_config *cfg, struct tokens **out) MUST_CHECK;
/* Logs out everywhere (VERIFY P1=FF where this client had logged in) and closes. In a forked child
 * it only frees. */
void tokens_close(struct tokens **t);

/* ---- slots ---- */
struct token_slot {
	unsigned id; /* stable while the process lives; the first reader is 0; a reader that comes
			back has its old id */
	char reader[128];
	bool connected; /* the reader is there now */
	bool present;	/* and a card is in it */
	bool is_virtual;
	bool pinpad;	     /* known only after the token was opened once */
	uint32_t generation; /* moves with every insertion, removal and swap */
};
/* The slots now. refresh asks the readers again; otherwise as last seen. No APDU is sent.
 * ECERT_E_NO_SERVICE is not an error here: *n is what was seen before, all unconnected. */
enum ecert_rc tokens_slots(
    struct tokens *t, bool refresh, struct token_slot *out, size_t cap, size_t *n) MUST_CHECK;
/* One slot as it is now. Works before any tokens_slots. Errors: ECERT_E_NOT_FOUND. */
enum ecert_rc tokens_slot(struct tokens *t, unsigned id, struct token_slot *out) MUST_CHECK;
/* The next slot whose generation or reader changed and was not reported yet. timeout_ms: 0 = poll,
 * -1 = without limit. Errors: ECERT_E_TIMEOUT, ECERT_E_CANCELLED. */
enum ecert_rc tokens_wait(struct tokens *t, int timeout_ms, unsigned *slot) MUST_CHECK;
void tokens_cancel_wait(struct tokens *t);

/*
 * ---- a token in a slot ----
 * All below take (tokens, slot id) and the generation that the caller believes in: when the token
 * was removed or swapped since, they answer ECERT_E_REMOVED and touch nothing. generation 0 =
 * whatever is in. Common errors: ECERT_E_NO_CARD, ECERT_E_REMOVED, ECERT_E_UNRECOGNISED,
 * ECERT_E_MUTE, ECERT_E_EXCLUSIVE, ECERT_E_NO_SERVICE, ECERT_E_NO_READER, ECERT_E_FORKED,
 * ECERT_E_CARD.
 */
struct token_at {
	struct tokens *tokens;
	unsigned slot;
	uint32_t generation;
};

struct token_info {
	char label[33]; /* UTF-8; the user's label, else "e-Cert <serial>"; virtual ones end in
			   "(virtual)" */
	char manufacturer[33], model[17],
	    serial[17]; /* as CK_TOKEN_INFO wants them, NUL-terminated here */
	char serial_full[33];
	uint8_t firmware[2];
	uint32_t generation;
	bool is_virtual, pinpad;
	int pin_tries, puk_tries; /* -1 unknown */
	int pin_tries_max;	  /* the most that were seen left; -1 unknown */
	bool pin_default, pin_default_known;
	bool initialised; /* CHUID or serial there and usable; true for every recognised token */
	bool has_attestation, has_metadata, has_ecert;
	bool attestation_known, metadata_known; /* false: nobody has asked yet */
	bool can_delete, can_delete_known;	/* keys can be deleted */
	bool fixed_size;     /* a data object keeps the size that it was made with */
	uint32_t algs;	     /* 1 << enum key_alg: keys that this card may have */
	uint8_t retired;     /* how many of the slots 82..95 it has, as far as it has told */
	uint16_t object_max; /* bytes that an object takes at most; 0 unknown */
};
/* 3 APDUs at most the first time (SELECT, serial number, tries), 0 or 1 later (tries when they may
 * have moved); 1 or 2 more once where another program left the PIN verified, which ends here. */
enum ecert_rc token_info(const struct token_at *at, struct token_info *out) MUST_CHECK;
/* The same, and what is not known yet of metadata, attestation and deletion is asked for: up to 4
 * APDUs, once. */
enum ecert_rc token_prove(const struct token_at *at, struct token_info *out) MUST_CHECK;

/* ---- login ---- */
enum token_user { TOKEN_NOBODY, TOKEN_USER, TOKEN_SO };
#define TOKEN_ALLOW_LAST_TRY 1u /* the person said so */

/* tries after a failure (-1 unknown) in *tries. SO: pin is the management key, raw (16/24/32 bytes)
 * or hex. An empty view (p NULL) means: the reader's PIN pad. Reads the tries before sending; with
 * one left and no TOKEN_ALLOW_LAST_TRY sends nothing: ECERT_E_PIN_LAST_TRY. An empty but non-NULL
 * PIN is ECERT_E_PIN_FORMAT, whatever another program has verified. Errors: ECERT_E_PIN_WRONG,
 * ECERT_E_PIN_BLOCKED, ECERT_E_PIN_FORMAT, ECERT_E_EXISTS (this client is logged in already). */
enum ecert_rc token_login(const struct token_at *at, enum token_user user, struct rd pin,
    unsigned flags, int *tries) MUST_CHECK;
enum ecert_rc token_logout(const struct token_at *at) MUST_CHECK;
/* Who this client is on that token now; TOKEN_NOBODY after removal or reset. Costs no APDU. */
enum token_user token_user(const struct token_at *at);
/* VERIFY for the one operation that follows on a key with PIN always; the transaction stays held
 * until that operation, at most 2 s. Errors: as token_login. */
enum ecert_rc token_login_once(const struct token_at *at, uint8_t key_ref, struct rd pin,
    unsigned flags, int *tries) MUST_CHECK;

enum token_secret { SECRET_PIN, SECRET_PUK };
enum ecert_rc token_change_secret(const struct token_at *at, enum token_secret which, struct rd old,
    struct rd fresh, unsigned flags, int *tries) MUST_CHECK;
/* New PIN by PUK. *tries are the PUK's. */
enum ecert_rc token_unblock(const struct token_at *at, struct rd puk, struct rd fresh_pin,
    unsigned flags, int *tries) MUST_CHECK;

/* ---- keys and certificates ---- */
struct token_key {
	uint8_t ref; /* PIV key reference: 9A.. */
	enum key_alg alg;
	enum pin_policy pin; /* from the card, else the PIV rule for the slot; never PIN_DEFAULT */
	enum touch_policy touch; /* TOUCH_DEFAULT: unknown */
	enum key_origin origin;
	struct pubkey *pub; /* counted reference: token_key_clear drops it */
	bool from_cert;	    /* the card tells nothing of it: known from the certificate only */
};
void token_key_clear(struct token_key *k);
/* One key reference: touches that slot only, remembered while the generation and the card's change
 * counter stand. Errors: ECERT_E_NOT_FOUND. */
enum ecert_rc token_key_get(
    const struct token_at *at, uint8_t ref, struct token_key *out) MUST_CHECK;
/* The certificate of a key reference, DER; counted in the same memory. A placeholder
 * (crypto/cert/cert.h) is none. Errors: ECERT_E_NOT_FOUND, ECERT_E_MALFORMED. */
enum ecert_rc token_cert_get(const struct token_at *at, uint8_t ref, struct buf *der) MUST_CHECK;
/* The references that may hold a key or certificate, in CKA_ID order; asks the card as little as it
 * lets us. */
enum ecert_rc token_refs(
    const struct token_at *at, uint8_t refs[TOKEN_KEYS_MAX], size_t *n) MUST_CHECK;
/*
 * What the owner calls a slot's key and certificate. id and the labels as they may be shown and
 * compared: text in the labels, no ID twice, none that is another slot's own (below).
 */
#define TOKEN_ID_MAX   32
#define TOKEN_NAME_MAX 96
struct token_name {
	uint8_t ref;
	uint8_t id_len; /* 0: the ID that the slot has by its place */
	uint8_t id[TOKEN_ID_MAX];
	char key[TOKEN_NAME_MAX + 1], cert[TOKEN_NAME_MAX + 1]; /* UTF-8; "": not named */
	char pub[TOKEN_NAME_MAX + 1]; /* of the public key; "": as the key */
	uint8_t deny; /* uses that the owner excluded: bits 1 << enum token_op, 80 verifying */
};
struct token_names {
	bool kept; /* this card can hold names */
	size_t n;
	struct token_name name[TOKEN_KEYS_MAX];
};
/* All names; costs what token_key_get costs when nothing is new: an APDU more only on a card that
 * has names, once while its change counter stands. */
enum ecert_rc token_names(const struct token_at *at, struct token_names *out) MUST_CHECK;
/* The entry of a reference, or NULL. */
const struct token_name *token_name_of(const struct token_names *names, uint8_t ref);
/* IDs that no slot can be given: 01 to 19 (hexadecimal) are places, F9xx attestations. */
bool token_id_reserved(struct rd id);

/* Attestation certificate for a key, made by the card now; ref 0xF9: the attestation key's own
 * certificate (5FFF01). */
enum ecert_rc token_attest(const struct token_at *at, uint8_t ref, struct buf *der) MUST_CHECK;
/* A data object by its tag. Errors: ECERT_E_NOT_FOUND, ECERT_E_AUTH. */
enum ecert_rc token_data_get(const struct token_at *at, uint32_t tag, struct buf *out) MUST_CHECK;

/* ---- operations with a private key ---- */
enum token_op { TOKEN_SIGN, TOKEN_DECRYPT, TOKEN_DERIVE };
struct token_request {
	uint8_t ref;
	enum token_op op;
	struct rd
	    in; /* as card_key_use takes it: padded RSA block, digest, message, peer's point */
	struct rd digest; /* hash of what is signed, for the journal; may be empty */
};
/* 1 APDU when warm. A signature has been checked against the public key (ECERT_E_BAD_SIGNATURE
 * otherwise, and nothing in out). EC and SM2 signatures are raw r||s. Errors: ECERT_E_AUTH (log in,
 * or for a key with PIN always token_login_once, first), ECERT_E_KEY_TYPE, ECERT_E_KEY_FUNCTION
 * (the card does not let the key of this slot do that), ECERT_E_DATA,
 * ECERT_E_DATA_LEN, ECERT_E_RESET (the login is gone). */
enum ecert_rc token_use(
    const struct token_at *at, const struct token_request *req, struct buf *out) MUST_CHECK;

/* ---- writing: TOKEN_SO must be logged in, or TOKEN_USER where user_writes says so ---- */
/* Errors: ECERT_E_AUTH (nobody who may); for TOKEN_USER ECERT_E_DENIED: no management key, or a
 * wrong one, or a write to the objects that keep it; nothing was changed. */
struct token_newkey {
	uint8_t ref;
	enum key_alg alg;
	enum pin_policy pin;
	enum touch_policy touch; /* TOUCH_DEFAULT: the card's own for the slot */
};
enum ecert_rc token_key_generate(
    const struct token_at *at, const struct token_newkey *spec, struct pubkey **pub) MUST_CHECK;
/* Private parts as struct card_private has them (RSA: p q dp dq qinv; others one part). Proved as
 * far as the card lets us: by its metadata, and by a signature where the PIN is verified or not
 * needed. Errors of all that write to a slot: ECERT_E_NO_SLOT, ECERT_E_CARD_FULL;
 * ECERT_E_BAD_SIGNATURE (what the card has taken is another key). */
enum ecert_rc token_key_import(
    const struct token_at *at, const struct token_newkey *spec, const struct rd part[5]) MUST_CHECK;
enum ecert_rc token_key_delete(const struct token_at *at, uint8_t ref) MUST_CHECK;
/* Empty der deletes the certificate. Read back; when it did not come out so, what was there before
 * is there again. */
enum ecert_rc token_cert_put(const struct token_at *at, uint8_t ref, struct rd der) MUST_CHECK;
/* For a key just made: a token without metadata tells its public key by a certificate alone, so one
 * of nobody's (crypto/cert/cert.h) is written in place of what is there. Nothing happens on others.
 * Errors: token_prove's, token_cert_put's, ECERT_E_CRYPTO. */
enum ecert_rc token_public_keep(
    const struct token_at *at, uint8_t ref, const struct pubkey *pub) MUST_CHECK;
enum ecert_rc token_data_put(const struct token_at *at, uint32_t tag, struct rd value) MUST_CHECK;
enum ecert_rc token_label_put(const struct token_at *at, const char *label) MUST_CHECK;
/* Sets all that name->ref is called; empty fields go back to the slot's own. Errors:
 * ECERT_E_UNSUPPORTED (this card keeps no names), ECERT_E_DATA (no text, or a reserved ID),
 * ECERT_E_EXISTS (another slot has the ID), ECERT_E_CARD_FULL. Deleting a key or certificate
 * forgets its name by itself. */
enum ecert_rc token_name_put(const struct token_at *at, const struct token_name *name) MUST_CHECK;
/* 0 random bytes wanted is fine. Errors: ECERT_E_UNSUPPORTED (the card gives none). */
enum ecert_rc token_random(const struct token_at *at, uint8_t *out, size_t n) MUST_CHECK;

#endif
