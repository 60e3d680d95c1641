/* SPDX-License-Identifier: BSD-2-Clause */
/* Measures one PKCS#11 module in one fresh process: `p11bench MODULE load|slots|objects|sign ...`.
 */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include <p11-kit/pkcs11.h>

#define WARM_MAX 2000

static CK_FUNCTION_LIST *p11;

static double now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static void must(CK_RV rv, const char *what)
{
	if (rv == CKR_OK)
		return;
	fprintf(stderr, "%s: 0x%lx\n", what, rv);
	exit(1);
}

/* APDUs that the card has answered before this process did anything. */
static long before;

/* APDUs that the card has answered since: ecert-vcard --count keeps the number in a file. */
static long apdus(void)
{
	const char *path = getenv("BENCH_COUNT");
	FILE *f = path ? fopen(path, "r") : NULL;
	long n = 0;

	if (!f)
		return 0;
	if (fscanf(f, "%ld", &n) != 1)
		n = before;
	fclose(f);
	return n - before;
}

static double load(const char *path)
{
	double start = now_us();
	CK_RV (*get)(CK_FUNCTION_LIST **);
	CK_C_INITIALIZE_ARGS args = {.flags = CKF_OS_LOCKING_OK};
	void *lib = dlopen(path, RTLD_NOW | RTLD_LOCAL);

	if (!lib) {
		fprintf(stderr, "%s\n", dlerror());
		exit(1);
	}
	*(void **)&get = dlsym(lib, "C_GetFunctionList");
	if (!get)
		exit(1);
	must(get(&p11), "C_GetFunctionList");
	must(p11->C_Initialize(&args), "C_Initialize");
	return now_us() - start;
}

/* The first slot with a token, its information read, as every client does. */
static CK_SLOT_ID find_slot(void)
{
	CK_SLOT_ID slots[32];
	CK_ULONG n = 32;
	CK_SLOT_INFO slot;
	CK_TOKEN_INFO token;

	must(p11->C_GetSlotList(CK_TRUE, slots, &n), "C_GetSlotList");
	if (n == 0) {
		fputs("no token\n", stderr);
		exit(1);
	}
	must(p11->C_GetSlotInfo(slots[0], &slot), "C_GetSlotInfo");
	must(p11->C_GetTokenInfo(slots[0], &token), "C_GetTokenInfo");
	return slots[0];
}

static CK_SESSION_HANDLE open_session(CK_SLOT_ID slot)
{
	CK_SESSION_HANDLE s;

	must(p11->C_OpenSession(slot, CKF_SERIAL_SESSION | CKF_RW_SESSION, NULL, NULL, &s),
	    "C_OpenSession");
	return s;
}

/* Every object with its class, label and id; certificates with their value. */
static unsigned list_objects(CK_SESSION_HANDLE s)
{
	CK_OBJECT_HANDLE found[256];
	CK_ULONG n;

	must(p11->C_FindObjectsInit(s, NULL, 0), "C_FindObjectsInit");
	must(p11->C_FindObjects(s, found, 256, &n), "C_FindObjects");
	must(p11->C_FindObjectsFinal(s), "C_FindObjectsFinal");
	for (CK_ULONG i = 0; i < n; i++) {
		static unsigned char value[65536], label[256], id[256];
		CK_OBJECT_CLASS class = 0;
		CK_ATTRIBUTE a[] = {{CKA_CLASS, &class, sizeof class},
		    {CKA_LABEL, label, sizeof label}, {CKA_ID, id, sizeof id}};
		CK_ATTRIBUTE v = {CKA_VALUE, value, sizeof value};

		(void)p11->C_GetAttributeValue(s, found[i], a, 3);
		if (class == CKO_CERTIFICATE)
			must(p11->C_GetAttributeValue(s, found[i], &v, 1), "CKA_VALUE");
	}
	return (unsigned)n;
}

static CK_OBJECT_HANDLE find_key(CK_SESSION_HANDLE s, CK_BYTE id)
{
	CK_OBJECT_CLASS class = CKO_PRIVATE_KEY;
	CK_ATTRIBUTE t[] = {{CKA_CLASS, &class, sizeof class}, {CKA_ID, &id, 1}};
	CK_OBJECT_HANDLE key;
	CK_ULONG n;

	must(p11->C_FindObjectsInit(s, t, 2), "C_FindObjectsInit");
	must(p11->C_FindObjects(s, &key, 1, &n), "C_FindObjects");
	must(p11->C_FindObjectsFinal(s), "C_FindObjectsFinal");
	if (n != 1) {
		fprintf(stderr, "no key %02x\n", id);
		exit(1);
	}
	return key;
}

struct signer {
	CK_SESSION_HANDLE session;
	CK_OBJECT_HANDLE key;
	CK_MECHANISM mechanism;
	CK_BYTE *pin;
	CK_BBOOL always; /* the key wants its PIN before every signature */
};

static void sign_once(const struct signer *k)
{
	/* DigestInfo of SHA-256 for RSA; its last 32 bytes alone for ECDSA. */
	static CK_BYTE info[] =
	    "\x30\x31\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\x04\x20"
	    "0123456789abcdef0123456789abcdef";
	CK_BYTE sig[1024];
	CK_ULONG n = sizeof sig;
	int rsa = k->mechanism.mechanism == CKM_RSA_PKCS;

	must(p11->C_SignInit(k->session, (CK_MECHANISM *)&k->mechanism, k->key), "C_SignInit");
	if (k->always)
		must(p11->C_Login(k->session, CKU_CONTEXT_SPECIFIC, k->pin, strlen((char *)k->pin)),
		    "C_Login for the key");
	must(p11->C_Sign(k->session, rsa ? info : info + 19, rsa ? 51 : 32, sig, &n), "C_Sign");
}

static int by_value(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static void sign(double began, CK_BYTE id, char *pin, long warm)
{
	static double took[WARM_MAX];
	struct signer k = {.session = open_session(find_slot()), .pin = (CK_BYTE *)pin};
	CK_KEY_TYPE type = CKK_EC;
	CK_ATTRIBUTE a[] = {{CKA_KEY_TYPE, &type, sizeof type},
	    {CKA_ALWAYS_AUTHENTICATE, &k.always, sizeof k.always}};
	long first, last;

	must(p11->C_Login(k.session, CKU_USER, k.pin, strlen(pin)), "C_Login");
	k.key = find_key(k.session, id);
	/* ykcs11 2.2 does not know the second one. */
	(void)p11->C_GetAttributeValue(k.session, k.key, a, 1);
	if (p11->C_GetAttributeValue(k.session, k.key, a + 1, 1) != CKR_OK)
		k.always = CK_FALSE;
	k.mechanism.mechanism = type == CKK_RSA ? CKM_RSA_PKCS : CKM_ECDSA;
	sign_once(&k);
	printf("cold_us %.0f\n", now_us() - began);
	first = apdus();
	printf("cold_apdus %ld\n", first);
	for (long i = 0; i < warm; i++) {
		double start = now_us();

		sign_once(&k);
		took[i] = now_us() - start;
	}
	last = apdus();
	if (warm == 0)
		return;
	qsort(took, (size_t)warm, sizeof took[0], by_value);
	printf("warm_us %.1f\nwarm_apdus %.2f\n", took[warm / 2],
	    (double)(last - first) / (double)warm);
}

int main(int argc, char **argv)
{
	double began = now_us(), loaded;
	struct rusage use;

	if (argc < 3) {
		fputs("usage: p11bench MODULE load|slots|objects|sign [ID PIN WARM]\n", stderr);
		return 2;
	}
	before = apdus();
	loaded = load(argv[1]);
	printf("load_us %.0f\n", loaded);
	if (!strcmp(argv[2], "slots")) {
		find_slot();
	} else if (!strcmp(argv[2], "objects")) {
		printf("objects %u\n", list_objects(open_session(find_slot())));
	} else if (!strcmp(argv[2], "sign") && argc == 6) {
		long warm = atol(argv[5]);

		sign(began, (CK_BYTE)strtol(argv[3], NULL, 16), argv[4],
		    warm < WARM_MAX ? warm : WARM_MAX);
	}
	printf("apdus %ld\n", apdus());
	must(p11->C_Finalize(NULL), "C_Finalize");
	getrusage(RUSAGE_SELF, &use);
	printf("rss_kb %ld\n", use.ru_maxrss);
	return 0;
}
