/* SPDX-License-Identifier: BSD-2-Clause */
/* C_Verify... and C_VerifySignature... (5.15): on the host, with public keys. */
#include <string.h>

#include "pkcs11/api/sign_priv.h"

#define PAIR_MAX 256u

/* 6.3.1: r and s may come with fewer leading zeros than the order has room for, both alike. */
static struct rd widen(const struct op *op, struct rd sig, size_t size, uint8_t room[PAIR_MAX])
{
	size_t given = sig.n / 2, half = size / 2;

	if (op->mech->family != FAMILY_EC || sig.n == 0 || sig.n % 2 || sig.n >= size ||
	    size > PAIR_MAX)
		return sig;
	memset(room, 0, size);
	memcpy(room + half - given, sig.p, given);
	memcpy(room + size - given, sig.p + given, given);
	return rd_of(room, size);
}

CK_RV verify_message(struct op *op, struct rd sig)
{
	size_t size = scheme_signature_size(op->message);
	uint8_t room[PAIR_MAX];
	enum ecert_rc rc;

	sig = widen(op, sig, size, room);
	if (sig.n != size)
		return CKR_SIGNATURE_LEN_RANGE;
	rc = scheme_verify(op->message, sig);
	return rc == ECERT_E_BAD_SIGNATURE ? CKR_SIGNATURE_INVALID : p11_rv(rc);
}

/* The operation, when it was begun with the signature first or with it last. */
static CK_RV verify_op(struct session *s, bool signature_first, struct op **op)
{
	CK_RV rv = session_op(s, OP_VERIFY, op);

	if (rv == CKR_OK && (*op)->signature_first != signature_first)
		rv = CKR_OPERATION_NOT_INITIALIZED;
	return rv;
}

static CK_RV verify_part(
    const char *func, CK_SESSION_HANDLE h, bool signature_first, CK_BYTE_PTR part, CK_ULONG n)
{
	struct session *s;
	struct op *op;
	CK_RV rv = session_enter_op(func, h, OP_VERIFY, part || !n, &s);

	if (rv != CKR_OK)
		return rv;
	rv = verify_op(s, signature_first, &op);
	if (rv == CKR_OK) {
		op->multi = true;
		rv = op_message_part(op, rd_of(part, n));
		if (rv != CKR_OK)
			session_end(s, OP_VERIFY);
	}
	return session_leave(func, s, rv);
}

CK_RV C_VerifyInit(CK_SESSION_HANDLE hSession, CK_MECHANISM_PTR pMechanism, CK_OBJECT_HANDLE hKey)
{
	return verify_init(__func__, hSession, OP_VERIFY, pMechanism, hKey, CKF_VERIFY);
}

CK_RV C_Verify(CK_SESSION_HANDLE hSession, CK_BYTE_PTR pData, CK_ULONG ulDataLen,
    CK_BYTE_PTR pSignature, CK_ULONG ulSignatureLen)
{
	struct session *s;
	struct op *op;
	CK_RV rv = session_enter_op(__func__, hSession, OP_VERIFY,
	    (pData || !ulDataLen) && (pSignature || !ulSignatureLen), &s);

	if (rv != CKR_OK)
		return rv;
	rv = verify_op(s, false, &op);
	if (rv == CKR_OK)
		rv = op_single(s, OP_VERIFY, op);
	if (rv == CKR_OK)
		rv = op_message_part(op, rd_of(pData, ulDataLen));
	if (rv == CKR_OK)
		rv = verify_message(op, rd_of(pSignature, ulSignatureLen));
	if (rv != CKR_OPERATION_NOT_INITIALIZED)
		session_end(s, OP_VERIFY);
	return session_leave(__func__, s, rv);
}

CK_RV C_VerifyUpdate(CK_SESSION_HANDLE hSession, CK_BYTE_PTR pPart, CK_ULONG ulPartLen)
{
	return verify_part(__func__, hSession, false, pPart, ulPartLen);
}

CK_RV C_VerifyFinal(CK_SESSION_HANDLE hSession, CK_BYTE_PTR pSignature, CK_ULONG ulSignatureLen)
{
	struct session *s;
	struct op *op;
	CK_RV rv = session_enter_op(
	    __func__, hSession, OP_VERIFY, pSignature || !ulSignatureLen, &s);

	if (rv != CKR_OK)
		return rv;
	rv = verify_op(s, false, &op);
	if (rv == CKR_OK) {
		rv = verify_message(op, rd_of(pSignature, ulSignatureLen));
		session_end(s, OP_VERIFY);
	}
	return session_leave(__func__, s, rv);
}

CK_RV C_VerifySignatureInit(CK_SESSION_HANDLE hSession, CK_MECHANISM_PTR pMechanism,
    CK_OBJECT_HANDLE hKey, CK_BYTE_PTR pSignature, CK_ULONG ulSignatureLen)
{
	struct session *s;
	struct op *op;
	CK_RV rv = session_enter(
	    __func__, hSession, !pMechanism || (pSignature && ulSignatureLen), &s);

	if (rv != CKR_OK)
		return rv;
	rv = verify_init_in(s, OP_VERIFY, pMechanism, hKey, CKF_VERIFY);
	op = s->op[OP_VERIFY];
	if (rv == CKR_OK && op) {
		op->signature_first = true;
		buf_put(&op->given, pSignature, ulSignatureLen);
		if (buf_rc(&op->given) != ECERT_OK) {
			rv = CKR_SIGNATURE_LEN_RANGE;
			session_end(s, OP_VERIFY);
		}
	}
	return session_leave(__func__, s, rv);
}

static CK_RV verify_given(
    const char *func, CK_SESSION_HANDLE h, bool one_shot, CK_BYTE_PTR data, CK_ULONG n)
{
	struct session *s;
	struct op *op;
	CK_RV rv = session_enter_op(func, h, OP_VERIFY, data || !n, &s);

	if (rv != CKR_OK)
		return rv;
	rv = verify_op(s, true, &op);
	if (rv == CKR_OK && one_shot)
		rv = op_single(s, OP_VERIFY, op);
	if (rv == CKR_OK) {
		rv = op_message_part(op, rd_of(data, n));
		if (rv == CKR_OK)
			rv = verify_message(op, buf_view(&op->given));
		session_end(s, OP_VERIFY);
	}
	return session_leave(func, s, rv);
}

CK_RV C_VerifySignature(CK_SESSION_HANDLE hSession, CK_BYTE_PTR pData, CK_ULONG ulDataLen)
{
	return verify_given(__func__, hSession, true, pData, ulDataLen);
}

CK_RV C_VerifySignatureUpdate(CK_SESSION_HANDLE hSession, CK_BYTE_PTR pPart, CK_ULONG ulPartLen)
{
	return verify_part(__func__, hSession, true, pPart, ulPartLen);
}

CK_RV C_VerifySignatureFinal(CK_SESSION_HANDLE hSession)
{
	return verify_given(__func__, hSession, false, NULL, 0);
}
