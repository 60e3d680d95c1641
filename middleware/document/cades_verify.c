/* SPDX-License-Identifier: BSD-2-Clause */
/* Verifying a CAdES-B-B signature of any maker, check by check. */
/* cms.h declares its PEM functions only after pem.h. */
#include <openssl/pem.h>
#include <openssl/cms.h>
#include <openssl/err.h>
#include <stdlib.h>
#include <string.h>

#include "document/cades.h"
#include "document/cades_attrs.h"
#include "document/cert.h"
#include "document/digest.h"

/* A signing time may be ahead of our clock by this many seconds. */
#define CLOCK_SKEW 300

struct job {
	CMS_ContentInfo *cms;
	STACK_OF(X509) * certs;
	STACK_OF(X509_CRL) * crls;
	const struct cades_verify_options *o;
	struct rd embedded; /* content inside; p NULL when detached */
	int fd;
	struct digest_set file, inside;
};

static CMS_ContentInfo *parse(struct rd p7s)
{
	const unsigned char *p = p7s.p;
	CMS_ContentInfo *cms = d2i_CMS_ContentInfo(NULL, &p, (long)p7s.n);
	if (cms && p != p7s.p + p7s.n) {
		CMS_ContentInfo_free(cms);
		cms = NULL;
	}
	if (!cms && p7s.n > 10 && memcmp(p7s.p, "-----BEGIN", 10) == 0) {
		BIO *b = BIO_new_mem_buf(p7s.p, (int)p7s.n);
		cms = b ? PEM_read_bio_CMS(b, NULL, NULL, NULL) : NULL;
		BIO_free(b);
	}
	return cms;
}

static const char *structure_defect(struct job *j, struct rd p7s)
{
	if (p7s.n > CADES_MAX_SIZE)
		return "the signature file is too large";
	j->cms = p7s.n ? parse(p7s) : NULL;
	if (!j->cms)
		return "not a CMS signature (or bytes follow it)";
	if (OBJ_obj2nid(CMS_get0_type(j->cms)) != NID_pkcs7_signed)
		return "CMS, but not SignedData";
	int n = sk_CMS_SignerInfo_num(CMS_get0_SignerInfos(j->cms));
	if (n < 1)
		return "no signer";
	if (n > CADES_MAX_SIGNERS)
		return "too many signers";
	ASN1_OCTET_STRING **content = CMS_get0_content(j->cms);
	if (content && *content) {
		/* A NULL p would say "detached"; empty content is content all the same. */
		const uint8_t *p = ASN1_STRING_get0_data(*content);
		j->embedded = rd_of(
		    p ? p : (const uint8_t *)"", (size_t)ASN1_STRING_length(*content));
	}
	if (!j->embedded.p && j->fd < 0)
		return "the signed content is neither inside nor given";
	return NULL;
}

static const EVP_MD *digest_of(CMS_SignerInfo *si)
{
	X509_ALGOR *alg = NULL;
	const ASN1_OBJECT *oid = NULL;
	CMS_SignerInfo_get0_algs(si, NULL, NULL, &alg, NULL);
	X509_ALGOR_get0(&oid, NULL, NULL, alg);
	const EVP_MD *md = EVP_get_digestbyobj(oid);
	/* SHA-1 and MD5 can be forged (TS 119 312). */
	return md && EVP_MD_get_size(md) >= 32 ? md : NULL;
}

/* Every digest that a signer uses, over the file and over what is inside. */
static enum ecert_rc digest_content(struct job *j, struct cades_result *r)
{
	STACK_OF(CMS_SignerInfo) *infos = CMS_get0_SignerInfos(j->cms);
	enum ecert_rc rc = ECERT_OK;
	for (int i = 0; i < sk_CMS_SignerInfo_num(infos); i++) {
		const EVP_MD *md = digest_of(sk_CMS_SignerInfo_value(infos, i));
		if (!md)
			continue;
		rc = digest_set_add(&j->file, md);
		if (rc == ECERT_OK)
			rc = digest_set_add(&j->inside, md);
		/* More kinds than we hold: that signer's digest is reported as unsupported. */
		if (rc != ECERT_OK && rc != ECERT_E_TOO_LARGE)
			return rc;
	}
	rc = digest_set_update(&j->inside, j->embedded);
	if (rc == ECERT_OK && j->fd >= 0)
		rc = digest_set_fd(
		    &j->file, j->fd, j->o->progress, j->o->progress_ctx, &r->content_size);
	else
		r->content_size = j->embedded.n;
	if (rc == ECERT_OK)
		rc = digest_set_final(&j->file);
	if (rc == ECERT_OK)
		rc = digest_set_final(&j->inside);
	return rc;
}

static void check_digest(
    const struct job *j, CMS_SignerInfo *si, const struct cades_attrs *a, struct report *rep)
{
	const EVP_MD *md = digest_of(si);
	const char *why = NULL;
	if (!md || !digest_set_get(&j->file, md).n)
		why = "the digest algorithm is unknown or no longer safe";
	else if (!a->digest.n)
		why = "there is nothing to compare with";
	else if (j->fd >= 0 && !rd_equal(a->digest, digest_set_get(&j->file, md)))
		why = "the content is not what was signed";
	else if (j->embedded.p && !rd_equal(a->digest, digest_set_get(&j->inside, md)))
		why = "the content inside is not what was signed";
	report_test(rep, "content digest", !why, "%s", why ? why : EVP_MD_get0_name(md));
}

/* The signer's certificate: by issuer and serial or key identifier, and, where several answer, the
 * one that the signed attribute names. */
static X509 *find_cert(const struct job *j, CMS_SignerInfo *si, const struct cades_attrs *a)
{
	X509 *found = NULL;
	for (int i = 0; i < sk_X509_num(j->certs); i++) {
		X509 *x = sk_X509_value(j->certs, i);
		if (CMS_SignerInfo_cert_cmp(si, x) != 0)
			continue;
		if (!found || cades_attrs_name_cert(a, x))
			found = x;
	}
	return found;
}

/* What the SignerInfo calls its signature has to be what is checked: OpenSSL looks at the key and
 * at the digest algorithm only, and nothing signs this name. */
static bool names_what_it_is(CMS_SignerInfo *si, EVP_PKEY *key)
{
	X509_ALGOR *digest = NULL, *signature = NULL;
	const ASN1_OBJECT *d = NULL, *s = NULL;
	int md = NID_undef, pk = NID_undef;
	CMS_SignerInfo_get0_algs(si, NULL, NULL, &digest, &signature);
	X509_ALGOR_get0(&d, NULL, NULL, digest);
	X509_ALGOR_get0(&s, NULL, NULL, signature);
	int nid = OBJ_obj2nid(s);
	/* The key's own OID, as RFC 3370, 3.2 has it for RSA; RSASSA-PSS names the digest in its
	 * parameters, which OpenSSL compares. */
	if (nid == NID_rsaEncryption || nid == NID_rsassaPss)
		return EVP_PKEY_is_a(key, "RSA") || EVP_PKEY_is_a(key, "RSA-PSS");
	if (nid == NID_X9_62_id_ecPublicKey)
		return EVP_PKEY_is_a(key, "EC");
	return OBJ_find_sigid_algs(nid, &md, &pk) == 1 && md == OBJ_obj2nid(d) &&
	       ((pk == NID_rsaEncryption && EVP_PKEY_is_a(key, "RSA")) ||
		   (pk == NID_X9_62_id_ecPublicKey && EVP_PKEY_is_a(key, "EC")));
}

static void check_value(CMS_SignerInfo *si, X509 *cert, struct report *rep)
{
	EVP_PKEY *key = X509_get0_pubkey(cert);
	const char *why = NULL;
	if (!key)
		why = "the certificate's key is of an unknown kind";
	else if (!names_what_it_is(si, key))
		why = "the signature algorithm that is named is not the one of the key and digest";
	else if (EVP_PKEY_get_security_bits(key) < 112)
		why = "the key is too weak (RSA below 2048 bits, a curve below 224)";
	else {
		CMS_SignerInfo_set1_signer_cert(si, cert);
		if (CMS_SignerInfo_verify(si) != 1)
			why = "the signature does not verify with the certificate's key";
	}
	ERR_clear_error();
	report_test(rep, "signature value", !why, "%s", why ? why : "");
}

static void name_algorithm(CMS_SignerInfo *si, struct cades_signer *s)
{
	X509_ALGOR *alg = NULL;
	const ASN1_OBJECT *oid = NULL;
	CMS_SignerInfo_get0_algs(si, NULL, NULL, NULL, &alg);
	X509_ALGOR_get0(&oid, NULL, NULL, alg);
	OBJ_obj2txt(s->algorithm, sizeof s->algorithm, oid, 0);
	text_scrub(s->algorithm);
}

static void check_path(const struct job *j, X509 *cert, time_t when, struct report *rep)
{
	struct doc_path_query q = {cert, j->certs, j->crls, when ? when : j->o->now, j->o->now};
	if (when > j->o->now + CLOCK_SKEW)
		report_add(rep, "signing time", CHECK_FAILED, "it lies in the future");
	if (j->o->path && j->o->path->check)
		j->o->path->check(j->o->path->ctx, &q, rep);
	else
		report_add(rep, "chain", CHECK_UNKNOWN, "no trusted certificates were given");
}

static enum ecert_rc check_signer(const struct job *j, CMS_SignerInfo *si, struct cades_signer *s)
{
	struct cades_attrs a;
	enum ecert_rc rc = ECERT_OK;
	buf_init(&s->cert, 65536);
	report_init(&s->report);
	name_algorithm(si, s);
	(void)cades_attrs_read(si, CMS_get0_eContentType(j->cms), &a, &s->report);
	s->when = a.when;
	check_digest(j, si, &a, &s->report);
	X509 *cert = find_cert(j, si, &a);
	if (!cert) {
		report_add(&s->report, "signing certificate", CHECK_FAILED,
		    "the signer's certificate is not in the document");
		report_add(
		    &s->report, "signature value", CHECK_SKIPPED, "no certificate to check with");
		return ECERT_OK;
	}
	report_test(&s->report, "signing certificate", cades_attrs_name_cert(&a, cert), "%s",
	    a.v2	       ? "by signingCertificateV2"
	    : a.signing_cert.n ? "by signingCertificate (version 1)"
			       : "no attribute names it");
	check_value(si, cert, &s->report);
	rc = cert_der(cert, &s->cert);
	if (rc == ECERT_OK && identity_read(buf_view(&s->cert), &s->who) != ECERT_OK)
		report_add(&s->report, "signer", CHECK_FAILED, "the certificate cannot be read");
	check_path(j, cert, a.when, &s->report);
	return rc;
}

static enum ecert_rc check_all(struct job *j, struct cades_result *r)
{
	STACK_OF(CMS_SignerInfo) *infos = CMS_get0_SignerInfos(j->cms);
	enum ecert_rc rc = digest_content(j, r);
	r->attached = j->embedded.p != NULL;
	j->certs = CMS_get1_certs(j->cms);
	j->crls = CMS_get1_crls(j->cms);
	r->n = (size_t)sk_CMS_SignerInfo_num(infos);
	for (size_t i = 0; i < r->n; i++)
		buf_init(&r->signer[i].cert, 65536);
	for (size_t i = 0; rc == ECERT_OK && i < r->n; i++)
		rc = check_signer(j, sk_CMS_SignerInfo_value(infos, (int)i), &r->signer[i]);
	return rc;
}

enum ecert_rc cades_verify(
    struct rd p7s, int content_fd, const struct cades_verify_options *o, struct cades_result **out)
{
	struct job j = {.o = o, .fd = content_fd};
	enum ecert_rc rc = ECERT_OK;
	*out = NULL;
	const char *why = structure_defect(&j, p7s);
	size_t n = why ? 0 : (size_t)sk_CMS_SignerInfo_num(CMS_get0_SignerInfos(j.cms));
	struct cades_result *r = calloc(1, sizeof *r + n * sizeof r->signer[0]);
	if (!r) {
		rc = ECERT_E_MEMORY;
		goto out;
	}
	report_test(&r->report, "structure", !why, "%s", why ? why : "CMS SignedData");
	if (!why)
		rc = check_all(&j, r);
	if (rc == ECERT_OK)
		*out = r;
	else
		cades_result_free(&r);
out:
	sk_X509_pop_free(j.certs, X509_free);
	sk_X509_CRL_pop_free(j.crls, X509_CRL_free);
	digest_set_free(&j.file);
	digest_set_free(&j.inside);
	CMS_ContentInfo_free(j.cms);
	ERR_clear_error();
	return rc;
}
