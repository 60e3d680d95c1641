/* SPDX-License-Identifier: BSD-2-Clause */
/* Certificates: parsing and facts. */
#include "crypto/cert/x509.h"

#include <openssl/x509v3.h>
#include <string.h>
#include <time.h>

#include "crypto/digest.h"
#include "crypto/ossl.h"

enum ecert_rc x509_parse(struct rd der, X509 **out)
{
	struct cert_parts parts;
	const unsigned char *p = der.p;
	enum ecert_rc rc = cert_walk(der, &parts);
	X509 *x = NULL;

	*out = NULL;
	if (rc != ECERT_OK)
		return rc;
	ossl_enter();
	if (ossl_ctx())
		x = X509_new_ex(ossl_ctx(), NULL);
	if (!x) {
		rc = ECERT_E_MEMORY;
		goto out;
	}
	rc = ECERT_E_MALFORMED;
	/* On failure d2i frees x and clears it. */
	if (!d2i_X509(&x, &p, (long)der.n) || p != der.p + der.n)
		goto out;
	/* Decodes and caches the extensions, so that later questions only read. */
	if (X509_check_purpose(x, -1, 0) != 1 || (X509_get_extension_flags(x) & EXFLAG_INVALID))
		goto out;
	*out = x;
	x = NULL;
	rc = ECERT_OK;
out:
	X509_free(x);
	ossl_leave();
	return rc;
}

enum ecert_rc x509_put_der(const X509 *x, struct buf *out)
{
	unsigned char *at;
	int n;

	ossl_enter();
	n = i2d_X509(x, NULL);
	at = n > 0 ? buf_room(out, (size_t)n) : NULL;
	if (at)
		n = i2d_X509(x, &at);
	ossl_leave();
	return n > 0 ? buf_rc(out) : ECERT_E_CRYPTO;
}

static enum ecert_rc seconds(const ASN1_TIME *t, int64_t *out)
{
	struct tm tm = {0};

	if (!t || ASN1_TIME_to_tm(t, &tm) != 1)
		return ECERT_E_MALFORMED;
	*out = (int64_t)timegm(&tm);
	return ECERT_OK;
}

enum ecert_rc x509_facts(X509 *x, struct x509_facts *out)
{
	static const uint32_t signs = KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION;
	enum ecert_rc rc;
	uint32_t flags;

	*out = (struct x509_facts){0};
	ossl_enter();
	rc = seconds(X509_get0_notBefore(x), &out->not_before);
	if (rc == ECERT_OK)
		rc = seconds(X509_get0_notAfter(x), &out->not_after);
	if (rc != ECERT_OK)
		goto out;
	flags = X509_get_extension_flags(x);
	out->has_key_usage = (flags & EXFLAG_KUSAGE) != 0;
	out->key_usage = out->has_key_usage ? X509_get_key_usage(x) : 0;
	out->is_ca = (flags & EXFLAG_CA) != 0;
	out->path_len = X509_get_pathlen(x);
	out->self_issued = (flags & EXFLAG_SI) != 0;
	out->encipherment_only = out->has_key_usage && (out->key_usage & signs) == 0;
out:
	ossl_leave();
	return rc;
}

static enum ecert_rc oid_text(const ASN1_OBJECT *o, char oid[X509_OID_TEXT])
{
	int n = OBJ_obj2txt(oid, X509_OID_TEXT, o, 1);

	if (n > 0 && n < X509_OID_TEXT)
		return ECERT_OK;
	oid[0] = '\0';
	return ECERT_E_TOO_LARGE;
}

enum ecert_rc x509_policy(const X509 *x, size_t i, char oid[X509_OID_TEXT])
{
	enum ecert_rc rc = ECERT_E_NOT_FOUND;
	CERTIFICATEPOLICIES *list;

	oid[0] = '\0';
	ossl_enter();
	list = X509_get_ext_d2i(x, NID_certificate_policies, NULL, NULL);
	if (list && i < (size_t)sk_POLICYINFO_num(list))
		rc = oid_text(sk_POLICYINFO_value(list, (int)i)->policyid, oid);
	CERTIFICATEPOLICIES_free(list);
	ossl_leave();
	return rc;
}

enum ecert_rc x509_eku(const X509 *x, size_t i, char oid[X509_OID_TEXT])
{
	enum ecert_rc rc = ECERT_E_NOT_FOUND;
	EXTENDED_KEY_USAGE *list;

	oid[0] = '\0';
	ossl_enter();
	list = X509_get_ext_d2i(x, NID_ext_key_usage, NULL, NULL);
	if (list && i < (size_t)sk_ASN1_OBJECT_num(list))
		rc = oid_text(sk_ASN1_OBJECT_value(list, (int)i), oid);
	EXTENDED_KEY_USAGE_free(list);
	ossl_leave();
	return rc;
}

bool x509_oid_fits(const char *one, const char *oid)
{
	size_t n = strlen(oid);

	if (n > 2 && strcmp(oid + n - 2, ".*") == 0)
		return strncmp(one, oid, n - 1) == 0;
	return strcmp(one, oid) == 0;
}

bool x509_has_policy(const X509 *x, const char *oid)
{
	char one[X509_OID_TEXT];

	for (size_t i = 0; x509_policy(x, i, one) != ECERT_E_NOT_FOUND; i++) {
		if (x509_oid_fits(one, oid))
			return true;
	}
	return false;
}

bool x509_has_eku(const X509 *x, const char *oid, bool *has)
{
	char one[X509_OID_TEXT];
	size_t i;

	for (i = 0; x509_eku(x, i, one) != ECERT_E_NOT_FOUND; i++) {
		if (strcmp(one, oid) == 0) {
			*has = true;
			return true;
		}
	}
	*has = i > 0;
	return false;
}

enum ecert_rc x509_pubkey(const X509 *x, struct pubkey **out)
{
	unsigned char *der = NULL;
	enum ecert_rc rc;
	int n;

	*out = NULL;
	ossl_enter();
	n = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(x), &der);
	ossl_leave();
	if (n <= 0)
		return ECERT_E_MEMORY;
	rc = pubkey_from_spki(rd_of(der, (size_t)n), out);
	OPENSSL_free(der);
	return rc;
}

bool x509_matches(const X509 *x, const struct pubkey *k)
{
	struct pubkey *own;
	bool same = x509_pubkey(x, &own) == ECERT_OK && pubkey_equal(own, k);

	pubkey_free(&own);
	return same;
}

enum ecert_rc x509_fingerprint(const X509 *x, uint8_t out[32])
{
	struct buf der = BUF_INIT(CERT_MAX);
	uint8_t md[MD_MAX_SIZE];
	enum ecert_rc rc = x509_put_der(x, &der);
	size_t n;

	memset(out, 0, 32);
	if (rc == ECERT_OK)
		rc = digest_once(MD_SHA256, buf_view(&der), md, &n);
	if (rc == ECERT_OK)
		memcpy(out, md, 32);
	buf_free(&der);
	return rc;
}
