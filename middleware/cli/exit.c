/* SPDX-License-Identifier: BSD-2-Clause */
/* Exit codes and the advice that goes with each return code. */
#include "cli/exit.h"

static const struct exit_row rows[] = {
    {CLI_OK, "ok", "Done; for verify: every check passed."},
    {CLI_INVALID, "invalid",
	"Checked, and not valid: a signature, a trust mark, an attestation or the journal; for "
	"doctor: a problem."},
    {CLI_USAGE, "usage", "The command line is wrong."},
    {CLI_NO_TOKEN, "no-token", "No token, no reader, or the smart-card service is not running."},
    {CLI_PIN, "pin", "The PIN, PUK or management key is wrong, blocked, or was not given."},
    {CLI_REFUSED, "refused",
	"Policy refuses: an expired certificate, an existing file, an empty slot, a default PIN."},
    {CLI_IO, "io", "A file could not be read or written."},
    {CLI_CARD, "card", "The token or its PKCS#11 module failed, or the token was pulled out."},
    {CLI_INPUT, "input", "A file is not what it has to be, or its password is wrong."},
    {CLI_INTERNAL, "internal", "A defect of this program, or no memory."},
    {CLI_INTERRUPTED, "interrupted",
	"Stopped by the person (Ctrl-C); nothing half-written is left."},
};

const struct exit_row *exit_rows(size_t *n)
{
	*n = sizeof rows / sizeof rows[0];
	return rows;
}

const struct exit_row *exit_row(enum cli_exit code)
{
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		if (rows[i].code == code)
			return &rows[i];
	return &rows[CLI_INTERNAL];
}

struct advice {
	enum cli_exit code;
	const char *hint;
};

#define ROW(rc, code, hint) [rc] = {code, hint}

static const struct advice advice[] = {
    ROW(ECERT_OK, CLI_OK, ""),
    ROW(ECERT_E_ARG, CLI_INTERNAL, "Please report it."),
    ROW(ECERT_E_MEMORY, CLI_INTERNAL, "Close other programs and try again."),
    ROW(ECERT_E_INTERNAL, CLI_INTERNAL, "Please report it."),
    ROW(ECERT_E_CRYPTO, CLI_INTERNAL, "Please report it."),
    ROW(ECERT_E_IO, CLI_IO,
	"Check that the file exists, that you may use it, and that the disk has room."),
    ROW(ECERT_E_FORKED, CLI_INTERNAL, "Please report it."),
    ROW(ECERT_E_TIMEOUT, CLI_CARD, "Take the token out, put it back, and try again."),
    ROW(ECERT_E_CANCELLED, CLI_PIN, "Run the command again when you are ready."),
    ROW(ECERT_E_NO_SERVICE, CLI_NO_TOKEN,
	"Start it with `sudo systemctl start pcscd.socket`, then run the command again; `ecert "
	"doctor` says which of them it is."),
    ROW(ECERT_E_NO_READER, CLI_NO_TOKEN,
	"Plug the token or the card reader in, then run the command again."),
    ROW(ECERT_E_NO_CARD, CLI_NO_TOKEN, "Put the token in, then run the command again."),
    ROW(ECERT_E_REMOVED, CLI_CARD, "Put it back and run the command again."),
    ROW(ECERT_E_RESET, CLI_CARD, "Run the command again."),
    ROW(ECERT_E_EXCLUSIVE, CLI_CARD,
	"Close the other program (often gpg: `gpgconf --kill scdaemon`), then try again."),
    ROW(ECERT_E_MUTE, CLI_CARD, "If it stays silent, try another USB port."),
    ROW(ECERT_E_UNRECOGNISED, CLI_NO_TOKEN,
	"For another kind of token name its own PKCS#11 module with --module."),
    ROW(ECERT_E_MALFORMED, CLI_INPUT, "Check that it is the right file."),
    ROW(ECERT_E_TOO_LARGE, CLI_INPUT, "Check that it is the right file."),
    ROW(ECERT_E_BUFFER, CLI_INTERNAL, "Please report it."),
    ROW(ECERT_E_NOT_FOUND, CLI_CARD, "See what the token holds with `ecert key list`."),
    ROW(ECERT_E_EXISTS, CLI_REFUSED, "Choose another name, or say --force."),
    ROW(ECERT_E_UNSUPPORTED, CLI_CARD, "See what the token offers with `ecert token info`."),
    ROW(ECERT_E_AUTH, CLI_PIN, "Give the PIN, or for provisioning the management key."),
    ROW(ECERT_E_PIN_WRONG, CLI_PIN,
	"Check it and try again; `ecert pin status` shows the tries left."),
    ROW(ECERT_E_PIN_BLOCKED, CLI_PIN, "Set a new PIN with the PUK: `ecert pin unblock`."),
    ROW(ECERT_E_PIN_FORMAT, CLI_PIN, "Try again."),
    ROW(ECERT_E_PIN_LAST_TRY, CLI_PIN,
	"If you are sure of the PIN add --allow-last-try; otherwise set a new one with `ecert pin "
	"unblock`."),
    ROW(ECERT_E_PIN_DEFAULT, CLI_REFUSED, "Set new ones with `ecert token init`."),
    ROW(ECERT_E_DENIED, CLI_REFUSED, ""),
    ROW(ECERT_E_KEY_TYPE, CLI_REFUSED, "Choose another key; `ecert key list` shows them."),
    ROW(ECERT_E_DATA, CLI_CARD, "See what the token offers with `ecert token info`."),
    ROW(ECERT_E_DATA_LEN, CLI_CARD, "See what the token offers with `ecert token info`."),
    ROW(ECERT_E_BAD_SIGNATURE, CLI_INVALID, "Do not rely on it; ask the signer for a new one."),
    ROW(ECERT_E_CARD, CLI_CARD, "Take the token out, put it back, and try again."),
    ROW(ECERT_E_CARD_FULL, CLI_CARD, "Delete what is not needed, or use a token with more room."),
    ROW(ECERT_E_PASSWORD, CLI_PIN, "Check it and try again; no try of the token was used."),
    ROW(ECERT_E_FULL, CLI_NO_TOKEN,
	"Close programs that use the token, or wait for them, then run the command again."),
    ROW(ECERT_E_KEY_FUNCTION, CLI_REFUSED,
	"PIV signs with the keys of 9a, 9c and 9e, and agrees on keys with the others."),
    ROW(ECERT_E_NO_SLOT, CLI_REFUSED, "Choose another slot; every token has 9a, 9c, 9d and 9e."),
};
_Static_assert(sizeof advice / sizeof advice[0] == ECERT_RC_COUNT, "advice for each code");

enum cli_exit exit_of_rc(enum ecert_rc rc)
{
	return (unsigned)rc < ECERT_RC_COUNT ? advice[rc].code : CLI_INTERNAL;
}

const char *hint_of_rc(enum ecert_rc rc)
{
	return (unsigned)rc < ECERT_RC_COUNT ? advice[rc].hint : "Please report it.";
}
