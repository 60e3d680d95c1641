/* SPDX-License-Identifier: BSD-2-Clause */
/* What a document brings about revocation, and what else of it is in there. */
#include <openssl/err.h>

#include "trust/revocation/revocation_priv.h"

/* Somebody of the path, or who came with it, has this name: others' CRLs are not about it. */
static bool known(const struct path_job *j, const X509_NAME *issuer)
{
	for (int i = 1; i < sk_X509_num(j->chain); i++)
		if (X509_NAME_cmp(X509_get_subject_name(sk_X509_value(j->chain, i)), issuer) == 0)
			return true;
	for (int i = 0; i < sk_X509_num(j->untrusted); i++)
		if (!X509_NAME_cmp(X509_get_subject_name(sk_X509_value(j->untrusted, i)), issuer))
			return true;
	return false;
}

static bool has_crl(const STACK_OF(X509_CRL) * list, const X509_CRL *crl)
{
	for (int i = 0; i < sk_X509_CRL_num(list); i++)
		if (sk_X509_CRL_value(list, i) == crl)
			return true;
	return false;
}

/* Those that may be about the chain, but for those of `not`. */
static void take_crls(const struct path_job *j, const STACK_OF(X509_CRL) * from,
    const STACK_OF(X509_CRL) * not, struct crl *to[PATH_MAX_BROUGHT], size_t *to_n)
{
	for (int i = 0; i < sk_X509_CRL_num(from) && *to_n < PATH_MAX_BROUGHT; i++) {
		X509_CRL *crl = sk_X509_CRL_value(from, i);
		unsigned char *der = NULL;
		int n;

		if (!known(j, X509_CRL_get_issuer(crl)) || has_crl(not, crl))
			continue;
		n = i2d_X509_CRL(crl, &der);
		if (n > 0 && crl_read(rd_of(der, (size_t)n), &to[*to_n]) == ECERT_OK)
			++*to_n;
		OPENSSL_free(der);
	}
	ERR_clear_error();
}

void revocation_take_brought(struct path_job *j)
{
	take_crls(j, j->q->crls, NULL, j->brought, &j->brought_n);
	if (j->proof)
		take_crls(j, j->proof->heard.crls, j->q->crls, j->heard, &j->heard_n);
}

static bool has_ocsp(const struct doc_proof *p, struct rd response)
{
	for (size_t i = 0; i < p->ocsps_n; i++)
		if (rd_equal(p->ocsps[i], response))
			return true;
	return false;
}

void revocation_hear_ocsps(struct path_job *j, X509 *x, int above, struct answer *sum)
{
	const struct doc_heard *h = &j->proof->heard;
	struct answer a;

	j->hearing = true;
	for (size_t i = 0; i < h->ocsps_n && i < PATH_MAX_BROUGHT; i++) {
		if (sum->what == REVOCATION_REVOKED || has_ocsp(j->proof, h->ocsps[i]))
			continue;
		revocation_by_ocsp(j, h->ocsps[i], x, above, BROUGHT, &a);
		if (a.what != REVOCATION_REVOKED)
			continue;
		a.asked = sum->asked;
		a.doubted = sum->doubted;
		*sum = a;
	}
	j->hearing = false;
}
