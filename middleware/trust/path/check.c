/* SPDX-License-Identifier: BSD-2-Clause */
/* A certificate judged: its path, times, use, policies and revocation. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "document/cert.h"
#include "trust/online/online_priv.h"
#include "trust/path/memo.h"
#include "trust/path/pairs.h"
#include "trust/path/path_priv.h"
#include "trust/path/usage.h"
#include "trust/timestamp/tsa.h"

/* The first CA below the one that accepts the chain which may not stand there: that one is trusted
 * for what the entry says. The sentence has its {ca}; NULL: there is none. */
static const char *ca_defect(const struct path_job *j, int anchor, char *name, size_t size)
{
	for (int i = 1; i < sk_X509_num(j->chain) && i != anchor; i++) {
		X509 *ca = sk_X509_value(j->chain, i);
		const char *why = j->stamp ? tsa_ca_defect(ca) : usage_ca_defect(ca);

		if (!why)
			continue;
		path_name(ca, name, size);
		return why;
	}
	return NULL;
}

static void check_usage(const struct path_job *j, int anchor, struct report *rep)
{
	struct identity id;
	char ca[80] = "";
	const char *why = MSG_ID("the certificate cannot be read");
	enum reason reason = j->stamp ? REASON_STAMP_USAGE : REASON_USAGE;

	if (j->stamp)
		why = tsa_usage_defect(j->q->leaf);
	else if (identity_of(j->q->leaf, &id) == ECERT_OK)
		why = usage_defect(j->q->leaf, &id);
	if (!why) {
		why = ca_defect(j, anchor, ca, sizeof ca);
		reason = why ? REASON_CHAIN_REFUSED : REASON_NONE;
	}
	report_add_why(rep, CHK_KEY_USAGE, why ? CHECK_FAILED : CHECK_OK, reason,
	    why	       ? MSG(why, P_TEXT("ca", ca))
	    : j->stamp ? MSG("for time stamps, and nothing else")
		       : MSG("may sign"));
}

static void skip_rest(struct report *rep)
{
	report_add(rep, CHK_POLICY, CHECK_SKIPPED, MSG("there is no chain"));
	report_add(rep, CHK_REVOCATION, CHECK_SKIPPED, MSG("there is no chain"));
}

/* Without a chain the rest cannot be asked, and says so. */
static void no_chain(struct path_job *j, struct report *rep)
{
	if (j->anchors == 0)
		report_add_why(rep, CHK_CHAIN, CHECK_UNKNOWN, REASON_NO_ANCHOR,
		    MSG("no trusted certificates were given"));
	else
		report_add_why(rep, CHK_CHAIN, CHECK_FAILED, j->reason, MSG_KEPT(&j->why));
	(void)path_check_validity(j, -1, rep);
	check_usage(j, -1, rep);
	skip_rest(rep);
}

static void check_policy(const struct path_job *j, const struct trust_entry *e,
    enum path_acceptance how, struct report *rep)
{
	static const enum check_state state[] = {
	    [PATH_REFUSED] = CHECK_FAILED,
	    [PATH_ENDED] = CHECK_UNKNOWN,
	    [PATH_ACCEPTED] = CHECK_OK,
	};

	report_add_why(rep, CHK_POLICY, state[how], how == PATH_ACCEPTED ? REASON_NONE : j->reason,
	    !e		    ? MSG_KEPT(&j->why)
	    : e->type[0]    ? MSG_TEXT(e->type)
	    : e->policies_n ? MSG("one that the trusted entry asks for")
			    : MSG("the trusted entry asks for none"));
}

/* One path that was found, and what came out of it. */
struct judged {
	struct trust_path_result result;
	STACK_OF(X509) * chain; /* owned */
	bool twin_gone;		/* as our_twin_gone says */
	struct report rep;
};

/* EN 319 102-1 V1.4.1, 5.2.6.4, step 7: that it is over since, and known not to be revoked. */
static void tell_unrevoked(struct report *rep)
{
	for (size_t i = 0; i < rep->n; i++)
		if (rep->checks[i].id == CHK_VALIDITY)
			rep->checks[i].reason = REASON_EXPIRED_UNREVOKED;
}

static void judge(struct path_job *base, const STACK_OF(X509) * chain,
    const struct trust_entry *only, struct rd ocsp, struct judged *out)
{
	struct path_job j = {.set = base->set,
	    .q = base->q,
	    .proof = base->proof,
	    .purpose = base->purpose,
	    .stamp = base->stamp,
	    .only = only,
	    .gones = base->gones};
	enum path_acceptance how = PATH_REFUSED;
	const struct trust_entry *e;
	struct message called;
	struct path_defect d;
	int n, anchor;
	bool old, over;

	report_init(&out->rep);
	out->result = (struct trust_path_result){0};
	out->twin_gone = false;
	out->chain = X509_chain_up_ref((STACK_OF(X509) *)(uintptr_t)chain);
	j.chain = X509_chain_up_ref((STACK_OF(X509) *)(uintptr_t)chain);
	if (!out->chain || !j.chain || !path_open(&j, base)) {
		report_add(&out->rep, CHK_CHAIN, CHECK_FAILED, MSG("memory is out"));
		path_close(&j);
		return;
	}
	e = path_entry(&j, &how);
	n = sk_X509_num(j.chain);
	anchor = e ? path_index(&j, e) : n - 1;
	if (e)
		called = trust_entry_called(e);
	/* EN 319 102-1 V1.4.1, 5.2.6.4, step 6; as of what is proved (5.6.2.1). */
	old = path_too_old(&j, j.chain, path_proved(&j) ? path_proved(&j) : j.q->now, &d);
	report_add_why(&out->rep, CHK_CHAIN, old ? CHECK_FAILED : CHECK_OK,
	    old ? d.reason : REASON_NONE,
	    old ? MSG_KEPT(&d.why)
	    : e ? MSG_N("{n} certificate up to {entry}", "{n} certificates up to {entry}",
		      (size_t)anchor + 1, P_MSG("entry", &called))
		: MSG_N("{n} certificate up to a trusted one",
		      "{n} certificates up to a trusted one", n));
	if (e)
		report_came_to(&out->rep, e->sha256);
	over = path_check_validity(&j, anchor, &out->rep);
	check_usage(&j, anchor, &out->rep);
	if (old) {
		skip_rest(&out->rep);
	} else {
		check_policy(&j, e, how, &out->rep);
		if (revocation_check(&j, ocsp, anchor, &out->rep) && over)
			tell_unrevoked(&out->rep);
	}
	out->result.entry = old ? NULL : e;
	out->result.anchor = anchor;
	/* An anchor that is the leaf itself has no issuer in the chain. */
	if (n > 1 && X509_up_ref(sk_X509_value(j.chain, 1)) == 1)
		out->result.issuer = sk_X509_value(j.chain, 1);
	path_close(&j);
}

void trust_path_result_free(struct trust_path_result *r)
{
	X509_free(r->issuer);
	sk_X509_pop_free(r->chain, X509_free);
	*r = (struct trust_path_result){0};
}

static void drop(struct judged *d)
{
	trust_path_result_free(&d->result);
	sk_X509_pop_free(d->chain, X509_free);
	d->chain = NULL;
}

/* A path has what another path's CA calls revoked: the very certificate, or another one of a CA's
 * key that may be in wrong hands. RFC 5280 revokes certificates, not keys; a renewed or
 * cross-certified CA is good by the other certificate when the reason says that its key is. */
static bool tainted(const struct path_gones *gones, const STACK_OF(X509) * chain)
{
	for (int i = 0; i < sk_X509_num(chain); i++) {
		X509 *x = sk_X509_value(chain, i);

		for (size_t k = 0; k < gones->n; k++) {
			const struct path_gone *g = &gones->v[k];

			if (X509_cmp(g->x, x) == 0 ||
			    (i > 0 && !g->safe &&
				EVP_PKEY_eq(X509_get0_pubkey(g->x), X509_get0_pubkey(x)) == 1))
				return true;
		}
	}
	return false;
}

enum { SCORE_NONE = VERDICT_FAILED + 2 };

/* A CA of the path, by a certificate of it that the relying party has at hand: the path's own
 * certificates and his judge that one. The paths that were found do not tell of it where whoever
 * made the document left it out of them, by the serial number in an authorityKeyIdentifier or by
 * more paths than are judged. */
static bool our_twin_gone(const struct path_job *base, const struct judged *d, X509 *ours)
{
	struct path_gones gones = {.n = 0};
	struct doc_path_query q = *base->q;
	struct path_job j = {.set = base->set, .q = &q, .purpose = base->purpose, .gones = &gones};
	struct judged of;
	bool same_key = false, gone = false;

	for (int i = 1; i < sk_X509_num(d->chain); i++) {
		X509 *x = sk_X509_value(d->chain, i);

		if (X509_cmp(x, ours) == 0)
			return false;
		same_key = same_key ||
			   EVP_PKEY_eq(X509_get0_pubkey(ours), X509_get0_pubkey(x)) == 1;
	}
	if (!same_key)
		return false;
	q.leaf = ours;
	q.others = d->chain;
	if (path_open(&j, NULL) && path_search(&j)) {
		for (size_t i = 0; i < j.found_n && !gone; i++) {
			judge(&j, j.found[i], NULL, (struct rd){0}, &of);
			drop(&of);
			gone = tainted(&gones, d->chain);
		}
	}
	path_close(&j);
	for (size_t i = 0; i < gones.n; i++)
		X509_free(gones.v[i].x);
	return gone;
}

/* One that is tainted and does not say so itself never comes first: the one that says it does. */
static int score(const struct path_gones *gones, const struct judged *d)
{
	const struct check *c;
	bool told;

	if (d->twin_gone)
		return VERDICT_FAILED;
	c = report_get(&d->rep, CHK_REVOCATION);
	told = c && c->state == CHECK_FAILED;
	return !told && tainted(gones, d->chain) ? VERDICT_FAILED + 1 : (int)report_strict(&d->rep);
}

/* More than the paths of one search: each anchor by itself may have some. */
#define MAX_JUDGED 32

struct judging {
	struct judged *all[MAX_JUDGED]; /* owned; each is 47 kB, and most often there is one */
	size_t n;
	struct path_gones gones;
};

/* False: memory is out, and no path is the best one. */
static bool judge_found(
    struct judging *w, struct path_job *base, const struct path_job *of, struct rd ocsp)
{
	for (size_t i = 0; i < of->found_n && w->n < MAX_JUDGED; i++) {
		struct judged *d = malloc(sizeof *d);

		if (!d)
			return false;
		judge(base, of->found[i], of->only, ocsp, d);
		w->all[w->n++] = d;
	}
	return true;
}

/* The first one of the best verdict; NULL: there is none. */
static struct judged *best_of(struct judging *w)
{
	struct judged *best = NULL;
	int least = SCORE_NONE;

	for (size_t i = 0; i < w->n; i++) {
		int s = score(&w->gones, w->all[i]);

		best = s < least ? w->all[i] : best;
		least = s < least ? s : least;
	}
	return best;
}

/* The best one of which no certificate of the relying party's says that a CA's key is gone. */
static struct judged *settle(struct judging *w, const struct path_job *j)
{
	struct judged *best = best_of(w);

	while (best && score(&w->gones, best) < VERDICT_FAILED) {
		for (int i = 0; i < sk_X509_num(j->set->helpers) && !best->twin_gone; i++)
			best->twin_gone = our_twin_gone(j, best, sk_X509_value(j->set->helpers, i));
		if (!best->twin_gone)
			break;
		best = best_of(w);
	}
	return best;
}

/* What is told of the path that was taken. */
static void tell(const struct judged *d, struct report *rep)
{
	for (size_t i = 0; i < d->rep.n; i++) {
		const struct check *c = &d->rep.checks[i];

		if (d->twin_gone && c->id == CHK_REVOCATION)
			report_add_why(rep, c->id, CHECK_FAILED, REASON_CA_REVOKED,
			    MSG("another certificate of a CA of the chain was revoked, and not for "
				"a reason that leaves the key good"));
		else
			report_copy(rep, c);
	}
}

/* A path ends at the first certificate that is trusted, so that a signing CA of a list hides the
 * root above it, which may be trusted for more: every anchor by itself. */
static bool judge_by_anchor(struct judging *w, struct path_job *j, struct rd ocsp)
{
	bool ok = true;

	for (size_t i = 0; ok && i < j->set->n && w->n < MAX_JUDGED; i++) {
		struct path_job alone = {.set = j->set,
		    .q = j->q,
		    .purpose = j->purpose,
		    .only = &j->set->entries[i],
		    .tries = j->tries};

		if ((alone.only->purposes & (unsigned)j->purpose) && path_open(&alone, j) &&
		    path_search(&alone))
			ok = judge_found(w, j, &alone, ocsp);
		j->tries = alone.tries;
		path_close(&alone);
	}
	return ok;
}

static void end_judging(struct judging *w)
{
	for (size_t i = 0; i < w->n; i++) {
		drop(w->all[i]);
		free(w->all[i]);
	}
	for (size_t i = 0; i < w->gones.n; i++)
		X509_free(w->gones.v[i].x);
	free(w);
}

void trust_path_judge(const struct trust_set *s, const struct doc_path_query *q,
    const struct doc_proof *proof, enum trust_purpose purpose, bool stamp, struct rd ocsp,
    struct report *rep, struct trust_path_result *out)
{
	struct path_job j = {.set = s, .q = q, .proof = proof, .purpose = purpose, .stamp = stamp};
	struct judged *best = NULL;
	struct path_memo_key key = {.good = false};
	size_t first = rep->n;
	struct judging *w;
	bool all;

	if (out)
		*out = (struct trust_path_result){0};
	else if (!stamp && path_memo_whole(proof) && path_memo_find(s, q, purpose, ocsp, &key, rep))
		return;
	w = calloc(1, sizeof *w);
	j.gones = w ? &w->gones : NULL;
	path_pairs_begin(s->pairs);
	if (w && online_search(&j)) {
		all = judge_found(w, &j, &j, ocsp);
		best = all ? settle(w, &j) : NULL;
		if (best && score(&w->gones, best) != VERDICT_PASSED)
			all = judge_by_anchor(w, &j, ocsp);
		best = all ? settle(w, &j) : NULL;
	}
	if (!best)
		no_chain(&j, rep);
	else
		tell(best, rep);
	if (best && w && !w->gones.n)
		path_memo_keep(s, &key, rep, first);
	if (best && out) {
		*out = best->result;
		out->chain = best->chain;
		best->result.issuer = NULL;
		best->chain = NULL;
	}
	path_close(&j);
	if (w)
		end_judging(w);
}

void trust_path_check(const struct trust_set *s, const struct doc_path_query *q,
    enum trust_purpose purpose, struct rd ocsp, struct report *rep, struct trust_path_result *out)
{
	trust_path_judge(s, q, NULL, purpose, false, ocsp, rep, out);
}
