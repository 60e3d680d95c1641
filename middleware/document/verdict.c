/* SPDX-License-Identifier: BSD-2-Clause */
/* From checks by name to a verdict: two tables, and the worst row wins. */
#include "document/verdict.h"

struct row {
	enum verdict verdict;
	enum sub_indication sub;
};

#define FAILED(why)                                                                                \
	{                                                                                          \
		VERDICT_FAILED, SUB_##why                                                          \
	}
#define INDETERMINATE(why)                                                                         \
	{                                                                                          \
		VERDICT_INDETERMINATE, SUB_##why                                                   \
	}

/* A reason says more than the name of its check. A row that is missing leaves it to the name. */
static const struct row by_reason[REASON_COUNT] = {
    [REASON_NOT_A_SIGNATURE] = FAILED(FORMAT_FAILURE),
    [REASON_DAMAGED] = FAILED(FORMAT_FAILURE),
    [REASON_IS_TOKEN] = FAILED(FORMAT_FAILURE),
    [REASON_NOT_SIGNED_DATA] = FAILED(FORMAT_FAILURE),
    [REASON_NO_SIGNER] = FAILED(FORMAT_FAILURE),
    [REASON_TRAILING] = FAILED(FORMAT_FAILURE),
    [REASON_TOO_MUCH] = FAILED(FORMAT_FAILURE),
    [REASON_FORMAT_BROKEN] = FAILED(FORMAT_FAILURE),
    [REASON_NO_CONTENT] = INDETERMINATE(SIGNED_DATA_NOT_FOUND),
    [REASON_NOT_BESIDE] = INDETERMINATE(SIGNED_DATA_NOT_FOUND),
    [REASON_CONTENT_CHANGED] = FAILED(HASH_FAILURE),
    [REASON_TEXT_FORM] = INDETERMINATE(SIG_CONSTRAINTS_FAILURE),
    [REASON_ATTRIBUTES_MISSING] = INDETERMINATE(SIG_CONSTRAINTS_FAILURE),
    [REASON_ATTRIBUTES_BAD] = FAILED(FORMAT_FAILURE),
    [REASON_SIGNED_PART] = INDETERMINATE(SIG_CONSTRAINTS_FAILURE),
    [REASON_CONTENT_TYPE] = INDETERMINATE(SIG_CONSTRAINTS_FAILURE),
    [REASON_ALGORITHM_OLD] = INDETERMINATE(CRYPTO_CONSTRAINTS_FAILURE_NO_POE),
    [REASON_DIGEST_SHORT] = INDETERMINATE(CRYPTO_CONSTRAINTS_FAILURE_NO_POE),
    [REASON_ALGORITHM_UNKNOWN] = INDETERMINATE(CRYPTO_CONSTRAINTS_FAILURE),
    [REASON_KEY_WEAK] = INDETERMINATE(CRYPTO_CONSTRAINTS_FAILURE_NO_POE),
    [REASON_SIGNER_CERT_MISSING] = INDETERMINATE(NO_SIGNING_CERTIFICATE_FOUND),
    [REASON_SIGNER_CERT_OTHER] = INDETERMINATE(NO_SIGNING_CERTIFICATE_FOUND),
    [REASON_SIGNATURE_BAD] = FAILED(SIG_CRYPTO_FAILURE),
    [REASON_SIGNED_IN_FUTURE] = INDETERMINATE(SIG_CONSTRAINTS_FAILURE),
    [REASON_BYTE_RANGE] = FAILED(FORMAT_FAILURE),
    [REASON_CHANGED_LATER] = FAILED(FORMAT_FAILURE),
    [REASON_CHANGES_UNREAD] = INDETERMINATE(SIG_CONSTRAINTS_FAILURE),
    /* RFC 7515, 4.1.11: nobody relies on it who does not know it. */
    [REASON_CRITICAL_UNKNOWN] = INDETERMINATE(SIG_CONSTRAINTS_FAILURE),
    [REASON_PART_SIGNED] = INDETERMINATE(SIG_CONSTRAINTS_FAILURE),
    [REASON_WRAPPED] = FAILED(FORMAT_FAILURE),
    [REASON_NO_ANCHOR] = INDETERMINATE(NO_CERTIFICATE_CHAIN_FOUND),
    [REASON_UNKNOWN_CA] = INDETERMINATE(NO_CERTIFICATE_CHAIN_FOUND),
    [REASON_ISSUER_MISSING] = INDETERMINATE(NO_CERTIFICATE_CHAIN_FOUND),
    [REASON_CHAIN_REFUSED] = INDETERMINATE(CERTIFICATE_CHAIN_GENERAL_FAILURE),
    /* The signer's own statement, which nobody makes to his advantage. */
    [REASON_NOT_YET_VALID] = FAILED(NOT_YET_VALID),
    [REASON_EXPIRED_THEN] = FAILED(EXPIRED),
    [REASON_REVOKED_THEN] = FAILED(REVOKED),
    [REASON_EXPIRED_SINCE] = INDETERMINATE(OUT_OF_BOUNDS_NO_POE),
    [REASON_EXPIRED_UNREVOKED] = INDETERMINATE(OUT_OF_BOUNDS_NOT_REVOKED),
    [REASON_ANCHOR_ENDED] = INDETERMINATE(NO_CERTIFICATE_CHAIN_FOUND_NO_POE),
    [REASON_USAGE] = INDETERMINATE(CHAIN_CONSTRAINTS_FAILURE),
    [REASON_POLICY] = INDETERMINATE(CHAIN_CONSTRAINTS_FAILURE),
    [REASON_REVOKED] = INDETERMINATE(REVOKED_NO_POE),
    [REASON_CA_REVOKED] = INDETERMINATE(REVOKED_CA_NO_POE),
    /* 5.2.6.4: whether it was revoked or comes back is known later. */
    [REASON_SUSPENDED] = INDETERMINATE(TRY_LATER),
    [REASON_REVOCATION_MISSING] = INDETERMINATE(TRY_LATER),
    [REASON_REVOCATION_STALE] = INDETERMINATE(TRY_LATER),
    [REASON_REVOCATION_BAD] = INDETERMINATE(TRY_LATER),
    [REASON_REVOCATION_SIGNER_OVER] = INDETERMINATE(REVOCATION_OUT_OF_BOUNDS_NO_POE),
    [REASON_STAMP_UNREADABLE] = FAILED(FORMAT_FAILURE),
    [REASON_STAMP_OTHER] = FAILED(HASH_FAILURE),
    [REASON_STAMP_INDEX] = FAILED(HASH_FAILURE),
    [REASON_STAMP_FUTURE] = INDETERMINATE(TIMESTAMP_ORDER_FAILURE),
    [REASON_STAMP_ORDER] = INDETERMINATE(TIMESTAMP_ORDER_FAILURE),
    [REASON_STAMP_USAGE] = INDETERMINATE(CHAIN_CONSTRAINTS_FAILURE),
    [REASON_ATTESTATION_BAD] = FAILED(FORMAT_FAILURE),
    [REASON_ISSUER_CERT_TIME] = INDETERMINATE(OUT_OF_BOUNDS_NO_POE),
    [REASON_ISSUER_KID] = INDETERMINATE(NO_SIGNING_CERTIFICATE_FOUND),
    [REASON_ISSUER_UNPINNED] = INDETERMINATE(CHAIN_CONSTRAINTS_FAILURE),
    [REASON_MARK_UNBOUND] = INDETERMINATE(SIG_CONSTRAINTS_FAILURE),
};

static const struct row by_check[CHK_COUNT] = {
    /* a signature */
    [CHK_STRUCTURE] = FAILED(FORMAT_FAILURE),
    [CHK_SIGNED_ATTRIBUTES] = FAILED(FORMAT_FAILURE),
    [CHK_CONTENT_DIGEST] = FAILED(HASH_FAILURE),
    [CHK_SIGNING_CERTIFICATE] = INDETERMINATE(NO_SIGNING_CERTIFICATE_FOUND),
    [CHK_SIGNATURE_VALUE] = FAILED(SIG_CRYPTO_FAILURE),
    [CHK_BYTE_RANGE] = FAILED(FORMAT_FAILURE),
    [CHK_LATER_CHANGES] = FAILED(FORMAT_FAILURE),
    [CHK_TIME_STAMP] = INDETERMINATE(SIG_CONSTRAINTS_FAILURE),
    [CHK_IMPRINT] = FAILED(HASH_FAILURE),
    [CHK_HASH_INDEX] = FAILED(HASH_FAILURE),
    [CHK_COUNTER_SIGNATURE] = INDETERMINATE(SIG_CONSTRAINTS_FAILURE),
    [CHK_SIGNING_TIME] = INDETERMINATE(SIG_CONSTRAINTS_FAILURE),
    [CHK_SIGNER] = FAILED(FORMAT_FAILURE),
    [CHK_SIGNER_ASKED] = FAILED(NONE),
    /* a certificate */
    [CHK_CHAIN] = INDETERMINATE(NO_CERTIFICATE_CHAIN_FOUND),
    [CHK_VALIDITY] = INDETERMINATE(OUT_OF_BOUNDS_NO_POE),
    [CHK_KEY_USAGE] = INDETERMINATE(CHAIN_CONSTRAINTS_FAILURE),
    [CHK_POLICY] = INDETERMINATE(CHAIN_CONSTRAINTS_FAILURE),
    [CHK_REVOCATION] = INDETERMINATE(TRY_LATER),
    [CHK_REVOCATION_NOT_USED] = INDETERMINATE(TRY_LATER),
    /* any signed token */
    [CHK_FORM] = FAILED(FORMAT_FAILURE),
    [CHK_EVERYTHING_ELSE] = FAILED(NONE),
    [CHK_PROFILE] = FAILED(FORMAT_FAILURE),
    [CHK_SUBJECT] = FAILED(NONE),
    [CHK_AUDIENCE] = FAILED(NONE),
    [CHK_NONCE] = FAILED(NONE),
    [CHK_TIME] = FAILED(NONE),
    [CHK_SIGNATURE] = FAILED(SIG_CRYPTO_FAILURE),
    [CHK_KIND] = FAILED(NONE),
    /* a token's key */
    [CHK_ATTESTATION_CHAIN] = INDETERMINATE(NO_CERTIFICATE_CHAIN_FOUND),
    [CHK_ATTESTATION_STATEMENT] = FAILED(FORMAT_FAILURE),
    [CHK_ATTESTED_KEY] = FAILED(NONE),
    [CHK_PIN_POLICY] = FAILED(NONE),
    [CHK_EVIDENCE_LEVEL] = FAILED(NONE),
    /* a trust mark */
    [CHK_MARK] = FAILED(NONE),
    [CHK_MARK_FORM] = FAILED(FORMAT_FAILURE),
    [CHK_MARK_ISSUER] = INDETERMINATE(NO_CERTIFICATE_CHAIN_FOUND),
    [CHK_MARK_TYPE] = FAILED(NONE),
    [CHK_MARK_SUBJECT] = FAILED(NONE),
    [CHK_MARK_TIME] = FAILED(NONE),
    [CHK_MARK_SIGNATURE] = FAILED(SIG_CRYPTO_FAILURE),
    [CHK_MARK_DELEGATION] = FAILED(NONE),
    [CHK_MARK_HOLDER] = FAILED(NONE),
    /* its status: a stale one is asked for again */
    [CHK_STATUS] = FAILED(NONE),
    [CHK_STATUS_CHOICE] = FAILED(NONE),
    [CHK_STATUS_FORM] = FAILED(FORMAT_FAILURE),
    [CHK_STATUS_ISSUER] = INDETERMINATE(NO_CERTIFICATE_CHAIN_FOUND),
    [CHK_STATUS_SIGNATURE] = FAILED(SIG_CRYPTO_FAILURE),
    [CHK_STATUS_MARK] = FAILED(NONE),
    [CHK_STATUS_TIME] = INDETERMINATE(TRY_LATER),
    [CHK_STATUS_AGE] = INDETERMINATE(TRY_LATER),
    [CHK_STATUS_VALUE] = FAILED(NONE),
    [CHK_OCSP_RESPONSE] = FAILED(NONE),
    [CHK_NONCE_BURNED] = FAILED(NONE),
    /* a renewal request */
    [CHK_REQUEST_FILE] = FAILED(FORMAT_FAILURE),
    [CHK_CONTENT] = FAILED(FORMAT_FAILURE),
    [CHK_FILE_LIST] = FAILED(FORMAT_FAILURE),
    [CHK_PREVIOUS_MARK] = FAILED(NONE),
    [CHK_BUSINESS_NUMBER] = FAILED(NONE),
    [CHK_REPLAY] = FAILED(NONE),
    /* a trust list */
    [CHK_TRUST_LIST_FORM] = FAILED(FORMAT_FAILURE),
    [CHK_TRUST_LIST_SIGNATURE] = FAILED(SIG_CRYPTO_FAILURE),
    [CHK_TRUST_LIST_TIME] = FAILED(NONE),
    [CHK_TRUST_LIST_SIGNER] = FAILED(NONE),
    [CHK_TRUST_LIST_ENTRIES] = FAILED(FORMAT_FAILURE),
    [CHK_TRUST_LIST_ORDER] = FAILED(NONE),
};

static const char *const names[SUB_COUNT] = {
    [SUB_NONE] = "",
    [SUB_FORMAT_FAILURE] = "FORMAT_FAILURE",
    [SUB_HASH_FAILURE] = "HASH_FAILURE",
    [SUB_SIG_CRYPTO_FAILURE] = "SIG_CRYPTO_FAILURE",
    [SUB_REVOKED] = "REVOKED",
    [SUB_EXPIRED] = "EXPIRED",
    [SUB_NOT_YET_VALID] = "NOT_YET_VALID",
    [SUB_SIG_CONSTRAINTS_FAILURE] = "SIG_CONSTRAINTS_FAILURE",
    [SUB_CHAIN_CONSTRAINTS_FAILURE] = "CHAIN_CONSTRAINTS_FAILURE",
    [SUB_CERTIFICATE_CHAIN_GENERAL_FAILURE] = "CERTIFICATE_CHAIN_GENERAL_FAILURE",
    [SUB_CRYPTO_CONSTRAINTS_FAILURE] = "CRYPTO_CONSTRAINTS_FAILURE",
    [SUB_CRYPTO_CONSTRAINTS_FAILURE_NO_POE] = "CRYPTO_CONSTRAINTS_FAILURE_NO_POE",
    [SUB_NO_SIGNING_CERTIFICATE_FOUND] = "NO_SIGNING_CERTIFICATE_FOUND",
    [SUB_NO_CERTIFICATE_CHAIN_FOUND] = "NO_CERTIFICATE_CHAIN_FOUND",
    [SUB_NO_CERTIFICATE_CHAIN_FOUND_NO_POE] = "NO_CERTIFICATE_CHAIN_FOUND_NO_POE",
    [SUB_REVOKED_NO_POE] = "REVOKED_NO_POE",
    [SUB_REVOKED_CA_NO_POE] = "REVOKED_CA_NO_POE",
    [SUB_OUT_OF_BOUNDS_NOT_REVOKED] = "OUT_OF_BOUNDS_NOT_REVOKED",
    [SUB_OUT_OF_BOUNDS_NO_POE] = "OUT_OF_BOUNDS_NO_POE",
    [SUB_REVOCATION_OUT_OF_BOUNDS_NO_POE] = "REVOCATION_OUT_OF_BOUNDS_NO_POE",
    [SUB_TRY_LATER] = "TRY_LATER",
    [SUB_SIGNED_DATA_NOT_FOUND] = "SIGNED_DATA_NOT_FOUND",
    [SUB_TIMESTAMP_ORDER_FAILURE] = "TIMESTAMP_ORDER_FAILURE",
};

const char *sub_indication_name(enum sub_indication s)
{
	return (unsigned)s < SUB_COUNT ? names[s] : "";
}

json_t *sub_indication_json(enum sub_indication s)
{
	return *sub_indication_name(s) ? json_string(sub_indication_name(s)) : json_null();
}

/* PASSED is a row that is missing. */
static const struct row *row_of(const struct check *c)
{
	static const struct row other = FAILED(NONE);

	if ((unsigned)c->reason < REASON_COUNT && by_reason[c->reason].verdict != VERDICT_PASSED)
		return &by_reason[c->reason];
	if ((unsigned)c->id < CHK_COUNT && by_check[c->id].verdict != VERDICT_PASSED)
		return &by_check[c->id];
	return &other;
}

/* What an unknown check leaves open. */
static enum sub_indication open_of(const struct check *c)
{
	const struct row *row = row_of(c);

	if (row->verdict == VERDICT_INDETERMINATE)
		return row->sub;
	if (c->id == CHK_STATUS)
		return SUB_TRY_LATER;
	row = (unsigned)c->id < CHK_COUNT ? &by_check[c->id] : row;
	return row->verdict == VERDICT_INDETERMINATE ? row->sub : SUB_SIG_CONSTRAINTS_FAILURE;
}

struct judgement check_judge(const struct check *c)
{
	const struct row *row = row_of(c);

	if (c->state == CHECK_UNKNOWN)
		return (struct judgement){VERDICT_INDETERMINATE, open_of(c), c};
	if (c->state == CHECK_FAILED)
		return (struct judgement){row->verdict, row->sub, c};
	return (struct judgement){VERDICT_PASSED, SUB_NONE, NULL};
}

static int weight(const struct judgement *j)
{
	return 2 * (int)j->verdict + (j->why && j->why->state == CHECK_FAILED);
}

/* Where EN 319 102-1 finds it: the building blocks 5.2.2 to 5.2.8 by their last number, then the
 * processes that go on from there. What the relying party asked for is behind them all: it means
 * nothing of what is forged. */
enum { FORMAT = 2, SIGNER = 3, CERTIFICATE = 6, VALUE = 7, ACCEPTANCE = 8, TIME, ASKED };

static int block_of(const struct judgement *j)
{
	static const int blocks[SUB_COUNT] = {
	    [SUB_NONE] = ASKED,
	    [SUB_FORMAT_FAILURE] = FORMAT,
	    [SUB_NO_SIGNING_CERTIFICATE_FOUND] = SIGNER,
	    [SUB_NO_CERTIFICATE_CHAIN_FOUND] = CERTIFICATE,
	    [SUB_CERTIFICATE_CHAIN_GENERAL_FAILURE] = CERTIFICATE,
	    [SUB_CHAIN_CONSTRAINTS_FAILURE] = CERTIFICATE,
	    [SUB_NO_CERTIFICATE_CHAIN_FOUND_NO_POE] = CERTIFICATE,
	    [SUB_OUT_OF_BOUNDS_NOT_REVOKED] = CERTIFICATE,
	    [SUB_OUT_OF_BOUNDS_NO_POE] = CERTIFICATE,
	    [SUB_REVOCATION_OUT_OF_BOUNDS_NO_POE] = CERTIFICATE,
	    [SUB_REVOKED_NO_POE] = CERTIFICATE,
	    [SUB_REVOKED_CA_NO_POE] = CERTIFICATE,
	    [SUB_TRY_LATER] = CERTIFICATE,
	    [SUB_HASH_FAILURE] = VALUE,
	    [SUB_SIG_CRYPTO_FAILURE] = VALUE,
	    [SUB_SIGNED_DATA_NOT_FOUND] = VALUE,
	    [SUB_SIG_CONSTRAINTS_FAILURE] = ACCEPTANCE,
	    [SUB_CRYPTO_CONSTRAINTS_FAILURE] = ACCEPTANCE,
	    [SUB_CRYPTO_CONSTRAINTS_FAILURE_NO_POE] = ACCEPTANCE,
	    [SUB_TIMESTAMP_ORDER_FAILURE] = TIME,
	    [SUB_REVOKED] = TIME,
	    [SUB_EXPIRED] = TIME,
	    [SUB_NOT_YET_VALID] = TIME,
	};

	/* What a token has to say is no part of its form; a mark's status is none of a
	 * certificate's revocation. */
	if (j->why && (j->why->id == CHK_CONTENT || j->why->id == CHK_PROFILE ||
			  j->why->id == CHK_REQUEST_FILE || j->why->id == CHK_STATUS))
		return ACCEPTANCE;
	/* 5.2.6.4 asks the same of the certificates. */
	if (j->why && j->why->id == CHK_CHAIN && blocks[j->sub] == ACCEPTANCE)
		return CERTIFICATE;
	return blocks[j->sub];
}

struct judgement judgement_worst(struct judgement a, struct judgement b)
{
	int more = weight(&b) - weight(&a);

	return more > 0 || (!more && b.why && block_of(&b) < block_of(&a)) ? b : a;
}

struct judgement report_judge(const struct report *r)
{
	struct judgement worst = {VERDICT_PASSED, SUB_NONE, NULL};
	bool good = false;

	for (size_t i = 0; i < r->n; i++) {
		worst = judgement_worst(worst, check_judge(&r->checks[i]));
		good = good || r->checks[i].state == CHECK_OK;
	}
	/* A report that says nothing proves nothing. */
	if (r->overflow || (!good && !worst.why))
		worst.verdict = VERDICT_FAILED;
	return worst;
}

enum verdict report_verdict(const struct report *r)
{
	return report_judge(r).verdict;
}

const struct check *report_reason(const struct report *r)
{
	return report_judge(r).why;
}
