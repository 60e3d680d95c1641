/* SPDX-License-Identifier: BSD-2-Clause */
/* The signature of a token, by the table of algorithms and its dates. */
#include "trust/value.h"

#include "document/algorithms.h"
#include "document/cert.h"
#include "trust/list/set_priv.h"

bool value_doubted(const struct jws *j, struct rd cert, const struct trust_set *s, time_t now,
    struct value_doubt *out)
{
	const struct algorithm_rules rules = {&s->algorithms, now};
	const char *digest = doc_sig_digest(j->alg);
	const EVP_MD *md = digest ? EVP_get_digestbyname(digest) : NULL;
	const EVP_PKEY *key;
	X509 *x = NULL;
	time_t since = 0;

	*out = (struct value_doubt){.digest = digest};
	if (md && algorithm_digest_old(&rules, md, &since)) {
		out->words = MSG_ID("it fits, but {digest} is not relied on since {since}");
		out->reason = REASON_ALGORITHM_OLD;
	} else if (cert_parse(cert, &x) == ECERT_OK && (key = X509_get0_pubkey(x)) &&
		   algorithm_key_old(&rules, key, &since)) {
		out->words = since ? MSG_ID("it fits, but keys of this kind and size are not "
					    "relied on since {since}")
				   : MSG_ID("it fits, but the key is too weak to rely on");
		out->reason = REASON_KEY_WEAK;
	}
	X509_free(x);
	if (since)
		(void)text_day(since, out->since);
	return out->words;
}

bool value_check(const struct jws *j, struct rd cert, const struct trust_set *s, time_t now,
    enum check_name name, const char *words, bool *counts, struct report *rep)
{
	struct value_doubt d = {0};
	bool good = jws_check_cert(j, cert) == ECERT_OK;
	bool doubted = good && s && value_doubted(j, cert, s, now, &d);

	if (counts)
		*counts = good && !doubted;
	if (!doubted)
		return report_test(
		    rep, name, good, MSG(good ? words : MSG_ID("it does not verify")));
	report_add_why(rep, name, reason_state(d.reason), d.reason,
	    MSG(d.words, P_TEXT("digest", d.digest), P_TEXT("since", d.since)));
	return true;
}
