/* SPDX-License-Identifier: BSD-2-Clause */
/* What the owner calls the key and the certificate of a slot. */
#ifndef ECERT_PROVISION_KEY_LABEL_H
#define ECERT_PROVISION_KEY_LABEL_H

#include "provision/prov.h"

enum slot_thing { SLOT_KEY, SLOT_CERT };

/* Text that fits, and may be shown. Reports its errors. */
enum outcome slot_label_acceptable(const struct job *job, const char *label) MUST_CHECK;
/* Before anything is made: acceptable, on a token that keeps it. NULL is fine anywhere. Reports its
 * errors. */
enum outcome slot_label_possible(struct prov *p, const char *label) MUST_CHECK;
/* For what is in the slot now; NULL or empty: the slot's own. The right to write is there already.
 * Reports its errors. */
enum outcome slot_label_put(
    struct prov *p, uint8_t ref, enum slot_thing what, const char *label) MUST_CHECK;

#endif
