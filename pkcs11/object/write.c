/* SPDX-License-Identifier: BSD-2-Clause */
/* Certificates and data on the token. */
#include "pkcs11/op/able.h"
#include "pkcs11/object/place.h"
#include "pkcs11/object/write.h"

#include <string.h>

CK_RV write_permitted(const struct token_at *at)
{
	enum token_user user = token_user(at);

	return user == TOKEN_SO || (user == TOKEN_USER && p11.config.user_writes)
		   ? CKR_OK
		   : CKR_USER_NOT_LOGGED_IN;
}

CK_RV write_rv(enum ecert_rc rc)
{
	switch (rc) {
	case ECERT_E_NOT_FOUND: /* 6A88, 6A82, 6A86 */
	case ECERT_E_ARG:
	case ECERT_E_KEY_TYPE:
	case ECERT_E_UNSUPPORTED: /* no import, or not of this kind */
		return CKR_TEMPLATE_INCONSISTENT;
	case ECERT_E_TOO_LARGE:
		return CKR_DEVICE_MEMORY;
	case ECERT_E_DATA:
	case ECERT_E_DATA_LEN:
	case ECERT_E_MALFORMED:
		return CKR_ATTRIBUTE_VALUE_INVALID;
	default:
		return p11_rv(rc);
	}
}

/* Whether what will be there reads as the template says. Left out: what the owner may name, that
 * PIV keeps an object behind the PIN unasked, and what the object does not know (vendors'). An
 * empty value asks for nothing. */
static CK_RV will_read(struct object *o, const CK_ATTRIBUTE *t, CK_ULONG n)
{
	struct buf value = BUF_INIT(ATTR_VALUE_MAX + 16);
	CK_RV rv = CKR_OK;

	for (CK_ULONG i = 0; i < n && rv == CKR_OK; i++) {
		if ((object_nameable(o) && (t[i].type == CKA_LABEL || t[i].type == CKA_ID)) ||
		    (t[i].type == CKA_PRIVATE && object_private(o)) || !t[i].ulValueLen)
			continue;
		buf_reset(&value);
		rv = attr_get(o, t[i].type, &value);
		if (rv == CKR_ATTRIBUTE_TYPE_INVALID)
			rv = CKR_OK;
		else if (rv == CKR_OK &&
			 !rd_equal(buf_view(&value), rd_of(t[i].pValue, t[i].ulValueLen)))
			rv = CKR_TEMPLATE_INCONSISTENT;
	}
	buf_free(&value);
	return rv;
}

/* The certificate, as it will be in that place. */
static CK_RV certificate_will_read(
    struct session *s, unsigned place, struct rd der, const CK_ATTRIBUTE *t, CK_ULONG n)
{
	struct object o;
	CK_RV rv;

	object_init(&o, &s->at, OBJECT_CERT, place);
	buf_rd(&o.value, der);
	o.value_read = true;
	rv = buf_rc(&o.value) != ECERT_OK || certview_parse(buf_view(&o.value), &o.cert) != ECERT_OK
		 ? CKR_HOST_MEMORY
		 : will_read(&o, t, n);
	object_close(&o);
	return rv;
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

	if (rv != CKR_OK)
		return rv;
	if (!der.n)
		return CKR_TEMPLATE_INCOMPLETE;
	if (type != CKC_X_509 || certview_parse(der, &view) != ECERT_OK)
		return CKR_ATTRIBUTE_VALUE_INVALID;
	rv = write_permitted(&s->at);
	if (rv == CKR_OK)
		rv = place_for_cert(s, id, der, &place);
	if (rv == CKR_OK)
		rv = certificate_will_read(s, place, der, t, n);
	if (rv == CKR_OK)
		rv = naming_begin(s, place,
		    &(struct new_name){.class = CKO_CERTIFICATE,
			.id = id,
			.label = template_bytes(t, n, CKA_LABEL)},
		    &naming);
	if (rv == CKR_OK)
		rv = naming_end(&naming, write_rv(token_cert_put(&s->at, place_ref(place), der)));
	if (rv == CKR_OK)
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
	struct object o;
	CK_RV rv;

	if (!value.n)
		return CKR_TEMPLATE_INCOMPLETE;
	if (!d)
		return CKR_TEMPLATE_INCONSISTENT;
	object_init(&o, &s->at, OBJECT_DATA, place);
	buf_rd(&o.value, value);
	o.value_read = true;
	rv = buf_rc(&o.value) != ECERT_OK ? CKR_HOST_MEMORY : will_read(&o, t, n);
	object_close(&o);
	if (rv == CKR_OK)
		rv = write_permitted(&s->at);
	if (rv == CKR_OK)
		rv = write_rv(token_data_put(&s->at, d->tag, value));
	if (rv == CKR_OK)
		*out = object_handle(&s->at, OBJECT_DATA, place);
	return rv;
}

CK_RV write_data_value(struct object *o, const CK_ATTRIBUTE *t, CK_ULONG n)
{
	CK_RV rv;

	if (n != 1 || t[0].type != CKA_VALUE || !t[0].ulValueLen)
		return CKR_ATTRIBUTE_READ_ONLY;
	rv = write_permitted(&o->at);
	return rv != CKR_OK ? rv
			    : p11_rv(token_data_put(&o->at, data_name(o->place)->tag,
				  rd_of(t[0].pValue, t[0].ulValueLen)));
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
	if (rv != CKR_OK)
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
