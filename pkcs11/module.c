/* SPDX-License-Identifier: BSD-2-Clause */
/* Entry and exit of every call, return codes, and the helpers that all chapters share. */
#include "pkcs11/module.h"

#include <string.h>

#include "pkcs11/rvlist.h"
#include "pkcs11/rvname.h"
#include "util/log.h"

struct module p11 = {
    .gate = PTHREAD_RWLOCK_INITIALIZER,
    .lock = PTHREAD_MUTEX_INITIALIZER,
};

enum ecert_rc (*p11_tokens_open)(
    const struct tokens_config *cfg, struct tokens **out) = tokens_open;

/* A forked child is not initialised (5.6.1, and CKF_INTERFACE_FORK_SAFE in 3.6). */
static bool ready(void)
{
	return atomic_load(&p11.up) && !atomic_load(&p11.stopping) &&
	       atomic_load(&p11.forks) == atomic_load(&p11.forks_seen);
}

CK_RV p11_enter(const char *func, bool args_ok)
{
	CK_RV rv = CKR_OK;

	/* Before the gate: a child must not touch a lock that a thread of its parent holds. */
	if (!ready()) {
		p11_trace(func, 0, CKR_CRYPTOKI_NOT_INITIALIZED);
		return CKR_CRYPTOKI_NOT_INITIALIZED;
	}
	if (pthread_rwlock_rdlock(&p11.gate))
		return CKR_GENERAL_ERROR;
	if (!ready())
		rv = CKR_CRYPTOKI_NOT_INITIALIZED;
	else if (!args_ok)
		rv = CKR_ARGUMENTS_BAD;
	if (rv != CKR_OK)
		return p11_leave(func, rv);
	return CKR_OK;
}

CK_RV p11_leave(const char *func, CK_RV rv)
{
	(void)pthread_rwlock_unlock(&p11.gate);
	rv = rv_listed(func, rv);
	p11_trace(func, 0, rv);
	return rv;
}

void p11_trace(const char *func, CK_ULONG on, CK_RV rv)
{
	if (!log_enabled(LOG_INFO))
		return;
	if (on)
		log_info("%s 0x%lx: %s", func, on, p11_rv_name(rv));
	else
		log_info("%s: %s", func, p11_rv_name(rv));
}

static const CK_RV rv_of[] = {
    [ECERT_OK] = CKR_OK,
    [ECERT_E_ARG] = CKR_ARGUMENTS_BAD,
    [ECERT_E_MEMORY] = CKR_HOST_MEMORY,
    [ECERT_E_INTERNAL] = CKR_GENERAL_ERROR,
    [ECERT_E_CRYPTO] = CKR_FUNCTION_FAILED,
    [ECERT_E_IO] = CKR_FUNCTION_FAILED,
    [ECERT_E_FORKED] = CKR_CRYPTOKI_NOT_INITIALIZED,
    [ECERT_E_TIMEOUT] = CKR_DEVICE_ERROR,
    [ECERT_E_CANCELLED] = CKR_FUNCTION_CANCELED,
    [ECERT_E_NO_SERVICE] = CKR_TOKEN_NOT_PRESENT,
    [ECERT_E_NO_READER] = CKR_TOKEN_NOT_PRESENT,
    [ECERT_E_NO_CARD] = CKR_TOKEN_NOT_PRESENT,
    [ECERT_E_REMOVED] = CKR_DEVICE_REMOVED,
    [ECERT_E_RESET] = CKR_USER_NOT_LOGGED_IN,
    [ECERT_E_EXCLUSIVE] = CKR_DEVICE_ERROR,
    [ECERT_E_MUTE] = CKR_DEVICE_ERROR,
    [ECERT_E_UNRECOGNISED] = CKR_TOKEN_NOT_RECOGNIZED,
    [ECERT_E_MALFORMED] = CKR_DEVICE_ERROR,
    [ECERT_E_TOO_LARGE] = CKR_DEVICE_MEMORY,
    [ECERT_E_BUFFER] = CKR_BUFFER_TOO_SMALL,
    [ECERT_E_NOT_FOUND] = CKR_OBJECT_HANDLE_INVALID,
    [ECERT_E_EXISTS] = CKR_FUNCTION_FAILED,
    [ECERT_E_UNSUPPORTED] = CKR_FUNCTION_NOT_SUPPORTED,
    [ECERT_E_AUTH] = CKR_USER_NOT_LOGGED_IN,
    [ECERT_E_PIN_WRONG] = CKR_PIN_INCORRECT,
    [ECERT_E_PIN_BLOCKED] = CKR_PIN_LOCKED,
    [ECERT_E_PIN_FORMAT] = CKR_PIN_INCORRECT,
    [ECERT_E_PIN_LAST_TRY] = CKR_FUNCTION_REJECTED,
    [ECERT_E_PIN_DEFAULT] = CKR_PIN_EXPIRED,
    [ECERT_E_DENIED] = CKR_ACTION_PROHIBITED,
    [ECERT_E_KEY_TYPE] = CKR_KEY_TYPE_INCONSISTENT,
    [ECERT_E_DATA] = CKR_DATA_INVALID,
    [ECERT_E_DATA_LEN] = CKR_DATA_LEN_RANGE,
    [ECERT_E_BAD_SIGNATURE] = CKR_DEVICE_ERROR,
    [ECERT_E_CARD] = CKR_DEVICE_ERROR,
    [ECERT_E_CARD_FULL] = CKR_DEVICE_MEMORY,
    [ECERT_E_PASSWORD] = CKR_FUNCTION_FAILED,
    [ECERT_E_FULL] = CKR_SESSION_COUNT,
    [ECERT_E_KEY_FUNCTION] = CKR_KEY_FUNCTION_NOT_PERMITTED,
    [ECERT_E_NO_SLOT] = CKR_TEMPLATE_INCONSISTENT,
};
_Static_assert(sizeof rv_of / sizeof rv_of[0] == ECERT_RC_COUNT, "every code has its CKR_");

CK_RV p11_rv(enum ecert_rc rc)
{
	if ((unsigned)rc >= ECERT_RC_COUNT)
		return CKR_GENERAL_ERROR;
	return rv_of[rc];
}

CK_RV p11_use_rv(enum ecert_rc rc)
{
	switch (rc) {
	case ECERT_E_DENIED:
		return CKR_FUNCTION_REJECTED;
	case ECERT_E_KEY_TYPE: /* not by its kind, which C_...Init has looked at: by the card */
		return CKR_KEY_FUNCTION_NOT_PERMITTED;
	default:
		return p11_rv(rc);
	}
}

CK_RV p11_output(struct rd data, CK_BYTE_PTR out, CK_ULONG_PTR out_len, bool *done)
{
	CK_ULONG room = out ? *out_len : 0; /* without a buffer it need not hold anything */

	*done = false;
	*out_len = data.n;
	if (!out)
		return CKR_OK;
	if (room < data.n)
		return CKR_BUFFER_TOO_SMALL;
	if (data.n)
		memcpy(out, data.p, data.n);
	*done = true;
	return CKR_OK;
}

void p11_text(CK_UTF8CHAR *field, size_t size, const char *text)
{
	size_t n = strnlen(text, size + 1);

	if (n > size) {
		n = size;
		/* not in the middle of a character: 10xxxxxx continues one */
		while (n && ((unsigned char)text[n] & 0xC0) == 0x80)
			n--;
	}
	memset(field, ' ', size);
	memcpy(field, text, n);
}
