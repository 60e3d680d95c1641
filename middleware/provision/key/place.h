/* SPDX-License-Identifier: BSD-2-Clause */
/* Where a new key goes, and under which policies. */
#ifndef ECERT_PROVISION_KEY_PLACE_H
#define ECERT_PROVISION_KEY_PLACE_H

#include "provision/prov.h"

/* As a person names them; NULL: the usual. mgm: where the management key comes from. */
struct key_place {
	const char *slot, *id, *pin_policy, *touch_policy, *mgm, *label;
	bool force; /* replaces a key that is there */
};

/* Fills in a specification but for its alg. Reports its errors. */
enum outcome key_place(
    const struct job *job, const struct key_place *o, struct token_newkey *spec) MUST_CHECK;
/* Refuses when the slot holds a key and force is not said. */
enum outcome key_vacant(struct prov *p, uint8_t ref, bool force) MUST_CHECK;

#endif
