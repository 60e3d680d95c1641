/* SPDX-License-Identifier: BSD-2-Clause */
/* A card as a customer has it: keys with real arithmetic, certificates. */
#include "toycard.h"

#include <openssl/x509.h>
#include <string.h>

#include "crypto/key/pubkey.h"
#include "fuzz.h"

static struct {
	uint8_t priv[AP_PRIVATE_MAX], pub[512];
} rsa;

/* Making RSA keys takes too long here: there is one. */
static enum ap_hal_rc keygen(void *ctx, uint8_t alg, uint8_t *priv, uint8_t *pub)
{
	if (ap_alg_by_id(alg)->kind != AP_RSA)
		return host_keygen(ctx, alg, priv, pub);
	if (alg != ECERT_ALG_RSA2048)
		return AP_HAL_FAIL;
	if (!rsa.priv[0])
		REQUIRE(host_keygen(ctx, alg, rsa.priv, rsa.pub) == AP_HAL_OK);
	memcpy(priv, rsa.priv, host_priv_len(alg));
	memcpy(pub, rsa.pub, host_pub_len(alg));
	return AP_HAL_OK;
}

/* A certificate for a slot's key, signed by some other key. */
static void certify(struct toychip *c, uint8_t ref, uint32_t tag, EVP_PKEY *ca)
{
	uint8_t object[2048], pub[512], alg, *der = NULL;
	size_t len;
	X509 *x = X509_new();
	EVP_PKEY *key;
	int n;

	REQUIRE(x && ap_public_key(&c->ap, ref, &alg, pub, &len) == AP_ST_OK && len > 0);
	key = alg == ECERT_ALG_RSA2048 ? host_private_key(alg, rsa.priv, rsa.pub)
				       : host_public_key(alg, pub);
	REQUIRE(key && X509_set_version(x, X509_VERSION_3) == 1 && X509_set_pubkey(x, key) == 1);
	ASN1_INTEGER_set(X509_get_serialNumber(x), ref);
	ASN1_TIME_set_string_X509(X509_getm_notBefore(x), "20250101000000Z");
	ASN1_TIME_set_string_X509(X509_getm_notAfter(x), "20991231235959Z");
	X509_NAME_add_entry_by_txt(
	    X509_get_subject_name(x), "CN", MBSTRING_UTF8, (const uint8_t *)"Fuzz", -1, -1, 0);
	REQUIRE(X509_sign(x, ca, EVP_sha256()) > 0);
	n = i2d_X509(x, &der);
	REQUIRE(n > 0 && (size_t)n < sizeof object - 9);
	memcpy(object, (uint8_t[]){0x70, 0x82, (uint8_t)(n >> 8), (uint8_t)n}, 4);
	memcpy(object + 4, der, (size_t)n);
	memcpy(object + 4 + n, "\x71\x01\x00\xFE\x00", 5);
	REQUIRE(ap_object_put(&c->ap, tag, object, (size_t)n + 9) == AP_ST_OK);
	OPENSSL_free(der);
	EVP_PKEY_free(key);
	X509_free(x);
}

/* The management key behind the PIN, as ykman keeps it: for the option user-writes. */
static void protect(struct toychip *c)
{
	static const uint8_t object[] = {0x88, 26, 0x89, 24, 1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5,
	    6, 7, 8, 1, 2, 3, 4, 5, 6, 7, 8};

	REQUIRE(ap_object_put(&c->ap, ECERT_OBJ_PRINTED, object, sizeof object) == AP_ST_OK);
}

static void make(struct toychip *c)
{
	EVP_PKEY *ca = EVP_EC_gen("P-256");

	REQUIRE(ca);
	toychip_real(c, TOY_AREA_MAX, keygen);
	toychip_generate(c, 0x9A, ECERT_ALG_P256, ECERT_PIN_POLICY_ONCE, 0);
	toychip_generate(c, 0x9C, ECERT_ALG_P256, ECERT_PIN_POLICY_ALWAYS, 0);
	toychip_generate(c, 0x9D, ECERT_ALG_RSA2048, ECERT_PIN_POLICY_ONCE, 0);
	toychip_generate(c, 0x9E, ECERT_ALG_ED25519, ECERT_PIN_POLICY_NEVER, 0);
	toychip_generate(c, 0x82, ECERT_ALG_X25519, ECERT_PIN_POLICY_ONCE, 0);
	toychip_generate(c, 0x83, ECERT_ALG_SM2, ECERT_PIN_POLICY_ONCE, 0);
	certify(c, 0x9A, ECERT_OBJ_CERT_9A, ca);
	certify(c, 0x9C, ECERT_OBJ_CERT_9C, ca);
	certify(c, 0x9D, ECERT_OBJ_CERT_9D, ca);
	protect(c);
	ap_reset(&c->ap);
	EVP_PKEY_free(ca);
}

void toycard(struct toychip *c)
{
	static struct toychip *first;

	if (!first) {
		first = malloc(sizeof *first);
		REQUIRE(first);
		make(first);
	}
	toychip_copy(c, first);
}

bool toycard_signed(struct toychip *c, struct rd digest, struct rd signature)
{
	bool ok = false;

	for (size_t i = 0; i < AP_SLOTS && !ok; i++) {
		uint8_t alg, pub[512];
		size_t len;
		EVP_PKEY *evp;
		struct pubkey *key = NULL;

		if (ap_public_key(&c->ap, ap_slots[i].ref, &alg, pub, &len) != AP_ST_OK ||
		    (alg != ECERT_ALG_P256 && alg != ECERT_ALG_P384))
			continue;
		evp = host_public_key(alg, pub);
		if (evp && pubkey_from_evp(evp, &key) == ECERT_OK)
			ok = pubkey_check(key, digest, signature) == ECERT_OK;
		pubkey_free(&key);
		EVP_PKEY_free(evp);
	}
	return ok;
}
