/* SPDX-License-Identifier: BSD-2-Clause */
/* Keys with PIN always: operations that were given up do not block what comes next. */
#include "tests/unit/pkcs11/p11fix.h"

static CK_MECHANISM ecdsa = {CKM_ECDSA, NULL, 0}, pkcs1 = {CKM_RSA_PKCS, NULL, 0};
static CK_BYTE digest[32] = {1, 2, 3};

/* P-256 with PIN once in 9A, with PIN always in 9C, and RSA with PIN always in 9D; the login's own
 * payment is spent. */
static CK_SESSION_HANDLE with_keys(
    CK_OBJECT_HANDLE *once, CK_OBJECT_HANDLE *always, CK_OBJECT_HANDLE *rsa)
{
	CK_SESSION_HANDLE h = open_session(true);
	CK_OBJECT_HANDLE pub;
	CK_BBOOL yes = CK_TRUE;
	CK_ULONG bits = 2048;
	uint8_t id = 3;
	CK_MECHANISM gen = {CKM_RSA_PKCS_KEY_PAIR_GEN, NULL, 0};
	CK_ATTRIBUTE pub_t[] = {{CKA_MODULUS_BITS, &bits, sizeof(bits)}, {CKA_TOKEN, &yes, 1}},
		     priv_t[] = {{CKA_ID, &id, 1}, {CKA_TOKEN, &yes, 1},
			 {CKA_ALWAYS_AUTHENTICATE, &yes, 1}};
	CK_BYTE sig[64];
	CK_ULONG n = sizeof(sig);

	login_so(h);
	is_ok(C_GenerateKeyPair(h, &gen, pub_t, 2, priv_t, 3, &pub, rsa));
	is_ok(C_Logout(h));
	login_user(h);
	*once = find_one(h, CKO_PRIVATE_KEY, 1);
	*always = find_one(h, CKO_PRIVATE_KEY, 2);
	assert_true(get_bool(h, *always, CKA_ALWAYS_AUTHENTICATE));
	is_ok(C_SignInit(h, &ecdsa, *once));
	is_ok(C_Sign(h, digest, sizeof(digest), sig, &n));
	return h;
}

static CK_RV sign(CK_SESSION_HANDLE h)
{
	CK_BYTE sig[512];
	CK_ULONG n = sizeof(sig);

	return C_Sign(h, digest, sizeof(digest), sig, &n);
}

static void signing(void **state)
{
	CK_OBJECT_HANDLE once, always, rsa;
	CK_SESSION_HANDLE h = with_keys(&once, &always, &rsa);
	CK_ULONG n = 0;

	(void)state;
	/* given up before C_Sign, after the size was asked, and after a refusal */
	is_ok(C_SignInit(h, &ecdsa, always));
	is_ok(C_SignInit(h, &ecdsa, once));
	is_ok(sign(h));
	is_ok(C_SignInit(h, &ecdsa, always));
	is_ok(C_Sign(h, digest, sizeof(digest), NULL, &n));
	is_ok(C_SignInit(h, &ecdsa, once));
	is_ok(sign(h));
	is_ok(C_SignInit(h, &ecdsa, always));
	is_rv(sign(h), CKR_USER_NOT_LOGGED_IN);
	is_ok(C_SignInit(h, &ecdsa, once));
	is_ok(sign(h));
	/* in parts */
	is_ok(C_SignInit(h, &ecdsa, always));
	is_ok(C_SignUpdate(h, digest, 10));
	is_ok(C_SignInit(h, &ecdsa, always));
	is_ok(login_context(h));
	is_ok(sign(h));
	is_rv(sign(h), CKR_OPERATION_NOT_INITIALIZED);
}

static void paid_ones_stay(void **state)
{
	CK_OBJECT_HANDLE once, always, rsa;
	CK_SESSION_HANDLE h = with_keys(&once, &always, &rsa);

	(void)state;
	is_ok(C_SignInit(h, &ecdsa, always));
	is_ok(login_context(h));
	is_rv(C_SignInit(h, &ecdsa, once), CKR_OPERATION_ACTIVE);
	is_ok(sign(h));
	is_ok(C_SignInit(h, &ecdsa, once));
	is_rv(C_SignInit(h, &ecdsa, always), CKR_OPERATION_ACTIVE);
	is_ok(sign(h));
	/* what cannot begin replaces nothing */
	is_ok(C_SignInit(h, &ecdsa, always));
	is_rv(C_SignInit(h, &ecdsa, rsa), CKR_KEY_TYPE_INCONSISTENT);
	is_ok(login_context(h));
	is_ok(sign(h));
}

static void decrypting(void **state)
{
	CK_OBJECT_HANDLE once, always, rsa;
	CK_SESSION_HANDLE h = with_keys(&once, &always, &rsa);
	CK_BYTE in[256] = {0}, out[256];
	CK_ULONG n = sizeof(out);

	(void)state;
	is_ok(C_DecryptInit(h, &pkcs1, rsa));
	is_ok(C_DecryptInit(h, &pkcs1, rsa));
	is_rv(C_Decrypt(h, in, sizeof(in), out, &n), CKR_USER_NOT_LOGGED_IN);
	is_ok(C_DecryptInit(h, &pkcs1, rsa));
	/* the PIN pays for what was begun last */
	is_ok(C_SignInit(h, &ecdsa, always));
	is_ok(login_context(h));
	is_ok(sign(h));
	is_ok(login_context(h));
	in[255] = 2;
	n = sizeof(out);
	is_ok(C_Decrypt(h, in, sizeof(in), out, &n));
	/* an agreement is one call: nothing of the other operations stands in its way */
	is_ok(C_SignInit(h, &ecdsa, always));
	{
		CK_OBJECT_HANDLE secret, peer = find_one(h, CKO_PUBLIC_KEY, 2);
		CK_BYTE point[67];
		CK_ECDH1_DERIVE_PARAMS p = {.kdf = CKD_NULL};
		CK_MECHANISM ecdh = {CKM_ECDH1_DERIVE, &p, sizeof(p)};

		p.ulPublicDataLen = get_bytes(h, peer, CKA_EC_POINT, point, sizeof(point));
		p.pPublicData = point;
		is_ok(C_DeriveKey(h, &ecdh, once, NULL, 0, &secret));
	}
}

static void messages(void **state)
{
	CK_OBJECT_HANDLE once, always, rsa;
	CK_SESSION_HANDLE h = with_keys(&once, &always, &rsa);
	CK_BYTE sig[64];
	CK_ULONG n = sizeof(sig);

	(void)state;
	is_ok(C_MessageSignInit(h, &ecdsa, always));
	is_rv(C_SignMessage(h, NULL, 0, digest, 32, sig, &n), CKR_USER_NOT_LOGGED_IN);
	is_ok(C_MessageSignInit(h, &ecdsa, always));
	is_ok(login_context(h));
	is_rv(C_MessageSignInit(h, &ecdsa, once), CKR_OPERATION_ACTIVE);
	is_ok(C_SignMessage(h, NULL, 0, digest, 32, sig, &n));
	/* that message was paid for; the next one was not */
	is_rv(C_SignMessage(h, NULL, 0, digest, 32, sig, &n), CKR_USER_NOT_LOGGED_IN);
	is_ok(C_MessageSignInit(h, &ecdsa, once));
	is_ok(C_SignMessage(h, NULL, 0, digest, 32, sig, &n));
	is_ok(C_MessageSignFinal(h));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(signing, p11_setup, p11_teardown),
	    cmocka_unit_test_setup_teardown(paid_ones_stay, p11_setup, p11_teardown),
	    cmocka_unit_test_setup_teardown(decrypting, p11_setup, p11_teardown),
	    cmocka_unit_test_setup_teardown(messages, p11_setup, p11_teardown),
	};

	return cmocka_run_group_tests_name("pkcs11 PIN always", tests, NULL, NULL);
}
