/* SPDX-License-Identifier: BSD-2-Clause */
/* Validating a trust mark (OpenID Federation 1.0, 7.3) under keys pinned by kid. */
#include <stdio.h>
#include <string.h>

#include "document/cert.h"
#include "document/jose/jws.h"
#include "document/json.h"
#include "trust/claims.h"
#include "trust/mark/mark_priv.h"
#include "trust/value.h"

/* A name that is longer than any that is read here is not missing. */
static const char *text_defect(const struct jws *j, const char *claim, const char *missing)
{
	const char *text = jws_str(j, claim);

	return text && text[0] ? MSG_ID("a name in it is longer than 255 bytes") : missing;
}

/* An entry of the issuer may name the only types that it may issue. */
static bool may_issue(const struct jws *j, const struct mark_info *m, const struct mark_expect *e)
{
	const struct trust_entry *by = mark_issuer_entry(j, e, m->iss);

	for (size_t i = 0; by && i < by->mark_types_n; i++)
		if (strcmp(by->mark_types[i], m->type) == 0)
			return true;
	return !by || by->mark_types_n == 0;
}

static bool check_type(
    const struct jws *j, const struct mark_info *m, const struct mark_expect *e, struct report *rep)
{
	const char *why = NULL;

	if (!m->type[0])
		why = text_defect(j, "trust_mark_type", MSG_ID("trust_mark_type is missing"));
	else if (e->type && strcmp(e->type, m->type) != 0)
		why = MSG_ID("it is a mark of another type");
	else if (!may_issue(j, m, e))
		why = MSG_ID("its issuer may not issue marks of this type");
	return report_test(rep, CHK_MARK_TYPE, !why, why ? MSG(why) : MSG_TEXT(m->type));
}

static bool check_subject(
    const struct jws *j, const struct mark_info *m, const struct mark_expect *e, struct report *rep)
{
	const char *why = NULL;

	if (!m->sub[0])
		why = text_defect(j, "sub", MSG_ID("sub is missing"));
	else if (e->sub && strcmp(e->sub, m->sub) != 0)
		why = MSG_ID("it is the mark of another subject");
	return report_test(rep, CHK_MARK_SUBJECT, !why, why ? MSG(why) : MSG_TEXT(m->sub));
}

static bool check_times(
    const struct jws *j, struct mark_info *m, const struct mark_expect *e, struct report *rep)
{
	struct claim_times t;
	bool ok = claim_times_check(j, CHK_MARK_TIME, e->now, 0, &t, rep);

	m->iat = t.iat;
	m->exp = t.exp;
	return ok;
}

/* cnf (RFC 7800, 3) with x5t#S256 (RFC 8705, 3.1): the certificate that the mark was granted to. */
static bool check_holder(
    const struct jws *j, struct mark_info *m, const struct mark_expect *e, struct report *rep)
{
	char have[44];
	const json_t *cnf = json_object_get(j->claims, "cnf");
	const char *want = json_string_value(json_object_get(cnf, "x5t#S256"));
	bool ok;

	m->has_cnf = cnf;
	if (!e->holder.n) {
		report_add(
		    rep, CHK_MARK_HOLDER, CHECK_SKIPPED, MSG("no certificate to compare with"));
		return true;
	}
	if (!cnf) {
		report_add_why(rep, CHK_MARK_HOLDER, CHECK_UNKNOWN, REASON_MARK_UNBOUND,
		    MSG("the mark is bound to no certificate, so that anybody could present it"));
		return false;
	}
	if (!want) {
		report_add_why(rep, CHK_MARK_HOLDER, CHECK_UNKNOWN, REASON_MARK_UNBOUND,
		    MSG("the mark is bound to its holder in a way that is not known here"));
		return false;
	}
	ok = jws_sha256(e->holder, have) == ECERT_OK && strcmp(want, have) == 0;
	return report_test(rep, CHK_MARK_HOLDER, ok,
	    MSG(ok ? MSG_ID("granted to this certificate")
		   : MSG_ID("granted to another certificate")));
}

static const enum check_name later[] = {CHK_MARK_ISSUER, CHK_MARK_TYPE, CHK_MARK_SUBJECT,
    CHK_MARK_TIME, CHK_MARK_SIGNATURE, CHK_MARK_DELEGATION, CHK_MARK_HOLDER};

bool mark_verify(
    struct rd text, const struct mark_expect *e, struct mark_info *out, struct report *rep)
{
	const struct jws_rules rules = {.typ = TRUST_MARK_TYP, .need_kid = true};
	struct mark_info m = {0};
	struct buf key = BUF_INIT(65536);
	struct jws *j = NULL;
	struct message_kept why;
	bool ok = jws_parse(text, &rules, &j, &why) == ECERT_OK;
	bool known;

	report_test(rep, CHK_MARK_FORM, ok, MSG_KEPT(&why));
	if (!ok) {
		for (size_t i = 0; i < sizeof later / sizeof later[0]; i++)
			report_add(rep, later[i], CHECK_SKIPPED, MSG("it is not a trust mark"));
		goto out;
	}
	(void)claim_text(j, "iss", m.iss, sizeof m.iss);
	(void)claim_text(j, "sub", m.sub, sizeof m.sub);
	(void)claim_text(j, "trust_mark_type", m.type, sizeof m.type);
	(void)claim_text(j, "jti", m.id, sizeof m.id);
	known = m.iss[0] ? mark_issuer_key(j, CHK_MARK_ISSUER, e, m.iss, &key, rep)
			 : report_test(rep, CHK_MARK_ISSUER, false,
			       MSG(text_defect(j, "iss", MSG_ID("it names no issuer"))));
	ok = known;
	ok = check_type(j, &m, e, rep) && ok;
	ok = check_subject(j, &m, e, rep) && ok;
	ok = check_times(j, &m, e, rep) && ok;
	if (known) {
		bool counts;

		(void)value_check_key(j, buf_view(&key), e->trust, e->now, CHK_MARK_SIGNATURE,
		    MSG_ID("by its issuer"), &counts, rep);
		ok = counts && ok;
	} else {
		report_add(rep, CHK_MARK_SIGNATURE, CHECK_SKIPPED, MSG("its issuer is not known"));
	}
	ok = mark_delegation_check(j, &m, e, rep) && ok;
	ok = check_holder(j, &m, e, rep) && ok;
out:
	if (out)
		*out = m;
	jws_free(&j);
	buf_free(&key);
	return ok;
}

json_t *mark_json(const struct mark_info *m)
{
	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:b, s:b, s:o}", "iss", text_json(m->iss),
	    "sub", text_json(m->sub), "trust_mark_type", text_json(m->type), "jti",
	    text_json(m->id), "iat", json_time(m->iat), "exp", json_time(m->exp), "cnf", m->has_cnf,
	    "delegated", m->delegated, "owner", text_json(m->owner));
}
