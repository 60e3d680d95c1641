/* SPDX-License-Identifier: BSD-2-Clause */
/* The table of what templates may hold. */
#include "pkcs11/template/shape.h"

#include <ctype.h>
#include <string.h>

#include "ecert/cryptoki.h"
#include "ecert/vendor.h"

#define OF(class) (1u << (class))
#define DATA	  OF(CKO_DATA)
#define CERT	  OF(CKO_CERTIFICATE)
#define PUB	  OF(CKO_PUBLIC_KEY)
#define PRIV	  OF(CKO_PRIVATE_KEY)
#define SECRET	  OF(CKO_SECRET_KEY)
#define PAIR	  (PUB | PRIV)
#define KEYS	  (PAIR | SECRET)
#define ALL	  (DATA | CERT | KEYS)

enum form { BOOL, ULONG, DATE, BYTES };

enum rule {
	NEVER,	/* the module says it, nobody else */
	ONCE,	/* when the object is made */
	COPIED, /* also in a copy */
	ANYTIME /* also later */
};

enum otherwise { NONE, EMPTY, NO, NOUGHT, UNKNOWN, SHA1 };

static const struct shape {
	CK_ATTRIBUTE_TYPE type;
	unsigned classes;
	enum form form;
	enum rule rule;
	enum otherwise otherwise;
} shapes[] = {
    /* 4.2, 4.4 */
    {CKA_CLASS, ALL, ULONG, ONCE, NONE},
    {CKA_TOKEN, ALL, BOOL, COPIED, NONE},
    {CKA_PRIVATE, ALL, BOOL, COPIED, NONE},
    {CKA_MODIFIABLE, ALL, BOOL, COPIED, NONE},
    {CKA_COPYABLE, ALL, BOOL, COPIED, NONE},
    {CKA_DESTROYABLE, ALL, BOOL, COPIED, NONE},
    {CKA_LABEL, ALL, BYTES, ANYTIME, EMPTY},
    {CKA_UNIQUE_ID, ALL, BYTES, NEVER, NONE},
    /* 4.5 */
    {CKA_APPLICATION, DATA, BYTES, ANYTIME, EMPTY},
    {CKA_OBJECT_ID, DATA, BYTES, ANYTIME, EMPTY},
    {CKA_VALUE, DATA, BYTES, ANYTIME, EMPTY},
    /* 4.6 */
    {CKA_CERTIFICATE_TYPE, CERT, ULONG, ONCE, NONE},
    {CKA_TRUSTED, CERT | PUB | SECRET, BOOL, ONCE, NO},
    {CKA_CERTIFICATE_CATEGORY, CERT, ULONG, ONCE, NOUGHT},
    {CKA_CHECK_VALUE, CERT | SECRET, BYTES, ONCE, NONE},
    {CKA_VALUE, CERT | PRIV | SECRET, BYTES, ONCE, NONE},
    {CKA_ISSUER, CERT, BYTES, ANYTIME, NONE},
    {CKA_SERIAL_NUMBER, CERT, BYTES, ANYTIME, NONE},
    {CKA_URL, CERT, BYTES, ONCE, EMPTY},
    {CKA_HASH_OF_SUBJECT_PUBLIC_KEY, CERT, BYTES, ONCE, EMPTY},
    {CKA_HASH_OF_ISSUER_PUBLIC_KEY, CERT, BYTES, ONCE, EMPTY},
    {CKA_JAVA_MIDP_SECURITY_DOMAIN, CERT, ULONG, ONCE, NOUGHT},
    {CKA_NAME_HASH_ALGORITHM, CERT, ULONG, ONCE, SHA1},
    {CKA_START_DATE, CERT, DATE, ONCE, EMPTY},
    {CKA_START_DATE, KEYS, DATE, ANYTIME, EMPTY},
    {CKA_END_DATE, CERT, DATE, ONCE, EMPTY},
    {CKA_END_DATE, KEYS, DATE, ANYTIME, EMPTY},
    {CKA_SUBJECT, CERT, BYTES, ONCE, EMPTY},
    {CKA_SUBJECT, PAIR, BYTES, ANYTIME, EMPTY},
    {CKA_PUBLIC_KEY_INFO, CERT | PAIR, BYTES, ONCE, NONE},
    {CKA_ID, CERT | KEYS, BYTES, ANYTIME, EMPTY},
    /* 4.7 */
    {CKA_KEY_TYPE, KEYS, ULONG, ONCE, NONE},
    {CKA_DERIVE, KEYS, BOOL, ONCE, NO},
    {CKA_LOCAL, KEYS, BOOL, NEVER, NONE},
    {CKA_KEY_GEN_MECHANISM, KEYS, ULONG, NEVER, UNKNOWN},
    {CKA_ALLOWED_MECHANISMS, KEYS, BYTES, ONCE, NONE},
    {CKA_ENCRYPT, PUB | SECRET, BOOL, ONCE, NO},
    {CKA_DECRYPT, PRIV | SECRET, BOOL, ONCE, NO},
    {CKA_SIGN, PRIV | SECRET, BOOL, ONCE, NO},
    {CKA_SIGN_RECOVER, PRIV, BOOL, ONCE, NO},
    {CKA_VERIFY, PUB | SECRET, BOOL, ONCE, NO},
    {CKA_VERIFY_RECOVER, PUB, BOOL, ONCE, NO},
    {CKA_WRAP, PUB | SECRET, BOOL, ONCE, NO},
    {CKA_UNWRAP, PRIV | SECRET, BOOL, ONCE, NO},
    {CKA_ENCAPSULATE, PUB, BOOL, ONCE, NO},
    {CKA_DECAPSULATE, PRIV, BOOL, ONCE, NO},
    {CKA_SENSITIVE, PRIV | SECRET, BOOL, ANYTIME, NO},
    {CKA_EXTRACTABLE, PRIV | SECRET, BOOL, ANYTIME, NONE},
    {CKA_ALWAYS_SENSITIVE, PRIV | SECRET, BOOL, NEVER, NONE},
    {CKA_NEVER_EXTRACTABLE, PRIV | SECRET, BOOL, NEVER, NONE},
    {CKA_WRAP_WITH_TRUSTED, PRIV | SECRET, BOOL, ONCE, NO},
    {CKA_ALWAYS_AUTHENTICATE, PRIV, BOOL, ONCE, NONE},
    {CKA_WRAP_TEMPLATE, PUB | SECRET, BYTES, ONCE, NONE},
    {CKA_UNWRAP_TEMPLATE, PRIV | SECRET, BYTES, ONCE, NONE},
    {CKA_DERIVE_TEMPLATE, PRIV | SECRET, BYTES, ONCE, NONE},
    {CKA_VALUE_LEN, SECRET, ULONG, ONCE, NONE},
    /* 6.1, 6.3 */
    {CKA_MODULUS, PAIR, BYTES, ONCE, NONE},
    {CKA_MODULUS_BITS, PUB, ULONG, ONCE, NONE},
    {CKA_PUBLIC_EXPONENT, PAIR, BYTES, ONCE, NONE},
    {CKA_PRIVATE_EXPONENT, PRIV, BYTES, ONCE, NONE},
    {CKA_PRIME_1, PRIV, BYTES, ONCE, NONE},
    {CKA_PRIME_2, PRIV, BYTES, ONCE, NONE},
    {CKA_EXPONENT_1, PRIV, BYTES, ONCE, NONE},
    {CKA_EXPONENT_2, PRIV, BYTES, ONCE, NONE},
    {CKA_COEFFICIENT, PRIV, BYTES, ONCE, NONE},
    {CKA_EC_PARAMS, PAIR, BYTES, ONCE, NONE},
    {CKA_EC_POINT, PAIR, BYTES, ONCE, NONE},
};
#define SHAPES (sizeof shapes / sizeof shapes[0])

static bool has(const struct shape *s, CK_OBJECT_CLASS class)
{
	return class <= CKO_SECRET_KEY && s->classes & OF(class);
}

static const struct shape *shape_of(CK_OBJECT_CLASS class, CK_ATTRIBUTE_TYPE type)
{
	for (size_t i = 0; i < SHAPES; i++)
		if (shapes[i].type == type && has(&shapes[i], class))
			return &shapes[i];
	return NULL;
}

static bool is_date(const CK_ATTRIBUTE *a)
{
	const CK_BYTE *c = a->pValue;

	for (CK_ULONG i = 0; i < a->ulValueLen; i++)
		if (!isdigit(c[i]))
			return false;
	return a->ulValueLen == 0 || a->ulValueLen == sizeof(CK_DATE);
}

static bool formed(const struct shape *s, const CK_ATTRIBUTE *a)
{
	switch (s->form) {
	case BOOL:
		return a->ulValueLen == sizeof(CK_BBOOL);
	case ULONG:
		return a->ulValueLen == sizeof(CK_ULONG);
	case DATE:
		return is_date(a);
	default:
		return true;
	}
}

static CK_RV check_one(CK_OBJECT_CLASS class, const CK_ATTRIBUTE *a)
{
	const struct shape *s = shape_of(class, a->type);

	if (!s)
		return CKR_ATTRIBUTE_TYPE_INVALID;
	if (s->rule == NEVER)
		return CKR_ATTRIBUTE_READ_ONLY;
	if (!formed(s, a))
		return CKR_ATTRIBUTE_VALUE_INVALID;
	if (a->type == CKA_CLASS && memcmp(a->pValue, &class, sizeof class) != 0)
		return CKR_TEMPLATE_INCONSISTENT;
	/* 4.6.2: only a security officer's tool could vouch, and PIV has no place for that */
	if (a->type == CKA_TRUSTED && *(const CK_BBOOL *)a->pValue)
		return CKR_ATTRIBUTE_READ_ONLY;
	return CKR_OK;
}

CK_RV shape_check(CK_OBJECT_CLASS class, const CK_ATTRIBUTE *t, CK_ULONG n, bool vendor)
{
	CK_RV rv = CKR_OK;

	for (CK_ULONG i = 0; i < n && rv == CKR_OK; i++)
		if (!vendor || !(t[i].type & CKA_VENDOR_DEFINED))
			rv = check_one(class, &t[i]);
	return rv;
}

/* 4.1.3: secrets only get more secret. */
static bool loosens(const struct stored *o, const CK_ATTRIBUTE *a)
{
	bool now = *(const CK_BBOOL *)a->pValue != CK_FALSE;

	if (a->type == CKA_SENSITIVE)
		return stored_true(o, CKA_SENSITIVE) && !now;
	return a->type == CKA_EXTRACTABLE && !stored_true(o, CKA_EXTRACTABLE) && now;
}

CK_RV shape_change(
    const struct stored *o, CK_OBJECT_CLASS class, const CK_ATTRIBUTE *t, CK_ULONG n, bool copy)
{
	for (CK_ULONG i = 0; i < n; i++) {
		const struct shape *s = shape_of(class, t[i].type);

		if (!s)
			return CKR_ATTRIBUTE_TYPE_INVALID;
		if (s->rule < (copy ? COPIED : ANYTIME))
			return CKR_ATTRIBUTE_READ_ONLY;
		if (!formed(s, &t[i]))
			return CKR_ATTRIBUTE_VALUE_INVALID;
		if (s->form == BOOL && loosens(o, &t[i]))
			return CKR_ATTRIBUTE_READ_ONLY;
	}
	return CKR_OK;
}

static CK_RV set_otherwise(struct stored *o, CK_ATTRIBUTE_TYPE type, enum otherwise v)
{
	switch (v) {
	case EMPTY:
		return stored_set(o, type, rd_of(NULL, 0));
	case NO:
		return stored_set_bool(o, type, false);
	case NOUGHT:
		return stored_set_ulong(o, type, 0);
	case UNKNOWN:
		return stored_set_ulong(o, type, CK_UNAVAILABLE_INFORMATION);
	case SHA1:
		return stored_set_ulong(o, type, CKM_SHA_1);
	default:
		return CKR_OK;
	}
}

CK_RV shape_defaults(struct stored *o, CK_OBJECT_CLASS class)
{
	CK_RV rv = CKR_OK;

	for (size_t i = 0; i < SHAPES && rv == CKR_OK; i++)
		if (has(&shapes[i], class) && !stored_get(o, shapes[i].type))
			rv = set_otherwise(o, shapes[i].type, shapes[i].otherwise);
	return rv;
}
