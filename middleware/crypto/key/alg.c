/* SPDX-License-Identifier: BSD-2-Clause */
/* The algorithm table. */
#include "crypto/key/alg.h"

#include "crypto/names.h"
#include "ecert/piv_const.h"

#define BYTES(...)                                                                                 \
	{                                                                                          \
		(const uint8_t[]){__VA_ARGS__}, sizeof((const uint8_t[]){__VA_ARGS__})             \
	}

#define OID_P256    0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07
#define OID_P384    0x06, 0x05, 0x2B, 0x81, 0x04, 0x00, 0x22
#define OID_SM2	    0x06, 0x08, 0x2A, 0x81, 0x1C, 0xCF, 0x55, 0x01, 0x82, 0x2D
#define OID_ED25519 0x06, 0x03, 0x2B, 0x65, 0x70
#define OID_X25519  0x06, 0x03, 0x2B, 0x65, 0x6E
#define OID_EC	    0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01
#define OID_RSA	    0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x01

/* RFC 3279, 2.3.1: the parameters of rsaEncryption are NULL. */
#define RSA_ALGID BYTES(0x30, 0x0D, OID_RSA, 0x05, 0x00)

#define RSA_ROW(size, number, jws_name)                                                            \
	[KEY_RSA##size] = {                                                                        \
	    .id = KEY_RSA##size,                                                                   \
	    .family = FAMILY_RSA,                                                                  \
	    .name = "RSA-" #size,                                                                  \
	    .piv = (number),                                                                       \
	    .bits = (size),                                                                        \
	    .block = (size) / 8,                                                                   \
	    .signature = (size) / 8,                                                               \
	    .algid = RSA_ALGID,                                                                    \
	    .jws = (jws_name),                                                                     \
	    .group = "RSA",                                                                        \
	    .digest = "SHA256",                                                                    \
	    .can_sign = true,                                                                      \
	    .can_decrypt = true,                                                                   \
	}

static const struct alg table[KEY_ALG_COUNT] = {
    /* RFC 7518, 3.3 wants 2048 bits or more, so RSA-1024 has no JWS name. */
    RSA_ROW(1024, ECERT_ALG_RSA1024, NULL),
    RSA_ROW(2048, ECERT_ALG_RSA2048, "RS256"),
    RSA_ROW(3072, ECERT_ALG_RSA3072, "RS256"),
    RSA_ROW(4096, ECERT_ALG_RSA4096, "RS256"),
    [KEY_P256] = {.id = KEY_P256,
	.family = FAMILY_EC,
	.name = "P-256",
	.piv = ECERT_ALG_P256,
	.bits = 256,
	.block = 32,
	.point = 65,
	.signature = 64,
	.params = BYTES(OID_P256),
	.algid = BYTES(0x30, 0x13, OID_EC, OID_P256),
	.jws = "ES256",
	.group = "prime256v1",
	.digest = "SHA256",
	.can_sign = true,
	.can_derive = true},
    [KEY_P384] = {.id = KEY_P384,
	.family = FAMILY_EC,
	.name = "P-384",
	.piv = ECERT_ALG_P384,
	.bits = 384,
	.block = 48,
	.point = 97,
	.signature = 96,
	.params = BYTES(OID_P384),
	.algid = BYTES(0x30, 0x10, OID_EC, OID_P384),
	.jws = "ES384",
	.group = "secp384r1",
	.digest = "SHA384",
	.can_sign = true,
	.can_derive = true},
    [KEY_ED25519] = {.id = KEY_ED25519,
	.family = FAMILY_EDWARDS,
	.name = "Ed25519",
	.piv = ECERT_ALG_ED25519,
	.bits = 255,
	.point = 32,
	.signature = 64,
	.params = BYTES(OID_ED25519),
	.algid = BYTES(0x30, 0x05, OID_ED25519),
	.jws = "EdDSA",
	.group = "ED25519",
	.can_sign = true},
    [KEY_X25519] = {.id = KEY_X25519,
	.family = FAMILY_MONTGOMERY,
	.name = "X25519",
	.piv = ECERT_ALG_X25519,
	.bits = 255,
	.block = 32,
	.point = 32,
	.params = BYTES(OID_X25519),
	.algid = BYTES(0x30, 0x05, OID_X25519),
	.group = "X25519",
	.can_derive = true},
    /* No JWS algorithm is registered for SM2. */
    [KEY_SM2] = {.id = KEY_SM2,
	.family = FAMILY_SM2,
	.name = "SM2",
	.piv = ECERT_ALG_SM2,
	.bits = 256,
	.block = 32,
	.point = 65,
	.signature = 64,
	.params = BYTES(OID_SM2),
	.algid = BYTES(0x30, 0x13, OID_EC, OID_SM2),
	.group = "SM2",
	.digest = "SM3",
	.can_sign = true},
};

const struct alg *alg_row(enum key_alg id)
{
	if ((unsigned)id >= KEY_ALG_COUNT || table[id].id == KEY_NONE)
		return NULL;
	return &table[id];
}

const struct alg *alg_by_piv(uint8_t piv)
{
	for (size_t i = 1; i < KEY_ALG_COUNT; i++) {
		if (table[i].piv == piv)
			return &table[i];
	}
	return NULL;
}

const struct alg *alg_by_name(const char *name)
{
	for (size_t i = 1; i < KEY_ALG_COUNT; i++) {
		if (name && name_matches(table[i].name, name))
			return &table[i];
	}
	return NULL;
}

const struct alg *alg_by_rsa_bits(unsigned bits)
{
	for (size_t i = 1; i < KEY_ALG_COUNT; i++) {
		if (table[i].family == FAMILY_RSA && table[i].bits == bits)
			return &table[i];
	}
	return NULL;
}

const struct alg *alg_by_algid(struct rd der)
{
	for (size_t i = 1; i < KEY_ALG_COUNT; i++) {
		if (rd_equal(table[i].algid, der))
			return &table[i];
	}
	return NULL;
}
