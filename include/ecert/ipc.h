/* SPDX-License-Identifier: BSD-2-Clause */
/* What ecertd and its clients say to each other over a Unix stream socket. */
#ifndef ECERT_IPC_H
#define ECERT_IPC_H

/*
 * Each message is a frame: length (4 bytes, of what follows), then, all numbers big-endian,
 *
 *   request: version (1) type (1) id (4) slot (4) generation (4) a (4) b (4) c (4)
 *            then as many fields as the type has, each length (4) and bytes
 *   answer:  version (1) type + IPC_ANSWER (1) id (4) rc (2) a (4)
 *            then one field, length (4) and bytes
 *
 * and nothing after it: trailing bytes, another version, an unknown type, a field over its limit or
 * a frame over IPC_FRAME_MAX end the connection. Answers come in any order; the id tells which
 * request they belong to. The connection is the client: who is logged in where lives and ends with
 * it. Generations are of the daemon's own count; the first answer to IPC_HELLO names its run.
 *
 * What a version gained later is a revision of it. Each end says its own in the greeting, the
 * first ones did not (0), and both speak the lower one: programs go on with a daemon that was
 * replaced under them, and the other way about.
 *   1: IPC_INFO with what is known of the card, IPC_NAMES and IPC_NAME_PUT with the public key's
 *      label and the excluded uses
 */
#define IPC_VERSION   1
#define IPC_REVISION  1
#define IPC_ANSWER    0x80
#define IPC_FRAME_MAX (65536u + 4096u)
#define IPC_HEAD_LEN  26 /* of a request, without the frame's length */
#define IPC_NUMBERS   3	 /* a, b and c */
#define IPC_FIELDS    5
#define IPC_DATA_MAX  65536u
/* Requests of one client that wait for their answers; with so many the daemon reads no more of them
 * until answers went out. Of a user with many connections it may read fewer of each. */
#define IPC_PENDING_MAX 64
#define IPC_NONCE_LEN	8

/* Relative to XDG_RUNTIME_DIR; then the system's. */
#define IPC_SOCKET_USER	  "ecertd.sock"
#define IPC_SOCKET_SYSTEM "/run/ecertd/ecertd.sock"

/* clang-format off */
/*
 * The requests: one table, of which everything else is made (the types below; shapes and named
 * arguments in token/wire.h; who serves each in daemon/). A new row comes at the end, with a code
 * that no other one ever had; a change of meaning is a new IPC_VERSION.
 *
 *   R(TYPE, code, name, word, served, numbers, fields, answer)
 *     name     is that of its arguments and of the functions that serve it; word, the journal's
 *     served   HERE: by the listener, at once. CARDLESS: by a worker. READ: by a worker when the card
 *              is the one that is meant. USE, WRITE, ATTEMPT: so, and on record; an ATTEMPT comes
 *              under the delays after a wrong secret. NOBODY: it is answered with ECERT_E_ARG
 *     answer   is the most bytes that the answer's field has; the comment says what it gives
 *   N(name, range)         a, b and c in this order; the rest of them is 0. One out of its range
 *                          is answered with the range's error
 *   F(name, most, kind)    has at most so many bytes
 */
#define IPC_ANY			  0, UINT32_MAX, ECERT_OK, false
#define IPC_TO(most, rc)	  0, most, rc, false
#define IPC_FROM(least, most, rc) least, most, rc, false
#define IPC_REF(least, rc)	  least, 0xFF, rc, true /* the reference of a key */
/* The PIN's policy is the second byte of policies, that of touch the first one. */
#define IPC_NEW_KEY(N) \
	N(alg, IPC_FROM(KEY_NONE + 1, KEY_ALG_COUNT - 1, ECERT_E_ARG)) N(policies, IPC_TO(0x303, ECERT_E_ARG))
#define IPC_SECRET_MAX 64 /* a management key in hexadecimal */

enum ipc_field {
	IPC_NO_FIELD,
	IPC_OPEN,
	IPC_SECRET, /* a PIN or a key: its frame belongs into locked memory */
	IPC_ADDED   /* revision 0 ends before it */
};

#define IPC_REQUESTS(R, N, F) \
	/* Gives the run (a; random, not 0), and to a client that can confirm (1) what IPC_CONFIRM has \
	 * to bring back and the daemon's revision (a byte). */ \
	R(HELLO, 1, hello, "hello", HERE, N(confirms, IPC_ANY) N(revision, IPC_ANY), , IPC_NONCE_LEN + 1) \
	/* Gives the slots and how many they are (a). */ \
	R(SLOTS, 2, slots, "slots", CARDLESS, N(refresh, IPC_ANY), , IPC_DATA_MAX) \
	/* Nobody ever served it. */ \
	R(SLOT, 3, slot, "slot", NOBODY, , , 0) \
	/* Gives the slot that changed (a). All ones wait without limit. */ \
	R(WAIT, 4, wait, "wait", HERE, N(timeout_ms, IPC_ANY), , 0) \
	/* Ends this client's IPC_WAIT. */ \
	R(CANCEL, 5, cancel, "cancel", HERE, , , 0) \
	/* Gives what is known of the token; prove asks the card for what is unknown. */ \
	R(INFO, 6, info, "info", READ, N(prove, IPC_ANY), , IPC_DATA_MAX) \
	/* Gives the tries that are left (a). */ \
	R(LOGIN, 7, login, "login", ATTEMPT, \
	  N(user, IPC_FROM(TOKEN_USER, TOKEN_SO, ECERT_E_ARG)) N(flags, IPC_ANY) \
	  N(pinpad, IPC_ANY), F(secret, IPC_SECRET_MAX, IPC_SECRET), 0) \
	R(LOGOUT, 8, logout, "logout", CARDLESS, , , 0) \
	/* Gives the user (a), whatever the cards do. */ \
	R(USER, 9, user, "user", HERE, , , 0) \
	/* Gives the tries that are left (a). */ \
	R(LOGIN_ONCE, 10, login_once, "login-once", ATTEMPT, \
	  N(ref, IPC_REF(1, ECERT_E_NOT_FOUND)) N(flags, IPC_ANY) N(pinpad, IPC_ANY), \
	  F(pin, IPC_SECRET_MAX, IPC_SECRET), 0) \
	/* Gives the tries that are left (a). */ \
	R(CHANGE_SECRET, 11, change_secret, "change-secret", ATTEMPT, \
	  N(which, IPC_TO(SECRET_PUK, ECERT_E_ARG)) N(flags, IPC_ANY), \
	  F(old, IPC_SECRET_MAX, IPC_SECRET) F(fresh, IPC_SECRET_MAX, IPC_SECRET), 0) \
	/* Gives the tries that are left (a). */ \
	R(UNBLOCK, 12, unblock, "unblock", ATTEMPT, \
	  N(none, IPC_ANY) N(flags, IPC_ANY), F(puk, IPC_SECRET_MAX, IPC_SECRET) \
	  F(fresh, IPC_SECRET_MAX, IPC_SECRET), 0) \
	/* Gives the key. */ \
	R(KEY_GET, 13, key_get, "key-get", READ, N(ref, IPC_REF(0, ECERT_E_NOT_FOUND)), , IPC_DATA_MAX) \
	/* Gives DER. */ \
	R(CERT_GET, 14, cert_get, "cert-get", READ, N(ref, IPC_REF(0, ECERT_E_NOT_FOUND)), , IPC_DATA_MAX) \
	/* Gives the references, a byte each. */ \
	R(REFS, 15, refs, "refs", READ, , , TOKEN_KEYS_MAX) \
	/* Gives DER. */ \
	R(ATTEST, 16, attest, "attest", READ, N(ref, IPC_REF(0, ECERT_E_NOT_FOUND)), , IPC_DATA_MAX) \
	/* Gives the content. */ \
	R(DATA_GET, 17, data_get, "data-get", READ, N(tag, IPC_ANY), , IPC_DATA_MAX) \
	/* Gives the result. */ \
	R(USE, 18, use, "use", USE, \
	  N(ref, IPC_REF(0, ECERT_E_NOT_FOUND)) N(op, IPC_TO(TOKEN_DERIVE, ECERT_E_ARG)), \
	  F(input, IPC_DATA_MAX, IPC_OPEN) F(digest, 64, IPC_OPEN), IPC_DATA_MAX) \
	/* Gives the public key, as SPKI. */ \
	R(KEY_GENERATE, 19, key_generate, "key-generate", WRITE, \
	  N(ref, IPC_REF(0, ECERT_E_ARG)) IPC_NEW_KEY(N), , IPC_DATA_MAX) \
	R(KEY_IMPORT, 20, key_import, "key-import", WRITE, \
	  N(ref, IPC_REF(0, ECERT_E_ARG)) IPC_NEW_KEY(N), F(part0, 512, IPC_SECRET) \
	  F(part1, 512, IPC_SECRET) F(part2, 512, IPC_SECRET) F(part3, 512, IPC_SECRET) \
	  F(part4, 512, IPC_SECRET), 0) \
	R(KEY_DELETE, 21, key_delete, "key-delete", WRITE, N(ref, IPC_REF(0, ECERT_E_ARG)), , 0) \
	R(CERT_PUT, 22, cert_put, "cert-put", WRITE, \
	  N(ref, IPC_REF(0, ECERT_E_ARG)), F(der, IPC_DATA_MAX, IPC_OPEN), 0) \
	R(DATA_PUT, 23, data_put, "data-put", WRITE, N(tag, IPC_ANY), F(value, IPC_DATA_MAX, IPC_OPEN), 0) \
	R(LABEL_PUT, 24, label_put, "label-put", WRITE, , F(label, 32, IPC_OPEN), 0) \
	/* Gives so many random bytes. */ \
	R(RANDOM, 25, random, "random", READ, \
	  N(bytes, IPC_TO(IPC_DATA_MAX, ECERT_E_TOO_LARGE)), , IPC_DATA_MAX) \
	/* This client's user may write until logout, with this key, whose length may shrink; an empty \
	 * one is the key behind the PIN. */ \
	R(LET_WRITE, 26, let_write, "let-write", READ, \
	  N(shrinks, IPC_TO(1, ECERT_E_ARG)), F(key, IPC_SECRET_MAX, IPC_SECRET), 0) \
	/* Gives whether the card keeps names (a byte), and the names. */ \
	R(NAMES, 27, names, "names", READ, , , IPC_DATA_MAX) \
	/* deny has a bit for each excluded use. */ \
	R(NAME_PUT, 28, name_put, "name-put", WRITE, \
	  N(ref, IPC_REF(0, ECERT_E_ARG)) N(deny, IPC_TO(0xFF, ECERT_E_ARG)), \
	  F(id, TOKEN_ID_MAX, IPC_OPEN) F(key, TOKEN_NAME_MAX, IPC_OPEN) \
	  F(cert, TOKEN_NAME_MAX, IPC_OPEN) F(pub, TOKEN_NAME_MAX, IPC_ADDED), 0) \
	/* Brings back what the answer to IPC_HELLO had: the process that connected still runs the \
	 * program that it ran then. */ \
	R(CONFIRM, 30, confirm, "confirm", HERE, , F(nonce, IPC_NONCE_LEN, IPC_OPEN), 0)
/* clang-format on */

#define IPC_TYPE(TYPE, code, ...) IPC_##TYPE = (code),
#define IPC_NOTHING(...)
enum ipc_type {
	/* An answer that nobody asked for, id 0, rc = ECERT_E_FULL: the connection ends for want of
	 * places, and nothing that it still owes an answer was carried out; it may be asked again
	 * on a new one. */
	IPC_BYE = 29,
	IPC_REQUESTS(IPC_TYPE, IPC_NOTHING, IPC_NOTHING) IPC_TYPE_END
};

#endif
