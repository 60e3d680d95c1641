/* SPDX-License-Identifier: BSD-2-Clause */
/* Which attributes an object of a class may be given, of what shape, and what it has without. */
#ifndef ECERT_PKCS11_SHAPE_H
#define ECERT_PKCS11_SHAPE_H

#include "pkcs11/object/store.h"

/*
 * 4.1.1: what C_CreateObject and the functions that make keys say to a template of this class.
 * vendor: attributes of vendors that are not known are let through. Errors:
 * CKR_ATTRIBUTE_TYPE_INVALID, CKR_ATTRIBUTE_VALUE_INVALID, CKR_ATTRIBUTE_READ_ONLY,
 * CKR_TEMPLATE_INCONSISTENT (of another class).
 */
CK_RV shape_check(CK_OBJECT_CLASS class, const CK_ATTRIBUTE *t, CK_ULONG n, bool vendor) MUST_CHECK;
/* 4.1.2, 4.1.3: what C_SetAttributeValue may change, and C_CopyObject besides. Errors:
 * CKR_ATTRIBUTE_READ_ONLY, and as above. */
CK_RV shape_change(const struct stored *o, CK_OBJECT_CLASS class, const CK_ATTRIBUTE *t, CK_ULONG n,
    bool copy) MUST_CHECK;
/* The defaults of the class where nothing was given. */
CK_RV shape_defaults(struct stored *o, CK_OBJECT_CLASS class) MUST_CHECK;

#endif
