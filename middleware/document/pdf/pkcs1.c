/* SPDX-License-Identifier: BSD-2-Clause */
/* adbe.x509.rsa_sha1 (ISO 32000-1, 12.8.3.2): a signature value and a certificate, and no more. */
#include <openssl/err.h>
#include <openssl/rsa.h>
#include <stdlib.h>
#include <string.h>

#include "document/ber.h"
#include "document/cert.h"
#include "document/cms/cades_value.h"
#include "document/cms/profile/cades_told.h"
#include "document/pdf/kinds.h"
#include "util/message.h"

#define CERTS_MAX 64

static bool fits(EVP_PKEY *key, const struct doc_digest *digest, struct rd value)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(key, NULL);
	bool good = ctx && EVP_PKEY_verify_init(ctx) == 1 &&
		    EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PADDING) == 1 &&
		    EVP_PKEY_CTX_set_signature_md(ctx, EVP_sha1()) == 1 &&
		    EVP_PKEY_verify(ctx, value.p, value.n, digest->value, digest->len) == 1;

	EVP_PKEY_CTX_free(ctx);
	ERR_clear_error();
	return good;
}

/* The value is an OCTET STRING in /Contents. */
static void check_value(const struct pdf_signed *s, X509 *cert, const struct doc_digest *digest,
    struct rd der, struct report *rep)
{
	EVP_PKEY *key = X509_get0_pubkey(cert);
	enum reason reason = REASON_SIGNATURE_BAD;
	const char *why = NULL;
	char since[16] = "";
	struct rd value;

	if (ber_expect(&der, 0x04, &value) != ECERT_OK || !key || !EVP_PKEY_is_a(key, "RSA") ||
	    !fits(key, digest, value)) {
		why = MSG_ID("the signature does not verify with the certificate's key");
	} else {
		why = cades_value_doubt(key, s->o, since);
		reason = REASON_KEY_WEAK;
	}
	report_add_why(rep, CHK_SIGNATURE_VALUE, why ? reason_state(reason) : CHECK_OK,
	    why ? reason : REASON_NONE, why ? MSG(why, P_TEXT("since", since)) : MSG_EMPTY);
}

static void check_path(
    const struct pdf_signed *s, X509 *cert, STACK_OF(X509) * others, struct doc_signature *sig)
{
	const struct doc_path *path = s->o->path;
	struct doc_path_query q = {.leaf = cert,
	    .others = others,
	    .at = sig->when ? sig->when : s->o->now,
	    .now = s->o->now,
	    .unclaimed = !sig->when};

	if (path && path->check)
		path->check(path->ctx, &q, &sig->report);
	else
		report_add_why(&sig->report, CHK_CHAIN, CHECK_UNKNOWN, REASON_NO_ANCHOR,
		    MSG("no trusted certificates were given"));
}

static enum ecert_rc judge(
    const struct pdf_signed *s, STACK_OF(X509) * certs, struct rd der, struct doc_signature *sig)
{
	X509 *cert = sk_X509_value(certs, 0);
	struct doc_digest digest;
	enum ecert_rc rc = pdf_digest(s, EVP_sha1(), &digest);

	if (rc == ECERT_OK)
		rc = cert_der(cert, &sig->cert);
	if (rc != ECERT_OK)
		return rc;
	if (identity_of(cert, &sig->who) != ECERT_OK)
		report_add(
		    &sig->report, CHK_SIGNER, CHECK_FAILED, MSG("the certificate cannot be read"));
	cades_digest_fits(s->o, EVP_sha1(), pdf_relied_at(s->o), false, &sig->report);
	report_add(&sig->report, CHK_SIGNING_CERTIFICATE, CHECK_SKIPPED,
	    MSG("no signed attribute names it, as only CAdES asks for"));
	check_value(s, cert, &digest, der, &sig->report);
	check_path(s, cert, certs, sig);
	return ECERT_OK;
}

/* Those that can be read; the signer's has to be the first. */
static enum ecert_rc read_certs(struct rd der, STACK_OF(X509) * certs)
{
	struct ber b;
	X509 *x = NULL;

	while (ber_next(&der, &b) == ECERT_OK && sk_X509_num(certs) < CERTS_MAX) {
		if (cert_parse(b.whole, &x) != ECERT_OK)
			break;
		if (sk_X509_push(certs, x) <= 0) {
			X509_free(x);
			return ECERT_E_MEMORY;
		}
	}
	return ECERT_OK;
}

enum ecert_rc pdf_judge_pkcs1(const struct pdf_signed *s, struct doc_result **out)
{
	enum reason why = REASON_NONE;
	struct rd der;
	const char *defect = pdf_contents(s->found, &der, &why);
	enum ecert_rc rc = ECERT_OK;
	struct doc_signature *sig;
	STACK_OF(X509) * certs;

	*out = doc_result_new(defect ? 0 : 1);
	if (!*out)
		return ECERT_E_MEMORY;
	report_add_why(&(*out)->report, CHK_STRUCTURE, defect ? CHECK_FAILED : CHECK_OK,
	    defect ? why : REASON_NONE, defect ? MSG(defect) : MSG_EMPTY);
	if (defect)
		return ECERT_OK;
	sig = &(*out)->signer[0];
	sig->asked = true;
	sig->profile = "PDF-PKCS1";
	sig->when = s->o->claimed;
	memcpy(sig->algorithm, "sha1WithRSAEncryption", sizeof "sha1WithRSAEncryption");
	certs = sk_X509_new_null();
	rc = certs ? read_certs(buf_view(&s->found->certs), certs) : ECERT_E_MEMORY;
	if (rc == ECERT_OK && sk_X509_num(certs))
		rc = judge(s, certs, der, sig);
	else
		report_add_why(&sig->report, CHK_SIGNING_CERTIFICATE,
		    reason_state(REASON_SIGNER_CERT_MISSING), REASON_SIGNER_CERT_MISSING,
		    MSG("the signer's certificate cannot be read"));
	sk_X509_pop_free(certs, X509_free);
	return rc;
}
