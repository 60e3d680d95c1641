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
#define IPC_FIELDS    5
#define IPC_DATA_MAX  65536u
/* Requests of one client that wait for their answers; with so many the daemon reads no more of them
 * until answers went out. Of a user with many connections it may read fewer of each. */
#define IPC_PENDING_MAX 64
#define IPC_NONCE_LEN	8

/* Relative to XDG_RUNTIME_DIR; then the system's. */
#define IPC_SOCKET_USER	  "ecertd.sock"
#define IPC_SOCKET_SYSTEM "/run/ecertd/ecertd.sock"

/*
 * a, b, c and the fields of each; the answer's a and field. "-" is 0 or empty.
 * Add at the end; a change of meaning is a new IPC_VERSION.
 */
enum ipc_type {
	IPC_HELLO = 1,	  /* a = 1: can confirm, b = revision; a = run (random, not 0), field =
				 empty, or what IPC_CONFIRM has to bring back and the revision (1) */
	IPC_SLOTS,	  /* a = refresh; a = count, field = slots */
	IPC_SLOT,	  /* slot; field = one slot */
	IPC_WAIT,	  /* a = timeout in ms, all ones = none; a = slot */
	IPC_CANCEL,	  /* -; ends this client's IPC_WAIT */
	IPC_INFO,	  /* slot; a 1: ask for what is unknown; field = token information */
	IPC_LOGIN,	  /* a = user, b = flags, c = 1: PIN pad; PIN or key; a = tries */
	IPC_LOGOUT,	  /* slot */
	IPC_USER,	  /* slot; a = user */
	IPC_LOGIN_ONCE,	  /* a = key reference, b = flags, c = 1: PIN pad; PIN; a = tries */
	IPC_CHANGE,	  /* a = which, b = flags; old, fresh; a = tries */
	IPC_UNBLOCK,	  /* b = flags; PUK, fresh; a = tries */
	IPC_KEY_GET,	  /* a = reference; field = key */
	IPC_CERT_GET,	  /* a = reference; field = DER */
	IPC_REFS,	  /* slot; field = references */
	IPC_ATTEST,	  /* a = reference; field = DER */
	IPC_DATA_GET,	  /* a = tag; field = content */
	IPC_USE,	  /* a = reference, b = operation; input, digest; field = result */
	IPC_KEY_GENERATE, /* a = reference, b = algorithm, c = policies; field = SPKI */
	IPC_KEY_IMPORT,	  /* the same; five parts */
	IPC_KEY_DELETE,	  /* a = reference */
	IPC_CERT_PUT,	  /* a = reference; DER */
	IPC_DATA_PUT,	  /* a = tag; content */
	IPC_LABEL_PUT,	  /* label */
	IPC_RANDOM,	  /* a = bytes; field = random bytes */
	IPC_LET_WRITE,	  /* a = 1: the key shrinks; management key, or empty: the one behind the
				 PIN. This client's user may write until logout */
	IPC_NAMES,	  /* slot; field = kept (1) and names */
	IPC_NAME_PUT,	  /* a = reference, b = excluded uses; ID, labels of key, certificate and
				     public key (missing in revision 0) */
	IPC_BYE,     /* an answer that nobody asked for, id 0, rc = ECERT_E_FULL: the connection
			    ends for want of places, and nothing that it still owes an answer
			    was carried out; it may be asked again on a new one */
	IPC_CONFIRM, /* what the answer to IPC_HELLO had, from the process that connected: it
			    still runs the program that it ran then */
	IPC_TYPE_END
};

#endif
