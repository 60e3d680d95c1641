/* SPDX-License-Identifier: BSD-2-Clause */
/* Verifying a JAdES signature, or a JWS of another maker over a document, check by check. */
#include <stdlib.h>
#include <string.h>

#include "document/cert.h"
#include "document/cms/stamp/cades_stamp.h"
#include "document/cms/stamp/cades_stamps.h"
#include "document/jose/jades.h"
#include "document/jose/jades_beside.h"
#include "document/jose/jades_content.h"
#include "document/jose/jades_read.h"
#include "document/jose/jades_value.h"
#include "util/file.h"
#include "util/text.h"

/* A signing time may be ahead of our clock by this many seconds. */
#define CLOCK_SKEW 300

struct job {
	struct jades doc;
	struct jades_content content;
	const struct doc_verify_options *o;
};

/* The i-th of those that are brought. Errors: ECERT_E_MEMORY. */
static enum ecert_rc judge_stamp(const struct job *j, const struct jades_beside *b, size_t i,
    struct cades_stamp_asked q, struct doc_signature *s, struct report *told)
{
	struct doc_stamp *t = &s->stamps[s->stamps_n++];
	enum ecert_rc rc;

	q.der = buf_view(&b->stamp[i]);
	q.more = &b->all;
	q.heard = &b->heard;
	rc = cades_stamp_judge(&q, j->o, t);
	cades_stamp_tell(t, told);
	return rc;
}

/* Errors: ECERT_E_MEMORY. */
static enum ecert_rc judge_stamps(const struct job *j, const struct jades_one *one,
    const struct jades_beside *b, struct doc_signature *s, struct report *told)
{
	/* TS 119 182-1, 5.3.4: over the value in base64url. */
	const struct cades_stamp_asked q = {.kind = DOC_STAMP_SIGNATURE, .covered = one->value};
	enum ecert_rc rc = ECERT_OK;

	s->stamps = calloc(b->stamps + 1, sizeof *s->stamps);
	if (!s->stamps)
		return ECERT_E_MEMORY;
	for (size_t i = 0; rc == ECERT_OK && i < b->of_value; i++) {
		rc = judge_stamp(j, b, i, q, s, told);
		if (s->stamps[i].counts && (!s->proved || s->stamps[i].when < s->proved))
			s->proved = s->stamps[i].when;
	}
	if (b->archive)
		report_add(told, CHK_TIME_STAMP, CHECK_SKIPPED,
		    MSG("there is an archive time stamp, which this version does not verify"));
	if (b->more)
		report_add(
		    told, CHK_TIME_STAMP, CHECK_SKIPPED, MSG("there are more than are looked at"));
	return rc;
}

/* TS 119 182-1, 5.2.6: over the payload as it is signed. over: that; empty: the signature has
 * digests of files in its place. */
static enum ecert_rc judge_content_stamps(const struct job *j, const struct jades_beside *b,
    struct rd over, struct doc_signature *s, struct report *told)
{
	const struct cades_stamp_asked q = {
	    .kind = DOC_STAMP_CONTENT, .covered = over, .before = s->proved};
	enum ecert_rc rc = ECERT_OK;

	for (size_t i = b->of_value; over.n && rc == ECERT_OK && i < b->stamps; i++)
		rc = judge_stamp(j, b, i, q, s, told);
	if (b->unread || (!over.n && b->of_value < b->stamps))
		report_add(told, CHK_TIME_STAMP, CHECK_SKIPPED,
		    MSG("there is a time stamp of the content, which this version does not "
			"verify"));
	return rc;
}

static void path_with(const struct job *j, const struct jades_beside *b, struct doc_path_query *q,
    time_t proved, struct report *rep)
{
	const struct doc_path *path = j->o->path;
	struct doc_proof proof = {.ocsps = b->all.ocsps,
	    .ocsps_n = b->all.ocsps_n,
	    .proved = proved,
	    .since = proved,
	    .heard = cades_heard(&b->heard)};

	if (q->unclaimed)
		q->at = proved ? proved : q->now;
	if (path->judge)
		path->judge(path->ctx, q, &proof, false, rep);
	else
		path->check(path->ctx, q, rep);
}

/* As of now, and where that does not pass, with what the time stamps prove (EN 319 102-1, 5.6.2.4).
 */
static void check_path(
    const struct job *j, const struct jades_beside *b, X509 *cert, struct doc_signature *s)
{
	struct doc_path_query q = {.leaf = cert,
	    .others = b->all.certs,
	    .crls = b->all.crls,
	    .at = s->when,
	    .now = j->o->now,
	    .unclaimed = !s->when};
	struct report best, then;
	time_t after;

	if (s->when > j->o->now + CLOCK_SKEW)
		report_add_why(&s->report, CHK_SIGNING_TIME, CHECK_FAILED, REASON_SIGNED_IN_FUTURE,
		    MSG("it lies in the future"));
	if (!j->o->path || !j->o->path->check) {
		report_add_why(&s->report, CHK_CHAIN, CHECK_UNKNOWN, REASON_NO_ANCHOR,
		    MSG("no trusted certificates were given"));
		return;
	}
	report_init(&best);
	path_with(j, b, &q, 0, &best);
	if (s->proved && report_verdict(&best) != VERDICT_PASSED) {
		report_init(&then);
		path_with(j, b, &q, s->proved, &then);
		if (report_verdict(&then) <= report_verdict(&best) ||
		    cades_stamps_too_early(&then, &best))
			best = then;
	}
	after = cades_stamps_content(s->stamps, s->stamps_n);
	if (after && (q.unclaimed || after > q.at) &&
	    report_verdict(&best) == VERDICT_INDETERMINATE) {
		q.unclaimed = false;
		q.at = after;
		report_init(&then);
		path_with(j, b, &q, s->proved, &then);
		if (cades_stamps_too_late(&then))
			best = then;
	}
	report_append(&s->report, &best);
}

/* header.payload */
static enum ecert_rc put_input(const struct jades_one *one, struct rd over, struct buf *out)
{
	buf_init(out, one->coded.n + 1 + over.n);
	buf_rd(out, one->coded);
	buf_u8(out, '.');
	buf_rd(out, over);
	return buf_rc(out);
}

static enum ecert_rc check_value(const struct job *j, const struct jades_one *one,
    const struct jades_header *h, struct rd over, bool known, X509 *cert, struct doc_signature *s)
{
	struct doc_verify_options then = *j->o;
	struct buf input;
	enum ecert_rc rc;

	if (!cert || !known) {
		report_add(&s->report, CHK_SIGNATURE_VALUE, CHECK_SKIPPED,
		    MSG(!cert ? MSG_ID("no certificate to check with")
			      : MSG_ID("what is signed is not at hand")));
		return ECERT_OK;
	}
	then.now = s->proved ? s->proved : j->o->now;
	rc = put_input(one, over, &input);
	if (rc == ECERT_OK)
		jades_value_check(h->alg, cert, buf_view(&input), one->value, &then, &s->report);
	buf_free(&input);
	return rc;
}

static enum ecert_rc check_parts(struct job *j, const struct jades_one *one,
    const struct jades_header *h, const struct jades_beside *b, struct doc_signature *s)
{
	struct algorithm_rules rules = {.policy = j->o->algorithms};
	struct report told;
	struct rd over;
	bool known;
	X509 *cert = NULL;
	enum ecert_rc rc;

	report_init(&told);
	rc = judge_stamps(j, one, b, s, &told);
	rules.at = s->proved ? s->proved : j->o->now;
	if (rc == ECERT_OK)
		rc = jades_content_check(&j->content, h, rules.at, &over, &known, &s->report);
	if (rc == ECERT_OK)
		rc = judge_content_stamps(j, b, known ? over : rd_of(NULL, 0), s, &told);
	if (rc == ECERT_OK) {
		cert = jades_beside_cert(one, b, j->o->path, &rules, &s->report);
		rc = check_value(j, one, h, over, known, cert, s);
	}
	if (rc == ECERT_OK && cert)
		rc = cert_der(cert, &s->cert);
	if (rc == ECERT_OK && cert && identity_of(cert, &s->who) != ECERT_OK)
		report_add(
		    &s->report, CHK_SIGNER, CHECK_FAILED, MSG("the certificate cannot be read"));
	report_append(&s->report, &told);
	if (rc == ECERT_OK && cert)
		check_path(j, b, cert, s);
	s->profile = doc_level_profile(s->profile, cades_stamps_level(s));
	return rc;
}

static enum ecert_rc check_one(struct job *j, const struct jades_one *one, struct doc_signature *s)
{
	struct jades_header h;
	struct jades_beside b;
	enum ecert_rc rc;

	buf_init(&s->cert, 65536);
	report_init(&s->report);
	jades_header_read(one, j->doc.payload.n, &h, &s->report);
	s->asked = true;
	s->when = h.when;
	s->profile = h.profile;
	text_copy(s->algorithm, sizeof s->algorithm, h.alg ? h.alg : "");
	text_scrub(s->algorithm);
	rc = jades_beside_read(one, j->o->certs, &b);
	if (rc == ECERT_OK)
		rc = check_parts(j, one, &h, &b, s);
	jades_beside_free(&b);
	return rc;
}

static const char *form_words(enum doc_serialization form)
{
	static const char *const words[] = {
	    [DOC_JSON_COMPACT] = MSG_ID("JWS"),
	    [DOC_JSON_FLATTENED] = MSG_ID("JWS in JSON"),
	    [DOC_JSON_GENERAL] = MSG_ID("JWS in JSON, for several signatures"),
	};

	return words[form];
}

static bool is_plain(const struct jades *doc)
{
	return doc->n && json_is_false(json_object_get(doc->v[0].header, "b64"));
}

static enum ecert_rc check_all(struct job *j, struct doc_result *r)
{
	enum ecert_rc rc = ECERT_OK;

	r->attached = j->content.coded.n;
	r->n = j->doc.n;
	if (r->attached && j->o->content)
		rc = j->o->content(j->o->content_ctx, j->content.bytes);
	for (size_t i = 0; rc == ECERT_OK && i < r->n; i++)
		rc = check_one(j, &j->doc.v[i], &r->signer[i]);
	r->content_size = j->content.size;
	r->members = j->content.members;
	r->members_n = j->content.members_n;
	r->beside = r->members;
	j->content.members = NULL;
	return rc;
}

enum ecert_rc jades_verify(
    struct rd text, int content_fd, const struct doc_verify_options *o, struct doc_result **out)
{
	struct job j = {.o = o};
	enum reason reason = REASON_NONE;
	const char *why = jades_read(text, &j.doc, &reason);
	enum ecert_rc rc = ECERT_OK;
	struct doc_result *r = calloc(1, sizeof *r + j.doc.n * sizeof r->signer[0]);

	*out = NULL;
	if (!why)
		why = jades_content_read(
		    &j.doc, content_fd, is_plain(&j.doc), o, &j.content, &reason);
	if (!r)
		rc = ECERT_E_MEMORY;
	else
		report_add_why(&r->report, CHK_STRUCTURE, why ? CHECK_FAILED : CHECK_OK,
		    why ? reason : REASON_NONE, MSG(why ? why : form_words(j.doc.form)));
	if (rc == ECERT_OK && !why)
		rc = check_all(&j, r);
	if (rc == ECERT_OK)
		*out = r;
	else
		doc_result_free(&r);
	jades_content_free(&j.content);
	jades_free(&j.doc);
	return rc;
}

enum ecert_rc jades_verify_fd(
    int text_fd, int content_fd, const struct doc_verify_options *o, struct doc_result **out)
{
	/* What is inside, in base64url, and its headers. */
	struct buf text = BUF_INIT(DOC_SIGNATURE_MAX / 3 * 4);
	enum ecert_rc rc = file_read_fd(text_fd, &text);

	*out = NULL;
	if (rc == ECERT_OK)
		rc = jades_verify(buf_view(&text), content_fd, o, out);
	buf_free(&text);
	return rc;
}
