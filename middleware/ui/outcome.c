/* SPDX-License-Identifier: BSD-2-Clause */
/* Which outcome a return code leads to, and the advice that goes with it. */
#include "ui/outcome.h"

#include "util/message.h"

struct after {
	enum outcome code;
	const char *next;
};

#define ROW(rc, code, next) [rc] = {code, next}

static const struct after advice[] = {
    [ECERT_OK] = {OUT_OK, ""},
    ROW(ECERT_E_ARG, OUT_INTERNAL, "Please report it."),
    ROW(ECERT_E_MEMORY, OUT_INTERNAL, "Close other programs and try again."),
    ROW(ECERT_E_INTERNAL, OUT_INTERNAL, "Please report it."),
    ROW(ECERT_E_CRYPTO, OUT_INTERNAL, "Please report it."),
    ROW(ECERT_E_IO, OUT_IO,
	"Check that the file exists, that you may use it, and that the disk has room."),
    ROW(ECERT_E_FORKED, OUT_INTERNAL, "Please report it."),
    ROW(ECERT_E_TIMEOUT, OUT_CARD, "Take the token out, put it back, and try again."),
    ROW(ECERT_E_CANCELLED, OUT_PIN, "Run the command again when you are ready."),
    ROW(ECERT_E_NO_SERVICE, OUT_NO_TOKEN,
	"Start it with `sudo systemctl start pcscd.socket`, then run the command again; `ecert "
	"doctor` says which of them it is."),
    ROW(ECERT_E_NO_READER, OUT_NO_TOKEN,
	"Plug the token or the card reader in, then run the command again."),
    ROW(ECERT_E_NO_CARD, OUT_NO_TOKEN, "Put the token in, then run the command again."),
    ROW(ECERT_E_REMOVED, OUT_CARD, "Put it back and run the command again."),
    ROW(ECERT_E_RESET, OUT_CARD, "Run the command again."),
    ROW(ECERT_E_EXCLUSIVE, OUT_CARD,
	"Close the other program (often gpg: `gpgconf --kill scdaemon`), then try again."),
    ROW(ECERT_E_MUTE, OUT_CARD, "If it stays silent, try another USB port."),
    ROW(ECERT_E_UNRECOGNISED, OUT_NO_TOKEN,
	"For another kind of token name its own PKCS#11 module with --module."),
    ROW(ECERT_E_MALFORMED, OUT_INPUT, "Check that it is the right file."),
    ROW(ECERT_E_TOO_LARGE, OUT_INPUT, "Check that it is the right file."),
    ROW(ECERT_E_BUFFER, OUT_INTERNAL, "Please report it."),
    ROW(ECERT_E_NOT_FOUND, OUT_CARD, "See what the token holds with `ecert key list`."),
    ROW(ECERT_E_EXISTS, OUT_REFUSED, "Choose another name, or say --force."),
    ROW(ECERT_E_UNSUPPORTED, OUT_CARD, "See what the token offers with `ecert token info`."),
    ROW(ECERT_E_AUTH, OUT_PIN, "Give the PIN, or for provisioning the management key."),
    ROW(ECERT_E_PIN_WRONG, OUT_PIN,
	"Check it and try again; `ecert pin status` shows the tries left."),
    ROW(ECERT_E_PIN_BLOCKED, OUT_PIN, "Set a new PIN with the PUK: `ecert pin unblock`."),
    ROW(ECERT_E_PIN_FORMAT, OUT_PIN, "Try again."),
    ROW(ECERT_E_PIN_LAST_TRY, OUT_PIN,
	"If you are sure of the PIN add --allow-last-try; otherwise set a new one with `ecert pin "
	"unblock`."),
    ROW(ECERT_E_PIN_DEFAULT, OUT_REFUSED, "Set new ones with `ecert token init`."),
    [ECERT_E_DENIED] = {OUT_REFUSED, ""},
    ROW(ECERT_E_KEY_TYPE, OUT_REFUSED, "Choose another key; `ecert key list` shows them."),
    ROW(ECERT_E_DATA, OUT_CARD, "See what the token offers with `ecert token info`."),
    ROW(ECERT_E_DATA_LEN, OUT_CARD, "See what the token offers with `ecert token info`."),
    ROW(ECERT_E_BAD_SIGNATURE, OUT_INVALID, "Do not rely on it; ask the signer for a new one."),
    ROW(ECERT_E_CARD, OUT_CARD, "Take the token out, put it back, and try again."),
    ROW(ECERT_E_CARD_FULL, OUT_CARD, "Delete what is not needed, or use a token with more room."),
    ROW(ECERT_E_PASSWORD, OUT_INPUT, "Check it and try again; no try of the token was used."),
    ROW(ECERT_E_FULL, OUT_NO_TOKEN,
	"Close programs that use the token, or wait for them, then run the command again."),
    ROW(ECERT_E_KEY_FUNCTION, OUT_REFUSED,
	"PIV signs with the keys of 9a, 9c and 9e, and agrees on keys with the others."),
    ROW(ECERT_E_NO_SLOT, OUT_REFUSED, "Choose another slot; every token has 9a, 9c, 9d and 9e."),
};
_Static_assert(sizeof advice / sizeof advice[0] == ECERT_RC_COUNT, "advice for each code");

enum outcome outcome_of_rc(enum ecert_rc rc)
{
	return (unsigned)rc < ECERT_RC_COUNT ? advice[rc].code : OUT_INTERNAL;
}

const char *next_of_rc(enum ecert_rc rc)
{
	return (unsigned)rc < ECERT_RC_COUNT ? advice[rc].next : MSG_ID("Please report it.");
}
