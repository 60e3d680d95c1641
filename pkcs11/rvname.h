/* SPDX-License-Identifier: BSD-2-Clause */
/* Return values by name, for the call log. */
#ifndef ECERT_PKCS11_RVNAME_H
#define ECERT_PKCS11_RVNAME_H

#include "ecert/cryptoki.h"

/* "CKR_PIN_INCORRECT"; "CKR_?" for one that this module never returns. Never NULL. */
const char *p11_rv_name(CK_RV rv);

#endif
