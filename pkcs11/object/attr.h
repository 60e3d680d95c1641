/* SPDX-License-Identifier: BSD-2-Clause */
/* The one table of attributes: which kind of object has which, and where the value comes from. */
#ifndef ECERT_PKCS11_ATTR_H
#define ECERT_PKCS11_ATTR_H

#include "pkcs11/object/object.h"

#define ATTR_VALUE_MAX 65536u

/* Appends the value. Errors: CKR_ATTRIBUTE_TYPE_INVALID, CKR_ATTRIBUTE_SENSITIVE, the token's. */
CK_RV attr_get(struct object *o, CK_ATTRIBUTE_TYPE type, struct buf *out) MUST_CHECK;
/* Whether the value is known without reading the token. */
bool attr_is_free(const struct object *o, CK_ATTRIBUTE_TYPE type);
/* The next attribute that the object has: begin with *at 0; false after the last. */
bool attr_each(const struct object *o, size_t *at, CK_ATTRIBUTE_TYPE *type);

/* ---- templates ---- */
/* The first with this type, or NULL. */
const CK_ATTRIBUTE *template_get(const CK_ATTRIBUTE *t, CK_ULONG n, CK_ATTRIBUTE_TYPE type);
/* Whether every attribute has its value and no type is there twice. Errors: CKR_ARGUMENTS_BAD,
 * CKR_TEMPLATE_INCONSISTENT, CKR_ATTRIBUTE_VALUE_INVALID. */
CK_RV template_check(const CK_ATTRIBUTE *t, CK_ULONG n) MUST_CHECK;
/* The same for a search, where an attribute may be named twice. */
CK_RV template_sane(const CK_ATTRIBUTE *t, CK_ULONG n) MUST_CHECK;
/* Reads an attribute that is one CK_ULONG (CK_BBOOL); *out stays as it is when the template has
 * none. Errors: CKR_ATTRIBUTE_VALUE_INVALID (another length). */
CK_RV template_ulong(
    const CK_ATTRIBUTE *t, CK_ULONG n, CK_ATTRIBUTE_TYPE type, CK_ULONG *out) MUST_CHECK;
CK_RV template_bool(
    const CK_ATTRIBUTE *t, CK_ULONG n, CK_ATTRIBUTE_TYPE type, bool *out) MUST_CHECK;
/* The value, a view of the template; empty when there is none. */
struct rd template_bytes(const CK_ATTRIBUTE *t, CK_ULONG n, CK_ATTRIBUTE_TYPE type);

#endif
