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

static const char *const reason_codes[REASON_COUNT] = {
    [REASON_NONE] = "",
    [REASON_NOT_A_SIGNATURE] = "not-a-signature",
    [REASON_IS_TOKEN] = "is-token",
    [REASON_NOT_SIGNED_DATA] = "not-signed-data",
    [REASON_NO_SIGNER] = "no-signer",
    [REASON_TRAILING] = "trailing",
    [REASON_TOO_MUCH] = "too-much",
    [REASON_NO_CONTENT] = "no-content",
    [REASON_CONTENT_CHANGED] = "content-changed",
    [REASON_ATTRIBUTES_MISSING] = "attributes-missing",
    [REASON_ATTRIBUTES_BAD] = "attributes-bad",
    [REASON_CONTENT_TYPE] = "content-type",
    [REASON_ALGORITHM_OLD] = "algorithm-old",
    [REASON_DIGEST_SHORT] = "digest-short",
    [REASON_ALGORITHM_UNKNOWN] = "algorithm-unknown",
    [REASON_KEY_WEAK] = "key-weak",
    [REASON_SIGNER_CERT_MISSING] = "signer-cert-missing",
    [REASON_SIGNER_CERT_OTHER] = "signer-cert-other",
    [REASON_SIGNATURE_BAD] = "signature-bad",
    [REASON_SIGNED_IN_FUTURE] = "signed-in-future",
    [REASON_NO_ANCHOR] = "no-anchor",
    [REASON_UNKNOWN_CA] = "unknown-ca",
    [REASON_ISSUER_MISSING] = "issuer-missing",
    [REASON_CHAIN_REFUSED] = "chain-refused",
    [REASON_NOT_YET_VALID] = "not-yet-valid",
    [REASON_EXPIRED_THEN] = "expired-then",
    [REASON_EXPIRED_SINCE] = "expired-since",
    [REASON_USAGE] = "usage",
    [REASON_POLICY] = "policy",
    [REASON_REVOKED] = "revoked",
    [REASON_REVOCATION_MISSING] = "revocation-missing",
    [REASON_REVOCATION_STALE] = "revocation-stale",
    [REASON_REVOCATION_BAD] = "revocation-bad",
    [REASON_ATTESTATION_BAD] = "attestation-bad",
    [REASON_ISSUER_CERT_TIME] = "issuer-certificate-time",
    [REASON_ISSUER_KID] = "issuer-kid",
    [REASON_ISSUER_UNPINNED] = "issuer-unpinned",
    [REASON_MARK_UNBOUND] = "mark-unbound",
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

static void add_va(struct report *r, const char *name, enum check_state state, enum reason reason,
    const char *fmt, va_list ap)
{
	if (r->n == REPORT_MAX) {
		r->overflow = true;
		return;
	}
	struct check *c = &r->checks[r->n++];
	c->name = name;
	c->state = state;
	c->reason = reason;
	static const char more[] = "\xE2\x80\xA6";
	bool cut = vsnprintf(c->detail, sizeof c->detail, fmt, ap) >= (int)sizeof c->detail;
	if (cut) /* shown as cut: the end may be where two differ */
		c->detail[sizeof c->detail - sizeof more] = 0;
	text_scrub(c->detail);
	if (cut)
		memcpy(c->detail + strlen(c->detail), more, sizeof more);
}

void report_add(struct report *r, const char *name, enum check_state state, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	add_va(r, name, state, REASON_NONE, fmt, ap);
	va_end(ap);
}

void report_add_why(struct report *r, const char *name, enum check_state state, enum reason reason,
    const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	add_va(r, name, state, reason, fmt, ap);
	va_end(ap);
}

bool report_test(struct report *r, const char *name, bool good, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	add_va(r, name, good ? CHECK_OK : CHECK_FAILED, REASON_NONE, fmt, ap);
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

enum check_state reason_state(enum reason reason)
{
	switch (reason) {
	case REASON_NONE:
		return CHECK_OK;
	case REASON_ATTRIBUTES_MISSING:
	case REASON_CONTENT_TYPE:
	case REASON_ALGORITHM_OLD:
	case REASON_DIGEST_SHORT:
	case REASON_ALGORITHM_UNKNOWN:
	case REASON_KEY_WEAK:
	case REASON_SIGNER_CERT_MISSING:
		return CHECK_UNKNOWN;
	default:
		return CHECK_FAILED;
	}
}

const char *reason_code(enum reason reason)
{
	return (unsigned)reason < REASON_COUNT ? reason_codes[reason] : "";
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
		if (row && c->reason)
			(void)json_object_set_new(
			    row, "reason", json_string(reason_code(c->reason)));
		if (!row || json_array_append_new(list, row) != 0) {
			json_decref(list);
			return NULL;
		}
	}
	return list;
}
