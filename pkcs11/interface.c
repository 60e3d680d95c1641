/* SPDX-License-Identifier: BSD-2-Clause */
/* The function lists of 2.40, 3.0 and 3.2, and how they are asked for (5.4.4 to 5.4.6). */
#include <string.h>

#include "pkcs11/module.h"

#define EXPORT	    __attribute__((visibility("default")))
#define NAMED(name) .name = name,

/* clang-format off */
static CK_FUNCTION_LIST list_2_40 = {
	.version = {2, 40},
	CK_EACH_FUNCTION_2_40(NAMED)
};
static CK_FUNCTION_LIST_3_0 list_3_0 = {
	.version = {3, 0},
	CK_EACH_FUNCTION_2_40(NAMED)
	CK_EACH_FUNCTION_3_0(NAMED)
};
static CK_FUNCTION_LIST_3_2 list_3_2 = {
	.version = {3, 2},
	CK_EACH_FUNCTION_2_40(NAMED)
	CK_EACH_FUNCTION_3_0(NAMED)
	CK_EACH_FUNCTION_3_2(NAMED)
};
/* clang-format on */

static CK_CHAR standard_name[] = "PKCS 11";

/* The first is what a caller gets who does not say which. */
static CK_INTERFACE interfaces[] = {
    {standard_name, &list_3_2, CKF_INTERFACE_FORK_SAFE},
    {standard_name, &list_3_0, CKF_INTERFACE_FORK_SAFE},
    {standard_name, &list_2_40, CKF_INTERFACE_FORK_SAFE},
};
#define INTERFACES (sizeof(interfaces) / sizeof(interfaces[0]))

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
	memcpy(pInterfacesList, interfaces, sizeof(interfaces));
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
	/* 5.4.6: of what it lists, this says that the caller asked for what is not there */
	return CKR_ARGUMENTS_BAD;
}
