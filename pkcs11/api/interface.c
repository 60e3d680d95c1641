/* SPDX-License-Identifier: BSD-2-Clause */
/* The function lists of 2.40, 3.0 and 3.2, and our own settings, and how they are asked for (5.4.4
 * to 5.4.6). */
#include <string.h>

#include "pkcs11/module.h"

#define EXPORT	    __attribute__((visibility("default")))
#define NAMED(name) .name = name,

/* The version of the interface that the caller holds (3.1, CK_INFO): one who believes it must not
 * look for functions beyond the end of the list. */
static CK_RV info_of(CK_INFO_PTR info, CK_VERSION version)
{
	CK_RV rv = C_GetInfo(info);

	if (rv == CKR_OK)
		info->cryptokiVersion = version;
	return rv;
}

static CK_RV info_2_40(CK_INFO_PTR info)
{
	return info_of(info, (CK_VERSION){2, 40});
}

static CK_RV info_3_0(CK_INFO_PTR info)
{
	return info_of(info, (CK_VERSION){3, 0});
}

/* 2.40 has no messages. */
static CK_RV mechanism_2_40(CK_SLOT_ID slot, CK_MECHANISM_TYPE type, CK_MECHANISM_INFO_PTR info)
{
	CK_RV rv = C_GetMechanismInfo(slot, type, info);

	if (rv == CKR_OK)
		info->flags &= ~(CK_FLAGS)(CKF_MESSAGE_SIGN | CKF_MESSAGE_VERIFY);
	return rv;
}

#pragma GCC diagnostic ignored "-Woverride-init"
/* clang-format off */
static CK_FUNCTION_LIST list_2_40 = {
	.version = {2, 40},
	CK_EACH_FUNCTION_2_40(NAMED)
	.C_GetInfo = info_2_40,
	.C_GetMechanismInfo = mechanism_2_40,
};
static CK_FUNCTION_LIST_3_0 list_3_0 = {
	.version = {3, 0},
	CK_EACH_FUNCTION_2_40(NAMED)
	CK_EACH_FUNCTION_3_0(NAMED)
	.C_GetInfo = info_3_0,
};
static CK_FUNCTION_LIST_3_2 list_3_2 = {
	.version = {3, 2},
	CK_EACH_FUNCTION_2_40(NAMED)
	CK_EACH_FUNCTION_3_0(NAMED)
	CK_EACH_FUNCTION_3_2(NAMED)
};
/* clang-format on */

static CK_CHAR standard_name[] = "PKCS 11", own_name[] = ECERT_INTERFACE;
static struct ecert_settings settings = {1, 0, p11_set_reader};

/* The first is what a caller gets who does not say which. The name is CK_CHAR in the standard and
 * char in p11-kit 0.25: void fits both. */
static CK_INTERFACE interfaces[] = {
    {(void *)standard_name, &list_3_2, CKF_INTERFACE_FORK_SAFE},
    {(void *)standard_name, &list_3_0, CKF_INTERFACE_FORK_SAFE},
    {(void *)standard_name, &list_2_40, CKF_INTERFACE_FORK_SAFE},
};
#define INTERFACES (sizeof interfaces / sizeof interfaces[0])
/* Only for who knows its name: whoever goes through the list takes each for PKCS#11's functions. */
static CK_INTERFACE own = {(void *)own_name, &settings, CKF_INTERFACE_FORK_SAFE};

EXPORT CK_RV C_GetFunctionList(CK_FUNCTION_LIST_PTR_PTR ppFunctionList)
{
	if (!ppFunctionList)
		return CKR_ARGUMENTS_BAD;
	*ppFunctionList = &list_2_40;
	return CKR_OK;
}

EXPORT CK_RV C_GetInterfaceList(CK_INTERFACE_PTR pInterfacesList, CK_ULONG_PTR pulCount)
{
	CK_ULONG room;

	if (!pulCount)
		return CKR_ARGUMENTS_BAD;
	room = *pulCount;
	*pulCount = INTERFACES;
	if (!pInterfacesList)
		return CKR_OK;
	if (room < INTERFACES)
		return CKR_BUFFER_TOO_SMALL;
	memcpy(pInterfacesList, interfaces, sizeof interfaces);
	return CKR_OK;
}

static bool interface_fits(
    const CK_INTERFACE *i, const CK_UTF8CHAR *name, const CK_VERSION *version, CK_FLAGS flags)
{
	const CK_VERSION *v = i->pFunctionList; /* each list begins with its version */

	if (name && strcmp((const char *)name, (const char *)i->pInterfaceName) != 0)
		return false;
	if (version && (version->major != v->major || version->minor != v->minor))
		return false;
	return (flags & ~i->flags) == 0;
}

EXPORT CK_RV C_GetInterface(CK_UTF8CHAR_PTR pInterfaceName, CK_VERSION_PTR pVersion,
    CK_INTERFACE_PTR_PTR ppInterface, CK_FLAGS flags)
{
	if (!ppInterface)
		return CKR_ARGUMENTS_BAD;
	*ppInterface = NULL;
	for (size_t i = 0; i < INTERFACES; i++) {
		if (!interface_fits(&interfaces[i], pInterfaceName, pVersion, flags))
			continue;
		*ppInterface = &interfaces[i];
		return CKR_OK;
	}
	if (pInterfaceName && interface_fits(&own, pInterfaceName, pVersion, flags)) {
		*ppInterface = &own;
		return CKR_OK;
	}
	/* 5.4.6: of what it lists, this says that the caller asked for what is not there */
	return CKR_ARGUMENTS_BAD;
}
