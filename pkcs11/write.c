/* SPDX-License-Identifier: BSD-2-Clause */
/* Certificates and data on the token, and what is common to new keys. */
#include "pkcs11/write.h"

#include <string.h>

CK_RV write_permitted(const struct token_at *at)
{
	enum token_user user = token_user(at);

	return user == TOKEN_SO || (user == TOKEN_USER && p11.config.user_writes)
		   ? CKR_OK
		   : CKR_USER_NOT_LOGGED_IN;
}

static CK_RV place_of_id(struct rd id, unsigned *place)
{
	if (id.n != 1 || id.p[0] < 1 || id.p[0] > PLACE_F9)
		return CKR_ATTRIBUTE_VALUE_INVALID;
	*place = id.p[0] - 1u;
	return CKR_OK;
}

static CK_RV has_key(const struct token_at *at, unsigned place, bool *yes)
{
	struct object o;
	CK_RV rv;

	object_init(&o, at, OBJECT_PUBLIC, place);
	rv = object_load(&o);
	*yes = rv == CKR_OK;
	object_close(&o);
	return rv == CKR_OBJECT_HANDLE_INVALID ? CKR_OK : rv;
}

CK_RV write_place(struct session *s, const CK_ATTRIBUTE *t, CK_ULONG n, unsigned *place)
{
	struct rd id = template_bytes(t, n, CKA_ID);
	bool taken = true;
	CK_RV rv;

	if (id.n) {
		rv = place_of_id(id, place);
		if (!rv && !p11.config.overwrite)
			rv = has_key(&s->at, *place, &taken);
		else
			taken = false;
		return rv ? rv : taken ? CKR_ACTION_PROHIBITED : CKR_OK;
	}
	for (*place = 0; *place < PLACE_F9; ++*place) {
		rv = has_key(&s->at, *place, &taken);
		if (rv || !taken)
			return rv;
	}
	return CKR_DEVICE_MEMORY;
}

CK_RV write_policies(const CK_ATTRIBUTE *t, CK_ULONG n, struct token_newkey *spec)
{
	CK_ULONG pin = 0, touch = 0;
	bool always = false;
	CK_RV rv = template_ulong(t, n, CKA_ECERT_PIN_POLICY, &pin);

	if (!rv)
		rv = template_ulong(t, n, CKA_ECERT_TOUCH_POLICY, &touch);
	if (!rv)
		rv = template_bool(t, n, CKA_ALWAYS_AUTHENTICATE, &always);
	if (rv)
		return rv;
	if (pin > PIN_ALWAYS || touch > 3)
		return CKR_ATTRIBUTE_VALUE_INVALID;
	if (always && pin && pin != PIN_ALWAYS)
		return CKR_TEMPLATE_INCONSISTENT;
	spec->pin = always ? PIN_ALWAYS : (uint8_t)pin;
	spec->touch = (uint8_t)touch;
	return CKR_OK;
}

/* Without a CKA_ID: where the certificate's key is. */
static CK_RV place_of_key(struct session *s, struct rd der, unsigned *place)
{
	struct pubkey *pub = NULL;
	CK_RV rv = CKR_TEMPLATE_INCOMPLETE;

	if (pubkey_from_cert(der, &pub))
		return CKR_TEMPLATE_INCOMPLETE;
	for (*place = 0; *place < PLACE_F9 && rv == CKR_TEMPLATE_INCOMPLETE; ++*place) {
		struct object o;
		CK_RV there;

		object_init(&o, &s->at, OBJECT_PUBLIC, *place);
		there = object_load(&o);
		if (!there && pubkey_equal(pub, o.key.pub))
			rv = CKR_OK;
		else if (there && there != CKR_OBJECT_HANDLE_INVALID)
			rv = there;
		object_close(&o);
	}
	--*place;
	pubkey_free(&pub);
	return rv;
}

CK_RV write_certificate(struct session *s, const CK_ATTRIBUTE *t, CK_ULONG n, CK_OBJECT_HANDLE *out)
{
	struct rd id = template_bytes(t, n, CKA_ID);
	struct rd der = template_bytes(t, n, CKA_VALUE);
	CK_ULONG type = CKC_X_509;
	struct certview view;
	unsigned place = 0;
	CK_RV rv = template_ulong(t, n, CKA_CERTIFICATE_TYPE, &type);

	if (rv)
		return rv;
	if (!der.n)
		return CKR_TEMPLATE_INCOMPLETE;
	if (type != CKC_X_509 || certview_parse(der, &view))
		return CKR_ATTRIBUTE_VALUE_INVALID;
	rv = write_permitted(&s->at);
	if (rv)
		return rv;
	rv = id.n ? place_of_id(id, &place) : place_of_key(s, der, &place);
	if (!rv)
		rv = p11_rv(token_cert_put(&s->at, place_ref(place), der));
	if (!rv)
		*out = object_handle(&s->at, OBJECT_CERT, place);
	return rv;
}

/* PIV has a fixed set of data objects: the OID or the label names one of them. */
static const struct data_name *data_of_template(const CK_ATTRIBUTE *t, CK_ULONG n, unsigned *place)
{
	struct rd oid = template_bytes(t, n, CKA_OBJECT_ID);
	struct rd label = template_bytes(t, n, CKA_LABEL);

	for (*place = 0; data_name(*place); ++*place) {
		const struct data_name *d = data_name(*place);

		if (oid.n ? rd_equal(oid, d->oid)
			  : rd_equal(label, rd_of(d->label, strlen(d->label))))
			return d;
	}
	return NULL;
}

CK_RV write_data(struct session *s, const CK_ATTRIBUTE *t, CK_ULONG n, CK_OBJECT_HANDLE *out)
{
	struct rd value = template_bytes(t, n, CKA_VALUE);
	unsigned place;
	const struct data_name *d = data_of_template(t, n, &place);
	CK_RV rv;

	if (!value.n)
		return CKR_TEMPLATE_INCOMPLETE;
	if (!d)
		return CKR_TEMPLATE_INCONSISTENT;
	rv = write_permitted(&s->at);
	if (!rv)
		rv = p11_rv(token_data_put(&s->at, d->tag, value));
	if (!rv)
		*out = object_handle(&s->at, OBJECT_DATA, place);
	return rv;
}

CK_RV write_data_value(struct object *o, const CK_ATTRIBUTE *t, CK_ULONG n)
{
	CK_RV rv;

	if (n != 1 || t[0].type != CKA_VALUE || !t[0].ulValueLen)
		return CKR_ATTRIBUTE_READ_ONLY;
	rv = write_permitted(&o->at);
	return rv ? rv
		  : p11_rv(token_data_put(
			&o->at, data_name(o->place)->tag, rd_of(t[0].pValue, t[0].ulValueLen)));
}

/* A public key is its private key's shadow, and goes with it. */
CK_RV write_destroy(struct object *o)
{
	uint8_t ref = place_ref(o->place);
	const struct rd nothing = {NULL, 0};
	CK_RV rv;

	if (o->kind != OBJECT_CERT && o->kind != OBJECT_PRIVATE && o->kind != OBJECT_DATA)
		return CKR_ACTION_PROHIBITED;
	rv = write_permitted(&o->at);
	if (rv)
		return rv;
	switch (o->kind) {
	case OBJECT_CERT:
		return p11_rv(token_cert_put(&o->at, ref, nothing));
	case OBJECT_PRIVATE:
		return p11_rv(token_key_delete(&o->at, ref));
	case OBJECT_DATA:
		return p11_rv(token_data_put(&o->at, data_name(o->place)->tag, nothing));
	default:
		return CKR_ACTION_PROHIBITED;
	}
}
