/* SPDX-License-Identifier: BSD-2-Clause */
/* Session management (5.6) but for logging in. */
#include "pkcs11/op/able.h"
#include "pkcs11/object/object.h"

/* A session belongs to the token that is in now; the token must be one of ours. */
static CK_RV open_on(CK_SLOT_ID id, CK_FLAGS flags, CK_SESSION_HANDLE *out)
{
	struct token_at at = {.tokens = p11.tokens, .slot = (unsigned)id};
	struct token_slot slot;
	struct token_info info;
	enum ecert_rc rc;

	if (id >= TOKEN_SLOTS_MAX || tokens_slot(p11.tokens, at.slot, &slot) != ECERT_OK)
		return CKR_SLOT_ID_INVALID;
	if (!slot.present)
		return CKR_TOKEN_NOT_PRESENT;
	rc = token_info(&at, &info);
	if (rc != ECERT_OK)
		return p11_rv(rc);
	at.generation = info.generation;
	able_learn(&at, &info);
	sessions_close_slot(at.slot, at.generation);
	if (!(flags & CKF_RW_SESSION) && token_user(&at) == TOKEN_SO)
		return CKR_SESSION_READ_WRITE_SO_EXISTS;
	return session_new(&at, (flags & CKF_RW_SESSION) != 0, out);
}

CK_RV C_OpenSession(CK_SLOT_ID slotID, CK_FLAGS flags, CK_VOID_PTR pApplication, CK_NOTIFY Notify,
    CK_SESSION_HANDLE_PTR phSession)
{
	CK_RV rv = p11_enter(__func__, phSession);

	(void)pApplication;
	(void)Notify; /* nothing here runs long enough to surrender (5.22) */
	if (rv != CKR_OK)
		return rv;
	if (!(flags & CKF_SERIAL_SESSION))
		rv = CKR_SESSION_PARALLEL_NOT_SUPPORTED;
	else if (flags & CKF_ASYNC_SESSION)
		rv = CKR_SESSION_ASYNC_NOT_SUPPORTED;
	else
		rv = open_on(slotID, flags, phSession);
	return p11_leave(__func__, rv);
}

/* The last session of a token takes the login along (5.6.2). */
static void logout_last(const struct token_at *at)
{
	store_drop_private(at->slot);
	object_handles_die(at);
	if (token_user(at) != TOKEN_NOBODY && token_logout(at) != ECERT_OK)
		p11_trace("logout after the last session", 0, CKR_DEVICE_ERROR);
}

CK_RV C_CloseSession(CK_SESSION_HANDLE hSession)
{
	struct session *s;
	struct token_at at;
	bool last = false;
	CK_RV rv = session_enter(__func__, hSession, true, &s);

	if (rv != CKR_OK)
		return rv;
	rv = session_close(hSession, &at, &last);
	if (rv == CKR_OK && last)
		logout_last(&at);
	return session_leave(__func__, s, rv);
}

CK_RV C_CloseAllSessions(CK_SLOT_ID slotID)
{
	struct token_at at = {.tokens = p11.tokens, .slot = (unsigned)slotID};
	struct token_slot slot;
	CK_RV rv = p11_enter(__func__, true);

	if (rv != CKR_OK)
		return rv;
	at.tokens = p11.tokens;
	if (slotID >= TOKEN_SLOTS_MAX || tokens_slot(p11.tokens, at.slot, &slot) != ECERT_OK)
		return p11_leave(__func__, CKR_SLOT_ID_INVALID);
	if (sessions_count(at.slot).all) {
		sessions_close_slot(at.slot, 0);
		logout_last(&at);
	}
	return p11_leave(__func__, CKR_OK);
}

static CK_STATE state_of(const struct session *s)
{
	switch (token_user(&s->at)) {
	case TOKEN_SO:
		return CKS_RW_SO_FUNCTIONS;
	case TOKEN_USER:
		return s->rw ? CKS_RW_USER_FUNCTIONS : CKS_RO_USER_FUNCTIONS;
	default:
		return s->rw ? CKS_RW_PUBLIC_SESSION : CKS_RO_PUBLIC_SESSION;
	}
}

CK_RV C_GetSessionInfo(CK_SESSION_HANDLE hSession, CK_SESSION_INFO_PTR pInfo)
{
	struct session *s;
	struct token_slot slot;
	CK_RV rv = session_enter(__func__, hSession, pInfo, &s);

	if (rv != CKR_OK)
		return rv;
	if (tokens_slot(p11.tokens, s->at.slot, &slot) != ECERT_OK || !slot.present ||
	    slot.generation != s->at.generation)
		return session_leave(__func__, s, CKR_DEVICE_REMOVED);
	*pInfo = (CK_SESSION_INFO){.slotID = s->at.slot,
	    .state = state_of(s),
	    .flags = CKF_SERIAL_SESSION | (s->rw ? CKF_RW_SESSION : 0)};
	return session_leave(__func__, s, CKR_OK);
}

/* 5.6.10: each flag ends its operation; one that is not active, or not there, is no error. */
CK_RV C_SessionCancel(CK_SESSION_HANDLE hSession, CK_FLAGS flags)
{
	static const struct {
		CK_FLAGS flag;
		enum op_kind kind;
	} ends[] = {
	    {CKF_FIND_OBJECTS, OP_FIND},
	    {CKF_DIGEST, OP_DIGEST},
	    {CKF_SIGN, OP_SIGN},
	    {CKF_VERIFY, OP_VERIFY},
	    {CKF_DECRYPT, OP_DECRYPT},
	    {CKF_MESSAGE_SIGN, OP_MESSAGE_SIGN},
	    {CKF_MESSAGE_VERIFY, OP_MESSAGE_VERIFY},
	};
	struct session *s;
	CK_RV rv = session_enter(__func__, hSession, true, &s);

	if (rv != CKR_OK)
		return rv;
	for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++)
		if (flags & ends[i].flag)
			session_end(s, ends[i].kind);
	return session_leave(__func__, s, CKR_OK);
}

/* No validation certificate, so no flag to show (4.15). */
CK_RV C_GetSessionValidationFlags(
    CK_SESSION_HANDLE hSession, CK_SESSION_VALIDATION_FLAGS_TYPE type, CK_FLAGS_PTR pFlags)
{
	struct session *s;
	CK_RV rv = session_enter(__func__, hSession, pFlags, &s);

	if (rv != CKR_OK)
		return rv;
	if (type != CKS_LAST_VALIDATION_OK)
		rv = CKR_ARGUMENTS_BAD;
	else
		*pFlags = 0;
	return session_leave(__func__, s, rv);
}
