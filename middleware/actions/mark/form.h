/* SPDX-License-Identifier: BSD-2-Clause */
/* The request for a trust mark, question by question. */
#ifndef ECERT_ACTIONS_MARK_FORM_H
#define ECERT_ACTIONS_MARK_FORM_H

#include "ui/job.h"

struct form_deed {
	const char *file;	 /* JSON: begun here, or gone on with */
	const char *certificate; /* who will sign it: a file; NULL: the token's, if one is there */
};

struct form_result {
	size_t asked;	/* questions that were answered */
	bool confirmed; /* the number of the business registration is a certificate's */
};

/*
 * Asks what is not in the file yet, shows all of it, and asks what is to be changed. Each answer is
 * looked at by the rules of renewal_check_file, and in the file at once, so that whoever leaves
 * goes on there later. Where nobody can be asked again an answer that is wrong ends it (OUT_INPUT).
 * When answers end before all is there, what is missing is noted (OUT_INPUT). Reports its errors.
 */
enum outcome trustmark_form(
    const struct job *job, const struct form_deed *deed, struct form_result *out) MUST_CHECK;

#endif
