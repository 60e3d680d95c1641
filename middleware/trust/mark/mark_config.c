/* SPDX-License-Identifier: BSD-2-Clause */
/* An issuer's entity configuration, and its keys that are over (OpenID Federation 1.0, 3 and 8.7).
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "trust/claims.h"
#include "trust/mark/mark_priv.h"
#include "trust/value.h"

#define CONFIG_TYP "entity-statement+jwt"
#define PAST_TYP   "jwk-set+jwt"

static bool copy_text(const json_t *o, const char *name, char *dst, size_t cap)
{
	const char *text = json_string_value(json_object_get(o, name));
	size_t n = text ? strlen(text) : 0;

	dst[0] = 0;
	if (!n || n >= cap)
		return false;
	memcpy(dst, text, n + 1);
	return true;
}

static time_t time_of(const json_t *o, const char *name)
{
	const json_t *v = json_object_get(o, name);

	return json_is_integer(v) ? (time_t)json_integer_value(v) : 0;
}

/* ---- keys ---- */

/* When a key is over of which the list says that it was withdrawn; false: it proves nothing. */
static bool withdrawn(const json_t *jwk, time_t *until)
{
	const json_t *revoked = json_object_get(jwk, "revoked");
	const char *why = json_string_value(json_object_get(revoked, "reason"));
	time_t at = time_of(revoked, "revoked_at");

	if (!revoked)
		return true;
	if (!at || !why || strcmp(why, "superseded") != 0)
		return false;
	*until = at < *until ? at : *until;
	return true;
}

/* What is of no use is passed over: others may have keys of kinds that are not known here. */
static void take_key(struct mark_config *c, const json_t *jwk, bool past, time_t now)
{
	struct mark_key *k = &c->keys[c->n];
	const char *use = json_string_value(json_object_get(jwk, "use"));
	time_t exp = time_of(jwk, "exp");

	if (c->n == MARK_KEYS || (use && strcmp(use, "sig") != 0) || (past && exp <= 0) ||
	    (!past && exp > 0 && exp <= now))
		return;
	*k = (struct mark_key){.from = past ? time_of(jwk, "iat") : 0, .until = past ? exp : 0};
	buf_init(&k->spki, 8192);
	if (!copy_text(jwk, "kid", k->kid, sizeof k->kid) || !withdrawn(jwk, &k->until) ||
	    jws_jwk_spki(jwk, &k->spki) != ECERT_OK) {
		buf_free(&k->spki);
		return;
	}
	c->n++;
}

static void take_keys(struct mark_config *c, const json_t *keys, bool past, time_t now)
{
	size_t i;
	json_t *jwk;

	json_array_foreach(keys, i, jwk)
	{
		take_key(c, jwk, past, now);
	}
}

static bool is_mark(const struct jws *j)
{
	const char *typ = jws_typ(j->header);

	return typ && !strcasecmp(typ, TRUST_MARK_TYP);
}

/* Before its end, and not before its beginning. */
static bool in_its_time(const struct mark_key *k, const struct jws *j)
{
	time_t iat;

	return is_mark(j) && jws_time(j, "iat", &iat) && iat <= k->until &&
	       iat + TRUST_CLOCK_SKEW >= k->from;
}

const struct mark_key *mark_config_key(
    const struct mark_config *c, const struct jws *j, const char *iss)
{
	if (!c || !j->kid || strcmp(c->iss, iss) != 0)
		return NULL;
	for (size_t i = 0; i < c->n; i++)
		if (!strcmp(c->keys[i].kid, j->kid) &&
		    (!c->keys[i].until || in_its_time(&c->keys[i], j)))
			return &c->keys[i];
	return NULL;
}

static bool signed_by(const struct mark_key *k, const struct jws *j, const struct mark_expect *e)
{
	struct value_doubt doubt;

	return j->kid && !strcmp(k->kid, j->kid) &&
	       jws_check_spki(j, buf_view(&k->spki)) == ECERT_OK &&
	       !value_doubted_key(j, buf_view(&k->spki), e->trust, e->now, &doubt);
}

/* ---- owners ---- */

const json_t *mark_config_owner(const struct mark_config *c, const char *type)
{
	return c ? json_object_get(c->owners, type) : NULL;
}

bool mark_config_signed(const json_t *jwks, const struct jws *j, const struct mark_expect *e)
{
	struct mark_config *all = calloc(1, sizeof *all);
	bool good = false;

	if (all)
		take_keys(all, json_object_get(jwks, "keys"), false, e->now);
	for (size_t i = 0; all && !good && i < all->n; i++)
		good = signed_by(&all->keys[i], j, e);
	mark_config_free(&all);
	return good;
}

/* ---- the configuration ---- */

/* What it says of itself: NULL, or why it does not count. */
static const char *claims_defect(
    const struct jws *j, const char *iss, const struct mark_expect *e, struct mark_config *c)
{
	struct claim_times t;
	struct report quiet;
	char sub[256];

	report_init(&quiet);
	if (!claim_text(j, "iss", c->iss, sizeof c->iss) || strcmp(c->iss, iss) != 0 ||
	    !claim_text(j, "sub", sub, sizeof sub) || strcmp(sub, iss) != 0)
		return MSG_ID("it is not the issuer's own configuration");
	if (!claim_times_check(j, CHK_TIME, e->now, 0, &t, &quiet) || !t.exp)
		return MSG_ID("the issuer's configuration is over, or says no end");
	c->exp = t.exp;
	return NULL;
}

/* Pinned somebody has to be; and the key is one of those that it names (3.1). */
static const char *signer_defect(
    const struct jws *j, const struct mark_expect *e, struct mark_config *c)
{
	bool own = false;

	for (size_t i = 0; !own && i < c->n; i++)
		own = signed_by(&c->keys[i], j, e);
	if (!own)
		return MSG_ID("the issuer's configuration is not signed with a key that it names");
	c->by = mark_issuer_signer(j, e, c->iss);
	return c->by ? NULL
		     : MSG_ID("the issuer's configuration is signed with a key that is not trusted "
			      "here for this issuer");
}

const char *mark_config_read(
    struct rd text, const char *iss, const struct mark_expect *e, struct mark_config **out)
{
	const struct jws_rules rules = {.typ = CONFIG_TYP, .need_kid = true};
	struct mark_config *c = calloc(1, sizeof *c);
	struct jws *j = NULL;
	const char *why = MSG_ID("it is not an entity configuration");

	*out = NULL;
	if (c && jws_parse(text, &rules, &j, NULL) == ECERT_OK) {
		take_keys(
		    c, json_object_get(json_object_get(j->claims, "jwks"), "keys"), false, e->now);
		why = claims_defect(j, iss, e, c);
		why = why ? why : signer_defect(j, e, c);
	}
	if (!why) {
		const json_t *about = json_object_get(
		    json_object_get(j->claims, "metadata"), "federation_entity");

		(void)copy_text(about, "federation_trust_mark_status_endpoint", c->status_at,
		    sizeof c->status_at);
		(void)copy_text(
		    about, "federation_historical_keys_endpoint", c->past_at, sizeof c->past_at);
		c->owners = json_incref(json_object_get(j->claims, "trust_mark_owners"));
		*out = c;
		c = NULL;
	}
	jws_free(&j);
	mark_config_free(&c);
	return why;
}

const char *mark_config_read_past(
    struct rd text, const struct mark_expect *e, struct mark_config *c)
{
	const struct jws_rules rules = {.typ = PAST_TYP, .need_kid = true};
	struct jws *j = NULL;
	char iss[256];
	bool good = false;

	if (jws_parse(text, &rules, &j, NULL) == ECERT_OK &&
	    claim_text(j, "iss", iss, sizeof iss) && !strcmp(iss, c->iss))
		for (size_t i = 0; !good && i < c->n; i++)
			good = !c->keys[i].until && signed_by(&c->keys[i], j, e);
	if (good)
		take_keys(c, json_object_get(j->claims, "keys"), true, e->now);
	jws_free(&j);
	return good ? NULL : MSG_ID("it is not a list of the issuer's keys that its key signed");
}

void mark_config_free(struct mark_config **c)
{
	if (!*c)
		return;
	for (size_t i = 0; i < (*c)->n; i++)
		buf_free(&(*c)->keys[i].spki);
	json_decref((*c)->owners);
	free(*c);
	*c = NULL;
}
