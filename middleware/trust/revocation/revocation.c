/* SPDX-License-Identifier: BSD-2-Clause */
/* Revocation of a path: each certificate below the anchor by what is at hand. */
#include <openssl/err.h>
#include <stdlib.h>
#include <string.h>

#include "document/cert.h"
#include "trust/online/online_priv.h"
#include "trust/revocation/revocation_priv.h"
#include "util/text.h"

/* Certificates of signers in one response of the relying party's that are judged; each costs a
 * verification or two. */
#define OUR_VOUCHING 8

bool revocation_in_force(
    const struct path_job *j, int above, const X509 *x, time_t made, time_t until, bool expired_too)
{
	time_t proved = path_proved(j);

	if (made > j->q->now + REVOCATION_SKEW)
		return false;
	/* CAs are judged as of now, or as the leaf is. */
	if ((!proved || above > 1) && j->q->now <= until)
		return true;
	if (!proved || made < j->proof->since || (made < proved && proved > until))
		return false;
	return revocation_tells(x, made, expired_too);
}

bool revocation_tells(const X509 *x, time_t made, bool expired_too)
{
	time_t from = 0, end = 0;

	return asn1_time_get(X509_get0_notBefore(x), &from) == ECERT_OK &&
	       asn1_time_get(X509_get0_notAfter(x), &end) == ECERT_OK &&
	       (expired_too || made <= end);
}

void revocation_by_ocsp(struct path_job *j, struct rd response, X509 *x, int above,
    enum revocation_whose whose, struct answer *out)
{
	unsigned left = j->vouching;

	if (whose != BROUGHT)
		j->vouching = OUR_VOUCHING;
	j->answer_at = whose == BROUGHT ? revocation_kept(j) : j->q->now;
	ocsp_answer(j, response, x, above, out);
	if (whose != BROUGHT)
		j->vouching = left;
}

/* What a response adds to the answer so far. Who says revoked is not talked away by an older
 * answer, and one that says nothing takes nothing away. */
static void add_ocsp(struct path_job *j, struct rd response, X509 *x, int above,
    enum revocation_whose whose, struct answer *sum)
{
	bool ours = whose == OURS;
	struct answer a;

	if (!response.n || sum->what == REVOCATION_REVOKED)
		return;
	revocation_by_ocsp(j, response, x, above, whose, &a);
	if (ours) {
		j->ocsp.used = j->ocsp.used || a.what == REVOCATION_GOOD || a.later;
		if (a.what == REVOCATION_UNKNOWN)
			j->ocsp.why = a.why;
	}
	if (a.what == REVOCATION_NONE)
		return;
	if (sum->doubted && (!a.doubted || sum->doubted < a.doubted))
		a.doubted = sum->doubted;
	sum->doubted = a.doubted;
	sum->asked = sum->asked || ours;
	/* Good beside that, it was revoked all the same. */
	if (sum->what == REVOCATION_GOOD && a.later && !sum->later) {
		sum->later = true;
		message_keep(&sum->why, MSG(ocsp_later));
	}
	if (sum->what == REVOCATION_GOOD && a.what != REVOCATION_REVOKED) {
		sum->lasting = sum->lasting || (a.what == REVOCATION_GOOD && a.lasting);
		return;
	}
	a.asked = sum->asked;
	*sum = a;
}

/* CAs whose names are told. */
#define NAMED	2
#define CA_NAME 60

struct path_answer {
	struct answer leaf, ca;		/* ca: of one that was asked about and is not known */
	char unknown[CA_NAME];		/* its name */
	char unchecked[NAMED][CA_NAME]; /* CAs about which nothing is at hand that can be used */
	size_t unchecked_n, cas;
	bool revoked;
	enum reason reason;	  /* of that */
	struct message_kept gone; /* what was revoked */
	struct message_kept doubt;
};

static void say_doubt(struct path_answer *p, const struct answer *a, const char *ca)
{
	char when[16];

	if (a->doubted && !p->doubt.n && text_day(a->doubted, when))
		message_keep(&p->doubt,
		    MSG(ca ? MSG_ID("the CA {ca} was revoked later, and not to be relied on since "
				    "{date}: its key may have been in other hands")
			   : MSG_ID("it was revoked later, and its CA says that it is not to be "
				    "relied on since {date}: the key may have been in other hands"),
			P_TEXT("ca", ca), P_TEXT("date", when)));
}

static void say_gone(struct path_answer *p, const struct answer *a, const char *ca)
{
	static const char *const of_leaf[GONE_COUNT][2] = {
	    [GONE_REVOKED] = {MSG_ID("the certificate was revoked"),
		MSG_ID("the certificate was revoked on {date}")},
	    [GONE_SUSPENDED] = {MSG_ID("the certificate was suspended"),
		MSG_ID("the certificate was suspended on {date}")},
	    [GONE_BY_OCSP] = {MSG_ID("the certificate was revoked, says the OCSP response"), NULL},
	};
	static const char *const of_ca[GONE_COUNT][2] = {
	    [GONE_REVOKED] = {MSG_ID("the CA {ca} was revoked"),
		MSG_ID("the CA {ca} was revoked on {date}")},
	    [GONE_SUSPENDED] = {MSG_ID("the CA {ca} was suspended"),
		MSG_ID("the CA {ca} was suspended on {date}")},
	    [GONE_BY_OCSP] = {MSG_ID("the CA {ca} was revoked, says the OCSP response"), NULL},
	};
	const char *id = (ca ? of_ca : of_leaf)[a->gone][a->dated];

	p->revoked = true;
	p->reason = a->gone == GONE_SUSPENDED ? REASON_SUSPENDED
		    : ca		      ? REASON_CA_REVOKED
					      : REASON_REVOKED;
	message_keep(&p->gone, MSG(id, P_TEXT("ca", ca), P_TEXT("date", a->when)));
}

/* above anchor: a CA that nobody needs for this path may be told revoked, and nothing else. */
static void take_ca(struct path_answer *p, X509 *x, const struct answer *a, bool needed)
{
	char name[CA_NAME];

	path_name(x, name, sizeof name);
	say_doubt(p, a, name);
	/* What may come back says less than what is gone for good. */
	if (a->what == REVOCATION_REVOKED &&
	    (!p->revoked || (p->reason == REASON_SUSPENDED && a->gone != GONE_SUSPENDED)))
		say_gone(p, a, name);
	if (!needed)
		return;
	p->cas++;
	if (a->what == REVOCATION_NONE || (a->what == REVOCATION_UNKNOWN && !a->asked)) {
		if (p->unchecked_n < NAMED)
			memcpy(p->unchecked[p->unchecked_n], name, sizeof name);
		p->unchecked_n++;
	}
	if (a->what == REVOCATION_UNKNOWN && a->asked && p->ca.what == REVOCATION_NONE) {
		p->ca = *a;
		memcpy(p->unknown, name, sizeof name);
	}
}

static void remember(struct path_job *j, X509 *x, bool key_safe)
{
	if (j->gones && j->gones->n < PATH_MAX_GONE && X509_up_ref(x) == 1)
		j->gones->v[j->gones->n++] = (struct path_gone){x, key_safe};
}

/* By all that is at hand. */
static void answer(struct path_job *j, struct rd ocsp, X509 *x, int above, struct answer *a)
{
	const struct online *o = j->set->online;

	crl_answer(j, x, above, false, a);
	if (!j->own)
		add_ocsp(j, ocsp, x, above, BROUGHT, a);
	for (size_t i = 0; !j->own && j->proof && i < j->proof->ocsps_n && i < PATH_MAX_BROUGHT;
	     i++)
		add_ocsp(j, j->proof->ocsps[i], x, above, BROUGHT, a);
	for (size_t i = 0; o && i < o->ocsp_n; i++)
		add_ocsp(j, buf_view(&o->ocsp[i]), x, above, FETCHED, a);
	add_ocsp(j, buf_view(&j->set->ocsp), x, above, OURS, a);
	if (!j->own && j->proof)
		revocation_hear_ocsps(j, x, above, a);
}

/* Whoever signed may have brought the answer of before the revocation: it settles nothing where
 * somebody can be asked. */
static bool is_settled(struct path_job *j, X509 *x, int above, const struct answer *a)
{
	struct answer own;

	if (a->what == REVOCATION_REVOKED)
		return true;
	if (a->what != REVOCATION_GOOD || j->set->online->by.only_told)
		return a->what == REVOCATION_GOOD;
	j->own = true;
	answer(j, rd_of(NULL, 0), x, above, &own);
	j->own = false;
	return own.what == REVOCATION_GOOD;
}

/* Where nothing at hand decides, whom the certificate names is asked. One who names somebody is not
 * good because nobody answered: whoever stands between could see to that. Of a time that is proved
 * what was brought is enough, when nobody says otherwise: servers of then need not be there. */
static void ask(struct path_job *j, struct rd ocsp, X509 *x, int above, struct answer *a)
{
	const struct online_question q = {j, x, above};
	bool named = false, settled = is_settled(j, x, above, a), got = true;

	while (!settled && got) {
		j->own = !j->set->online->by.only_told;
		got = online_answer(&q, &named);
		j->own = false;
		if (got)
			answer(j, ocsp, x, above, a);
		settled = got && is_settled(j, x, above, a);
	}
	if (settled || !named || j->set->online->by.only_told)
		return;
	if (a->what == REVOCATION_GOOD && path_proved(j) && above == 1)
		return;
	a->asked = true;
	if (a->what == REVOCATION_UNKNOWN)
		return;
	a->what = REVOCATION_UNKNOWN;
	a->reason = REASON_REVOCATION_MISSING;
	message_keep(&a->why, MSG("no answer of use came from where the certificate says to ask"));
}

/* All of them, also behind one that was revoked: other paths may have them, too. */
static void judge(struct path_job *j, struct rd ocsp, int anchor, struct path_answer *p)
{
	struct answer a;

	for (int i = 0; i < sk_X509_num(j->chain) - 1; i++) {
		X509 *x = sk_X509_value(j->chain, i);

		answer(j, ocsp, x, i + 1, &a);
		if (j->set->online && i < anchor)
			ask(j, ocsp, x, i + 1, &a);
		if (a.what == REVOCATION_REVOKED)
			remember(j, x, a.key_safe);
		if (i > 0) {
			take_ca(p, x, &a, i < anchor);
			continue;
		}
		p->leaf = a;
		say_doubt(p, &a, NULL);
		if (a.what == REVOCATION_REVOKED)
			say_gone(p, &a, NULL);
		/* The signer says that it signed later: nothing older can be proved. */
		if (p->reason == REASON_REVOKED && !j->q->unclaimed && a.since &&
		    j->q->at >= a.since)
			p->reason = REASON_REVOKED_THEN;
	}
}

/* need: each CA below the anchor has to be known as good, too. */
static void say_good(const struct path_answer *p, bool need, struct report *rep)
{
	const char *id = p->unchecked_n > NAMED
			     ? MSG_ID("{leaf}; not checked for {n} CAs of the chain")
			 : p->unchecked_n == 2
			     ? MSG_ID("{leaf}; not checked for the CAs {ca} and {other}")
			 : p->unchecked_n ? MSG_ID("{leaf}; not checked for the CA {ca}")
			 : p->cas	  ? MSG_ID("{leaf}; its CAs were checked, too")
					  : "{leaf}";
	enum check_state state = need && p->unchecked_n ? CHECK_UNKNOWN : CHECK_OK;
	enum reason reason = state == CHECK_OK ? REASON_NONE : REASON_REVOCATION_MISSING;

	if (p->ca.what == REVOCATION_UNKNOWN)
		report_add_why(rep, CHK_REVOCATION, CHECK_UNKNOWN, p->ca.reason,
		    MSG("of the CA {ca}: {why}", P_TEXT("ca", p->unknown),
			P_MSG("why", MSG_KEPT(&p->ca.why))));
	else
		report_add_why(rep, CHK_REVOCATION, state, reason,
		    MSG(id, P_MSG("leaf", MSG_KEPT(&p->leaf.why)), P_NUMBER("n", p->unchecked_n),
			P_TEXT("ca", p->unchecked[0]), P_TEXT("other", p->unchecked[1])));
}

static void say_nothing(const struct path_job *j, struct rd ocsp, struct report *rep)
{
	bool given = j->set->crls_n || buf_len(&j->set->ocsp) || ocsp.n, needed;
	bool of_others = given && j->stamp;

	/* Of one that is over, and of which nothing is known: it may have been revoked before. */
	if (path_proved(j) && sk_X509_num(j->chain) > 1) {
		report_add_why(rep, CHK_REVOCATION, CHECK_UNKNOWN, REASON_REVOCATION_MISSING,
		    MSG("no CRL and no OCSP response is at hand that tells of the time of the time "
			"stamp"));
		return;
	}
	/* What is given and is not about a TSA is about signers. */
	if (j->stamp)
		given = false;
	/* Of a certificate that is trusted itself nobody can ever say it. */
	needed = j->set->need_revocation && sk_X509_num(j->chain) > 1;
	report_add_why(rep, CHK_REVOCATION, given || needed ? CHECK_UNKNOWN : CHECK_SKIPPED,
	    REASON_REVOCATION_MISSING,
	    MSG(of_others ? MSG_ID("no CRL and no OCSP response that was given is about it")
		: !given  ? MSG_ID("no CRL and no OCSP response was given")
		: sk_X509_num(j->chain) == 1
		    ? MSG_ID("the certificate is trusted itself, so that no CA answers for it")
		: !j->set->crls_n
		    ? MSG_ID("the OCSP response is about another certificate")
		    : MSG_ID("unable to get the CRL of its CA: none of those given is")));
}

bool revocation_check(struct path_job *j, struct rd ocsp, int anchor, struct report *rep)
{
	struct path_answer p = {.leaf = {.what = REVOCATION_NONE}};
	const struct check *c;

	j->vouching = REVOCATION_VOUCHING;
	j->answer_at = j->q->now;
	j->given = calloc(j->set->crls_n + 1, sizeof *j->given);
	revocation_take_brought(j);
	judge(j, ocsp, anchor, &p);
	if (p.revoked)
		report_add_why(rep, CHK_REVOCATION, CHECK_FAILED, p.reason, MSG_KEPT(&p.gone));
	else if (p.leaf.what == REVOCATION_GOOD)
		say_good(&p, j->set->need_revocation, rep);
	else if (p.leaf.what == REVOCATION_UNKNOWN)
		report_add_why(
		    rep, CHK_REVOCATION, CHECK_UNKNOWN, p.leaf.reason, MSG_KEPT(&p.leaf.why));
	else
		say_nothing(j, ocsp, rep);
	c = report_get(rep, CHK_REVOCATION);
	if (c && c->state == CHECK_OK && p.doubt.n)
		report_add(rep, CHK_INVALIDITY_DATE, CHECK_SKIPPED, MSG_KEPT(&p.doubt));
	if (c && c->state == CHECK_OK)
		revocation_say_unused(j, rep);
	free(j->given);
	j->given = NULL;
	return c && c->state == CHECK_OK && p.leaf.lasting;
}
