/* SPDX-License-Identifier: BSD-2-Clause */
/* The PIN given to a PKCS#11 module: tries first, asked again on a terminal, never the last one
 * without consent. */
#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

#include "client/p11.h"
#include "client/asking.h"
#include "client/look.h"
#include "ecert/cryptoki.h"
#include "ecert/piv_const.h"
#include "ecert/vendor.h"

/* As the token is now; libp11's is from when the slots were listed. Zeroes when it is gone. */
static CK_TOKEN_INFO token_now(const struct p11 *p)
{
	CK_TOKEN_INFO info = {.flags = 0};

	if (p->fn->C_GetTokenInfo(PKCS11_get_slotid_from_slot(p->slot), &info) != CKR_OK)
		return (CK_TOKEN_INFO){.flags = 0};
	return info;
}

/* PKCS#11 tells "low" and "final" only; the card layer reads the count itself. */
int p11_pin_tries(const struct p11 *p)
{
	CK_FLAGS flags = token_now(p).flags;
	const struct look *look = p->job->look;

	if (flags & CKF_USER_PIN_LOCKED)
		return 0;
	if (flags & CKF_USER_PIN_FINAL_TRY)
		return 1;
	return look ? look->pin_tries(p->job, p->slot->description) : -1;
}

static enum outcome told(const struct p11 *p, enum ecert_rc rc, int tries)
{
	const struct look *look = pin_wants_puk(rc, tries) ? p->job->look : NULL;

	return pin_told_puk(
	    p->job, rc, tries, look ? look->puk_tries(p->job, p->slot->description) : -1);
}

static enum outcome may_try(struct p11 *p, int *left)
{
	int tries = *left = p11_pin_tries(p);

	p->last_try = tries == 1;
	if (!tries)
		return told(p, ECERT_E_PIN_BLOCKED, 0);
	if (tries == 1 && !p->job->allow_last_try)
		return told(p, ECERT_E_PIN_LAST_TRY, 1);
	return OUT_OK;
}

/* PKCS#11 pads with blanks, libp11 cuts them off. */
static bool same_token(const struct p11 *p, const CK_TOKEN_INFO *now)
{
	const char *chosen = p->slot->token->serialnr;
	size_t n = chosen ? strlen(chosen) : 0, cap = sizeof now->serialNumber;

	if (n > cap || (n && memcmp(now->serialNumber, chosen, n) != 0))
		return false;
	while (n < cap && (now->serialNumber[n] == ' ' || !now->serialNumber[n]))
		n++;
	return n == cap;
}

/*
 * A session of our own, which keeps the login until the module is unloaded: libp11 would keep a
 * copy of the PIN in ordinary memory (slot->prev_pin), and it finds the user logged in as well. It
 * is opened before the PIN is asked for: it ends with the token that was chosen, so that another
 * one that was put in meanwhile gets no PIN.
 */
static CK_RV open_login_session(struct p11 *p)
{
	CK_TOKEN_INFO now;
	CK_RV rv;

	if (p->session)
		return CKR_OK;
	rv = p->fn->C_OpenSession(
	    PKCS11_get_slotid_from_slot(p->slot), CKF_SERIAL_SESSION, NULL, NULL, &p->session);
	if (rv != CKR_OK)
		return rv;
	now = token_now(p);
	return same_token(p, &now) ? CKR_OK : CKR_DEVICE_REMOVED;
}

/* No pin: at the reader's own pad. */
static enum ecert_rc log_in(struct p11 *p, char *pin, size_t n)
{
	CK_RV rv = open_login_session(p);

	if (rv == CKR_OK)
		rv = p->fn->C_Login(p->session, CKU_USER, (CK_UTF8CHAR_PTR)pin, n);
	return rv == CKR_USER_ALREADY_LOGGED_IN ? ECERT_OK : rc_of_ckr(rv);
}

static enum outcome keypad(struct p11 *p)
{
	enum ecert_rc rc;

	ui_note(p->job->ui, MSG("Enter the PIN on the keypad of the reader."));
	rc = log_in(p, NULL, 0);
	return rc != ECERT_OK ? told(p, rc, p11_pin_tries(p)) : OUT_OK;
}

/*
 * Our module sends a PIN with one try left only when it hears of the consent, which C_Login cannot
 * carry; C_Login then finds the user logged in. Other modules know no such thing: CKR_OK, and
 * C_Login does it.
 */
static CK_RV login_with_consent(struct p11 *p)
{
	CK_C_GetInterface get = (CK_C_GetInterface)dlsym(p->library, "C_GetInterface");
	CK_VERSION want = {3, 0};
	CK_UTF8CHAR name[] = "PKCS 11", user[] = ECERT_USERNAME_LAST_TRY;
	CK_INTERFACE *found = NULL;
	const CK_FUNCTION_LIST_3_0 *fn;
	CK_RV rv;

	if (!get || get(name, &want, &found, 0) != CKR_OK || !found)
		return CKR_OK;
	fn = found->pFunctionList;
	rv = open_login_session(p);
	if (rv == CKR_OK)
		rv = fn->C_LoginUser(p->session, CKU_USER, (CK_UTF8CHAR_PTR)p->pin.text, p->pin.n,
		    user, sizeof user - 1);
	return rv == CKR_ARGUMENTS_BAD || rv == CKR_FUNCTION_NOT_SUPPORTED ? CKR_OK : rv;
}

/* Modules call a PIN of an impossible length wrong, although nothing was sent: told apart here. */
static enum ecert_rc try_once(struct p11 *p)
{
	CK_TOKEN_INFO info = token_now(p);
	CK_RV rv;

	if (info.ulMaxPinLen >= ECERT_PIN_MIN && info.ulMinPinLen <= info.ulMaxPinLen &&
	    (p->pin.n < info.ulMinPinLen || p->pin.n > info.ulMaxPinLen))
		return ECERT_E_PIN_FORMAT;
	rv = p->last_try ? login_with_consent(p) : CKR_OK;

	if (rv != CKR_OK)
		return rc_of_ckr(rv);
	return log_in(p, p->pin.text, p->pin.n);
}

static enum outcome ask_and_try(
    struct p11 *p, const struct message *reason, const struct message *error, enum ecert_rc *rc)
{
	struct pin_ask ask = {.title = MSG("Token {token}", P_TEXT("token", p->slot->token->label)),
	    .reason = reason,
	    .prompt = MSG_ID("PIN"),
	    .error = error,
	    .want = PIN_WANT_PIN,
	    .serial = p->slot->token->serialnr};
	enum outcome code;

	code = secret_get(p->job, p->job->pin_source, "--pin-source", &ask, &p->pin);
	*rc = code ? ECERT_OK : try_once(p);
	return code;
}

/* Why it is asked again, or refused before the token compared it. */
static struct message why_not(const struct p11 *p, enum ecert_rc rc, int tries)
{
	CK_TOKEN_INFO info = token_now(p);

	if (rc == ECERT_E_PIN_FORMAT)
		return *MSG("A PIN of this token has {min} to {max} characters, usually digits "
			    "only; no try was used",
		    P_NUMBER("min", info.ulMinPinLen), P_NUMBER("max", info.ulMaxPinLen));
	return *MSG("The PIN is wrong; {n} tries are left", P_NUMBER("n", tries));
}

static enum outcome no_such_form(const struct p11 *p)
{
	CK_TOKEN_INFO info = token_now(p);

	return ui_fail(p->job->ui, OUT_PIN, "pin-format",
	    MSG("A PIN of this token has {min} to {max} characters, usually digits only",
		P_NUMBER("min", info.ulMinPinLen), P_NUMBER("max", info.ulMaxPinLen)),
	    MSG("No try was used."));
}

enum outcome p11_login(struct p11 *p, const struct message *reason)
{
	struct pin_source src;
	struct message error;
	enum ecert_rc rc;
	enum outcome code = secret_source(p->job, p->job->pin_source, "--pin-source", &src);
	int before, tries;
	bool asked, again = false;

	if (code)
		return code;
	if (p->slot->token->secureLogin && !p->job->pin_source)
		return keypad(p);
	asked = src.kind == PIN_PROMPT || src.kind == PIN_PINENTRY;
	rc = rc_of_ckr(open_login_session(p));
	if (rc != ECERT_OK)
		return ui_fail_rc(p->job->ui, rc, MSG("Cannot log in to the token: {why}"));
	do {
		code = may_try(p, &before);
		if (!code)
			code = ask_and_try(p, reason, again ? &error : NULL, &rc);
		if (code || rc == ECERT_OK)
			return code;
		tries = rc == ECERT_E_PIN_WRONG ? p11_pin_tries(p) : -1;
		if (rc == ECERT_E_PIN_WRONG && tries > 0 && tries == before)
			rc = ECERT_E_PIN_FORMAT; /* it cost no try: the token never compared it */
		again = asked &&
			(rc == ECERT_E_PIN_FORMAT || (rc == ECERT_E_PIN_WRONG && tries > 1));
		if (again) {
			pin_free(&p->pin);
			error = why_not(p, rc, tries);
		}
	} while (again);
	return rc == ECERT_E_PIN_FORMAT ? no_such_form(p) : told(p, rc, tries);
}
