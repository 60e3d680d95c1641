/* SPDX-License-Identifier: BSD-2-Clause */
/* What the owner calls keys and certificates, on cards of the e-Cert profile. */
#include "token/local/names.h"

#include <stdlib.h>
#include <string.h>

#include "ecert/piv_const.h"
#include "util/clock.h"
#include "token/local/local.h"
#include "token/text.h"

_Static_assert(TOKEN_ID_MAX == ECERT_NAME_ID_MAX, "applet-spec's limit");
_Static_assert(TOKEN_NAME_MAX == ECERT_NAME_LABEL_MAX, "applet-spec's limit");

#define REF_NAMED(ref) (cache_index(ref) >= 0 && (ref) != ECERT_KEY_F9)

/* ---- the list ---- */

bool token_id_reserved(struct rd id)
{
	return (id.n == 1 && id.p[0] >= 1 && id.p[0] <= TOKEN_KEYS_MAX) ||
	       (id.n == 2 && id.p[0] == ECERT_KEY_F9);
}

const struct token_name *token_name_of(const struct token_names *names, uint8_t ref)
{
	for (size_t i = 0; i < names->n; i++)
		if (names->name[i].ref == ref)
			return &names->name[i];
	return NULL;
}

static const struct token_name *owner_of(const struct token_names *names, struct rd id)
{
	for (size_t i = 0; i < names->n; i++)
		if (rd_equal(rd_of(names->name[i].id, names->name[i].id_len), id))
			return &names->name[i];
	return NULL;
}

static void add(struct token_names *out, const struct card_name *from)
{
	struct token_name *to = &out->name[out->n];

	if (!REF_NAMED(from->ref) || token_name_of(out, from->ref) || out->n == TOKEN_KEYS_MAX)
		return;
	memset(to, 0, sizeof *to);
	to->ref = from->ref;
	if (from->id.n > 0 && from->id.n <= TOKEN_ID_MAX && !token_id_reserved(from->id) &&
	    !owner_of(out, from->id)) {
		memcpy(to->id, from->id.p, from->id.n);
		to->id_len = (uint8_t)from->id.n;
	}
	text_show(to->key, sizeof to->key, from->key);
	text_show(to->cert, sizeof to->cert, from->cert);
	text_show(to->pub, sizeof to->pub, from->pub);
	to->deny = from->deny;
	out->n++;
}

void names_read(struct rd object, struct token_names *out)
{
	struct card_name entry;

	out->n = 0;
	while (card_name_next(&object, &entry) == ECERT_OK)
		add(out, &entry);
}

/* ---- reading ---- */

/* Names that a card announces and does not give are no names: its keys may be well. */
static enum ecert_rc fetch(struct conn *c, struct token_names *out)
{
	struct buf object = BUF_INIT(CARD_OBJECT_MAX);
	enum ecert_rc rc = card_object_get(c->card, ECERT_OBJ_ECERT_NAMES, &object);

	if (rc == ECERT_OK)
		names_read(buf_view(&object), out);
	buf_free(&object);
	return rc == ECERT_E_NOT_FOUND || rc == ECERT_E_MALFORMED || rc == ECERT_E_CARD ||
		       rc == ECERT_E_TOO_LARGE || rc == ECERT_E_UNSUPPORTED || rc == ECERT_E_AUTH
		   ? ECERT_OK
		   : rc;
}

enum ecert_rc names_of(struct conn *c, const struct token_names **out)
{
	struct token_names *names;
	struct card_status status;
	enum ecert_rc rc;

	*out = c->view.names;
	if (cache_names_fresh(&c->view))
		return ECERT_OK;
	rc = card_status(c->card, false, &status);
	if (rc != ECERT_OK && rc != ECERT_E_UNSUPPORTED)
		return rc;
	/* After a write of this process: from here on the counter keeps the view honest again. */
	if (rc == ECERT_OK && !c->view.counter_known && status.changes != 0)
		cache_counted(&c->view, status.changes);
	names = calloc(1, sizeof *names);
	if (!names)
		return ECERT_E_MEMORY;
	names->kept = rc == ECERT_OK;
	rc = names->kept && status.has_names ? fetch(c, names) : ECERT_OK;
	if (rc != ECERT_OK) {
		free(names);
		return rc;
	}
	free(c->view.names);
	*out = c->view.names = names;
	c->view.names_read = clock_ms();
	return ECERT_OK;
}

static enum ecert_rc get_names(struct conn *c, struct slots *s, void *arg)
{
	const struct token_names *names;
	enum ecert_rc rc = conn_identify(c, s);

	if (rc == ECERT_OK)
		rc = read_revalidate(c, CACHE_CHECK_MS);
	if (rc == ECERT_OK)
		rc = names_of(c, &names);
	if (rc == ECERT_OK)
		*(struct token_names *)arg = *names;
	return rc;
}

enum ecert_rc local_names(void *impl, const struct token_at *at, struct token_names *out)
{
	return local_run_looked(impl, at, get_names, out);
}

/* ---- writing ---- */

/* The object as it is now, whoever wrote it since the last look; empty when there is none. */
static enum ecert_rc load_object(struct card *card, struct buf *object)
{
	struct card_status status;
	enum ecert_rc rc = card_status(card, true, &status);

	if (rc == ECERT_OK && status.has_names)
		rc = card_object_get(card, ECERT_OBJ_ECERT_NAMES, object);
	return rc == ECERT_E_NOT_FOUND ? ECERT_OK : rc;
}

/* Everything but this slot's entry stays byte by byte; what is no list of entries is given up. */
static enum ecert_rc replace(struct card *card, struct rd object, const struct card_name *name)
{
	struct buf fresh = BUF_INIT(CARD_OBJECT_MAX);
	struct card_name entry;
	struct rd rest = object;
	enum ecert_rc rc;

	while (card_name_next(&rest, &entry) == ECERT_OK)
		if (entry.ref != name->ref)
			buf_rd(&fresh, entry.whole);
	card_name_put(&fresh, name);
	rc = buf_rc(&fresh);
	if (rc == ECERT_OK && !rd_equal(buf_view(&fresh), object))
		rc = card_object_put(card, ECERT_OBJ_ECERT_NAMES, buf_view(&fresh));
	buf_free(&fresh);
	return rc;
}

static enum ecert_rc check_name(const struct token_names *names, const struct token_name *name)
{
	struct rd id = rd_of(name->id, name->id_len);
	const struct token_name *owner = id.n > 0 ? owner_of(names, id) : NULL;

	if (!REF_NAMED(name->ref) || name->id_len > TOKEN_ID_MAX || token_id_reserved(id) ||
	    !text_valid(rd_of(name->key, strlen(name->key))) ||
	    !text_valid(rd_of(name->cert, strlen(name->cert))) ||
	    !text_valid(rd_of(name->pub, strlen(name->pub))))
		return ECERT_E_DATA;
	return owner && owner->ref != name->ref ? ECERT_E_EXISTS : ECERT_OK;
}

enum ecert_rc names_store(struct card *card, const struct token_name *name)
{
	const struct card_name entry = {.ref = name->ref,
	    .id = rd_of(name->id, name->id_len),
	    .key = rd_of(name->key, strlen(name->key)),
	    .cert = rd_of(name->cert, strlen(name->cert)),
	    .pub = rd_of(name->pub, strlen(name->pub)),
	    .deny = name->deny};
	struct token_names *names = calloc(1, sizeof *names);
	struct buf object = BUF_INIT(CARD_OBJECT_MAX);
	enum ecert_rc rc = names ? load_object(card, &object) : ECERT_E_MEMORY;

	if (rc == ECERT_OK) {
		names_read(buf_view(&object), names);
		rc = check_name(names, name);
	}
	if (rc == ECERT_OK)
		rc = replace(card, buf_view(&object), &entry);
	buf_free(&object);
	free(names);
	/* A card that took the profile's name before it had this object. */
	return rc == ECERT_E_NOT_FOUND ? ECERT_E_UNSUPPORTED : rc;
}

/* Whether the slot will still hold something when its key, or its certificate, is gone. */
static enum ecert_rc holds_other(struct card *card, uint8_t ref, bool key, bool *yes)
{
	struct card_status status;
	enum ecert_rc rc = card_status(card, false, &status);

	*yes = false;
	for (size_t i = 0; rc == ECERT_OK && i < status.n; i++)
		if (status.key[i].ref == ref)
			*yes = !key || status.key[i].has_cert;
	return rc;
}

static enum ecert_rc forget(struct card *card, uint8_t ref, bool key)
{
	struct buf object = BUF_INIT(CARD_OBJECT_MAX);
	struct card_name entry = {.ref = 0};
	struct rd rest;
	bool other = false;
	enum ecert_rc rc = load_object(card, &object);

	rest = buf_view(&object);
	while (rc == ECERT_OK && entry.ref != ref)
		rc = card_name_next(&rest, &entry);
	if (rc == ECERT_OK)
		rc = holds_other(card, ref, key, &other);
	if (rc == ECERT_OK) {
		*(key ? &entry.key : &entry.cert) = rd_of(NULL, 0);
		if (key) {
			entry.pub = rd_of(NULL, 0);
			entry.deny = 0;
		}
		if (!other)
			entry.id = rd_of(NULL, 0);
		rc = replace(card, buf_view(&object), &entry);
	}
	buf_free(&object);
	/* Nothing to forget, or no place for it. */
	return rc == ECERT_E_NOT_FOUND || rc == ECERT_E_UNSUPPORTED || rc == ECERT_E_MALFORMED
		   ? ECERT_OK
		   : rc;
}

enum ecert_rc names_forget_key(struct card *card, uint8_t ref)
{
	return forget(card, ref, true);
}

enum ecert_rc names_forget_cert(struct card *card, uint8_t ref)
{
	return forget(card, ref, false);
}
