/* SPDX-License-Identifier: BSD-2-Clause */
/* C_Sign... (5.13): the host hashes and pads, the card signs, the token layer checks. */
#include "pkcs11/api/sign_priv.h"

#include "crypto/digest.h"
#include "pkcs11/op/able.h"

#define BLOCK_MAX (SCHEME_MESSAGE_MAX + 64)

static CK_RV sign_on_token(struct session *s, struct op *op, struct buf *sig)
{
	struct buf block = BUF_INIT(BLOCK_MAX), digest = BUF_INIT(MD_MAX_SIZE);
	struct token_request req = {.ref = op->key.ref, .op = TOKEN_SIGN};
	enum ecert_rc rc = scheme_block_digest(op->message, &block, &digest);

	req.in = buf_view(&block);
	req.digest = buf_view(&digest);
	if (rc == ECERT_OK)
		rc = able_token_use(&s->at, &req, sig);
	buf_free(&block);
	buf_free(&digest);
	return p11_use_rv(rc);
}

CK_RV sign_message(struct session *s, struct op *op, struct rd last, CK_BYTE_PTR sig,
    CK_ULONG_PTR sig_len, bool *ended)
{
	struct buf value = BUF_INIT(1024);
	CK_ULONG room = sig ? *sig_len : 0;
	bool done;
	CK_RV rv;

	*ended = false;
	*sig_len = scheme_signature_size(op->message);
	if (!sig)
		return CKR_OK;
	if (room < *sig_len)
		return CKR_BUFFER_TOO_SMALL;
	*ended = true;
	rv = op_message_part(op, last);
	if (rv == CKR_OK)
		rv = sign_on_token(s, op, &value);
	if (rv == CKR_OK) {
		*sig_len = room;
		rv = p11_output(buf_view(&value), sig, sig_len, &done);
	}
	buf_free(&value);
	return rv;
}

CK_RV C_SignInit(CK_SESSION_HANDLE hSession, CK_MECHANISM_PTR pMechanism, CK_OBJECT_HANDLE hKey)
{
	return private_init(__func__, hSession, OP_SIGN, pMechanism, hKey, CKF_SIGN, TOKEN_SIGN);
}

CK_RV C_Sign(CK_SESSION_HANDLE hSession, CK_BYTE_PTR pData, CK_ULONG ulDataLen,
    CK_BYTE_PTR pSignature, CK_ULONG_PTR pulSignatureLen)
{
	struct session *s;
	struct op *op;
	bool ended = false;
	CK_RV rv = session_enter_op(
	    __func__, hSession, OP_SIGN, (pData || !ulDataLen) && pulSignatureLen, &s);

	if (rv != CKR_OK)
		return rv;
	rv = session_op(s, OP_SIGN, &op);
	if (rv == CKR_OK)
		rv = op_single(s, OP_SIGN, op);
	if (rv == CKR_OK)
		rv = sign_message(
		    s, op, rd_of(pData, ulDataLen), pSignature, pulSignatureLen, &ended);
	if (ended)
		session_end(s, OP_SIGN);
	return session_leave(__func__, s, rv);
}

CK_RV C_SignUpdate(CK_SESSION_HANDLE hSession, CK_BYTE_PTR pPart, CK_ULONG ulPartLen)
{
	struct session *s;
	struct op *op;
	CK_RV rv = session_enter_op(__func__, hSession, OP_SIGN, pPart || !ulPartLen, &s);

	if (rv != CKR_OK)
		return rv;
	rv = session_op(s, OP_SIGN, &op);
	if (rv == CKR_OK) {
		op->multi = true;
		rv = op_message_part(op, rd_of(pPart, ulPartLen));
		if (rv != CKR_OK)
			session_end(s, OP_SIGN);
	}
	return session_leave(__func__, s, rv);
}

CK_RV C_SignFinal(CK_SESSION_HANDLE hSession, CK_BYTE_PTR pSignature, CK_ULONG_PTR pulSignatureLen)
{
	struct session *s;
	struct op *op;
	bool ended = false;
	CK_RV rv = session_enter_op(__func__, hSession, OP_SIGN, pulSignatureLen, &s);

	if (rv != CKR_OK)
		return rv;
	rv = session_op(s, OP_SIGN, &op);
	if (rv == CKR_OK)
		rv = sign_message(s, op, rd_of(NULL, 0), pSignature, pulSignatureLen, &ended);
	if (ended)
		session_end(s, OP_SIGN);
	return session_leave(__func__, s, rv);
}
