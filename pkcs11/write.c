/* SPDX-License-Identifier: BSD-2-Clause */
/* Certificates and data on the token, and the policies of new keys. */
#include "pkcs11/able.h"
#include "pkcs11/place.h"
#include "pkcs11/write.h"

#include <string.h>

CK_RV write_permitted(const struct token_at *at)
{
	enum token_user user = token_user(at);

	return user == TOKEN_SO || (user == TOKEN_USER && p11.config.user_writes)
		   ? CKR_OK
		   : CKR_USER_NOT_LOGGED_IN;
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

CK_RV write_certificate(struct session *s, const CK_ATTRIBUTE *t, CK_ULONG n, CK_OBJECT_HANDLE *out)
{
	struct rd id = template_bytes(t, n, CKA_ID);
	struct rd der = template_bytes(t, n, CKA_VALUE);
	CK_ULONG type = CKC_X_509;
	struct certview view;
	struct naming naming;
	unsigned place = 0;
	CK_RV rv = template_ulong(t, n, CKA_CERTIFICATE_TYPE, &type);

	if (rv)
		return rv;
	if (!der.n)
		return CKR_TEMPLATE_INCOMPLETE;
	if (type != CKC_X_509 || certview_parse(der, &view))
		return CKR_ATTRIBUTE_VALUE_INVALID;
	rv = write_permitted(&s->at);
	if (!rv)
		rv = place_for_cert(s, id, der, &place);
	if (!rv)
		rv = naming_begin(
		    s, place, id, template_bytes(t, n, CKA_LABEL), CKO_CERTIFICATE, &naming);
	if (!rv)
		rv = naming_end(&naming, p11_rv(token_cert_put(&s->at, place_ref(place), der)));
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
	enum ecert_rc rc;
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
		rc = able_key_delete(&o->at, ref);
		/* as CKA_DESTROYABLE says */
		return rc == ECERT_E_UNSUPPORTED ? CKR_ACTION_PROHIBITED : p11_rv(rc);
	case OBJECT_DATA:
		return p11_rv(token_data_put(&o->at, data_name(o->place)->tag, nothing));
	default:
		return CKR_ACTION_PROHIBITED;
	}
}
