/* SPDX-License-Identifier: BSD-2-Clause */
/* Changing what is on the token: certificates, keys and data. */
#ifndef ECERT_PKCS11_WRITE_H
#define ECERT_PKCS11_WRITE_H

#include "pkcs11/object/attr.h"

/* Whether who is logged in may change the token: the SO, or the user where user-writes says so.
 * Errors: CKR_USER_NOT_LOGGED_IN. */
CK_RV write_permitted(const struct token_at *at) MUST_CHECK;

/* As p11_rv, for making and writing: there ECERT_E_NOT_FOUND means that the card lacks the place
 * which the template asks for, and not that an object is gone. */
CK_RV write_rv(enum ecert_rc rc);

/* What C_CreateObject makes of a template of that class; the caller has write_permitted. *out: the
 * new object's handle. Errors: those of the template, write_rv's. */
CK_RV write_certificate(
    struct session *s, const CK_ATTRIBUTE *t, CK_ULONG n, CK_OBJECT_HANDLE *out) MUST_CHECK;
CK_RV write_private_key(
    struct session *s, const CK_ATTRIBUTE *t, CK_ULONG n, CK_OBJECT_HANDLE *out) MUST_CHECK;
CK_RV write_data(
    struct session *s, const CK_ATTRIBUTE *t, CK_ULONG n, CK_OBJECT_HANDLE *out) MUST_CHECK;
/* C_SetAttributeValue with CKA_VALUE on a data object. */
CK_RV write_data_value(struct object *o, const CK_ATTRIBUTE *t, CK_ULONG n) MUST_CHECK;
/* C_DestroyObject of an object on the token. */
CK_RV write_destroy(struct object *o) MUST_CHECK;

#endif
