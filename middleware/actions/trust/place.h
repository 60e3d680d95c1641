/* SPDX-License-Identifier: BSD-2-Clause */
/* Where whom to trust is kept: for a person, and for everybody on this computer. */
#ifndef ECERT_ACTIONS_TRUST_PLACE_H
#define ECERT_ACTIONS_TRUST_PLACE_H

#include <limits.h>

#include "trust/store/store.h"
#include "ui/job.h"

struct trust_place {
	char folder[PATH_MAX];
	bool machine;
	struct trust_store *store; /* NULL: there is none yet */
};

/* Opens it; make: when it is not there, too. Tells why it may not be used. */
enum outcome trust_place_open(
    const struct job *job, bool machine, bool make, struct trust_place *out) MUST_CHECK;
void trust_place_close(struct trust_place *p);
/* Tells of an entry that the record does not have as added. */
void trust_place_warn(
    const struct job *job, const struct trust_place *at, const char *name, const char *sha256);
/* Tells what trust_store_each, _put or _drop did not like. */
enum outcome trust_place_told(const struct job *job, const struct trust_place *p, enum ecert_rc rc,
    const char *file) MUST_CHECK;

#endif
