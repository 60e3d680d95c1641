/* SPDX-License-Identifier: BSD-2-Clause */
/* New PINs and PUKs: asked for, made by chance, and refused when they are a factory's. */
#include "cli/secret.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "card/card.h"
#include "crypto/random.h"

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
	const char *before, *after, *hint; /* a sentence around "PIN" or "PUK" */
};
static const struct flaw lengths = {"A ", " has 6 to 8 characters", "choose another one."},
			 odd = {"A ", " has no spaces and no special characters",
			     "digits work everywhere."},
			 common = {"This ", " is one that everybody tries first",
			     "choose another one."},
			 same = {"The ", " is the same as the other: PIN and PUK have to differ",
			     "choose different ones."};
_Static_assert(CARD_PIN_MIN == 6 && CARD_PIN_MAX == 8, "as the sentence says");

static const struct flaw *flaw_of(const struct pin *pin, const struct pin *other)
{
	if (pin->n < CARD_PIN_MIN || pin->n > CARD_PIN_MAX)
		return &lengths;
	for (size_t i = 0; i < pin->n; i++)
		if (!isgraph((unsigned char)pin->text[i]))
			return &odd;
	if (is_known(pin))
		return &common;
	return other && rd_equal(pin_view(pin), pin_view(other)) ? &same : NULL;
}

enum cli_exit secret_check(
    const struct cli *c, const char *what, const struct pin *pin, const struct pin *other)
{
	const struct flaw *f = flaw_of(pin, other);
	char hint[96];

	if (!f)
		return CLI_OK;
	snprintf(hint, sizeof hint, "Nothing was changed; %s", f->hint);
	return cli_fail(c, CLI_REFUSED, hint, "%s%s%s", f->before, what, f->after);
}

/* For whoever is asked: what is short of a rule is asked anew. */
static const char *told_flaw(const struct pin *pin, const struct pin_ask *ask)
{
	static char sentence[96];
	const struct flaw *f = flaw_of(pin, ask->other);

	if (!f)
		return NULL;
	snprintf(sentence, sizeof sentence, "%s%s%s.", f->before,
	    ask->want == PIN_WANT_PUK ? "PUK" : "PIN", f->after);
	return sentence;
}
static enum pin_want want_of(const char *what)
{
	return !strcmp(what, "PUK") ? PIN_WANT_PUK : PIN_WANT_PIN;
}

enum ecert_rc secret_digits(struct pin *out, size_t digits)
{
	enum ecert_rc rc = pin_new(out);
	uint8_t byte;

	while (!rc && out->n < digits) {
		rc = random_bytes(&byte, 1);
		if (!rc && byte < 250) /* 250 = 25 * 10: every digit is as likely */
			out->text[out->n++] = (char)('0' + byte % 10);
		if (!rc && out->n == digits && is_known(out))
			out->n = 0; /* chance may hit what everybody tries first */
	}
	if (rc)
		pin_free(out);
	return rc;
}

enum cli_exit secret_new(const struct prov *p, const char *what, const char *source,
    const char *option, const struct pin *other, struct pin *out)
{
	char title[128], prompt[32];
	struct pin_ask ask = {.title = title,
	    .prompt = prompt,
	    .twice = true,
	    .want = want_of(what),
	    .serial = p->info.serial_full,
	    .flaw = told_flaw,
	    .other = other};
	enum cli_exit code;

	snprintf(title, sizeof title,
	    "Token %s: choose a new %s of %d to %d digits, not one that everybody tries first",
	    p->info.label, what, CARD_PIN_MIN, CARD_PIN_MAX);
	snprintf(prompt, sizeof prompt, "new %s", what);
	code = prov_secret(p->c, source, option, &ask, out);
	if (!code)
		code = secret_check(p->c, what, out, other);
	if (code)
		pin_free(out);
	return code;
}

enum cli_exit secret_old(
    const struct prov *p, const char *what, const char *source, const char *option, struct pin *out)
{
	char title[96];
	struct pin_ask ask = {
	    .title = title, .prompt = what, .want = want_of(what), .serial = p->info.serial_full};

	snprintf(title, sizeof title, "Token %s", p->info.label);
	return prov_secret(p->c, source, option, &ask, out);
}

enum cli_exit secret_mgm(const struct cli *c, const char *source, const char *title,
    const char *serial, struct mgm_key *out)
{
	struct pin_ask ask = {
	    .title = title, .prompt = "management key", .want = PIN_WANT_MGM, .serial = serial};
	struct pin text;
	enum cli_exit code = prov_secret(c, source, "--management-key-source", &ask, &text);

	*out = (struct mgm_key){.n = 0};
	if (code)
		return code;
	if (mgm_key_parse(pin_view(&text), out))
		code = cli_fail(c, CLI_PIN, "It has 32, 48 or 64 hexadecimal digits.",
		    "This is not a management key");
	out->shrink = text.from_escrow;
	pin_free(&text);
	return code;
}
