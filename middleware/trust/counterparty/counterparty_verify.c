/* SPDX-License-Identifier: BSD-2-Clause */
/* Verifying a counterparty token in the order of its profile, each step by name. */
#include <openssl/err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "document/json.h"
#include "document/verdict.h"
#include "trust/claims.h"
#include "trust/counterparty/evidence.h"
#include "trust/names.h"
#include "trust/presenter.h"
#include "util/hex.h"

#define COUNTERPARTY_MAX_SIZE 131072

static void check_profile(const struct jws *j, struct counterparty_result *r)
{
	const char *profile = jws_str(j, "eat_profile");
	bool ok = profile && strcmp(profile, COUNTERPARTY_PROFILE) == 0;

	report_test(
	    &r->report, CHK_PROFILE, ok, ok ? MSG_TEXT(profile) : MSG("eat_profile is not ours"));
}

/* A host has no case (RFC 3986, 3.2.2), and an empty path is one of "/" (6.2.3). */
static bool same_url(const char *a, const char *b)
{
	size_t scheme = strlen("https://"), n = scheme;

	if (strlen(a) < scheme || strlen(b) < scheme)
		return false;
	n += strcspn(a + scheme, "/");
	if (n != scheme + strcspn(b + scheme, "/") || strncasecmp(a, b, n) != 0)
		return false;
	return strcmp(a[n] ? a + n : "/", b[n] ? b + n : "/") == 0;
}

static void check_subject(
    const struct jws *j, const struct counterparty_expect *e, struct counterparty_result *r)
{
	char iss[256];
	const char *why = NULL;

	if (!claim_text(j, "iss", iss, sizeof iss) ||
	    !claim_text(j, "sub", r->subject, sizeof r->subject) || strcmp(iss, r->subject) != 0)
		why = MSG_ID("iss and sub must be the same https URL");
	else if (!name_is_url(iss))
		why = MSG_ID("iss and sub are no https URL with a domain name in lower case");
	else if (e->subject && !same_url(iss, e->subject))
		why = MSG_ID("it is by {subject}, and {party} was asked");
	text_scrub(r->subject);
	report_test(&r->report, CHK_SUBJECT, !why,
	    why ? MSG(why, P_TEXT("subject", r->subject), P_TEXT("party", e->subject))
		: MSG_TEXT(r->subject));
}

static void check_audience(
    const struct jws *j, const struct counterparty_expect *e, struct counterparty_result *r)
{
	bool ok = jws_has_aud(j, e->audience);
	const char *aud = jws_aud(j, e->audience);

	if (aud && strlen(aud) < sizeof r->audience)
		(void)snprintf(r->audience, sizeof r->audience, "%s", aud);
	text_scrub(r->audience);
	report_test(&r->report, CHK_AUDIENCE, ok,
	    MSG(ok ? MSG_ID("it is for us") : MSG_ID("it was made for another audience")));
}

/* The nonce is the one that we gave out, and nobody has used it yet. */
static enum ecert_rc check_nonce(
    const struct jws *j, const struct counterparty_expect *e, struct counterparty_result *r)
{
	const char *nonce = jws_str(j, "eat_nonce"), *why = NULL;
	size_t n = nonce ? strlen(nonce) : 0;
	bool seen = false;
	enum ecert_rc rc = ECERT_OK;

	if (n < NONCE_MIN || n > NONCE_MAX)
		why = MSG_ID("eat_nonce is missing or not of 8 to 88 characters");
	else if (strcmp(nonce, e->nonce) != 0)
		why = MSG_ID("it is not the nonce that we gave");
	else if (e->used)
		rc = nonce_store_seen(e->used, e->audience, nonce, &seen);
	if (rc == ECERT_OK && seen)
		why = MSG_ID("the nonce was used already");
	report_test(&r->report, CHK_NONCE, !why, MSG(why ? why : MSG_ID("ours")));
	return rc;
}

static struct rd stapled_ocsp(const struct jws *j, struct buf *der)
{
	const json_t *claim = json_object_get(j->claims, "hktm_ocsp");
	const char *text = json_string_value(claim);

	if (text && b64url_get(rd_of(text, strlen(text)), der) == ECERT_OK && buf_len(der))
		return buf_view(der);
	/* One that cannot be read is told as such, not passed over. */
	return claim ? rd_of("?", 1) : rd_of(NULL, 0);
}

static void check_status(const struct jws *j, struct rd mark, const struct mark_expect *me,
    const struct counterparty_expect *e, struct counterparty_result *r)
{
	const char *stapled = jws_str(j, "hktm_status");
	struct rd status = mark_status_choose(
	    e->status, rd_of(stapled, stapled ? strlen(stapled) : 0), mark, me, &r->report);

	if (status.n)
		r->active = mark_status_verify(status, mark, me, r->status, &r->report) &&
			    r->has_mark;
	else
		report_add(&r->report, CHK_STATUS, e->need_mark ? CHECK_FAILED : CHECK_UNKNOWN,
		    MSG("no status was given, so the mark may have been revoked"));
}

static const char *pick_mark(const json_t *list, const char **type, const char **text)
{
	const json_t *item = json_array_get(list, 0);

	*type = json_string_value(json_object_get(item, "trust_mark_type"));
	*text = json_string_value(json_object_get(item, "trust_mark"));
	if (json_array_size(list) > 1)
		return MSG_ID("more than one mark was presented, and only one is judged");
	return *type && *text ? NULL : MSG_ID("trust_marks is not a list of marks");
}

static void check_mark(
    const struct jws *j, const struct counterparty_expect *e, struct counterparty_result *r)
{
	const json_t *list = json_object_get(j->claims, "trust_marks");
	const char *type = NULL, *text = NULL;
	char subject[256] = "";
	const char *why;
	struct mark_expect me;
	struct rd mark;

	if (!list) {
		report_add(&r->report, CHK_MARK,
		    e->need_mark || e->status.n ? CHECK_FAILED : CHECK_SKIPPED,
		    MSG(e->status.n
			    ? MSG_ID("no mark was presented, to which the status could belong")
			    : MSG_ID("no mark was presented")));
		return;
	}
	why = pick_mark(list, &type, &text);
	if (why) {
		report_add(&r->report, CHK_MARK, CHECK_FAILED, MSG(why));
		return;
	}
	(void)claim_text(j, "sub", subject, sizeof subject);
	me = (struct mark_expect){.sub = subject,
	    .type = type,
	    .holder = buf_view(&j->x5c[0]),
	    .now = e->now,
	    .trust = e->trust,
	    .status_age = e->status_age};
	mark = rd_of(text, strlen(text));
	r->has_mark = mark_verify(mark, &me, &r->mark, &r->report);
	check_status(j, mark, &me, e, r);
}

/* Burned by a token that passed everything else: nonces travel in the open, so that a stranger's
 * token, or one that has to be made again, must leave it to the one it was given to. */
static enum ecert_rc burn(const struct counterparty_expect *e, struct counterparty_result *r)
{
	enum ecert_rc rc;

	if (report_verdict(&r->report) != VERDICT_PASSED) {
		report_add(&r->report, CHK_NONCE_BURNED, CHECK_SKIPPED,
		    MSG("the token was not accepted, so that the nonce still counts"));
		return ECERT_OK;
	}
	if (!e->used) {
		report_add(&r->report, CHK_NONCE_BURNED, CHECK_UNKNOWN,
		    MSG("no store of used nonces, so that a replay would not be noticed"));
		return ECERT_OK;
	}
	rc = nonce_store_burn(e->used, e->audience, e->nonce, r->exp + TRUST_CLOCK_SKEW);
	report_test(&r->report, CHK_NONCE_BURNED, rc == ECERT_OK,
	    rc == ECERT_OK	   ? MSG_EMPTY
	    : rc == ECERT_E_EXISTS ? MSG("somebody else used it at this moment")
				   : MSG("it cannot be recorded"));
	return rc == ECERT_E_EXISTS ? ECERT_OK : rc;
}

static enum ecert_rc verify_parsed(
    const struct jws *j, const struct counterparty_expect *e, struct counterparty_result *r)
{
	struct presenter p;
	struct claim_times t;
	struct buf ocsp = BUF_INIT(1u << 17);
	enum ecert_rc rc;

	check_profile(j, r);
	check_subject(j, e, r);
	check_audience(j, e, r);
	rc = check_nonce(j, e, r);
	(void)claim_times_check(j, CHK_TIME, e->now, COUNTERPARTY_MAX_LIFE, &t, &r->report);
	r->iat = t.iat;
	r->exp = t.exp;
	presenter_check(&p, j, e->trust, e->now, e->now, stapled_ocsp(j, &ocsp), &r->report);
	r->who = p.who;
	report_move(&r->report, &p.path, CHK_REVOCATION);
	report_move(&r->report, &p.path, CHK_INVALIDITY_DATE);
	report_move(&r->report, &p.path, CHK_REVOCATION_NOT_USED);
	evidence_check(j, e, p.entry, p.signature_ok, r);
	check_mark(j, e, r);
	if (rc == ECERT_OK)
		rc = burn(e, r);
	buf_free(&ocsp);
	return rc;
}

enum ecert_rc counterparty_verify(
    struct rd text, const struct counterparty_expect *e, struct counterparty_result **out)
{
	const struct jws_rules rules = {
	    .typ = COUNTERPARTY_TYP, .max = COUNTERPARTY_MAX_SIZE, .need_x5c = true};
	struct jws *j = NULL;
	struct message_kept why;
	struct counterparty_result *r;
	enum ecert_rc rc;
	bool ok;

	*out = NULL;
	if (!e->audience || !e->nonce || !e->trust)
		return ECERT_E_ARG;
	r = calloc(1, sizeof *r);
	if (!r)
		return ECERT_E_MEMORY;
	r->level_reason = "";
	rc = jws_parse(text, &rules, &j, &why);
	ok = rc == ECERT_OK && counterparty_alg(j->alg);
	report_test(&r->report, CHK_FORM, ok,
	    rc == ECERT_OK && !ok ? MSG("alg is not allowed here") : MSG_KEPT(&why));
	if (rc == ECERT_OK)
		rc = verify_parsed(j, e, r);
	else if (rc != ECERT_E_MEMORY) {
		report_add(&r->report, CHK_EVERYTHING_ELSE, CHECK_SKIPPED,
		    MSG("it is not a counterparty token"));
		rc = ECERT_OK;
	}
	jws_free(&j);
	ERR_clear_error();
	if (rc == ECERT_OK)
		*out = r;
	else
		counterparty_result_free(&r);
	return rc;
}

/* A token that is not valid proves nothing: what its parts would prove is in the checks. */
json_t *counterparty_json(const struct counterparty_result *r)
{
	struct judgement j = report_judge(&r->report);
	bool counts = report_strict(&r->report) != VERDICT_FAILED;
	const char *why = j.verdict == VERDICT_FAILED ? MSG_ID("the token is not valid")
						      : MSG_ID("the token cannot be called valid");

	return json_pack("{s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:s, s:s, s:o, s:o, s:s, s:b, s:o}",
	    "verdict", verdict_name(j.verdict), "sub_indication", sub_indication_json(j.sub),
	    "signer", identity_json(&r->who), "subject", text_json(r->subject), "audience",
	    text_json(r->audience), "iat", json_time(r->iat), "exp", json_time(r->exp),
	    "evidence_level", evidence_name(counts ? r->level : EVIDENCE_NONE), "evidence_reason",
	    counts ? r->level_reason : why, "attestation",
	    r->has_attestation ? attestation_json(&r->attestation) : json_null(), "mark",
	    r->has_mark ? mark_json(&r->mark) : json_null(), "mark_status", r->status,
	    "mark_in_force", counts && r->active, "checks", report_json(&r->report));
}

void counterparty_result_free(struct counterparty_result **r)
{
	free(*r);
	*r = NULL;
}
