/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a program does with the PKCS#11 module, from loading to unloading, told in one line:
 *
 *   token=CKR_OK clean=yes certs=5 keys=5 login=CKR_OK c1=good .. s1=good .. d3=good e5=good
 *
 * cN, sN, dN, eN: certificate, signature, decryption and agreement with the object whose CKA_ID is
 * N; good (judged with the key and certificate in REFERENCE/N.pub and N.der), absent, other, a
 * CKR_ name, or FALSE: a success that is none.
 *
 * usage: p11flow [--pin PIN] [--hold POINT] [--only LETTERS] MODULE REFERENCE
 * LETTERS: c lists and reads objects, n signs with all keys, 1 with the first, d decrypts, e
 * agrees. At POINT (login, sign) it prints "hold" and waits for a line on standard input.
 */
#include "tests/hostile/p11flow.h"

#include <ctype.h>
#include <dlfcn.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

CK_FUNCTION_LIST_PTR p11;

static struct {
	const char *pin, *hold, *only, *module;
} opt = {.pin = "248163", .hold = "", .only = "cden"};

void tell(const char *what, unsigned n, const char *how)
{
	if (n != 0)
		printf(" %s%u=%s", what, n, how);
	else
		printf(" %s=%s", what, how);
}

const char *rv_text(CK_RV rv)
{
	static char text[40];
	static const struct {
		CK_RV rv;
		const char *name;
	} names[] = {{CKR_OK, "CKR_OK"}, {CKR_HOST_MEMORY, "CKR_HOST_MEMORY"},
	    {CKR_GENERAL_ERROR, "CKR_GENERAL_ERROR"}, {CKR_FUNCTION_FAILED, "CKR_FUNCTION_FAILED"},
	    {CKR_ARGUMENTS_BAD, "CKR_ARGUMENTS_BAD"}, {CKR_DEVICE_ERROR, "CKR_DEVICE_ERROR"},
	    {CKR_DEVICE_MEMORY, "CKR_DEVICE_MEMORY"}, {CKR_DEVICE_REMOVED, "CKR_DEVICE_REMOVED"},
	    {CKR_ENCRYPTED_DATA_INVALID, "CKR_ENCRYPTED_DATA_INVALID"},
	    {CKR_KEY_HANDLE_INVALID, "CKR_KEY_HANDLE_INVALID"},
	    {CKR_OBJECT_HANDLE_INVALID, "CKR_OBJECT_HANDLE_INVALID"},
	    {CKR_PIN_INCORRECT, "CKR_PIN_INCORRECT"}, {CKR_PIN_LOCKED, "CKR_PIN_LOCKED"},
	    {CKR_PIN_LEN_RANGE, "CKR_PIN_LEN_RANGE"},
	    {CKR_FUNCTION_REJECTED, "CKR_FUNCTION_REJECTED"},
	    {CKR_SESSION_HANDLE_INVALID, "CKR_SESSION_HANDLE_INVALID"},
	    {CKR_SLOT_ID_INVALID, "CKR_SLOT_ID_INVALID"},
	    {CKR_TOKEN_NOT_PRESENT, "CKR_TOKEN_NOT_PRESENT"},
	    {CKR_TOKEN_NOT_RECOGNIZED, "CKR_TOKEN_NOT_RECOGNIZED"},
	    {CKR_USER_NOT_LOGGED_IN, "CKR_USER_NOT_LOGGED_IN"},
	    {CKR_ACTION_PROHIBITED, "CKR_ACTION_PROHIBITED"},
	    {CKR_FUNCTION_NOT_SUPPORTED, "CKR_FUNCTION_NOT_SUPPORTED"},
	    {CKR_CRYPTOKI_NOT_INITIALIZED, "CKR_CRYPTOKI_NOT_INITIALIZED"},
	    {CKR_DATA_INVALID, "CKR_DATA_INVALID"}, {CKR_PIN_EXPIRED, "CKR_PIN_EXPIRED"},
	    {CKR_KEY_TYPE_INCONSISTENT, "CKR_KEY_TYPE_INCONSISTENT"}};

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (names[i].rv == rv)
			return names[i].name;
	snprintf(text, sizeof text, "CKR_0x%lx", rv);
	return text;
}

/* Nothing in it that a terminal obeys: control characters of ASCII and of Latin-1 in UTF-8. */
bool is_clean(const CK_UTF8CHAR *text, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (text[i] < 0x20 || text[i] == 0x7F)
			return false;
		if (text[i] == 0xC2 && i + 1 < n && text[i + 1] < 0xA0)
			return false;
	}
	return true;
}

static void hold_at(const char *point)
{
	char line[16];

	if (strcmp(opt.hold, point) != 0)
		return;
	printf("hold\n");
	fflush(stdout);
	if (fgets(line, sizeof line, stdin) == NULL)
		exit(2);
}

static CK_RV first_slot(CK_SLOT_ID *slot)
{
	CK_SLOT_ID all[32];
	CK_ULONG n = 32;
	CK_SLOT_INFO info;
	CK_RV rv = p11->C_GetSlotList(CK_TRUE, all, &n);

	if (rv == CKR_OK && n == 0)
		return CKR_TOKEN_NOT_PRESENT;
	if (rv == CKR_OK)
		rv = p11->C_GetSlotInfo(all[0], &info);
	if (rv == CKR_OK && !is_clean(info.slotDescription, sizeof info.slotDescription))
		tell("slot", 0, "UNCLEAN");
	*slot = all[0];
	return rv;
}

static CK_RV look_at_token(CK_SLOT_ID slot)
{
	CK_TOKEN_INFO info;
	CK_RV rv = p11->C_GetTokenInfo(slot, &info);

	if (rv != CKR_OK)
		return rv;
	tell("clean", 0,
	    is_clean(info.label, sizeof info.label) && is_clean(info.model, sizeof info.model) &&
		    is_clean(info.serialNumber, sizeof info.serialNumber) &&
		    is_clean(info.manufacturerID, sizeof info.manufacturerID)
		? "yes"
		: "NO");
	return CKR_OK;
}

/* Whether letter is among those asked for. */
static bool wanted(char letter)
{
	return strchr(opt.only, letter) != NULL;
}

static void all_keys(CK_SESSION_HANDLE s)
{
	for (unsigned n = 1; wanted('n') && n <= REFERENCES; n++)
		flow_sign(s, n, opt.pin);
	if (wanted('1'))
		flow_sign(s, 1, opt.pin);
	if (wanted('d'))
		flow_decrypt(s, 3, opt.pin);
	if (wanted('e'))
		flow_derive(s, 5);
}

static CK_RV use_token(CK_SLOT_ID slot)
{
	CK_SESSION_HANDLE s = 0;
	CK_RV rv = look_at_token(slot);

	if (rv == CKR_OK)
		rv = p11->C_OpenSession(slot, CKF_SERIAL_SESSION, NULL, NULL, &s);
	if (rv != CKR_OK)
		return rv;
	if (wanted('c')) {
		flow_list(s);
		for (unsigned n = 1; n <= REFERENCES; n++)
			flow_cert(s, n);
		flow_attestations(s);
	}
	hold_at("login");
	rv = p11->C_Login(s, CKU_USER, (CK_UTF8CHAR_PTR)(uintptr_t)opt.pin, strlen(opt.pin));
	tell("login", 0, rv_text(rv));
	if (rv == CKR_OK) {
		if (wanted('c'))
			flow_count(s, CKO_PRIVATE_KEY, "keys");
		hold_at("sign");
		all_keys(s);
	}
	(void)p11->C_CloseSession(s);
	return CKR_OK;
}

static int run(void)
{
	void *so = dlopen(opt.module, RTLD_NOW);
	CK_RV (*get)(CK_FUNCTION_LIST_PTR_PTR);
	CK_SLOT_ID slot = 0;
	CK_RV rv;

	*(void **)&get = so != NULL ? dlsym(so, "C_GetFunctionList") : NULL;
	if (get == NULL || get(&p11) != CKR_OK) {
		fprintf(stderr, "p11flow: %s\n", dlerror());
		return 2;
	}
	rv = p11->C_Initialize(NULL);
	if (rv == CKR_OK)
		rv = first_slot(&slot);
	if (rv == CKR_OK)
		rv = use_token(slot);
	tell("token", 0, rv_text(rv));
	rv = p11->C_Finalize(NULL);
	tell("end", 0, rv_text(rv));
	printf("\n");
	dlclose(so);
	return 0;
}

int main(int argc, char **argv)
{
	static const struct option options[] = {{"pin", 1, NULL, 'p'}, {"hold", 1, NULL, 'h'},
	    {"only", 1, NULL, 'o'}, {NULL, 0, NULL, 0}};
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == '?')
			return 2;
		*(c == 'p' ? &opt.pin : c == 'h' ? &opt.hold : &opt.only) = optarg;
	}
	if (argc - optind != 2 || !flow_references(argv[optind + 1])) {
		fprintf(stderr, "usage: p11flow [--pin P] [--hold P] [--only L] MODULE DIR\n");
		return 2;
	}
	opt.module = argv[optind];
	return run();
}
