/* SPDX-License-Identifier: BSD-2-Clause */
/* What is claimed of a card and its keys is what they do. */
#include "ecert/piv_const.h"
#include "tests/unit/pkcs11/p11fix.h"

static CK_MECHANISM ecdsa = {CKM_ECDSA, NULL, 0};
static CK_BYTE digest[32] = {4, 7, 1, 1};

/* A card that keeps to the letter of PIV: 9D agrees and does not sign, the others the reverse. */
static void by_the_letter(void *arg, struct rd command, uint8_t *resp, size_t *len)
{
	bool management, agrees;

	(void)arg;
	if (command.n < 16 || command.p[1] != ECERT_INS_GENERAL_AUTHENTICATE)
		return;
	management = command.p[3] == 0x9D;
	/* 7C len 82 00, then 81 or 85 */
	agrees = memmem(command.p, 16, "\x82\x00\x85", 3) != NULL;
	if (management == agrees)
		return;
	resp[0] = 0x6A;
	resp[1] = 0x86;
	*len = 2;
}

static CK_SESSION_HANDLE start(bool plain, bool strict)
{
	CK_SESSION_HANDLE h;

	if (plain)
		sim_plain(fix.card);
	sim_hooks(fix.card, NULL, strict ? by_the_letter : NULL, NULL);
	is_ok(C_Finalize(NULL));
	is_ok(C_Initialize(NULL));
	h = open_session(true);
	login_user(h);
	return h;
}

static CK_RV sign(CK_SESSION_HANDLE h, CK_OBJECT_HANDLE key)
{
	CK_BYTE sig[64];
	CK_ULONG n = sizeof(sig);
	CK_RV rv = C_SignInit(h, &ecdsa, key);

	return rv ? rv : C_Sign(h, digest, sizeof(digest), sig, &n);
}

static CK_RV derive(CK_SESSION_HANDLE h, CK_OBJECT_HANDLE key)
{
	CK_OBJECT_HANDLE secret;
	CK_BYTE point[67];
	CK_ECDH1_DERIVE_PARAMS p = {.kdf = CKD_NULL, .pPublicData = point};
	CK_MECHANISM ecdh = {CKM_ECDH1_DERIVE, &p, sizeof(p)};

	p.ulPublicDataLen = get_bytes(
	    h, find_one(h, CKO_PUBLIC_KEY, 4), CKA_EC_POINT, point, sizeof(point));
	return C_DeriveKey(h, &ecdh, key, NULL, 0, &secret);
}

static bool allows(CK_SESSION_HANDLE h, CK_OBJECT_HANDLE key, CK_MECHANISM_TYPE type)
{
	CK_MECHANISM_TYPE list[64];
	size_t n = get_bytes(h, key, CKA_ALLOWED_MECHANISMS, (uint8_t *)list, sizeof(list));

	for (size_t i = 0; i < n / sizeof(list[0]); i++)
		if (list[i] == type)
			return true;
	return false;
}

static void is_for(CK_SESSION_HANDLE h, CK_OBJECT_HANDLE key, bool signs, bool derives)
{
	assert_int_equal(get_bool(h, key, CKA_SIGN), signs);
	assert_int_equal(get_bool(h, key, CKA_DERIVE), derives);
	assert_int_equal(allows(h, key, CKM_ECDSA), signs);
	assert_int_equal(allows(h, key, CKM_ECDH1_DERIVE), derives);
}

/* A card without metadata: PIV's rule first, then the card's word. */
static void strict_plain_card(void **state)
{
	CK_SESSION_HANDLE h = start(true, true), other;
	CK_OBJECT_HANDLE k9a = find_one(h, CKO_PRIVATE_KEY, 1),
			 k9d = find_one(h, CKO_PRIVATE_KEY, 3);

	(void)state;
	for (int i = 0; i < 2; i++) {
		is_for(h, k9a, true, false);
		is_for(h, k9d, false, true);
		is_rv(sign(h, k9d), CKR_KEY_FUNCTION_NOT_PERMITTED);
		is_rv(derive(h, k9a), CKR_KEY_FUNCTION_NOT_PERMITTED);
		is_ok(sign(h, k9a));
		is_ok(derive(h, k9d));
	}
	/* from the second time on the card is not asked */
	is_rv(C_SignInit(h, &ecdsa, k9d), CKR_KEY_FUNCTION_NOT_PERMITTED);
	other = open_session(false);
	is_rv(C_SignInit(other, &ecdsa, k9d), CKR_KEY_FUNCTION_NOT_PERMITTED);
	is_for(h, find_one(h, CKO_PRIVATE_KEY, 2), true, false);
}

static void lenient_plain_card(void **state)
{
	CK_SESSION_HANDLE h = start(true, false);
	CK_OBJECT_HANDLE k9a = find_one(h, CKO_PRIVATE_KEY, 1),
			 k9d = find_one(h, CKO_PRIVATE_KEY, 3);

	(void)state;
	is_for(h, k9a, true, false);
	is_ok(derive(h, k9a));
	is_for(h, k9a, true, true);
	is_ok(sign(h, k9d));
	is_for(h, k9d, true, true);
}

/* One that tells of its keys is taken at its word until it refuses. */
static void strict_card_with_metadata(void **state)
{
	CK_SESSION_HANDLE h = start(false, true);
	CK_OBJECT_HANDLE k9a = find_one(h, CKO_PRIVATE_KEY, 1),
			 k9d = find_one(h, CKO_PRIVATE_KEY, 3);

	(void)state;
	is_for(h, k9a, true, true);
	is_for(h, k9d, true, true);
	is_rv(sign(h, k9d), CKR_KEY_FUNCTION_NOT_PERMITTED);
	is_rv(derive(h, k9a), CKR_KEY_FUNCTION_NOT_PERMITTED);
	is_for(h, k9a, true, false);
	is_for(h, k9d, false, true);
	is_ok(sign(h, k9a));
	is_ok(derive(h, k9d));
	/* a new key in that place is a new question */
	is_ok(C_Logout(h));
	login_so(h);
	{
		CK_OBJECT_HANDLE pub;

		is_ok(make_ec(h, 3, &pub, &k9d));
	}
	is_for(h, k9d, true, true);
}

/* A key that another program has deleted is no key that may not. */
static void deleted_elsewhere(void **state)
{
	CK_SESSION_HANDLE h = start(false, false);
	CK_OBJECT_HANDLE key = find_one(h, CKO_PRIVATE_KEY, 3);
	struct tokens *t = sim_tokens(fix.sim, ISOLATION_SESSION);
	const struct token_at at = {.tokens = t};
	int tries;

	(void)state;
	is_ok(sign(h, key));
	is_ok(C_SignInit(h, &ecdsa, key));
	is_ok(token_login(&at, TOKEN_SO, rd_of(SIM_MGM, strlen(SIM_MGM)), 0, &tries));
	is_ok(token_key_delete(&at, 0x9D));
	tokens_close(&t);
	{
		CK_BYTE sig[64];
		CK_ULONG n = sizeof(sig);
		CK_RV rv = C_Sign(h, digest, sizeof(digest), sig, &n);

		assert_int_not_equal(rv, CKR_OK);
		assert_int_not_equal(rv, CKR_KEY_FUNCTION_NOT_PERMITTED);
	}
}

static bool listed(CK_MECHANISM_TYPE type)
{
	CK_MECHANISM_TYPE list[256];
	CK_ULONG n = ~0UL, room = COUNT(list);
	CK_MECHANISM_INFO info;
	bool found = false;

	/* without a list the count is written only */
	is_ok(C_GetMechanismList(0, NULL, &n));
	is_ok(C_GetMechanismList(0, list, &room));
	assert_int_equal(n, room);
	for (CK_ULONG i = 0; i < room; i++)
		found = found || list[i] == type;
	is_rv(C_GetMechanismInfo(0, type, &info), found ? CKR_OK : CKR_MECHANISM_INVALID);
	return found;
}

static void mechanisms_by_card(void **state)
{
	static const CK_MECHANISM_TYPE some[] = {CKM_EDDSA, CKM_EC_EDWARDS_KEY_PAIR_GEN,
	    CKM_EC_MONTGOMERY_KEY_PAIR_GEN, CKM_ECERT_SM2, CKM_ECERT_SM3_SM2,
	    CKM_ECERT_SM2_KEY_PAIR_GEN};
	CK_SESSION_HANDLE h;
	CK_OBJECT_HANDLE pub, priv;
	CK_MECHANISM_INFO info;
	CK_BBOOL yes = CK_TRUE;
	CK_ATTRIBUTE t = {CKA_TOKEN, &yes, 1};

	(void)state;
	(void)start(false, false);
	(void)p11_apdus();
	for (size_t i = 0; i < COUNT(some); i++)
		assert_true(listed(some[i]));
	is_ok(C_GetMechanismInfo(0, CKM_ECDH1_DERIVE, &info));
	assert_int_equal(info.ulMinKeySize, 255);
	assert_int_equal(p11_apdus(), 0);

	h = start(true, false);
	(void)p11_apdus();
	for (size_t i = 0; i < COUNT(some); i++)
		assert_false(listed(some[i]));
	assert_true(listed(CKM_ECDSA_SHA256));
	assert_true(listed(CKM_SHA256_RSA_PKCS_PSS));
	assert_true(listed(CKM_ECERT_SM3));
	is_ok(C_GetMechanismInfo(0, CKM_ECDH1_DERIVE, &info));
	assert_int_equal(info.ulMinKeySize, 256);
	assert_int_equal(p11_apdus(), 0);
	is_ok(C_Logout(h));
	login_so(h);
	{
		CK_MECHANISM m = {CKM_EC_EDWARDS_KEY_PAIR_GEN, NULL, 0};

		is_rv(C_GenerateKeyPair(h, &m, &t, 1, &t, 1, &pub, &priv), CKR_MECHANISM_INVALID);
	}
}

static void deletion_by_card(void **state)
{
	CK_SESSION_HANDLE h = start(false, false);
	CK_OBJECT_HANDLE key = find_one(h, CKO_PRIVATE_KEY, 1);

	(void)state;
	assert_true(get_bool(h, key, CKA_DESTROYABLE));
	is_ok(C_Logout(h));
	login_so(h);
	is_ok(C_DestroyObject(h, find_one(h, CKO_PRIVATE_KEY, 1)));

	h = start(true, false);
	key = find_one(h, CKO_PRIVATE_KEY, 3);
	assert_false(get_bool(h, key, CKA_DESTROYABLE));
	is_ok(C_Logout(h));
	login_so(h);
	is_rv(C_DestroyObject(h, find_one(h, CKO_PRIVATE_KEY, 3)), CKR_ACTION_PROHIBITED);
	assert_true(get_bool(h, find_one(h, CKO_CERTIFICATE, 3), CKA_DESTROYABLE));
	is_ok(C_DestroyObject(h, find_one(h, CKO_CERTIFICATE, 3)));
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, p11_setup, p11_teardown)
	const struct CMUnitTest tests[] = {T(strict_plain_card), T(lenient_plain_card),
	    T(strict_card_with_metadata), T(deleted_elsewhere), T(mechanisms_by_card),
	    T(deletion_by_card)};

	return cmocka_run_group_tests_name("pkcs11 by card", tests, NULL, NULL);
}
