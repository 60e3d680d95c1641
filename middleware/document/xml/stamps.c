/* SPDX-License-Identifier: BSD-2-Clause */
/* Time stamps judged from the last to the first, since each that is of an archive keeps those
 * before it. */
#include "document/xml/stamps.h"

#include <stdlib.h>

/* One of them, and where it stands. */
struct one {
	const struct xml_property *fact;
	struct buf token;
	time_t when; /* 0: it cannot be read */
};

struct all {
	const struct xml_sig *s;
	const struct xml_beside *b;
	const struct doc_verify_options *o;
	struct one v[DOC_STAMPS_MAX];
	size_t n;
	bool unread, more;
};

static void collect(struct all *a)
{
	for (uint32_t i = 0; i < a->s->facts; i++) {
		const struct xml_property *f = &a->s->fact[i];
		struct one *at = &a->v[a->n];

		a->unread = a->unread || f->kind == XML_FACT_UNREAD_STAMP;
		if (f->kind != XML_FACT_STAMP && f->kind != XML_FACT_ARCHIVE)
			continue;
		if (a->n == DOC_STAMPS_MAX) {
			a->more = true;
			return;
		}
		at->fact = f;
		buf_init(&at->token, DOC_SIGNATURE_MAX);
		/* One that cannot be decoded is told as one that cannot be read. */
		(void)xml_base64(f->a, &at->token);
		at->when = cades_stamp_time(buf_view(&at->token), a->o->certs);
		a->n++;
	}
}

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
    struct all *a, size_t i, struct doc_stamp *out, struct xml_archives *archives)
{
	const struct one *t = &a->v[i];
	bool archive = t->fact->kind == XML_FACT_ARCHIVE;
	struct cades_stamp_asked q = {.der = buf_view(&t->token),
	    .covered = t->fact->octets,
	    .kind = archive ? DOC_STAMP_ARCHIVE : DOC_STAMP_SIGNATURE,
	    .more = &a->b->all,
	    .kept = archives->kept,
	    .kept_n = archives->n};
	enum ecert_rc rc;

	for (size_t k = 0; archive && k < i; k++)
		q.after = a->v[k].when > q.after ? a->v[k].when : q.after;
	rc = cades_stamp_judge(&q, a->o, out);
	return rc == ECERT_OK && out->counts && archive ? add_archive(a, t, archives) : rc;
}

static enum ecert_rc judge_all(
    struct all *a, struct doc_signature *out, struct xml_archives *archives, struct report *told)
{
	enum ecert_rc rc = ECERT_OK;

	out->stamps = calloc(a->n + 1, sizeof *out->stamps);
	if (!out->stamps)
		return ECERT_E_MEMORY;
	out->stamps_n = a->n;
	for (size_t i = a->n; rc == ECERT_OK && i-- > 0;)
		rc = judge(a, i, &out->stamps[i], archives);
	for (size_t i = 0; rc == ECERT_OK && i < a->n; i++) {
		const struct doc_stamp *t = &out->stamps[i];

		cades_stamp_tell(t, told);
		if (t->counts && (!out->proved || t->when < out->proved))
			out->proved = t->when;
	}
	return rc;
}

enum ecert_rc xml_stamps_judge(const struct xml_sig *s, const struct xml_beside *b,
    const struct doc_verify_options *o, struct doc_signature *out, struct xml_archives *archives,
    struct report *told)
{
	struct all a = {.s = s, .b = b, .o = o};
	enum ecert_rc rc;

	collect(&a);
	rc = judge_all(&a, out, archives, told);
	if (a.unread)
		report_add(told, CHK_TIME_STAMP, CHECK_SKIPPED,
		    MSG("there is a time stamp of a kind that this version does not verify"));
	if (a.more || b->more)
		report_add(
		    told, CHK_TIME_STAMP, CHECK_SKIPPED, MSG("there are more than are looked at"));
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
