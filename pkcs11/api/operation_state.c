/* SPDX-License-Identifier: BSD-2-Clause */
/* C_GetOperationState, C_SetOperationState (5.6.5, 5.6.6): digests under way. */
#include "pkcs11/api/operation_state_priv.h"

#include <string.h>

#include "crypto/random.h"
#include "pkcs11/session_table.h"

/*
 * OpenSSL shows nobody the inside of a hash, so that a state is the number of a copy that is kept
 * here: good in every session of this process, until SAVED_MAX younger ones were taken. Operations
 * with a private key are bound to the card and cannot be saved.
 */
#define SAVED_MAX 32u
#define ID_SIZE	  16u

static struct saved {
	uint8_t id[ID_SIZE];
	struct digest *md;
	const struct mech *mech;
	bool multi;
} saved[SAVED_MAX]; /* under p11.lock */
static unsigned next;

void operation_state_forget(void)
{
	(void)pthread_mutex_lock(&p11.lock);
	for (unsigned i = 0; i < SAVED_MAX; i++) {
		digest_free(&saved[i].md);
		memset(&saved[i], 0, sizeof saved[i]);
	}
	(void)pthread_mutex_unlock(&p11.lock);
}

static CK_RV save(const struct op *op, uint8_t id[ID_SIZE])
{
	struct digest *copy = NULL;
	enum ecert_rc rc = random_bytes(id, ID_SIZE);
	struct saved *s;

	if (rc == ECERT_OK)
		rc = digest_dup(op->md, &copy);
	if (rc != ECERT_OK)
		return p11_rv(rc);
	(void)pthread_mutex_lock(&p11.lock);
	s = &saved[next++ % SAVED_MAX];
	digest_free(&s->md);
	*s = (struct saved){.md = copy, .mech = op->mech, .multi = op->multi};
	memcpy(s->id, id, ID_SIZE);
	(void)pthread_mutex_unlock(&p11.lock);
	return CKR_OK;
}

static CK_RV restore(struct rd id, struct op *op)
{
	enum ecert_rc rc = ECERT_E_NOT_FOUND;

	(void)pthread_mutex_lock(&p11.lock);
	for (unsigned i = 0; i < SAVED_MAX && rc == ECERT_E_NOT_FOUND; i++) {
		if (!saved[i].md || !rd_equal(id, rd_of(saved[i].id, ID_SIZE)))
			continue;
		op->mech = saved[i].mech;
		op->multi = saved[i].multi;
		rc = digest_dup(saved[i].md, &op->md);
	}
	(void)pthread_mutex_unlock(&p11.lock);
	return rc == ECERT_E_NOT_FOUND ? CKR_SAVED_STATE_INVALID : p11_rv(rc);
}

/* A digest and nothing else. */
static CK_RV saveable(const struct session *s)
{
	for (int i = OP_DIGEST + 1; i < OP_COUNT; i++)
		if (s->op[i])
			return CKR_STATE_UNSAVEABLE;
	return s->op[OP_DIGEST] ? CKR_OK : CKR_OPERATION_NOT_INITIALIZED;
}

CK_RV C_GetOperationState(
    CK_SESSION_HANDLE hSession, CK_BYTE_PTR pOperationState, CK_ULONG_PTR pulOperationStateLen)
{
	struct session *s;
	uint8_t id[ID_SIZE] = {0};
	bool done;
	CK_RV rv = session_enter(__func__, hSession, pulOperationStateLen, &s);

	if (rv != CKR_OK)
		return rv;
	rv = saveable(s);
	if (rv == CKR_OK && pOperationState && *pulOperationStateLen >= ID_SIZE)
		rv = save(s->op[OP_DIGEST], id);
	if (rv == CKR_OK)
		rv = p11_output(rd_of(id, ID_SIZE), pOperationState, pulOperationStateLen, &done);
	return session_leave(__func__, s, rv);
}

CK_RV C_SetOperationState(CK_SESSION_HANDLE hSession, CK_BYTE_PTR pOperationState,
    CK_ULONG ulOperationStateLen, CK_OBJECT_HANDLE hEncryptionKey,
    CK_OBJECT_HANDLE hAuthenticationKey)
{
	struct session *s;
	struct op *op = NULL;
	CK_RV rv = session_enter(__func__, hSession, pOperationState && ulOperationStateLen, &s);

	if (rv != CKR_OK)
		return rv;
	rv = op_new(&op);
	if (rv == CKR_OK)
		rv = restore(rd_of(pOperationState, ulOperationStateLen), op);
	if (rv == CKR_OK && (hEncryptionKey || hAuthenticationKey))
		rv = CKR_KEY_NOT_NEEDED;
	if (rv != CKR_OK) {
		op_free(&op);
	} else {
		for (int i = OP_DIGEST; i < OP_COUNT; i++)
			session_end(s, (enum op_kind)i);
		s->op[OP_DIGEST] = op;
	}
	return session_leave(__func__, s, rv);
}
