/* SPDX-License-Identifier: BSD-2-Clause */
/* The doctor on what is on the card: PIN, factory secrets, certificates. */
#include <stdio.h>

#include "actions/doctor/doctor.h"
#include "client/expiry.h"
#include "util/text.h"

static bool usable(const struct doctor_card *k)
{
	return k->present && !k->mute && !k->exclusive && k->rc == ECERT_OK;
}

static void judge_factory(struct doctor *d, const struct doctor_card *k)
{
	const bool set[] = {k->pin_default, k->puk_default, k->mgm_default};
	static const char *const name[] = {MSG_ID("PIN"), MSG_ID("PUK"), MSG_ID("management key")};
	static const char *const list[] = {
	    MSG_ID("{a}"), MSG_ID("{a}, {b}"), MSG_ID("{a}, {b}, {c}")};
	const char *which[3] = {NULL};
	size_t n = 0;

	for (size_t i = 0; i < 3; i++)
		if (set[i])
			which[n++] = name[i];
	if (n)
		doctor_find(d, MSG_ID("secrets"), DOCTOR_PROBLEM,
		    MSG("Set the token up: `ecert token init --escrow FILE`."),
		    MSG("{label} still has the factory's {which}, which everybody knows",
			P_TEXT("label", k->label),
			P_MSG("which", MSG(list[n - 1], P_WORD("a", which[0]),
					   P_WORD("b", which[1]), P_WORD("c", which[2])))));
}

static void judge_tries(struct doctor *d, const struct doctor_card *k)
{
	if (k->pin_tries == 0)
		doctor_find(d, MSG_ID("pin"), DOCTOR_PROBLEM,
		    MSG(k->puk_tries == 0
			    ? MSG_ID("The PUK is blocked, too: only `ecert token reset` is "
				     "left, which deletes the keys.")
			    : MSG_ID("Set a new one with the PUK: `ecert pin unblock`.")),
		    MSG("The PIN of {label} is blocked", P_TEXT("label", k->label)));
	else if (k->pin_tries == 1)
		doctor_find(d, MSG_ID("pin"), DOCTOR_WARNING,
		    MSG(k->puk_tries == 0
			    ? MSG_ID("Use it only when you are sure of the PIN: the PUK, which "
				     "could set a new one, is blocked.")
			    : MSG_ID("Use it only when you are sure of the PIN, else set a new "
				     "one: `ecert pin unblock`.")),
		    MSG("Only one try of the PIN of {label} is left", P_TEXT("label", k->label)));
	else if (k->pin_tries > 1)
		doctor_find(d, MSG_ID("pin"), DOCTOR_FINE, NULL,
		    MSG("{tries} tries of the PIN of {label} are left",
			P_NUMBER("tries", k->pin_tries), P_TEXT("label", k->label)));
	if (k->puk_tries == 0 && k->pin_tries != 0)
		doctor_find(d, MSG_ID("pin"), DOCTOR_WARNING,
		    MSG("Be careful with the PIN: once it is blocked, too, the keys are lost."),
		    MSG("The PUK of {label} is blocked", P_TEXT("label", k->label)));
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
	return cert->imported ? MSG_ID("Its key came from a file: ask your CA for a new .p12 file, "
				       "then `ecert key "
				       "import FILE.p12 --force`; or make a key on the token, "
				       "which needs no file: "
				       "`ecert key generate`, `ecert cert request`.")
			      : MSG_ID("Ask your CA for a new one: `ecert cert request`, then "
				       "`ecert cert import`.");
}

static void judge_cert(struct doctor *d, const struct doctor_cert *cert)
{
	const char *check = MSG_ID("certificate");
	char until[TEXT_DAY];
	struct expiry ends;

	(void)text_day(cert->until, until);
	if (d->now < cert->from)
		doctor_find(d, check, DOCTOR_PROBLEM,
		    MSG("Compare the computer's clock; a new certificate may begin tomorrow."),
		    MSG("The certificate of {name} ({id}) is not valid yet",
			P_TEXT("name", cert->name), P_TEXT("id", cert->id)));
	else if (expiry_near(cert->until, d->now, &ends)) {
		doctor_find(d, check, d->now >= cert->until ? DOCTOR_PROBLEM : DOCTOR_WARNING,
		    MSG(renewal(cert)),
		    MSG("The certificate of {name} ({id}) {ends}", P_TEXT("name", cert->name),
			P_TEXT("id", cert->id), P_MSG("ends", &ends.m)));
	} else
		doctor_find(d, check, DOCTOR_FINE, NULL,
		    MSG("{name} ({id}), until {until}", P_TEXT("name", cert->name),
			P_TEXT("id", cert->id), P_TEXT("until", until)));
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
			doctor_find(d, MSG_ID("certificate"), DOCTOR_WARNING,
			    MSG("Put your e-Cert on it: `ecert key import FILE.p12`; or make a "
				"key, "
				"ask "
				"a CA and put on what it answers: `ecert key generate`, `ecert "
				"cert "
				"request`, `ecert cert import`."),
			    MSG("{label} holds no certificate", P_TEXT("label", k->label)));
	}
}
