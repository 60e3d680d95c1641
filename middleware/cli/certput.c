/* SPDX-License-Identifier: BSD-2-Clause */
/* A certificate onto the token, and why the token does not take it. */
#include "cli/certput.h"

#include <time.h>

#include "cli/expiry.h"
#include "cli/slot.h"
#include "document/identity.h"
#include "trust/path/check.h"

static enum cli_exit too_large(struct prov *p, size_t n)
{
	static const char next[] = "Use a token with more room, or ask the CA for a smaller one.";

	if (p->info.fixed_size)
		return cli_fail(p->c, CLI_CARD, next,
		    "The token has no room for a certificate of %zu bytes: an object of this one "
		    "keeps "
		    "the size that it was made with; what was there before still is",
		    n);
	if (p->info.object_max)
		return cli_fail(p->c, CLI_CARD, next,
		    "The token has no room for a certificate of %zu bytes: this one takes about "
		    "%u; "
		    "what was there before still is",
		    n, p->info.object_max);
	return cli_fail(p->c, CLI_CARD, next,
	    "The token has no room for a certificate of %zu bytes; what was there before still is",
	    n);
}

enum cli_exit cert_put(struct prov *p, uint8_t ref, struct rd der)
{
	enum ecert_rc rc = token_cert_put(&p->at, ref, der);

	if (rc == ECERT_E_CARD_FULL)
		return too_large(p, der.n);
	return cli_fail_rc(p->c, rc, "write the certificate of slot %s", slot_name(ref));
}

void cert_tell_use(const struct cli *c, struct rd der)
{
	char reason[256], ends[EXPIRY_TEXT];
	struct identity who;
	time_t now = time(NULL);

	if (!trust_may_sign(der, now, reason, sizeof reason))
		cli_note(c, "It signs no documents: %s.", reason);
	else if (!identity_read(der, &who) && expiry_near(who.not_after, now, ends))
		cli_note(c, "Its certificate %s: ask your CA for a new one now.", ends);
}
