/* SPDX-License-Identifier: BSD-2-Clause */
/* C_GetInterface, C_Initialize and the list of mechanisms. */
#include "tests/unit/pkcs11/p11fix.h"

static void interfaces(void **state)
{
	CK_INTERFACE list[8], *one;
	CK_ULONG n = 0;
	CK_VERSION v = {3, 0};
	CK_FUNCTION_LIST *old;
	CK_FUNCTION_LIST_3_2 *newest;
	CK_UTF8CHAR name[] = "PKCS 11", other[] = "Vendor X";

	(void)state;
	is_ok(C_GetInterfaceList(NULL, &n));
	assert_int_equal(n, 3);
	n = 2;
	is_rv(C_GetInterfaceList(list, &n), CKR_BUFFER_TOO_SMALL);
	is_ok(C_GetInterfaceList(list, &n));
	is_ok(C_GetInterface(NULL, NULL, &one, CKF_INTERFACE_FORK_SAFE));
	newest = one->pFunctionList;
	assert_int_equal(newest->version.major, 3);
	assert_int_equal(newest->version.minor, 2);
	is_ok(C_GetInterface(name, &v, &one, 0));
	assert_int_equal(((CK_VERSION *)one->pFunctionList)->minor, 0);
	v.minor = 9;
	is_rv(C_GetInterface(name, &v, &one, 0), CKR_ARGUMENTS_BAD);
	is_rv(C_GetInterface(other, NULL, &one, 0), CKR_ARGUMENTS_BAD);
	is_rv(C_GetInterface(name, NULL, &one, 0x80), CKR_ARGUMENTS_BAD);
	is_ok(C_GetFunctionList(&old));
	assert_int_equal(old->version.major, 2);
	assert_int_equal(old->version.minor, 40);
	for (size_t i = 0; i < n; i++) {
		void *const *p = list[i].pFunctionList;
		size_t count = i == 0 ? 68 + 24 + 12 : i == 1 ? 68 + 24 : 68;

		for (size_t k = 1; k <= count; k++)
			assert_non_null(p[k]);
	}
}

static void start_again(void)
{
	is_ok(C_Finalize(NULL));
	is_ok(C_Initialize(NULL));
}

static void a_program_says_the_reader(void **state)
{
	CK_INTERFACE *one = NULL;
	CK_UTF8CHAR name[] = ECERT_INTERFACE;
	CK_VERSION v = {1, 0};
	struct ecert_settings *settings;
	char longer[257];

	(void)state;
	setenv("ECERT_READER", "socket:/usual", 1);
	is_ok(C_GetInterface(name, NULL, &one, CKF_INTERFACE_FORK_SAFE));
	settings = one->pFunctionList;
	assert_int_equal(settings->major, 1);
	is_ok(C_GetInterface(name, &v, &one, 0));
	assert_ptr_equal(one->pFunctionList, settings);
	is_rv(C_GetInterface(NULL, &v, &one, 0), CKR_ARGUMENTS_BAD);
	is_ok(settings->set_reader("socket:/said"));
	start_again();
	assert_string_equal(p11.config.reader, "socket:/said");
	memset(longer, 'x', 256);
	longer[256] = '\0';
	is_rv(settings->set_reader(longer), CKR_ARGUMENTS_BAD);
	start_again();
	assert_string_equal(p11.config.reader, "socket:/said");
	is_ok(settings->set_reader(NULL));
	start_again();
	assert_string_equal(p11.config.reader, "socket:/usual");
	unsetenv("ECERT_READER");
}

static CK_RV mutex_new(void **m)
{
	*m = NULL;
	return CKR_OK;
}

static CK_RV mutex_any(void *m)
{
	(void)m;
	return CKR_OK;
}

static void initialize_arguments(void **state)
{
	CK_C_INITIALIZE_ARGS a = {.flags = CKF_OS_LOCKING_OK};

	(void)state;
	is_rv(C_Initialize(&a), CKR_CRYPTOKI_ALREADY_INITIALIZED);
	is_rv(C_Finalize(&a), CKR_ARGUMENTS_BAD);
	is_ok(C_Finalize(NULL));
	a.CreateMutex = mutex_new;
	is_rv(C_Initialize(&a), CKR_ARGUMENTS_BAD);
	a.DestroyMutex = a.LockMutex = a.UnlockMutex = mutex_any;
	a.flags = 0;
	is_rv(C_Initialize(&a), CKR_CANT_LOCK);
	a.flags = CKF_OS_LOCKING_OK | CKF_LIBRARY_CANT_CREATE_OS_THREADS; /* NSS */
	a.pReserved = &a;
	is_rv(C_Initialize(&a), CKR_ARGUMENTS_BAD);
	a.pReserved = NULL;
	is_ok(C_Initialize(&a));
}

static void mechanisms(void **state)
{
	CK_MECHANISM_TYPE list[128];
	CK_MECHANISM_INFO info;
	CK_ULONG n = 0, less = 3;

	(void)state;
	is_ok(C_GetMechanismList(0, NULL, &n));
	assert_true(n > 40 && n < COUNT(list));
	is_rv(C_GetMechanismList(0, list, &less), CKR_BUFFER_TOO_SMALL);
	assert_int_equal(less, n);
	is_ok(C_GetMechanismList(0, list, &n));
	for (CK_ULONG i = 0; i < n; i++) {
		is_ok(C_GetMechanismInfo(0, list[i], &info));
		assert_int_not_equal(info.flags, 0);
		assert_true(info.ulMinKeySize <= info.ulMaxKeySize);
		for (CK_ULONG k = 0; k < i; k++)
			assert_int_not_equal(list[i], list[k]);
	}
	is_rv(C_GetMechanismInfo(0, CKM_DES_ECB, &info), CKR_MECHANISM_INVALID);
	is_ok(C_GetMechanismInfo(0, CKM_RSA_X_509, &info));
	assert_false(info.flags & CKF_DECRYPT);
	for (size_t i = 0; mech_at(i); i++)
		if (mech_at(i)->use == USE_SIGN)
			assert_non_null(mech_scheme(mech_at(i)));
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, p11_setup_blank, p11_teardown)
	const struct CMUnitTest tests[] = {
	    T(interfaces), T(a_program_says_the_reader), T(initialize_arguments), T(mechanisms)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
