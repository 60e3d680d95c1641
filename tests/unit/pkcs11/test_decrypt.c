/* SPDX-License-Identifier: BSD-2-Clause */
/* Decryption and derivation. */
#include "tests/unit/pkcs11/keys_fix.h"

static EVP_PKEY *public_of(CK_SESSION_HANDLE h, CK_OBJECT_HANDLE pub)
{
	uint8_t spki[1024];
	const uint8_t *p = spki;
	size_t n = get_bytes(h, pub, CKA_PUBLIC_KEY_INFO, spki, sizeof(spki));
	EVP_PKEY *k = d2i_PUBKEY(NULL, &p, (long)n);

	assert_non_null(k);
	return k;
}

static size_t encrypt(EVP_PKEY *k, int padding, const EVP_MD *md, const char *text, CK_BYTE *out)
{
	EVP_PKEY_CTX *c = EVP_PKEY_CTX_new(k, NULL);
	size_t n = 512;

	assert_int_equal(EVP_PKEY_encrypt_init(c), 1);
	assert_int_equal(EVP_PKEY_CTX_set_rsa_padding(c, padding), 1);
	if (md)
		assert_int_equal(EVP_PKEY_CTX_set_rsa_oaep_md(c, md), 1);
	assert_int_equal(EVP_PKEY_encrypt(c, out, &n, (const uint8_t *)text, strlen(text)), 1);
	EVP_PKEY_CTX_free(c);
	return n;
}

static void decryption(void **state)
{
	CK_OBJECT_HANDLE rsa[2];
	CK_SESSION_HANDLE h = with_keys(rsa, NULL);
	EVP_PKEY *k = public_of(h, rsa[0]);
	CK_RSA_PKCS_OAEP_PARAMS oaep = {CKM_SHA256, CKG_MGF1_SHA256, CKZ_DATA_SPECIFIED, NULL, 0};
	CK_MECHANISM m = {CKM_RSA_PKCS, NULL, 0}, o = {CKM_RSA_PKCS_OAEP, &oaep, sizeof(oaep)},
		     raw = {CKM_RSA_X_509, NULL, 0};
	CK_BYTE c[512], out[512], again[512];
	CK_ULONG n = 0, n2 = sizeof(again), size;

	(void)state;
	size = encrypt(k, RSA_PKCS1_PADDING, NULL, "secret", c);
	is_ok(C_DecryptInit(h, &m, rsa[1]));
	is_ok(C_Decrypt(h, c, size, NULL, &n));
	assert_int_equal(n, 256);
	n = 3;
	is_rv(C_Decrypt(h, c, size, out, &n), CKR_BUFFER_TOO_SMALL);
	assert_int_equal(n, 6);
	is_ok(C_Decrypt(h, c, size, out, &n));
	assert_memory_equal(out, "secret", 6);
	/* in parts */
	is_ok(C_DecryptInit(h, &m, rsa[1]));
	n = sizeof(out);
	is_ok(C_DecryptUpdate(h, c, 100, out, &n));
	assert_int_equal(n, 0);
	n = sizeof(out);
	is_ok(C_DecryptUpdate(h, c + 100, size - 100, out, &n));
	n = sizeof(out);
	is_ok(C_DecryptFinal(h, out, &n));
	assert_int_equal(n, 6);
	/* a wrong padding answers as a right one, and the same each time */
	c[0] = 0;
	c[255] ^= 1;
	n = sizeof(out);
	is_ok(C_DecryptInit(h, &m, rsa[1]));
	is_ok(C_Decrypt(h, c, size, out, &n));
	is_ok(C_DecryptInit(h, &m, rsa[1]));
	is_ok(C_Decrypt(h, c, size, again, &n2));
	assert_int_equal(n, n2);
	assert_memory_equal(out, again, n);
	is_ok(C_DecryptInit(h, &m, rsa[1]));
	is_rv(C_Decrypt(h, c, 255, out, &n), CKR_ENCRYPTED_DATA_LEN_RANGE);

	size = encrypt(k, RSA_PKCS1_OAEP_PADDING, EVP_sha256(), "oaep", c);
	is_ok(C_DecryptInit(h, &o, rsa[1]));
	n = sizeof(out);
	is_ok(C_Decrypt(h, c, size, out, &n));
	assert_int_equal(n, 4);
	oaep.hashAlg = CKM_SHA512;
	is_ok(C_DecryptInit(h, &o, rsa[1]));
	is_rv(C_Decrypt(h, c, size, out, &n), CKR_ENCRYPTED_DATA_INVALID);
	is_rv(C_DecryptInit(h, &raw, rsa[1]), CKR_MECHANISM_INVALID);
	EVP_PKEY_free(k);
}

static void derivation(void **state)
{
	CK_OBJECT_HANDLE ec[2], key = 0;
	CK_SESSION_HANDLE h = with_keys(NULL, ec);
	EVP_PKEY *ours = public_of(h, ec[0]), *peer = EVP_EC_gen("P-256");
	EVP_PKEY_CTX *c = EVP_PKEY_CTX_new(peer, NULL);
	CK_BYTE point[65], want[32], got[32];
	size_t n = sizeof(point), z = sizeof(want);
	CK_ECDH1_DERIVE_PARAMS p = {CKD_NULL, 0, NULL, sizeof(point), point};
	CK_MECHANISM m = {CKM_ECDH1_DERIVE, &p, sizeof(p)};
	CK_OBJECT_CLASS class = CKO_SECRET_KEY;
	CK_KEY_TYPE type = CKK_GENERIC_SECRET;
	CK_ULONG len = 16;
	CK_BBOOL no = CK_FALSE, yes = CK_TRUE;
	CK_ATTRIBUTE t[] = {{CKA_CLASS, &class, sizeof(class)}, {CKA_KEY_TYPE, &type, sizeof(type)},
	    {CKA_EXTRACTABLE, &yes, 1}, {CKA_SENSITIVE, &no, 1},
	    {CKA_VALUE_LEN, &len, sizeof(len)}};
	CK_ATTRIBUTE v = {CKA_VALUE, got, sizeof(got)}, loose = {CKA_EXTRACTABLE, &yes, 1};
	CK_OBJECT_HANDLE copy = 0;

	(void)state;
	assert_int_equal(EVP_PKEY_get_octet_string_param(peer, "pub", point, n, &n), 1);
	assert_int_equal(EVP_PKEY_derive_init(c), 1);
	assert_int_equal(EVP_PKEY_derive_set_peer(c, ours), 1);
	assert_int_equal(EVP_PKEY_derive(c, want, &z), 1);
	is_ok(C_DeriveKey(h, &m, ec[1], t, 4, &key));
	assert_int_equal(get_bytes(h, key, CKA_VALUE, got, sizeof(got)), 32);
	assert_memory_equal(got, want, 32);
	assert_int_equal(get_ulong(h, key, CKA_VALUE_LEN), 32);
	is_ok(C_DestroyObject(h, key));
	/* truncated at the leading end */
	is_ok(C_DeriveKey(h, &m, ec[1], t, 5, &key));
	assert_int_equal(get_bytes(h, key, CKA_VALUE, got, sizeof(got)), 16);
	assert_memory_equal(got, want + 16, 16);
	/* a key that must not be read is not */
	p.kdf = CKD_SHA256_KDF;
	t[2].pValue = &no;
	is_ok(C_DeriveKey(h, &m, ec[1], t, 4, &key));
	is_rv(C_GetAttributeValue(h, key, &v, 1), CKR_ATTRIBUTE_SENSITIVE);
	/* and no copy gives it away */
	is_rv(C_CopyObject(h, key, &loose, 1, &copy), CKR_ATTRIBUTE_READ_ONLY);
	loose = (CK_ATTRIBUTE){CKA_VALUE_LEN, &len, sizeof(len)};
	is_rv(C_CopyObject(h, key, &loose, 1, &copy), CKR_ATTRIBUTE_READ_ONLY);
	loose = (CK_ATTRIBUTE){CKA_SENSITIVE, &yes, 1};
	is_ok(C_CopyObject(h, key, &loose, 1, &copy));
	is_rv(C_GetAttributeValue(h, copy, &v, 1), CKR_ATTRIBUTE_SENSITIVE);
	loose.pValue = &no;
	is_rv(C_CopyObject(h, copy, &loose, 1, &copy), CKR_ATTRIBUTE_READ_ONLY);
	/* a point off the curve */
	point[64] ^= 1;
	is_rv(C_DeriveKey(h, &m, ec[1], t, 4, &key), CKR_MECHANISM_PARAM_INVALID);
	p.ulPublicDataLen = 5;
	is_rv(C_DeriveKey(h, &m, ec[1], t, 4, &key), CKR_MECHANISM_PARAM_INVALID);
	EVP_PKEY_CTX_free(c);
	EVP_PKEY_free(ours);
	EVP_PKEY_free(peer);
}

/* A bare point that begins like a DER OCTET STRING (04 3F) is still a point. */
static void derivation_with_a_misleading_point(void **state)
{
	CK_OBJECT_HANDLE ec[2], key = 0;
	CK_SESSION_HANDLE h = with_keys(NULL, ec);
	CK_BYTE point[65];
	size_t n;
	CK_ECDH1_DERIVE_PARAMS p = {CKD_NULL, 0, NULL, sizeof(point), point};
	CK_MECHANISM m = {CKM_ECDH1_DERIVE, &p, sizeof(p)};

	(void)state;
	do {
		EVP_PKEY *peer = EVP_EC_gen("P-256");

		n = sizeof(point);
		assert_int_equal(EVP_PKEY_get_octet_string_param(peer, "pub", point, n, &n), 1);
		EVP_PKEY_free(peer);
	} while (point[1] != 63);
	is_ok(C_DeriveKey(h, &m, ec[1], NULL, 0, &key));
}

static void derivation_x25519(void **state)
{
	CK_SESSION_HANDLE h = open_session(true);
	CK_MECHANISM make = {CKM_EC_MONTGOMERY_KEY_PAIR_GEN, NULL, 0};
	uint8_t id = 5, point[32], want[32], got[32];
	CK_BBOOL yes = CK_TRUE;
	CK_ATTRIBUTE t[] = {{CKA_ID, &id, 1}, {CKA_TOKEN, &yes, 1}};
	CK_OBJECT_HANDLE pub = 0, priv = 0, key = 0;
	EVP_PKEY *ours, *peer = EVP_PKEY_Q_keygen(NULL, NULL, "X25519");
	EVP_PKEY_CTX *c = EVP_PKEY_CTX_new(peer, NULL);
	CK_ECDH1_DERIVE_PARAMS p = {CKD_NULL, 0, NULL, sizeof(point), point};
	CK_MECHANISM m = {CKM_ECDH1_DERIVE, &p, sizeof(p)};
	size_t n = sizeof(point), z = sizeof(want);

	(void)state;
	login_so(h);
	is_ok(C_GenerateKeyPair(h, &make, NULL, 0, t, 2, &pub, &priv));
	is_ok(C_Logout(h));
	login_user(h);
	ours = public_of(h, pub);
	assert_int_equal(EVP_PKEY_get_raw_public_key(peer, point, &n), 1);
	assert_int_equal(EVP_PKEY_derive_init(c), 1);
	assert_int_equal(EVP_PKEY_derive_set_peer(c, ours), 1);
	assert_int_equal(EVP_PKEY_derive(c, want, &z), 1);
	is_ok(C_DeriveKey(h, &m, priv, NULL, 0, &key));
	assert_int_equal(get_bytes(h, key, CKA_VALUE, got, sizeof(got)), 32);
	assert_memory_equal(got, want, 32);
	EVP_PKEY_CTX_free(c);
	EVP_PKEY_free(ours);
	EVP_PKEY_free(peer);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, p11_setup_blank, p11_teardown)
	const struct CMUnitTest tests[] = {
	    T(decryption),
	    T(derivation),
	    T(derivation_with_a_misleading_point),
	    T(derivation_x25519),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
