/* SPDX-License-Identifier: BSD-2-Clause */
/* The PIN given to a PKCS#11 module: tries first, asked again on a terminal, never the last one
 * without consent. */
#include <openssl/err.h>
#include <openssl/ui.h>
#include <stdio.h>
#include <string.h>

#include "cli/p11.h"
#include "cli/prov.h"

/* The flags as they are now; libp11's are from when the slots were listed. */
static CK_FLAGS token_flags(const struct p11 *p)
{
	CK_TOKEN_INFO info = {.flags = 0};

	if (p->fn->C_GetTokenInfo(PKCS11_get_slotid_from_slot(p->slot), &info) != CKR_OK)
		return 0;
	return info.flags;
}

/* PKCS#11 tells "low" and "final" only; the card layer reads the count itself. */
int p11_pin_tries(const struct p11 *p)
{
	CK_FLAGS flags = token_flags(p);
	struct prov prov;
	int tries = -1;

	if (flags & CKF_USER_PIN_LOCKED)
		return 0;
	if (flags & CKF_USER_PIN_FINAL_TRY)
		return 1;
	if (!prov_open_reader(p->c, p->slot->description, &prov)) {
		tries = prov.info.pin_tries;
		prov_close(&prov);
	}
	return tries;
}

static enum cli_exit may_try(const struct p11 *p)
{
	int tries = p11_pin_tries(p);

	if (!tries)
		return prov_pin_failed(p->c, ECERT_E_PIN_BLOCKED, "PIN", 0);
	if (tries == 1 && !p->c->allow_last_try)
		return prov_pin_failed(p->c, ECERT_E_PIN_LAST_TRY, "PIN", 1);
	return CLI_OK;
}

static enum cli_exit keypad(struct p11 *p)
{
	cli_note(p->c, "Enter the PIN on the keypad of the reader.");
	ERR_clear_error();
	if (PKCS11_login(p->slot, 0, NULL))
		return prov_pin_failed(p->c, p11_error(), "PIN", p11_pin_tries(p));
	return CLI_OK;
}

static enum ecert_rc try_once(struct p11 *p)
{
	ERR_clear_error();
	return PKCS11_login(p->slot, 0, p->pin.text) ? p11_error() : ECERT_OK;
}

static enum cli_exit ask_and_try(
    struct p11 *p, const char *reason, const char *error, enum ecert_rc *rc)
{
	char title[96];
	struct pin_ask ask = {.title = title, .reason = reason, .prompt = "PIN", .error = error};
	enum cli_exit code;

	snprintf(title, sizeof title, "Token %s", cli_clean(p->slot->token->label));
	code = prov_secret(p->c, p->c->pin_source, "--pin-source", &ask, &p->pin);
	*rc = code ? ECERT_OK : try_once(p);
	return code;
}

enum cli_exit p11_login(struct p11 *p, const char *reason)
{
	struct pin_source src;
	char error[64] = "";
	enum ecert_rc rc;
	enum cli_exit code;
	int tries;
	bool again;

	if (pin_source_parse(p->c->pin_source, &src))
		return cli_fail_rc(p->c, ECERT_E_ARG, "get the PIN");
	if (p->slot->token->secureLogin && !p->c->pin_source)
		return keypad(p);
	do {
		code = may_try(p);
		if (!code)
			code = ask_and_try(p, reason, error[0] ? error : NULL, &rc);
		if (code || !rc)
			return code;
		tries = rc == ECERT_E_PIN_WRONG ? p11_pin_tries(p) : -1;
		again = rc == ECERT_E_PIN_WRONG && tries > 1 &&
			(src.kind == PIN_PROMPT || src.kind == PIN_PINENTRY);
		if (again) {
			pin_free(&p->pin);
			snprintf(
			    error, sizeof error, "The PIN is wrong; %d tries are left.", tries);
		}
	} while (again);
	return prov_pin_failed(p->c, rc, "PIN", tries);
}
