/* SPDX-License-Identifier: BSD-2-Clause */
/* Time stamps judged from the last to the first, since each that is of an archive keeps those
 * before it. */
#include "document/xml/stamps.h"

#include <stdlib.h>

#include "document/cms/stamp/cades_stamps.h"

/* One of them, and where it stands. */
struct one {
	const struct xml_property *fact;
	struct buf token;
	time_t when; /* 0: it cannot be read */
};

struct all {
	struct xml_content *c;
	const struct xml_sig *s;
	struct xml_beside *b;
	const struct doc_verify_options *o;
	struct one v[DOC_STAMPS_MAX];
	size_t n, own; /* own: before those of the content, which come last */
	bool unread, more;
};

static bool is_of_content(const struct xml_property *f)
{
	return f->kind == XML_FACT_ALL_DATA || f->kind == XML_FACT_SOME_DATA;
}

static void collect(struct all *a, bool of_content)
{
	for (uint32_t i = 0; i < a->s->facts; i++) {
		const struct xml_property *f = &a->s->fact[i];
		struct one *at = &a->v[a->n];

		a->unread = a->unread || f->kind == XML_FACT_UNREAD_STAMP;
		if (of_content ? !is_of_content(f)
			       : f->kind != XML_FACT_STAMP && f->kind != XML_FACT_ARCHIVE)
			continue;
		if (a->n == DOC_STAMPS_MAX) {
			a->more = true;
			return;
		}
		at->fact = f;
		buf_init(&at->token, DOC_SIGNATURE_MAX);
		/* One that cannot be decoded is told as one that cannot be read. */
		(void)xml_base64(f->a, &at->token);
		at->when = cades_stamp_beside(buf_view(&at->token), a->o->certs, &a->b->aside);
		a->n++;
	}
}

/* ---- what one is over ---- */
struct over {
	const struct all *a;
	const struct xml_property *fact;
};

/* EN 319 132-1, 5.2.8.1 and 5.5.2.2: by itself; one that is named is fed by its number. */
static bool is_covered(const struct over *w, const struct xml_ref *r)
{
	return w->fact->kind == XML_FACT_ARCHIVE ||
	       (w->fact->kind == XML_FACT_ALL_DATA && r->place != XML_OWN_PROPERTIES &&
		   !(r->flags & XML_REF_MANIFEST));
}

/* *n: how many there were. */
static enum ecert_rc feed(const struct over *w, struct digest_set *set, size_t *n)
{
	const struct xml_sig *s = w->a->s;
	struct rd list = w->fact->b;
	enum ecert_rc rc = ECERT_OK;
	uint32_t number;

	for (uint32_t i = 0; rc == ECERT_OK && i < s->refs; i++)
		if (is_covered(w, &s->ref[i])) {
			++*n;
			rc = xml_content_feed(w->a->c, s, &s->ref[i], set);
		}
	for (; rc == ECERT_OK && w->fact->kind == XML_FACT_SOME_DATA &&
	       rd_u32(&list, &number) == ECERT_OK;
	     ++*n)
		rc = number < s->refs ? xml_content_feed(w->a->c, s, &s->ref[number], set)
				      : ECERT_E_NOT_FOUND;
	return rc;
}

static enum ecert_rc digest(void *ctx, const EVP_MD *md, struct doc_digest *out)
{
	const struct over *w = ctx;
	struct digest_set set = {.n = 0};
	enum ecert_rc rc = digest_set_add(&set, md);
	size_t n = 0;

	if (rc == ECERT_OK)
		rc = feed(w, &set, &n);
	if (rc == ECERT_OK)
		rc = digest_set_update(&set, w->fact->octets);
	if (rc == ECERT_OK)
		rc = digest_set_final(&set);
	/* One over nothing at all fits no content. */
	if (rc == ECERT_OK && n)
		*out = set.row[0].result;
	digest_set_free(&set);
	return rc;
}

/* ---- judged ---- */
/* It comes before those that are there, which it is part of. */
static enum ecert_rc add_archive(struct all *a, const struct one *t, struct xml_archives *to)
{
	uint32_t fact = (uint32_t)(t->fact - a->s->fact);

	for (size_t i = to->n; i > 0; i--) {
		to->brought[i] = to->brought[i - 1];
		to->kept[i] = (struct cades_kept){to->kept[i - 1].when, &to->brought[i]};
	}
	to->n++;
	to->kept[0] = (struct cades_kept){t->when, &to->brought[0]};
	return xml_beside_before(a->b, fact, &to->brought[0]) ? ECERT_OK : ECERT_E_MEMORY;
}

static enum ecert_rc judge(
    const struct all *a, size_t i, struct cades_stamp_asked q, struct doc_stamp *out)
{
	struct over over = {a, a->v[i].fact};

	q.der = buf_view(&a->v[i].token);
	q.more = &a->b->all;
	q.heard = &a->b->heard;
	if (over.fact->kind == XML_FACT_STAMP)
		q.covered = over.fact->octets;
	else
		q.digest = digest;
	q.digest_ctx = &over;
	return cades_stamp_judge(&q, a->o, out);
}

static enum ecert_rc judge_own(
    struct all *a, size_t i, struct doc_stamp *out, struct xml_archives *archives)
{
	bool archive = a->v[i].fact->kind == XML_FACT_ARCHIVE;
	struct cades_stamp_asked q = {.kind = archive ? DOC_STAMP_ARCHIVE : DOC_STAMP_SIGNATURE,
	    .kept = archives->kept,
	    .kept_n = archives->n};
	enum ecert_rc rc;

	for (size_t k = 0; archive && k < i; k++)
		q.after = a->v[k].when > q.after ? a->v[k].when : q.after;
	rc = judge(a, i, q, out);
	return rc == ECERT_OK && out->counts && archive ? add_archive(a, &a->v[i], archives) : rc;
}

/* Those of the content are part of what is signed: whatever proves the signature keeps them, though
 * nothing that the document brings when it is not of an archive. */
static enum ecert_rc judge_of_content(
    struct all *a, struct doc_signature *out, const struct xml_archives *archives)
{
	static const struct cades_brought nothing;
	struct cades_kept kept[DOC_STAMPS_MAX + 1];
	struct cades_stamp_asked q = {.kind = DOC_STAMP_CONTENT, .kept = kept};
	enum ecert_rc rc = ECERT_OK;

	q.before = cades_stamps_earlier(out->proved, a->o->proved);
	if (q.before && (!archives->n || q.before < archives->kept[0].when))
		kept[q.kept_n++] = (struct cades_kept){q.before, &nothing};
	for (size_t i = 0; i < archives->n; i++)
		kept[q.kept_n++] = archives->kept[i];
	for (size_t i = a->own; rc == ECERT_OK && i < a->n; i++)
		rc = judge(a, i, q, &out->stamps[i]);
	return rc;
}

static enum ecert_rc judge_all(
    struct all *a, struct doc_signature *out, struct xml_archives *archives, struct report *told)
{
	enum ecert_rc rc = ECERT_OK;

	out->stamps = calloc(a->n + 1, sizeof *out->stamps);
	if (!out->stamps)
		return ECERT_E_MEMORY;
	out->stamps_n = a->n;
	for (size_t i = a->own; rc == ECERT_OK && i-- > 0;) {
		rc = judge_own(a, i, &out->stamps[i], archives);
		if (rc == ECERT_OK && out->stamps[i].counts)
			out->proved = cades_stamps_earlier(out->stamps[i].when, out->proved);
	}
	if (rc == ECERT_OK)
		rc = judge_of_content(a, out, archives);
	for (size_t i = 0; rc == ECERT_OK && i < a->n; i++)
		cades_stamp_tell(&out->stamps[i], told);
	return rc;
}

enum ecert_rc xml_stamps_judge(struct xml_content *c, const struct xml_sig *s, struct xml_beside *b,
    struct doc_signature *out, struct xml_archives *archives, struct report *told)
{
	struct all a = {.c = c, .s = s, .b = b, .o = c->o};
	enum ecert_rc rc;

	collect(&a, false);
	a.own = a.n;
	collect(&a, true);
	rc = xml_beside_hear(b);
	if (rc == ECERT_OK)
		rc = judge_all(&a, out, archives, told);
	if (a.unread)
		report_add(told, CHK_TIME_STAMP, CHECK_SKIPPED,
		    MSG("there is a time stamp of a kind that this version does not verify"));
	if (a.more)
		report_add(told, CHK_TIME_STAMP, CHECK_SKIPPED,
		    MSG("there are more than {max}, and no more are looked at",
			P_NUMBER("max", DOC_STAMPS_MAX)));
	if (b->more)
		report_add(told, CHK_TIME_STAMP, CHECK_SKIPPED,
		    MSG("it brings more than {max} certificates, CRLs or OCSP responses, and no "
			"more are looked at",
			P_NUMBER("max", XML_BROUGHT_MAX)));
	for (size_t i = 0; i < a.n; i++)
		buf_free(&a.v[i].token);
	return rc;
}

void xml_archives_free(struct xml_archives *a)
{
	for (size_t i = 0; i < a->n; i++)
		cades_brought_free(&a->brought[i]);
	a->n = 0;
}
