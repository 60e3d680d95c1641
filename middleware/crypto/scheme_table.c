/* SPDX-License-Identifier: BSD-2-Clause */
/* The table of signature schemes. */
#include "crypto/names.h"
#include "crypto/scheme.h"

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
#define NO_OID                                                                                     \
	{                                                                                          \
		NULL, 0                                                                            \
	}

/* Mechanism numbers: PKCS#11 3.0, pkcs11t.h. */
static const struct scheme table[] = {
    {"RSA-PKCS1", SCHEME_PKCS1, FAMILY_RSA, MD_NONE, 0x01, NULL, PKCS1_OID(0x01)},
    {"RSA-PKCS1-SHA1", SCHEME_PKCS1, FAMILY_RSA, MD_SHA1, 0x06, NULL, PKCS1_OID(0x05)},
    {"RSA-PKCS1-SHA224", SCHEME_PKCS1, FAMILY_RSA, MD_SHA224, 0x46, NULL, PKCS1_OID(0x0E)},
    {"RSA-PKCS1-SHA256", SCHEME_PKCS1, FAMILY_RSA, MD_SHA256, 0x40, "RS256", PKCS1_OID(0x0B)},
    {"RSA-PKCS1-SHA384", SCHEME_PKCS1, FAMILY_RSA, MD_SHA384, 0x41, "RS384", PKCS1_OID(0x0C)},
    {"RSA-PKCS1-SHA512", SCHEME_PKCS1, FAMILY_RSA, MD_SHA512, 0x42, "RS512", PKCS1_OID(0x0D)},
    {"RSA-PKCS1-SHA3-224", SCHEME_PKCS1, FAMILY_RSA, MD_SHA3_224, 0x66, NULL, NIST_SIG(0x0D)},
    {"RSA-PKCS1-SHA3-256", SCHEME_PKCS1, FAMILY_RSA, MD_SHA3_256, 0x60, NULL, NIST_SIG(0x0E)},
    {"RSA-PKCS1-SHA3-384", SCHEME_PKCS1, FAMILY_RSA, MD_SHA3_384, 0x61, NULL, NIST_SIG(0x0F)},
    {"RSA-PKCS1-SHA3-512", SCHEME_PKCS1, FAMILY_RSA, MD_SHA3_512, 0x62, NULL, NIST_SIG(0x10)},
    {"RSA-RAW", SCHEME_RSA_RAW, FAMILY_RSA, MD_NONE, 0x03, NULL, NO_OID},
    {"RSA-PSS", SCHEME_PSS, FAMILY_RSA, MD_NONE, 0x0D, NULL, PKCS1_OID(0x0A)},
    {"RSA-PSS-SHA1", SCHEME_PSS, FAMILY_RSA, MD_SHA1, 0x0E, NULL, PKCS1_OID(0x0A)},
    {"RSA-PSS-SHA224", SCHEME_PSS, FAMILY_RSA, MD_SHA224, 0x47, NULL, PKCS1_OID(0x0A)},
    {"RSA-PSS-SHA256", SCHEME_PSS, FAMILY_RSA, MD_SHA256, 0x43, "PS256", PKCS1_OID(0x0A)},
    {"RSA-PSS-SHA384", SCHEME_PSS, FAMILY_RSA, MD_SHA384, 0x44, "PS384", PKCS1_OID(0x0A)},
    {"RSA-PSS-SHA512", SCHEME_PSS, FAMILY_RSA, MD_SHA512, 0x45, "PS512", PKCS1_OID(0x0A)},
    {"RSA-PSS-SHA3-224", SCHEME_PSS, FAMILY_RSA, MD_SHA3_224, 0x67, NULL, PKCS1_OID(0x0A)},
    {"RSA-PSS-SHA3-256", SCHEME_PSS, FAMILY_RSA, MD_SHA3_256, 0x63, NULL, PKCS1_OID(0x0A)},
    {"RSA-PSS-SHA3-384", SCHEME_PSS, FAMILY_RSA, MD_SHA3_384, 0x64, NULL, PKCS1_OID(0x0A)},
    {"RSA-PSS-SHA3-512", SCHEME_PSS, FAMILY_RSA, MD_SHA3_512, 0x65, NULL, PKCS1_OID(0x0A)},
    {"ECDSA", SCHEME_ECDSA, FAMILY_EC, MD_NONE, 0x1041, NULL, NO_OID},
    {"ECDSA-SHA1", SCHEME_ECDSA, FAMILY_EC, MD_SHA1, 0x1042, NULL, ECDSA_SHA1},
    {"ECDSA-SHA224", SCHEME_ECDSA, FAMILY_EC, MD_SHA224, 0x1043, NULL, ECDSA_OID(1)},
    {"ECDSA-SHA256", SCHEME_ECDSA, FAMILY_EC, MD_SHA256, 0x1044, "ES256", ECDSA_OID(2)},
    {"ECDSA-SHA384", SCHEME_ECDSA, FAMILY_EC, MD_SHA384, 0x1045, "ES384", ECDSA_OID(3)},
    {"ECDSA-SHA512", SCHEME_ECDSA, FAMILY_EC, MD_SHA512, 0x1046, NULL, ECDSA_OID(4)},
    {"ECDSA-SHA3-224", SCHEME_ECDSA, FAMILY_EC, MD_SHA3_224, 0x1047, NULL, NIST_SIG(0x09)},
    {"ECDSA-SHA3-256", SCHEME_ECDSA, FAMILY_EC, MD_SHA3_256, 0x1048, NULL, NIST_SIG(0x0A)},
    {"ECDSA-SHA3-384", SCHEME_ECDSA, FAMILY_EC, MD_SHA3_384, 0x1049, NULL, NIST_SIG(0x0B)},
    {"ECDSA-SHA3-512", SCHEME_ECDSA, FAMILY_EC, MD_SHA3_512, 0x104A, NULL, NIST_SIG(0x0C)},
    {"EdDSA", SCHEME_EDDSA, FAMILY_EDWARDS, MD_NONE, 0x1057, "EdDSA", ED25519_OID},
    {"SM2", SCHEME_SM2, FAMILY_SM2, MD_NONE, 0, NULL, NO_OID},
    {"SM2-SM3", SCHEME_SM2, FAMILY_SM2, MD_SM3, 0, NULL, SM2_SM3_OID},
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
