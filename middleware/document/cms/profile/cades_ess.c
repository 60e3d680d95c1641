/* SPDX-License-Identifier: BSD-2-Clause */
/* The signed attributes that name the signer's certificate (RFC 5035). */
#include <openssl/evp.h>

#include "document/cert.h"
#include "document/cms/cades_attrs.h"
#include "document/digest.h"
#include "util/tlv.h"

/* The digest that an ESSCertIDv2 names by its AlgorithmIdentifier; SHA-256 when there is none. */
static const EVP_MD *ess_digest(struct rd *id, bool v2)
{
	struct rd probe = *id, alg, oid;
	const EVP_MD *md;

	if (!v2)
		return EVP_sha1();
	if (tlv_expect(&probe, 0x30, &alg) != ECERT_OK)
		return EVP_sha256();
	*id = probe;
	if (tlv_expect(&alg, 0x06, &oid) != ECERT_OK)
		return NULL;
	md = digest_of_oid(oid);
	/* It tells certificates apart, as version 1 does by SHA-1; nobody signs with it. */
	return md && EVP_MD_get_size(md) >= 20 ? md : NULL;
}

/* The issuer's, by its bytes, or as names are compared (RFC 5280, 7.1), which takes longer. */
static bool is_issuer(struct rd name, const X509 *cert)
{
	X509_NAME *issuer = X509_get_issuer_name(cert), *have;
	const unsigned char *p = name.p, *der = NULL;
	size_t n = 0;
	bool same;

	if (X509_NAME_get0_der(issuer, &der, &n) == 1 && rd_equal(name, rd_of(der, n)))
		return true;
	have = name.n ? d2i_X509_NAME(NULL, &p, (long)name.n) : NULL;
	same = have && p == name.p + name.n && X509_NAME_cmp(have, issuer) == 0;
	X509_NAME_free(have);
	return same;
}

/* IssuerSerial ::= SEQUENCE { issuer GeneralNames, serialNumber INTEGER }: one directoryName (RFC
 * 5035, 5). */
static bool is_issuer_serial(struct rd seq, const X509 *cert)
{
	struct rd names, name, serial;
	struct rd probe = seq;
	bool same;
	unsigned char *der = NULL;
	int n;

	if (tlv_expect(&probe, 0x30, &names) != ECERT_OK ||
	    tlv_only(names, 0xA4, &name) != ECERT_OK)
		return false;
	same = is_issuer(name, cert);
	n = same ? i2d_ASN1_INTEGER(X509_get0_serialNumber(cert), &der) : 0;
	same = n > 0 && rd_equal(probe, rd_of(der, (size_t)n));
	OPENSSL_free(der);
	return same && tlv_only(probe, 0x02, &serial) == ECERT_OK;
}

static bool digest_of(const X509 *cert, const EVP_MD *md, uint8_t out[EVP_MAX_MD_SIZE], unsigned *n)
{
	*n = 32;
	if (EVP_MD_get_type(md) == NID_sha256)
		return cert_sha256(cert, out) == ECERT_OK;
	return X509_digest(cert, md, out, n) == 1;
}

/* The first ESSCertID against the certificate; NULL when it is the one. */
static const char *ess_misfit(struct rd ess, bool v2, const X509 *cert)
{
	struct rd seq, certs, id, hash, issuer_serial;
	uint8_t digest[EVP_MAX_MD_SIZE];
	unsigned n = 0;
	const EVP_MD *md;

	if (tlv_only(ess, 0x30, &seq) != ECERT_OK || tlv_expect(&seq, 0x30, &certs) != ECERT_OK ||
	    tlv_expect(&certs, 0x30, &id) != ECERT_OK)
		return MSG_ID("the attribute that names the certificate cannot be read");
	md = ess_digest(&id, v2);
	if (!md || tlv_expect(&id, 0x04, &hash) != ECERT_OK || !digest_of(cert, md, digest, &n) ||
	    !rd_equal(hash, rd_of(digest, n)))
		return MSG_ID("the signed attribute names another certificate");
	if (rd_empty(&id))
		return NULL;
	if (tlv_only(id, 0x30, &issuer_serial) != ECERT_OK ||
	    !is_issuer_serial(issuer_serial, cert))
		return MSG_ID("the signed attribute has the certificate's digest, but another "
			      "issuer or serial number");
	return NULL;
}

/* Where both versions are there, both have to be about this certificate. */
static const char *misfit(const struct cades_attrs *a, const X509 *cert)
{
	const char *why = NULL;

	if (a->ess_doubled)
		return MSG_ID("the attribute that names the certificate is doubled");
	if (!a->ess_v1.n && !a->ess_v2.n)
		return MSG_ID("no attribute names it");
	if (a->ess_v2.n)
		why = ess_misfit(a->ess_v2, true, cert);
	if (!why && a->ess_v1.n)
		why = ess_misfit(a->ess_v1, false, cert);
	if (why && a->ess_v1.n && a->ess_v2.n &&
	    (!ess_misfit(a->ess_v1, false, cert) || !ess_misfit(a->ess_v2, true, cert)))
		why = MSG_ID(
		    "signingCertificate and signingCertificateV2 name different certificates");
	return why;
}

bool cades_attrs_name_cert(const struct cades_attrs *a, const X509 *cert)
{
	return !misfit(a, cert);
}

void cades_attrs_check_cert(const struct cades_attrs *a, const X509 *cert, struct report *rep)
{
	const char *why = misfit(a, cert);
	enum reason reason = REASON_NONE;

	/* RFC 5652, 5.3: the SignerInfo names it, which nobody signs; its key is what counts. */
	if (a->n && !cades_attrs_has_ess(a) && !a->ess_doubled) {
		report_add(rep, CHK_SIGNING_CERTIFICATE, CHECK_SKIPPED,
		    MSG("no signed attribute names it, as only CAdES asks for"));
		return;
	}
	if (why && (a->ess_v1.n || a->ess_v2.n || a->ess_doubled))
		reason = REASON_SIGNER_CERT_OTHER;
	else if (why)
		reason = REASON_ATTRIBUTES_MISSING;
	report_add_why(rep, CHK_SIGNING_CERTIFICATE, reason_state(reason), reason,
	    MSG(why	      ? why
		: a->ess_v2.n ? MSG_ID("by signingCertificateV2")
			      : MSG_ID("by signingCertificate (version 1)")));
}
