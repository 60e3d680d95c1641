/* SPDX-License-Identifier: BSD-2-Clause */
/* Granting a trust mark: the issuer's side. */
#include "actions/mark/grant.h"

#include <limits.h>
#include <string.h>

#include "actions/nonces.h"
#include "actions/request.h"
#include "actions/statedir.h"
#include "client/outfile.h"
#include "document/cert.h"
#include "document/jose/jws.h"
#include "trust/fitness.h"
#include "trust/names.h"
#include "trust/renewal/renewal.h"

/* A request in hand, verified. */
struct request {
	struct buf text, prev, holder, delegation;
	struct renewal_result *result;
	struct nonce_store *used; /* NULL: there is no place for one */
	time_t until;		  /* the mark's end */
};

static void request_free(struct request *r)
{
	renewal_result_free(&r->result);
	nonce_store_close(&r->used);
	buf_free(&r->text);
	buf_free(&r->prev);
	buf_free(&r->holder);
	buf_free(&r->delegation);
}

/* The merchant's certificate, to which the mark is bound (cnf). */
static enum outcome holder_of(const struct job *job, struct request *r)
{
	return ui_fail_rc(job->ui, renewal_signer(buf_view(&r->text), &r->holder),
	    MSG("Cannot read the merchant's certificate: {why}"));
}

static enum outcome verify_request(const struct job *job, const struct grant_deed *o,
    const char *name, const struct trust_set *set, time_t now, struct request *r)
{
	struct renewal_expect e = {
	    .audience = o->issuer, .prev = buf_view(&r->prev), .now = now, .trust = set};
	char path[PATH_MAX];
	const char *store = o->nonce_store ? o->nonce_store
					   : state_folder("requests", path, sizeof path);
	enum outcome code = OUT_OK;

	if (store)
		code = nonces_open(job, store, now, &r->used);
	else
		ui_note(job->ui,
		    MSG("Note: there is no home folder to remember requests in, so that one that "
			"is granted twice would not be noticed; name one with --nonce-store."));
	e.used = r->used;
	if (!code)
		code = request_verify(job, name, buf_view(&r->text), &e,
		    MSG("Nothing was signed. `ecert verify` shows every check."), &r->result);
	if (!code)
		ui_note(job->ui,
		    MSG("The request is signed by {name}", P_TEXT("name", r->result->who.name)));
	return code;
}

/* Between two grants of the same request at the same moment the store decides. */
static enum outcome burn(const struct job *job, const struct request *r)
{
	enum ecert_rc rc = r->used ? renewal_burn(r->used, r->result) : ECERT_OK;

	if (rc == ECERT_E_EXISTS)
		return ui_fail(job->ui, OUT_INVALID, "request-used",
		    MSG("This request was granted by somebody else at this moment"),
		    MSG("The mark was not written."));
	return ui_fail_rc(job->ui, rc, MSG("Cannot remember the request: {why}"));
}

/* The mark that is renewed is ours, this merchant's, and was granted to this certificate. */
static enum outcome look_at_mark(const struct job *job, const struct grant_deed *o,
    struct trust_set *set, struct rd cert, time_t now, const struct request *r)
{
	struct fitness_issuer us = {.iss = o->issuer, .own = set, .now = now};
	struct report rep;
	const struct check *why;
	enum outcome code = ui_fail_rc(job->ui,
	    trust_set_add_der(set, cert, TRUST_MARK_ISSUER, TRUST_EXPLICIT, o->issuer),
	    MSG("Cannot use the certificate: {why}"));

	trust_set_bind_issuers(set, o->issuer);
	report_init(&rep);
	if (code || !o->mark ||
	    fitness_renewal(buf_view(&r->prev), r->result->merchant, r->result->type,
		buf_view(&r->holder), o->new_certificate, &us, &rep))
		return code;
	why = report_reason(&rep);
	return statement_unfit(job, &rep, MSG("The mark that is to be renewed does not count"),
	    why && why->id == CHK_MARK_HOLDER
		? MSG_ID("Nothing was signed. A merchant's certificate changes now and then: find "
			 "out that it is the same merchant, and say --new-certificate.")
		: MSG_ID("Nothing was signed. If an earlier certificate of yours signed the mark, "
			 "name it with --mark-issuer."));
}

/* A mark without the delegation that its type needs is refused by everybody. */
static enum outcome look_at_delegation(const struct job *job, const struct grant_deed *o,
    const struct trust_set *set, time_t now, struct request *r)
{
	const struct mark_expect e = {.now = now, .trust = set};
	struct mark_delegation d = {.owner = ""};
	bool good = true;

	if (o->delegation) {
		good = mark_delegation_good(
		    buf_view(&r->delegation), o->issuer, r->result->type, &e, &d);
	} else if (trust_set_owner(set, r->result->type)) {
		good = false;
		message_keep(&d.why, MSG("the type has an owner, whose delegation is not given"));
	}
	if (!good)
		return ui_fail(job->ui, OUT_REFUSED, "mark-unfit",
		    MSG("The mark would not count: {why}", P_MSG("why", MSG_KEPT(&d.why))),
		    MSG("Nothing was signed. Ask the owner of the type for a delegation that is "
			"right."));
	if (o->delegation && !d.owner_known)
		ui_note(
		    job->ui, MSG("Note: whether the owner signed the delegation was not checked; "
				 "name its certificate with --mark-owner."));
	if (d.exp && d.exp < r->until) {
		r->until = d.exp;
		ui_note(job->ui, MSG("Note: the mark ends with its delegation."));
	}
	return OUT_OK;
}

/* Who verifies the mark judges its key by the issuer's certificate. */
static void say_outlived(const struct job *job, const X509 *own, time_t until)
{
	time_t end;

	if (asn1_time_get(X509_get0_notAfter(own), &end) == ECERT_OK && end < until)
		ui_note(job->ui,
		    MSG("Note: the mark counts for longer than your certificate, which ends "
			"on {until}: grant it again with the next one before that.",
			P_TIME("until", end)));
}

static enum outcome grant_sign(const struct job *job, const struct grant_deed *o,
    struct trust_set *set, struct request *r, time_t now)
{
	struct signing s = {.certs = NULL};
	struct buf jws = BUF_INIT(JWS_MAX_SIZE);
	time_t today = statement_now(job, o->now);
	struct mark_grant g = {.iss = o->issuer,
	    .sub = r->result->merchant,
	    .type = r->result->type,
	    .logo_uri = o->logo,
	    .ref = o->ref,
	    .request = buf_view(&r->text),
	    .holder_cert = buf_view(&r->holder),
	    .now = today};
	struct signing_choice by = o->key;
	enum outcome code;

	by.bare = true;
	code = signing_begin(job, &by, &s);
	/* The request may be judged as of another time (--at); the mark is of today. */
	r->until = today + (o->days ? o->days : MARK_DAYS_MAX - 1) * MARK_DAY;
	if (!code)
		code = look_at_mark(job, o, set, buf_view(&s.chosen->der), now, r);
	if (!code)
		code = look_at_delegation(job, o, set, today, r);
	if (!code)
		say_outlived(job, s.chosen->cert->x509, r->until);
	g.exp = r->until;
	if (buf_len(&r->delegation)) {
		buf_u8(&r->delegation, 0);
		g.delegation = (const char *)buf_view(&r->delegation).p;
	}
	if (!code)
		code = signing_login(&s, MSG("to grant a trust mark"));
	if (!code)
		code = ui_fail_rc(job->ui, mark_issue(&s.doc, &g, &jws),
		    MSG("Cannot sign the trust mark: {why}"));
	if (!code)
		code = burn(job, r);
	if (!code) {
		code = statement_deliver(job, &o->to, o->to.path ? o->to.path : "-", &jws);
		/* A mark that nobody has was not granted. */
		if (code && r->used)
			renewal_unburn(r->used, r->result);
	}
	signing_end(&s);
	buf_free(&jws);
	return code;
}

/* What a renewal request has no use for (ecert(1): an option is used or refused). */
static enum outcome check_options(const struct job *job, const struct grant_deed *o)
{
	enum outcome code;

	if (!o->issuer)
		return ui_fail(job->ui, OUT_USAGE, "issuer-url-missing",
		    MSG("Say who issues: --issuer URL"),
		    MSG("For instance --issuer https://alliance.example."));
	code = request_terms(job, o->days, o->logo, o->ref);
	if (code)
		return code;
	if (o->trust.attestation_root.n)
		return ui_fail(job->ui, OUT_USAGE, "option-means-nothing",
		    MSG("--attestation-root means nothing for a renewal request"),
		    MSG("Leave it out."));
	if (!o->mark && (o->trust.mark_issuer.n || o->new_certificate))
		return ui_fail(job->ui, OUT_USAGE, "mark-missing",
		    MSG("{option} is about the mark in --mark, and none is given",
			P_TEXT(
			    "option", o->new_certificate ? "--new-certificate" : "--mark-issuer")),
		    MSG("Name the mark that is renewed, or leave it out."));
	return OUT_OK;
}

enum outcome trustmark_grant(const struct job *job, const struct grant_deed *o, const char *name)
{
	struct request r = {BUF_INIT(JWS_MAX_SIZE), BUF_INIT(JWS_MAX_SIZE), BUF_INIT(65536),
	    BUF_INIT(JWS_MAX_SIZE), NULL, NULL, 0};
	struct trust_set *set = NULL;
	struct trust_options trust = o->trust;
	time_t now;
	enum outcome code = check_options(job, o);

	trust.own_marks = true;
	if (!code)
		code = trust_options_load(job, &trust, &set, &now);
	if (!code)
		code = infile_load(job, name, &r.text);
	if (!code)
		code = statement_load(job, o->mark, &r.prev);
	if (!code)
		code = statement_load(job, o->delegation, &r.delegation);
	if (!code && o->to.path)
		code = outfile_vacant(job, o->to.path, o->to.force);
	if (!code)
		code = verify_request(job, o, name, set, now, &r);
	if (!code)
		code = holder_of(job, &r);
	if (!code)
		code = grant_sign(job, o, set, &r, now);
	trust_set_free(&set);
	request_free(&r);
	return code;
}
