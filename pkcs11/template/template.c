/* SPDX-License-Identifier: BSD-2-Clause */
/* Reading the templates that callers give. */
#include <string.h>

#include "pkcs11/object/attr.h"

#define TEMPLATE_MAX 256u

const CK_ATTRIBUTE *template_get(const CK_ATTRIBUTE *t, CK_ULONG n, CK_ATTRIBUTE_TYPE type)
{
	for (CK_ULONG i = 0; i < n; i++)
		if (t[i].type == type)
			return &t[i];
	return NULL;
}

CK_RV template_sane(const CK_ATTRIBUTE *t, CK_ULONG n)
{
	if (n && !t)
		return CKR_ARGUMENTS_BAD;
	if (n > TEMPLATE_MAX)
		return CKR_ARGUMENTS_BAD;
	for (CK_ULONG i = 0; i < n; i++)
		if (t[i].ulValueLen > ATTR_VALUE_MAX || (t[i].ulValueLen && !t[i].pValue))
			return CKR_ATTRIBUTE_VALUE_INVALID;
	return CKR_OK;
}

CK_RV template_check(const CK_ATTRIBUTE *t, CK_ULONG n)
{
	CK_RV rv = template_sane(t, n);

	/* 4.1.1: the same value twice is as good as once; two values are not */
	for (CK_ULONG i = 0; i < n && rv == CKR_OK; i++) {
		const CK_ATTRIBUTE *first = template_get(t, n, t[i].type);

		if (!rd_equal(rd_of(first->pValue, first->ulValueLen),
			rd_of(t[i].pValue, t[i].ulValueLen)))
			rv = CKR_TEMPLATE_INCONSISTENT;
	}
	return rv;
}

CK_RV template_ulong(const CK_ATTRIBUTE *t, CK_ULONG n, CK_ATTRIBUTE_TYPE type, CK_ULONG *out)
{
	const CK_ATTRIBUTE *a = template_get(t, n, type);

	if (!a)
		return CKR_OK;
	if (a->ulValueLen != sizeof *out)
		return CKR_ATTRIBUTE_VALUE_INVALID;
	memcpy(out, a->pValue, sizeof *out);
	return CKR_OK;
}

CK_RV template_bool(const CK_ATTRIBUTE *t, CK_ULONG n, CK_ATTRIBUTE_TYPE type, bool *out)
{
	const CK_ATTRIBUTE *a = template_get(t, n, type);

	if (!a)
		return CKR_OK;
	if (a->ulValueLen != sizeof(CK_BBOOL))
		return CKR_ATTRIBUTE_VALUE_INVALID;
	*out = *(const CK_BBOOL *)a->pValue != CK_FALSE;
	return CKR_OK;
}

struct rd template_bytes(const CK_ATTRIBUTE *t, CK_ULONG n, CK_ATTRIBUTE_TYPE type)
{
	const CK_ATTRIBUTE *a = template_get(t, n, type);

	return a ? rd_of(a->pValue, a->ulValueLen) : rd_of(NULL, 0);
}
