/* SPDX-License-Identifier: BSD-2-Clause */
/* Revocation of a path: each certificate below the anchor by what is at hand. */
#include <openssl/err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "trust/revocation/revocation_priv.h"

/* Certificates of signers that were brought and are judged for one path, and those of one response
 * of the relying party's; each costs a verification or two. */
#define MAX_VOUCHING 128
#define OUR_VOUCHING 8

/* Somebody of the path, or who came with it, has this name: others' CRLs are not about it. */
static bool known(const struct path_job *j, const X509_NAME *issuer)
{
	for (int i = 1; i < sk_X509_num(j->chain); i++)
		if (X509_NAME_cmp(X509_get_subject_name(sk_X509_value(j->chain, i)), issuer) == 0)
			return true;
	for (int i = 0; i < sk_X509_num(j->untrusted); i++)
		if (X509_NAME_cmp(X509_get_subject_name(sk_X509_value(j->untrusted, i)), issuer) ==
		    0)
			return true;
	return false;
}

static void take_brought(struct path_job *j)
{
	for (int i = 0; i < sk_X509_CRL_num(j->q->crls) && j->brought_n < PATH_MAX_BROUGHT; i++) {
		X509_CRL *crl = sk_X509_CRL_value(j->q->crls, i);
		unsigned char *der = NULL;
		if (!known(j, X509_CRL_get_issuer(crl)))
			continue;
		int n = i2d_X509_CRL(crl, &der);
		if (n > 0 && crl_read(rd_of(der, (size_t)n), &j->brought[j->brought_n]) == ECERT_OK)
			j->brought_n++;
		OPENSSL_free(der);
	}
	ERR_clear_error();
}

/* What a response adds to the answer so far. Who says revoked is not talked away by an older
 * answer, and one that says nothing takes nothing away. */
static void add_ocsp(
    struct path_job *j, struct rd response, X509 *x, int above, bool ours, struct answer *sum)
{
	struct answer a;
	unsigned left = j->vouching;
	if (!response.n || sum->what == REVOCATION_REVOKED)
		return;
	if (ours)
		j->vouching = OUR_VOUCHING;
	ocsp_answer(j, response, x, above, &a);
	if (ours) {
		j->vouching = left;
		j->ocsp.used = j->ocsp.used || a.what == REVOCATION_GOOD;
		if (a.what == REVOCATION_UNKNOWN)
			(void)snprintf(j->ocsp.why, sizeof j->ocsp.why, "%.110s", a.why);
	}
	if (a.what == REVOCATION_NONE)
		return;
	sum->asked = sum->asked || ours;
	if (sum->what == REVOCATION_GOOD && a.what != REVOCATION_REVOKED)
		return;
	sum->what = a.what;
	sum->reason = a.reason;
	sum->key_safe = a.key_safe;
	memcpy(sum->why, a.why, sizeof sum->why);
}

struct path_answer {
	struct answer leaf, ca; /* ca: of one that was asked about and is not known */
	char unknown[80];	/* its name */
	char unchecked[160];	/* names of CAs about which nothing is at hand, or nothing usable */
	size_t unchecked_n, cas;
	bool revoked;
	char why[256];
};

static void not_checked(struct path_answer *p, const char *name)
{
	size_t n = strlen(p->unchecked);
	p->unchecked_n++;
	if (p->unchecked_n <= 2)
		(void)snprintf(
		    p->unchecked + n, sizeof p->unchecked - n, "%s%s", n ? " and " : "", name);
	else
		(void)snprintf(
		    p->unchecked, sizeof p->unchecked, "%zu CAs of the chain", p->unchecked_n);
}

/* above anchor: a CA that nobody needs for this path may be told revoked, and nothing else. */
static void take_ca(struct path_answer *p, X509 *x, const struct answer *a, bool needed)
{
	char name[60];
	path_name(x, name, sizeof name);
	if (a->what == REVOCATION_REVOKED && !p->revoked) {
		p->revoked = true;
		(void)snprintf(p->why, sizeof p->why, "the CA %s %.150s", name, a->why);
	}
	if (!needed)
		return;
	p->cas++;
	if (a->what == REVOCATION_NONE || (a->what == REVOCATION_UNKNOWN && !a->asked))
		not_checked(p, name);
	if (a->what == REVOCATION_UNKNOWN && a->asked && p->ca.what == REVOCATION_NONE) {
		p->ca = *a;
		(void)snprintf(p->unknown, sizeof p->unknown, "%s", name);
	}
}

static void remember(struct path_job *j, X509 *x, bool key_safe)
{
	if (j->gones && j->gones->n < PATH_MAX_GONE && X509_up_ref(x) == 1)
		j->gones->v[j->gones->n++] = (struct path_gone){x, key_safe};
}

/* All of them, also behind one that was revoked: other paths may have them, too. */
static void judge(struct path_job *j, struct rd ocsp, int anchor, struct path_answer *p)
{
	struct answer a;
	for (int i = 0; i < sk_X509_num(j->chain) - 1; i++) {
		X509 *x = sk_X509_value(j->chain, i);
		crl_answer(j, x, i + 1, false, &a);
		add_ocsp(j, ocsp, x, i + 1, false, &a);
		add_ocsp(j, buf_view(&j->set->ocsp), x, i + 1, true, &a);
		if (a.what == REVOCATION_REVOKED)
			remember(j, x, a.key_safe);
		if (i > 0) {
			take_ca(p, x, &a, i < anchor);
			continue;
		}
		p->leaf = a;
		p->revoked = a.what == REVOCATION_REVOKED;
		if (p->revoked)
			(void)snprintf(p->why, sizeof p->why, "the certificate %s", a.why);
	}
}

static void say_good(const struct path_answer *p, struct report *rep)
{
	const char *leaf = p->leaf.why;
	if (p->ca.what == REVOCATION_UNKNOWN)
		report_add_why(rep, "revocation", CHECK_UNKNOWN, p->ca.reason,
		    "of the CA %s: %.160s", p->unknown, p->ca.why);
	else if (p->unchecked_n)
		report_add(rep, "revocation", CHECK_OK, "%s; not checked for the CA%s %s", leaf,
		    p->unchecked_n == 2 ? "s" : "", p->unchecked);
	else
		report_add(rep, "revocation", CHECK_OK, "%s%s", leaf,
		    p->cas ? "; its CAs were checked, too" : "");
}

/* What the relying party gave and could not be used, when the answer is good by other means: the
 * document's own, that is. The first two by name. */
static void say_unused(const struct path_job *j, struct report *rep)
{
	char text[256] = "", name[60];
	size_t count = 0;
	if (buf_len(&j->set->ocsp) && !j->ocsp.used && ++count)
		(void)snprintf(text, sizeof text, "the OCSP response given here: %s",
		    j->ocsp.why[0] ? j->ocsp.why : "it is about another certificate");
	for (size_t i = 0; j->given && i < j->set->crls_n; i++) {
		const struct path_given *g = &j->given[i];
		size_t n = strlen(text);
		if (g->used || ++count > 2)
			continue;
		path_name_text(j->set->crls[i]->issuer, name, sizeof name);
		(void)snprintf(text + n, sizeof text - n, "%sthe CRL of %.40s given here: %s",
		    n ? "; " : "", name,
		    g->rank ? g->why : "it is about no certificate of the chain");
	}
	size_t n = strlen(text);
	if (count > 2 && n > 200)
		n = 200;
	if (count > 2)
		(void)snprintf(text + n, sizeof text - n, "; and %zu more", count - 2);
	if (count)
		report_add(rep, "revocation not used", CHECK_SKIPPED, "%s", text);
}

static void say_nothing(const struct path_job *j, struct rd ocsp, struct report *rep)
{
	bool given = j->set->crls_n || buf_len(&j->set->ocsp) || ocsp.n;
	report_add_why(rep, "revocation", given ? CHECK_UNKNOWN : CHECK_SKIPPED,
	    REASON_REVOCATION_MISSING, "%s",
	    !given ? "no CRL and no OCSP response was given"
	    : sk_X509_num(j->chain) == 1
		? "the certificate is trusted itself, so that no CA answers for it"
	    : !j->set->crls_n ? "the OCSP response is about another certificate"
			      : "unable to get the CRL of its CA: none of those given is");
}

void revocation_check(struct path_job *j, struct rd ocsp, int anchor, struct report *rep)
{
	struct path_answer p = {.leaf = {.what = REVOCATION_NONE}};
	j->vouching = MAX_VOUCHING;
	j->given = calloc(j->set->crls_n + 1, sizeof *j->given);
	take_brought(j);
	judge(j, ocsp, anchor, &p);
	if (p.revoked)
		report_add_why(rep, "revocation", CHECK_FAILED, REASON_REVOKED, "%s", p.why);
	else if (p.leaf.what == REVOCATION_GOOD)
		say_good(&p, rep);
	else if (p.leaf.what == REVOCATION_UNKNOWN)
		report_add_why(rep, "revocation", CHECK_UNKNOWN, p.leaf.reason, "%s", p.leaf.why);
	else
		say_nothing(j, ocsp, rep);
	const struct check *c = report_find(rep, "revocation");
	if (c && c->state == CHECK_OK)
		say_unused(j, rep);
	free(j->given);
	j->given = NULL;
}
