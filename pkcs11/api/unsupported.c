/* SPDX-License-Identifier: BSD-2-Clause */
/* What a PIV token cannot do. Every pointer of the function lists is set all the same (5.4.4). */
#include "pkcs11/session_table.h"

#pragma GCC diagnostic ignored "-Wunused-parameter"

/* An uninitialised module and a bogus session are still told apart. */
static CK_RV refuse(const char *func, CK_SESSION_HANDLE h)
{
	struct session *s;
	CK_RV rv = session_enter(func, h, true, &s);

	if (rv != CKR_OK)
		return rv;
	return session_leave(func, s, CKR_FUNCTION_NOT_SUPPORTED);
}

/* 5.20: legacy functions; there is nothing parallel. */
static CK_RV not_parallel(const char *func, CK_SESSION_HANDLE h)
{
	struct session *s;
	CK_RV rv = session_enter(func, h, true, &s);

	if (rv != CKR_OK)
		return rv;
	return session_leave(func, s, CKR_FUNCTION_NOT_PARALLEL);
}

CK_RV C_GetFunctionStatus(CK_SESSION_HANDLE session)
{
	return not_parallel(__func__, session);
}

CK_RV C_CancelFunction(CK_SESSION_HANDLE session)
{
	return not_parallel(__func__, session);
}

/* clang-format off */
#define REFUSE(name, ...)                                                                          \
	CK_RV name(CK_SESSION_HANDLE session, __VA_ARGS__)                                         \
	{                                                                                          \
		return refuse(__func__, session);                                                  \
	}
#define REFUSE_BARE(name)                                                                          \
	CK_RV name(CK_SESSION_HANDLE session)                                                      \
	{                                                                                          \
		return refuse(__func__, session);                                                  \
	}

REFUSE(C_EncryptInit, CK_MECHANISM_PTR m, CK_OBJECT_HANDLE key)
REFUSE(C_Encrypt, CK_BYTE_PTR in, CK_ULONG in_len, CK_BYTE_PTR out, CK_ULONG_PTR out_len)
REFUSE(C_EncryptUpdate, CK_BYTE_PTR in, CK_ULONG in_len, CK_BYTE_PTR out, CK_ULONG_PTR out_len)
REFUSE(C_EncryptFinal, CK_BYTE_PTR out, CK_ULONG_PTR out_len)
REFUSE(C_SignRecoverInit, CK_MECHANISM_PTR m, CK_OBJECT_HANDLE key)
REFUSE(C_SignRecover, CK_BYTE_PTR in, CK_ULONG in_len, CK_BYTE_PTR out, CK_ULONG_PTR out_len)
REFUSE(C_VerifyRecoverInit, CK_MECHANISM_PTR m, CK_OBJECT_HANDLE key)
REFUSE(C_VerifyRecover, CK_BYTE_PTR in, CK_ULONG in_len, CK_BYTE_PTR out, CK_ULONG_PTR out_len)
REFUSE(C_DigestEncryptUpdate, CK_BYTE_PTR in, CK_ULONG in_len, CK_BYTE_PTR out, CK_ULONG_PTR out_len)
REFUSE(C_DecryptDigestUpdate, CK_BYTE_PTR in, CK_ULONG in_len, CK_BYTE_PTR out, CK_ULONG_PTR out_len)
REFUSE(C_SignEncryptUpdate, CK_BYTE_PTR in, CK_ULONG in_len, CK_BYTE_PTR out, CK_ULONG_PTR out_len)
REFUSE(C_DecryptVerifyUpdate, CK_BYTE_PTR in, CK_ULONG in_len, CK_BYTE_PTR out, CK_ULONG_PTR out_len)
REFUSE(C_GenerateKey, CK_MECHANISM_PTR m, CK_ATTRIBUTE_PTR t, CK_ULONG n, CK_OBJECT_HANDLE_PTR key)
REFUSE(C_WrapKey, CK_MECHANISM_PTR m, CK_OBJECT_HANDLE by, CK_OBJECT_HANDLE key, CK_BYTE_PTR out,
	CK_ULONG_PTR out_len)
REFUSE(C_UnwrapKey, CK_MECHANISM_PTR m, CK_OBJECT_HANDLE by, CK_BYTE_PTR in, CK_ULONG in_len,
	CK_ATTRIBUTE_PTR t, CK_ULONG n, CK_OBJECT_HANDLE_PTR key)
REFUSE(C_MessageEncryptInit, CK_MECHANISM_PTR m, CK_OBJECT_HANDLE key)
REFUSE(C_EncryptMessage, CK_VOID_PTR p, CK_ULONG p_len, CK_BYTE_PTR aad, CK_ULONG aad_len,
	CK_BYTE_PTR in, CK_ULONG in_len, CK_BYTE_PTR out, CK_ULONG_PTR out_len)
REFUSE(C_EncryptMessageBegin, CK_VOID_PTR p, CK_ULONG p_len, CK_BYTE_PTR aad, CK_ULONG aad_len)
REFUSE(C_EncryptMessageNext, CK_VOID_PTR p, CK_ULONG p_len, CK_BYTE_PTR in, CK_ULONG in_len,
	CK_BYTE_PTR out, CK_ULONG_PTR out_len, CK_FLAGS flags)
REFUSE_BARE(C_MessageEncryptFinal)
REFUSE(C_MessageDecryptInit, CK_MECHANISM_PTR m, CK_OBJECT_HANDLE key)
REFUSE(C_DecryptMessage, CK_VOID_PTR p, CK_ULONG p_len, CK_BYTE_PTR aad, CK_ULONG aad_len,
	CK_BYTE_PTR in, CK_ULONG in_len, CK_BYTE_PTR out, CK_ULONG_PTR out_len)
REFUSE(C_DecryptMessageBegin, CK_VOID_PTR p, CK_ULONG p_len, CK_BYTE_PTR aad, CK_ULONG aad_len)
REFUSE(C_DecryptMessageNext, CK_VOID_PTR p, CK_ULONG p_len, CK_BYTE_PTR in, CK_ULONG in_len,
	CK_BYTE_PTR out, CK_ULONG_PTR out_len, CK_FLAGS flags)
REFUSE_BARE(C_MessageDecryptFinal)
REFUSE(C_AsyncComplete, CK_UTF8CHAR_PTR function, CK_ASYNC_DATA_PTR result)
REFUSE(C_AsyncGetID, CK_UTF8CHAR_PTR function, CK_ULONG_PTR id)
REFUSE(C_AsyncJoin, CK_UTF8CHAR_PTR function, CK_ULONG id, CK_BYTE_PTR data, CK_ULONG data_len)
REFUSE(C_WrapKeyAuthenticated, CK_MECHANISM_PTR m, CK_OBJECT_HANDLE by, CK_OBJECT_HANDLE key,
	CK_BYTE_PTR aad, CK_ULONG aad_len, CK_BYTE_PTR out, CK_ULONG_PTR out_len)
REFUSE(C_UnwrapKeyAuthenticated, CK_MECHANISM_PTR m, CK_OBJECT_HANDLE by, CK_BYTE_PTR in,
	CK_ULONG in_len, CK_ATTRIBUTE_PTR t, CK_ULONG n, CK_BYTE_PTR aad, CK_ULONG aad_len,
	CK_OBJECT_HANDLE_PTR key)
/* clang-format on */

/* KEM: supported as functions, by no mechanism until a card has one. */
CK_RV C_EncapsulateKey(CK_SESSION_HANDLE session, CK_MECHANISM_PTR mechanism,
    CK_OBJECT_HANDLE public_key, CK_ATTRIBUTE_PTR t, CK_ULONG n, CK_BYTE_PTR cipher,
    CK_ULONG_PTR cipher_len, CK_OBJECT_HANDLE_PTR key)
{
	struct session *s;
	CK_RV rv = session_enter(
	    __func__, session, mechanism && (t || !n) && cipher_len && key, &s);

	if (rv != CKR_OK)
		return rv;
	return session_leave(__func__, s, CKR_MECHANISM_INVALID);
}

CK_RV C_DecapsulateKey(CK_SESSION_HANDLE session, CK_MECHANISM_PTR mechanism,
    CK_OBJECT_HANDLE private_key, CK_ATTRIBUTE_PTR t, CK_ULONG n, CK_BYTE_PTR cipher,
    CK_ULONG cipher_len, CK_OBJECT_HANDLE_PTR key)
{
	struct session *s;
	CK_RV rv = session_enter(
	    __func__, session, mechanism && (t || !n) && (cipher || !cipher_len) && key, &s);

	if (rv != CKR_OK)
		return rv;
	return session_leave(__func__, s, CKR_MECHANISM_INVALID);
}
