/* SPDX-License-Identifier: BSD-2-Clause */
/* Threads, forks, and C_Finalize while others are inside. */
#include <pthread.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "tests/unit/pkcs11/p11fix.h"

#define THREADS 64
#define ROUNDS	20

/* Each thread: sessions of its own, searches, digests, signatures. cmocka is not for threads. */
static void *worker(void *arg)
{
	CK_MECHANISM sha = {CKM_SHA256, NULL, 0}, m = {CKM_ECDSA, NULL, 0};
	CK_OBJECT_CLASS class = CKO_PRIVATE_KEY;
	CK_BYTE id = 1, digest[32], sig[64], value = (CK_BYTE)(uintptr_t)arg;
	CK_ATTRIBUTE t[] = {{CKA_CLASS, &class, sizeof(class)}, {CKA_ID, &id, 1}};
	uintptr_t bad = 0;

	for (int i = 0; i < ROUNDS; i++) {
		CK_SESSION_HANDLE h = 0;
		CK_OBJECT_HANDLE key = 0;
		CK_ULONG n = 0, len = sizeof(digest), sig_len = sizeof(sig);

		bad += C_OpenSession(0, CKF_SERIAL_SESSION, NULL, NULL, &h) != CKR_OK;
		bad += C_FindObjectsInit(h, t, 2) != CKR_OK;
		bad += C_FindObjects(h, &key, 1, &n) != CKR_OK || n != 1;
		bad += C_FindObjectsFinal(h) != CKR_OK;
		bad += C_DigestInit(h, &sha) != CKR_OK;
		bad += C_Digest(h, &value, 1, digest, &len) != CKR_OK;
		bad += C_SignInit(h, &m, key) != CKR_OK;
		bad += C_Sign(h, digest, len, sig, &sig_len) != CKR_OK;
		bad += C_CloseSession(h) != CKR_OK;
	}
	return (void *)bad;
}

static void many_threads(void **state)
{
	CK_SESSION_HANDLE h = open_session(false);
	pthread_t t[THREADS];
	void *bad;

	(void)state;
	login_user(h);
	for (uintptr_t i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&t[i], NULL, worker, (void *)i), 0);
	for (int i = 0; i < THREADS; i++) {
		assert_int_equal(pthread_join(t[i], &bad), 0);
		assert_null(bad);
	}
}

#define MAKERS 4

/* A key with a CKA_ID of its own: the token chooses the place. */
static void *maker(void *arg)
{
	CK_MECHANISM m = {CKM_EC_KEY_PAIR_GEN, NULL, 0};
	CK_BYTE id[2] = {0x47, (CK_BYTE)(uintptr_t)arg};
	CK_ATTRIBUTE pub_t[] = {
	    {CKA_EC_PARAMS, p256_params, sizeof(p256_params)}, {CKA_ID, id, sizeof(id)}};
	CK_BBOOL yes = CK_TRUE;
	CK_ATTRIBUTE priv_t[] = {{CKA_ID, id, sizeof(id)}, {CKA_TOKEN, &yes, 1}};
	CK_SESSION_HANDLE h = 0;
	CK_OBJECT_HANDLE pub = 0, priv = 0;
	uintptr_t bad = 0;

	bad += C_OpenSession(0, CKF_SERIAL_SESSION | CKF_RW_SESSION, NULL, NULL, &h) != CKR_OK;
	bad += C_GenerateKeyPair(h, &m, pub_t, 2, priv_t, 2, &pub, &priv) != CKR_OK;
	return (void *)bad;
}

static enum ecert_rc slowly(void *arg, struct sim_card *c, size_t number)
{
	(void)arg;
	(void)c;
	(void)number;
	(void)usleep(3000);
	return ECERT_OK;
}

/* No thread takes the place that another has just found free. */
static void makers_do_not_meet(void **state)
{
	CK_SESSION_HANDLE h = open_session(true);
	CK_ULONG before;
	pthread_t t[MAKERS];
	void *bad;

	(void)state;
	login_so(h);
	before = count_class(h, CKO_PRIVATE_KEY);
	sim_hooks(fix.card, slowly, NULL, NULL);
	for (uintptr_t i = 0; i < MAKERS; i++)
		assert_int_equal(pthread_create(&t[i], NULL, maker, (void *)i), 0);
	for (int i = 0; i < MAKERS; i++) {
		assert_int_equal(pthread_join(t[i], &bad), 0);
		assert_null(bad);
	}
	sim_hooks(fix.card, NULL, NULL, NULL);
	assert_int_equal(count_class(h, CKO_PRIVATE_KEY), before + MAKERS);
	for (uint8_t i = 0; i < MAKERS; i++) {
		CK_OBJECT_CLASS class = CKO_PRIVATE_KEY;
		CK_BYTE id[2] = {0x47, i};
		CK_ATTRIBUTE find[] = {{CKA_CLASS, &class, sizeof(class)}, {CKA_ID, id, 2}};
		CK_OBJECT_HANDLE o[2];
		CK_ULONG n = 0;

		is_ok(C_FindObjectsInit(h, find, 2));
		is_ok(C_FindObjects(h, o, 2, &n));
		is_ok(C_FindObjectsFinal(h));
		assert_int_equal(n, 1);
	}
}

static CK_SESSION_HANDLE shared;

/* One session under many threads: results may be anything the standard names, memory stays whole.
 */
static void *abuser(void *arg)
{
	CK_MECHANISM sha = {CKM_SHA256, NULL, 0};
	CK_BYTE out[32], data[16] = {0};
	CK_ULONG n, found;
	CK_OBJECT_HANDLE o;

	for (int i = 0; i < 200; i++) {
		n = sizeof(out);
		switch ((i + (int)(uintptr_t)arg) % 6) {
		case 0:
			C_DigestInit(shared, &sha);
			break;
		case 1:
			C_DigestUpdate(shared, data, sizeof(data));
			break;
		case 2:
			C_DigestFinal(shared, out, &n);
			break;
		case 3:
			C_FindObjectsInit(shared, NULL, 0);
			break;
		case 4:
			C_FindObjects(shared, &o, 1, &found);
			break;
		default:
			C_SessionCancel(shared, ~0UL);
		}
	}
	return NULL;
}

static void one_session_shared(void **state)
{
	pthread_t t[8];

	(void)state;
	shared = open_session(false);
	for (uintptr_t i = 0; i < COUNT(t); i++)
		assert_int_equal(pthread_create(&t[i], NULL, abuser, (void *)i), 0);
	usleep(20000);
	is_ok(C_CloseSession(shared));
	for (size_t i = 0; i < COUNT(t); i++)
		pthread_join(t[i], NULL);
	is_rv(C_CloseSession(shared), CKR_SESSION_HANDLE_INVALID);
}

static void *waiter(void *arg)
{
	CK_SLOT_ID slot = 99;

	(void)arg;
	return (void *)C_WaitForSlotEvent(0, &slot, NULL);
}

static void finalize_wakes_waiters(void **state)
{
	CK_SLOT_ID slot;
	pthread_t t;
	void *rv;

	(void)state;
	while (C_WaitForSlotEvent(CKF_DONT_BLOCK, &slot, NULL) == CKR_OK)
		;
	assert_int_equal(pthread_create(&t, NULL, waiter, NULL), 0);
	usleep(50000);
	is_ok(C_Finalize(NULL));
	pthread_join(t, &rv);
	is_rv((CK_RV)rv, CKR_CRYPTOKI_NOT_INITIALIZED);
}

/* The child: not initialised, sends nothing, may begin anew. Its exit code is the line that failed.
 */
static int child(CK_SESSION_HANDLE h)
{
	CK_SESSION_INFO info;
	CK_ULONG n = 0;
	CK_SLOT_ID slot;
	size_t before = sim_count(fix.card);

	if (C_GetSessionInfo(h, &info) != CKR_CRYPTOKI_NOT_INITIALIZED)
		return 1;
	if (C_GetSlotList(CK_FALSE, NULL, &n) != CKR_CRYPTOKI_NOT_INITIALIZED)
		return 2;
	if (C_WaitForSlotEvent(CKF_DONT_BLOCK, &slot, NULL) != CKR_CRYPTOKI_NOT_INITIALIZED)
		return 3;
	if (C_Finalize(NULL) != CKR_CRYPTOKI_NOT_INITIALIZED)
		return 4;
	if (C_Initialize(NULL) != CKR_OK)
		return 5;
	if (sim_count(fix.card) != before)
		return 6;
	if (C_GetSessionInfo(h, &info) != CKR_SESSION_HANDLE_INVALID)
		return 7;
	if (C_OpenSession(0, CKF_SERIAL_SESSION, NULL, NULL, &h) != CKR_OK)
		return 8;
	if (C_Finalize(NULL) != CKR_OK)
		return 9;
	return 0;
}

static void fork_and_begin_anew(void **state)
{
	CK_SESSION_HANDLE h = open_session(false);
	CK_SESSION_INFO info;
	int status = 0;
	pid_t pid;

	(void)state;
	login_user(h);
	pid = fork();
	assert_true(pid >= 0);
	if (!pid)
		_exit(child(h));
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	is_ok(C_GetSessionInfo(h, &info));
	assert_int_equal(info.state, CKS_RO_USER_FUNCTIONS);
}

/* In a forked child of a busy process: other threads hold locks at the moment of the fork. */
static void fork_while_busy(void **state)
{
	CK_SESSION_HANDLE h = open_session(false);
	pthread_t t[8];
	void *bad;
	int status = 0;

	(void)state;
	login_user(h);
	for (uintptr_t i = 0; i < COUNT(t); i++)
		assert_int_equal(pthread_create(&t[i], NULL, worker, (void *)i), 0);
	for (int i = 0; i < 20; i++) {
		pid_t pid = fork();
		CK_SESSION_INFO info;

		if (!pid) {
			alarm(20);
			/* past the thread sanitizer, which misses the parent's threads here */
			syscall(SYS_exit_group,
			    C_GetSessionInfo(h, &info) != CKR_CRYPTOKI_NOT_INITIALIZED);
		}
		assert_int_equal(waitpid(pid, &status, 0), pid);
		assert_int_equal(status, 0);
	}
	for (size_t i = 0; i < COUNT(t); i++) {
		pthread_join(t[i], &bad);
		assert_null(bad);
	}
}

static void *initializer(void *arg)
{
	(void)arg;
	return (void *)C_Initialize(NULL);
}

static void two_initializers(void **state)
{
	pthread_t t[8];
	void *rv;
	int won = 0;

	(void)state;
	is_ok(C_Finalize(NULL));
	for (size_t i = 0; i < COUNT(t); i++)
		assert_int_equal(pthread_create(&t[i], NULL, initializer, NULL), 0);
	for (size_t i = 0; i < COUNT(t); i++) {
		pthread_join(t[i], &rv);
		won += (CK_RV)rv == CKR_OK;
		assert_true((CK_RV)rv == CKR_OK || (CK_RV)rv == CKR_CRYPTOKI_ALREADY_INITIALIZED);
	}
	assert_int_equal(won, 1);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, p11_setup, p11_teardown)
	const struct CMUnitTest tests[] = {T(many_threads), T(makers_do_not_meet),
	    T(one_session_shared), T(finalize_wakes_waiters), T(fork_and_begin_anew),
	    T(fork_while_busy), T(two_initializers)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
