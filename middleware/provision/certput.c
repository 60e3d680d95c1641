/* SPDX-License-Identifier: BSD-2-Clause */
/* A certificate onto the token, and why the token does not take it. */
#include "provision/certput.h"

#include <time.h>

#include "client/expiry.h"
#include "client/slot.h"
#include "document/identity.h"
#include "trust/path/check.h"

static enum outcome too_large(struct prov *p, size_t n)
{
	static const char next[] = MSG_ID(
	    "Use a token with more room, or ask the CA for a smaller one.");

	if (p->info.fixed_size)
		return ui_fail(p->job->ui, OUT_CARD, "certificate-too-large",
		    MSG("The token has no room for a certificate of {n} bytes: an object of this "
			"one keeps the size that it was made with; what was there before still is",
			P_NUMBER("n", n)),
		    MSG(next));
	if (p->info.object_max)
		return ui_fail(p->job->ui, OUT_CARD, "certificate-too-large",
		    MSG("The token has no room for a certificate of {n} bytes: this one takes "
			"about {max}; what was there before still is",
			P_NUMBER("n", n), P_NUMBER("max", p->info.object_max)),
		    MSG(next));
	return ui_fail(p->job->ui, OUT_CARD, "certificate-too-large",
	    MSG("The token has no room for a certificate of {n} bytes; what was there before still "
		"is",
		P_NUMBER("n", n)),
	    MSG(next));
}

enum outcome cert_put(struct prov *p, uint8_t ref, struct rd der)
{
	enum ecert_rc rc = token_cert_put(&p->at, ref, der);

	if (rc == ECERT_E_CARD_FULL)
		return too_large(p, der.n);
	return ui_fail_rc(p->job->ui, rc,
	    MSG("Cannot write the certificate of slot {slot}: {why}",
		P_TEXT("slot", slot_name(ref))));
}

void cert_tell_use(const struct job *job, struct rd der)
{
	struct message_kept reason;
	struct expiry ends;
	struct identity who;
	time_t now = job_now(job);

	if (!trust_may_sign(der, now, &reason))
		ui_note(job->ui,
		    MSG("It signs no documents: {reason}.", P_MSG("reason", MSG_KEPT(&reason))));
	else if (identity_read(der, &who) == ECERT_OK && expiry_near(who.not_after, now, &ends))
		ui_note(job->ui, MSG("Its certificate {ends}: ask your CA for a new one now.",
				     P_MSG("ends", &ends.m)));
}
