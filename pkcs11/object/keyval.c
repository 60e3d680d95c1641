/* SPDX-License-Identifier: BSD-2-Clause */
/* Values of attributes that keys have. */
#include "crypto/der.h"
#include "pkcs11/op/able.h"
#include "pkcs11/object/attrval.h"
#include "pkcs11/template/keytempl.h"

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

/* The tail of each value: what the buffer says. */
static CK_RV put_done(struct buf *out)
{
	return buf_rc(out) != ECERT_OK ? CKR_HOST_MEMORY : CKR_OK;
}

static const struct {
	CK_KEY_TYPE type;
	CK_MECHANISM_TYPE made_by;
} family_rows[] = {
    [FAMILY_NONE] = {CK_UNAVAILABLE_INFORMATION, CK_UNAVAILABLE_INFORMATION},
    [FAMILY_RSA] = {CKK_RSA, CKM_RSA_PKCS_KEY_PAIR_GEN},
    [FAMILY_EC] = {CKK_EC, CKM_EC_KEY_PAIR_GEN},
    [FAMILY_EDWARDS] = {CKK_EC_EDWARDS, CKM_EC_EDWARDS_KEY_PAIR_GEN},
    [FAMILY_MONTGOMERY] = {CKK_EC_MONTGOMERY, CKM_EC_MONTGOMERY_KEY_PAIR_GEN},
    [FAMILY_SM2] = {CKK_ECERT_SM2, CKM_ECERT_SM2_KEY_PAIR_GEN},
};

static const struct alg *row_of(const struct object *o)
{
	return alg_row(o->key.alg);
}

CK_RV val_put_key_type(enum key_alg alg, struct buf *out)
{
	const struct alg *a = alg_row(alg);

	return put_ulong(out, family_rows[a ? a->family : FAMILY_NONE].type);
}

CK_RV val_key_type(struct object *o, CK_ULONG arg, struct buf *out)
{
	CK_RV rv = object_key(o);

	(void)arg;
	return rv != CKR_OK ? rv : val_put_key_type(o->key.alg, out);
}

/* arg: enum token_op. */
CK_RV val_usage(struct object *o, CK_ULONG arg, struct buf *out)
{
	CK_RV rv = object_key(o);

	if (rv == CKR_OK)
		rv = object_name(o);
	return rv != CKR_OK
		   ? rv
		   : put_bool(out, able_use(&o->at, &o->key, o->name.deny, (enum token_op)arg));
}

/* The host verifies whatever the key has signed. */
CK_RV val_verifies(struct object *o, CK_ULONG arg, struct buf *out)
{
	CK_RV rv = object_key(o);

	(void)arg;
	if (rv == CKR_OK)
		rv = object_name(o);
	return rv != CKR_OK ? rv
			    : put_bool(out, row_of(o) && row_of(o)->can_sign &&
						!(o->name.deny & DENY_VERIFY));
}

CK_RV val_destroyable(struct object *o, CK_ULONG arg, struct buf *out)
{
	(void)arg;
	return put_bool(out, able_delete(&o->at));
}

/* Made on the card: never outside. Unknown counts as imported. */
CK_RV val_local(struct object *o, CK_ULONG arg, struct buf *out)
{
	CK_RV rv = object_key(o);

	(void)arg;
	return rv != CKR_OK ? rv : put_bool(out, o->key.origin == 1);
}

CK_RV val_gen_mechanism(struct object *o, CK_ULONG arg, struct buf *out)
{
	CK_RV rv = object_key(o);

	(void)arg;
	if (rv != CKR_OK)
		return rv;
	if (o->key.origin != 1 || !row_of(o))
		return put_ulong(out, CK_UNAVAILABLE_INFORMATION);
	return put_ulong(out, family_rows[row_of(o)->family].made_by);
}

CK_RV val_allowed(struct object *o, CK_ULONG arg, struct buf *out)
{
	static const struct {
		enum token_op op;
		CK_FLAGS flag;
	} of[] = {{TOKEN_SIGN, CKF_SIGN}, {TOKEN_DECRYPT, CKF_DECRYPT}, {TOKEN_DERIVE, CKF_DERIVE}};
	CK_FLAGS uses = o->kind == OBJECT_PUBLIC ? CKF_VERIFY : 0;
	const struct mech *m;
	CK_RV rv = object_key(o);

	(void)arg;
	if (rv == CKR_OK)
		rv = object_name(o);
	if (o->name.deny & DENY_VERIFY)
		uses = 0;
	for (size_t i = 0;
	     rv == CKR_OK && o->kind == OBJECT_PRIVATE && i < sizeof of / sizeof of[0]; i++)
		uses |= able_use(&o->at, &o->key, o->name.deny, of[i].op) ? of[i].flag : 0;
	for (size_t i = 0; rv == CKR_OK && (m = mech_at(i)); i++)
		if (mech_fits(m, o->key.alg) && mech_flags(m) & uses)
			rv = put_ulong(out, mech_type(m));
	return rv;
}

CK_RV val_always(struct object *o, CK_ULONG arg, struct buf *out)
{
	CK_RV rv = object_key(o);

	(void)arg;
	return rv != CKR_OK ? rv : put_bool(out, o->key.pin == PIN_ALWAYS);
}

CK_RV val_pin_policy(struct object *o, CK_ULONG arg, struct buf *out)
{
	CK_RV rv = object_key(o);

	(void)arg;
	return rv != CKR_OK ? rv : put_ulong(out, (CK_ULONG)o->key.pin);
}

CK_RV val_touch_policy(struct object *o, CK_ULONG arg, struct buf *out)
{
	CK_RV rv = object_key(o);

	(void)arg;
	return rv != CKR_OK ? rv : put_ulong(out, o->key.touch);
}

CK_RV val_origin(struct object *o, CK_ULONG arg, struct buf *out)
{
	CK_RV rv = object_key(o);

	(void)arg;
	return rv != CKR_OK ? rv : put_ulong(out, o->key.origin);
}

CK_RV val_spki(struct object *o, CK_ULONG arg, struct buf *out)
{
	CK_RV rv = object_key(o);

	(void)arg;
	if (rv == CKR_OK)
		buf_rd(out, pubkey_spki(o->key.pub));
	return rv;
}

CK_RV val_put_modulus(const struct pubkey *k, struct buf *out)
{
	struct rd n, e;

	if (pubkey_rsa(k, &n, &e) != ECERT_OK)
		return CKR_ATTRIBUTE_TYPE_INVALID;
	buf_rd(out, n);
	return put_done(out);
}

CK_RV val_put_exponent(const struct pubkey *k, struct buf *out)
{
	struct rd n, e;

	if (pubkey_rsa(k, &n, &e) != ECERT_OK)
		return CKR_ATTRIBUTE_TYPE_INVALID;
	buf_rd(out, e);
	return put_done(out);
}

CK_RV val_put_ec_params(const struct pubkey *k, struct buf *out)
{
	const struct alg *a = alg_row(pubkey_alg(k));

	if (!a || a->family == FAMILY_RSA)
		return CKR_ATTRIBUTE_TYPE_INVALID;
	buf_rd(out, a->params);
	return put_done(out);
}

/* 6.3.3: a point in a DER OCTET STRING; 6.3.5, 6.3.7: the bytes of RFC 8032 and RFC 7748. */
CK_RV val_put_ec_point(const struct pubkey *k, struct buf *out)
{
	const struct alg *a = alg_row(pubkey_alg(k));
	struct rd point;

	if (!a || pubkey_point(k, &point) != ECERT_OK)
		return CKR_ATTRIBUTE_TYPE_INVALID;
	if (a->family == FAMILY_EDWARDS || a->family == FAMILY_MONTGOMERY)
		buf_rd(out, point);
	else
		tlv_put(out, DER_OCTETS, point);
	return put_done(out);
}

CK_RV val_modulus(struct object *o, CK_ULONG arg, struct buf *out)
{
	CK_RV rv = object_key(o);

	(void)arg;
	return rv != CKR_OK ? rv : val_put_modulus(o->key.pub, out);
}

CK_RV val_modulus_bits(struct object *o, CK_ULONG arg, struct buf *out)
{
	CK_RV rv = object_key(o);

	(void)arg;
	if (rv != CKR_OK)
		return rv;
	if (!row_of(o) || row_of(o)->family != FAMILY_RSA)
		return CKR_ATTRIBUTE_TYPE_INVALID;
	return put_ulong(out, row_of(o)->bits);
}

CK_RV val_exponent(struct object *o, CK_ULONG arg, struct buf *out)
{
	CK_RV rv = object_key(o);

	(void)arg;
	return rv != CKR_OK ? rv : val_put_exponent(o->key.pub, out);
}

CK_RV val_ec_params(struct object *o, CK_ULONG arg, struct buf *out)
{
	CK_RV rv = object_key(o);

	(void)arg;
	return rv != CKR_OK ? rv : val_put_ec_params(o->key.pub, out);
}

CK_RV val_ec_point(struct object *o, CK_ULONG arg, struct buf *out)
{
	CK_RV rv = object_key(o);

	(void)arg;
	return rv != CKR_OK ? rv : val_put_ec_point(o->key.pub, out);
}

/* arg: the family whose private parts these are; FAMILY_NONE: all but RSA. */
CK_RV val_secret(struct object *o, CK_ULONG arg, struct buf *out)
{
	CK_RV rv = object_key(o);
	bool rsa;

	(void)out;
	if (rv != CKR_OK)
		return rv;
	rsa = row_of(o) && row_of(o)->family == FAMILY_RSA;
	return rsa == (arg == FAMILY_RSA) ? CKR_ATTRIBUTE_SENSITIVE : CKR_ATTRIBUTE_TYPE_INVALID;
}
