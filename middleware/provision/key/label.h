/* SPDX-License-Identifier: BSD-2-Clause */
/* What the owner calls the key and the certificate of a slot. */
#ifndef ECERT_PROVISION_KEY_LABEL_H
#define ECERT_PROVISION_KEY_LABEL_H

#include "provision/prov.h"

enum slot_thing { SLOT_KEY, SLOT_CERT };

/* Refuses a label that is too long, or that may not be shown. Reports its errors. */
enum outcome slot_label_acceptable(const struct job *job, const char *label) MUST_CHECK;
/* Refuses, before anything is made, a label that is not acceptable or that the token does not keep.
 * NULL is fine anywhere. Reports its errors. */
enum outcome slot_label_possible(struct prov *p, const char *label) MUST_CHECK;
/* Writes the label of what is in the slot now; NULL or empty gives it the slot's own. The right to
 * write is there already. Reports its errors. */
enum outcome slot_label_put(
    struct prov *p, uint8_t ref, enum slot_thing what, const char *label) MUST_CHECK;

#endif
