/* SPDX-License-Identifier: BSD-2-Clause */
/* The signature of a token, by the table of algorithms and its dates. */
#include "trust/value.h"

#include "document/algorithms.h"
#include "document/cert.h"
#include "trust/list/set_priv.h"

enum ecert_rc value_key(struct rd cert, struct buf *spki)
{
	X509 *x = NULL;
	unsigned char *der = NULL;
	int n = -1;

	if (cert_parse(cert, &x) == ECERT_OK)
		n = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(x), &der);
	if (n > 0)
		buf_put(spki, der, (size_t)n);
	OPENSSL_free(der);
	X509_free(x);
	return n > 0 ? buf_rc(spki) : ECERT_E_MALFORMED;
}

bool value_doubted_key(const struct jws *j, struct rd spki, const struct trust_set *s, time_t now,
    struct value_doubt *out)
{
	const struct algorithm_rules rules = {&s->algorithms, now};
	const char *digest = doc_sig_digest(j->alg);
	const EVP_MD *md = digest ? EVP_get_digestbyname(digest) : NULL;
	const unsigned char *p = spki.p;
	EVP_PKEY *key = NULL;
	time_t since = 0;

	*out = (struct value_doubt){.digest = digest};
	if (md && algorithm_digest_old(&rules, md, &since)) {
		out->words = MSG_ID("it fits, but {digest} is not relied on since {since}");
		out->reason = REASON_ALGORITHM_OLD;
	} else if (spki.n && (key = d2i_PUBKEY(NULL, &p, (long)spki.n)) &&
		   algorithm_key_old(&rules, key, &since)) {
		out->words = since ? MSG_ID("it fits, but keys of this kind and size are not "
					    "relied on since {since}")
				   : MSG_ID("it fits, but the key is too weak to rely on");
		out->reason = REASON_KEY_WEAK;
	}
	EVP_PKEY_free(key);
	if (since)
		(void)text_day(since, out->since);
	return out->words;
}

bool value_doubted(const struct jws *j, struct rd cert, const struct trust_set *s, time_t now,
    struct value_doubt *out)
{
	struct buf spki = BUF_INIT(65536);
	bool doubted;

	if (value_key(cert, &spki) != ECERT_OK)
		buf_reset(&spki); /* no key is no old one, and fits no signature */
	doubted = value_doubted_key(j, buf_view(&spki), s, now, out);
	buf_free(&spki);
	return doubted;
}

bool value_check_key(const struct jws *j, struct rd spki, const struct trust_set *s, time_t now,
    enum check_name name, const char *words, bool *counts, struct report *rep)
{
	struct value_doubt d = {0};
	bool good = jws_check_spki(j, spki) == ECERT_OK;
	bool doubted = good && s && value_doubted_key(j, spki, s, now, &d);

	if (counts)
		*counts = good && !doubted;
	if (!doubted)
		return report_test(
		    rep, name, good, MSG(good ? words : MSG_ID("it does not verify")));
	report_add_why(rep, name, reason_state(d.reason), d.reason,
	    MSG(d.words, P_TEXT("digest", d.digest), P_TEXT("since", d.since)));
	return true;
}

bool value_check(const struct jws *j, struct rd cert, const struct trust_set *s, time_t now,
    enum check_name name, const char *words, bool *counts, struct report *rep)
{
	struct buf spki = BUF_INIT(65536);
	bool good;

	if (value_key(cert, &spki) != ECERT_OK)
		buf_reset(&spki);
	good = value_check_key(j, buf_view(&spki), s, now, name, words, counts, rep);
	buf_free(&spki);
	return good;
}
