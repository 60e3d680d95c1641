/* SPDX-License-Identifier: BSD-2-Clause */
/* Objects: what is found, what it costs, and what the attributes say. */
#include "tests/unit/pkcs11/p11fix.h"

static void budget_of_one_id(void **state)
{
	CK_SESSION_HANDLE h;
	CK_OBJECT_HANDLE key;
	CK_MECHANISM m = {CKM_ECDSA, NULL, 0};
	CK_BYTE digest[32] = {1}, sig[64];
	CK_ULONG n = sizeof(sig);

	(void)state;
	h = open_session(false);
	login_user(h);
	key = find_one(h, CKO_PRIVATE_KEY, 1);
	is_ok(C_SignInit(h, &m, key));
	is_ok(C_Sign(h, digest, sizeof(digest), sig, &n));
	assert_int_equal(n, 64);
	assert_true(p11_apdus() <= 6);
	for (int i = 0; i < 5; i++) {
		is_ok(C_SignInit(h, &m, key));
		is_ok(C_Sign(h, digest, sizeof(digest), sig, &n));
	}
	assert_int_equal(p11_apdus(), 5);
}

static void budget_of_pin_always(void **state)
{
	CK_SESSION_HANDLE h = open_session(false);
	CK_OBJECT_HANDLE key;
	CK_MECHANISM m = {CKM_ECDSA, NULL, 0};
	CK_BYTE digest[32] = {1}, sig[64];
	CK_ULONG n = sizeof(sig);

	(void)state;
	login_user(h);
	key = find_one(h, CKO_PRIVATE_KEY, 2);
	assert_true(get_bool(h, key, CKA_ALWAYS_AUTHENTICATE));
	is_ok(C_SignInit(h, &m, key));
	is_ok(login_context(h));
	is_ok(C_Sign(h, digest, sizeof(digest), sig, &n));
	assert_true(p11_apdus() <= 7);
	is_ok(C_SignInit(h, &m, key));
	is_ok(login_context(h));
	is_ok(C_Sign(h, digest, sizeof(digest), sig, &n));
	assert_int_equal(p11_apdus(), 2);
	/* without the PIN it does not sign */
	is_ok(C_SignInit(h, &m, key));
	is_rv(C_Sign(h, digest, sizeof(digest), sig, &n), CKR_USER_NOT_LOGGED_IN);
	is_rv(login_context(h), CKR_OPERATION_NOT_INITIALIZED);
}

static void budget_of_lists(void **state)
{
	CK_ULONG n = 0;
	CK_SLOT_ID slots[4];
	CK_TOKEN_INFO info;
	CK_OBJECT_HANDLE all[64];
	CK_SESSION_HANDLE h;
	CK_BYTE der[4096];

	(void)state;
	is_ok(C_GetSlotList(CK_FALSE, NULL, &n));
	assert_int_equal(n, 2);
	is_ok(C_GetSlotList(CK_TRUE, slots, &n));
	assert_int_equal(n, 1);
	is_ok(C_GetTokenInfo(slots[0], &info));
	assert_true(p11_apdus() <= 3);
	h = open_session(false);
	n = find(h, NULL, 0, all, COUNT(all));
	assert_int_equal(n, 4 + 4 + 1); /* certificates, public keys, and the key without a PIN */
	for (CK_ULONG i = 0; i < n; i++)
		if (get_ulong(h, all[i], CKA_CLASS) == CKO_CERTIFICATE)
			assert_true(get_bytes(h, all[i], CKA_VALUE, der, sizeof(der)) > 1400);
	assert_true(p11_apdus() <= 11);
}

static void private_keys_after_login(void **state)
{
	CK_SESSION_HANDLE h = open_session(true);

	(void)state;
	assert_int_equal(count_class(h, CKO_PRIVATE_KEY), 1);
	login_user(h);
	assert_int_equal(count_class(h, CKO_PRIVATE_KEY), 4);
	is_ok(C_Logout(h));
	assert_int_equal(count_class(h, CKO_PRIVATE_KEY), 1);
}

/* NSS and pkcs11-provider search for profiles with TOKEN=TRUE; a profile has no CKA_TOKEN. */
static void profile_trap(void **state)
{
	CK_SESSION_HANDLE h = open_session(false);
	CK_OBJECT_CLASS class = CKO_PROFILE;
	CK_BBOOL yes = CK_TRUE;
	const CK_ATTRIBUTE t[] = {{CKA_TOKEN, &yes, 1}, {CKA_CLASS, &class, sizeof(class)}};
	CK_OBJECT_HANDLE found[8], all[64];
	CK_ULONG n, profile = CKP_PUBLIC_CERTIFICATES_TOKEN;
	const CK_ATTRIBUTE one[] = {
	    {CKA_CLASS, &class, sizeof(class)}, {CKA_PROFILE_ID, &profile, sizeof(profile)}};
	CK_ATTRIBUTE token = {CKA_TOKEN, &yes, 1};

	(void)state;
	p11_apdus();
	assert_int_equal(find(h, t, 2, found, COUNT(found)), 3);
	assert_int_equal(get_ulong(h, found[0], CKA_PROFILE_ID), CKP_BASELINE_PROVIDER);
	assert_int_equal(get_ulong(h, found[1], CKA_PROFILE_ID), CKP_AUTHENTICATION_TOKEN);
	assert_int_equal(get_ulong(h, found[2], CKA_PROFILE_ID), CKP_PUBLIC_CERTIFICATES_TOKEN);
	is_rv(C_GetAttributeValue(h, found[0], &token, 1), CKR_ATTRIBUTE_TYPE_INVALID);
	assert_int_equal(find(h, one, 2, found, COUNT(found)), 1);
	assert_int_equal(p11_apdus(), 0);
	n = find(h, t, 1, all, COUNT(all));
	for (CK_ULONG i = 0; i < n; i++)
		assert_int_not_equal(get_ulong(h, all[i], CKA_CLASS), CKO_PROFILE);
}

static void attestation_only_when_named(void **state)
{
	CK_SESSION_HANDLE h = open_session(false);
	uint8_t id[2] = {0xF9, 1}, got[8];
	CK_BBOOL yes = CK_TRUE;
	char label[] = "X.509 Certificate for PIV Attestation 9a";
	const CK_ATTRIBUTE by_id[] = {{CKA_ID, id, 2}};
	const CK_ATTRIBUTE by_label[] = {{CKA_LABEL, label, sizeof(label) - 1}};
	const CK_ATTRIBUTE by_flag[] = {{CKA_ECERT_ATTESTATION, &yes, 1}};
	CK_OBJECT_HANDLE o, same;

	(void)state;
	assert_int_equal(count_class(h, CKO_CERTIFICATE), 4);
	assert_int_equal(find(h, by_id, 1, &o, 1), 1);
	assert_int_equal(find(h, by_label, 1, &same, 1), 1);
	assert_int_equal(o, same);
	assert_int_equal(get_ulong(h, o, CKA_CLASS), CKO_CERTIFICATE);
	assert_int_equal(get_bytes(h, o, CKA_ID, got, sizeof(got)), 2);
	assert_memory_equal(got, id, 2);
	assert_true(find(h, by_flag, 1, NULL, 0) >= 4);
}

static void certificate_attributes(void **state)
{
	CK_SESSION_HANDLE h = open_session(false);
	CK_OBJECT_HANDLE c = find_one(h, CKO_CERTIFICATE, 1);
	CK_OBJECT_HANDLE k = find_one(h, CKO_PUBLIC_KEY, 1);
	uint8_t a[4096], b[4096];
	size_t n;

	(void)state;
	assert_int_equal(get_ulong(h, c, CKA_CERTIFICATE_TYPE), CKC_X_509);
	assert_int_equal(get_ulong(h, c, CKA_CERTIFICATE_CATEGORY), 1);
	assert_false(get_bool(h, c, CKA_TRUSTED));
	assert_false(get_bool(h, c, CKA_PRIVATE));
	assert_true(get_bool(h, c, CKA_TOKEN));
	n = get_bytes(h, c, CKA_LABEL, a, sizeof(a));
	assert_memory_equal(a, "Certificate for PIV Authentication", n);
	n = get_bytes(h, c, CKA_SERIAL_NUMBER, a, sizeof(a));
	assert_int_equal(n, 3);
	assert_memory_equal(a, "\x02\x01\x2a", 3);
	assert_int_equal(a[0], 2);
	n = get_bytes(h, c, CKA_SUBJECT, a, sizeof(a));
	assert_int_equal(a[0], 0x30);
	assert_int_equal(get_bytes(h, k, CKA_SUBJECT, b, sizeof(b)), n);
	assert_memory_equal(a, b, n);
	n = get_bytes(h, c, CKA_PUBLIC_KEY_INFO, a, sizeof(a));
	assert_int_equal(get_bytes(h, k, CKA_PUBLIC_KEY_INFO, b, sizeof(b)), n);
	assert_memory_equal(a, b, n);
	assert_int_equal(get_bytes(h, c, CKA_CHECK_VALUE, a, sizeof(a)), 3);
	assert_int_equal(get_bytes(h, c, CKA_START_DATE, a, sizeof(a)), 8);
	assert_memory_equal(a, "20250101", 8);
	assert_int_equal(get_bytes(h, c, CKA_END_DATE, a, sizeof(a)), 8);
	assert_memory_equal(a, "20991231", 8);
	assert_int_equal(get_bytes(h, c, CKA_UNIQUE_ID, a, sizeof(a)), 32);
	assert_int_equal(get_bytes(h, k, CKA_UNIQUE_ID, b, sizeof(b)), 32);
	assert_memory_not_equal(a, b, 32);
}

static void key_attributes(void **state)
{
	CK_SESSION_HANDLE h = open_session(false);
	CK_OBJECT_HANDLE pub, priv;
	uint8_t a[1024], label[64];
	CK_MECHANISM_TYPE allowed[64];
	CK_ATTRIBUTE t[3];
	size_t n;

	(void)state;
	login_user(h);
	pub = find_one(h, CKO_PUBLIC_KEY, 1);
	priv = find_one(h, CKO_PRIVATE_KEY, 1);
	assert_int_equal(get_ulong(h, priv, CKA_KEY_TYPE), CKK_EC);
	assert_true(get_bool(h, priv, CKA_SIGN));
	assert_true(get_bool(h, priv, CKA_DERIVE));
	assert_false(get_bool(h, priv, CKA_DECRYPT));
	assert_true(get_bool(h, priv, CKA_SENSITIVE));
	assert_false(get_bool(h, priv, CKA_EXTRACTABLE));
	assert_true(get_bool(h, priv, CKA_LOCAL));
	assert_true(get_bool(h, priv, CKA_NEVER_EXTRACTABLE));
	assert_true(get_bool(h, priv, CKA_PRIVATE));
	assert_false(get_bool(h, priv, CKA_ALWAYS_AUTHENTICATE));
	assert_int_equal(get_ulong(h, priv, CKA_KEY_GEN_MECHANISM), CKM_EC_KEY_PAIR_GEN);
	assert_true(get_bool(h, pub, CKA_VERIFY));
	assert_int_equal(get_bytes(h, pub, CKA_EC_PARAMS, a, sizeof(a)), sizeof(p256_params));
	assert_memory_equal(a, p256_params, sizeof(p256_params));
	assert_int_equal(get_bytes(h, pub, CKA_EC_POINT, a, sizeof(a)), 67);
	assert_memory_equal(a, "\x04\x41\x04", 3);
	n = get_bytes(h, priv, CKA_LABEL, label, sizeof(label));
	assert_int_equal(n, strlen("PIV AUTH key"));
	assert_memory_equal(label, "PIV AUTH key", n);
	n = get_bytes(h, priv, CKA_ALLOWED_MECHANISMS, (uint8_t *)allowed, sizeof(allowed));
	assert_true(n >= 2 * sizeof(allowed[0]));
	assert_int_equal(allowed[0], CKM_ECDSA);
	assert_int_equal(get_ulong(h, priv, CKA_ECERT_KEY_REFERENCE), 0x9A);
	assert_int_equal(get_ulong(h, priv, CKA_ECERT_PIN_POLICY), PIN_ONCE);
	/* 5.7.5: secret, unknown and readable in one call */
	t[0] = (CK_ATTRIBUTE){CKA_VALUE, a, sizeof(a)};
	t[1] = (CK_ATTRIBUTE){CKA_MODULUS, a, sizeof(a)};
	t[2] = (CK_ATTRIBUTE){CKA_ID, a, sizeof(a)};
	n = (size_t)C_GetAttributeValue(h, priv, t, 3);
	assert_true(n == CKR_ATTRIBUTE_SENSITIVE || n == CKR_ATTRIBUTE_TYPE_INVALID);
	assert_int_equal(t[0].ulValueLen, CK_UNAVAILABLE_INFORMATION);
	assert_int_equal(t[1].ulValueLen, CK_UNAVAILABLE_INFORMATION);
	assert_int_equal(t[2].ulValueLen, 1);
	t[2] = (CK_ATTRIBUTE){CKA_LABEL, a, 2};
	is_rv(C_GetAttributeValue(h, priv, &t[2], 1), CKR_BUFFER_TOO_SMALL);
	assert_int_equal(t[2].ulValueLen, CK_UNAVAILABLE_INFORMATION);
}

static void sizes_and_copies(void **state)
{
	CK_SESSION_HANDLE h = open_session(false), other = open_session(false);
	CK_OBJECT_HANDLE c = find_one(h, CKO_CERTIFICATE, 1), copy = 0, again = 0;
	CK_ULONG size = 0;
	char label[] = "mine";
	CK_BBOOL no = CK_FALSE;
	CK_ATTRIBUTE t[] = {{CKA_LABEL, label, 4}, {CKA_TOKEN, &no, 1}};
	uint8_t a[4096], b[4096];
	size_t n;

	(void)state;
	is_ok(C_GetObjectSize(h, c, &size));
	assert_true(size > 1500);
	/* a card has no room for a second one */
	is_rv(C_CopyObject(h, c, t, 1, &copy), CKR_SESSION_READ_ONLY);
	is_ok(C_CopyObject(h, c, t, 2, &copy));
	assert_false(get_bool(h, copy, CKA_TOKEN));
	n = get_bytes(h, c, CKA_VALUE, a, sizeof(a));
	assert_int_equal(get_bytes(other, copy, CKA_VALUE, b, sizeof(b)), n);
	assert_memory_equal(a, b, n);
	assert_int_equal(find(other, t, 1, &again, 1), 1);
	assert_int_equal(again, copy);
	t[0].pValue = "four";
	is_ok(C_SetAttributeValue(h, copy, t, 1));
	assert_int_equal(get_bytes(h, copy, CKA_LABEL, b, sizeof(b)), 4);
	assert_memory_equal(b, "four", 4);
	is_ok(C_GetObjectSize(h, copy, &size));
	is_ok(C_CloseSession(h));
	/* it died with the session that made it */
	is_rv(C_GetObjectSize(other, copy, &size), CKR_OBJECT_HANDLE_INVALID);
}

static void data_objects(void **state)
{
	CK_SESSION_HANDLE h = open_session(true);
	char label[] = "Discovery Object", app[] = "test", value[] = "some data";
	CK_OBJECT_CLASS class = CKO_DATA;
	const CK_ATTRIBUTE by_label[] = {{CKA_LABEL, label, sizeof(label) - 1}};
	CK_ATTRIBUTE t[] = {
	    {CKA_CLASS, &class, sizeof(class)}, {CKA_APPLICATION, app, 4}, {CKA_VALUE, value, 9}};
	CK_OBJECT_HANDLE o = 0;
	uint8_t b[256];

	(void)state;
	assert_true(count_class(h, CKO_DATA) >= 1);
	assert_int_equal(find(h, by_label, 1, &o, 1), 1);
	assert_true(get_bytes(h, o, CKA_VALUE, b, sizeof(b)) > 10);
	assert_true(get_bytes(h, o, CKA_OBJECT_ID, b, sizeof(b)) > 5);
	is_ok(C_CreateObject(h, t, 3, &o));
	assert_int_equal(get_bytes(h, o, CKA_VALUE, b, sizeof(b)), 9);
	is_ok(C_DestroyObject(h, o));
	is_rv(C_DestroyObject(h, o), CKR_OBJECT_HANDLE_INVALID);
}

/* 4.4: CKA_MODIFIABLE, CKA_COPYABLE and CKA_DESTROYABLE are kept to. */
static void fixed_objects(void **state)
{
	CK_SESSION_HANDLE h = open_session(true);
	CK_OBJECT_CLASS class = CKO_DATA;
	CK_BBOOL no = CK_FALSE;
	char label[] = "fixed";
	CK_ATTRIBUTE t[] = {{CKA_CLASS, &class, sizeof(class)}, {CKA_LABEL, label, 5},
	    {CKA_MODIFIABLE, &no, 1}, {CKA_COPYABLE, &no, 1}, {CKA_DESTROYABLE, &no, 1}};
	CK_OBJECT_HANDLE o = 0, copy = 0;

	(void)state;
	is_ok(C_CreateObject(h, t, COUNT(t), &o));
	is_rv(C_SetAttributeValue(h, o, &t[1], 1), CKR_ACTION_PROHIBITED);
	is_rv(C_CopyObject(h, o, &t[1], 1, &copy), CKR_ACTION_PROHIBITED);
	is_rv(C_DestroyObject(h, o), CKR_ACTION_PROHIBITED);
	is_ok(C_CreateObject(h, t, 2, &o));
	is_rv(C_SetAttributeValue(h, o, &t[0], 1), CKR_ATTRIBUTE_READ_ONLY);
	t[0].type = CKA_MODULUS;
	is_rv(C_SetAttributeValue(h, o, &t[0], 1), CKR_ATTRIBUTE_TYPE_INVALID);
	is_ok(C_CopyObject(h, o, NULL, 0, &copy));
	is_ok(C_DestroyObject(h, o));
	assert_int_equal(get_ulong(h, copy, CKA_CLASS), CKO_DATA);
}

static void empty_templates(void **state)
{
	CK_SESSION_HANDLE h = open_session(false);
	CK_OBJECT_HANDLE o = find_one(h, CKO_CERTIFICATE, 1), made = 0;
	CK_ATTRIBUTE t = {CKA_LABEL, NULL, 0};

	(void)state;
	is_ok(C_GetAttributeValue(h, o, &t, 0));
	is_rv(C_GetAttributeValue(h, o, NULL, 0), CKR_ARGUMENTS_BAD);
	is_rv(C_CreateObject(h, &t, 0, &made), CKR_TEMPLATE_INCOMPLETE);
	is_ok(C_FindObjectsInit(h, &t, 1)); /* no object has an empty label */
	is_ok(C_FindObjectsFinal(h));
}

/* A key that needs no PIN works for whoever has the card. */
static void key_without_pin(void **state)
{
	CK_SESSION_HANDLE h = open_session(false);
	CK_OBJECT_HANDLE key = find_one(h, CKO_PRIVATE_KEY, 4), other = 0;
	CK_MECHANISM m = {CKM_ECDSA, NULL, 0};
	CK_BYTE digest[32] = {1}, sig[64];
	CK_ULONG n = sizeof(sig);

	(void)state;
	assert_false(get_bool(h, key, CKA_PRIVATE));
	is_ok(C_SignInit(h, &m, key));
	is_ok(C_Sign(h, digest, sizeof(digest), sig, &n));
	login_user(h);
	other = find_one(h, CKO_PRIVATE_KEY, 1);
	is_ok(C_Logout(h));
	is_rv(C_SignInit(h, &m, other), CKR_KEY_HANDLE_INVALID);
	is_ok(C_SignInit(h, &m, key));
}

/* Another program of ours put it there: a counterparty's certificate, or what is left of a key. */
static void put_cert(uint8_t ref)
{
	struct tokens *t = sim_tokens(fix.sim, ISOLATION_SESSION);
	const struct token_at at = {.tokens = t};
	struct token_key key;
	struct buf der = BUF_INIT(4096);
	int tries;

	is_ok(token_login(&at, TOKEN_SO, rd_of(SIM_MGM, strlen(SIM_MGM)), 0, &tries));
	is_ok(token_key_get(&at, 0x9A, &key));
	sim_cert(key.pub, "Left alone", &der);
	is_ok(token_cert_put(&at, ref, buf_view(&der)));
	buf_free(&der);
	token_key_clear(&key);
	tokens_close(&t);
}

/* In a retired slot, on each kind of card: an empty search has it, and no key that is not there. */
static void certificate_without_key(void **state)
{
	void (*const kinds[])(struct sim_card *) = {NULL, sim_metadata_only, sim_plain};

	for (size_t i = 0; i < COUNT(kinds); i++) {
		CK_OBJECT_HANDLE all[128];
		CK_SESSION_HANDLE h;
		CK_ULONG n, alone = 0;

		if (i > 0) {
			p11_teardown(state);
			p11_setup(state);
			kinds[i](fix.card);
		}
		put_cert(0x82);
		is_ok(C_Finalize(NULL));
		is_ok(C_Initialize(NULL));
		h = open_session(false);
		n = find(h, NULL, 0, all, COUNT(all));
		assert_true(n > 0 && n <= COUNT(all));
		for (CK_ULONG k = 0; k < n; k++) {
			CK_OBJECT_CLASS class = get_ulong(h, all[k], CKA_CLASS);
			uint8_t id = 0;

			if (class != CKO_CERTIFICATE && class != CKO_PRIVATE_KEY)
				continue;
			assert_int_equal(get_bytes(h, all[k], CKA_ID, &id, 1), 1);
			alone += id == 5 && class == CKO_CERTIFICATE;
			assert_false(id == 5 && class == CKO_PRIVATE_KEY);
		}
		if (alone != 1)
			fail_msg("kind %zu: %lu certificates in 82", i, alone);
		login_user(h);
		/* A card without metadata tells its keys by their certificates. */
		assert_int_equal(count_class(h, CKO_PRIVATE_KEY), i == 2 ? 5 : 4);
	}
}

static void mechanism_objects(void **state)
{
	CK_SESSION_HANDLE h = open_session(false);
	CK_ULONG n = 0;

	(void)state;
	is_ok(C_GetMechanismList(0, NULL, &n));
	assert_int_equal(count_class(h, CKO_MECHANISM), n);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, p11_setup, p11_teardown)
	const struct CMUnitTest tests[] = {T(budget_of_one_id), T(budget_of_pin_always),
	    T(budget_of_lists), T(private_keys_after_login), T(profile_trap),
	    T(attestation_only_when_named), T(certificate_attributes), T(key_attributes),
	    T(sizes_and_copies), T(data_objects), T(fixed_objects), T(empty_templates),
	    T(key_without_pin), T(certificate_without_key), T(mechanism_objects)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
