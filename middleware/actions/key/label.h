/* SPDX-License-Identifier: BSD-2-Clause */
/* Labelling what is in a slot: a key, or a certificate. */
#ifndef ECERT_ACTIONS_KEY_LABEL_H
#define ECERT_ACTIONS_KEY_LABEL_H

#include "provision/key/label.h"

struct slot_label_deed {
	const char *slot, *id, *mgm; /* the place, and where the management key comes from */
	enum slot_thing what;
	const char *label; /* "": the slot's own again */
};

struct slot_label_result {
	char slot[4]; /* "9c" */
};

/* Reports its errors: no label (OUT_USAGE), nothing in the slot (OUT_REFUSED), a token that keeps
 * none (OUT_CARD). */
enum outcome slot_label(const struct job *job, const struct slot_label_deed *deed,
    struct slot_label_result *out) MUST_CHECK;

#endif
