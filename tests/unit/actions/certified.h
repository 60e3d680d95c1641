/* SPDX-License-Identifier: BSD-2-Clause */
/* A token that can sign. */
#ifndef TESTS_UNIT_ACTIONS_CERTIFIED_H
#define TESTS_UNIT_ACTIONS_CERTIFIED_H

#include "tests/unit/client/deed.h"

/* A P-256 key in 9C, and a certificate of WONG Mei, business number 00123456, for it, that ends
 * then. mgm: the source of the management key. In the deed's folder are ca.pem, own.pem and the
 * CA's empty list of revoked certificates, ca.crl. */
void certify(struct deed *d, const char *mgm, time_t until);

#endif
