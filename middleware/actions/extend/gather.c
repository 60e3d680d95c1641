/* SPDX-License-Identifier: BSD-2-Clause */
/* What the paths of a document's signatures and time stamps stand on, and the document lacks. */
#include <stdlib.h>
#include <string.h>

#include "actions/extend/extending.h"
#include "document/cert.h"
#include "trust/revocation/gather.h"

/* Of all signatures together. */
#define MATERIAL_MAX 512
#define LACKS_MAX    64

/* Whose path it is. */
struct whose {
	size_t signer;
	time_t since, proved;
	bool stamp;
};

static bool add(struct looked *l, const struct trust_material *m, const struct whose *w)
{
	struct doc_material *at;

	if (m->there)
		return true;
	if (!l->material) {
		l->material = calloc(MATERIAL_MAX, sizeof *l->material);
		l->der = calloc(MATERIAL_MAX, sizeof *l->der);
	}
	if (!l->material || !l->der || l->material_n == MATERIAL_MAX)
		return false;
	buf_init(&l->der[l->material_n], DOC_SIGNATURE_MAX);
	buf_rd(&l->der[l->material_n], buf_view(&m->der));
	at = &l->material[l->material_n];
	*at = (struct doc_material){
	    {m->kind, buf_view(&l->der[l->material_n])}, w->signer, w->stamp};
	return buf_rc(&l->der[l->material_n++]) == ECERT_OK;
}

/* Once for each certificate, however many paths lead over it. */
static void add_lack(struct looked *l, const struct trust_lack *lack)
{
	for (size_t i = 0; i < l->lacks; i++)
		if (!strcmp(l->lack[i].about, lack->about))
			return;
	if (!l->lack)
		l->lack = calloc(LACKS_MAX, sizeof *l->lack);
	if (!l->lack || l->lacks == LACKS_MAX)
		return;
	memcpy(l->lack[l->lacks].about, lack->about, sizeof lack->about);
	l->lack[l->lacks].over = lack->over;
	l->lack[l->lacks++].why = lack->why;
}

static bool gather(
    struct extending *e, struct looked *l, const struct extend_question *q, const struct whose *w)
{
	struct rd *ocsps = calloc(q->ocsps_n + 1, sizeof *ocsps);
	struct doc_path_query query = {.leaf = q->leaf,
	    .others = q->others,
	    .crls = q->crls,
	    .at = q->unclaimed ? w->since : q->at,
	    .now = e->run->now,
	    .unclaimed = q->unclaimed};
	struct doc_proof proof = {.ocsps = ocsps,
	    .ocsps_n = q->ocsps_n,
	    .proved = w->proved,
	    .since = w->since,
	    .kept = q->kept ? q->kept : e->run->now};
	struct trust_gathered g = {.v = NULL};
	bool good = ocsps;

	for (size_t i = 0; good && i < q->ocsps_n; i++)
		ocsps[i] = buf_view(&q->ocsps[i]);
	good = good && trust_gather(e->run->set, &query, &proof, w->stamp, &g);
	for (size_t i = 0; good && i < g.n; i++) {
		good = add(l, &g.v[i], w);
		if (g.v[i].until && (!l->until || g.v[i].until < l->until)) {
			l->until = g.v[i].until;
			memcpy(l->until_about, g.v[i].about, sizeof l->until_about);
		}
	}
	for (size_t i = 0; good && i < g.lacks; i++)
		add_lack(l, &g.lack[i]);
	if (!good && g.refused.name && !l->refused.name) {
		memcpy(l->refused_about, g.refused_about, sizeof l->refused_about);
		l->refused = g.refused;
	}
	trust_gathered_free(&g);
	free(ocsps);
	return good;
}

static const struct extend_question *by_cert(const struct looked *l, const struct doc_signature *s)
{
	for (size_t i = 0; i < l->n; i++) {
		unsigned char *have = NULL;
		int n = i2d_X509(l->q[i].leaf, &have);
		bool same = n > 0 && rd_equal(rd_of(have, (size_t)n), buf_view(&s->cert)) &&
			    (!l->q[i].stamp || l->q[i].at == s->when);

		OPENSSL_free(have);
		if (same)
			return &l->q[i];
	}
	return NULL;
}

static const struct extend_question *by_stamp(const struct looked *l, const struct doc_stamp *t)
{
	uint8_t have[32];

	for (size_t i = 0; i < l->n; i++)
		if (l->q[i].stamp && l->q[i].at == t->when &&
		    cert_sha256(l->q[i].leaf, have) == ECERT_OK &&
		    !memcmp(have, t->cert, sizeof have))
			return &l->q[i];
	return NULL;
}

/* When the answers about a time stamp have to have been in force: when a later one that is there
 * kept it, when the next one will, or when it was made. */
static time_t proved_of(const struct extending *e, const struct extend_question *q, time_t when)
{
	if (q->proved)
		return q->proved;
	return e->level == DOC_LEVEL_LTA ? e->run->now : when;
}

static bool gather_stamps(struct extending *e, struct looked *l, size_t i)
{
	const struct doc_signature *s = &l->r->signer[i];
	bool good = true;

	for (size_t k = 0; good && k < s->stamps_n; k++) {
		const struct doc_stamp *t = &s->stamps[k];
		const struct extend_question *q = doc_stamp_proves(t) ? by_stamp(l, t) : NULL;

		if (doc_stamp_proves(t))
			good = q &&
			       gather(e, l, q,
				   &(struct whose){i, t->when, proved_of(e, q, t->when), true});
	}
	return good;
}

bool extend_gather(struct extending *e, struct looked *l)
{
	bool good = true;

	for (size_t i = 0; good && i < l->r->n; i++) {
		const struct doc_signature *s = &l->r->signer[i];
		const struct extend_question *q = by_cert(l, s);
		time_t t = q && q->stamp && !s->proved ? s->when : s->proved;

		/* A time stamp that proves nothing more: nobody stands on it. */
		if (q && q->stamp && !q->accepted && l->r->n > 1)
			continue;
		good = q && t &&
		       gather(e, l, q,
			   &(struct whose){i, t, q->stamp ? proved_of(e, q, t) : t, q->stamp}) &&
		       gather_stamps(e, l, i);
	}
	return good;
}
