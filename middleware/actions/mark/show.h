/* SPDX-License-Identifier: BSD-2-Clause */
/* What a trust mark, a request or a status says, unverified. */
#ifndef ECERT_ACTIONS_MARK_SHOW_H
#define ECERT_ACTIONS_MARK_SHOW_H

#include <jansson.h>

#include "ui/job.h"

struct mark_shown {
	char typ[64];
	json_t *header, *claims;
};

/* Reports its errors; mark_shown_free in any case. */
enum outcome trustmark_show(
    const struct job *job, const char *file, struct mark_shown *out) MUST_CHECK;
void mark_shown_free(struct mark_shown *m);

#endif
