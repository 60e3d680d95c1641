/* SPDX-License-Identifier: BSD-2-Clause */
/* Step 6 of the counterparty token: what is known about where the key lives. */
#ifndef ECERT_TRUST_EVIDENCE_H
#define ECERT_TRUST_EVIDENCE_H

#include "document/jose/jws.h"
#include "trust/counterparty/counterparty.h"

/* Checks "attestation chain", "attestation statement", "attested key", "PIN policy" and "evidence
 * level"; sets level, level_reason and attestation in r. entry: the trust entry that accepted the
 * e-Cert, or NULL; by_leaf: the token's signature is by the e-Cert's key, without which whoever
 * copied certificates and statements proves nothing. */
void evidence_check(const struct jws *j, const struct counterparty_expect *e,
    const struct trust_entry *entry, bool by_leaf, struct counterparty_result *r);

#endif
