/* SPDX-License-Identifier: BSD-2-Clause */
/* C_InitToken (5.5.9): all that is on the token goes, and it gets a name. */
#include <string.h>

#include "ecert/piv_const.h"
#include "pkcs11/op/able.h"
#include "pkcs11/object/object.h"

#define LABEL_SIZE 32u

/* A card that has no place for a label shows one of its own; only that one can be "set". */
static CK_RV label_fits(const struct token_at *at, const char *label)
{
	struct token_info info;
	enum ecert_rc rc = token_info(at, &info);

	if (rc != ECERT_OK)
		return p11_rv(rc);
	able_learn(at, &info);
	return info.has_ecert || !*label || strcmp(label, info.label) == 0 ? CKR_OK
									   : CKR_FUNCTION_FAILED;
}

/* The keys first: a card that keeps them keeps everything else as well. */
static CK_RV wipe_keys(const struct token_at *at, const uint8_t *refs, size_t n)
{
	enum ecert_rc rc = ECERT_OK;

	for (size_t i = 0; i < n && rc == ECERT_OK; i++) {
		struct token_key key;

		if (refs[i] == place_ref(PLACE_F9))
			continue;
		rc = token_key_get(at, refs[i], &key);
		token_key_clear(&key);
		if (rc == ECERT_OK)
			rc = able_key_delete(at, refs[i]);
		if (rc == ECERT_E_NOT_FOUND)
			rc = ECERT_OK;
	}
	return rc == ECERT_E_UNSUPPORTED ? CKR_TOKEN_WRITE_PROTECTED : p11_rv(rc);
}

static CK_RV wipe_certificates(const struct token_at *at, const uint8_t *refs, size_t n)
{
	const struct rd nothing = {NULL, 0};
	enum ecert_rc rc = ECERT_OK;

	for (size_t i = 0; i < n && rc == ECERT_OK; i++) {
		if (refs[i] == place_ref(PLACE_F9))
			continue;
		rc = token_cert_put(at, refs[i], nothing);
		if (rc == ECERT_E_NOT_FOUND)
			rc = ECERT_OK;
	}
	return p11_rv(rc);
}

/* What e-Cert cards keep of CAs and of the trust mark: objects of their own on PKCS#11. */
static CK_RV wipe_data(const struct token_at *at)
{
	static const uint32_t tags[] = {ECERT_OBJ_ECERT_CHAIN, ECERT_OBJ_ECERT_MARK};
	struct buf there = BUF_INIT(STORE_VALUE_MAX);
	enum ecert_rc rc = ECERT_OK;

	for (size_t i = 0; i < sizeof tags / sizeof tags[0] && rc == ECERT_OK; i++) {
		buf_reset(&there);
		rc = token_data_get(at, tags[i], &there);
		if (rc == ECERT_OK)
			rc = token_data_put(at, tags[i], rd_of(NULL, 0));
		if (rc == ECERT_E_NOT_FOUND)
			rc = ECERT_OK;
	}
	buf_free(&there);
	return p11_rv(rc);
}

static CK_RV wipe(const struct token_at *at, const char *label)
{
	uint8_t refs[TOKEN_KEYS_MAX];
	size_t n = 0;
	enum ecert_rc rc;
	CK_RV rv = label_fits(at, label);

	if (rv == CKR_OK)
		rv = p11_rv(token_refs(at, refs, &n));
	if (rv == CKR_OK)
		rv = wipe_keys(at, refs, n);
	if (rv == CKR_OK)
		rv = wipe_certificates(at, refs, n);
	if (rv == CKR_OK)
		rv = wipe_data(at);
	if (rv != CKR_OK)
		return rv;
	rc = token_label_put(at, label);
	return rc == ECERT_E_UNSUPPORTED ? CKR_OK : p11_rv(rc);
}

/* The SO's key must be right first. */
static CK_RV init_token(const struct token_at *at, struct rd pin, const char *label)
{
	int tries = -1;
	enum ecert_rc rc = token_login(at, TOKEN_SO, pin, 0, &tries);
	CK_RV rv;

	if (rc != ECERT_OK)
		return rc == ECERT_E_DATA_LEN ? CKR_PIN_INCORRECT : p11_rv(rc);
	rv = wipe(at, label);
	if (token_logout(at) != ECERT_OK && rv == CKR_OK)
		rv = CKR_DEVICE_ERROR;
	return rv;
}

CK_RV C_InitToken(
    CK_SLOT_ID slotID, CK_UTF8CHAR_PTR pPin, CK_ULONG ulPinLen, CK_UTF8CHAR_PTR pLabel)
{
	struct token_at at = {.slot = (unsigned)slotID};
	struct token_slot slot;
	char label[LABEL_SIZE + 1];
	CK_RV rv = p11_enter(__func__, pPin && pLabel);

	if (rv != CKR_OK)
		return rv;
	at.tokens = p11.tokens;
	if (slotID >= TOKEN_SLOTS_MAX || tokens_slot(p11.tokens, at.slot, &slot) != ECERT_OK)
		return p11_leave(__func__, CKR_SLOT_ID_INVALID);
	if (!slot.present)
		return p11_leave(__func__, CKR_TOKEN_NOT_PRESENT);
	at.generation = slot.generation;
	sessions_close_slot(at.slot, at.generation);
	if (sessions_count(at.slot).all)
		return p11_leave(__func__, CKR_SESSION_EXISTS);
	memcpy(label, pLabel, LABEL_SIZE);
	label[LABEL_SIZE] = '\0';
	for (size_t i = LABEL_SIZE; i && label[i - 1] == ' '; i--)
		label[i - 1] = '\0';
	return p11_leave(__func__, init_token(&at, rd_of(pPin, ulPinLen), label));
}
