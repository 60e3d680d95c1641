/* SPDX-License-Identifier: BSD-2-Clause */
/* Verifying what is extended, and remembering which paths were asked about. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "actions/extend/extending.h"
#include "document/cert.h"
#include "trust/revocation/gather.h"

/* The trust set's seam with an ear at it. */
struct listener {
	struct doc_path inner;
	struct looked *l;
};

static void free_question(struct extend_question *q)
{
	X509_free(q->leaf);
	sk_X509_pop_free(q->others, X509_free);
	sk_X509_CRL_pop_free(q->crls, X509_CRL_free);
	for (size_t i = 0; i < q->ocsps_n; i++)
		buf_free(&q->ocsps[i]);
	free(q->ocsps);
}

void extend_look_free(struct looked *l)
{
	doc_result_free(&l->r);
	for (size_t i = 0; i < l->n; i++)
		free_question(&l->q[i]);
	for (size_t i = 0; i < l->material_n; i++)
		buf_free(&l->der[i]);
	free(l->q);
	free(l->material);
	free(l->der);
	free(l->lack);
	*l = (struct looked){.r = NULL};
}

static STACK_OF(X509_CRL) * crls_up_ref(const STACK_OF(X509_CRL) * list)
{
	STACK_OF(X509_CRL) *out = sk_X509_CRL_new_null();

	for (int i = 0; out && i < sk_X509_CRL_num(list); i++) {
		X509_CRL *c = sk_X509_CRL_value(list, i);

		if (X509_CRL_up_ref(c) == 1 && sk_X509_CRL_push(out, c) <= 0)
			X509_CRL_free(c);
	}
	return out;
}

static bool is_accepted(const struct report *rep, size_t from)
{
	return rep->n > from && !report_refusal(rep, from);
}

/* What was asked about a time stamp's certificate at another moment is another question. */
static struct extend_question *asked_before(
    struct looked *l, const struct doc_path_query *q, bool stamp)
{
	for (size_t i = 0; i < l->n; i++)
		if (l->q[i].stamp == stamp && (!stamp || l->q[i].at == q->at) &&
		    X509_cmp(l->q[i].leaf, q->leaf) == 0)
			return &l->q[i];
	return NULL;
}

/* The first of a certificate is asked with all that the document brings; the first whose answer was
 * accepted tells as of when it is. */
static void remember(struct looked *l, const struct doc_path_query *q,
    const struct doc_proof *proof, bool stamp, bool accepted)
{
	struct extend_question *at = asked_before(l, q, stamp);
	size_t n = proof ? proof->ocsps_n : 0;

	if (at && accepted && !at->accepted) {
		at->accepted = true;
		at->proved = proof ? proof->proved : 0;
		at->kept = proof ? proof->kept : 0;
	}
	if (at)
		return;
	if (!l->q)
		l->q = calloc(EXTEND_QUESTIONS, sizeof *l->q);
	if (!l->q || l->n == EXTEND_QUESTIONS || X509_up_ref(q->leaf) != 1)
		return;
	at = &l->q[l->n++];
	*at = (struct extend_question){.leaf = q->leaf,
	    .others = q->others ? X509_chain_up_ref(q->others) : sk_X509_new_null(),
	    .crls = crls_up_ref(q->crls),
	    .ocsps = calloc(n + 1, sizeof *at->ocsps),
	    .at = q->at,
	    .unclaimed = q->unclaimed,
	    .stamp = stamp,
	    .accepted = accepted,
	    .proved = accepted && proof ? proof->proved : 0,
	    .kept = accepted && proof ? proof->kept : 0};
	for (size_t i = 0; at->ocsps && i < n; i++) {
		buf_init(&at->ocsps[i], DOC_SIGNATURE_MAX);
		buf_rd(&at->ocsps[i], proof->ocsps[i]);
		at->ocsps_n++;
	}
}

static void check(void *ctx, const struct doc_path_query *q, struct report *rep)
{
	struct listener *a = ctx;
	size_t from = rep->n;

	a->inner.check(a->inner.ctx, q, rep);
	remember(a->l, q, NULL, false, is_accepted(rep, from));
}

static X509 *given(void *ctx, size_t i)
{
	struct listener *a = ctx;

	return a->inner.given(a->inner.ctx, i);
}

static void judge(void *ctx, const struct doc_path_query *q, const struct doc_proof *proof,
    bool stamp, struct report *rep)
{
	struct listener *a = ctx;
	size_t from = rep->n;

	a->inner.judge(a->inner.ctx, q, proof, stamp, rep);
	remember(a->l, q, proof, stamp, is_accepted(rep, from));
}

static bool lasts(
    void *ctx, const struct doc_path_query *q, const struct doc_proof *proof, bool stamp)
{
	struct listener *a = ctx;

	return a->inner.lasts(a->inner.ctx, q, proof, stamp);
}

int extend_fd_now(const struct extending *e)
{
	int fd = e->now ? outfile_fd(e->now) : e->fd;

	(void)lseek(fd, 0, SEEK_SET);
	return fd;
}

static enum outcome look(struct extending *e, struct looked *out)
{
	struct listener ear = {trust_set_path(e->run->set), out};
	struct doc_path path = {
	    .check = check, .ctx = &ear, .given = given, .judge = judge, .lasts = lasts};
	struct doc_verify_options o = {.now = e->run->now,
	    .algorithms = &e->run->algorithms,
	    .path = &path,
	    .certs = e->run->certs,
	    .progress = reading_tick,
	    .progress_ctx = e->bar};
	enum ecert_rc rc;

	if (e->content_fd >= 0)
		(void)lseek(e->content_fd, 0, SEEK_SET);
	rc = doc_verify_kind_fd(e->kind, extend_fd_now(e), e->content_fd, &o, &out->r);
	if (rc != ECERT_OK)
		return ui_fail_rc(
		    e->job->ui, rc, MSG("Cannot verify {name}: {why}", P_FILE("name", e->name)));
	out->judged = doc_judge(out->r);
	return OUT_OK;
}

/* The path of some signature, or of its time stamp, and why it is none. */
static enum outcome not_accepted(const struct extending *e, const struct looked *l)
{
	const struct check *why = &l->refused;

	if (!why->name || why->id == CHK_CHAIN)
		return ui_fail(e->job->ui, OUT_INDETERMINATE, "path-not-accepted",
		    MSG("{file} was left alone: the certificate of a signature, or of a time "
			"stamp, "
			"leads to nobody who is trusted here",
			P_FILE("file", e->name)),
		    MSG("ecert verify tells which; trust its CA with ecert trust add, or name it "
			"with --anchor or --tsa-anchor."));
	return ui_fail(e->job->ui, OUT_INDETERMINATE, "not-valid",
	    MSG("{file} was left alone: of {name}: {check}: {why}", P_FILE("file", e->name),
		P_TEXT("name", l->refused_about), P_WORD("check", why->name),
		P_MSG("why", MSG_KEPT(&why->what))),
	    MSG("A time stamp of today proves nothing of before. Ask for a new signature."));
}

enum outcome extend_look(struct extending *e, bool gather, struct looked *out)
{
	struct online_options asked = gather ? e->o->as.online
					     : (struct online_options){.on = false};
	struct online_result told = {.n = 0};
	struct online *online = NULL;
	enum outcome code;

	*out = (struct looked){.r = NULL};
	/* What was kept is older than the time stamp that it is to tell of. */
	asked.anew = true;
	code = online_begin(e->job, &asked, e->run->asking, e->run->set, &told, &online);
	if (!code)
		code = look(e, out);
	if (!code && gather && !extend_gather(e, out))
		code = not_accepted(e, out);
	online_end(&online);
	online_result_free(&told);
	return code;
}
