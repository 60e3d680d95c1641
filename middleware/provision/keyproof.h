/* SPDX-License-Identifier: BSD-2-Clause */
/* Proving that an imported key works. */
#ifndef ECERT_PROVISION_KEYPROOF_H
#define ECERT_PROVISION_KEYPROOF_H

#include "provision/prov.h"

/* Call it when the key and its certificate are on the token. On a token that tells nothing of the
 * key it makes a test signature, for which the user logs in; without a PIN at hand it notes that
 * none was made. Reports its errors. */
enum outcome key_proof(struct prov *p, uint8_t ref) MUST_CHECK;

#endif
