/* SPDX-License-Identifier: BSD-2-Clause */
/* The table of sessions: handles that are checked, one call at a time in each session. */
#ifndef ECERT_PKCS11_SESSION_TABLE_H
#define ECERT_PKCS11_SESSION_TABLE_H

#include "pkcs11/op/op.h"

#define SESSIONS_MAX 1024u

struct session {
	CK_SESSION_HANDLE handle;
	unsigned refs; /* the table's and those of calls under way; under p11.lock */
	bool closed;   /* under its own mutex and p11.lock */
	bool rw;
	struct token_at at; /* generation: the token that was in when the session was opened */
	pthread_mutex_t mutex;
	struct op *op[OP_COUNT];
	unsigned begun; /* operations with a private key so far: tells the latest */
};

/* Does what p11_enter does, and locks the session. Errors: also CKR_SESSION_HANDLE_INVALID, which
 * comes before CKR_ARGUMENTS_BAD (5.1.7). */
CK_RV session_enter(
    const char *func, CK_SESSION_HANDLE h, bool args_ok, struct session **out) MUST_CHECK;
/* For the calls that go on with an operation: "always terminates" and "results in an error" (5.10,
 * 5.12, 5.13, 5.15) mean CKR_ARGUMENTS_BAD as well, so that the operation ends with it. */
CK_RV session_enter_op(const char *func, CK_SESSION_HANDLE h, enum op_kind kind, bool args_ok,
    struct session **out) MUST_CHECK;
/* Tells whether the token of a session has left its slot. Sends nothing to a card. */
bool token_left(const struct token_at *at);
/* A token that went away takes its sessions along (5.6, "sessions of a removed token"). */
CK_RV session_leave(const char *func, struct session *s, CK_RV rv) MUST_CHECK;

/* Errors: CKR_SESSION_COUNT, CKR_HOST_MEMORY. */
CK_RV session_new(const struct token_at *at, bool rw, CK_SESSION_HANDLE *out) MUST_CHECK;
/* Takes it out of the table; it is freed when its last call has left. last: no other one is left
 * on its token. Errors: CKR_SESSION_HANDLE_INVALID. */
CK_RV session_close(CK_SESSION_HANDLE h, struct token_at *at, bool *last) MUST_CHECK;
/* Closes the sessions of a slot, except those on the token of generation `but` (0: no exception).
 */
void sessions_close_slot(unsigned slot, uint32_t but);
/* Closes the sessions whose token has left its slot. Returns the generation of the token that is in
 * the slot now, or 0 when there is none. */
uint32_t sessions_sweep(unsigned slot);
void sessions_close_all(void);
/* For a forked child: frees what no thread of the parent was using. */
void sessions_discard(void);

/* Forgets what C_GetSlotList saw (slot.c). */
void slots_forget(void);

struct session_count {
	CK_ULONG all, rw;
};
struct session_count sessions_count(unsigned slot);

/* Ends an operation; nothing when there is none. */
void session_end(struct session *s, enum op_kind kind);
/* Gives the active operation. Errors: CKR_OPERATION_NOT_INITIALIZED. */
CK_RV session_op(struct session *s, enum op_kind kind, struct op **out) MUST_CHECK;
/* A single-part call cannot end what came in parts, and ends the operation all the same (5.8.2,
 * 5.12.2, 5.13.2, 5.15.2). Errors: CKR_OPERATION_NOT_INITIALIZED. */
CK_RV op_single(struct session *s, enum op_kind kind, const struct op *op) MUST_CHECK;

#endif
