/* SPDX-License-Identifier: BSD-2-Clause */
/* Rounds of key derivation, counted before they are run. */
#include "crypto/cert/pkcs12_rounds.h"

#include <openssl/provider.h>
#include <openssl/x509.h>
#include <stdio.h>

void pkcs12_because(struct pkcs12_reason *why, enum pkcs12_trouble trouble, const ASN1_OBJECT *what)
{
	if (!why)
		return;
	*why = (struct pkcs12_reason){.trouble = trouble};
	if (!what)
		return;
	if (OBJ_obj2nid(what) != NID_undef)
		snprintf(why->what, sizeof why->what, "%s", OBJ_nid2ln(OBJ_obj2nid(what)));
	else
		(void)OBJ_obj2txt(why->what, sizeof why->what, what, 1);
}

/* Takes the rounds off what is left. */
static enum ecert_rc spend(const ASN1_INTEGER *rounds, int64_t *left)
{
	int64_t n = 0;

	if (!rounds || ASN1_INTEGER_get_int64(&n, rounds) != 1 || n < 0 || n > *left)
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
	enum ecert_rc rc = p ? spend(p->iter, left) : ECERT_E_MALFORMED;

	PBEPARAM_free(p);
	return rc;
}

enum ecert_rc pkcs12_check_pbkdf2(const ASN1_TYPE *param, int64_t *left)
{
	PBKDF2PARAM *p = ASN1_TYPE_unpack_sequence(ASN1_ITEM_rptr(PBKDF2PARAM), param);
	enum ecert_rc rc = p ? spend(p->iter, left) : ECERT_E_MALFORMED;

	PBKDF2PARAM_free(p);
	return rc;
}

static enum ecert_rc check_scrypt(const ASN1_TYPE *param, int64_t *left)
{
	SCRYPT_PARAMS *p = ASN1_TYPE_unpack_sequence(ASN1_ITEM_rptr(SCRYPT_PARAMS), param);
	enum ecert_rc rc = ECERT_E_MALFORMED;

	if (p)
		rc = spend(p->costParameter, left);
	if (rc == ECERT_OK)
		rc = at_most(p->blockSize, 16);
	if (rc == ECERT_OK)
		rc = at_most(p->parallelizationParameter, 4);
	SCRYPT_PARAMS_free(p);
	return rc;
}

int pkcs12_algor_nid(const X509_ALGOR *algor)
{
	const ASN1_OBJECT *o = NULL;

	X509_ALGOR_get0(&o, NULL, NULL, algor);
	return OBJ_obj2nid(o);
}

static bool has_cipher(OSSL_LIB_CTX *ctx, int nid)
{
	const char *name = OBJ_nid2sn(nid);
	EVP_CIPHER *cipher = nid != NID_undef && name ? EVP_CIPHER_fetch(ctx, name, NULL) : NULL;
	bool has = cipher;

	EVP_CIPHER_free(cipher);
	return has;
}

static bool has_md(OSSL_LIB_CTX *ctx, int nid)
{
	const char *name = OBJ_nid2sn(nid);
	EVP_MD *md = nid != NID_undef && name ? EVP_MD_fetch(ctx, name, NULL) : NULL;
	bool has = md;

	EVP_MD_free(md);
	return has;
}

/* A cipher that is missing: of the legacy provider, which Debian 13 has in a package of its own, or
 * of nobody. RC2, RC4 and DES went there with OpenSSL 3.0. */
static enum ecert_rc no_cipher(
    OSSL_LIB_CTX *ctx, const X509_ALGOR *algor, int cipher, struct pkcs12_reason *why)
{
	static const int old[] = {
	    NID_rc2_40_cbc, NID_rc2_64_cbc, NID_rc2_cbc, NID_rc4_40, NID_rc4, NID_des_cbc};
	enum pkcs12_trouble trouble = PKCS12_CIPHER;
	const ASN1_OBJECT *o = NULL;

	for (size_t i = 0; i < sizeof old / sizeof old[0]; i++)
		if (cipher == old[i] && !OSSL_PROVIDER_available(ctx, "legacy"))
			trouble = PKCS12_LEGACY;
	X509_ALGOR_get0(&o, NULL, NULL, algor);
	pkcs12_because(why, trouble, o);
	return ECERT_E_UNSUPPORTED;
}

static enum ecert_rc check_keyfunc(const X509_ALGOR *algor, int64_t *left)
{
	switch (pkcs12_algor_nid(algor)) {
	case NID_id_pbkdf2:
		return pkcs12_check_pbkdf2(algor->parameter, left);
	case NID_id_scrypt:
		return check_scrypt(algor->parameter, left);
	default:
		return ECERT_E_UNSUPPORTED;
	}
}

static enum ecert_rc check_pbes2(
    OSSL_LIB_CTX *ctx, const X509_ALGOR *algor, int64_t *left, struct pkcs12_reason *why)
{
	PBE2PARAM *p = ASN1_TYPE_unpack_sequence(ASN1_ITEM_rptr(PBE2PARAM), algor->parameter);
	enum ecert_rc rc = p ? check_keyfunc(p->keyfunc, left) : ECERT_E_MALFORMED;

	if (rc == ECERT_E_UNSUPPORTED)
		rc = no_cipher(ctx, p->keyfunc, NID_undef, why);
	else if (rc == ECERT_OK && !has_cipher(ctx, pkcs12_algor_nid(p->encryption)))
		rc = no_cipher(ctx, p->encryption, pkcs12_algor_nid(p->encryption), why);
	PBE2PARAM_free(p);
	return rc;
}

static enum ecert_rc check_pbes1(
    OSSL_LIB_CTX *ctx, const X509_ALGOR *algor, int64_t *left, struct pkcs12_reason *why)
{
	int cipher = NID_undef, md = NID_undef;
	enum ecert_rc rc = check_pbe1(algor->parameter, left);

	if (rc != ECERT_OK)
		return rc;
	if (EVP_PBE_find(EVP_PBE_TYPE_OUTER, pkcs12_algor_nid(algor), &cipher, &md, NULL) != 1 ||
	    !has_md(ctx, md) || !has_cipher(ctx, cipher))
		return no_cipher(ctx, algor, cipher, why);
	return ECERT_OK;
}

enum ecert_rc pkcs12_check_algor(
    OSSL_LIB_CTX *ctx, const X509_ALGOR *algor, int64_t *left, struct pkcs12_reason *why)
{
	enum ecert_rc rc = pkcs12_algor_nid(algor) == NID_pbes2
			       ? check_pbes2(ctx, algor, left, why)
			       : check_pbes1(ctx, algor, left, why);

	if (rc == ECERT_E_TOO_LARGE)
		pkcs12_because(why, PKCS12_WORK, NULL);
	return rc;
}

/* RFC 9579, 4: PBMAC1-params are built as PBES2-params. The MAC's own count of rounds means
 * nothing. */
static enum ecert_rc check_pbmac1(const X509_ALGOR *algor, int64_t *left)
{
	PBE2PARAM *p = ASN1_TYPE_unpack_sequence(ASN1_ITEM_rptr(PBE2PARAM), algor->parameter);
	enum ecert_rc rc = ECERT_E_MALFORMED;

	if (p && pkcs12_algor_nid(p->keyfunc) == NID_id_pbkdf2)
		rc = pkcs12_check_pbkdf2(p->keyfunc->parameter, left);
	else if (p)
		rc = ECERT_E_UNSUPPORTED;
	PBE2PARAM_free(p);
	return rc;
}

/* A MAC that cannot be computed must not look like a wrong password. */
enum ecert_rc pkcs12_check_mac(
    OSSL_LIB_CTX *ctx, const PKCS12 *p12, int64_t *left, struct pkcs12_reason *why)
{
	const ASN1_INTEGER *rounds = NULL;
	const X509_ALGOR *algor = NULL;
	const ASN1_OBJECT *o = NULL;
	enum ecert_rc rc;

	PKCS12_get0_mac(NULL, &algor, NULL, &rounds, p12);
	if (!algor)
		return ECERT_OK;
	X509_ALGOR_get0(&o, NULL, NULL, algor);
	if (pkcs12_algor_nid(algor) == NID_pbmac1)
		rc = check_pbmac1(algor, left);
	else if (!has_md(ctx, pkcs12_algor_nid(algor)))
		rc = ECERT_E_UNSUPPORTED;
	else
		rc = rounds ? spend(rounds, left) : ECERT_OK;
	if (rc == ECERT_E_UNSUPPORTED)
		pkcs12_because(why, PKCS12_MAC, o);
	if (rc == ECERT_E_TOO_LARGE)
		pkcs12_because(why, PKCS12_WORK, NULL);
	return rc;
}

enum ecert_rc pkcs12_check_outer(
    OSSL_LIB_CTX *ctx, const PKCS12 *p12, int64_t left, struct pkcs12_reason *why)
{
	enum ecert_rc rc = pkcs12_check_mac(ctx, p12, &left, why);
	STACK_OF(PKCS7) * safes;

	if (rc != ECERT_OK)
		return rc;
	safes = PKCS12_unpack_authsafes(p12);
	if (!safes)
		return ECERT_E_MALFORMED;
	for (int i = 0; rc == ECERT_OK && i < sk_PKCS7_num(safes); i++) {
		const PKCS7 *safe = sk_PKCS7_value(safes, i);

		if (!PKCS7_type_is_encrypted(safe))
			continue;
		if (!safe->d.encrypted || !safe->d.encrypted->enc_data)
			rc = ECERT_E_MALFORMED;
		else
			rc = pkcs12_check_algor(
			    ctx, safe->d.encrypted->enc_data->algorithm, &left, why);
	}
	sk_PKCS7_pop_free(safes, PKCS7_free);
	return rc;
}
