/* SPDX-License-Identifier: BSD-2-Clause */
/* Keys and signatures of a chain, by the table of algorithms and its dates: OpenSSL's security
 * level knows none. */
#include "document/algorithms.h"

#include "trust/path/path_priv.h"
#include "util/text.h"

static bool too_old_for(struct path_defect *d, enum reason reason, const struct message *m)
{
	d->reason = reason;
	message_keep(&d->why, m);
	return true;
}

static bool strange_key(const X509 *x, struct path_defect *d)
{
	char name[80];

	if (X509_get0_pubkey(x))
		return false;
	path_name(x, name, sizeof name);
	return too_old_for(d, REASON_ALGORITHM_UNKNOWN,
	    MSG("the key of the certificate {name} is of a kind that this version does not know",
		P_TEXT("name", name)));
}

static bool old_key(const struct algorithm_rules *r, const X509 *x, struct path_defect *d)
{
	const EVP_PKEY *key = X509_get0_pubkey(x);
	char name[80], day[TEXT_DAY];
	time_t since = 0;

	path_name(x, name, sizeof name);
	if (!key)
		return strange_key(x, d);
	if (!algorithm_key_old(r, key, &since))
		return false;
	return too_old_for(d, REASON_KEY_WEAK,
	    MSG(since ? MSG_ID("the key of the certificate {name} is too weak to rely on since "
			       "{since}")
		      : MSG_ID("the key of the certificate {name} is too weak to rely on"),
		P_TEXT("name", name), P_TEXT("since", since ? text_day(since, day) : "")));
}

static bool old_signature(const struct algorithm_rules *r, X509 *x, struct path_defect *d)
{
	int nid = NID_undef;
	char name[80], day[TEXT_DAY];
	const EVP_MD *md;
	time_t since = 0;

	/* Ed25519 and Ed448 have a digest of their own. */
	if (X509_get_signature_info(x, &nid, NULL, NULL, NULL) != 1 || nid == NID_undef)
		return false;
	md = EVP_get_digestbynid(nid);
	if (md && !algorithm_digest_old(r, md, &since))
		return false;
	path_name(x, name, sizeof name);
	/* Of which nothing is known but that somebody here has set a day for it. */
	if (since && md && EVP_MD_get_size(md) >= 28)
		return too_old_for(d, REASON_ALGORITHM_OLD,
		    MSG("the certificate {name} is signed with {digest}, which is not relied on "
			"since {since}",
			P_TEXT("name", name), P_TEXT("digest", OBJ_nid2sn(nid)),
			P_TEXT("since", text_day(since, day))));
	return too_old_for(d, REASON_ALGORITHM_OLD,
	    MSG(since
		    ? MSG_ID("the certificate {name} is signed with {digest}, which is too old to "
			     "rely on since {since}")
		    : MSG_ID("the certificate {name} is signed with {digest}, which is too old to "
			     "rely on"),
		P_TEXT("name", name), P_TEXT("digest", OBJ_nid2sn(nid)),
		P_TEXT("since", since ? text_day(since, day) : "")));
}

bool path_too_old(
    const struct path_job *j, const STACK_OF(X509) * chain, time_t at, struct path_defect *d)
{
	const struct algorithm_rules r = {&j->set->algorithms, at};
	int last = sk_X509_num(chain) - 1;

	/* What is trusted itself vouches for its own signature; its key made others. */
	for (int i = 0; i <= last; i++) {
		X509 *x = sk_X509_value(chain, i);

		if (old_key(&r, x, d) || (i < last && old_signature(&r, x, d)))
			return true;
	}
	return false;
}

bool path_unread(const X509 *x, struct path_defect *d)
{
	static const int keys[] = {
	    EVP_PKEY_RSA, NID_rsassaPss, NID_X9_62_id_ecPublicKey, NID_dsa, NID_ED25519, NID_ED448};
	int nid = X509_get_signature_nid(x), md = NID_undef, key = NID_undef;
	char name[80];
	bool known = nid == NID_rsassaPss || OBJ_find_sigid_algs(nid, &md, &key) == 1;

	for (size_t i = 0; known && i < sizeof keys / sizeof keys[0]; i++)
		if (nid == NID_rsassaPss || keys[i] == key)
			return strange_key(x, d);
	path_name(x, name, sizeof name);
	return too_old_for(d, REASON_ALGORITHM_UNKNOWN,
	    MSG("the certificate {name} is signed in a way that this version does not verify",
		P_TEXT("name", name)));
}
