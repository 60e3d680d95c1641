/* SPDX-License-Identifier: BSD-2-Clause */
/* A program that loads a module and prints its peak of memory in kilobytes at the end.
 * `p11_client MODULE public ID` writes a public key in DER; `p11_client MODULE list`; `p11_client
 * MODULE PIN ID COUNT [hash]` logs in, searches, signs; `p11_client MODULE SO-PIN make ID KIND`
 * makes a key (ec, rsa, sm2) and writes its public half in DER. */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "ecert/cryptoki.h"
#include "ecert/vendor.h"

static CK_FUNCTION_LIST *p11;

static void must(CK_RV rv, const char *what)
{
	if (rv == CKR_OK)
		return;
	fprintf(stderr, "%s: 0x%lx\n", what, rv);
	exit(1);
}

static void load(const char *path)
{
	CK_C_INITIALIZE_ARGS args = {.flags = CKF_OS_LOCKING_OK};
	CK_RV (*get)(CK_FUNCTION_LIST **);
	void *lib = dlopen(path, RTLD_NOW | RTLD_LOCAL);

	if (!lib) {
		fprintf(stderr, "%s\n", dlerror());
		exit(1);
	}
	*(void **)&get = dlsym(lib, "C_GetFunctionList");
	must(get(&p11), "C_GetFunctionList");
	must(p11->C_Initialize(&args), "C_Initialize");
}

static CK_OBJECT_HANDLE key_of(CK_SESSION_HANDLE s, CK_OBJECT_CLASS class, const char *hex)
{
	CK_BYTE id[32];
	CK_ATTRIBUTE t[] = {{CKA_CLASS, &class, sizeof(class)}, {CKA_ID, id, 0}};
	CK_OBJECT_HANDLE key = 0;
	CK_ULONG n = 0;

	while (t[1].ulValueLen < sizeof(id) && 2 * t[1].ulValueLen < strlen(hex) &&
	       sscanf(hex + 2 * t[1].ulValueLen, "%2hhx", &id[t[1].ulValueLen]) == 1)
		t[1].ulValueLen++;
	must(p11->C_FindObjectsInit(s, t, 2), "C_FindObjectsInit");
	must(p11->C_FindObjects(s, &key, 1, &n), "C_FindObjects");
	must(p11->C_FindObjectsFinal(s), "C_FindObjectsFinal");
	if (n != 1) {
		fprintf(stderr, "no key %s\n", hex);
		exit(1);
	}
	return key;
}

static void sign(CK_SESSION_HANDLE s, CK_OBJECT_HANDLE key, CK_UTF8CHAR *pin, int hash)
{
	CK_MECHANISM m = {hash ? CKM_ECDSA_SHA256 : CKM_ECDSA, NULL, 0};
	CK_BBOOL always = CK_FALSE;
	CK_ATTRIBUTE t = {CKA_ALWAYS_AUTHENTICATE, &always, 1};
	CK_BYTE data[32] = {1}, sig[512];
	CK_ULONG n = sizeof(sig);

	must(p11->C_GetAttributeValue(s, key, &t, 1), "C_GetAttributeValue");
	must(p11->C_SignInit(s, &m, key), "C_SignInit");
	if (always)
		must(p11->C_Login(s, CKU_CONTEXT_SPECIFIC, pin, strlen((char *)pin)),
		    "C_Login for one operation");
	must(p11->C_Sign(s, data, sizeof(data), sig, &n), "C_Sign");
}

static void list(CK_SESSION_HANDLE s)
{
	CK_OBJECT_HANDLE o[64];
	CK_ULONG n = 0;

	must(p11->C_FindObjectsInit(s, NULL, 0), "C_FindObjectsInit");
	must(p11->C_FindObjects(s, o, 64, &n), "C_FindObjects");
	must(p11->C_FindObjectsFinal(s), "C_FindObjectsFinal");
	for (CK_ULONG i = 0; i < n; i++) {
		CK_BYTE value[4096];
		CK_ATTRIBUTE t = {CKA_VALUE, value, sizeof(value)};
		CK_RV rv = p11->C_GetAttributeValue(s, o[i], &t, 1);

		if (rv == CKR_OK)
			printf("%lu bytes\n", t.ulValueLen);
	}
	printf("%lu objects\n", n);
}

static int write_public(CK_SESSION_HANDLE s, CK_OBJECT_HANDLE pub)
{
	CK_BYTE der[1024];
	CK_ATTRIBUTE info = {CKA_PUBLIC_KEY_INFO, der, sizeof(der)};

	must(p11->C_GetAttributeValue(s, pub, &info, 1), "C_GetAttributeValue");
	must(p11->C_Finalize(NULL), "C_Finalize");
	return fwrite(der, 1, info.ulValueLen, stdout) == info.ulValueLen ? 0 : 1;
}

/* A base PIV card tells a public key once: to the process that made it. */
static int make(CK_SESSION_HANDLE s, const char *so_pin, CK_BYTE id, char kind)
{
	CK_BYTE p256[] = {0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07};
	CK_ULONG bits = 2048;
	CK_MECHANISM m = {CKM_EC_KEY_PAIR_GEN, NULL, 0};
	CK_BBOOL yes = CK_TRUE;
	CK_ULONG pub_n = 2;
	CK_ATTRIBUTE pub_t[] = {{CKA_TOKEN, &yes, 1}, {CKA_EC_PARAMS, p256, sizeof(p256)}};
	CK_ATTRIBUTE priv_t[] = {{CKA_TOKEN, &yes, 1}, {CKA_ID, &id, 1}};
	CK_OBJECT_HANDLE pub, priv;

	if (kind == 'r') {
		m.mechanism = CKM_RSA_PKCS_KEY_PAIR_GEN;
		pub_t[1] = (CK_ATTRIBUTE){CKA_MODULUS_BITS, &bits, sizeof(bits)};
	} else if (kind == 's') {
		m.mechanism = CKM_ECERT_SM2_KEY_PAIR_GEN;
		pub_n = 1;
	}
	must(p11->C_Login(s, CKU_SO, (CK_UTF8CHAR *)so_pin, strlen(so_pin)), "C_Login");
	must(p11->C_GenerateKeyPair(s, &m, pub_t, pub_n, priv_t, 2, &pub, &priv),
	    "C_GenerateKeyPair");
	return write_public(s, pub);
}

int main(int argc, char **argv)
{
	struct rusage used;
	CK_SLOT_ID slots[16];
	CK_ULONG n = 16;
	CK_SESSION_HANDLE s;
	CK_UTF8CHAR *pin = (CK_UTF8CHAR *)argv[2];

	if (argc < 3 || argc > 6)
		return 2;
	load(argv[1]);
	must(p11->C_GetSlotList(CK_TRUE, slots, &n), "C_GetSlotList");
	if (!n)
		return 3;
	must(p11->C_OpenSession(slots[0], CKF_SERIAL_SESSION | CKF_RW_SESSION, NULL, NULL, &s),
	    "C_OpenSession");
	if (argc == 4)
		return write_public(s, key_of(s, CKO_PUBLIC_KEY, argv[3]));
	if (argc == 6 && !strcmp(argv[3], "make"))
		return make(s, argv[2], (CK_BYTE)strtoul(argv[4], NULL, 16), *argv[5]);
	if (argc == 3) {
		list(s);
	} else {
		CK_OBJECT_HANDLE key;

		must(p11->C_Login(s, CKU_USER, pin, strlen(argv[2])), "C_Login");
		key = key_of(s, CKO_PRIVATE_KEY, argv[3]);
		for (int i = atoi(argv[4]); i > 0; i--)
			sign(s, key, pin, argc == 6);
	}
	must(p11->C_Finalize(NULL), "C_Finalize");
	(void)getrusage(RUSAGE_SELF, &used);
	printf("%ld kilobytes\n", used.ru_maxrss);
	return 0;
}
