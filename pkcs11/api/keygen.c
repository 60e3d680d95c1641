/* SPDX-License-Identifier: BSD-2-Clause */
/* C_GenerateKeyPair: the card makes the key (5.18.2). */
#include <string.h>

#include "crypto/der.h"
#include "pkcs11/op/able.h"
#include "pkcs11/template/keytempl.h"
#include "pkcs11/template/make.h"
#include "pkcs11/template/shape.h"
#include "pkcs11/object/write.h"

struct keygen_args {
	struct template pub, priv;
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
	return !e.n || rd_equal(e, rd_of(f4, sizeof f4)) ? CKR_OK : CKR_ATTRIBUTE_VALUE_INVALID;
}

/* A size for a curve, or a curve for RSA: it would say nothing of the key (6.1.2, 6.3.3). */
static bool of_other_family(const struct template *pub, enum key_family family)
{
	if (family == FAMILY_RSA)
		return template_get(pub->t, pub->n, CKA_EC_PARAMS);
	return template_get(pub->t, pub->n, CKA_MODULUS_BITS) ||
	       template_get(pub->t, pub->n, CKA_PUBLIC_EXPONENT);
}

static CK_RV keygen_alg(const struct mech *m, const struct keygen_args *a, enum key_alg *alg)
{
	CK_KEY_TYPE want = type_of(m->family), given = want;
	CK_ULONG bits = 0;
	struct rd params = template_bytes(a->pub.t, a->pub.n, CKA_EC_PARAMS);
	CK_RV rv = template_ulong(a->pub.t, a->pub.n, CKA_KEY_TYPE, &given);

	if (rv == CKR_OK && given == want)
		rv = template_ulong(a->priv.t, a->priv.n, CKA_KEY_TYPE, &given);
	if (rv == CKR_OK && (given != want || of_other_family(&a->pub, m->family)))
		rv = CKR_TEMPLATE_INCONSISTENT;
	if (rv == CKR_OK)
		rv = template_ulong(a->pub.t, a->pub.n, CKA_MODULUS_BITS, &bits);
	if (rv == CKR_OK)
		rv = check_exponent(template_bytes(a->pub.t, a->pub.n, CKA_PUBLIC_EXPONENT));
	if (rv != CKR_OK)
		return rv;
	if ((m->family == FAMILY_RSA && !bits) || (m->family == FAMILY_EC && !params.n))
		return CKR_TEMPLATE_INCOMPLETE;
	rv = m->family == FAMILY_RSA && (bits < m->min || bits > m->max)
		 ? CKR_KEY_SIZE_RANGE
		 : make_alg(want, params, bits, alg);
	/* 5.18.2 has no word for sizes */
	return rv == CKR_KEY_SIZE_RANGE ? CKR_ATTRIBUTE_VALUE_INVALID : rv;
}

/*
 * 4.4: CKA_TOKEN is FALSE unless it is said, and a private key of a session would be a key of
 * software. A public key may well be one of the session; the token has it all the same.
 */
static CK_RV keygen_tokens(struct keygen_args *a)
{
	bool on_token = false, pub_on_token = false;
	CK_RV rv = template_bool(a->priv.t, a->priv.n, CKA_TOKEN, &on_token);

	if (rv == CKR_OK)
		rv = template_bool(a->pub.t, a->pub.n, CKA_TOKEN, &pub_on_token);
	a->pub.in_memory = !pub_on_token;
	return rv != CKR_OK ? rv : on_token ? CKR_OK : CKR_TEMPLATE_INCONSISTENT;
}

static CK_RV keygen_names(const struct keygen_args *a, struct new_name *out)
{
	struct rd pub_id = template_bytes(a->pub.t, a->pub.n, CKA_ID);

	*out = (struct new_name){.class = CKO_PRIVATE_KEY,
	    .id = template_bytes(a->priv.t, a->priv.n, CKA_ID),
	    .label = template_bytes(a->priv.t, a->priv.n, CKA_LABEL),
	    .pub_label = template_bytes(a->pub.t, a->pub.n, CKA_LABEL)};
	if (out->id.n && pub_id.n && !rd_equal(out->id, pub_id))
		return CKR_TEMPLATE_INCONSISTENT;
	if (!out->id.n)
		out->id = pub_id;
	if (!out->label.n)
		out->label = out->pub_label;
	return CKR_OK;
}

/* What is asked for, before anything is looked for on the card. */
static CK_RV keygen_plan(
    struct session *s, const struct keygen_args *a, enum key_alg alg, struct new_name *name)
{
	CK_RV rv = keygen_names(a, name);

	if (rv == CKR_OK)
		rv = write_permitted(&s->at);
	if (rv == CKR_OK)
		rv = keytempl_check(&s->at, alg, &a->pub, &a->priv, true);
	if (rv == CKR_OK)
		rv = keytempl_deny(&s->at, alg, &a->pub, &a->priv, &name->deny);
	return rv;
}

/* The mechanism is listed: this card lacks the size or the curve (5.18.2 has no word for sizes). */
static CK_RV keygen_rv(const struct mech *m, enum ecert_rc rc)
{
	if (rc != ECERT_E_UNSUPPORTED && rc != ECERT_E_DATA) /* 6A81, 6A80 */
		return write_rv(rc);
	return m->family == FAMILY_RSA ? CKR_ATTRIBUTE_VALUE_INVALID : CKR_CURVE_NOT_SUPPORTED;
}

/* With the slot's places locked. */
static CK_RV keygen_at_place(struct session *s, const struct mech *m, const struct keygen_args *a,
    struct token_newkey *spec, struct pubkey **pub)
{
	struct naming naming;
	struct new_name name;
	bool always = false;
	unsigned place = 0;
	CK_RV rv = keygen_plan(s, a, spec->alg, &name);

	if (rv == CKR_OK)
		rv = keytempl_always(&a->priv, &always);
	if (rv == CKR_OK)
		rv = place_for_key(s, name.id, always, &place);
	if (rv == CKR_OK)
		rv = keytempl_policies(&a->priv, place, spec);
	if (rv == CKR_OK)
		rv = naming_begin(s, place, &name, &naming);
	if (rv != CKR_OK)
		return rv;
	spec->ref = place_ref(place);
	rv = naming_end(&naming, keygen_rv(m, token_key_generate(&s->at, spec, pub)));
	/* or the next program would take the place for a free one */
	if (rv == CKR_OK)
		rv = write_rv(token_public_keep(&s->at, spec->ref, *pub));
	if (rv == CKR_OK)
		able_forget(&s->at, spec->ref);
	return rv;
}

/* A public key that was not asked for on the token. */
static CK_RV public_in_memory(
    struct session *s, const struct keygen_args *a, const struct pubkey *pub, CK_OBJECT_HANDLE *out)
{
	struct stored *o = NULL;
	CK_RV rv = stored_new(&o);

	if (rv == CKR_OK)
		rv = make_common(o, a->pub.t, a->pub.n);
	if (rv == CKR_OK)
		rv = stored_set_ulong(o, CKA_CLASS, CKO_PUBLIC_KEY);
	if (rv == CKR_OK)
		rv = stored_set(o, CKA_PUBLIC_KEY_INFO, pubkey_spki(pub));
	if (rv == CKR_OK)
		rv = make_public(o);
	if (rv == CKR_OK)
		rv = stored_set_bool(o, CKA_LOCAL, true);
	if (rv == CKR_OK)
		rv = shape_defaults(o, CKO_PUBLIC_KEY);
	if (rv == CKR_OK)
		rv = store_add(s->handle, s->at.slot, o, out);
	if (rv != CKR_OK)
		stored_free(&o);
	return rv;
}

static CK_RV keygen(struct session *s, const struct mech *m, struct keygen_args *a,
    CK_OBJECT_HANDLE *pub_out, CK_OBJECT_HANDLE *priv_out)
{
	struct pubkey *pub = NULL;
	struct token_newkey spec = {.alg = KEY_NONE};
	unsigned place = 0;
	CK_RV rv = keygen_alg(m, a, &spec.alg);

	if (rv == CKR_OK)
		rv = keygen_tokens(a);
	if (rv == CKR_OK && !s->rw)
		rv = CKR_SESSION_READ_ONLY;
	if (rv != CKR_OK)
		return rv;
	places_lock(s);
	rv = keygen_at_place(s, m, a, &spec, &pub);
	places_unlock(s);
	if (rv == CKR_OK && place_of_ref(spec.ref, &place)) {
		*priv_out = object_handle(&s->at, OBJECT_PRIVATE, place);
		*pub_out = object_handle(&s->at, OBJECT_PUBLIC, place);
	}
	/* without memory for it, the token's own is as good */
	if (rv == CKR_OK && a->pub.in_memory && public_in_memory(s, a, pub, pub_out) != CKR_OK)
		*pub_out = object_handle(&s->at, OBJECT_PUBLIC, place);
	pubkey_free(&pub);
	return rv;
}

CK_RV C_GenerateKeyPair(CK_SESSION_HANDLE hSession, CK_MECHANISM_PTR pMechanism,
    CK_ATTRIBUTE_PTR pPublicKeyTemplate, CK_ULONG ulPublicKeyAttributeCount,
    CK_ATTRIBUTE_PTR pPrivateKeyTemplate, CK_ULONG ulPrivateKeyAttributeCount,
    CK_OBJECT_HANDLE_PTR phPublicKey, CK_OBJECT_HANDLE_PTR phPrivateKey)
{
	struct keygen_args a = {.pub = {.t = pPublicKeyTemplate, .n = ulPublicKeyAttributeCount},
	    .priv = {.t = pPrivateKeyTemplate, .n = ulPrivateKeyAttributeCount}};
	struct session *s;
	const struct mech *m;
	CK_RV rv = session_enter(__func__, hSession,
	    pMechanism && (pPublicKeyTemplate || !ulPublicKeyAttributeCount) &&
		(pPrivateKeyTemplate || !ulPrivateKeyAttributeCount) && phPublicKey && phPrivateKey,
	    &s);

	if (rv != CKR_OK)
		return rv;
	m = mech_find(pMechanism->mechanism);
	if (!m || m->use != USE_KEYGEN || !able_mech(&s->at, m))
		rv = CKR_MECHANISM_INVALID;
	else if (pMechanism->ulParameterLen)
		rv = CKR_MECHANISM_PARAM_INVALID;
	if (rv == CKR_OK)
		rv = template_check(a.pub.t, a.pub.n);
	if (rv == CKR_OK)
		rv = template_check(a.priv.t, a.priv.n);
	if (rv == CKR_OK)
		rv = shape_check(CKO_PUBLIC_KEY, a.pub.t, a.pub.n, true);
	if (rv == CKR_OK)
		rv = shape_check(CKO_PRIVATE_KEY, a.priv.t, a.priv.n, true);
	if (rv == CKR_OK)
		rv = keygen(s, m, &a, phPublicKey, phPrivateKey);
	return session_leave(__func__, s, rv);
}
