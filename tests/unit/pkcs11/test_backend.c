/* SPDX-License-Identifier: BSD-2-Clause */
/* The module over a token that says what the test wants: PIN pads, and every failure there is. */
#include "pkcs11/rvname.h"
#include "tests/unit/pkcs11/p11fix.h"
#include "token/backend.h"

static struct {
	enum ecert_rc login, info, key, refs;
	bool pad, by_pad;
	enum token_user user;
} fake;

static void fake_close(void *impl, bool forked)
{
	(void)impl;
	(void)forked;
}

static enum ecert_rc fake_slot(void *impl, unsigned id, struct token_slot *out)
{
	(void)impl;
	*out = (struct token_slot){
	    .id = id, .reader = "Reader", .connected = true, .present = true, .generation = 1};
	return id == 0 ? ECERT_OK : ECERT_E_NOT_FOUND;
}

static enum ecert_rc fake_slots(
    void *impl, bool refresh, struct token_slot *out, size_t cap, size_t *n)
{
	(void)refresh;
	(void)cap;
	*n = 1;
	return fake_slot(impl, 0, out);
}

static enum ecert_rc fake_info(void *impl, const struct token_at *at, struct token_info *out)
{
	(void)impl;
	(void)at;
	*out = (struct token_info){.label = "Pad",
	    .generation = 1,
	    .pinpad = fake.pad,
	    .pin_tries = -1,
	    .pin_tries_max = -1,
	    .pin_default = true,
	    .pin_default_known = true,
	    .initialised = true};
	return fake.info;
}

static enum ecert_rc fake_login(void *impl, const struct token_at *at, enum token_user user,
    struct rd pin, unsigned flags, int *tries)
{
	(void)impl;
	(void)at;
	(void)flags;
	*tries = -1;
	fake.by_pad = pin.p == NULL;
	if (!fake.login)
		fake.user = user;
	return fake.login;
}

static enum ecert_rc fake_logout(void *impl, const struct token_at *at)
{
	(void)impl;
	(void)at;
	fake.user = TOKEN_NOBODY;
	return ECERT_OK;
}

static enum token_user fake_user(void *impl, const struct token_at *at)
{
	(void)impl;
	(void)at;
	return fake.user;
}

static enum ecert_rc fake_key(
    void *impl, const struct token_at *at, uint8_t ref, struct token_key *out)
{
	(void)impl;
	(void)at;
	(void)ref;
	*out = (struct token_key){.ref = ref};
	return fake.key;
}

static enum ecert_rc fake_refs(void *impl, const struct token_at *at, uint8_t *refs, size_t *n)
{
	(void)impl;
	(void)at;
	refs[0] = 0x9A;
	*n = 1;
	return fake.refs;
}

static const struct token_backend ops = {.close = fake_close,
    .slots = fake_slots,
    .slot = fake_slot,
    .info = fake_info,
    .login = fake_login,
    .logout = fake_logout,
    .user = fake_user,
    .key_get = fake_key,
    .refs = fake_refs};

static enum ecert_rc open_fake(const struct tokens_config *cfg, struct tokens **out)
{
	static int impl;

	(void)cfg;
	return tokens_of(&ops, &impl, out);
}

static int setup(void **state)
{
	(void)state;
	memset(&fake, 0, sizeof(fake));
	fake.key = ECERT_E_NOT_FOUND;
	p11_tokens_open = open_fake;
	is_ok(C_Initialize(NULL));
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	is_ok(C_Finalize(NULL));
	return 0;
}

static void pin_pads(void **state)
{
	CK_TOKEN_INFO info;
	CK_SESSION_HANDLE h;
	CK_UTF8CHAR pin[] = "123456";

	(void)state;
	fake.pad = true;
	is_ok(C_GetTokenInfo(0, &info));
	assert_true(info.flags & CKF_PROTECTED_AUTHENTICATION_PATH);
	assert_true(info.flags & CKF_USER_PIN_TO_BE_CHANGED);
	assert_false(info.flags & (CKF_USER_PIN_LOCKED | CKF_USER_PIN_FINAL_TRY));
	h = open_session(false);
	is_rv(C_Login(h, CKU_USER, NULL, 6), CKR_ARGUMENTS_BAD);
	fake.login = ECERT_E_CANCELLED;
	is_rv(C_Login(h, CKU_USER, NULL, 0), CKR_FUNCTION_CANCELED);
	fake.login = ECERT_OK;
	is_ok(C_Login(h, CKU_USER, NULL, 0));
	assert_true(fake.by_pad);
	is_ok(C_Logout(h));
	is_ok(C_Login(h, CKU_USER, pin, 6));
	assert_false(fake.by_pad);
	is_ok(C_Logout(h));
	fake.pad = false;
	is_rv(C_Login(h, CKU_USER, NULL, 0), CKR_ARGUMENTS_BAD);
}

/* Whatever the layers below say is said in a word of the standard; success is never made of it. */
static void every_failure(void **state)
{
	CK_OBJECT_CLASS class = CKO_PUBLIC_KEY;
	CK_ATTRIBUTE t = {CKA_CLASS, &class, sizeof(class)};
	CK_UTF8CHAR pin[] = "123456";
	CK_TOKEN_INFO info;

	(void)state;
	for (int rc = 1; rc < ECERT_RC_COUNT; rc++) {
		CK_SESSION_HANDLE h = open_session(false);
		CK_RV rv;

		fake.login = (enum ecert_rc)rc;
		rv = C_Login(h, CKU_USER, pin, 6);
		assert_int_not_equal(rv, CKR_OK);
		assert_string_not_equal(p11_rv_name(rv), "CKR_?");
		fake.login = ECERT_OK;

		fake.info = (enum ecert_rc)rc;
		assert_int_not_equal(C_GetTokenInfo(0, &info), CKR_OK);
		fake.info = ECERT_OK;

		fake.refs = (enum ecert_rc)rc;
		rv = C_FindObjectsInit(h, &t, 1);
		assert_int_not_equal(rv, CKR_OK);
		fake.refs = ECERT_OK;

		/* a key that cannot be read is no object; a card that cannot is a failure */
		fake.key = (enum ecert_rc)rc;
		rv = C_FindObjectsInit(h, &t, 1);
		if (rc == ECERT_E_NOT_FOUND || rc == ECERT_E_MALFORMED ||
		    rc == ECERT_E_UNSUPPORTED || rc == ECERT_E_CARD)
			assert_int_equal(rv, CKR_OK);
		else
			assert_int_not_equal(rv, CKR_OK);
		fake.key = ECERT_E_NOT_FOUND;
		is_ok(C_CloseAllSessions(0));
	}
}

/* A daemon that must be there and is not. */
static enum ecert_rc open_nothing(const struct tokens_config *cfg, struct tokens **out)
{
	(void)cfg;
	*out = NULL;
	return ECERT_E_NO_SERVICE;
}

static void no_daemon(void **state)
{
	CK_INFO info;

	(void)state;
	is_ok(C_Finalize(NULL));
	p11_tokens_open = open_nothing;
	is_rv(C_Initialize(NULL), CKR_FUNCTION_FAILED);
	is_rv(C_GetInfo(&info), CKR_CRYPTOKI_NOT_INITIALIZED);
	p11_tokens_open = open_fake;
	is_ok(C_Initialize(NULL));
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {T(pin_pads), T(every_failure), T(no_daemon)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
