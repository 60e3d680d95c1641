/* SPDX-License-Identifier: BSD-2-Clause */
/* The table of signature schemes. */
#include "crypto/names.h"
#include "crypto/scheme.h"
#include "ecert/cryptoki.h"

#include <string.h>

#define BYTES(...)                                                                                 \
	{                                                                                          \
		(const uint8_t[]){__VA_ARGS__}, sizeof((const uint8_t[]){__VA_ARGS__})             \
	}

/* RFC 8017, appendix C: pkcs-1 n */
#define PKCS1_OID(n) BYTES(0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, (n))
/* RFC 5758, 3.2: ecdsa-with-SHA2 n */
#define ECDSA_OID(n) BYTES(0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03, (n))
/* RFC 9688 and NIST's register: sigAlgs n */
#define NIST_SIG(n) BYTES(0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x03, (n))
#define ECDSA_SHA1  BYTES(0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x01)
#define ED25519_OID BYTES(0x06, 0x03, 0x2B, 0x65, 0x70)
/* GM/T 0006: 1.2.156.10197.1.501 */
#define SM2_SM3_OID BYTES(0x06, 0x08, 0x2A, 0x81, 0x1C, 0xCF, 0x55, 0x01, 0x83, 0x75)
/* A scheme of a digest: its name, its mechanism's and its OID. RFC 7518, 3.1 has the JWS names. */
#define PKCS1(md_id, text, mechanism, der_oid, jws_name)                                           \
	{                                                                                          \
		.name = "RSA-PKCS1" text, .kind = SCHEME_PKCS1, .family = FAMILY_RSA,              \
		.md = (md_id), .ckm = (mechanism), .jws = (jws_name), .oid = der_oid               \
	}
#define PSS(md_id, text, mechanism, jws_name)                                                      \
	{                                                                                          \
		.name = "RSA-PSS" text, .kind = SCHEME_PSS, .family = FAMILY_RSA, .md = (md_id),   \
		.ckm = (mechanism), .jws = (jws_name), .oid = PKCS1_OID(0x0A)                      \
	}
#define ECDSA(md_id, text, mechanism, der_oid, jws_name)                                           \
	{                                                                                          \
		.name = "ECDSA" text, .kind = SCHEME_ECDSA, .family = FAMILY_EC, .md = (md_id),    \
		.ckm = (mechanism), .jws = (jws_name), .oid = der_oid                              \
	}

static const struct scheme table[] = {
    PKCS1(MD_NONE, "", CKM_RSA_PKCS, PKCS1_OID(0x01), NULL),
    PKCS1(MD_SHA1, "-SHA1", CKM_SHA1_RSA_PKCS, PKCS1_OID(0x05), NULL),
    PKCS1(MD_SHA224, "-SHA224", CKM_SHA224_RSA_PKCS, PKCS1_OID(0x0E), NULL),
    PKCS1(MD_SHA256, "-SHA256", CKM_SHA256_RSA_PKCS, PKCS1_OID(0x0B), "RS256"),
    PKCS1(MD_SHA384, "-SHA384", CKM_SHA384_RSA_PKCS, PKCS1_OID(0x0C), "RS384"),
    PKCS1(MD_SHA512, "-SHA512", CKM_SHA512_RSA_PKCS, PKCS1_OID(0x0D), "RS512"),
    PKCS1(MD_SHA3_224, "-SHA3-224", CKM_SHA3_224_RSA_PKCS, NIST_SIG(0x0D), NULL),
    PKCS1(MD_SHA3_256, "-SHA3-256", CKM_SHA3_256_RSA_PKCS, NIST_SIG(0x0E), NULL),
    PKCS1(MD_SHA3_384, "-SHA3-384", CKM_SHA3_384_RSA_PKCS, NIST_SIG(0x0F), NULL),
    PKCS1(MD_SHA3_512, "-SHA3-512", CKM_SHA3_512_RSA_PKCS, NIST_SIG(0x10), NULL),
    {.name = "RSA-RAW", .kind = SCHEME_RSA_RAW, .family = FAMILY_RSA, .ckm = CKM_RSA_X_509},
    PSS(MD_NONE, "", CKM_RSA_PKCS_PSS, NULL),
    PSS(MD_SHA1, "-SHA1", CKM_SHA1_RSA_PKCS_PSS, NULL),
    PSS(MD_SHA224, "-SHA224", CKM_SHA224_RSA_PKCS_PSS, NULL),
    PSS(MD_SHA256, "-SHA256", CKM_SHA256_RSA_PKCS_PSS, "PS256"),
    PSS(MD_SHA384, "-SHA384", CKM_SHA384_RSA_PKCS_PSS, "PS384"),
    PSS(MD_SHA512, "-SHA512", CKM_SHA512_RSA_PKCS_PSS, "PS512"),
    PSS(MD_SHA3_224, "-SHA3-224", CKM_SHA3_224_RSA_PKCS_PSS, NULL),
    PSS(MD_SHA3_256, "-SHA3-256", CKM_SHA3_256_RSA_PKCS_PSS, NULL),
    PSS(MD_SHA3_384, "-SHA3-384", CKM_SHA3_384_RSA_PKCS_PSS, NULL),
    PSS(MD_SHA3_512, "-SHA3-512", CKM_SHA3_512_RSA_PKCS_PSS, NULL),
    {.name = "ECDSA", .kind = SCHEME_ECDSA, .family = FAMILY_EC, .ckm = CKM_ECDSA},
    ECDSA(MD_SHA1, "-SHA1", CKM_ECDSA_SHA1, ECDSA_SHA1, NULL),
    ECDSA(MD_SHA224, "-SHA224", CKM_ECDSA_SHA224, ECDSA_OID(1), NULL),
    ECDSA(MD_SHA256, "-SHA256", CKM_ECDSA_SHA256, ECDSA_OID(2), "ES256"),
    ECDSA(MD_SHA384, "-SHA384", CKM_ECDSA_SHA384, ECDSA_OID(3), "ES384"),
    ECDSA(MD_SHA512, "-SHA512", CKM_ECDSA_SHA512, ECDSA_OID(4), NULL),
    ECDSA(MD_SHA3_224, "-SHA3-224", CKM_ECDSA_SHA3_224, NIST_SIG(0x09), NULL),
    ECDSA(MD_SHA3_256, "-SHA3-256", CKM_ECDSA_SHA3_256, NIST_SIG(0x0A), NULL),
    ECDSA(MD_SHA3_384, "-SHA3-384", CKM_ECDSA_SHA3_384, NIST_SIG(0x0B), NULL),
    ECDSA(MD_SHA3_512, "-SHA3-512", CKM_ECDSA_SHA3_512, NIST_SIG(0x0C), NULL),
    {.name = "EdDSA",
	.kind = SCHEME_EDDSA,
	.family = FAMILY_EDWARDS,
	.ckm = CKM_EDDSA,
	.jws = "EdDSA", /* RFC 8037, 3.1 */
	.oid = ED25519_OID},
    /* PKCS#11 has no mechanism of SM2. */
    {.name = "SM2", .kind = SCHEME_SM2, .family = FAMILY_SM2},
    {.name = "SM2-SM3", .kind = SCHEME_SM2, .family = FAMILY_SM2, .md = MD_SM3, .oid = SM2_SM3_OID},
};

#define ROWS (sizeof table / sizeof table[0])

const struct scheme *scheme_row(size_t i)
{
	return i < ROWS ? &table[i] : NULL;
}

const struct scheme *scheme_by_ckm(unsigned long ckm)
{
	for (size_t i = 0; i < ROWS; i++) {
		if (ckm != 0 && table[i].ckm == ckm)
			return &table[i];
	}
	return NULL;
}

const struct scheme *scheme_by_name(const char *name)
{
	for (size_t i = 0; i < ROWS; i++) {
		if (name && name_matches(table[i].name, name))
			return &table[i];
	}
	return NULL;
}

/* RFC 7515, 4.1.1: case-sensitive. */
const struct scheme *scheme_by_jws(const char *jws)
{
	for (size_t i = 0; i < ROWS; i++) {
		if (jws && table[i].jws && strcmp(table[i].jws, jws) == 0)
			return &table[i];
	}
	return NULL;
}

const struct scheme *scheme_find(enum scheme_kind kind, enum md md)
{
	for (size_t i = 0; i < ROWS; i++) {
		if (table[i].kind == kind && table[i].md == md)
			return &table[i];
	}
	return NULL;
}

const struct scheme *scheme_default(enum key_alg alg)
{
	static const enum scheme_kind kinds[] = {[FAMILY_RSA] = SCHEME_PKCS1,
	    [FAMILY_EC] = SCHEME_ECDSA,
	    [FAMILY_EDWARDS] = SCHEME_EDDSA,
	    [FAMILY_SM2] = SCHEME_SM2};
	const struct alg *row = alg_row(alg);
	const struct md_row *md;

	if (!row || !row->can_sign)
		return NULL;
	md = row->digest ? md_by_name(row->digest) : NULL;
	return scheme_find(kinds[row->family], md ? md->id : MD_NONE);
}

bool scheme_fits(const struct scheme *s, enum key_alg alg)
{
	const struct alg *row = alg_row(alg);

	return row && row->can_sign && row->family == s->family;
}
