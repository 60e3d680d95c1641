/* SPDX-License-Identifier: BSD-2-Clause */
/* Signed attributes of CAdES signatures. */
#include <openssl/err.h>
#include <openssl/evp.h>
#include <string.h>

#include "document/cades_attrs.h"
#include "document/cert.h"
#include "util/tlv.h"

/* The value of an attribute that is there once with one value (RFC 5652, 11); NULL otherwise. */
static const ASN1_TYPE *single(CMS_SignerInfo *si, int nid)
{
	int at = CMS_signed_get_attr_by_NID(si, nid, -1);
	if (at < 0 || CMS_signed_get_attr_by_NID(si, nid, at) >= 0)
		return NULL;
	X509_ATTRIBUTE *a = CMS_signed_get_attr(si, at);
	return X509_ATTRIBUTE_count(a) == 1 ? X509_ATTRIBUTE_get0_type(a, 0) : NULL;
}

static struct rd string_of(const ASN1_TYPE *t, int type)
{
	if (!t || t->type != type)
		return rd_of(NULL, 0);
	return rd_of(ASN1_STRING_get0_data(t->value.asn1_string),
	    (size_t)ASN1_STRING_length(t->value.asn1_string));
}

static bool content_type_is(CMS_SignerInfo *si, const ASN1_OBJECT *want)
{
	const ASN1_TYPE *t = single(si, NID_pkcs9_contentType);
	return t && t->type == V_ASN1_OBJECT && OBJ_cmp(t->value.object, want) == 0;
}

/* Version 2 where there is one; a doubled attribute is no reason to fall back to the other. */
static struct rd signing_cert_of(CMS_SignerInfo *si, bool *v2)
{
	static const int nid[] = {
	    NID_id_smime_aa_signingCertificate, NID_id_smime_aa_signingCertificateV2};
	*v2 = CMS_signed_get_attr_by_NID(si, nid[1], -1) >= 0;
	return string_of(single(si, nid[*v2]), V_ASN1_SEQUENCE);
}

static time_t time_of(CMS_SignerInfo *si)
{
	const ASN1_TYPE *t = single(si, NID_pkcs9_signingTime);
	time_t when = 0;
	if (t && (t->type == V_ASN1_UTCTIME || t->type == V_ASN1_GENERALIZEDTIME) &&
	    asn1_time_get(t->value.asn1_string, &when) != ECERT_OK)
		when = 0;
	return when;
}

static const char *defect(
    CMS_SignerInfo *si, const ASN1_OBJECT *content_type, struct cades_attrs *a)
{
	/* OpenSSL's own -cades check lets this pass, and it is the way to pass off signed data
	 * as a document. */
	if (CMS_signed_get_attr_count(si) <= 0)
		return "the signature has no signed attributes";
	if (!content_type_is(si, content_type))
		return "contentType is missing, doubled or not the content's";
	/* EN 319 122-1, 6.3: id-data. Time stamps and receipts are SignedData, too. */
	if (OBJ_obj2nid(content_type) != NID_pkcs7_data)
		return "the content is of another type than a document's (id-data)";
	a->digest = string_of(single(si, NID_pkcs9_messageDigest), V_ASN1_OCTET_STRING);
	if (!a->digest.n)
		return "messageDigest is missing or doubled";
	a->when = time_of(si);
	a->signing_cert = signing_cert_of(si, &a->v2);
	if (!a->signing_cert.n)
		return "signingCertificate is missing or doubled";
	if (!a->when)
		return "signingTime is missing, doubled or not a time";
	return NULL;
}

bool cades_attrs_read(CMS_SignerInfo *si, const ASN1_OBJECT *content_type, struct cades_attrs *out,
    struct report *rep)
{
	memset(out, 0, sizeof *out);
	const char *why = defect(si, content_type, out);
	ERR_clear_error();
	return report_test(rep, "signed attributes", !why, "%s",
	    why ? why
		: "contentType, messageDigest, signingTime and signingCertificate are signed");
}

/* The digest that an ESSCertIDv2 names by its AlgorithmIdentifier; SHA-256 when there is none. */
static const EVP_MD *ess_digest(struct rd *id, bool v2)
{
	struct rd probe = *id, alg, oid;
	if (!v2)
		return EVP_sha1();
	if (tlv_expect(&probe, 0x30, &alg) != ECERT_OK)
		return EVP_sha256();
	*id = probe;
	if (tlv_expect(&alg, 0x06, &oid) != ECERT_OK || oid.n > 32)
		return NULL;
	uint8_t der[34] = {0x06, (uint8_t)oid.n};
	memcpy(der + 2, oid.p, oid.n);
	const unsigned char *p = der;
	ASN1_OBJECT *obj = d2i_ASN1_OBJECT(NULL, &p, (long)oid.n + 2);
	const EVP_MD *md = obj ? EVP_get_digestbyobj(obj) : NULL;
	ASN1_OBJECT_free(obj);
	return md && EVP_MD_get_size(md) >= 32 ? md : NULL;
}

bool cades_attrs_name_cert(const struct cades_attrs *a, const X509 *cert)
{
	struct rd seq, certs, id, hash;
	uint8_t digest[EVP_MAX_MD_SIZE];
	unsigned n = 0;
	if (tlv_only(a->signing_cert, 0x30, &seq) != ECERT_OK ||
	    tlv_expect(&seq, 0x30, &certs) != ECERT_OK || tlv_expect(&certs, 0x30, &id) != ECERT_OK)
		return false;
	const EVP_MD *md = ess_digest(&id, a->v2);
	/* The hash covers issuer and serial number, so that IssuerSerial adds nothing. */
	return md && tlv_expect(&id, 0x04, &hash) == ECERT_OK &&
	       X509_digest(cert, md, digest, &n) == 1 && rd_equal(hash, rd_of(digest, n));
}
