/* SPDX-License-Identifier: BSD-2-Clause */
/* The content of a renewal request, as the merchant writes it. */
#ifndef ECERT_TRUST_RENEWAL_PRIV_H
#define ECERT_TRUST_RENEWAL_PRIV_H

#include "trust/renewal/renewal.h"

/* As renewal_check_file for a parsed file; the checks get this name. */
bool renewal_content_check(const json_t *file, enum check_name name, struct report *rep);

#endif
