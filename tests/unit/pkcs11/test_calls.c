/* SPDX-License-Identifier: BSD-2-Clause */
/* Every function of every interface with missing pointers, bogus handles and in wrong states. */
#include "tests/unit/pkcs11/p11fix.h"

/*
 * One letter an argument: s slot, h session, o object, f flags or type, n length of the pointer
 * before or after it, p a pointer that must be there, q one that may be NULL (it asks for a size,
 * ends an operation, or is not used), z a pointer that goes with a length.
 */
static const struct call {
	const char *name, *args;
} calls[] = {
    {"C_GetInfo", "p"},
    {"C_GetSlotList", "fqp"},
    {"C_GetSlotInfo", "sp"},
    {"C_GetTokenInfo", "sp"},
    {"C_GetMechanismList", "sqp"},
    {"C_GetMechanismInfo", "sfp"},
    {"C_InitToken", "spnp"},
    {"C_InitPIN", "hpn"},
    {"C_SetPIN", "hpnpn"},
    {"C_OpenSession", "sfqqp"},
    {"C_CloseSession", "h"},
    {"C_CloseAllSessions", "s"},
    {"C_GetSessionInfo", "hp"},
    {"C_GetOperationState", "hqp"},
    {"C_SetOperationState", "hpnoo"},
    {"C_Login", "hfpn"},
    {"C_Logout", "h"},
    {"C_CreateObject", "hznp"},
    {"C_CopyObject", "hoznp"},
    {"C_DestroyObject", "ho"},
    {"C_GetObjectSize", "hop"},
    {"C_GetAttributeValue", "hozn"},
    {"C_SetAttributeValue", "hozn"},
    {"C_FindObjectsInit", "hzn"},
    {"C_FindObjects", "hznp"},
    {"C_FindObjectsFinal", "h"},
    {"C_EncryptInit", "hpo"},
    {"C_Encrypt", "hznqp"},
    {"C_EncryptUpdate", "hznqp"},
    {"C_EncryptFinal", "hqp"},
    {"C_DecryptInit", "hpo"},
    {"C_Decrypt", "hznqp"},
    {"C_DecryptUpdate", "hznqp"},
    {"C_DecryptFinal", "hqp"},
    {"C_DigestInit", "hp"},
    {"C_Digest", "hznqp"},
    {"C_DigestUpdate", "hzn"},
    {"C_DigestKey", "ho"},
    {"C_DigestFinal", "hqp"},
    {"C_SignInit", "hpo"},
    {"C_Sign", "hznqp"},
    {"C_SignUpdate", "hzn"},
    {"C_SignFinal", "hqp"},
    {"C_SignRecoverInit", "hpo"},
    {"C_SignRecover", "hznqp"},
    {"C_VerifyInit", "hpo"},
    {"C_Verify", "hznzn"},
    {"C_VerifyUpdate", "hzn"},
    {"C_VerifyFinal", "hzn"},
    {"C_VerifyRecoverInit", "hpo"},
    {"C_VerifyRecover", "hznqp"},
    {"C_DigestEncryptUpdate", "hznqp"},
    {"C_DecryptDigestUpdate", "hznqp"},
    {"C_SignEncryptUpdate", "hznqp"},
    {"C_DecryptVerifyUpdate", "hznqp"},
    {"C_GenerateKey", "hpznp"},
    {"C_GenerateKeyPair", "hpznznpp"},
    {"C_WrapKey", "hpooqp"},
    {"C_UnwrapKey", "hpoznznp"},
    {"C_DeriveKey", "hpoznp"},
    {"C_SeedRandom", "hzn"},
    {"C_GenerateRandom", "hzn"},
    {"C_GetFunctionStatus", "h"},
    {"C_CancelFunction", "h"},
    {"C_WaitForSlotEvent", "fpq"},
    {"C_LoginUser", "hfpnzn"},
    {"C_SessionCancel", "hf"},
    {"C_MessageEncryptInit", "hpo"},
    {"C_EncryptMessage", "hznznznqp"},
    {"C_EncryptMessageBegin", "hznzn"},
    {"C_EncryptMessageNext", "hznznqpf"},
    {"C_MessageEncryptFinal", "h"},
    {"C_MessageDecryptInit", "hpo"},
    {"C_DecryptMessage", "hznznznqp"},
    {"C_DecryptMessageBegin", "hznzn"},
    {"C_DecryptMessageNext", "hznznqpf"},
    {"C_MessageDecryptFinal", "h"},
    {"C_MessageSignInit", "hpo"},
    {"C_SignMessage", "hznznqp"},
    {"C_SignMessageBegin", "hzn"},
    {"C_SignMessageNext", "hznznqq"},
    {"C_MessageSignFinal", "h"},
    {"C_MessageVerifyInit", "hpo"},
    {"C_VerifyMessage", "hznznzn"},
    {"C_VerifyMessageBegin", "hzn"},
    {"C_VerifyMessageNext", "hznznzn"},
    {"C_MessageVerifyFinal", "h"},
    {"C_EncapsulateKey", "hpoznqpp"},
    {"C_DecapsulateKey", "hpoznznp"},
    {"C_VerifySignatureInit", "hpozn"},
    {"C_VerifySignature", "hzn"},
    {"C_VerifySignatureUpdate", "hzn"},
    {"C_VerifySignatureFinal", "h"},
    {"C_GetSessionValidationFlags", "hfp"},
    {"C_AsyncComplete", "hpp"},
    {"C_AsyncGetID", "hpp"},
    {"C_AsyncJoin", "hpfzn"},
    {"C_WrapKeyAuthenticated", "hpooznqp"},
    {"C_UnwrapKeyAuthenticated", "hpoznznznp"},
};

/* Ten words cover the longest list; a function that takes fewer leaves the rest alone. */
typedef CK_RV (*any_fn)(CK_ULONG, CK_ULONG, CK_ULONG, CK_ULONG, CK_ULONG, CK_ULONG, CK_ULONG,
    CK_ULONG, CK_ULONG, CK_ULONG, CK_ULONG);

static const struct {
	const char *name;
	void *fn;
} functions[] = {
#define ROW(name) {#name, (void *)name},
    CK_EACH_FUNCTION_2_40(ROW) CK_EACH_FUNCTION_3_0(ROW) CK_EACH_FUNCTION_3_2(ROW)};

static any_fn function(const char *name)
{
	any_fn f = NULL;

	for (size_t i = 0; i < COUNT(functions); i++)
		if (!strcmp(functions[i].name, name))
			memcpy(&f, &functions[i].fn, sizeof(f));
	assert_non_null(f);
	return f;
}

static CK_ULONG memory[16][512];

/* Arguments with something plausible in each place; missing: this pointer is NULL. */
static CK_RV call_with(const struct call *c, CK_SESSION_HANDLE h, CK_ULONG n, int missing)
{
	CK_ULONG a[11] = {0};

	memset(memory, 0, sizeof(memory));
	for (int i = 0; c->args[i]; i++) {
		switch (c->args[i]) {
		case 'h':
			a[i] = h;
			break;
		case 'n':
			a[i] = n;
			break;
		case 'f':
			a[i] = 1;
			break;
		case 's':
			a[i] = 0;
			break;
		case 'o':
			a[i] = 12345;
			break;
		default:
			a[i] = i == missing ? 0 : (CK_ULONG)memory[i];
		}
	}
	return function(c->name)(a[0], a[1], a[2], a[3], a[4], a[5], a[6], a[7], a[8], a[9], a[10]);
}

static bool is_end(const struct call *c)
{
	return !strcmp(c->name, "C_CloseSession") || !strcmp(c->name, "C_CloseAllSessions") ||
	       !strcmp(c->name, "C_InitToken");
}

static void every_function_is_listed(void **state)
{
	(void)state;
	/* these six are called in other ways below */
	assert_int_equal(COUNT(calls) + 5, COUNT(functions));
	for (size_t i = 0; i < COUNT(calls); i++)
		(void)function(calls[i].name);
}

static void before_initialize(void **state)
{
	CK_INFO info;

	(void)state;
	is_ok(C_Finalize(NULL));
	for (size_t i = 0; i < COUNT(calls); i++)
		for (int null = 0; null < 2; null++)
			is_rv(call_with(&calls[i], 1, 1, null ? 0 : -1),
			    CKR_CRYPTOKI_NOT_INITIALIZED);
	is_rv(C_Finalize(NULL), CKR_CRYPTOKI_NOT_INITIALIZED);
	is_rv(C_GetInfo(&info), CKR_CRYPTOKI_NOT_INITIALIZED);
	is_ok(C_Initialize(NULL));
}

static void missing_pointers(void **state)
{
	CK_SESSION_HANDLE h = open_session(true);
	CK_RV rv;

	(void)state;
	for (size_t i = 0; i < COUNT(calls); i++) {
		const struct call *c = &calls[i];

		for (int k = 0; c->args[k]; k++) {
			if (c->args[k] != 'p' && c->args[k] != 'z' && c->args[k] != 'q')
				continue;
			rv = call_with(c, h, 1, k);
			if (c->args[k] == 'q' || rv == CKR_FUNCTION_NOT_SUPPORTED)
				continue;
			if (rv != CKR_ARGUMENTS_BAD)
				print_error("%s, argument %d: %lx\n", c->name, k, rv);
			is_rv(rv, CKR_ARGUMENTS_BAD);
		}
	}
	is_rv(C_GetFunctionList(NULL), CKR_ARGUMENTS_BAD);
	is_rv(C_GetInterfaceList(NULL, NULL), CKR_ARGUMENTS_BAD);
	is_rv(C_GetInterface(NULL, NULL, NULL, 0), CKR_ARGUMENTS_BAD);
}

static void bogus_sessions(void **state)
{
	static const CK_SESSION_HANDLE bogus[] = {0, 1, 0xdeadbeef, ~0UL};

	(void)state;
	for (size_t i = 0; i < COUNT(calls); i++) {
		if (calls[i].args[0] != 'h')
			continue;
		for (size_t b = 0; b < COUNT(bogus); b++)
			is_rv(call_with(&calls[i], bogus[b], 1, -1), CKR_SESSION_HANDLE_INVALID);
	}
}

static void bogus_slots(void **state)
{
	static const CK_SLOT_ID bogus[] = {2, 31, 32, 0xffffffff, ~0UL};
	CK_SLOT_INFO slot;
	CK_TOKEN_INFO token;
	CK_MECHANISM_INFO mech;
	CK_SESSION_HANDLE h;
	CK_UTF8CHAR label[32] = "x", pin[] = "1";
	CK_ULONG n = 0;

	(void)state;
	for (size_t b = 0; b < COUNT(bogus); b++) {
		is_rv(C_GetSlotInfo(bogus[b], &slot), CKR_SLOT_ID_INVALID);
		is_rv(C_GetTokenInfo(bogus[b], &token), CKR_SLOT_ID_INVALID);
		is_rv(C_GetMechanismList(bogus[b], NULL, &n), CKR_SLOT_ID_INVALID);
		is_rv(C_GetMechanismInfo(bogus[b], CKM_ECDSA, &mech), CKR_SLOT_ID_INVALID);
		is_rv(C_CloseAllSessions(bogus[b]), CKR_SLOT_ID_INVALID);
		is_rv(C_InitToken(bogus[b], pin, 1, label), CKR_SLOT_ID_INVALID);
		is_rv(C_OpenSession(bogus[b], CKF_SERIAL_SESSION, NULL, NULL, &h),
		    CKR_SLOT_ID_INVALID);
	}
	/* a reader without a card */
	is_ok(C_GetSlotInfo(1, &slot));
	assert_false(slot.flags & CKF_TOKEN_PRESENT);
	is_rv(C_GetTokenInfo(1, &token), CKR_TOKEN_NOT_PRESENT);
	is_rv(C_OpenSession(1, CKF_SERIAL_SESSION, NULL, NULL, &h), CKR_TOKEN_NOT_PRESENT);
}

/* Nothing is under way: whatever comes, nobody crashes and nothing "works". */
static void wrong_states(void **state)
{
	static const CK_ULONG lengths[] = {0, 1, 64, 4096};

	(void)state;
	for (size_t i = 0; i < COUNT(calls); i++) {
		const struct call *c = &calls[i];
		CK_SESSION_HANDLE h = open_session(i % 2);

		for (size_t n = 0; n < COUNT(lengths) && !is_end(c); n++) {
			CK_RV rv = call_with(c, h, lengths[n], -1);

			assert_int_not_equal(rv, CKR_GENERAL_ERROR);
			assert_int_not_equal(rv, CKR_SESSION_HANDLE_INVALID);
			is_ok(C_SessionCancel(h, ~0UL));
		}
		is_ok(C_CloseSession(h));
	}
}

static void operations_need_an_init(void **state)
{
	CK_SESSION_HANDLE h = open_session(true);
	CK_BYTE data[32] = {0}, out[64];
	CK_ULONG n = sizeof(out);
	CK_OBJECT_HANDLE o;

	(void)state;
	is_rv(C_Sign(h, data, 32, out, &n), CKR_OPERATION_NOT_INITIALIZED);
	is_rv(C_SignUpdate(h, data, 32), CKR_OPERATION_NOT_INITIALIZED);
	is_rv(C_SignFinal(h, out, &n), CKR_OPERATION_NOT_INITIALIZED);
	is_rv(C_Verify(h, data, 32, out, 64), CKR_OPERATION_NOT_INITIALIZED);
	is_rv(C_VerifyUpdate(h, data, 32), CKR_OPERATION_NOT_INITIALIZED);
	is_rv(C_VerifyFinal(h, out, 64), CKR_OPERATION_NOT_INITIALIZED);
	is_rv(C_Digest(h, data, 32, out, &n), CKR_OPERATION_NOT_INITIALIZED);
	is_rv(C_DigestUpdate(h, data, 32), CKR_OPERATION_NOT_INITIALIZED);
	is_rv(C_DigestFinal(h, out, &n), CKR_OPERATION_NOT_INITIALIZED);
	is_rv(C_Decrypt(h, data, 32, out, &n), CKR_OPERATION_NOT_INITIALIZED);
	is_rv(C_DecryptUpdate(h, data, 32, out, &n), CKR_OPERATION_NOT_INITIALIZED);
	is_rv(C_DecryptFinal(h, out, &n), CKR_OPERATION_NOT_INITIALIZED);
	is_rv(C_FindObjects(h, &o, 1, &n), CKR_OPERATION_NOT_INITIALIZED);
	is_rv(C_FindObjectsFinal(h), CKR_OPERATION_NOT_INITIALIZED);
	is_rv(C_SignMessage(h, NULL, 0, data, 32, out, &n), CKR_OPERATION_NOT_INITIALIZED);
	is_rv(C_SignMessageBegin(h, NULL, 0), CKR_OPERATION_NOT_INITIALIZED);
	is_rv(C_MessageSignFinal(h), CKR_OPERATION_NOT_INITIALIZED);
	is_rv(C_VerifyMessage(h, NULL, 0, data, 32, out, 64), CKR_OPERATION_NOT_INITIALIZED);
	is_rv(C_MessageVerifyFinal(h), CKR_OPERATION_NOT_INITIALIZED);
	is_rv(C_VerifySignature(h, data, 32), CKR_OPERATION_NOT_INITIALIZED);
	is_rv(C_VerifySignatureFinal(h), CKR_OPERATION_NOT_INITIALIZED);
	is_rv(C_GetOperationState(h, NULL, &n), CKR_OPERATION_NOT_INITIALIZED);
	is_rv(C_Logout(h), CKR_USER_NOT_LOGGED_IN);
	is_rv(C_Login(h, 7, data, 6), CKR_USER_TYPE_INVALID);
	is_rv(C_GetFunctionStatus(h), CKR_FUNCTION_NOT_PARALLEL);
	is_rv(C_SeedRandom(h, data, 32), CKR_RANDOM_SEED_NOT_SUPPORTED);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, p11_setup_blank, p11_teardown)
	const struct CMUnitTest tests[] = {
	    T(every_function_is_listed),
	    T(before_initialize),
	    T(missing_pointers),
	    T(bogus_sessions),
	    T(bogus_slots),
	    T(wrong_states),
	    T(operations_need_an_init),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
