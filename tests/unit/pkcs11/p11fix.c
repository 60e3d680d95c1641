/* SPDX-License-Identifier: BSD-2-Clause */
/* The module over simulated readers. */
#include "tests/unit/pkcs11/p11fix.h"

struct p11fix fix;
CK_BYTE p256_params[10] = {0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07};

static enum ecert_rc open_sim(const struct tokens_config *cfg, struct tokens **out)
{
	*out = sim_tokens_as(fix.sim, cfg);
	return ECERT_OK;
}

int p11_setup_blank(void **state)
{
	(void)state;
	fix.sim = sim_new(2);
	fix.card = sim_card_new(4711);
	sim_insert(fix.sim, 0, fix.card);
	p11_tokens_open = open_sim;
	is_ok(C_Initialize(NULL));
	fix.mark = sim_count(fix.card);
	return 0;
}

int p11_setup(void **state)
{
	static const uint8_t refs[] = {0x9A, 0x9C, 0x9D, 0x9E, 0};

	p11_setup_blank(state);
	sim_provision(fix.sim, 0, refs);
	is_ok(C_Finalize(NULL));
	is_ok(C_Initialize(NULL));
	fix.mark = sim_count(fix.card);
	return 0;
}

int p11_teardown(void **state)
{
	CK_RV rv = C_Finalize(NULL);

	(void)state;
	assert_true(rv == CKR_OK || rv == CKR_CRYPTOKI_NOT_INITIALIZED);
	sim_card_free(&fix.card);
	sim_free(&fix.sim);
	return 0;
}

size_t p11_apdus(void)
{
	size_t n = sim_count(fix.card) - fix.mark;

	fix.mark = sim_count(fix.card);
	return n;
}

CK_SESSION_HANDLE open_session(bool rw)
{
	CK_SESSION_HANDLE h = 0;

	is_ok(C_OpenSession(0, CKF_SERIAL_SESSION | (rw ? CKF_RW_SESSION : 0), NULL, NULL, &h));
	assert_int_not_equal(h, CK_INVALID_HANDLE);
	return h;
}

static CK_RV login(CK_SESSION_HANDLE h, CK_USER_TYPE type, const char *pin)
{
	CK_UTF8CHAR copy[64];

	memcpy(copy, pin, strlen(pin));
	return C_Login(h, type, copy, strlen(pin));
}

void login_user(CK_SESSION_HANDLE h)
{
	is_ok(login(h, CKU_USER, SIM_PIN));
}

void login_so(CK_SESSION_HANDLE h)
{
	is_ok(login(h, CKU_SO, SIM_MGM));
}

CK_RV login_context(CK_SESSION_HANDLE h)
{
	return login(h, CKU_CONTEXT_SPECIFIC, SIM_PIN);
}

CK_ULONG find(
    CK_SESSION_HANDLE h, const CK_ATTRIBUTE *t, CK_ULONG n, CK_OBJECT_HANDLE *out, CK_ULONG cap)
{
	CK_ATTRIBUTE copy[16];
	CK_OBJECT_HANDLE one[3];
	CK_ULONG got = 0, all = 0;

	assert_true(n <= COUNT(copy));
	if (n)
		memcpy(copy, t, n * sizeof(*t));
	is_ok(C_FindObjectsInit(h, copy, n));
	do {
		is_ok(C_FindObjects(h, one, COUNT(one), &got));
		for (CK_ULONG i = 0; i < got; i++, all++)
			if (all < cap)
				out[all] = one[i];
	} while (got);
	is_ok(C_FindObjectsFinal(h));
	return all;
}

CK_OBJECT_HANDLE find_one(CK_SESSION_HANDLE h, CK_OBJECT_CLASS class, uint8_t id)
{
	const CK_ATTRIBUTE t[] = {{CKA_CLASS, &class, sizeof(class)}, {CKA_ID, &id, 1}};
	CK_OBJECT_HANDLE o = CK_INVALID_HANDLE;

	assert_int_equal(find(h, t, 2, &o, 1), 1);
	return o;
}

CK_ULONG count_class(CK_SESSION_HANDLE h, CK_OBJECT_CLASS class)
{
	const CK_ATTRIBUTE t[] = {{CKA_CLASS, &class, sizeof(class)}};

	return find(h, t, 1, NULL, 0);
}

CK_ULONG get_ulong(CK_SESSION_HANDLE h, CK_OBJECT_HANDLE o, CK_ATTRIBUTE_TYPE type)
{
	CK_ULONG v = 0;
	CK_ATTRIBUTE t = {type, &v, sizeof(v)};

	is_ok(C_GetAttributeValue(h, o, &t, 1));
	assert_int_equal(t.ulValueLen, sizeof(v));
	return v;
}

bool get_bool(CK_SESSION_HANDLE h, CK_OBJECT_HANDLE o, CK_ATTRIBUTE_TYPE type)
{
	CK_BBOOL v = 7;
	CK_ATTRIBUTE t = {type, &v, sizeof(v)};

	is_ok(C_GetAttributeValue(h, o, &t, 1));
	assert_int_equal(t.ulValueLen, sizeof(v));
	assert_true(v == CK_TRUE || v == CK_FALSE);
	return v;
}

size_t get_bytes(
    CK_SESSION_HANDLE h, CK_OBJECT_HANDLE o, CK_ATTRIBUTE_TYPE type, uint8_t *out, size_t cap)
{
	CK_ATTRIBUTE t = {type, NULL, 0};

	is_ok(C_GetAttributeValue(h, o, &t, 1));
	assert_true(t.ulValueLen <= cap);
	t.pValue = out;
	is_ok(C_GetAttributeValue(h, o, &t, 1));
	return t.ulValueLen;
}

static CK_RV make_key(CK_SESSION_HANDLE h, CK_MECHANISM_TYPE type, CK_ATTRIBUTE *pub_t, CK_ULONG n,
    uint8_t id, CK_OBJECT_HANDLE *pub, CK_OBJECT_HANDLE *priv)
{
	CK_MECHANISM m = {type, NULL, 0};
	CK_BBOOL yes = CK_TRUE;
	CK_ATTRIBUTE priv_t[] = {{CKA_ID, &id, 1}, {CKA_TOKEN, &yes, 1}}, all[4];

	assert_true(n < COUNT(all));
	memcpy(all, pub_t, n * sizeof(all[0]));
	all[n] = (CK_ATTRIBUTE){CKA_TOKEN, &yes, 1};
	return C_GenerateKeyPair(h, &m, all, n + 1, priv_t, COUNT(priv_t), pub, priv);
}

CK_RV make_ec(CK_SESSION_HANDLE h, uint8_t id, CK_OBJECT_HANDLE *pub, CK_OBJECT_HANDLE *priv)
{
	CK_ATTRIBUTE t[] = {{CKA_EC_PARAMS, p256_params, sizeof(p256_params)}};

	return make_key(h, CKM_EC_KEY_PAIR_GEN, t, 1, id, pub, priv);
}

CK_RV make_rsa(CK_SESSION_HANDLE h, uint8_t id, CK_OBJECT_HANDLE *pub, CK_OBJECT_HANDLE *priv)
{
	CK_ULONG bits = 2048;
	CK_ATTRIBUTE t[] = {{CKA_MODULUS_BITS, &bits, sizeof(bits)}};

	return make_key(h, CKM_RSA_PKCS_KEY_PAIR_GEN, t, 1, id, pub, priv);
}
