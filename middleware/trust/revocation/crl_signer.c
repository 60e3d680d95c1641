/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Who may sign a CRL (RFC 5280, 6.3.3 f): a certificate of the accepted path with the CRL's issuer
 * for its name, or one that such a path's CA made for signing CRLs.
 */
#include "trust/revocation/revocation_priv.h"
#include "trust/revocation/signature.h"

/* An absent key usage allows everything: to a CA of the path, and to nobody else. */
static bool may_sign_crls(X509 *x)
{
	return (X509_get_key_usage(x) & KU_CRL_SIGN) != 0;
}

static bool verify(void *list, EVP_PKEY *key)
{
	const struct crl *c = list;

	return signature_verifies(c->alg, c->tbs, c->sig, key);
}

/* The mathematics once, the rules as of now or then. */
static bool signed_by(const struct path_job *j, const struct crl *c, X509 *x)
{
	const struct algorithm_rules rules = revocation_rules(j);
	EVP_PKEY *key = X509_get0_pubkey(x);

	return key && !signature_weakness_der(c->alg, key, &rules) &&
	       path_signed_once(x, c->by, verify, (void *)(uintptr_t)c);
}

/* By a certificate of the path, from above on. */
static const char *by_path(const struct path_job *j, const struct crl *c, int above)
{
	const struct algorithm_rules rules = revocation_rules(j);
	const char *why = MSG_ID("a CRL in its CA's name is signed by somebody else");

	for (int i = above; i < sk_X509_num(j->chain); i++) {
		X509 *x = sk_X509_value(j->chain, i);
		const char *weak;

		if (X509_NAME_cmp(X509_get_subject_name(x), c->issuer) != 0)
			continue;
		weak = signature_weakness_der(c->alg, X509_get0_pubkey(x), &rules);
		if (weak)
			why = weak;
		else if (!signed_by(j, c, x))
			continue;
		else if (!may_sign_crls(x))
			why = MSG_ID("its CA's certificate does not allow it to sign CRLs");
		else if (!path_valid_at(x, j->answer_at))
			why = MSG_ID(
			    "the certificate of the CRL's signer has expired, or is not valid yet");
		else
			return NULL;
	}
	return why;
}

/* A separate certificate for signing CRLs: named so by a CA of the path, valid, not revoked. That
 * the key usage has to say it keeps customers' certificates out, whatever their names. brought: by
 * the document, which must not use up what the relying party's own need. */
static bool is_signer(struct path_job *j, X509 *x, const struct crl *c, int above, bool brought)
{
	struct answer own;
	int issuer;

	if (X509_NAME_cmp(X509_get_subject_name(x), c->issuer) != 0 ||
	    !(X509_get_extension_flags(x) & EXFLAG_KUSAGE) || !may_sign_crls(x) ||
	    (brought && !j->vouching))
		return false;
	if (brought)
		j->vouching--;
	issuer = path_vouches(j, x, above);
	if (issuer < 0 || !signed_by(j, c, x))
		return false;
	crl_answer(j, x, issuer, true, &own);
	return own.what != REVOCATION_REVOKED;
}

static X509 *by_separate_key(struct path_job *j, const struct crl *c, int above)
{
	/* Keys change: what is below in the path may have the CA's name and its new key. */
	for (int i = 1; i < above && i < sk_X509_num(j->chain); i++)
		if (is_signer(j, sk_X509_value(j->chain, i), c, above, false))
			return sk_X509_value(j->chain, i);
	for (int i = 0; i < sk_X509_num(j->untrusted); i++)
		if (is_signer(j, sk_X509_value(j->untrusted, i), c, above,
			i >= sk_X509_num(j->set->helpers)))
			return sk_X509_value(j->untrusted, i);
	return NULL;
}

X509 *crl_signer_apart(struct path_job *j, const struct crl *c, int above)
{
	return by_path(j, c, above) ? by_separate_key(j, c, above) : NULL;
}

const char *crl_signer_defect(struct path_job *j, const struct crl *c, int above, bool nested)
{
	const char *why = by_path(j, c, above);

	return why && !nested && by_separate_key(j, c, above) ? NULL : why;
}
