/* SPDX-License-Identifier: BSD-2-Clause */
/* Time stamps of a signature (EN 319 122-1, 5.2.8, 5.3 and 5.5), judged as EN 319 102-1, 5.4 to 5.6
 * has it. They are unsigned attributes, which anybody can add or take away, or the signer's own:
 * one that does not count proves nothing, and takes nothing away. */
#include "document/cms/stamp/cades_stamps.h"

#include <openssl/err.h>
#include <stdlib.h>
#include <string.h>

#include "document/cert.h"
#include "document/cms/stamp/cades_imprint.h"
#include "document/cms/stamp/cades_keep.h"
#include "document/cms/stamp/cades_stamp.h"

/* id-aa-signatureTimeStampToken; id-aa-ets-contentTimestamp; id-aa-ets-archiveTimestampV3, and the
 * older ones. */
static const uint8_t of_signature[] = {
    0x06, 11, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 9, 16, 2, 14};
static const uint8_t of_content[] = {0x06, 11, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 9, 16, 2, 20};
static const uint8_t archive_v3[] = {0x06, 6, 0x04, 0, 0x8D, 0x45, 2, 4};
static const uint8_t archive_v2[] = {0x06, 11, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 9, 16, 2, 48};
static const uint8_t archive_v1[] = {0x06, 11, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 9, 16, 2, 27};

#define IS(a, oid) rd_equal((a), rd_of((oid), sizeof(oid)))

/* False: it is no time stamp that is looked at. */
static bool kind_of(struct rd type, bool is_signed, enum doc_stamp_kind *kind)
{
	if (is_signed ? !IS(type, of_content) : !IS(type, of_signature) && !IS(type, archive_v3))
		return false;
	*kind = is_signed	       ? DOC_STAMP_CONTENT
		: IS(type, archive_v3) ? DOC_STAMP_ARCHIVE
				       : DOC_STAMP_SIGNATURE;
	return true;
}

static void read_list(
    struct cades_stamps *s, struct rd attributes, bool is_signed, struct doc_certs *known)
{
	struct cades_values w = {.attributes = attributes};
	enum doc_stamp_kind kind;
	struct rd type, value;

	while (cades_values_next(&w, &type, &value)) {
		struct cades_stamp *t = &s->v[s->n];

		s->unread = s->unread ||
			    (!is_signed && (IS(type, archive_v2) || IS(type, archive_v1)));
		if (!kind_of(type, is_signed, &kind))
			continue;
		s->more = s->more || s->n == DOC_STAMPS_MAX;
		if (s->more)
			continue;
		*t = (struct cades_stamp){.kind = kind, .type = type, .value = value};
		t->defect = cades_token_read(value, known, &t->token, &t->reason);
		s->n++;
	}
}

void cades_stamps_read(
    const struct cades_parts *doc, size_t i, struct doc_certs *known, struct cades_stamps *s)
{
	memset(s, 0, sizeof *s);
	if (!cades_parts_signer(doc, i, &s->signer))
		return;
	/* What proves more comes first, as there is an end to how many are looked at. */
	read_list(s, s->signer.attributes, false, known);
	read_list(s, s->signer.is_signed, true, known);
}

void cades_stamps_beside(const struct cades_stamps *s, struct cades_material *to)
{
	size_t from = to->n;

	for (size_t i = 0; i < s->n; i++)
		if (!s->v[i].defect)
			cades_material_add(to, &s->v[i].token.opened, &s->v[i].token.parts);
	for (; from < to->n; from++)
		to->v[from].around = CADES_ASIDE;
}

void cades_stamps_free(struct cades_stamps *s)
{
	for (size_t i = 0; i < s->n; i++)
		cades_token_free(&s->v[i].token);
	s->n = 0;
}

/* The TSA's path with what the token (own) and the document bring; kept: by what counts and covers
 * this one. Errors: ECERT_E_MEMORY. */
static enum ecert_rc check_path(const struct cades_stamp *t, const struct cades_stamped *of,
    const struct cades_material *own, struct cades_keeping kept, X509 *cert, struct report *rep)
{
	struct cades_brought b = {.certs = NULL};
	const struct doc_path *path = of->o->path;
	bool ok = cades_material_pick(own, NULL, &b) && cades_pick_kept(of, &kept, &b);

	t->out->lasts = false;
	if (ok) {
		struct doc_path_query q = {.leaf = cert,
		    .others = b.certs,
		    .crls = b.crls,
		    .at = t->token.when,
		    .now = of->o->now};
		struct doc_proof proof = {
		    .ocsps = b.ocsps, .ocsps_n = b.ocsps_n, .heard = cades_heard(of->heard)};

		if (kept.when) {
			proof.proved = kept.when;
			proof.since = t->token.when;
			proof.kept = kept.when;
		}
		path->judge(path->ctx, &q, &proof, true, rep);
		if (cades_asks_lasts(path, &b, rep)) {
			proof.proved = kept.when ? kept.when : t->token.when;
			proof.since = t->token.when;
			proof.kept = kept.when ? kept.when : of->o->now;
			t->out->lasts = path->lasts(path->ctx, &q, &proof, true);
		}
	}
	cades_brought_free(&b);
	return ok ? ECERT_OK : ECERT_E_MEMORY;
}

/* What keeps t's kind: an archive time stamp that has its hash; whatever proves the signature, of
 * which one of the content is part. */
static bool keeps(const struct cades_stamp *a, const struct cades_stamp *t)
{
	if (!a->out || !doc_stamp_proves(a->out))
		return false;
	return t->kind == DOC_STAMP_CONTENT ||
	       (a->kind == DOC_STAMP_ARCHIVE &&
		   cades_index_has(&a->token.index, a->token.index.values, t->type, t->value));
}

/* One that counts, later than t, of what t's own is part of. */
static const struct cades_stamp *keeper(
    const struct cades_stamps *s, const struct cades_stamp *t, const struct cades_stamp *behind)
{
	const struct cades_stamp *best = NULL;

	for (size_t i = 0; i < s->n; i++) {
		const struct cades_stamp *a = &s->v[i];

		if (a == t || (behind && a->token.when <= behind->token.when) || !keeps(a, t))
			continue;
		if (!best || a->token.when < best->token.when)
			best = a;
	}
	return best;
}

/* to is from. */
static void take_over(struct report *to, const struct report *from)
{
	report_init(to);
	report_append(to, from);
}

/* Better than what there is when it passes. */
static enum ecert_rc try_keeping(const struct cades_stamp *t, const struct cades_stamped *of,
    const struct cades_material *own, struct cades_keeping kept, X509 *cert, struct report *best)
{
	struct report then;
	enum ecert_rc rc;

	report_init(&then);
	rc = check_path(t, of, own, kept, cert, &then);
	if (report_verdict(&then) == VERDICT_PASSED)
		take_over(best, &then);
	return rc;
}

/* As of now first, then as of each time stamp that keeps it. */
static enum ecert_rc judge_tsa(const struct cades_stamps *s, const struct cades_stamp *t,
    const struct cades_stamped *of, const struct cades_material *own, X509 *cert,
    struct report *rep)
{
	const struct cades_stamp *kept = NULL;
	const struct doc_path *path = of->o->path;
	struct report now;
	enum ecert_rc rc;

	if (!path || !path->judge) {
		report_add_why(rep, CHK_CHAIN, CHECK_UNKNOWN, REASON_NO_ANCHOR,
		    MSG("no trusted certificates were given"));
		return ECERT_OK;
	}
	report_init(&now);
	rc = check_path(t, of, own, AS_OF_NOW, cert, &now);
	while (
	    rc == ECERT_OK && report_verdict(&now) != VERDICT_PASSED && (kept = keeper(s, t, kept)))
		rc = try_keeping(t, of, own, KEPT_BY(kept), cert, &now);
	for (size_t i = 0; rc == ECERT_OK && i < of->o->kept_n; i++)
		if (report_verdict(&now) != VERDICT_PASSED)
			rc = try_keeping(t, of, own, KEPT_AROUND(&of->o->kept[i]), cert, &now);
	report_append(rep, &now);
	return rc;
}

static enum ecert_rc judge_one(
    const struct cades_stamps *s, struct cades_stamp *t, const struct cades_stamped *of)
{
	struct report *rep = &t->out->report;
	struct cades_brought b = {.certs = NULL};
	struct cades_material *own = calloc(1, sizeof *own);
	enum ecert_rc rc = own ? ECERT_OK : ECERT_E_MEMORY;
	/* Its own algorithms are as good as when an archive time stamp shows that it was there. */
	const struct cades_stamp *kept = t->defect ? NULL : keeper(s, t, NULL);
	struct doc_verify_options as_of = *of->o;
	struct cades_stamped then = *of;
	X509 *cert = NULL;

	as_of.now = kept ? kept->token.when : of->o->now;
	then.o = &as_of;
	report_add_why(rep, CHK_STRUCTURE, t->defect ? CHECK_FAILED : CHECK_OK,
	    t->defect ? t->reason : REASON_NONE, t->defect ? MSG(t->defect) : MSG_EMPTY);
	t->out->kind = t->kind;
	if (rc == ECERT_OK && !t->defect) {
		t->out->when = t->token.when;
		memcpy(t->out->policy, t->token.policy, sizeof t->out->policy);
		cades_material_add(own, &t->token.opened, &t->token.parts);
		if (!cades_material_pick(own, NULL, &b) ||
		    !cades_material_pick(of->material, NULL, &b))
			rc = ECERT_E_MEMORY;
		cades_imprint_check(s, t, &then, rep);
		cades_stamp_check_time(t->token.when, 0,
		    t->kind == DOC_STAMP_CONTENT ? of->proved : 0, of->o->now, rep);
		cert = cades_token_check(&t->token, b.certs, &as_of, rep);
		if (cert && (identity_of(cert, &t->out->who) != ECERT_OK ||
				cert_sha256(cert, t->out->cert) != ECERT_OK))
			report_add(
			    rep, CHK_SIGNER, CHECK_FAILED, MSG("the certificate cannot be read"));
		/* The path costs the most, and tells nothing of one that is wrong itself. */
		if (rc == ECERT_OK && report_verdict(rep) == VERDICT_PASSED)
			rc = judge_tsa(s, t, of, own, cert, rep);
		t->out->counts = rc == ECERT_OK && report_verdict(rep) == VERDICT_PASSED;
	}
	cades_brought_free(&b);
	if (own)
		cades_material_free(own);
	free(own);
	return rc;
}

/* Archive time stamps from the latest on, since each may keep the one before, then the others, and
 * those of the content last. */
static struct cades_stamp *next_of(struct cades_stamps *s)
{
	static const int turn[] = {
	    [DOC_STAMP_ARCHIVE] = 0, [DOC_STAMP_SIGNATURE] = 1, [DOC_STAMP_CONTENT] = 2};
	struct cades_stamp *next = NULL;

	for (size_t i = 0; i < s->n; i++) {
		struct cades_stamp *t = &s->v[i];

		if (t->out->report.n)
			continue;
		if (!next || turn[t->kind] < turn[next->kind] ||
		    (t->kind == next->kind && t->token.when > next->token.when))
			next = t;
	}
	return next;
}

/* What one that was judged proves of the signature. */
static void take_proof(struct cades_stamps *s, const struct doc_stamp *out, time_t *proved)
{
	if (!doc_stamp_proves(out))
		return;
	*proved = cades_stamps_earlier(*proved, out->when);
	if (out->kind == DOC_STAMP_ARCHIVE)
		s->archived = cades_stamps_earlier(s->archived, out->when);
}

enum ecert_rc cades_stamps_judge(struct cades_stamps *s, const struct cades_stamped *of,
    struct doc_signature *sig, struct report *told)
{
	struct cades_stamped with = *of;
	struct cades_stamp *t;
	enum ecert_rc rc = ECERT_OK;

	if (!s->n && !s->unread)
		return ECERT_OK;
	sig->stamps = calloc(s->n + 1, sizeof *sig->stamps);
	if (!sig->stamps)
		return ECERT_E_MEMORY;
	sig->stamps_n = s->n;
	for (size_t i = 0; i < s->n; i++)
		s->v[i].out = &sig->stamps[i];
	while (rc == ECERT_OK && (t = next_of(s))) {
		with.proved = cades_stamps_earlier(sig->proved, of->o->proved);
		rc = judge_one(s, t, &with);
		take_proof(s, t->out, &sig->proved);
	}
	for (size_t i = 0; i < s->n; i++)
		cades_stamp_tell(&sig->stamps[i], told);
	if (s->unread)
		report_add(told, CHK_TIME_STAMP, CHECK_SKIPPED,
		    MSG("there is an archive time stamp of an older kind, which this version does "
			"not verify"));
	if (s->more)
		report_add(told, CHK_TIME_STAMP, CHECK_SKIPPED,
		    MSG("there are more than {max}, and no more are looked at",
			P_NUMBER("max", DOC_STAMPS_MAX)));
	return rc;
}

enum doc_level cades_stamps_level(const struct doc_signature *sig)
{
	bool stamped = false, lasts = false, archived = false;

	for (size_t i = 0; i < sig->stamps_n; i++) {
		const struct doc_stamp *t = &sig->stamps[i];

		stamped = stamped || doc_stamp_proves(t);
		lasts = lasts || (t->counts && t->lasts && t->kind == DOC_STAMP_SIGNATURE);
		archived = archived || (t->counts && t->kind == DOC_STAMP_ARCHIVE);
	}
	lasts = lasts && sig->lasts;
	return lasts && archived ? DOC_LEVEL_LTA
	       : lasts		 ? DOC_LEVEL_LT
	       : stamped	 ? DOC_LEVEL_T
				 : DOC_LEVEL_B;
}

time_t cades_stamps_content(const struct doc_stamp *v, size_t n)
{
	time_t latest = 0;

	for (size_t i = 0; i < n; i++)
		if (v[i].counts && v[i].kind == DOC_STAMP_CONTENT && v[i].when > latest)
			latest = v[i].when;
	return latest;
}

bool cades_stamps_too_late(struct report *late)
{
	const struct check *why = report_reason(late);
	bool over = why && why->state == CHECK_FAILED && why->reason == REASON_EXPIRED_THEN;
	bool gone = why && why->reason == REASON_REVOKED_THEN;

	for (size_t i = 0; (over || gone) && i < late->n; i++)
		if (&late->checks[i] == why)
			late->checks[i].reason = over ? REASON_EXPIRED_PROVED
						      : REASON_REVOKED_PROVED;
	return over || gone;
}

bool cades_stamps_too_early(const struct report *then, const struct report *now)
{
	const struct check *why = report_reason(then);
	enum sub_indication open = report_judge(now).sub;

	return why && why->reason == REASON_NOT_YET_PROVED &&
	       (open == SUB_OUT_OF_BOUNDS_NO_POE || open == SUB_OUT_OF_BOUNDS_NOT_REVOKED);
}

time_t cades_stamps_earlier(time_t a, time_t b)
{
	return a && (!b || a < b) ? a : b;
}
