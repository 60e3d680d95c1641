/* SPDX-License-Identifier: BSD-2-Clause */
/* Strict suite: the state machines of digest, sign, verify, decrypt and the messages (5.10-5.19).
 */
#include "tests/interop/strict.h"

static CK_BYTE data[64] = "what is signed", sig[1024];
static CK_MECHANISM sha256 = {CKM_SHA256, NULL, 0}, ecdsa = {CKM_ECDSA, NULL, 0},
		    ecdsa_sha = {CKM_ECDSA_SHA256, NULL, 0}, rsa = {CKM_RSA_PKCS, NULL, 0},
		    bogus = {0x7fffffffUL, NULL, 0}, rsa_sha = {CKM_SHA256_RSA_PKCS, NULL, 0};

static void digests(CK_SESSION_HANDLE h)
{
	CK_BYTE a[64], b[64];
	CK_ULONG n = 0, m = sizeof(b);
	CK_MECHANISM param = {CKM_SHA256, data, 4};

	IS(p->C_Digest(h, data, 3, a, &m), CKR_OPERATION_NOT_INITIALIZED);
	IS(p->C_DigestUpdate(h, data, 3), CKR_OPERATION_NOT_INITIALIZED);
	IS(p->C_DigestFinal(h, a, &m), CKR_OPERATION_NOT_INITIALIZED);
	IS(p->C_DigestInit(h, NULL), CKR_ARGUMENTS_BAD, CKR_OK, CKR_OPERATION_NOT_INITIALIZED);
	IS(p->C_DigestInit(h, &bogus), CKR_MECHANISM_INVALID);
	IS(p->C_DigestInit(h, &rsa), CKR_MECHANISM_INVALID);
	IS(p->C_DigestInit(h, &param), CKR_MECHANISM_PARAM_INVALID);
	OK(p->C_DigestInit(h, &sha256));
	IS(p->C_DigestInit(h, &sha256), CKR_OPERATION_ACTIVE);
	OK(p->C_Digest(h, data, 3, NULL, &n));
	HOLDS(n == 32);
	n = 31;
	IS(p->C_Digest(h, data, 3, a, &n), CKR_BUFFER_TOO_SMALL);
	HOLDS(n == 32);
	OK(p->C_Digest(h, data, 3, a, &n));
	IS(p->C_Digest(h, data, 3, a, &n), CKR_OPERATION_NOT_INITIALIZED);
	OK(p->C_DigestInit(h, &sha256));
	OK(p->C_DigestUpdate(h, data, 1));
	OK(p->C_DigestUpdate(h, NULL, 0));
	OK(p->C_DigestUpdate(h, data + 1, 2));
	n = 1;
	IS(p->C_DigestFinal(h, b, &n), CKR_BUFFER_TOO_SMALL);
	OK(p->C_DigestFinal(h, b, &n));
	HOLDS(n == 32 && !memcmp(a, b, 32));
	OK(p->C_DigestInit(h, &sha256));
	OK(p->C_DigestUpdate(h, data, 1));
	m = sizeof(b);
	/* 5.12.2: not to end a multi-part digest; and the operation is over */
	IS(p->C_Digest(h, data, 3, b, &m), CKR_OPERATION_NOT_INITIALIZED);
	IS(p->C_DigestFinal(h, b, &m), CKR_OPERATION_NOT_INITIALIZED);
	OK(p->C_DigestInit(h, &sha256));
	OK(p->C_DigestInit(h, NULL));
	IS(p->C_DigestFinal(h, b, &m), CKR_OPERATION_NOT_INITIALIZED);
	IS(p->C_DigestKey(h, 1), CKR_OPERATION_NOT_INITIALIZED);
}

static void sign_inits(CK_SESSION_HANDLE h)
{
	CK_OBJECT_HANDLE ec = find_id(h, CKO_PRIVATE_KEY, 1), r = find_id(h, CKO_PRIVATE_KEY, 3);
	CK_OBJECT_HANDLE pub = find_id(h, CKO_PUBLIC_KEY, 1), cert = find_id(h, CKO_CERTIFICATE, 1);
	CK_MECHANISM param = {CKM_ECDSA, data, 4}, pss = {CKM_RSA_PKCS_PSS, data, 1};
	CK_MECHANISM oaep = {CKM_RSA_PKCS_OAEP, NULL, 0}, gen = {CKM_EC_KEY_PAIR_GEN, NULL, 0};
	CK_ULONG n = sizeof(sig);

	IS(p->C_Sign(h, data, 32, sig, &n), CKR_OPERATION_NOT_INITIALIZED);
	IS(p->C_SignUpdate(h, data, 32), CKR_OPERATION_NOT_INITIALIZED);
	IS(p->C_SignFinal(h, sig, &n), CKR_OPERATION_NOT_INITIALIZED);
	IS(p->C_SignInit(h, &bogus, ec), CKR_MECHANISM_INVALID);
	IS(p->C_SignInit(h, &gen, ec), CKR_MECHANISM_INVALID);
	IS(p->C_SignInit(h, &oaep, r), CKR_MECHANISM_INVALID);
	IS(p->C_SignInit(h, &param, ec), CKR_MECHANISM_PARAM_INVALID);
	IS(p->C_SignInit(h, &pss, r), CKR_MECHANISM_PARAM_INVALID);
	IS(p->C_SignInit(h, &ecdsa, 0), CKR_KEY_HANDLE_INVALID);
	IS(p->C_SignInit(h, &ecdsa, cert), CKR_KEY_HANDLE_INVALID);
	IS(p->C_SignInit(h, &ecdsa, r), CKR_KEY_TYPE_INCONSISTENT);
	IS(p->C_SignInit(h, &rsa, ec), CKR_KEY_TYPE_INCONSISTENT);
	IS(p->C_SignInit(h, &ecdsa, pub), CKR_KEY_FUNCTION_NOT_PERMITTED);
	IS(p->C_SignInit(h, &rsa, pub), CKR_KEY_TYPE_INCONSISTENT);
	IS(p->C_VerifyInit(h, &ecdsa, ec), CKR_KEY_FUNCTION_NOT_PERMITTED);
	IS(p->C_VerifyInit(h, &rsa, ec), CKR_KEY_TYPE_INCONSISTENT);
	IS(p->C_VerifyInit(h, &rsa, pub), CKR_KEY_TYPE_INCONSISTENT);
	IS(p->C_VerifyInit(h, &ecdsa, cert), CKR_KEY_HANDLE_INVALID);
	IS(p->C_VerifyInit(h, &bogus, pub), CKR_MECHANISM_INVALID);
	IS(p->C_DecryptInit(h, &rsa, ec), CKR_KEY_TYPE_INCONSISTENT);
	IS(p->C_DecryptInit(h, &ecdsa, ec), CKR_MECHANISM_INVALID);
	IS(p->C_DecryptInit(h, &oaep, r), CKR_MECHANISM_PARAM_INVALID);
}

/* Signs data[0..n) in one part, with every way of asking for the size. */
static void sign_key(CK_SESSION_HANDLE h, CK_BYTE id, CK_MECHANISM *m, CK_ULONG len)
{
	CK_OBJECT_HANDLE key = find_id(h, CKO_PRIVATE_KEY, id),
			 pub = find_id(h, CKO_PUBLIC_KEY, id);
	CK_ULONG size = 0, n;

	OK(sign_init(h, m->mechanism, key));
	IS(p->C_SignInit(h, m, key), CKR_OPERATION_ACTIVE);
	OK(p->C_Sign(h, data, len, NULL, &size));
	HOLDS(size == 64 || size == 256);
	n = size - 1;
	IS(p->C_Sign(h, data, len, sig, &n), CKR_BUFFER_TOO_SMALL);
	HOLDS(n == size);
	OK(p->C_Sign(h, data, len, sig, &n));
	HOLDS(n == size);
	IS(p->C_Sign(h, data, len, sig, &n), CKR_OPERATION_NOT_INITIALIZED);
	OK(p->C_VerifyInit(h, m, pub));
	IS(p->C_VerifyInit(h, m, pub), CKR_OPERATION_ACTIVE);
	OK(p->C_Verify(h, data, len, sig, n));
	IS(p->C_Verify(h, data, len, sig, n), CKR_OPERATION_NOT_INITIALIZED);
	OK(p->C_VerifyInit(h, m, pub));
	IS(p->C_Verify(h, data, len, sig, n - 1), CKR_SIGNATURE_LEN_RANGE);
	OK(p->C_VerifyInit(h, m, pub));
	sig[n / 2] ^= 1;
	IS(p->C_Verify(h, data, len, sig, n), CKR_SIGNATURE_INVALID);
	sig[n / 2] ^= 1;
	OK(p->C_VerifySignatureInit(h, m, pub, sig, n));
	OK(p->C_VerifySignature(h, data, len));
	IS(p->C_VerifySignature(h, data, len), CKR_OPERATION_NOT_INITIALIZED);
	OK(p->C_VerifySignatureInit(h, m, pub, sig, n));
	IS(p->C_VerifyFinal(h, sig, n), CKR_OPERATION_NOT_INITIALIZED);
	data[0] ^= 1;
	IS(p->C_VerifySignature(h, data, len), CKR_SIGNATURE_INVALID);
	data[0] ^= 1;
}

static void multi_part(CK_SESSION_HANDLE h, CK_BYTE id, CK_MECHANISM *m)
{
	CK_OBJECT_HANDLE key = find_id(h, CKO_PRIVATE_KEY, id),
			 pub = find_id(h, CKO_PUBLIC_KEY, id);
	CK_BYTE hash[32];
	CK_ULONG n = sizeof(sig), d = sizeof(hash);

	OK(sign_init(h, m->mechanism, key));
	OK(p->C_DigestInit(h, &sha256)); /* one of each kind may be active */
	OK(p->C_SignUpdate(h, data, 10));
	OK(p->C_DigestUpdate(h, data, 10));
	OK(p->C_SignUpdate(h, NULL, 0));
	OK(p->C_SignUpdate(h, data + 10, 10));
	OK(p->C_DigestFinal(h, hash, &d));
	OK(p->C_SignFinal(h, NULL, &n));
	n = 1;
	IS(p->C_SignFinal(h, sig, &n), CKR_BUFFER_TOO_SMALL);
	OK(p->C_SignFinal(h, sig, &n));
	IS(p->C_SignFinal(h, sig, &n), CKR_OPERATION_NOT_INITIALIZED);
	OK(p->C_VerifyInit(h, m, pub));
	OK(p->C_VerifyUpdate(h, data, 20));
	OK(p->C_VerifyFinal(h, sig, n));
	IS(p->C_VerifyFinal(h, sig, n), CKR_OPERATION_NOT_INITIALIZED);
	OK(p->C_VerifyInit(h, m, pub));
	OK(p->C_VerifyUpdate(h, data, 3));
	IS(p->C_Verify(h, data, 20, sig, n), CKR_OPERATION_NOT_INITIALIZED);
	IS(p->C_VerifyFinal(h, sig, n), CKR_OPERATION_NOT_INITIALIZED);
	OK(p->C_VerifySignatureInit(h, m, pub, sig, n));
	OK(p->C_VerifySignatureUpdate(h, data, 20));
	OK(p->C_VerifySignatureFinal(h));
	OK(sign_init(h, m->mechanism, key));
	OK(p->C_SignUpdate(h, data, 3));
	IS(p->C_Sign(h, data, 3, sig, &n), CKR_OPERATION_NOT_INITIALIZED);
	IS(p->C_SignFinal(h, sig, &n), CKR_OPERATION_NOT_INITIALIZED);
	OK(sign_init(h, m->mechanism, key));
	OK(p->C_SignInit(h, NULL, 0));
	IS(p->C_SignUpdate(h, data, 3), CKR_OPERATION_NOT_INITIALIZED);
}

static void ranges(CK_SESSION_HANDLE h)
{
	CK_OBJECT_HANDLE r = find_id(h, CKO_PRIVATE_KEY, 3), pub = find_id(h, CKO_PUBLIC_KEY, 3);
	static CK_BYTE big[256];
	CK_RSA_PKCS_PSS_PARAMS pp = {CKM_SHA256, CKG_MGF1_SHA256, 32};
	CK_MECHANISM pss = {CKM_RSA_PKCS_PSS, &pp, sizeof(pp)};
	CK_MECHANISM wrong = {CKM_SHA384_RSA_PKCS_PSS, &pp, sizeof(pp)};
	CK_ULONG n = sizeof(sig);

	OK(p->C_SignInit(h, &rsa, r));
	IS(p->C_Sign(h, big, 246, sig, &n), CKR_DATA_LEN_RANGE);
	IS(p->C_Sign(h, big, 20, sig, &n), CKR_OPERATION_NOT_INITIALIZED);
	IS(p->C_SignInit(h, &wrong, r), CKR_MECHANISM_PARAM_INVALID);
	OK(p->C_SignInit(h, &pss, r));
	IS(p->C_Sign(h, big, 31, sig, &n), CKR_DATA_LEN_RANGE);
	OK(p->C_SignInit(h, &pss, r));
	n = sizeof(sig);
	OK(p->C_Sign(h, big, 32, sig, &n));
	OK(p->C_VerifyInit(h, &pss, pub));
	OK(p->C_Verify(h, big, 32, sig, n));
	pp.sLen = 4000;
	IS(p->C_SignInit(h, &pss, r), CKR_MECHANISM_PARAM_INVALID);
}

static void decrypts(CK_SESSION_HANDLE h)
{
	CK_OBJECT_HANDLE r = find_id(h, CKO_PRIVATE_KEY, 3);
	static CK_BYTE cipher[256] = {0, 1, 2}, out[256];
	CK_RSA_PKCS_OAEP_PARAMS op = {CKM_SHA256, CKG_MGF1_SHA256, CKZ_DATA_SPECIFIED, NULL, 0};
	CK_MECHANISM oaep = {CKM_RSA_PKCS_OAEP, &op, sizeof(op)};
	CK_ULONG n = sizeof(out);

	IS(p->C_Decrypt(h, cipher, 256, out, &n), CKR_OPERATION_NOT_INITIALIZED);
	IS(p->C_DecryptUpdate(h, cipher, 256, out, &n), CKR_OPERATION_NOT_INITIALIZED);
	IS(p->C_DecryptFinal(h, out, &n), CKR_OPERATION_NOT_INITIALIZED);
	OK(p->C_DecryptInit(h, &rsa, r));
	IS(p->C_DecryptInit(h, &rsa, r), CKR_OPERATION_ACTIVE);
	n = 0;
	OK(p->C_Decrypt(h, cipher, 256, NULL, &n));
	HOLDS(n > 0);
	n = sizeof(out);
	IS(p->C_Decrypt(h, cipher, 255, out, &n), CKR_ENCRYPTED_DATA_LEN_RANGE);
	IS(p->C_Decrypt(h, cipher, 256, out, &n), CKR_OPERATION_NOT_INITIALIZED);
	OK(p->C_DecryptInit(h, &oaep, r));
	n = sizeof(out);
	IS(p->C_Decrypt(h, cipher, 256, out, &n), CKR_ENCRYPTED_DATA_INVALID);
	op.mgf = 99;
	IS(p->C_DecryptInit(h, &oaep, r), CKR_MECHANISM_PARAM_INVALID);
	OK(p->C_DecryptInit(h, &rsa, r));
	OK(p->C_DecryptInit(h, NULL, 0));
	IS(p->C_DecryptFinal(h, out, &n), CKR_OPERATION_NOT_INITIALIZED);
}

static void messages(CK_SESSION_HANDLE h, CK_BYTE id, CK_MECHANISM *m)
{
	CK_OBJECT_HANDLE key = find_id(h, CKO_PRIVATE_KEY, id),
			 pub = find_id(h, CKO_PUBLIC_KEY, id);
	CK_ULONG n = sizeof(sig);

	IS(p->C_SignMessage(h, NULL, 0, data, 9, sig, &n), CKR_OPERATION_NOT_INITIALIZED);
	IS(p->C_MessageSignFinal(h), CKR_OPERATION_NOT_INITIALIZED);
	IS(p->C_MessageSignInit(h, &bogus, key), CKR_MECHANISM_INVALID);
	OK(p->C_MessageSignInit(h, m, key));
	IS(p->C_MessageSignInit(h, m, key), CKR_OPERATION_ACTIVE);
	IS(p->C_SignMessageNext(h, NULL, 0, data, 9, NULL, NULL), CKR_OPERATION_NOT_INITIALIZED);
	for (int i = 0; i < 2; i++) {
		n = 1;
		IS(p->C_SignMessage(h, NULL, 0, data, 9, sig, &n), CKR_BUFFER_TOO_SMALL);
		OK(p->C_SignMessage(h, NULL, 0, data, 9, sig, &n));
	}
	OK(p->C_SignMessageBegin(h, NULL, 0));
	OK(p->C_SignMessageNext(h, NULL, 0, data, 4, NULL, NULL));
	OK(p->C_SignMessageNext(h, NULL, 0, data + 4, 5, sig, &n));
	OK(p->C_MessageSignFinal(h));
	IS(p->C_MessageSignFinal(h), CKR_OPERATION_NOT_INITIALIZED);
	OK(p->C_MessageVerifyInit(h, m, pub));
	OK(p->C_VerifyMessage(h, NULL, 0, data, 9, sig, n));
	IS(p->C_VerifyMessage(h, NULL, 0, data, 8, sig, n), CKR_SIGNATURE_INVALID);
	IS(p->C_VerifyMessage(h, NULL, 0, data, 9, sig, n - 1), CKR_SIGNATURE_LEN_RANGE);
	OK(p->C_VerifyMessageBegin(h, NULL, 0));
	OK(p->C_VerifyMessageNext(h, NULL, 0, data, 4, NULL, 0));
	OK(p->C_VerifyMessageNext(h, NULL, 0, data + 4, 5, sig, n));
	OK(p->C_MessageVerifyFinal(h));
	IS(p->C_VerifyMessage(h, NULL, 0, data, 9, sig, n), CKR_OPERATION_NOT_INITIALIZED);
}

bool agrees(CK_SESSION_HANDLE h, CK_MECHANISM *ecdh, CK_OBJECT_HANDLE key)
{
	CK_OBJECT_HANDLE o = 0;
	CK_RV rv = p->C_DeriveKey(h, ecdh, key, NULL, 0, &o);

	IS(rv, CKR_OK, CKR_KEY_FUNCTION_NOT_PERMITTED);
	HOLDS(get_bool(h, key, CKA_DERIVE) == (rv == CKR_OK));
	return rv == CKR_OK;
}

static void derives(CK_SESSION_HANDLE h)
{
	CK_OBJECT_HANDLE ec = find_id(h, CKO_PRIVATE_KEY, 1), r = find_id(h, CKO_PRIVATE_KEY, 3);
	CK_OBJECT_HANDLE pub = find_id(h, CKO_PUBLIC_KEY, 2), o = 0, copy = 0;
	CK_OBJECT_HANDLE cert = find_id(h, CKO_CERTIFICATE, 1);
	CK_BYTE point[128], value[64];
	CK_ULONG n = sizeof(point), want = 33, m = sizeof(value);
	CK_ECDH1_DERIVE_PARAMS dp = {CKD_NULL, 0, NULL, sizeof(point), point};
	CK_MECHANISM ecdh = {CKM_ECDH1_DERIVE, &dp, sizeof(dp)}, bare = {CKM_ECDH1_DERIVE, NULL, 0};
	CK_BBOOL yes = CK_TRUE, no = CK_FALSE;
	CK_OBJECT_CLASS data_class = CKO_DATA;
	CK_ATTRIBUTE on = {CKA_TOKEN, &yes, 1}, len = {CKA_VALUE_LEN, &want, sizeof(want)};
	CK_ATTRIBUTE hide[] = {{CKA_SENSITIVE, &yes, 1}, {CKA_EXTRACTABLE, &no, 1}};
	CK_ATTRIBUTE show[] = {{CKA_SENSITIVE, &no, 1}, {CKA_EXTRACTABLE, &yes, 1}};
	CK_ATTRIBUTE klass = {CKA_CLASS, &data_class, sizeof(data_class)};

	OK(get(h, pub, CKA_EC_POINT, point, &n));
	dp.ulPublicDataLen = n;
	IS(p->C_DeriveKey(h, NULL, ec, NULL, 0, &o), CKR_ARGUMENTS_BAD);
	IS(p->C_DeriveKey(h, &ecdh, ec, NULL, 0, NULL), CKR_ARGUMENTS_BAD);
	IS(p->C_DeriveKey(h, &sha256, ec, NULL, 0, &o), CKR_MECHANISM_INVALID);
	IS(p->C_DeriveKey(h, &bare, ec, NULL, 0, &o), CKR_MECHANISM_PARAM_INVALID);
	IS(p->C_DeriveKey(h, &ecdh, 0, NULL, 0, &o), CKR_KEY_HANDLE_INVALID);
	IS(p->C_DeriveKey(h, &ecdh, r, NULL, 0, &o), CKR_KEY_TYPE_INCONSISTENT);
	IS(p->C_DeriveKey(h, &ecdh, pub, NULL, 0, &o), CKR_KEY_FUNCTION_NOT_PERMITTED);
	if (!agrees(h, &ecdh, ec))
		return;
	IS(p->C_DeriveKey(h, &ecdh, ec, &on, 1, &o), CKR_SESSION_READ_ONLY);
	IS(p->C_DeriveKey(h, &ecdh, ec, &klass, 1, &o), CKR_TEMPLATE_INCONSISTENT);
	IS(p->C_DeriveKey(h, &ecdh, ec, &len, 1, &o), CKR_KEY_SIZE_RANGE,
	    CKR_TEMPLATE_INCONSISTENT);
	point[10] ^= 1;
	IS(p->C_DeriveKey(h, &ecdh, ec, NULL, 0, &o), CKR_MECHANISM_PARAM_INVALID);
	point[10] ^= 1;
	OK(p->C_DeriveKey(h, &ecdh, ec, NULL, 0, &o));
	HOLDS(get_ulong(h, o, CKA_CLASS) == CKO_SECRET_KEY);
	HOLDS(get_ulong(h, o, CKA_VALUE_LEN) == 32 && !get_bool(h, o, CKA_LOCAL));
	OK(get(h, o, CKA_VALUE, value, &m));
	OK(p->C_DeriveKey(h, &ecdh, ec, hide, 2, &o));
	IS(get(h, o, CKA_VALUE, value, &m), CKR_ATTRIBUTE_SENSITIVE);
	/* 6.3.19: a base key that never left hands that on */
	HOLDS(get_bool(h, ec, CKA_ALWAYS_SENSITIVE) == get_bool(h, o, CKA_ALWAYS_SENSITIVE));
	HOLDS(get_bool(h, ec, CKA_NEVER_EXTRACTABLE) == get_bool(h, o, CKA_NEVER_EXTRACTABLE));
	IS(p->C_CopyObject(h, o, show, 1, &copy), CKR_ATTRIBUTE_READ_ONLY);
	IS(p->C_CopyObject(h, o, show + 1, 1, &copy), CKR_ATTRIBUTE_READ_ONLY);
	OK(p->C_CopyObject(h, o, NULL, 0, &copy));
	IS(get(h, copy, CKA_VALUE, value, &m), CKR_ATTRIBUTE_SENSITIVE);
	IS(p->C_SignInit(h, &ecdsa, o), CKR_KEY_TYPE_INCONSISTENT);
	OK(p->C_DigestInit(h, &sha256));
	IS(p->C_DigestKey(h, cert), CKR_KEY_HANDLE_INVALID);
	IS(p->C_DigestKey(h, 0), CKR_KEY_HANDLE_INVALID);
	IS(p->C_DigestKey(h, ec), CKR_KEY_INDIGESTIBLE);
	OK(p->C_SessionCancel(h, CKF_DIGEST));
	HOLDS(!get_bool(h, o, CKA_ENCRYPT) && !get_bool(h, o, CKA_WRAP_WITH_TRUSTED));
}

static void refusals(CK_SESSION_HANDLE h)
{
	CK_BYTE out[64];
	CK_ULONG n = sizeof(out);
	CK_OBJECT_HANDLE pub = find_id(h, CKO_PUBLIC_KEY, 3), o;

	IS(p->C_EncryptInit(h, &rsa, pub), CKR_FUNCTION_NOT_SUPPORTED);
	IS(p->C_SignRecoverInit(h, &rsa, pub), CKR_FUNCTION_NOT_SUPPORTED);
	IS(p->C_DigestEncryptUpdate(h, data, 4, out, &n), CKR_FUNCTION_NOT_SUPPORTED);
	IS(p->C_WrapKey(h, &rsa, pub, pub, out, &n), CKR_FUNCTION_NOT_SUPPORTED);
	IS(p->C_UnwrapKey(h, &rsa, pub, out, 9, NULL, 0, &o), CKR_FUNCTION_NOT_SUPPORTED);
	IS(p->C_GenerateRandom(h, NULL, 4), CKR_ARGUMENTS_BAD);
	OK(p->C_GenerateRandom(h, out, sizeof(out)));
	IS(p->C_SeedRandom(h, NULL, 4), CKR_ARGUMENTS_BAD);
	IS(p->C_SeedRandom(h, out, 4), CKR_RANDOM_SEED_NOT_SUPPORTED, CKR_OK);
	IS(p->C_GetOperationState(h, NULL, &n), CKR_OPERATION_NOT_INITIALIZED);
	IS(p->C_SetOperationState(h, out, 4, 0, 0), CKR_SAVED_STATE_INVALID);
	IS(p->C_EncapsulateKey(h, &bogus, pub, NULL, 0, NULL, &n, &o), CKR_MECHANISM_INVALID);
}

void test_crypto(void)
{
	CK_SESSION_HANDLE h = session(RO);

	digests(h);
	login(h);
	sign_inits(h);
	sign_key(h, 1, &ecdsa, 32);
	sign_key(h, 2, &ecdsa_sha, 20);
	sign_key(h, 3, &rsa, 20);
	multi_part(h, 1, &ecdsa_sha);
	multi_part(h, 2, &ecdsa_sha);
	multi_part(h, 3, &rsa_sha);
	ranges(h);
	decrypts(h);
	messages(h, 1, &ecdsa_sha);
	messages(h, 3, &rsa_sha);
	derives(h);
	refusals(h);
	done(h);
}
