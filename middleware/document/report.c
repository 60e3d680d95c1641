/* SPDX-License-Identifier: BSD-2-Clause */
/* Checks by name and what they add up to. */
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "document/report.h"

static const char *const state_names[CHECK_STATE_COUNT] = {
    [CHECK_OK] = "ok",
    [CHECK_FAILED] = "failed",
    [CHECK_SKIPPED] = "skipped",
    [CHECK_UNKNOWN] = "unknown",
};

static const char *const verdict_names[] = {
    [VERDICT_PASSED] = "passed",
    [VERDICT_INDETERMINATE] = "indeterminate",
    [VERDICT_FAILED] = "failed",
};

void report_init(struct report *r)
{
	memset(r, 0, sizeof *r);
}

static void add_va(
    struct report *r, const char *name, enum check_state state, const char *fmt, va_list ap)
{
	if (r->n == REPORT_MAX) {
		r->overflow = true;
		return;
	}
	struct check *c = &r->checks[r->n++];
	c->name = name;
	c->state = state;
	(void)vsnprintf(c->detail, sizeof c->detail, fmt, ap);
	text_scrub(c->detail);
}

void report_add(struct report *r, const char *name, enum check_state state, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	add_va(r, name, state, fmt, ap);
	va_end(ap);
}

bool report_test(struct report *r, const char *name, bool good, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	add_va(r, name, good ? CHECK_OK : CHECK_FAILED, fmt, ap);
	va_end(ap);
	return good;
}

const struct check *report_find(const struct report *r, const char *name)
{
	for (size_t i = 0; i < r->n; i++)
		if (strcmp(r->checks[i].name, name) == 0)
			return &r->checks[i];
	return NULL;
}

static const struct check *first_in(const struct report *r, enum check_state state)
{
	for (size_t i = 0; i < r->n; i++)
		if (r->checks[i].state == state)
			return &r->checks[i];
	return NULL;
}

enum verdict report_verdict(const struct report *r)
{
	/* A report without a single good check proves nothing. */
	if (r->overflow || first_in(r, CHECK_FAILED) || !first_in(r, CHECK_OK))
		return VERDICT_FAILED;
	return first_in(r, CHECK_UNKNOWN) ? VERDICT_INDETERMINATE : VERDICT_PASSED;
}

const struct check *report_reason(const struct report *r)
{
	const struct check *c = first_in(r, CHECK_FAILED);
	return c ? c : first_in(r, CHECK_UNKNOWN);
}

const char *check_state_name(enum check_state s)
{
	return (unsigned)s < CHECK_STATE_COUNT ? state_names[s] : "unknown";
}

const char *verdict_name(enum verdict v)
{
	return (unsigned)v <= VERDICT_FAILED ? verdict_names[v] : "failed";
}

json_t *report_json(const struct report *r)
{
	json_t *list = json_array();
	for (size_t i = 0; list && i < r->n; i++) {
		const struct check *c = &r->checks[i];
		json_t *row = json_pack("{s:s, s:s, s:s}", "check", c->name, "state",
		    check_state_name(c->state), "detail", c->detail);
		if (!row || json_array_append_new(list, row) != 0) {
			json_decref(list);
			return NULL;
		}
	}
	return list;
}
