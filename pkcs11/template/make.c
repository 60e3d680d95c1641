/* SPDX-License-Identifier: BSD-2-Clause */
/* Public keys out of templates, and which algorithm a template means. */
#include "pkcs11/template/make.h"

#include <string.h>

#include "crypto/der.h"
#include "crypto/random.h"
#include "pkcs11/object/attrval.h"
#include "util/hex.h"

#define CARD_POINT 0x86 /* SP 800-73-5 part 2, table 11 */

CK_RV make_unique(uint8_t out[16])
{
	uint8_t raw[8];
	char text[17];
	enum ecert_rc rc = random_bytes(raw, sizeof raw);

	hex_str(rd_of(raw, sizeof raw), text);
	memcpy(out, text, 16);
	return p11_rv(rc);
}

static const struct {
	CK_KEY_TYPE type;
	enum key_family family;
} families[] = {
    {CKK_RSA, FAMILY_RSA},
    {CKK_EC, FAMILY_EC},
    {CKK_EC_EDWARDS, FAMILY_EDWARDS},
    {CKK_EC_MONTGOMERY, FAMILY_MONTGOMERY},
    {CKK_ECERT_SM2, FAMILY_SM2},
};

static enum key_family family_of(CK_KEY_TYPE type)
{
	for (size_t i = 0; i < sizeof families / sizeof families[0]; i++)
		if (families[i].type == type)
			return families[i].family;
	return FAMILY_NONE;
}

/* 6.3.3: an OID, or for the curves of RFC 8410 a PrintableString with the curve's name. */
static bool params_fit(const struct alg *a, struct rd params)
{
	static const struct {
		enum key_alg alg;
		const char *name;
		struct rd oid;
	} other[] = {
	    {KEY_ED25519,
		"\x13\x0c"
		"edwards25519",
		{(const uint8_t *)"\x06\x03\x2b\x65\x70", 5}},
	    {KEY_X25519,
		"\x13\x0a"
		"curve25519",
		{(const uint8_t *)"\x06\x03\x2b\x65\x6e", 5}},
	};

	if (rd_equal(a->params, params))
		return true;
	for (size_t i = 0; i < sizeof other / sizeof other[0]; i++)
		if (other[i].alg == a->id &&
		    (rd_equal(other[i].oid, params) ||
			rd_equal(rd_of(other[i].name, strlen(other[i].name)), params)))
			return true;
	return false;
}

/* 6.3: by OID or by name; parameters written out are no representation that we take. */
static bool names_a_curve(struct rd params)
{
	struct rd inner;

	return der_only(params, DER_OID, &inner) == ECERT_OK ||
	       der_only(params, DER_PRINTABLE, &inner) == ECERT_OK;
}

CK_RV make_alg(CK_KEY_TYPE type, struct rd ec_params, CK_ULONG bits, enum key_alg *out)
{
	enum key_family family = family_of(type);

	if (family == FAMILY_NONE)
		return CKR_ATTRIBUTE_VALUE_INVALID;
	for (int id = KEY_NONE + 1; id < KEY_ALG_COUNT; id++) {
		const struct alg *a = alg_row((enum key_alg)id);

		if (!a || a->family != family)
			continue;
		/* one curve only: parameters may be left out */
		if (family == FAMILY_RSA
			? a->bits == bits
			: (params_fit(a, ec_params) || (!ec_params.n && family != FAMILY_EC))) {
			*out = a->id;
			return CKR_OK;
		}
	}
	if (family == FAMILY_RSA)
		return CKR_KEY_SIZE_RANGE;
	return names_a_curve(ec_params) ? CKR_CURVE_NOT_SUPPORTED : CKR_DOMAIN_PARAMS_INVALID;
}

static struct rd view_of(const struct stored *o, CK_ATTRIBUTE_TYPE type)
{
	const struct stored_attr *a = stored_get(o, type);

	return a ? rd_of(a->value, a->len) : rd_of(NULL, 0);
}

/* The point as a card gives it: bare, whatever wrapping the caller chose. */
static struct rd bare_point(const struct alg *a, struct rd point)
{
	struct rd inner;

	if (point.n != a->point && der_only(point, DER_OCTETS, &inner) == ECERT_OK)
		return inner;
	return point;
}

static CK_RV public_from_parts(const struct stored *o, CK_KEY_TYPE type, struct pubkey **out)
{
	struct buf card = BUF_INIT(2048);
	struct rd modulus = der_strip(view_of(o, CKA_MODULUS));
	struct rd exponent = view_of(o, CKA_PUBLIC_EXPONENT);
	struct rd point = view_of(o, CKA_EC_POINT);
	enum key_alg alg = KEY_NONE;
	CK_RV rv;

	if (type == CKK_RSA ? !modulus.n || !exponent.n : !point.n)
		return CKR_TEMPLATE_INCOMPLETE;
	if (type == CKK_EC && !view_of(o, CKA_EC_PARAMS).n)
		return CKR_TEMPLATE_INCOMPLETE;
	/* the host verifies with every size between the mechanisms' limits */
	if (type == CKK_RSA)
		return pubkey_from_rsa(modulus, exponent, out) != ECERT_OK
			   ? CKR_ATTRIBUTE_VALUE_INVALID
			   : CKR_OK;
	rv = make_alg(type, view_of(o, CKA_EC_PARAMS), 0, &alg);
	if (rv != CKR_OK)
		return rv;
	tlv_put(&card, CARD_POINT, bare_point(alg_row(alg), point));
	if (pubkey_from_card(alg, buf_view(&card), out) != ECERT_OK)
		rv = CKR_ATTRIBUTE_VALUE_INVALID;
	buf_free(&card);
	return rv;
}

/* One attribute that follows from the key itself. */
static CK_RV complete(
    struct stored *o, CK_ATTRIBUTE_TYPE type, CK_RV (*put)(const struct pubkey *, struct buf *))
{
	struct buf value = BUF_INIT(2048);
	CK_RV rv = put(o->pub, &value);

	if (rv == CKR_ATTRIBUTE_TYPE_INVALID)
		rv = CKR_OK;
	else if (rv == CKR_OK)
		rv = stored_set(o, type, buf_view(&value));
	buf_free(&value);
	return rv;
}

static CK_RV put_type(const struct pubkey *k, struct buf *out)
{
	return val_put_key_type(pubkey_alg(k), out);
}

/* What the template says of the key beside the key itself must be so (4.1.1). */
static CK_RV agrees(const struct stored *o, CK_ULONG type)
{
	const struct stored_attr *bits = stored_get(o, CKA_MODULUS_BITS);
	const struct alg *a = pubkey_row(o->pub);
	const CK_ULONG size = a->bits;

	if (type != CK_UNAVAILABLE_INFORMATION && family_of(type) != a->family)
		return CKR_TEMPLATE_INCONSISTENT;
	if (bits && (a->family != FAMILY_RSA || memcmp(bits->value, &size, sizeof size) != 0))
		return CKR_TEMPLATE_INCONSISTENT;
	return CKR_OK;
}

static CK_RV put_info(const struct pubkey *k, struct buf *out)
{
	buf_rd(out, pubkey_spki(k));
	return CKR_OK;
}

CK_RV make_public(struct stored *o)
{
	struct rd info = view_of(o, CKA_PUBLIC_KEY_INFO);
	struct rd type_bytes = view_of(o, CKA_KEY_TYPE);
	CK_KEY_TYPE type = CK_UNAVAILABLE_INFORMATION;
	const struct alg *a;
	CK_RV rv = CKR_OK;

	if (type_bytes.n == sizeof type)
		memcpy(&type, type_bytes.p, sizeof type);
	else if (type_bytes.n || !info.n)
		return type_bytes.n ? CKR_ATTRIBUTE_VALUE_INVALID : CKR_TEMPLATE_INCOMPLETE;
	if (info.n)
		rv = pubkey_from_any_spki(info, &o->pub) != ECERT_OK ? CKR_ATTRIBUTE_VALUE_INVALID
								     : CKR_OK;
	else
		rv = public_from_parts(o, type, &o->pub);
	if (rv != CKR_OK)
		return rv;
	a = pubkey_row(o->pub);
	rv = agrees(o, type);
	if (rv == CKR_OK)
		rv = complete(o, CKA_KEY_TYPE, put_type);
	if (rv == CKR_OK)
		rv = complete(o, CKA_PUBLIC_KEY_INFO, put_info);
	if (rv == CKR_OK)
		rv = complete(o, CKA_MODULUS, val_put_modulus);
	if (rv == CKR_OK)
		rv = complete(o, CKA_PUBLIC_EXPONENT, val_put_exponent);
	if (rv == CKR_OK)
		rv = complete(o, CKA_EC_PARAMS, val_put_ec_params);
	if (rv == CKR_OK)
		rv = complete(o, CKA_EC_POINT, val_put_ec_point);
	if (rv == CKR_OK && a->family == FAMILY_RSA)
		rv = stored_set_ulong(o, CKA_MODULUS_BITS, a->bits);
	if (rv == CKR_OK)
		rv = stored_set_bool(o, CKA_LOCAL, false);
	if (rv == CKR_OK && !stored_get(o, CKA_VERIFY))
		rv = stored_set_bool(o, CKA_VERIFY, a->can_sign);
	if (rv == CKR_OK && !stored_get(o, CKA_ID))
		rv = stored_set(o, CKA_ID, rd_of(NULL, 0));
	return rv;
}

CK_RV find_public(struct session *s, const CK_ATTRIBUTE *t, CK_ULONG n, CK_OBJECT_HANDLE *out)
{
	struct stored *given = NULL;
	CK_RV rv = stored_new(&given);
	bool found = false;

	if (rv == CKR_OK)
		rv = make_common(given, t, n);
	if (rv == CKR_OK)
		rv = make_public(given);
	for (unsigned place = 0; place < PLACE_F9 && rv == CKR_OK && !found; place++) {
		struct object o;

		object_init(&o, &s->at, OBJECT_PUBLIC, place);
		rv = object_load(&o);
		found = rv == CKR_OK && pubkey_equal(o.key.pub, given->pub);
		if (found)
			*out = o.handle;
		if (rv == CKR_OBJECT_HANDLE_INVALID)
			rv = CKR_OK;
		object_close(&o);
	}
	stored_free(&given);
	return rv != CKR_OK ? rv : found ? CKR_OK : CKR_TEMPLATE_INCONSISTENT;
}
