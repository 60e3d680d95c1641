/* SPDX-License-Identifier: BSD-2-Clause */
/* Signing, verifying, digests, messages. */
#include "tests/unit/pkcs11/keys_fix.h"

static CK_BYTE data[100] = "what is signed";

static void round_trip(CK_SESSION_HANDLE h, CK_MECHANISM *m, const CK_OBJECT_HANDLE key[2],
    CK_BYTE *in, CK_ULONG in_len)
{
	CK_BYTE sig[512];
	CK_ULONG n = 0, want;

	/* the size, and a buffer that is too small, end nothing */
	is_ok(C_SignInit(h, m, key[1]));
	is_ok(C_Sign(h, in, in_len, NULL, &n));
	want = n;
	n = want - 1;
	is_rv(C_Sign(h, in, in_len, sig, &n), CKR_BUFFER_TOO_SMALL);
	assert_int_equal(n, want);
	is_ok(C_Sign(h, in, in_len, sig, &n));
	assert_int_equal(n, want);
	is_rv(C_Sign(h, in, in_len, sig, &n), CKR_OPERATION_NOT_INITIALIZED);

	is_ok(C_VerifyInit(h, m, key[0]));
	is_ok(C_Verify(h, in, in_len, sig, n));
	is_ok(C_VerifySignatureInit(h, m, key[0], sig, n));
	is_ok(C_VerifySignature(h, in, in_len));
	is_ok(C_VerifyInit(h, m, key[0]));
	is_rv(C_Verify(h, in, in_len, sig, n - 1), CKR_SIGNATURE_LEN_RANGE);
	sig[n / 2] ^= 1;
	is_ok(C_VerifyInit(h, m, key[0]));
	is_rv(C_Verify(h, in, in_len, sig, n), CKR_SIGNATURE_INVALID);

	/* the same in parts */
	is_ok(C_SignInit(h, m, key[1]));
	is_ok(C_SignUpdate(h, in, in_len / 2));
	is_rv(C_Sign(h, in, in_len, sig, &n), CKR_OPERATION_NOT_INITIALIZED);
	is_rv(C_SignFinal(h, sig, &n), CKR_OPERATION_NOT_INITIALIZED);
	is_ok(C_SignInit(h, m, key[1]));
	is_ok(C_SignUpdate(h, in, in_len / 2));
	is_ok(C_SignUpdate(h, in + in_len / 2, in_len - in_len / 2));
	is_ok(C_SignFinal(h, NULL, &n));
	n = 1;
	is_rv(C_SignFinal(h, sig, &n), CKR_BUFFER_TOO_SMALL);
	is_ok(C_SignFinal(h, sig, &n));
	is_ok(C_VerifyInit(h, m, key[0]));
	is_ok(C_VerifyUpdate(h, in, in_len / 3));
	is_ok(C_VerifyUpdate(h, in + in_len / 3, in_len - in_len / 3));
	is_ok(C_VerifyFinal(h, sig, n));
	is_ok(C_VerifySignatureInit(h, m, key[0], sig, n));
	is_ok(C_VerifySignatureUpdate(h, in, in_len));
	is_rv(C_VerifyFinal(h, sig, n), CKR_OPERATION_NOT_INITIALIZED);
	is_ok(C_VerifySignatureFinal(h));
}

static void every_mechanism(void **state)
{
	CK_OBJECT_HANDLE rsa[2], ec[2];
	CK_SESSION_HANDLE h = with_keys(rsa, ec);
	const struct mech *m;
	CK_MECHANISM wrong = {CKM_ECDSA, NULL, 0};

	(void)state;
	for (size_t i = 0; (m = mech_at(i)) != NULL; i++) {
		CK_RSA_PKCS_PSS_PARAMS pss = {CKM_SHA256, CKG_MGF1_SHA256, 32};
		CK_MECHANISM given = {m->type, NULL, 0};
		const struct scheme *s = mech_scheme(m);
		CK_ULONG n = 32;

		if (!s || (m->family != FAMILY_RSA && m->family != FAMILY_EC))
			continue;
		if (s->kind == SCHEME_PSS) {
			is_rv(C_SignInit(h, &given, rsa[1]), CKR_MECHANISM_PARAM_INVALID);
			given.pParameter = &pss;
			given.ulParameterLen = sizeof(pss);
			if (m->md) {
				pss.hashAlg = md_row(m->md)->ckm;
				pss.mgf = md_row(m->md)->ckg;
				pss.sLen = 20;
			}
		}
		if (m->md)
			n = sizeof(data);
		round_trip(h, &given, m->family == FAMILY_RSA ? rsa : ec, data, n);
	}
	is_rv(C_SignInit(h, &wrong, rsa[1]), CKR_KEY_TYPE_INCONSISTENT);
	is_rv(C_SignInit(h, &wrong, ec[0]), CKR_KEY_FUNCTION_NOT_PERMITTED);
	is_rv(C_SignInit(h, &wrong, 4), CKR_KEY_HANDLE_INVALID);
	is_rv(C_VerifyInit(h, &wrong, ec[1]), CKR_KEY_FUNCTION_NOT_PERMITTED);
	wrong.mechanism = CKM_DES_ECB;
	is_rv(C_SignInit(h, &wrong, ec[1]), CKR_MECHANISM_INVALID);
	wrong.mechanism = CKM_SHA256;
	is_rv(C_SignInit(h, &wrong, ec[1]), CKR_MECHANISM_INVALID);
	wrong = (CK_MECHANISM){CKM_ECDSA, data, 5};
	is_rv(C_SignInit(h, &wrong, ec[1]), CKR_MECHANISM_PARAM_INVALID);
}

static void lengths(void **state)
{
	CK_OBJECT_HANDLE rsa[2];
	CK_SESSION_HANDLE h = with_keys(rsa, NULL);
	CK_MECHANISM m = {CKM_RSA_PKCS, NULL, 0};
	CK_BYTE sig[256], big[256] = {1};
	CK_ULONG n = sizeof(sig);

	(void)state;
	is_ok(C_SignInit(h, &m, rsa[1]));
	is_rv(C_Sign(h, big, 246, sig, &n), CKR_DATA_LEN_RANGE);
	is_rv(C_Sign(h, big, 245, sig, &n), CKR_OPERATION_NOT_INITIALIZED);
	is_ok(C_SignInit(h, &m, rsa[1]));
	is_ok(C_Sign(h, big, 245, sig, &n));
	/* a second Init, and its cancellation by a NULL mechanism */
	is_ok(C_SignInit(h, &m, rsa[1]));
	is_rv(C_SignInit(h, &m, rsa[1]), CKR_OPERATION_ACTIVE);
	is_ok(C_SignInit(h, NULL, 0));
	is_rv(C_SignInit(h, NULL, 0), CKR_ARGUMENTS_BAD);
	is_ok(C_SignInit(h, &m, rsa[1]));
	is_ok(C_SessionCancel(h, CKF_SIGN | CKF_ENCRYPT));
	is_rv(C_SignFinal(h, sig, &n), CKR_OPERATION_NOT_INITIALIZED);
}

static void digests(void **state)
{
	CK_SESSION_HANDLE h = open_session(false);
	const struct mech *m;
	CK_BYTE out[64], want[MD_MAX_SIZE];
	size_t want_n;
	CK_ULONG n;

	(void)state;
	for (size_t i = 0; (m = mech_at(i)) != NULL; i++) {
		CK_MECHANISM given = {m->type, NULL, 0};

		if (m->use != USE_DIGEST)
			continue;
		assert_int_equal(digest_once(m->md, rd_of(data, 50), want, &want_n), ECERT_OK);
		is_ok(C_DigestInit(h, &given));
		is_rv(C_DigestInit(h, &given), CKR_OPERATION_ACTIVE);
		is_ok(C_Digest(h, data, 50, NULL, &n));
		assert_int_equal(n, want_n);
		n = want_n - 1;
		is_rv(C_Digest(h, data, 50, out, &n), CKR_BUFFER_TOO_SMALL);
		is_ok(C_Digest(h, data, 50, out, &n));
		assert_memory_equal(out, want, want_n);
		is_ok(C_DigestInit(h, &given));
		is_ok(C_DigestUpdate(h, data, 20));
		is_ok(C_DigestUpdate(h, data + 20, 30));
		is_ok(C_DigestFinal(h, NULL, &n));
		is_ok(C_DigestFinal(h, out, &n));
		assert_memory_equal(out, want, want_n);
		is_ok(C_DigestInit(h, &given));
		is_ok(C_DigestUpdate(h, data, 20));
		is_rv(C_Digest(h, data, 50, out, &n), CKR_OPERATION_NOT_INITIALIZED);
		is_rv(C_DigestFinal(h, out, &n), CKR_OPERATION_NOT_INITIALIZED);
	}
	assert_int_equal(p11_apdus(), 3); /* those of C_OpenSession */
}

/* A digest is taken out of one session and finished twice in another. */
static void digest_states(void **state)
{
	CK_OBJECT_HANDLE ec[2];
	CK_SESSION_HANDLE h = with_keys(NULL, ec), other = open_session(false);
	CK_MECHANISM sha = {CKM_SHA256, NULL, 0}, m = {CKM_ECDSA_SHA256, NULL, 0};
	CK_BYTE blob[64], out[32], want[MD_MAX_SIZE];
	CK_ULONG n = 0, len = sizeof(out);
	size_t want_n;

	(void)state;
	assert_int_equal(digest_once(MD_SHA256, rd_of(data, 50), want, &want_n), ECERT_OK);
	is_ok(C_DigestInit(h, &sha));
	is_ok(C_DigestUpdate(h, data, 20));
	is_ok(C_GetOperationState(h, NULL, &n));
	assert_true(n && n <= sizeof(blob));
	n--;
	is_rv(C_GetOperationState(h, blob, &n), CKR_BUFFER_TOO_SMALL);
	is_ok(C_GetOperationState(h, blob, &n));
	for (int i = 0; i < 2; i++) {
		is_ok(C_SetOperationState(other, blob, n, 0, 0));
		is_ok(C_DigestUpdate(other, data + 20, 30));
		len = sizeof(out);
		is_ok(C_DigestFinal(other, out, &len));
		assert_memory_equal(out, want, want_n);
	}
	is_rv(C_SetOperationState(other, blob, n, ec[1], 0), CKR_KEY_NOT_NEEDED);
	blob[0] ^= 1;
	is_rv(C_SetOperationState(other, blob, n, 0, 0), CKR_SAVED_STATE_INVALID);
	is_rv(C_SetOperationState(other, blob, n - 1, 0, 0), CKR_SAVED_STATE_INVALID);
	is_rv(C_DigestUpdate(other, data, 1), CKR_OPERATION_NOT_INITIALIZED);
	/* with a private key at work it is the card's, and stays */
	is_ok(C_SignInit(h, &m, ec[1]));
	is_rv(C_GetOperationState(h, blob, &n), CKR_STATE_UNSAVEABLE);
}

/* A digest goes on while another operation runs in the same session. */
static void interleaved(void **state)
{
	CK_OBJECT_HANDLE ec[2], o;
	CK_SESSION_HANDLE h = with_keys(NULL, ec);
	CK_MECHANISM sha = {CKM_SHA256, NULL, 0}, m = {CKM_ECDSA_SHA256, NULL, 0};
	CK_BYTE out[32], sig[64];
	CK_ULONG n = sizeof(out), k = sizeof(sig), found;

	(void)state;
	is_ok(C_DigestInit(h, &sha));
	is_ok(C_SignInit(h, &m, ec[1]));
	is_ok(C_FindObjectsInit(h, NULL, 0));
	is_ok(C_DigestUpdate(h, data, 10));
	is_ok(C_SignUpdate(h, data, 10));
	is_ok(C_FindObjects(h, &o, 1, &found));
	is_ok(C_DigestFinal(h, out, &n));
	is_ok(C_FindObjectsFinal(h));
	is_ok(C_SignFinal(h, sig, &k));
}

static void messages(void **state)
{
	CK_OBJECT_HANDLE ec[2];
	CK_SESSION_HANDLE h = with_keys(NULL, ec);
	CK_MECHANISM m = {CKM_ECDSA_SHA256, NULL, 0};
	CK_BYTE sig[2][64];
	CK_ULONG n = 64;

	(void)state;
	is_ok(C_MessageSignInit(h, &m, ec[1]));
	is_ok(C_SignMessage(h, NULL, 0, data, 10, NULL, &n));
	assert_int_equal(n, 64);
	is_ok(C_SignMessage(h, NULL, 0, data, 10, sig[0], &n));
	is_rv(C_SignMessage(h, data, 1, data, 10, sig[0], &n), CKR_MECHANISM_PARAM_INVALID);
	is_ok(C_SignMessageBegin(h, NULL, 0));
	is_rv(C_SignMessage(h, NULL, 0, data, 10, sig[1], &n), CKR_OPERATION_ACTIVE);
	is_ok(C_SignMessageNext(h, NULL, 0, data, 5, NULL, NULL));
	is_ok(C_SignMessageNext(h, NULL, 0, data + 5, 5, NULL, &n));
	is_ok(C_SignMessageNext(h, NULL, 0, data + 5, 5, sig[1], &n));
	is_rv(C_SignMessageNext(h, NULL, 0, data, 5, sig[1], &n), CKR_OPERATION_NOT_INITIALIZED);
	is_ok(C_MessageSignFinal(h));

	is_ok(C_MessageVerifyInit(h, &m, ec[0]));
	is_ok(C_VerifyMessage(h, NULL, 0, data, 10, sig[0], 64));
	is_rv(C_VerifyMessage(h, NULL, 0, data, 11, sig[0], 64), CKR_SIGNATURE_INVALID);
	is_ok(C_VerifyMessageBegin(h, NULL, 0));
	is_ok(C_VerifyMessageNext(h, NULL, 0, data, 3, NULL, 0));
	is_ok(C_VerifyMessageNext(h, NULL, 0, data + 3, 7, sig[1], 64));
	is_ok(C_MessageVerifyFinal(h));
}

/* Verifying with a key that was given, not found. */
static void session_public_key(void **state)
{
	CK_OBJECT_HANDLE ec[2], pub = 0;
	CK_SESSION_HANDLE h = with_keys(NULL, ec);
	CK_MECHANISM m = {CKM_ECDSA_SHA256, NULL, 0};
	CK_OBJECT_CLASS class = CKO_PUBLIC_KEY;
	CK_KEY_TYPE type = CKK_EC;
	uint8_t point[128], sig[64], other[128];
	CK_ULONG n = sizeof(sig);
	CK_ATTRIBUTE t[] = {{CKA_CLASS, &class, sizeof(class)}, {CKA_KEY_TYPE, &type, sizeof(type)},
	    {CKA_EC_PARAMS, p256_params, sizeof(p256_params)}, {CKA_EC_POINT, point, 0}};

	(void)state;
	t[3].ulValueLen = get_bytes(h, ec[0], CKA_EC_POINT, point, sizeof(point));
	is_ok(C_CreateObject(h, t, 4, &pub));
	assert_int_equal(get_bytes(h, pub, CKA_PUBLIC_KEY_INFO, other, sizeof(other)), 91);
	is_ok(C_SignInit(h, &m, ec[1]));
	is_ok(C_Sign(h, data, 30, sig, &n));
	is_ok(C_VerifyInit(h, &m, pub));
	is_ok(C_Verify(h, data, 30, sig, n));
	point[20] ^= 1;
	is_rv(C_CreateObject(h, t, 4, &pub), CKR_ATTRIBUTE_VALUE_INVALID);
	is_rv(C_CreateObject(h, t, 3, &pub), CKR_TEMPLATE_INCOMPLETE);
	class = CKO_SECRET_KEY;
	is_rv(C_CreateObject(h, t, 3, &pub), CKR_TEMPLATE_INCONSISTENT);
}

/* A public key of the session, by its parts or whole, of a size that no card makes. */
static CK_OBJECT_HANDLE rsa_object(CK_SESSION_HANDLE h, EVP_PKEY *key, bool whole, CK_ULONG bits)
{
	CK_OBJECT_CLASS class = CKO_PUBLIC_KEY;
	CK_KEY_TYPE type = CKK_RSA;
	BIGNUM *n = NULL, *e = NULL;
	uint8_t modulus[513], exponent[8], *spki = NULL;
	int n_len, e_len, spki_len = i2d_PUBKEY(key, &spki);
	CK_OBJECT_HANDLE o = 0;

	assert_int_equal(EVP_PKEY_get_bn_param(key, "n", &n), 1);
	assert_int_equal(EVP_PKEY_get_bn_param(key, "e", &e), 1);
	n_len = BN_bn2bin(n, modulus);
	e_len = BN_bn2bin(e, exponent);
	{
		CK_ATTRIBUTE parts[] = {{CKA_CLASS, &class, sizeof(class)},
		    {CKA_KEY_TYPE, &type, sizeof(type)}, {CKA_MODULUS, modulus, (CK_ULONG)n_len},
		    {CKA_PUBLIC_EXPONENT, exponent, (CK_ULONG)e_len}};
		CK_ATTRIBUTE info[] = {{CKA_CLASS, &class, sizeof(class)},
		    {CKA_PUBLIC_KEY_INFO, spki, (CK_ULONG)spki_len},
		    {CKA_MODULUS_BITS, &bits, sizeof(bits)}};

		is_ok(C_CreateObject(h, whole ? info : parts, whole ? 3 : 4, &o));
	}
	assert_int_equal(get_ulong(h, o, CKA_MODULUS_BITS), bits);
	BN_free(n);
	BN_free(e);
	OPENSSL_free(spki);
	return o;
}

static size_t rsa_sign(EVP_PKEY *key, bool pss, uint8_t *sig, size_t cap)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	EVP_PKEY_CTX *pctx = NULL;
	size_t n = cap;

	assert_int_equal(EVP_DigestSignInit(ctx, &pctx, EVP_sha256(), NULL, key), 1);
	if (pss) {
		assert_int_equal(EVP_PKEY_CTX_set_rsa_padding(pctx, RSA_PKCS1_PSS_PADDING), 1);
		assert_int_equal(EVP_PKEY_CTX_set_rsa_pss_saltlen(pctx, 32), 1);
	}
	assert_int_equal(EVP_DigestSign(ctx, sig, &n, data, sizeof(data)), 1);
	EVP_MD_CTX_free(ctx);
	return n;
}

static void rsa_of_every_size(void **state)
{
	static const unsigned sizes[] = {1024, 1025, 1280, 1536, 2047, 2050, 4096};
	CK_SESSION_HANDLE h = open_session(false);
	CK_RSA_PKCS_PSS_PARAMS params = {CKM_SHA256, CKG_MGF1_SHA256, 32};
	CK_MECHANISM m[] = {
	    {CKM_SHA256_RSA_PKCS, NULL, 0}, {CKM_SHA256_RSA_PKCS_PSS, &params, sizeof(params)}};
	uint8_t sig[512];

	(void)state;
	for (size_t i = 0; i < COUNT(sizes); i++) {
		EVP_PKEY *key = EVP_RSA_gen(sizes[i]);

		assert_non_null(key);
		for (int pss = 0; pss < 2; pss++) {
			CK_OBJECT_HANDLE o = rsa_object(h, key, i % 2, sizes[i]);
			CK_ULONG n = rsa_sign(key, pss, sig, sizeof(sig));

			assert_int_equal(n, (sizes[i] + 7) / 8);
			is_ok(C_VerifyInit(h, &m[pss], o));
			is_ok(C_Verify(h, data, sizeof(data), sig, n));
			sig[n / 2] ^= 1;
			is_ok(C_VerifyInit(h, &m[pss], o));
			is_rv(C_Verify(h, data, sizeof(data), sig, n), CKR_SIGNATURE_INVALID);
			is_ok(C_VerifyInit(h, &m[pss], o));
			is_rv(C_Verify(h, data, sizeof(data), sig, n - 1), CKR_SIGNATURE_LEN_RANGE);
			is_ok(C_DestroyObject(h, o));
		}
		EVP_PKEY_free(key);
	}
}

static void random_bytes_differ(void **state)
{
	CK_SESSION_HANDLE h = open_session(false);
	CK_BYTE a[64] = {0}, b[64] = {0};

	(void)state;
	is_ok(C_GenerateRandom(h, a, sizeof(a)));
	is_ok(C_GenerateRandom(h, b, sizeof(b)));
	assert_memory_not_equal(a, b, 32);
	assert_memory_not_equal(a + 32, b + 32, 32);
	is_ok(C_GenerateRandom(h, NULL, 0));
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, p11_setup_blank, p11_teardown)
	const struct CMUnitTest tests[] = {T(every_mechanism), T(lengths), T(digests),
	    T(digest_states), T(interleaved), T(messages), T(session_public_key),
	    T(rsa_of_every_size), T(random_bytes_differ)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
