/* SPDX-License-Identifier: BSD-2-Clause */
/* Signing and verifying, shared by the session-based and the message-based functions. */
#ifndef ECERT_PKCS11_SIGN_PRIV_H
#define ECERT_PKCS11_SIGN_PRIV_H

#include "pkcs11/object/object.h"

/*
 * A whole C_...Init: starts an operation with a private key, or ends the active one when m is NULL
 * (3.0, 5.13.1). func: its name, for the trace. need: the CKF_ of the mechanism, and op tells what
 * the key must be able to. Errors: CKR_OPERATION_ACTIVE, CKR_KEY_HANDLE_INVALID,
 * CKR_USER_NOT_LOGGED_IN, CKR_KEY_FUNCTION_NOT_PERMITTED, CKR_KEY_TYPE_INCONSISTENT,
 * CKR_MECHANISM_...
 */
CK_RV private_init(const char *func, CK_SESSION_HANDLE h, enum op_kind kind, const CK_MECHANISM *m,
    CK_OBJECT_HANDLE key, CK_FLAGS need, enum token_op use) MUST_CHECK;
/* The same in a session that was entered, for a call that is an operation by itself; *out is the
 * caller's. */
CK_RV private_once(struct session *s, const CK_MECHANISM *m, CK_OBJECT_HANDLE key, CK_FLAGS need,
    enum token_op use, struct op **out) MUST_CHECK;
/* As private_init, with a public key, on the token or in memory. */
CK_RV verify_init(const char *func, CK_SESSION_HANDLE h, enum op_kind kind, const CK_MECHANISM *m,
    CK_OBJECT_HANDLE key, CK_FLAGS need) MUST_CHECK;
/* The same in a session that was entered. */
CK_RV verify_init_in(struct session *s, enum op_kind kind, const CK_MECHANISM *m,
    CK_OBJECT_HANDLE key, CK_FLAGS need) MUST_CHECK;

/*
 * Signs what the message holds after `last` was added to it. A NULL sig asks the size; neither that
 * nor CKR_BUFFER_TOO_SMALL takes anything in, and *ended stays false.
 */
CK_RV sign_message(struct session *s, struct op *op, struct rd last, CK_BYTE_PTR sig,
    CK_ULONG_PTR sig_len, bool *ended) MUST_CHECK;
/* CKR_SIGNATURE_INVALID, CKR_SIGNATURE_LEN_RANGE when it is not one. */
CK_RV verify_message(struct op *op, struct rd sig) MUST_CHECK;

#endif
