/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Runs the strict suite on a module: `strict MODULE PIN SO-PIN FOLDER make` makes keys 01 and 02
 * (EC) and 03 (RSA) and writes their public halves to FOLDER/ID.spki; `strict MODULE PIN SO-PIN
 * FOLDER [silent]` takes the certificates FOLDER/ID.der and prints TAP; silent: on a card that does
 * not tell how many tries are left.
 */
#include "tests/interop/strict.h"

#include <dlfcn.h>

CK_FUNCTION_LIST_3_2 *p;
CK_SLOT_ID slot;
CK_UTF8CHAR *user_pin, *so_pin;
const char *module_path, *cert_dir;
bool counts = true;
static unsigned tests, failures;

bool verdict(const char *file, int line, const char *call, const char *wants, CK_RV got,
    const CK_RV *want, size_t n)
{
	bool ok = false;

	for (size_t i = 0; i < n; i++)
		ok = ok || want[i] == got;
	printf("%sok %u - %s: %s\n", ok ? "" : "not ", ++tests, call, wants);
	if (!ok) {
		failures++;
		printf("# %s:%d: got 0x%lx\n", file, line, got);
	}
	return ok;
}

bool holds(const char *file, int line, const char *what, bool yes)
{
	printf("%sok %u - %s\n", yes ? "" : "not ", ++tests, what);
	if (!yes) {
		failures++;
		printf("# %s:%d\n", file, line);
	}
	return yes;
}

CK_SESSION_HANDLE session(CK_FLAGS flags)
{
	CK_SESSION_HANDLE h = CK_INVALID_HANDLE;

	OK(p->C_OpenSession(slot, flags, NULL, NULL, &h));
	return h;
}

void login(CK_SESSION_HANDLE h)
{
	OK(p->C_Login(h, CKU_USER, user_pin, strlen((char *)user_pin)));
}

void login_so(CK_SESSION_HANDLE h)
{
	OK(p->C_Login(h, CKU_SO, so_pin, strlen((char *)so_pin)));
}

void done(CK_SESSION_HANDLE h)
{
	IS(p->C_Logout(h), CKR_OK, CKR_USER_NOT_LOGGED_IN);
	OK(p->C_CloseAllSessions(slot));
}

CK_ULONG find_all(CK_SESSION_HANDLE h, CK_ATTRIBUTE *t, CK_ULONG n, CK_OBJECT_HANDLE *out)
{
	CK_ULONG found = 0;

	OK(p->C_FindObjectsInit(h, t, n));
	OK(p->C_FindObjects(h, out, 128, &found));
	OK(p->C_FindObjectsFinal(h));
	return found;
}

CK_OBJECT_HANDLE find_id(CK_SESSION_HANDLE h, CK_OBJECT_CLASS class, CK_BYTE id)
{
	CK_ATTRIBUTE t[] = {{CKA_CLASS, &class, sizeof(class)}, {CKA_ID, &id, 1}};
	CK_OBJECT_HANDLE o[128];

	HOLDS(find_all(h, t, 2, o) == 1);
	return o[0];
}

CK_RV get(CK_SESSION_HANDLE h, CK_OBJECT_HANDLE o, CK_ATTRIBUTE_TYPE type, void *v, CK_ULONG *n)
{
	CK_ATTRIBUTE a = {type, v, *n};
	CK_RV rv = p->C_GetAttributeValue(h, o, &a, 1);

	*n = a.ulValueLen;
	return rv;
}

bool get_bool(CK_SESSION_HANDLE h, CK_OBJECT_HANDLE o, CK_ATTRIBUTE_TYPE type)
{
	CK_BBOOL v = 0xee;
	CK_ULONG n = sizeof(v);

	OK(get(h, o, type, &v, &n));
	HOLDS(n == 1 && v <= 1);
	return v == CK_TRUE;
}

CK_ULONG get_ulong(CK_SESSION_HANDLE h, CK_OBJECT_HANDLE o, CK_ATTRIBUTE_TYPE type)
{
	CK_ULONG v = 0, n = sizeof(v);

	OK(get(h, o, type, &v, &n));
	HOLDS(n == sizeof(v));
	return v;
}

CK_ULONG read_cert(CK_BYTE id, CK_BYTE *out, CK_ULONG room)
{
	char path[4096];
	size_t n = 0;
	FILE *f;

	snprintf(path, sizeof(path), "%s/%02x.der", cert_dir, id);
	f = fopen(path, "rb");
	if (f) {
		n = fread(out, 1, room, f);
		fclose(f);
	}
	return n;
}

CK_RV sign_init(CK_SESSION_HANDLE h, CK_MECHANISM_TYPE m, CK_OBJECT_HANDLE key)
{
	CK_MECHANISM mech = {m, NULL, 0};
	CK_BBOOL always = CK_FALSE;
	CK_ULONG n = 1;
	CK_RV rv = p->C_SignInit(h, &mech, key);

	if (rv == CKR_OK && get(h, key, CKA_ALWAYS_AUTHENTICATE, &always, &n) == CKR_OK && always)
		rv = p->C_Login(h, CKU_CONTEXT_SPECIFIC, user_pin, strlen((char *)user_pin));
	return rv;
}

static void make_key(CK_SESSION_HANDLE h, CK_BYTE id, bool rsa)
{
	CK_BYTE p256[] = {0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07}, der[1024];
	CK_BBOOL yes = CK_TRUE;
	CK_ULONG bits = 2048, n = sizeof(der);
	CK_MECHANISM m = {rsa ? CKM_RSA_PKCS_KEY_PAIR_GEN : CKM_EC_KEY_PAIR_GEN, NULL, 0};
	CK_ATTRIBUTE ec_t[] = {{CKA_EC_PARAMS, p256, sizeof(p256)}, {CKA_TOKEN, &yes, 1}};
	CK_ATTRIBUTE rsa_t[] = {{CKA_MODULUS_BITS, &bits, sizeof(bits)}, {CKA_TOKEN, &yes, 1}};
	CK_ATTRIBUTE priv_t[] = {{CKA_ID, &id, 1}, {CKA_TOKEN, &yes, 1}};
	CK_OBJECT_HANDLE pub, priv;
	char path[4096];
	FILE *f;

	OK(p->C_GenerateKeyPair(h, &m, rsa ? rsa_t : ec_t, 2, priv_t, 2, &pub, &priv));
	OK(get(h, pub, CKA_PUBLIC_KEY_INFO, der, &n));
	snprintf(path, sizeof(path), "%s/%02x.spki", cert_dir, id);
	f = fopen(path, "wb");
	HOLDS(f && fwrite(der, 1, n, f) == n);
	if (f)
		fclose(f);
}

static void make(void)
{
	CK_SESSION_HANDLE h = session(RW);

	login_so(h);
	make_key(h, 1, false);
	make_key(h, 2, false);
	make_key(h, 3, true);
	done(h);
}

static void open_module(void)
{
	CK_RV (*get_interface)(CK_UTF8CHAR *, CK_VERSION *, CK_INTERFACE **, CK_FLAGS);
	void *lib = dlopen(module_path, RTLD_NOW | RTLD_LOCAL);
	CK_INTERFACE *i = NULL;

	if (!lib) {
		printf("Bail out! %s\n", dlerror());
		exit(1);
	}
	*(void **)&get_interface = dlsym(lib, "C_GetInterface");
	if (get_interface(NULL, NULL, &i, 0) || !i) {
		printf("Bail out! no interface\n");
		exit(1);
	}
	p = i->pFunctionList;
}

static void first_slot(void)
{
	CK_SLOT_ID list[64];
	CK_ULONG n = COUNT(list);

	OK(p->C_Initialize(NULL));
	OK(p->C_GetSlotList(CK_TRUE, list, &n));
	if (!HOLDS(n > 0))
		exit(1);
	slot = list[0];
}

int main(int argc, char **argv)
{
	static void (*const all[])(void) = {test_general, test_sessions, test_admin, test_login,
	    test_objects, test_make, test_crypto, test_mechanisms, test_edges, test_fork};

	bool making;

	if (argc < 5)
		return 2;
	setvbuf(stdout, NULL, _IOLBF, 0);
	module_path = argv[1];
	user_pin = (CK_UTF8CHAR *)argv[2];
	so_pin = (CK_UTF8CHAR *)argv[3];
	cert_dir = argv[4];
	making = argc > 5 && !strcmp(argv[5], "make");
	counts = argc == 5;
	open_module();
	if (!making)
		test_before_init();
	first_slot();
	if (making)
		make();
	for (size_t i = 0; !making && i < COUNT(all); i++)
		all[i]();
	OK(p->C_Finalize(NULL));
	printf("1..%u\n", tests);
	return failures ? 1 : 0;
}
