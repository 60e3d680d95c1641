/* SPDX-License-Identifier: BSD-2-Clause */
/* Requests that write: as the security officer, or as the user with the management key at hand. */
#include <string.h>

#include "daemon/daemon.h"
#include "util/clock.h"
#include "token/hold.h"
#include "crypto/key/mgm_key.h"

#define POLICY_MAX 3

/* Whoever has the PIN and the key may write anyway, by logging in with the one and then the other:
 * this only makes one step of it. */
enum ecert_rc do_let_write(struct worker *w, const struct job *j, struct answer *to)
{
	const struct wire_let_write *arg = &j->q.arg.let_write;

	(void)to;
	if (pins_user(&w->pins, j->peer.client, window_generation(w)) != TOKEN_USER)
		return ECERT_E_AUTH;
	return pins_let_write(&w->pins, j->peer.client, arg->key, arg->shrinks != 0);
}

/* ---- what the rows do; out of range there is nothing here ---- */

/* Numbers of key_generate and key_import alike. */
static struct token_newkey new_key(uint32_t ref, uint32_t alg, uint32_t policies)
{
	return (struct token_newkey){.ref = (uint8_t)ref,
	    .alg = (enum key_alg)alg,
	    .pin = (enum pin_policy)(policies >> 8 & 0xFF),
	    .touch = (enum touch_policy)(policies & 0xFF)};
}

enum ecert_rc write_key_generate(
    const struct token_at *at, const struct wire_request *q, struct answer *to)
{
	const struct wire_key_generate *arg = &q->arg.key_generate;
	const struct token_newkey spec = new_key(arg->ref, arg->alg, arg->policies);
	struct pubkey *pub = NULL;
	enum ecert_rc rc = token_key_generate(at, &spec, &pub);

	if (rc == ECERT_OK) {
		buf_rd(&to->field, pubkey_spki(pub));
		rc = buf_rc(&to->field);
	}
	pubkey_free(&pub);
	return rc;
}

enum ecert_rc write_key_import(
    const struct token_at *at, const struct wire_request *q, struct answer *to)
{
	const struct wire_key_import *arg = &q->arg.key_import;
	const struct token_newkey spec = new_key(arg->ref, arg->alg, arg->policies);

	(void)to;
	return token_key_import(at, &spec, q->field);
}

enum ecert_rc write_key_delete(
    const struct token_at *at, const struct wire_request *q, struct answer *to)
{
	(void)to;
	return token_key_delete(at, (uint8_t)q->arg.key_delete.ref);
}

enum ecert_rc write_cert_put(
    const struct token_at *at, const struct wire_request *q, struct answer *to)
{
	(void)to;
	return token_cert_put(at, (uint8_t)q->arg.cert_put.ref, q->arg.cert_put.der);
}

enum ecert_rc write_data_put(
    const struct token_at *at, const struct wire_request *q, struct answer *to)
{
	(void)to;
	return token_data_put(at, q->arg.data_put.tag, q->arg.data_put.value);
}

enum ecert_rc write_label_put(
    const struct token_at *at, const struct wire_request *q, struct answer *to)
{
	struct rd text = q->arg.label_put.label;
	char label[33] = {0};

	(void)to;
	if (text.n >= sizeof label || (text.n > 0 && memchr(text.p, 0, text.n)))
		return ECERT_E_DATA_LEN;
	if (text.n > 0)
		memcpy(label, text.p, text.n);
	return token_label_put(at, label);
}

/* A text field; the shape has bounded it. */
static bool take_text(struct rd from, char to[TOKEN_NAME_MAX + 1])
{
	if (from.n > TOKEN_NAME_MAX || (from.n > 0 && memchr(from.p, 0, from.n)))
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
	if (!now)
		return rc;
	memcpy(name->pub, now->pub, sizeof name->pub);
	name->deny = now->deny;
	return ECERT_OK;
}

enum ecert_rc write_name_put(
    const struct token_at *at, const struct wire_request *q, struct answer *to)
{
	const struct wire_name_put *arg = &q->arg.name_put;
	struct token_name name = {
	    .ref = (uint8_t)arg->ref, .id_len = (uint8_t)arg->id.n, .deny = (uint8_t)arg->deny};
	enum ecert_rc rc = ECERT_OK;

	(void)to;
	if (arg->id.n > sizeof name.id || !take_text(arg->key, name.key) ||
	    !take_text(arg->cert, name.cert) || !take_text(arg->pub, name.pub))
		return ECERT_E_DATA;
	if (name.id_len > 0)
		memcpy(name.id, arg->id.p, name.id_len);
	if (q->fields < 4)
		rc = keep_rest(at, &name);
	return rc != ECERT_OK ? rc : token_name_put(at, &name);
}

/* ---- who may ---- */

#define WRITER_HERE(TYPE, name)
#define WRITER_NOBODY(TYPE, name)
#define WRITER_CARDLESS(TYPE, name)
#define WRITER_READ(TYPE, name)
#define WRITER_USE(TYPE, name)
#define WRITER_ATTEMPT(TYPE, name)
#define WRITER_WRITE(TYPE, name)					[IPC_##TYPE] = write_##name,
#define WRITER(TYPE, code, name, word, served, numbers, fields, answer) WRITER_##served(TYPE, name)
static write_fn *const writers[IPC_TYPE_END] = {IPC_REQUESTS(WRITER, IPC_NOTHING, IPC_NOTHING)};

/* Each byte of the two is a policy of its own. */
static bool is_policy(const struct wire_request *q)
{
	bool made = q->type == IPC_KEY_GENERATE || q->type == IPC_KEY_IMPORT;

	return !made || (q->arg.key_generate.policies & 0xFF) <= POLICY_MAX;
}

enum ecert_rc admit_write(struct worker *w, const struct job *j)
{
	struct rd key;
	bool shrinks;

	if (!is_policy(&j->q))
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
    struct worker *w, const struct job *j, const struct token_at *at, struct answer *to)
{
	struct mgm_key *key;
	struct rd bytes;
	bool shrinks;
	enum ecert_rc rc = mgm_key_new(&key);

	if (rc == ECERT_OK && !pins_may_write(&w->pins, j->peer.client, &bytes, &shrinks))
		rc = ECERT_E_AUTH;
	if (rc == ECERT_OK && bytes.n > 0) {
		rc = mgm_key_set(bytes, key);
		key->shrink = shrinks;
	}
	if (rc == ECERT_OK)
		rc = token_write_as_user(at, key->n > 0 ? key : NULL);
	if (rc == ECERT_OK)
		rc = writers[j->q.type](at, &j->q, to);
	mgm_key_free(&key);
	window_close(w);
	return rc;
}

enum ecert_rc do_write(struct worker *w, const struct job *j, struct answer *to)
{
	struct token_at at = job_at(w, j);
	enum ecert_rc rc = window_for(w, j->peer.client);

	if (rc == ECERT_OK && token_user(&at) == TOKEN_USER)
		rc = write_as_user(w, j, &at, to);
	else if (rc == ECERT_OK)
		rc = writers[j->q.type](&at, &j->q, to);
	if (w->window.held)
		w->window.last = clock_ms();
	return rc;
}
