/* SPDX-License-Identifier: BSD-2-Clause */
/* Who presents a token: the certificate in x5c, its path, and the token's signature by it. */
#ifndef ECERT_TRUST_PRESENTER_H
#define ECERT_TRUST_PRESENTER_H

#include "document/identity.h"
#include "document/jose/jws.h"
#include "trust/path/path_priv.h"

struct presenter {
	struct identity who;
	struct report path; /* of which "revocation" is still to be moved to the report */
	const struct trust_entry *entry; /* that accepted it; NULL: none */
	bool signature_ok;
};

/* Adds the checks "chain", "validity", "key usage", "policy" and "signature" to rep. j has x5c. at:
 * when the token says that it was made; ocsp: a DER OCSPResponse about the certificate, may be
 * empty. */
void presenter_check(struct presenter *p, const struct jws *j, const struct trust_set *s, time_t at,
    time_t now, struct rd ocsp, struct report *rep);

#endif
