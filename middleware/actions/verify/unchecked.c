/* SPDX-License-Identifier: BSD-2-Clause */
/* Valid, as far as anybody looked: what a person has to know beside that word. */
#include "actions/verify/verify.h"

static bool skipped(const struct report *rep)
{
	const struct check *c = report_get(rep, CHK_REVOCATION);

	return c && c->state == CHECK_SKIPPED;
}

bool verified_unchecked(const struct verified *r)
{
	const struct doc_signature *s;
	bool unchecked = false;

	if (r->unread || r->verdict != VERDICT_PASSED)
		return false;
	if (r->kind == VERIFY_RENEWAL && r->renewal)
		return skipped(&r->renewal->report);
	if (r->kind == VERIFY_COUNTERPARTY && r->counterparty)
		return skipped(&r->counterparty->report);
	if (r->kind == VERIFY_SIGNATURE && r->signature)
		for (size_t i = 0; (s = doc_asked(r->signature, i)); i++)
			unchecked = unchecked || skipped(&s->report);
	return unchecked;
}
