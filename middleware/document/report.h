/* SPDX-License-Identifier: BSD-2-Clause */
/* What a verification found: checks by name, in the order they were made, and the verdict. */
#ifndef ECERT_DOCUMENT_REPORT_H
#define ECERT_DOCUMENT_REPORT_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "ecert/rc.h"
#include "util/text.h"

enum check_state {
	CHECK_OK,
	CHECK_FAILED,
	CHECK_SKIPPED, /* not asked for, or pointless after an earlier failure; detail says which */
	CHECK_UNKNOWN, /* needed, but what is at hand does not allow an answer */
	CHECK_STATE_COUNT
};

struct check {
	const char *name; /* static: "signature value" */
	enum check_state state;
	char detail[256]; /* one clause without a full stop, printable UTF-8; may be empty */
};

#define REPORT_MAX 48

struct report {
	size_t n;
	struct check checks[REPORT_MAX];
	bool overflow; /* more than REPORT_MAX: counts as failed */
};

/* As in ETSI EN 319 102-1, 5.1.3. */
enum verdict { VERDICT_PASSED, VERDICT_INDETERMINATE, VERDICT_FAILED };

void report_init(struct report *r);
/* Appends; control bytes in the text are shown as '?'. name must be static. */
void report_add(struct report *r, const char *name, enum check_state state, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
/* CHECK_OK when good, else CHECK_FAILED; returns good. */
bool report_test(struct report *r, const char *name, bool good, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
/* The first check with this name; NULL when it was not made. */
const struct check *report_find(const struct report *r, const char *name);
/* Failed when one check failed (or there is none at all), indeterminate when one is unknown. */
enum verdict report_verdict(const struct report *r);
/* The first failed check, else the first unknown one; NULL when there is none. */
const struct check *report_reason(const struct report *r);

/* "ok", "failed", "skipped", "unknown"; "passed", "indeterminate", "failed". Never NULL. */
const char *check_state_name(enum check_state s);
const char *verdict_name(enum verdict v);
/* [{"check":, "state":, "detail":}, ...]; the caller owns it; NULL when memory is out. */
json_t *report_json(const struct report *r);

#endif
