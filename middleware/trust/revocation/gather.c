/* SPDX-License-Identifier: BSD-2-Clause */
/* Gathering what an accepted path stands on, each answer by itself. */
#include "trust/revocation/gather.h"

#include <openssl/err.h>
#include <openssl/ocsp.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>

#include "document/cert.h"
#include "trust/online/online_priv.h"
#include "trust/revocation/crl_scope.h"
#include "trust/revocation/revocation_priv.h"
#include "trust/timestamp/tsa.h"

#define DER_MAX CRL_MAX

struct gathering {
	struct path_job j;
	struct trust_gathered *out;
};

void trust_gathered_free(struct trust_gathered *g)
{
	for (size_t i = 0; i < g->n; i++)
		buf_free(&g->v[i].der);
	free(g->v);
	free(g->lack);
	*g = (struct trust_gathered){.v = NULL};
}

/* ---- what was found ---- */
static void add(struct gathering *g, enum doc_brought_kind kind, struct rd der, bool there,
    const char *about, time_t until)
{
	struct trust_gathered *o = g->out;
	struct trust_material *m;

	for (size_t i = 0; i < o->n; i++)
		if (o->v[i].kind == kind && rd_equal(buf_view(&o->v[i].der), der))
			return;
	if (!o->v)
		o->v = calloc(TRUST_GATHER_MAX, sizeof *o->v);
	if (!o->v || o->n == TRUST_GATHER_MAX) {
		o->failed = true;
		return;
	}
	m = &o->v[o->n++];
	*m = (struct trust_material){.kind = kind, .there = there, .until = until};
	(void)snprintf(m->about, sizeof m->about, "%s", about);
	buf_init(&m->der, DER_MAX);
	buf_rd(&m->der, der);
	o->failed = o->failed || buf_rc(&m->der) != ECERT_OK;
}

static void add_cert(struct gathering *g, X509 *x)
{
	const STACK_OF(X509) *others = g->j.q->others;
	unsigned char *der = NULL;
	int n = i2d_X509(x, &der);
	bool there = false;
	char about[80];

	for (int i = 0; !there && i < sk_X509_num(others); i++)
		there = X509_cmp(sk_X509_value(others, i), x) == 0;
	path_name(x, about, sizeof about);
	if (n > 0)
		add(g, DOC_BROUGHT_CERT, rd_of(der, (size_t)n), there, about, 0);
	OPENSSL_free(der);
}

static void add_lack(struct gathering *g, const char *about, X509 *x, const struct answer *a)
{
	struct trust_gathered *o = g->out;
	time_t end = 0;

	if (!o->lack)
		o->lack = calloc(TRUST_GATHER_MAX, sizeof *o->lack);
	if (!o->lack || o->lacks == TRUST_GATHER_MAX) {
		o->failed = true;
		return;
	}
	(void)snprintf(o->lack[o->lacks].about, sizeof o->lack[0].about, "%s", about);
	if (asn1_time_get(X509_get0_notAfter(x), &end) == ECERT_OK && end < g->j.q->now)
		o->lack[o->lacks].over = end;
	if (a->what == REVOCATION_UNKNOWN)
		o->lack[o->lacks].why = a->why;
	else
		message_keep(&o->lack[o->lacks].why, MSG("no CRL and no OCSP response is at hand"));
	o->lacks++;
}

/* ---- one answer at a time ---- */
/* An answer that decides: good about x, and since when and until when it is. */
struct found {
	struct rd der;
	enum doc_brought_kind kind;
	const struct crl *crl; /* NULL: it is a response */
	bool there;
	time_t made, until;
};

/* When all of a response was made, and until when it tells. False: it cannot be read. */
static OCSP_BASICRESP *read_basic(struct rd der, time_t *made, time_t *until)
{
	const unsigned char *p = der.p;
	OCSP_RESPONSE *r = d2i_OCSP_RESPONSE(NULL, &p, (long)der.n);
	OCSP_BASICRESP *basic = r ? OCSP_response_get1_basic(r) : NULL;
	time_t t = 0;

	*made = *until = 0;
	for (int i = 0; basic && i < OCSP_resp_count(basic); i++) {
		ASN1_GENERALIZEDTIME *from = NULL, *to = NULL;

		(void)OCSP_single_get0_status(OCSP_resp_get0(basic, i), NULL, NULL, &from, &to);
		if (from && asn1_time_get(from, &t) == ECERT_OK && (!*made || t < *made))
			*made = t;
		if (to && asn1_time_get(to, &t) == ECERT_OK && (!*until || t < *until))
			*until = t;
	}
	if (!*until)
		*until = *made + REVOCATION_MAX_AGE;
	OCSP_RESPONSE_free(r);
	return basic;
}

/* A CA is judged as of now while its answer is in force (revocation_in_force): the one that was
 * made later is worth more. */
static bool is_better(const struct gathering *g, const struct found *a, const struct found *than)
{
	time_t since = g->j.proof->since;

	return !than->der.n || (a->made >= since && than->made < since);
}

static void try_ocsp(struct gathering *g, struct rd der, X509 *x, int above,
    enum revocation_whose whose, struct found *best, struct answer *told)
{
	struct found f = {.der = der, .kind = DOC_BROUGHT_OCSP, .there = whose == BROUGHT};
	struct answer a;

	revocation_by_ocsp(&g->j, der, x, above, whose, &a);
	/* What cannot be read, or is about others, is no reason. */
	if (a.what == REVOCATION_UNKNOWN && told->what == REVOCATION_NONE)
		*told = a;
	if (a.what != REVOCATION_GOOD)
		return;
	OCSP_BASICRESP_free(read_basic(der, &f.made, &f.until));
	if (is_better(g, &f, best))
		*best = f;
}

static void try_crl(struct gathering *g, const struct crl *c, bool there, X509 *x, int above,
    struct found *best, struct answer *told)
{
	struct found f = {.der = rd_of(c->der, c->n),
	    .kind = DOC_BROUGHT_CRL,
	    .crl = c,
	    .there = there,
	    .made = c->this_update,
	    .until = c->next_update ? c->next_update : c->this_update + REVOCATION_MAX_AGE};
	struct answer a;

	g->j.alone = c;
	crl_answer(&g->j, x, above, false, &a);
	g->j.alone = NULL;
	if (a.what == REVOCATION_UNKNOWN && told->what == REVOCATION_NONE)
		*told = a;
	if (a.what == REVOCATION_GOOD && is_better(g, &f, best))
		*best = f;
}

/* The best one at hand; told: why there is none. */
static bool find(struct gathering *g, X509 *x, int above, struct found *best, struct answer *told)
{
	const struct path_job *j = &g->j;
	const struct online *o = j->only_brought ? NULL : j->set->online;

	*best = (struct found){.made = 0};
	*told = (struct answer){.what = REVOCATION_NONE};
	for (size_t i = 0; i < j->proof->ocsps_n && i < PATH_MAX_BROUGHT; i++)
		try_ocsp(g, j->proof->ocsps[i], x, above, BROUGHT, best, told);
	for (size_t i = 0; i < j->brought_n; i++)
		try_crl(g, j->brought[i], true, x, above, best, told);
	for (size_t i = 0; o && i < o->ocsp_n; i++)
		try_ocsp(g, buf_view(&o->ocsp[i]), x, above, FETCHED, best, told);
	if (!j->only_brought && buf_len(&j->set->ocsp))
		try_ocsp(g, buf_view(&j->set->ocsp), x, above, OURS, best, told);
	for (size_t i = 0; o && i < o->crls_n; i++)
		try_crl(g, o->crls[i], false, x, above, best, told);
	for (size_t i = 0; !j->only_brought && i < j->set->crls_n; i++)
		try_crl(g, j->set->crls[i], false, x, above, best, told);
	return best->der.n > 0;
}

/* Lists that are for some reasons each: all that are about x. */
static bool find_together(struct gathering *g, X509 *x, int above, const char *about)
{
	struct path_job *j = &g->j;
	const struct online *o = j->only_brought ? NULL : j->set->online;
	struct answer a;

	crl_answer(j, x, above, false, &a);
	if (a.what != REVOCATION_GOOD)
		return false;
	for (size_t i = 0; i < j->brought_n; i++)
		if (crl_scope(j->brought[i], x))
			add(g, DOC_BROUGHT_CRL, rd_of(j->brought[i]->der, j->brought[i]->n), true,
			    about, 0);
	for (size_t i = 0; o && i < o->crls_n; i++)
		if (crl_scope(o->crls[i], x))
			add(g, DOC_BROUGHT_CRL, rd_of(o->crls[i]->der, o->crls[i]->n), false, about,
			    0);
	for (size_t i = 0; !j->only_brought && i < j->set->crls_n; i++)
		if (crl_scope(j->set->crls[i], x))
			add(g, DOC_BROUGHT_CRL, rd_of(j->set->crls[i]->der, j->set->crls[i]->n),
			    false, about, 0);
	return true;
}

/* ---- who gave it ---- */
/* The certificate in a response that signed it, when it is not the CA's; referenced. */
static X509 *delegate_of(const struct gathering *g, struct rd der, int above)
{
	time_t made, until;
	OCSP_BASICRESP *basic = read_basic(der, &made, &until);
	X509 *d = NULL;

	if (!basic || OCSP_resp_get0_signer(basic, &d, NULL) != 1 ||
	    X509_cmp(d, sk_X509_value(g->j.chain, above)) == 0 || X509_up_ref(d) != 1)
		d = NULL;
	OCSP_BASICRESP_free(basic);
	ERR_clear_error();
	return d;
}

/* What x names is asked, when nothing at hand tells of it. named: it names somebody. */
static bool find_or_ask(
    struct gathering *g, X509 *x, int above, struct found *best, struct answer *told, bool *named)
{
	const struct online_question q = {&g->j, x, above};
	bool got = find(g, x, above, best, told), more = true;

	*named = false;
	while (!got && more && g->j.set->online && !g->j.only_brought) {
		more = online_answer(&q, named);
		got = more && find(g, x, above, best, told);
	}
	return got;
}

/* About a signer of answers, whose CA is in the chain at above. */
static void gather_signer(struct gathering *g, X509 *x, int above)
{
	struct found f;
	struct answer told;
	char about[80];
	bool named = false;

	path_name(x, about, sizeof about);
	if (X509_get_ext_by_NID(x, NID_id_pkix_OCSP_noCheck, -1) >= 0)
		return;
	if (find_or_ask(g, x, above, &f, &told, &named))
		add(g, f.kind, f.der, f.there, about, 0);
	else if (named && !g->j.set->online->by.only_told)
		add_lack(g, about, x, &told);
}

static void gather_answer(struct gathering *g, X509 *x, int above)
{
	struct found f;
	struct answer told;
	X509 *signer = NULL;
	char about[80];

	path_name(x, about, sizeof about);
	if (!find(g, x, above, &f, &told)) {
		if (!find_together(g, x, above, about))
			add_lack(g, about, x, &told);
		return;
	}
	add(g, f.kind, f.der, f.there, about, f.made < g->j.proof->since ? f.until : 0);
	if (!f.crl) {
		signer = delegate_of(g, f.der, above);
	} else {
		signer = crl_signer_apart(&g->j, f.crl, above);
		if (signer && X509_up_ref(signer) != 1)
			signer = NULL;
		if (signer)
			add_cert(g, signer);
	}
	if (signer)
		gather_signer(g, signer, above);
	X509_free(signer);
}

/* ---- the path ---- */
static bool is_accepted(const struct report *rep, struct check *refused)
{
	const struct check *no = report_refusal(rep, 0);

	if (no)
		*refused = *no;
	return rep->n > 0 && !no;
}

static bool gather(const struct trust_set *s, const struct doc_path_query *q,
    const struct doc_proof *proof, bool stamp, bool only_brought, struct trust_gathered *out)
{
	enum trust_purpose purpose = stamp ? tsa_purpose(s) : TRUST_ECERT_SIGNING;
	struct gathering *g = calloc(1, sizeof *g);
	struct trust_path_result path = {.entry = NULL};
	struct report rep;
	bool good;

	path_name(q->leaf, out->refused_about, sizeof out->refused_about);
	report_init(&rep);
	if (g)
		trust_path_judge(s, q, proof, purpose, stamp, rd_of(NULL, 0), &rep, &path);
	good = g && is_accepted(&rep, &out->refused) && path.entry && path.chain &&
	       path.anchor >= 0;
	if (good) {
		g->out = out;
		g->j = (struct path_job){.set = s,
		    .q = q,
		    .proof = proof,
		    .purpose = purpose,
		    .stamp = stamp,
		    .chain = path.chain,
		    .only_brought = only_brought,
		    .vouching = REVOCATION_VOUCHING,
		    .answer_at = q->now};
		path.chain = NULL;
		good = path_open(&g->j, NULL);
		revocation_take_brought(&g->j);
		for (int i = 0; good && i < path.anchor; i++) {
			add_cert(g, sk_X509_value(g->j.chain, i));
			gather_answer(g, sk_X509_value(g->j.chain, i), i + 1);
		}
		path_close(&g->j);
	}
	trust_path_result_free(&path);
	free(g);
	return good && !out->failed;
}

bool trust_gather(const struct trust_set *s, const struct doc_path_query *q,
    const struct doc_proof *proof, bool stamp, struct trust_gathered *out)
{
	*out = (struct trust_gathered){.v = NULL};
	return gather(s, q, proof, stamp, false, out);
}

bool trust_lasts(const struct trust_set *s, const struct doc_path_query *q,
    const struct doc_proof *proof, bool stamp)
{
	struct trust_gathered g = {.v = NULL};
	bool lasts = proof->proved && gather(s, q, proof, stamp, true, &g) && !g.lacks;

	for (size_t i = 0; i < g.n; i++)
		lasts = lasts && g.v[i].there && !g.v[i].until;
	trust_gathered_free(&g);
	return lasts;
}
