/* SPDX-License-Identifier: BSD-2-Clause */
/* One token: what it is, the tries of its PIN, its certificates. */
#ifndef ECERT_ACTIONS_TOKEN_INFO_H
#define ECERT_ACTIONS_TOKEN_INFO_H

#include "actions/token/row.h"
#include "client/expiry.h"
#include "document/identity.h"
#include "ui/job.h"

/* What our own card layer knows. */
struct token_card {
	char serial[40];
	int pin_tries, puk_tries;    /* -1: nothing tells */
	bool factory, factory_known; /* a PIN or key is still the factory's */
	bool is_virtual, attestation, metadata, pinpad;
};

struct token_cert {
	char id[65]; /* CKA_ID in hexadecimal */
	struct identity who;
	bool ends_soon; /* an end user's; ends says when */
	struct expiry ends;
};

struct token_facts {
	char module[4096]; /* that shows it */
	struct token_row token;
	bool has_card; /* else it is another maker's, whose card we do not know */
	struct token_card card;
	struct token_cert *cert;
	size_t n;
	const char *next; /* what to do when it has no certificate: an id */
};

/* Reports its errors; token_facts_free in any case. */
enum outcome token_look(const struct job *job, struct token_facts *out) MUST_CHECK;
void token_facts_free(struct token_facts *facts);

#endif
