/* SPDX-License-Identifier: BSD-2-Clause */
/* Rounds of key derivation, counted before they are run. */
#include "crypto/pkcs12_rounds.h"

#include <openssl/x509.h>

/* Takes the rounds off what is left. */
static enum ecert_rc spend(const ASN1_INTEGER *rounds, int64_t *left)
{
	int64_t n = 0;

	if (rounds == NULL || ASN1_INTEGER_get_int64(&n, rounds) != 1 || n < 0 || n > *left)
		return ECERT_E_TOO_LARGE;
	*left -= n;
	return ECERT_OK;
}

static enum ecert_rc at_most(const ASN1_INTEGER *number, int64_t max)
{
	return spend(number, &max);
}

static enum ecert_rc check_pbe1(const ASN1_TYPE *param, int64_t *left)
{
	PBEPARAM *p = ASN1_TYPE_unpack_sequence(ASN1_ITEM_rptr(PBEPARAM), param);
	enum ecert_rc rc = p != NULL ? spend(p->iter, left) : ECERT_E_MALFORMED;

	PBEPARAM_free(p);
	return rc;
}

static enum ecert_rc check_pbkdf2(const ASN1_TYPE *param, int64_t *left)
{
	PBKDF2PARAM *p = ASN1_TYPE_unpack_sequence(ASN1_ITEM_rptr(PBKDF2PARAM), param);
	enum ecert_rc rc = p != NULL ? spend(p->iter, left) : ECERT_E_MALFORMED;

	PBKDF2PARAM_free(p);
	return rc;
}

static enum ecert_rc check_scrypt(const ASN1_TYPE *param, int64_t *left)
{
	SCRYPT_PARAMS *p = ASN1_TYPE_unpack_sequence(ASN1_ITEM_rptr(SCRYPT_PARAMS), param);
	enum ecert_rc rc = ECERT_E_MALFORMED;

	if (p != NULL)
		rc = spend(p->costParameter, left);
	if (rc == ECERT_OK)
		rc = at_most(p->blockSize, 16);
	if (rc == ECERT_OK)
		rc = at_most(p->parallelizationParameter, 4);
	SCRYPT_PARAMS_free(p);
	return rc;
}

static int algor_nid(const X509_ALGOR *algor)
{
	const ASN1_OBJECT *o = NULL;

	X509_ALGOR_get0(&o, NULL, NULL, algor);
	return OBJ_obj2nid(o);
}

static enum ecert_rc check_cipher(OSSL_LIB_CTX *ctx, int nid)
{
	const char *name = OBJ_nid2sn(nid);
	EVP_CIPHER *cipher = nid != NID_undef && name != NULL ? EVP_CIPHER_fetch(ctx, name, NULL)
							      : NULL;
	enum ecert_rc rc = cipher != NULL ? ECERT_OK : ECERT_E_UNSUPPORTED;

	EVP_CIPHER_free(cipher);
	return rc;
}

static enum ecert_rc check_md(OSSL_LIB_CTX *ctx, int nid)
{
	const char *name = OBJ_nid2sn(nid);
	EVP_MD *md = nid != NID_undef && name != NULL ? EVP_MD_fetch(ctx, name, NULL) : NULL;
	enum ecert_rc rc = md != NULL ? ECERT_OK : ECERT_E_UNSUPPORTED;

	EVP_MD_free(md);
	return rc;
}

static enum ecert_rc check_pbes2(OSSL_LIB_CTX *ctx, const ASN1_TYPE *param, int64_t *left)
{
	PBE2PARAM *p = ASN1_TYPE_unpack_sequence(ASN1_ITEM_rptr(PBE2PARAM), param);
	enum ecert_rc rc = ECERT_E_MALFORMED;

	if (p == NULL)
		return rc;
	switch (algor_nid(p->keyfunc)) {
	case NID_id_pbkdf2:
		rc = check_pbkdf2(p->keyfunc->parameter, left);
		break;
	case NID_id_scrypt:
		rc = check_scrypt(p->keyfunc->parameter, left);
		break;
	default:
		rc = ECERT_E_UNSUPPORTED;
	}
	if (rc == ECERT_OK)
		rc = check_cipher(ctx, algor_nid(p->encryption));
	PBE2PARAM_free(p);
	return rc;
}

static enum ecert_rc check_pbes1(OSSL_LIB_CTX *ctx, int nid, const ASN1_TYPE *param, int64_t *left)
{
	int cipher = NID_undef, md = NID_undef;
	enum ecert_rc rc = check_pbe1(param, left);

	if (rc != ECERT_OK)
		return rc;
	if (EVP_PBE_find(EVP_PBE_TYPE_OUTER, nid, &cipher, &md, NULL) != 1)
		return ECERT_E_UNSUPPORTED;
	rc = check_md(ctx, md);
	return rc == ECERT_OK ? check_cipher(ctx, cipher) : rc;
}

enum ecert_rc pkcs12_check_algor(OSSL_LIB_CTX *ctx, const X509_ALGOR *algor, int64_t *left)
{
	int nid = algor_nid(algor);

	if (nid == NID_pbes2)
		return check_pbes2(ctx, algor->parameter, left);
	return check_pbes1(ctx, nid, algor->parameter, left);
}

/* PBMAC1 and other MACs that this OpenSSL cannot compute must not look like a wrong password. */
static enum ecert_rc check_mac(OSSL_LIB_CTX *ctx, const PKCS12 *p12, int64_t *left)
{
	const ASN1_INTEGER *rounds = NULL;
	const X509_ALGOR *algor = NULL;
	enum ecert_rc rc;

	PKCS12_get0_mac(NULL, &algor, NULL, &rounds, p12);
	if (algor == NULL)
		return ECERT_OK;
	rc = check_md(ctx, algor_nid(algor));
	if (rc != ECERT_OK)
		return rc;
	return rounds != NULL ? spend(rounds, left) : ECERT_OK;
}

enum ecert_rc pkcs12_check_outer(OSSL_LIB_CTX *ctx, const PKCS12 *p12, int64_t *left)
{
	enum ecert_rc rc = check_mac(ctx, p12, left);
	STACK_OF(PKCS7) * safes;

	if (rc != ECERT_OK)
		return rc;
	safes = PKCS12_unpack_authsafes(p12);
	if (safes == NULL)
		return ECERT_E_MALFORMED;
	for (int i = 0; rc == ECERT_OK && i < sk_PKCS7_num(safes); i++) {
		const PKCS7 *safe = sk_PKCS7_value(safes, i);

		if (!PKCS7_type_is_encrypted(safe))
			continue;
		if (safe->d.encrypted == NULL || safe->d.encrypted->enc_data == NULL)
			rc = ECERT_E_MALFORMED;
		else
			rc = pkcs12_check_algor(ctx, safe->d.encrypted->enc_data->algorithm, left);
	}
	sk_PKCS7_pop_free(safes, PKCS7_free);
	return rc;
}
