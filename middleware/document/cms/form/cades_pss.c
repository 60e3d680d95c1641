/* SPDX-License-Identifier: BSD-2-Clause */
/* RSASSA-PSS in CMS: its parameters read, set, and taken at their word. */
#include "document/cms/form/cades_pss.h"

#include <openssl/core_names.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>

/* The digest that an AlgorithmIdentifier names; SHA-1 where there is none (RFC 4055, 3.1). */
static const EVP_MD *digest_named(const X509_ALGOR *alg)
{
	const ASN1_OBJECT *oid = NULL;

	if (!alg)
		return EVP_sha1();
	X509_ALGOR_get0(&oid, NULL, NULL, alg);
	return EVP_get_digestbyobj(oid);
}

static const EVP_MD *mgf1_named(const X509_ALGOR *mgf)
{
	const ASN1_OBJECT *oid = NULL;
	const void *value = NULL;
	int type = V_ASN1_UNDEF;
	X509_ALGOR *inner;
	const EVP_MD *md;
	const unsigned char *p;

	if (!mgf)
		return EVP_sha1();
	X509_ALGOR_get0(&oid, &type, &value, mgf);
	if (OBJ_obj2nid(oid) != NID_mgf1 || type != V_ASN1_SEQUENCE)
		return NULL;
	p = ASN1_STRING_get0_data(value);
	inner = d2i_X509_ALGOR(NULL, &p, ASN1_STRING_length(value));
	md = inner ? digest_named(inner) : NULL;
	X509_ALGOR_free(inner);
	return md;
}

bool cades_pss_read(const X509_ALGOR *alg, struct cades_pss *out)
{
	const void *value = NULL;
	int type = V_ASN1_UNDEF;
	RSA_PSS_PARAMS *pss = NULL;
	const unsigned char *p;
	long salt;
	bool good;

	*out = (struct cades_pss){EVP_sha1(), EVP_sha1(), 20, true};
	X509_ALGOR_get0(NULL, &type, &value, alg);
	if (type == V_ASN1_UNDEF || type == V_ASN1_NULL)
		return true;
	if (type != V_ASN1_SEQUENCE)
		return false;
	p = ASN1_STRING_get0_data(value);
	pss = d2i_RSA_PSS_PARAMS(NULL, &p, ASN1_STRING_length(value));
	if (!pss)
		return false;
	salt = pss->saltLength ? ASN1_INTEGER_get(pss->saltLength) : 20;
	good = salt >= 0 && salt < 1024 &&
	       (!pss->trailerField || ASN1_INTEGER_get(pss->trailerField) == 1);
	*out = (struct cades_pss){digest_named(pss->hashAlgorithm),
	    mgf1_named(pss->maskGenAlgorithm), good ? (int)salt : 0, false};
	RSA_PSS_PARAMS_free(pss);
	return good && out->md && out->mgf1;
}

static bool set(EVP_PKEY_CTX *ctx, const struct cades_pss *pss)
{
	return EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PSS_PADDING) == 1 &&
	       EVP_PKEY_CTX_set_rsa_pss_saltlen(ctx, pss->salt) == 1 &&
	       EVP_PKEY_CTX_set_rsa_mgf1_md(ctx, pss->mgf1) == 1;
}

bool cades_pss_set(EVP_PKEY_CTX *ctx, const X509_ALGOR *alg, const EVP_MD *md)
{
	struct cades_pss pss;

	return cades_pss_read(alg, &pss) && !pss.absent &&
	       EVP_MD_get_type(pss.md) == EVP_MD_get_type(md) && set(ctx, &pss);
}

/* The same numbers as a key for anything that RSA does; owned. */
static EVP_PKEY *unrestricted(const EVP_PKEY *key)
{
	BIGNUM *n = NULL, *e = NULL;
	OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
	OSSL_PARAM *params = NULL;
	EVP_PKEY *out = NULL;

	if (build && ctx && EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_N, &n) == 1 &&
	    EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_E, &e) == 1 &&
	    OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_N, n) == 1 &&
	    OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_E, e) == 1)
		params = OSSL_PARAM_BLD_to_param(build);
	if (!params || EVP_PKEY_fromdata_init(ctx) != 1 ||
	    EVP_PKEY_fromdata(ctx, &out, EVP_PKEY_PUBLIC_KEY, params) != 1)
		out = NULL;
	OSSL_PARAM_free(params);
	OSSL_PARAM_BLD_free(build);
	EVP_PKEY_CTX_free(ctx);
	BN_free(n);
	BN_free(e);
	return out;
}

bool cades_pss_fits(
    const struct cades_pss *pss, const EVP_PKEY *key, struct rd bytes, struct rd sig)
{
	EVP_PKEY *plain = unrestricted(key);
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	EVP_PKEY_CTX *pkey = NULL;
	bool good = plain && ctx && EVP_DigestVerifyInit(ctx, &pkey, pss->md, NULL, plain) == 1 &&
		    set(pkey, pss) && EVP_DigestVerify(ctx, sig.p, sig.n, bytes.p, bytes.n) == 1;

	EVP_MD_CTX_free(ctx);
	EVP_PKEY_free(plain);
	return good;
}
