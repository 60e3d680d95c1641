/* SPDX-License-Identifier: BSD-2-Clause */
/* C_CreateObject and C_CopyObject: session objects are made here, token objects in object/write.c.
 */
#include <string.h>

#include "pkcs11/template/make.h"
#include "pkcs11/object/place.h"
#include "pkcs11/template/shape.h"
#include "pkcs11/object/write.h"

static CK_RV set_default_bool(struct stored *o, CK_ATTRIBUTE_TYPE type, bool v)
{
	return stored_get(o, type) ? CKR_OK : stored_set_bool(o, type, v);
}

static CK_RV set_default(struct stored *o, CK_ATTRIBUTE_TYPE type, struct rd v)
{
	return stored_get(o, type) ? CKR_OK : stored_set(o, type, v);
}

/* What every session object has (4.4), over what the template gave. */
CK_RV make_common(struct stored *o, const CK_ATTRIBUTE *t, CK_ULONG n)
{
	CK_RV rv = CKR_OK;
	uint8_t unique[16];

	for (CK_ULONG i = 0; i < n && rv == CKR_OK; i++)
		rv = stored_set(o, t[i].type, rd_of(t[i].pValue, t[i].ulValueLen));
	if (rv == CKR_OK)
		rv = stored_set_bool(o, CKA_TOKEN, false);
	if (rv == CKR_OK)
		rv = set_default_bool(o, CKA_PRIVATE, false);
	if (rv == CKR_OK)
		rv = set_default_bool(o, CKA_MODIFIABLE, true);
	if (rv == CKR_OK)
		rv = set_default_bool(o, CKA_COPYABLE, true);
	if (rv == CKR_OK)
		rv = set_default_bool(o, CKA_DESTROYABLE, true);
	if (rv == CKR_OK)
		rv = set_default(o, CKA_LABEL, rd_of(NULL, 0));
	if (rv == CKR_OK)
		rv = make_unique(unique);
	if (rv == CKR_OK)
		rv = stored_set(o, CKA_UNIQUE_ID, rd_of(unique, sizeof unique));
	return rv;
}

static CK_RV check_value(struct stored *o, struct rd der)
{
	uint8_t hash[MD_MAX_SIZE];
	size_t n = 0;
	CK_RV rv = p11_rv(digest_once(MD_SHA1, der, hash, &n));

	return rv != CKR_OK ? rv : set_default(o, CKA_CHECK_VALUE, rd_of(hash, 3));
}

/* 4.6.2, footnote 1: the type must be given, the value as well without a URL. */
static CK_RV make_certificate(struct stored *o)
{
	const struct stored_attr *value = stored_get(o, CKA_VALUE);
	const struct stored_attr *type = stored_get(o, CKA_CERTIFICATE_TYPE);
	const CK_ULONG x509 = CKC_X_509;
	struct certview view;
	CK_RV rv;

	if (!value || !type)
		return CKR_TEMPLATE_INCOMPLETE;
	if (memcmp(type->value, &x509, sizeof x509) != 0)
		return CKR_ATTRIBUTE_VALUE_INVALID;
	if (certview_parse(rd_of(value->value, value->len), &view) != ECERT_OK)
		return CKR_ATTRIBUTE_VALUE_INVALID;
	rv = set_default(o, CKA_SUBJECT, view.subject);
	if (rv == CKR_OK)
		rv = set_default(o, CKA_ISSUER, view.issuer);
	if (rv == CKR_OK)
		rv = set_default(o, CKA_SERIAL_NUMBER, view.serial);
	if (rv == CKR_OK)
		rv = set_default(o, CKA_PUBLIC_KEY_INFO, view.spki);
	if (rv == CKR_OK)
		rv = check_value(o, rd_of(value->value, value->len));
	return rv;
}

static CK_RV create_stored(struct session *s, CK_OBJECT_CLASS class, const CK_ATTRIBUTE *t,
    CK_ULONG n, CK_OBJECT_HANDLE *out)
{
	struct stored *o = NULL;
	CK_RV rv = shape_check(class, t, n, false);

	if (rv == CKR_OK)
		rv = stored_new(&o);
	if (rv == CKR_OK)
		rv = make_common(o, t, n);
	if (rv == CKR_OK && class == CKO_CERTIFICATE)
		rv = make_certificate(o);
	else if (rv == CKR_OK && class == CKO_PUBLIC_KEY)
		rv = make_public(o);
	if (rv == CKR_OK)
		rv = shape_defaults(o, class);
	if (rv == CKR_OK && stored_true(o, CKA_PRIVATE) && token_user(&s->at) != TOKEN_USER)
		rv = CKR_USER_NOT_LOGGED_IN;
	if (rv == CKR_OK)
		rv = store_add(s->handle, s->at.slot, o, out);
	if (rv != CKR_OK)
		stored_free(&o);
	return rv;
}

static CK_RV create_on_token(struct session *s, CK_OBJECT_CLASS class, const CK_ATTRIBUTE *t,
    CK_ULONG n, CK_OBJECT_HANDLE *out)
{
	CK_RV rv;

	if (!s->rw)
		return CKR_SESSION_READ_ONLY;
	/* NSS adds attributes of its own */
	rv = shape_check(class, t, n, true);
	if (rv != CKR_OK)
		return rv;
	places_lock(s);
	switch (class) {
	case CKO_CERTIFICATE:
		rv = write_certificate(s, t, n, out);
		break;
	case CKO_PRIVATE_KEY:
		rv = write_private_key(s, t, n, out);
		break;
	case CKO_DATA:
		rv = write_data(s, t, n, out);
		break;
	case CKO_PUBLIC_KEY:
		rv = find_public(s, t, n, out);
		break;
	default:
		rv = CKR_TEMPLATE_INCONSISTENT;
		break;
	}
	places_unlock(s);
	return rv;
}

CK_RV C_CreateObject(CK_SESSION_HANDLE hSession, CK_ATTRIBUTE_PTR pTemplate, CK_ULONG ulCount,
    CK_OBJECT_HANDLE_PTR phObject)
{
	struct session *s;
	CK_OBJECT_CLASS class = CK_UNAVAILABLE_INFORMATION;
	bool on_token = false;
	CK_RV rv = session_enter(__func__, hSession, pTemplate && phObject, &s);

	if (rv != CKR_OK)
		return rv;
	rv = template_check(pTemplate, ulCount);
	if (rv == CKR_OK)
		rv = template_ulong(pTemplate, ulCount, CKA_CLASS, &class);
	if (rv == CKR_OK)
		rv = template_bool(pTemplate, ulCount, CKA_TOKEN, &on_token);
	if (rv == CKR_OK && class == CK_UNAVAILABLE_INFORMATION)
		rv = CKR_TEMPLATE_INCOMPLETE;
	if (rv == CKR_OK && on_token)
		rv = create_on_token(s, class, pTemplate, ulCount, phObject);
	/* a token, not a software HSM: private and secret keys are not kept in memory */
	else if (rv == CKR_OK && class != CKO_CERTIFICATE && class != CKO_DATA &&
		 class != CKO_PUBLIC_KEY)
		rv = CKR_TEMPLATE_INCONSISTENT;
	else if (rv == CKR_OK)
		rv = create_stored(s, class, pTemplate, ulCount, phObject);
	return session_leave(__func__, s, rv);
}

/* A session object with the attributes of another one, or of one on the token. */
static CK_RV copy_attributes(struct object *o, struct stored *copy)
{
	struct buf value = BUF_INIT(ATTR_VALUE_MAX + 16);
	CK_ATTRIBUTE_TYPE type;
	size_t at = 0;
	CK_RV rv = CKR_OK;

	while (rv == CKR_OK && attr_each(o, &at, &type)) {
		buf_reset(&value);
		rv = attr_get(o, type, &value);
		if (rv == CKR_OK)
			rv = stored_set(copy, type, buf_view(&value));
		else if (rv == CKR_ATTRIBUTE_TYPE_INVALID)
			rv = CKR_OK;
	}
	buf_free(&value);
	/* what the card holds fast, a copy in memory does not */
	if (rv == CKR_OK)
		rv = stored_set_bool(copy, CKA_MODIFIABLE, true);
	if (rv == CKR_OK)
		rv = stored_set_bool(copy, CKA_COPYABLE, true);
	if (rv == CKR_OK)
		rv = stored_set_bool(copy, CKA_DESTROYABLE, true);
	return rv;
}

static CK_RV copy_object(
    struct session *s, struct object *o, const CK_ATTRIBUTE *t, CK_ULONG n, CK_OBJECT_HANDLE *out)
{
	struct stored *copy = NULL;
	CK_OBJECT_CLASS class = object_class(o);
	bool on_token = o->kind != OBJECT_STORED; /* what the template leaves alone stays */
	CK_RV rv = template_bool(t, n, CKA_TOKEN, &on_token);

	if (rv != CKR_OK)
		return rv;
	if (object_class(o) == CKO_PRIVATE_KEY ||
	    (o->kind == OBJECT_STORED && !stored_true(o->stored, CKA_COPYABLE)))
		return CKR_ACTION_PROHIBITED;
	if (on_token)
		return s->rw ? CKR_TEMPLATE_INCONSISTENT : CKR_SESSION_READ_ONLY;
	rv = o->kind == OBJECT_STORED ? stored_dup(o->stored, &copy) : stored_new(&copy);
	if (rv == CKR_OK && o->kind != OBJECT_STORED)
		rv = copy_attributes(o, copy);
	if (rv == CKR_OK)
		rv = shape_change(copy, class, t, n, true);
	if (rv == CKR_OK)
		rv = make_common(copy, t, n);
	if (rv == CKR_OK)
		rv = stored_set_ulong(copy, CKA_CLASS, class);
	if (rv == CKR_OK && class == CKO_PUBLIC_KEY && !copy->pub)
		rv = make_public(copy);
	if (rv == CKR_OK && stored_true(copy, CKA_PRIVATE) && token_user(&s->at) != TOKEN_USER)
		rv = CKR_USER_NOT_LOGGED_IN;
	if (rv == CKR_OK)
		rv = store_add(s->handle, s->at.slot, copy, out);
	if (rv != CKR_OK)
		stored_free(&copy);
	return rv;
}

CK_RV C_CopyObject(CK_SESSION_HANDLE hSession, CK_OBJECT_HANDLE hObject, CK_ATTRIBUTE_PTR pTemplate,
    CK_ULONG ulCount, CK_OBJECT_HANDLE_PTR phNewObject)
{
	struct session *s;
	struct object o;
	CK_RV rv = session_enter(__func__, hSession, (pTemplate || !ulCount) && phNewObject, &s);

	if (rv != CKR_OK)
		return rv;
	rv = template_check(pTemplate, ulCount);
	if (rv == CKR_OK)
		rv = object_open(s, hObject, &o);
	if (rv != CKR_OK)
		return session_leave(__func__, s, rv);
	rv = copy_object(s, &o, pTemplate, ulCount, phNewObject);
	object_close(&o);
	return session_leave(__func__, s, rv);
}
