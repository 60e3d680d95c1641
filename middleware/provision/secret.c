/* SPDX-License-Identifier: BSD-2-Clause */
/* New PINs and PUKs: asked for, made by chance, and refused when they are a factory's. */
#include "provision/secret.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "client/asking.h"
#include "card/card.h"
#include "crypto/random.h"
#include "provision/cardio.h"

/* What the makers of PIV tokens ship, and what guessers try first. */
static const char *const known[] = {
    "123456", "12345678", "000000", "00000000", "111111", "11111111"};

static bool is_known(const struct pin *pin)
{
	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
		if (!strcmp(pin->text, known[i]))
			return true;
	return false;
}

/* What is wrong with a new one, and what to do. */
struct flaw {
	const char *pin_reason, *puk_reason, *next;
	struct message pin, puk;
};
static const struct flaw lengths = {REASON_ID("pin-format"), REASON_ID("puk-format"),
			     MSG_ID("Nothing was changed; choose another one."),
			     MSG_INIT("A PIN has 6 to 8 characters"),
			     MSG_INIT("A PUK has 6 to 8 characters")},
			 odd = {REASON_ID("pin-characters"), REASON_ID("puk-characters"),
			     MSG_ID("Nothing was changed; digits work everywhere."),
			     MSG_INIT("A PIN has no spaces and no special characters"),
			     MSG_INIT("A PUK has no spaces and no special characters")},
			 common = {REASON_ID("pin-common"), REASON_ID("puk-common"),
			     MSG_ID("Nothing was changed; choose another one."),
			     MSG_INIT("This PIN is one that everybody tries first"),
			     MSG_INIT("This PUK is one that everybody tries first")},
			 same = {REASON_ID("pin-same"), REASON_ID("puk-same"),
			     MSG_ID("Nothing was changed; choose different ones."),
			     MSG_INIT(
				 "The PIN is the same as the other: PIN and PUK have to differ"),
			     MSG_INIT(
				 "The PUK is the same as the other: PIN and PUK have to differ")},
			 unchanged = {REASON_ID("pin-unchanged"), REASON_ID("puk-unchanged"),
			     MSG_ID("Nothing was changed; choose another one."),
			     MSG_INIT("The new PIN is the same as the old one"),
			     MSG_INIT("The new PUK is the same as the old one")};
_Static_assert(CARD_PIN_MIN == 6 && CARD_PIN_MAX == 8, "as the sentence says");

static bool equal(const struct pin *pin, const struct pin *than)
{
	return than && than->n && rd_equal(pin_view(pin), pin_view(than));
}

static const struct flaw *flaw_of(
    const struct pin *pin, const struct pin *other, const struct pin *present)
{
	if (pin->n < CARD_PIN_MIN || pin->n > CARD_PIN_MAX)
		return &lengths;
	for (size_t i = 0; i < pin->n; i++)
		if (!isgraph((unsigned char)pin->text[i]))
			return &odd;
	if (is_known(pin))
		return &common;
	if (equal(pin, other))
		return &same;
	return equal(pin, present) ? &unchanged : NULL;
}

static enum pin_want want_of(const char *what)
{
	return !strcmp(what, "PUK") ? PIN_WANT_PUK : PIN_WANT_PIN;
}

static enum outcome flaw_told(const struct job *job, const char *what, const struct flaw *f)
{
	bool puk = want_of(what) == PIN_WANT_PUK;

	if (!f)
		return OUT_OK;
	return ui_fail(job->ui, OUT_REFUSED, puk ? f->puk_reason : f->pin_reason,
	    puk ? &f->puk : &f->pin, MSG(f->next));
}

enum outcome secret_check(const struct job *job, const char *what, const struct pin *pin,
    const struct pin *other, const struct pin *present)
{
	return flaw_told(job, what, flaw_of(pin, other, present));
}

enum outcome secret_changes(
    const struct job *job, const char *what, const struct pin *pin, const struct pin *present)
{
	return flaw_told(job, what, equal(pin, present) ? &unchanged : NULL);
}

static const struct message *worded(const struct flaw *f, enum pin_want want)
{
	return !f ? NULL : want == PIN_WANT_PUK ? &f->puk : &f->pin;
}

/* For whoever is asked: what is short of a rule is asked anew. */
static const struct message *flaw_worded(const struct pin *pin, const struct pin_ask *ask)
{
	return worded(flaw_of(pin, ask->other, ask->present), ask->want);
}

const struct message *secret_unchanged(const struct pin *pin, const struct pin_ask *ask)
{
	return worded(equal(pin, ask->present) ? &unchanged : NULL, ask->want);
}

enum ecert_rc secret_digits(struct pin *out, size_t digits)
{
	enum ecert_rc rc = pin_new(out);
	uint8_t byte;

	while (rc == ECERT_OK && out->n < digits) {
		rc = random_bytes(&byte, 1);
		if (rc == ECERT_OK && byte < 250) /* 250 = 25 * 10: every digit is as likely */
			out->text[out->n++] = (char)('0' + byte % 10);
		if (rc == ECERT_OK && out->n == digits && is_known(out))
			out->n = 0; /* chance may hit what everybody tries first */
	}
	if (rc != ECERT_OK)
		pin_free(out);
	return rc;
}

enum outcome secret_new(const struct prov *p, const char *what, const char *source,
    const char *option, const struct pin *other, const struct pin *present, struct pin *out)
{
	bool puk = want_of(what) == PIN_WANT_PUK;
	struct pin_ask ask = {.prompt = puk ? MSG_ID("new PUK") : MSG_ID("new PIN"),
	    .title = MSG(puk ? MSG_ID("Token {token}: choose a new PUK of {min} to {max} digits, "
				      "not one that everybody tries first")
			     : MSG_ID("Token {token}: choose a new PIN of {min} to {max} digits, "
				      "not one that everybody tries first"),
		P_TEXT("token", p->info.label), P_NUMBER("min", CARD_PIN_MIN),
		P_NUMBER("max", CARD_PIN_MAX)),
	    .twice = true,
	    .want = want_of(what),
	    .serial = p->info.serial_full,
	    .flaw = flaw_worded,
	    .other = other,
	    .present = present};
	enum outcome code = secret_get(p->job, source, option, &ask, out);

	if (!code)
		code = secret_check(p->job, what, out, other, present);
	if (code)
		pin_free(out);
	return code;
}

enum outcome secret_old(
    const struct prov *p, const char *what, const char *source, const char *option, struct pin *out)
{
	struct pin_ask ask = {.title = MSG("Token {token}", P_TEXT("token", p->info.label)),
	    .prompt = what,
	    .want = want_of(what),
	    .serial = p->info.serial_full};

	return secret_get(p->job, source, option, &ask, out);
}

enum outcome secret_mgm(const struct job *job, const char *source, const struct message *title,
    const char *serial, struct mgm_key *out)
{
	struct pin_ask ask = {.title = title,
	    .prompt = MSG_ID("management key"),
	    .want = PIN_WANT_MGM,
	    .serial = serial};
	struct pin text;
	enum outcome code = secret_get(job, source, "--management-key-source", &ask, &text);

	*out = (struct mgm_key){.n = 0};
	if (code)
		return code;
	if (mgm_key_parse(pin_view(&text), out) != ECERT_OK)
		code = ui_fail(job->ui, OUT_PIN, "management-key-form",
		    MSG("This is not a management key"),
		    MSG("It has 32, 48 or 64 hexadecimal digits."));
	out->shrink = text.from_escrow;
	pin_free(&text);
	return code;
}

enum outcome secret_pin_told(const struct prov *p, enum ecert_rc rc, int tries)
{
	return pin_told_puk(p->job, rc, tries,
	    pin_wants_puk(rc, tries) ? cardio_puk_tries(p->job, p->slot.reader) : -1);
}

enum ecert_rc mgm_login(const struct token_at *at, const struct mgm_key *k)
{
	enum ecert_rc rc = ECERT_E_DATA_LEN;
	int tries;

	for (size_t n = k->n; n > 0; n = mgm_key_shorter(k, n, rc))
		rc = token_login(at, TOKEN_SO, rd_of(k->v, n), 0, &tries);
	return rc == ECERT_E_EXISTS ? ECERT_OK : rc;
}

enum outcome prov_login_user(struct prov *p, bool instead)
{
	unsigned flags = p->job->allow_last_try ? TOKEN_ALLOW_LAST_TRY : 0;
	struct pin pin = {0};
	int tries = -1;
	enum ecert_rc rc;
	enum outcome code = secret_old(p, MSG_ID("PIN"), p->job->pin_source, "--pin-source", &pin);

	if (code)
		return code;
	rc = instead ? token_logout(&p->at) : ECERT_OK;
	if (rc == ECERT_OK)
		rc = token_login(&p->at, TOKEN_USER, pin_view(&pin), flags, &tries);
	pin_free(&pin);
	return secret_pin_told(p, rc, tries);
}
