/* SPDX-License-Identifier: BSD-2-Clause */
/* Values of attributes that certificates, data and all objects have. */
#include "pkcs11/object/attrval.h"

#include <stdio.h>
#include <string.h>

#include "util/hex.h"

static CK_RV put_bool(struct buf *out, bool v)
{
	buf_u8(out, v ? CK_TRUE : CK_FALSE);
	return CKR_OK;
}

static CK_RV put_ulong(struct buf *out, CK_ULONG v)
{
	buf_put(out, &v, sizeof v);
	return CKR_OK;
}

CK_RV val_bool(struct object *o, CK_ULONG arg, struct buf *out)
{
	(void)o;
	return put_bool(out, arg != CK_FALSE);
}

CK_RV val_ulong(struct object *o, CK_ULONG arg, struct buf *out)
{
	(void)o;
	return put_ulong(out, arg);
}

CK_RV val_empty(struct object *o, CK_ULONG arg, struct buf *out)
{
	(void)o;
	(void)arg;
	(void)out;
	return CKR_OK;
}

CK_RV val_class(struct object *o, CK_ULONG arg, struct buf *out)
{
	(void)arg;
	return put_ulong(out, object_class(o));
}

/* 4.4.1: unique on the token, and another one for a key that replaced this one. */
CK_RV val_unique(struct object *o, CK_ULONG arg, struct buf *out)
{
	uint8_t hash[MD_MAX_SIZE];
	struct digest *d = NULL;
	size_t n = 0;
	const uint8_t head[2] = {(uint8_t)o->kind, (uint8_t)o->place};
	struct rd body;
	CK_RV rv = object_load(o);

	(void)arg;
	if (rv != CKR_OK)
		return rv;
	body = o->key_read ? pubkey_spki(o->key.pub) : buf_view(&o->value);
	rv = p11_rv(digest_new(MD_SHA256, &d));
	if (rv == CKR_OK)
		rv = p11_rv(digest_update(d, rd_of(head, sizeof head)));
	if (rv == CKR_OK)
		rv = p11_rv(digest_update(d, body));
	if (rv == CKR_OK)
		rv = p11_rv(digest_final(d, hash, &n));
	if (rv == CKR_OK)
		hex_put(out, rd_of(hash, 16));
	digest_free(&d);
	return rv;
}

CK_RV val_private(struct object *o, CK_ULONG arg, struct buf *out)
{
	CK_RV rv = o->kind == OBJECT_PRIVATE ? object_key(o) : CKR_OK;

	(void)arg;
	return rv != CKR_OK ? rv : put_bool(out, object_private(o));
}

CK_RV val_label(struct object *o, CK_ULONG arg, struct buf *out)
{
	static const enum name_kind name_of[] = {
	    [OBJECT_CERT] = NAME_CERT,
	    [OBJECT_PUBLIC] = NAME_PUBLIC,
	    [OBJECT_PRIVATE] = NAME_PRIVATE,
	    [OBJECT_DATA] = NAME_CERT,
	    [OBJECT_ATTEST] = NAME_ATTEST,
	};
	char label[NAME_SIZE];
	const char *chosen;
	CK_RV rv = object_name(o);

	(void)arg;
	if (rv != CKR_OK)
		return rv;
	if (o->kind == OBJECT_DATA) {
		buf_str(out, data_name(o->place)->label);
		return CKR_OK;
	}
	if (o->kind == OBJECT_CA) {
		(void)snprintf(label, sizeof label, "CA certificate %u", o->place + 1);
		buf_str(out, label);
		return CKR_OK;
	}
	chosen = o->kind == OBJECT_CERT ? o->name.cert : o->name.key;
	if (o->kind == OBJECT_PUBLIC && *o->name.pub)
		chosen = o->name.pub;
	place_label(name_of[o->kind], o->place, label);
	buf_str(out, *chosen ? chosen : label);
	return CKR_OK;
}

CK_RV val_application(struct object *o, CK_ULONG arg, struct buf *out)
{
	return val_label(o, arg, out);
}

CK_RV val_object_id(struct object *o, CK_ULONG arg, struct buf *out)
{
	(void)arg;
	buf_rd(out, data_name(o->place)->oid);
	return CKR_OK;
}

CK_RV val_value(struct object *o, CK_ULONG arg, struct buf *out)
{
	CK_RV rv = object_value(o);

	(void)arg;
	if (rv == CKR_OK)
		buf_rd(out, buf_view(&o->value));
	return rv;
}

/* 4.6.2: the first three bytes of the SHA-1 of the certificate. */
CK_RV val_check_value(struct object *o, CK_ULONG arg, struct buf *out)
{
	uint8_t hash[MD_MAX_SIZE];
	size_t n = 0;
	CK_RV rv = object_value(o);

	(void)arg;
	if (rv == CKR_OK)
		rv = p11_rv(digest_once(MD_SHA1, buf_view(&o->value), hash, &n));
	if (rv == CKR_OK)
		buf_put(out, hash, 3);
	return rv;
}

/* arg: where in struct certview. */
CK_RV val_cert(struct object *o, CK_ULONG arg, struct buf *out)
{
	struct rd view;
	CK_RV rv = object_value(o);

	if (rv != CKR_OK)
		return rv;
	memcpy(&view, (const char *)&o->cert + arg, sizeof view);
	buf_rd(out, view);
	return CKR_OK;
}

CK_RV val_date(struct object *o, CK_ULONG arg, struct buf *out)
{
	const char *date;
	CK_RV rv = object_value(o);

	if (rv != CKR_OK)
		return rv;
	date = (const char *)&o->cert + arg;
	if (*date)
		buf_put(out, date, 8);
	return CKR_OK;
}

/* The subject of the certificate beside the key; empty when there is none. */
CK_RV val_key_subject(struct object *o, CK_ULONG arg, struct buf *out)
{
	CK_RV rv = object_value(o);

	(void)arg;
	if (rv == CKR_OBJECT_HANDLE_INVALID)
		return CKR_OK;
	if (rv == CKR_OK)
		buf_rd(out, o->cert.subject);
	return rv;
}

CK_RV val_id(struct object *o, CK_ULONG arg, struct buf *out)
{
	(void)arg;
	return object_id(o, out);
}

/* Labels and IDs can be changed where the token keeps names. */
CK_RV val_modifiable(struct object *o, CK_ULONG arg, struct buf *out)
{
	CK_RV rv = object_name(o);

	(void)arg;
	return rv != CKR_OK ? rv : put_bool(out, o->names_kept);
}

CK_RV val_profile(struct object *o, CK_ULONG arg, struct buf *out)
{
	(void)arg;
	return put_ulong(out, profile_at(o->place));
}

CK_RV val_mechanism(struct object *o, CK_ULONG arg, struct buf *out)
{
	(void)arg;
	return put_ulong(out, mech_type(mech_at(o->place)));
}

CK_RV val_reference(struct object *o, CK_ULONG arg, struct buf *out)
{
	(void)arg;
	return put_ulong(out, place_ref(o->place));
}

static bool is_secret(const struct stored *s, CK_ATTRIBUTE_TYPE type)
{
	return type == CKA_VALUE && stored_get(s, CKA_SENSITIVE) &&
	       (stored_true(s, CKA_SENSITIVE) || !stored_true(s, CKA_EXTRACTABLE));
}

CK_RV val_stored(struct object *o, CK_ATTRIBUTE_TYPE type, struct buf *out)
{
	const struct stored_attr *a = stored_get(o->stored, type);

	if (!a)
		return CKR_ATTRIBUTE_TYPE_INVALID;
	if (is_secret(o->stored, type))
		return CKR_ATTRIBUTE_SENSITIVE;
	buf_put(out, a->value, a->len);
	return buf_rc(out) != ECERT_OK ? CKR_HOST_MEMORY : CKR_OK;
}
