/* SPDX-License-Identifier: BSD-2-Clause */
/* The register of a deed: opened, written to, and what it refuses told. */
#ifndef ECERT_ACTIONS_REGISTRY_OPENED_H
#define ECERT_ACTIONS_REGISTRY_OPENED_H

#include "actions/registry/deeds.h"

struct desk {
	const struct job *job;
	struct registry *r;
	char issuer[256], who[128];
};

/* One that desk_init has made; desk_close in any case. Reports its errors. */
enum outcome desk_open(const struct job *job, const struct desk_deed *deed, struct desk *out);
/* One that may be new, and nobody's so far. */
enum outcome desk_open_new(const struct job *job, const struct desk_deed *deed, struct desk *out);
/* The delegation of deed, to this issuer for this type, on record from now on, when the owner whom
 * deed's trust names signed it. Reports its errors. */
enum outcome desk_take_delegation(struct desk *d, const struct desk_deed *deed, const char *type);
void desk_close(struct desk *d);
/* What the register said no to. OUT_OK for ECERT_OK. */
enum outcome desk_failed(struct desk *d, enum ecert_rc rc);
/* The number of an application, or of a report, as it was typed. Reports its errors. */
typedef enum outcome desk_number_fn(const struct job *job, const char *text, int64_t *out);
desk_number_fn desk_number, desk_report_number;
/* Opened, and a transaction begun, for a decision with a reason on what has this number, which
 * `take` reads. Reports its errors. */
enum outcome desk_begin(const struct job *job, const struct desk_deed *deed, desk_number_fn *take,
    const char *number, struct desk *out, int64_t *id);
/* The reason of a decision is there when it has to be, and is text. Reports its errors. */
enum outcome desk_reason(const struct job *job, const struct desk_deed *deed, bool needed);

#endif
