/* SPDX-License-Identifier: BSD-2-Clause */
/* Strict suite: searching and reading objects; session objects made, copied, changed (4, 5.7). */
#include "tests/interop/strict.h"

static CK_BBOOL yes = CK_TRUE, no = CK_FALSE;
static CK_OBJECT_CLASS data_class = CKO_DATA, cert_class = CKO_CERTIFICATE,
		       public_class = CKO_PUBLIC_KEY;

static void find_states(CK_SESSION_HANDLE h)
{
	CK_OBJECT_HANDLE o[8];
	CK_ULONG n = 0;
	CK_ATTRIBUTE t = {CKA_CLASS, &cert_class, sizeof(cert_class)};

	IS(p->C_FindObjects(h, o, 8, &n), CKR_OPERATION_NOT_INITIALIZED);
	IS(p->C_FindObjectsFinal(h), CKR_OPERATION_NOT_INITIALIZED);
	IS(p->C_FindObjectsInit(h, NULL, 1), CKR_ARGUMENTS_BAD);
	OK(p->C_FindObjectsInit(h, &t, 1));
	IS(p->C_FindObjectsInit(h, &t, 1), CKR_OPERATION_ACTIVE);
	IS(p->C_FindObjects(h, NULL, 1, &n), CKR_ARGUMENTS_BAD);
	IS(p->C_FindObjects(h, o, 1, NULL), CKR_ARGUMENTS_BAD);
	for (int i = 0; i < 3; i++) {
		OK(p->C_FindObjects(h, o, 1, &n));
		HOLDS(n == 1);
	}
	OK(p->C_FindObjects(h, o, 8, &n));
	HOLDS(n == 0);
	OK(p->C_FindObjectsFinal(h));
	IS(p->C_FindObjectsFinal(h), CKR_OPERATION_NOT_INITIALIZED);
	OK(p->C_FindObjectsInit(h, &t, 1));
	OK(p->C_SessionCancel(h, CKF_FIND_OBJECTS));
	IS(p->C_FindObjects(h, o, 8, &n), CKR_OPERATION_NOT_INITIALIZED);
}

/* What the standard's tables give to the class; each must be there, and find the object again. */
static void every_attribute(CK_SESSION_HANDLE h, CK_OBJECT_CLASS class, CK_BYTE id,
    const CK_ATTRIBUTE_TYPE *types, size_t n_types)
{
	static CK_BYTE value[8192];
	CK_OBJECT_HANDLE o = find_id(h, class, id), found[128];

	for (size_t i = 0; i < n_types; i++) {
		CK_ULONG n = sizeof(value), hits, room = 0;
		CK_ATTRIBUTE t[2] = {{CKA_CLASS, &class, sizeof(class)}, {types[i], value, 0}};
		bool seen = false;

		if (!OK(get(h, o, types[i], value, &n)))
			printf("# class %lu, attribute 0x%lx\n", class, types[i]);
		OK(get(h, o, types[i], NULL, &room));
		HOLDS(room == n && n != CK_UNAVAILABLE_INFORMATION);
		if (n == CK_UNAVAILABLE_INFORMATION)
			continue;
		t[1].ulValueLen = n;
		hits = find_all(h, t, 2, found);
		for (CK_ULONG k = 0; k < hits; k++)
			seen = seen || found[k] == o;
		HOLDS(seen);
		if (n) {
			room = n - 1;
			IS(get(h, o, types[i], value, &room), CKR_BUFFER_TOO_SMALL);
			HOLDS(room == CK_UNAVAILABLE_INFORMATION);
		}
	}
}

static void all_attributes(CK_SESSION_HANDLE h)
{
	static const CK_ATTRIBUTE_TYPE cert[] = {CKA_CLASS, CKA_UNIQUE_ID, CKA_TOKEN, CKA_PRIVATE,
	    CKA_MODIFIABLE, CKA_COPYABLE, CKA_DESTROYABLE, CKA_LABEL, CKA_CERTIFICATE_TYPE,
	    CKA_TRUSTED, CKA_CERTIFICATE_CATEGORY, CKA_CHECK_VALUE, CKA_START_DATE, CKA_END_DATE,
	    CKA_PUBLIC_KEY_INFO, CKA_SUBJECT, CKA_ID, CKA_ISSUER, CKA_SERIAL_NUMBER, CKA_VALUE,
	    CKA_URL, CKA_HASH_OF_SUBJECT_PUBLIC_KEY, CKA_HASH_OF_ISSUER_PUBLIC_KEY,
	    CKA_JAVA_MIDP_SECURITY_DOMAIN, CKA_NAME_HASH_ALGORITHM};
#define KEY                                                                                        \
	CKA_CLASS, CKA_UNIQUE_ID, CKA_TOKEN, CKA_PRIVATE, CKA_MODIFIABLE, CKA_COPYABLE,            \
	    CKA_DESTROYABLE, CKA_LABEL, CKA_KEY_TYPE, CKA_ID, CKA_START_DATE, CKA_END_DATE,        \
	    CKA_DERIVE, CKA_LOCAL, CKA_KEY_GEN_MECHANISM, CKA_ALLOWED_MECHANISMS, CKA_SUBJECT,     \
	    CKA_PUBLIC_KEY_INFO
#define PRIVATE                                                                                    \
	CKA_SENSITIVE, CKA_DECRYPT, CKA_SIGN, CKA_SIGN_RECOVER, CKA_UNWRAP, CKA_EXTRACTABLE,       \
	    CKA_ALWAYS_SENSITIVE, CKA_NEVER_EXTRACTABLE, CKA_WRAP_WITH_TRUSTED,                    \
	    CKA_ALWAYS_AUTHENTICATE, CKA_DECAPSULATE
#define PUBLIC CKA_ENCRYPT, CKA_VERIFY, CKA_VERIFY_RECOVER, CKA_WRAP, CKA_TRUSTED, CKA_ENCAPSULATE
	static const CK_ATTRIBUTE_TYPE ec_private[] = {KEY, PRIVATE, CKA_EC_PARAMS};
	static const CK_ATTRIBUTE_TYPE ec_public[] = {KEY, PUBLIC, CKA_EC_PARAMS, CKA_EC_POINT};
	static const CK_ATTRIBUTE_TYPE rsa_private[] = {
	    KEY, PRIVATE, CKA_MODULUS, CKA_PUBLIC_EXPONENT};
	static const CK_ATTRIBUTE_TYPE rsa_public[] = {
	    KEY, PUBLIC, CKA_MODULUS, CKA_MODULUS_BITS, CKA_PUBLIC_EXPONENT};

	every_attribute(h, CKO_CERTIFICATE, 1, cert, COUNT(cert));
	every_attribute(h, CKO_PUBLIC_KEY, 2, ec_public, COUNT(ec_public));
	every_attribute(h, CKO_PUBLIC_KEY, 3, rsa_public, COUNT(rsa_public));
	every_attribute(h, CKO_PRIVATE_KEY, 1, ec_private, COUNT(ec_private));
	every_attribute(h, CKO_PRIVATE_KEY, 3, rsa_private, COUNT(rsa_private));
}

/* 5.7.5: one attribute's failure leaves the others filled. */
static void mixed_template(CK_SESSION_HANDLE h)
{
	CK_OBJECT_HANDLE key = find_id(h, CKO_PRIVATE_KEY, 3);
	CK_OBJECT_CLASS class = 0;
	CK_KEY_TYPE type = 99;
	CK_BYTE secret[512] = {0}, small[4];
	CK_ATTRIBUTE t[] = {{CKA_CLASS, &class, sizeof(class)}, {CKA_EC_POINT, secret, 8},
	    {CKA_PRIME_1, secret, sizeof(secret)}, {CKA_MODULUS, small, sizeof(small)},
	    {CKA_KEY_TYPE, &type, sizeof(type)}};
	CK_ULONG n = 0;

	IS(p->C_GetAttributeValue(h, key, t, COUNT(t)), CKR_ATTRIBUTE_TYPE_INVALID,
	    CKR_ATTRIBUTE_SENSITIVE, CKR_BUFFER_TOO_SMALL);
	HOLDS(class == CKO_PRIVATE_KEY && type == CKK_RSA);
	for (int i = 1; i < 4; i++)
		HOLDS(t[i].ulValueLen == CK_UNAVAILABLE_INFORMATION);
	HOLDS(!secret[0] && !secret[7]);
	IS(get(h, key, CKA_PRIVATE_EXPONENT, NULL, &n), CKR_ATTRIBUTE_SENSITIVE);
	IS(get(h, key, 0x12345678UL, NULL, &n), CKR_ATTRIBUTE_TYPE_INVALID);
	IS(p->C_GetAttributeValue(h, key, NULL, 1), CKR_ARGUMENTS_BAD);
	IS(p->C_GetAttributeValue(h, 0, t, 1), CKR_OBJECT_HANDLE_INVALID);
	IS(p->C_GetObjectSize(h, key, NULL), CKR_ARGUMENTS_BAD);
	IS(p->C_GetObjectSize(h, 0xdeadUL, &n), CKR_OBJECT_HANDLE_INVALID);
	OK(p->C_GetObjectSize(h, key, &n));
	HOLDS(n > 0);
	HOLDS(get_bool(h, key, CKA_SENSITIVE) && !get_bool(h, key, CKA_EXTRACTABLE));
}

/* No token object changes in a read-only session, and none that says it cannot. */
static void token_objects(CK_SESSION_HANDLE ro, CK_SESSION_HANDLE rw)
{
	CK_OBJECT_HANDLE cert = find_id(ro, CKO_CERTIFICATE, 1), copy;
	CK_OBJECT_HANDLE pub = find_id(ro, CKO_PUBLIC_KEY, 1),
			 key = find_id(ro, CKO_PRIVATE_KEY, 1);
	CK_ATTRIBUTE label = {CKA_LABEL, (CK_BYTE *)"new", 3}, on = {CKA_TOKEN, &yes, 1};
	CK_ATTRIBUTE off = {CKA_TOKEN, &no, 1};
	CK_ATTRIBUTE data[] = {{CKA_CLASS, &data_class, sizeof(data_class)}, on};
	/* who may change it is the officer, where anything can be changed at all */
	CK_RV refused = get_bool(ro, cert, CKA_MODIFIABLE) ? CKR_USER_NOT_LOGGED_IN
							   : CKR_ACTION_PROHIBITED;

	IS(p->C_SetAttributeValue(ro, cert, &label, 1), CKR_SESSION_READ_ONLY);
	IS(p->C_DestroyObject(ro, cert), CKR_SESSION_READ_ONLY);
	IS(p->C_CreateObject(ro, data, 2, &copy), CKR_SESSION_READ_ONLY);
	IS(p->C_CopyObject(ro, cert, &on, 1, &copy), CKR_SESSION_READ_ONLY);
	IS(p->C_CopyObject(ro, cert, NULL, 0, &copy), CKR_SESSION_READ_ONLY);
	OK(p->C_CopyObject(ro, cert, &off, 1, &copy));
	HOLDS(!get_bool(ro, copy, CKA_TOKEN));
	OK(p->C_DestroyObject(ro, copy));
	HOLDS(!get_bool(ro, key, CKA_COPYABLE) && !get_bool(ro, pub, CKA_DESTROYABLE));
	HOLDS(get_bool(ro, cert, CKA_MODIFIABLE) == get_bool(ro, key, CKA_MODIFIABLE));
	IS(p->C_CopyObject(rw, key, &off, 1, &copy), CKR_ACTION_PROHIBITED);
	IS(p->C_DestroyObject(rw, pub), CKR_ACTION_PROHIBITED);
	IS(p->C_SetAttributeValue(rw, cert, &label, 1), refused);
	IS(p->C_SetAttributeValue(rw, key, &label, 1), refused);
	IS(p->C_DestroyObject(rw, 0xdeadUL), CKR_OBJECT_HANDLE_INVALID);
	IS(p->C_SetAttributeValue(rw, 0xdeadUL, &label, 1), CKR_OBJECT_HANDLE_INVALID);
	IS(p->C_CopyObject(rw, 0xdeadUL, NULL, 0, &copy), CKR_OBJECT_HANDLE_INVALID);
}

void test_objects(void)
{
	CK_SESSION_HANDLE ro = session(RO), rw = session(RW);
	CK_ULONG n = 0;
	CK_OBJECT_CLASS profile = CKO_PROFILE;
	CK_ATTRIBUTE t[] = {{CKA_TOKEN, &yes, 1}, {CKA_CLASS, &profile, sizeof(profile)}};
	CK_OBJECT_HANDLE o[128];

	find_states(ro);
	HOLDS(find_all(ro, t, 2, o) == 3);
	HOLDS(find_all(ro, &t[1], 1, o) == 3);
	HOLDS(get_ulong(ro, o[0], CKA_PROFILE_ID) != 0);
	OK(get(ro, o[0], CKA_UNIQUE_ID, NULL, &n));
	HOLDS(n > 0);
	login(ro);
	all_attributes(ro);
	mixed_template(ro);
	token_objects(ro, rw);
	done(ro);
}

static void bad_templates(CK_SESSION_HANDLE h)
{
	CK_OBJECT_HANDLE o = 0;
	CK_ULONG x509 = CKC_X_509, wtls = CKC_WTLS, rsa = CKK_RSA, wide = 1;
	static CK_BYTE der[4096];
	CK_ULONG n = read_cert(1, der, sizeof(der));
	CK_ATTRIBUTE class = {CKA_CLASS, &data_class, sizeof(data_class)};
	CK_ATTRIBUTE cclass = {CKA_CLASS, &cert_class, sizeof(cert_class)};
	CK_ATTRIBUTE pclass = {CKA_CLASS, &public_class, sizeof(public_class)};
	CK_ATTRIBUTE value = {CKA_VALUE, der, n};

#define CREATE(want, ...)                                                                          \
	IS(p->C_CreateObject(                                                                      \
	       h, ((CK_ATTRIBUTE[]){__VA_ARGS__}), COUNT(((CK_ATTRIBUTE[]){__VA_ARGS__})), &o),    \
	    want)
	IS(p->C_CreateObject(h, NULL, 1, &o), CKR_ARGUMENTS_BAD);
	IS(p->C_CreateObject(h, &class, 1, NULL), CKR_ARGUMENTS_BAD);
	CREATE(CKR_TEMPLATE_INCOMPLETE, {CKA_LABEL, "x", 1});
	CREATE(CKR_TEMPLATE_INCONSISTENT, class, {CKA_LABEL, "x", 1}, {CKA_LABEL, "y", 1});
	CREATE(CKR_ATTRIBUTE_VALUE_INVALID, {CKA_CLASS, &data_class, 1});
	CREATE(CKR_ATTRIBUTE_VALUE_INVALID, class, {CKA_PRIVATE, &wide, sizeof(wide)});
	CREATE(CKR_ATTRIBUTE_VALUE_INVALID, class, {CKA_MODIFIABLE, NULL, 0});
	CREATE(CKR_ATTRIBUTE_TYPE_INVALID, class, {0x12345678UL, "x", 1});
	CREATE(CKR_ATTRIBUTE_TYPE_INVALID, class, {CKA_MODULUS, "x", 1});
	CREATE(CKR_ATTRIBUTE_READ_ONLY, class, {CKA_UNIQUE_ID, "x", 1});
	CREATE(CKR_TEMPLATE_INCOMPLETE, cclass, {CKA_CERTIFICATE_TYPE, &x509, sizeof(x509)});
	CREATE(CKR_TEMPLATE_INCOMPLETE, cclass, value);
	CREATE(CKR_ATTRIBUTE_VALUE_INVALID, cclass, value,
	    {CKA_CERTIFICATE_TYPE, &wtls, sizeof(wtls)});
	CREATE(CKR_ATTRIBUTE_READ_ONLY, cclass, value, {CKA_CERTIFICATE_TYPE, &x509, sizeof(x509)},
	    {CKA_TRUSTED, &yes, 1});
	CREATE(CKR_TEMPLATE_INCOMPLETE, pclass, {CKA_KEY_TYPE, &rsa, sizeof(rsa)});
	CREATE(CKR_TEMPLATE_INCOMPLETE, pclass, {CKA_MODULUS, der, 256});
	CREATE(CKR_ATTRIBUTE_READ_ONLY, pclass, {CKA_KEY_TYPE, &rsa, sizeof(rsa)},
	    {CKA_MODULUS, der, 256}, {CKA_PUBLIC_EXPONENT, "\1\0\1", 3}, {CKA_LOCAL, &yes, 1});
}

static void data_object(CK_SESSION_HANDLE h, CK_SESSION_HANDLE other)
{
	CK_ATTRIBUTE t[] = {{CKA_CLASS, &data_class, sizeof(data_class)}, {CKA_TOKEN, &no, 1},
	    {CKA_LABEL, "strict", 6}, {CKA_VALUE, "abc", 3}};
	CK_ATTRIBUTE label = {CKA_LABEL, "other", 5}, klass = {CKA_CLASS, &cert_class, 8};
	CK_ATTRIBUTE token = {CKA_TOKEN, &yes, 1}, id = {CKA_MODULUS, "x", 1};
	CK_ATTRIBUTE hold[] = {
	    {CKA_MODIFIABLE, &no, 1}, {CKA_COPYABLE, &no, 1}, {CKA_DESTROYABLE, &no, 1}};
	CK_BYTE got[16];
	CK_ULONG n = sizeof(got);
	CK_OBJECT_HANDLE o = 0, copy = 0, found[128];

	OK(p->C_CreateObject(h, t, COUNT(t), &o));
	HOLDS(find_all(other, t, COUNT(t), found) == 1 && found[0] == o);
	OK(get(other, o, CKA_VALUE, got, &n));
	HOLDS(n == 3 && !memcmp(got, "abc", 3));
	HOLDS(get_bool(h, o, CKA_MODIFIABLE) && get_bool(h, o, CKA_COPYABLE) &&
	      get_bool(h, o, CKA_DESTROYABLE) && !get_bool(h, o, CKA_PRIVATE));
	n = 0;
	OK(get(h, o, CKA_APPLICATION, NULL, &n));
	OK(get(h, o, CKA_OBJECT_ID, NULL, &n));
	OK(get(h, o, CKA_UNIQUE_ID, NULL, &n));
	OK(p->C_SetAttributeValue(h, o, &label, 1));
	HOLDS(find_all(h, &label, 1, found) == 1);
	IS(p->C_SetAttributeValue(h, o, &klass, 1), CKR_ATTRIBUTE_READ_ONLY);
	IS(p->C_SetAttributeValue(h, o, &token, 1), CKR_ATTRIBUTE_READ_ONLY);
	IS(p->C_SetAttributeValue(h, o, &id, 1), CKR_ATTRIBUTE_TYPE_INVALID);
	IS(p->C_CopyObject(h, o, &klass, 1, &copy), CKR_ATTRIBUTE_READ_ONLY,
	    CKR_TEMPLATE_INCONSISTENT);
	IS(p->C_CopyObject(h, o, &id, 1, &copy), CKR_ATTRIBUTE_TYPE_INVALID);
	OK(p->C_CopyObject(h, o, hold, 3, &copy));
	HOLDS(!get_bool(h, copy, CKA_MODIFIABLE));
	IS(p->C_SetAttributeValue(h, copy, &label, 1), CKR_ACTION_PROHIBITED);
	IS(p->C_CopyObject(h, copy, NULL, 0, &o), CKR_ACTION_PROHIBITED);
	IS(p->C_DestroyObject(h, copy), CKR_ACTION_PROHIBITED);
	OK(p->C_DestroyObject(other, o));
	IS(p->C_DestroyObject(h, o), CKR_OBJECT_HANDLE_INVALID);
	OK(p->C_CloseSession(h)); /* takes along what it made */
	IS(get(other, copy, CKA_VALUE, got, &n), CKR_OBJECT_HANDLE_INVALID);
}

/* The defaults of 4.6.2 and 4.8 on what was made with the least. */
static void defaults(CK_SESSION_HANDLE h)
{
	static const CK_ATTRIBUTE_TYPE cert[] = {CKA_CERTIFICATE_CATEGORY, CKA_CHECK_VALUE,
	    CKA_START_DATE, CKA_END_DATE, CKA_PUBLIC_KEY_INFO, CKA_SUBJECT, CKA_ID, CKA_ISSUER,
	    CKA_SERIAL_NUMBER, CKA_URL, CKA_TRUSTED, CKA_UNIQUE_ID};
	static const CK_ATTRIBUTE_TYPE pub[] = {CKA_ID, CKA_START_DATE, CKA_END_DATE, CKA_DERIVE,
	    CKA_LOCAL, CKA_KEY_GEN_MECHANISM, CKA_SUBJECT, CKA_ENCRYPT, CKA_VERIFY,
	    CKA_VERIFY_RECOVER, CKA_WRAP, CKA_TRUSTED, CKA_PUBLIC_KEY_INFO, CKA_MODULUS_BITS};
	static CK_BYTE der[4096], modulus[512];
	CK_ULONG x509 = CKC_X_509, rsa = CKK_RSA, m = sizeof(modulus);
	CK_OBJECT_HANDLE o = 0, rsa_key = find_id(h, CKO_PUBLIC_KEY, 3);
	CK_ATTRIBUTE t[] = {{CKA_CLASS, &cert_class, sizeof(cert_class)},
	    {CKA_CERTIFICATE_TYPE, &x509, sizeof(x509)},
	    {CKA_VALUE, der, read_cert(1, der, sizeof(der))}, {CKA_SUBJECT, NULL, 0}};
	CK_ATTRIBUTE k[] = {{CKA_CLASS, &public_class, sizeof(public_class)},
	    {CKA_KEY_TYPE, &rsa, sizeof(rsa)}, {CKA_MODULUS, modulus, 0},
	    {CKA_PUBLIC_EXPONENT, "\1\0\1", 3}};

	OK(p->C_CreateObject(h, t, COUNT(t), &o));
	for (size_t i = 0; i < COUNT(cert); i++) {
		CK_ULONG n = 0;

		if (!OK(get(h, o, cert[i], NULL, &n)))
			printf("# attribute 0x%lx\n", cert[i]);
	}
	OK(get(h, rsa_key, CKA_MODULUS, modulus, &m));
	k[2].ulValueLen = m;
	OK(p->C_CreateObject(h, k, COUNT(k), &o));
	for (size_t i = 0; i < COUNT(pub); i++) {
		CK_ULONG n = 0;

		if (!OK(get(h, o, pub[i], NULL, &n)))
			printf("# attribute 0x%lx\n", pub[i]);
	}
}

void test_make(void)
{
	CK_SESSION_HANDLE h = session(RO), other = session(RO);

	bad_templates(h);
	defaults(h);
	data_object(h, other);
	done(other);
}
