/* SPDX-License-Identifier: BSD-2-Clause */
/* What the relying party gave about revocation, and was of no use. */
#include <stdio.h>

#include "trust/revocation/revocation_priv.h"

/* Of them that are named, and the bytes of a CA's name. */
#define NAMED	2
#define CA_NAME 60

/* Of one thing that the relying party gave: what it is, and why it was of no use. */
struct unused {
	bool ocsp;
	char ca[40 + 1]; /* of a CRL */
	const struct message *why;
};

static const struct message about_another = MSG_INIT("it is about another certificate");
static const struct message not_of_chain = MSG_INIT("it is about no certificate of the chain");

static void tell_unused(const struct unused u[NAMED], size_t count, struct report *rep)
{
	const char *id;

	if (count == 1)
		id = u[0].ocsp ? MSG_ID("the OCSP response given here: {why}")
			       : MSG_ID("the CRL of {ca} given here: {why}");
	else if (u[0].ocsp)
		id = count == 2 ? MSG_ID("the OCSP response given here: {why}; the CRL of {other} "
					 "given here: {other_why}")
				: MSG_ID("the OCSP response given here: {why}; the CRL of {other} "
					 "given here: {other_why}; and {n} more");
	else
		id = count == 2 ? MSG_ID("the CRL of {ca} given here: {why}; the CRL of {other} "
					 "given here: {other_why}")
				: MSG_ID("the CRL of {ca} given here: {why}; the CRL of {other} "
					 "given here: {other_why}; and {n} more");
	report_add(rep, CHK_REVOCATION_NOT_USED, CHECK_SKIPPED,
	    MSG(id, P_TEXT("ca", u[0].ca), P_MSG("why", u[0].why), P_TEXT("other", u[1].ca),
		P_MSG("other_why", u[1].why), P_NUMBER("n", count - NAMED)));
}

void revocation_say_unused(const struct path_job *j, struct report *rep)
{
	struct unused u[NAMED] = {{.ocsp = false}};
	struct message_view at[NAMED];
	size_t count = 0;

	if (buf_len(&j->set->ocsp) && !j->ocsp.used) {
		u[count].ocsp = true;
		u[count++].why = j->ocsp.why.n ? message_again(&j->ocsp.why, &at[0])
					       : &about_another;
	}
	for (size_t i = 0; j->given && i < j->set->crls_n; i++) {
		const struct path_given *g = &j->given[i];
		char name[CA_NAME];

		j->set->crls[i]->of_stamp |= j->stamp && g->used;
		if (g->used || j->set->crls[i]->of_stamp || ++count > NAMED)
			continue;
		path_name_text(j->set->crls[i]->issuer, name, sizeof name);
		(void)snprintf(u[count - 1].ca, sizeof u[0].ca, "%.40s", name);
		u[count - 1].why = g->rank ? message_again(&g->why, &at[count - 1]) : &not_of_chain;
	}
	if (count)
		tell_unused(u, count, rep);
}
