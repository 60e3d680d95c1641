/* SPDX-License-Identifier: BSD-2-Clause */
/* Each function answers with what the standard lists for it, whatever the layers below say. */
#include <openssl/ec.h>

#include "pkcs11/op/able.h"
#include "pkcs11/rvlist.h"
#include "pkcs11/rvname.h"
#include "tests/unit/pkcs11/p11fix.h"
#include "token/backend.h"

/* ---- the lists ---- */

/* What callers may rely on, in the words of chapter 5. */
static void spot_checks(void **state)
{
	static const struct {
		const char *func;
		CK_RV rv;
		bool listed;
	} rows[] = {
	    {"C_Sign", CKR_USER_NOT_LOGGED_IN, true},
	    {"C_Sign", CKR_FUNCTION_REJECTED, true},
	    {"C_Sign", CKR_OBJECT_HANDLE_INVALID, false},
	    {"C_Sign", CKR_KEY_HANDLE_INVALID, false},
	    {"C_Sign", CKR_PIN_INCORRECT, false},
	    {"C_SignInit", CKR_KEY_HANDLE_INVALID, true},
	    {"C_SignInit", CKR_OBJECT_HANDLE_INVALID, false},
	    {"C_SignInit", CKR_TOKEN_NOT_PRESENT, false},
	    {"C_GenerateKeyPair", CKR_KEY_SIZE_RANGE, false},
	    {"C_GenerateKeyPair", CKR_TEMPLATE_INCONSISTENT, true},
	    {"C_GenerateKeyPair", CKR_DEVICE_MEMORY, true},
	    {"C_GenerateKeyPair", CKR_OBJECT_HANDLE_INVALID, false},
	    {"C_CreateObject", CKR_DATA_LEN_RANGE, false},
	    {"C_CreateObject", CKR_FUNCTION_NOT_SUPPORTED, false},
	    {"C_CreateObject", CKR_KEY_SIZE_RANGE, false},
	    {"C_DeriveKey", CKR_KEY_SIZE_RANGE, true},
	    {"C_Decrypt", CKR_ENCRYPTED_DATA_INVALID, true},
	    {"C_Decrypt", CKR_DATA_INVALID, false},
	    {"C_Verify", CKR_SIGNATURE_INVALID, true},
	    {"C_VerifyUpdate", CKR_SIGNATURE_INVALID, false},
	    {"C_Login", CKR_PIN_LEN_RANGE, false},
	    {"C_Login", CKR_PIN_LOCKED, true},
	    {"C_SetPIN", CKR_PIN_LEN_RANGE, true},
	    {"C_Logout", CKR_DEVICE_REMOVED, true},
	    {"C_InitToken", CKR_USER_NOT_LOGGED_IN, false},
	    {"C_InitToken", CKR_TOKEN_WRITE_PROTECTED, true},
	    {"C_GetSlotInfo", CKR_TOKEN_NOT_PRESENT, false},
	    {"C_GetTokenInfo", CKR_TOKEN_NOT_PRESENT, true},
	    {"C_WaitForSlotEvent", CKR_DEVICE_ERROR, false},
	    {"C_GetAttributeValue", CKR_ATTRIBUTE_SENSITIVE, true},
	    {"C_FindObjects", CKR_OBJECT_HANDLE_INVALID, false},
	    {"C_DestroyObject", CKR_KEY_HANDLE_INVALID, false},
	    {"C_DigestKey", CKR_KEY_INDIGESTIBLE, true},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		if (rv_is_listed(rows[i].func, rows[i].rv) != rows[i].listed)
			print_message("%s: %s\n", rows[i].func, p11_rv_name(rows[i].rv));
		assert_int_equal(rv_is_listed(rows[i].func, rows[i].rv), rows[i].listed);
	}
}

static void nearest_ones(void **state)
{
	static const struct {
		const char *func;
		CK_RV rv, want;
	} rows[] = {
	    {"C_GenerateKeyPair", CKR_KEY_SIZE_RANGE, CKR_ATTRIBUTE_VALUE_INVALID},
	    {"C_GenerateKeyPair", CKR_OBJECT_HANDLE_INVALID, CKR_TEMPLATE_INCONSISTENT},
	    {"C_CreateObject", CKR_DATA_LEN_RANGE, CKR_ATTRIBUTE_VALUE_INVALID},
	    {"C_CreateObject", CKR_FUNCTION_NOT_SUPPORTED, CKR_TEMPLATE_INCONSISTENT},
	    {"C_Sign", CKR_OBJECT_HANDLE_INVALID, CKR_DEVICE_ERROR},
	    {"C_Sign", CKR_PIN_LOCKED, CKR_USER_NOT_LOGGED_IN},
	    {"C_Decrypt", CKR_DATA_INVALID, CKR_ENCRYPTED_DATA_INVALID},
	    {"C_DeriveKey", CKR_FUNCTION_REJECTED, CKR_FUNCTION_CANCELED},
	    {"C_GetSlotInfo", CKR_TOKEN_NOT_PRESENT, CKR_DEVICE_ERROR},
	    {"C_Login", CKR_PIN_EXPIRED, CKR_PIN_INCORRECT},
	    {"C_Verify", CKR_VENDOR_DEFINED, CKR_FUNCTION_FAILED},
	    {"C_Sign", CKR_OK, CKR_OK},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		is_rv(rv_listed(rows[i].func, rows[i].rv), rows[i].want);
}

/* ---- a token that fails as it is told to ---- */

static enum ecert_rc fails; /* what every function below answers, but for what opens a session */
static enum token_user who;

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
	return fails ? fails : fake_slot(impl, 0, out);
}

static enum ecert_rc fake_info(void *impl, const struct token_at *at, struct token_info *out)
{
	(void)impl;
	(void)at;
	*out = (struct token_info){.generation = 1,
	    .pin_tries = -1,
	    .pin_tries_max = -1,
	    .model = "e-Cert PIV",
	    .has_ecert = true,
	    .initialised = true};
	return fails;
}

static enum ecert_rc fake_login(void *impl, const struct token_at *at, enum token_user user,
    struct rd pin, unsigned flags, int *tries)
{
	(void)impl;
	(void)at;
	(void)pin;
	(void)flags;
	(void)tries;
	if (!fails)
		who = user;
	return fails;
}

static enum ecert_rc fake_plain(void *impl, const struct token_at *at)
{
	(void)impl;
	(void)at;
	if (!fails)
		who = TOKEN_NOBODY;
	return fails;
}

static enum token_user fake_user(void *impl, const struct token_at *at)
{
	(void)impl;
	(void)at;
	return who;
}

static enum ecert_rc fake_once(
    void *impl, const struct token_at *at, uint8_t ref, struct rd pin, unsigned flags, int *tries)
{
	(void)ref;
	return fake_login(impl, at, who, pin, flags, tries);
}

static enum ecert_rc fake_change(void *impl, const struct token_at *at, enum token_secret which,
    struct rd old, struct rd fresh, unsigned flags, int *tries)
{
	(void)impl;
	(void)at;
	(void)which;
	(void)old;
	(void)fresh;
	(void)flags;
	(void)tries;
	return fails;
}

static enum ecert_rc fake_unblock(void *impl, const struct token_at *at, struct rd puk,
    struct rd fresh, unsigned flags, int *tries)
{
	return fake_change(impl, at, SECRET_PIN, puk, fresh, flags, tries);
}

static struct pubkey *key_of_all; /* P-256 with PIN always in 9A */
static enum ecert_rc key_fails;

static enum ecert_rc fake_key(
    void *impl, const struct token_at *at, uint8_t ref, struct token_key *out)
{
	(void)impl;
	(void)at;
	if (ref != 0x9A)
		return ECERT_E_NOT_FOUND;
	*out = (struct token_key){.ref = ref,
	    .alg = KEY_P256,
	    .pin = PIN_ALWAYS,
	    .origin = 1,
	    .pub = pubkey_ref(key_of_all)};
	return key_fails;
}

static enum ecert_rc fake_bytes(void *impl, const struct token_at *at, uint8_t ref, struct buf *out)
{
	(void)impl;
	(void)at;
	(void)ref;
	(void)out;
	return fails ? fails : ECERT_E_NOT_FOUND;
}

static enum ecert_rc fake_data(void *impl, const struct token_at *at, uint32_t tag, struct buf *out)
{
	return fake_bytes(impl, at, (uint8_t)tag, out);
}

static enum ecert_rc fake_refs(void *impl, const struct token_at *at, uint8_t *refs, size_t *n)
{
	(void)impl;
	(void)at;
	refs[0] = 0x9A;
	*n = 1;
	return fails;
}

static enum ecert_rc fake_use(
    void *impl, const struct token_at *at, const struct token_request *req, struct buf *out)
{
	(void)impl;
	(void)at;
	(void)req;
	(void)out;
	return fails ? fails : ECERT_E_CARD;
}

static enum ecert_rc fake_generate(
    void *impl, const struct token_at *at, const struct token_newkey *spec, struct pubkey **pub)
{
	(void)impl;
	(void)at;
	(void)spec;
	(void)pub;
	return fails ? fails : ECERT_E_CARD;
}

static enum ecert_rc fake_import(
    void *impl, const struct token_at *at, const struct token_newkey *spec, const struct rd *part)
{
	(void)impl;
	(void)at;
	(void)spec;
	(void)part;
	return fails ? fails : ECERT_E_CARD;
}

static enum ecert_rc fake_delete(void *impl, const struct token_at *at, uint8_t ref)
{
	(void)impl;
	(void)at;
	(void)ref;
	return fails;
}

static enum ecert_rc fake_put(void *impl, const struct token_at *at, uint8_t ref, struct rd der)
{
	(void)impl;
	(void)at;
	(void)ref;
	(void)der;
	return fails;
}

static enum ecert_rc fake_data_put(
    void *impl, const struct token_at *at, uint32_t tag, struct rd value)
{
	return fake_put(impl, at, (uint8_t)tag, value);
}

static enum ecert_rc fake_label(void *impl, const struct token_at *at, const char *label)
{
	(void)impl;
	(void)at;
	(void)label;
	return fails;
}

static enum ecert_rc fake_random(void *impl, const struct token_at *at, uint8_t *out, size_t n)
{
	(void)impl;
	(void)at;
	(void)out;
	(void)n;
	return fails ? fails : ECERT_E_UNSUPPORTED;
}

static enum ecert_rc fake_wait(void *impl, int timeout_ms, unsigned *slot)
{
	(void)impl;
	(void)timeout_ms;
	(void)slot;
	return fails ? fails : ECERT_E_TIMEOUT;
}

static void fake_cancel(void *impl)
{
	(void)impl;
}

static const struct token_backend ops = {.close = fake_close,
    .slots = fake_slots,
    .slot = fake_slot,
    .wait = fake_wait,
    .cancel_wait = fake_cancel,
    .info = fake_info,
    .login = fake_login,
    .logout = fake_plain,
    .user = fake_user,
    .login_once = fake_once,
    .change_secret = fake_change,
    .unblock = fake_unblock,
    .key_get = fake_key,
    .cert_get = fake_bytes,
    .refs = fake_refs,
    .attest = fake_bytes,
    .data_get = fake_data,
    .use = fake_use,
    .key_generate = fake_generate,
    .key_import = fake_import,
    .key_delete = fake_delete,
    .cert_put = fake_put,
    .data_put = fake_data_put,
    .label_put = fake_label,
    .random = fake_random};

static enum ecert_rc open_fake(const struct tokens_config *cfg, struct tokens **out)
{
	static int impl;

	(void)cfg;
	return tokens_of(&ops, &impl, out);
}

static int setup(void **state)
{
	EVP_PKEY *key = EVP_EC_gen("P-256");

	(void)state;
	fails = key_fails = ECERT_OK;
	who = TOKEN_NOBODY;
	assert_non_null(key);
	assert_int_equal(pubkey_from_evp(key, &key_of_all), ECERT_OK);
	EVP_PKEY_free(key);
	p11_tokens_open = open_fake;
	is_ok(C_Initialize(NULL));
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	fails = ECERT_OK;
	is_ok(C_Finalize(NULL));
	pubkey_free(&key_of_all);
	return 0;
}

static CK_SESSION_HANDLE session_as(enum token_user user)
{
	CK_SESSION_HANDLE h;

	fails = ECERT_OK;
	h = open_session(true);
	who = user;
	return h;
}

static CK_BBOOL yes = CK_TRUE;
static CK_BYTE bytes[64], out[512];
static CK_MECHANISM ecdsa = {CKM_ECDSA, NULL, 0};

/* One call of each kind that reaches the token, with what has to be before it. */
static CK_RV info(void)
{
	CK_TOKEN_INFO i;

	return C_GetTokenInfo(0, &i);
}

static CK_RV slot_list(void)
{
	CK_ULONG n = 0;

	return C_GetSlotList(CK_FALSE, NULL, &n);
}

static CK_RV wait_event(void)
{
	CK_SLOT_ID slot;

	return C_WaitForSlotEvent(CKF_DONT_BLOCK, &slot, NULL);
}

static CK_RV open_one(void)
{
	CK_SESSION_HANDLE h;

	return C_OpenSession(0, CKF_SERIAL_SESSION, NULL, NULL, &h);
}

static CK_RV init_token(void)
{
	CK_UTF8CHAR label[32] = {0};

	(void)C_CloseAllSessions(0);
	return C_InitToken(0, bytes, 24, label);
}

static CK_SESSION_HANDLE h;

static CK_RV log_in(void)
{
	who = TOKEN_NOBODY;
	return C_Login(h, CKU_USER, bytes, 6);
}

static CK_RV log_in_so(void)
{
	who = TOKEN_NOBODY;
	return C_Login(h, CKU_SO, bytes, 24);
}

static CK_RV log_out(void)
{
	return C_Logout(h);
}

static CK_RV set_pin(void)
{
	CK_UTF8CHAR old[] = "123456", fresh[] = "654321";

	return C_SetPIN(h, old, 6, fresh, 6);
}

static CK_RV init_pin(void)
{
	CK_UTF8CHAR both[] = "12345678:123456";

	who = TOKEN_SO;
	return C_InitPIN(h, both, sizeof(both) - 1);
}

static CK_RV search(void)
{
	return C_FindObjectsInit(h, NULL, 0);
}

/* With the fault only from the call on that counts. */
static CK_RV begun(
    CK_RV (*init)(CK_SESSION_HANDLE, CK_MECHANISM_PTR, CK_OBJECT_HANDLE), CK_OBJECT_CLASS class)
{
	enum ecert_rc later = fails;
	CK_RV rv;

	fails = ECERT_OK;
	rv = init(h, &ecdsa, find_one(h, class, 1));
	fails = later;
	return rv;
}

static CK_RV sign(void)
{
	CK_ULONG n = sizeof(out);

	is_ok(begun(C_SignInit, CKO_PRIVATE_KEY));
	return C_Sign(h, bytes, 32, out, &n);
}

static CK_RV sign_final(void)
{
	CK_ULONG n = sizeof(out);

	is_ok(begun(C_SignInit, CKO_PRIVATE_KEY));
	is_ok(C_SignUpdate(h, bytes, 32));
	return C_SignFinal(h, out, &n);
}

static CK_RV sign_message(void)
{
	CK_ULONG n = sizeof(out);
	CK_RV rv;

	is_ok(begun(C_MessageSignInit, CKO_PRIVATE_KEY));
	rv = C_SignMessage(h, NULL, 0, bytes, 32, out, &n);
	is_ok(C_MessageSignFinal(h));
	return rv;
}

static CK_RV log_in_context(void)
{
	CK_RV rv;

	is_ok(begun(C_SignInit, CKO_PRIVATE_KEY));
	rv = C_Login(h, CKU_CONTEXT_SPECIFIC, bytes, 6);
	(void)C_SessionCancel(h, CKF_SIGN);
	return rv;
}

static CK_RV sign_init(void)
{
	enum ecert_rc later = fails;
	CK_OBJECT_HANDLE key;
	CK_RV rv;

	fails = ECERT_OK;
	key = find_one(h, CKO_PRIVATE_KEY, 1);
	key_fails = fails = later;
	rv = C_SignInit(h, &ecdsa, key);
	key_fails = ECERT_OK;
	return rv;
}

static CK_RV derive(void)
{
	enum ecert_rc later = fails;
	CK_OBJECT_HANDLE key, secret;
	CK_BYTE point[67];
	CK_ECDH1_DERIVE_PARAMS p = {.kdf = CKD_NULL, .pPublicData = point};
	CK_MECHANISM m = {CKM_ECDH1_DERIVE, &p, sizeof(p)};

	fails = ECERT_OK;
	key = find_one(h, CKO_PRIVATE_KEY, 1);
	p.ulPublicDataLen = get_bytes(
	    h, find_one(h, CKO_PUBLIC_KEY, 1), CKA_EC_POINT, point, sizeof(point));
	fails = later;
	return C_DeriveKey(h, &m, key, NULL, 0, &secret);
}

static CK_RV generate(void)
{
	CK_MECHANISM m = {CKM_EC_KEY_PAIR_GEN, NULL, 0};
	CK_ATTRIBUTE pub[] = {{CKA_EC_PARAMS, p256_params, sizeof(p256_params)}},
		     priv[] = {{CKA_TOKEN, &yes, 1}};
	CK_OBJECT_HANDLE a, b;

	who = TOKEN_SO;
	return C_GenerateKeyPair(h, &m, pub, 1, priv, 1, &a, &b);
}

static CK_RV import(void)
{
	CK_OBJECT_CLASS class = CKO_PRIVATE_KEY;
	CK_KEY_TYPE type = CKK_EC;
	CK_ATTRIBUTE t[] = {{CKA_CLASS, &class, sizeof(class)}, {CKA_TOKEN, &yes, 1},
	    {CKA_KEY_TYPE, &type, sizeof(type)}, {CKA_EC_PARAMS, p256_params, sizeof(p256_params)},
	    {CKA_VALUE, bytes, 32}};
	CK_OBJECT_HANDLE o;

	who = TOKEN_SO;
	return C_CreateObject(h, t, COUNT(t), &o);
}

static CK_RV write_data(void)
{
	CK_OBJECT_CLASS class = CKO_DATA;
	CK_UTF8CHAR label[] = "Security Object";
	CK_ATTRIBUTE t[] = {{CKA_CLASS, &class, sizeof(class)}, {CKA_TOKEN, &yes, 1},
	    {CKA_LABEL, label, sizeof(label) - 1}, {CKA_VALUE, bytes, 32}};
	CK_OBJECT_HANDLE o;

	who = TOKEN_SO;
	return C_CreateObject(h, t, COUNT(t), &o);
}

static CK_RV destroy(void)
{
	enum ecert_rc later = fails;
	CK_OBJECT_HANDLE key;

	fails = ECERT_OK;
	who = TOKEN_SO;
	key = find_one(h, CKO_PRIVATE_KEY, 1);
	fails = later;
	return C_DestroyObject(h, key);
}

static CK_RV random_bytes_(void)
{
	return C_GenerateRandom(h, out, 16);
}

static const struct {
	const char *name;
	CK_RV (*call)(void);
} flows[] = {
    {"C_GetTokenInfo", info},
    {"C_GetSlotList", slot_list},
    {"C_WaitForSlotEvent", wait_event},
    {"C_OpenSession", open_one},
    {"C_Login", log_in},
    {"C_Login", log_in_so},
    {"C_Login", log_in_context},
    {"C_Logout", log_out},
    {"C_SetPIN", set_pin},
    {"C_InitPIN", init_pin},
    {"C_FindObjectsInit", search},
    {"C_SignInit", sign_init},
    {"C_Sign", sign},
    {"C_SignFinal", sign_final},
    {"C_SignMessage", sign_message},
    {"C_DeriveKey", derive},
    {"C_GenerateKeyPair", generate},
    {"C_CreateObject", import},
    {"C_CreateObject", write_data},
    {"C_DestroyObject", destroy},
    {"C_GenerateRandom", random_bytes_},
    {"C_InitToken", init_token},
};

/* Whatever the token layer answers: in the words of the function's own list, and never OK. */
static void every_failure(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(flows); i++) {
		for (int rc = 1; rc < ECERT_RC_COUNT; rc++) {
			CK_RV rv;

			h = session_as(TOKEN_USER);
			fails = (enum ecert_rc)rc;
			rv = flows[i].call();
			fails = ECERT_OK;
			if (!rv_is_listed(flows[i].name, rv))
				print_message("%s, %d: %s\n", flows[i].name, rc, p11_rv_name(rv));
			assert_true(rv_is_listed(flows[i].name, rv));
			assert_string_not_equal(p11_rv_name(rv), "CKR_?");
			if (flows[i].call == sign || flows[i].call == generate)
				assert_int_not_equal(rv, CKR_OK);
			is_ok(C_CloseAllSessions(0));
			able_forget_all(); /* one of them says what the key is not for */
		}
	}
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(spot_checks), cmocka_unit_test(nearest_ones), T(every_failure)};

	return cmocka_run_group_tests_name("pkcs11 return values", tests, NULL, NULL);
}
