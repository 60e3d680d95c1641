/* SPDX-License-Identifier: BSD-2-Clause */
/* Making a compact JWS with a signer. */
#include <stdlib.h>
#include <string.h>

#include "document/cert.h"
#include "document/json.h"
#include "document/jose/jws.h"
#include "document/jose/jose_priv.h"
#include "util/hex.h"

static enum ecert_rc set_new(json_t *object, const char *key, json_t *value)
{
	/* json_object_set_new takes the value away even when it fails. */
	return json_object_set_new(object, key, value) == 0 ? ECERT_OK : ECERT_E_MEMORY;
}

static enum ecert_rc append_cert(json_t *list, struct rd der)
{
	struct buf text = BUF_INIT(1u << 17);
	enum ecert_rc rc;

	b64_put(&text, der);
	rc = buf_rc(&text);
	if (rc == ECERT_OK) {
		struct rd t = buf_view(&text);

		if (json_array_append_new(list, json_stringn((const char *)t.p, t.n)) != 0)
			rc = ECERT_E_MEMORY;
	}
	buf_free(&text);
	return rc;
}

enum ecert_rc jws_set_x5c(json_t *header, const struct doc_signer *s)
{
	json_t *list = json_array();
	enum ecert_rc rc;

	if (!list)
		return ECERT_E_MEMORY;
	rc = append_cert(list, s->cert);
	for (size_t i = 0; rc == ECERT_OK && i < s->chain_n; i++)
		rc = append_cert(list, s->chain[i]);
	if (rc != ECERT_OK) {
		json_decref(list);
		return rc;
	}
	return set_new(header, "x5c", list);
}

static enum ecert_rc set_extra(json_t *header, const json_t *extra)
{
	const char *key;
	json_t *value;

	/* jansson's iterator takes no const object, but does not change it. */
	json_object_foreach((json_t *)(uintptr_t)extra, key, value)
	{
		if (json_object_get(header, key))
			return ECERT_E_ARG;
		if (json_object_set(header, key, value) != 0)
			return ECERT_E_MEMORY;
	}
	return ECERT_OK;
}

static enum ecert_rc make_header(
    const struct doc_signer *s, const struct jws_options *o, enum doc_sig_alg alg, json_t **out)
{
	json_t *header = json_object();
	enum ecert_rc rc;

	if (!header)
		return ECERT_E_MEMORY;
	rc = set_new(header, "alg", json_string(doc_sig_name(alg)));
	if (rc == ECERT_OK)
		rc = set_new(header, "typ", json_string(o->typ));
	if (rc == ECERT_OK && o->kid)
		rc = set_new(header, "kid", json_string(o->kid));
	if (rc == ECERT_OK && o->x5c)
		rc = jws_set_x5c(header, s);
	if (rc == ECERT_OK && o->extra)
		rc = set_extra(header, o->extra);
	if (rc != ECERT_OK) {
		json_decref(header);
		header = NULL;
	}
	*out = header;
	return rc;
}

enum ecert_rc jws_put_json(struct buf *out, const json_t *value)
{
	char *text = json_text(value, JSON_COMPACT);

	if (!text)
		return ECERT_E_DATA;
	b64url_put(out, rd_of(text, strlen(text)));
	free(text);
	return buf_rc(out);
}

enum ecert_rc jws_create(
    const struct doc_signer *s, const struct jws_options *o, const json_t *claims, struct buf *out)
{
	enum doc_sig_alg alg = o->alg ? o->alg : s->alg ? s->alg : doc_sig_for_key(s->key);
	struct buf input = BUF_INIT(JWS_MAX_SIZE), sig = BUF_INIT(1024);
	json_t *header = NULL;
	enum ecert_rc rc;

	if (!o->typ || !json_is_object(claims))
		return ECERT_E_ARG;
	if (!doc_sig_fits(alg, s->key))
		return ECERT_E_KEY_TYPE;
	rc = make_header(s, o, alg, &header);
	if (rc == ECERT_OK)
		rc = jws_put_json(&input, header);
	buf_u8(&input, '.');
	if (rc == ECERT_OK)
		rc = jws_put_json(&input, claims);
	if (rc == ECERT_OK)
		rc = doc_sign_message(s, alg, buf_view(&input), &sig);
	if (rc == ECERT_OK) {
		buf_rd(out, buf_view(&input));
		buf_u8(out, '.');
		b64url_put(out, buf_view(&sig));
		rc = buf_rc(out);
	}
	json_decref(header);
	buf_free(&input);
	buf_free(&sig);
	return rc;
}
