/* SPDX-License-Identifier: BSD-2-Clause */
/* Message-based signing and verifying (5.14, 5.16): one Init, many messages. */
#include "pkcs11/sign.h"

CK_RV C_MessageSignInit(
    CK_SESSION_HANDLE hSession, CK_MECHANISM_PTR pMechanism, CK_OBJECT_HANDLE hKey)
{
	struct session *s;
	CK_RV rv = session_enter(__func__, hSession, true, &s);

	if (rv)
		return rv;
	rv = private_init(s, OP_MESSAGE_SIGN, pMechanism, hKey, CKF_MESSAGE_SIGN, TOKEN_SIGN);
	return session_leave(__func__, s, rv);
}

/* No mechanism of ours has a parameter for each message. */
static CK_RV message_op(
    struct session *s, enum op_kind kind, CK_ULONG param_len, bool open, struct op **op)
{
	CK_RV rv = session_op(s, kind, op);

	if (rv)
		return rv;
	/* The last one ended without the memory for another. */
	if (!(*op)->message)
		rv = op_message_start(*op);
	if (rv)
		return rv;
	if ((*op)->message_open != open)
		return open ? CKR_OPERATION_NOT_INITIALIZED : CKR_OPERATION_ACTIVE;
	return param_len ? CKR_MECHANISM_PARAM_INVALID : CKR_OK;
}

/* The next message starts afresh, whatever became of this one. */
static CK_RV message_over(struct op *op, CK_RV rv)
{
	CK_RV again = op_message_start(op);

	op->message_open = false;
	return rv ? rv : again;
}

CK_RV C_SignMessage(CK_SESSION_HANDLE hSession, CK_VOID_PTR pParameter, CK_ULONG ulParameterLen,
    CK_BYTE_PTR pData, CK_ULONG ulDataLen, CK_BYTE_PTR pSignature, CK_ULONG_PTR pulSignatureLen)
{
	struct session *s;
	struct op *op;
	bool ended = false;
	CK_RV rv = session_enter(__func__, hSession,
	    (pParameter || !ulParameterLen) && (pData || !ulDataLen) && pulSignatureLen, &s);

	if (rv)
		return rv;
	rv = message_op(s, OP_MESSAGE_SIGN, ulParameterLen, false, &op);
	if (!rv)
		rv = sign_message(
		    s, op, rd_of(pData, ulDataLen), pSignature, pulSignatureLen, &ended);
	if (ended)
		rv = message_over(op, rv);
	return session_leave(__func__, s, rv);
}

static CK_RV message_begin(
    const char *func, CK_SESSION_HANDLE h, enum op_kind kind, CK_VOID_PTR param, CK_ULONG param_len)
{
	struct session *s;
	struct op *op;
	CK_RV rv = session_enter(func, h, param || !param_len, &s);

	if (rv)
		return rv;
	rv = message_op(s, kind, param_len, false, &op);
	if (!rv)
		op->message_open = true;
	return session_leave(func, s, rv);
}

CK_RV C_SignMessageBegin(
    CK_SESSION_HANDLE hSession, CK_VOID_PTR pParameter, CK_ULONG ulParameterLen)
{
	return message_begin(__func__, hSession, OP_MESSAGE_SIGN, pParameter, ulParameterLen);
}

/* A NULL length: more parts follow (5.14.4). */
CK_RV C_SignMessageNext(CK_SESSION_HANDLE hSession, CK_VOID_PTR pParameter, CK_ULONG ulParameterLen,
    CK_BYTE_PTR pData, CK_ULONG ulDataLen, CK_BYTE_PTR pSignature, CK_ULONG_PTR pulSignatureLen)
{
	struct session *s;
	struct op *op;
	bool ended = false;
	CK_RV rv = session_enter(__func__, hSession,
	    (pParameter || !ulParameterLen) && (pData || !ulDataLen) &&
		(pulSignatureLen || !pSignature),
	    &s);

	if (rv)
		return rv;
	rv = message_op(s, OP_MESSAGE_SIGN, ulParameterLen, true, &op);
	if (!rv && !pulSignatureLen) {
		rv = op_message_part(op, rd_of(pData, ulDataLen));
		ended = rv != CKR_OK;
	} else if (!rv) {
		rv = sign_message(
		    s, op, rd_of(pData, ulDataLen), pSignature, pulSignatureLen, &ended);
	}
	if (ended)
		rv = message_over(op, rv);
	return session_leave(__func__, s, rv);
}

static CK_RV message_final(const char *func, CK_SESSION_HANDLE h, enum op_kind kind)
{
	struct session *s;
	struct op *op;
	CK_RV rv = session_enter(func, h, true, &s);

	if (rv)
		return rv;
	rv = session_op(s, kind, &op);
	session_end(s, kind);
	return session_leave(func, s, rv);
}

CK_RV C_MessageSignFinal(CK_SESSION_HANDLE hSession)
{
	return message_final(__func__, hSession, OP_MESSAGE_SIGN);
}

CK_RV C_MessageVerifyInit(
    CK_SESSION_HANDLE hSession, CK_MECHANISM_PTR pMechanism, CK_OBJECT_HANDLE hKey)
{
	struct session *s;
	CK_RV rv = session_enter(__func__, hSession, true, &s);

	if (rv)
		return rv;
	rv = verify_init(s, OP_MESSAGE_VERIFY, pMechanism, hKey, CKF_MESSAGE_VERIFY);
	return session_leave(__func__, s, rv);
}

CK_RV C_VerifyMessage(CK_SESSION_HANDLE hSession, CK_VOID_PTR pParameter, CK_ULONG ulParameterLen,
    CK_BYTE_PTR pData, CK_ULONG ulDataLen, CK_BYTE_PTR pSignature, CK_ULONG ulSignatureLen)
{
	struct session *s;
	struct op *op;
	CK_RV rv = session_enter(__func__, hSession,
	    (pParameter || !ulParameterLen) && (pData || !ulDataLen) &&
		(pSignature || !ulSignatureLen),
	    &s);

	if (rv)
		return rv;
	rv = message_op(s, OP_MESSAGE_VERIFY, ulParameterLen, false, &op);
	if (!rv) {
		rv = op_message_part(op, rd_of(pData, ulDataLen));
		if (!rv)
			rv = verify_message(op, rd_of(pSignature, ulSignatureLen));
		rv = message_over(op, rv);
	}
	return session_leave(__func__, s, rv);
}

CK_RV C_VerifyMessageBegin(
    CK_SESSION_HANDLE hSession, CK_VOID_PTR pParameter, CK_ULONG ulParameterLen)
{
	return message_begin(__func__, hSession, OP_MESSAGE_VERIFY, pParameter, ulParameterLen);
}

/* A NULL signature: more parts follow (5.16.4). */
CK_RV C_VerifyMessageNext(CK_SESSION_HANDLE hSession, CK_VOID_PTR pParameter,
    CK_ULONG ulParameterLen, CK_BYTE_PTR pData, CK_ULONG ulDataLen, CK_BYTE_PTR pSignature,
    CK_ULONG ulSignatureLen)
{
	struct session *s;
	struct op *op;
	CK_RV rv = session_enter(__func__, hSession,
	    (pParameter || !ulParameterLen) && (pData || !ulDataLen) &&
		(pSignature || !ulSignatureLen),
	    &s);

	if (rv)
		return rv;
	rv = message_op(s, OP_MESSAGE_VERIFY, ulParameterLen, true, &op);
	if (!rv) {
		rv = op_message_part(op, rd_of(pData, ulDataLen));
		if (!rv && pSignature)
			rv = verify_message(op, rd_of(pSignature, ulSignatureLen));
		if (rv || pSignature)
			rv = message_over(op, rv);
	}
	return session_leave(__func__, s, rv);
}

CK_RV C_MessageVerifyFinal(CK_SESSION_HANDLE hSession)
{
	return message_final(__func__, hSession, OP_MESSAGE_VERIFY);
}
