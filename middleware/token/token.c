/* SPDX-License-Identifier: BSD-2-Clause */
/* The token seam: chooses the implementation, keeps forked children away from it, dispatches. */
#include "token/token.h"

#include <stdlib.h>
#include <string.h>

#include "token/backend.h"
#include "util/fork.h"
#include "token/hold.h"

struct tokens {
	const struct token_backend *ops;
	void *impl;
	unsigned stamp; /* of fork_stamp */
};

enum ecert_rc tokens_of(const struct token_backend *ops, void *impl, struct tokens **out)
{
	struct tokens *t = calloc(1, sizeof *t);

	*out = NULL;
	if (!t) {
		ops->close(impl, false);
		return ECERT_E_MEMORY;
	}
	t->ops = ops;
	t->impl = impl;
	t->stamp = fork_stamp();
	*out = t;
	return ECERT_OK;
}

bool tokens_config_env(struct tokens_config *cfg)
{
	static const char *const words[] = {
	    [DAEMON_AUTO] = "auto", [DAEMON_NEVER] = "never", [DAEMON_ALWAYS] = "always"};
	const char *env = secure_getenv("ECERT_DAEMON");

	if (!env)
		return true;
	if (*env == '/') {
		cfg->daemon = DAEMON_ALWAYS;
		cfg->daemon_socket = env;
		return true;
	}
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (strcmp(env, words[i]) == 0) {
			cfg->daemon = (enum token_daemon)i;
			return true;
		}
	return false;
}

enum ecert_rc tokens_open(const struct tokens_config *cfg, struct tokens **out)
{
	const struct tokens_config none = {0};
	const struct tokens_config *c = cfg ? cfg : &none;
	enum token_daemon want = c->daemon;
	const struct token_backend *ops = NULL;
	void *impl = NULL;
	enum ecert_rc rc = ECERT_E_NO_SERVICE;

	*out = NULL;
	/* A reader that was named is one that this process was told to drive itself. */
	if (want == DAEMON_ALWAYS || (want == DAEMON_AUTO && !c->reader))
		rc = remote_open(c, &ops, &impl);
	if (rc == ECERT_E_NO_SERVICE && want != DAEMON_ALWAYS)
		rc = local_open(c, &ops, &impl);
	if (rc != ECERT_OK)
		return rc;
	return tokens_of(ops, impl, out);
}

void tokens_close(struct tokens **t)
{
	if (!t || !*t)
		return;
	(*t)->ops->close((*t)->impl, fork_passed((*t)->stamp));
	free(*t);
	*t = NULL;
}

/* Every entry passes here: a handle of the parent process is never touched. */
static enum ecert_rc alive(const struct tokens *t)
{
	if (!t)
		return ECERT_E_ARG;
	return fork_passed(t->stamp) ? ECERT_E_FORKED : ECERT_OK;
}

enum ecert_rc tokens_slots(
    struct tokens *t, bool refresh, struct token_slot *out, size_t cap, size_t *n)
{
	enum ecert_rc rc = alive(t);

	*n = 0;
	return rc != ECERT_OK ? rc : t->ops->slots(t->impl, refresh, out, cap, n);
}

enum ecert_rc tokens_slot(struct tokens *t, unsigned id, struct token_slot *out)
{
	enum ecert_rc rc = alive(t);

	memset(out, 0, sizeof *out);
	return rc != ECERT_OK ? rc : t->ops->slot(t->impl, id, out);
}

enum ecert_rc tokens_wait(struct tokens *t, int timeout_ms, unsigned *slot)
{
	enum ecert_rc rc = alive(t);

	*slot = 0;
	return rc != ECERT_OK ? rc : t->ops->wait(t->impl, timeout_ms, slot);
}

void tokens_cancel_wait(struct tokens *t)
{
	if (alive(t) == ECERT_OK)
		t->ops->cancel_wait(t->impl);
}

/* The body of nearly every function below: refuse, or call the same name behind the seam. */
#define DISPATCH(name, ...)                                                                        \
	(alive(at->tokens) != ECERT_OK                                                             \
		? alive(at->tokens)                                                                \
		: at->tokens->ops->name(at->tokens->impl, at, ##__VA_ARGS__))

enum ecert_rc token_info(const struct token_at *at, struct token_info *out)
{
	memset(out, 0, sizeof *out);
	return DISPATCH(info, out);
}

enum ecert_rc token_prove(const struct token_at *at, struct token_info *out)
{
	memset(out, 0, sizeof *out);
	if (alive(at->tokens) == ECERT_OK && !at->tokens->ops->prove)
		return DISPATCH(info, out);
	return DISPATCH(prove, out);
}

enum ecert_rc token_login(
    const struct token_at *at, enum token_user user, struct rd pin, unsigned flags, int *tries)
{
	*tries = -1;
	/* Whatever another program has verified, an empty PIN never logs in (CVE-2023-40660). */
	if (pin.p && pin.n == 0)
		return ECERT_E_PIN_FORMAT;
	return DISPATCH(login, user, pin, flags, tries);
}

enum ecert_rc token_logout(const struct token_at *at)
{
	return DISPATCH(logout);
}

enum token_user token_user(const struct token_at *at)
{
	if (alive(at->tokens) != ECERT_OK)
		return TOKEN_NOBODY;
	return at->tokens->ops->user(at->tokens->impl, at);
}

enum ecert_rc token_login_once(
    const struct token_at *at, uint8_t key_ref, struct rd pin, unsigned flags, int *tries)
{
	*tries = -1;
	if (pin.p && pin.n == 0)
		return ECERT_E_PIN_FORMAT;
	return DISPATCH(login_once, key_ref, pin, flags, tries);
}

enum ecert_rc token_change_secret(const struct token_at *at, enum token_secret which, struct rd old,
    struct rd fresh, unsigned flags, int *tries)
{
	*tries = -1;
	return DISPATCH(change_secret, which, old, fresh, flags, tries);
}

enum ecert_rc token_unblock(
    const struct token_at *at, struct rd puk, struct rd fresh_pin, unsigned flags, int *tries)
{
	*tries = -1;
	return DISPATCH(unblock, puk, fresh_pin, flags, tries);
}

void token_key_clear(struct token_key *k)
{
	if (!k)
		return;
	pubkey_free(&k->pub);
	memset(k, 0, sizeof *k);
}

enum ecert_rc token_key_get(const struct token_at *at, uint8_t ref, struct token_key *out)
{
	memset(out, 0, sizeof *out);
	return DISPATCH(key_get, ref, out);
}

enum ecert_rc token_cert_get(const struct token_at *at, uint8_t ref, struct buf *der)
{
	return DISPATCH(cert_get, ref, der);
}

enum ecert_rc token_refs(const struct token_at *at, uint8_t refs[TOKEN_KEYS_MAX], size_t *n)
{
	*n = 0;
	return DISPATCH(refs, refs, n);
}

enum ecert_rc token_attest(const struct token_at *at, uint8_t ref, struct buf *der)
{
	return DISPATCH(attest, ref, der);
}

enum ecert_rc token_data_get(const struct token_at *at, uint32_t tag, struct buf *out)
{
	return DISPATCH(data_get, tag, out);
}

enum ecert_rc token_use(const struct token_at *at, const struct token_request *req, struct buf *out)
{
	return DISPATCH(use, req, out);
}

enum ecert_rc token_key_generate(
    const struct token_at *at, const struct token_newkey *spec, struct pubkey **pub)
{
	*pub = NULL;
	return DISPATCH(key_generate, spec, pub);
}

enum ecert_rc token_key_import(
    const struct token_at *at, const struct token_newkey *spec, const struct rd part[5])
{
	return DISPATCH(key_import, spec, part);
}

enum ecert_rc token_key_delete(const struct token_at *at, uint8_t ref)
{
	return DISPATCH(key_delete, ref);
}

enum ecert_rc token_cert_put(const struct token_at *at, uint8_t ref, struct rd der)
{
	return DISPATCH(cert_put, ref, der);
}

enum ecert_rc token_data_put(const struct token_at *at, uint32_t tag, struct rd value)
{
	return DISPATCH(data_put, tag, value);
}

enum ecert_rc token_label_put(const struct token_at *at, const char *label)
{
	return DISPATCH(label_put, label);
}

enum ecert_rc token_names(const struct token_at *at, struct token_names *out)
{
	enum ecert_rc rc = alive(at->tokens);

	out->kept = false;
	out->n = 0;
	if (rc != ECERT_OK || !at->tokens->ops->names)
		return rc;
	return at->tokens->ops->names(at->tokens->impl, at, out);
}

enum ecert_rc token_name_put(const struct token_at *at, const struct token_name *name)
{
	enum ecert_rc rc = alive(at->tokens);

	if (rc == ECERT_OK && !at->tokens->ops->name_put)
		rc = ECERT_E_UNSUPPORTED;
	return rc != ECERT_OK ? rc : at->tokens->ops->name_put(at->tokens->impl, at, name);
}

enum ecert_rc token_random(const struct token_at *at, uint8_t *out, size_t n)
{
	if (n == 0)
		return alive(at->tokens);
	return DISPATCH(random, out, n);
}

enum ecert_rc token_hold(const struct token_at *at)
{
	enum ecert_rc rc = alive(at->tokens);

	if (rc == ECERT_OK && !at->tokens->ops->hold)
		rc = ECERT_E_UNSUPPORTED;
	return rc != ECERT_OK ? rc : at->tokens->ops->hold(at->tokens->impl, at);
}

void token_release(const struct token_at *at)
{
	if (alive(at->tokens) == ECERT_OK && at->tokens->ops->release)
		at->tokens->ops->release(at->tokens->impl, at);
}

enum ecert_rc token_pay_once(const struct token_at *at, uint8_t ref)
{
	enum ecert_rc rc = alive(at->tokens);

	if (rc == ECERT_OK && !at->tokens->ops->pay_once)
		rc = ECERT_E_UNSUPPORTED;
	return rc != ECERT_OK ? rc : at->tokens->ops->pay_once(at->tokens->impl, at, ref);
}

enum ecert_rc token_write_as_user(const struct token_at *at, const struct mgm_key *key)
{
	enum ecert_rc rc = alive(at->tokens);

	if (rc == ECERT_OK && !at->tokens->ops->write_as_user)
		rc = ECERT_E_UNSUPPORTED;
	return rc != ECERT_OK ? rc : at->tokens->ops->write_as_user(at->tokens->impl, at, key);
}
