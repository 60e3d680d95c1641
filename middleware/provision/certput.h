/* SPDX-License-Identifier: BSD-2-Clause */
/* A certificate onto the token. */
#ifndef ECERT_PROVISION_CERTPUT_H
#define ECERT_PROVISION_CERTPUT_H

#include "provision/prov.h"

/* TOKEN_SO must be logged in. What was there before stays when the token does not take the new one.
 * Reports its errors. */
enum outcome cert_put(struct prov *p, uint8_t ref, struct rd der) MUST_CHECK;

/* Says when the certificate that was put there signs no documents (it expired, is for
 * encipherment), or soon will not: not first when something has to be signed. */
void cert_tell_use(const struct job *job, struct rd der);

#endif
