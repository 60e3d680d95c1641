/* SPDX-License-Identifier: BSD-2-Clause */
/* Every function of the module with arguments of the input's choice, and what must hold after each.
 */
#include "module_calls.h"

#include <string.h>

#include "fuzz.h"
#include "module_args.h"
#include "pkcs11/rvname.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

typedef void (*any_fn)(void);

#define FN(name, shape)                                                                            \
	{                                                                                          \
#name, shape, (any_fn)name                                                         \
	}
static const struct call {
	const char *name, *shape; /* args_make */
	any_fn fn;
} calls[] = {
    /* 2.40, in the order of the function list */
    FN(C_Initialize, "N"),
    FN(C_Finalize, "N"),
    FN(C_GetInfo, "X"),
    FN(C_GetFunctionList, "X"),
    FN(C_GetSlotList, "fl"),
    FN(C_GetSlotInfo, "sX"),
    FN(C_GetTokenInfo, "sX"),
    FN(C_GetMechanismList, "sl"),
    FN(C_GetMechanismInfo, "sfX"),
    FN(C_InitToken, "spL"),
    FN(C_InitPIN, "hp"),
    FN(C_SetPIN, "hpp"),
    FN(C_OpenSession, "sfNNH"),
    FN(C_CloseSession, "h"),
    FN(C_CloseAllSessions, "s"),
    FN(C_GetSessionInfo, "hX"),
    FN(C_GetOperationState, "hO"),
    FN(C_SetOperationState, "hioo"),
    FN(C_Login, "hTp"),
    FN(C_Logout, "h"),
    FN(C_CreateObject, "htH"),
    FN(C_CopyObject, "hotH"),
    FN(C_DestroyObject, "ho"),
    FN(C_GetObjectSize, "hou"),
    FN(C_GetAttributeValue, "hog"),
    FN(C_SetAttributeValue, "hot"),
    FN(C_FindObjectsInit, "ht"),
    FN(C_FindObjects, "hS"),
    FN(C_FindObjectsFinal, "h"),
    FN(C_EncryptInit, "hmo"),
    FN(C_Encrypt, "hiO"),
    FN(C_EncryptUpdate, "hiO"),
    FN(C_EncryptFinal, "hO"),
    FN(C_DecryptInit, "hmo"),
    FN(C_Decrypt, "hiO"),
    FN(C_DecryptUpdate, "hiO"),
    FN(C_DecryptFinal, "hO"),
    FN(C_DigestInit, "hm"),
    FN(C_Digest, "hiO"),
    FN(C_DigestUpdate, "hi"),
    FN(C_DigestKey, "ho"),
    FN(C_DigestFinal, "hO"),
    FN(C_SignInit, "hmo"),
    FN(C_Sign, "hiO"),
    FN(C_SignUpdate, "hi"),
    FN(C_SignFinal, "hO"),
    FN(C_SignRecoverInit, "hmo"),
    FN(C_SignRecover, "hiO"),
    FN(C_VerifyInit, "hmo"),
    FN(C_Verify, "hii"),
    FN(C_VerifyUpdate, "hi"),
    FN(C_VerifyFinal, "hi"),
    FN(C_VerifyRecoverInit, "hmo"),
    FN(C_VerifyRecover, "hiO"),
    FN(C_DigestEncryptUpdate, "hiO"),
    FN(C_DecryptDigestUpdate, "hiO"),
    FN(C_SignEncryptUpdate, "hiO"),
    FN(C_DecryptVerifyUpdate, "hiO"),
    FN(C_GenerateKey, "hmtH"),
    FN(C_GenerateKeyPair, "hmttHH"),
    FN(C_WrapKey, "hmooO"),
    FN(C_UnwrapKey, "hmoitH"),
    FN(C_DeriveKey, "hmotH"),
    FN(C_SeedRandom, "hi"),
    FN(C_GenerateRandom, "hi"),
    FN(C_GetFunctionStatus, "h"),
    FN(C_CancelFunction, "h"),
    FN(C_WaitForSlotEvent, "DuN"),
    /* 3.0 */
    FN(C_GetInterfaceList, "l"),
    FN(C_GetInterface, "cNXf"),
    FN(C_LoginUser, "hTpi"),
    FN(C_SessionCancel, "hf"),
    FN(C_MessageEncryptInit, "hmo"),
    FN(C_EncryptMessage, "hiiiO"),
    FN(C_EncryptMessageBegin, "hii"),
    FN(C_EncryptMessageNext, "hiiOf"),
    FN(C_MessageEncryptFinal, "h"),
    FN(C_MessageDecryptInit, "hmo"),
    FN(C_DecryptMessage, "hiiiO"),
    FN(C_DecryptMessageBegin, "hii"),
    FN(C_DecryptMessageNext, "hiiOf"),
    FN(C_MessageDecryptFinal, "h"),
    FN(C_MessageSignInit, "hmo"),
    FN(C_SignMessage, "hiiO"),
    FN(C_SignMessageBegin, "hi"),
    FN(C_SignMessageNext, "hiiO"),
    FN(C_MessageSignFinal, "h"),
    FN(C_MessageVerifyInit, "hmo"),
    FN(C_VerifyMessage, "hiii"),
    FN(C_VerifyMessageBegin, "hi"),
    FN(C_VerifyMessageNext, "hiii"),
    FN(C_MessageVerifyFinal, "h"),
    /* 3.2 */
    FN(C_EncapsulateKey, "hmotOH"),
    FN(C_DecapsulateKey, "hmotiH"),
    FN(C_VerifySignatureInit, "hmoi"),
    FN(C_VerifySignature, "hi"),
    FN(C_VerifySignatureUpdate, "hi"),
    FN(C_VerifySignatureFinal, "h"),
    FN(C_GetSessionValidationFlags, "hfu"),
    FN(C_AsyncComplete, "hcX"),
    FN(C_AsyncGetID, "hcu"),
    FN(C_AsyncJoin, "hcfi"),
    FN(C_WrapKeyAuthenticated, "hmooiO"),
    FN(C_UnwrapKeyAuthenticated, "hmoitiH"),
};

#define ONE(name) +1
_Static_assert(COUNT(calls) == 0 CK_EACH_FUNCTION_2_40(ONE) CK_EACH_FUNCTION_3_0(ONE)
				   CK_EACH_FUNCTION_3_2(ONE),
    "each function once");

/* All parameters are integers and pointers as long as a CK_ULONG, but CK_BBOOL, which is shorter.
 */
typedef CK_RV (*twelve)(CK_ULONG, CK_ULONG, CK_ULONG, CK_ULONG, CK_ULONG, CK_ULONG, CK_ULONG,
    CK_ULONG, CK_ULONG, CK_ULONG, CK_ULONG, CK_ULONG);
_Static_assert(ARGS_MAX == 12, "as many as the longest call has, and no more");

static CK_RV invoke(const struct call *c, const CK_ULONG *v)
{
	return ((twelve)c->fn)(
	    v[0], v[1], v[2], v[3], v[4], v[5], v[6], v[7], v[8], v[9], v[10], v[11]);
}

/* 5.2: a size is told, a short buffer is refused with the size, and nothing else is written. */
static void check_output(const struct args *a, CK_RV rv)
{
	if (!a->out_len)
		return;
	if (rv == CKR_OK && a->out)
		REQUIRE(*a->out_len <= a->out_room);
	if (rv == CKR_BUFFER_TOO_SMALL)
		REQUIRE(a->out && *a->out_len > a->out_room);
}

static void learn(struct module_run *run, const struct call *c, const struct args *a, CK_RV rv)
{
	if (rv != CKR_OK)
		return;
	for (unsigned i = 0; i < a->handles; i++) {
		if (*a->handle[i] == CK_INVALID_HANDLE)
			continue;
		if (c->fn == (any_fn)C_OpenSession)
			handles_add_session(&run->handles, *a->handle[i]);
		else
			handles_add_object(&run->handles, *a->handle[i]);
	}
	if (!a->count)
		return;
	REQUIRE(*a->count <= a->out_room);
	for (CK_ULONG i = 0; i < *a->count; i++) {
		REQUIRE(a->found[i] != CK_INVALID_HANDLE);
		handles_add_object(&run->handles, a->found[i]);
	}
}

static void check(struct module_run *run, const struct call *c, const struct args *a, CK_RV rv)
{
	/* A code of the standard, and never the one that says we did not think of this. */
	REQUIRE(strcmp(p11_rv_name(rv), "CKR_?") != 0);
	REQUIRE(rv != CKR_GENERAL_ERROR);
	check_output(a, rv);
	if (c->fn == (any_fn)C_SignInit && rv == CKR_OK) {
		run->session = a->v[0];
		run->mechanism = a->v[1] ? ((const CK_MECHANISM *)(uintptr_t)a->v[1])->mechanism
					 : 0;
	}
	/* Other signatures are checked by the module itself, too; this one we check. */
	if (c->fn == (any_fn)C_Sign && rv == CKR_OK && a->out && a->v[0] == run->session &&
	    run->mechanism == CKM_ECDSA)
		REQUIRE(run->is_true(rd_of(a->in, a->in_len), rd_of(a->out, *a->out_len)));
	learn(run, c, a, rv);
}

bool module_call(struct module_run *run, struct rd *in)
{
	const struct call *c;
	struct args a;
	uint8_t which;
	CK_RV rv;

	if (rd_u8(in, &which) != ECERT_OK)
		return false;
	c = &calls[which % COUNT(calls)];
	args_make(&a, c->shape, in, &run->handles);
	rv = invoke(c, a.v);
	check(run, c, &a, rv);
	args_free(&a);
	return true;
}
