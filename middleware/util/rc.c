/* SPDX-License-Identifier: BSD-2-Clause */
/* Return codes in words. */
#include "ecert/rc.h"

#include <stddef.h>

struct words {
	const char *name;
	const char *sentence;
};

#define ROW(rc, sentence) [rc] = {#rc, sentence}

static const struct words table[] = {
    ROW(ECERT_OK, "done"),
    ROW(ECERT_E_ARG, "invalid argument"),
    ROW(ECERT_E_MEMORY, "out of memory"),
    ROW(ECERT_E_INTERNAL, "internal error; please report it"),
    ROW(ECERT_E_CRYPTO, "the cryptographic library failed"),
    ROW(ECERT_E_IO, "a file or socket could not be read or written"),
    ROW(ECERT_E_FORKED, "this handle belongs to the parent process"),
    ROW(ECERT_E_TIMEOUT, "no answer in time"),
    ROW(ECERT_E_CANCELLED, "cancelled"),
    ROW(ECERT_E_NO_SERVICE,
	"the smart-card service (pcscd) is not running, or ecertd does not answer"),
    ROW(ECERT_E_NO_READER, "no such reader is connected"),
    ROW(ECERT_E_NO_CARD, "no token is in the reader"),
    ROW(ECERT_E_REMOVED, "the token was removed"),
    ROW(ECERT_E_RESET, "the token was reset by another program; log in again"),
    ROW(ECERT_E_EXCLUSIVE, "another program is holding the token for itself"),
    ROW(ECERT_E_MUTE, "the token does not answer; take it out and put it back"),
    ROW(ECERT_E_UNRECOGNISED, "this is not a PIV token"),
    ROW(ECERT_E_MALFORMED, "the data is malformed"),
    ROW(ECERT_E_TOO_LARGE, "the data is too large"),
    ROW(ECERT_E_BUFFER, "the buffer is too small"),
    ROW(ECERT_E_NOT_FOUND, "not found"),
    ROW(ECERT_E_EXISTS, "it exists already"),
    ROW(ECERT_E_UNSUPPORTED, "this token cannot do that"),
    ROW(ECERT_E_AUTH, "log in first"),
    ROW(ECERT_E_PIN_WRONG, "the PIN is wrong"),
    ROW(ECERT_E_PIN_BLOCKED, "the PIN is blocked"),
    ROW(ECERT_E_PIN_FORMAT, "a PIN has 6 to 8 characters; no try was used"),
    ROW(ECERT_E_PIN_LAST_TRY, "only one try is left; nothing was sent to the token"),
    ROW(ECERT_E_PIN_DEFAULT, "a factory default PIN, PUK or management key is still in place"),
    ROW(ECERT_E_DENIED, "policy does not allow it"),
    ROW(ECERT_E_KEY_TYPE, "the key cannot be used for this"),
    ROW(ECERT_E_DATA, "the input does not fit the operation"),
    ROW(ECERT_E_DATA_LEN, "the input has the wrong length"),
    ROW(ECERT_E_BAD_SIGNATURE, "the signature does not verify"),
    ROW(ECERT_E_CARD, "the token refused, or gave an answer that makes no sense"),
    ROW(ECERT_E_CARD_FULL, "the token has no room left"),
    ROW(ECERT_E_PASSWORD, "the password of the file is wrong"),
    ROW(ECERT_E_FULL, "ecertd serves as many programs as it can, and no place became free"),
    ROW(ECERT_E_KEY_FUNCTION, "the token does not let the key of this slot do that"),
    ROW(ECERT_E_NO_SLOT, "the token has no such slot"),
};
_Static_assert(sizeof table / sizeof table[0] == ECERT_RC_COUNT, "a sentence for each code");

static const struct words *words_of(enum ecert_rc rc)
{
	static const struct words unknown = {"ECERT_E_UNKNOWN", "unknown error"};

	if ((unsigned)rc >= ECERT_RC_COUNT)
		return &unknown;
	return &table[rc];
}

const char *ecert_strerror(enum ecert_rc rc)
{
	return words_of(rc)->sentence;
}

const char *ecert_rc_name(enum ecert_rc rc)
{
	return words_of(rc)->name;
}
