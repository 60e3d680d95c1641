/* SPDX-License-Identifier: BSD-2-Clause */
/* The functions' lists of return values. */
#include "pkcs11/rvlist.h"

#include <stddef.h>
#include <string.h>

#include "ecert/vendor.h"

/* 5.1.1: what every function may answer. */
static const CK_RV universal[] = {CKR_GENERAL_ERROR, CKR_HOST_MEMORY, CKR_FUNCTION_FAILED,
    CKR_CRYPTOKI_NOT_INITIALIZED, CKR_ARGUMENTS_BAD, 0};
/* 5.1.2, 5.1.3: of a session and its token. */
static const CK_RV in_session[] = {CKR_SESSION_HANDLE_INVALID, CKR_SESSION_CLOSED,
    CKR_DEVICE_REMOVED, CKR_DEVICE_ERROR, CKR_DEVICE_MEMORY, 0};
static const CK_RV of_slot[] = {CKR_SLOT_ID_INVALID, CKR_DEVICE_ERROR, CKR_DEVICE_MEMORY,
    CKR_DEVICE_REMOVED, CKR_TOKEN_NOT_PRESENT, CKR_TOKEN_NOT_RECOGNIZED, 0};
static const CK_RV nowhere[] = {0};

#define LIST(...)                                                                                  \
	(const CK_RV[])                                                                            \
	{                                                                                          \
		__VA_ARGS__, 0                                                                     \
	}
#define NONE nowhere

/* The same in many lists. */
#define INIT                                                                                       \
	CKR_KEY_FUNCTION_NOT_PERMITTED, CKR_KEY_HANDLE_INVALID, CKR_KEY_SIZE_RANGE,                \
	    CKR_KEY_TYPE_INCONSISTENT, CKR_MECHANISM_INVALID, CKR_MECHANISM_PARAM_INVALID,         \
	    CKR_OPERATION_ACTIVE, CKR_OPERATION_CANCEL_FAILED, CKR_PIN_EXPIRED,                    \
	    CKR_USER_NOT_LOGGED_IN, CKR_FUNCTION_CANCELED
/* That a card refuses a use is known when it was asked. */
#define USE                                                                                        \
	CKR_OPERATION_NOT_INITIALIZED, CKR_USER_NOT_LOGGED_IN, CKR_FUNCTION_CANCELED,              \
	    CKR_FUNCTION_REJECTED, CKR_TOKEN_RESOURCE_EXCEEDED, CKR_KEY_FUNCTION_NOT_PERMITTED
#define SIGNS	 USE, CKR_BUFFER_TOO_SMALL, CKR_DATA_INVALID, CKR_DATA_LEN_RANGE
#define DECRYPTS USE, CKR_BUFFER_TOO_SMALL, CKR_ENCRYPTED_DATA_INVALID, CKR_ENCRYPTED_DATA_LEN_RANGE
#define MESSAGES CKR_OPERATION_ACTIVE, CKR_MECHANISM_PARAM_INVALID
#define VERIFIES                                                                                   \
	CKR_OPERATION_NOT_INITIALIZED, CKR_DATA_INVALID, CKR_DATA_LEN_RANGE, CKR_FUNCTION_CANCELED
#define VERIFIED VERIFIES, CKR_SIGNATURE_INVALID, CKR_SIGNATURE_LEN_RANGE
#define DIGESTS	 CKR_OPERATION_NOT_INITIALIZED, CKR_FUNCTION_CANCELED
#define TEMPLATES                                                                                  \
	CKR_ATTRIBUTE_READ_ONLY, CKR_ATTRIBUTE_TYPE_INVALID, CKR_ATTRIBUTE_VALUE_INVALID,          \
	    CKR_TEMPLATE_INCONSISTENT, CKR_SESSION_READ_ONLY, CKR_TOKEN_WRITE_PROTECTED,           \
	    CKR_PIN_EXPIRED
/* ecert-pkcs11.conf(5): overwrite, user-writes */
#define MAKES                                                                                      \
	TEMPLATES, CKR_TEMPLATE_INCOMPLETE, CKR_CURVE_NOT_SUPPORTED, CKR_DOMAIN_PARAMS_INVALID,    \
	    CKR_USER_NOT_LOGGED_IN, CKR_ACTION_PROHIBITED
#define PINS CKR_FUNCTION_CANCELED, CKR_PIN_INVALID, CKR_PIN_LEN_RANGE, CKR_TOKEN_WRITE_PROTECTED
/* "last-try" withholds a PIN; the PUK of C_InitPIN may be wrong, or blocked */
#define TRIES CKR_FUNCTION_REJECTED, CKR_PIN_INCORRECT, CKR_PIN_LOCKED

static const struct row {
	const char *func;
	const CK_RV *kind, *more;
} rows[] = {
    {"C_Initialize", nowhere,
	LIST(CKR_CANT_LOCK, CKR_CRYPTOKI_ALREADY_INITIALIZED, CKR_NEED_TO_CREATE_THREADS)},
    {"C_Finalize", nowhere, NONE},
    {"C_GetInfo", nowhere, NONE},
    {"C_GetSlotList", nowhere, LIST(CKR_BUFFER_TOO_SMALL)},
    {"C_GetSlotInfo", nowhere, LIST(CKR_DEVICE_ERROR, CKR_SLOT_ID_INVALID)},
    {"C_GetTokenInfo", of_slot, NONE},
    {"C_WaitForSlotEvent", nowhere, LIST(CKR_NO_EVENT)},
    {"C_GetMechanismList", of_slot, LIST(CKR_BUFFER_TOO_SMALL)},
    {"C_GetMechanismInfo", of_slot, LIST(CKR_MECHANISM_INVALID)},
    {"C_InitToken", of_slot,
	LIST(CKR_FUNCTION_CANCELED, CKR_PIN_INCORRECT, CKR_PIN_LOCKED, CKR_SESSION_EXISTS,
	    CKR_TOKEN_WRITE_PROTECTED)},
    {"C_InitPIN", in_session, LIST(PINS, TRIES, CKR_SESSION_READ_ONLY, CKR_USER_NOT_LOGGED_IN)},
    /* the management key is not changed here */
    {"C_SetPIN", in_session, LIST(PINS, TRIES, CKR_SESSION_READ_ONLY, CKR_FUNCTION_NOT_SUPPORTED)},
    {"C_OpenSession", of_slot,
	LIST(CKR_SESSION_COUNT, CKR_SESSION_PARALLEL_NOT_SUPPORTED, CKR_SESSION_ASYNC_NOT_SUPPORTED,
	    CKR_SESSION_READ_WRITE_SO_EXISTS, CKR_TOKEN_WRITE_PROTECTED)},
    {"C_CloseSession", in_session, NONE},
    {"C_CloseAllSessions", nowhere,
	LIST(CKR_SLOT_ID_INVALID, CKR_DEVICE_ERROR, CKR_DEVICE_MEMORY, CKR_DEVICE_REMOVED,
	    CKR_TOKEN_NOT_PRESENT)},
    {"C_GetSessionInfo", in_session, NONE},
    {"C_SessionCancel", in_session, LIST(CKR_OPERATION_CANCEL_FAILED, CKR_TOKEN_NOT_PRESENT)},
    {"C_GetOperationState", in_session,
	LIST(CKR_BUFFER_TOO_SMALL, CKR_OPERATION_NOT_INITIALIZED, CKR_STATE_UNSAVEABLE)},
    {"C_SetOperationState", in_session,
	LIST(CKR_KEY_CHANGED, CKR_KEY_NEEDED, CKR_KEY_NOT_NEEDED, CKR_SAVED_STATE_INVALID)},
    {"C_Login", in_session,
	LIST(TRIES, CKR_FUNCTION_CANCELED, CKR_OPERATION_NOT_INITIALIZED,
	    CKR_SESSION_READ_ONLY_EXISTS, CKR_USER_ALREADY_LOGGED_IN,
	    CKR_USER_ANOTHER_ALREADY_LOGGED_IN, CKR_USER_PIN_NOT_INITIALIZED,
	    CKR_USER_TOO_MANY_TYPES, CKR_USER_TYPE_INVALID)},
    {"C_LoginUser", in_session,
	LIST(TRIES, CKR_FUNCTION_CANCELED, CKR_OPERATION_NOT_INITIALIZED,
	    CKR_SESSION_READ_ONLY_EXISTS, CKR_USER_ALREADY_LOGGED_IN,
	    CKR_USER_ANOTHER_ALREADY_LOGGED_IN, CKR_USER_PIN_NOT_INITIALIZED,
	    CKR_USER_TOO_MANY_TYPES, CKR_USER_TYPE_INVALID)},
    {"C_Logout", in_session, LIST(CKR_USER_NOT_LOGGED_IN)},
    {"C_CreateObject", in_session, LIST(MAKES)},
    {"C_CopyObject", in_session,
	LIST(TEMPLATES, CKR_ACTION_PROHIBITED, CKR_OBJECT_HANDLE_INVALID, CKR_USER_NOT_LOGGED_IN)},
    /* the SO's login, which 5.7.4 has no word for */
    {"C_DestroyObject", in_session,
	LIST(CKR_ACTION_PROHIBITED, CKR_OBJECT_HANDLE_INVALID, CKR_PIN_EXPIRED,
	    CKR_SESSION_READ_ONLY, CKR_TOKEN_WRITE_PROTECTED, CKR_USER_NOT_LOGGED_IN)},
    {"C_GetObjectSize", in_session, LIST(CKR_INFORMATION_SENSITIVE, CKR_OBJECT_HANDLE_INVALID)},
    {"C_GetAttributeValue", in_session,
	LIST(CKR_ATTRIBUTE_SENSITIVE, CKR_ATTRIBUTE_TYPE_INVALID, CKR_BUFFER_TOO_SMALL,
	    CKR_OBJECT_HANDLE_INVALID)},
    {"C_SetAttributeValue", in_session,
	LIST(TEMPLATES, CKR_ACTION_PROHIBITED, CKR_OBJECT_HANDLE_INVALID, CKR_USER_NOT_LOGGED_IN)},
    {"C_FindObjectsInit", in_session,
	LIST(CKR_ATTRIBUTE_TYPE_INVALID, CKR_ATTRIBUTE_VALUE_INVALID, CKR_OPERATION_ACTIVE,
	    CKR_PIN_EXPIRED)},
    {"C_FindObjects", in_session, LIST(CKR_OPERATION_NOT_INITIALIZED)},
    {"C_FindObjectsFinal", in_session, LIST(CKR_OPERATION_NOT_INITIALIZED)},
    {"C_DecryptInit", in_session, LIST(INIT)},
    {"C_Decrypt", in_session, LIST(DECRYPTS)},
    {"C_DecryptUpdate", in_session, LIST(DECRYPTS)},
    {"C_DecryptFinal", in_session, LIST(DECRYPTS)},
    {"C_DigestInit", in_session,
	LIST(CKR_FUNCTION_CANCELED, CKR_MECHANISM_INVALID, CKR_MECHANISM_PARAM_INVALID,
	    CKR_OPERATION_ACTIVE, CKR_OPERATION_CANCEL_FAILED, CKR_PIN_EXPIRED,
	    CKR_USER_NOT_LOGGED_IN)},
    {"C_Digest", in_session, LIST(DIGESTS, CKR_BUFFER_TOO_SMALL)},
    {"C_DigestUpdate", in_session, LIST(DIGESTS)},
    {"C_DigestKey", in_session,
	LIST(DIGESTS, CKR_KEY_HANDLE_INVALID, CKR_KEY_INDIGESTIBLE, CKR_KEY_SIZE_RANGE)},
    {"C_DigestFinal", in_session, LIST(DIGESTS, CKR_BUFFER_TOO_SMALL)},
    {"C_SignInit", in_session, LIST(INIT)},
    {"C_Sign", in_session, LIST(SIGNS)},
    {"C_SignUpdate", in_session,
	LIST(CKR_DATA_LEN_RANGE, CKR_OPERATION_NOT_INITIALIZED, CKR_USER_NOT_LOGGED_IN,
	    CKR_FUNCTION_CANCELED)},
    {"C_SignFinal", in_session, LIST(SIGNS)},
    {"C_MessageSignInit", in_session, LIST(INIT)},
    {"C_SignMessage", in_session, LIST(SIGNS, MESSAGES)},
    {"C_SignMessageBegin", in_session, LIST(SIGNS, MESSAGES)},
    {"C_SignMessageNext", in_session, LIST(SIGNS, MESSAGES)},
    {"C_MessageSignFinal", in_session, LIST(SIGNS)},
    {"C_VerifyInit", in_session, LIST(INIT)},
    {"C_Verify", in_session, LIST(VERIFIED)},
    {"C_VerifyUpdate", in_session, LIST(VERIFIES)},
    {"C_VerifyFinal", in_session, LIST(VERIFIED)},
    {"C_VerifySignatureInit", in_session, LIST(INIT, CKR_SIGNATURE_LEN_RANGE)},
    {"C_VerifySignature", in_session, LIST(VERIFIED)},
    {"C_VerifySignatureUpdate", in_session, LIST(VERIFIES)},
    {"C_VerifySignatureFinal", in_session, LIST(VERIFIED)},
    {"C_MessageVerifyInit", in_session, LIST(INIT)},
    {"C_VerifyMessage", in_session, LIST(VERIFIED, MESSAGES)},
    {"C_VerifyMessageBegin", in_session, LIST(VERIFIED, MESSAGES)},
    {"C_VerifyMessageNext", in_session, LIST(VERIFIED, MESSAGES)},
    {"C_MessageVerifyFinal", in_session, LIST(VERIFIED)},
    {"C_GenerateKeyPair", in_session,
	LIST(MAKES, CKR_MECHANISM_INVALID, CKR_MECHANISM_PARAM_INVALID, CKR_OPERATION_ACTIVE,
	    CKR_FUNCTION_CANCELED)},
    {"C_DeriveKey", in_session,
	LIST(TEMPLATES, INIT, CKR_CURVE_NOT_SUPPORTED, CKR_DOMAIN_PARAMS_INVALID,
	    CKR_TEMPLATE_INCOMPLETE)},
    {"C_SeedRandom", in_session,
	LIST(CKR_OPERATION_ACTIVE, CKR_RANDOM_NO_RNG, CKR_RANDOM_SEED_NOT_SUPPORTED,
	    CKR_FUNCTION_CANCELED, CKR_USER_NOT_LOGGED_IN)},
    {"C_GenerateRandom", in_session,
	LIST(CKR_OPERATION_ACTIVE, CKR_RANDOM_NO_RNG, CKR_FUNCTION_CANCELED,
	    CKR_USER_NOT_LOGGED_IN)},
};

/* What says nearly the same, in this order. */
static const struct {
	CK_RV rv;
	CK_RV instead[3];
} nearest[] = {
    {CKR_KEY_SIZE_RANGE, {CKR_ATTRIBUTE_VALUE_INVALID, CKR_KEY_TYPE_INCONSISTENT}},
    {CKR_KEY_TYPE_INCONSISTENT, {CKR_TEMPLATE_INCONSISTENT, CKR_KEY_FUNCTION_NOT_PERMITTED}},
    {CKR_KEY_FUNCTION_NOT_PERMITTED, {CKR_ACTION_PROHIBITED, CKR_FUNCTION_REJECTED}},
    {CKR_DATA_INVALID,
	{CKR_ENCRYPTED_DATA_INVALID, CKR_ATTRIBUTE_VALUE_INVALID, CKR_MECHANISM_PARAM_INVALID}},
    {CKR_DATA_LEN_RANGE,
	{CKR_ENCRYPTED_DATA_LEN_RANGE, CKR_ATTRIBUTE_VALUE_INVALID, CKR_MECHANISM_PARAM_INVALID}},
    {CKR_OBJECT_HANDLE_INVALID,
	{CKR_KEY_HANDLE_INVALID, CKR_TEMPLATE_INCONSISTENT, CKR_DEVICE_ERROR}},
    {CKR_KEY_HANDLE_INVALID, {CKR_OBJECT_HANDLE_INVALID, CKR_DEVICE_ERROR}},
    {CKR_ACTION_PROHIBITED, {CKR_FUNCTION_REJECTED, CKR_FUNCTION_CANCELED}},
    {CKR_FUNCTION_REJECTED, {CKR_FUNCTION_CANCELED, CKR_ACTION_PROHIBITED}},
    {CKR_FUNCTION_CANCELED, {CKR_FUNCTION_REJECTED}},
    {CKR_FUNCTION_NOT_SUPPORTED,
	{CKR_TEMPLATE_INCONSISTENT, CKR_ACTION_PROHIBITED, CKR_DEVICE_ERROR}},
    {CKR_PIN_EXPIRED, {CKR_PIN_INCORRECT, CKR_USER_NOT_LOGGED_IN}},
    {CKR_PIN_INCORRECT, {CKR_PIN_INVALID, CKR_USER_NOT_LOGGED_IN}},
    {CKR_PIN_LOCKED, {CKR_PIN_INCORRECT, CKR_USER_NOT_LOGGED_IN}},
    {CKR_TOKEN_NOT_RECOGNIZED, {CKR_DEVICE_ERROR}},
    {CKR_TOKEN_NOT_PRESENT, {CKR_DEVICE_REMOVED, CKR_DEVICE_ERROR}},
    {CKR_DEVICE_REMOVED, {CKR_TOKEN_NOT_PRESENT, CKR_DEVICE_ERROR}},
    {CKR_BUFFER_TOO_SMALL, {CKR_DEVICE_ERROR}},
};

static bool has(const CK_RV *list, CK_RV rv)
{
	while (*list && *list != rv)
		list++;
	return *list != 0;
}

static const struct row *row_of(const char *func)
{
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		if (strcmp(rows[i].func, func) == 0)
			return &rows[i];
	return NULL;
}

static bool in_row(const struct row *r, CK_RV rv)
{
	return rv == CKR_OK || has(universal, rv) || has(r->kind, rv) || has(r->more, rv);
}

bool rv_is_listed(const char *func, CK_RV rv)
{
	const struct row *r = row_of(func);

	return !r || in_row(r, rv);
}

CK_RV rv_listed(const char *func, CK_RV rv)
{
	const struct row *r = rv != CKR_OK ? row_of(func) : NULL;

	if (!r || in_row(r, rv))
		return rv;
	for (size_t i = 0; i < sizeof nearest / sizeof nearest[0]; i++)
		for (size_t k = 0; nearest[i].rv == rv && k < 3 && nearest[i].instead[k]; k++)
			if (in_row(r, nearest[i].instead[k]))
				return nearest[i].instead[k];
	return CKR_FUNCTION_FAILED;
}
