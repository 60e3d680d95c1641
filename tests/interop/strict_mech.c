/* SPDX-License-Identifier: BSD-2-Clause */
/* Strict suite: each listed mechanism does what its flags say, and nothing else (5.5.6, 6). */
#include "tests/interop/strict.h"

static CK_BYTE data[256] = "message", sig[1024];

/* The hash of a combined PSS mechanism; the raw one gets SHA-256. */
static const struct {
	CK_MECHANISM_TYPE pss, hash;
	CK_ULONG mgf, len;
} pss_rows[] = {
    {CKM_RSA_PKCS_PSS, CKM_SHA256, CKG_MGF1_SHA256, 32},
    {CKM_SHA1_RSA_PKCS_PSS, CKM_SHA_1, CKG_MGF1_SHA1, 20},
    {CKM_SHA224_RSA_PKCS_PSS, CKM_SHA224, CKG_MGF1_SHA224, 28},
    {CKM_SHA256_RSA_PKCS_PSS, CKM_SHA256, CKG_MGF1_SHA256, 32},
    {CKM_SHA384_RSA_PKCS_PSS, CKM_SHA384, CKG_MGF1_SHA384, 48},
    {CKM_SHA512_RSA_PKCS_PSS, CKM_SHA512, CKG_MGF1_SHA512, 64},
    {CKM_SHA3_224_RSA_PKCS_PSS, CKM_SHA3_224, CKG_MGF1_SHA3_224, 28},
    {CKM_SHA3_256_RSA_PKCS_PSS, CKM_SHA3_256, CKG_MGF1_SHA3_256, 32},
    {CKM_SHA3_384_RSA_PKCS_PSS, CKM_SHA3_384, CKG_MGF1_SHA3_384, 48},
    {CKM_SHA3_512_RSA_PKCS_PSS, CKM_SHA3_512, CKG_MGF1_SHA3_512, 64},
};

static void parameters(CK_MECHANISM *m, CK_RSA_PKCS_PSS_PARAMS *pp)
{
	for (size_t i = 0; i < COUNT(pss_rows); i++) {
		if (pss_rows[i].pss != m->mechanism)
			continue;
		*pp = (CK_RSA_PKCS_PSS_PARAMS){pss_rows[i].hash, pss_rows[i].mgf, pss_rows[i].len};
		m->pParameter = pp;
		m->ulParameterLen = sizeof(*pp);
	}
}

static bool is_rsa(CK_MECHANISM_TYPE t)
{
	return t <= CKM_RSA_PKCS_PSS || (t >= CKM_SHA256_RSA_PKCS && t <= 0x67UL);
}

static bool is_ecdsa(CK_MECHANISM_TYPE t)
{
	return t >= CKM_ECDSA && t <= 0x104aUL;
}

static void signs(CK_SESSION_HANDLE h, CK_MECHANISM *m, CK_OBJECT_HANDLE key, CK_OBJECT_HANDLE pub,
    CK_OBJECT_HANDLE wrong)
{
	CK_ULONG n = sizeof(sig), len = 32;

	IS(p->C_SignInit(h, m, wrong), CKR_KEY_TYPE_INCONSISTENT);
	OK(p->C_SignInit(h, m, key));
	OK(p->C_Sign(h, data, len, sig, &n));
	OK(p->C_VerifyInit(h, m, pub));
	OK(p->C_Verify(h, data, len, sig, n));
	OK(p->C_VerifyInit(h, m, pub));
	sig[n - 1] ^= 1;
	IS(p->C_Verify(h, data, len, sig, n), CKR_SIGNATURE_INVALID);
	if (!OK(p->C_VerifyInit(h, m, pub)) || !OK(p->C_VerifyInit(h, NULL, 0)))
		printf("# mechanism 0x%lx\n", m->mechanism);
}

static void one(CK_SESSION_HANDLE h, CK_MECHANISM_TYPE type, const CK_OBJECT_HANDLE *key,
    const CK_OBJECT_HANDLE *pub)
{
	CK_RSA_PKCS_PSS_PARAMS pp;
	CK_MECHANISM m = {type, NULL, 0}, odd = {type, data, 1};
	CK_MECHANISM_INFO info = {0, 0, 0};
	CK_ULONG n = sizeof(sig);
	CK_OBJECT_HANDLE a, b;

	OK(p->C_GetMechanismInfo(slot, type, &info));
	parameters(&m, &pp);
	if (info.flags & CKF_DIGEST) {
		IS(p->C_DigestInit(h, &odd), CKR_MECHANISM_PARAM_INVALID);
		OK(p->C_DigestInit(h, &m));
		OK(p->C_Digest(h, data, 3, sig, &n));
	} else {
		IS(p->C_DigestInit(h, &m), CKR_MECHANISM_INVALID);
	}
	if (!(info.flags & CKF_SIGN))
		IS(p->C_SignInit(h, &m, key[0]), CKR_MECHANISM_INVALID);
	else if (is_rsa(type))
		signs(h, &m, key[1], pub[1], key[0]);
	else if (is_ecdsa(type))
		signs(h, &m, key[0], pub[0], key[1]);
	else
		IS(p->C_SignInit(h, &m, key[0]), CKR_KEY_TYPE_INCONSISTENT);
	if (info.flags & CKF_SIGN)
		IS(p->C_SignInit(h, &odd, is_rsa(type) ? key[1] : key[0]),
		    CKR_MECHANISM_PARAM_INVALID);
	HOLDS(!(info.flags & CKF_SIGN) == !(info.flags & CKF_VERIFY));
	if (!(info.flags & CKF_VERIFY))
		IS(p->C_VerifyInit(h, &m, pub[0]), CKR_MECHANISM_INVALID);
	if (!(info.flags & CKF_MESSAGE_SIGN))
		IS(p->C_MessageSignInit(h, &m, key[0]), CKR_MECHANISM_INVALID);
	if (!(info.flags & CKF_DECRYPT))
		IS(p->C_DecryptInit(h, &m, key[1]), CKR_MECHANISM_INVALID);
	else
		IS(p->C_DecryptInit(h, &odd, key[1]), CKR_MECHANISM_PARAM_INVALID);
	if (!(info.flags & CKF_DERIVE))
		IS(p->C_DeriveKey(h, &m, key[0], NULL, 0, &a), CKR_MECHANISM_INVALID);
	if (!(info.flags & CKF_GENERATE_KEY_PAIR))
		IS(p->C_GenerateKeyPair(h, &m, NULL, 0, NULL, 0, &a, &b), CKR_MECHANISM_INVALID);
	HOLDS(!(info.flags & (CKF_ENCRYPT | CKF_WRAP | CKF_UNWRAP | CKF_GENERATE |
				 CKF_SIGN_RECOVER | CKF_VERIFY_RECOVER)));
}

/* 5.6.8: each use of the key wants the PIN once more, after the Init. */
static void always_authenticate(CK_SESSION_HANDLE h)
{
	CK_OBJECT_HANDLE key = find_id(h, CKO_PRIVATE_KEY, 2);
	CK_MECHANISM m = {CKM_ECDSA, NULL, 0};
	CK_UTF8CHAR wrong[] = "999999999";
	CK_SESSION_INFO info = {0, 0, 0, 0};
	CK_ULONG n = sizeof(sig), pin = strlen((char *)user_pin);

	if (!get_bool(h, key, CKA_ALWAYS_AUTHENTICATE)) {
		for (int i = 0; i < 2; i++) {
			OK(p->C_SignInit(h, &m, key));
			OK(p->C_Sign(h, data, 32, sig, &n));
		}
		return;
	}
	OK(p->C_SignInit(h, &m, key));
	IS(p->C_Sign(h, data, 32, sig, &n), CKR_USER_NOT_LOGGED_IN);
	n = sizeof(sig);
	IS(p->C_Sign(h, data, 32, sig, &n), CKR_OPERATION_NOT_INITIALIZED);
	OK(p->C_SignInit(h, &m, key));
	IS(p->C_Login(h, CKU_CONTEXT_SPECIFIC, NULL, 0), CKR_ARGUMENTS_BAD);
	IS(p->C_Login(h, CKU_CONTEXT_SPECIFIC, wrong, 9), CKR_PIN_INCORRECT, CKR_ARGUMENTS_BAD);
	IS(p->C_Login(h, CKU_CONTEXT_SPECIFIC, wrong, 6), CKR_PIN_INCORRECT);
	/* 4.9: the session's state remains the same */
	OK(p->C_GetSessionInfo(h, &info));
	HOLDS(info.state == CKS_RO_USER_FUNCTIONS);
	OK(p->C_Login(h, CKU_CONTEXT_SPECIFIC, user_pin, pin));
	OK(p->C_Sign(h, data, 32, sig, &n));
	OK(p->C_SignInit(h, &m, key)); /* the PIN was for one signature */
	n = sizeof(sig);
	IS(p->C_Sign(h, data, 32, sig, &n), CKR_USER_NOT_LOGGED_IN);
	IS(p->C_Login(h, CKU_CONTEXT_SPECIFIC, user_pin, pin), CKR_OPERATION_NOT_INITIALIZED);
}

void test_mechanisms(void)
{
	CK_SESSION_HANDLE h = session(RO), rw = session(RW);
	CK_MECHANISM_TYPE list[256];
	CK_ULONG n = COUNT(list);
	CK_OBJECT_HANDLE key[2], pub[2];

	login(h);
	key[0] = find_id(h, CKO_PRIVATE_KEY, 1);
	key[1] = find_id(h, CKO_PRIVATE_KEY, 3);
	pub[0] = find_id(h, CKO_PUBLIC_KEY, 1);
	pub[1] = find_id(h, CKO_PUBLIC_KEY, 3);
	OK(p->C_GetMechanismList(slot, list, &n));
	for (CK_ULONG i = 0; i < n; i++)
		one(rw, list[i], key, pub);
	always_authenticate(h);
	done(h);
}
