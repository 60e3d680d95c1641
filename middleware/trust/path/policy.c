/* SPDX-License-Identifier: BSD-2-Clause */
/* Which entry of the set accepts a chain: its time, and the policies of RFC 5280, 6.1. */
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <string.h>

#include "crypto/cert/x509.h"
#include "trust/path/path_priv.h"
#include "util/text.h"

/* RFC 5280, 4.2.1.4. */
#define ANY_POLICY "2.5.29.32.0"

static bool add_oid(STACK_OF(ASN1_OBJECT) * set, const ASN1_OBJECT *o)
{
	ASN1_OBJECT *copy = OBJ_dup(o);

	if (copy && sk_ASN1_OBJECT_push(set, copy) > 0)
		return true;
	ASN1_OBJECT_free(copy);
	return false;
}

static bool add_fitting(STACK_OF(ASN1_OBJECT) * set, const ASN1_OBJECT *o, const char *wanted)
{
	char text[X509_OID_TEXT];
	int n = OBJ_obj2txt(text, sizeof text, o, 1);

	if (n <= 0 || (size_t)n >= sizeof text || !x509_oid_fits(text, wanted))
		return true;
	return add_oid(set, o);
}

/* What "1.2.*" stands for in this chain: all that its certificates call a policy below 1.2. */
static bool add_of_cert(STACK_OF(ASN1_OBJECT) * set, const X509 *x, const char *wanted)
{
	CERTIFICATEPOLICIES *list = X509_get_ext_d2i(x, NID_certificate_policies, NULL, NULL);
	POLICY_MAPPINGS *maps = X509_get_ext_d2i(x, NID_policy_mappings, NULL, NULL);
	bool ok = true;

	for (int i = 0; ok && i < sk_POLICYINFO_num(list); i++)
		ok = add_fitting(set, sk_POLICYINFO_value(list, i)->policyid, wanted);
	for (int i = 0; ok && i < sk_POLICY_MAPPING_num(maps); i++)
		ok = add_fitting(set, sk_POLICY_MAPPING_value(maps, i)->issuerDomainPolicy, wanted);
	CERTIFICATEPOLICIES_free(list);
	sk_POLICY_MAPPING_pop_free(maps, POLICY_MAPPING_free);
	return ok;
}

static bool add_text(STACK_OF(ASN1_OBJECT) * set, const char *oid)
{
	ASN1_OBJECT *o = OBJ_txt2obj(oid, 1);

	if (o && sk_ASN1_OBJECT_push(set, o) > 0)
		return true;
	ASN1_OBJECT_free(o);
	return false;
}

/* All of "1.2.*" that can matter: what the path names, and one that stands for all which it does
 * not name, since it may pass on anyPolicy. */
static bool add_below(STACK_OF(ASN1_OBJECT) * set, const STACK_OF(X509) * path, const char *wanted)
{
	char one[256];
	int n = snprintf(one, sizeof one, "%.*s0", (int)strlen(wanted) - 1, wanted);
	bool ok = n > 0 && (size_t)n < sizeof one && add_text(set, one);

	for (int i = 0; ok && i < sk_X509_num(path) - 1; i++)
		ok = add_of_cert(set, sk_X509_value(path, i), wanted);
	return ok;
}

/* The user's initial policy set (RFC 5280, 6.1.1 c) for the certificates up to the anchor. OpenSSL
 * takes an empty one for "none" where a CA demands a policy, and not for "any". */
static bool initial_set(
    STACK_OF(ASN1_OBJECT) * set, const STACK_OF(X509) * path, const struct trust_entry *e)
{
	bool ok = e->policies_n || add_text(set, ANY_POLICY);

	for (size_t i = 0; ok && i < e->policies_n; i++)
		ok = strchr(e->policies[i], '*') ? add_below(set, path, e->policies[i])
						 : add_text(set, e->policies[i]);
	return ok;
}

static void say_why(struct path_job *j, const struct trust_entry *e, int result)
{
	/* No other anchor helps against what the certificates themselves say. */
	j->reason = result == X509_PCY_TREE_INVALID ? REASON_CHAIN_REFUSED : REASON_POLICY;
	if (result == X509_PCY_TREE_INVALID)
		message_keep(&j->why, MSG("a policy extension of a certificate of the chain cannot "
					  "be read, or contradicts another"));
	else if (result != X509_PCY_TREE_FAILURE)
		message_keep(&j->why, MSG("the policies could not be evaluated"));
	else if (e->policies_n)
		message_keep(&j->why, MSG("no policy of the entry {entry} is handed down to it",
					  P_TEXT("entry", e->name)));
	else
		message_keep(&j->why, MSG("a CA of the chain demands a policy, and none is handed "
					  "down to the certificate"));
}

/* The entry names the very certificate: there is no path, and no CA that hands anything down. */
static bool names_the_leaf(struct path_job *j, const struct trust_entry *e)
{
	for (size_t i = 0; i < e->policies_n; i++)
		if (x509_has_policy(j->q->leaf, e->policies[i]))
			return true;
	say_why(j, e, X509_PCY_TREE_FAILURE);
	return e->policies_n == 0;
}

/* OpenSSL looks at neither of them where there is no policy; they are critical, so that nobody may
 * pass over one that he cannot read (RFC 5280, 4.2.1.5 and 4.2.1.14). */
static bool readable(const X509 *x)
{
	int maps_at = -1, any_at = -1;
	POLICY_MAPPINGS *maps = X509_get_ext_d2i(x, NID_policy_mappings, &maps_at, NULL);
	ASN1_INTEGER *any = X509_get_ext_d2i(x, NID_inhibit_any_policy, &any_at, NULL);
	bool ok = (maps || maps_at == -1) &&
		  (any ? ASN1_STRING_type(any) == V_ASN1_INTEGER : any_at == -1);

	sk_POLICY_MAPPING_pop_free(maps, POLICY_MAPPING_free);
	ASN1_INTEGER_free(any);
	return ok;
}

/* The certificates up to the entry's; false with j->why. */
static bool take_path(struct path_job *j, const struct trust_entry *e, STACK_OF(X509) * path)
{
	int end = path_index(j, e);

	for (int i = 0; i <= end; i++) {
		X509 *x = sk_X509_value(j->chain, i);

		if (i < end && !readable(x)) {
			say_why(j, e, X509_PCY_TREE_INVALID);
			return false;
		}
		if (sk_X509_push(path, x) <= 0)
			return false;
	}
	return end >= 0;
}

bool path_policies(struct path_job *j, const struct trust_entry *e)
{
	int result = X509_PCY_TREE_INTERNAL, explicit_policy = 0;
	STACK_OF(X509) *path = sk_X509_new_null();
	STACK_OF(ASN1_OBJECT) *set = sk_ASN1_OBJECT_new_null();
	X509_POLICY_TREE *tree = NULL;
	bool ok = path && set && take_path(j, e, path);

	if (ok && sk_X509_num(path) == 1)
		ok = names_the_leaf(j, e);
	if (!ok || sk_X509_num(path) == 1)
		goto out;
	if (initial_set(set, path, e))
		result = X509_policy_check(&tree, &explicit_policy, path, set,
		    e->policies_n ? X509_V_FLAG_EXPLICIT_POLICY : 0);
	ok = result == X509_PCY_TREE_VALID;
	if (!ok)
		say_why(j, e, result);
out:
	X509_policy_tree_free(tree);
	sk_ASN1_OBJECT_pop_free(set, ASN1_OBJECT_free);
	sk_X509_free(path);
	ERR_clear_error();
	return ok;
}

static enum path_acceptance accepts(struct path_job *j, const struct trust_entry *e)
{
	char date[TEXT_DAY];

	if ((e->from && (j->q->at < e->from || j->q->now < e->from)) ||
	    (e->until && j->q->at > e->until)) {
		j->reason = REASON_POLICY;
		message_keep(&j->why, MSG("the entry {entry} is not in force at that time",
					  P_TEXT("entry", e->name)));
		return PATH_REFUSED;
	}
	if (!path_policies(j, e))
		return PATH_REFUSED;
	if (!e->until || j->q->now <= e->until)
		return PATH_ACCEPTED;
	/* Who signs chooses the time that the document claims (EN 319 102-1 V1.4.1, 5.2.6.4,
	 * step 3). */
	j->reason = REASON_ANCHOR_ENDED;
	message_keep(
	    &j->why, MSG("the entry {entry} ended on {date}; without a time stamp nobody "
			 "can tell that it was signed before",
			 P_TEXT("entry", e->name), P_TEXT("date", text_day(e->until, date))));
	return PATH_ENDED;
}

const struct trust_entry *path_entry(struct path_job *j, enum path_acceptance *how)
{
	static const enum trust_origin order[] = {TRUST_EXPLICIT, TRUST_FROM_LIST};
	struct message_kept ended = {.n = 0};

	*how = PATH_REFUSED;
	j->reason = REASON_POLICY;
	for (size_t i = 0; i < 2 * j->set->n; i++) {
		const struct trust_entry *e = &j->set->entries[i % j->set->n];
		enum path_acceptance a;

		if (!(e->purposes & (unsigned)j->purpose) || e->origin != order[i / j->set->n] ||
		    (j->only && j->only != e) || path_index(j, e) < 0)
			continue;
		a = accepts(j, e);
		if (a == PATH_ACCEPTED) {
			*how = a;
			return e;
		}
		if (a == PATH_ENDED && *how == PATH_REFUSED) {
			*how = a;
			ended = j->why;
		}
	}
	if (*how == PATH_ENDED) {
		j->reason = REASON_ANCHOR_ENDED;
		j->why = ended;
	}
	return NULL;
}
