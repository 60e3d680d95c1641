/* SPDX-License-Identifier: BSD-2-Clause */
/* The table of attributes of token keys that cannot be chosen, and the uses and policies that can.
 */
#include "pkcs11/template/keytempl.h"

#include "ecert/piv_const.h"
#include "pkcs11/op/able.h"

#define PUB    1u
#define PRIV   2u
#define MEMORY 4u /* a public key of the session */

enum wish {
	NO,	 /* CK_FALSE */
	YES,	 /* CK_TRUE */
	NOTHING, /* an empty value */
	NO_PART, /* of a key that the card makes (4.9 and 6, footnote 4) */
	NAMES,	 /* as the card keeps names */
	DELETES, /* as the card deletes keys */
};

static const struct {
	CK_ATTRIBUTE_TYPE type;
	unsigned of;
	enum wish wish;
} fixed[] = {
    {CKA_PRIVATE, PUB, NO},
    {CKA_DESTROYABLE, PUB, NO}, /* it goes with its private key */
    {CKA_DESTROYABLE, PRIV, DELETES},
    {CKA_MODIFIABLE, PUB | PRIV, NAMES},
    {CKA_COPYABLE, PUB, YES},
    {CKA_COPYABLE, PRIV, NO},
    {CKA_SENSITIVE, PRIV, YES},
    {CKA_EXTRACTABLE, PRIV, NO},
    {CKA_WRAP_WITH_TRUSTED, PRIV, NO},
    {CKA_START_DATE, PUB | PRIV, NOTHING},
    {CKA_END_DATE, PUB | PRIV, NOTHING},
    {CKA_SUBJECT, PUB | PRIV, NOTHING}, /* the certificate's */
    {CKA_ALLOWED_MECHANISMS, PUB | PRIV, NOTHING},
    {CKA_WRAP_TEMPLATE, PUB, NOTHING},
    {CKA_UNWRAP_TEMPLATE, PRIV, NOTHING},
    {CKA_DERIVE_TEMPLATE, PRIV, NOTHING},
    {CKA_PUBLIC_KEY_INFO, PUB | MEMORY | PRIV, NO_PART},
    {CKA_MODULUS, PUB | MEMORY | PRIV, NO_PART},
    {CKA_EC_POINT, PUB | MEMORY, NO_PART},
    {CKA_PUBLIC_EXPONENT, PRIV, NO_PART},
    {CKA_PRIVATE_EXPONENT, PRIV, NO_PART},
    {CKA_PRIME_1, PRIV, NO_PART},
    {CKA_PRIME_2, PRIV, NO_PART},
    {CKA_EXPONENT_1, PRIV, NO_PART},
    {CKA_EXPONENT_2, PRIV, NO_PART},
    {CKA_COEFFICIENT, PRIV, NO_PART},
    {CKA_VALUE, PRIV, NO_PART},
};

/* What the card itself decides. */
struct card_says {
	bool names, deletes, made;
};

static bool granted(const CK_ATTRIBUTE *a, enum wish wish, const struct card_says *card)
{
	bool on = a->ulValueLen == sizeof(CK_BBOOL) && *(const CK_BBOOL *)a->pValue;

	switch (wish) {
	case NO:
		return !on;
	case YES:
		return on;
	case NOTHING:
		return a->ulValueLen == 0;
	case NO_PART:
		return !card->made;
	case NAMES:
		return on == card->names;
	default:
		return on == card->deletes;
	}
}

static CK_RV check_fixed(const struct template *t, unsigned of, const struct card_says *card)
{
	for (size_t i = 0; i < sizeof fixed / sizeof fixed[0]; i++) {
		const CK_ATTRIBUTE *a = template_get(t->t, t->n, fixed[i].type);

		if (a && fixed[i].of & of && !granted(a, fixed[i].wish, card))
			return CKR_TEMPLATE_INCONSISTENT;
	}
	return CKR_OK;
}

/* ---- uses ---- */

/* Wrapping, recovering and encrypting are no commands of PIV, and any program can do with the
 * public key what they ask: many clients name them all, and nothing is kept of it. */
static const struct {
	CK_ATTRIBUTE_TYPE type;
	unsigned of;
	uint8_t bit;
} uses[] = {
    {CKA_SIGN, PRIV, 1u << TOKEN_SIGN},
    {CKA_DECRYPT, PRIV, 1u << TOKEN_DECRYPT},
    {CKA_DERIVE, PRIV, 1u << TOKEN_DERIVE},
    {CKA_VERIFY, PUB, DENY_VERIFY},
};

static uint8_t possible(enum key_alg alg)
{
	const struct alg *a = alg_row(alg);

	return (uint8_t)((a->can_sign ? 1u << TOKEN_SIGN | DENY_VERIFY : 0u) |
			 (a->can_decrypt ? 1u << TOKEN_DECRYPT : 0u) |
			 (a->can_derive ? 1u << TOKEN_DERIVE : 0u));
}

/* *wanted, *refused: what the templates say TRUE and FALSE of. */
static CK_RV said_of_uses(
    const struct template *pub, const struct template *priv, uint8_t *wanted, uint8_t *refused)
{
	*wanted = *refused = 0;
	for (size_t i = 0; i < sizeof uses / sizeof uses[0]; i++) {
		const struct template *t = uses[i].of == PUB ? pub : priv;
		bool on = false;
		CK_RV rv = template_bool(t->t, t->n, uses[i].type, &on);

		if (rv != CKR_OK)
			return rv;
		if (template_get(t->t, t->n, uses[i].type) && (on || !t->in_memory))
			*(on ? wanted : refused) |= uses[i].bit;
	}
	return CKR_OK;
}

CK_RV keytempl_check(const struct token_at *at, enum key_alg alg, const struct template *pub,
    const struct template *priv, bool made)
{
	struct token_names names;
	struct card_says card = {.made = made, .deletes = able_delete(at)};
	uint8_t wanted, refused;
	CK_RV rv = p11_rv(token_names(at, &names));

	card.names = names.kept;
	if (rv == CKR_OK)
		rv = check_fixed(pub, pub->in_memory ? MEMORY : PUB, &card);
	if (rv == CKR_OK)
		rv = check_fixed(priv, PRIV, &card);
	if (rv == CKR_OK)
		rv = said_of_uses(pub, priv, &wanted, &refused);
	if (rv == CKR_OK && wanted & ~possible(alg))
		rv = CKR_TEMPLATE_INCONSISTENT;
	return rv;
}

CK_RV keytempl_deny(const struct token_at *at, enum key_alg alg, const struct template *pub,
    const struct template *priv, uint8_t *deny)
{
	struct token_names names;
	uint8_t wanted;
	CK_RV rv = said_of_uses(pub, priv, &wanted, deny);

	*deny = rv != CKR_OK ? 0 : (uint8_t)(*deny & possible(alg));
	if (rv != CKR_OK || !*deny)
		return rv;
	rv = p11_rv(token_names(at, &names));
	if (rv != CKR_OK || names.kept)
		return rv;
	/* what a key is for beside signing is nobody's to say on such a card */
	if (*deny & (1u << TOKEN_SIGN | DENY_VERIFY))
		rv = CKR_TEMPLATE_INCONSISTENT;
	*deny = 0;
	return rv;
}

/* ---- policies ---- */

static CK_RV given_policies(const struct template *priv, CK_ULONG *pin, CK_ULONG *touch)
{
	CK_RV rv = template_ulong(priv->t, priv->n, CKA_ECERT_PIN_POLICY, pin);

	if (rv == CKR_OK)
		rv = template_ulong(priv->t, priv->n, CKA_ECERT_TOUCH_POLICY, touch);
	if (rv == CKR_OK && (*pin > PIN_ALWAYS || *touch > 3))
		rv = CKR_ATTRIBUTE_VALUE_INVALID;
	return rv;
}

CK_RV keytempl_always(const struct template *priv, bool *always)
{
	CK_ULONG pin = 0, touch = 0;
	CK_RV rv = given_policies(priv, &pin, &touch);

	*always = false;
	if (rv == CKR_OK)
		rv = template_bool(priv->t, priv->n, CKA_ALWAYS_AUTHENTICATE, always);
	*always = *always || pin == PIN_ALWAYS;
	return rv;
}

/* What PIV says of a place where nothing else is said. */
static CK_ULONG usual_pin(unsigned place)
{
	return pin_policy_of(place_ref(place), PIN_DEFAULT);
}

CK_RV keytempl_policies(const struct template *priv, unsigned place, struct token_newkey *spec)
{
	CK_ULONG pin = 0, touch = 0, want;
	bool always = false, private = true;
	bool says_always = template_get(priv->t, priv->n, CKA_ALWAYS_AUTHENTICATE);
	bool says_private = template_get(priv->t, priv->n, CKA_PRIVATE);
	CK_RV rv = given_policies(priv, &pin, &touch);

	if (rv == CKR_OK)
		rv = template_bool(priv->t, priv->n, CKA_ALWAYS_AUTHENTICATE, &always);
	if (rv == CKR_OK)
		rv = template_bool(priv->t, priv->n, CKA_PRIVATE, &private);
	if (rv != CKR_OK)
		return rv;
	want = pin ? pin : usual_pin(place);
	if (says_always && always != (want == PIN_ALWAYS))
		want = always ? PIN_ALWAYS : PIN_ONCE;
	if (says_private && private == (want == PIN_NEVER))
		want = private ? PIN_ONCE : PIN_NEVER;
	/* one of them was moved by another one, or by what the vendor's says */
	if ((pin && want != pin) || (says_always && always != (want == PIN_ALWAYS)) ||
	    (says_private && private == (want == PIN_NEVER)) ||
	    (!private && !pin && place_ref(place) != ECERT_KEY_9E))
		return CKR_TEMPLATE_INCONSISTENT;
	/* a card's own rule for the place need not be PIV's: what was asked for is said */
	spec->pin = pin || always || want != usual_pin(place) ? (enum pin_policy)want : PIN_DEFAULT;
	spec->touch = (enum touch_policy)touch;
	return CKR_OK;
}
