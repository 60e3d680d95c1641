/* SPDX-License-Identifier: BSD-2-Clause */
/* The PIN and the PUK of a token. */
#include "actions/token/pin.h"

#include <openssl/err.h>

#include "client/asking.h"
#include "client/p11.h"
#include "provision/cardio.h"
#include "provision/secret.h"
#include "util/text.h"

/* ---- status ---- */
static enum factory factory(bool known, bool value)
{
	return !known ? FACTORY_UNKNOWN : value ? FACTORY_YES : FACTORY_NO;
}

enum outcome pin_look(const struct job *job, struct pin_status *out)
{
	struct prov p;
	struct card_defaults more;
	enum outcome code = prov_open(job, &p);

	*out = (struct pin_status){.pin_tries = -1, .puk_tries = -1};
	if (code)
		return code;
	cardio_defaults_at(job, p.slot.reader, &more);
	text_copy(out->label, sizeof out->label, p.info.label);
	text_copy(out->serial, sizeof out->serial, p.info.serial_full);
	out->pin_tries = p.info.pin_tries >= 0 ? p.info.pin_tries : more.pin.tries;
	out->puk_tries = more.puk.tries;
	out->verified = more.pin.verified;
	out->pin = factory(more.pin.default_known, more.pin.is_default);
	out->puk = factory(more.puk.default_known, more.puk.is_default);
	out->mgm = factory(more.mgm_known, more.mgm_default);
	prov_close(&p);
	return OUT_OK;
}

/* ---- change ---- */
/* One try left and no consent: told before the person is asked anything. */
static enum outcome refuse_last(const struct job *job, bool puk, const struct prov *p)
{
	int tries = puk ? p->info.puk_tries : p->info.pin_tries;
	enum ecert_rc rc = !tries				? ECERT_E_PIN_BLOCKED
			   : tries == 1 && !job->allow_last_try ? ECERT_E_PIN_LAST_TRY
								: ECERT_OK;

	return puk ? pin_told(job, rc, MSG_ID("PUK"), tries) : secret_pin_told(p, rc, tries);
}

static enum outcome change_card(
    const struct job *job, const struct pin_deed *o, struct pin_result *out)
{
	const char *what = o->change_puk ? MSG_ID("PUK") : MSG_ID("PIN");
	struct pin old = {0}, fresh = {0};
	struct prov p;
	int tries = -1;
	enum ecert_rc rc;
	enum outcome code = prov_open(job, &p);

	if (!code)
		code = refuse_last(job, o->change_puk, &p);
	if (!code)
		code = o->change_puk ? secret_old(&p, what, o->puk, "--puk-source", &old)
				     : secret_old(&p, what, job->pin_source, "--pin-source", &old);
	if (!code)
		code =
		    o->change_puk
			? secret_new(&p, what, o->new_puk, "--new-puk-source", NULL, &old, &fresh)
			: secret_new(&p, what, o->new_pin, "--new-pin-source", NULL, &old, &fresh);
	if (!code) {
		rc = token_change_secret(&p.at, o->change_puk ? SECRET_PUK : SECRET_PIN,
		    pin_view(&old), pin_view(&fresh),
		    job->allow_last_try ? TOKEN_ALLOW_LAST_TRY : 0, &tries);
		code = o->change_puk ? pin_told(job, rc, what, tries)
				     : secret_pin_told(&p, rc, tries);
	}
	if (!code)
		text_copy(out->label, sizeof out->label, p.info.label);
	pin_free(&old);
	pin_free(&fresh);
	prov_close(&p);
	return code;
}

/* A token of another maker, through its module: C_SetPIN. */
static enum outcome change_module(
    const struct job *job, const struct pin_deed *o, struct pin_result *out)
{
	struct pin_ask ask = {.title = MSG("New PIN"),
	    .prompt = MSG_ID("new PIN"),
	    .twice = true,
	    .want = PIN_WANT_PIN,
	    .flaw = secret_unchanged};
	struct pin fresh = {0};
	struct p11 p;
	enum outcome code = p11_begin(job, &p);

	ERR_clear_error();
	if (!code && PKCS11_open_session(p.slot, 1)) /* C_SetPIN wants to write */
		code = ui_fail_rc(
		    job->ui, p11_error(), MSG("Cannot open the token for writing: {why}"));
	if (!code)
		code = p11_login(&p, MSG("to change its PIN"));
	ask.present = &p.pin;
	if (!code)
		code = secret_get(job, o->new_pin, "--new-pin-source", &ask, &fresh);
	if (!code)
		code = secret_changes(job, MSG_ID("PIN"), &fresh, &p.pin);
	ERR_clear_error();
	if (!code && PKCS11_change_pin(p.slot, p.pin.text, fresh.text))
		code = pin_told(job, p11_error(), MSG_ID("new PIN"), -1);
	if (!code)
		text_copy(out->label, sizeof out->label, p.slot->token->label);
	pin_free(&fresh);
	p11_close(&p);
	return code;
}

enum outcome pin_change(const struct job *job, const struct pin_deed *deed, struct pin_result *out)
{
	*out = (struct pin_result){.puk = deed->change_puk};
	if (p11_foreign(job) && !deed->change_puk)
		return change_module(job, deed, out);
	return change_card(job, deed, out);
}

/* ---- unblock ---- */
enum outcome pin_unblock(const struct job *job, const struct pin_deed *o, struct pin_result *out)
{
	struct pin puk = {0}, fresh = {0};
	struct prov p;
	int tries = -1;
	enum outcome code = prov_open(job, &p);

	*out = (struct pin_result){.label = ""};
	if (!code)
		code = refuse_last(job, true, &p);
	if (!code)
		code = secret_old(&p, MSG_ID("PUK"), o->puk, "--puk-source", &puk);
	if (!code)
		code = secret_new(
		    &p, MSG_ID("PIN"), o->new_pin, "--new-pin-source", &puk, NULL, &fresh);
	if (!code)
		code = pin_failed(job,
		    token_unblock(&p.at, pin_view(&puk), pin_view(&fresh),
			job->allow_last_try ? TOKEN_ALLOW_LAST_TRY : 0, &tries),
		    "PUK", &tries);
	if (!code)
		text_copy(out->label, sizeof out->label, p.info.label);
	pin_free(&puk);
	pin_free(&fresh);
	prov_close(&p);
	return code;
}
