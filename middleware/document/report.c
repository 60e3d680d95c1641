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

/* Bytes of the character at p and its code point; 0 when it is not UTF-8 (RFC 3629, 4). */
static size_t utf8_at(const unsigned char *p, uint32_t *cp)
{
	static const struct {
		uint8_t mask, lead;
		uint32_t least;
	} form[] = {
	    {0x80, 0x00, 0}, {0xE0, 0xC0, 0x80}, {0xF0, 0xE0, 0x800}, {0xF8, 0xF0, 0x10000}};
	for (size_t n = 1; n <= 4; n++) {
		if ((p[0] & form[n - 1].mask) != form[n - 1].lead)
			continue;
		*cp = (uint32_t)(p[0] & ~form[n - 1].mask & 0xFF);
		for (size_t i = 1; i < n; i++) {
			if ((p[i] & 0xC0) != 0x80)
				return 0;
			*cp = *cp << 6 | (p[i] & 0x3Fu);
		}
		return *cp < form[n - 1].least || *cp > 0x10FFFF || (*cp >> 11) == 0x1B ? 0 : n;
	}
	return 0;
}

/* Neither a control character nor one that reorders the text around it (Unicode, UAX 9). */
static bool shows(uint32_t cp)
{
	return cp >= 0x20 && !(cp >= 0x7F && cp <= 0x9F) && cp != 0x061C && cp != 0x200E &&
	       cp != 0x200F && !(cp >= 0x2028 && cp <= 0x202E) && !(cp >= 0x2066 && cp <= 0x2069);
}

/* The text ends inside a character whose bytes so far are right. */
static bool cut_off(const unsigned char *p)
{
	size_t want = (p[0] & 0xE0) == 0xC0   ? 2
		      : (p[0] & 0xF0) == 0xE0 ? 3
		      : (p[0] & 0xF8) == 0xF0 ? 4
					      : 0;
	size_t n = 1;
	while (n < want && (p[n] & 0xC0) == 0x80)
		n++;
	return want > n && p[n] == 0;
}

void text_scrub(char *s)
{
	unsigned char *p = (unsigned char *)s;
	while (*p) {
		uint32_t cp = 0;
		size_t n = utf8_at(p, &cp);
		if (n == 0 && cut_off(p)) {
			*p = 0;
			return;
		}
		if (n == 0 || !shows(cp)) {
			n = n ? n : 1;
			memset(p, '?', n);
		}
		p += n;
	}
}

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
