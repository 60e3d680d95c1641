/* SPDX-License-Identifier: BSD-2-Clause */
/* Making session objects out of templates. */
#ifndef ECERT_PKCS11_MAKE_H
#define ECERT_PKCS11_MAKE_H

#include "pkcs11/object/attr.h"

/* The template's attributes and the defaults of a storage object. */
CK_RV make_common(struct stored *o, const CK_ATTRIBUTE *t, CK_ULONG n) MUST_CHECK;
/* A value for CKA_UNIQUE_ID that no other object of this process has: 16 characters. */
CK_RV make_unique(uint8_t out[16]) MUST_CHECK;
/* A public key from its parts or CKA_PUBLIC_KEY_INFO, checked and completed. Errors:
 * CKR_TEMPLATE_INCOMPLETE, CKR_ATTRIBUTE_VALUE_INVALID, CKR_CURVE_NOT_SUPPORTED,
 * CKR_TEMPLATE_INCONSISTENT. */
CK_RV make_public(struct stored *o) MUST_CHECK;
/* A public key "written" to the token: the one that is there already, or CKR_TEMPLATE_INCONSISTENT.
 */
CK_RV find_public(
    struct session *s, const CK_ATTRIBUTE *t, CK_ULONG n, CK_OBJECT_HANDLE *out) MUST_CHECK;
/* The algorithm of CKA_KEY_TYPE with CKA_EC_PARAMS or a modulus size. Errors:
 * CKR_CURVE_NOT_SUPPORTED, CKR_DOMAIN_PARAMS_INVALID, CKR_KEY_SIZE_RANGE,
 * CKR_ATTRIBUTE_VALUE_INVALID. */
CK_RV make_alg(CK_KEY_TYPE type, struct rd ec_params, CK_ULONG bits, enum key_alg *out) MUST_CHECK;

#endif
