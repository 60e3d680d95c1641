/* SPDX-License-Identifier: BSD-2-Clause */
/* The scope of a CRL (RFC 5280, 5.2.5 and 6.3.3). */
#include "trust/revocation/crl_scope.h"

/* The name of a distribution point: one whole name, or any of several. */
struct dp_name {
	const X509_NAME *one;
	const GENERAL_NAMES *any;
};

static struct dp_name name_of(const DIST_POINT_NAME *n)
{
	if (n->type == 0)
		return (struct dp_name){NULL, n->name.fullname};
	return (struct dp_name){n->dpname, NULL};
}

static bool holds(const GENERAL_NAMES *any, const X509_NAME *one)
{
	for (int i = 0; one && i < sk_GENERAL_NAME_num(any); i++) {
		const GENERAL_NAME *g = sk_GENERAL_NAME_value(any, i);

		if (g->type == GEN_DIRNAME && X509_NAME_cmp(g->d.directoryName, one) == 0)
			return true;
	}
	return false;
}

/* Names in the one, the signer's, and in the other, the CA's: a long list against a long one costs
 * its product. */
#define MAX_NAMES 64

static bool same(struct dp_name a, struct dp_name b)
{
	if (a.one && b.one)
		return X509_NAME_cmp(a.one, b.one) == 0;
	if (a.one || b.one)
		return holds(a.one ? b.any : a.any, a.one ? a.one : b.one);
	for (int i = 0; i < sk_GENERAL_NAME_num(a.any) && i < MAX_NAMES; i++)
		for (int k = 0; k < sk_GENERAL_NAME_num(b.any) && k < MAX_NAMES; k++)
			if (GENERAL_NAME_cmp(sk_GENERAL_NAME_value(a.any, i),
				sk_GENERAL_NAME_value(b.any, k)) == 0)
				return true;
	return false;
}

static unsigned reason_bits(const ASN1_BIT_STRING *flags)
{
	unsigned bits = CRLDP_ALL_REASONS;
	const unsigned char *p;
	int n;

	if (!flags)
		return bits;
	p = ASN1_STRING_get0_data(flags);
	n = ASN1_STRING_length(flags);
	return bits & ((n > 0 ? p[0] : 0u) | (n > 1 ? (unsigned)p[1] << 8 : 0u));
}

static const X509_NAME *first_directory(const GENERAL_NAMES *names)
{
	for (int i = 0; i < sk_GENERAL_NAME_num(names); i++) {
		const GENERAL_NAME *g = sk_GENERAL_NAME_value(names, i);

		if (g->type == GEN_DIRNAME)
			return g->d.directoryName;
	}
	return NULL;
}

/* RFC 5280, 6.3.3 b 1 and 2 for one distribution point of the certificate. */
static bool point_fits(const struct crl *c, X509 *x, DIST_POINT *dp)
{
	const X509_NAME *issuer = X509_get_issuer_name(x);
	bool indirect = c->idp && c->idp->indirectCRL > 0;
	struct dp_name theirs;

	if (dp->CRLissuer) {
		if (!indirect || !holds(dp->CRLissuer, c->issuer))
			return false;
		issuer = first_directory(dp->CRLissuer);
	} else if (X509_NAME_cmp(c->issuer, issuer) != 0) {
		return false;
	}
	if (!c->idp || !c->idp->distpoint)
		return true;
	theirs = (struct dp_name){NULL, dp->CRLissuer};
	if (dp->distpoint) {
		if (dp->distpoint->type != 0 && DIST_POINT_set_dpname(dp->distpoint, issuer) != 1)
			return false;
		theirs = name_of(dp->distpoint);
	}
	return same(theirs, name_of(c->idp->distpoint));
}

/* RFC 5280, 6.3.3, at its end: any CRL of the certificate's issuer, as if a distribution point had
 * the issuer's name and nothing else. */
static bool is_the_issuers(const struct crl *c, const X509 *x)
{
	const X509_NAME *issuer = X509_get_issuer_name(x);
	struct dp_name n;

	if (X509_NAME_cmp(c->issuer, issuer) != 0)
		return false;
	if (!c->idp || !c->idp->distpoint)
		return true;
	n = name_of(c->idp->distpoint);
	return n.one ? X509_NAME_cmp(n.one, issuer) == 0 : holds(n.any, issuer);
}

/* RFC 5280, 6.3.3 b 2 ii to iv. */
static bool kind_fits(const ISSUING_DIST_POINT *idp, X509 *x)
{
	bool ca = (X509_get_extension_flags(x) & EXFLAG_CA) != 0;

	return !idp ||
	       !(idp->onlyattr > 0 || (idp->onlyuser > 0 && ca) || (idp->onlyCA > 0 && !ca));
}

unsigned crl_scope(const struct crl *c, X509 *x)
{
	unsigned mine = c->idp ? reason_bits(c->idp->onlysomereasons) : CRLDP_ALL_REASONS;
	unsigned found = 0;
	CRL_DIST_POINTS *points;

	if (!kind_fits(c->idp, x))
		return 0;
	if (is_the_issuers(c, x))
		return mine;
	points = X509_get_ext_d2i(x, NID_crl_distribution_points, NULL, NULL);
	for (int i = 0; i < sk_DIST_POINT_num(points) && i < MAX_NAMES; i++) {
		DIST_POINT *dp = sk_DIST_POINT_value(points, i);

		if (point_fits(c, x, dp))
			found |= mine & reason_bits(dp->reasons);
	}
	CRL_DIST_POINTS_free(points);
	return found;
}
