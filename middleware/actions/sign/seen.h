/* SPDX-License-Identifier: BSD-2-Clause */
/* What is to be seen of a signature on a page: whether it can be, before anything else is done. */
#ifndef ECERT_ACTIONS_SIGN_SEEN_H
#define ECERT_ACTIONS_SIGN_SEEN_H

#include "actions/sign/sign.h"

/* Something is asked for that only a PDF has a place for. */
bool sign_wants_pdf(const struct sign_deed *d);
/* Reports: OUT_USAGE (no place, no address, something to be seen nowhere), OUT_IO (no logo). */
enum outcome sign_seen_check(const struct job *job, const struct sign_deed *d) MUST_CHECK;

#endif
