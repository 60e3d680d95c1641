/* SPDX-License-Identifier: BSD-2-Clause */
/* Strict suite: C_Initialize to C_GetMechanismInfo, sessions, events, fork (5.4 to 5.6). */
#include <dlfcn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/interop/strict.h"

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

static void initialize_args(void)
{
	CK_C_INITIALIZE_ARGS a = {.flags = CKF_OS_LOCKING_OK},
			     partial = {.flags = CKF_OS_LOCKING_OK};
	CK_INFO info;

	a.pReserved = &a;
	IS(p->C_Initialize(&a), CKR_ARGUMENTS_BAD);
	a.pReserved = NULL;
	partial.CreateMutex = mutex_new;
	IS(p->C_Initialize(&partial), CKR_ARGUMENTS_BAD);
	partial.DestroyMutex = partial.LockMutex = mutex_any;
	IS(p->C_Initialize(&partial), CKR_ARGUMENTS_BAD);
	partial.UnlockMutex = mutex_any;
	OK(p->C_Initialize(&partial));
	OK(p->C_Finalize(NULL));
	a.flags = CKF_OS_LOCKING_OK | CKF_LIBRARY_CANT_CREATE_OS_THREADS;
	OK(p->C_Initialize(&a));
	IS(p->C_Initialize(NULL), CKR_CRYPTOKI_ALREADY_INITIALIZED);
	IS(p->C_Finalize(&a), CKR_ARGUMENTS_BAD);
	OK(p->C_GetInfo(&info));
	OK(p->C_Finalize(NULL));
	IS(p->C_Finalize(NULL), CKR_CRYPTOKI_NOT_INITIALIZED);
	IS(p->C_Finalize(&a), CKR_CRYPTOKI_NOT_INITIALIZED, CKR_ARGUMENTS_BAD);
}

void test_before_init(void)
{
	CK_ULONG n = 0;
	CK_SESSION_HANDLE h;

	IS(p->C_GetInfo(NULL), CKR_CRYPTOKI_NOT_INITIALIZED, CKR_ARGUMENTS_BAD);
	IS(p->C_GetSlotList(CK_FALSE, NULL, &n), CKR_CRYPTOKI_NOT_INITIALIZED);
	IS(p->C_OpenSession(0, RO, NULL, NULL, &h), CKR_CRYPTOKI_NOT_INITIALIZED);
	IS(p->C_CloseSession(1), CKR_CRYPTOKI_NOT_INITIALIZED);
	IS(p->C_GetFunctionStatus(1), CKR_CRYPTOKI_NOT_INITIALIZED);
	IS(p->C_WaitForSlotEvent(CKF_DONT_BLOCK, &slot, NULL), CKR_CRYPTOKI_NOT_INITIALIZED);
	initialize_args();
}

static bool padded(const CK_UTF8CHAR *s, size_t n)
{
	bool blank = false;

	for (size_t i = 0; i < n; i++) {
		if (!s[i])
			return false;
		blank = s[i] == ' ';
	}
	return blank || s[n - 1] > ' ';
}

static void interfaces(void)
{
	CK_RV (*list)(CK_INTERFACE *, CK_ULONG *);
	CK_RV (*one)(CK_UTF8CHAR *, CK_VERSION *, CK_INTERFACE **, CK_FLAGS);
	CK_RV (*functions)(CK_FUNCTION_LIST **);
	void *lib = dlopen(module_path, RTLD_NOW | RTLD_LOCAL);
	CK_FUNCTION_LIST *old = NULL;
	CK_INTERFACE all[16], *i = NULL;
	CK_ULONG n = 0, less;
	CK_VERSION v;
	CK_INFO info;
	CK_MECHANISM_INFO mech;
	CK_UTF8CHAR name[] = "PKCS 11", other[] = "PKCS 11 other";

	*(void **)&list = dlsym(lib, "C_GetInterfaceList");
	*(void **)&one = dlsym(lib, "C_GetInterface");
	*(void **)&functions = dlsym(lib, "C_GetFunctionList");
	IS(functions(NULL), CKR_ARGUMENTS_BAD);
	OK(functions(&old));
	HOLDS(old->version.major == 2 && old->version.minor == 40);
	IS(list(NULL, NULL), CKR_ARGUMENTS_BAD);
	OK(list(NULL, &n));
	HOLDS(n == 3);
	less = n - 1;
	IS(list(all, &less), CKR_BUFFER_TOO_SMALL);
	HOLDS(less == n);
	OK(list(all, &n));
	IS(one(name, NULL, NULL, 0), CKR_ARGUMENTS_BAD);
	for (CK_ULONG k = 0; k < n; k++) {
		HOLDS(!strcmp((char *)all[k].pInterfaceName, "PKCS 11"));
		HOLDS(all[k].flags == CKF_INTERFACE_FORK_SAFE);
		v = *(CK_VERSION *)all[k].pFunctionList;
		OK(one(NULL, &v, &i, 0));
		HOLDS(i->pFunctionList == all[k].pFunctionList);
		OK(one(name, &v, &i, CKF_INTERFACE_FORK_SAFE));
		old = i->pFunctionList;
		HOLDS(old->C_Initialize != NULL);
		OK(old->C_GetInfo(&info));
		HOLDS(!memcmp(&info.cryptokiVersion, &v, sizeof(v)));
		OK(old->C_GetMechanismInfo(slot, CKM_ECDSA, &mech));
		HOLDS(!(mech.flags & CKF_MESSAGE_SIGN) == (v.major == 2));
	}
	OK(one(name, NULL, &i, 0));
	HOLDS(i->pFunctionList == all[0].pFunctionList);
	i = NULL;
	IS(one(other, NULL, &i, 0), CKR_ARGUMENTS_BAD);
	v = (CK_VERSION){2, 10};
	IS(one(name, &v, &i, 0), CKR_ARGUMENTS_BAD);
	IS(one(name, NULL, &i, 0x10), CKR_ARGUMENTS_BAD);
	HOLDS(!i);
}

static void slots(void)
{
	CK_INFO info, *i = &info;
	CK_SLOT_ID list[64];
	CK_SLOT_INFO s;
	CK_TOKEN_INFO t;
	CK_ULONG all = 0, present = 0, n;

	IS(p->C_GetInfo(NULL), CKR_ARGUMENTS_BAD);
	OK(p->C_GetInfo(&info));
	HOLDS(info.cryptokiVersion.major == 3 && info.cryptokiVersion.minor == 2);
	HOLDS(info.flags == 0);
	HOLDS(padded(i->manufacturerID, 32) && padded(i->libraryDescription, 32));
	IS(p->C_GetSlotList(CK_FALSE, NULL, NULL), CKR_ARGUMENTS_BAD);
	OK(p->C_GetSlotList(CK_FALSE, NULL, &all));
	OK(p->C_GetSlotList(CK_TRUE, NULL, &present));
	HOLDS(present >= 1 && present <= all);
	n = 0;
	IS(p->C_GetSlotList(CK_FALSE, list, &n), CKR_BUFFER_TOO_SMALL);
	HOLDS(n == all);
	n = COUNT(list);
	OK(p->C_GetSlotList(CK_TRUE, list, &n));
	HOLDS(n == present);
	IS(p->C_GetSlotInfo(slot, NULL), CKR_ARGUMENTS_BAD);
	IS(p->C_GetSlotInfo(0xdeadUL, &s), CKR_SLOT_ID_INVALID);
	OK(p->C_GetSlotInfo(slot, &s));
	HOLDS(padded(s.slotDescription, 64) && padded(s.manufacturerID, 32));
	HOLDS((s.flags & (CKF_TOKEN_PRESENT | CKF_REMOVABLE_DEVICE)) ==
	      (CKF_TOKEN_PRESENT | CKF_REMOVABLE_DEVICE));
	HOLDS(!(s.flags & ~(CK_FLAGS)7));
	IS(p->C_GetTokenInfo(slot, NULL), CKR_ARGUMENTS_BAD);
	IS(p->C_GetTokenInfo(0xdeadUL, &t), CKR_SLOT_ID_INVALID);
	OK(p->C_GetTokenInfo(slot, &t));
	HOLDS(padded(t.label, 32) && padded(t.manufacturerID, 32) && padded(t.model, 16) &&
	      padded(t.serialNumber, 16));
	HOLDS((t.flags & (CKF_RNG | CKF_LOGIN_REQUIRED | CKF_USER_PIN_INITIALIZED |
			     CKF_TOKEN_INITIALIZED)) ==
	      (CKF_RNG | CKF_LOGIN_REQUIRED | CKF_USER_PIN_INITIALIZED | CKF_TOKEN_INITIALIZED));
	HOLDS(!(t.flags & (CKF_USER_PIN_LOCKED | CKF_USER_PIN_FINAL_TRY | CKF_WRITE_PROTECTED)));
	HOLDS(t.ulSessionCount == 0 && t.ulRwSessionCount == 0);
	HOLDS(t.ulMinPinLen <= t.ulMaxPinLen);
}

static void mechanisms(void)
{
	CK_MECHANISM_TYPE list[256];
	CK_MECHANISM_INFO info;
	CK_ULONG n = 0, less = 1;

	IS(p->C_GetMechanismList(slot, NULL, NULL), CKR_ARGUMENTS_BAD);
	IS(p->C_GetMechanismList(0xdeadUL, NULL, &n), CKR_SLOT_ID_INVALID);
	OK(p->C_GetMechanismList(slot, NULL, &n));
	IS(p->C_GetMechanismList(slot, list, &less), CKR_BUFFER_TOO_SMALL);
	HOLDS(less == n);
	OK(p->C_GetMechanismList(slot, list, &n));
	for (CK_ULONG i = 0; i < n; i++) {
		OK(p->C_GetMechanismInfo(slot, list[i], &info));
		HOLDS(info.flags && info.ulMinKeySize <= info.ulMaxKeySize);
	}
	IS(p->C_GetMechanismInfo(slot, CKM_DES_ECB, &info), CKR_MECHANISM_INVALID);
	IS(p->C_GetMechanismInfo(slot, CKM_RSA_PKCS, NULL), CKR_ARGUMENTS_BAD);
	IS(p->C_GetMechanismInfo(0xdeadUL, CKM_RSA_PKCS, &info), CKR_SLOT_ID_INVALID);
}

void test_general(void)
{
	CK_SLOT_ID where;

	interfaces();
	slots();
	mechanisms();
	IS(p->C_WaitForSlotEvent(CKF_DONT_BLOCK, &where, NULL), CKR_NO_EVENT);
	IS(p->C_WaitForSlotEvent(CKF_DONT_BLOCK, NULL, NULL), CKR_ARGUMENTS_BAD);
	IS(p->C_WaitForSlotEvent(CKF_DONT_BLOCK, &where, &where), CKR_ARGUMENTS_BAD);
}

static CK_STATE state(CK_SESSION_HANDLE h)
{
	CK_SESSION_INFO i = {.state = 99};

	OK(p->C_GetSessionInfo(h, &i));
	HOLDS(i.slotID == slot && (i.flags & CKF_SERIAL_SESSION));
	return i.state;
}

static void states(void)
{
	CK_SESSION_HANDLE ro = session(RO), rw = session(RW), h;

	HOLDS(state(ro) == CKS_RO_PUBLIC_SESSION && state(rw) == CKS_RW_PUBLIC_SESSION);
	IS(p->C_Login(rw, CKU_SO, so_pin, strlen((char *)so_pin)), CKR_SESSION_READ_ONLY_EXISTS);
	login(ro);
	HOLDS(state(ro) == CKS_RO_USER_FUNCTIONS && state(rw) == CKS_RW_USER_FUNCTIONS);
	h = session(RO);
	HOLDS(state(h) == CKS_RO_USER_FUNCTIONS);
	OK(p->C_Logout(rw));
	HOLDS(state(ro) == CKS_RO_PUBLIC_SESSION);
	OK(p->C_CloseSession(ro));
	OK(p->C_CloseSession(h));
	login_so(rw);
	HOLDS(state(rw) == CKS_RW_SO_FUNCTIONS);
	IS(p->C_OpenSession(slot, RO, NULL, NULL, &h), CKR_SESSION_READ_WRITE_SO_EXISTS);
	OK(p->C_CloseSession(rw));
	rw = session(RW); /* the last session took the login along */
	HOLDS(state(rw) == CKS_RW_PUBLIC_SESSION);
	OK(p->C_CloseSession(rw));
}

void test_sessions(void)
{
	CK_SESSION_HANDLE h, a, b;
	CK_TOKEN_INFO t;
	CK_SESSION_INFO i;
	CK_ULONG n = 0;

	IS(p->C_OpenSession(slot, 0, NULL, NULL, &h), CKR_SESSION_PARALLEL_NOT_SUPPORTED);
	IS(p->C_OpenSession(slot, RO, NULL, NULL, NULL), CKR_ARGUMENTS_BAD);
	IS(p->C_OpenSession(0xdeadUL, RO, NULL, NULL, &h), CKR_SLOT_ID_INVALID);
	a = session(RO);
	b = session(RW);
	HOLDS(a != b && a && b);
	OK(p->C_GetTokenInfo(slot, &t));
	HOLDS(t.ulSessionCount == 2 && t.ulRwSessionCount == 1);
	IS(p->C_GetSessionInfo(a, NULL), CKR_ARGUMENTS_BAD);
	IS(p->C_GetFunctionStatus(a), CKR_FUNCTION_NOT_PARALLEL);
	IS(p->C_CancelFunction(a), CKR_FUNCTION_NOT_PARALLEL);
	OK(p->C_CloseSession(a));
	IS(p->C_CloseSession(a), CKR_SESSION_HANDLE_INVALID);
	IS(p->C_GetSessionInfo(a, &i), CKR_SESSION_HANDLE_INVALID);
	/* 5.1.7: what is wrong with the session comes before what is wrong with other arguments */
	IS(p->C_GetSessionInfo(a, NULL), CKR_SESSION_HANDLE_INVALID);
	IS(p->C_Sign(a, NULL, 1, NULL, NULL), CKR_SESSION_HANDLE_INVALID);
	IS(p->C_FindObjects(0, NULL, 1, &n), CKR_SESSION_HANDLE_INVALID);
	h = session(RO);
	HOLDS(h != a && h != b);
	IS(p->C_CloseAllSessions(0xdeadUL), CKR_SLOT_ID_INVALID);
	OK(p->C_CloseAllSessions(slot));
	OK(p->C_CloseAllSessions(slot));
	IS(p->C_GetSessionInfo(b, &i), CKR_SESSION_HANDLE_INVALID);
	states();
}

void test_fork(void)
{
	CK_SESSION_HANDLE h = session(RO), mine;
	CK_SESSION_INFO i;
	int status = -1;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		bool ok = p->C_GetSessionInfo(h, &i) == CKR_CRYPTOKI_NOT_INITIALIZED &&
			  p->C_Finalize(NULL) == CKR_CRYPTOKI_NOT_INITIALIZED &&
			  p->C_Initialize(NULL) == CKR_OK &&
			  p->C_GetSessionInfo(h, &i) == CKR_SESSION_HANDLE_INVALID &&
			  p->C_OpenSession(slot, RO, NULL, NULL, &mine) == CKR_OK &&
			  p->C_Finalize(NULL) == CKR_OK;
		_exit(ok ? 0 : 1);
	}
	waitpid(pid, &status, 0);
	HOLDS(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	OK(p->C_GetSessionInfo(h, &i));
	OK(p->C_CloseSession(h));
}
