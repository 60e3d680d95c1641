/* SPDX-License-Identifier: BSD-2-Clause */
/* PKCS#11 return values as ours, and how libp11 leaves them in OpenSSL's error queue. */
#include <openssl/err.h>

#include "client/p11.h"

static const struct {
	CK_RV rv;
	enum ecert_rc rc;
} map[] = {
    {CKR_OK, ECERT_OK},
    {CKR_HOST_MEMORY, ECERT_E_MEMORY},
    {CKR_FUNCTION_CANCELED, ECERT_E_CANCELLED},
    {CKR_DEVICE_MEMORY, ECERT_E_CARD_FULL},
    {CKR_DEVICE_REMOVED, ECERT_E_REMOVED},
    {CKR_DEVICE_ERROR, ECERT_E_CARD},
    {CKR_FUNCTION_NOT_SUPPORTED, ECERT_E_UNSUPPORTED},
    {CKR_MECHANISM_INVALID, ECERT_E_KEY_TYPE},
    {CKR_KEY_TYPE_INCONSISTENT, ECERT_E_KEY_TYPE},
    {CKR_KEY_FUNCTION_NOT_PERMITTED, ECERT_E_KEY_TYPE},
    {CKR_DATA_LEN_RANGE, ECERT_E_DATA_LEN},
    {CKR_DATA_INVALID, ECERT_E_DATA},
    {CKR_PIN_INCORRECT, ECERT_E_PIN_WRONG},
    {CKR_PIN_INVALID, ECERT_E_PIN_FORMAT},
    {CKR_PIN_LEN_RANGE, ECERT_E_PIN_FORMAT},
    {CKR_PIN_LOCKED, ECERT_E_PIN_BLOCKED},
    {CKR_FUNCTION_REJECTED, ECERT_E_PIN_LAST_TRY}, /* our module's word for it */
    {CKR_PIN_EXPIRED, ECERT_E_PIN_DEFAULT},
    {CKR_SESSION_HANDLE_INVALID, ECERT_E_REMOVED},
    {CKR_SESSION_CLOSED, ECERT_E_REMOVED},
    {CKR_OBJECT_HANDLE_INVALID, ECERT_E_REMOVED},
    {CKR_KEY_HANDLE_INVALID, ECERT_E_REMOVED},
    {CKR_TOKEN_NOT_PRESENT, ECERT_E_REMOVED},
    {CKR_TOKEN_NOT_RECOGNIZED, ECERT_E_UNRECOGNISED},
    {CKR_USER_NOT_LOGGED_IN, ECERT_E_AUTH},
    {CKR_CRYPTOKI_NOT_INITIALIZED, ECERT_E_FORKED},
    {CKR_SESSION_COUNT, ECERT_E_FULL},
    {CKR_GENERAL_ERROR, ECERT_E_CARD},
    {CKR_FUNCTION_FAILED, ECERT_E_CARD},
};

enum ecert_rc rc_of_ckr(CK_RV rv)
{
	for (size_t i = 0; i < sizeof map / sizeof map[0]; i++)
		if (map[i].rv == rv)
			return map[i].rc;
	return ECERT_E_CARD;
}

enum ecert_rc p11_error(void)
{
	int lib = ERR_get_CKR_code();
	enum ecert_rc rc = ECERT_E_CARD;
	unsigned long e;

	while ((e = ERR_get_error()) != 0)
		if (ERR_GET_LIB(e) == lib)
			rc = rc_of_ckr((CK_RV)ERR_GET_REASON(e));
	return rc;
}
