/* SPDX-License-Identifier: BSD-2-Clause */
/* Requests that write: as the security officer, or as the user with the management key at hand. */
#include <string.h>

#include "daemon/daemon.h"
#include "util/clock.h"
#include "token/hold.h"
#include "token/mgmkey.h"

#define POLICY_MAX 3

/* Whoever has the PIN and the key may write anyway, by logging in with the one and then the other:
 * this only makes one step of it. */
enum ecert_rc do_let_write(struct worker *w, const struct job *j, struct buf *out, uint32_t *a)
{
	(void)out;
	(void)a;
	if (pins_user(&w->pins, j->peer.client, window_generation(w)) != TOKEN_USER)
		return ECERT_E_AUTH;
	return j->q.a <= 1 ? pins_let_write(&w->pins, j->peer.client, j->q.field[0], j->q.a != 0)
			   : ECERT_E_ARG;
}

static enum ecert_rc generate(
    const struct token_at *at, const struct token_newkey *spec, struct buf *out)
{
	struct pubkey *pub = NULL;
	enum ecert_rc rc = token_key_generate(at, spec, &pub);

	if (rc == ECERT_OK) {
		buf_rd(out, pubkey_spki(pub));
		rc = buf_rc(out);
	}
	pubkey_free(&pub);
	return rc;
}

static enum ecert_rc put_label(const struct token_at *at, struct rd text)
{
	char label[33] = {0};

	if (text.n >= sizeof label || (text.n > 0 && memchr(text.p, 0, text.n) != NULL))
		return ECERT_E_DATA_LEN;
	if (text.n > 0)
		memcpy(label, text.p, text.n);
	return token_label_put(at, label);
}

/* A text field; the shape has bounded it. */
static bool take_text(struct rd from, char to[TOKEN_NAME_MAX + 1])
{
	if (from.n > TOKEN_NAME_MAX || (from.n > 0 && memchr(from.p, 0, from.n) != NULL))
		return false;
	if (from.n > 0)
		memcpy(to, from.p, from.n);
	return true;
}

/* What a client of revision 0 cannot say stays as it is. */
static enum ecert_rc keep_rest(const struct token_at *at, struct token_name *name)
{
	const struct token_name *now;
	struct token_names names;
	enum ecert_rc rc = token_names(at, &names);

	now = rc == ECERT_OK ? token_name_of(&names, name->ref) : NULL;
	if (now == NULL)
		return rc;
	memcpy(name->pub, now->pub, sizeof name->pub);
	name->deny = now->deny;
	return ECERT_OK;
}

static enum ecert_rc put_name(const struct token_at *at, const struct wire_request *q)
{
	struct token_name name = {
	    .ref = (uint8_t)q->a, .id_len = (uint8_t)q->field[0].n, .deny = (uint8_t)q->b};
	enum ecert_rc rc = ECERT_OK;

	if (q->field[0].n > sizeof name.id || !take_text(q->field[1], name.key) ||
	    !take_text(q->field[2], name.cert) || !take_text(q->field[3], name.pub))
		return ECERT_E_DATA;
	if (name.id_len > 0)
		memcpy(name.id, q->field[0].p, name.id_len);
	if (rc == ECERT_OK && q->fields < 4)
		rc = keep_rest(at, &name);
	return rc != ECERT_OK ? rc : token_name_put(at, &name);
}

static enum ecert_rc write_it(
    const struct token_at *at, const struct wire_request *q, struct buf *out)
{
	const struct token_newkey spec = {.ref = (uint8_t)q->a,
	    .alg = (enum key_alg)q->b,
	    .pin = (uint8_t)(q->c >> 8),
	    .touch = (uint8_t)q->c};

	switch (q->type) {
	case IPC_KEY_GENERATE:
		return generate(at, &spec, out);
	case IPC_KEY_IMPORT:
		return token_key_import(at, &spec, q->field);
	case IPC_KEY_DELETE:
		return token_key_delete(at, (uint8_t)q->a);
	case IPC_CERT_PUT:
		return token_cert_put(at, (uint8_t)q->a, q->field[0]);
	case IPC_DATA_PUT:
		return token_data_put(at, q->a, q->field[0]);
	case IPC_LABEL_PUT:
		return put_label(at, q->field[0]);
	case IPC_NAME_PUT:
		return put_name(at, q);
	default:
		return ECERT_E_ARG;
	}
}

static bool in_range(const struct wire_request *q)
{
	bool named = q->type != IPC_DATA_PUT && q->type != IPC_LABEL_PUT;
	bool made = q->type == IPC_KEY_GENERATE || q->type == IPC_KEY_IMPORT;

	if (named && q->a > 0xFF)
		return false;
	return !made || (q->b > KEY_NONE && q->b < KEY_ALG_COUNT && q->c >> 8 <= POLICY_MAX &&
			    (q->c & 0xFF) <= POLICY_MAX);
}

enum ecert_rc admit_write(struct worker *w, const struct job *j)
{
	struct rd key;
	bool shrinks;

	if (!in_range(&j->q))
		return ECERT_E_ARG;
	switch (pins_user(&w->pins, j->peer.client, window_generation(w))) {
	case TOKEN_SO:
		return ECERT_OK;
	case TOKEN_USER:
		return pins_may_write(&w->pins, j->peer.client, &key, &shrinks) ? ECERT_OK
										: ECERT_E_AUTH;
	default:
		return ECERT_E_AUTH;
	}
}

/* The token resets the card after it: the window is over, and the next one verifies anew. */
static enum ecert_rc write_as_user(
    struct worker *w, const struct job *j, const struct token_at *at, struct buf *out)
{
	struct mgmkey key;
	struct rd bytes;
	enum ecert_rc rc = ECERT_OK;

	mgmkey_init(&key);
	if (!pins_may_write(&w->pins, j->peer.client, &bytes, &key.shrink))
		rc = ECERT_E_AUTH;
	else if (bytes.n > 0)
		rc = mgmkey_set(bytes, &key);
	if (rc == ECERT_OK)
		rc = token_write_as_user(at, buf_len(&key.bytes) > 0 ? &key : NULL);
	if (rc == ECERT_OK)
		rc = write_it(at, &j->q, out);
	mgmkey_free(&key);
	window_close(w);
	return rc;
}

enum ecert_rc do_write(struct worker *w, const struct job *j, struct buf *out, uint32_t *a)
{
	struct token_at at = job_at(w, j);
	enum ecert_rc rc = window_for(w, j->peer.client);

	(void)a;
	if (rc == ECERT_OK && token_user(&at) == TOKEN_USER)
		rc = write_as_user(w, j, &at, out);
	else if (rc == ECERT_OK)
		rc = write_it(&at, &j->q, out);
	if (w->window.held)
		w->window.last = clock_ms();
	return rc;
}
