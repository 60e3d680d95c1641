/* SPDX-License-Identifier: BSD-2-Clause */
/* Making, importing and destroying objects on the token. */
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/rsa.h>

#include "tests/unit/pkcs11/p11fix.h"

static CK_SESSION_HANDLE so_session(void)
{
	CK_SESSION_HANDLE h = open_session(true);

	login_so(h);
	return h;
}

static void key_generation(void **state)
{
	CK_SESSION_HANDLE h = so_session();
	CK_OBJECT_HANDLE pub = 0, priv = 0;

	(void)state;
	is_ok(make_rsa(h, 1, &pub, &priv));
	assert_int_equal(get_ulong(h, pub, CKA_MODULUS_BITS), 2048);
	assert_true(get_bool(h, priv, CKA_DECRYPT));
	assert_true(get_bool(h, priv, CKA_SIGN));
	assert_false(get_bool(h, priv, CKA_ALWAYS_AUTHENTICATE));
	is_ok(make_ec(h, 2, &pub, &priv));
	assert_true(get_bool(h, priv, CKA_ALWAYS_AUTHENTICATE));
	is_ok(make_ec(h, 24, &pub, &priv));
	assert_int_equal(get_ulong(h, priv, CKA_ECERT_KEY_REFERENCE), 0x95);
	is_rv(make_ec(h, 25, &pub, &priv), CKR_ATTRIBUTE_VALUE_INVALID);
	assert_int_equal(count_class(h, CKO_PRIVATE_KEY), 3);
	p11.config.overwrite = false;
	is_rv(make_ec(h, 2, &pub, &priv), CKR_ACTION_PROHIBITED);
}

static void key_generation_templates(void **state)
{
	CK_SESSION_HANDLE h = so_session();
	CK_MECHANISM ec = {CKM_EC_KEY_PAIR_GEN, NULL, 0},
		     rsa = {CKM_RSA_PKCS_KEY_PAIR_GEN, NULL, 0};
	CK_ULONG bits = 512, pin = PIN_ALWAYS;
	CK_BBOOL no = CK_FALSE, yes = CK_TRUE;
	CK_BYTE exponent[] = {3}, curve[] = {0x06, 0x05, 0x2b, 0x81, 0x04, 0x00, 0x0a};
	CK_ATTRIBUTE p256[] = {{CKA_EC_PARAMS, p256_params, sizeof(p256_params)}};
	CK_ATTRIBUTE other[] = {{CKA_EC_PARAMS, curve, sizeof(curve)}};
	CK_ATTRIBUTE size[] = {
	    {CKA_MODULUS_BITS, &bits, sizeof(bits)}, {CKA_PUBLIC_EXPONENT, exponent, 1}};
	CK_ATTRIBUTE session[] = {{CKA_TOKEN, &no, 1}},
		     readable[] = {{CKA_TOKEN, &yes, 1}, {CKA_EXTRACTABLE, &yes, 1}};
	CK_ATTRIBUTE policy[] = {{CKA_TOKEN, &yes, 1}, {CKA_ECERT_PIN_POLICY, &pin, sizeof(pin)}};
	CK_OBJECT_HANDLE pub = 0, priv = 0;

	(void)state;
	is_rv(C_GenerateKeyPair(h, &ec, NULL, 0, NULL, 0, &pub, &priv), CKR_TEMPLATE_INCOMPLETE);
	is_rv(C_GenerateKeyPair(h, &ec, other, 1, NULL, 0, &pub, &priv), CKR_CURVE_NOT_SUPPORTED);
	is_rv(
	    C_GenerateKeyPair(h, &rsa, size, 1, NULL, 0, &pub, &priv), CKR_ATTRIBUTE_VALUE_INVALID);
	bits = 2048;
	is_rv(
	    C_GenerateKeyPair(h, &rsa, size, 2, NULL, 0, &pub, &priv), CKR_ATTRIBUTE_VALUE_INVALID);
	is_rv(
	    C_GenerateKeyPair(h, &ec, p256, 1, session, 1, &pub, &priv), CKR_TEMPLATE_INCONSISTENT);
	is_rv(C_GenerateKeyPair(h, &ec, p256, 1, readable, 2, &pub, &priv),
	    CKR_TEMPLATE_INCONSISTENT);
	/* without a CKA_ID: the first place that is free, then the next */
	is_ok(C_GenerateKeyPair(h, &ec, p256, 1, policy, 2, &pub, &priv));
	assert_int_equal(get_ulong(h, priv, CKA_ECERT_KEY_REFERENCE), 0x9A);
	assert_true(get_bool(h, priv, CKA_ALWAYS_AUTHENTICATE));
	is_rv(C_GenerateKeyPair(h, &ec, p256, 1, NULL, 0, &pub, &priv), CKR_TEMPLATE_INCONSISTENT);
	is_ok(C_GenerateKeyPair(h, &ec, p256, 1, policy, 1, &pub, &priv));
	assert_int_equal(get_ulong(h, priv, CKA_ECERT_KEY_REFERENCE), 0x9C);
	is_ok(C_Logout(h));
	is_rv(make_ec(h, 1, &pub, &priv), CKR_USER_NOT_LOGGED_IN);
	login_user(h);
	is_rv(make_ec(h, 1, &pub, &priv), CKR_USER_NOT_LOGGED_IN);
	is_ok(C_CloseSession(h));
	h = open_session(false);
	is_rv(make_ec(h, 1, &pub, &priv), CKR_SESSION_READ_ONLY);
}

static void certificates(void **state)
{
	CK_SESSION_HANDLE h = so_session();
	CK_OBJECT_HANDLE pub = 0, priv = 0, cert = 0;
	CK_OBJECT_CLASS class = CKO_CERTIFICATE;
	CK_BBOOL yes = CK_TRUE;
	uint8_t spki[256], id = 4, read[4096];
	struct pubkey *k = NULL;
	struct buf der = BUF_INIT(8192);
	CK_ATTRIBUTE t[] = {{CKA_CLASS, &class, sizeof(class)}, {CKA_TOKEN, &yes, 1},
	    {CKA_VALUE, NULL, 0}, {CKA_ID, &id, 1}};

	(void)state;
	is_ok(make_ec(h, 3, &pub, &priv));
	assert_int_equal(
	    pubkey_from_spki(rd_of(spki, get_bytes(h, pub, CKA_PUBLIC_KEY_INFO, spki, 256)), &k),
	    ECERT_OK);
	sim_cert(k, "Somebody", &der);
	t[2].pValue = (void *)(uintptr_t)buf_view(&der).p;
	t[2].ulValueLen = buf_len(&der);
	/* without a CKA_ID it goes where its key is */
	is_ok(C_CreateObject(h, t, 3, &cert));
	assert_int_equal(find_one(h, CKO_CERTIFICATE, 3), cert);
	assert_int_equal(get_bytes(h, cert, CKA_VALUE, read, sizeof(read)), buf_len(&der));
	is_ok(C_CreateObject(h, t, 4, &cert));
	assert_int_equal(count_class(h, CKO_CERTIFICATE), 2);
	is_ok(C_DestroyObject(h, cert));
	assert_int_equal(count_class(h, CKO_CERTIFICATE), 1);
	is_rv(C_DestroyObject(h, cert), CKR_OBJECT_HANDLE_INVALID);
	t[2].ulValueLen = 20;
	is_rv(C_CreateObject(h, t, 4, &cert), CKR_ATTRIBUTE_VALUE_INVALID);
	is_rv(C_CreateObject(h, t, 2, &cert), CKR_TEMPLATE_INCOMPLETE);
	is_ok(C_Logout(h));
	is_rv(C_DestroyObject(h, find_one(h, CKO_CERTIFICATE, 3)), CKR_USER_NOT_LOGGED_IN);
	buf_free(&der);
	pubkey_free(&k);
}

static CK_ULONG part(EVP_PKEY *k, const char *name, uint8_t *out)
{
	BIGNUM *n = NULL;
	int len;

	assert_int_equal(EVP_PKEY_get_bn_param(k, name, &n), 1);
	len = BN_bn2bin(n, out);
	BN_clear_free(n);
	return (CK_ULONG)len;
}

static CK_RV sign_and_verify(
    CK_SESSION_HANDLE h, CK_MECHANISM_TYPE type, CK_OBJECT_HANDLE priv, CK_OBJECT_HANDLE pub)
{
	CK_MECHANISM m = {type, NULL, 0};
	CK_BYTE data[10] = {1}, sig[512];
	CK_ULONG n = sizeof(sig);

	is_ok(C_SignInit(h, &m, priv));
	is_ok(C_Sign(h, data, sizeof(data), sig, &n));
	is_ok(C_VerifyInit(h, &m, pub));
	return C_Verify(h, data, sizeof(data), sig, n);
}

/* What a template says beside the parts that the card takes must be of the same key. */
static void contradicts(CK_SESSION_HANDLE h, CK_ATTRIBUTE *t, CK_ULONG n)
{
	static const uint8_t three[] = {3};
	CK_ATTRIBUTE other[16];
	CK_OBJECT_HANDLE o = 0;

	memcpy(other, t, n * sizeof(*t));
	for (CK_ULONG i = 4; i < n; i++) {
		uint8_t *last = (uint8_t *)t[i].pValue + t[i].ulValueLen - 1;

		*last ^= 0x80;
		if (C_CreateObject(h, t, n, &o) == CKR_OK)
			fail_msg("attribute 0x%lx", t[i].type);
		*last ^= 0x80;
	}
	other[n] = (CK_ATTRIBUTE){CKA_PUBLIC_EXPONENT, (void *)(uintptr_t)three, 1};
	is_rv(C_CreateObject(h, other, n + 1, &o), CKR_TEMPLATE_INCONSISTENT);
	other[n] = (CK_ATTRIBUTE){CKA_PUBLIC_KEY_INFO, (void *)(uintptr_t)three, 1};
	is_rv(C_CreateObject(h, other, n + 1, &o), CKR_TEMPLATE_INCONSISTENT);
	assert_int_equal(o, 0);
}

static void import_rsa(void **state)
{
	static const struct {
		CK_ATTRIBUTE_TYPE type;
		const char *name;
	} parts[] = {{CKA_MODULUS, OSSL_PKEY_PARAM_RSA_N},
	    {CKA_PRIVATE_EXPONENT, OSSL_PKEY_PARAM_RSA_D},
	    {CKA_PRIME_1, OSSL_PKEY_PARAM_RSA_FACTOR1}, {CKA_PRIME_2, OSSL_PKEY_PARAM_RSA_FACTOR2},
	    {CKA_EXPONENT_1, OSSL_PKEY_PARAM_RSA_EXPONENT1},
	    {CKA_EXPONENT_2, OSSL_PKEY_PARAM_RSA_EXPONENT2},
	    {CKA_COEFFICIENT, OSSL_PKEY_PARAM_RSA_COEFFICIENT1}};
	static uint8_t room[COUNT(parts)][256];
	CK_SESSION_HANDLE h = so_session();
	EVP_PKEY *k = EVP_RSA_gen(2048);
	CK_OBJECT_CLASS class = CKO_PRIVATE_KEY;
	CK_KEY_TYPE type = CKK_RSA;
	CK_BBOOL yes = CK_TRUE;
	uint8_t id = 1;
	CK_ATTRIBUTE t[4 + COUNT(parts)] = {{CKA_CLASS, &class, sizeof(class)},
	    {CKA_KEY_TYPE, &type, sizeof(type)}, {CKA_TOKEN, &yes, 1}, {CKA_ID, &id, 1}};
	CK_OBJECT_HANDLE priv = 0;

	(void)state;
	for (size_t i = 0; i < COUNT(parts); i++)
		t[4 + i] = (CK_ATTRIBUTE){parts[i].type, room[i], part(k, parts[i].name, room[i])};
	is_rv(C_CreateObject(h, t, COUNT(t) - 1, &priv), CKR_TEMPLATE_INCOMPLETE);
	contradicts(h, t, COUNT(t));
	is_ok(C_CreateObject(h, t, COUNT(t), &priv));
	assert_false(get_bool(h, priv, CKA_LOCAL));
	assert_false(get_bool(h, priv, CKA_NEVER_EXTRACTABLE));
	is_ok(C_Logout(h));
	login_user(h);
	is_ok(sign_and_verify(h, CKM_SHA256_RSA_PKCS, priv, find_one(h, CKO_PUBLIC_KEY, 1)));
	EVP_PKEY_free(k);
}

static void import_ec(void **state)
{
	CK_SESSION_HANDLE h = so_session();
	EVP_PKEY *k = EVP_EC_gen("P-256");
	CK_OBJECT_CLASS class = CKO_PRIVATE_KEY;
	CK_KEY_TYPE type = CKK_EC;
	CK_BBOOL yes = CK_TRUE;
	uint8_t id = 5, scalar[40];
	CK_ATTRIBUTE t[] = {{CKA_CLASS, &class, sizeof(class)}, {CKA_KEY_TYPE, &type, sizeof(type)},
	    {CKA_TOKEN, &yes, 1}, {CKA_ID, &id, 1},
	    {CKA_EC_PARAMS, p256_params, sizeof(p256_params)}, {CKA_VALUE, scalar, 0}};
	CK_OBJECT_HANDLE priv = 0;

	(void)state;
	t[5].ulValueLen = part(k, OSSL_PKEY_PARAM_PRIV_KEY, scalar);
	is_ok(C_CreateObject(h, t, COUNT(t), &priv));
	assert_int_equal(get_ulong(h, priv, CKA_ECERT_ORIGIN), 2);
	is_ok(C_Logout(h));
	is_rv(C_CreateObject(h, t, COUNT(t), &priv), CKR_USER_NOT_LOGGED_IN);
	login_user(h);
	is_ok(sign_and_verify(h, CKM_ECDSA_SHA256, priv, find_one(h, CKO_PUBLIC_KEY, 5)));
	EVP_PKEY_free(k);
}

/* The other kinds of keys, where the card has them; one that it has not is no mechanism of its. */
static void other_algorithms(void **state)
{
	static CK_BYTE ed25519[] = {0x06, 0x03, 0x2b, 0x65, 0x70};
	static const struct {
		CK_MECHANISM_TYPE make, sign;
		CK_KEY_TYPE type;
		CK_ULONG sig_len, point_len;
	} kinds[] = {
	    {CKM_EC_EDWARDS_KEY_PAIR_GEN, CKM_EDDSA, CKK_EC_EDWARDS, 64, 32},
	    {CKM_ECERT_SM2_KEY_PAIR_GEN, CKM_ECERT_SM3_SM2, CKK_ECERT_SM2, 64, 67},
	    {CKM_EC_MONTGOMERY_KEY_PAIR_GEN, 0, CKK_EC_MONTGOMERY, 0, 32},
	};
	uint8_t id = 5, b[256];
	CK_BBOOL yes = CK_TRUE;
	CK_ATTRIBUTE priv_t[] = {{CKA_ID, &id, 1}, {CKA_TOKEN, &yes, 1}};
	CK_ATTRIBUTE pub_t[] = {{CKA_EC_PARAMS, ed25519, sizeof(ed25519)}};
	CK_SESSION_HANDLE h = open_session(true);
	CK_OBJECT_HANDLE pub = 0, priv = 0;

	(void)state;
	for (size_t i = 0; i < COUNT(kinds); i++, id++) {
		CK_MECHANISM m = {kinds[i].make, NULL, 0};
		CK_RV rv;

		login_so(h);
		rv = C_GenerateKeyPair(h, &m, pub_t, i == 0, priv_t, 2, &pub, &priv);
		print_message("mechanism %lx: %lx\n", kinds[i].make, rv);
		is_ok(C_Logout(h));
		if (rv == CKR_MECHANISM_INVALID)
			continue;
		is_ok(rv);
		login_user(h);
		assert_int_equal(get_ulong(h, priv, CKA_KEY_TYPE), kinds[i].type);
		assert_int_equal(get_bytes(h, pub, CKA_EC_POINT, b, sizeof(b)), kinds[i].point_len);
		if (kinds[i].sign)
			is_ok(sign_and_verify(h, kinds[i].sign, priv, pub));
		assert_int_equal(get_bool(h, priv, CKA_DERIVE), kinds[i].sign == 0);
		is_ok(C_Logout(h));
	}
}

/* PIV has a fixed set of data objects: one of them is written, or none. */
static void data_on_the_token(void **state)
{
	CK_SESSION_HANDLE h = so_session();
	CK_OBJECT_CLASS class = CKO_DATA;
	CK_BBOOL yes = CK_TRUE;
	char label[] = "Security Object", other[] = "My Object", value[] = "0123456789";
	uint8_t oid[] = {0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x07, 0x02, 0x00}, b[64];
	CK_ATTRIBUTE t[] = {{CKA_CLASS, &class, sizeof(class)}, {CKA_TOKEN, &yes, 1},
	    {CKA_VALUE, value, 10}, {CKA_LABEL, label, sizeof(label) - 1}};
	CK_ATTRIBUTE unknown[] = {t[0], t[1], t[2], {CKA_LABEL, other, sizeof(other) - 1}};
	CK_ATTRIBUTE by_oid[] = {t[0], t[1], t[2], {CKA_OBJECT_ID, oid, sizeof(oid)}};
	CK_ATTRIBUTE fresh = {CKA_VALUE, value, 4};
	CK_OBJECT_HANDLE o = 0, found = 0;

	(void)state;
	is_ok(C_CreateObject(h, t, COUNT(t), &o));
	assert_int_equal(find(h, &t[3], 1, &found, 1), 1);
	assert_int_equal(found, o);
	assert_int_equal(get_bytes(h, o, CKA_VALUE, b, sizeof(b)), 10);
	is_ok(C_SetAttributeValue(h, o, &fresh, 1));
	assert_int_equal(get_bytes(h, o, CKA_VALUE, b, sizeof(b)), 4);
	is_rv(C_SetAttributeValue(h, o, &t[3], 1), CKR_ATTRIBUTE_READ_ONLY);
	is_rv(C_CreateObject(h, unknown, COUNT(unknown), &o), CKR_TEMPLATE_INCONSISTENT);
	is_rv(C_CreateObject(h, by_oid, COUNT(by_oid), &o), CKR_TEMPLATE_INCONSISTENT);
	is_rv(C_CreateObject(h, t, 2, &o), CKR_TEMPLATE_INCOMPLETE);
	is_ok(C_DestroyObject(h, found));
	assert_int_equal(find(h, &t[3], 1, NULL, 0), 0);
	is_ok(C_Logout(h));
	is_rv(C_CreateObject(h, t, COUNT(t), &o), CKR_USER_NOT_LOGGED_IN);
	is_ok(C_CloseSession(h));
	h = open_session(false);
	is_rv(C_CreateObject(h, t, COUNT(t), &o), CKR_SESSION_READ_ONLY);
}

static void session_certificates(void **state)
{
	CK_SESSION_HANDLE h = so_session();
	CK_OBJECT_HANDLE pub = 0, priv = 0, cert = 0;
	CK_OBJECT_CLASS class = CKO_CERTIFICATE;
	uint8_t spki[256], read[4096];
	size_t spki_len;
	struct pubkey *k = NULL;
	struct buf der = BUF_INIT(8192);
	CK_ULONG x509 = CKC_X_509;
	CK_ATTRIBUTE t[] = {{CKA_CLASS, &class, sizeof(class)}, {CKA_VALUE, NULL, 0},
	    {CKA_CERTIFICATE_TYPE, &x509, sizeof(x509)}};

	(void)state;
	is_ok(make_ec(h, 1, &pub, &priv));
	spki_len = get_bytes(h, pub, CKA_PUBLIC_KEY_INFO, spki, sizeof(spki));
	assert_int_equal(pubkey_from_spki(rd_of(spki, spki_len), &k), ECERT_OK);
	sim_cert(k, "Somebody", &der);
	is_rv(C_CreateObject(h, t, 1, &cert), CKR_TEMPLATE_INCOMPLETE);
	t[1].pValue = (void *)(uintptr_t)buf_view(&der).p;
	t[1].ulValueLen = buf_len(&der);
	is_rv(C_CreateObject(h, t, 2, &cert), CKR_TEMPLATE_INCOMPLETE);
	is_ok(C_CreateObject(h, t, 3, &cert));
	assert_false(get_bool(h, cert, CKA_TOKEN));
	assert_int_equal(get_ulong(h, cert, CKA_CERTIFICATE_TYPE), CKC_X_509);
	assert_int_equal(get_bytes(h, cert, CKA_PUBLIC_KEY_INFO, read, sizeof(read)), spki_len);
	assert_memory_equal(read, spki, spki_len);
	assert_true(get_bytes(h, cert, CKA_SUBJECT, read, sizeof(read)) > 10);
	assert_int_equal(get_bytes(h, cert, CKA_UNIQUE_ID, read, sizeof(read)), 16);
	t[1].ulValueLen = 30;
	is_rv(C_CreateObject(h, t, 3, &cert), CKR_ATTRIBUTE_VALUE_INVALID);
	buf_free(&der);
	pubkey_free(&k);
}

static void public_keys(void **state)
{
	CK_SESSION_HANDLE h = so_session();
	CK_OBJECT_HANDLE pub = 0, priv = 0, o = 0;
	CK_OBJECT_CLASS class = CKO_PUBLIC_KEY;
	CK_KEY_TYPE type = CKK_RSA, wrong = 77;
	CK_BBOOL yes = CK_TRUE;
	uint8_t n[256], e[4], spki[512], read[512];
	CK_ATTRIBUTE parts[] = {{CKA_CLASS, &class, sizeof(class)},
	    {CKA_KEY_TYPE, &type, sizeof(type)}, {CKA_MODULUS, n, sizeof(n)},
	    {CKA_PUBLIC_EXPONENT, e, 3}, {CKA_TOKEN, &yes, 1}};
	CK_ATTRIBUTE info[] = {{CKA_CLASS, &class, sizeof(class)}, {CKA_PUBLIC_KEY_INFO, spki, 0}};
	CK_ATTRIBUTE bad[] = {{CKA_CLASS, &class, sizeof(class)},
	    {CKA_KEY_TYPE, &wrong, sizeof(wrong)}, {CKA_EC_POINT, n, 65}};

	(void)state;
	is_ok(make_rsa(h, 1, &pub, &priv));
	assert_int_equal(get_bytes(h, pub, CKA_MODULUS, n, sizeof(n)), 256);
	assert_int_equal(get_bytes(h, pub, CKA_PUBLIC_EXPONENT, e, sizeof(e)), 3);
	info[1].ulValueLen = get_bytes(h, pub, CKA_PUBLIC_KEY_INFO, spki, sizeof(spki));
	is_ok(C_CreateObject(h, parts, 4, &o));
	assert_int_equal(get_ulong(h, o, CKA_MODULUS_BITS), 2048);
	assert_int_equal(
	    get_bytes(h, o, CKA_PUBLIC_KEY_INFO, read, sizeof(read)), info[1].ulValueLen);
	assert_memory_equal(read, spki, info[1].ulValueLen);
	is_ok(C_CreateObject(h, info, 2, &o));
	assert_int_equal(get_ulong(h, o, CKA_KEY_TYPE), CKK_RSA);
	assert_int_equal(get_bytes(h, o, CKA_MODULUS, read, sizeof(read)), 256);
	is_rv(C_CreateObject(h, bad, 3, &o), CKR_ATTRIBUTE_VALUE_INVALID);
	is_rv(C_CreateObject(h, bad, 1, &o), CKR_TEMPLATE_INCOMPLETE);
	/* "written" to the token: it is there, as its private key's other half, or it cannot be */
	is_ok(C_CreateObject(h, parts, 5, &o));
	assert_int_equal(o, pub);
	n[255] ^= 2;
	is_rv(C_CreateObject(h, parts, 5, &o), CKR_TEMPLATE_INCONSISTENT);
	n[255] &= 0xFE; /* no modulus is even */
	is_rv(C_CreateObject(h, parts, 4, &o), CKR_ATTRIBUTE_VALUE_INVALID);
}

static void destroying(void **state)
{
	CK_SESSION_HANDLE h = so_session();
	CK_OBJECT_HANDLE pub = 0, priv = 0;

	(void)state;
	is_ok(make_ec(h, 4, &pub, &priv));
	is_rv(C_DestroyObject(h, pub), CKR_ACTION_PROHIBITED);
	is_ok(C_DestroyObject(h, priv));
	assert_int_equal(count_class(h, CKO_PRIVATE_KEY), 0);
	is_rv(C_DestroyObject(h, priv), CKR_OBJECT_HANDLE_INVALID);
}

static void init_token(void **state)
{
	CK_SESSION_HANDLE h = so_session();
	CK_OBJECT_HANDLE pub = 0, priv = 0;
	CK_UTF8CHAR label[33] = "Fresh token                     ", pin[] = SIM_MGM, wrong[] = "x";
	CK_TOKEN_INFO info;

	(void)state;
	is_ok(make_ec(h, 1, &pub, &priv));
	is_ok(make_ec(h, 5, &pub, &priv));
	is_rv(C_InitToken(0, pin, sizeof(pin) - 1, label), CKR_SESSION_EXISTS);
	is_ok(C_CloseSession(h));
	is_rv(C_InitToken(0, wrong, 1, label), CKR_PIN_INCORRECT);
	is_ok(C_InitToken(0, pin, sizeof(pin) - 1, label));
	is_ok(C_GetTokenInfo(0, &info));
	assert_true(info.flags & CKF_TOKEN_INITIALIZED);
	h = open_session(false);
	assert_int_equal(count_class(h, CKO_PUBLIC_KEY), 0);
}

/* What a card cannot do is said before anything of it is gone. */
static void init_token_of_another_make(void **state)
{
	CK_UTF8CHAR mine[33] = "Fresh token                     ", pin[] = SIM_MGM, label[32];
	CK_SESSION_HANDLE h = so_session();
	CK_OBJECT_HANDLE pub = 0, priv = 0, cert = 0;
	CK_TOKEN_INFO info;
	struct buf der = BUF_INIT(8192);
	struct pubkey *k = NULL;
	uint8_t spki[256];
	CK_OBJECT_CLASS class = CKO_CERTIFICATE;
	CK_BBOOL yes = CK_TRUE;
	CK_ATTRIBUTE t[] = {
	    {CKA_CLASS, &class, sizeof(class)}, {CKA_TOKEN, &yes, 1}, {CKA_VALUE, NULL, 0}};
	size_t n;

	(void)state;
	sim_plain(fix.card);
	is_ok(C_Finalize(NULL));
	is_ok(C_Initialize(NULL));
	is_ok(C_GetTokenInfo(0, &info));
	memcpy(label, info.label, sizeof(label));
	/* no place for a label, but the one that it shows */
	is_rv(C_InitToken(0, pin, sizeof(pin) - 1, mine), CKR_FUNCTION_FAILED);
	is_ok(C_InitToken(0, pin, sizeof(pin) - 1, label));
	/* keys that cannot be deleted */
	h = so_session();
	is_ok(make_ec(h, 1, &pub, &priv));
	n = get_bytes(h, pub, CKA_PUBLIC_KEY_INFO, spki, sizeof(spki));
	assert_int_equal(pubkey_from_spki(rd_of(spki, n), &k), ECERT_OK);
	sim_cert(k, "Somebody", &der);
	t[2].pValue = (void *)(uintptr_t)buf_view(&der).p;
	t[2].ulValueLen = buf_len(&der);
	is_ok(C_CreateObject(h, t, COUNT(t), &cert));
	is_ok(C_CloseSession(h));
	is_rv(C_InitToken(0, pin, sizeof(pin) - 1, label), CKR_TOKEN_WRITE_PROTECTED);
	h = open_session(false);
	assert_int_equal(count_class(h, CKO_CERTIFICATE), 1);
	assert_int_equal(count_class(h, CKO_PUBLIC_KEY), 1);
	buf_free(&der);
	pubkey_free(&k);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, p11_setup_blank, p11_teardown)
	const struct CMUnitTest tests[] = {T(key_generation), T(key_generation_templates),
	    T(certificates), T(import_rsa), T(import_ec), T(other_algorithms), T(data_on_the_token),
	    T(session_certificates), T(public_keys), T(destroying), T(init_token),
	    T(init_token_of_another_make)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
