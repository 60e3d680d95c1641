/* SPDX-License-Identifier: BSD-2-Clause */
/* p11flow: lists objects and reads their attributes. */
#include "tests/hostile/p11flow.h"

#include <stdlib.h>
#include <string.h>

#define OBJECTS_MAX 200
#define VALUE_MAX   70000

static CK_RV find(
    CK_SESSION_HANDLE s, CK_ATTRIBUTE *t, CK_ULONG n, CK_OBJECT_HANDLE *h, CK_ULONG *k)
{
	CK_RV rv = p11->C_FindObjectsInit(s, t, n), end;

	*k = 0;
	if (rv != CKR_OK)
		return rv;
	rv = p11->C_FindObjects(s, h, OBJECTS_MAX, k);
	end = p11->C_FindObjectsFinal(s);
	return rv != CKR_OK ? rv : end;
}

CK_RV flow_find(CK_SESSION_HANDLE s, CK_OBJECT_CLASS class, unsigned n, CK_OBJECT_HANDLE *h)
{
	CK_BYTE id = (CK_BYTE)n;
	CK_ATTRIBUTE t[] = {{CKA_CLASS, &class, sizeof class}, {CKA_ID, &id, 1}};
	CK_OBJECT_HANDLE all[OBJECTS_MAX];
	CK_ULONG k;
	CK_RV rv = find(s, t, 2, all, &k);

	if (rv == CKR_OK && k == 0)
		return CKR_OBJECT_HANDLE_INVALID;
	*h = all[0];
	return rv;
}

void flow_count(CK_SESSION_HANDLE s, CK_OBJECT_CLASS class, const char *what)
{
	CK_ATTRIBUTE t[] = {{CKA_CLASS, &class, sizeof class}};
	CK_OBJECT_HANDLE all[OBJECTS_MAX];
	CK_ULONG k;
	CK_RV rv = find(s, t, 1, all, &k);

	if (rv == CKR_OK)
		printf(" %s=%lu", what, k);
	else
		tell(what, 0, rv_text(rv));
}

/* Reads an attribute as programs do, first its length; -1 when there is none. */
static long read_attribute(
    CK_SESSION_HANDLE s, CK_OBJECT_HANDLE h, CK_ATTRIBUTE_TYPE type, CK_BYTE *out)
{
	CK_ATTRIBUTE a = {type, NULL, 0};

	if (p11->C_GetAttributeValue(s, h, &a, 1) != CKR_OK || a.ulValueLen > VALUE_MAX)
		return -1;
	a.pValue = out;
	return p11->C_GetAttributeValue(s, h, &a, 1) == CKR_OK ? (long)a.ulValueLen : -1;
}

/* Case 8: each class and CKA_ID once, and no ID empty or long. */
static bool id_is_new(CK_SESSION_HANDLE s, const CK_OBJECT_HANDLE *all, CK_ULONG i)
{
	CK_BYTE id[VALUE_MAX], class[64], other[VALUE_MAX];
	long n = read_attribute(s, all[i], CKA_ID, id);

	if (n < 0)
		return true; /* data objects have none */
	if (n == 0 || n > 8 || read_attribute(s, all[i], CKA_CLASS, class) < 0)
		return false;
	for (CK_ULONG k = 0; k < i; k++) {
		if (read_attribute(s, all[k], CKA_ID, other) != n || memcmp(id, other, (size_t)n))
			continue;
		if (read_attribute(s, all[k], CKA_CLASS, other) > 0 &&
		    memcmp(class, other, sizeof(CK_OBJECT_CLASS)) == 0)
			return false;
	}
	return true;
}

static bool object_is_clean(CK_SESSION_HANDLE s, CK_OBJECT_HANDLE h)
{
	static const CK_ATTRIBUTE_TYPE types[] = {CKA_VALUE, CKA_SUBJECT, CKA_ISSUER,
	    CKA_SERIAL_NUMBER, CKA_MODULUS, CKA_EC_POINT, CKA_EC_PARAMS, CKA_PUBLIC_KEY_INFO,
	    CKA_START_DATE, CKA_ALLOWED_MECHANISMS, CKA_UNIQUE_ID};
	static CK_BYTE value[VALUE_MAX];
	CK_ULONG size;
	long n = read_attribute(s, h, CKA_LABEL, value);

	if (n > 0 && !is_clean(value, (size_t)n))
		return false;
	for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
		(void)read_attribute(s, h, types[i], value);
	(void)p11->C_GetObjectSize(s, h, &size);
	return true;
}

/* Searches with IDs that no object has: none, empty, 64 KiB. */
static bool odd_ids(CK_SESSION_HANDLE s)
{
	static CK_BYTE big[65536];
	CK_ATTRIBUTE t[] = {{CKA_ID, NULL, 0}, {CKA_ID, big, 0}, {CKA_ID, big, 1}, {CKA_ID, big, 3},
	    {CKA_ID, big, sizeof big}};
	CK_OBJECT_HANDLE all[OBJECTS_MAX];
	CK_ULONG k;

	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
		CK_RV rv = find(s, &t[i], 1, all, &k);

		if (rv == CKR_OK && k != 0)
			return false;
	}
	return true;
}

void flow_list(CK_SESSION_HANDLE s)
{
	CK_OBJECT_HANDLE all[OBJECTS_MAX];
	bool unique = true, clean = true;
	CK_ULONG k;
	CK_RV rv = find(s, NULL, 0, all, &k);

	tell("list", 0, rv_text(rv));
	for (CK_ULONG i = 0; rv == CKR_OK && i < k; i++) {
		unique = unique && id_is_new(s, all, i);
		clean = clean && object_is_clean(s, all[i]);
	}
	flow_count(s, CKO_CERTIFICATE, "certs");
	flow_count(s, CKO_PUBLIC_KEY, "publics");
	tell("ids", 0, unique && odd_ids(s) ? "unique" : "BAD");
	tell("text", 0, clean ? "clean" : "UNCLEAN");
}

void flow_attestations(CK_SESSION_HANDLE s)
{
	CK_BBOOL yes = CK_TRUE;
	CK_ATTRIBUTE t[] = {{CKA_ECERT_ATTESTATION, &yes, sizeof yes}};
	CK_OBJECT_HANDLE all[OBJECTS_MAX];
	CK_ULONG k;
	CK_RV rv = find(s, t, 1, all, &k);
	bool clean = true;

	for (CK_ULONG i = 0; rv == CKR_OK && i < k; i++)
		clean = clean && object_is_clean(s, all[i]);
	if (rv == CKR_OK)
		printf(" attests=%lu", k);
	else
		tell("attests", 0, rv_text(rv));
	if (!clean)
		tell("attest-text", 0, "UNCLEAN");
}
