/* SPDX-License-Identifier: BSD-2-Clause */
/* Revocation by the CRLs at hand. */
#include <openssl/err.h>
#include <stdio.h>
#include <string.h>

#include "document/cert.h"
#include "trust/path_priv.h"

struct crl_state {
	int revoked_depth; /* -1: none */
	int leaf_error;	   /* why the leaf's CRL says nothing */
};

static int on_error(int ok, X509_STORE_CTX *ctx)
{
	int err = X509_STORE_CTX_get_error(ctx), depth = X509_STORE_CTX_get_error_depth(ctx);
	struct crl_state *st = X509_STORE_CTX_get_app_data(ctx);
	if (ok)
		return 1;
	switch (err) {
	case X509_V_ERR_CERT_REVOKED:
		if (st->revoked_depth < 0 || depth < st->revoked_depth)
			st->revoked_depth = depth;
		return 1;
	case X509_V_ERR_CERT_HAS_EXPIRED:
	case X509_V_ERR_CERT_NOT_YET_VALID:
		return 1; /* "validity" has said it */
	default:
		/* The path was accepted before, so that this is about a CRL: missing, stale, not
		 * signed by the CA, of another scope. For CAs it stays optional. */
		if (depth == 0 && !st->leaf_error)
			st->leaf_error = err;
		return 1;
	}
}

static void revoked_text(
    const struct path_job *j, int depth, STACK_OF(X509_CRL) * crls, char *why, size_t size)
{
	X509 *x = sk_X509_value(j->chain, depth);
	const char *whose = depth == 0 ? "the certificate" : "a CA of the chain";
	char date[32] = "";
	for (int i = 0; x && i < sk_X509_CRL_num(crls); i++) {
		X509_CRL *crl = sk_X509_CRL_value(crls, i);
		X509_REVOKED *r = NULL;
		time_t when = 0;
		struct tm tm;
		if (X509_NAME_cmp(X509_CRL_get_issuer(crl), X509_get_issuer_name(x)) == 0 &&
		    X509_CRL_get0_by_cert(crl, &r, x) == 1 &&
		    asn1_time_get(X509_REVOKED_get0_revocationDate(r), &when) == ECERT_OK &&
		    gmtime_r(&when, &tm))
			(void)strftime(date, sizeof date, " on %Y-%m-%d", &tm);
	}
	(void)snprintf(why, size, "%s was revoked%s", whose, date);
}

static STACK_OF(X509_CRL) * all_crls(const struct path_job *j)
{
	STACK_OF(X509_CRL) *all = sk_X509_CRL_new_null();
	for (int i = 0; all && i < sk_X509_CRL_num(j->set->crls); i++)
		(void)sk_X509_CRL_push(all, sk_X509_CRL_value(j->set->crls, i));
	for (int i = 0; all && i < sk_X509_CRL_num(j->q->crls) && i < 64; i++)
		(void)sk_X509_CRL_push(all, sk_X509_CRL_value(j->q->crls, i));
	return all;
}

static enum revocation by_crl(struct path_job *j, char *why, size_t size)
{
	struct crl_state st = {-1, 0};
	enum revocation answer = REVOCATION_UNKNOWN;
	STACK_OF(X509_CRL) *crls = all_crls(j);
	X509_STORE_CTX *ctx = NULL;
	if (!crls || sk_X509_CRL_num(crls) == 0) {
		(void)snprintf(why, size, "no CRL and no OCSP response was given");
		answer = REVOCATION_NONE;
		goto out;
	}
	(void)snprintf(why, size, "the CRLs could not be evaluated");
	ctx = path_ctx(j, j->q->now, on_error);
	if (!ctx)
		goto out;
	X509_STORE_CTX_set_flags(ctx,
	    X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL | X509_V_FLAG_EXTENDED_CRL_SUPPORT);
	X509_STORE_CTX_set0_crls(ctx, crls);
	X509_STORE_CTX_set_app_data(ctx, &st);
	int ok = X509_verify_cert(ctx);
	if (st.revoked_depth >= 0) {
		revoked_text(j, st.revoked_depth, crls, why, size);
		answer = REVOCATION_REVOKED;
	} else if (st.leaf_error) {
		(void)snprintf(why, size, "%s", X509_verify_cert_error_string(st.leaf_error));
	} else if (ok == 1) {
		(void)snprintf(why, size, "not on the CRL of its CA");
		answer = REVOCATION_GOOD;
	}
out:
	X509_STORE_CTX_free(ctx);
	sk_X509_CRL_free(crls);
	ERR_clear_error();
	return answer;
}

/* What the response adds to the answer so far. Who says revoked is not talked away by an older
 * answer, and one that says nothing takes nothing away. */
static void add_ocsp(
    const struct path_job *j, struct rd ocsp, enum revocation *answer, char *why, size_t size)
{
	X509 *issuer = sk_X509_num(j->chain) > 1 ? sk_X509_value(j->chain, 1) : NULL;
	enum revocation o = REVOCATION_UNKNOWN;
	char text[200] = "the certificate is trusted itself, so that no CA answers for it";
	if (!ocsp.n || *answer == REVOCATION_REVOKED)
		return;
	if (issuer)
		o = ocsp_check(ocsp, j->q->leaf, issuer, j->q->now, text, sizeof text);
	if (*answer == REVOCATION_GOOD && o != REVOCATION_REVOKED)
		return;
	*answer = o;
	(void)snprintf(why, size, "%s", text);
}

void revocation_check(struct path_job *j, struct rd ocsp, struct report *rep)
{
	static const enum check_state state[] = {
	    [REVOCATION_NONE] = CHECK_SKIPPED,
	    [REVOCATION_GOOD] = CHECK_OK,
	    [REVOCATION_REVOKED] = CHECK_FAILED,
	    [REVOCATION_UNKNOWN] = CHECK_UNKNOWN,
	};
	char why[200] = "";
	enum revocation answer = by_crl(j, why, sizeof why);
	add_ocsp(j, ocsp, &answer, why, sizeof why);
	add_ocsp(j, buf_view(&j->set->ocsp), &answer, why, sizeof why);
	report_add(rep, "revocation", state[answer], "%s", why);
}
