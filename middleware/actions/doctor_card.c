/* SPDX-License-Identifier: BSD-2-Clause */
/* The doctor on what is on the card: PIN, factory secrets, certificates. */
#include <stdio.h>

#include "actions/doctor.h"
#include "client/expiry.h"

static bool usable(const struct doctor_card *k)
{
	return k->present && !k->mute && !k->exclusive && !k->rc;
}

static void judge_factory(struct doctor *d, const struct doctor_card *k)
{
	const bool set[] = {k->pin_default, k->puk_default, k->mgm_default};
	static const char *const name[] = {"PIN", "PUK", "management key"};
	char which[64] = "";
	size_t n = 0;

	for (size_t i = 0; i < 3; i++)
		if (set[i])
			n += (size_t)snprintf(
			    which + n, sizeof which - n, "%s%s", n ? ", " : "", name[i]);
	if (n)
		doctor_add(d, "secrets", DOCTOR_PROBLEM,
		    "Set the token up: `ecert token init --escrow FILE`.",
		    "%s still has the factory's %s, which everybody knows", k->label, which);
}

static void judge_tries(struct doctor *d, const struct doctor_card *k)
{
	if (k->pin_tries == 0)
		doctor_add(d, "pin", DOCTOR_PROBLEM,
		    k->puk_tries == 0 ? "The PUK is blocked, too: only `ecert token reset` is "
					"left, which deletes the keys."
				      : "Set a new one with the PUK: `ecert pin unblock`.",
		    "The PIN of %s is blocked", k->label);
	else if (k->pin_tries == 1)
		doctor_add(d, "pin", DOCTOR_WARNING,
		    "Use it only when you are sure of the PIN, else set a new one: `ecert pin "
		    "unblock`.",
		    "Only one try of the PIN of %s is left", k->label);
	else if (k->pin_tries > 1)
		doctor_add(d, "pin", DOCTOR_FINE, "", "%d tries of the PIN of %s are left",
		    k->pin_tries, k->label);
	if (k->puk_tries == 0 && k->pin_tries != 0)
		doctor_add(d, "pin", DOCTOR_WARNING,
		    "Be careful with the PIN: once it is blocked, too, the keys are lost.",
		    "The PUK of %s is blocked", k->label);
}

void doctor_check_secrets(struct doctor *d)
{
	for (size_t i = 0; i < d->cards; i++) {
		if (!usable(&d->card[i]))
			continue;
		judge_factory(d, &d->card[i]);
		judge_tries(d, &d->card[i]);
	}
}

/* Where the new one comes from: a CA that made the key (as for a .p12 file) makes the next one,
 * too, and answers no request; a key of the token's own is certified again by one. */
static const char *renewal(const struct doctor_cert *cert)
{
	return cert->imported
		   ? "Its key came from a file: ask your CA for a new .p12 file, then `ecert key "
		     "import FILE.p12 --force`; or make a key on the token, which needs no file: "
		     "`ecert key generate`, `ecert cert request`."
		   : "Ask your CA for a new one: `ecert cert request`, then `ecert cert import`.";
}

static void judge_cert(struct doctor *d, const struct doctor_cert *cert)
{
	const char *check = "certificate";
	char until[32];
	struct expiry ends;
	struct tm tm;

	gmtime_r(&cert->until, &tm);
	strftime(until, sizeof until, "%Y-%m-%d", &tm);
	if (d->now < cert->from)
		doctor_add(d, check, DOCTOR_PROBLEM,
		    "Compare the computer's clock; a new certificate may begin tomorrow.",
		    "The certificate of %s (%s) is not valid yet", cert->name, cert->id);
	else if (expiry_near(cert->until, d->now, &ends)) {
		char *words = message_string(&ends.m, NULL);

		doctor_add(d, check, d->now >= cert->until ? DOCTOR_PROBLEM : DOCTOR_WARNING,
		    renewal(cert), "The certificate of %s (%s) %s", cert->name, cert->id, words);
		message_free(words);
	} else
		doctor_add(
		    d, check, DOCTOR_FINE, "", "%s (%s), until %s", cert->name, cert->id, until);
}

void doctor_check_certificates(struct doctor *d)
{
	for (size_t i = 0; i < d->cards; i++) {
		const struct doctor_card *k = &d->card[i];

		if (!usable(k))
			continue;
		for (size_t n = 0; n < k->certs; n++)
			judge_cert(d, &k->cert[n]);
		if (!k->certs)
			doctor_add(d, "certificate", DOCTOR_WARNING,
			    "Put your e-Cert on it: `ecert key import FILE.p12`; or make a key, "
			    "ask "
			    "a CA and put on what it answers: `ecert key generate`, `ecert cert "
			    "request`, `ecert cert import`.",
			    "%s holds no certificate", k->label);
	}
}
