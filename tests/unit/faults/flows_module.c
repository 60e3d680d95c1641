/* SPDX-License-Identifier: BSD-2-Clause */
/* Through PKCS#11: open and list, info, login, sign, decrypt, derive, write. */
#include "tests/unit/faults/flows.h"

#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <string.h>

#include "crypto/key/pubkey.h"
#include "ecert/cryptoki.h"
#include "ecert/vendor.h"
#include "tests/unit/faults/inject.h"
#include "tests/unit/faults/pcsc_card.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static CK_BYTE p256[] = {0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07};
/* RFC 6979, A.2.5 */
static CK_BYTE scalar[32] = {0xC9, 0xAF, 0xA9, 0xD8, 0x45, 0xBA, 0x75, 0x16, 0x6B, 0x5C, 0x21, 0x57,
    0x67, 0xB1, 0xD6, 0x93, 0x4E, 0x50, 0xC3, 0xDB, 0x36, 0xE8, 0x9B, 0x12, 0x7B, 0x8A, 0x62, 0x2B,
    0x12, 0x0F, 0x67, 0x21};
static CK_BYTE point[65] = {0x04, 0x60, 0xFE, 0xD4, 0xBA, 0x25, 0x5A, 0x9D, 0x31, 0xC9, 0x61, 0xEB,
    0x74, 0xC6, 0x35, 0x6D, 0x68, 0xC0, 0x49, 0xB8, 0x92, 0x3B, 0x61, 0xFA, 0x6C, 0xE6, 0x69, 0x62,
    0x2E, 0x60, 0xF2, 0x9F, 0xB6, 0x79, 0x03, 0xFE, 0x10, 0x08, 0xB8, 0xBC, 0x99, 0xA4, 0x1A, 0xE9,
    0xE9, 0x56, 0x28, 0xBC, 0x64, 0xF2, 0xF1, 0xB2, 0x0C, 0x2D, 0x7E, 0x9F, 0x51, 0x77, 0xA3, 0xC2,
    0x94, 0xD4, 0x46, 0x22, 0x99};
static CK_BYTE digest[32] = {1, 2, 3, 4, 5};
static CK_BBOOL yes = CK_TRUE;

/* CKA_ID: the place of 9A, 9C, 9D, 9E plus one. */
enum { ID_9A = 1, ID_9C, ID_9D, ID_9E };

/* ---- pieces ---- */

static bool open_token(CK_SESSION_HANDLE *s)
{
	CK_C_INITIALIZE_ARGS args = {
	    .flags = CKF_LIBRARY_CANT_CREATE_OS_THREADS | CKF_OS_LOCKING_OK};

	return C_Initialize(&args) == CKR_OK &&
	       C_OpenSession(0, CKF_SERIAL_SESSION | CKF_RW_SESSION, NULL, NULL, s) == CKR_OK;
}

/* The end of every flow; it may be hit as well, and has to be possible again then. */
static bool close_token(bool ok)
{
	CK_RV rv = C_Finalize(NULL);

	if (rv != CKR_OK && rv != CKR_CRYPTOKI_NOT_INITIALIZED) {
		fault_pause();
		assert_int_equal(C_Finalize(NULL), CKR_OK);
		fault_resume();
	}
	return ok && rv == CKR_OK;
}

static bool login(CK_SESSION_HANDLE s, CK_USER_TYPE who, const char *pin)
{
	CK_UTF8CHAR copy[64];

	memcpy(copy, pin, strlen(pin));
	return C_Login(s, who, copy, strlen(pin)) == CKR_OK;
}

static bool open_user(CK_SESSION_HANDLE *s)
{
	return open_token(s) && login(*s, CKU_USER, "123456");
}

static bool open_so(CK_SESSION_HANDLE *s)
{
	return open_token(s) &&
	       login(*s, CKU_SO, "010203040506070801020304050607080102030405060708");
}

static bool search(CK_SESSION_HANDLE s, CK_ATTRIBUTE *t, CK_ULONG n, CK_OBJECT_HANDLE *found,
    CK_ULONG cap, CK_ULONG *count)
{
	return C_FindObjectsInit(s, t, n) == CKR_OK &&
	       C_FindObjects(s, found, cap, count) == CKR_OK && C_FindObjectsFinal(s) == CKR_OK;
}

/*
 * The one object; that a search went well and did not find it would be a false answer. Only after a
 * reset, which ends the login, a private key is not to be seen.
 */
static bool find(CK_SESSION_HANDLE s, CK_OBJECT_CLASS class, CK_BYTE id, CK_OBJECT_HANDLE *o)
{
	CK_ATTRIBUTE t[] = {{CKA_CLASS, &class, sizeof class}, {CKA_ID, &id, 1}};
	CK_SESSION_INFO info;
	CK_ULONG n = 0;

	if (!search(s, t, 2, o, 1, &n))
		return false;
	if (n == 0 && class == CKO_PRIVATE_KEY && C_GetSessionInfo(s, &info) == CKR_OK &&
	    info.state == CKS_RW_PUBLIC_SESSION)
		return false;
	assert_int_equal(n, 1);
	return true;
}

/* ---- open and list, info, login ---- */

static bool flow_list(void)
{
	static CK_ULONG all; /* as the first run, without a fault, saw it */
	CK_SESSION_HANDLE s;
	CK_OBJECT_HANDLE o[64];
	CK_SLOT_ID slots[8];
	CK_ULONG n = COUNT(slots), count = 0;
	bool ok = open_token(&s) && C_GetSlotList(CK_TRUE, slots, &n) == CKR_OK &&
		  search(s, NULL, 0, o, COUNT(o), &count);

	if (ok) {
		assert_int_equal(n, 1);
		assert_in_range(count, 4, COUNT(o) - 1);
		if (all == 0)
			all = count;
		/* Less than everything with CKR_OK would be a lie. */
		assert_int_equal(count, all);
	}
	return close_token(ok);
}

static bool flow_info(void)
{
	CK_SESSION_HANDLE s;
	CK_TOKEN_INFO info;
	CK_SLOT_INFO slot;
	CK_SESSION_INFO session;
	bool ok = open_token(&s) && C_GetSlotInfo(0, &slot) == CKR_OK &&
		  C_GetTokenInfo(0, &info) == CKR_OK && C_GetSessionInfo(s, &session) == CKR_OK;

	if (ok) {
		assert_true(slot.flags & CKF_TOKEN_PRESENT);
		assert_memory_equal(info.serialNumber, "20261120        ", 16);
		assert_false(info.flags & (CKF_USER_PIN_LOCKED | CKF_USER_PIN_FINAL_TRY));
		assert_int_equal(session.state, CKS_RW_PUBLIC_SESSION);
	}
	return close_token(ok);
}

static bool flow_login(void)
{
	CK_SESSION_HANDLE s;
	CK_SESSION_INFO session;
	bool ok = open_user(&s) && C_GetSessionInfo(s, &session) == CKR_OK;

	if (ok)
		assert_int_equal(session.state, CKS_RW_USER_FUNCTIONS);
	ok = ok && C_Logout(s) == CKR_OK;
	if (ok)
		assert_false(pcsc_card.ap.pin_ok);
	return close_token(ok);
}

/* ---- keys in use ---- */

static bool sign(CK_SESSION_HANDLE s, CK_MECHANISM_TYPE type, CK_BYTE id, bool context,
    CK_BYTE *sig, CK_ULONG *n)
{
	CK_MECHANISM m = {type, NULL, 0};
	CK_OBJECT_HANDLE key;

	return find(s, CKO_PRIVATE_KEY, id, &key) && C_SignInit(s, &m, key) == CKR_OK &&
	       (!context || login(s, CKU_CONTEXT_SPECIFIC, "123456")) &&
	       C_Sign(s, digest, sizeof digest, sig, n) == CKR_OK;
}

static bool sign_ec(CK_BYTE id, bool context)
{
	CK_SESSION_HANDLE s;
	CK_BYTE sig[96];
	CK_ULONG n = sizeof sig;
	bool ok = open_user(&s) && sign(s, CKM_ECDSA, id, context, sig, &n);

	fault_pause();
	if (ok)
		assert_true(
		    toycard_signed(&pcsc_card, rd_of(digest, sizeof digest), rd_of(sig, n)));
	fault_resume();
	return close_token(ok);
}

static bool flow_sign_ec(void)
{
	return sign_ec(ID_9A, false);
}

static bool flow_sign_always(void)
{
	return sign_ec(ID_9C, true);
}

/* The RSA key of the card, for who has its public half. */
static EVP_PKEY *rsa_public(void)
{
	uint8_t alg, n[512], spki[600];
	const uint8_t *p = spki;
	size_t len;
	/* RFC 8017, A.1.1 within RFC 3279, 2.3.1: modulus of 2048 bits, exponent 65537 */
	static const uint8_t head[] = {0x30, 0x82, 0x01, 0x22, 0x30, 0x0D, 0x06, 0x09, 0x2A, 0x86,
	    0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x01, 0x05, 0x00, 0x03, 0x82, 0x01, 0x0F, 0x00,
	    0x30, 0x82, 0x01, 0x0A, 0x02, 0x82, 0x01, 0x01, 0x00};
	static const uint8_t tail[] = {0x02, 0x03, 0x01, 0x00, 0x01};

	assert_int_equal(ap_public_key(&pcsc_card.ap, 0x9D, &alg, n, &len), AP_ST_OK);
	assert_int_equal(len, 256);
	memcpy(spki, head, sizeof head);
	memcpy(spki + sizeof head, n, len);
	memcpy(spki + sizeof head + len, tail, sizeof tail);
	return d2i_PUBKEY(NULL, &p, (long)(sizeof head + len + sizeof tail));
}

static bool flow_sign_rsa(void)
{
	CK_SESSION_HANDLE s;
	CK_BYTE sig[256];
	CK_ULONG n = sizeof sig;
	bool ok = open_user(&s) && sign(s, CKM_SHA256_RSA_PKCS, ID_9D, false, sig, &n);

	fault_pause();
	if (ok) {
		EVP_PKEY *key = rsa_public();
		EVP_MD_CTX *ctx = EVP_MD_CTX_new();

		assert_true(key && ctx);
		assert_int_equal(EVP_DigestVerifyInit(ctx, NULL, EVP_sha256(), NULL, key), 1);
		assert_int_equal(EVP_DigestVerify(ctx, sig, n, digest, sizeof digest), 1);
		EVP_MD_CTX_free(ctx);
		EVP_PKEY_free(key);
	}
	fault_resume();
	return close_token(ok);
}

static void encrypt(CK_BYTE out[256])
{
	EVP_PKEY *key;
	EVP_PKEY_CTX *ctx;
	size_t n = 256;

	fault_pause();
	key = rsa_public();
	ctx = EVP_PKEY_CTX_new(key, NULL);
	assert_true(ctx && EVP_PKEY_encrypt_init(ctx) == 1 &&
		    EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PADDING) == 1);
	assert_int_equal(EVP_PKEY_encrypt(ctx, out, &n, (const uint8_t *)"hello", 5), 1);
	EVP_PKEY_CTX_free(ctx);
	EVP_PKEY_free(key);
	fault_resume();
}

static bool flow_decrypt(void)
{
	CK_MECHANISM m = {CKM_RSA_PKCS, NULL, 0};
	CK_SESSION_HANDLE s;
	CK_OBJECT_HANDLE key;
	CK_BYTE cipher[256], plain[256];
	CK_ULONG n = sizeof plain;
	bool ok;

	encrypt(cipher);
	ok = open_user(&s) && find(s, CKO_PRIVATE_KEY, ID_9D, &key) &&
	     C_DecryptInit(s, &m, key) == CKR_OK &&
	     C_Decrypt(s, cipher, sizeof cipher, plain, &n) == CKR_OK;
	if (ok) {
		/* A made-up plaintext instead of an error would be one, too. */
		assert_int_equal(n, 5);
		assert_memory_equal(plain, "hello", 5);
	}
	return close_token(ok);
}

static bool flow_derive(void)
{
	static CK_BYTE first[32];
	static bool have_first;
	CK_ECDH1_DERIVE_PARAMS params = {CKD_NULL, 0, NULL, sizeof point, point};
	CK_MECHANISM m = {CKM_ECDH1_DERIVE, &params, sizeof params};
	CK_OBJECT_CLASS secret = CKO_SECRET_KEY;
	CK_KEY_TYPE generic = CKK_GENERIC_SECRET;
	CK_BBOOL no = CK_FALSE;
	CK_ATTRIBUTE t[] = {{CKA_CLASS, &secret, sizeof secret},
	    {CKA_KEY_TYPE, &generic, sizeof generic}, {CKA_EXTRACTABLE, &yes, 1},
	    {CKA_SENSITIVE, &no, 1}};
	CK_BYTE value[32];
	CK_ATTRIBUTE v = {CKA_VALUE, value, sizeof value};
	CK_SESSION_HANDLE s;
	CK_OBJECT_HANDLE key, derived;
	bool ok = open_user(&s) && find(s, CKO_PRIVATE_KEY, ID_9A, &key) &&
		  C_DeriveKey(s, &m, key, t, COUNT(t), &derived) == CKR_OK &&
		  C_GetAttributeValue(s, derived, &v, 1) == CKR_OK;

	if (ok) {
		assert_int_equal(v.ulValueLen, sizeof value);
		if (!have_first)
			memcpy(first, value, sizeof first);
		have_first = true;
		assert_memory_equal(value, first, sizeof first);
	}
	return close_token(ok);
}

/* ---- writing ---- */

static void assert_on_card(uint8_t ref, const CK_BYTE *pub)
{
	uint8_t alg, is[512];
	size_t len;

	assert_int_equal(ap_public_key(&pcsc_card.ap, ref, &alg, is, &len), AP_ST_OK);
	assert_int_equal(alg, ECERT_ALG_P256);
	assert_int_equal(len, 65);
	if (pub)
		assert_memory_equal(is, pub, 65);
}

static bool flow_generate(void)
{
	CK_MECHANISM m = {CKM_EC_KEY_PAIR_GEN, NULL, 0};
	CK_BYTE id = ID_9E, ec_point[80];
	CK_ATTRIBUTE pub_t[] = {{CKA_EC_PARAMS, p256, sizeof p256}};
	CK_ATTRIBUTE priv_t[] = {{CKA_ID, &id, 1}, {CKA_TOKEN, &yes, 1}};
	CK_ATTRIBUTE v = {CKA_EC_POINT, ec_point, sizeof ec_point};
	CK_OBJECT_HANDLE pub, priv;
	CK_SESSION_HANDLE s;
	bool ok = open_so(&s) && C_GenerateKeyPair(s, &m, pub_t, COUNT(pub_t), priv_t,
				     COUNT(priv_t), &pub, &priv) == CKR_OK;

	if (ok)
		assert_on_card(0x9E, NULL);
	ok = ok && C_GetAttributeValue(s, pub, &v, 1) == CKR_OK;
	if (ok) {
		assert_int_equal(v.ulValueLen, 67); /* 04 41 and the point */
		assert_on_card(0x9E, ec_point + 2);
	}
	return close_token(ok);
}

static bool flow_import(void)
{
	CK_OBJECT_CLASS class = CKO_PRIVATE_KEY;
	CK_KEY_TYPE type = CKK_EC;
	CK_BYTE id = ID_9E;
	CK_ATTRIBUTE t[] = {{CKA_CLASS, &class, sizeof class}, {CKA_KEY_TYPE, &type, sizeof type},
	    {CKA_TOKEN, &yes, 1}, {CKA_PRIVATE, &yes, 1}, {CKA_ID, &id, 1},
	    {CKA_EC_PARAMS, p256, sizeof p256}, {CKA_VALUE, scalar, sizeof scalar}};
	CK_SESSION_HANDLE s;
	CK_OBJECT_HANDLE o;
	bool ok = open_so(&s) && C_CreateObject(s, t, COUNT(t), &o) == CKR_OK;

	if (ok)
		assert_on_card(0x9E, point);
	return close_token(ok);
}

/* The certificate of 9A, into 9C. */
static bool flow_certificate(void)
{
	CK_OBJECT_CLASS class = CKO_CERTIFICATE;
	CK_CERTIFICATE_TYPE type = CKC_X_509;
	CK_BYTE id = ID_9C, der[1024];
	uint8_t object[1024];
	size_t len;
	CK_ATTRIBUTE v = {CKA_VALUE, der, sizeof der};
	CK_ATTRIBUTE t[] = {{CKA_CLASS, &class, sizeof class},
	    {CKA_CERTIFICATE_TYPE, &type, sizeof type}, {CKA_TOKEN, &yes, 1}, {CKA_ID, &id, 1},
	    {CKA_VALUE, der, 0}};
	CK_SESSION_HANDLE s;
	CK_OBJECT_HANDLE o;
	bool ok = open_so(&s) && find(s, CKO_CERTIFICATE, ID_9A, &o) &&
		  C_GetAttributeValue(s, o, &v, 1) == CKR_OK;

	t[4].ulValueLen = v.ulValueLen;
	ok = ok && C_CreateObject(s, t, COUNT(t), &o) == CKR_OK;
	if (ok) {
		assert_int_equal(
		    ap_object_get(&pcsc_card.ap, ECERT_OBJ_CERT_9C, object, sizeof object, &len),
		    AP_ST_OK);
		assert_non_null(memmem(object, len, der, v.ulValueLen));
	}
	return close_token(ok);
}

const struct flow module_flows[] = {
    {"open and list", flow_list},
    {"info", flow_info},
    {"login", flow_login},
    {"sign RSA", flow_sign_rsa},
    {"sign EC", flow_sign_ec},
    {"sign with PIN always", flow_sign_always},
    {"decrypt", flow_decrypt},
    {"derive", flow_derive},
    {"generate", flow_generate},
    {"import", flow_import},
    {"write a certificate", flow_certificate},
    {NULL, NULL},
};
