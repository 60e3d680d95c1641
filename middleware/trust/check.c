/* SPDX-License-Identifier: BSD-2-Clause */
/* A certificate judged: its path, times, use, policies and revocation. */
#include <stdio.h>
#include <string.h>

#include "document/cert.h"
#include "trust/path_priv.h"
#include "trust/usage.h"

/* How the first certificate of the path that is out of its time then is so, and the limit. */
static enum reason out_of_time(const struct path_job *j, time_t at, char date[16])
{
	/* The leaf is judged without a chain, too. */
	int n = j->chain ? sk_X509_num(j->chain) : 0;
	for (int i = -1; i < n; i++) {
		const X509 *x = i < 0 ? j->q->leaf : sk_X509_value(j->chain, i);
		time_t from = 0, until = 0;
		struct tm tm;
		if (asn1_time_get(X509_get0_notBefore(x), &from) != ECERT_OK ||
		    asn1_time_get(X509_get0_notAfter(x), &until) != ECERT_OK)
			until = 0;
		if (at >= from && at <= until)
			continue;
		time_t limit = at < from ? from : until;
		if (!gmtime_r(&limit, &tm) || strftime(date, 16, "%Y-%m-%d", &tm) == 0)
			date[0] = 0;
		return at < from ? REASON_NOT_YET_VALID : REASON_EXPIRED_THEN;
	}
	return REASON_NONE;
}

static void check_validity(const struct path_job *j, struct report *rep)
{
	char then_date[16] = "", date[16] = "";
	enum reason then = out_of_time(j, j->q->at, then_date),
		    today = out_of_time(j, j->q->now, date);
	if (then)
		report_add_why(rep, "validity", CHECK_FAILED, then,
		    "a certificate of the chain is expired or not yet valid at the time of "
		    "signing: it %s on %s",
		    then == REASON_NOT_YET_VALID ? "begins" : "ended", then_date);
	else if (today == REASON_NOT_YET_VALID)
		report_add_why(rep, "validity", CHECK_UNKNOWN, today,
		    "a certificate of the chain begins on %s, later than the clock here (or --at) "
		    "says that it is",
		    date);
	else if (today)
		/* EN 319 102-1: OUT_OF_BOUNDS_NO_POE. */
		report_add_why(rep, "validity", CHECK_UNKNOWN, REASON_EXPIRED_SINCE,
		    "expired since, on %s; only a time stamp that was verified could tell that it "
		    "was signed before",
		    date);
	else
		report_add(rep, "validity", CHECK_OK, "at the time of signing and now");
}

/* The CAs below the one that accepts the chain: that one is trusted for what the entry says. */
static const char *ca_defect(const struct path_job *j, int anchor, char *why, size_t size)
{
	char name[80];
	for (int i = 1; i < sk_X509_num(j->chain) && i != anchor; i++) {
		X509 *ca = sk_X509_value(j->chain, i);
		if (!usage_ca_defect(ca))
			continue;
		path_name(ca, name, sizeof name);
		(void)snprintf(why, size, "the CA %s %s", name, usage_ca_defect(ca));
		return why;
	}
	return NULL;
}

static void check_usage(const struct path_job *j, int anchor, struct report *rep)
{
	struct identity id;
	struct buf der = BUF_INIT(65536);
	char text[200];
	const char *why = "the certificate cannot be read";
	if (cert_der(j->q->leaf, &der) == ECERT_OK &&
	    identity_read(buf_view(&der), &id) == ECERT_OK)
		why = usage_defect(j->q->leaf, &id);
	buf_free(&der);
	enum reason reason = REASON_USAGE;
	if (!why) {
		why = ca_defect(j, anchor, text, sizeof text);
		reason = why ? REASON_CHAIN_REFUSED : REASON_NONE;
	}
	report_add_why(
	    rep, "key usage", why ? CHECK_FAILED : CHECK_OK, reason, "%s", why ? why : "may sign");
}

/* Without a chain the rest cannot be asked, and says so. */
static void no_chain(struct path_job *j, struct report *rep)
{
	if (j->anchors == 0)
		report_add_why(rep, "chain", CHECK_UNKNOWN, REASON_NO_ANCHOR,
		    "no trusted certificates were given");
	else
		report_add_why(rep, "chain", CHECK_FAILED, j->reason, "%s", j->why);
	check_validity(j, rep);
	check_usage(j, -1, rep);
	report_add(rep, "policy", CHECK_SKIPPED, "there is no chain");
	report_add(rep, "revocation", CHECK_SKIPPED, "there is no chain");
}

/* The path ends at the first certificate that is trusted, so that a signing CA of a list hides the
 * root above it, which may be trusted for more. Tries every anchor by itself; j becomes the path of
 * the best one. */
static const struct trust_entry *by_another_anchor(struct path_job *j, enum path_acceptance *how)
{
	const struct trust_entry *found = NULL;
	for (size_t i = 0; !found && i < j->set->n; i++) {
		enum path_acceptance here = PATH_REFUSED;
		struct path_job alone = {.set = j->set,
		    .q = j->q,
		    .purpose = j->purpose,
		    .only = &j->set->entries[i],
		    .tries = j->tries};
		if ((alone.only->purposes & (unsigned)j->purpose) && path_open(&alone, j) &&
		    path_build(&alone))
			found = path_entry(&alone, &here);
		j->tries = alone.tries;
		if (here > *how) {
			*how = here;
			path_close(j);
			*j = alone;
		} else {
			path_close(&alone);
		}
	}
	return found;
}

static void check_policy(const struct path_job *j, const struct trust_entry *e,
    enum path_acceptance how, struct report *rep)
{
	static const enum check_state state[] = {
	    [PATH_REFUSED] = CHECK_FAILED,
	    [PATH_ENDED] = CHECK_UNKNOWN,
	    [PATH_ACCEPTED] = CHECK_OK,
	};
	report_add_why(rep, "policy", state[how],
	    how == PATH_ACCEPTED ? REASON_NONE : REASON_POLICY, "%s",
	    !e		    ? j->why
	    : e->type[0]    ? e->type
	    : e->policies_n ? "one that the trusted entry asks for"
			    : "the trusted entry asks for none");
}

void trust_path_check(const struct trust_set *s, const struct doc_path_query *q,
    enum trust_purpose purpose, struct rd ocsp, struct report *rep, struct trust_path_result *out)
{
	struct path_job j = {.set = s, .q = q, .purpose = purpose};
	struct trust_path_result result = {0};
	enum path_acceptance how = PATH_REFUSED;
	if (!path_open(&j, NULL) || !path_build(&j)) {
		no_chain(&j, rep);
		goto out;
	}
	result.entry = path_entry(&j, &how);
	if (!result.entry)
		result.entry = by_another_anchor(&j, &how);
	int n = sk_X509_num(j.chain);
	report_add(rep, "chain", CHECK_OK, "%d certificate%s up to %s", n, n == 1 ? "" : "s",
	    result.entry ? result.entry->name : "a trusted one");
	check_validity(&j, rep);
	int anchor = result.entry ? path_index(&j, result.entry) : n - 1;
	check_usage(&j, anchor, rep);
	check_policy(&j, result.entry, how, rep);
	revocation_check(&j, ocsp, anchor, rep);
	/* An anchor that is the leaf itself has no issuer in the chain. */
	if (n > 1 && X509_up_ref(sk_X509_value(j.chain, 1)) == 1)
		result.issuer = sk_X509_value(j.chain, 1);
out:
	path_close(&j);
	if (out)
		*out = result;
	else
		X509_free(result.issuer);
}

void report_move(struct report *to, const struct report *from, const char *name)
{
	const struct check *c = report_find(from, name);
	if (c)
		report_add_why(to, c->name, c->state, c->reason, "%s", c->detail);
}
