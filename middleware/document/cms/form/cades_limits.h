/* SPDX-License-Identifier: BSD-2-Clause */
/* How much a SignedData may hold before anything is made of it. */
#ifndef ECERT_DOCUMENT_CADES_LIMITS_H
#define ECERT_DOCUMENT_CADES_LIMITS_H

#include "util/rd.h"

/*
 * Whoever makes a file chooses how many of everything are in it; OpenSSL allots memory for each,
 * and each certificate is tried for each signer. NULL, or a clause about what there is too much of.
 * Bytes that are no SignedData have no such defect: whoever parses them says what they are.
 */
const char *cades_limits_defect(struct rd der);

#endif
