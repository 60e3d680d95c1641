/* SPDX-License-Identifier: BSD-2-Clause */
/* What a file holds that is to be trusted: what it may be, and what speaks against it. */
#ifndef ECERT_ACTIONS_TRUST_CONTENT_H
#define ECERT_ACTIONS_TRUST_CONTENT_H

#include "actions/trust/trust.h"

struct content {
	const char *file;
	struct trust_row row;
	struct buf cert, list;
};
#define CONTENTS_MAX 64

struct contents {
	struct content v[CONTENTS_MAX];
	size_t n;
};
/* Frees what the contents hold, not c. */
void contents_free(struct contents *c);

/* Adds what file holds. Refuses, and tells: a file that others may write in, a private key in it,
 * no certificate, one that does not fit the kind, and without force one that is not valid now. */
enum outcome content_read(const struct job *job, const struct trust_add_deed *deed,
    const char *file, struct contents *out) MUST_CHECK;
/* Fills what a certificate says of itself. */
enum ecert_rc content_describe(struct rd der, struct trust_row *row) MUST_CHECK;
/* From when until when a list that was read before counts, in the place of its signer's times. */
void content_describe_list(struct rd jws, struct trust_row *row);

#endif
