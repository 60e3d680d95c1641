/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Who may sign a CRL (RFC 5280, 6.3.3 f): a certificate of the accepted path with the CRL's issuer
 * for its name, or one that such a path's CA made for signing CRLs.
 */
#include "trust/path/pairs.h"
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

static const struct signer_defect sound,
    foreign = {REASON_REVOCATION_BAD, MSG_ID("a CRL in its CA's name is signed by somebody else")};

/* Its signer's certificate is out of its time: over since the CRL was made, or not in force then
 * either (EN 319 102-1 V1.4.1, 5.2.6.4, step 8). */
static struct signer_defect out_of_time(const struct crl *c, X509 *signer)
{
	return (struct signer_defect){path_valid_at(signer, c->this_update)
					  ? REASON_REVOCATION_SIGNER_OVER
					  : REASON_REVOCATION_SIGNER_BAD,
	    MSG_ID("the certificate of the CRL's signer has expired, or is not valid yet")};
}

/* By a certificate of the path, from above on. */
static struct signer_defect by_path(const struct path_job *j, const struct crl *c, int above)
{
	const struct algorithm_rules rules = revocation_rules(j);
	struct signer_defect d = foreign;

	for (int i = above; i < sk_X509_num(j->chain); i++) {
		X509 *x = sk_X509_value(j->chain, i);
		const char *weak;

		if (X509_NAME_cmp(X509_get_subject_name(x), c->issuer) != 0)
			continue;
		weak = signature_weakness_der(c->alg, X509_get0_pubkey(x), &rules);
		if (weak)
			d = (struct signer_defect){REASON_REVOCATION_BAD, weak};
		else if (!signed_by(j, c, x))
			continue;
		else if (!may_sign_crls(x))
			d = (struct signer_defect){REASON_REVOCATION_SIGNER_BAD,
			    MSG_ID("its CA's certificate does not allow it to sign CRLs")};
		else if (!path_valid_at(x, j->answer_at))
			d = out_of_time(c, x);
		else
			return sound;
	}
	return d;
}

/* Whoever says so of himself is somebody else. */
static bool made_by_path(const struct path_job *j, X509 *x, int above)
{
	for (int i = above; i < sk_X509_num(j->chain); i++)
		if (X509_check_issued(sk_X509_value(j->chain, i), x) == X509_V_OK &&
		    path_made(j->set->pairs, sk_X509_value(j->chain, i), x))
			return true;
	return false;
}

/* A separate certificate for signing CRLs: named so by a CA of the path, valid, not revoked. That
 * the key usage has to say it keeps customers' certificates out, whatever their names. brought: by
 * the document, which must not use up what the relying party's own need. */
static struct signer_defect by_signer(
    struct path_job *j, X509 *x, const struct crl *c, int above, bool brought)
{
	struct answer own;
	int issuer;

	if (X509_NAME_cmp(X509_get_subject_name(x), c->issuer) != 0 ||
	    !(X509_get_extension_flags(x) & EXFLAG_KUSAGE) || !may_sign_crls(x) ||
	    (brought && !j->vouching))
		return foreign;
	if (brought)
		j->vouching--;
	issuer = path_vouches(j, x, above);
	if ((issuer < 0 && !made_by_path(j, x, above)) || !signed_by(j, c, x))
		return foreign;
	if (issuer < 0 && !path_valid_at(x, j->answer_at))
		return out_of_time(c, x);
	if (issuer < 0)
		return (struct signer_defect){REASON_REVOCATION_SIGNER_BAD,
		    X509_get_extension_flags(x) & EXFLAG_CRITICAL
			? MSG_ID("the certificate of the CRL's signer has a critical extension "
				 "that is not known here")
			: MSG_ID("the certificate of the CRL's signer breaks a rule of "
				 "certificates")};
	crl_answer(j, x, issuer, true, &own);
	return own.what == REVOCATION_REVOKED
		   ? (struct signer_defect){REASON_REVOCATION_SIGNER_BAD,
			 MSG_ID("the certificate of the CRL's signer was revoked")}
		   : sound;
}

/* The first that counts; else d is the defect of the one that came nearest. */
static X509 *by_separate_key(
    struct path_job *j, const struct crl *c, int above, struct signer_defect *d)
{
	int below = above < sk_X509_num(j->chain) ? above : sk_X509_num(j->chain);
	int all = below + sk_X509_num(j->untrusted);

	/* Keys change: what is below in the path may have the CA's name and its new key. */
	for (int i = 1; i < all; i++) {
		X509 *x = i < below ? sk_X509_value(j->chain, i)
				    : sk_X509_value(j->untrusted, i - below);
		struct signer_defect own = by_signer(
		    j, x, c, above, i - below >= sk_X509_num(j->set->helpers));

		if (own.reason == REASON_NONE)
			return x;
		if (own.reason != REASON_REVOCATION_BAD)
			*d = own;
	}
	return NULL;
}

X509 *crl_signer_apart(struct path_job *j, const struct crl *c, int above)
{
	struct signer_defect d = by_path(j, c, above);

	return d.reason ? by_separate_key(j, c, above, &d) : NULL;
}

struct signer_defect crl_signer_defect(
    struct path_job *j, const struct crl *c, int above, bool nested, X509 **apart)
{
	struct signer_defect d = by_path(j, c, above);

	*apart = d.reason && !nested ? by_separate_key(j, c, above, &d) : NULL;
	return *apart ? sound : d;
}
