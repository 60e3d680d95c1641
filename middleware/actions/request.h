/* SPDX-License-Identifier: BSD-2-Clause */
/* A merchant's request in an issuer's hand, whether it goes into a register or becomes a mark. */
#ifndef ECERT_ACTIONS_REQUEST_H
#define ECERT_ACTIONS_REQUEST_H

#include "actions/job.h"
#include "trust/renewal/renewal.h"
#include "util/buf.h"

/* A mark counts for a year at most. */
#define MARK_DAY      86400L
#define MARK_DAYS_MAX 366L

/* What an issuer says of the mark: --days, --logo, --ref (NULL: nothing). Reports its errors. */
enum outcome request_terms(
    const struct job *job, long days, const char *logo, const char *ref) MUST_CHECK;

/* Verifies it; every check that does not hold is told, and then `lost`, which says what was not
 * done. *out is the caller's in any case. Reports its errors. */
enum outcome request_verify(const struct job *job, const char *name, struct rd text,
    const struct renewal_expect *e, const struct message *lost,
    struct renewal_result **out) MUST_CHECK;

#endif
