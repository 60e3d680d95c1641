/* SPDX-License-Identifier: BSD-2-Clause */
/* Statements of an issuer about itself, signed by its token. */
#include "publish/entity.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "document/jose/jws.h"
#include "document/json.h"
#include "registry/keys.h"
#include "trust/claims.h"
#include "trust/mark/mark.h"
#include "util/text.h"

/* The key as numbers, with its kid and what it is for. */
static enum ecert_rc jwk_of(struct rd cert, const char *kid, json_t **out)
{
	struct buf b = BUF_INIT(8192);
	enum ecert_rc rc = jws_jwk(cert, &b);

	*out = rc == ECERT_OK ? json_read(buf_view(&b), NULL) : NULL;
	if (rc == ECERT_OK && !*out)
		rc = ECERT_E_MEMORY;
	if (rc == ECERT_OK && (json_object_set_new(*out, "kid", json_string(kid)) ||
				  json_object_set_new(*out, "use", json_string("sig"))))
		rc = ECERT_E_MEMORY;
	if (rc != ECERT_OK) {
		json_decref(*out);
		*out = NULL;
	}
	buf_free(&b);
	return rc;
}

static enum ecert_rc sign_it(const struct doc_signer *token, const char *typ, json_t *claims,
    enum ecert_rc rc, struct buf *out)
{
	struct jws_options o = {.typ = typ};
	char kid[44];

	if (rc == ECERT_OK)
		rc = trust_kid(token->cert, kid);
	o.kid = kid;
	if (rc == ECERT_OK)
		rc = jws_create(token, &o, claims, out);
	json_decref(claims);
	return rc;
}

enum ecert_rc entity_allow(const struct doc_signer *token, const struct entity *e,
    const struct status_key *key, struct buf *out)
{
	json_t *c = json_object(), *jwk = NULL;
	enum ecert_rc rc = jwk_of(status_key_cert(key), status_key_kid(key), &jwk);

	claim_set_text(c, "iss", e->issuer, &rc);
	claim_set_text(c, "sub", status_key_kid(key), &rc);
	claim_set_time(c, "iat", e->now, &rc);
	claim_set_time(c, "exp", e->exp, &rc);
	if (rc == ECERT_OK)
		claim_set(c, "cnf", json_pack("{s:o}", "jwk", jwk), &rc);
	return sign_it(token, STATUS_ALLOW_TYP, c, rc, out);
}

/* ---- keys ---- */

struct gathered {
	const struct entity *e;
	bool live;
	json_t *keys;
};

static enum ecert_rc gather(void *ctx, const struct registry_key *k)
{
	struct gathered *g = ctx;
	json_t *jwk;
	enum ecert_rc rc;

	if (registry_key_live(k, g->e->now) != g->live)
		return ECERT_OK;
	rc = jwk_of(k->cert, k->kid, &jwk);
	if (rc == ECERT_OK && !g->live) /* 8.7: exp is required */
		(void)json_object_set_new(jwk, "exp", json_integer(k->ended));
	if (rc == ECERT_OK && !g->live)
		(void)json_object_set_new(jwk, "iat", json_integer(k->since));
	if (rc == ECERT_OK && json_array_append_new(g->keys, jwk))
		rc = ECERT_E_MEMORY;
	return rc;
}

static enum ecert_rc keys_of(const struct entity *e, bool live, json_t **out)
{
	struct gathered g = {e, live, json_array()};
	enum ecert_rc rc = g.keys ? registry_keys(e->r, gather, &g) : ECERT_E_MEMORY;

	*out = g.keys;
	return rc;
}

enum ecert_rc entity_historical(
    const struct doc_signer *token, const struct entity *e, struct buf *out)
{
	json_t *c = json_object(), *keys;
	enum ecert_rc rc = keys_of(e, false, &keys);

	claim_set_text(c, "iss", e->issuer, &rc);
	claim_set_time(c, "iat", e->now, &rc);
	if (rc == ECERT_OK)
		claim_set(c, "keys", json_incref(keys), &rc);
	json_decref(keys);
	return sign_it(token, ENTITY_KEYS_TYP, c, rc, out);
}

enum ecert_rc entity_keys(const struct entity *e, struct buf *out)
{
	json_t *keys, *o;
	char *text = NULL;
	enum ecert_rc rc = keys_of(e, true, &keys);

	o = json_pack("{s:O}", "keys", keys);
	if (rc == ECERT_OK)
		text = json_dumps(o, JSON_COMPACT);
	if (text)
		buf_str(out, text);
	buf_u8(out, '\n');
	free(text);
	json_decref(o);
	json_decref(keys);
	return rc == ECERT_OK && !text ? ECERT_E_MEMORY : rc == ECERT_OK ? buf_rc(out) : rc;
}

/* ---- the configuration ---- */

static void put_setting(
    json_t *o, const struct entity *e, const char *name, const char *as, bool list)
{
	char value[256];
	json_t *v;

	if (registry_setting(e->r, name, value, sizeof value) != ECERT_OK)
		return;
	v = json_string(value);
	(void)json_object_set_new(o, as, list ? json_pack("[o]", v) : v);
}

struct place {
	const char *as, *at;
};
/* What a site of files answers, and what only a server does (registry-server/routes.c). */
static const struct place of_site[] = {
    {"federation_historical_keys_endpoint", "historical-keys.jwt"}, {"logo_uri", "logo.svg"}};
static const struct place of_server[] = {
    {"federation_trust_mark_status_endpoint", "federation/status"},
    {"federation_trust_mark_list_endpoint", "federation/list"},
    {"federation_trust_mark_endpoint", "federation/mark"}};

static void put_places(json_t *o, const struct place *p, size_t n, const char *base)
{
	char url[320];

	for (size_t i = 0; i < n; i++) {
		(void)snprintf(url, sizeof url, "%s/%s", base, p[i].at);
		(void)json_object_set_new(o, p[i].as, json_string(url));
	}
}

static json_t *metadata(const struct entity *e)
{
	json_t *o = json_object();
	char base[256];

	put_setting(o, e, "name", "organization_name", false);
	put_setting(o, e, "contact", "contacts", true);
	put_setting(o, e, "policy", "policy_uri", false);
	if (registry_setting(e->r, "base", base, sizeof base) != ECERT_OK)
		text_copy(base, sizeof base, e->issuer);
	put_places(o, of_site, sizeof of_site / sizeof of_site[0], base);
	/* Without a server nothing says that there is one. */
	if (registry_setting(e->r, "server", base, sizeof base) == ECERT_OK)
		put_places(o, of_server, sizeof of_server / sizeof of_server[0], base);
	return json_pack("{s:o}", "federation_entity", o);
}

struct owned {
	const struct entity *e;
	json_t *issuers, *owners, *keys;
};

/* Each type that was applied for: this issuer issues it. */
static enum ecert_rc add_type(void *ctx, const char *type)
{
	const struct gathered *g = ctx;

	return json_object_set_new(g->keys, type, json_pack("[s]", g->e->issuer)) ? ECERT_E_MEMORY
										  : ECERT_OK;
}

/* What this issuer owns: others may issue it as well, and everybody's marks bring a delegation. */
static enum ecert_rc add_delegation(void *ctx, const struct registry_delegation *d)
{
	struct owned *o = ctx;
	json_t *issuers;
	size_t i;
	json_t *have;

	if (strcmp(d->owner, o->e->issuer) != 0)
		return ECERT_OK;
	issuers = json_object_get(o->issuers, d->type);
	if (!issuers) {
		(void)json_object_set_new(o->issuers, d->type, json_array());
		issuers = json_object_get(o->issuers, d->type);
	}
	json_array_foreach(issuers, i, have)
	{
		if (!strcmp(json_string_value(have), d->issuer))
			break;
	}
	if (i == json_array_size(issuers))
		(void)json_array_append_new(issuers, json_string(d->issuer));
	return json_object_set_new(o->owners, d->type,
		   json_pack("{s:s, s:{s:O}}", "sub", d->owner, "jwks", "keys", o->keys))
		   ? ECERT_E_MEMORY
		   : ECERT_OK;
}

enum ecert_rc entity_configuration(
    const struct doc_signer *token, const struct entity *e, struct buf *out)
{
	json_t *c = json_object(), *keys = NULL;
	struct gathered types = {e, true, json_object()};
	struct owned o = {e, types.keys, json_object(), NULL};
	enum ecert_rc rc = keys_of(e, true, &keys);

	if (rc == ECERT_OK)
		rc = registry_types(e->r, add_type, &types);
	o.keys = keys;
	if (rc == ECERT_OK)
		rc = registry_delegations(e->r, e->now, add_delegation, &o);
	claim_set_text(c, "iss", e->issuer, &rc);
	claim_set_text(c, "sub", e->issuer, &rc);
	claim_set_time(c, "iat", e->now, &rc);
	claim_set_time(c, "exp", e->exp, &rc);
	if (rc == ECERT_OK)
		claim_set(c, "jwks", json_pack("{s:O}", "keys", keys), &rc);
	if (rc == ECERT_OK)
		claim_set(c, "metadata", metadata(e), &rc);
	if (rc == ECERT_OK && json_object_size(types.keys))
		claim_set(c, "trust_mark_issuers", json_incref(types.keys), &rc);
	if (rc == ECERT_OK && json_object_size(o.owners))
		claim_set(c, "trust_mark_owners", json_incref(o.owners), &rc);
	json_decref(keys);
	json_decref(o.owners);
	json_decref(types.keys);
	return sign_it(token, ENTITY_TYP, c, rc, out);
}
