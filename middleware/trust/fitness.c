/* SPDX-License-Identifier: BSD-2-Clause */
/* What is about to be signed, judged by its signer first. */
#include <openssl/err.h>
#include <openssl/ocsp.h>
#include <string.h>

#include "document/cert.h"
#include "document/jose/jws.h"
#include "trust/path/check.h"
#include "trust/claims.h"
#include "trust/fitness.h"
#include "trust/names.h"

/* Takes over what counts of a report. */
static bool keep(struct report *to, const struct report *from, const enum check_name *passed_over)
{
	bool ok = true;

	for (size_t i = 0; i < from->n; i++) {
		const struct check *c = &from->checks[i];
		bool over = false;

		for (const enum check_name *p = passed_over; *p; p++)
			over = over || *p == c->id;
		if (over)
			continue;
		report_copy(to, c);
		ok = ok && c->state != CHECK_FAILED && c->state != CHECK_UNKNOWN;
	}
	return ok;
}

/* Whoever signed it: a key may be trusted to speak for several. */
static bool is_ours(const struct mark_info *m, const struct fitness_issuer *i, struct report *rep)
{
	bool ours = strcmp(m->iss, i->iss) == 0;

	return report_test(rep, CHK_MARK_ISSUER, ours,
	    ours ? MSG_TEXT(m->iss) : MSG("it is another issuer's mark"));
}

bool fitness_status(struct rd mark, const char *status, const struct fitness_issuer *i,
    struct mark_info *out, struct report *rep)
{
	static const enum check_name always[] = {CHK_NONE}, ended[] = {CHK_MARK_TIME, CHK_NONE};
	const struct mark_expect e = {.now = i->now, .trust = i->own, .ended_keys = true};
	struct mark_info m = {.iss = ""};
	struct report found;
	const struct check *form;

	report_init(&found);
	(void)mark_verify(mark, &e, &m, &found);
	if (out)
		*out = m;
	form = report_get(&found, CHK_MARK_FORM);
	if (!form || form->state != CHECK_OK)
		return report_test(
		    rep, CHK_MARK_FORM, false, form ? MSG_KEPT(&form->what) : MSG_EMPTY);
	/* 8.4: "invalid" is what one says of a mark whose signature does not verify. */
	if (strcmp(status, "invalid") == 0)
		return is_ours(&m, i, rep);
	return is_ours(&m, i, rep) &&
	       keep(rep, &found, strcmp(status, "active") == 0 ? always : ended);
}

bool fitness_renewal(struct rd mark, const char *sub, const char *type, struct rd holder,
    bool rebind, const struct fitness_issuer *i, struct report *rep)
{
	/* A mark that was bound to nobody is bound by its renewal. */
	static const enum check_name bound[] = {CHK_MARK_TIME, CHK_MARK_DELEGATION, CHK_NONE};
	static const enum check_name any[] = {
	    CHK_MARK_TIME, CHK_MARK_DELEGATION, CHK_MARK_HOLDER, CHK_NONE};
	const struct mark_expect e = {.sub = sub,
	    .type = type,
	    .holder = holder,
	    .now = i->now,
	    .trust = i->own,
	    .ended_keys = true};
	struct mark_info m = {.iss = ""};
	struct report found;
	const struct check *form;

	report_init(&found);
	(void)mark_verify(mark, &e, &m, &found);
	form = report_get(&found, CHK_MARK_FORM);
	if (!form || form->state != CHECK_OK)
		return report_test(
		    rep, CHK_MARK_FORM, false, form ? MSG_KEPT(&form->what) : MSG_EMPTY);
	return is_ours(&m, i, rep) && keep(rep, &found, rebind || !m.has_cnf ? any : bound);
}

/* cnf (RFC 7800, 3): a mark of another certificate would be refused as stolen. */
static const char *holder_defect(const struct jws *j, struct rd cert)
{
	const json_t *cnf = json_object_get(j->claims, "cnf");
	const char *want = json_string_value(json_object_get(cnf, "x5t#S256"));
	char have[44];

	if (!cnf)
		return NULL;
	return want && jws_sha256(cert, have) == ECERT_OK && strcmp(want, have) == 0 ? NULL
	       : want ? MSG_ID("it was granted to another certificate than the one that signs")
		      : MSG_ID("it is bound to its holder in a way that is not known here");
}

static bool check_mark(const struct counterparty_options *o, struct rd cert, struct report *rep)
{
	const struct jws_rules rules = {.typ = TRUST_MARK_TYP, .need_kid = true};
	struct claim_times t;
	struct jws *j = NULL;
	struct message_kept why;
	char sub[256], text[256];
	bool ok = jws_parse(o->mark, &rules, &j, &why) == ECERT_OK;

	report_test(rep, CHK_MARK_FORM, ok, MSG_KEPT(&why));
	if (ok) {
		const char *holder = holder_defect(j, cert);
		bool own = claim_text(j, "sub", sub, sizeof sub) && strcmp(sub, o->subject) == 0;
		bool good = own && name_is_url(sub);
		bool named;

		ok = report_test(rep, CHK_MARK_SUBJECT, good,
		    good  ? MSG_TEXT(o->subject)
		    : own ? MSG("its holder is no https URL with a domain name in lower case")
			  : MSG("it is the mark of another subject"));
		named = claim_text(j, "iss", text, sizeof text);
		ok = report_test(rep, CHK_MARK_ISSUER, named,
			 named ? MSG_TEXT(text) : MSG("it names no issuer")) &&
		     ok;
		named = claim_text(j, "trust_mark_type", text, sizeof text);
		ok = report_test(rep, CHK_MARK_TYPE, named,
			 named ? MSG_TEXT(text) : MSG("trust_mark_type is missing")) &&
		     ok;
		ok = claim_times_check(j, CHK_MARK_TIME, o->now, 0, &t, rep) && ok;
		if (json_object_get(j->claims, "cnf"))
			ok = report_test(
				 rep, CHK_MARK_HOLDER, !holder, holder ? MSG(holder) : MSG_EMPTY) &&
			     ok;
		else
			report_add(rep, CHK_MARK_HOLDER, CHECK_SKIPPED,
			    MSG("the trust mark is bound to no certificate, so that a counterparty "
				"cannot tell whose it is"));
		if (!o->status.n)
			report_add(rep, CHK_STATUS, CHECK_SKIPPED,
			    MSG("the counterparty has to fetch the status of the trust mark "
				"itself; put it in with --status"));
	}
	jws_free(&j);
	return ok;
}

/* The answer for this certificate in a response, when its CA is not at hand: by serial number and
 * the issuer's name. */
static const char *answer_defect(OCSP_BASICRESP *basic, X509 *leaf)
{
	for (int i = 0; i < OCSP_resp_count(basic); i++) {
		OCSP_SINGLERESP *single = OCSP_resp_get0(basic, i);
		ASN1_OCTET_STRING *name = NULL;
		ASN1_OBJECT *md = NULL;
		ASN1_INTEGER *serial = NULL;
		ASN1_GENERALIZEDTIME *from = NULL, *to = NULL;
		uint8_t hash[EVP_MAX_MD_SIZE];
		unsigned n = 0;
		int status;
		const EVP_MD *digest;

		(void)OCSP_id_get0_info(&name, &md, NULL, &serial,
		    (OCSP_CERTID *)(uintptr_t)OCSP_SINGLERESP_get0_id(single));
		digest = EVP_get_digestbyobj(md);
		if (!digest || ASN1_INTEGER_cmp(serial, X509_get0_serialNumber(leaf)) != 0 ||
		    X509_NAME_digest(X509_get_issuer_name(leaf), digest, hash, &n) != 1 ||
		    !rd_equal(rd_of(hash, n),
			rd_of(ASN1_STRING_get0_data(name), (size_t)ASN1_STRING_length(name))))
			continue;
		status = OCSP_single_get0_status(single, NULL, NULL, &from, &to);
		if (status != V_OCSP_CERTSTATUS_GOOD)
			return status == V_OCSP_CERTSTATUS_REVOKED
				   ? MSG_ID("it says that the certificate was revoked")
				   : MSG_ID("it says that the certificate is not known");
		return OCSP_check_validity(from, to, TRUST_CLOCK_SKEW, -1) == 1
			   ? NULL
			   : MSG_ID("it is too old, or from the future");
	}
	return MSG_ID("it is about another certificate");
}

static const char *response_defect(struct rd der, X509 *leaf)
{
	const unsigned char *p = der.p;
	OCSP_RESPONSE *r = d2i_OCSP_RESPONSE(NULL, &p, (long)der.n);
	OCSP_BASICRESP *basic = NULL;
	const char *why = MSG_ID("it is no OCSP response");

	if (r && p == der.p + der.n) {
		why = MSG_ID("it is the responder's refusal, and no answer");
		if (OCSP_response_status(r) == OCSP_RESPONSE_STATUS_SUCCESSFUL)
			basic = OCSP_response_get1_basic(r);
		if (basic)
			why = answer_defect(basic, leaf);
	}
	OCSP_BASICRESP_free(basic);
	OCSP_RESPONSE_free(r);
	return why;
}

/* Under the certificate's own CA the answer is judged as everybody does. */
static bool check_signed(
    struct rd ocsp, X509 *leaf, struct rd issuer, time_t now, struct report *rep)
{
	const struct doc_path_query q = {.leaf = leaf, .at = now, .now = now};
	struct trust_set *s = NULL;
	struct report found;
	bool ok = trust_set_new(&s) == ECERT_OK && trust_set_add_der(s, issuer, TRUST_ECERT_SIGNING,
						       TRUST_EXPLICIT, NULL) == ECERT_OK;
	const struct check *c;

	report_init(&found);
	if (ok)
		trust_path_check(s, &q, TRUST_ECERT_SIGNING, ocsp, &found, NULL);
	c = report_get(&found, CHK_REVOCATION);
	/* Skipped: there is no path to this CA, and others may have one. */
	ok = report_test(rep, CHK_OCSP_RESPONSE,
	    c && (c->state == CHECK_OK || c->state == CHECK_SKIPPED),
	    c ? MSG_KEPT(&c->what) : MSG("the certificate's CA cannot be read"));
	trust_set_free(&s);
	return ok;
}

static bool check_ocsp(
    const struct counterparty_options *o, struct rd cert, struct rd issuer, struct report *rep)
{
	X509 *leaf = NULL;
	const char *why = cert_parse(cert, &leaf) == ECERT_OK
			      ? response_defect(o->ocsp, leaf)
			      : MSG_ID("the certificate cannot be read");
	bool ok = !why;

	if (why || !issuer.n)
		report_test(rep, CHK_OCSP_RESPONSE, ok,
		    MSG(why ? why
			    : MSG_ID("good; its signature is not judged without the CA's "
				     "certificate")));
	else
		ok = check_signed(o->ocsp, leaf, issuer, o->now, rep);
	X509_free(leaf);
	ERR_clear_error();
	return ok;
}

bool fitness_counterparty(
    const struct counterparty_options *o, struct rd cert, struct rd issuer, struct report *rep)
{
	bool ok = true;

	if (o->mark.n)
		ok = check_mark(o, cert, rep);
	if (ok && o->status.n)
		ok = o->mark.n
			 ? mark_status_fits(o->status, o->mark, o->now, rep)
			 : report_test(rep, CHK_STATUS_MARK, false, MSG("the mark is missing"));
	if (ok && o->ocsp.n)
		ok = check_ocsp(o, cert, issuer, rep);
	return ok;
}
