/* SPDX-License-Identifier: BSD-2-Clause */
/* Memory runs out at the Nth allocation, for every N: no crash, no leak, no false success. */
#include "tests/unit/pkcs11/p11fix.h"

static bool counting;
static long left; /* allocations until one fails; negative: none does */
static bool failed;

void *__real_malloc(size_t n);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *p, size_t n);
void *__wrap_malloc(size_t n);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *p, size_t n);

static bool fails(void)
{
	if (!counting || left < 0)
		return false;
	if (left-- > 0)
		return false;
	failed = true;
	return true;
}

void *__wrap_malloc(size_t n)
{
	return fails() ? NULL : __real_malloc(n);
}

void *__wrap_calloc(size_t n, size_t size)
{
	return fails() ? NULL : __real_calloc(n, size);
}

void *__wrap_realloc(void *p, size_t n)
{
	return fails() ? NULL : __real_realloc(p, n);
}

static CK_OBJECT_HANDLE token_key(CK_SESSION_HANDLE h, CK_OBJECT_CLASS class, CK_RV *rv)
{
	uint8_t id = 1;
	CK_ATTRIBUTE t[] = {{CKA_CLASS, &class, sizeof(class)}, {CKA_ID, &id, 1}};
	CK_OBJECT_HANDLE o = CK_INVALID_HANDLE;
	CK_ULONG n = 0;

	if (!*rv)
		*rv = C_FindObjectsInit(h, t, 2);
	if (!*rv)
		*rv = C_FindObjects(h, &o, 1, &n);
	if (C_FindObjectsFinal(h) && !*rv)
		*rv = CKR_GENERAL_ERROR;
	return n == 1 ? o : CK_INVALID_HANDLE;
}

/* Signing, checked by C_Verify: a signature that is handed out is right. */
static CK_RV flow_sign(CK_SESSION_HANDLE h)
{
	CK_MECHANISM m = {CKM_ECDSA_SHA256, NULL, 0};
	CK_BYTE data[20] = {1}, sig[64];
	CK_ULONG n = sizeof(sig);
	CK_RV rv = CKR_OK;
	CK_OBJECT_HANDLE priv = token_key(h, CKO_PRIVATE_KEY, &rv);
	CK_OBJECT_HANDLE pub = token_key(h, CKO_PUBLIC_KEY, &rv);

	if (!rv)
		rv = C_SignInit(h, &m, priv);
	if (!rv)
		rv = C_Sign(h, data, sizeof(data), sig, &n);
	if (rv)
		return rv;
	assert_int_equal(n, 64);
	rv = C_VerifyInit(h, &m, pub);
	if (!rv)
		rv = C_Verify(h, data, sizeof(data), sig, n);
	assert_int_not_equal(rv, CKR_SIGNATURE_INVALID);
	return rv;
}

static CK_RV flow_list(CK_SESSION_HANDLE h)
{
	CK_OBJECT_HANDLE o[64];
	CK_BYTE value[4096];
	CK_ULONG n = 0, size;
	CK_RV one, rv = C_FindObjectsInit(h, NULL, 0);

	if (rv)
		return rv;
	rv = C_FindObjects(h, o, COUNT(o), &n);
	(void)C_FindObjectsFinal(h);
	for (CK_ULONG i = 0; i < n; i++) {
		CK_ATTRIBUTE t[] = {{CKA_VALUE, value, sizeof(value)}, {CKA_SUBJECT, NULL, 0},
		    {CKA_UNIQUE_ID, NULL, 0}, {CKA_PUBLIC_KEY_INFO, NULL, 0}};

		one = C_GetAttributeValue(h, o[i], t, COUNT(t));
		if (one && one != CKR_ATTRIBUTE_SENSITIVE && one != CKR_ATTRIBUTE_TYPE_INVALID)
			rv = one;
		one = C_GetObjectSize(h, o[i], &size);
		rv = one ? one : rv;
	}
	return rv;
}

static CK_RV flow_objects(CK_SESSION_HANDLE h)
{
	CK_OBJECT_CLASS class = CKO_DATA;
	char label[] = "label", value[] = "value";
	CK_ATTRIBUTE t[] = {
	    {CKA_CLASS, &class, sizeof(class)}, {CKA_LABEL, label, 5}, {CKA_VALUE, value, 5}};
	CK_OBJECT_HANDLE o = 0, copy = 0;
	CK_RV rv = C_CreateObject(h, t, COUNT(t), &o);

	if (!rv)
		rv = C_CopyObject(h, o, NULL, 0, &copy);
	if (!rv)
		rv = C_SetAttributeValue(h, copy, &t[1], 1);
	if (copy)
		(void)C_DestroyObject(h, copy);
	if (o)
		(void)C_DestroyObject(h, o);
	return rv;
}

static CK_RV flow_digest(CK_SESSION_HANDLE h)
{
	CK_MECHANISM m = {CKM_SHA384, NULL, 0};
	CK_BYTE out[48];
	CK_ULONG n = sizeof(out);
	CK_RV rv = C_DigestInit(h, &m);

	if (!rv)
		rv = C_Digest(h, out, 0, out, &n);
	return rv;
}

static CK_RV flow_derive(CK_SESSION_HANDLE h)
{
	CK_RV rv = CKR_OK;
	CK_OBJECT_HANDLE priv = token_key(h, CKO_PRIVATE_KEY, &rv), key = 0;
	CK_OBJECT_HANDLE pub = token_key(h, CKO_PUBLIC_KEY, &rv);
	CK_BYTE point[67];
	CK_ATTRIBUTE get = {CKA_EC_POINT, point, sizeof(point)};
	CK_ECDH1_DERIVE_PARAMS p = {CKD_SHA256_KDF, 0, NULL, sizeof(point), point};
	CK_MECHANISM m = {CKM_ECDH1_DERIVE, &p, sizeof(p)};

	if (!rv)
		rv = C_GetAttributeValue(h, pub, &get, 1);
	if (!rv)
		rv = C_DeriveKey(h, &m, priv, NULL, 0, &key);
	if (!rv)
		rv = C_DestroyObject(h, key);
	return rv;
}

static CK_RV flow_sessions(CK_SESSION_HANDLE h)
{
	CK_SESSION_HANDLE more = 0;
	CK_TOKEN_INFO info;
	CK_RV rv = C_GetTokenInfo(0, &info);

	(void)h;
	if (!rv)
		rv = C_OpenSession(0, CKF_SERIAL_SESSION, NULL, NULL, &more);
	if (!rv)
		rv = C_CloseSession(more);
	return rv;
}

/* Writing as the user: whatever fails, nobody is left administrator of the card. */
static CK_RV flow_user_write(CK_SESSION_HANDLE h)
{
	CK_OBJECT_CLASS class = CKO_DATA;
	CK_BBOOL yes = CK_TRUE;
	CK_UTF8CHAR pin[] = SIM_PIN;
	char label[] = "e-Cert Trust Mark", value[] = "{}";
	CK_ATTRIBUTE t[] = {{CKA_CLASS, &class, sizeof(class)}, {CKA_TOKEN, &yes, 1},
	    {CKA_LABEL, label, sizeof(label) - 1}, {CKA_VALUE, value, 2}};
	CK_OBJECT_HANDLE o = 0;
	CK_RV rv = C_Login(h, CKU_USER, pin, sizeof(pin) - 1);

	if (rv == CKR_USER_ALREADY_LOGGED_IN)
		rv = CKR_OK;
	if (!rv)
		rv = C_CreateObject(h, t, COUNT(t), &o);
	assert_false(sim_administrator(fix.card));
	return rv;
}

static enum ecert_rc open_writing(const struct tokens_config *cfg, struct tokens **out)
{
	struct tokens_config mine = *cfg;

	p11.config.user_writes = mine.user_writes = true;
	*out = sim_tokens_as(fix.sim, &mine);
	return ECERT_OK;
}

static int setup_writing(void **state)
{
	p11_setup(state);
	sim_protect(fix.sim, 0, SIM_MGM);
	is_ok(C_Finalize(NULL));
	p11_tokens_open = open_writing;
	is_ok(C_Initialize(NULL));
	return 0;
}

static void every_allocation(CK_RV (*flow)(CK_SESSION_HANDLE h))
{
	CK_SESSION_HANDLE h = open_session(true);
	long n = 0;

	login_user(h);
	is_ok(flow(h)); /* OpenSSL's own things, and the card's, are there now */
	do {
		CK_RV rv;

		failed = false;
		left = n++;
		counting = true;
		rv = flow(h);
		counting = false;
		assert_true(!rv || failed);
		assert_true(rv != CKR_ARGUMENTS_BAD && rv != CKR_SESSION_HANDLE_INVALID);
		is_ok(C_SessionCancel(h, ~0UL));
	} while (failed && n < 5000);
	assert_false(failed);
	assert_true(n > 1);
	is_ok(flow(h));
}

#define FLOW(name)                                                                                 \
	static void name(void **state)                                                             \
	{                                                                                          \
		(void)state;                                                                       \
		every_allocation(flow_##name);                                                     \
	}
FLOW(sign)
FLOW(list)
FLOW(objects)
FLOW(digest)
FLOW(derive)
FLOW(sessions)
FLOW(user_write)

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, p11_setup, p11_teardown)
	const struct CMUnitTest tests[] = {T(sign), T(list), T(objects), T(digest), T(derive),
	    T(sessions), cmocka_unit_test_setup_teardown(user_write, setup_writing, p11_teardown)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
