/* SPDX-License-Identifier: BSD-2-Clause */
/* A time stamp over bytes of any kind, judged as of now, and as of those that keep it. */
#include "document/cms/stamp/cades_stamp.h"

#include <stdlib.h>
#include <string.h>

#include "document/cert.h"
#include "document/cms/stamp/cades_keep.h"
#include "document/cms/stamp/cades_token.h"
#include "util/text.h"

/* A time may be ahead of our clock by this many seconds. */
#define CLOCK_SKEW 300

static enum ecert_rc digest_of(
    const struct cades_stamp_asked *q, const EVP_MD *md, struct doc_digest *out)
{
	unsigned n = 0;

	*out = (struct doc_digest){.len = 0};
	if (q->digest)
		return q->digest(q->digest_ctx, md, out);
	if (EVP_Digest(q->covered.p, q->covered.n, out->value, &n, md, NULL) == 1)
		out->len = n;
	return ECERT_OK;
}

const char *cades_stamp_other(enum doc_stamp_kind kind)
{
	static const char *const words[] = {
	    [DOC_STAMP_SIGNATURE] = MSG_ID("it is about another signature"),
	    [DOC_STAMP_ARCHIVE] = MSG_ID("it is about another signature, or something that it "
					 "covers was changed"),
	    [DOC_STAMP_CONTENT] = MSG_ID(
		"it is about another content, or the content was changed")};

	return words[kind];
}

/* Errors: the digest's. */
static enum ecert_rc check_imprint(const struct cades_token *t, const struct cades_stamp_asked *q,
    const struct doc_verify_options *o, struct report *rep)
{
	struct doc_digest have = {.len = 0};
	enum ecert_rc rc = t->md ? digest_of(q, t->md, &have) : ECERT_OK;
	enum reason reason = REASON_NONE;
	const char *why = "{digest}";

	if (!t->md) {
		reason = REASON_ALGORITHM_UNKNOWN;
		why = MSG_ID("its digest algorithm is unknown");
	} else if (rc == ECERT_E_NOT_FOUND) {
		reason = REASON_NO_CONTENT;
		why = MSG_ID("what it covers is not all at hand");
		rc = ECERT_OK;
	} else if (!have.len || !rd_equal(t->imprint, rd_of(have.value, have.len))) {
		reason = REASON_STAMP_OTHER;
		why = cades_stamp_other(q->kind);
	} else if (cades_token_old(o, t->md)) {
		reason = REASON_ALGORITHM_OLD;
		why = MSG_ID("it fits, but {digest} is too old to rely on");
	}
	report_add_why(rep, CHK_IMPRINT,
	    reason == REASON_NO_CONTENT ? CHECK_UNKNOWN
	    : reason			? CHECK_FAILED
					: CHECK_OK,
	    reason, MSG(why, P_TEXT("digest", t->md ? EVP_MD_get0_name(t->md) : "")));
	return rc;
}

void cades_stamp_check_time(
    time_t when, time_t after, time_t before, time_t now, struct report *rep)
{
	if (when > now + CLOCK_SKEW)
		report_add_why(
		    rep, CHK_TIME, CHECK_FAILED, REASON_STAMP_FUTURE, MSG("it lies in the future"));
	else if (before && when > before + CLOCK_SKEW)
		report_add_why(rep, CHK_TIME, CHECK_FAILED, REASON_STAMP_ORDER,
		    MSG("it claims a time behind that of a time stamp of the signature, which "
			"covers it"));
	if (after > when)
		report_add_why(rep, CHK_TIME, CHECK_FAILED, REASON_STAMP_ORDER,
		    MSG("it claims a time before that of a time stamp that it covers"));
}

/* With what the token brings and more; kept: when all of that was there, 0: nothing says so. */
static void path_with(const struct cades_token *t, const struct cades_brought *b,
    struct doc_heard heard, time_t kept, X509 *cert, const struct doc_verify_options *o,
    struct doc_stamp *out, struct report *rep)
{
	const struct doc_path *path = o->path;
	struct doc_path_query q = {
	    .leaf = cert, .others = b->certs, .crls = b->crls, .at = t->when, .now = o->now};
	struct doc_proof proof = {.ocsps = b->ocsps,
	    .ocsps_n = b->ocsps_n,
	    .proved = kept,
	    .since = kept ? t->when : 0,
	    .kept = kept,
	    .heard = heard};

	out->lasts = false;
	path->judge(path->ctx, &q, &proof, true, rep);
	if (!cades_asks_lasts(path, b, rep))
		return;
	proof.proved = kept ? kept : t->when;
	proof.since = t->when;
	proof.kept = kept ? kept : o->now;
	out->lasts = path->lasts(path->ctx, &q, &proof, true);
}

/* What the document brings, behind what the token does. */
static bool add_brought(struct cades_brought *to, const struct cades_brought *from)
{
	bool ok = cades_brought_hear(to, cades_heard(from));

	for (int i = 0; ok && from->certs && i < sk_X509_num(from->certs); i++)
		ok = sk_X509_push(to->certs, sk_X509_value(from->certs, i)) > 0;
	return ok;
}

/* The token's own, and these. */
static enum ecert_rc with_these(const struct cades_token *t, const struct cades_material *own,
    const struct cades_brought *more, struct doc_heard heard, time_t kept, X509 *cert,
    const struct doc_verify_options *o, struct doc_stamp *out, struct report *rep)
{
	struct cades_brought b = {.certs = NULL};
	bool ok = cades_material_pick(own, NULL, &b) && add_brought(&b, more);

	if (ok)
		path_with(t, &b, heard, kept, cert, o, out, rep);
	cades_brought_free(&b);
	return ok ? ECERT_OK : ECERT_E_MEMORY;
}

static enum ecert_rc check_path(const struct cades_token *t, const struct cades_material *own,
    const struct cades_stamp_asked *q, X509 *cert, const struct doc_verify_options *o,
    struct doc_stamp *out)
{
	const struct doc_heard heard = cades_heard(q->heard ? q->heard : q->more);
	struct report best, then;
	enum ecert_rc rc;

	if (!o->path || !o->path->judge) {
		report_add_why(&out->report, CHK_CHAIN, CHECK_UNKNOWN, REASON_NO_ANCHOR,
		    MSG("no trusted certificates were given"));
		return ECERT_OK;
	}
	report_init(&best);
	rc = with_these(t, own, q->more, heard, 0, cert, o, out, &best);
	for (size_t i = 0; rc == ECERT_OK && i < q->kept_n; i++) {
		if (report_verdict(&best) == VERDICT_PASSED)
			break;
		report_init(&then);
		rc = with_these(
		    t, own, q->kept[i].brought, heard, q->kept[i].when, cert, o, out, &then);
		if (report_verdict(&then) != VERDICT_PASSED)
			continue;
		report_init(&best);
		report_append(&best, &then);
	}
	report_append(&out->report, &best);
	return rc;
}

static enum ecert_rc judge(struct cades_token *t, const struct cades_stamp_asked *q,
    const struct doc_verify_options *o, struct doc_stamp *out)
{
	struct cades_material *own = calloc(1, sizeof *own);
	struct cades_brought b = {.certs = NULL};
	struct doc_verify_options then = *o;
	enum ecert_rc rc = own ? ECERT_OK : ECERT_E_MEMORY;
	X509 *cert;

	then.now = q->kept_n ? q->kept[0].when : o->now;
	if (rc == ECERT_OK) {
		cades_material_add(own, &t->opened, &t->parts);
		if (!cades_material_pick(own, NULL, &b) || !add_brought(&b, q->more))
			rc = ECERT_E_MEMORY;
	}
	if (rc == ECERT_OK) {
		rc = check_imprint(t, q, &then, &out->report);
		cades_stamp_check_time(t->when, q->after, q->before, o->now, &out->report);
		cert = cades_token_check(t, b.certs, &then, &out->report);
		if (cert && (identity_of(cert, &out->who) != ECERT_OK ||
				cert_sha256(cert, out->cert) != ECERT_OK))
			report_add(&out->report, CHK_SIGNER, CHECK_FAILED,
			    MSG("the certificate cannot be read"));
		/* The path costs the most, and tells nothing of one that is wrong itself. */
		if (rc == ECERT_OK && report_verdict(&out->report) == VERDICT_PASSED)
			rc = check_path(t, own, q, cert, o, out);
		out->counts = rc == ECERT_OK && report_verdict(&out->report) == VERDICT_PASSED;
	}
	cades_brought_free(&b);
	if (own)
		cades_material_free(own);
	free(own);
	return rc;
}

enum ecert_rc cades_stamp_judge(
    const struct cades_stamp_asked *q, const struct doc_verify_options *o, struct doc_stamp *out)
{
	struct cades_token t;
	enum reason reason = REASON_NONE;
	const char *defect = cades_token_read(q->der, o->certs, &t, &reason);
	enum ecert_rc rc = ECERT_OK;

	memset(out, 0, sizeof *out);
	out->kind = q->kind;
	report_add_why(&out->report, CHK_STRUCTURE, defect ? CHECK_FAILED : CHECK_OK,
	    defect ? reason : REASON_NONE, defect ? MSG(defect) : MSG_EMPTY);
	if (!defect) {
		out->when = t.when;
		memcpy(out->policy, t.policy, sizeof out->policy);
		rc = judge(&t, q, o, out);
	}
	cades_token_free(&t);
	return rc;
}

time_t cades_stamp_beside(struct rd der, struct doc_certs *known, struct cades_material *aside)
{
	struct cades_token t;
	enum reason reason;
	const char *defect = cades_token_read(der, known, &t, &reason);
	time_t when = defect ? 0 : t.when;

	if (!defect && aside)
		cades_material_add(aside, &t.opened, &t.parts);
	cades_token_free(&t);
	return when;
}

void cades_stamp_tell(const struct doc_stamp *t, struct report *rep)
{
	static const char *const good[] = {[DOC_STAMP_SIGNATURE] = MSG_ID("it was there on {date}"),
	    [DOC_STAMP_ARCHIVE] = MSG_ID(
		"of an archive: with all that it covers, it was there on {date}"),
	    [DOC_STAMP_CONTENT] = MSG_ID(
		"of the content: that was there on {date}, and was signed later")};
	const struct check *why = report_reason(&t->report);
	char date[16];

	(void)text_day(t->when, date);
	if (t->counts)
		report_add(rep, CHK_TIME_STAMP, CHECK_OK, MSG(good[t->kind], P_TEXT("date", date)));
	else
		report_add_why(rep, CHK_TIME_STAMP, CHECK_SKIPPED, why ? why->reason : REASON_NONE,
		    MSG(t->kind == DOC_STAMP_CONTENT
			    ? MSG_ID("one of the content proves nothing here: {check}: {why}")
			    : MSG_ID("one proves nothing here: {check}: {why}"),
			P_WORD("check", why ? why->name : ""),
			P_MSG("why", why ? MSG_KEPT(&why->what) : MSG_EMPTY)));
}
