/* SPDX-License-Identifier: BSD-2-Clause */
/* Data objects and attestation certificates: read from the card each time. */
#include "ecert/piv_const.h"
#include "token/local/local.h"

struct attest_args {
	uint8_t ref;
	struct buf *der;
};

static enum ecert_rc attest(struct conn *c, struct slots *s, void *arg)
{
	struct attest_args *a = arg;

	(void)s;
	buf_reset(a->der);
	return a->ref == ECERT_KEY_F9 ? card_cert_get(c->card, a->ref, a->der)
				      : card_attest(c->card, a->ref, a->der);
}

enum ecert_rc local_attest(void *impl, const struct token_at *at, uint8_t ref, struct buf *der)
{
	struct attest_args a = {.ref = ref, .der = der};

	return local_run(impl, at, attest, &a);
}

/* Objects that the card gives only after VERIFY (SP 800-73-5 part 1, table 3): refused here without
 * this client's own login, because the card may still be verified for another one. */
static const uint32_t behind_pin[] = {
    ECERT_OBJ_FINGERPRINTS, ECERT_OBJ_FACE, ECERT_OBJ_PRINTED, ECERT_OBJ_IRIS, ECERT_OBJ_PAIRING};

static bool needs_pin(uint32_t tag)
{
	for (size_t i = 0; i < sizeof behind_pin / sizeof behind_pin[0]; i++)
		if (behind_pin[i] == tag)
			return true;
	return false;
}

struct data_args {
	uint32_t tag;
	struct buf *out;
};

/* As long as the login is on the card, or can be made good. */
static enum ecert_rc get_as_user(struct conn *c, struct slots *s, struct data_args *a)
{
	enum ecert_rc rc = ECERT_E_AUTH;

	if (!atomic_load(&c->pin.lapsed))
		rc = card_object_get(c->card, a->tag, a->out);
	if (rc != ECERT_E_AUTH || !pinstate_renewable(&c->pin))
		return rc;
	buf_reset(a->out);
	rc = conn_begin(c, s);
	if (rc != ECERT_OK)
		return rc;
	rc = login_again(c);
	if (rc == ECERT_OK)
		rc = card_object_get(c->card, a->tag, a->out);
	if (c->card)
		card_end(c->card);
	return rc;
}

static enum ecert_rc get_data(struct conn *c, struct slots *s, void *arg)
{
	struct data_args *a = arg;
	bool strict = c->pin.kept && needs_pin(a->tag);
	int tries;
	enum ecert_rc rc = ECERT_OK;

	buf_reset(a->out);
	if (needs_pin(a->tag) && pinstate_user(&c->pin) != TOKEN_USER)
		return ECERT_E_AUTH;
	if (!strict)
		return needs_pin(a->tag) ? get_as_user(c, s, a)
					 : card_object_get(c->card, a->tag, a->out);
	rc = conn_begin(c, s);
	if (rc != ECERT_OK)
		return rc;
	/* A reset has dropped the kept PIN; nothing at all would mean the reader's PIN pad. */
	rc = c->pin.kept ? login_verify(c, pinstate_kept(&c->pin), 0, &tries) : ECERT_E_RESET;
	if (rc == ECERT_OK) {
		rc = card_object_get(c->card, a->tag, a->out);
		(void)login_forget(c);
	}
	card_end(c->card);
	return rc;
}

/*
 * The CAs' certificates are listed with the keys: they are remembered as those are, and a card that
 * cannot have them is not asked.
 */
static enum ecert_rc get_chain(struct conn *c, struct slots *s, void *arg)
{
	struct data_args *a = arg;
	struct card_status status;
	unsigned unknown;
	enum ecert_rc rc = conn_identify(c, s);

	buf_reset(a->out);
	if (rc == ECERT_OK && (card_features(c->card, &unknown) & CARD_HAS_ECERT) == 0)
		return ECERT_E_NOT_FOUND;
	if (rc == ECERT_OK)
		rc = read_revalidate(c, CACHE_CHECK_MS);
	if (rc != ECERT_OK)
		return rc;
	/* Since profile 1.1 the status tells, and has just been looked at. */
	if (c->view.counter_known && card_status(c->card, false, &status) == ECERT_OK &&
	    status.no_chain)
		return ECERT_E_NOT_FOUND;
	if (!cache_chain_fresh(&c->view)) {
		rc = card_object_get(c->card, a->tag, a->out);
		if (rc == ECERT_OK || rc == ECERT_E_NOT_FOUND)
			rc = cache_set_chain(&c->view, buf_view(a->out));
	}
	if (rc != ECERT_OK)
		return rc;
	buf_reset(a->out);
	buf_rd(a->out, rd_of(c->view.chain, c->view.chain_len));
	return c->view.chain_len == 0 ? ECERT_E_NOT_FOUND : buf_rc(a->out);
}

enum ecert_rc local_data_get(void *impl, const struct token_at *at, uint32_t tag, struct buf *out)
{
	struct data_args a = {.tag = tag, .out = out};

	if (tag == ECERT_OBJ_ECERT_CHAIN)
		return local_run_looked(impl, at, get_chain, &a);
	return local_run(impl, at, get_data, &a);
}
