/* SPDX-License-Identifier: BSD-2-Clause */
/* For which certificates, and which reasons, a CRL speaks. */
#ifndef ECERT_TRUST_CRL_SCOPE_H
#define ECERT_TRUST_CRL_SCOPE_H

#include "trust/revocation/crl.h"

/* The reasons for which c would list x (bits as CRLDP_ALL_REASONS has them), by the distribution
 * points of x and the issuing distribution point of c (RFC 5280, 6.3.3 b and d); 0: x is not in its
 * scope. A CRL without distribution points counts for whatever its issuer certified. */
unsigned crl_scope(const struct crl *c, X509 *x);

#endif
