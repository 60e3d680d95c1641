/* SPDX-License-Identifier: BSD-2-Clause */
/* C_Decrypt... (5.10): RSA on the card, unpadding here. */
#include <string.h>

#include "crypto/random.h"
#include "crypto/pad/sigfmt.h"
#include "pkcs11/op/able.h"
#include "pkcs11/api/sign_priv.h"
#include "util/mem.h"

#define MODULUS_MAX 512u

/* One secret for the process, so that a wrong padding gives the same "plaintext" each time. */
static CK_RV reject_key(uint8_t out[32])
{
	enum ecert_rc rc = ECERT_OK;

	(void)pthread_mutex_lock(&p11.lock);
	if (!p11.reject_key_made)
		rc = random_bytes(p11.reject_key, sizeof p11.reject_key);
	p11.reject_key_made = rc == ECERT_OK;
	memcpy(out, p11.reject_key, sizeof p11.reject_key);
	(void)pthread_mutex_unlock(&p11.lock);
	return p11_rv(rc);
}

/* RFC 8017, 7.2.2; no oracle: right and wrong padding cannot be told apart here. */
static CK_RV unpad_pkcs1(struct rd cipher, struct rd block, uint8_t *out, size_t *n)
{
	uint8_t key[32];
	CK_RV rv = reject_key(key);

	if (rv == CKR_OK)
		rv = p11_rv(pkcs1_unpad(key, cipher, block, out, n));
	mem_wipe(key, sizeof key);
	return rv;
}

static CK_RV unpad(struct op *op, struct rd cipher, struct rd block)
{
	uint8_t out[MODULUS_MAX];
	size_t n = 0;
	enum ecert_rc rc;
	CK_RV rv;

	if (op->mech->type == CKM_RSA_X_509) {
		buf_rd(&op->plain, block);
		return p11_rv(buf_rc(&op->plain));
	}
	if (op->mech->use == USE_OAEP) {
		rc = oaep_unpad(block, md_evp(op->params.hash), md_evp(op->params.mgf1),
		    buf_view(&op->params.label), out, &n);
		rv = rc == ECERT_E_DATA ? CKR_ENCRYPTED_DATA_INVALID : p11_rv(rc);
	} else {
		rv = unpad_pkcs1(cipher, block, out, &n);
	}
	if (rv == CKR_OK) {
		buf_put(&op->plain, out, n);
		rv = p11_rv(buf_rc(&op->plain));
	}
	mem_wipe(out, sizeof out);
	return rv;
}

/* The card works once; what it gave waits for a buffer that is large enough. */
static CK_RV decrypt_once(struct session *s, struct op *op, struct rd cipher)
{
	struct token_request req = {.ref = op->key.ref, .op = TOKEN_DECRYPT, .in = cipher};
	struct buf block = BUF_INIT(MODULUS_MAX);
	enum ecert_rc rc;
	CK_RV rv;

	if (op->plain_ready)
		return CKR_OK;
	if (cipher.n != alg_row(op->key.alg)->bits / 8)
		return CKR_ENCRYPTED_DATA_LEN_RANGE;
	rc = able_token_use(&s->at, &req, &block);
	if (rc == ECERT_E_DATA)
		rv = CKR_ENCRYPTED_DATA_INVALID;
	else if (rc == ECERT_E_DATA_LEN)
		rv = CKR_ENCRYPTED_DATA_LEN_RANGE;
	else
		rv = rc != ECERT_OK ? p11_use_rv(rc) : unpad(op, cipher, buf_view(&block));
	op->plain_ready = rv == CKR_OK;
	buf_free(&block);
	return rv;
}

static CK_RV decrypt_end(
    struct session *s, struct op *op, struct rd cipher, CK_BYTE_PTR out, CK_ULONG_PTR out_len)
{
	bool done = false;
	CK_RV rv;

	/* an upper limit: the true length is a secret until the plaintext is taken (5.2) */
	if (!out && !op->plain_ready) {
		*out_len = alg_row(op->key.alg)->bits / 8;
		return CKR_OK;
	}
	rv = decrypt_once(s, op, cipher);
	if (rv == CKR_OK)
		rv = p11_output(buf_view(&op->plain), out, out_len, &done);
	if (done || (rv != CKR_OK && rv != CKR_BUFFER_TOO_SMALL))
		session_end(s, OP_DECRYPT);
	return rv;
}

CK_RV C_DecryptInit(CK_SESSION_HANDLE hSession, CK_MECHANISM_PTR pMechanism, CK_OBJECT_HANDLE hKey)
{
	return private_init(
	    __func__, hSession, OP_DECRYPT, pMechanism, hKey, CKF_DECRYPT, TOKEN_DECRYPT);
}

CK_RV C_Decrypt(CK_SESSION_HANDLE hSession, CK_BYTE_PTR pEncryptedData, CK_ULONG ulEncryptedDataLen,
    CK_BYTE_PTR pData, CK_ULONG_PTR pulDataLen)
{
	struct session *s;
	struct op *op;
	CK_RV rv = session_enter_op(__func__, hSession, OP_DECRYPT,
	    (pEncryptedData || !ulEncryptedDataLen) && pulDataLen, &s);

	if (rv != CKR_OK)
		return rv;
	rv = session_op(s, OP_DECRYPT, &op);
	if (rv == CKR_OK)
		rv = op_single(s, OP_DECRYPT, op);
	if (rv == CKR_OK)
		rv = decrypt_end(
		    s, op, rd_of(pEncryptedData, ulEncryptedDataLen), pData, pulDataLen);
	return session_leave(__func__, s, rv);
}

/* RSA gives nothing before the last part. */
CK_RV C_DecryptUpdate(CK_SESSION_HANDLE hSession, CK_BYTE_PTR pEncryptedPart,
    CK_ULONG ulEncryptedPartLen, CK_BYTE_PTR pPart, CK_ULONG_PTR pulPartLen)
{
	struct session *s;
	struct op *op;
	CK_RV rv = session_enter_op(__func__, hSession, OP_DECRYPT,
	    (pEncryptedPart || !ulEncryptedPartLen) && pulPartLen, &s);

	if (rv != CKR_OK)
		return rv;
	rv = session_op(s, OP_DECRYPT, &op);
	if (rv != CKR_OK)
		return session_leave(__func__, s, rv);
	*pulPartLen = 0;
	if (!pPart) /* asks the size: takes nothing in */
		return session_leave(__func__, s, CKR_OK);
	op->multi = true;
	buf_put(&op->given, pEncryptedPart, ulEncryptedPartLen);
	if (buf_rc(&op->given) != ECERT_OK) {
		rv = CKR_ENCRYPTED_DATA_LEN_RANGE;
		session_end(s, OP_DECRYPT);
	}
	return session_leave(__func__, s, rv);
}

CK_RV C_DecryptFinal(CK_SESSION_HANDLE hSession, CK_BYTE_PTR pLastPart, CK_ULONG_PTR pulLastPartLen)
{
	struct session *s;
	struct op *op;
	CK_RV rv = session_enter_op(__func__, hSession, OP_DECRYPT, pulLastPartLen, &s);

	if (rv != CKR_OK)
		return rv;
	rv = session_op(s, OP_DECRYPT, &op);
	if (rv == CKR_OK)
		rv = decrypt_end(s, op, buf_view(&op->given), pLastPart, pulLastPartLen);
	return session_leave(__func__, s, rv);
}
