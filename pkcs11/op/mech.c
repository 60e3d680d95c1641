/* SPDX-License-Identifier: BSD-2-Clause */
/* The table of mechanisms. */
#include "pkcs11/op/mech.h"

#include "pkcs11/module.h"

#define SIGNS	 (CKF_HW | CKF_SIGN | CKF_VERIFY | CKF_MESSAGE_SIGN | CKF_MESSAGE_VERIFY)
#define CURVES	 (CKF_EC_F_P | CKF_EC_NAMEDCURVE | CKF_EC_UNCOMPRESS)
#define DECRYPTS (CKF_HW | CKF_DECRYPT)

#define DIGEST(ckm, hash)                                                                          \
	{                                                                                          \
		.type = (ckm), .use = USE_DIGEST, .md = (hash), .flags = CKF_DIGEST                \
	}
#define RSA(ckm, hash, can)                                                                        \
	{                                                                                          \
		.type = (ckm), .use = USE_SIGN, .family = FAMILY_RSA, .md = (hash), .min = 1024,   \
		.max = 4096, .flags = (can)                                                        \
	}
/* Signing on a curve, and on those of so many bits. */
#define CURVE(ckm, of, hash, least, most)                                                          \
	{                                                                                          \
		.type = (ckm), .use = USE_SIGN, .family = (of), .md = (hash), .min = (least),      \
		.max = (most), .flags = SIGNS | CURVES                                             \
	}
#define ECDSA(ckm, hash) CURVE(ckm, FAMILY_EC, hash, 256, 384)
#define ECDH(ckm)                                                                                  \
	{                                                                                          \
		.type = (ckm), .use = USE_ECDH, .family = FAMILY_EC, .min = 255, .max = 384,       \
		.flags = CKF_HW | CKF_DERIVE | CURVES                                              \
	}
#define KEYGEN(ckm, of, least, most, can)                                                          \
	{                                                                                          \
		.type = (ckm), .use = USE_KEYGEN, .family = (of), .min = (least), .max = (most),   \
		.flags = CKF_HW | CKF_GENERATE_KEY_PAIR | (can)                                    \
	}

static const struct mech mechs[] = {
    KEYGEN(CKM_RSA_PKCS_KEY_PAIR_GEN, FAMILY_RSA, 2048, 4096, 0),
    RSA(CKM_RSA_PKCS, MD_NONE, SIGNS | DECRYPTS),
    RSA(CKM_RSA_X_509, MD_NONE, SIGNS | DECRYPTS),
    {.type = CKM_RSA_PKCS_OAEP,
	.use = USE_OAEP,
	.family = FAMILY_RSA,
	.min = 1024,
	.max = 4096,
	.flags = DECRYPTS},
    RSA(CKM_RSA_PKCS_PSS, MD_NONE, SIGNS),
    RSA(CKM_SHA1_RSA_PKCS, MD_SHA1, SIGNS),
    RSA(CKM_SHA224_RSA_PKCS, MD_SHA224, SIGNS),
    RSA(CKM_SHA256_RSA_PKCS, MD_SHA256, SIGNS),
    RSA(CKM_SHA384_RSA_PKCS, MD_SHA384, SIGNS),
    RSA(CKM_SHA512_RSA_PKCS, MD_SHA512, SIGNS),
    RSA(CKM_SHA3_224_RSA_PKCS, MD_SHA3_224, SIGNS),
    RSA(CKM_SHA3_256_RSA_PKCS, MD_SHA3_256, SIGNS),
    RSA(CKM_SHA3_384_RSA_PKCS, MD_SHA3_384, SIGNS),
    RSA(CKM_SHA3_512_RSA_PKCS, MD_SHA3_512, SIGNS),
    RSA(CKM_SHA1_RSA_PKCS_PSS, MD_SHA1, SIGNS),
    RSA(CKM_SHA224_RSA_PKCS_PSS, MD_SHA224, SIGNS),
    RSA(CKM_SHA256_RSA_PKCS_PSS, MD_SHA256, SIGNS),
    RSA(CKM_SHA384_RSA_PKCS_PSS, MD_SHA384, SIGNS),
    RSA(CKM_SHA512_RSA_PKCS_PSS, MD_SHA512, SIGNS),
    RSA(CKM_SHA3_224_RSA_PKCS_PSS, MD_SHA3_224, SIGNS),
    RSA(CKM_SHA3_256_RSA_PKCS_PSS, MD_SHA3_256, SIGNS),
    RSA(CKM_SHA3_384_RSA_PKCS_PSS, MD_SHA3_384, SIGNS),
    RSA(CKM_SHA3_512_RSA_PKCS_PSS, MD_SHA3_512, SIGNS),
    KEYGEN(CKM_EC_KEY_PAIR_GEN, FAMILY_EC, 256, 384, CURVES),
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
    ECDH(CKM_ECDH1_DERIVE),
    ECDH(CKM_ECDH1_COFACTOR_DERIVE),
    KEYGEN(CKM_EC_EDWARDS_KEY_PAIR_GEN, FAMILY_EDWARDS, 255, 255, CURVES),
    CURVE(CKM_EDDSA, FAMILY_EDWARDS, MD_NONE, 255, 255),
    KEYGEN(CKM_EC_MONTGOMERY_KEY_PAIR_GEN, FAMILY_MONTGOMERY, 255, 255, CURVES),
    KEYGEN(CKM_ECERT_SM2_KEY_PAIR_GEN, FAMILY_SM2, 256, 256, CURVES),
    CURVE(CKM_ECERT_SM2, FAMILY_SM2, MD_NONE, 256, 256),
    CURVE(CKM_ECERT_SM3_SM2, FAMILY_SM2, MD_SM3, 256, 256),
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
