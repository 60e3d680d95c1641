/* SPDX-License-Identifier: BSD-2-Clause */
/* Message-based signing and verifying (5.14, 5.16): one Init, many messages. */
#include "pkcs11/api/sign_priv.h"

CK_RV C_MessageSignInit(
    CK_SESSION_HANDLE hSession, CK_MECHANISM_PTR pMechanism, CK_OBJECT_HANDLE hKey)
{
	return private_init(
	    __func__, hSession, OP_MESSAGE_SIGN, pMechanism, hKey, CKF_MESSAGE_SIGN, TOKEN_SIGN);
}

static CK_RV message_op(struct session *s, enum op_kind kind, bool open, struct op **op)
{
	CK_RV rv = session_op(s, kind, op);

	if (rv != CKR_OK)
		return rv;
	/* The last one ended without the memory for another. */
	if (!(*op)->message)
		rv = op_message_start(*op);
	if (rv != CKR_OK)
		return rv;
	if ((*op)->message_open != open)
		return open ? CKR_OPERATION_NOT_INITIALIZED : CKR_OPERATION_ACTIVE;
	return CKR_OK;
}

/* The next message starts afresh, whatever became of this one. */
static CK_RV message_over(struct op *op, CK_RV rv)
{
	CK_RV again = op_message_start(op);

	op->message_open = false;
	op->paid = false;
	return rv != CKR_OK ? rv : again;
}

/* What every call about a message has. */
struct part {
	const char *func;
	CK_SESSION_HANDLE session;
	CK_VOID_PTR param;
	CK_ULONG param_len; /* no mechanism of ours has a parameter for each message */
	CK_BYTE_PTR data;
	CK_ULONG data_len;
	bool open; /* a Next: Begin came before it */
};

/* sound: the call's other arguments. After an error the session is left, and a message that was
 * open is over (5.14.4, 5.16.4). */
static CK_RV part_enter(
    const struct part *p, enum op_kind kind, bool sound, struct session **s, struct op **op)
{
	CK_RV rv = session_enter(p->func, p->session, true, s), bad = CKR_OK;
	bool found;

	if (rv != CKR_OK)
		return rv;
	rv = message_op(*s, kind, p->open, op);
	found = rv == CKR_OK;
	if ((!p->param && p->param_len) || (!p->data && p->data_len) || !sound)
		bad = CKR_ARGUMENTS_BAD;
	else if (found && p->param_len)
		bad = CKR_MECHANISM_PARAM_INVALID;
	if (bad)
		rv = found && p->open ? message_over(*op, bad) : bad;
	return rv != CKR_OK ? session_leave(p->func, *s, rv) : CKR_OK;
}

/* A NULL length: more parts follow (5.14.4). */
static CK_RV part_sign(const struct part *p, bool sound, CK_BYTE_PTR sig, CK_ULONG_PTR sig_len)
{
	struct session *s;
	struct op *op;
	bool ended = false;
	CK_RV rv = part_enter(p, OP_MESSAGE_SIGN, sound, &s, &op);

	if (rv != CKR_OK)
		return rv;
	if (sig_len) {
		rv = sign_message(s, op, rd_of(p->data, p->data_len), sig, sig_len, &ended);
	} else {
		rv = op_message_part(op, rd_of(p->data, p->data_len));
		ended = rv != CKR_OK;
	}
	if (ended)
		rv = message_over(op, rv);
	return session_leave(p->func, s, rv);
}

static CK_RV part_verify(const struct part *p, bool last, CK_BYTE_PTR sig, CK_ULONG sig_len)
{
	struct session *s;
	struct op *op;
	CK_RV rv = part_enter(p, OP_MESSAGE_VERIFY, sig || !sig_len, &s, &op);

	if (rv != CKR_OK)
		return rv;
	rv = op_message_part(op, rd_of(p->data, p->data_len));
	if (rv == CKR_OK && last)
		rv = verify_message(op, rd_of(sig, sig_len));
	if (rv != CKR_OK || last)
		rv = message_over(op, rv);
	return session_leave(p->func, s, rv);
}

static CK_RV message_begin(const struct part *p, enum op_kind kind)
{
	struct session *s;
	struct op *op;
	CK_RV rv = part_enter(p, kind, true, &s, &op);

	if (rv != CKR_OK)
		return rv;
	op->message_open = true;
	return session_leave(p->func, s, rv);
}

static CK_RV message_final(const char *func, CK_SESSION_HANDLE h, enum op_kind kind)
{
	struct session *s;
	struct op *op;
	CK_RV rv = session_enter(func, h, true, &s);

	if (rv != CKR_OK)
		return rv;
	rv = session_op(s, kind, &op);
	session_end(s, kind);
	return session_leave(func, s, rv);
}

CK_RV C_SignMessage(CK_SESSION_HANDLE hSession, CK_VOID_PTR pParameter, CK_ULONG ulParameterLen,
    CK_BYTE_PTR pData, CK_ULONG ulDataLen, CK_BYTE_PTR pSignature, CK_ULONG_PTR pulSignatureLen)
{
	struct part p = {__func__, hSession, pParameter, ulParameterLen, pData, ulDataLen, false};

	return part_sign(&p, pulSignatureLen, pSignature, pulSignatureLen);
}

CK_RV C_SignMessageBegin(
    CK_SESSION_HANDLE hSession, CK_VOID_PTR pParameter, CK_ULONG ulParameterLen)
{
	struct part p = {__func__, hSession, pParameter, ulParameterLen, NULL, 0, false};

	return message_begin(&p, OP_MESSAGE_SIGN);
}

CK_RV C_SignMessageNext(CK_SESSION_HANDLE hSession, CK_VOID_PTR pParameter, CK_ULONG ulParameterLen,
    CK_BYTE_PTR pData, CK_ULONG ulDataLen, CK_BYTE_PTR pSignature, CK_ULONG_PTR pulSignatureLen)
{
	struct part p = {__func__, hSession, pParameter, ulParameterLen, pData, ulDataLen, true};

	return part_sign(&p, pulSignatureLen || !pSignature, pSignature, pulSignatureLen);
}

CK_RV C_MessageSignFinal(CK_SESSION_HANDLE hSession)
{
	return message_final(__func__, hSession, OP_MESSAGE_SIGN);
}

CK_RV C_MessageVerifyInit(
    CK_SESSION_HANDLE hSession, CK_MECHANISM_PTR pMechanism, CK_OBJECT_HANDLE hKey)
{
	return verify_init(
	    __func__, hSession, OP_MESSAGE_VERIFY, pMechanism, hKey, CKF_MESSAGE_VERIFY);
}

CK_RV C_VerifyMessage(CK_SESSION_HANDLE hSession, CK_VOID_PTR pParameter, CK_ULONG ulParameterLen,
    CK_BYTE_PTR pData, CK_ULONG ulDataLen, CK_BYTE_PTR pSignature, CK_ULONG ulSignatureLen)
{
	struct part p = {__func__, hSession, pParameter, ulParameterLen, pData, ulDataLen, false};

	return part_verify(&p, true, pSignature, ulSignatureLen);
}

CK_RV C_VerifyMessageBegin(
    CK_SESSION_HANDLE hSession, CK_VOID_PTR pParameter, CK_ULONG ulParameterLen)
{
	struct part p = {__func__, hSession, pParameter, ulParameterLen, NULL, 0, false};

	return message_begin(&p, OP_MESSAGE_VERIFY);
}

/* A NULL signature: more parts follow (5.16.4). */
CK_RV C_VerifyMessageNext(CK_SESSION_HANDLE hSession, CK_VOID_PTR pParameter,
    CK_ULONG ulParameterLen, CK_BYTE_PTR pData, CK_ULONG ulDataLen, CK_BYTE_PTR pSignature,
    CK_ULONG ulSignatureLen)
{
	struct part p = {__func__, hSession, pParameter, ulParameterLen, pData, ulDataLen, true};

	return part_verify(&p, pSignature, pSignature, ulSignatureLen);
}

CK_RV C_MessageVerifyFinal(CK_SESSION_HANDLE hSession)
{
	return message_final(__func__, hSession, OP_MESSAGE_VERIFY);
}
