/* SPDX-License-Identifier: BSD-2-Clause */
/* Revocation by an OCSP response that somebody brought along (RFC 6960); nothing is asked. */
#include <openssl/err.h>
#include <openssl/ocsp.h>
#include <openssl/x509v3.h>
#include <stdio.h>

#include "document/cert.h"
#include "trust/path_priv.h"

#define OCSP_SKEW 300
/* Without nextUpdate an answer is good for a day. */
#define OCSP_MAX_AGE (24 * 3600)

static bool signed_by(OCSP_BASICRESP *basic, X509 *signer)
{
	STACK_OF(X509) *one = sk_X509_new_null();
	bool ok = one && sk_X509_push(one, signer) > 0 &&
		  OCSP_basic_verify(basic, one, NULL, OCSP_TRUSTOTHER | OCSP_NOINTERN) == 1;
	sk_X509_free(one);
	ERR_clear_error();
	return ok;
}

/* RFC 6960, 4.2.2.2: issued by the CA itself for OCSP signing. */
static bool delegated(X509 *x, X509 *issuer, time_t now)
{
	time_t from = 0, until = 0;
	return X509_NAME_cmp(X509_get_issuer_name(x), X509_get_subject_name(issuer)) == 0 &&
	       X509_verify(x, X509_get0_pubkey(issuer)) == 1 &&
	       (X509_get_extension_flags(x) & EXFLAG_XKUSAGE) != 0 &&
	       (X509_get_extended_key_usage(x) & XKU_OCSP_SIGN) != 0 &&
	       asn1_time_get(X509_get0_notBefore(x), &from) == ECERT_OK &&
	       asn1_time_get(X509_get0_notAfter(x), &until) == ECERT_OK && now >= from &&
	       now <= until;
}

static bool trusted_signature(OCSP_BASICRESP *basic, X509 *issuer, time_t now)
{
	if (signed_by(basic, issuer))
		return true;
	const STACK_OF(X509) *certs = OCSP_resp_get0_certs(basic);
	for (int i = 0; i < sk_X509_num(certs) && i < 8; i++)
		if (delegated(sk_X509_value(certs, i), issuer, now) &&
		    signed_by(basic, sk_X509_value(certs, i)))
			return true;
	return false;
}

static OCSP_SINGLERESP *find_single(OCSP_BASICRESP *basic, X509 *leaf, X509 *issuer)
{
	const EVP_MD *mds[] = {EVP_sha1(), EVP_sha256()};
	for (size_t k = 0; k < sizeof mds / sizeof mds[0]; k++) {
		OCSP_CERTID *want = OCSP_cert_to_id(mds[k], leaf, issuer);
		int at = want ? OCSP_resp_find(basic, want, -1) : -1;
		OCSP_CERTID_free(want);
		if (at >= 0)
			return OCSP_resp_get0(basic, at);
	}
	return NULL;
}

static bool fresh(
    const ASN1_GENERALIZEDTIME *this_update, const ASN1_GENERALIZEDTIME *next, time_t now)
{
	time_t from = 0, until = 0;
	if (asn1_time_get(this_update, &from) != ECERT_OK || from > now + OCSP_SKEW)
		return false;
	if (!next)
		return now - from <= OCSP_MAX_AGE;
	return asn1_time_get(next, &until) == ECERT_OK && now <= until + OCSP_SKEW;
}

static enum revocation judge(
    OCSP_BASICRESP *basic, X509 *leaf, X509 *issuer, time_t now, const char **why)
{
	ASN1_GENERALIZEDTIME *revoked = NULL, *this_update = NULL, *next = NULL;
	int reason = 0;
	*why = "the OCSP response is not signed by the CA or its delegate";
	if (!trusted_signature(basic, issuer, now))
		return REVOCATION_UNKNOWN;
	*why = "the OCSP response is about another certificate";
	OCSP_SINGLERESP *single = find_single(basic, leaf, issuer);
	if (!single)
		return REVOCATION_UNKNOWN;
	int status = OCSP_single_get0_status(single, &reason, &revoked, &this_update, &next);
	*why = "the certificate was revoked, says the OCSP response";
	if (status == V_OCSP_CERTSTATUS_REVOKED)
		return REVOCATION_REVOKED;
	*why = "the OCSP response is stale";
	if (!fresh(this_update, next, now))
		return REVOCATION_UNKNOWN;
	*why = "good, says the OCSP response";
	if (status == V_OCSP_CERTSTATUS_GOOD)
		return REVOCATION_GOOD;
	*why = "the OCSP responder does not know the certificate";
	return REVOCATION_UNKNOWN;
}

enum revocation ocsp_check(
    struct rd response, X509 *leaf, X509 *issuer, time_t now, char *why, size_t size)
{
	const unsigned char *p = response.p;
	const char *text = "the OCSP response cannot be read";
	enum revocation answer = REVOCATION_UNKNOWN;
	OCSP_RESPONSE *r = d2i_OCSP_RESPONSE(NULL, &p, (long)response.n);
	OCSP_BASICRESP *basic = NULL;
	if (r && OCSP_response_status(r) == OCSP_RESPONSE_STATUS_SUCCESSFUL)
		basic = OCSP_response_get1_basic(r);
	if (basic)
		answer = judge(basic, leaf, issuer, now, &text);
	(void)snprintf(why, size, "%s", text);
	OCSP_BASICRESP_free(basic);
	OCSP_RESPONSE_free(r);
	ERR_clear_error();
	return answer;
}

enum ecert_rc trust_set_add_ocsp(struct trust_set *s, struct rd der)
{
	const unsigned char *p = der.p;
	OCSP_RESPONSE *r = der.n ? d2i_OCSP_RESPONSE(NULL, &p, (long)der.n) : NULL;
	bool whole = r && p == der.p + der.n;
	OCSP_RESPONSE_free(r);
	ERR_clear_error();
	if (!whole)
		return ECERT_E_MALFORMED;
	if (buf_len(&s->ocsp))
		return ECERT_E_EXISTS;
	buf_rd(&s->ocsp, der);
	return buf_rc(&s->ocsp);
}
