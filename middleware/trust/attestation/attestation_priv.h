/* SPDX-License-Identifier: BSD-2-Clause */
/* The extensions of attestation certificates, for the files that judge them. */
#ifndef ECERT_TRUST_ATTESTATION_PRIV_H
#define ECERT_TRUST_ATTESTATION_PRIV_H

#include "trust/attestation/attestation.h"

/* Fills in what the certificate states. */
void attestation_extensions(struct attestation *a, const X509 *x);
/* It names a PIV application's firmware. */
bool attestation_has_firmware(const X509 *x);

#endif
