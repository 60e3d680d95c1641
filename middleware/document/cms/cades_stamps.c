/* SPDX-License-Identifier: BSD-2-Clause */
/* Time stamps of a signature (EN 319 122-1, 5.3 and 5.5), judged as EN 319 102-1, 5.4 to 5.6 has
 * it. They are unsigned attributes, which anybody can add or take away: one that does not count
 * proves nothing, and takes nothing away. */
#include "document/cms/cades_stamps.h"

#include <openssl/err.h>
#include <stdlib.h>
#include <string.h>

#include "document/cert.h"
#include "document/cms/cades_keep.h"
#include "document/cms/cades_stamp.h"

/* A time may be ahead of our clock by this many seconds. */
#define CLOCK_SKEW 300

/* id-aa-signatureTimeStampToken; id-aa-ets-archiveTimestampV3, and the older ones. */
static const uint8_t of_signature[] = {
    0x06, 11, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 9, 16, 2, 14};
static const uint8_t archive_v3[] = {0x06, 6, 0x04, 0, 0x8D, 0x45, 2, 4};
static const uint8_t archive_v2[] = {0x06, 11, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 9, 16, 2, 48};
static const uint8_t archive_v1[] = {0x06, 11, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 9, 16, 2, 27};

#define IS(a, oid) rd_equal((a), rd_of((oid), sizeof(oid)))

void cades_stamps_read(
    const struct cades_parts *doc, size_t i, struct doc_certs *known, struct cades_stamps *s)
{
	struct cades_values w = {.attributes = rd_of(NULL, 0)};
	struct rd type, value;

	memset(s, 0, sizeof *s);
	if (!cades_parts_signer(doc, i, &s->signer))
		return;
	w.attributes = s->signer.attributes;
	while (cades_values_next(&w, &type, &value)) {
		struct cades_stamp *t = &s->v[s->n];

		s->unread = s->unread || IS(type, archive_v2) || IS(type, archive_v1);
		if (!IS(type, of_signature) && !IS(type, archive_v3))
			continue;
		s->more = s->more || s->n == DOC_STAMPS_MAX;
		if (s->more)
			continue;
		*t = (struct cades_stamp){.type = type, .value = value};
		t->defect = cades_token_read(value, known, &t->token, &t->reason);
		s->n++;
	}
}

void cades_stamps_free(struct cades_stamps *s)
{
	for (size_t i = 0; i < s->n; i++)
		cades_token_free(&s->v[i].token);
	s->n = 0;
}

static bool is_archive(const struct cades_stamp *t)
{
	return IS(t->type, archive_v3);
}

static bool imprint_of_signature(const struct cades_stamp *t, const struct cades_stamped *of)
{
	const ASN1_OCTET_STRING *sig = CMS_SignerInfo_get0_signature(of->si);
	uint8_t digest[EVP_MAX_MD_SIZE];
	unsigned n = 0;

	return EVP_Digest(ASN1_STRING_get0_data(sig), (size_t)ASN1_STRING_length(sig), digest, &n,
		   t->token.md, NULL) == 1 &&
	       rd_equal(t->token.imprint, rd_of(digest, n));
}

static bool imprint_of_archive(
    const struct cades_stamps *s, const struct cades_stamp *t, const struct cades_stamped *of)
{
	uint8_t digest[EVP_MAX_MD_SIZE];
	size_t n = 0;

	for (size_t i = 0; i < sizeof of->content / sizeof of->content[0]; i++) {
		struct rd content = of->content[i] ? digest_set_get(of->content[i], t->token.md)
						   : rd_of(NULL, 0);

		if (content.n &&
		    cades_index_imprint(t->token.md, of->doc->type, content, s->signer.fields,
			t->token.index.der, digest, &n) &&
		    rd_equal(t->token.imprint, rd_of(digest, n)))
			return true;
	}
	return false;
}

static void check_imprint(const struct cades_stamps *s, const struct cades_stamp *t,
    const struct cades_stamped *of, struct report *rep)
{
	const EVP_MD *md = t->token.md;
	enum reason reason = REASON_NONE;
	const char *why = "{digest}";

	if (!md) {
		reason = REASON_ALGORITHM_UNKNOWN;
		why = MSG_ID("its digest algorithm is unknown");
	} else if (is_archive(t) ? !imprint_of_archive(s, t, of) : !imprint_of_signature(t, of)) {
		reason = REASON_STAMP_OTHER;
		why = is_archive(t) ? MSG_ID("it is about another signature, or something that it "
					     "covers was changed")
				    : MSG_ID("it is about another signature");
	} else if (cades_token_old(of->o, md)) {
		reason = REASON_ALGORITHM_OLD;
		why = MSG_ID("it fits, but {digest} is too old to rely on");
	}
	report_add_why(rep, CHK_IMPRINT, reason ? CHECK_FAILED : CHECK_OK, reason,
	    MSG(why, P_TEXT("digest", md ? EVP_MD_get0_name(md) : "")));
}

/* What an archive time stamp covers is there, and is not younger than it. */
static void check_covered(const struct cades_stamps *s, const struct cades_stamp *t,
    const struct cades_stamped *of, struct report *rep)
{
	const struct cades_index *x = &t->token.index;
	const char *why = x->md ? cades_index_misfit(x, of->doc, s->signer.attributes)
				: MSG_ID("it has no hash index (ats-hash-index-v3)");

	bool old = !why && cades_token_old(of->o, x->md);

	if (old)
		why = MSG_ID("it fits, but {digest} is too old to rely on");
	report_add_why(rep, CHK_HASH_INDEX, why ? CHECK_FAILED : CHECK_OK,
	    old	  ? REASON_ALGORITHM_OLD
	    : why ? REASON_STAMP_INDEX
		  : REASON_NONE,
	    why ? MSG(why, P_TEXT("digest", old ? EVP_MD_get0_name(x->md) : "")) : MSG_EMPTY);
	for (size_t i = 0; !why && i < s->n; i++) {
		const struct cades_stamp *other = &s->v[i];

		if (other == t || other->defect || other->token.when <= t->token.when ||
		    !cades_index_has(x, x->values, other->type, other->value))
			continue;
		report_add_why(rep, CHK_TIME, CHECK_FAILED, REASON_STAMP_ORDER,
		    MSG("it claims a time before that of a time stamp that it covers"));
		return;
	}
}

/* Its time is that of the TSA, whose clock may be ahead. */
static void check_time(const struct cades_stamp *t, time_t now, struct report *rep)
{
	if (t->token.when > now + CLOCK_SKEW)
		report_add_why(
		    rep, CHK_TIME, CHECK_FAILED, REASON_STAMP_FUTURE, MSG("it lies in the future"));
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
		struct doc_proof proof = {.ocsps = b.ocsps, .ocsps_n = b.ocsps_n};

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

/* An archive time stamp that counts, later than t, of what t's own is part of. */
static const struct cades_stamp *keeper(
    const struct cades_stamps *s, const struct cades_stamp *t, const struct cades_stamp *behind)
{
	const struct cades_stamp *best = NULL;

	for (size_t i = 0; i < s->n; i++) {
		const struct cades_stamp *a = &s->v[i];

		if (a == t || !is_archive(a) || !a->out || !a->out->counts ||
		    (behind && a->token.when <= behind->token.when) ||
		    !cades_index_has(&a->token.index, a->token.index.values, t->type, t->value))
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
	t->out->archive = is_archive(t);
	if (rc == ECERT_OK && !t->defect) {
		t->out->when = t->token.when;
		memcpy(t->out->policy, t->token.policy, sizeof t->out->policy);
		cades_material_add(own, &t->token.opened, &t->token.parts);
		if (!cades_material_pick(own, NULL, &b) ||
		    !cades_material_pick(of->material, NULL, &b))
			rc = ECERT_E_MEMORY;
		check_imprint(s, t, &then, rep);
		if (is_archive(t))
			check_covered(s, t, &then, rep);
		check_time(t, of->o->now, rep);
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

/* Archive time stamps from the latest on, since each may keep the one before, then the others. */
static struct cades_stamp *next_of(struct cades_stamps *s)
{
	struct cades_stamp *next = NULL;

	for (size_t i = 0; i < s->n; i++) {
		struct cades_stamp *t = &s->v[i];

		if (t->out->report.n)
			continue;
		if (!next || (is_archive(t) && !is_archive(next)) ||
		    (is_archive(t) == is_archive(next) && t->token.when > next->token.when))
			next = t;
	}
	return next;
}

enum ecert_rc cades_stamps_judge(struct cades_stamps *s, const struct cades_stamped *of,
    struct doc_signature *sig, struct report *told)
{
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
	while (rc == ECERT_OK && (t = next_of(s)))
		rc = judge_one(s, t, of);
	for (size_t i = 0; i < s->n; i++) {
		const struct doc_stamp *out = &sig->stamps[i];

		cades_stamp_tell(out, told);
		if (out->counts && (!sig->proved || out->when < sig->proved))
			sig->proved = out->when;
		if (out->counts && out->archive && (!s->archived || out->when < s->archived))
			s->archived = out->when;
	}
	if (s->unread)
		report_add(told, CHK_TIME_STAMP, CHECK_SKIPPED,
		    MSG("there is an archive time stamp of an older kind, which this version does "
			"not verify"));
	if (s->more)
		report_add(
		    told, CHK_TIME_STAMP, CHECK_SKIPPED, MSG("there are more than are looked at"));
	return rc;
}

enum doc_level cades_stamps_level(const struct doc_signature *sig)
{
	bool stamped = false, lasts = false, archived = false;

	for (size_t i = 0; i < sig->stamps_n; i++) {
		const struct doc_stamp *t = &sig->stamps[i];

		stamped = stamped || t->counts;
		lasts = lasts || (t->counts && t->lasts && !t->archive);
		archived = archived || (t->counts && t->archive);
	}
	lasts = lasts && sig->lasts;
	return lasts && archived ? DOC_LEVEL_LTA
	       : lasts		 ? DOC_LEVEL_LT
	       : stamped	 ? DOC_LEVEL_T
				 : DOC_LEVEL_B;
}

time_t cades_stamps_earlier(time_t a, time_t b)
{
	return a && (!b || a < b) ? a : b;
}
