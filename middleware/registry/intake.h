/* SPDX-License-Identifier: BSD-2-Clause */
/* A verified request becomes an application, by whatever way it came. */
#ifndef ECERT_REGISTRY_INTAKE_H
#define ECERT_REGISTRY_INTAKE_H

#include "registry/registry.h"
#include "trust/renewal/renewal.h"

/* text has verified as v: it goes into the register, all of it or nothing, by `who`. Errors:
 * registry_begin's, registry_receive's. */
enum ecert_rc registry_take(struct registry *r, const char *who, time_t now, struct rd text,
    const struct renewal_result *v, int64_t *id) MUST_CHECK;

#endif
