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
/* A delegation to this issuer from a file, on record from now on. */
enum outcome desk_take_delegation(struct desk *d, const char *file);
void desk_close(struct desk *d);
/* What the register said no to. OUT_OK for ECERT_OK. */
enum outcome desk_failed(struct desk *d, enum ecert_rc rc);
/* The number of an application, as it was typed. Reports its errors. */
enum outcome desk_number(const struct job *job, const char *text, int64_t *out);

#endif
