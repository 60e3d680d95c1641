/* SPDX-License-Identifier: BSD-2-Clause */
/* Tables of card models and uses, and the memory of what the cards in the slots have answered. */
#include "pkcs11/op/able.h"

#include <string.h>

#include "ecert/piv_const.h"
#include "pkcs11/module.h"
#include "pkcs11/object/names.h"

/* ---- cards ---- */

#define CURVES_25519 (1u << FAMILY_EDWARDS | 1u << FAMILY_MONTGOMERY)
#define SM2	     (1u << FAMILY_SM2)
#define BASE	     (1u << FAMILY_NONE | 1u << FAMILY_RSA | 1u << FAMILY_EC)

/* By token_info's model. since: the firmware from which on the last two columns hold; a card that
 * did not tell its own counts as new for what it lists, and as old for what it promises. */
static const struct model {
	const char *name;
	uint8_t since[2];
	unsigned families;
	bool deletes;
} models[] = {
    {.name = "e-Cert PIV", .families = CURVES_25519 | SM2, .deletes = true},
    {.name = "YubiKey", .since = {5, 7}, .families = CURVES_25519, .deletes = true},
    {.name = "CanoKey", .families = CURVES_25519 | SM2, .deletes = false},
};

/* What the card has answered: bits of enum token_op. */
struct uses {
	uint8_t yes, no;
};

/* What token_info has told of the card in a slot, and the card of its keys. Under p11.lock. */
static struct known {
	uint32_t generation; /* 0: nothing yet */
	unsigned families;
	bool deletes;
	struct uses key[PLACES];
	bool deny_known;
	uint8_t deny[PLACES];
} cards[TOKEN_SLOTS_MAX];

static bool is_before(const uint8_t have[2], const uint8_t want[2])
{
	return have[0] < want[0] || (have[0] == want[0] && have[1] < want[1]);
}

/* Of the keys that the card may have, as the token layer knows it. */
static unsigned families_of(uint32_t algs)
{
	unsigned out = 0;

	for (unsigned alg = KEY_NONE + 1; alg < KEY_ALG_COUNT; alg++)
		if (algs >> alg & 1u)
			out |= 1u << alg_row((enum key_alg)alg)->family;
	return out;
}

static void learn(struct known *c, const struct token_info *info)
{
	bool told = info->firmware[0] || info->firmware[1];

	*c = (struct known){
	    .generation = info->generation, .families = BASE | families_of(info->algs)};
	for (size_t i = 0; i < sizeof models / sizeof models[0]; i++) {
		const struct model *m = &models[i];
		bool any = !m->since[0] && !m->since[1];

		if (strcmp(m->name, info->model) != 0)
			continue;
		if (any || !told || !is_before(info->firmware, m->since))
			c->families |= m->families;
		else
			c->families &= ~m->families;
		c->deletes = m->deletes && (any || (told && !is_before(info->firmware, m->since)));
	}
	if (info->can_delete_known)
		c->deletes = info->can_delete;
}

void able_learn(const struct token_at *at, const struct token_info *info)
{
	(void)pthread_mutex_lock(&p11.lock);
	if (cards[at->slot].generation != info->generation)
		learn(&cards[at->slot], info);
	(void)pthread_mutex_unlock(&p11.lock);
}

/* A copy of what is known of the card that is in the slot now. */
static struct known card_of(const struct token_at *at)
{
	struct token_info info;
	struct token_slot now = {.generation = at->generation};
	struct known out = {.families = BASE};

	if (!at->generation && tokens_slot(at->tokens, at->slot, &now) != ECERT_OK)
		return out;
	(void)pthread_mutex_lock(&p11.lock);
	if (now.generation && cards[at->slot].generation == now.generation)
		out = cards[at->slot];
	(void)pthread_mutex_unlock(&p11.lock);
	if (out.generation || token_info(at, &info) != ECERT_OK)
		return out;
	able_learn(at, &info);
	(void)pthread_mutex_lock(&p11.lock);
	out = cards[at->slot];
	(void)pthread_mutex_unlock(&p11.lock);
	return out;
}

bool able_mech(const struct token_at *at, const struct mech *m)
{
	if ((1u << m->family) & BASE)
		return true;
	return (card_of(at).families >> m->family & 1u) != 0;
}

CK_ULONG able_min(const struct token_at *at, const struct mech *m)
{
	if (m->use == USE_ECDH && !(card_of(at).families >> FAMILY_MONTGOMERY & 1u))
		return alg_row(KEY_P256)->bits;
	return m->min;
}

bool able_delete(const struct token_at *at)
{
	return card_of(at).deletes;
}

/* ---- keys ---- */

/* The entry of this very card, or NULL; under p11.lock. */
static struct known *entry_of(const struct token_at *at)
{
	struct known *c = &cards[at->slot];

	return at->generation && c->generation == at->generation ? c : NULL;
}

/* SP 800-73-5 part 1, table 4b: a card that says nothing of its keys may keep to the letter of it.
 * Of RSA there is one operation, whatever it is for. */
static bool by_rule(const struct token_key *key, enum token_op op)
{
	bool management = key->ref == ECERT_KEY_9D ||
			  (key->ref >= ECERT_KEY_82 && key->ref <= ECERT_KEY_95);

	if (!key->from_cert || op == TOKEN_DECRYPT || alg_row(key->alg)->family != FAMILY_EC)
		return true;
	return management == (op == TOKEN_DERIVE);
}

static bool by_alg(const struct alg *a, enum token_op op)
{
	switch (op) {
	case TOKEN_SIGN:
		return a->can_sign;
	case TOKEN_DECRYPT:
		return a->can_decrypt;
	default:
		return a->can_derive;
	}
}

/* What the card has answered: 1 yes, 0 no, -1 nothing yet. */
static int answered(const struct token_at *at, uint8_t ref, enum token_op op)
{
	const struct known *c;
	unsigned place;
	int said = -1;

	if (!place_of_ref(ref, &place))
		return said;
	(void)pthread_mutex_lock(&p11.lock);
	c = entry_of(at);
	if (c && c->key[place].no >> op & 1)
		said = 0;
	else if (c && c->key[place].yes >> op & 1)
		said = 1;
	(void)pthread_mutex_unlock(&p11.lock);
	return said;
}

/* All names at once, the first time. */
static void learn_denied(const struct token_at *at)
{
	struct token_names names;
	struct known *c;

	(void)card_of(at);
	if (token_names(at, &names) != ECERT_OK)
		return;
	(void)pthread_mutex_lock(&p11.lock);
	c = entry_of(at);
	for (unsigned place = 0; c && place < PLACES; place++) {
		const struct token_name *name = token_name_of(&names, place_ref(place));

		c->deny[place] = name ? name->deny : 0;
		c->deny_known = true;
	}
	(void)pthread_mutex_unlock(&p11.lock);
}

uint8_t able_denied(const struct token_at *at, uint8_t ref)
{
	uint8_t deny = 0;
	bool known = false;

	for (int look = 0; look < 2 && !known; look++) {
		const struct known *c;

		if (look)
			learn_denied(at);
		(void)pthread_mutex_lock(&p11.lock);
		c = entry_of(at);
		known = c && c->deny_known;
		for (unsigned place = 0; known && place < PLACES; place++)
			if (place_ref(place) == ref)
				deny = c->deny[place];
		(void)pthread_mutex_unlock(&p11.lock);
	}
	return deny;
}

bool able_refused(const struct token_at *at, uint8_t ref, enum token_op op)
{
	return answered(at, ref, op) == 0 || (able_denied(at, ref) >> op & 1);
}

bool able_use(
    const struct token_at *at, const struct token_key *key, uint8_t deny, enum token_op op)
{
	const struct alg *a = alg_row(key->alg);
	int said;

	if (!a || !by_alg(a, op) || deny >> op & 1)
		return false;
	said = answered(at, key->ref, op);
	return said >= 0 ? said : by_rule(key, op);
}

static void remember(const struct token_at *at, uint8_t ref, enum token_op op, bool yes)
{
	struct known *c;
	unsigned place;

	if (!place_of_ref(ref, &place))
		return;
	(void)card_of(at);
	(void)pthread_mutex_lock(&p11.lock);
	c = entry_of(at);
	if (c) {
		uint8_t bit = (uint8_t)(1u << op);

		c->key[place].yes = (uint8_t)((c->key[place].yes & ~bit) | (yes ? bit : 0));
		c->key[place].no = (uint8_t)((c->key[place].no & ~bit) | (yes ? 0 : bit));
	}
	(void)pthread_mutex_unlock(&p11.lock);
}

enum ecert_rc able_token_use(
    const struct token_at *at, const struct token_request *req, struct buf *out)
{
	enum ecert_rc rc = token_use(at, req, out);

	if (rc == ECERT_E_KEY_TYPE || rc == ECERT_E_KEY_FUNCTION)
		remember(at, req->ref, req->op, false);
	else if (rc == ECERT_OK && answered(at, req->ref, req->op) != 1)
		remember(at, req->ref, req->op, true);
	return rc;
}

enum ecert_rc able_key_delete(const struct token_at *at, uint8_t ref)
{
	enum ecert_rc rc = token_key_delete(at, ref);
	struct known *c;

	(void)card_of(at);
	(void)pthread_mutex_lock(&p11.lock);
	c = entry_of(at);
	if (c && (rc == ECERT_OK || rc == ECERT_E_UNSUPPORTED))
		c->deletes = rc == ECERT_OK;
	(void)pthread_mutex_unlock(&p11.lock);
	if (rc == ECERT_OK)
		able_forget(at, ref);
	return rc;
}

void able_forget(const struct token_at *at, uint8_t ref)
{
	struct known *c;

	(void)pthread_mutex_lock(&p11.lock);
	c = entry_of(at);
	for (unsigned place = 0; c && place < PLACES; place++)
		if (place_ref(place) == ref)
			c->key[place] = (struct uses){0, 0};
	if (c)
		c->deny_known = false;
	(void)pthread_mutex_unlock(&p11.lock);
}

void able_forget_all(void)
{
	(void)pthread_mutex_lock(&p11.lock);
	memset(cards, 0, sizeof cards);
	(void)pthread_mutex_unlock(&p11.lock);
}
