/* SPDX-License-Identifier: BSD-2-Clause */
/* Verifying a renewal request, step by step. */
#include <openssl/err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "document/cert.h"
#include "document/jose/jws.h"
#include "document/json.h"
#include "document/verdict.h"
#include "trust/claims.h"
#include "trust/presenter.h"
#include "trust/renewal/renewal_priv.h"

static void check_subject(const struct jws *j, struct renewal_result *r)
{
	char iss[256];
	const char *why = NULL;

	if (!claim_text(j, "iss", iss, sizeof iss) ||
	    !claim_text(j, "sub", r->merchant, sizeof r->merchant))
		why = MSG_ID("iss or sub is missing");
	else if (strcmp(iss, r->merchant) != 0)
		why = MSG_ID("iss and sub differ");
	text_scrub(r->merchant);
	report_test(&r->report, CHK_SUBJECT, !why, why ? MSG(why) : MSG_TEXT(r->merchant));
}

static void check_audience(
    const struct jws *j, const struct renewal_expect *e, struct renewal_result *r)
{
	const char *aud = jws_aud(j, e->audience);
	bool there = aud && aud[0] && strlen(aud) < sizeof r->issuer;

	if (there)
		(void)snprintf(r->issuer, sizeof r->issuer, "%s", aud);
	text_scrub(r->issuer);
	if (there && !e->audience)
		report_add(&r->report, CHK_AUDIENCE, CHECK_SKIPPED,
		    MSG("for {issuer}; not compared", P_TEXT("issuer", r->issuer)));
	else
		report_test(&r->report, CHK_AUDIENCE, there && jws_has_aud(j, e->audience),
		    there ? MSG("for {issuer}", P_TEXT("issuer", r->issuer))
			  : MSG("aud is missing"));
}

/* The claims back in the form of the merchant's file, so that one check serves both. */
static json_t *as_file(const struct jws *j, const char *audience)
{
	const json_t *evidence = json_object_get(j->claims, "hktm_evidence");
	json_t *file = json_is_object(evidence) ? json_copy((json_t *)(uintptr_t)evidence) : NULL;
	static const char *const from[] = {"sub", "trust_mark_type", "hktm_cop"};
	static const char *const to[] = {"merchant", "trust_mark_type", "code_of_practice"};
	const char *aud = jws_aud(j, audience);
	enum ecert_rc rc = ECERT_OK;
	json_t *entries;

	if (!file)
		return NULL;
	entries = json_object_get(file, "entries");
	if (entries) {
		claim_set(file, "evidence", json_incref(entries), &rc);
		(void)json_object_del(file, "entries");
	}
	if (aud)
		claim_set_text(file, "issuer", aud, &rc);
	for (size_t i = 0; i < sizeof from / sizeof from[0]; i++) {
		json_t *v = json_object_get(j->claims, from[i]);

		if (v)
			claim_set(file, to[i], json_incref(v), &rc);
	}
	if (rc == ECERT_OK)
		return file;
	json_decref(file);
	return NULL;
}

static void check_content(
    const struct jws *j, const struct renewal_expect *e, struct renewal_result *r)
{
	json_t *file = as_file(j, e->audience);

	(void)claim_text(j, "trust_mark_type", r->type, sizeof r->type);
	(void)claim_text(j, "jti", r->id, sizeof r->id);
	text_scrub(r->type);
	if (!file)
		report_add(&r->report, CHK_CONTENT, CHECK_FAILED, MSG("hktm_evidence is missing"));
	else
		(void)renewal_content_check(file, CHK_CONTENT, &r->report);
	json_decref(file);
}

static void check_previous(
    const struct jws *j, const struct renewal_expect *e, struct renewal_result *r)
{
	const char *prev = jws_str(j, "hktm_prev");
	char have[44] = "";
	bool ok;

	if (!e->prev.n) {
		report_add(&r->report, CHK_PREVIOUS_MARK, CHECK_SKIPPED,
		    MSG(prev ? MSG_ID("not given, so not compared")
			     : MSG_ID("a first application")));
		return;
	}
	ok = prev && jws_sha256(trimmed(e->prev), have) == ECERT_OK && strcmp(prev, have) == 0;
	report_test(&r->report, CHK_PREVIOUS_MARK, ok,
	    MSG(ok     ? MSG_ID("it renews this mark")
		: prev ? MSG_ID("it renews another mark")
		       : MSG_ID("it names no mark that it renews")));
}

static void check_business(const struct jws *j, struct renewal_result *r)
{
	(void)renewal_business_check(json_string_value(json_object_get(
					 json_object_get(j->claims, "hktm_evidence"), "br_no")),
	    r->who.br, &r->report);
}

enum ecert_rc renewal_burn(struct nonce_store *used, const struct renewal_result *r)
{
	return nonce_store_burn(used, r->merchant, r->id, r->exp);
}

void renewal_unburn(struct nonce_store *used, const struct renewal_result *r)
{
	nonce_store_forget(used, r->merchant, r->id);
}

/* A request counts once. Looking at it uses nothing up: whoever grants what it asks for does. */
static enum ecert_rc check_replay(const struct renewal_expect *e, struct renewal_result *r)
{
	bool seen = true;
	enum ecert_rc rc;

	if (!e->used) {
		report_add(&r->report, CHK_REPLAY, CHECK_SKIPPED, MSG("not asked"));
		return ECERT_OK;
	}
	if (report_strict(&r->report) == VERDICT_FAILED || !r->id[0]) {
		report_test(&r->report, CHK_REPLAY, r->id[0] != 0,
		    MSG(r->id[0] ? MSG_ID("not compared, the request fails anyway")
				 : MSG_ID("jti is missing")));
		return ECERT_OK;
	}
	rc = nonce_store_seen(e->used, r->merchant, r->id, &seen);
	report_test(&r->report, CHK_REPLAY, rc == ECERT_OK && !seen,
	    MSG(rc != ECERT_OK ? MSG_ID("the store of used requests cannot be read")
		: seen	       ? MSG_ID("this request was handed in before")
			       : MSG_ID("not granted so far")));
	return rc;
}

static enum ecert_rc verify_parsed(
    struct jws *j, const struct renewal_expect *e, struct renewal_result *r)
{
	struct presenter p;
	struct claim_times t;

	r->claims = json_incref(j->claims);
	check_subject(j, r);
	check_audience(j, e, r);
	(void)claim_times_check(j, CHK_TIME, e->now, RENEWAL_MAX_LIFE, &t, &r->report);
	r->iat = t.iat;
	r->exp = t.exp;
	presenter_check(&p, j, e->trust, t.iat, e->now, e->ocsp, &r->report);
	r->who = p.who;
	report_move(&r->report, &p.path, CHK_REVOCATION);
	report_move(&r->report, &p.path, CHK_INVALIDITY_DATE);
	report_move(&r->report, &p.path, CHK_REVOCATION_NOT_USED);
	check_content(j, e, r);
	check_previous(j, e, r);
	check_business(j, r);
	return check_replay(e, r);
}

enum ecert_rc renewal_verify(
    struct rd text, const struct renewal_expect *e, struct renewal_result **out)
{
	const struct jws_rules rules = {.typ = RENEWAL_TYP, .need_x5c = true};
	struct jws *j = NULL;
	struct message_kept why;
	struct renewal_result *r;
	enum ecert_rc rc;

	*out = NULL;
	r = calloc(1, sizeof *r);
	if (!r)
		return ECERT_E_MEMORY;
	rc = jws_parse(text, &rules, &j, &why);
	report_test(&r->report, CHK_FORM, rc == ECERT_OK, MSG_KEPT(&why));
	if (rc == ECERT_OK)
		rc = verify_parsed(j, e, r);
	else if (rc != ECERT_E_MEMORY)
		rc = ECERT_OK;
	jws_free(&j);
	ERR_clear_error();
	if (rc == ECERT_OK)
		*out = r;
	else
		renewal_result_free(&r);
	return rc;
}

enum ecert_rc renewal_signer(struct rd text, struct buf *out)
{
	struct jws *j = NULL;
	enum ecert_rc rc = jws_parse(
	    text, &(struct jws_rules){.typ = RENEWAL_TYP, .need_x5c = true}, &j, NULL);

	if (rc == ECERT_OK)
		buf_rd(out, buf_view(&j->x5c[0]));
	jws_free(&j);
	return rc == ECERT_OK ? buf_rc(out) : rc;
}

json_t *renewal_json(const struct renewal_result *r)
{
	json_t *content = r->claims ? json_incref(r->claims) : json_null();
	struct judgement j = report_judge(&r->report);

	return json_pack("{s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "verdict",
	    verdict_name(j.verdict), "sub_indication", sub_indication_json(j.sub), "signer",
	    identity_json(&r->who), "merchant", text_json(r->merchant), "issuer",
	    text_json(r->issuer), "trust_mark_type", text_json(r->type), "jti", text_json(r->id),
	    "iat", json_time(r->iat), "exp", json_time(r->exp), "claims", content, "checks",
	    report_json(&r->report));
}

void renewal_result_free(struct renewal_result **r)
{
	if (!*r)
		return;
	json_decref((*r)->claims);
	free(*r);
	*r = NULL;
}
