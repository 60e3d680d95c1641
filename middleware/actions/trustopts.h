/* SPDX-License-Identifier: BSD-2-Clause */
/* Whom to trust: the options of commands that verify, made into a trust set. */
#ifndef ECERT_ACTIONS_TRUSTOPTS_H
#define ECERT_ACTIONS_TRUSTOPTS_H

#include <time.h>

#include "ui/job.h"
#include "trust/list/set.h"

struct trust_options {
	struct strlist anchor, tsa_anchor, helper, crl, attestation_root, mark_issuer, mark_owner;
	const char *list, *list_signer, *list_store, *ocsp, *at;
	long list_seq;
	const struct algorithm_policy *algorithms; /* NULL: the standard's */
	bool no_store;	      /* the trust stores are left out; so they are when one of anchor,
				 attestation_root, mark_issuer, mark_owner and list is there */
	bool need_revocation; /* what nobody can say is not revoked is not valid */
	bool own_marks;	      /* marks are those of one issuer: no other one of a store counts */
};

/* Builds the set and the time. Reports its errors; *out is NULL then. */
enum outcome trust_options_load(const struct job *job, const struct trust_options *o,
    struct trust_set **out, time_t *now) MUST_CHECK;
/* Errors: ECERT_E_MALFORMED. */
enum ecert_rc time_parse(const char *text, time_t *out) MUST_CHECK;

#endif
