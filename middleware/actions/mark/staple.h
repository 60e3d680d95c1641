/* SPDX-License-Identifier: BSD-2-Clause */
/* A fresh status of one's own mark, for one's own site. */
#ifndef ECERT_ACTIONS_MARK_STAPLE_H
#define ECERT_ACTIONS_MARK_STAPLE_H

#include "actions/online/online.h"
#include "actions/trustopts.h"

struct staple_deed {
	struct trust_options trust; /* who is believed for the issuer */
	struct online_options online;
	const char *mark;   /* a file */
	const char *output; /* where the status goes, at once, in the place of the one before */
};

struct stapled {
	char status[32];  /* what the issuer says */
	char reason[256]; /* why, in the issuer's words; empty: it does not say */
	time_t iat, exp;  /* of the status; exp 0: none */
	bool active;
	struct online_result online;
};

/*
 * What does not verify is never written, so that what was there before stays: OUT_INVALID (the
 * mark), OUT_INDETERMINATE (no status that counts). A status that its issuer gave is written,
 * whatever it says; one that is not active ends with OUT_INVALID. Reports its errors;
 * stapled_free in any case.
 */
enum outcome trustmark_staple(
    const struct job *job, const struct staple_deed *deed, struct stapled *out) MUST_CHECK;
void stapled_free(struct stapled *s);

#endif
