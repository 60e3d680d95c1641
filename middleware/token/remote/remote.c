/* SPDX-License-Identifier: BSD-2-Clause */
/* The remote half of the token seam: ecertd talks to the cards. */
#include "token/remote/remote.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "token/backend.h"
#include "util/clock.h"
#include "util/log.h"

enum ecert_rc remote_call_at(struct remote *r, const struct token_at *at, struct wire_request *q,
    uint32_t *a, struct buf *field)
{
	uint32_t run;
	enum ecert_rc rc = remote_address(r, at, q, &run);

	return rc == ECERT_OK ? remote_call_in(r, run, q, a, field) : rc;
}

/* The same for requests that answer with tries. */
static enum ecert_rc call_tries(
    struct remote *r, const struct token_at *at, struct wire_request *q, int *tries)
{
	uint32_t a = UINT32_MAX;
	enum ecert_rc rc = remote_call_at(r, at, q, &a, NULL);

	*tries = a <= 15 ? (int)a : -1;
	return rc;
}

/* ---- the token ---- */

static enum ecert_rc ask_info(
    struct remote *r, const struct token_at *at, bool prove, struct token_info *out)
{
	struct wire_request q = {.type = IPC_INFO, .arg.info = {.prove = prove}};
	struct buf field = BUF_INIT(IPC_DATA_MAX);
	enum ecert_rc rc = remote_call_at(r, at, &q, NULL, &field);

	if (rc == ECERT_OK)
		rc = wire_get_info(buf_view(&field), remote_revision(r), out);
	if (rc == ECERT_OK) {
		(void)pthread_mutex_lock(&r->lock);
		out->generation += r->base;
		(void)pthread_mutex_unlock(&r->lock);
	}
	buf_free(&field);
	return rc;
}

enum ecert_rc remote_info(void *impl, const struct token_at *at, struct token_info *out)
{
	return ask_info(impl, at, false, out);
}

enum ecert_rc remote_prove(void *impl, const struct token_at *at, struct token_info *out)
{
	return ask_info(impl, at, true, out);
}

enum ecert_rc remote_login(void *impl, const struct token_at *at, enum token_user user,
    struct rd pin, unsigned flags, int *tries)
{
	struct wire_request q = {.type = IPC_LOGIN,
	    .arg.login = {.user = user, .flags = flags, .pinpad = !pin.p, .secret = pin}};
	enum ecert_rc rc = call_tries(impl, at, &q, tries);

	/* The daemon verifies before each window, and a PIN pad's PIN it never has. */
	if (!pin.p && rc == ECERT_E_UNSUPPORTED)
		log_error("a login at the PIN pad needs the reader itself: ECERT_DAEMON=never");
	return rc;
}

enum ecert_rc remote_logout(void *impl, const struct token_at *at)
{
	struct wire_request q = {.type = IPC_LOGOUT};

	return remote_call_at(impl, at, &q, NULL, NULL);
}

enum token_user remote_user(void *impl, const struct token_at *at)
{
	struct wire_request q = {.type = IPC_USER};
	uint32_t a = 0;

	if (remote_call_at(impl, at, &q, &a, NULL) != ECERT_OK || a > TOKEN_SO)
		return TOKEN_NOBODY;
	return (enum token_user)a;
}

enum ecert_rc remote_login_once(
    void *impl, const struct token_at *at, uint8_t ref, struct rd pin, unsigned flags, int *tries)
{
	struct wire_request q = {.type = IPC_LOGIN_ONCE,
	    .arg.login_once = {.ref = ref, .flags = flags, .pinpad = !pin.p, .pin = pin}};

	return call_tries(impl, at, &q, tries);
}

enum ecert_rc remote_change_secret(void *impl, const struct token_at *at, enum token_secret which,
    struct rd old, struct rd fresh, unsigned flags, int *tries)
{
	struct wire_request q = {.type = IPC_CHANGE_SECRET,
	    .arg.change_secret = {.which = which, .flags = flags, .old = old, .fresh = fresh}};

	return call_tries(impl, at, &q, tries);
}

enum ecert_rc remote_unblock(void *impl, const struct token_at *at, struct rd puk, struct rd fresh,
    unsigned flags, int *tries)
{
	struct wire_request q = {
	    .type = IPC_UNBLOCK, .arg.unblock = {.flags = flags, .puk = puk, .fresh = fresh}};

	return call_tries(impl, at, &q, tries);
}

enum ecert_rc remote_key_get(
    void *impl, const struct token_at *at, uint8_t ref, struct token_key *out)
{
	struct wire_request q = {.type = IPC_KEY_GET, .arg.key_get = {.ref = ref}};
	struct buf field = BUF_INIT(IPC_DATA_MAX);
	enum ecert_rc rc = remote_call_at(impl, at, &q, NULL, &field);

	if (rc == ECERT_OK)
		rc = wire_get_key(buf_view(&field), out);
	buf_free(&field);
	return rc;
}

enum ecert_rc remote_cert_get(void *impl, const struct token_at *at, uint8_t ref, struct buf *der)
{
	struct wire_request q = {.type = IPC_CERT_GET, .arg.cert_get = {.ref = ref}};

	return remote_call_at(impl, at, &q, NULL, der);
}

enum ecert_rc remote_refs(void *impl, const struct token_at *at, uint8_t *out, size_t *n)
{
	struct wire_request q = {.type = IPC_REFS};
	struct buf field = BUF_INIT(IPC_DATA_MAX);
	enum ecert_rc rc = remote_call_at(impl, at, &q, NULL, &field);

	if (rc == ECERT_OK && buf_len(&field) > TOKEN_KEYS_MAX)
		rc = ECERT_E_MALFORMED;
	if (rc == ECERT_OK) {
		*n = buf_len(&field);
		if (*n > 0)
			memcpy(out, buf_view(&field).p, *n);
	}
	buf_free(&field);
	return rc;
}

enum ecert_rc remote_attest(void *impl, const struct token_at *at, uint8_t ref, struct buf *der)
{
	struct wire_request q = {.type = IPC_ATTEST, .arg.attest = {.ref = ref}};

	return remote_call_at(impl, at, &q, NULL, der);
}

enum ecert_rc remote_data_get(void *impl, const struct token_at *at, uint32_t tag, struct buf *out)
{
	struct wire_request q = {.type = IPC_DATA_GET, .arg.data_get = {.tag = tag}};

	return remote_call_at(impl, at, &q, NULL, out);
}

/* ---- operations ---- */

enum ecert_rc remote_use(
    void *impl, const struct token_at *at, const struct token_request *req, struct buf *out)
{
	struct wire_request q = {.type = IPC_USE,
	    .arg.use = {.ref = req->ref, .op = req->op, .input = req->in, .digest = req->digest}};

	return remote_call_at(impl, at, &q, NULL, out);
}

enum ecert_rc remote_names(void *impl, const struct token_at *at, struct token_names *out)
{
	struct wire_request q = {.type = IPC_NAMES};
	struct buf field = BUF_INIT(IPC_DATA_MAX);
	enum ecert_rc rc = remote_call_at(impl, at, &q, NULL, &field);

	if (rc == ECERT_OK)
		rc = wire_get_names(buf_view(&field), remote_revision(impl), out);
	buf_free(&field);
	return rc;
}

enum ecert_rc remote_random(void *impl, const struct token_at *at, uint8_t *out, size_t n)
{
	struct wire_request q = {.type = IPC_RANDOM, .arg.random = {.bytes = (uint32_t)n}};
	struct buf field = BUF_INIT(IPC_DATA_MAX);
	enum ecert_rc rc = n <= IPC_DATA_MAX ? remote_call_at(impl, at, &q, NULL, &field)
					     : ECERT_E_TOO_LARGE;

	if (rc == ECERT_OK && buf_len(&field) != n)
		rc = ECERT_E_MALFORMED;
	if (rc == ECERT_OK)
		memcpy(out, buf_view(&field).p, n);
	buf_free(&field);
	return rc;
}

/* ---- opening and closing ---- */

static void close_remote(void *impl, bool forked)
{
	struct remote *r = impl;

	remote_disconnect(r, forked);
	if (!forked) {
		(void)pthread_mutex_destroy(&r->lock);
		(void)pthread_mutex_destroy(&r->sending);
		(void)pthread_cond_destroy(&r->changed);
	}
	free(r);
}

#define REMOTE_ROW(name, ...) .name = remote_##name,
static const struct token_backend remote_ops = {.close = close_remote,
    .slots = remote_slots,
    .slot = remote_slot,
    .wait = remote_wait,
    .cancel_wait = remote_cancel_wait,
    .user = remote_user,
    TOKEN_SEAM(REMOTE_ROW)};

static struct remote *remote_new(void)
{
	struct remote *r = calloc(1, sizeof *r);

	if (!r)
		return NULL;
	if (clock_cond_init(&r->changed) != 0) {
		free(r);
		return NULL;
	}
	(void)pthread_mutex_init(&r->lock, NULL);
	(void)pthread_mutex_init(&r->sending, NULL);
	return r;
}

static enum ecert_rc try_path(struct remote *r, const char *dir, const char *name)
{
	int n = snprintf(r->path, sizeof r->path, "%s%s%s", dir, dir[0] != '\0' ? "/" : "", name);

	if (n < 0 || (size_t)n >= sizeof r->path)
		return ECERT_E_NO_SERVICE;
	r->silent_until = 0; /* that was the other socket's */
	return remote_connect(r);
}

/* What there was at the start is no event. */
static void first_look(struct remote *r)
{
	struct token_slot slot[TOKEN_SLOTS_MAX];
	size_t n;

	if (remote_slots(r, false, slot, TOKEN_SLOTS_MAX, &n) != ECERT_OK)
		return;
	for (size_t i = 0; i < r->slots; i++)
		r->slot[i].reported = r->slot[i].last.generation;
}

enum ecert_rc remote_open(
    const struct tokens_config *cfg, const struct token_backend **ops, void **impl)
{
	const char *dir = secure_getenv("XDG_RUNTIME_DIR");
	struct remote *r = remote_new();
	enum ecert_rc rc = ECERT_E_NO_SERVICE;

	*ops = NULL;
	*impl = NULL;
	if (!r)
		return ECERT_E_MEMORY;
	r->user_writes = cfg->user_writes;
	if (cfg->management_key_file && (size_t)snprintf(r->key_file, sizeof r->key_file, "%s",
					    cfg->management_key_file) >= sizeof r->key_file) {
		close_remote(r, false);
		return ECERT_E_ARG;
	}
	if (cfg->daemon_socket)
		rc = try_path(r, "", cfg->daemon_socket);
	else if (dir && dir[0] == '/')
		rc = try_path(r, dir, IPC_SOCKET_USER);
	if (rc == ECERT_E_NO_SERVICE && !cfg->daemon_socket)
		rc = try_path(r, "", IPC_SOCKET_SYSTEM);
	if (rc != ECERT_OK) {
		close_remote(r, false);
		return rc;
	}
	first_look(r);
	*ops = &remote_ops;
	*impl = r;
	return ECERT_OK;
}
