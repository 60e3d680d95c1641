/* SPDX-License-Identifier: BSD-2-Clause */
/* Reading a compact JWS with suspicion (RFC 7515; RFC 8725 for what to refuse). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "document/json.h"
#include "document/cert.h"
#include "document/jose/jws.h"
#include "document/report.h"
#include "util/hex.h"

struct parts {
	struct rd header, payload, signature, input;
};

static enum ecert_rc split(struct rd text, struct parts *p)
{
	const uint8_t *a;
	size_t left;
	const uint8_t *b;

	text = json_trim(text);
	if (!text.n)
		return ECERT_E_MALFORMED;
	a = memchr(text.p, '.', text.n);
	if (!a)
		return ECERT_E_MALFORMED;
	left = text.n - (size_t)(a + 1 - text.p);
	b = memchr(a + 1, '.', left);
	if (!b)
		return ECERT_E_MALFORMED;
	p->header = rd_of(text.p, (size_t)(a - text.p));
	p->payload = rd_of(a + 1, (size_t)(b - a - 1));
	p->signature = rd_of(b + 1, text.n - (size_t)(b + 1 - text.p));
	p->input = rd_of(text.p, (size_t)(b - text.p));
	return p->header.n && p->payload.n ? ECERT_OK : ECERT_E_MALFORMED;
}

/* base64url of one JSON object in which no key comes twice. *utf8: it is text at all. */
static enum ecert_rc get_object(struct rd text, json_t **out, json_error_t *err, bool *utf8)
{
	struct buf b = BUF_INIT(JWS_MAX_SIZE);
	enum ecert_rc rc;

	*err = (json_error_t){.line = 0};
	*out = NULL;
	*utf8 = true;
	rc = b64url_get(text, &b);
	if (rc == ECERT_OK) {
		struct rd v = buf_view(&b);

		*utf8 = json_is_utf8(v);
		*out = json_read(v, err);
		if (!json_is_object(*out)) {
			json_decref(*out);
			*out = NULL;
			rc = ECERT_E_MALFORMED;
		}
	}
	buf_free(&b);
	return rc;
}

const char *jws_typ(const json_t *header)
{
	const char *typ = json_string_value(json_object_get(header, "typ"));

	return typ && strncasecmp(typ, "application/", 12) == 0 ? typ + 12 : typ;
}

static bool typ_is(const char *have, const char *want)
{
	return have && strcasecmp(have, want) == 0;
}

static const char *forbidden(const json_t *header)
{
	static const struct {
		const char *member, *why;
	} row[] = {
	    {"jku", MSG_ID("jku is refused: keys are never fetched")},
	    {"x5u", MSG_ID("x5u is refused: certificates are never fetched")},
	    {"jwk", MSG_ID("jwk is refused: a token cannot bring its own key")},
	    {"crit", MSG_ID("crit names an extension that is not known here")},
	    {"b64", MSG_ID("b64 is refused")},
	    {"zip", MSG_ID("zip is refused")},
	};

	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++)
		if (json_object_get(header, row[i].member))
			return row[i].why;
	return NULL;
}

static const char *header_defect(struct jws *j, const struct jws_rules *rules)
{
	const char *why = forbidden(j->header);
	const json_t *kid = json_object_get(j->header, "kid");

	if (why)
		return why;
	j->alg = doc_sig_by_name(json_string_value(json_object_get(j->header, "alg")));
	j->kid = json_string_value(kid);
	if (!typ_is(jws_typ(j->header), rules->typ))
		return MSG_ID("typ is not the one expected");
	if (j->alg == DOC_SIG_NONE)
		return MSG_ID("alg is not allowed");
	if (kid && !j->kid)
		return MSG_ID("kid is not text");
	if (rules->need_kid && !j->kid)
		return MSG_ID("kid is missing");
	if (rules->need_x5c && !json_object_get(j->header, "x5c"))
		return MSG_ID("x5c is missing");
	return NULL;
}

static enum ecert_rc get_x5c(struct jws *j)
{
	const json_t *list = json_object_get(j->header, "x5c");
	size_t i;
	json_t *item;

	if (!list)
		return ECERT_OK;
	if (!json_is_array(list) || json_array_size(list) == 0)
		return ECERT_E_MALFORMED;
	if (json_array_size(list) > JWS_MAX_X5C)
		return ECERT_E_TOO_LARGE;
	json_array_foreach(list, i, item)
	{
		X509 *x = NULL;
		enum ecert_rc rc;

		if (!json_is_string(item))
			return ECERT_E_MALFORMED;
		rc = b64_get(rd_of(json_string_value(item), json_string_length(item)), &j->x5c[i]);
		if (rc == ECERT_OK)
			rc = cert_parse(buf_view(&j->x5c[i]), &x);
		X509_free(x);
		if (rc != ECERT_OK)
			return rc;
		j->x5c_n = i + 1;
	}
	return ECERT_OK;
}

/* That says it all. */
static const char *not_utf8(const char *words, json_error_t *more)
{
	more->text[0] = 0;
	return words;
}

/* more: what the JSON reader has to say. */
static enum ecert_rc fill(struct jws *j, struct rd text, const struct jws_rules *rules,
    const char **why, json_error_t *more)
{
	struct parts p;
	enum ecert_rc rc;
	bool utf8;

	*why = MSG_ID("not a compact JWS");
	if (text.n > (rules->max ? rules->max : JWS_MAX_SIZE)) {
		*why = MSG_ID("too large");
		return ECERT_E_TOO_LARGE;
	}
	rc = split(text, &p);
	if (rc != ECERT_OK)
		return rc;
	*why = MSG_ID("the header is not base64url of a JSON object with distinct keys");
	rc = get_object(p.header, &j->header, more, &utf8);
	if (!utf8)
		*why = not_utf8(JWS_HEADER_NOT_UTF8, more);
	if (rc != ECERT_OK)
		return rc;
	*why = header_defect(j, rules);
	if (*why)
		return ECERT_E_DENIED;
	*why = MSG_ID("the payload is not base64url of a JSON object with distinct keys");
	rc = get_object(p.payload, &j->claims, more, &utf8);
	if (!utf8)
		*why = not_utf8(MSG_ID("the payload has a byte that is no UTF-8"), more);
	if (rc != ECERT_OK)
		return rc;
	*why = MSG_ID("the signature is not base64url");
	rc = b64url_get(p.signature, &j->signature);
	if (rc != ECERT_OK)
		return rc;
	*why = MSG_ID("x5c is not a list of certificates");
	rc = get_x5c(j);
	if (rc == ECERT_OK) {
		*why = "";
		buf_rd(&j->signing_input, p.input);
		rc = buf_rc(&j->signing_input);
	}
	return rc;
}

enum ecert_rc jws_parse(
    struct rd text, const struct jws_rules *rules, struct jws **out, struct message_kept *why)
{
	const char *reason = "";
	json_error_t more = {.line = 0};
	struct jws *j;
	enum ecert_rc rc;

	*out = NULL;
	j = calloc(1, sizeof *j);
	if (why)
		message_keep(why, MSG_EMPTY);
	if (!j)
		return ECERT_E_MEMORY;
	for (size_t i = 0; i < JWS_MAX_X5C; i++)
		buf_init(&j->x5c[i], 65536);
	buf_init(&j->signing_input, JWS_MAX_SIZE);
	buf_init(&j->signature, 1024);
	rc = fill(j, text, rules, &reason, &more);
	if (why && more.text[0])
		message_keep(
		    why, MSG("{what}: {json}", P_WORD("what", reason), P_TEXT("json", more.text)));
	else if (why)
		message_keep(why, MSG(reason));
	if (rc == ECERT_OK)
		*out = j;
	else
		jws_free(&j);
	return rc;
}

enum ecert_rc jws_check_cert(const struct jws *j, struct rd cert)
{
	return doc_check_message(
	    cert, j->alg, buf_view(&j->signing_input), buf_view(&j->signature));
}

enum ecert_rc jws_check_spki(const struct jws *j, struct rd spki)
{
	return doc_check_spki(spki, j->alg, buf_view(&j->signing_input), buf_view(&j->signature));
}

void jws_free(struct jws **j)
{
	if (!*j)
		return;
	json_decref((*j)->header);
	json_decref((*j)->claims);
	for (size_t i = 0; i < JWS_MAX_X5C; i++)
		buf_free(&(*j)->x5c[i]);
	buf_free(&(*j)->signing_input);
	buf_free(&(*j)->signature);
	free(*j);
	*j = NULL;
}

enum ecert_rc jws_peek_typ(struct rd text, char *typ, size_t size)
{
	struct parts p;
	json_t *header = NULL;
	json_error_t err;
	enum ecert_rc rc;
	const char *have;
	bool utf8;

	if (!size)
		return ECERT_E_ARG;
	typ[0] = 0;
	if (text.n > JWS_MAX_SIZE)
		return ECERT_E_MALFORMED;
	rc = split(text, &p);
	if (rc == ECERT_OK)
		rc = get_object(p.header, &header, &err, &utf8);
	have = jws_typ(header);
	if (rc == ECERT_OK && have) {
		(void)snprintf(typ, size, "%s", have);
		text_scrub(typ);
	}
	json_decref(header);
	return rc;
}

enum ecert_rc jws_peek_claims(struct rd text, json_t **claims)
{
	struct parts p;
	json_error_t err;
	enum ecert_rc rc;
	bool utf8;

	*claims = NULL;
	if (text.n > JWS_MAX_SIZE)
		return ECERT_E_MALFORMED;
	rc = split(text, &p);
	return rc == ECERT_OK ? get_object(p.payload, claims, &err, &utf8) : rc;
}

const char *jws_header_defect(struct rd text)
{
	struct parts p;
	json_t *header;
	json_error_t err;
	enum ecert_rc rc;
	bool utf8 = true;

	if (text.n > JWS_MAX_SIZE || split(text, &p) != ECERT_OK)
		return NULL;
	rc = get_object(p.header, &header, &err, &utf8);
	json_decref(header);
	return rc != ECERT_OK && !utf8 ? JWS_HEADER_NOT_UTF8 : NULL;
}

const char *jws_str(const struct jws *j, const char *claim)
{
	return json_string_value(json_object_get(j->claims, claim));
}

bool jws_time(const struct jws *j, const char *claim, time_t *out)
{
	const json_t *v = json_object_get(j->claims, claim);
	double d = json_number_value(v);

	*out = 0;
	/* Year 9999 at most; also keeps the conversion defined. */
	if (!json_is_number(v) || !(d >= 0 && d <= 253402300799.0))
		return false;
	*out = (time_t)d;
	return true;
}

const char *jws_aud(const struct jws *j, const char *audience)
{
	const json_t *aud = json_object_get(j->claims, "aud");

	if (audience && jws_has_aud(j, audience))
		return audience;
	return json_string_value(json_is_array(aud) ? json_array_get(aud, 0) : aud);
}

bool jws_has_aud(const struct jws *j, const char *audience)
{
	const json_t *aud = json_object_get(j->claims, "aud");
	size_t i;
	json_t *item;

	if (json_is_string(aud))
		return strcmp(json_string_value(aud), audience) == 0;
	json_array_foreach(aud, i, item)
	{
		const char *text = json_string_value(item);

		if (text && strcmp(text, audience) == 0)
			return true;
	}
	return false;
}

enum ecert_rc jws_sha256(struct rd bytes, char out[44])
{
	uint8_t digest[32];
	struct buf b = BUF_INIT(64);
	enum ecert_rc rc;

	out[0] = 0;
	rc = bytes_sha256(bytes, digest);
	if (rc == ECERT_OK) {
		b64url_put(&b, rd_of(digest, sizeof digest));
		rc = buf_rc(&b);
	}
	if (rc == ECERT_OK) {
		memcpy(out, buf_view(&b).p, 43);
		out[43] = 0;
	}
	buf_free(&b);
	return rc;
}
