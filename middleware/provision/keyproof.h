/* SPDX-License-Identifier: BSD-2-Clause */
/* Whether an imported key works. */
#ifndef ECERT_PROVISION_KEYPROOF_H
#define ECERT_PROVISION_KEYPROOF_H

#include "provision/prov.h"

/* After the import and with the certificate there: on a token that tells nothing of the key a test
 * signature, for which the user logs in; without a PIN at hand a note that it was not made. Reports
 * its errors. */
enum outcome key_proof(struct prov *p, uint8_t ref) MUST_CHECK;

#endif
