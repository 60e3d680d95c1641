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

enum cli_exit secret_check(const struct cli *c, const char *what, const struct pin *pin)
{
	if (pin->n < CARD_PIN_MIN || pin->n > CARD_PIN_MAX)
		return cli_fail(c, CLI_REFUSED, "Nothing was changed; choose another one.",
		    "A %s has %d to %d characters", what, CARD_PIN_MIN, CARD_PIN_MAX);
	for (size_t i = 0; i < pin->n; i++)
		if (!isgraph((unsigned char)pin->text[i]))
			return cli_fail(c, CLI_REFUSED,
			    "Nothing was changed; digits work everywhere.",
			    "A %s has no spaces and no special characters", what);
	if (is_known(pin))
		return cli_fail(c, CLI_REFUSED, "Nothing was changed; choose another one.",
		    "This %s is one that everybody tries first", what);
	return CLI_OK;
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

enum cli_exit secret_new(
    const struct prov *p, const char *what, const char *source, const char *option, struct pin *out)
{
	char title[96], prompt[32];
	struct pin_ask ask = {.title = title, .prompt = prompt, .twice = true};
	enum cli_exit code;

	snprintf(title, sizeof title, "Token %s: choose a new %s of %d to %d digits", p->info.label,
	    what, CARD_PIN_MIN, CARD_PIN_MAX);
	snprintf(prompt, sizeof prompt, "new %s", what);
	code = prov_secret(p->c, source, option, &ask, out);
	if (!code)
		code = secret_check(p->c, what, out);
	if (code)
		pin_free(out);
	return code;
}

enum cli_exit secret_old(
    const struct prov *p, const char *what, const char *source, const char *option, struct pin *out)
{
	char title[96];
	struct pin_ask ask = {.title = title, .prompt = what};

	snprintf(title, sizeof title, "Token %s", p->info.label);
	return prov_secret(p->c, source, option, &ask, out);
}
