/* SPDX-License-Identifier: BSD-2-Clause */
/* Keys and certificates through the view. */
#include <string.h>

#include "util/clock.h"
#include "ecert/piv_const.h"
#include "token/local/local.h"

/* Answers from memory are given while the slot was looked at so recently. */
#define SLOT_LOOK_MS 100

/* ---- keeping the view honest ---- */

/* 0 or 1 APDU: an e-Cert card is asked whether anything was written since. A card that was not
 * asked yet has nothing to compare with, and a cold read needs no comparison. */
enum ecert_rc read_revalidate(struct conn *c, int ms)
{
	struct card_status status;
	enum ecert_rc rc;

	if (c->trust_ms > ms)
		ms = c->trust_ms;
	if (!c->view.counter_known || !cache_due(&c->view, ms))
		return ECERT_OK;
	rc = card_status(c->card, true, &status);
	if (rc == ECERT_OK)
		cache_counted(&c->view, status.changes);
	else if (rc == ECERT_E_UNSUPPORTED)
		cache_drop(&c->view);
	else
		return rc;
	return ECERT_OK;
}

/* What the e-Cert status says of a reference, if it is known: true when it has a row. */
static bool status_row(struct conn *c, uint8_t ref, struct card_status_key *row, bool *known)
{
	struct card_status status;

	*known = c->view.counter_known && card_status(c->card, false, &status) == ECERT_OK;
	for (size_t i = 0; *known && i < status.n; i++) {
		if (status.key[i].ref == ref) {
			*row = status.key[i];
			return true;
		}
	}
	return false;
}

/* ---- certificates ---- */

enum ecert_rc read_cert(struct conn *c, struct cache_entry *e, uint8_t ref)
{
	struct buf der = BUF_INIT(CARD_OBJECT_MAX);
	struct card_status_key row;
	bool known;
	enum ecert_rc rc;

	if (cache_cert_fresh(&c->view, e))
		return e->cert_state == ENTRY_PRESENT ? ECERT_OK : e->cert_rc;
	if (status_row(c, ref, &row, &known) && !row.has_cert)
		rc = ECERT_E_NOT_FOUND;
	else
		rc = card_cert_get(c->card, ref, &der);
	if (rc == ECERT_OK)
		rc = cache_set_cert(e, buf_view(&der));
	else if (rc == ECERT_E_NOT_FOUND || rc == ECERT_E_MALFORMED)
		cache_set_cert_absent(e, rc);
	buf_free(&der);
	return rc;
}

/* ---- keys ---- */

/* The certificate stands in for metadata that the card does not have. */
static enum ecert_rc key_from_cert(struct conn *c, struct cache_entry *e, struct token_key *k)
{
	enum ecert_rc rc = read_cert(c, e, k->ref);

	if (rc != ECERT_OK)
		return rc == ECERT_E_MALFORMED ? ECERT_E_NOT_FOUND : rc;
	rc = pubkey_from_cert(rd_of(e->cert, e->cert_len), &k->pub);
	if (rc != ECERT_OK)
		return rc == ECERT_E_MEMORY ? rc : ECERT_E_NOT_FOUND;
	/* Metadata named the algorithm: a certificate of another key is no help (it may be the
	 * adversary's); the signature check catches one of the right kind. */
	if (k->alg != KEY_NONE && pubkey_alg(k->pub) != k->alg)
		return ECERT_E_NOT_FOUND;
	k->alg = pubkey_alg(k->pub);
	k->from_cert = true;
	return ECERT_OK;
}

/* What was made or imported here a moment ago; else what the certificate says. */
static enum ecert_rc key_untold(
    struct conn *c, struct cache_entry *e, struct token_key *k, enum ecert_rc told)
{
	const struct token_key *made = made_find(c->made, k->ref);
	enum ecert_rc rc;

	if (!made) {
		rc = key_from_cert(c, e, k);
		return rc == ECERT_E_NOT_FOUND && told != ECERT_E_UNSUPPORTED ? told : rc;
	}
	k->alg = made->alg;
	k->pin = pin_policy_of(k->ref, made->pin);
	k->touch = made->touch;
	k->origin = made->origin;
	k->pub = pubkey_ref(made->pub);
	/* Of one that was imported it is our word, not the card's. */
	k->from_cert = made->origin == ORIGIN_IMPORTED;
	return ECERT_OK;
}

static enum ecert_rc fetch_key(struct conn *c, struct cache_entry *e, struct token_key *k)
{
	struct card_key told;
	uint8_t ref = k->ref;
	enum ecert_rc rc = card_key_get(c->card, ref, &told);
	bool untold = told.untold;

	k->origin = told.origin;
	if (rc == ECERT_OK) {
		k->alg = told.alg;
		k->touch = told.touch;
		k->pub = told.pub;
		told.pub = NULL;
	}
	k->pin = pin_policy_of(ref, told.pin);
	card_key_clear(&told);
	/* A refusal, as PivApplet's of a key that it did not make. Nonsense is another thing: there
	 * the card is broken, or hostile. */
	if (rc == ECERT_E_UNSUPPORTED || untold)
		return key_untold(c, e, k, rc);
	return rc == ECERT_OK && !k->pub ? key_from_cert(c, e, k) : rc;
}

enum ecert_rc probe_key(struct conn *c, uint8_t ref, struct cache_entry **out)
{
	struct cache_entry *e = cache_entry(&c->view, ref);
	struct token_key k = {.ref = ref};
	struct card_status_key row;
	bool known;
	enum ecert_rc rc;

	*out = e;
	if (!e)
		return ECERT_E_NOT_FOUND;
	if (cache_key_fresh(&c->view, e))
		return e->key_state == ENTRY_PRESENT ? ECERT_OK : ECERT_E_NOT_FOUND;
	if (!status_row(c, ref, &row, &known) && known && ref != ECERT_KEY_F9)
		rc = ECERT_E_NOT_FOUND;
	else
		rc = fetch_key(c, e, &k);
	if (rc == ECERT_E_NOT_FOUND || rc == ECERT_E_ARG || rc == ECERT_E_KEY_TYPE)
		token_key_clear(&k);
	if (rc == ECERT_OK || k.ref == 0)
		cache_set_key(e, &k);
	token_key_clear(&k);
	return rc;
}

/* No such key, no such reference, or a kind of key that nobody here can use: all the same. */
enum ecert_rc read_key(struct conn *c, uint8_t ref, struct cache_entry **out)
{
	enum ecert_rc rc = probe_key(c, ref, out);

	return rc == ECERT_E_ARG || rc == ECERT_E_KEY_TYPE ? ECERT_E_NOT_FOUND : rc;
}

struct key_args {
	uint8_t ref;
	struct token_key *out;
	struct buf *der;
};

static enum ecert_rc get_key(struct conn *c, struct slots *s, void *arg)
{
	struct key_args *a = arg;
	struct cache_entry *e;
	enum ecert_rc rc = read_revalidate(c, CACHE_CHECK_MS);

	(void)s;
	if (rc == ECERT_OK)
		rc = read_key(c, a->ref, &e);
	if (rc != ECERT_OK)
		return rc;
	*a->out = e->key;
	a->out->pub = pubkey_ref(e->key.pub);
	return ECERT_OK;
}

static enum ecert_rc get_cert(struct conn *c, struct slots *s, void *arg)
{
	struct key_args *a = arg;
	struct cache_entry *e = cache_entry(&c->view, a->ref);
	enum ecert_rc rc = e ? read_revalidate(c, CACHE_CHECK_MS) : ECERT_E_NOT_FOUND;

	(void)s;
	if (rc == ECERT_OK)
		rc = read_cert(c, e, a->ref);
	/* It holds the place of one, and is none for anybody else. */
	if (rc == ECERT_OK && e->placeholder)
		rc = ECERT_E_NOT_FOUND;
	if (rc != ECERT_OK)
		return rc;
	buf_rd(a->der, rd_of(e->cert, e->cert_len));
	return buf_rc(a->der);
}

/* What is answered from memory must not outlive the card in the reader. */
enum ecert_rc local_run_looked(struct local *l, const struct token_at *at, conn_fn fn, void *arg)
{
	enum ecert_rc rc = slots_refresh_older(&l->slots, SLOT_LOOK_MS);

	return rc == ECERT_OK ? local_run(l, at, fn, arg) : rc;
}

enum ecert_rc local_key_get(
    void *impl, const struct token_at *at, uint8_t ref, struct token_key *out)
{
	struct key_args a = {.ref = ref, .out = out};

	return local_run_looked(impl, at, get_key, &a);
}

enum ecert_rc local_cert_get(void *impl, const struct token_at *at, uint8_t ref, struct buf *der)
{
	struct key_args a = {.ref = ref, .der = der};

	return local_run_looked(impl, at, get_cert, &a);
}
