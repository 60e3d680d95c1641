/* SPDX-License-Identifier: BSD-2-Clause */
/* Verifying one XML signature, check by check. */
#include "document/xml/one.h"

#include <stdlib.h>
#include <string.h>

#include "document/cert.h"
#include "document/cms/cades_keep.h"
#include "document/cms/cades_stamp.h"
#include "document/cms/cades_stamps.h"
#include "document/xml/claims.h"
#include "document/xml/value.h"
#include "util/text.h"

/* A signing time may be ahead of our clock by this many seconds. */
#define CLOCK_SKEW 300

struct one {
	struct xml_content *c;
	const struct xml_sig *s;
	struct xml_beside b;
	time_t archived; /* an archive time stamp that counts */
	struct report told;
};

/* ---- time stamps ---- */
static bool is_stamp(const struct xml_property *f)
{
	return f->kind == XML_FACT_STAMP || f->kind == XML_FACT_ARCHIVE;
}

/* What is brought stands before it, so that it covers all of that. */
static bool covers_all(const struct xml_sig *s, const struct xml_property *archive)
{
	for (const struct xml_property *f = archive; f < s->fact + s->facts; f++)
		if (f->kind == XML_FACT_ONE_CERT || f->kind == XML_FACT_CRL ||
		    f->kind == XML_FACT_OCSP)
			return false;
	return true;
}

static enum ecert_rc judge_stamp(
    struct one *j, const struct xml_property *f, struct doc_signature *s)
{
	struct buf token = BUF_INIT(DOC_SIGNATURE_MAX);
	struct doc_stamp *t = &s->stamps[s->stamps_n];
	enum ecert_rc rc;

	/* One that cannot be decoded is told as one that cannot be read. */
	(void)xml_base64(f->a, &token);
	rc = cades_stamp_judge(buf_view(&token), f->octets, &j->b.all, j->c->o, t);
	t->archive = f->kind == XML_FACT_ARCHIVE;
	s->stamps_n++;
	cades_stamp_tell(t, &j->told);
	if (t->counts && (!s->proved || t->when < s->proved))
		s->proved = t->when;
	if (t->counts && t->archive && covers_all(j->s, f) &&
	    (!j->archived || t->when < j->archived))
		j->archived = t->when;
	buf_free(&token);
	return rc;
}

static enum ecert_rc judge_stamps(struct one *j, struct doc_signature *s)
{
	enum ecert_rc rc = ECERT_OK;
	bool unread = false, more = j->b.more;
	size_t n = 0;

	for (uint32_t i = 0; i < j->s->facts; i++) {
		n += is_stamp(&j->s->fact[i]);
		unread = unread || j->s->fact[i].kind == XML_FACT_UNREAD_STAMP;
	}
	s->stamps = calloc((n < DOC_STAMPS_MAX ? n : DOC_STAMPS_MAX) + 1, sizeof *s->stamps);
	if (!s->stamps)
		return ECERT_E_MEMORY;
	for (uint32_t i = 0; rc == ECERT_OK && i < j->s->facts; i++) {
		if (!is_stamp(&j->s->fact[i]))
			continue;
		if (s->stamps_n == DOC_STAMPS_MAX)
			more = true;
		else
			rc = judge_stamp(j, &j->s->fact[i], s);
	}
	if (unread)
		report_add(&j->told, CHK_TIME_STAMP, CHECK_SKIPPED,
		    MSG("there is a time stamp of a kind that this version does not verify"));
	if (more)
		report_add(&j->told, CHK_TIME_STAMP, CHECK_SKIPPED,
		    MSG("there are more than are looked at"));
	return rc;
}

/* ---- the path ---- */
static void path_with(const struct one *j, struct doc_path_query *q, time_t proved,
    struct doc_signature *s, struct report *rep)
{
	const struct doc_path *path = j->c->o->path;
	struct doc_proof proof = {.ocsps = j->b.all.ocsps,
	    .ocsps_n = j->b.all.ocsps_n,
	    .proved = proved,
	    .since = proved,
	    .kept = proved ? j->archived : 0};

	if (q->unclaimed)
		q->at = proved ? proved : q->now;
	if (path->judge)
		path->judge(path->ctx, q, &proof, false, rep);
	else
		path->check(path->ctx, q, rep);
	s->lasts = false;
	if (s->proved && cades_asks_lasts(path, &j->b.all, rep)) {
		proof.proved = proof.since = s->proved;
		s->lasts = path->lasts(path->ctx, q, &proof, false);
	}
}

/* As of now, and where that does not pass, with what time stamps prove (EN 319 102-1, 5.6.2.4). */
static void check_path(const struct one *j, X509 *cert, struct doc_signature *s)
{
	const struct doc_verify_options *o = j->c->o;
	bool ahead = s->when > o->now + CLOCK_SKEW, claimed = s->when && !ahead;
	struct doc_path_query q = {.leaf = cert,
	    .others = j->b.all.certs,
	    .crls = j->b.all.crls,
	    .at = claimed ? s->when : o->now,
	    .now = o->now,
	    .unclaimed = !claimed};
	struct report best, then;

	if (ahead)
		report_add_why(&s->report, CHK_SIGNING_TIME, CHECK_FAILED, REASON_SIGNED_IN_FUTURE,
		    MSG("it lies in the future"));
	if (!o->path || !o->path->check) {
		report_add_why(&s->report, CHK_CHAIN, CHECK_UNKNOWN, REASON_NO_ANCHOR,
		    MSG("no trusted certificates were given"));
		return;
	}
	report_init(&best);
	path_with(j, &q, 0, s, &best);
	if (s->proved && report_verdict(&best) != VERDICT_PASSED) {
		report_init(&then);
		path_with(j, &q, s->proved, s, &then);
		if (report_verdict(&then) <= report_verdict(&best)) {
			report_init(&best);
			report_append(&best, &then);
		}
	}
	report_append(&s->report, &best);
}

/* ---- the rest ---- */
static enum ecert_rc fill_selected(const struct one *j, struct doc_signature *s)
{
	struct doc_selected *d = calloc(1, sizeof *d);

	if (!d)
		return ECERT_E_MEMORY;
	s->selected = d;
	xml_show(j->s->path, d->path, sizeof d->path);
	d->references = j->s->refs;
	d->whole = !j->s->gaps;
	for (uint32_t i = 0; i < j->s->refs && d->n < DOC_SELECTED_MAX; i++) {
		const struct xml_ref *r = &j->s->ref[i];

		if (xml_is_data(r))
			xml_show(r->path.n ? r->path : r->uri, d->of[d->n++], sizeof d->of[0]);
	}
	return ECERT_OK;
}

static void check_value(const struct one *j, X509 *cert, struct doc_signature *s)
{
	struct doc_verify_options then = *j->c->o;

	then.now = j->c->at;
	if (cert)
		xml_value_check(j->s, cert, &then, &s->report);
	else
		report_add(&s->report, CHK_SIGNATURE_VALUE, CHECK_SKIPPED,
		    MSG("no certificate to check with"));
}

static enum ecert_rc judge(struct one *j, struct doc_signature *s)
{
	const struct doc_verify_options *o = j->c->o;
	X509 *cert = NULL;
	enum ecert_rc rc = judge_stamps(j, s);

	if (o->proved && (!s->proved || o->proved < s->proved))
		s->proved = o->proved;
	/* Algorithms are as good as they were when it is proved to have been there. */
	j->c->at = s->proved ? s->proved : o->now;
	xml_claims_check(j->s, &s->report);
	if (rc == ECERT_OK)
		rc = xml_content_check(j->c, j->s, &s->report);
	if (rc != ECERT_OK)
		return rc;
	xml_content_cover(j->s, &s->report);
	cert = xml_claims_cert(j->s, &j->b, o->path);
	xml_claims_check_cert(j->s, cert, &s->report);
	check_value(j, cert, s);
	if (cert)
		rc = cert_der(cert, &s->cert);
	if (rc == ECERT_OK && cert && doc_certs_who(o->certs, cert, &s->who) != ECERT_OK)
		report_add(
		    &s->report, CHK_SIGNER, CHECK_FAILED, MSG("the certificate cannot be read"));
	report_append(&s->report, &j->told);
	if (rc == ECERT_OK && cert)
		check_path(j, cert, s);
	s->profile = doc_level_profile(s->profile, cades_stamps_level(s));
	return rc;
}

enum ecert_rc xml_one_judge(
    struct xml_content *c, const struct xml_sig *s, struct doc_signature *out)
{
	struct one *j = calloc(1, sizeof *j);
	enum ecert_rc rc = j ? xml_beside_read(s, c->o->certs, &j->b) : ECERT_E_MEMORY;

	if (rc == ECERT_OK) {
		j->c = c;
		j->s = s;
		out->asked = true;
		out->when = xml_claims_time(s);
		out->profile = xml_claims_profile(s);
		xml_value_name(s, out->algorithm, sizeof out->algorithm);
		if (c->files)
			c->files->next(c->files->ctx);
		rc = fill_selected(j, out);
	}
	if (rc == ECERT_OK)
		rc = judge(j, out);
	if (j)
		xml_beside_free(&j->b);
	free(j);
	return rc;
}
