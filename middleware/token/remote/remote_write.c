/* SPDX-License-Identifier: BSD-2-Clause */
/* Writing through ecertd. */
#include <string.h>

#include "token/mgmkey.h"
#include "token/remote/remote.h"

/* Where the user may write, the daemon is told so, and gets the key when it is not on the card. */
static enum ecert_rc lend_key(struct remote *r, const struct token_at *at)
{
	struct wire_request q = {.type = IPC_LET_WRITE};
	struct mgm_key *key;
	enum ecert_rc rc;

	if (!r->user_writes || remote_user(r, at) != TOKEN_USER)
		return ECERT_OK;
	rc = mgm_key_new(&key);
	if (rc != ECERT_OK)
		return rc;
	if (r->key_file[0] != '\0')
		rc = mgmkey_file(r->key_file, key);
	q.arg.let_write.shrinks = key->shrink;
	q.arg.let_write.key = mgm_key_view(key);
	if (rc == ECERT_OK)
		rc = remote_call_at(r, at, &q, NULL, NULL);
	mgm_key_free(&key);
	return rc;
}

static enum ecert_rc call_write(
    struct remote *r, const struct token_at *at, struct wire_request *q, struct buf *field)
{
	enum ecert_rc rc = lend_key(r, at);

	return rc == ECERT_OK ? remote_call_at(r, at, q, NULL, field) : rc;
}

static uint32_t policies(const struct token_newkey *spec)
{
	return (uint32_t)spec->pin << 8 | spec->touch;
}

enum ecert_rc remote_key_generate(
    void *impl, const struct token_at *at, const struct token_newkey *spec, struct pubkey **pub)
{
	struct wire_request q = {.type = IPC_KEY_GENERATE,
	    .arg.key_generate = {.ref = spec->ref, .alg = spec->alg, .policies = policies(spec)}};
	struct buf spki = BUF_INIT(IPC_DATA_MAX);
	enum ecert_rc rc = call_write(impl, at, &q, &spki);

	if (rc == ECERT_OK)
		rc = pubkey_from_spki(buf_view(&spki), pub);
	buf_free(&spki);
	return rc;
}

enum ecert_rc remote_key_import(
    void *impl, const struct token_at *at, const struct token_newkey *spec, const struct rd *part)
{
	struct wire_request q = {.type = IPC_KEY_IMPORT,
	    .arg.key_import = {.ref = spec->ref, .alg = spec->alg, .policies = policies(spec)}};

	memcpy(q.field, part, sizeof q.field);
	return call_write(impl, at, &q, NULL);
}

enum ecert_rc remote_key_delete(void *impl, const struct token_at *at, uint8_t ref)
{
	struct wire_request q = {.type = IPC_KEY_DELETE, .arg.key_delete = {.ref = ref}};

	return call_write(impl, at, &q, NULL);
}

enum ecert_rc remote_cert_put(void *impl, const struct token_at *at, uint8_t ref, struct rd der)
{
	struct wire_request q = {.type = IPC_CERT_PUT, .arg.cert_put = {.ref = ref, .der = der}};

	return call_write(impl, at, &q, NULL);
}

enum ecert_rc remote_data_put(void *impl, const struct token_at *at, uint32_t tag, struct rd value)
{
	struct wire_request q = {
	    .type = IPC_DATA_PUT, .arg.data_put = {.tag = tag, .value = value}};

	return call_write(impl, at, &q, NULL);
}

enum ecert_rc remote_label_put(void *impl, const struct token_at *at, const char *label)
{
	struct wire_request q = {
	    .type = IPC_LABEL_PUT, .arg.label_put = {.label = rd_of(label, strlen(label))}};

	return q.arg.label_put.label.n > 32 ? ECERT_E_DATA_LEN : call_write(impl, at, &q, NULL);
}

enum ecert_rc remote_name_put(void *impl, const struct token_at *at, const struct token_name *name)
{
	struct wire_request q = {.type = IPC_NAME_PUT,
	    .arg.name_put = {.ref = name->ref,
		.deny = name->deny,
		.id = rd_of(name->id, name->id_len),
		.key = rd_of(name->key, strlen(name->key)),
		.cert = rd_of(name->cert, strlen(name->cert)),
		.pub = rd_of(name->pub, strlen(name->pub))}};

	/* To a daemon of before only what it can keep. */
	if (remote_revision(impl) == 0) {
		if (name->deny != 0 || name->pub[0] != '\0')
			return ECERT_E_UNSUPPORTED;
		q.fields = 3;
	}

	return call_write(impl, at, &q, NULL);
}
