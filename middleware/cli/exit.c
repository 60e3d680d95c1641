/* SPDX-License-Identifier: BSD-2-Clause */
/* Exit codes by name. */
#include "cli/exit.h"

static const struct exit_row rows[] = {
    {OUT_OK, "ok", "Done; for verify: every check passed."},
    {OUT_INVALID, "invalid",
	"Checked, and not valid: a signature, a trust mark, an attestation or the journal; for "
	"doctor: a problem."},
    {OUT_USAGE, "usage", "The command line is wrong."},
    {OUT_NO_TOKEN, "no-token", "No token, no reader, or the smart-card service is not running."},
    {OUT_PIN, "pin", "The PIN, PUK or management key is wrong, blocked, or was not given."},
    {OUT_REFUSED, "refused",
	"Policy refuses: an expired certificate, an existing file, an empty slot, a default PIN."},
    {OUT_IO, "io", "A file could not be read or written."},
    {OUT_CARD, "card", "The token or its PKCS#11 module failed, or the token was pulled out."},
    {OUT_INPUT, "input", "A file is not what it has to be, or its password is wrong."},
    {OUT_INTERNAL, "internal", "A defect of this program, or no memory."},
    {OUT_INTERRUPTED, "interrupted",
	"Stopped by the person (Ctrl-C); nothing half-written is left."},
};

const struct exit_row *exit_rows(size_t *n)
{
	*n = sizeof rows / sizeof rows[0];
	return rows;
}

const struct exit_row *exit_row(enum outcome code)
{
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		if (rows[i].code == code)
			return &rows[i];
	return &rows[OUT_INTERNAL];
}
