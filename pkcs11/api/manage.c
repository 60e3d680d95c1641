/* SPDX-License-Identifier: BSD-2-Clause */
/* Object management: reading, changing, copying and destroying (5.7). */
#include "pkcs11/object/attr.h"
#include "pkcs11/object/place.h"
#include "pkcs11/template/shape.h"
#include "pkcs11/object/write.h"

/* One attribute of C_GetAttributeValue (5.7.5): the length always, the value where it fits. */
static CK_RV get_one(struct object *o, CK_ATTRIBUTE *a)
{
	struct buf value = BUF_INIT(ATTR_VALUE_MAX + 16);
	CK_RV rv = attr_get(o, a->type, &value);
	bool done;

	if (rv != CKR_OK) {
		a->ulValueLen = CK_UNAVAILABLE_INFORMATION;
	} else {
		rv = p11_output(buf_view(&value), a->pValue, &a->ulValueLen, &done);
		if (rv == CKR_BUFFER_TOO_SMALL)
			a->ulValueLen = CK_UNAVAILABLE_INFORMATION;
	}
	buf_free(&value);
	return rv;
}

/* These go on with the next attribute; others end the call. */
static bool is_answer(CK_RV rv)
{
	return rv == CKR_ATTRIBUTE_SENSITIVE || rv == CKR_ATTRIBUTE_TYPE_INVALID ||
	       rv == CKR_BUFFER_TOO_SMALL;
}

CK_RV C_GetAttributeValue(CK_SESSION_HANDLE hSession, CK_OBJECT_HANDLE hObject,
    CK_ATTRIBUTE_PTR pTemplate, CK_ULONG ulCount)
{
	struct session *s;
	struct object o;
	CK_RV one, rv = session_enter(__func__, hSession, pTemplate, &s);

	if (rv != CKR_OK)
		return rv;
	rv = object_open(s, hObject, &o);
	if (rv != CKR_OK)
		return session_leave(__func__, s, rv);
	for (CK_ULONG i = 0; i < ulCount; i++) {
		one = get_one(&o, &pTemplate[i]);
		if (one != CKR_OK && (rv == CKR_OK || !is_answer(one)))
			rv = one;
		if (one && !is_answer(one))
			break;
	}
	object_close(&o);
	return session_leave(__func__, s, rv);
}

CK_RV C_GetObjectSize(CK_SESSION_HANDLE hSession, CK_OBJECT_HANDLE hObject, CK_ULONG_PTR pulSize)
{
	struct session *s;
	struct object o;
	struct buf value = BUF_INIT(ATTR_VALUE_MAX + 16);
	CK_ATTRIBUTE_TYPE type;
	size_t at = 0;
	CK_ULONG size = 0;
	CK_RV rv = session_enter(__func__, hSession, pulSize, &s);

	if (rv != CKR_OK)
		return rv;
	rv = object_open(s, hObject, &o);
	if (rv != CKR_OK)
		return session_leave(__func__, s, rv);
	while (rv == CKR_OK && attr_each(&o, &at, &type)) {
		buf_reset(&value);
		rv = attr_get(&o, type, &value);
		size += buf_len(&value);
		if (is_answer(rv))
			rv = CKR_OK;
	}
	if (rv == CKR_OK)
		*pulSize = size;
	buf_free(&value);
	object_close(&o);
	return session_leave(__func__, s, rv);
}

static CK_RV change_stored(
    struct session *s, const struct object *o, const CK_ATTRIBUTE *t, CK_ULONG n)
{
	struct stored *copy = NULL;
	CK_RV rv;

	if (!stored_true(o->stored, CKA_MODIFIABLE))
		return CKR_ACTION_PROHIBITED;
	rv = shape_change(o->stored, object_class(o), t, n, false);
	if (rv == CKR_OK)
		rv = stored_dup(o->stored, &copy);
	for (CK_ULONG i = 0; i < n && rv == CKR_OK; i++)
		rv = stored_set(copy, t[i].type, rd_of(t[i].pValue, t[i].ulValueLen));
	if (rv == CKR_OK) {
		rv = store_replace(s->at.slot, o->handle, copy);
		if (rv == CKR_OK)
			copy = NULL;
	}
	stored_free(&copy);
	return rv;
}

/* Only what is so already can be "set", but for the names that some tokens keep. */
static CK_RV change_token(struct object *o, const CK_ATTRIBUTE *t, CK_ULONG n)
{
	struct buf value = BUF_INIT(ATTR_VALUE_MAX + 16);
	struct token_name name;
	bool renamed = false;
	CK_RV rv = object_name(o);

	name = o->name;
	name.ref = place_ref(o->place);
	for (CK_ULONG i = 0; i < n && rv == CKR_OK; i++) {
		buf_reset(&value);
		rv = attr_get(o, t[i].type, &value);
		if (rv == CKR_OK && rd_equal(buf_view(&value), rd_of(t[i].pValue, t[i].ulValueLen)))
			continue;
		if (rv != CKR_OK && rv != CKR_ATTRIBUTE_SENSITIVE)
			break;
		if (!o->names_kept)
			rv = CKR_ACTION_PROHIBITED; /* as CKA_MODIFIABLE says */
		else if (t[i].type == CKA_LABEL || t[i].type == CKA_ID)
			rv = name_set(&name, object_class(o), &t[i]);
		else
			rv = CKR_ATTRIBUTE_READ_ONLY;
		renamed = true;
	}
	buf_free(&value);
	if (rv != CKR_OK || !renamed)
		return rv;
	rv = write_permitted(&o->at);
	return rv != CKR_OK ? rv : name_write(&o->at, &name);
}

CK_RV C_SetAttributeValue(CK_SESSION_HANDLE hSession, CK_OBJECT_HANDLE hObject,
    CK_ATTRIBUTE_PTR pTemplate, CK_ULONG ulCount)
{
	struct session *s;
	struct object o;
	CK_RV rv = session_enter(__func__, hSession, pTemplate, &s);

	if (rv != CKR_OK)
		return rv;
	rv = template_check(pTemplate, ulCount);
	if (rv == CKR_OK)
		rv = object_open(s, hObject, &o);
	if (rv != CKR_OK)
		return session_leave(__func__, s, rv);
	if (o.kind == OBJECT_STORED)
		rv = change_stored(s, &o, pTemplate, ulCount);
	else if (!s->rw)
		rv = CKR_SESSION_READ_ONLY;
	else if (o.kind == OBJECT_DATA)
		rv = write_data_value(&o, pTemplate, ulCount);
	else
		rv = change_token(&o, pTemplate, ulCount);
	object_close(&o);
	return session_leave(__func__, s, rv);
}

CK_RV C_DestroyObject(CK_SESSION_HANDLE hSession, CK_OBJECT_HANDLE hObject)
{
	struct session *s;
	struct object o;
	CK_RV rv = session_enter(__func__, hSession, true, &s);

	if (rv != CKR_OK)
		return rv;
	rv = object_open(s, hObject, &o);
	if (rv != CKR_OK)
		return session_leave(__func__, s, rv);
	if (o.kind == OBJECT_STORED)
		rv = stored_true(o.stored, CKA_DESTROYABLE) ? store_remove(s->at.slot, hObject)
							    : CKR_ACTION_PROHIBITED;
	else if (!s->rw)
		rv = CKR_SESSION_READ_ONLY;
	else
		rv = write_destroy(&o);
	object_close(&o);
	return session_leave(__func__, s, rv);
}
