/* SPDX-License-Identifier: BSD-2-Clause */
/* The path of a signer's certificate, as of now and as of what was proved (EN 319 102-1, 5.6). */
#include "document/cms/stamp/cades_keep.h"

/* What is asked about a path that passes: whether it lasts, as of what is proved. */
struct cades_lasting {
	time_t proved; /* 0: not asked */
	bool *lasts;
};

static enum ecert_rc path_with(const struct cades_stamped *of, struct cades_keeping kept,
    struct doc_path_query *q, time_t proved, const struct cades_lasting *l, struct report *rep)
{
	const struct doc_path *path = of->o->path;
	struct cades_brought b = {.certs = NULL};
	bool ok = cades_pick_kept(of, &kept, &b);

	if (of->unclaimed)
		q->at = proved ? proved : q->now;
	if (ok) {
		struct doc_proof proof = {.ocsps = b.ocsps,
		    .ocsps_n = b.ocsps_n,
		    .proved = proved,
		    .since = proved,
		    .kept = kept.when,
		    .heard = cades_heard(of->heard)};

		q->others = b.certs;
		q->crls = b.crls;
		if (path->judge)
			path->judge(path->ctx, q, &proof, false, rep);
		else
			path->check(path->ctx, q, rep);
		if (l->proved && cades_asks_lasts(path, &b, rep)) {
			proof.proved = proof.since = l->proved;
			*l->lasts = path->lasts(path->ctx, q, &proof, false);
		}
	}
	cades_brought_free(&b);
	q->others = NULL;
	q->crls = NULL;
	return ok ? ECERT_OK : ECERT_E_MEMORY;
}

enum ecert_rc cades_path_best(
    size_t n, time_t proved, cades_judge_fn *judge, void *ctx, struct report *best)
{
	struct report then;
	enum ecert_rc rc = judge(ctx, 0, 0, best);

	for (size_t i = 0; rc == ECERT_OK && proved && i <= n; i++) {
		if (report_verdict(best) == VERDICT_PASSED)
			break;
		report_init(&then);
		rc = judge(ctx, i, proved, &then);
		if (rc == ECERT_E_NOT_FOUND) {
			rc = ECERT_OK;
			continue;
		}
		if (report_verdict(&then) == VERDICT_PASSED ||
		    (!i && (report_verdict(&then) <= report_verdict(best) ||
			       cades_stamps_too_early(&then, best)))) {
			report_init(best);
			report_append(best, &then);
		}
	}
	return rc;
}

struct walk {
	const struct cades_stamps *s;
	const struct cades_stamped *of;
	struct doc_path_query *q;
	const struct cades_lasting *l;
};

/* Keepers: each archive time stamp, then what is around. */
static enum ecert_rc judge_kept(void *ctx, size_t i, time_t proved, struct report *rep)
{
	const struct walk *w = ctx;
	const struct cades_stamps *s = w->s;
	const struct cades_stamp *archive = i && i <= s->n ? &s->v[i - 1] : NULL;
	struct cades_keeping kept = !i	      ? AS_OF_NOW
				    : archive ? KEPT_BY(archive)
					      : KEPT_AROUND(&w->of->o->kept[i - 1 - s->n]);

	if (archive && (archive->out->kind != DOC_STAMP_ARCHIVE || !archive->out->counts))
		return ECERT_E_NOT_FOUND;
	return path_with(w->of, kept, w->q, proved, w->l, rep);
}

static enum ecert_rc path_best(const struct cades_stamps *s, const struct cades_stamped *of,
    struct doc_path_query *q, const struct cades_lasting *l, struct report *best)
{
	struct walk w = {s, of, q, l};

	return cades_path_best(s->n + of->o->kept_n, l->proved, judge_kept, &w, best);
}

/* EN 319 102-1, 5.3.4: what was signed has a time stamp in it that is younger than the end of the
 * certificate, and so the signature is younger than that, whatever the signer says. Nothing is
 * taken from it that is in favour of the signature. */
static enum ecert_rc signed_after(const struct cades_stamps *s, const struct cades_stamped *of,
    const struct doc_path_query *q, time_t proved, time_t after, struct report *best)
{
	struct cades_stamped claimed = *of;
	struct doc_path_query then = *q;
	struct report late;
	bool lasts = false;
	const struct cades_lasting l = {proved, &lasts};
	enum ecert_rc rc;

	claimed.unclaimed = then.unclaimed = false;
	then.at = after;
	report_init(&late);
	rc = path_best(s, &claimed, &then, &l, &late);
	if (cades_stamps_too_late(&late)) {
		report_init(best);
		report_append(best, &late);
	}
	return rc;
}

enum ecert_rc cades_stamps_path(const struct cades_stamps *s, const struct cades_stamped *of,
    struct doc_path_query *q, time_t proved, struct report *rep, bool *lasts)
{
	const struct cades_lasting l = {proved, lasts};
	time_t after = s->n ? cades_stamps_content(s->v[0].out, s->n) : 0;
	struct report best;
	enum ecert_rc rc;

	report_init(&best);
	*lasts = false;
	rc = path_best(s, of, q, &l, &best);
	if (rc == ECERT_OK && after && (of->unclaimed || after > q->at) &&
	    report_verdict(&best) == VERDICT_INDETERMINATE)
		rc = signed_after(s, of, q, proved, after, &best);
	report_append(rep, &best);
	return rc;
}
