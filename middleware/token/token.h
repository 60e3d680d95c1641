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
	int trust_ms; /* for so long it is believed, without a new look, what a card said of its PIN
			 tries and of changes; 0: for a few seconds. ecertd sets it, because all
			 clients come through it */
	bool user_writes; /* TOKEN_USER may write: this side authenticates the management key for
			     each write, and resets the card after it. Every login on the card
			     ends with that; this client's own goes on, by a PIN kept in locked
			     memory, unless it was given on the reader's PIN pad */
	const char *management_key_file; /* user_writes takes the key from this file, as mgmkey_file
					    reads it; NULL or "": it takes the key that the card
					    keeps behind the PIN */
	bool reverify; /* When another program's logout or reset has taken TOKEN_USER's login, it is
			  made good by the PIN of token_login, which is kept in locked memory. That
			  is done once each time, not for a key with PIN always, and only while the
			  card is still the same and says that all tries are left. It is not done
			  with strict isolation, nor after the reader's PIN pad */
	bool no_threads; /* The host forbids threads. Then nothing bounds the wait for another
			    program's transaction or for a silent pcscd, and no transaction is kept
			    from a PIN to the operation that it was given for */
};

struct tokens; /* It holds all slots, and this client's login on each. */

/*
 * Takes what ECERT_DAEMON says for daemon and daemon_socket: auto, never, always, or the path of a
 * socket, which means always and is a view of the environment. It is not set, or the process has
 * raised privileges: cfg stays as it is. False: it says something else, and cfg stays as it is.
 */
bool tokens_config_env(struct tokens_config *cfg) MUST_CHECK;
/* Opens the tokens. No reader is contacted yet; DAEMON_AUTO and DAEMON_ALWAYS try the daemon's
 * socket. Errors: ECERT_E_NO_SERVICE (DAEMON_ALWAYS, and there is no daemon). */
enum ecert_rc tokens_open(const struct tokens_config *cfg, struct tokens **out) MUST_CHECK;
/* Ends each login of this client (VERIFY with P1=FF) and closes. In a forked child it only frees
 * memory. */
void tokens_close(struct tokens **t);

/* ---- slots ---- */
struct token_slot {
	unsigned id; /* stable while the process lives; the first reader is 0; a reader that comes
			back has its old id */
	char reader[128];
	bool connected; /* The reader is there now. */
	bool present;	/* A card is in it. */
	bool is_virtual;
	bool pinpad;	     /* known only after the token was opened once */
	uint32_t generation; /* moves with every insertion, removal and swap */
};
/* Lists the slots. With refresh the readers are asked again, without it the answer is what was
 * seen last. No APDU is sent. Without a service it answers ECERT_OK and the slots that were seen
 * before, all of them unconnected. */
enum ecert_rc tokens_slots(
    struct tokens *t, bool refresh, struct token_slot *out, size_t cap, size_t *n) MUST_CHECK;
/* Tells one slot as it is now, also before any tokens_slots. Errors: ECERT_E_NOT_FOUND. */
enum ecert_rc tokens_slot(struct tokens *t, unsigned id, struct token_slot *out) MUST_CHECK;
/* Waits for the next slot whose generation or reader changed and was not reported yet. timeout_ms:
 * 0 only looks, -1 waits without limit. Errors: ECERT_E_TIMEOUT, ECERT_E_CANCELLED. */
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
/* Tells what is known of the token. It sends 3 APDUs at most the first time (SELECT, serial
 * number, tries) and 0 or 1 later (tries, when they may have moved). Where another program left
 * the PIN verified it ends that, once, by 1 or 2 more. */
enum ecert_rc token_info(const struct token_at *at, struct token_info *out) MUST_CHECK;
/* Does the same, and asks the card what is not known yet of metadata, attestation and deletion: up
 * to 4 APDUs, once. */
enum ecert_rc token_prove(const struct token_at *at, struct token_info *out) MUST_CHECK;

/* ---- login ---- */
enum token_user { TOKEN_NOBODY, TOKEN_USER, TOKEN_SO };
#define TOKEN_ALLOW_LAST_TRY 1u /* The person has allowed the last try. */

/* Logs this client in. After a failure *tries says how many tries are left (-1: unknown). For
 * TOKEN_SO the pin is the management key, raw (16, 24 or 32 bytes) or in hexadecimal. A view whose
 * p is NULL asks for the reader's PIN pad. The tries are read first: when one is left and
 * TOKEN_ALLOW_LAST_TRY is not set, nothing is sent (ECERT_E_PIN_LAST_TRY). An empty but non-NULL
 * PIN is ECERT_E_PIN_FORMAT, whatever another program has verified. Errors: ECERT_E_PIN_WRONG,
 * ECERT_E_PIN_BLOCKED, ECERT_E_PIN_FORMAT, ECERT_E_EXISTS (this client is logged in already). */
enum ecert_rc token_login(const struct token_at *at, enum token_user user, struct rd pin,
    unsigned flags, int *tries) MUST_CHECK;
enum ecert_rc token_logout(const struct token_at *at) MUST_CHECK;
/* Tells who this client is on that token now: TOKEN_NOBODY after a removal or a reset. It sends no
 * APDU. */
enum token_user token_user(const struct token_at *at);
/* Verifies the PIN for the one operation that follows on a key with PIN always. The transaction is
 * held until that operation, but 2 s at most. Errors: as token_login. */
enum ecert_rc token_login_once(const struct token_at *at, uint8_t key_ref, struct rd pin,
    unsigned flags, int *tries) MUST_CHECK;

enum token_secret { SECRET_PIN, SECRET_PUK };
enum ecert_rc token_change_secret(const struct token_at *at, enum token_secret which, struct rd old,
    struct rd fresh, unsigned flags, int *tries) MUST_CHECK;
/* Sets a new PIN by the PUK. *tries are the PUK's. */
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
	bool from_cert; /* The card tells nothing of the key, which is known from its certificate
			   only */
};
void token_key_clear(struct token_key *k);
/* Tells the key of one reference, and asks the card for that one only. It is remembered while the
 * generation and the card's change counter stand. Errors: ECERT_E_NOT_FOUND. */
enum ecert_rc token_key_get(
    const struct token_at *at, uint8_t ref, struct token_key *out) MUST_CHECK;
/* Tells the certificate of a key reference, in DER, remembered as the key is. A placeholder
 * (crypto/cert/cert.h) is none. Errors: ECERT_E_NOT_FOUND, ECERT_E_MALFORMED. */
enum ecert_rc token_cert_get(const struct token_at *at, uint8_t ref, struct buf *der) MUST_CHECK;
/* Tells the references that may hold a key or a certificate, in the order of CKA_ID. The card is
 * asked as little as it lets us. */
enum ecert_rc token_refs(
    const struct token_at *at, uint8_t refs[TOKEN_KEYS_MAX], size_t *n) MUST_CHECK;
/*
 * What the owner calls the key and the certificate of a reference. ID and labels may be shown and
 * compared as they are: the labels are text, no ID is there twice, and none is the one that
 * another reference has by itself (token_id_reserved).
 */
#define TOKEN_ID_MAX   32
#define TOKEN_NAME_MAX 96
struct token_name {
	uint8_t ref;
	uint8_t id_len; /* 0: the ID that the reference has by itself */
	uint8_t id[TOKEN_ID_MAX];
	char key[TOKEN_NAME_MAX + 1], cert[TOKEN_NAME_MAX + 1]; /* UTF-8; "": it has no name */
	char pub[TOKEN_NAME_MAX + 1]; /* of the public key; "": as the key */
	uint8_t deny; /* uses that the owner excluded: bits 1 << enum token_op, 80 verifying */
};
struct token_names {
	bool kept; /* This card can hold names. */
	size_t n;
	struct token_name name[TOKEN_KEYS_MAX];
};
/* Tells all names. When nothing is new it costs what token_key_get costs. A card that has names is
 * sent one APDU more, once while its change counter stands. */
enum ecert_rc token_names(const struct token_at *at, struct token_names *out) MUST_CHECK;
/* Finds the entry of a reference; NULL: there is none. */
const struct token_name *token_name_of(const struct token_names *names, uint8_t ref);
/* Whether an ID is reserved, so that no name can have it: 01 to 19 (hexadecimal) stand for the
 * references themselves, F9xx for attestations. */
bool token_id_reserved(struct rd id);

/* Has the card make the attestation certificate of a key; for ref F9 it reads the attestation
 * key's own certificate (5FFF01). */
enum ecert_rc token_attest(const struct token_at *at, uint8_t ref, struct buf *der) MUST_CHECK;
/* Reads a data object by its tag. Errors: ECERT_E_NOT_FOUND, ECERT_E_AUTH. */
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
/* Signs, decrypts or agrees on a secret, by 1 APDU once the key is known. A signature has been
 * checked against the public key; one that does not verify is ECERT_E_BAD_SIGNATURE, and out gets
 * nothing. EC and SM2 signatures are raw r||s. Errors: ECERT_E_AUTH (log in, or for a key with PIN
 * always token_login_once, first), ECERT_E_KEY_TYPE, ECERT_E_KEY_FUNCTION (the card does not let
 * the key of this slot do that), ECERT_E_DATA, ECERT_E_DATA_LEN, ECERT_E_RESET (the login is
 * gone). */
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
/* Writes a certificate; an empty der deletes it. It is read back, and when it did not come out so,
 * what was there before is written again. */
enum ecert_rc token_cert_put(const struct token_at *at, uint8_t ref, struct rd der) MUST_CHECK;
/* For a key just made: a token without metadata tells its public key by a certificate alone, so one
 * of nobody's (crypto/cert/cert.h) is written in place of what is there. Nothing happens on others.
 * Errors: token_prove's, token_cert_put's, ECERT_E_CRYPTO. */
enum ecert_rc token_public_keep(
    const struct token_at *at, uint8_t ref, const struct pubkey *pub) MUST_CHECK;
enum ecert_rc token_data_put(const struct token_at *at, uint32_t tag, struct rd value) MUST_CHECK;
enum ecert_rc token_label_put(const struct token_at *at, const char *label) MUST_CHECK;
/* Sets all names of name->ref; an empty field takes its name away. Errors: ECERT_E_UNSUPPORTED
 * (this card keeps no names), ECERT_E_DATA (no text, or a reserved ID), ECERT_E_EXISTS (another
 * slot has the ID), ECERT_E_CARD_FULL. Deleting a key or certificate forgets its name by itself. */
enum ecert_rc token_name_put(const struct token_at *at, const struct token_name *name) MUST_CHECK;
/* Gets random bytes from the card; n may be 0. Errors: ECERT_E_UNSUPPORTED (the card gives none).
 */
enum ecert_rc token_random(const struct token_at *at, uint8_t *out, size_t n) MUST_CHECK;

#endif
