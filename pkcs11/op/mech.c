/* SPDX-License-Identifier: BSD-2-Clause */
/* The table of mechanisms. */
#include "pkcs11/op/mech.h"

#include "pkcs11/module.h"

#define SIGNS	 (CKF_HW | CKF_SIGN | CKF_VERIFY | CKF_MESSAGE_SIGN | CKF_MESSAGE_VERIFY)
#define CURVES	 (CKF_EC_F_P | CKF_EC_NAMEDCURVE | CKF_EC_UNCOMPRESS)
#define DECRYPTS (CKF_HW | CKF_DECRYPT)
#define MAKES	 (CKF_HW | CKF_GENERATE_KEY_PAIR)

#define DIGEST(ckm, md)                                                                            \
	{                                                                                          \
		ckm, USE_DIGEST, FAMILY_NONE, md, 0, 0, CKF_DIGEST                                 \
	}
#define RSA(ckm, md)                                                                               \
	{                                                                                          \
		ckm, USE_SIGN, FAMILY_RSA, md, 1024, 4096, SIGNS                                   \
	}
#define ECDSA(ckm, md)                                                                             \
	{                                                                                          \
		ckm, USE_SIGN, FAMILY_EC, md, 256, 384, SIGNS | CURVES                             \
	}

static const struct mech mechs[] = {
    {CKM_RSA_PKCS_KEY_PAIR_GEN, USE_KEYGEN, FAMILY_RSA, MD_NONE, 2048, 4096, MAKES},
    {CKM_RSA_PKCS, USE_SIGN, FAMILY_RSA, MD_NONE, 1024, 4096, SIGNS | DECRYPTS},
    {CKM_RSA_X_509, USE_SIGN, FAMILY_RSA, MD_NONE, 1024, 4096, SIGNS | DECRYPTS},
    {CKM_RSA_PKCS_OAEP, USE_OAEP, FAMILY_RSA, MD_NONE, 1024, 4096, DECRYPTS},
    RSA(CKM_RSA_PKCS_PSS, MD_NONE),
    RSA(CKM_SHA1_RSA_PKCS, MD_SHA1),
    RSA(CKM_SHA224_RSA_PKCS, MD_SHA224),
    RSA(CKM_SHA256_RSA_PKCS, MD_SHA256),
    RSA(CKM_SHA384_RSA_PKCS, MD_SHA384),
    RSA(CKM_SHA512_RSA_PKCS, MD_SHA512),
    RSA(CKM_SHA3_224_RSA_PKCS, MD_SHA3_224),
    RSA(CKM_SHA3_256_RSA_PKCS, MD_SHA3_256),
    RSA(CKM_SHA3_384_RSA_PKCS, MD_SHA3_384),
    RSA(CKM_SHA3_512_RSA_PKCS, MD_SHA3_512),
    RSA(CKM_SHA1_RSA_PKCS_PSS, MD_SHA1),
    RSA(CKM_SHA224_RSA_PKCS_PSS, MD_SHA224),
    RSA(CKM_SHA256_RSA_PKCS_PSS, MD_SHA256),
    RSA(CKM_SHA384_RSA_PKCS_PSS, MD_SHA384),
    RSA(CKM_SHA512_RSA_PKCS_PSS, MD_SHA512),
    RSA(CKM_SHA3_224_RSA_PKCS_PSS, MD_SHA3_224),
    RSA(CKM_SHA3_256_RSA_PKCS_PSS, MD_SHA3_256),
    RSA(CKM_SHA3_384_RSA_PKCS_PSS, MD_SHA3_384),
    RSA(CKM_SHA3_512_RSA_PKCS_PSS, MD_SHA3_512),
    {CKM_EC_KEY_PAIR_GEN, USE_KEYGEN, FAMILY_EC, MD_NONE, 256, 384, MAKES | CURVES},
    ECDSA(CKM_ECDSA, MD_NONE),
    ECDSA(CKM_ECDSA_SHA1, MD_SHA1),
    ECDSA(CKM_ECDSA_SHA224, MD_SHA224),
    ECDSA(CKM_ECDSA_SHA256, MD_SHA256),
    ECDSA(CKM_ECDSA_SHA384, MD_SHA384),
    ECDSA(CKM_ECDSA_SHA512, MD_SHA512),
    ECDSA(CKM_ECDSA_SHA3_224, MD_SHA3_224),
    ECDSA(CKM_ECDSA_SHA3_256, MD_SHA3_256),
    ECDSA(CKM_ECDSA_SHA3_384, MD_SHA3_384),
    ECDSA(CKM_ECDSA_SHA3_512, MD_SHA3_512),
    {CKM_ECDH1_DERIVE, USE_ECDH, FAMILY_EC, MD_NONE, 255, 384, CKF_HW | CKF_DERIVE | CURVES},
    {CKM_ECDH1_COFACTOR_DERIVE, USE_ECDH, FAMILY_EC, MD_NONE, 255, 384,
	CKF_HW | CKF_DERIVE | CURVES},
    {CKM_EC_EDWARDS_KEY_PAIR_GEN, USE_KEYGEN, FAMILY_EDWARDS, MD_NONE, 255, 255, MAKES | CURVES},
    {CKM_EDDSA, USE_SIGN, FAMILY_EDWARDS, MD_NONE, 255, 255, SIGNS | CURVES},
    {CKM_EC_MONTGOMERY_KEY_PAIR_GEN, USE_KEYGEN, FAMILY_MONTGOMERY, MD_NONE, 255, 255,
	MAKES | CURVES},
    {CKM_ECERT_SM2_KEY_PAIR_GEN, USE_KEYGEN, FAMILY_SM2, MD_NONE, 256, 256, MAKES | CURVES},
    {CKM_ECERT_SM2, USE_SIGN, FAMILY_SM2, MD_NONE, 256, 256, SIGNS | CURVES},
    {CKM_ECERT_SM3_SM2, USE_SIGN, FAMILY_SM2, MD_SM3, 256, 256, SIGNS | CURVES},
    DIGEST(CKM_SHA_1, MD_SHA1),
    DIGEST(CKM_SHA224, MD_SHA224),
    DIGEST(CKM_SHA256, MD_SHA256),
    DIGEST(CKM_SHA384, MD_SHA384),
    DIGEST(CKM_SHA512, MD_SHA512),
    DIGEST(CKM_SHA3_224, MD_SHA3_224),
    DIGEST(CKM_SHA3_256, MD_SHA3_256),
    DIGEST(CKM_SHA3_384, MD_SHA3_384),
    DIGEST(CKM_SHA3_512, MD_SHA3_512),
    DIGEST(CKM_ECERT_SM3, MD_SM3),
};
#define MECHS (sizeof mechs / sizeof mechs[0])

const struct mech *mech_at(size_t i)
{
	return i < MECHS ? &mechs[i] : NULL;
}

CK_MECHANISM_TYPE mech_type(const struct mech *m)
{
	if ((m->type & ~0xffUL) != CK_ECERT_BASE)
		return m->type;
	return p11.config.sm2_mechanism_base + (m->type & 0xffUL);
}

/* A raw RSA decryption is an oracle for whoever holds the session: only where an option asks. */
CK_FLAGS mech_flags(const struct mech *m)
{
	if (m->type == CKM_RSA_X_509 && !p11.config.raw_rsa_decrypt)
		return m->flags & ~CKF_DECRYPT;
	return m->flags;
}

const struct mech *mech_find(CK_MECHANISM_TYPE type)
{
	for (size_t i = 0; i < MECHS; i++)
		if (mech_type(&mechs[i]) == type)
			return &mechs[i];
	return NULL;
}

const struct scheme *mech_scheme(const struct mech *m)
{
	if (m->use != USE_SIGN)
		return NULL;
	if (m->family == FAMILY_SM2)
		return scheme_find(SCHEME_SM2, m->md);
	return scheme_by_ckm(m->type);
}

bool mech_fits(const struct mech *m, enum key_alg alg)
{
	const struct alg *a = alg_row(alg);

	if (!a)
		return false;
	if (m->use == USE_ECDH)
		return a->can_derive;
	return a->family == m->family;
}
