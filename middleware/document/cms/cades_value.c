/* SPDX-License-Identifier: BSD-2-Clause */
/* Verifying a signature value with the key of a certificate, and under the name that it has. */
#include "document/cms/cades_value.h"

#include "document/cert.h"
#include "document/cms/form/cades_pss.h"
#include "document/format.h"
#include "util/text.h"
#include "util/tlv.h"

const EVP_MD *cades_value_digest(CMS_SignerInfo *si)
{
	X509_ALGOR *alg = NULL;
	const ASN1_OBJECT *oid = NULL;
	const EVP_MD *md;

	CMS_SignerInfo_get0_algs(si, NULL, NULL, &alg, NULL);
	X509_ALGOR_get0(&oid, NULL, NULL, alg);
	md = EVP_get_digestbyobj(oid);
	/* Digests of any length (SHAKE) are another thing than OpenSSL 3.0 makes of them. */
	return md && !(EVP_MD_get_flags(md) & EVP_MD_FLAG_XOF) ? md : NULL;
}

void cades_value_name(CMS_SignerInfo *si, char *name, size_t size)
{
	X509_ALGOR *alg = NULL;
	const ASN1_OBJECT *oid = NULL;

	CMS_SignerInfo_get0_algs(si, NULL, NULL, NULL, &alg);
	X509_ALGOR_get0(&oid, NULL, NULL, alg);
	OBJ_obj2txt(name, (int)size, oid, 0);
	text_scrub(name);
}

/* By name it takes a search each time. */
static bool is_rsa(const EVP_PKEY *key)
{
	return EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA;
}

static bool is_rsa_pss(const EVP_PKEY *key)
{
	return EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA_PSS;
}

static bool is_ec(const EVP_PKEY *key)
{
	return EVP_PKEY_get_base_id(key) == EVP_PKEY_EC;
}

/* What the SignerInfo calls its signature has to be what is checked: OpenSSL looks at the key and
 * at the digest algorithm only, and nothing signs this name. */
static bool names_what_it_is(CMS_SignerInfo *si, EVP_PKEY *key)
{
	X509_ALGOR *digest = NULL, *signature = NULL;
	const ASN1_OBJECT *d = NULL, *s = NULL;
	int md = NID_undef, pk = NID_undef;
	int nid;

	CMS_SignerInfo_get0_algs(si, NULL, NULL, &digest, &signature);
	X509_ALGOR_get0(&d, NULL, NULL, digest);
	X509_ALGOR_get0(&s, NULL, NULL, signature);
	nid = OBJ_obj2nid(s);
	/* The key's own OID, as RFC 3370, 3.2 has it for RSA; RSASSA-PSS names the digest in its
	 * parameters, which OpenSSL compares. */
	if (nid == NID_rsaEncryption || nid == NID_rsassaPss)
		return is_rsa(key) || is_rsa_pss(key);
	if (nid == NID_X9_62_id_ecPublicKey)
		return is_ec(key);
	return OBJ_find_sigid_algs(nid, &md, &pk) == 1 && md == OBJ_obj2nid(d) &&
	       ((pk == NID_rsaEncryption && is_rsa(key)) ||
		   (pk == NID_X9_62_id_ecPublicKey && is_ec(key)));
}

/* A way of signing that this version does not read (Ed25519, SHA-3 and others), which says nothing
 * against it. */
static bool is_unread(CMS_SignerInfo *si, EVP_PKEY *key)
{
	X509_ALGOR *signature = NULL;
	const ASN1_OBJECT *s = NULL;
	int md = NID_undef, pk = NID_undef;
	int nid;

	CMS_SignerInfo_get0_algs(si, NULL, NULL, NULL, &signature);
	X509_ALGOR_get0(&s, NULL, NULL, signature);
	nid = OBJ_obj2nid(s);
	if (!is_rsa(key) && !is_rsa_pss(key) && !is_ec(key))
		return true;
	/* ecdsa-with-Specified has its digest in its parameters, which nobody writes; Ed25519 has
	 * none, and is no name of what these keys do. */
	return nid != NID_rsaEncryption && nid != NID_rsassaPss &&
	       nid != NID_X9_62_id_ecPublicKey &&
	       (OBJ_find_sigid_algs(nid, &md, &pk) != 1 ||
		   (md == NID_undef && pk == NID_X9_62_id_ecPublicKey));
}

static bool is_pss(CMS_SignerInfo *si, X509_ALGOR **alg)
{
	const ASN1_OBJECT *oid = NULL;

	CMS_SignerInfo_get0_algs(si, NULL, NULL, NULL, alg);
	X509_ALGOR_get0(&oid, NULL, NULL, *alg);
	return OBJ_obj2nid(oid) == NID_rsassaPss;
}

/* Without signed attributes the signature is over the content's own digest (RFC 5652, 5.4). */
static bool verify_bare(CMS_SignerInfo *si, EVP_PKEY *key, const EVP_MD *md, struct rd digest)
{
	const ASN1_OCTET_STRING *sig = CMS_SignerInfo_get0_signature(si);
	EVP_PKEY_CTX *ctx = md && digest.n ? EVP_PKEY_CTX_new(key, NULL) : NULL;
	X509_ALGOR *alg = NULL;
	bool good = ctx && EVP_PKEY_verify_init(ctx) == 1 &&
		    EVP_PKEY_CTX_set_signature_md(ctx, md) == 1 &&
		    (!is_pss(si, &alg) || cades_pss_set(ctx, alg, md)) &&
		    EVP_PKEY_verify(ctx, ASN1_STRING_get0_data(sig),
			(size_t)ASN1_STRING_length(sig), digest.p, digest.n) == 1;

	EVP_PKEY_CTX_free(ctx);
	return good;
}

/* Where the attributes of RFC 5652, 11 may stand, and how often. */
static bool attributes_in_place(const CMS_SignerInfo *si)
{
	static const struct {
		int nid;
		bool is_signed, once, needed;
	} row[] = {
	    {NID_pkcs9_contentType, true, true, true},
	    {NID_pkcs9_messageDigest, true, true, true},
	    {NID_pkcs9_signingTime, true, true, false},
	    /* One that holds none says nothing about the value: anybody can add it. */
	    {NID_pkcs9_countersignature, false, false, false},
	};

	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
		int nid = row[i].nid, at = CMS_signed_get_attr_by_NID(si, nid, -1);
		int other = CMS_unsigned_get_attr_by_NID(si, nid, -1);
		const X509_ATTRIBUTE *a = at < 0 ? NULL : CMS_signed_get_attr(si, at);

		if ((at >= 0 && !row[i].is_signed) || (other >= 0 && row[i].is_signed) ||
		    (at < 0 && row[i].needed))
			return false;
		if (a && row[i].once &&
		    (X509_ATTRIBUTE_count(a) != 1 || CMS_signed_get_attr_by_NID(si, nid, at) >= 0))
			return false;
	}
	return true;
}

static bool verify_rsa(
    CMS_SignerInfo *si, EVP_PKEY *key, const EVP_MD *md, struct rd bytes, struct rd sig)
{
	X509_ALGOR *alg = NULL;
	EVP_PKEY_CTX *pkey = NULL;
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	bool good = ctx && EVP_DigestVerifyInit(ctx, &pkey, md, NULL, key) == 1 &&
		    (is_pss(si, &alg) ? cades_pss_set(pkey, alg, md) : !is_rsa_pss(key)) &&
		    EVP_DigestVerify(ctx, sig.p, sig.n, bytes.p, bytes.n) == 1;

	EVP_MD_CTX_free(ctx);
	return good;
}

static bool verify_ecdsa(
    struct doc_certs *certs, X509 *cert, const EVP_MD *md, struct rd bytes, struct rd sig)
{
	uint8_t digest[EVP_MAX_MD_SIZE];
	unsigned n = 0;

	return EVP_Digest(bytes.p, bytes.n, digest, &n, digest_ready(md), NULL) == 1 &&
	       doc_certs_ecdsa(certs, cert, rd_of(digest, n), sig);
}

static bool verify_over(
    CMS_SignerInfo *si, X509 *cert, const EVP_MD *md, struct doc_certs *certs, struct rd over)
{
	const ASN1_OCTET_STRING *value = CMS_SignerInfo_get0_signature(si);
	struct rd sig = rd_of(ASN1_STRING_get0_data(value), (size_t)ASN1_STRING_length(value));
	EVP_PKEY *key = X509_get0_pubkey(cert);
	X509_ALGOR *alg = NULL;

	if (is_ec(key))
		return !is_pss(si, &alg) && verify_ecdsa(certs, cert, md, over, sig);
	return verify_rsa(si, key, md, over, sig);
}

/* Over the signed attributes as a SET in DER (RFC 5652, 5.4). */
static bool verify_attributes(CMS_SignerInfo *si, const struct cades_attrs *a, X509 *cert,
    const EVP_MD *md, struct doc_certs *certs)
{
	struct buf set = BUF_INIT(DOC_SIGNATURE_MAX);
	struct rd over = rd_of(a->set, a->set_n);
	bool good = md && (a->counter || attributes_in_place(si));

	if (good && !over.n) {
		good = cades_attrs_der(si, &set) == ECERT_OK;
		over = buf_view(&set);
	}
	good = good && verify_over(si, cert, md, certs, over);
	buf_free(&set);
	return good;
}

/* RSASSA-PSS by what its own parameters say, whatever the signer and the key have beside: why that
 * is not enough; NULL: it does not fit. */
static const char *pss_by_itself(
    CMS_SignerInfo *si, const struct cades_attrs *a, X509 *cert, const EVP_MD *md)
{
	const ASN1_OCTET_STRING *sig = CMS_SignerInfo_get0_signature(si);
	struct rd value = rd_of(ASN1_STRING_get0_data(sig), (size_t)ASN1_STRING_length(sig));
	struct buf set = BUF_INIT(DOC_SIGNATURE_MAX);
	EVP_PKEY *key = X509_get0_pubkey(cert);
	X509_ALGOR *alg = NULL;
	struct cades_pss pss;
	bool good = (is_rsa(key) || is_rsa_pss(key)) && is_pss(si, &alg) &&
		    cades_pss_read(alg, &pss) && (a->counter || attributes_in_place(si)) &&
		    cades_attrs_der(si, &set) == ECERT_OK &&
		    cades_pss_fits(&pss, key, buf_view(&set), value);

	buf_free(&set);
	if (!good)
		return NULL;
	if (EVP_MD_get_type(pss.md) != EVP_MD_get_type(md))
		return MSG_ID("it fits, but over another digest than the one that the signer "
			      "names, which RFC 5652 does not have");
	return MSG_ID("it fits, but its parameters of RSA-PSS are missing, or are not those that "
		      "the certificate's key is for (RFC 4055, 3)");
}

/* Over them as they stand, in whatever order and encoding: some programs sign so. */
static bool fits_as_it_stands(
    CMS_SignerInfo *si, const struct cades_attrs *a, X509 *cert, const EVP_MD *md)
{
	struct buf set = BUF_INIT(DOC_SIGNATURE_MAX);
	bool good;

	tlv_put(&set, 0x31, a->raw);
	good = md && a->raw.n && buf_rc(&set) == ECERT_OK && attributes_in_place(si) &&
	       verify_over(si, cert, md, NULL, buf_view(&set));
	buf_free(&set);
	return good;
}

/* By the digest of the algorithm that is named, and not by the one that the signer names. */
static bool fits_as_named(CMS_SignerInfo *si, const struct cades_attrs *a, X509 *cert)
{
	const EVP_PKEY *key = X509_get0_pubkey(cert);
	X509_ALGOR *signature = NULL;
	const ASN1_OBJECT *s = NULL;
	int md = NID_undef, pk = NID_undef;

	CMS_SignerInfo_get0_algs(si, NULL, NULL, NULL, &signature);
	X509_ALGOR_get0(&s, NULL, NULL, signature);
	return a->n && OBJ_find_sigid_algs(OBJ_obj2nid(s), &md, &pk) == 1 &&
	       ((pk == NID_rsaEncryption && is_rsa(key)) ||
		   (pk == NID_X9_62_id_ecPublicKey && is_ec(key))) &&
	       verify_attributes(si, a, cert, EVP_get_digestbynid(md), NULL);
}

/* Over the signed attributes, and they break the rules that any reader has of them. */
static bool fits_out_of_place(
    CMS_SignerInfo *si, const struct cades_attrs *a, X509 *cert, const EVP_MD *md)
{
	struct buf set = BUF_INIT(DOC_SIGNATURE_MAX);
	bool good = md && !a->counter && !attributes_in_place(si) &&
		    cades_attrs_der(si, &set) == ECERT_OK &&
		    verify_over(si, cert, md, NULL, buf_view(&set));

	buf_free(&set);
	return good;
}

/* By that key, and in no way that the standards have: how, and what is wrong; NULL: in none. */
static const char *fits_otherwise(CMS_SignerInfo *si, const struct cades_attrs *a, X509 *cert,
    const EVP_MD *md, enum reason *reason)
{
	*reason = REASON_ATTRIBUTES_BAD;
	if (fits_out_of_place(si, a, cert, md))
		return MSG_ID("it fits, but over signed attributes that are missing, doubled or "
			      "out of place (RFC 5652, 11)");
	*reason = REASON_ALGORITHM_UNKNOWN;
	if (fits_as_it_stands(si, a, cert, md))
		return MSG_ID("it fits, but over the signed attributes as they stand, which "
			      "are not in DER (RFC 5652, 5.4)");
	return pss_by_itself(si, a, cert, md);
}

bool cades_value_fits(CMS_SignerInfo *si, const struct cades_attrs *a, X509 *cert, const EVP_MD *md,
    struct rd content)
{
	EVP_PKEY *key = X509_get0_pubkey(cert);
	bool good = key && content.n && !is_unread(si, key) && names_what_it_is(si, key) &&
		    (a->n ? verify_attributes(si, a, cert, md, NULL)
			  : verify_bare(si, key, md, content));

	errors_forget();
	return good;
}

const char *cades_value_doubt(
    const EVP_PKEY *key, const struct doc_verify_options *o, char since[16])
{
	const struct algorithm_rules rules = {o->algorithms, o->now};
	enum algorithm a = algorithm_of_key(key);
	time_t end;

	if (!algorithm_key_old(&rules, key, &end))
		return NULL;
	if (!end)
		return MSG_ID("it fits, but the key is too weak to rely on");
	(void)text_day(end, since);
	if (a != ALGORITHM_RSA_2048 && a != ALGORITHM_RSA_3072 && a != ALGORITHM_EC_256)
		return MSG_ID("it fits, but the key is too weak to rely on since {since} (RSA "
			      "below 1900 bits, a curve below 256)");
	return MSG_ID("it fits, but keys of this kind and size are not relied on since {since}");
}

void cades_value_check(CMS_SignerInfo *si, const struct cades_attrs *a, X509 *cert,
    const EVP_MD *md, struct rd content, const struct doc_verify_options *o, struct report *rep)
{
	EVP_PKEY *key = X509_get0_pubkey(cert);
	enum reason reason = REASON_SIGNATURE_BAD;
	const char *why = NULL;
	char since[16] = "";

	if (!key) {
		reason = REASON_ALGORITHM_UNKNOWN;
		why = MSG_ID("the certificate's key is of an unknown kind");
	} else if (is_unread(si, key) || !content.n) { /* or by a digest that is not */
		reason = REASON_ALGORITHM_UNKNOWN;
		why = MSG_ID("this version does not verify signatures of that kind, which says "
			     "nothing against it");
	} else if (!names_what_it_is(si, key) && fits_as_named(si, a, cert)) {
		reason = REASON_ALGORITHM_UNKNOWN;
		why = MSG_ID("it fits, but over another digest than the one that the signer names, "
			     "which RFC 5652 does not have");
	} else if (!names_what_it_is(si, key)) {
		why = MSG_ID(
		    "the signature algorithm that is named is not the one of the key and digest");
	} else if (!a->n && !verify_bare(si, key, md, content)) {
		why = MSG_ID("the signature does not verify with the certificate's key over the "
			     "content itself");
	} else if (a->n && !verify_attributes(si, a, cert, md, o->certs)) {
		why = fits_otherwise(si, a, cert, md, &reason);
		if (!why) {
			reason = REASON_SIGNATURE_BAD;
			why = MSG_ID("the signature does not verify with the certificate's key");
		}
	} else {
		why = cades_value_doubt(key, o, since);
		reason = REASON_KEY_WEAK;
	}
	errors_forget();
	report_add_why(rep, CHK_SIGNATURE_VALUE, why ? reason_state(reason) : CHECK_OK,
	    why ? reason : REASON_NONE,
	    why	   ? MSG(why, P_TEXT("since", since))
	    : a->n ? MSG_EMPTY
		   : MSG("over the content itself"));
}
