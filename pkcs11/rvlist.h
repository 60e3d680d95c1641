/* SPDX-License-Identifier: BSD-2-Clause */
/* Which return values PKCS#11 lists for which function. */
#ifndef ECERT_PKCS11_RVLIST_H
#define ECERT_PKCS11_RVLIST_H

#include <stdbool.h>

#include "ecert/cryptoki.h"

/* Whether the function's list has it (PKCS #11 3.2, chapter 5, and what ecert-pkcs11.conf(5) adds).
 * A name that is not known has no list: everything is in it. */
bool rv_is_listed(const char *func, CK_RV rv);
/* rv, or what comes nearest to it among those that are listed. */
CK_RV rv_listed(const char *func, CK_RV rv);

#endif
