/* SPDX-License-Identifier: BSD-2-Clause */
/* Writing a certificate onto the token. */
#ifndef ECERT_PROVISION_CERTPUT_H
#define ECERT_PROVISION_CERTPUT_H

#include "provision/prov.h"

/* Writes it into the slot. TOKEN_SO must be logged in. When the token does not take it, what was
 * there before stays.
 * Reports its errors. */
enum outcome cert_put(struct prov *p, uint8_t ref, struct rd der) MUST_CHECK;

/* Says when the certificate that was put there signs no documents (it expired, is for
 * encipherment), or soon will not, so that a person learns it before something has to be signed. */
void cert_tell_use(const struct job *job, struct rd der);

#endif
