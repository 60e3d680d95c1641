/* SPDX-License-Identifier: BSD-2-Clause */
/* Options of signatures in XML. */
#ifndef ECERT_ACTIONS_SIGN_XMLOPTS_H
#define ECERT_ACTIONS_SIGN_XMLOPTS_H

#include "actions/sign/sign.h"

/* Refuses options of XAdES without it, and a profile that nobody knows (OUT_USAGE). */
enum outcome xmlopts_check(const struct job *job, const struct sign_deed *d) MUST_CHECK;
/* Puts them in; xmlopts_check passed. */
void xmlopts_into(const struct sign_deed *d, struct doc_sign_options *o);

#endif
