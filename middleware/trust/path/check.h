/* SPDX-License-Identifier: BSD-2-Clause */
/* Certificates judged: may it sign, does it chain to what is trusted, is it revoked. */
#ifndef ECERT_TRUST_CHECK_H
#define ECERT_TRUST_CHECK_H

#include "trust/list/set.h"

/*
 * May this certificate sign a document now? False, with one plain sentence in reason, for an
 * expired, not yet valid, encipherment-only or CA certificate and for one of a server only.
 * Never an error: what cannot be parsed may not sign.
 */
bool trust_may_sign(struct rd cert, time_t now, struct message_kept *reason);

struct trust_path_result {
	const struct trust_entry *entry; /* that accepted it; NULL: none did */
	X509 *issuer;			 /* of the leaf in the built chain; owned */
	STACK_OF(X509) * chain;		 /* leaf first; owned; NULL: there is none */
	int anchor;			 /* where in it the one is that is trusted */
};
void trust_path_result_free(struct trust_path_result *r);

/*
 * Builds and judges the path of q->leaf for one purpose, without any network access: "chain",
 * "validity", "key usage", "policy", "revocation" into rep. ocsp: a DER OCSPResponse for the leaf,
 * may be empty. out may be NULL.
 */
void trust_path_check(const struct trust_set *s, const struct doc_path_query *q,
    enum trust_purpose purpose, struct rd ocsp, struct report *rep, struct trust_path_result *out);

/* The same with what else the document brings, and what its time stamps prove; proof may be NULL.
 * stamp: the leaf is a TSA's (trust/timestamp/tsa.h). */
void trust_path_judge(const struct trust_set *s, const struct doc_path_query *q,
    const struct doc_proof *proof, enum trust_purpose purpose, bool stamp, struct rd ocsp,
    struct report *rep, struct trust_path_result *out);

#endif
