/* SPDX-License-Identifier: BSD-2-Clause */
/* Time-stamping authorities: what their certificates have to be, and whose they are. */
#include "trust/timestamp/tsa.h"

#include <openssl/x509v3.h>

#include "trust/list/set_priv.h"
#include "trust/path/check.h"

static bool has(const EXTENDED_KEY_USAGE *list, int nid)
{
	for (int i = 0; i < sk_ASN1_OBJECT_num(list); i++)
		if (OBJ_obj2nid(sk_ASN1_OBJECT_value(list, i)) == nid)
			return true;
	return false;
}

const char *tsa_usage_defect(X509 *x)
{
	int critical = 0;
	EXTENDED_KEY_USAGE *list = X509_get_ext_d2i(x, NID_ext_key_usage, &critical, NULL);
	uint32_t uses = X509_get_key_usage(x);
	const char *why = NULL;

	if (X509_get_extension_flags(x) & EXFLAG_INVALID)
		why = MSG_ID("an extension of the certificate cannot be read, or is there twice; "
			     "what it may do is not known");
	else if (!has(list, NID_time_stamp))
		why = MSG_ID("the certificate is not for time stamps");
	else if (sk_ASN1_OBJECT_num(list) != 1)
		why = MSG_ID("the certificate is for time stamps and for something else, too (RFC "
			     "3161, 2.3)");
	else if (critical != 1)
		why = MSG_ID("the extension that says that the certificate is for time stamps is "
			     "not critical (RFC 3161, 2.3)");
	else if (!(uses & (KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION)))
		why = MSG_ID("the certificate's key usage allows no signatures");
	EXTENDED_KEY_USAGE_free(list);
	return why;
}

const char *tsa_ca_defect(X509 *ca)
{
	EXTENDED_KEY_USAGE *list = X509_get_ext_d2i(ca, NID_ext_key_usage, NULL, NULL);
	bool good = !list || has(list, NID_time_stamp) || has(list, NID_anyExtendedKeyUsage);

	EXTENDED_KEY_USAGE_free(list);
	return good ? NULL : MSG_ID("the CA {ca} is limited to certificates of another use");
}

enum trust_purpose tsa_purpose(const struct trust_set *s)
{
	for (size_t i = 0; i < trust_set_count(s); i++)
		if (trust_set_entry(s, i)->purposes & TRUST_TSA)
			return TRUST_TSA;
	return TRUST_ECERT_SIGNING;
}

/* All that is wrong is that what is known of it is of before. */
static bool only_stale(const struct report *rep)
{
	const struct check *c = report_get(rep, CHK_REVOCATION);

	for (size_t i = 0; i < rep->n; i++)
		if (rep->checks[i].id != CHK_REVOCATION && rep->checks[i].state != CHECK_OK &&
		    rep->checks[i].state != CHECK_SKIPPED)
			return false;
	return c && c->state == CHECK_UNKNOWN && c->reason == REASON_REVOCATION_STALE;
}

static bool passes(const struct trust_set *s, const struct doc_path_query *q,
    const struct doc_proof *proof, struct report *rep)
{
	report_init(rep);
	trust_path_judge(s, q, proof, tsa_purpose(s), true, rd_of(NULL, 0), rep, NULL);
	return report_verdict(rep) == VERDICT_PASSED;
}

/* A TSA that is in force, and of which somebody said after it gave the time stamp that it was not
 * revoked, is worth no less than one of which nobody ever said anything. */
static bool passes_as_of_then(const struct trust_set *s, const struct doc_path_query *q,
    const struct doc_proof *proof, struct report *rep)
{
	struct doc_proof then = *proof;

	then.proved = then.since = q->at;
	then.kept = q->now;
	return passes(s, q, &then, rep);
}

/* What the document brings and is over is worth what nothing is: who leaves it out is not better
 * off. What the relying party gave, or fetched, has to be good. */
static bool passes_without_brought(
    const struct trust_set *s, const struct doc_path_query *q, const struct doc_proof *proof)
{
	struct doc_path_query bare = *q;
	struct doc_proof nothing = *proof;
	struct report rep;

	bare.crls = NULL;
	nothing.ocsps_n = 0;
	return passes(s, &bare, &nothing, &rep);
}

void trust_tsa_judge(const struct trust_set *s, const struct doc_path_query *q,
    const struct doc_proof *proof, struct report *rep)
{
	struct report now, then;

	if (passes(s, q, proof, &now) || !proof || proof->proved || s->need_revocation ||
	    !only_stale(&now)) {
		report_append(rep, &now);
		return;
	}
	if (passes_as_of_then(s, q, proof, &then)) {
		report_append(rep, &then);
		return;
	}
	if (passes_without_brought(s, q, proof))
		for (size_t i = 0; i < now.n; i++)
			if (now.checks[i].id == CHK_REVOCATION)
				now.checks[i].state = CHECK_SKIPPED;
	report_append(rep, &now);
}
