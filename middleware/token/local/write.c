/* SPDX-License-Identifier: BSD-2-Clause */
/* Writing to the token, as the security officer, or as the user with the management key at hand. */
#include <string.h>

#include "ecert/piv_const.h"
#include "token/local/local.h"
#include "token/local/names.h"
#include "token/local/proof.h"
#include "util/log.h"

#define LABEL_MAX 32

struct writing {
	const struct token_newkey *spec;
	const struct rd *part;
	uint8_t ref;
	uint32_t tag;
	struct rd value;
	struct pubkey **pub;	       /* of a key that is made */
	const struct pubkey *imported; /* of one that is imported; NULL: not known */
	const struct token_name *name;
};

static enum ecert_rc generate(struct conn *c, const struct writing *w)
{
	enum ecert_rc rc = card_key_generate(
	    c->card, w->spec->ref, w->spec->alg, w->spec->pin, w->spec->touch, w->pub);

	if (rc == ECERT_OK)
		card_history_add(c->card, w->spec->ref);
	return rc;
}

static enum ecert_rc import(struct conn *c, const struct writing *w)
{
	struct card_private key = {.alg = w->spec->alg};
	enum ecert_rc rc;

	memcpy(key.part, w->part, sizeof key.part);
	rc = card_key_import(c->card, w->spec->ref, &key, w->spec->pin, w->spec->touch);
	if (rc == ECERT_OK)
		card_history_add(c->card, w->spec->ref);
	if (rc == ECERT_OK && w->imported)
		rc = proof_of_import(c, w->spec, w->imported);
	return rc;
}

static enum ecert_rc delete_key(struct conn *c, const struct writing *w)
{
	/* First the name: a cut between the two must not hand it to the next key. */
	enum ecert_rc rc = names_forget_key(c->card, w->ref);

	return rc == ECERT_OK ? card_key_move(c->card, w->ref, 0xFF) : rc;
}

static enum ecert_rc put_cert(struct conn *c, const struct writing *w)
{
	enum ecert_rc rc = w->value.n == 0 ? names_forget_cert(c->card, w->ref) : ECERT_OK;

	if (rc == ECERT_OK)
		rc = card_cert_replace(c->card, w->ref, w->value);
	if (rc == ECERT_OK && w->value.n > 0)
		card_history_add(c->card, w->ref);
	return rc;
}

static enum ecert_rc put_data(struct conn *c, const struct writing *w)
{
	return card_object_put(c->card, w->tag, w->value);
}

typedef enum ecert_rc (*write_fn)(struct conn *c, const struct writing *w);

/* A card without metadata tells a public key only when it is made, and some tell none of a key that
 * was imported. */
static void remember(struct conn *c, const struct writing *w)
{
	unsigned unknown, has = card_features(c->card, &unknown);

	if (w->pub && *w->pub && !(has & CARD_HAS_METADATA))
		made_keep(&c->made, w->spec, ORIGIN_GENERATED, *w->pub);
	else if (w->imported && !(has & CARD_HAS_ECERT))
		made_keep(&c->made, w->spec, ORIGIN_IMPORTED, w->imported);
	else if (w->spec)
		made_drop(&c->made, w->spec->ref);
}

static enum ecert_rc write_as_so(
    struct conn *c, struct slots *s, write_fn fn, const struct writing *w)
{
	enum ecert_rc rc = conn_begin(c, s);

	if (rc != ECERT_OK)
		return rc;
	/* A reset on the way in has ended the login. */
	rc = pinstate_user(&c->pin) == TOKEN_SO ? fn(c, w) : ECERT_E_RESET;
	card_end(c->card);
	if (rc == ECERT_OK)
		remember(c, w);
	return rc;
}

/* ---- as the user ---- */

/* PIV answers, and this client's PIN is verified as far as its login goes. */
static enum ecert_rc verified(struct conn *c)
{
	int tries;
	enum ecert_rc rc = conn_ask_tries(c);

	/* Another program had selected another application. After a reset it may be another card,
	 * which gets no PIN. */
	if (rc != ECERT_OK && rc != ECERT_E_RESET && card_reselect(c->card) == ECERT_OK)
		rc = conn_ask_tries(c);
	if (rc != ECERT_OK)
		return rc;
	if (c->pin.kept)
		rc = login_verify(c, pinstate_kept(&c->pin), 0, &tries);
	else if (atomic_load(&c->pin.lapsed))
		rc = login_again(c);
	/* The kept PIN is wrong now: somebody changed it. */
	if (rc == ECERT_E_PIN_WRONG || rc == ECERT_E_PIN_BLOCKED || rc == ECERT_E_PIN_LAST_TRY)
		return ECERT_E_AUTH;
	return rc == ECERT_OK && pinstate_user(&c->pin) != TOKEN_USER ? ECERT_E_AUTH : rc;
}

static enum ecert_rc protected_key(struct conn *c, struct mgm_key *out)
{
	struct buf printed = BUF_INIT(CARD_OBJECT_MAX);
	struct rd key;
	enum ecert_rc rc = card_object_get(c->card, ECERT_OBJ_PRINTED, &printed);

	if (rc == ECERT_OK)
		rc = card_protected_mgm(buf_view(&printed), &key);
	if (rc == ECERT_OK)
		rc = mgm_key_set(key, out);
	buf_free(&printed);
	if (rc == ECERT_E_NOT_FOUND || rc == ECERT_E_MALFORMED || rc == ECERT_E_ARG) {
		log_error("no management key: none behind the token's PIN, no management-key-file");
		return ECERT_E_DENIED;
	}
	return rc;
}

static enum ecert_rc find_key(const struct local *l, struct conn *c, struct mgm_key *out)
{
	if (c->permit.write && c->permit.key) {
		*out = *c->permit.key;
		return ECERT_OK;
	}
	return !c->permit.write && l->key_file[0] != '\0' ? mgmkey_file(l->key_file, out)
							  : protected_key(c, out);
}

/* *raised: the card has taken the key, or may have: what it answered did not arrive whole. */
static enum ecert_rc become_administrator(const struct local *l, struct conn *c, bool *raised)
{
	struct mgm_key *key;
	size_t len;
	enum ecert_rc rc = mgm_key_new(&key);

	if (rc == ECERT_OK)
		rc = find_key(l, c, key);
	if (rc == ECERT_OK) {
		rc = mgmkey_auth(c->card, key, &len);
		*raised = rc != ECERT_E_PIN_WRONG && rc != ECERT_E_DATA_LEN;
	}
	mgm_key_free(&key);
	if (rc != ECERT_E_PIN_WRONG && rc != ECERT_E_DATA_LEN)
		return rc;
	log_error("the management key at hand is not this token's");
	return ECERT_E_DENIED;
}

/* PIV has no logout for 9B, and SELECT must leave it as it is (SP 800-73-5 part 2, 3.1.1): only a
 * reset ends it, and the PIN's verification with it. */
static void step_down(struct conn *c)
{
	enum ecert_rc rc = card_power_reset(c->card);

	if (rc != ECERT_OK && rc != ECERT_E_REMOVED && rc != ECERT_E_NO_READER) {
		log_error("the card keeps the management key's login: %s", ecert_rc_name(rc));
		rc = card_logout(c->card); /* the PIN's at least */
	}
	conn_drop(c);
	pinstate_turn_strict(&c->pin);
}

/* The objects by which the user writes are not the user's to write. */
static bool keeps_key(const struct writing *w)
{
	return w->tag == ECERT_OBJ_PRINTED || w->tag == ECERT_OBJ_ADMIN;
}

static enum ecert_rc write_as_user(
    struct local *l, struct conn *c, write_fn fn, const struct writing *w)
{
	bool raised = false;
	enum ecert_rc rc = keeps_key(w) ? ECERT_E_DENIED : conn_begin(c, &l->slots);

	if (rc != ECERT_OK)
		return rc;
	/* A reset on the way in has ended the login. */
	rc = pinstate_user(&c->pin) == TOKEN_USER ? verified(c) : ECERT_E_RESET;
	c->permit.unspent = false;
	if (rc == ECERT_OK)
		rc = become_administrator(l, c, &raised);
	if (rc == ECERT_OK)
		rc = fn(c, w);
	if (rc == ECERT_OK)
		remember(c, w);
	if (raised) {
		step_down(c);
		/* What ended before that by itself is over, the login too. */
		conn_failed(c, &l->slots, rc);
	} else if (c->card) {
		if (c->pin.kept)
			(void)login_forget(c);
		card_end(c->card);
	}
	return rc;
}

static enum ecert_rc write_locked(
    struct local *l, struct conn *c, write_fn fn, const struct writing *w)
{
	enum token_user user = pinstate_user(&c->pin);
	bool user_may = user == TOKEN_USER && (l->user_writes || c->permit.write);
	enum ecert_rc rc = ECERT_E_AUTH;

	if (user == TOKEN_SO)
		rc = write_as_so(c, &l->slots, fn, w);
	else if (user_may)
		rc = write_as_user(l, c, fn, w);
	c->permit.write = false;
	c->permit.key = NULL;
	if (rc == ECERT_E_AUTH && (user == TOKEN_SO || user_may))
		pinstate_event(&c->pin, PIN_EV_LOST);
	cache_drop(&c->view);
	return rc;
}

static enum ecert_rc write_token(
    struct local *l, const struct token_at *at, write_fn fn, const struct writing *w)
{
	struct conn *c = local_conn(l, at);
	enum ecert_rc rc = c ? conn_enter(c, &l->slots, at, 0) : ECERT_E_NO_READER;

	if (rc != ECERT_OK)
		return rc;
	rc = write_locked(l, c, fn, w);
	if (c->card)
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
	struct pubkey *pub = NULL;
	enum ecert_rc rc = proof_public(spec->alg, part, &pub);
	const struct writing w = {.spec = spec, .part = part, .imported = pub};

	if (rc == ECERT_OK)
		rc = write_token(impl, at, import, &w);
	pubkey_free(&pub);
	return rc;
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
static enum ecert_rc put_label(struct conn *c, const struct writing *w)
{
	unsigned unknown;

	if ((card_features(c->card, &unknown) & CARD_HAS_ECERT) == 0)
		return ECERT_E_UNSUPPORTED;
	return card_object_put(c->card, ECERT_OBJ_ECERT_LABEL, w->value);
}

enum ecert_rc local_label_put(void *impl, const struct token_at *at, const char *label)
{
	const struct writing w = {.value = rd_of(label, strlen(label))};

	return w.value.n > LABEL_MAX ? ECERT_E_DATA_LEN : write_token(impl, at, put_label, &w);
}

static enum ecert_rc put_name(struct conn *c, const struct writing *w)
{
	return names_store(c->card, w->name);
}

enum ecert_rc local_name_put(void *impl, const struct token_at *at, const struct token_name *name)
{
	const struct writing w = {.name = name};

	return write_token(impl, at, put_name, &w);
}

enum ecert_rc local_write_as_user(void *impl, const struct token_at *at, const struct mgm_key *key)
{
	struct local *l = impl;
	struct conn *c = local_conn(l, at);
	enum ecert_rc rc = c ? conn_enter(c, &l->slots, at, 0) : ECERT_E_NO_READER;

	if (rc != ECERT_OK)
		return rc;
	if (c->held == 0 || pinstate_user(&c->pin) != TOKEN_USER) {
		rc = ECERT_E_AUTH;
	} else {
		c->permit.write = true;
		c->permit.key = key;
	}
	conn_leave(c);
	return rc;
}
