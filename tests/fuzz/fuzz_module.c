/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The whole PKCS#11 module, calls of the input's choice over a card that may be tampered with: no
 * crash, lengths and codes of the standard, no signature that does not verify, nothing left behind.
 *
 * Input: 1 byte of flags, 2 bytes of length of the calls, the calls (module_calls.h; F0 to F5:
 * something happens to the card instead, module_card.h), then the card's script.
 */
#include <string.h>

#include "fuzz.h"
#include "module_calls.h"
#include "module_card.h"
#include "pkcs11/module.h"

#define FLAG_USER     0x01 /* a session is there, the user logged in, all objects found */
#define FLAG_SO	      0x02 /* the same with the security officer */
#define FLAG_STRICT   0x04 /* isolation */
#define FLAG_SCRIPTED 0x08 /* every answer is the script's */
#define FLAG_RAW_RSA  0x10 /* the option raw-rsa-decrypt */
#define FLAG_WRITES   0x20 /* the option user-writes */
#define CALLS_MAX     48

static struct module_run run;

static void prepare(uint8_t flags)
{
	CK_SESSION_HANDLE s = 0;
	CK_OBJECT_HANDLE found[OBJECTS];
	CK_ULONG n = 0;
	CK_UTF8CHAR pin[] = PIN_RIGHT, mgm[] = MGM_DEFAULT;

	if (!(flags & (FLAG_USER | FLAG_SO)) ||
	    C_OpenSession(0, CKF_SERIAL_SESSION | CKF_RW_SESSION, NULL, NULL, &s) != CKR_OK)
		return;
	handles_add_session(&run.handles, s);
	if (flags & FLAG_USER)
		(void)C_Login(s, CKU_USER, pin, sizeof pin - 1);
	else
		(void)C_Login(s, CKU_SO, mgm, sizeof mgm - 1);
	if (C_FindObjectsInit(s, NULL, 0) != CKR_OK)
		return;
	if (C_FindObjects(s, found, OBJECTS, &n) == CKR_OK)
		for (CK_ULONG i = 0; i < n; i++)
			handles_add_object(&run.handles, found[i]);
	(void)C_FindObjectsFinal(s);
}

static void run_calls(struct rd calls)
{
	for (unsigned i = 0; i < CALLS_MAX && calls.n; i++) {
		if (calls.p[0] >= 0xF0) {
			module_event((calls.p[0] & 0x0Fu) % 6);
			calls.p++;
			calls.n--;
		} else if (!module_call(&run, &calls)) {
			break;
		}
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct rd in = rd_of(data, size), calls;
	struct tokens_config cfg = {.isolation = ISOLATION_SESSION};
	uint8_t flags;
	uint16_t n;

	if (rd_u8(&in, &flags) != ECERT_OK || rd_u16(&in, &n) != ECERT_OK)
		return 0;
	if (rd_take(&in, n, &calls) != ECERT_OK)
		(void)!rd_take(&in, in.n, &calls);
	memset(&run, 0, sizeof run);
	run.is_true = module_signature_true;
	p11_tokens_open = module_tokens_open;
	/* The environment and its files are not part of the input. */
	(void)setenv("XDG_CONFIG_HOME", "/nonexistent", 1);
	if (flags & FLAG_STRICT)
		cfg.isolation = ISOLATION_STRICT;
	cfg.user_writes = (flags & FLAG_WRITES) != 0;
	module_card_begin(in, (flags & FLAG_SCRIPTED) != 0, &cfg);
	REQUIRE(C_Initialize(NULL) == CKR_OK);
	p11.config.raw_rsa_decrypt = (flags & FLAG_RAW_RSA) != 0;
	p11.config.user_writes = cfg.user_writes;
	prepare(flags);
	run_calls(calls);
	if (C_Finalize(NULL) != CKR_OK)
		REQUIRE(C_Finalize(NULL) == CKR_CRYPTOKI_NOT_INITIALIZED);
	return 0;
}
