/* SPDX-License-Identifier: BSD-2-Clause */
/* A new key, made inside the token. */
#ifndef ECERT_ACTIONS_KEY_GENERATE_H
#define ECERT_ACTIONS_KEY_GENERATE_H

#include "provision/key/place.h"

struct generate_deed {
	struct key_place place;
	const char *alg;    /* its name; NULL: P-256 */
	const char *output; /* where its public key goes (PEM); NULL: nowhere */
};

struct generate_result {
	char slot[4];	       /* "9c" */
	const char *algorithm; /* "P-256" */
	bool signs;	       /* else it agrees on keys */
};

/* Reports its errors: an unknown algorithm (OUT_USAGE), a slot that is taken, a kind that the token
 * does not make (OUT_REFUSED), the card's. */
enum outcome key_generate(const struct job *job, const struct generate_deed *deed,
    struct generate_result *out) MUST_CHECK;

#endif
