/* SPDX-License-Identifier: BSD-2-Clause */
/* Which token: by label, serial number or slot, and a list to choose from when that is not clear.
 */
#ifndef ECERT_CLIENT_PICK_H
#define ECERT_CLIENT_PICK_H

#include "ui/job.h"

#define PICK_MAX 32

struct candidate {
	char label[64], serial[40], where[130]; /* where: the reader */
	long slot_id;
};

/* The one that the options name, or the only one. Tells what is wrong: none fits (OUT_NO_TOKEN), or
 * several do (OUT_USAGE, with the list and how to choose). n must be at least 1. */
enum outcome pick_token(
    const struct job *job, const struct candidate *list, size_t n, size_t *chosen) MUST_CHECK;

/* Says why there is no token at all: no service, no reader, no card, or one that what (our module,
 * or the one named) does not know. */
enum outcome pick_explain_none(const struct job *job, const char *what) MUST_CHECK;

#endif
