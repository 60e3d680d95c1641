/* SPDX-License-Identifier: BSD-2-Clause */
/* Strict suite: what the security officer writes, and templates of new keys (5.7.1, 5.18.2). */
#include "tests/interop/strict.h"

static CK_BBOOL yes = CK_TRUE, no = CK_FALSE;

/* 5.7.1: private objects are made by the normal user. */
static void private_objects(CK_SESSION_HANDLE h)
{
	CK_OBJECT_CLASS class = CKO_DATA;
	CK_ATTRIBUTE t[] = {{CKA_CLASS, &class, sizeof(class)}, {CKA_PRIVATE, &yes, 1}};
	CK_OBJECT_HANDLE o = 0;

	IS(p->C_CreateObject(h, t, 2, &o), CKR_USER_NOT_LOGGED_IN);
	OK(p->C_CreateObject(h, t, 1, &o));
	IS(p->C_CopyObject(h, o, t + 1, 1, &o), CKR_USER_NOT_LOGGED_IN);
}

static void certificates(CK_SESSION_HANDLE h)
{
	static CK_BYTE der[4096];
	CK_OBJECT_CLASS class = CKO_CERTIFICATE;
	CK_ULONG x509 = CKC_X_509;
	CK_BYTE id = 1;
	CK_ATTRIBUTE t[] = {{CKA_CLASS, &class, sizeof(class)}, {CKA_TOKEN, &yes, 1},
	    {CKA_CERTIFICATE_TYPE, &x509, sizeof(x509)}, {CKA_ID, &id, 1}, {CKA_VALUE, der, 0}};
	CK_OBJECT_HANDLE o = 0;

	IS(p->C_CreateObject(h, t, COUNT(t) - 1, &o), CKR_TEMPLATE_INCOMPLETE);
	for (; id <= 3; id++) {
		t[4].ulValueLen = read_cert(id, der, sizeof(der));
		OK(p->C_CreateObject(h, t, COUNT(t), &o));
		HOLDS(find_id(h, CKO_CERTIFICATE, id) == o);
		HOLDS(get_bool(h, o, CKA_TOKEN));
	}
}

static void key_templates(CK_SESSION_HANDLE h, CK_RV when_right)
{
	CK_BYTE p256[] = {0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07}, id = 5,
		other = 6;
	CK_BYTE odd[] = {0x06, 0x03, 0x2b, 0x01, 0x01};
	CK_ULONG rsa = CKK_RSA, bits = 512;
	CK_OBJECT_CLASS data = CKO_DATA;
	CK_MECHANISM ec = {CKM_EC_KEY_PAIR_GEN, NULL, 0}, r = {CKM_RSA_PKCS_KEY_PAIR_GEN, NULL, 0};
	CK_MECHANISM param = {CKM_EC_KEY_PAIR_GEN, p256, 4}, sha = {CKM_SHA256, NULL, 0};
	CK_ATTRIBUTE pub[2] = {{CKA_EC_PARAMS, p256, sizeof(p256)}, {CKA_ID, &id, 1}};
	CK_ATTRIBUTE priv[2] = {{CKA_ID, &id, 1}, {CKA_LABEL, "x", 1}};
	CK_OBJECT_HANDLE a, b;

#define GENERATE(m, n_pub, n_priv) p->C_GenerateKeyPair(h, m, pub, n_pub, priv, n_priv, &a, &b)
	IS(p->C_GenerateKeyPair(h, NULL, pub, 1, priv, 1, &a, &b), CKR_ARGUMENTS_BAD);
	IS(p->C_GenerateKeyPair(h, &ec, pub, 1, priv, 1, NULL, &b), CKR_ARGUMENTS_BAD);
	IS(p->C_GenerateKeyPair(h, &ec, NULL, 1, priv, 1, &a, &b), CKR_ARGUMENTS_BAD);
	IS(GENERATE(&sha, 1, 1), CKR_MECHANISM_INVALID);
	IS(GENERATE(&param, 1, 1), CKR_MECHANISM_PARAM_INVALID);
	IS(GENERATE(&ec, 0, 1), CKR_TEMPLATE_INCOMPLETE);
	IS(GENERATE(&r, 0, 1), CKR_TEMPLATE_INCOMPLETE);
	priv[1] = (CK_ATTRIBUTE){CKA_ID, &other, 1}; /* two values for one attribute */
	IS(GENERATE(&ec, 1, 2), CKR_TEMPLATE_INCONSISTENT);
	priv[1] = (CK_ATTRIBUTE){CKA_KEY_TYPE, &rsa, sizeof(rsa)};
	IS(GENERATE(&ec, 1, 2), CKR_TEMPLATE_INCONSISTENT);
	priv[1] = (CK_ATTRIBUTE){CKA_CLASS, &data, sizeof(data)};
	IS(GENERATE(&ec, 1, 2), CKR_TEMPLATE_INCONSISTENT);
	priv[1] = (CK_ATTRIBUTE){CKA_SENSITIVE, &no, 1};
	IS(GENERATE(&ec, 1, 2), CKR_TEMPLATE_INCONSISTENT);
	priv[1] = (CK_ATTRIBUTE){0x12345678UL, &no, 1};
	IS(GENERATE(&ec, 1, 2), CKR_ATTRIBUTE_TYPE_INVALID);
	pub[1] = (CK_ATTRIBUTE){CKA_CLASS, &data, sizeof(data)};
	IS(GENERATE(&ec, 2, 1), CKR_TEMPLATE_INCONSISTENT);
	pub[1] = (CK_ATTRIBUTE){CKA_VERIFY, &bits, sizeof(bits)};
	IS(GENERATE(&ec, 2, 1), CKR_ATTRIBUTE_VALUE_INVALID);
	pub[0] = (CK_ATTRIBUTE){CKA_EC_PARAMS, odd, sizeof(odd)};
	IS(GENERATE(&ec, 1, 1), CKR_CURVE_NOT_SUPPORTED);
	pub[0] = (CK_ATTRIBUTE){CKA_MODULUS_BITS, &bits, sizeof(bits)};
	IS(GENERATE(&r, 1, 1), CKR_KEY_SIZE_RANGE, CKR_ATTRIBUTE_VALUE_INVALID);
	pub[0] = (CK_ATTRIBUTE){CKA_EC_PARAMS, p256, sizeof(p256)};
	/* 4.4: CKA_TOKEN is FALSE where nothing is said, and no key of a session is made */
	IS(GENERATE(&ec, 1, 1), CKR_TEMPLATE_INCONSISTENT);
	priv[1] = (CK_ATTRIBUTE){CKA_TOKEN, &no, 1};
	IS(GENERATE(&ec, 1, 2), CKR_TEMPLATE_INCONSISTENT);
	priv[1] = (CK_ATTRIBUTE){CKA_TOKEN, &yes, 1};
	if (when_right != CKR_OK)
		IS(GENERATE(&ec, 1, 2), when_right);
}

/* Every mechanism that the list offers for making keys makes one, or says what of it is not there.
 */
static void listed_generators(CK_SESSION_HANDLE h)
{
	static const CK_MECHANISM_TYPE curves[] = {CKM_EC_EDWARDS_KEY_PAIR_GEN,
	    CKM_EC_MONTGOMERY_KEY_PAIR_GEN, CKM_ECERT_SM2_KEY_PAIR_GEN};
	CK_BYTE id = 6;
	CK_ATTRIBUTE priv[] = {{CKA_ID, &id, 1}, {CKA_TOKEN, &yes, 1}};
	CK_MECHANISM_INFO info;
	CK_OBJECT_HANDLE a, b;

	for (size_t i = 0; i < COUNT(curves); i++, id++) {
		CK_MECHANISM m = {curves[i], NULL, 0};

		if (p->C_GetMechanismInfo(slot, curves[i], &info) == CKR_OK)
			IS(p->C_GenerateKeyPair(h, &m, NULL, 0, priv, 2, &a, &b), CKR_OK,
			    CKR_CURVE_NOT_SUPPORTED, CKR_TEMPLATE_INCONSISTENT);
	}
}

void test_admin(void)
{
	CK_SESSION_HANDLE h = session(RO);
	CK_MECHANISM ec = {CKM_EC_KEY_PAIR_GEN, NULL, 0};
	CK_BYTE p256[] = {0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07};
	CK_ATTRIBUTE pub = {CKA_EC_PARAMS, p256, sizeof(p256)}, priv = {CKA_TOKEN, &yes, 1};
	CK_OBJECT_HANDLE a, b;

	IS(p->C_GenerateKeyPair(h, &ec, &pub, 1, &priv, 1, &a, &b), CKR_SESSION_READ_ONLY);
	OK(p->C_CloseSession(h));
	h = session(RW);
	key_templates(h, CKR_USER_NOT_LOGGED_IN);
	login_so(h);
	private_objects(h);
	certificates(h);
	key_templates(h, CKR_OK);
	listed_generators(h);
	done(h);
}
