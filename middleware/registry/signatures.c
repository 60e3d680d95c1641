/* SPDX-License-Identifier: BSD-2-Clause */
/* Keys of the issuer, and everything signed in a register against the keys that are on record. */
#include <string.h>

#include "crypto/key/pubkey.h"
#include "document/jose/jws.h"
#include "document/json.h"
#include "registry/keys.h"
#include "registry/registry_priv.h"
#include "trust/mark/mark.h"
#include "trust/renewal/renewal.h"
#include "util/text.h"

#define PAGE 200

/* What a look at a table needs besides the row. */
struct looking {
	struct registry *r;
	char issuer[256];
	const char *why; /* an id; NULL: the row is as it should be */
};
typedef enum ecert_rc look_fn(struct looking *l, struct store_rows *rows);

static struct rd text_of(struct store_rows *rows, size_t column)
{
	const char *text = store_get_text(rows, column);

	return rd_of(text, text ? strlen(text) : 0);
}

/* Columns 1 and 2 of some: the text, and its SHA-256. */
static bool is_hashed(struct store_rows *rows)
{
	const char *sha256 = store_get_text(rows, 2);
	char have[44] = "";

	return sha256 && jws_sha256(text_of(rows, 1), have) == ECERT_OK && !strcmp(have, sha256);
}

static bool is_text(const char *said, const char *have)
{
	return said && have && !strcmp(said, have);
}

/* The column says what the claim says. */
static bool says(const struct jws *j, const char *claim, struct store_rows *rows, size_t column)
{
	return is_text(jws_str(j, claim), store_get_text(rows, column));
}

/* The same of a time, 0 for one that is not there. */
static bool says_time(
    const struct jws *j, const char *claim, struct store_rows *rows, size_t column)
{
	time_t said = 0;

	(void)jws_time(j, claim, &said);
	return said == store_get_int(rows, column);
}

/* Signed with the key on record that its header names. Errors: ECERT_E_BAD_SIGNATURE. */
static enum ecert_rc check_key(struct registry *r, const struct jws *j, const char *use)
{
	struct store_rows *rows;
	enum ecert_rc rc = STORE_QUERY(r->store, &rows,
	    "SELECT cert FROM keys WHERE kid = ? AND used = ? AND event = 'begin' ORDER BY id "
	    "LIMIT 1",
	    store_text(j->kid), store_text(use));

	if (rc == ECERT_OK)
		rc = store_next(rows);
	if (rc == ECERT_OK)
		rc = jws_check_cert(j, store_get_blob(rows, 0));
	store_done(&rows);
	return rc == ECERT_E_NOT_FOUND || rc == ECERT_E_KEY_TYPE ? ECERT_E_BAD_SIGNATURE : rc;
}

/* Where the database failed, its rc; else *why says what is wrong with the statement. */
static enum ecert_rc judged(
    struct looking *l, enum ecert_rc rc, const char *unsigned_why, bool said, const char *said_why)
{
	if (rc == ECERT_E_BAD_SIGNATURE)
		l->why = unsigned_why;
	else if (rc == ECERT_OK && !said)
		l->why = said_why;
	return rc == ECERT_E_BAD_SIGNATURE ? ECERT_OK : rc;
}

#define SELECT_REQUESTS                                                                            \
	"SELECT a.id, a.text, a.sha256, a.cert, m.url, a.type, a.jti, a.until FROM applications "  \
	"a JOIN members m ON m.id = a.member WHERE a.id > ? ORDER BY a.id LIMIT ?"

/* The request is what was hashed, is signed with the certificate beside it, and says what the row
 * says. */
static enum ecert_rc look_at_request(struct looking *l, struct store_rows *rows)
{
	const struct jws_rules rules = {.typ = RENEWAL_TYP, .need_x5c = true};
	struct rd cert = store_get_blob(rows, 3);
	struct jws *j = NULL;

	if (!is_hashed(rows))
		l->why = MSG_ID("this request is not the one of its SHA-256");
	else if (jws_parse(text_of(rows, 1), &rules, &j, NULL) != ECERT_OK ||
		 !rd_equal(buf_view(&j->x5c[0]), cert) || jws_check_cert(j, cert) != ECERT_OK)
		l->why = MSG_ID("this request is not signed with the certificate beside it");
	else if (!says(j, "iss", rows, 4) || !says(j, "trust_mark_type", rows, 5) ||
		 !says(j, "jti", rows, 6) || !says_time(j, "exp", rows, 7))
		l->why = MSG_ID("this row says something else than the request in it");
	jws_free(&j);
	return ECERT_OK;
}

#define SELECT_MARKS                                                                               \
	"SELECT k.id, k.text, k.sha256, k.kid, a.sha256, k.iat, k.exp, k.jti, m.url, a.type FROM " \
	"marks k JOIN applications a ON a.id = k.application JOIN members m ON m.id = a.member "   \
	"WHERE k.id > ? ORDER BY k.id LIMIT ?"

/* The mark is what was hashed, is signed with a key of the issuer, and is the one of its row and
 * request. */
static enum ecert_rc look_at_mark(struct looking *l, struct store_rows *rows)
{
	const char *why = MSG_ID("this mark is not signed with a key of the issuer's"), *kid;
	struct jws *j = NULL;
	enum ecert_rc rc = ECERT_E_BAD_SIGNATURE;

	kid = store_get_text(rows, 3);
	if (!is_hashed(rows))
		why = MSG_ID("this mark is not the one of its SHA-256");
	else if (jws_parse(text_of(rows, 1),
		     &(struct jws_rules){.typ = TRUST_MARK_TYP, .need_kid = true}, &j,
		     NULL) == ECERT_OK &&
		 kid && !strcmp(j->kid, kid))
		rc = check_key(l->r, j, "grant");
	rc = judged(l, rc, why, j && says(j, "hktm_request", rows, 4),
	    MSG_ID("this mark was granted for another request"));
	if (rc == ECERT_OK && !l->why &&
	    (!says_time(j, "iat", rows, 5) || !says_time(j, "exp", rows, 6) ||
		!says(j, "jti", rows, 7) || !says(j, "sub", rows, 8) ||
		!says(j, "trust_mark_type", rows, 9) || !is_text(jws_str(j, "iss"), l->issuer)))
		l->why = MSG_ID("this row says something else than the mark in it");
	jws_free(&j);
	return rc;
}

#define SELECT_KEYS "SELECT id, kid, cert, spki, used FROM keys WHERE id > ? ORDER BY id LIMIT ?"

/* A key is that of its certificate, which its kid names; an owner has kids of his own. */
static enum ecert_rc look_at_key(struct looking *l, struct store_rows *rows)
{
	const char *used = store_get_text(rows, 4), *have = store_get_text(rows, 1);
	struct pubkey *key = NULL;
	char kid[44] = "";
	bool good = pubkey_from_cert(store_get_blob(rows, 2), &key) == ECERT_OK &&
		    rd_equal(pubkey_spki(key), store_get_blob(rows, 3)) &&
		    trust_kid(store_get_blob(rows, 2), kid) == ECERT_OK && used && have &&
		    (!strcmp(used, "owner") || !strcmp(kid, have));

	pubkey_free(&key);
	if (!good)
		l->why = MSG_ID("this key is not that of its certificate");
	return ECERT_OK;
}

#define SELECT_AUTHORIZATIONS                                                                      \
	"SELECT z.id, z.text, z.kid, z.iat, z.exp, (SELECT y.cert FROM keys y WHERE y.kid = "      \
	"z.kid AND y.used = 'status' ORDER BY y.id LIMIT 1) FROM authorizations z WHERE z.id > ? " \
	"ORDER BY z.id LIMIT ?"

/* cnf is the key of the certificate. */
static bool confirms(const struct jws *j, struct rd cert)
{
	const json_t *jwk = json_object_get(json_object_get(j->claims, "cnf"), "jwk"), *v;
	struct buf b = BUF_INIT(8192);
	json_t *want = jws_jwk(cert, &b) == ECERT_OK ? json_read(buf_view(&b), NULL) : NULL;
	const char *name;
	bool good = !!want;

	json_object_foreach(want, name, v)
	{
		good = good && json_equal(v, json_object_get(jwk, name));
	}
	json_decref(want);
	buf_free(&b);
	return good;
}

static enum ecert_rc look_at_authorization(struct looking *l, struct store_rows *rows)
{
	const struct jws_rules rules = {.typ = STATUS_ALLOW_TYP, .need_kid = true};
	struct jws *j = NULL;
	bool said = false;
	enum ecert_rc rc = ECERT_E_BAD_SIGNATURE;

	if (jws_parse(text_of(rows, 1), &rules, &j, NULL) == ECERT_OK) {
		rc = check_key(l->r, j, "grant");
		said = is_text(jws_str(j, "iss"), l->issuer) && says(j, "sub", rows, 2) &&
		       says_time(j, "iat", rows, 3) && says_time(j, "exp", rows, 4) &&
		       confirms(j, store_get_blob(rows, 5));
	}
	rc = judged(l, rc, MSG_ID("this authorisation is not signed with a key of the issuer's"),
	    said, MSG_ID("this row says something else than the authorisation in it"));
	jws_free(&j);
	return rc;
}

#define SELECT_DELEGATIONS                                                                         \
	"SELECT id, text, owner, issuer, type, iat, exp FROM delegations WHERE id > ? ORDER BY "   \
	"id LIMIT ?"

/* By this issuer's token, or by an owner's whose certificate was named when it was taken in. */
static enum ecert_rc look_at_delegation(struct looking *l, struct store_rows *rows)
{
	const struct jws_rules rules = {.typ = TRUST_MARK_DELEGATION_TYP, .need_kid = true};
	const char *owner = store_get_text(rows, 2);
	struct jws *j = NULL;
	bool said = false;
	enum ecert_rc rc = ECERT_E_BAD_SIGNATURE;

	if (owner && jws_parse(text_of(rows, 1), &rules, &j, NULL) == ECERT_OK) {
		rc = check_key(l->r, j, strcmp(owner, l->issuer) != 0 ? "owner" : "grant");
		said = says(j, "iss", rows, 2) && says(j, "sub", rows, 3) &&
		       says(j, "trust_mark_type", rows, 4) && says_time(j, "iat", rows, 5) &&
		       says_time(j, "exp", rows, 6);
	}
	rc = judged(l, rc, MSG_ID("this delegation is not signed with a key of its owner's"), said,
	    MSG_ID("this row says something else than the delegation in it"));
	jws_free(&j);
	return rc;
}

static const struct {
	const char *part, *sql;
	look_fn *fn;
} looks[] = {{"keys", SELECT_KEYS, look_at_key}, {"applications", SELECT_REQUESTS, look_at_request},
    {"marks", SELECT_MARKS, look_at_mark},
    {"authorizations", SELECT_AUTHORIZATIONS, look_at_authorization},
    {"delegations", SELECT_DELEGATIONS, look_at_delegation}};

static enum ecert_rc look(struct looking *l, size_t which, struct registry_check *out)
{
	int64_t after = 0;
	size_t n = PAGE;
	enum ecert_rc rc = ECERT_OK;

	while (rc == ECERT_OK && n == PAGE && !l->why) {
		struct store_rows *rows;

		rc = STORE_QUERY(
		    l->r->store, &rows, looks[which].sql, store_int(after), store_int(PAGE));
		for (n = 0; registry_next(rows, &rc) && !l->why; n++) {
			after = store_get_int(rows, 0);
			rc = looks[which].fn(l, rows);
		}
		store_done(&rows);
	}
	if (l->why) {
		out->why = l->why;
		out->bad = after;
		text_copy(out->part, sizeof out->part, looks[which].part);
	}
	return rc;
}

enum ecert_rc registry_check_signatures(struct registry *r, struct registry_check *out)
{
	struct looking l = {.r = r};
	enum ecert_rc rc = registry_setting(r, "issuer", l.issuer, sizeof l.issuer);

	for (size_t i = 0; rc == ECERT_OK && !l.why && i < sizeof looks / sizeof looks[0]; i++)
		rc = look(&l, i, out);
	return rc;
}
