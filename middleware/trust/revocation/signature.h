/* SPDX-License-Identifier: BSD-2-Clause */
/* Signatures on answers about revocation. */
#ifndef ECERT_TRUST_SIGNATURE_H
#define ECERT_TRUST_SIGNATURE_H

#include <openssl/x509.h>
#include <stdbool.h>

#include "document/algorithms.h"
#include "util/rd.h"

/* Why a signature by this algorithm and key decides nothing, however right it is: one that is too
 * old by the rules, or a way of signing that is not read. NULL when it may. */
const char *signature_weakness(
    const X509_ALGOR *alg, EVP_PKEY *key, const struct algorithm_rules *rules);

/* alg: DER AlgorithmIdentifier. The mathematics alone, whatever signature_weakness says. */
bool signature_verifies(struct rd alg, struct rd bytes, struct rd sig, EVP_PKEY *key);
/* signature_weakness of a DER AlgorithmIdentifier. */
const char *signature_weakness_der(
    struct rd alg, EVP_PKEY *key, const struct algorithm_rules *rules);

#endif
