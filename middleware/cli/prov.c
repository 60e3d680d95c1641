/* SPDX-License-Identifier: BSD-2-Clause */
/* Opening a token by our own card layer, and the secrets it wants. */
#include "cli/prov.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/escrow.h"
#include "cli/p11.h"
#include "cli/pick.h"
#include "cli/secret.h"

const char *prov_reader(const struct cli *c)
{
	return c->reader ? c->reader : secure_getenv("ECERT_READER");
}

enum ecert_rc prov_tokens(const struct cli *c, struct tokens **out)
{
	const char *daemon = secure_getenv("ECERT_DAEMON");
	struct tokens_config cfg = {.reader = prov_reader(c),
	    .daemon = daemon && !strcmp(daemon, "never") ? DAEMON_NEVER : DAEMON_AUTO};

	return tokens_open(&cfg, out);
}

static enum ecert_rc open_tokens(const struct cli *c, struct prov *out)
{
	*out = (struct prov){.c = c};
	return prov_tokens(c, &out->tokens);
}

void prov_close(struct prov *p)
{
	tokens_close(&p->tokens);
	*p = (struct prov){0};
}

/* The slots that hold a token we know, with what it says of itself; only the one of this reader
 * unless that is NULL. *last: why the last was left out. */
static size_t survey(struct prov *p, const char *reader, struct token_slot *slots,
    struct token_info *infos, size_t cap, enum ecert_rc *last)
{
	struct token_slot all[TOKEN_SLOTS_MAX];
	size_t n = 0, found = 0;

	*last = tokens_slots(p->tokens, true, all, TOKEN_SLOTS_MAX, &n);
	for (size_t i = 0; !*last && i < n && found < cap; i++) {
		struct token_at at = {p->tokens, all[i].id, 0};
		enum ecert_rc rc;

		if (!all[i].present || (reader && strncmp(all[i].reader, reader, 64)))
			continue;
		rc = token_info(&at, &infos[found]);
		if (rc)
			*last = rc;
		else
			slots[found++] = all[i];
	}
	return found;
}

size_t prov_present(struct prov *p, struct token_slot *slots, struct token_info *infos, size_t cap)
{
	enum ecert_rc last;

	return open_tokens(p->c, p) ? 0 : survey(p, NULL, slots, infos, cap, &last);
}

void prov_take(struct prov *p, const struct token_slot *slot, const struct token_info *info)
{
	p->slot = *slot;
	p->info = *info;
	p->at = (struct token_at){p->tokens, slot->id, info->generation};
}

static enum cli_exit choose(struct prov *p)
{
	struct token_slot slots[PICK_MAX];
	struct token_info infos[PICK_MAX];
	struct candidate list[PICK_MAX];
	enum ecert_rc last;
	size_t chosen, n = survey(p, NULL, slots, infos, PICK_MAX, &last);
	enum cli_exit code;

	if (!n && last && last != ECERT_E_UNRECOGNISED && last != ECERT_E_NO_SERVICE)
		return ui_fail_rc(p->c->ui, last, MSG("Cannot read the token: {why}"));
	if (!n && p11_foreign(p->c))
		return ui_fail(p->c->ui, CLI_NO_TOKEN, "piv-only",
		    MSG("This command is for PIV tokens, and there is none; it does not go through "
			"--module"),
		    MSG("Do it with the program of the token's maker; sign, attest, `cert "
			"request`, "
			"`cert "
			"list`, `key list` and `token info` go through its module."));
	if (!n)
		return pick_explain_none(p->c, "ecert");
	for (size_t i = 0; i < n; i++) {
		cli_copy(list[i].label, sizeof list[i].label, infos[i].label);
		cli_copy(list[i].serial, sizeof list[i].serial, infos[i].serial_full);
		cli_copy(list[i].where, sizeof list[i].where, slots[i].reader);
		list[i].slot_id = (long)slots[i].id;
	}
	code = pick_token(p->c, list, n, &chosen);
	if (!code)
		prov_take(p, &slots[chosen], &infos[chosen]);
	return code;
}

enum cli_exit prov_open(const struct cli *c, struct prov *out)
{
	enum cli_exit code = ui_fail_rc(
	    c->ui, open_tokens(c, out), MSG("Cannot reach the tokens: {why}"));

	if (!code)
		code = choose(out);
	if (code)
		prov_close(out);
	return code;
}

enum ecert_rc prov_open_reader(const struct cli *c, const char *reader, struct prov *out)
{
	struct token_slot slot;
	struct token_info info;
	enum ecert_rc last, rc = open_tokens(c, out);

	if (!rc && survey(out, reader, &slot, &info, 1, &last)) {
		prov_take(out, &slot, &info);
		return ECERT_OK;
	}
	prov_close(out);
	return rc ? rc : ECERT_E_NOT_FOUND;
}

static enum cli_exit secret_failed(const struct cli *c, enum ecert_rc rc,
    const struct pin_source *src, const char *option, const char *what)
{
	switch (rc) {
	case ECERT_E_NOT_FOUND:
		return ui_fail(c->ui, CLI_USAGE, "secret-not-found",
		    MSG("The environment has no variable {arg} for the {what}",
			P_TEXT("arg", src->arg), P_TEXT("what", what)),
		    MSG("Set it, or choose another source."));
	case ECERT_E_IO:
		return ui_fail(c->ui, CLI_IO, "secret-unreadable",
		    MSG("Cannot read the {what} from {arg}", P_TEXT("what", what),
			P_TEXT("arg", src->arg)),
		    MSG("Check the path and its permissions."));
	case ECERT_E_TOO_LARGE:
		return ui_fail(c->ui, CLI_PIN, "secret-too-long",
		    MSG("The {what} is too long", P_TEXT("what", what)),
		    MSG("Nothing was sent to the token; check where it comes from."));
	case ECERT_E_MALFORMED:
		return ui_fail(c->ui, CLI_PIN, "secret-malformed",
		    MSG("The {what} has a zero byte in it", P_TEXT("what", what)),
		    MSG("Nothing was sent to the token; check that it is the right file."));
	case ECERT_E_UNSUPPORTED:
		return ui_fail(c->ui, CLI_PIN, "nobody-to-ask",
		    MSG(src->kind == PIN_PINENTRY
			    ? MSG_ID(
				  "There is no pinentry program to ask for the {what} ({option})")
			    : MSG_ID("There is no terminal to ask for the {what} ({option})"),
			P_TEXT("what", what), P_TEXT("option", option)),
		    MSG(src->kind == PIN_PINENTRY
			    ? MSG_ID("Install one (for instance pinentry-curses), or choose "
				     "another source.")
			    : MSG_ID("Say where it comes from: env:NAME, file:PATH or pinentry.")));
	case ECERT_E_KEY_TYPE:
		return ui_fail(c->ui, CLI_PIN, "escrow-without-secret",
		    MSG("The escrow file {arg} does not hold the {what}", P_TEXT("arg", src->arg),
			P_TEXT("what", what)),
		    MSG("An escrow holds PIN and PUK only when `ecert token init --generate` made "
			"them."));
	case ECERT_E_DENIED:
		return ui_fail(c->ui, CLI_PIN, "escrow-of-other-token",
		    MSG("The escrow file {arg} is of another token", P_TEXT("arg", src->arg)),
		    MSG("Nothing was sent to the token; name the escrow file of this one."));
	case ECERT_E_UNRECOGNISED:
		return ui_fail(c->ui, CLI_PIN, "escrow-damaged",
		    MSG("The escrow file {arg} is cut short, damaged, or of another version",
			P_TEXT("arg", src->arg)),
		    MSG("Nothing was sent to the token; use a whole copy of what `ecert token "
			"init` "
			"wrote."));
	case ECERT_E_PIN_FORMAT:
		return ui_fail(c->ui, CLI_PIN, "file-empty",
		    MSG("The {what} is empty", P_TEXT("what", what)),
		    MSG("Nothing was sent to the token."));
	case ECERT_E_DATA:
		return ui_fail(c->ui, CLI_PIN, "secret-entries-differ",
		    MSG("The two entries of the {what} differ", P_TEXT("what", what)),
		    MSG("Try again."));
	default:
		return ui_fail_rc(
		    c->ui, rc, MSG("Cannot get the {what}: {why}", P_TEXT("what", what)));
	}
}

enum cli_exit prov_secret(const struct cli *c, const char *source, const char *option,
    const struct pin_ask *ask, struct pin *out)
{
	struct pin_source src;
	enum ecert_rc rc;

	*out = (struct pin){0};
	if (pin_source_parse(source, &src))
		return ui_fail(c->ui, CLI_USAGE, "secret-source-malformed",
		    MSG("{option} takes prompt, pinentry, env:NAME or file:PATH",
			P_TEXT("option", option)),
		    MSG("A secret itself never goes on the command line, where other programs can "
			"read "
			"it."));
	rc = pin_get(c->ui, &src, ask, out);
	return rc ? secret_failed(c, rc, &src, option, ask->prompt) : CLI_OK;
}

enum cli_exit prov_pin_told(const struct cli *c, enum ecert_rc rc, const char *what, int tries)
{
	bool puk = !strcmp(what, "PUK");

	if (!rc)
		return CLI_OK;
	if (rc == ECERT_E_PIN_WRONG && tries > 0)
		return ui_fail(c->ui, CLI_PIN, "pin-wrong",
		    MSG(tries == 1 ? MSG_ID("The {what} is wrong; only {tries} try is left")
				   : MSG_ID("The {what} is wrong; {tries} tries are left"),
			P_TEXT("what", what), P_NUMBER("tries", tries)),
		    MSG("Check it before you try again."));
	if (rc == ECERT_E_PIN_WRONG && tries < 0)
		return ui_fail(c->ui, CLI_PIN, "pin-wrong",
		    MSG("The {what} is wrong", P_TEXT("what", what)),
		    MSG(p11_foreign(c)
			    ? MSG_ID("Check it before you try again: its tries are limited.")
			    : hint_of_rc(rc)));
	if (rc == ECERT_E_PIN_BLOCKED || rc == ECERT_E_PIN_WRONG)
		return ui_fail(c->ui, CLI_PIN, "pin-blocked",
		    MSG("The {what} is blocked", P_TEXT("what", what)),
		    MSG(puk ? MSG_ID(
				  "With its PIN the token works on. Once the PIN is blocked, too, "
				  "only `ecert token reset` is left, which deletes the keys.")
			    : hint_of_rc(ECERT_E_PIN_BLOCKED)));
	if (rc == ECERT_E_PIN_LAST_TRY)
		return ui_fail(c->ui, CLI_PIN, "pin-last-try",
		    MSG("Only one try of the {what} is left, so nothing was sent to the token",
			P_TEXT("what", what)),
		    MSG(next_of_rc(rc)));
	if (rc == ECERT_E_PIN_FORMAT)
		return ui_fail(c->ui, CLI_PIN, "pin-format",
		    MSG("A {what} has 6 to 8 characters, usually digits only",
			P_TEXT("what", what)),
		    MSG("No try was used."));
	return ui_fail_rc(c->ui, rc, MSG("Cannot use the {what}: {why}", P_TEXT("what", what)));
}

enum cli_exit prov_pin_failed(
    const struct cli *c, enum ecert_rc rc, const char *what, const int *tries)
{
	return prov_pin_told(c, rc, what, *tries);
}

enum cli_exit prov_login_mgm(struct prov *p, const char *source)
{
	struct mgm_key key = {0};
	bool done = false;
	enum ecert_rc rc;
	enum cli_exit code = source ? CLI_OK : prov_login_protected(p, &done);

	if (code || done)
		return code;
	code = secret_mgm(p->c, source,
	    MSG("Token {token}, key of the administrator (hexadecimal)",
		P_TEXT("token", p->info.label)),
	    p->info.serial_full, &key);
	if (code)
		return code;
	rc = mgm_login(&p->at, &key);
	mgm_key_wipe(&key);
	if (rc == ECERT_E_PIN_WRONG)
		return ui_fail(p->c->ui, CLI_PIN, "management-key-wrong",
		    MSG("The management key is wrong"),
		    MSG("Use the escrow file that `ecert token init` wrote for this token."));
	return ui_fail_rc(p->c->ui, rc, MSG("Cannot log in with the management key: {why}"));
}
