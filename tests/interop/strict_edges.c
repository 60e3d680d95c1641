/* SPDX-License-Identifier: BSD-2-Clause */
/* Strict suite: what an error ends (5.10 to 5.16), and the edges of templates and of data lengths.
 */
#include "tests/interop/strict.h"

static CK_BBOOL yes = CK_TRUE, no = CK_FALSE;
static CK_BYTE data[512] = "what is signed", sig[1024];
static CK_MECHANISM sha256 = {CKM_SHA256, NULL, 0}, ecdsa = {CKM_ECDSA, NULL, 0},
		    ecdsa_sha = {CKM_ECDSA_SHA256, NULL, 0}, rsa = {CKM_RSA_PKCS, NULL, 0},
		    raw_rsa = {CKM_RSA_X_509, NULL, 0};

/* The call says CKR_ARGUMENTS_BAD, and the operation that init began is over with it. */
#define ENDS(init, call, next)                                                                     \
	do {                                                                                       \
		OK(init);                                                                          \
		IS(call, CKR_ARGUMENTS_BAD);                                                       \
		IS(next, CKR_OPERATION_NOT_INITIALIZED);                                           \
	} while (0)

static void ended_digests(CK_SESSION_HANDLE h)
{
	CK_ULONG n = sizeof(sig);

	ENDS(p->C_DigestInit(h, &sha256), p->C_Digest(h, data, 3, sig, NULL),
	    p->C_DigestFinal(h, sig, &n));
	ENDS(p->C_DigestInit(h, &sha256), p->C_Digest(h, NULL, 3, sig, &n),
	    p->C_Digest(h, data, 3, sig, &n));
	ENDS(p->C_DigestInit(h, &sha256), p->C_DigestUpdate(h, NULL, 3),
	    p->C_DigestFinal(h, sig, &n));
	ENDS(p->C_DigestInit(h, &sha256), p->C_DigestFinal(h, sig, NULL),
	    p->C_DigestFinal(h, sig, &n));
}

static void ended_signatures(CK_SESSION_HANDLE h)
{
	CK_OBJECT_HANDLE key = find_id(h, CKO_PRIVATE_KEY, 1);
	CK_ULONG n = sizeof(sig);

	ENDS(p->C_SignInit(h, &ecdsa, key), p->C_Sign(h, NULL, 32, sig, &n),
	    p->C_Sign(h, data, 32, sig, &n));
	ENDS(p->C_SignInit(h, &ecdsa, key), p->C_Sign(h, data, 32, sig, NULL),
	    p->C_Sign(h, data, 32, sig, &n));
	ENDS(p->C_SignInit(h, &ecdsa_sha, key), p->C_SignUpdate(h, NULL, 3),
	    p->C_SignFinal(h, sig, &n));
	ENDS(p->C_SignInit(h, &ecdsa_sha, key), p->C_SignFinal(h, sig, NULL),
	    p->C_SignFinal(h, sig, &n));
	OK(p->C_MessageSignInit(h, &ecdsa_sha, key));
	OK(p->C_SignMessageBegin(h, NULL, 0));
	IS(p->C_SignMessageNext(h, NULL, 0, NULL, 3, NULL, NULL), CKR_ARGUMENTS_BAD);
	/* the message is over, the process is not */
	IS(p->C_SignMessageNext(h, NULL, 0, data, 3, NULL, NULL), CKR_OPERATION_NOT_INITIALIZED);
	OK(p->C_SignMessageBegin(h, NULL, 0));
	IS(p->C_SignMessageNext(h, data, 4, data, 3, NULL, NULL), CKR_MECHANISM_PARAM_INVALID);
	OK(p->C_SignMessage(h, NULL, 0, data, 9, sig, &n));
	OK(p->C_MessageSignFinal(h));
}

static void ended_verifications(CK_SESSION_HANDLE h)
{
	CK_OBJECT_HANDLE pub = find_id(h, CKO_PUBLIC_KEY, 1);

	ENDS(p->C_VerifyInit(h, &ecdsa, pub), p->C_Verify(h, NULL, 32, sig, 64),
	    p->C_Verify(h, data, 32, sig, 64));
	ENDS(p->C_VerifyInit(h, &ecdsa, pub), p->C_Verify(h, data, 32, NULL, 64),
	    p->C_Verify(h, data, 32, sig, 64));
	ENDS(p->C_VerifyInit(h, &ecdsa_sha, pub), p->C_VerifyUpdate(h, NULL, 3),
	    p->C_VerifyFinal(h, sig, 64));
	ENDS(p->C_VerifyInit(h, &ecdsa_sha, pub), p->C_VerifyFinal(h, NULL, 64),
	    p->C_VerifyFinal(h, sig, 64));
	IS(p->C_VerifySignatureInit(h, &ecdsa_sha, pub, NULL, 64), CKR_ARGUMENTS_BAD);
	ENDS(p->C_VerifySignatureInit(h, &ecdsa_sha, pub, sig, 64),
	    p->C_VerifySignature(h, NULL, 3), p->C_VerifySignature(h, data, 3));
	ENDS(p->C_VerifySignatureInit(h, &ecdsa_sha, pub, sig, 64),
	    p->C_VerifySignatureUpdate(h, NULL, 3), p->C_VerifySignatureFinal(h));
}

static void ended_decryptions(CK_SESSION_HANDLE h)
{
	CK_OBJECT_HANDLE key = find_id(h, CKO_PRIVATE_KEY, 3);
	CK_ULONG n = sizeof(sig);

	ENDS(p->C_DecryptInit(h, &rsa, key), p->C_Decrypt(h, NULL, 256, sig, &n),
	    p->C_Decrypt(h, data, 256, sig, &n));
	ENDS(p->C_DecryptInit(h, &rsa, key), p->C_Decrypt(h, data, 256, sig, NULL),
	    p->C_Decrypt(h, data, 256, sig, &n));
	ENDS(p->C_DecryptInit(h, &rsa, key), p->C_DecryptUpdate(h, NULL, 256, sig, &n),
	    p->C_DecryptFinal(h, sig, &n));
	ENDS(p->C_DecryptInit(h, &rsa, key), p->C_DecryptFinal(h, sig, NULL),
	    p->C_DecryptFinal(h, sig, &n));
}

static void sign_len(CK_SESSION_HANDLE h, CK_MECHANISM *m, CK_BYTE id, CK_ULONG len, CK_RV want)
{
	CK_ULONG n = sizeof(sig);

	OK(p->C_SignInit(h, m, find_id(h, CKO_PRIVATE_KEY, id)));
	if (!IS(p->C_Sign(h, data, len, sig, &n), want))
		printf("# mechanism 0x%lx, %lu bytes\n", m->mechanism, len);
	if (want != CKR_OK)
		return;
	OK(p->C_VerifyInit(h, m, find_id(h, CKO_PUBLIC_KEY, id)));
	OK(p->C_Verify(h, data, len, sig, n));
}

/* 6.1.6, 6.1.7, 6.3.12: how much goes in. */
static void lengths(CK_SESSION_HANDLE h)
{
	sign_len(h, &ecdsa, 1, 0, CKR_DATA_LEN_RANGE);
	sign_len(h, &ecdsa, 1, 1, CKR_OK);
	sign_len(h, &ecdsa, 1, 20, CKR_OK);
	sign_len(h, &ecdsa, 1, 64, CKR_OK); /* its leftmost 32 bytes */
	sign_len(h, &rsa, 3, 0, CKR_OK);
	sign_len(h, &rsa, 3, 245, CKR_OK);
	sign_len(h, &rsa, 3, 246, CKR_DATA_LEN_RANGE);
	sign_len(h, &raw_rsa, 3, 20, CKR_OK);
	sign_len(h, &raw_rsa, 3, 257, CKR_DATA_LEN_RANGE);
	memset(data, 0xff, 256);
	sign_len(h, &raw_rsa, 3, 256, CKR_DATA_INVALID);
	data[0] = 0;
	sign_len(h, &raw_rsa, 3, 256, CKR_OK);
}

/* A PIN for one operation that was wrong: the session's state is what it was (4.10), and the user
 * gets on by a logout and a login at the latest. */
static void after_a_wrong_pin(CK_SESSION_HANDLE h)
{
	CK_OBJECT_HANDLE once = find_id(h, CKO_PRIVATE_KEY, 1),
			 key = find_id(h, CKO_PRIVATE_KEY, 2);
	CK_UTF8CHAR wrong[] = "999999";
	CK_ULONG n = sizeof(sig);
	CK_RV rv;

	if (!get_bool(h, key, CKA_ALWAYS_AUTHENTICATE)) {
		OK(p->C_SignInit(h, &ecdsa, once));
		IS(p->C_Login(h, CKU_CONTEXT_SPECIFIC, user_pin, 6), CKR_OPERATION_NOT_INITIALIZED);
		OK(p->C_Sign(h, data, 32, sig, &n)); /* unaffected */
		return;
	}
	OK(p->C_SignInit(h, &ecdsa, key));
	IS(p->C_Login(h, CKU_CONTEXT_SPECIFIC, wrong, 6), CKR_PIN_INCORRECT);
	IS(p->C_Sign(h, data, 32, sig, &n), CKR_USER_NOT_LOGGED_IN);
	OK(p->C_SignInit(h, &ecdsa, once));
	n = sizeof(sig);
	rv = p->C_Sign(h, data, 32, sig, &n);
	HOLDS(rv == CKR_OK || rv == CKR_USER_NOT_LOGGED_IN);
	IS(p->C_Logout(h), CKR_OK, CKR_USER_NOT_LOGGED_IN);
	login(h);
	once = find_id(h, CKO_PRIVATE_KEY, 1);
	OK(p->C_SignInit(h, &ecdsa, once));
	n = sizeof(sig);
	OK(p->C_Sign(h, data, 32, sig, &n));
}

static void secrets(CK_SESSION_HANDLE h)
{
	CK_BYTE point[128];
	CK_ULONG n = sizeof(point);
	CK_ECDH1_DERIVE_PARAMS dp = {CKD_NULL, 0, NULL, 0, point};
	CK_MECHANISM ecdh = {CKM_ECDH1_DERIVE, &dp, sizeof(dp)};
	CK_ATTRIBUTE sensitive = {CKA_SENSITIVE, &yes, 1}, open = {CKA_SENSITIVE, &no, 1};
	CK_ATTRIBUTE shut = {CKA_EXTRACTABLE, &no, 1}, loose = {CKA_EXTRACTABLE, &yes, 1};
	CK_OBJECT_HANDLE o = 0;

	OK(get(h, find_id(h, CKO_PUBLIC_KEY, 2), CKA_EC_POINT, point, &n));
	dp.ulPublicDataLen = n;
	if (!agrees(h, &ecdh, find_id(h, CKO_PRIVATE_KEY, 1)))
		return;
	OK(p->C_DeriveKey(h, &ecdh, find_id(h, CKO_PRIVATE_KEY, 1), NULL, 0, &o));
	OK(p->C_SetAttributeValue(h, o, &sensitive, 1));
	HOLDS(get_bool(h, o, CKA_SENSITIVE) && !get_bool(h, o, CKA_ALWAYS_SENSITIVE));
	IS(p->C_SetAttributeValue(h, o, &open, 1), CKR_ATTRIBUTE_READ_ONLY);
	OK(p->C_SetAttributeValue(h, o, &shut, 1));
	IS(p->C_SetAttributeValue(h, o, &loose, 1), CKR_ATTRIBUTE_READ_ONLY);
	n = sizeof(point);
	IS(get(h, o, CKA_VALUE, point, &n), CKR_ATTRIBUTE_SENSITIVE);
}

static void data_objects(CK_SESSION_HANDLE h)
{
	CK_OBJECT_CLASS class = CKO_DATA;
	CK_ATTRIBUTE t[] = {{CKA_CLASS, &class, sizeof(class)}, {CKA_TOKEN, &no, 1},
	    {CKA_VALUE, "abc", 3}, {CKA_TOKEN, &no, 1}};
	CK_ATTRIBUTE value = {CKA_VALUE, "other", 5}, hidden = {CKA_PRIVATE, &yes, 1};
	CK_OBJECT_HANDLE o = 0, copy = 0;
	CK_BYTE got[8];
	CK_ULONG n = sizeof(got);

	OK(p->C_CreateObject(h, t, COUNT(t), &o)); /* 4.1.1: the same twice is as good as once */
	t[3].pValue = &yes;
	IS(p->C_CreateObject(h, t, COUNT(t), &copy), CKR_TEMPLATE_INCONSISTENT);
	OK(p->C_CopyObject(h, o, &value, 1, &copy));
	OK(get(h, copy, CKA_VALUE, got, &n));
	HOLDS(n == 5 && !memcmp(got, "other", 5));
	OK(p->C_SetAttributeValue(h, o, &value, 1));
	IS(p->C_CopyObject(h, o, &hidden, 1, &copy), CKR_USER_NOT_LOGGED_IN);
}

static void public_keys(CK_SESSION_HANDLE h)
{
	static CK_BYTE modulus[512], spki[1024], point[256];
	CK_OBJECT_CLASS class = CKO_PUBLIC_KEY;
	CK_ULONG rsa_type = CKK_RSA, ec_type = CKK_EC, bits = 1024;
	CK_ULONG m = sizeof(modulus), s = sizeof(spki), q = sizeof(point);
	CK_ATTRIBUTE r[] = {{CKA_CLASS, &class, sizeof(class)},
	    {CKA_KEY_TYPE, &rsa_type, sizeof(rsa_type)}, {CKA_PUBLIC_EXPONENT, "\1\0\1", 3},
	    {CKA_MODULUS, modulus, 0}, {CKA_MODULUS_BITS, &bits, sizeof(bits)}};
	CK_ATTRIBUTE e[] = {{CKA_CLASS, &class, sizeof(class)},
	    {CKA_KEY_TYPE, &ec_type, sizeof(ec_type)}, {CKA_EC_POINT, point, 0}};
	CK_ATTRIBUTE i[] = {{CKA_CLASS, &class, sizeof(class)},
	    {CKA_KEY_TYPE, &ec_type, sizeof(ec_type)}, {CKA_PUBLIC_KEY_INFO, spki, 0}};
	CK_OBJECT_HANDLE o = 0, key = find_id(h, CKO_PUBLIC_KEY, 3);

	OK(get(h, key, CKA_MODULUS, modulus, &m));
	OK(get(h, key, CKA_PUBLIC_KEY_INFO, spki, &s));
	OK(get(h, find_id(h, CKO_PUBLIC_KEY, 1), CKA_EC_POINT, point, &q));
	r[3].ulValueLen = m;
	IS(p->C_CreateObject(h, r, 5, &o), CKR_TEMPLATE_INCONSISTENT);
	r[3].ulValueLen = 100; /* below the least that the mechanisms list */
	IS(p->C_CreateObject(h, r, 4, &o), CKR_ATTRIBUTE_VALUE_INVALID);
	IS(p->C_CreateObject(h, r, 3, &o), CKR_TEMPLATE_INCOMPLETE);
	e[2].ulValueLen = q;
	IS(p->C_CreateObject(h, e, 3, &o), CKR_TEMPLATE_INCOMPLETE);
	i[2].ulValueLen = s;
	IS(p->C_CreateObject(h, i, 3, &o), CKR_TEMPLATE_INCONSISTENT);
	i[2].ulValueLen = s - 1;
	IS(p->C_CreateObject(h, i, 3, &o), CKR_ATTRIBUTE_VALUE_INVALID);
}

/* 6.3.1: a signature of an r and an s of 31 bytes, made for it, with and without their zeros. */
static void short_signatures(CK_SESSION_HANDLE h)
{
	static CK_BYTE params[] = {0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07};
	static CK_BYTE point[] = {0x04, 0x47, 0x1c, 0x3e, 0x75, 0x8c, 0x49, 0x04, 0x28, 0x5b, 0xba,
	    0x7e, 0x53, 0x11, 0x8e, 0xd0, 0xf5, 0x24, 0xad, 0xeb, 0x07, 0x57, 0xd2, 0x5b, 0xd2,
	    0xf8, 0xe7, 0xb0, 0xd7, 0x6d, 0xfa, 0x71, 0x4c, 0xdd, 0x52, 0x0f, 0x7a, 0xca, 0x8a,
	    0x8b, 0x91, 0x7a, 0xcc, 0x37, 0xf5, 0x1d, 0xe8, 0xf0, 0xc9, 0xbb, 0xe3, 0xad, 0x85,
	    0x83, 0x82, 0xe7, 0x02, 0xdc, 0x25, 0xa1, 0x2d, 0x09, 0xf7, 0xa8, 0x58};
	static CK_BYTE hash[] = {0xfb, 0x57, 0x8d, 0x4e, 0x16, 0x2a, 0x87, 0xcd, 0x34, 0x19, 0x67,
	    0x0d, 0xb0, 0xb1, 0x18, 0xbe, 0xe7, 0x78, 0xc4, 0xb6, 0x6e, 0x2f, 0x35, 0xd2, 0x4d,
	    0x0a, 0x1a, 0xb2, 0x83, 0x6f, 0x5e, 0xfa};
	static const CK_BYTE r[] = {0x55, 0x43, 0x89, 0x4a, 0xf3, 0xd0, 0x0e, 0xd7, 0xd7, 0x40,
	    0xab, 0xdb, 0xd7, 0x5c, 0x96, 0xb0, 0x68, 0x77, 0xb7, 0x87, 0xdb, 0x5f, 0x70, 0xee,
	    0xa7, 0x8b, 0x90, 0xa8, 0xd7, 0xc0, 0x0a};
	CK_OBJECT_CLASS class = CKO_PUBLIC_KEY;
	CK_ULONG type = CKK_EC;
	CK_ATTRIBUTE t[] = {{CKA_CLASS, &class, sizeof(class)}, {CKA_KEY_TYPE, &type, sizeof(type)},
	    {CKA_EC_PARAMS, params, sizeof(params)}, {CKA_EC_POINT, point, sizeof(point)}};
	CK_BYTE both[64] = {0}, *s = both + 1 + sizeof(r);
	CK_OBJECT_HANDLE key = 0;

	OK(p->C_CreateObject(h, t, COUNT(t), &key));
	memcpy(both + 1, r, sizeof(r));
	memset(both + 33, 7, 31);
	OK(p->C_VerifyInit(h, &ecdsa, key));
	OK(p->C_Verify(h, hash, 32, both, 64));
	memset(s, 7, 31);
	OK(p->C_VerifyInit(h, &ecdsa, key));
	OK(p->C_Verify(h, hash, 32, both + 1, 62));
	OK(p->C_VerifyInit(h, &ecdsa, key));
	IS(p->C_Verify(h, hash, 32, both + 1, 60), CKR_SIGNATURE_INVALID);
	OK(p->C_VerifyInit(h, &ecdsa, key));
	IS(p->C_Verify(h, hash, 32, both + 1, 61), CKR_SIGNATURE_LEN_RANGE);
	OK(p->C_VerifyInit(h, &ecdsa, key));
	IS(p->C_Verify(h, hash, 32, both + 1, 0), CKR_SIGNATURE_LEN_RANGE);
	params[9] = 0x55; /* another curve; parameters written out; rubbish */
	IS(p->C_CreateObject(h, t, COUNT(t), &key), CKR_CURVE_NOT_SUPPORTED);
	params[0] = 0x30;
	IS(p->C_CreateObject(h, t, COUNT(t), &key), CKR_DOMAIN_PARAMS_INVALID);
	t[2].ulValueLen = 3;
	IS(p->C_CreateObject(h, t, COUNT(t), &key), CKR_DOMAIN_PARAMS_INVALID);
}

/* 4.6.3: of a certificate the ID, the issuer and the serial number can change, and the label. */
static void certificate_changes(CK_SESSION_HANDLE h)
{
	static CK_BYTE der[4096];
	CK_OBJECT_CLASS class = CKO_CERTIFICATE;
	CK_ULONG x509 = CKC_X_509;
	CK_ATTRIBUTE t[] = {{CKA_CLASS, &class, sizeof(class)},
	    {CKA_CERTIFICATE_TYPE, &x509, sizeof(x509)}, {CKA_SUBJECT, NULL, 0},
	    {CKA_VALUE, der, read_cert(1, der, sizeof(der))}};
	static const CK_ATTRIBUTE_TYPE fixed[] = {CKA_SUBJECT, CKA_VALUE, CKA_URL, CKA_START_DATE,
	    CKA_END_DATE, CKA_CHECK_VALUE, CKA_PUBLIC_KEY_INFO, CKA_HASH_OF_SUBJECT_PUBLIC_KEY};
	static const CK_ATTRIBUTE_TYPE free_ones[] = {
	    CKA_ID, CKA_ISSUER, CKA_SERIAL_NUMBER, CKA_LABEL};
	CK_OBJECT_HANDLE o = 0;

	OK(p->C_CreateObject(h, t, COUNT(t), &o));
	for (size_t i = 0; i < COUNT(fixed); i++) {
		CK_ATTRIBUTE a = {fixed[i], NULL, 0};

		if (!IS(p->C_SetAttributeValue(h, o, &a, 1), CKR_ATTRIBUTE_READ_ONLY))
			printf("# attribute 0x%lx\n", fixed[i]);
	}
	for (size_t i = 0; i < COUNT(free_ones); i++) {
		CK_ATTRIBUTE a = {free_ones[i], "x", 1};

		OK(p->C_SetAttributeValue(h, o, &a, 1));
	}
}

void test_edges(void)
{
	CK_SESSION_HANDLE h = session(RO);

	ended_digests(h);
	ended_verifications(h);
	data_objects(h);
	public_keys(h);
	short_signatures(h);
	certificate_changes(h);
	login(h);
	ended_signatures(h);
	ended_decryptions(h);
	lengths(h);
	secrets(h);
	after_a_wrong_pin(h);
	done(h);
}
