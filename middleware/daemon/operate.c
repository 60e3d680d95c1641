/* SPDX-License-Identifier: BSD-2-Clause */
/* Requests that read and operate: each checks this client's own right before the card is asked. */
#include <string.h>

#include "daemon/daemon.h"
#include "util/clock.h"

struct token_at job_at(const struct worker *w, const struct job *j)
{
	return (struct token_at){
	    .tokens = w->daemon->tokens, .slot = j->q.slot, .generation = j->q.generation};
}

/* ---- without a login ---- */

enum ecert_rc do_slots(struct worker *w, const struct job *j, struct answer *to)
{
	struct token_slot slot[TOKEN_SLOTS_MAX];
	bool refresh = j->q.arg.slots.refresh != 0;
	size_t n;
	enum ecert_rc rc = tokens_slots(w->daemon->tokens, refresh, slot, TOKEN_SLOTS_MAX, &n);

	to->a = (uint32_t)n;
	if (rc == ECERT_OK && refresh)
		slots_publish(w->daemon);
	for (size_t i = 0; rc == ECERT_OK && i < n; i++)
		wire_put_slot(&to->field, &slot[i]);
	return rc == ECERT_OK ? buf_rc(&to->field) : rc;
}

enum ecert_rc do_info(struct worker *w, const struct job *j, struct answer *to)
{
	struct token_at at = job_at(w, j);
	struct token_info info;
	enum ecert_rc rc = j->q.arg.info.prove != 0 ? token_prove(&at, &info)
						    : token_info(&at, &info);

	if (rc == ECERT_OK)
		wire_put_info(&to->field, &info, j->peer.revision);
	return rc == ECERT_OK ? buf_rc(&to->field) : rc;
}

enum ecert_rc do_key_get(struct worker *w, const struct job *j, struct answer *to)
{
	struct token_at at = job_at(w, j);
	struct token_key key;
	enum ecert_rc rc = token_key_get(&at, (uint8_t)j->q.arg.key_get.ref, &key);

	if (rc != ECERT_OK)
		return rc;
	wire_put_key(&to->field, &key);
	token_key_clear(&key);
	return buf_rc(&to->field);
}

enum ecert_rc do_cert_get(struct worker *w, const struct job *j, struct answer *to)
{
	struct token_at at = job_at(w, j);

	return token_cert_get(&at, (uint8_t)j->q.arg.cert_get.ref, &to->field);
}

enum ecert_rc do_refs(struct worker *w, const struct job *j, struct answer *to)
{
	struct token_at at = job_at(w, j);
	uint8_t refs[TOKEN_KEYS_MAX];
	size_t n;
	enum ecert_rc rc = token_refs(&at, refs, &n);

	if (rc == ECERT_OK)
		buf_put(&to->field, refs, n);
	return rc == ECERT_OK ? buf_rc(&to->field) : rc;
}

enum ecert_rc do_names(struct worker *w, const struct job *j, struct answer *to)
{
	struct token_at at = job_at(w, j);
	struct token_names names;
	enum ecert_rc rc = token_names(&at, &names);

	if (rc == ECERT_OK)
		wire_put_names(&to->field, &names, j->peer.revision);
	return rc == ECERT_OK ? buf_rc(&to->field) : rc;
}

enum ecert_rc do_attest(struct worker *w, const struct job *j, struct answer *to)
{
	struct token_at at = job_at(w, j);

	return token_attest(&at, (uint8_t)j->q.arg.attest.ref, &to->field);
}

enum ecert_rc do_random(struct worker *w, const struct job *j, struct answer *to)
{
	struct token_at at = job_at(w, j);
	size_t n = j->q.arg.random.bytes;
	uint8_t *room = buf_room(&to->field, n);

	return room ? token_random(&at, room, n) : ECERT_E_TOO_LARGE;
}

/* ---- with this client's login ---- */

/* Objects behind the PIN: the local token knows which, and asks for its login, which is only there
 * inside of this client's window. */
enum ecert_rc do_data_get(struct worker *w, const struct job *j, struct answer *to)
{
	struct token_at at = job_at(w, j);
	enum ecert_rc rc;

	if (w->window.held && w->window.client != j->peer.client)
		window_close(w);
	rc = token_data_get(&at, j->q.arg.data_get.tag, &to->field);
	if (rc != ECERT_E_AUTH)
		return rc;
	rc = window_for(w, j->peer.client);
	return rc == ECERT_OK ? token_data_get(&at, j->q.arg.data_get.tag, &to->field) : rc;
}

static enum ecert_rc policy_of(const struct token_at *at, const struct job *j, enum pin_policy *pin)
{
	struct token_key key;
	enum ecert_rc rc = token_key_get(at, (uint8_t)j->q.arg.use.ref, &key);

	*pin = PIN_ALWAYS;
	if (rc != ECERT_OK)
		return rc;
	*pin = key.pin;
	token_key_clear(&key);
	return ECERT_OK;
}

enum ecert_rc admit_use(struct worker *w, const struct job *j)
{
	struct token_at at = job_at(w, j);
	const struct window *win = &w->window;
	enum pin_policy pin;
	enum ecert_rc rc = policy_of(&at, j, &pin);

	if (rc != ECERT_OK)
		return rc;
	if (pin == PIN_NEVER)
		return ECERT_OK;
	/* What login_once, or the login just made, paid for: in the same window. */
	if (pin == PIN_ALWAYS)
		return win->held && win->client == j->peer.client &&
			       (win->once == j->q.arg.use.ref || (win->once == 0 && win->unspent))
			   ? ECERT_OK
			   : ECERT_E_AUTH;
	return pins_user(&w->pins, j->peer.client, window_generation(w)) == TOKEN_USER
		   ? ECERT_OK
		   : ECERT_E_AUTH;
}

enum ecert_rc do_use(struct worker *w, const struct job *j, struct answer *to)
{
	struct token_at at = job_at(w, j);
	const struct token_request req = {.ref = (uint8_t)j->q.arg.use.ref,
	    .op = (enum token_op)j->q.arg.use.op,
	    .in = j->q.arg.use.input,
	    .digest = j->q.arg.use.digest};
	enum pin_policy pin;
	enum ecert_rc rc = policy_of(&at, j, &pin);

	if (rc == ECERT_OK && pin == PIN_ONCE)
		rc = window_for(w, j->peer.client);
	if (rc != ECERT_OK)
		return rc;
	w->window.unspent = false;
	if (pin == PIN_ALWAYS)
		w->window.once = 0;
	rc = token_use(&at, &req, &to->field);
	if (w->window.held)
		w->window.last = clock_ms();
	/* The card forgot the login within its own transaction: nothing is replayed. */
	if (rc == ECERT_E_RESET)
		pins_drop(&w->pins, j->peer.client);
	return rc;
}
