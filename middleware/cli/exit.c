/* SPDX-License-Identifier: BSD-2-Clause */
/* Exit codes by name. */
#include "cli/exit.h"

#include "util/message.h"

static const struct exit_row rows[] = {
    {OUT_OK, "ok", MSG_ID("Done; for verify: every check passed.")},
    {OUT_INVALID, "invalid",
	MSG_ID(
	    "Checked, and not valid: a signature, a trust mark, an attestation or the journal; for "
	    "doctor: a problem.")},
    {OUT_USAGE, "usage", MSG_ID("The command line is wrong.")},
    {OUT_NO_TOKEN, "no-token",
	MSG_ID("No token, no reader, or the smart-card service is not running.")},
    {OUT_PIN, "pin", MSG_ID("The PIN, PUK or management key is wrong, blocked, or was not given.")},
    {OUT_REFUSED, "refused",
	MSG_ID("Policy refuses: an expired certificate, an existing file, an empty slot, a default "
	       "PIN.")},
    {OUT_IO, "io", MSG_ID("A file could not be read or written.")},
    {OUT_CARD, "card",
	MSG_ID("The token or its PKCS#11 module failed, or the token was pulled out.")},
    {OUT_INPUT, "input",
	MSG_ID("A file is not what it has to be, or its password is wrong or was not given.")},
    {OUT_INTERNAL, "internal", MSG_ID("A defect of this program, or no memory.")},
    {OUT_INDETERMINATE, "indeterminate",
	MSG_ID("Checked, and nobody can tell yet whether it is valid: something is missing, too "
	       "old or "
	       "not trusted.")},
    {OUT_INTERRUPTED, "interrupted",
	MSG_ID("Stopped by the person (Ctrl-C); nothing half-written is left.")},
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
