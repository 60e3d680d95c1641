/* SPDX-License-Identifier: BSD-2-Clause */
/* The signature value of a JWS. */
#ifndef ECERT_DOCUMENT_JADES_VALUE_H
#define ECERT_DOCUMENT_JADES_VALUE_H

#include <openssl/x509.h>

#include "document/format.h"

/* Check "signature value": the mathematics first, then whether they can be relied on. alg: by its
 * name in the header; value: in base64url. */
void jades_value_check(const char *alg, X509 *cert, struct rd input, struct rd value,
    const struct doc_verify_options *o, struct report *rep);

#endif
