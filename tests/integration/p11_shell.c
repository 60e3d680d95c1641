/* SPDX-License-Identifier: BSD-2-Clause */
/* A long-lived program with a module, led by lines on standard input; each answers with one line:
 * slots, open, login PIN, context PIN, key ID, sign, state, logout, close, event, fork, restart,
 * alone (a restart where the module may make no threads), exit, quit. */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <p11-kit/pkcs11.h>

static CK_FUNCTION_LIST *p11;
static CK_SESSION_HANDLE session;
static CK_OBJECT_HANDLE key;

static CK_RV do_slots(char *arg)
{
	CK_ULONG n = 0;
	CK_RV rv = p11->C_GetSlotList(CK_TRUE, NULL, &n);

	(void)arg;
	printf("%lu with a token; ", n);
	return rv;
}

static CK_RV do_open(char *arg)
{
	(void)arg;
	return p11->C_OpenSession(0, CKF_SERIAL_SESSION, NULL, NULL, &session);
}

static CK_RV do_login(char *arg)
{
	return p11->C_Login(session, CKU_USER, (CK_UTF8CHAR *)arg, strlen(arg));
}

static CK_RV do_context(char *arg)
{
	return p11->C_Login(session, CKU_CONTEXT_SPECIFIC, (CK_UTF8CHAR *)arg, strlen(arg));
}

static CK_RV do_key(char *arg)
{
	CK_OBJECT_CLASS class = CKO_PRIVATE_KEY;
	CK_BYTE id = (CK_BYTE)strtoul(arg, NULL, 16);
	CK_ATTRIBUTE t[] = {{CKA_CLASS, &class, sizeof(class)}, {CKA_ID, &id, 1}};
	CK_ULONG n = 0;
	CK_RV rv = p11->C_FindObjectsInit(session, t, 2);

	if (rv)
		return rv;
	key = 0;
	rv = p11->C_FindObjects(session, &key, 1, &n);
	(void)p11->C_FindObjectsFinal(session);
	printf("%lu found; ", n);
	return rv;
}

static CK_RV do_init(char *arg)
{
	CK_MECHANISM m = {CKM_ECDSA, NULL, 0};

	(void)arg;
	return p11->C_SignInit(session, &m, key);
}

static CK_RV do_finish(char *arg)
{
	CK_BYTE digest[32] = {1}, sig[512];
	CK_ULONG n = sizeof(sig);

	(void)arg;
	return p11->C_Sign(session, digest, sizeof(digest), sig, &n);
}

static CK_RV do_sign(char *arg)
{
	CK_RV rv = do_init(arg);

	return rv ? rv : do_finish(arg);
}

static CK_RV do_state(char *arg)
{
	CK_SESSION_INFO info = {.state = 99};
	CK_RV rv = p11->C_GetSessionInfo(session, &info);

	(void)arg;
	printf("state %lu; ", info.state);
	return rv;
}

static CK_RV do_logout(char *arg)
{
	(void)arg;
	return p11->C_Logout(session);
}

static CK_RV do_close(char *arg)
{
	(void)arg;
	return p11->C_CloseSession(session);
}

static CK_RV do_event(char *arg)
{
	CK_SLOT_ID slot = 99;
	CK_RV rv = p11->C_WaitForSlotEvent(strcmp(arg, "poll") ? 0 : CKF_DONT_BLOCK, &slot, NULL);

	printf("slot %lu; ", slot);
	return rv;
}

static CK_RV initialize(CK_FLAGS flags)
{
	CK_C_INITIALIZE_ARGS args = {.flags = CKF_OS_LOCKING_OK | flags};

	return p11->C_Initialize(&args);
}

static CK_RV do_restart(char *arg)
{
	CK_RV rv = p11->C_Finalize(NULL);

	(void)arg;
	return rv ? rv : initialize(0);
}

/* As NSS does it. */
static CK_RV do_alone(char *arg)
{
	CK_RV rv = p11->C_Finalize(NULL);

	(void)arg;
	return rv ? rv : initialize(CKF_LIBRARY_CANT_CREATE_OS_THREADS);
}

/* The child must not be initialised, begins anew, and signs by itself. */
static CK_RV do_fork(char *arg)
{
	int status = 0;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (!pid) {
		CK_RV rv = do_state(arg);

		if (rv == CKR_CRYPTOKI_NOT_INITIALIZED)
			rv = p11->C_Initialize(NULL);
		if (!rv)
			rv = do_open(arg);
		if (!rv)
			rv = do_login(arg);
		if (!rv)
			rv = do_key("01");
		if (!rv)
			rv = do_sign(arg);
		if (!rv)
			rv = p11->C_Finalize(NULL);
		_exit(rv ? 1 : 0);
	}
	if (waitpid(pid, &status, 0) != pid)
		return CKR_GENERAL_ERROR;
	return status ? CKR_FUNCTION_FAILED : CKR_OK;
}

/* Ends as programs do that forget C_Finalize. */
static CK_RV do_exit(char *arg)
{
	(void)arg;
	exit(0);
}

static const struct {
	const char *name;
	CK_RV (*run)(char *arg);
} commands[] = {
    {"slots", do_slots},
    {"open", do_open},
    {"login", do_login},
    {"context", do_context},
    {"key", do_key},
    {"init", do_init},
    {"finish", do_finish},
    {"sign", do_sign},
    {"state", do_state},
    {"logout", do_logout},
    {"close", do_close},
    {"event", do_event},
    {"fork", do_fork},
    {"restart", do_restart},
    {"alone", do_alone},
    {"exit", do_exit},
};

static void run(char *line)
{
	char *name = strtok(line, " \n"), *arg = strtok(NULL, "\n");

	for (size_t i = 0; name && i < sizeof(commands) / sizeof(commands[0]); i++)
		if (!strcmp(commands[i].name, name))
			printf("%s: 0x%lx\n", name, commands[i].run(arg ? arg : ""));
	fflush(stdout);
}

int main(int argc, char **argv)
{
	CK_RV (*get)(CK_FUNCTION_LIST **);
	void *lib = argc == 2 ? dlopen(argv[1], RTLD_NOW | RTLD_LOCAL) : NULL;
	char line[256];

	if (!lib)
		return 2;
	*(void **)&get = dlsym(lib, "C_GetFunctionList");
	if (get(&p11) || initialize(0))
		return 3;
	while (fgets(line, sizeof(line), stdin) && strcmp(line, "quit\n"))
		run(line);
	return p11->C_Finalize(NULL) ? 4 : 0;
}
