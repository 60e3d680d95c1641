/* SPDX-License-Identifier: BSD-2-Clause */
/* The table of attributes of token objects. */
#include "pkcs11/object/attr.h"

#include <string.h>

#include "pkcs11/object/attrval.h"

#define CERT   KIND_BIT(OBJECT_CERT)
#define ATTEST KIND_BIT(OBJECT_ATTEST)
#define CA     KIND_BIT(OBJECT_CA)
#define CERTS  (CERT | ATTEST | CA)
#define PUB    KIND_BIT(OBJECT_PUBLIC)
#define PRIV   KIND_BIT(OBJECT_PRIVATE)
#define KEYS   (PUB | PRIV)
#define DATA   KIND_BIT(OBJECT_DATA)
#define PROF   KIND_BIT(OBJECT_PROFILE)
#define MECHS  KIND_BIT(OBJECT_MECHANISM)
#define STORED (CERTS | KEYS | DATA) /* storage objects of the standard (4.4) */
#define ALL    (STORED | PROF | MECHS)

#define FREE  true
#define READS false

struct attr_row {
	CK_ATTRIBUTE_TYPE type;
	unsigned kinds;
	bool free; /* known without a word to the token, but for names: a search reads them first */
	CK_RV (*get)(struct object *o, CK_ULONG arg, struct buf *out);
	CK_ULONG arg;
};

/* In the chapters' order: 4.2 to 4.9, 6.1, 6.3. */
static const struct attr_row rows[] = {
    {CKA_CLASS, ALL, FREE, val_class, 0},
    {CKA_UNIQUE_ID, ALL, READS, val_unique, 0},
    {CKA_TOKEN, STORED, FREE, val_bool, CK_TRUE},
    {CKA_PRIVATE, CERTS | PUB, FREE, val_bool, CK_FALSE},
    {CKA_PRIVATE, PRIV | DATA, READS, val_private, 0},
    {CKA_MODIFIABLE, CERT | KEYS, FREE, val_modifiable, 0},
    {CKA_MODIFIABLE, ATTEST | CA, FREE, val_bool, CK_FALSE},
    {CKA_MODIFIABLE, DATA, FREE, val_bool, CK_TRUE},
    {CKA_COPYABLE, CERTS | PUB | DATA, FREE, val_bool, CK_TRUE},
    {CKA_COPYABLE, PRIV, FREE, val_bool, CK_FALSE},
    {CKA_DESTROYABLE, CERT | DATA, FREE, val_bool, CK_TRUE},
    {CKA_DESTROYABLE, PRIV, FREE, val_destroyable, 0},
    {CKA_DESTROYABLE, ATTEST | CA | PUB, FREE, val_bool, CK_FALSE},
    {CKA_LABEL, STORED, FREE, val_label, 0},
    {CKA_APPLICATION, DATA, FREE, val_application, 0},
    {CKA_OBJECT_ID, DATA, FREE, val_object_id, 0},
    {CKA_VALUE, CERTS | DATA, READS, val_value, 0},
    {CKA_CERTIFICATE_TYPE, CERTS, FREE, val_ulong, CKC_X_509},
    {CKA_CERTIFICATE_CATEGORY, CERT, FREE, val_ulong, CK_CERTIFICATE_CATEGORY_TOKEN_USER},
    {CKA_CERTIFICATE_CATEGORY, ATTEST, FREE, val_ulong, CK_CERTIFICATE_CATEGORY_OTHER_ENTITY},
    {CKA_CERTIFICATE_CATEGORY, CA, FREE, val_ulong, CK_CERTIFICATE_CATEGORY_AUTHORITY},
    {CKA_TRUSTED, CERTS, FREE, val_bool, CK_FALSE},
    {CKA_CHECK_VALUE, CERTS, READS, val_check_value, 0},
    {CKA_ISSUER, CERTS, READS, val_cert, offsetof(struct certview, issuer)},
    {CKA_SERIAL_NUMBER, CERTS, READS, val_cert, offsetof(struct certview, serial)},
    {CKA_SUBJECT, CERTS, READS, val_cert, offsetof(struct certview, subject)},
    {CKA_SUBJECT, KEYS, READS, val_key_subject, 0},
    {CKA_START_DATE, CERTS, READS, val_date, offsetof(struct certview, not_before)},
    {CKA_END_DATE, CERTS, READS, val_date, offsetof(struct certview, not_after)},
    {CKA_START_DATE, KEYS, FREE, val_empty, 0},
    {CKA_END_DATE, KEYS, FREE, val_empty, 0},
    {CKA_URL, CERTS, FREE, val_empty, 0},
    {CKA_HASH_OF_SUBJECT_PUBLIC_KEY, CERTS, FREE, val_empty, 0},
    {CKA_HASH_OF_ISSUER_PUBLIC_KEY, CERTS, FREE, val_empty, 0},
    {CKA_JAVA_MIDP_SECURITY_DOMAIN, CERTS, FREE, val_ulong, 0},
    {CKA_NAME_HASH_ALGORITHM, CERTS, FREE, val_ulong, CKM_SHA_1},
    {CKA_PUBLIC_KEY_INFO, CERTS, READS, val_cert, offsetof(struct certview, spki)},
    {CKA_PUBLIC_KEY_INFO, KEYS, READS, val_spki, 0},
    {CKA_ID, CERTS | KEYS, FREE, val_id, 0},
    {CKA_KEY_TYPE, KEYS, READS, val_key_type, 0},
    {CKA_DERIVE, PUB, FREE, val_bool, CK_FALSE},
    {CKA_DERIVE, PRIV, READS, val_usage, TOKEN_DERIVE},
    {CKA_LOCAL, KEYS, READS, val_local, 0},
    {CKA_KEY_GEN_MECHANISM, KEYS, READS, val_gen_mechanism, 0},
    {CKA_ALLOWED_MECHANISMS, KEYS, READS, val_allowed, 0},
    {CKA_ENCRYPT, PUB, FREE, val_bool, CK_FALSE},
    {CKA_VERIFY, PUB, READS, val_verifies, 0},
    {CKA_VERIFY_RECOVER, PUB, FREE, val_bool, CK_FALSE},
    {CKA_WRAP, PUB, FREE, val_bool, CK_FALSE},
    {CKA_ENCAPSULATE, PUB, FREE, val_bool, CK_FALSE},
    {CKA_TRUSTED, PUB, FREE, val_bool, CK_FALSE},
    {CKA_SENSITIVE, PRIV, FREE, val_bool, CK_TRUE},
    {CKA_ALWAYS_SENSITIVE, PRIV, READS, val_local, 0},
    {CKA_EXTRACTABLE, PRIV, FREE, val_bool, CK_FALSE},
    {CKA_NEVER_EXTRACTABLE, PRIV, READS, val_local, 0},
    {CKA_DECRYPT, PRIV, READS, val_usage, TOKEN_DECRYPT},
    {CKA_SIGN, PRIV, READS, val_usage, TOKEN_SIGN},
    {CKA_SIGN_RECOVER, PRIV, FREE, val_bool, CK_FALSE},
    {CKA_UNWRAP, PRIV, FREE, val_bool, CK_FALSE},
    {CKA_DECAPSULATE, PRIV, FREE, val_bool, CK_FALSE},
    {CKA_WRAP_WITH_TRUSTED, PRIV, FREE, val_bool, CK_FALSE},
    {CKA_ALWAYS_AUTHENTICATE, PRIV, READS, val_always, 0},
    {CKA_MODULUS, KEYS, READS, val_modulus, 0},
    {CKA_MODULUS_BITS, PUB, READS, val_modulus_bits, 0},
    {CKA_PUBLIC_EXPONENT, KEYS, READS, val_exponent, 0},
    {CKA_EC_PARAMS, KEYS, READS, val_ec_params, 0},
    {CKA_EC_POINT, KEYS, READS, val_ec_point, 0},
    {CKA_PRIVATE_EXPONENT, PRIV, READS, val_secret, FAMILY_RSA},
    {CKA_PRIME_1, PRIV, READS, val_secret, FAMILY_RSA},
    {CKA_PRIME_2, PRIV, READS, val_secret, FAMILY_RSA},
    {CKA_EXPONENT_1, PRIV, READS, val_secret, FAMILY_RSA},
    {CKA_EXPONENT_2, PRIV, READS, val_secret, FAMILY_RSA},
    {CKA_COEFFICIENT, PRIV, READS, val_secret, FAMILY_RSA},
    {CKA_VALUE, PRIV, READS, val_secret, FAMILY_NONE},
    {CKA_PROFILE_ID, PROF, FREE, val_profile, 0},
    {CKA_MECHANISM_TYPE, MECHS, FREE, val_mechanism, 0},
    {CKA_ECERT_PIN_POLICY, PRIV, READS, val_pin_policy, 0},
    {CKA_ECERT_TOUCH_POLICY, PRIV, READS, val_touch_policy, 0},
    {CKA_ECERT_ORIGIN, PRIV, READS, val_origin, 0},
    {CKA_ECERT_KEY_REFERENCE, CERT | ATTEST | KEYS, FREE, val_reference, 0},
    {CKA_ECERT_ATTESTATION, ATTEST, FREE, val_bool, CK_TRUE},
    {CKA_ECERT_ATTESTATION, CERT | CA, FREE, val_bool, CK_FALSE},
};
#define ROWS (sizeof rows / sizeof rows[0])

static const struct attr_row *row_of(const struct object *o, CK_ATTRIBUTE_TYPE type)
{
	for (size_t i = 0; i < ROWS; i++)
		if (rows[i].type == type && rows[i].kinds & KIND_BIT(o->kind))
			return &rows[i];
	return NULL;
}

CK_RV attr_get(struct object *o, CK_ATTRIBUTE_TYPE type, struct buf *out)
{
	const struct attr_row *row = row_of(o, type);
	CK_RV rv;

	if (o->kind == OBJECT_STORED)
		return val_stored(o, type, out);
	if (!row)
		return CKR_ATTRIBUTE_TYPE_INVALID;
	rv = row->get(o, row->arg, out);
	if (rv == CKR_OK && buf_rc(out) != ECERT_OK)
		return CKR_HOST_MEMORY;
	return rv;
}

bool attr_is_free(const struct object *o, CK_ATTRIBUTE_TYPE type)
{
	const struct attr_row *row = row_of(o, type);

	/* one that the kind does not have is known not to match */
	return !row || row->free;
}

bool attr_each(const struct object *o, size_t *at, CK_ATTRIBUTE_TYPE *type)
{
	if (o->kind == OBJECT_STORED) {
		if (*at >= o->stored->n)
			return false;
		*type = o->stored->attr[(*at)++].type;
		return true;
	}
	while (*at < ROWS && !(rows[*at].kinds & KIND_BIT(o->kind)))
		++*at;
	if (*at == ROWS)
		return false;
	*type = rows[(*at)++].type;
	return true;
}
