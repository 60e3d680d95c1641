/* SPDX-License-Identifier: BSD-2-Clause */
/* C_GenerateKeyPair: the card makes the key (5.18.2). */
#include <string.h>

#include "crypto/der.h"
#include "pkcs11/able.h"
#include "pkcs11/make.h"
#include "pkcs11/place.h"
#include "pkcs11/shape.h"
#include "pkcs11/write.h"

struct keygen_args {
	const CK_ATTRIBUTE *pub, *priv;
	CK_ULONG n_pub, n_priv;
};

static CK_KEY_TYPE type_of(enum key_family family)
{
	switch (family) {
	case FAMILY_RSA:
		return CKK_RSA;
	case FAMILY_EC:
		return CKK_EC;
	case FAMILY_EDWARDS:
		return CKK_EC_EDWARDS;
	case FAMILY_MONTGOMERY:
		return CKK_EC_MONTGOMERY;
	default:
		return CKK_ECERT_SM2;
	}
}

/* PIV's exponent is 65537 (SP 800-78-5, 3.1). */
static CK_RV check_exponent(struct rd e)
{
	static const uint8_t f4[] = {1, 0, 1};

	e = der_strip(e);
	return !e.n || rd_equal(e, rd_of(f4, sizeof(f4))) ? CKR_OK : CKR_ATTRIBUTE_VALUE_INVALID;
}

static CK_RV keygen_alg(const struct mech *m, const struct keygen_args *a, enum key_alg *alg)
{
	CK_KEY_TYPE want = type_of(m->family), given = want;
	CK_ULONG bits = 0;
	struct rd params = template_bytes(a->pub, a->n_pub, CKA_EC_PARAMS);
	CK_RV rv = template_ulong(a->pub, a->n_pub, CKA_KEY_TYPE, &given);

	if (!rv && given == want)
		rv = template_ulong(a->priv, a->n_priv, CKA_KEY_TYPE, &given);
	if (!rv && given != want)
		rv = CKR_TEMPLATE_INCONSISTENT;
	if (!rv)
		rv = template_ulong(a->pub, a->n_pub, CKA_MODULUS_BITS, &bits);
	if (!rv)
		rv = check_exponent(template_bytes(a->pub, a->n_pub, CKA_PUBLIC_EXPONENT));
	if (rv)
		return rv;
	if ((m->family == FAMILY_RSA && !bits) || (m->family == FAMILY_EC && !params.n))
		return CKR_TEMPLATE_INCOMPLETE;
	if (m->family == FAMILY_RSA && (bits < m->min || bits > m->max))
		return CKR_KEY_SIZE_RANGE;
	return make_alg(want, params, bits, alg);
}

/* A token's private keys are on the token, cannot be read, and belong to the PIN. */
static CK_RV keygen_private(const struct keygen_args *a)
{
	bool on_token = true, sensitive = true, extractable = false;
	CK_RV rv = template_bool(a->priv, a->n_priv, CKA_TOKEN, &on_token);

	if (!rv)
		rv = template_bool(a->priv, a->n_priv, CKA_SENSITIVE, &sensitive);
	if (!rv)
		rv = template_bool(a->priv, a->n_priv, CKA_EXTRACTABLE, &extractable);
	if (!rv && (!on_token || !sensitive || extractable))
		rv = CKR_TEMPLATE_INCONSISTENT;
	return rv;
}

static CK_RV keygen_names(const struct keygen_args *a, struct rd *id, struct rd *label)
{
	struct rd pub_id = template_bytes(a->pub, a->n_pub, CKA_ID);

	*id = template_bytes(a->priv, a->n_priv, CKA_ID);
	*label = template_bytes(a->priv, a->n_priv, CKA_LABEL);
	if (id->n && pub_id.n && !rd_equal(*id, pub_id))
		return CKR_TEMPLATE_INCONSISTENT;
	if (!id->n)
		*id = pub_id;
	if (!label->n)
		*label = template_bytes(a->pub, a->n_pub, CKA_LABEL);
	return CKR_OK;
}

/* With the slot's places locked. */
static CK_RV keygen_at_place(
    struct session *s, const struct mech *m, const struct keygen_args *a, unsigned *place)
{
	struct token_newkey spec = {.alg = KEY_NONE};
	struct pubkey *pub = NULL;
	struct naming naming;
	struct rd id = {NULL, 0}, label = {NULL, 0};
	CK_RV rv = keygen_alg(m, a, &spec.alg);

	if (!rv)
		rv = keygen_private(a);
	if (!rv)
		rv = write_policies(a->priv, a->n_priv, &spec);
	if (!rv)
		rv = write_permitted(&s->at);
	if (!rv)
		rv = keygen_names(a, &id, &label);
	if (!rv)
		rv = place_for_key(s, id, spec.pin == PIN_ALWAYS, place);
	if (!rv)
		rv = naming_begin(s, *place, id, label, CKO_PRIVATE_KEY, &naming);
	if (rv)
		return rv;
	spec.ref = place_ref(*place);
	rv = naming_end(&naming, p11_rv(token_key_generate(&s->at, &spec, &pub)));
	pubkey_free(&pub);
	if (!rv)
		able_forget(&s->at, spec.ref);
	if (rv != CKR_FUNCTION_NOT_SUPPORTED && rv != CKR_DATA_INVALID) /* 6A81, 6A80 */
		return rv;
	/* the mechanism is listed: this card lacks the size or the curve */
	return m->family == FAMILY_RSA ? CKR_KEY_SIZE_RANGE : CKR_CURVE_NOT_SUPPORTED;
}

CK_RV C_GenerateKeyPair(CK_SESSION_HANDLE hSession, CK_MECHANISM_PTR pMechanism,
    CK_ATTRIBUTE_PTR pPublicKeyTemplate, CK_ULONG ulPublicKeyAttributeCount,
    CK_ATTRIBUTE_PTR pPrivateKeyTemplate, CK_ULONG ulPrivateKeyAttributeCount,
    CK_OBJECT_HANDLE_PTR phPublicKey, CK_OBJECT_HANDLE_PTR phPrivateKey)
{
	const struct keygen_args a = {pPublicKeyTemplate, pPrivateKeyTemplate,
	    ulPublicKeyAttributeCount, ulPrivateKeyAttributeCount};
	struct session *s;
	const struct mech *m;
	unsigned place = 0;
	CK_RV rv = session_enter(__func__, hSession,
	    pMechanism && (pPublicKeyTemplate || !ulPublicKeyAttributeCount) &&
		(pPrivateKeyTemplate || !ulPrivateKeyAttributeCount) && phPublicKey && phPrivateKey,
	    &s);

	if (rv)
		return rv;
	m = mech_find(pMechanism->mechanism);
	if (!m || m->use != USE_KEYGEN || !able_mech(&s->at, m))
		rv = CKR_MECHANISM_INVALID;
	else if (pMechanism->ulParameterLen)
		rv = CKR_MECHANISM_PARAM_INVALID;
	else if (!s->rw)
		rv = CKR_SESSION_READ_ONLY;
	if (!rv)
		rv = template_check(a.pub, a.n_pub);
	if (!rv)
		rv = template_check(a.priv, a.n_priv);
	if (!rv)
		rv = shape_check(CKO_PUBLIC_KEY, a.pub, a.n_pub, true);
	if (!rv)
		rv = shape_check(CKO_PRIVATE_KEY, a.priv, a.n_priv, true);
	if (!rv) {
		places_lock(s);
		rv = keygen_at_place(s, m, &a, &place);
		places_unlock(s);
	}
	if (!rv) {
		*phPublicKey = object_handle(&s->at, OBJECT_PUBLIC, place);
		*phPrivateKey = object_handle(&s->at, OBJECT_PRIVATE, place);
	}
	return session_leave(__func__, s, rv);
}
