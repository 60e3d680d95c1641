/* SPDX-License-Identifier: BSD-2-Clause */
/* Keys of the issuer: those that grant, those that say statuses, and for how long the latter may.
 */
#include "registry/keys.h"

#include <string.h>

#include "crypto/key/pubkey.h"
#include "registry/registry_priv.h"
#include "trust/claims.h"
#include "util/text.h"

static const char *const uses[] = {
    [KEY_GRANT] = "grant", [KEY_STATUS] = "status", [KEY_OWNER] = "owner"};

static enum ecert_rc put_key(
    struct registry *r, enum key_use use, const char *event, const char *kid, struct rd cert)
{
	struct pubkey *key = NULL;
	enum ecert_rc rc = pubkey_from_cert(cert, &key);

	if (rc == ECERT_OK)
		rc = REGISTRY_INSERT(r, PART_KEYS, NULL, store_text(kid), store_text(uses[use]),
		    store_text(event), store_blob(cert), store_blob(pubkey_spki(key)));
	else
		rc = registry_fail(r, rc, MSG("{why}", P_RC("why", rc)));
	pubkey_free(&key);
	return rc;
}

enum ecert_rc registry_key(struct registry *r, enum key_use use, const char *kid, struct rd cert)
{
	int64_t n;
	enum ecert_rc rc = registry_number(r,
	    "SELECT id FROM keys WHERE kid = ? AND used = ? ORDER BY id LIMIT 1",
	    (const struct store_value[]){store_text(kid), store_text(uses[use])}, 2, &n);

	return rc == ECERT_E_NOT_FOUND ? put_key(r, use, "begin", kid, cert) : rc;
}

/* What it signed counts until then; a status key falls silent at its authorisation's end. */
#define ONE_KEY                                                                                    \
	"SELECT k.id AS id, k.kid AS kid, k.used AS used, k.at AS at, k.cert AS cert, "            \
	"(SELECT max(e.at) FROM keys e WHERE e.kid = k.kid AND e.used = k.used "                   \
	"AND e.event = 'end') AS ended, "                                                          \
	"(SELECT max(z.exp) FROM authorizations z WHERE z.kid = k.kid) AS authorized, "            \
	"(SELECT max(m.exp) FROM marks m WHERE m.kid = k.kid) AS mark "                            \
	"FROM keys k WHERE k.event = 'begin' AND k.used <> 'owner'"
/* Those that are in use before all others, then those that counted longest. */
#define SELECT_KEYS                                                                                \
	"SELECT y.kid, y.used, y.at, y.cert, y.ended, y.authorized, y.mark FROM (SELECT x.* FROM " \
	"(" ONE_KEY ") x ORDER BY CASE WHEN x.ended IS NULL THEN 0 ELSE 1 END, COALESCE(CASE "     \
	"WHEN x.used = 'status' THEN x.authorized ELSE x.mark END, 0) DESC, x.id DESC LIMIT ?) y " \
	"ORDER BY y.id"

enum ecert_rc registry_keys(struct registry *r, registry_key_fn *fn, void *ctx)
{
	struct store_rows *rows;
	enum ecert_rc rc = STORE_QUERY(r->store, &rows, SELECT_KEYS, store_int(REGISTRY_KEYS_MAX));

	while (registry_next(rows, &rc)) {
		struct registry_key k;
		const char *used;

		used = store_get_text(rows, 1);
		k = (struct registry_key){
		    .use = used && !strcmp(used, uses[KEY_STATUS]) ? KEY_STATUS : KEY_GRANT,
		    .since = store_get_int(rows, 2),
		    .cert = store_get_blob(rows, 3),
		    .ended = store_get_int(rows, 4),
		    .authorized = store_get_int(rows, 5),
		    .last_mark = store_get_int(rows, 6)};
		store_copy_text(rows, 0, k.kid, sizeof k.kid);
		rc = fn(ctx, &k);
	}
	store_done(&rows);
	return rc;
}

bool registry_key_live(const struct registry_key *k, time_t now)
{
	if (!k->ended)
		return true;
	return (k->use == KEY_STATUS ? k->authorized : k->last_mark) > now;
}

struct ending {
	struct registry *r;
	const char *but;
	enum key_use use;
	size_t n;
	struct {
		char kid[44];
		struct buf cert;
	} keys[REGISTRY_KEYS_MAX];
};

static enum ecert_rc gather(void *ctx, const struct registry_key *k)
{
	struct ending *e = ctx;

	if (k->use != e->use || k->ended || !strcmp(k->kid, e->but) || e->n == REGISTRY_KEYS_MAX)
		return ECERT_OK;
	text_copy(e->keys[e->n].kid, sizeof e->keys[e->n].kid, k->kid);
	buf_init(&e->keys[e->n].cert, 65536);
	buf_rd(&e->keys[e->n].cert, k->cert);
	return buf_rc(&e->keys[e->n++].cert);
}

enum ecert_rc registry_keys_end(struct registry *r, enum key_use use, const char *but)
{
	struct ending e = {.r = r, .but = but, .use = use};
	enum ecert_rc rc = registry_keys(r, gather, &e);

	for (size_t i = 0; i < e.n; i++) {
		if (rc == ECERT_OK)
			rc = put_key(r, use, "end", e.keys[i].kid, buf_view(&e.keys[i].cert));
		buf_free(&e.keys[i].cert);
	}
	return rc;
}

enum ecert_rc registry_authorize(
    struct registry *r, const char *kid, struct rd text, time_t iat, time_t exp)
{
	const struct store_value jws = {.type = STORE_TEXT, .bytes = trimmed(text)};

	return REGISTRY_INSERT(
	    r, PART_AUTHORIZATIONS, NULL, store_text(kid), jws, store_int(iat), store_int(exp));
}

enum ecert_rc registry_authorized(
    struct registry *r, const char *kid, time_t now, time_t *exp, struct buf *text)
{
	struct store_rows *rows;
	enum ecert_rc rc = STORE_QUERY(r->store, &rows,
	    "SELECT iat, exp, text FROM authorizations WHERE kid = ? ORDER BY id DESC LIMIT 1",
	    store_text(kid));
	const char *jws;

	*exp = 0;
	if (rc == ECERT_OK)
		rc = store_next(rows);
	if (rc == ECERT_OK) {
		*exp = store_get_int(rows, 1);
		jws = store_get_text(rows, 2);
		if (text) {
			buf_str(text, jws ? jws : "");
			rc = buf_rc(text);
		}
	}
	store_done(&rows);
	if (rc == ECERT_E_NOT_FOUND)
		return registry_fail(r, rc, MSG("no token has authorised the status key so far"));
	if (rc == ECERT_OK && *exp <= now)
		return registry_fail(r, ECERT_E_DENIED,
		    MSG("the authorisation of the status key ended on {time}",
			P_TIME("time", *exp)));
	return rc;
}
