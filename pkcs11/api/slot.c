/* SPDX-License-Identifier: BSD-2-Clause */
/* Slot and token management (5.5): what is in which reader, and what it can do. */
#include <string.h>

#include "pkcs11/op/able.h"
#include "pkcs11/session_table.h"

/* What the last C_GetSlotList with NULL saw, so that the second call fits it (5.5.1). Under
 * p11.lock. */
static struct {
	struct token_slot slot[TOKEN_SLOTS_MAX];
	size_t n;
	bool known;
} seen;

void slots_forget(void)
{
	(void)pthread_mutex_lock(&p11.lock);
	seen.known = false;
	(void)pthread_mutex_unlock(&p11.lock);
}

/* The readers are asked outside the lock: it may take them a while. */
static CK_RV look(void)
{
	struct token_slot now[TOKEN_SLOTS_MAX];
	size_t n = 0;
	enum ecert_rc rc = tokens_slots(p11.tokens, true, now, TOKEN_SLOTS_MAX, &n);

	if (rc != ECERT_OK)
		return p11_rv(rc);
	(void)pthread_mutex_lock(&p11.lock);
	memcpy(seen.slot, now, n * sizeof now[0]);
	seen.n = n;
	seen.known = true;
	(void)pthread_mutex_unlock(&p11.lock);
	return CKR_OK;
}

/* The set of slots stays as it was seen; which of them have a token is told as it is now. */
static void look_for_tokens(void)
{
	struct token_slot now;

	for (unsigned id = 0; id < TOKEN_SLOTS_MAX; id++) {
		if (tokens_slot(p11.tokens, id, &now) != ECERT_OK)
			continue;
		(void)pthread_mutex_lock(&p11.lock);
		for (size_t i = 0; i < seen.n; i++)
			if (seen.slot[i].id == id)
				seen.slot[i].present = now.present;
		(void)pthread_mutex_unlock(&p11.lock);
	}
}

static CK_RV list_slots(bool present, CK_SLOT_ID_PTR out, CK_ULONG_PTR count)
{
	CK_ULONG n = 0, room = out ? *count : 0;

	for (size_t i = 0; i < seen.n; i++) {
		if (present && !seen.slot[i].present)
			continue;
		if (out && n < room)
			out[n] = seen.slot[i].id;
		n++;
	}
	*count = n;
	return out && n > room ? CKR_BUFFER_TOO_SMALL : CKR_OK;
}

CK_RV C_GetSlotList(CK_BBOOL tokenPresent, CK_SLOT_ID_PTR pSlotList, CK_ULONG_PTR pulCount)
{
	CK_RV rv = p11_enter(__func__, pulCount);
	bool known;

	if (rv != CKR_OK)
		return rv;
	(void)pthread_mutex_lock(&p11.lock);
	known = seen.known;
	(void)pthread_mutex_unlock(&p11.lock);
	if (!pSlotList || !known)
		rv = look();
	else if (tokenPresent)
		look_for_tokens();
	(void)pthread_mutex_lock(&p11.lock);
	if (rv == CKR_OK)
		rv = list_slots(tokenPresent != CK_FALSE, pSlotList, pulCount);
	(void)pthread_mutex_unlock(&p11.lock);
	return p11_leave(__func__, rv);
}

/* Sessions of a token that has left go with it. */
static CK_RV slot_now(CK_SLOT_ID id, struct token_slot *out)
{
	if (id >= TOKEN_SLOTS_MAX || tokens_slot(p11.tokens, (unsigned)id, out) != ECERT_OK)
		return CKR_SLOT_ID_INVALID;
	sessions_close_slot((unsigned)id, out->present ? out->generation : 0);
	return CKR_OK;
}

CK_RV C_GetSlotInfo(CK_SLOT_ID slotID, CK_SLOT_INFO_PTR pInfo)
{
	struct token_slot slot;
	CK_RV rv = p11_enter(__func__, pInfo);

	if (rv != CKR_OK)
		return rv;
	rv = slot_now(slotID, &slot);
	if (rv == CKR_OK) {
		*pInfo = (CK_SLOT_INFO){.flags = CKF_REMOVABLE_DEVICE |
						 (slot.is_virtual ? 0 : CKF_HW_SLOT) |
						 (slot.present ? CKF_TOKEN_PRESENT : 0)};
		p11_text(pInfo->slotDescription, sizeof pInfo->slotDescription, slot.reader);
		p11_text(pInfo->manufacturerID, sizeof pInfo->manufacturerID, "");
	}
	return p11_leave(__func__, rv);
}

/* 3.2, CK_TOKEN_INFO: the flags are true before and after every try. */
static CK_FLAGS token_flags(const struct token_info *t)
{
	CK_FLAGS f = CKF_RNG | CKF_LOGIN_REQUIRED | CKF_USER_PIN_INITIALIZED;

	if (t->initialised)
		f |= CKF_TOKEN_INITIALIZED;
	if (t->pinpad)
		f |= CKF_PROTECTED_AUTHENTICATION_PATH;
	if (t->pin_tries == 0)
		f |= CKF_USER_PIN_LOCKED;
	if (t->pin_tries == 1)
		f |= CKF_USER_PIN_FINAL_TRY;
	/* fewer than were seen, or than PIV cards have */
	if (t->pin_tries > 0 && t->pin_tries < (t->pin_tries_max > 3 ? t->pin_tries_max : 3))
		f |= CKF_USER_PIN_COUNT_LOW;
	if (t->pin_default_known && t->pin_default)
		f |= CKF_USER_PIN_TO_BE_CHANGED;
	return f;
}

static void fill_token(const struct token_info *t, unsigned slot, CK_TOKEN_INFO *out)
{
	struct session_count n = sessions_count(slot);

	*out = (CK_TOKEN_INFO){
	    .flags = token_flags(t) |
		     (t->generation && t->generation == atomic_load(&p11.wrong_pin[slot])
			     ? CKF_USER_PIN_COUNT_LOW
			     : 0),
	    .ulMaxSessionCount = SESSIONS_MAX,
	    .ulSessionCount = n.all,
	    .ulMaxRwSessionCount = SESSIONS_MAX,
	    .ulRwSessionCount = n.rw,
	    .ulMaxPinLen = 8,
	    .ulMinPinLen = 6,
	    .ulTotalPublicMemory = CK_UNAVAILABLE_INFORMATION,
	    .ulFreePublicMemory = CK_UNAVAILABLE_INFORMATION,
	    .ulTotalPrivateMemory = CK_UNAVAILABLE_INFORMATION,
	    .ulFreePrivateMemory = CK_UNAVAILABLE_INFORMATION,
	    .firmwareVersion = {t->firmware[0], t->firmware[1]},
	};
	p11_text(out->label, sizeof out->label, t->label);
	p11_text(out->manufacturerID, sizeof out->manufacturerID, t->manufacturer);
	p11_text(out->model, sizeof out->model, t->model);
	p11_text(out->serialNumber, sizeof out->serialNumber, t->serial);
	memset(out->utcTime, ' ', sizeof out->utcTime);
}

CK_RV C_GetTokenInfo(CK_SLOT_ID slotID, CK_TOKEN_INFO_PTR pInfo)
{
	struct token_at at = {.slot = (unsigned)slotID};
	struct token_slot slot;
	struct token_info info;
	CK_RV rv = p11_enter(__func__, pInfo);

	if (rv != CKR_OK)
		return rv;
	at.tokens = p11.tokens;
	rv = slot_now(slotID, &slot);
	if (rv == CKR_OK && !slot.present)
		rv = CKR_TOKEN_NOT_PRESENT;
	if (rv == CKR_OK)
		rv = p11_rv(token_info(&at, &info));
	if (rv == CKR_OK) {
		able_learn(&at, &info);
		fill_token(&info, at.slot, pInfo);
	}
	return p11_leave(__func__, rv);
}

/* Without a list *count is not read: it need not hold anything. */
static CK_RV mechanism_list(
    const struct token_at *at, CK_MECHANISM_TYPE_PTR out, CK_ULONG_PTR count)
{
	CK_ULONG n = 0, room = out ? *count : 0;
	const struct mech *m;

	for (size_t i = 0; (m = mech_at(i)); i++) {
		if (!able_mech(at, m))
			continue;
		if (n < room)
			out[n] = mech_type(m);
		n++;
	}
	*count = n;
	return out && n > room ? CKR_BUFFER_TOO_SMALL : CKR_OK;
}

CK_RV C_GetMechanismList(
    CK_SLOT_ID slotID, CK_MECHANISM_TYPE_PTR pMechanismList, CK_ULONG_PTR pulCount)
{
	struct token_at at = {.slot = (unsigned)slotID};
	struct token_slot slot;
	CK_RV rv = p11_enter(__func__, pulCount);

	if (rv != CKR_OK)
		return rv;
	at.tokens = p11.tokens;
	rv = slot_now(slotID, &slot);
	if (rv == CKR_OK && !slot.present)
		rv = CKR_TOKEN_NOT_PRESENT;
	at.generation = slot.generation;
	if (rv == CKR_OK)
		rv = mechanism_list(&at, pMechanismList, pulCount);
	return p11_leave(__func__, rv);
}

CK_RV C_GetMechanismInfo(CK_SLOT_ID slotID, CK_MECHANISM_TYPE type, CK_MECHANISM_INFO_PTR pInfo)
{
	struct token_at at = {.slot = (unsigned)slotID};
	struct token_slot slot;
	const struct mech *m;
	CK_RV rv = p11_enter(__func__, pInfo);

	if (rv != CKR_OK)
		return rv;
	at.tokens = p11.tokens;
	rv = slot_now(slotID, &slot);
	if (rv == CKR_OK && !slot.present)
		rv = CKR_TOKEN_NOT_PRESENT;
	at.generation = slot.generation;
	m = mech_find(type);
	if (rv == CKR_OK && (!m || !able_mech(&at, m)))
		rv = CKR_MECHANISM_INVALID;
	if (rv == CKR_OK)
		*pInfo = (CK_MECHANISM_INFO){able_min(&at, m), m->max, mech_flags(m)};
	return p11_leave(__func__, rv);
}

CK_RV C_WaitForSlotEvent(CK_FLAGS flags, CK_SLOT_ID_PTR pSlot, CK_VOID_PTR pReserved)
{
	unsigned slot = 0;
	struct token_slot now;
	enum ecert_rc rc;
	CK_RV rv = p11_enter(__func__, pSlot && !pReserved);

	if (rv != CKR_OK)
		return rv;
	rc = tokens_wait(p11.tokens, flags & CKF_DONT_BLOCK ? 0 : -1, &slot);
	if (rc == ECERT_E_TIMEOUT)
		rv = CKR_NO_EVENT;
	else if (rc == ECERT_E_CANCELLED)
		rv = CKR_CRYPTOKI_NOT_INITIALIZED; /* C_Finalize came (5.5.4) */
	else
		rv = p11_rv(rc);
	if (rv == CKR_OK) {
		*pSlot = slot;
		rv = slot_now(slot, &now);
	}
	return p11_leave(__func__, rv);
}
