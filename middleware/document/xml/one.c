/* SPDX-License-Identifier: BSD-2-Clause */
/* Verifying one XML signature, check by check. */
#include "document/xml/one.h"

#include <stdlib.h>
#include <string.h>

#include "document/cert.h"
#include "document/cms/stamp/cades_keep.h"
#include "document/cms/stamp/cades_stamps.h"
#include "document/xml/claims.h"
#include "document/xml/stamps.h"
#include "document/xml/value.h"
#include "util/text.h"

/* A signing time may be ahead of our clock by this many seconds. */
#define CLOCK_SKEW 300

struct one {
	struct xml_content *c;
	const struct xml_sig *s;
	struct xml_beside b;
	struct xml_archives archives;
	struct report told;
};

/* ---- the path ---- */
/* By what the document brings, or by what of it was kept; proved 0: as of now. */
static void path_with(const struct one *j, struct doc_path_query *q, time_t proved,
    const struct cades_kept *by, struct doc_signature *s, struct report *rep)
{
	const struct doc_path *path = j->c->o->path;
	struct doc_proof proof = {.ocsps = by->brought->ocsps,
	    .ocsps_n = by->brought->ocsps_n,
	    .proved = proved,
	    .since = proved,
	    .kept = by->when,
	    .heard = cades_heard(&j->b.heard)};

	q->others = by->brought->certs;
	q->crls = by->brought->crls;
	if (q->unclaimed)
		q->at = proved ? proved : q->now;
	if (path->judge)
		path->judge(path->ctx, q, &proof, false, rep);
	else
		path->check(path->ctx, q, rep);
	s->lasts = false;
	if (s->proved && cades_asks_lasts(path, by->brought, rep)) {
		proof.proved = proof.since = s->proved;
		s->lasts = path->lasts(path->ctx, q, &proof, false);
	}
}

/* The content was stamped when the certificate was over or revoked, and signed behind that. */
static void check_behind(
    const struct one *j, struct doc_path_query *q, struct doc_signature *s, struct report *best)
{
	const struct cades_kept now = {0, &j->b.all};
	time_t after = cades_stamps_content(s->stamps, s->stamps_n);
	bool lasts = s->lasts;
	struct report then;

	if (!after || (!q->unclaimed && after <= q->at) ||
	    report_verdict(best) != VERDICT_INDETERMINATE)
		return;
	q->unclaimed = false;
	q->at = after;
	report_init(&then);
	path_with(j, q, s->proved, &now, s, &then);
	s->lasts = lasts;
	if (cades_stamps_too_late(&then)) {
		report_init(best);
		report_append(best, &then);
	}
}

struct walk {
	const struct one *j;
	struct doc_path_query *q;
	struct doc_signature *s;
};

/* Keepers: archive time stamps. */
static enum ecert_rc judge_kept(void *ctx, size_t i, time_t proved, struct report *rep)
{
	const struct walk *w = ctx;
	const struct cades_kept now = {0, &w->j->b.all};

	path_with(w->j, w->q, proved, i ? &w->j->archives.kept[i - 1] : &now, w->s, rep);
	return ECERT_OK;
}

static enum ecert_rc check_path(const struct one *j, X509 *cert, struct doc_signature *s)
{
	const struct doc_verify_options *o = j->c->o;
	bool ahead = s->when > o->now + CLOCK_SKEW, claimed = s->when && !ahead;
	struct doc_path_query q = {
	    .leaf = cert, .at = claimed ? s->when : o->now, .now = o->now, .unclaimed = !claimed};
	struct walk w = {j, &q, s};
	struct report best;
	enum ecert_rc rc;

	if (ahead)
		report_add_why(&s->report, CHK_SIGNING_TIME, CHECK_FAILED, REASON_SIGNED_IN_FUTURE,
		    MSG("it lies in the future"));
	if (!o->path || !o->path->check) {
		report_add_why(&s->report, CHK_CHAIN, CHECK_UNKNOWN, REASON_NO_ANCHOR,
		    MSG("no trusted certificates were given"));
		return ECERT_OK;
	}
	report_init(&best);
	rc = cades_path_best(j->archives.n, s->proved, judge_kept, &w, &best);
	check_behind(j, &q, s, &best);
	report_append(&s->report, &best);
	return rc;
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
	enum ecert_rc rc = xml_stamps_judge(j->c, j->s, &j->b, s, &j->archives, &j->told);

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
		rc = check_path(j, cert, s);
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
		if (c->files) {
			c->files->next(c->files->ctx);
			xml_claims_kinds(s, c->files);
		}
		rc = fill_selected(j, out);
	}
	if (rc == ECERT_OK)
		rc = judge(j, out);
	if (j) {
		xml_archives_free(&j->archives);
		xml_beside_free(&j->b);
	}
	free(j);
	return rc;
}
