/* SPDX-License-Identifier: BSD-2-Clause */
/* Checks by name and what they add up to. */
#include <string.h>

#include "document/report.h"
#include "util/hex.h"

/* Their names, in JSON and in English; people read them in their language. */
static const char *const names[CHK_COUNT] = {
    [CHK_NONE] = "",
    [CHK_STRUCTURE] = MSG_ID("structure"),
    [CHK_SIGNED_ATTRIBUTES] = MSG_ID("signed attributes"),
    [CHK_CONTENT_DIGEST] = MSG_ID("content digest"),
    [CHK_SIGNING_CERTIFICATE] = MSG_ID("signing certificate"),
    [CHK_SIGNATURE_VALUE] = MSG_ID("signature value"),
    [CHK_BYTE_RANGE] = MSG_ID("byte range"),
    [CHK_LATER_CHANGES] = MSG_ID("later changes"),
    [CHK_TIME_STAMP] = MSG_ID("time stamp"),
    [CHK_IMPRINT] = MSG_ID("imprint"),
    [CHK_HASH_INDEX] = MSG_ID("hash index"),
    [CHK_COUNTER_SIGNATURE] = MSG_ID("counter-signature"),
    [CHK_SIGNING_TIME] = MSG_ID("signing time"),
    [CHK_SIGNER] = MSG_ID("signer"),
    [CHK_SIGNER_ASKED] = MSG_ID("signer asked for"),
    [CHK_CHAIN] = MSG_ID("chain"),
    [CHK_VALIDITY] = MSG_ID("validity"),
    [CHK_KEY_USAGE] = MSG_ID("key usage"),
    [CHK_POLICY] = MSG_ID("policy"),
    [CHK_REVOCATION] = MSG_ID("revocation"),
    [CHK_REVOCATION_NOT_USED] = MSG_ID("revocation not used"),
    [CHK_INVALIDITY_DATE] = MSG_ID("invalidity date"),
    [CHK_FORM] = MSG_ID("form"),
    [CHK_EVERYTHING_ELSE] = MSG_ID("everything else"),
    [CHK_PROFILE] = MSG_ID("profile"),
    [CHK_SUBJECT] = MSG_ID("subject"),
    [CHK_AUDIENCE] = MSG_ID("audience"),
    [CHK_NONCE] = MSG_ID("nonce"),
    [CHK_TIME] = MSG_ID("time"),
    [CHK_SIGNATURE] = MSG_ID("signature"),
    [CHK_KIND] = MSG_ID("kind"),
    [CHK_ATTESTATION_CHAIN] = MSG_ID("attestation chain"),
    [CHK_ATTESTATION_STATEMENT] = MSG_ID("attestation statement"),
    [CHK_ATTESTED_KEY] = MSG_ID("attested key"),
    [CHK_PIN_POLICY] = MSG_ID("PIN policy"),
    [CHK_EVIDENCE_LEVEL] = MSG_ID("evidence level"),
    [CHK_MARK] = MSG_ID("mark"),
    [CHK_MARK_FORM] = MSG_ID("mark form"),
    [CHK_MARK_ISSUER] = MSG_ID("mark issuer"),
    [CHK_MARK_TYPE] = MSG_ID("mark type"),
    [CHK_MARK_SUBJECT] = MSG_ID("mark subject"),
    [CHK_MARK_TIME] = MSG_ID("mark time"),
    [CHK_MARK_SIGNATURE] = MSG_ID("mark signature"),
    [CHK_MARK_DELEGATION] = MSG_ID("mark delegation"),
    [CHK_MARK_HOLDER] = MSG_ID("mark holder"),
    [CHK_ISSUER_CONFIGURATION] = MSG_ID("issuer configuration"),
    [CHK_STATUS] = MSG_ID("status"),
    [CHK_STATUS_CHOICE] = MSG_ID("status choice"),
    [CHK_STATUS_FORM] = MSG_ID("status form"),
    [CHK_STATUS_ISSUER] = MSG_ID("status issuer"),
    [CHK_STATUS_SIGNATURE] = MSG_ID("status signature"),
    [CHK_STATUS_MARK] = MSG_ID("status mark"),
    [CHK_STATUS_TIME] = MSG_ID("status time"),
    [CHK_STATUS_AGE] = MSG_ID("status age"),
    [CHK_STATUS_VALUE] = MSG_ID("status value"),
    [CHK_OCSP_RESPONSE] = MSG_ID("OCSP response"),
    [CHK_NONCE_BURNED] = MSG_ID("nonce burned"),
    [CHK_REQUEST_FILE] = MSG_ID("request file"),
    [CHK_CONTENT] = MSG_ID("content"),
    [CHK_FILE_LIST] = MSG_ID("list of files"),
    [CHK_PREVIOUS_MARK] = MSG_ID("previous mark"),
    [CHK_BUSINESS_NUMBER] = MSG_ID("business number"),
    [CHK_REPLAY] = MSG_ID("replay"),
    [CHK_TRUST_LIST_FORM] = MSG_ID("trust list form"),
    [CHK_TRUST_LIST_SIGNATURE] = MSG_ID("trust list signature"),
    [CHK_TRUST_LIST_TIME] = MSG_ID("trust list time"),
    [CHK_TRUST_LIST_SIGNER] = MSG_ID("trust list signer"),
    [CHK_TRUST_LIST_ENTRIES] = MSG_ID("trust list entries"),
    [CHK_TRUST_LIST_ORDER] = MSG_ID("trust list order"),
};

static const char *const state_names[CHECK_STATE_COUNT] = {
    [CHECK_OK] = "ok",
    [CHECK_FAILED] = "failed",
    [CHECK_SKIPPED] = "skipped",
    [CHECK_UNKNOWN] = "unknown",
};

static const char *const reason_codes[REASON_COUNT] = {
    [REASON_NONE] = "",
    [REASON_NOT_A_SIGNATURE] = "not-a-signature",
    [REASON_DAMAGED] = "damaged",
    [REASON_IS_TOKEN] = "is-token",
    [REASON_NOT_SIGNED_DATA] = "not-signed-data",
    [REASON_NO_SIGNER] = "no-signer",
    [REASON_TRAILING] = "trailing",
    [REASON_TOO_MUCH] = "too-much",
    [REASON_FORMAT_BROKEN] = "format-broken",
    [REASON_NO_CONTENT] = "no-content",
    [REASON_NOT_BESIDE] = "not-beside",
    [REASON_CONTENT_CHANGED] = "content-changed",
    [REASON_TEXT_FORM] = "text-form",
    [REASON_ATTRIBUTES_MISSING] = "attributes-missing",
    [REASON_ATTRIBUTES_BAD] = "attributes-bad",
    [REASON_SIGNED_PART] = "signed-part",
    [REASON_CONTENT_TYPE] = "content-type",
    [REASON_ALGORITHM_OLD] = "algorithm-old",
    [REASON_DIGEST_SHORT] = "digest-short",
    [REASON_ALGORITHM_UNKNOWN] = "algorithm-unknown",
    [REASON_KEY_WEAK] = "key-weak",
    [REASON_SIGNER_CERT_MISSING] = "signer-cert-missing",
    [REASON_SIGNER_CERT_OTHER] = "signer-cert-other",
    [REASON_SIGNATURE_BAD] = "signature-bad",
    [REASON_SIGNED_IN_FUTURE] = "signed-in-future",
    [REASON_BYTE_RANGE] = "byte-range",
    [REASON_CHANGED_LATER] = "changed-later",
    [REASON_CHANGES_UNREAD] = "changes-unread",
    [REASON_CRITICAL_UNKNOWN] = "critical-unknown",
    [REASON_PROFILE_UNMET] = "profile-unmet",
    [REASON_PART_SIGNED] = "part-signed",
    [REASON_WRAPPED] = "wrapped",
    [REASON_NO_ANCHOR] = "no-anchor",
    [REASON_UNKNOWN_CA] = "unknown-ca",
    [REASON_ISSUER_MISSING] = "issuer-missing",
    [REASON_CHAIN_REFUSED] = "chain-refused",
    [REASON_NOT_YET_VALID] = "not-yet-valid",
    [REASON_NOT_YET_PROVED] = "not-yet-valid-proved",
    [REASON_EXPIRED_THEN] = "expired-then",
    [REASON_EXPIRED_PROVED] = "expired-proved",
    [REASON_EXPIRED_SINCE] = "expired-since",
    [REASON_EXPIRED_UNREVOKED] = "expired-unrevoked",
    [REASON_ANCHOR_ENDED] = "anchor-ended",
    [REASON_USAGE] = "usage",
    [REASON_POLICY] = "policy",
    [REASON_REVOKED] = "revoked",
    [REASON_REVOKED_THEN] = "revoked-then",
    [REASON_REVOKED_PROVED] = "revoked-proved",
    [REASON_CA_REVOKED] = "ca-revoked",
    [REASON_SUSPENDED] = "suspended",
    [REASON_REVOCATION_MISSING] = "revocation-missing",
    [REASON_REVOCATION_STALE] = "revocation-stale",
    [REASON_REVOCATION_BAD] = "revocation-bad",
    [REASON_REVOCATION_SIGNER_BAD] = "revocation-signer-bad",
    [REASON_REVOCATION_SIGNER_OVER] = "revocation-signer-over",
    [REASON_STAMP_UNREADABLE] = "stamp-unreadable",
    [REASON_STAMP_OTHER] = "stamp-other",
    [REASON_STAMP_INDEX] = "stamp-index",
    [REASON_STAMP_FUTURE] = "stamp-future",
    [REASON_STAMP_ORDER] = "stamp-order",
    [REASON_STAMP_USAGE] = "stamp-usage",
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
	r->n = 0;
	r->overflow = false;
}

void check_set(struct check *c, enum check_name name, enum check_state state, enum reason reason,
    const struct message *m)
{
	*c = (struct check){.name = check_name(name), .id = name, .state = state, .reason = reason};
	message_keep(&c->what, m);
	message_kept_text(&c->what, NULL, c->detail, sizeof c->detail);
}

static struct check *next(struct report *r)
{
	if (r->n < REPORT_MAX)
		return &r->checks[r->n++];
	r->overflow = true;
	return NULL;
}

void report_add_why(struct report *r, enum check_name name, enum check_state state,
    enum reason reason, const struct message *m)
{
	struct check *c = next(r);

	if (c)
		check_set(c, name, state, reason, m);
}

void report_add(
    struct report *r, enum check_name name, enum check_state state, const struct message *m)
{
	report_add_why(r, name, state, REASON_NONE, m);
}

bool report_test(struct report *r, enum check_name name, bool good, const struct message *m)
{
	report_add_why(r, name, good ? CHECK_OK : CHECK_FAILED, REASON_NONE, m);
	return good;
}

void report_came_to(struct report *r, const uint8_t sha256[32])
{
	struct check *c = r->n ? &r->checks[r->n - 1] : NULL;

	if (!c || r->overflow)
		return;
	c->has_anchor = true;
	memcpy(c->anchor, sha256, sizeof c->anchor);
}

void report_copy(struct report *r, const struct check *from)
{
	struct check *c = next(r);

	if (c)
		*c = *from;
}

void report_append(struct report *r, const struct report *from)
{
	for (size_t i = 0; i < from->n; i++)
		report_copy(r, &from->checks[i]);
	r->overflow = r->overflow || from->overflow;
}

const struct check *report_get(const struct report *r, enum check_name name)
{
	for (size_t i = 0; i < r->n; i++)
		if (r->checks[i].id == name)
			return &r->checks[i];
	return NULL;
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

const struct check *report_refusal(const struct report *r, size_t from)
{
	for (size_t i = from; i < r->n; i++) {
		const struct check *c = &r->checks[i];

		if (c->state == CHECK_FAILED ||
		    (c->state == CHECK_UNKNOWN && c->id != CHK_REVOCATION))
			return c;
	}
	return NULL;
}

enum verdict report_strict(const struct report *r)
{
	/* A report without a single good check proves nothing. */
	if (r->overflow || first_in(r, CHECK_FAILED) || !first_in(r, CHECK_OK))
		return VERDICT_FAILED;
	return first_in(r, CHECK_UNKNOWN) ? VERDICT_INDETERMINATE : VERDICT_PASSED;
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
	case REASON_TOO_MUCH:
	case REASON_ATTRIBUTES_MISSING:
	case REASON_TEXT_FORM:
	case REASON_CONTENT_TYPE:
	case REASON_ALGORITHM_OLD:
	case REASON_DIGEST_SHORT:
	case REASON_ALGORITHM_UNKNOWN:
	case REASON_KEY_WEAK:
	case REASON_SIGNER_CERT_MISSING:
	case REASON_CHANGES_UNREAD:
	case REASON_CRITICAL_UNKNOWN:
	case REASON_NOT_BESIDE:
	case REASON_PROFILE_UNMET:
	case REASON_PART_SIGNED:
		return CHECK_UNKNOWN;
	default:
		return CHECK_FAILED;
	}
}

const char *check_name(enum check_name name)
{
	return (unsigned)name < CHK_COUNT ? names[name] : "";
}

const char *reason_code(enum reason reason)
{
	return (unsigned)reason < REASON_COUNT ? reason_codes[reason] : "";
}

const char *verdict_name(enum verdict v)
{
	return (unsigned)v <= VERDICT_FAILED ? verdict_names[v] : "failed";
}

json_t *check_json(const struct check *c)
{
	char anchor[2 * sizeof c->anchor + 1];
	json_t *row = json_pack("{s:s, s:s, s:s}", "check", c->name, "state",
	    check_state_name(c->state), "detail", c->detail);

	if (row && c->reason)
		(void)json_object_set_new(row, "reason", json_string(reason_code(c->reason)));
	if (row && c->has_anchor) {
		hex_str(rd_of(c->anchor, sizeof c->anchor), anchor);
		(void)json_object_set_new(row, "anchor", json_string(anchor));
	}
	return row;
}

json_t *report_json(const struct report *r)
{
	json_t *list = json_array();

	for (size_t i = 0; list && i < r->n; i++) {
		if (json_array_append_new(list, check_json(&r->checks[i])) != 0) {
			json_decref(list);
			return NULL;
		}
	}
	return list;
}
