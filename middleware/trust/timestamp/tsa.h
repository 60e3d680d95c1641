/* SPDX-License-Identifier: BSD-2-Clause */
/* Whom to believe a time: a TSA's certificate judged. */
#ifndef ECERT_TRUST_TSA_H
#define ECERT_TRUST_TSA_H

#include "trust/list/set.h"

/*
 * The path of a TSA's certificate, its checks into rep as trust_path_check has them: to the entries
 * for TRUST_TSA when there are some, else to those for TRUST_ECERT_SIGNING. q->at: the time that
 * the token claims.
 */
void trust_tsa_judge(const struct trust_set *s, const struct doc_path_query *q,
    const struct doc_proof *proof, struct report *rep);

/* What their entries are for: TRUST_TSA where there is one, else TRUST_ECERT_SIGNING. */
enum trust_purpose tsa_purpose(const struct trust_set *s);
/* Why a certificate must not sign time stamps (RFC 3161, 2.3: an extendedKeyUsage that is critical
 * and has timeStamping alone); an id; NULL: it may. */
const char *tsa_usage_defect(X509 *x);
/* Why a TSA's chain must not lead through this CA, by its extended key usage: an id with {ca}. */
const char *tsa_ca_defect(X509 *ca);

#endif
