/* SPDX-License-Identifier: BSD-2-Clause */
/* Revocation by an OCSP response that somebody brought along (RFC 6960); nothing is asked. */
#include <openssl/err.h>
#include <openssl/ocsp.h>
#include <openssl/x509v3.h>
#include <stdio.h>

#include "document/cert.h"
#include "trust/path/pairs.h"
#include "trust/revocation/revocation_priv.h"
#include "trust/revocation/signature.h"

/* Certificates in a response that are tried as its signer. */
#define MAX_DELEGATES 8

static const struct signer_defect sound,
    not_signed = {
	REASON_REVOCATION_BAD, MSG_ID("the OCSP response is not signed by the CA or its delegate")};

static struct signer_defect bad(const char *why)
{
	return (struct signer_defect){REASON_REVOCATION_BAD, why};
}

/* Whether its signature verifies with this certificate's key; *by_it: it does, and may be too weak
 * all the same. */
static struct signer_defect signature_defect(
    const struct path_job *j, OCSP_BASICRESP *basic, X509 *signer, bool *by_it)
{
	const struct algorithm_rules rules = revocation_rules(j);
	STACK_OF(X509) *one = sk_X509_new_null();
	bool weak;

	*by_it = one && sk_X509_push(one, signer) > 0 &&
		 OCSP_basic_verify(basic, one, NULL, OCSP_TRUSTOTHER | OCSP_NOINTERN) == 1;
	/* Only what is signed rightly is told to be weak. */
	weak = *by_it && signature_weakness(
			     OCSP_resp_get0_tbs_sigalg(basic), X509_get0_pubkey(signer), &rules);
	sk_X509_free(one);
	ERR_clear_error();
	return !*by_it ? not_signed
	       : weak  ? bad(MSG_ID("the OCSP response decides nothing: its signature is too weak "
				     "(SHA-1, MD5, RSA below 1900 bits)"))
		       : sound;
}

/* Before anything is verified with its key, which its maker chose. */
static bool may_answer(X509 *d)
{
	return (X509_get_extension_flags(d) & EXFLAG_XKUSAGE) &&
	       (X509_get_extended_key_usage(d) & XKU_OCSP_SIGN) &&
	       path_pairs_usual(X509_get0_pubkey(d));
}

/* Not now, but when the answer was made (EN 319 102-1 V1.4.1, 5.2.6.4, step 8). */
static bool vouched_then(struct path_job *j, X509 *d, int above, time_t made)
{
	time_t at = j->answer_at;
	bool then;

	if (!made || made >= at || path_valid_at(d, at) || !path_valid_at(d, made))
		return false;
	j->answer_at = made;
	then = path_vouches(j, d, above) == above;
	j->answer_at = at;
	return then;
}

/* RFC 6960, 4.2.2.2: made by the CA itself, at present, for signing OCSP responses, and not taken
 * back. x: the certificate that is asked about, which does not answer for itself. */
static struct signer_defect delegate_defect(
    struct path_job *j, X509 *d, X509 *x, int above, time_t made)
{
	struct answer own;

	if (X509_cmp(d, x) == 0)
		return bad(
		    MSG_ID("the OCSP response is signed by the certificate that it is about"));
	if (!(X509_get_key_usage(d) & KU_DIGITAL_SIGNATURE))
		return (struct signer_defect){REASON_REVOCATION_SIGNER_BAD,
		    MSG_ID("the OCSP response is signed with a certificate that may not sign")};
	if (!j->vouching)
		return bad(MSG_ID("there are more signers of answers than are looked at"));
	j->vouching--;
	if (path_vouches(j, d, above) != above)
		return vouched_then(j, d, above, made)
			   ? (struct signer_defect){REASON_REVOCATION_SIGNER_OVER,
				 MSG_ID("the OCSP response is signed with a certificate that was "
					"in force then, and is over now")}
			   : bad(MSG_ID("the OCSP response is signed with a certificate that is "
					"not valid, or not by its CA"));
	crl_answer(j, d, above, true, &own);
	return own.what == REVOCATION_REVOKED
		   ? (struct signer_defect){REASON_REVOCATION_SIGNER_BAD,
			 MSG_ID("the OCSP response is signed with a certificate that was revoked")}
		   : sound;
}

static struct signer_defect signer_defect(
    struct path_job *j, OCSP_BASICRESP *basic, X509 *x, int above, time_t made)
{
	X509 *ca = sk_X509_value(j->chain, above);
	const STACK_OF(X509) *certs = OCSP_resp_get0_certs(basic);
	bool by_it;
	struct signer_defect why = signature_defect(j, basic, ca, &by_it);

	if (!why.reason && !(X509_get_key_usage(ca) & (KU_DIGITAL_SIGNATURE | KU_KEY_CERT_SIGN)))
		return bad(MSG_ID("the CA's certificate does not allow it to sign"));
	for (int i = 0; why.reason && i < sk_X509_num(certs) && i < MAX_DELEGATES; i++) {
		X509 *d = sk_X509_value(certs, i);
		struct signer_defect defect;

		if (!may_answer(d))
			continue;
		defect = signature_defect(j, basic, d, &by_it);
		if (by_it)
			why = defect.reason ? defect : delegate_defect(j, d, x, above, made);
	}
	return why;
}

static bool same_md(const OCSP_CERTID *id, const EVP_MD *md)
{
	ASN1_OBJECT *o = NULL;

	(void)OCSP_id_get0_info(NULL, &o, NULL, NULL, (OCSP_CERTID *)(uintptr_t)id);
	return o && OBJ_obj2nid(o) == EVP_MD_get_type(md);
}

/* The worst of the answers about x: one that says revoked is not outvoted. */
static OCSP_SINGLERESP *find_single(OCSP_BASICRESP *basic, X509 *x, X509 *issuer)
{
	const EVP_MD *mds[] = {EVP_sha1(), EVP_sha256(), EVP_sha384(), EVP_sha512()};
	OCSP_SINGLERESP *found = NULL;

	for (size_t k = 0; k < sizeof mds / sizeof mds[0]; k++) {
		OCSP_CERTID *want = OCSP_cert_to_id(mds[k], x, issuer);

		for (int i = 0; want && i < OCSP_resp_count(basic); i++) {
			OCSP_SINGLERESP *s = OCSP_resp_get0(basic, i);
			const OCSP_CERTID *id = OCSP_SINGLERESP_get0_id(s);

			if (!same_md(id, mds[k]) || OCSP_id_cmp(id, want) != 0)
				continue;
			if (!found || OCSP_single_get0_status(s, NULL, NULL, NULL, NULL) ==
					  V_OCSP_CERTSTATUS_REVOKED)
				found = s;
		}
		OCSP_CERTID_free(want);
	}
	return found;
}

/* RFC 6960, 4.4: none of its extensions changes the answer; an unknown one that is critical may. */
static bool strange(OCSP_BASICRESP *basic, OCSP_SINGLERESP *s)
{
	for (int i = 0; i < OCSP_BASICRESP_get_ext_count(basic); i++) {
		X509_EXTENSION *e = OCSP_BASICRESP_get_ext(basic, i);

		if (X509_EXTENSION_get_critical(e) &&
		    OBJ_obj2nid(X509_EXTENSION_get_object(e)) != NID_id_pkix_OCSP_Nonce)
			return true;
	}
	for (int i = 0; i < OCSP_SINGLERESP_get_ext_count(s); i++)
		if (X509_EXTENSION_get_critical(OCSP_SINGLERESP_get_ext(s, i)))
			return true;
	return false;
}

/* archiveCutoff (RFC 6960, 4.4.4): the responder tells of those that were over since then. */
static bool expired_too(OCSP_SINGLERESP *s, const X509 *x)
{
	ASN1_GENERALIZEDTIME *t = OCSP_SINGLERESP_get1_ext_d2i(
	    s, NID_id_pkix_OCSP_archiveCutoff, NULL, NULL);
	time_t since = 0, end = 0;
	bool kept = t && asn1_time_get(t, &since) == ECERT_OK &&
		    asn1_time_get(X509_get0_notAfter(x), &end) == ECERT_OK && end >= since;

	ASN1_GENERALIZEDTIME_free(t);
	return kept;
}

struct about {
	const struct path_job *j;
	const X509 *x;
	int above;
	bool expired_too;
};

static const char *stale(const struct about *of, const ASN1_GENERALIZEDTIME *this_update,
    const ASN1_GENERALIZEDTIME *next)
{
	time_t from = 0, until = 0, now = of->j->q->now;

	if (asn1_time_get(this_update, &from) != ECERT_OK || from > now + REVOCATION_SKEW)
		return MSG_ID("the OCSP response is stale or not yet valid");
	if (!next)
		until = from + REVOCATION_MAX_AGE;
	else if (asn1_time_get(next, &until) != ECERT_OK)
		until = 0;
	if (revocation_in_force(
		of->j, of->above, of->x, from, until + REVOCATION_SKEW, of->expired_too))
		return NULL;
	return path_proved(of->j)
		   ? MSG_ID("the OCSP response does not tell of the time of the time stamp")
		   : MSG_ID("the OCSP response is stale");
}

/* RFC 6960, 4.4.5: as the entry of a CRL has it. */
static time_t invalid_since(OCSP_SINGLERESP *s)
{
	ASN1_GENERALIZEDTIME *t = OCSP_SINGLERESP_get1_ext_d2i(s, NID_invalidity_date, NULL, NULL);
	time_t since = 0;

	if (!t || asn1_time_get(t, &since) != ECERT_OK)
		since = 0;
	ASN1_GENERALIZEDTIME_free(t);
	return since;
}

const char ocsp_later[] = MSG_ID(
    "revoked, says the OCSP response, but after the moment of which this is judged");

static enum revocation judge(struct path_job *j, OCSP_BASICRESP *basic, X509 *x, int above,
    const char **why, struct answer *out)
{
	int code = -1;
	ASN1_GENERALIZEDTIME *this_update = NULL, *next = NULL, *revoked = NULL;
	time_t now = j->q->now, made = 0, when = 0;
	OCSP_SINGLERESP *s = find_single(basic, x, sk_X509_value(j->chain, above));
	struct signer_defect d;
	int status;
	bool later, proved;

	if (!s)
		return REVOCATION_NONE;
	(void)OCSP_single_get0_status(s, NULL, NULL, &this_update, NULL);
	d = signer_defect(j, basic, x, above,
	    this_update && asn1_time_get(this_update, &made) == ECERT_OK ? made : 0);
	/* Who was in force then is heard. */
	if (d.reason && !(j->hearing && d.reason == REASON_REVOCATION_SIGNER_OVER)) {
		*why = d.why;
		out->reason = d.reason;
		return REVOCATION_UNKNOWN;
	}
	status = OCSP_single_get0_status(s, &code, &revoked, &this_update, &next);
	out->gone = code == OCSP_REVOKED_STATUS_CERTIFICATEHOLD ? GONE_SUSPENDED : GONE_BY_OCSP;
	out->key_safe = revocation_key_safe(code);
	/* As of a time before the answer was made, what was revoked after that time was not yet. */
	later = asn1_time_get(this_update, &made) == ECERT_OK && made > now + REVOCATION_SKEW &&
		asn1_time_get(revoked, &when) == ECERT_OK && when > now;
	/* Nor was it when it is proved to have been there. */
	proved = asn1_time_get(revoked, &when) == ECERT_OK &&
		 revocation_later(j, above, false, when, code);
	if (status == V_OCSP_CERTSTATUS_REVOKED && !later && !proved) {
		if (asn1_time_get(revoked, &out->since) != ECERT_OK)
			out->since = 0;
		return REVOCATION_REVOKED;
	}
	out->later = status == V_OCSP_CERTSTATUS_REVOKED;
	if (out->later)
		revocation_doubt(j, invalid_since(s), out);
	*why = MSG_ID("the OCSP response has a critical extension that is not known here");
	if (strange(basic, s))
		return REVOCATION_UNKNOWN;
	*why = stale(&(struct about){j, x, above, expired_too(s, x)}, this_update, next);
	out->reason = REASON_REVOCATION_STALE;
	if (*why)
		return REVOCATION_UNKNOWN;
	out->reason = REASON_REVOCATION_MISSING;
	*why = proved ? ocsp_later : MSG_ID("good, says the OCSP response");
	out->lasting = revocation_tells(x, made, expired_too(s, x));
	if (status == V_OCSP_CERTSTATUS_GOOD || proved)
		return REVOCATION_GOOD;
	*why = MSG_ID("the OCSP responder does not know the certificate");
	return REVOCATION_UNKNOWN;
}

void ocsp_answer(struct path_job *j, struct rd response, X509 *x, int above, struct answer *out)
{
	const unsigned char *p = response.p;
	const char *text = MSG_ID("the OCSP response cannot be read");
	OCSP_RESPONSE *r = d2i_OCSP_RESPONSE(NULL, &p, (long)response.n);
	OCSP_BASICRESP *basic = NULL;

	/* What cannot be read counts as about the one that it was brought for. */
	*out = (struct answer){.what = above == 1 ? REVOCATION_UNKNOWN : REVOCATION_NONE,
	    .reason = REASON_REVOCATION_BAD};
	if (r && p == response.p + response.n &&
	    OCSP_response_status(r) == OCSP_RESPONSE_STATUS_SUCCESSFUL)
		basic = OCSP_response_get1_basic(r);
	if (basic)
		out->what = judge(j, basic, x, above, &text, out);
	message_keep(&out->why, MSG(text));
	OCSP_BASICRESP_free(basic);
	OCSP_RESPONSE_free(r);
	ERR_clear_error();
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
	trust_set_changes(s);
	if (buf_len(&s->ocsp))
		return ECERT_E_EXISTS;
	buf_rd(&s->ocsp, der);
	return buf_rc(&s->ocsp);
}
