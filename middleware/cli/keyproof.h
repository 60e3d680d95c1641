/* SPDX-License-Identifier: BSD-2-Clause */
/* Whether an imported key works. */
#ifndef ECERT_CLI_KEYPROOF_H
#define ECERT_CLI_KEYPROOF_H

#include "cli/prov.h"

/* After the import and with the certificate there: on a token that tells nothing of the key a test
 * signature, for which the user logs in; without a PIN at hand a note that it was not made. Reports
 * its errors. */
enum cli_exit key_proof(struct prov *p, uint8_t ref) MUST_CHECK;

#endif
