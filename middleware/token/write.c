/* SPDX-License-Identifier: BSD-2-Clause */
/* Writing to the token, as the security officer. */
#include <string.h>

#include "ecert/piv_const.h"
#include "token/local.h"

#define LABEL_MAX 32

struct writing {
	const struct token_newkey *spec;
	const struct rd *part;
	uint8_t ref;
	uint32_t tag;
	struct rd value;
	struct pubkey **pub;
};

static enum ecert_rc generate(struct card *card, const struct writing *w)
{
	return card_key_generate(card, w->spec->ref, w->spec->alg,
	    (enum card_pin_policy)w->spec->pin, (enum card_touch_policy)w->spec->touch, w->pub);
}

static enum ecert_rc import(struct card *card, const struct writing *w)
{
	struct card_private key = {.alg = w->spec->alg};

	memcpy(key.part, w->part, sizeof key.part);
	return card_key_import(card, w->spec->ref, &key, (enum card_pin_policy)w->spec->pin,
	    (enum card_touch_policy)w->spec->touch);
}

static enum ecert_rc delete_key(struct card *card, const struct writing *w)
{
	return card_key_move(card, w->ref, 0xFF);
}

static enum ecert_rc put_cert(struct card *card, const struct writing *w)
{
	return card_cert_put(card, w->ref, w->value, false);
}

static enum ecert_rc put_data(struct card *card, const struct writing *w)
{
	return card_object_put(card, w->tag, w->value);
}

typedef enum ecert_rc (*write_fn)(struct card *card, const struct writing *w);

/* A card without metadata tells a public key only when it is made. */
static void remember(struct conn *c, const struct writing *w)
{
	unsigned unknown, has = card_features(c->card, &unknown);

	if (w->pub != NULL && *w->pub != NULL && !(has & CARD_HAS_METADATA))
		made_keep(&c->made, w->spec, *w->pub);
	else if (w->spec != NULL)
		made_drop(&c->made, w->spec->ref);
}

static enum ecert_rc write_locked(
    struct conn *c, struct slots *s, write_fn fn, const struct writing *w)
{
	enum ecert_rc rc = pinstate_user(&c->pin) == TOKEN_SO ? ECERT_OK : ECERT_E_AUTH;

	if (rc == ECERT_OK)
		rc = conn_begin(c, s);
	if (rc != ECERT_OK)
		return rc;
	/* A reset on the way in has ended the login. */
	rc = pinstate_user(&c->pin) == TOKEN_SO ? fn(c->card, w) : ECERT_E_RESET;
	card_end(c->card);
	if (rc == ECERT_OK)
		remember(c, w);
	if (rc == ECERT_E_AUTH)
		pinstate_event(&c->pin, PIN_EV_LOST);
	cache_drop(&c->view);
	return rc;
}

static enum ecert_rc write_token(
    struct local *l, const struct token_at *at, write_fn fn, const struct writing *w)
{
	struct conn *c = local_conn(l, at);
	enum ecert_rc rc = c != NULL ? conn_enter(c, &l->slots, at, 0) : ECERT_E_NO_READER;

	if (rc != ECERT_OK)
		return rc;
	rc = write_locked(c, &l->slots, fn, w);
	if (c->card != NULL)
		conn_failed(c, &l->slots, rc);
	conn_leave(c);
	return rc;
}

enum ecert_rc local_key_generate(
    void *impl, const struct token_at *at, const struct token_newkey *spec, struct pubkey **pub)
{
	const struct writing w = {.spec = spec, .pub = pub};

	return write_token(impl, at, generate, &w);
}

enum ecert_rc local_key_import(
    void *impl, const struct token_at *at, const struct token_newkey *spec, const struct rd *part)
{
	const struct writing w = {.spec = spec, .part = part};

	return write_token(impl, at, import, &w);
}

enum ecert_rc local_key_delete(void *impl, const struct token_at *at, uint8_t ref)
{
	const struct writing w = {.ref = ref};

	return write_token(impl, at, delete_key, &w);
}

enum ecert_rc local_cert_put(void *impl, const struct token_at *at, uint8_t ref, struct rd der)
{
	const struct writing w = {.ref = ref, .value = der};

	return write_token(impl, at, put_cert, &w);
}

enum ecert_rc local_data_put(void *impl, const struct token_at *at, uint32_t tag, struct rd value)
{
	const struct writing w = {.tag = tag, .value = value};

	return write_token(impl, at, put_data, &w);
}

/* Only an e-Cert card has a place for it; elsewhere the label is made of model and serial number.
 */
static enum ecert_rc put_label(struct card *card, const struct writing *w)
{
	unsigned unknown;

	if ((card_features(card, &unknown) & CARD_HAS_ECERT) == 0)
		return ECERT_E_UNSUPPORTED;
	return card_object_put(card, ECERT_OBJ_ECERT_LABEL, w->value);
}

enum ecert_rc local_label_put(void *impl, const struct token_at *at, const char *label)
{
	const struct writing w = {.value = rd_of(label, strlen(label))};

	return w.value.n > LABEL_MAX ? ECERT_E_DATA_LEN : write_token(impl, at, put_label, &w);
}
