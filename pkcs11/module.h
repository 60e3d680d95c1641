/* SPDX-License-Identifier: BSD-2-Clause */
/* The module's one state, its entry discipline, and the translation of return codes. */
#ifndef ECERT_PKCS11_MODULE_H
#define ECERT_PKCS11_MODULE_H

#include <pthread.h>
#include <stdatomic.h>

#include "ecert/cryptoki.h"
#include "ecert/vendor.h"
#include "pkcs11/config.h"
#include "token/token.h"

/*
 * Words: a slot is PKCS#11's, a reader; a "place" is where a key can be on a card (an index, so
 * that tables have a row for each), its "ref" the byte that PIV calls it by. An "object" is what a
 * handle stands for now; the "store" keeps those that live in a session, each a "stored". An
 * "operation" goes from its Init to its end (op/op.h); api/begin.c begins one,
 * api/operation_state.c takes a digest out of a session. "names" are CKA_ID and labels that the
 * card keeps; the key is "paid" for when the PIN for one operation came (PIN always).
 */

/*
 * Locks, outermost first: gate (every call reads, C_Finalize writes), a session's own, a slot's for
 * making something new (object/place.h), then `lock` (the tables of sessions and session objects;
 * held for memory work only).
 */
struct module {
	pthread_rwlock_t gate;
	pthread_mutex_t lock;
	atomic_bool up;		/* between C_Initialize and C_Finalize */
	atomic_bool stopping;	/* C_Finalize waits for the others to leave */
	atomic_uint forks;	/* counted in the child by pthread_atfork */
	atomic_uint forks_seen; /* as it was at C_Initialize */
	struct tokens *tokens;
	atomic_uint
	    logouts[TOKEN_SLOTS_MAX]; /* the user's: handles of private objects die of them */
	atomic_uint wrong_pin[TOKEN_SLOTS_MAX]; /* the generation of the token that got one last */
	struct config config;
	uint8_t reject_key[32]; /* of pkcs1_unpad; made at the first use */
	bool reject_key_made;
};
extern struct module p11;

/* What C_Initialize opens; unit tests put their own in. */
extern enum ecert_rc (*p11_tokens_open)(const struct tokens_config *cfg, struct tokens **out);

/*
 * The head of every function that needs an initialised module: takes the gate. args_ok is what the
 * caller found of its pointers; a false one is CKR_ARGUMENTS_BAD, after the state has been looked
 * at. Anything but CKR_OK has already been left again.
 */
CK_RV p11_enter(const char *func, bool args_ok) MUST_CHECK;
/* The tail: opens the gate and writes the call log; gives rv back, as the function's list has it
 * (rvlist.h). */
CK_RV p11_leave(const char *func, CK_RV rv) MUST_CHECK;
/* As in struct ecert_settings (ecert/vendor.h). */
unsigned long p11_set_reader(const char *where);
/* After the first login: a process that ends without C_Finalize logs out all the same. */
void p11_logout_at_exit(void);
/* One line of the call log: name, session or slot, return value; never an argument's content. */
void p11_trace(const char *func, CK_ULONG on, CK_RV rv);

/* The CKR_ of a return code; the login functions refine some of them themselves. */
CK_RV p11_rv(enum ecert_rc rc);

/* The same of a login or of an operation with a private key: CKR_ACTION_PROHIBITED is for objects
 * (5.1.6); what the card, its user's missing touch or ecertd refuses is CKR_FUNCTION_REJECTED. */
CK_RV p11_use_rv(enum ecert_rc rc);

/*
 * Returns data of length-prefixed output (5.2): a NULL buffer asks the size. *done tells whether
 * the bytes were handed over, so that the operation ends.
 */
CK_RV p11_output(struct rd data, CK_BYTE_PTR out, CK_ULONG_PTR out_len, bool *done);

/* Blank-padded fixed-size text of CK_INFO and its like; cut at a character of UTF-8. */
void p11_text(CK_UTF8CHAR *field, size_t size, const char *text);

#endif
