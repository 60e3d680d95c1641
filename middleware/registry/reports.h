/* SPDX-License-Identifier: BSD-2-Clause */
/* What people report of a member's seal: where it is shown that should not show it, and the like.
 */
#ifndef ECERT_REGISTRY_REPORTS_H
#define ECERT_REGISTRY_REPORTS_H

#include "registry/registry.h"

#define REPORT_SEEN 256	 /* bytes with the NUL: where it was seen, */
#define REPORT_SAID 2048 /* and what is wrong there */

/*
 * One more, by nobody who is known. Anybody may send one, so that few can wait: the same one again
 * is ECERT_E_EXISTS, and too many that nobody has closed are ECERT_E_TIMEOUT. Errors also:
 * ECERT_E_NOT_FOUND (no member with a mark), ECERT_E_ARG (nothing seen, or no text that may be
 * shown).
 */
enum ecert_rc registry_report(
    struct registry *r, int64_t member, const char *seen, const char *said, int64_t *id) MUST_CHECK;

struct registry_report {
	int64_t id, at, member;
	char merchant[256], seen[REPORT_SEEN], said[REPORT_SAID];
	int64_t closed; /* 0: nobody has closed it */
	char who[128], why[512];
};
typedef enum ecert_rc registry_report_fn(void *ctx, const struct registry_report *p);
/* Each in the order of its number; all: those that are closed, too. fn's failure ends it. */
enum ecert_rc registry_each_report(
    struct registry *r, bool all, registry_report_fn *fn, void *ctx) MUST_CHECK;
/* The one of that number. Errors: ECERT_E_NOT_FOUND. */
enum ecert_rc registry_report_of(
    struct registry *r, int64_t id, struct registry_report *out) MUST_CHECK;
/* Nobody has to do anything about it any more. Errors: ECERT_E_NOT_FOUND, ECERT_E_DENIED (it is
 * closed). */
enum ecert_rc registry_close_report(struct registry *r, int64_t id, const char *why) MUST_CHECK;

#endif
