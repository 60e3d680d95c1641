/* SPDX-License-Identifier: BSD-2-Clause */
/* Taking a JWS apart. */
#include "document/jose/jades_read.h"

#include <string.h>
#include <strings.h>

#include "document/jose/jose_priv.h"
#include "document/jose/jws.h"
#include "document/json.h"
#include "document/kind/kind_priv.h"
#include "util/hex.h"

static json_t *object_of(struct rd coded, bool *not_utf8)
{
	struct buf b = BUF_INIT(coded.n + 1);
	json_t *o = NULL;

	*not_utf8 = false;
	if (b64url_get(coded, &b) == ECERT_OK && buf_len(&b)) {
		*not_utf8 = !json_is_utf8(buf_view(&b));
		o = json_read(buf_view(&b), NULL);
	}
	buf_free(&b);
	if (!json_is_object(o)) {
		json_decref(o);
		o = NULL;
	}
	return o;
}

/* header.payload.signature; the payload may be nothing. */
static bool split(struct rd text, struct rd part[3])
{
	struct rd rest = text;

	for (int i = 0; i < 2; i++) {
		const uint8_t *dot = rest.n ? memchr(rest.p, '.', rest.n) : NULL;
		size_t n = dot ? (size_t)(dot - rest.p) : 0;

		if (!dot)
			return false;
		part[i] = rd_of(rest.p, n);
		rest = rd_of(rest.p + n + 1, rest.n - n - 1);
	}
	part[2] = rest;
	return part[0].n && part[2].n && !memchr(rest.p, '.', rest.n);
}

static struct rd text_of(const json_t *o, const char *key)
{
	const json_t *v = json_object_get(o, key);

	return json_is_string(v) ? rd_of(json_string_value(v), json_string_length(v))
				 : rd_of(NULL, 0);
}

static bool read_one(struct jades *j, const json_t *o)
{
	struct jades_one *one = &j->v[j->n];
	const json_t *beside = json_object_get(o, "header");

	*one = (struct jades_one){
	    .coded = text_of(o, "protected"), .value = text_of(o, "signature"), .beside = beside};
	if (!one->coded.n || !one->value.n || (beside && !json_is_object(beside)))
		return false;
	one->header = object_of(one->coded, &one->not_utf8);
	j->n++;
	return true;
}

static const char *read_json(struct rd text, struct jades *j, enum reason *reason)
{
	static const char none[] = MSG_ID("it is no JWS: no JSON object with distinct keys, or one "
					  "without protected headers and signatures");
	const json_t *list, *payload;

	j->root = json_read(text, NULL);
	list = json_object_get(j->root, "signatures");
	payload = json_object_get(j->root, "payload");
	if (!j->root && !json_is_utf8(text))
		return MSG_ID("it is no JSON: it has a byte that is no UTF-8");
	if (!json_is_object(j->root) || (payload && !json_is_string(payload)))
		return none;
	j->payload = text_of(j->root, "payload");
	j->form = list ? DOC_JSON_GENERAL : DOC_JSON_FLATTENED;
	if (!list)
		return read_one(j, j->root) ? NULL : none;
	*reason = REASON_ATTRIBUTES_BAD;
	if (json_object_get(j->root, "signature"))
		return MSG_ID("it has one signature and a list of them at once (RFC 7515, 7.2.2)");
	*reason = REASON_NO_SIGNER;
	if (!json_array_size(list))
		return MSG_ID("there is no signature in it");
	*reason = REASON_TOO_MUCH;
	if (json_array_size(list) > JADES_MAX_SIGNERS)
		return MSG_ID("there are more than 16 signatures, and no more are looked at");
	*reason = REASON_NOT_A_SIGNATURE;
	for (size_t i = 0; i < json_array_size(list); i++)
		if (!read_one(j, json_array_get(list, i)))
			return none;
	return NULL;
}

const char *jades_read(struct rd text, struct jades *out, enum reason *reason)
{
	struct rd part[3];

	memset(out, 0, sizeof *out);
	*reason = REASON_NOT_A_SIGNATURE;
	text = json_trim(text);
	if (text.n && text.p[0] == '{')
		return read_json(text, out, reason);
	if (!split(text, part))
		return MSG_ID("it is no JWS: not header.payload.signature");
	out->form = DOC_JSON_COMPACT;
	out->payload = part[1];
	out->v[0] = (struct jades_one){.coded = part[0], .value = part[2]};
	out->v[0].header = object_of(part[0], &out->v[0].not_utf8);
	out->n = 1;
	return NULL;
}

void jades_free(struct jades *j)
{
	for (size_t i = 0; i < j->n; i++)
		json_decref(j->v[i].header);
	json_decref(j->root);
	memset(j, 0, sizeof *j);
}

/* Members of JAdES alone (TS 119 182-1, 5.2), which no token has. */
static const char *const own[] = {
    "sigT", "sigD", "sigX5ts", "x5t#o", "srCms", "sigPl", "srAts", "adoTst", "sigPId"};

static bool is_document(const json_t *header)
{
	const char *typ = jws_typ(header);

	for (size_t i = 0; i < sizeof own / sizeof own[0]; i++)
		if (json_object_get(header, own[i]))
			return true;
	return (!typ || !strcasecmp(typ, "jose") || !strcasecmp(typ, "jose+json")) &&
	       (json_object_get(header, "x5c") || json_object_get(header, "x5t#S256"));
}

bool jades_is_header(struct rd json)
{
	json_t *o = json_loadb((const char *)json.p, json.n, 0, NULL);
	bool is = json_is_object(o) && is_document(o);

	json_decref(o);
	return is;
}

bool jades_begins(struct rd head)
{
	struct rd text = kind_text(head);
	const uint8_t *dot = jose_begins(head) ? memchr(text.p, '.', text.n) : NULL;
	struct buf b = BUF_INIT(text.n + 1);
	bool is = dot && b64url_get(rd_of(text.p, (size_t)(dot - text.p)), &b) == ECERT_OK &&
		  jades_is_header(buf_view(&b));

	buf_free(&b);
	return is;
}

bool jades_holds_content(struct rd head)
{
	struct rd text = kind_text(head);
	const uint8_t *dot = text.n ? memchr(text.p, '.', text.n) : NULL;

	if (kind_begins(text, KIND_WORD("{")))
		return rd_contains(head, "\"payload\"");
	return dot && dot + 1 < text.p + text.n && dot[1] != '.';
}
