/* SPDX-License-Identifier: BSD-2-Clause */
/* A register to try things on. */
#ifndef ECERT_TESTS_REGISTRY_FIX_H
#define ECERT_TESTS_REGISTRY_FIX_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "registry/registry_priv.h"
#include "tests/unit/store/store_fix.h"

#define ok(expression) assert_int_equal(expression, ECERT_OK)
#define T0	       1790000000
#define DAY	       86400
#define TYPE	       "https://alliance.example/marks/trader"

/* A folder of the test's own, and all of it removed. */
static inline void folder_make(const char *name, char *out, size_t cap)
{
	const char *where = getenv("TMPDIR");

	(void)snprintf(out, cap, "%s/ecert-%s.XXXXXX", where && *where ? where : "/tmp", name);
	assert_non_null(mkdtemp(out));
}

static inline int folder_drop(const char *path, const struct stat *st, int type, struct FTW *where)
{
	(void)st;
	(void)type;
	(void)where;
	return remove(path);
}

static inline void folder_remove(const char *path)
{
	assert_int_equal(nftw(path, folder_drop, 16, FTW_DEPTH | FTW_PHYS), 0);
}

static inline struct registry *registry_at(const char *where)
{
	struct message_kept why;
	struct registry *r = NULL;

	ok(registry_open(where, true, &r, &why));
	return r;
}

static inline void says(struct registry *r, const char *part)
{
	char text[512];

	message_kept_text(registry_why(r), NULL, text, sizeof text);
	if (!strstr(text, part))
		fail_msg("it says: %s", text);
}

/* An application by this shop; its text is made of the jti. */
static inline enum ecert_rc receive(
    struct registry *r, const char *shop, const char *jti, const char *prev, int64_t *id)
{
	const char *domains[] = {"shop.example", "second.example"};
	const char *cop[] = {"{\"item\":1,\"statement\":\"Yes\"}"};
	const char *evidence[] = {"{\"std\":\"ISO 32112\",\"value\":97.4}"};
	char text[128];
	const struct registry_request q = {
	    .text = rd_of(text, (size_t)snprintf(text, sizeof text, "request-%s", jti)),
	    .cert = rd_of("certificate", 11),
	    .merchant = shop,
	    .type = TYPE,
	    .jti = jti,
	    .prev = prev,
	    .company = "Harbour Lights 有限公司",
	    .br = "51234567",
	    .until = T0 + 7 * DAY,
	    .domains = domains,
	    .domains_n = 2,
	    .cop = cop,
	    .cop_n = 1,
	    .evidence = evidence,
	    .evidence_n = 1};
	enum ecert_rc rc = registry_begin(r, "clerk", T0);

	return rc == ECERT_OK ? registry_end(r, registry_receive(r, &q, id)) : rc;
}

static inline enum ecert_rc decide(
    struct registry *r, int64_t id, enum app_event event, const char *why)
{
	enum ecert_rc rc = registry_begin(r, "reviewer", T0 + DAY);

	return rc == ECERT_OK ? registry_end(r, registry_decide(r, id, event, why)) : rc;
}

static inline enum ecert_rc grant(struct registry *r, int64_t id, const char *mark)
{
	const struct registry_grant g = {.text = rd_of(mark, strlen(mark)),
	    .jti = mark,
	    .kid = "kid",
	    .iat = T0 + DAY,
	    .exp = T0 + 366 * DAY};
	enum ecert_rc rc = registry_begin(r, "issuer", T0 + DAY);

	return rc == ECERT_OK ? registry_end(r, registry_grant(r, id, &g)) : rc;
}

static inline enum app_state state_of(struct registry *r, int64_t id)
{
	struct registry_application a;

	ok(registry_application(r, id, &a, NULL, NULL));
	return a.state;
}

#endif
