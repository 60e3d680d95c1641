/* SPDX-License-Identifier: BSD-2-Clause */
/* What a certificate is for, as far as signing documents goes. */
#ifndef ECERT_TRUST_USAGE_H
#define ECERT_TRUST_USAGE_H

#include <openssl/x509.h>

#include "document/identity.h"

/* Why this certificate must not sign documents, whatever the time: an id; NULL when it may. */
const char *usage_defect(X509 *x, const struct identity *id);
/* Why a chain for documents must not lead through this CA, by its extended key usage: an id with
 * {ca}, its name; NULL when it may. */
const char *usage_ca_defect(X509 *ca);

#endif
