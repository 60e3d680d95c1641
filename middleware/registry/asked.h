/* SPDX-License-Identifier: BSD-2-Clause */
/* What anybody may ask of a register, each by one statement (OpenID Federation 1.0, 8.5 and 8.6).
 */
#ifndef ECERT_REGISTRY_ASKED_H
#define ECERT_REGISTRY_ASKED_H

#include "registry/registry.h"

/* How many entries there are: as long as the number is the same, all is as it was. */
enum ecert_rc registry_entries(struct registry *r, int64_t *n) MUST_CHECK;

/* The newest active mark of this type that a member holds, by its URL; text of out is filled, free
 * it. Errors: ECERT_E_NOT_FOUND. */
enum ecert_rc registry_held(struct registry *r, const char *sub, const char *type, time_t now,
    struct registry_mark *out) MUST_CHECK;

/* Who holds an active mark of the type, the older members first. fn's failure ends it. */
enum ecert_rc registry_holders(struct registry *r, const char *type, time_t now,
    enum ecert_rc (*fn)(void *ctx, const char *url), void *ctx) MUST_CHECK;

/* What happened to marks, the newest first, at most `most`. */
struct registry_news {
	int64_t id, at, member;
	const char *company; /* a view */
	const char *status;  /* what became of the mark, in the words of 8.4 */
};
enum ecert_rc registry_each_news(struct registry *r, int64_t most,
    enum ecert_rc (*fn)(void *ctx, const struct registry_news *n), void *ctx) MUST_CHECK;

#endif
