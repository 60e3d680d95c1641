/* SPDX-License-Identifier: BSD-2-Clause */
/* Secrets by the options that say where they come from, and how it is told when they are wrong. */
#include "client/asking.h"

#include <string.h>

#include "client/p11.h"

static enum outcome escrow_failed(const struct job *job, enum outcome code, enum ecert_rc rc,
    const struct pin_source *src, const char *what)
{
	if (rc == ECERT_E_KEY_TYPE)
		return ui_fail(job->ui, code, "escrow-without-secret",
		    MSG("The escrow file {arg} does not hold the {what}", P_FILE("arg", src->arg),
			P_WORD("what", what)),
		    MSG("An escrow holds PIN and PUK only when `ecert token init --generate` made "
			"them."));
	if (rc == ECERT_E_DENIED)
		return ui_fail(job->ui, code, "escrow-of-other-token",
		    MSG("The escrow file {arg} is of another token", P_FILE("arg", src->arg)),
		    MSG("Nothing was sent to the token; name the escrow file of this one."));
	return ui_fail(job->ui, code, "escrow-damaged",
	    MSG("The escrow file {arg} is cut short, damaged, or of another version",
		P_FILE("arg", src->arg)),
	    MSG("Nothing was sent to the token; use a whole copy of what `ecert token "
		"init` "
		"wrote."));
}

static enum outcome secret_failed(const struct job *job, enum ecert_rc rc,
    const struct pin_source *src, const char *option, const struct pin_ask *ask)
{
	const char *what = ask->prompt;
	/* A password is the file's: without the right one the file cannot be read. */
	enum outcome code = ask->want == PIN_WANT_TEXT ? OUT_INPUT : OUT_PIN;

	switch (rc) {
	case ECERT_E_NOT_FOUND:
		return ui_fail(job->ui, OUT_USAGE, "secret-not-found",
		    MSG("The environment has no variable {arg} for the {what}",
			P_FILE("arg", src->arg), P_WORD("what", what)),
		    MSG("Set it, or choose another source."));
	case ECERT_E_IO:
		return ui_fail(job->ui, OUT_IO, "secret-unreadable",
		    MSG("Cannot read the {what} from {arg}", P_WORD("what", what),
			P_FILE("arg", src->arg)),
		    MSG("Check the path and its permissions."));
	case ECERT_E_TOO_LARGE:
		return ui_fail(job->ui, code, "secret-too-long",
		    MSG("The {what} is too long", P_WORD("what", what)),
		    MSG("Nothing was sent to the token; check where it comes from."));
	case ECERT_E_MALFORMED:
		return ui_fail(job->ui, code, "secret-malformed",
		    MSG("The {what} has a zero byte in it", P_WORD("what", what)),
		    MSG("Nothing was sent to the token; check that it is the right file."));
	case ECERT_E_UNSUPPORTED:
		return ui_fail(job->ui, code, "nobody-to-ask",
		    MSG(src->kind == PIN_PINENTRY
			    ? MSG_ID(
				  "There is no pinentry program to ask for the {what} ({option})")
			    : MSG_ID("There is no terminal to ask for the {what} ({option})"),
			P_WORD("what", what), P_TEXT("option", option)),
		    MSG(src->kind == PIN_PINENTRY
			    ? MSG_ID("Install one (for instance pinentry-curses), or choose "
				     "another source.")
			    : MSG_ID("Say where it comes from: env:NAME, file:PATH or pinentry.")));
	case ECERT_E_KEY_TYPE:
	case ECERT_E_DENIED:
	case ECERT_E_UNRECOGNISED:
		return escrow_failed(job, code, rc, src, what);
	case ECERT_E_PIN_FORMAT:
		return ui_fail(job->ui, code, "secret-empty",
		    MSG("The {what} is empty", P_WORD("what", what)),
		    MSG("Nothing was sent to the token."));
	case ECERT_E_DATA:
		return ui_fail(job->ui, code, "secret-entries-differ",
		    MSG("The two entries of the {what} differ", P_WORD("what", what)),
		    MSG("Try again."));
	case ECERT_E_CANCELLED:
		return ui_fail(job->ui, code, "cancelled",
		    MSG("Cannot get the {what}: {why}", P_WORD("what", what), P_RC("why", rc)),
		    MSG(next_of_rc(rc)));
	default:
		return ui_fail_rc(
		    job->ui, rc, MSG("Cannot get the {what}: {why}", P_WORD("what", what)));
	}
}

enum outcome secret_source(
    const struct job *job, const char *source, const char *option, struct pin_source *out)
{
	if (pin_source_parse(source, out) == ECERT_OK)
		return OUT_OK;
	return ui_fail(job->ui, OUT_USAGE, "secret-source-malformed",
	    MSG("{option} takes prompt, pinentry, env:NAME or file:PATH", P_TEXT("option", option)),
	    MSG("A secret itself never goes on the command line, where other programs can "
		"read it."));
}

enum outcome secret_get(const struct job *job, const char *source, const char *option,
    const struct pin_ask *ask, struct pin *out)
{
	struct pin_source src;
	enum ecert_rc rc;
	enum outcome code = secret_source(job, source, option, &src);

	*out = (struct pin){0};
	if (code)
		return code;
	rc = pin_get(job->ui, &src, ask, out);
	return rc != ECERT_OK ? secret_failed(job, rc, &src, option, ask) : OUT_OK;
}

enum outcome pin_told(const struct job *job, enum ecert_rc rc, const char *what, int tries)
{
	bool puk = !strcmp(what, MSG_ID("PUK"));

	if (rc == ECERT_OK)
		return OUT_OK;
	if (rc == ECERT_E_PIN_WRONG && tries > 0)
		return ui_fail(job->ui, OUT_PIN, puk ? "puk-wrong" : "pin-wrong",
		    MSG(tries == 1 ? MSG_ID("The {what} is wrong; only {tries} try is left")
				   : MSG_ID("The {what} is wrong; {tries} tries are left"),
			P_WORD("what", what), P_NUMBER("tries", tries)),
		    MSG("Check it before you try again."));
	if (rc == ECERT_E_PIN_WRONG && tries < 0)
		return ui_fail(job->ui, OUT_PIN, puk ? "puk-wrong" : "pin-wrong",
		    MSG("The {what} is wrong", P_WORD("what", what)),
		    MSG(p11_foreign(job)
			    ? MSG_ID("Check it before you try again: its tries are limited.")
			    : next_of_rc(rc)));
	if (rc == ECERT_E_PIN_BLOCKED || rc == ECERT_E_PIN_WRONG)
		return ui_fail(job->ui, OUT_PIN, puk ? "puk-blocked" : "pin-blocked",
		    MSG("The {what} is blocked", P_WORD("what", what)),
		    MSG(puk ? MSG_ID(
				  "With its PIN the token works on. Once the PIN is blocked, too, "
				  "only `ecert token reset` is left, which deletes the keys.")
			    : next_of_rc(ECERT_E_PIN_BLOCKED)));
	if (rc == ECERT_E_PIN_LAST_TRY)
		return ui_fail(job->ui, OUT_PIN, puk ? "puk-last-try" : "pin-last-try",
		    MSG("Only one try of the {what} is left, so nothing was sent to the token",
			P_WORD("what", what)),
		    MSG(puk ? MSG_ID("If you are sure of the PUK add --allow-last-try; a wrong one "
				     "blocks it for good. Whoever set the token up, or its "
				     "escrow, can tell.")
			    : next_of_rc(rc)));
	if (rc == ECERT_E_PIN_FORMAT)
		return ui_fail(job->ui, OUT_PIN, puk ? "puk-format" : "pin-format",
		    MSG("A {what} has 6 to 8 characters, usually digits only",
			P_WORD("what", what)),
		    MSG("No try was used."));
	return ui_fail_rc(job->ui, rc, MSG("Cannot use the {what}: {why}", P_WORD("what", what)));
}

bool pin_wants_puk(enum ecert_rc rc, int tries)
{
	return rc == ECERT_E_PIN_BLOCKED || rc == ECERT_E_PIN_LAST_TRY ||
	       (rc == ECERT_E_PIN_WRONG && tries == 0);
}

enum outcome pin_told_puk(const struct job *job, enum ecert_rc rc, int tries, int puk_tries)
{
	const char *what = MSG_ID("PIN");

	if (puk_tries != 0 || !pin_wants_puk(rc, tries))
		return pin_told(job, rc, what, tries);
	if (rc != ECERT_E_PIN_LAST_TRY)
		return ui_fail(job->ui, OUT_PIN, "pin-blocked",
		    MSG("The {what} is blocked", P_WORD("what", what)),
		    MSG("The PUK is blocked, too: only `ecert token reset` is left, which deletes "
			"the keys."));
	return ui_fail(job->ui, OUT_PIN, "pin-last-try",
	    MSG("Only one try of the {what} is left, so nothing was sent to the token",
		P_WORD("what", what)),
	    MSG("If you are sure of the PIN add --allow-last-try; the PUK, which could set a new "
		"one, is blocked."));
}

enum outcome pin_failed(const struct job *job, enum ecert_rc rc, const char *what, const int *tries)
{
	return pin_told(job, rc, what, *tries);
}
