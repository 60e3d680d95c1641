/* SPDX-License-Identifier: BSD-2-Clause */
/* C_Digest... (5.12): on the host. */
#include "pkcs11/object/object.h"
#include "util/mem.h"

CK_RV C_DigestInit(CK_SESSION_HANDLE hSession, CK_MECHANISM_PTR pMechanism)
{
	struct session *s;
	struct op *op = NULL;
	const struct mech *m;
	CK_RV rv = session_enter(__func__, hSession, true, &s);

	if (rv != CKR_OK)
		return rv;
	if (!pMechanism) {
		rv = s->op[OP_DIGEST] ? CKR_OK : CKR_ARGUMENTS_BAD;
		session_end(s, OP_DIGEST);
		return session_leave(__func__, s, rv);
	}
	m = mech_find(pMechanism->mechanism);
	if (s->op[OP_DIGEST])
		return session_leave(__func__, s, CKR_OPERATION_ACTIVE);
	if (!m || m->use != USE_DIGEST)
		return session_leave(__func__, s, CKR_MECHANISM_INVALID);
	rv = op_new(&op);
	if (rv == CKR_OK) {
		op->mech = m;
		rv = mech_params_get(m, pMechanism, &op->params);
	}
	if (rv == CKR_OK)
		rv = p11_rv(digest_new(m->md, &op->md));
	if (rv != CKR_OK)
		op_free(&op);
	s->op[OP_DIGEST] = op;
	return session_leave(__func__, s, rv);
}

/* The size is known before anything is taken in, so asking for it changes nothing. */
static CK_RV digest_end(
    struct session *s, struct op *op, struct rd last, CK_BYTE_PTR out, CK_ULONG_PTR out_len)
{
	uint8_t hash[MD_MAX_SIZE];
	size_t n = md_row(op->mech->md)->size;
	CK_ULONG room = out ? *out_len : 0;
	bool done;
	CK_RV rv;

	*out_len = n;
	if (!out)
		return CKR_OK;
	if (room < n)
		return CKR_BUFFER_TOO_SMALL;
	*out_len = room;
	rv = p11_rv(digest_update(op->md, last));
	if (rv == CKR_OK)
		rv = p11_rv(digest_final(op->md, hash, &n));
	if (rv == CKR_OK)
		rv = p11_output(rd_of(hash, n), out, out_len, &done);
	mem_wipe(hash, sizeof hash);
	session_end(s, OP_DIGEST);
	return rv;
}

CK_RV C_Digest(CK_SESSION_HANDLE hSession, CK_BYTE_PTR pData, CK_ULONG ulDataLen,
    CK_BYTE_PTR pDigest, CK_ULONG_PTR pulDigestLen)
{
	struct session *s;
	struct op *op;
	CK_RV rv = session_enter_op(
	    __func__, hSession, OP_DIGEST, (pData || !ulDataLen) && pulDigestLen, &s);

	if (rv != CKR_OK)
		return rv;
	rv = session_op(s, OP_DIGEST, &op);
	if (rv == CKR_OK)
		rv = op_single(s, OP_DIGEST, op);
	if (rv == CKR_OK)
		rv = digest_end(s, op, rd_of(pData, ulDataLen), pDigest, pulDigestLen);
	return session_leave(__func__, s, rv);
}

static CK_RV digest_part(struct session *s, struct rd part)
{
	struct op *op;
	CK_RV rv = session_op(s, OP_DIGEST, &op);

	if (rv != CKR_OK)
		return rv;
	op->multi = true;
	rv = p11_rv(digest_update(op->md, part));
	if (rv != CKR_OK)
		session_end(s, OP_DIGEST);
	return rv;
}

CK_RV C_DigestUpdate(CK_SESSION_HANDLE hSession, CK_BYTE_PTR pPart, CK_ULONG ulPartLen)
{
	struct session *s;
	CK_RV rv = session_enter_op(__func__, hSession, OP_DIGEST, pPart || !ulPartLen, &s);

	if (rv != CKR_OK)
		return rv;
	rv = digest_part(s, rd_of(pPart, ulPartLen));
	return session_leave(__func__, s, rv);
}

CK_RV C_DigestKey(CK_SESSION_HANDLE hSession, CK_OBJECT_HANDLE hKey)
{
	struct session *s;
	struct object o;
	const struct stored_attr *value = NULL;
	struct op *op;
	CK_RV rv = session_enter(__func__, hSession, true, &s);

	if (rv != CKR_OK)
		return rv;
	rv = session_op(s, OP_DIGEST, &op);
	if (rv == CKR_OK)
		rv = object_open(s, hKey, &o);
	if (rv != CKR_OK)
		return session_leave(
		    __func__, s, rv == CKR_OBJECT_HANDLE_INVALID ? CKR_KEY_HANDLE_INVALID : rv);
	if (o.kind == OBJECT_STORED && object_class(&o) == CKO_SECRET_KEY)
		value = stored_get(o.stored, CKA_VALUE);
	if (value)
		rv = digest_part(s, rd_of(value->value, value->len));
	else if (object_class(&o) == CKO_PRIVATE_KEY || object_class(&o) == CKO_PUBLIC_KEY)
		rv = CKR_KEY_INDIGESTIBLE;
	else
		rv = CKR_KEY_HANDLE_INVALID;
	object_close(&o);
	return session_leave(__func__, s, rv);
}

CK_RV C_DigestFinal(CK_SESSION_HANDLE hSession, CK_BYTE_PTR pDigest, CK_ULONG_PTR pulDigestLen)
{
	struct session *s;
	struct op *op;
	CK_RV rv = session_enter_op(__func__, hSession, OP_DIGEST, pulDigestLen, &s);

	if (rv != CKR_OK)
		return rv;
	rv = session_op(s, OP_DIGEST, &op);
	if (rv == CKR_OK)
		rv = digest_end(s, op, rd_of(NULL, 0), pDigest, pulDigestLen);
	return session_leave(__func__, s, rv);
}
