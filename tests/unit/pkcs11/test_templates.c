/* SPDX-License-Identifier: BSD-2-Clause */
/* What a template asks of a key on the token is kept, or the key is not made. */
#include "tests/unit/pkcs11/p11fix.h"

static CK_BBOOL yes = CK_TRUE, no = CK_FALSE;
static CK_MECHANISM ec = {CKM_EC_KEY_PAIR_GEN, NULL, 0}, rsa = {CKM_RSA_PKCS_KEY_PAIR_GEN, NULL, 0};
static CK_ULONG bits = 2048;
static uint8_t id = 5;

#define PARAMS                                                                                     \
	{                                                                                          \
		CKA_EC_PARAMS, p256_params, sizeof(p256_params)                                    \
	}
#define BITS                                                                                       \
	{                                                                                          \
		CKA_MODULUS_BITS, &bits, sizeof(bits)                                              \
	}
#define TOKEN                                                                                      \
	{                                                                                          \
		CKA_TOKEN, &yes, 1                                                                 \
	}
#define ID                                                                                         \
	{                                                                                          \
		CKA_ID, &id, 1                                                                     \
	}
#define TEXT(type, s)                                                                              \
	{                                                                                          \
		type, (CK_BYTE *)(uintptr_t)(s), sizeof(s) - 1                                     \
	}

struct pair {
	CK_OBJECT_HANDLE pub, priv;
};

/* The usual templates, each with one attribute more. */
static CK_RV make(CK_SESSION_HANDLE h, bool is_rsa, const CK_ATTRIBUTE *pub_more,
    const CK_ATTRIBUTE *priv_more, struct pair *out)
{
	CK_ATTRIBUTE pub[4] = {TOKEN, PARAMS}, priv[4] = {TOKEN, ID};
	CK_ULONG n_pub = 2, n_priv = 2;

	*out = (struct pair){0, 0};
	if (is_rsa)
		pub[1] = (CK_ATTRIBUTE)BITS;
	if (pub_more)
		pub[n_pub++] = *pub_more;
	if (priv_more)
		priv[n_priv++] = *priv_more;
	return C_GenerateKeyPair(
	    h, is_rsa ? &rsa : &ec, pub, n_pub, priv, n_priv, &out->pub, &out->priv);
}

static CK_SESSION_HANDLE so(void)
{
	CK_SESSION_HANDLE h = open_session(true);

	login_so(h);
	return h;
}

/* Nothing was made, and nothing was called anything. */
static void nothing_made(CK_SESSION_HANDLE h)
{
	assert_int_equal(count_class(h, CKO_PRIVATE_KEY), 0);
	assert_int_equal(count_class(h, CKO_PUBLIC_KEY), 0);
	assert_int_equal(sim_apdu(fix.card, "00CB3FFF055C035FFF2400"), 0x6A82);
}

static CK_BYTE date[8] = {'2', '0', '3', '0', '0', '1', '0', '1'};
static CK_MECHANISM_TYPE one_mechanism = CKM_ECDSA;

/* What can only be one way on a card of ours: with the key of the other kind where it matters. */
static void cannot_be_kept(void **state)
{
	static const struct {
		bool is_rsa, of_public;
		CK_ATTRIBUTE more;
	} rows[] = {
	    {false, true, {CKA_PRIVATE, &yes, 1}},
	    {false, true, {CKA_DESTROYABLE, &yes, 1}},
	    {false, true, {CKA_MODIFIABLE, &no, 1}},
	    {false, true, {CKA_COPYABLE, &no, 1}},
	    {false, true, {CKA_START_DATE, date, sizeof(date)}},
	    {false, true, {CKA_END_DATE, date, sizeof(date)}},
	    {false, true, {CKA_ALLOWED_MECHANISMS, &one_mechanism, sizeof(one_mechanism)}},
	    {false, true, TEXT(CKA_WRAP_TEMPLATE, "x")},
	    {false, true, TEXT(CKA_EC_POINT, "x")},
	    {false, true, TEXT(CKA_PUBLIC_KEY_INFO, "x")},
	    {true, true, TEXT(CKA_MODULUS, "x")},
	    {false, true, TEXT(CKA_SUBJECT, "x")},
	    {false, true, {CKA_MODULUS_BITS, &bits, sizeof(bits)}},
	    {false, true, TEXT(CKA_PUBLIC_EXPONENT, "\1\0\1")},
	    {true, true, TEXT(CKA_EC_PARAMS, "x")},
	    {false, false, {CKA_TOKEN, &no, 1}},
	    {false, false, {CKA_PRIVATE, &no, 1}},
	    {false, false, {CKA_SENSITIVE, &no, 1}},
	    {false, false, {CKA_EXTRACTABLE, &yes, 1}},
	    {false, false, {CKA_DESTROYABLE, &no, 1}},
	    {false, false, {CKA_MODIFIABLE, &no, 1}},
	    {false, false, {CKA_COPYABLE, &yes, 1}},
	    {false, false, {CKA_WRAP_WITH_TRUSTED, &yes, 1}},
	    {false, false, {CKA_START_DATE, date, sizeof(date)}},
	    {false, false, {CKA_END_DATE, date, sizeof(date)}},
	    {false, false, {CKA_ALLOWED_MECHANISMS, &one_mechanism, sizeof(one_mechanism)}},
	    {false, false, TEXT(CKA_UNWRAP_TEMPLATE, "x")},
	    {false, false, TEXT(CKA_DERIVE_TEMPLATE, "x")},
	    {false, false, {CKA_DECRYPT, &yes, 1}},
	    {true, false, {CKA_DERIVE, &yes, 1}},
	    {false, false, TEXT(CKA_VALUE, "x")},
	    {false, false, TEXT(CKA_SUBJECT, "x")},
	    {true, false, TEXT(CKA_PRIME_1, "x")},
	    {true, false, TEXT(CKA_PRIVATE_EXPONENT, "x")},
	    {true, false, TEXT(CKA_PUBLIC_KEY_INFO, "x")},
	};
	CK_SESSION_HANDLE h = so();
	struct pair made;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		const CK_ATTRIBUTE *more = &rows[i].more;
		CK_RV rv = make(h, rows[i].is_rsa, rows[i].of_public ? more : NULL,
		    rows[i].of_public ? NULL : more, &made);

		if (rv != CKR_TEMPLATE_INCONSISTENT)
			print_message("row %zu: 0x%lx\n", i, rv);
		is_rv(rv, CKR_TEMPLATE_INCONSISTENT);
	}
	nothing_made(h);
}

/* The same attributes as they are: no obstacle. */
static void as_it_is(void **state)
{
	static const struct {
		bool of_public;
		CK_ATTRIBUTE more;
	} rows[] = {
	    {true, {CKA_PRIVATE, &no, 1}},
	    {true, {CKA_DESTROYABLE, &no, 1}},
	    {true, {CKA_MODIFIABLE, &yes, 1}},
	    {true, {CKA_COPYABLE, &yes, 1}},
	    {true, {CKA_VERIFY, &yes, 1}},
	    {false, {CKA_PRIVATE, &yes, 1}},
	    {false, {CKA_SENSITIVE, &yes, 1}},
	    {false, {CKA_EXTRACTABLE, &no, 1}},
	    {false, {CKA_DESTROYABLE, &yes, 1}},
	    {false, {CKA_MODIFIABLE, &yes, 1}},
	    {false, {CKA_COPYABLE, &no, 1}},
	    {false, {CKA_WRAP_WITH_TRUSTED, &no, 1}},
	    {false, {CKA_SIGN, &yes, 1}},
	    {false, {CKA_DERIVE, &yes, 1}},
	    {false, {CKA_DECRYPT, &no, 1}},
	    {false, {CKA_ALWAYS_AUTHENTICATE, &no, 1}},
	};
	CK_SESSION_HANDLE h = so();
	struct pair made;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		const CK_ATTRIBUTE *more = &rows[i].more;

		is_ok(make(h, false, rows[i].of_public ? more : NULL,
		    rows[i].of_public ? NULL : more, &made));
		assert_int_equal(get_bool(h, rows[i].of_public ? made.pub : made.priv, more->type),
		    *(CK_BBOOL *)more->pValue);
	}
}

/* CKA_TOKEN is FALSE where nothing is said: no permanent key is made of that. */
static void token_or_not(void **state)
{
	CK_SESSION_HANDLE h = so(), ro;
	CK_ATTRIBUTE pub[] = {PARAMS, {CKA_TOKEN, &no, 1}, TEXT(CKA_LABEL, "In memory")},
		     priv[] = {ID, TOKEN}, in_session[] = {ID, {CKA_TOKEN, &no, 1}};
	struct pair made;
	CK_BYTE label[32];

	(void)state;
	is_rv(C_GenerateKeyPair(h, &ec, pub, 1, priv, 1, &made.pub, &made.priv),
	    CKR_TEMPLATE_INCONSISTENT);
	is_rv(C_GenerateKeyPair(h, &ec, pub, 2, in_session, 2, &made.pub, &made.priv),
	    CKR_TEMPLATE_INCONSISTENT);
	nothing_made(h);
	/* the public key may be one of the session */
	for (CK_ULONG n = 1; n <= 3; n++) {
		is_ok(C_GenerateKeyPair(h, &ec, pub, n, priv, 2, &made.pub, &made.priv));
		assert_false(get_bool(h, made.pub, CKA_TOKEN));
		assert_true(get_bool(h, made.pub, CKA_LOCAL));
		assert_true(get_bool(h, made.priv, CKA_TOKEN));
	}
	assert_int_equal(get_bytes(h, made.pub, CKA_LABEL, label, sizeof(label)), 9);
	assert_int_equal(count_class(h, CKO_PUBLIC_KEY), 4);
	is_ok(C_Logout(h));
	/* a session that may not write is told what is wrong first (5.7.1) */
	ro = open_session(false);
	is_ok(C_CloseSession(h));
	is_rv(C_GenerateKeyPair(ro, &ec, pub, 2, in_session, 2, &made.pub, &made.priv),
	    CKR_TEMPLATE_INCONSISTENT);
	is_rv(C_GenerateKeyPair(ro, &ec, pub, 2, priv, 2, &made.pub, &made.priv),
	    CKR_SESSION_READ_ONLY);
}

static void is_label(CK_SESSION_HANDLE h, CK_OBJECT_HANDLE o, const char *want)
{
	uint8_t got[128];
	size_t n = get_bytes(h, o, CKA_LABEL, got, sizeof(got) - 1);

	got[n] = 0;
	assert_string_equal((char *)got, want);
}

static void two_labels(void **state)
{
	CK_SESSION_HANDLE h = so();
	CK_ATTRIBUTE pub_label = TEXT(CKA_LABEL, "For everybody"),
		     priv_label = TEXT(CKA_LABEL, "Mine");
	CK_ATTRIBUTE other = TEXT(CKA_LABEL, "Other"), nothing = {CKA_LABEL, NULL, 0};
	struct pair made;

	(void)state;
	is_ok(make(h, false, &pub_label, &priv_label, &made));
	is_ok(C_Finalize(NULL));
	is_ok(C_Initialize(NULL));
	h = so();
	made.pub = find_one(h, CKO_PUBLIC_KEY, id);
	made.priv = find_one(h, CKO_PRIVATE_KEY, id);
	is_label(h, made.pub, "For everybody");
	is_label(h, made.priv, "Mine");
	assert_int_equal(find(h, &pub_label, 1, NULL, 0), 1);
	assert_int_equal(find(h, &priv_label, 1, NULL, 0), 1);
	is_ok(C_SetAttributeValue(h, made.pub, &other, 1));
	is_label(h, made.pub, "Other");
	is_label(h, made.priv, "Mine");
	/* without one of its own it is called as its private key */
	is_ok(C_SetAttributeValue(h, made.pub, &nothing, 1));
	is_label(h, made.pub, "Mine");
	is_ok(C_SetAttributeValue(h, made.priv, &other, 1));
	is_label(h, made.pub, "Other");
	/* a new key inherits nothing */
	is_ok(make(h, false, &pub_label, NULL, &made));
	is_label(h, made.pub, "For everybody");
	is_label(h, made.priv, "For everybody");
	is_ok(make(h, false, NULL, NULL, &made));
	is_label(h, made.pub, "Retired KEY MAN 1");
}

static CK_RV sign(CK_SESSION_HANDLE h, CK_OBJECT_HANDLE key, CK_MECHANISM_TYPE type)
{
	CK_MECHANISM m = {type, NULL, 0};
	CK_BYTE digest[32] = {1}, sig[256];
	CK_ULONG n = sizeof(sig);
	CK_RV rv = C_SignInit(h, &m, key);

	return rv ? rv : C_Sign(h, digest, sizeof(digest), sig, &n);
}

static void excluded_uses(void **state)
{
	static const struct {
		bool is_rsa, of_public;
		CK_ATTRIBUTE_TYPE type;
	} rows[] = {{false, false, CKA_SIGN}, {true, false, CKA_SIGN}, {true, false, CKA_DECRYPT},
	    {false, false, CKA_DERIVE}, {false, true, CKA_VERIFY}};
	CK_SESSION_HANDLE h;
	struct pair made;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		CK_ATTRIBUTE off = {rows[i].type, &no, 1};
		CK_MECHANISM verify = {CKM_ECDSA, NULL, 0}, decrypt = {CKM_RSA_PKCS, NULL, 0};
		bool no_sign = rows[i].type == CKA_SIGN;

		h = so();
		is_ok(make(h, rows[i].is_rsa, rows[i].of_public ? &off : NULL,
		    rows[i].of_public ? NULL : &off, &made));
		is_ok(C_Finalize(NULL));
		is_ok(C_Initialize(NULL));
		h = open_session(false);
		login_user(h);
		made.pub = find_one(h, CKO_PUBLIC_KEY, id);
		made.priv = find_one(h, CKO_PRIVATE_KEY, id);
		assert_false(get_bool(h, rows[i].of_public ? made.pub : made.priv, rows[i].type));
		assert_int_equal(get_bool(h, made.priv, CKA_SIGN), !no_sign);
		is_rv(sign(h, made.priv, rows[i].is_rsa ? CKM_RSA_PKCS : CKM_ECDSA),
		    no_sign ? CKR_KEY_FUNCTION_NOT_PERMITTED : CKR_OK);
		if (!rows[i].is_rsa)
			is_rv(C_VerifyInit(h, &verify, made.pub),
			    rows[i].of_public ? CKR_KEY_FUNCTION_NOT_PERMITTED : CKR_OK);
		else
			is_rv(C_DecryptInit(h, &decrypt, made.priv),
			    no_sign ? CKR_OK : CKR_KEY_FUNCTION_NOT_PERMITTED);
		is_ok(C_CloseAllSessions(0));
	}
	/* the next key in that place is a whole one again */
	h = so();
	is_ok(make(h, false, NULL, NULL, &made));
	assert_true(get_bool(h, made.priv, CKA_SIGN));
	assert_true(get_bool(h, made.priv, CKA_DERIVE));
	assert_true(get_bool(h, made.pub, CKA_VERIFY));
}

/* A card that keeps no names: not a word of signing, and the rest is as the card has it. */
static void no_place_for_it(void **state)
{
	CK_SESSION_HANDLE h;
	CK_ATTRIBUTE no_sign = {CKA_SIGN, &no, 1}, no_derive = {CKA_DERIVE, &no, 1},
		     no_verify = {CKA_VERIFY, &no, 1}, fixed = {CKA_MODIFIABLE, &yes, 1};
	struct pair made;

	(void)state;
	sim_plain(fix.card);
	is_ok(C_Finalize(NULL));
	is_ok(C_Initialize(NULL));
	h = so();
	is_rv(make(h, false, NULL, &no_sign, &made), CKR_TEMPLATE_INCONSISTENT);
	is_rv(make(h, false, &no_verify, NULL, &made), CKR_TEMPLATE_INCONSISTENT);
	is_rv(make(h, false, NULL, &fixed, &made), CKR_TEMPLATE_INCONSISTENT);
	assert_int_equal(count_class(h, CKO_PRIVATE_KEY), 0);
	/* as NSS asks for a key to sign with */
	is_ok(make(h, false, NULL, &no_derive, &made));
}

static void pin_rules(void **state)
{
	CK_SESSION_HANDLE h = so();
	CK_ATTRIBUTE always = {CKA_ALWAYS_AUTHENTICATE, &yes, 1},
		     once = {CKA_ALWAYS_AUTHENTICATE, &no, 1}, secret = {CKA_PRIVATE, &yes, 1},
		     open_ = {CKA_PRIVATE, &no, 1};
	struct pair made;

	(void)state;
	is_ok(make(h, false, NULL, &always, &made));
	assert_true(get_bool(h, made.priv, CKA_ALWAYS_AUTHENTICATE));
	id = 2;
	is_ok(make(h, false, NULL, &once, &made));
	assert_false(get_bool(h, made.priv, CKA_ALWAYS_AUTHENTICATE));
	is_ok(make(h, false, NULL, NULL, &made));
	assert_true(get_bool(h, made.priv, CKA_ALWAYS_AUTHENTICATE));
	id = 4;
	is_ok(make(h, false, NULL, &open_, &made));
	assert_false(get_bool(h, made.priv, CKA_PRIVATE));
	is_ok(make(h, false, NULL, &secret, &made));
	assert_true(get_bool(h, made.priv, CKA_PRIVATE));
	is_ok(make(h, false, NULL, NULL, &made));
	assert_false(get_bool(h, made.priv, CKA_PRIVATE));
	id = 5;
}

static void import_ed25519(void **state)
{
	static const struct {
		CK_KEY_TYPE type;
		CK_ULONG n;
		uint8_t value[34];
		CK_RV rv;
	} rows[] = {
	    {CKK_EC_EDWARDS, 32, {0, 0, 1, 2, 3}, CKR_OK},
	    {CKK_EC_EDWARDS, 34, {0x04, 0x20, 0, 9}, CKR_OK},
	    {CKK_EC_EDWARDS, 31, {1}, CKR_ATTRIBUTE_VALUE_INVALID},
	    {CKK_EC_EDWARDS, 33, {0, 1}, CKR_ATTRIBUTE_VALUE_INVALID},
	    {CKK_EC_MONTGOMERY, 32, {0x40, [31] = 0x40}, CKR_OK},
	    {CKK_EC_MONTGOMERY, 30, {1}, CKR_ATTRIBUTE_VALUE_INVALID},
	};
	CK_SESSION_HANDLE h = so();
	CK_OBJECT_CLASS class = CKO_PRIVATE_KEY;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		CK_KEY_TYPE type = rows[i].type;
		uint8_t v[34];
		CK_ATTRIBUTE t[] = {{CKA_CLASS, &class, sizeof(class)}, TOKEN, ID,
		    {CKA_KEY_TYPE, &type, sizeof(type)}, {CKA_VALUE, v, rows[i].n}};
		CK_OBJECT_HANDLE o = 0;

		memcpy(v, rows[i].value, sizeof(v));
		is_rv(C_CreateObject(h, t, COUNT(t), &o), rows[i].rv);
		if (rows[i].rv)
			continue;
		assert_int_equal(get_ulong(h, o, CKA_KEY_TYPE), type);
		assert_false(get_bool(h, o, CKA_LOCAL));
		if (type == CKK_EC_EDWARDS) {
			is_ok(C_Logout(h));
			login_user(h);
			is_ok(sign(h, find_one(h, CKO_PRIVATE_KEY, id), CKM_EDDSA));
			is_ok(C_Logout(h));
			login_so(h);
		}
	}
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, p11_setup_blank, p11_teardown)
	const struct CMUnitTest tests[] = {T(cannot_be_kept), T(as_it_is), T(token_or_not),
	    T(two_labels), T(excluded_uses), T(no_place_for_it), T(pin_rules), T(import_ed25519)};

	return cmocka_run_group_tests_name("pkcs11 templates", tests, NULL, NULL);
}
