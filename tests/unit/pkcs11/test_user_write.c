/* SPDX-License-Identifier: BSD-2-Clause */
/* user-writes: what the user may change by policy, and who still may not. */
#include "ecert/piv_const.h"
#include "tests/unit/pkcs11/p11fix.h"

#define WRONG_MGM "ffffffffffffffffffffffffffffffffffffffffffffffff"

static bool policy;
static const char *file;

static enum ecert_rc open_writing(const struct tokens_config *cfg, struct tokens **out)
{
	struct tokens_config mine = *cfg;

	p11.config.user_writes = mine.user_writes = policy;
	mine.management_key_file = file;
	*out = sim_tokens_as(fix.sim, &mine);
	return ECERT_OK;
}

static int restart(bool on, const char *key_file)
{
	is_ok(C_Finalize(NULL));
	policy = on;
	file = key_file;
	p11_tokens_open = open_writing;
	is_ok(C_Initialize(NULL));
	return 0;
}

static int setup(void **state)
{
	p11_setup(state);
	sim_protect(fix.sim, 0, SIM_MGM);
	return restart(true, NULL);
}

static CK_SESSION_HANDLE user_session(void)
{
	CK_SESSION_HANDLE h = open_session(true);

	login_user(h);
	return h;
}

static CK_STATE state_of(CK_SESSION_HANDLE h)
{
	CK_SESSION_INFO info;

	is_ok(C_GetSessionInfo(h, &info));
	return info.state;
}

static CK_RV sign(CK_SESSION_HANDLE h, CK_OBJECT_HANDLE priv)
{
	CK_MECHANISM m = {CKM_ECDSA, NULL, 0};
	CK_BYTE digest[32] = {1}, sig[64];
	CK_ULONG n = sizeof(sig);
	CK_RV rv = C_SignInit(h, &m, priv);

	return rv ? rv : C_Sign(h, digest, sizeof(digest), sig, &n);
}

static CK_RV write_cert(CK_SESSION_HANDLE h, uint8_t from, uint8_t to, CK_OBJECT_HANDLE *out)
{
	CK_OBJECT_CLASS class = CKO_CERTIFICATE;
	CK_CERTIFICATE_TYPE x509 = CKC_X_509;
	CK_BBOOL yes = CK_TRUE;
	uint8_t der[4096];
	CK_ATTRIBUTE t[] = {{CKA_CLASS, &class, sizeof(class)}, {CKA_TOKEN, &yes, 1},
	    {CKA_CERTIFICATE_TYPE, &x509, sizeof(x509)}, {CKA_ID, &to, 1}, {CKA_VALUE, der, 0}};

	t[4].ulValueLen = get_bytes(
	    h, find_one(h, CKO_CERTIFICATE, from), CKA_VALUE, der, sizeof(der));
	return C_CreateObject(h, t, COUNT(t), out);
}

static void by_policy(void **state)
{
	CK_SESSION_HANDLE h = user_session(), other = open_session(false);
	CK_OBJECT_HANDLE pub = 0, priv = 0, old = find_one(h, CKO_PRIVATE_KEY, 1), cert = 0;

	(void)state;
	is_ok(sign(h, old));
	is_ok(make_ec(h, 5, &pub, &priv));
	assert_false(sim_administrator(fix.card));
	assert_int_equal(state_of(h), CKS_RW_USER_FUNCTIONS);
	assert_int_equal(state_of(other), CKS_RO_USER_FUNCTIONS);
	/* old handles and sessions go on, without another PIN */
	is_ok(sign(h, priv));
	is_ok(sign(other, old));
	is_ok(write_cert(h, 1, 5, &cert));
	assert_int_equal(cert, find_one(h, CKO_CERTIFICATE, 5));
	is_ok(C_DestroyObject(h, cert));
	is_ok(C_DestroyObject(h, priv));
	assert_int_equal(count_class(h, CKO_PRIVATE_KEY), 4);
	assert_int_equal(sim_tries(fix.card), 3);
	is_rv(C_InitPIN(h, (CK_UTF8CHAR_PTR) "12345678:111222", 15), CKR_USER_NOT_LOGGED_IN);
	/* and so does the SO's way */
	is_ok(C_Logout(h));
	is_ok(C_CloseSession(other));
	login_so(h);
	is_ok(make_ec(h, 5, &pub, &priv));
}

static void import_and_data(void **state)
{
	CK_SESSION_HANDLE h = user_session();
	CK_OBJECT_CLASS private_key = CKO_PRIVATE_KEY, data = CKO_DATA;
	CK_KEY_TYPE ec = CKK_EC;
	CK_BBOOL yes = CK_TRUE;
	uint8_t id = 6, scalar[32] = {1, 2, 3};
	char mark[] = "e-Cert Trust Mark", printed[] = "Printed Information", value[] = "{}";
	CK_ATTRIBUTE key[] = {{CKA_CLASS, &private_key, sizeof(private_key)}, {CKA_TOKEN, &yes, 1},
	    {CKA_KEY_TYPE, &ec, sizeof(ec)}, {CKA_ID, &id, 1},
	    {CKA_EC_PARAMS, p256_params, sizeof(p256_params)}, {CKA_VALUE, scalar, 32}};
	CK_ATTRIBUTE object[] = {{CKA_CLASS, &data, sizeof(data)}, {CKA_TOKEN, &yes, 1},
	    {CKA_LABEL, mark, sizeof(mark) - 1}, {CKA_VALUE, value, 2}};
	CK_OBJECT_HANDLE o = 0;

	(void)state;
	is_ok(C_CreateObject(h, key, COUNT(key), &o));
	is_ok(sign(h, o));
	is_ok(C_CreateObject(h, object, COUNT(object), &o));
	is_ok(C_SetAttributeValue(h, o, &object[3], 1));
	is_ok(C_DestroyObject(h, o));
	/* the key by which the user writes */
	object[2] = (CK_ATTRIBUTE){CKA_LABEL, printed, sizeof(printed) - 1};
	is_rv(C_CreateObject(h, object, COUNT(object), &o), CKR_ACTION_PROHIBITED);
	is_ok(C_Logout(h));
	is_rv(C_CreateObject(h, key, COUNT(key), &o), CKR_USER_NOT_LOGGED_IN);
}

static void session_states(void **state)
{
	CK_SESSION_HANDLE rw = open_session(true), ro = open_session(false);
	CK_OBJECT_HANDLE pub = 0, priv = 0, cert = find_one(ro, CKO_CERTIFICATE, 1);

	(void)state;
	is_rv(make_ec(rw, 5, &pub, &priv), CKR_USER_NOT_LOGGED_IN);
	is_rv(C_DestroyObject(rw, cert), CKR_USER_NOT_LOGGED_IN);
	is_rv(make_ec(ro, 5, &pub, &priv), CKR_SESSION_READ_ONLY);
	login_user(rw);
	is_rv(make_ec(ro, 5, &pub, &priv), CKR_SESSION_READ_ONLY);
	is_rv(write_cert(ro, 1, 5, &cert), CKR_SESSION_READ_ONLY);
	is_rv(C_DestroyObject(ro, cert), CKR_SESSION_READ_ONLY);
	is_ok(make_ec(rw, 5, &pub, &priv));
}

static void off(void **state)
{
	CK_SESSION_HANDLE h;
	CK_OBJECT_HANDLE pub = 0, priv = 0;

	(void)state;
	restart(false, NULL);
	h = user_session();
	(void)p11_apdus();
	is_rv(make_ec(h, 5, &pub, &priv), CKR_USER_NOT_LOGGED_IN);
	is_rv(C_DestroyObject(h, find_one(h, CKO_PRIVATE_KEY, 1)), CKR_USER_NOT_LOGGED_IN);
	is_rv(write_cert(h, 1, 5, &priv), CKR_USER_NOT_LOGGED_IN);
	assert_int_equal(sim_ins(fix.card, ECERT_INS_PUT_DATA), 6); /* of the fixture */
}

static void wrong_and_missing_keys(void **state)
{
	CK_SESSION_HANDLE h;
	CK_OBJECT_HANDLE pub = 0, priv = 0, cert = 0;

	(void)state;
	for (int i = 0; i < 2; i++) {
		if (i == 0)
			sim_protect(fix.sim, 0, WRONG_MGM);
		restart(true, i == 0 ? NULL : "/nonexistent/key");
		h = user_session();
		is_rv(make_ec(h, 5, &pub, &priv), CKR_ACTION_PROHIBITED);
		is_rv(write_cert(h, 1, 5, &cert), CKR_ACTION_PROHIBITED);
		is_rv(C_DestroyObject(h, find_one(h, CKO_CERTIFICATE, 1)), CKR_ACTION_PROHIBITED);
		assert_int_equal(count_class(h, CKO_PRIVATE_KEY), 4);
		assert_int_equal(count_class(h, CKO_CERTIFICATE), 4);
		assert_int_equal(state_of(h), CKS_RW_USER_FUNCTIONS);
		is_ok(sign(h, find_one(h, CKO_PRIVATE_KEY, 1)));
	}
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, p11_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    T(by_policy), T(import_and_data), T(session_states), T(off), T(wrong_and_missing_keys)};

	return cmocka_run_group_tests_name("user_write", tests, NULL, NULL);
}
