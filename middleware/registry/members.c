/* SPDX-License-Identifier: BSD-2-Clause */
/* Members, what is decided on all that they have, and what is true of their marks. */
#include <stdlib.h>
#include <string.h>

#include "document/jose/jws.h"
#include "registry/registry_priv.h"
#include "util/text.h"

static enum ecert_rc url_of(struct registry *r, int64_t id, char url[256])
{
	struct store_rows *rows;
	enum ecert_rc rc = STORE_QUERY(
	    r->store, &rows, "SELECT url FROM members WHERE id = ?", store_int(id));

	if (rc == ECERT_OK)
		rc = store_next(rows);
	if (rc == ECERT_OK)
		store_copy_text(rows, 0, url, 256);
	store_done(&rows);
	return rc;
}

/* A domain of one member's newest applications. */
static enum ecert_rc by_domain(struct registry *r, const char *domain, int64_t *id)
{
	const struct store_value v = store_text(domain);
	int64_t n;
	enum ecert_rc rc = registry_number(r,
	    "SELECT count(DISTINCT a.member) FROM domains d JOIN applications a ON a.id = "
	    "d.application WHERE d.name = ?",
	    &v, 1, &n);

	if (rc == ECERT_OK && n > 1)
		return registry_fail(r, ECERT_E_DATA,
		    MSG("{n} members have named the domain {domain}", P_NUMBER("n", n),
			P_TEXT("domain", domain)));
	if (rc == ECERT_OK)
		rc = registry_number(r,
		    "SELECT min(a.member) FROM domains d JOIN applications a ON a.id = "
		    "d.application WHERE d.name = ?",
		    &v, 1, id);
	return rc;
}

enum ecert_rc registry_member(struct registry *r, const char *name, int64_t *id, char url[256])
{
	const struct store_value v = store_text(name);
	char *end;
	enum ecert_rc rc;

	*id = strtoll(name, &end, 10);
	url[0] = '\0';
	if (*name >= '0' && *name <= '9' && *end == '\0')
		rc = url_of(r, *id, url);
	else
		rc = registry_number(r, "SELECT id FROM members WHERE url = ?", &v, 1, id);
	if (rc == ECERT_E_NOT_FOUND)
		rc = by_domain(r, name, id);
	if (rc == ECERT_OK)
		rc = url_of(r, *id, url);
	if (rc == ECERT_E_NOT_FOUND)
		return registry_fail(r, rc, MSG("there is no member {name}", P_TEXT("name", name)));
	return rc;
}

struct several {
	enum app_event event;
	int64_t ids[64];
	size_t n;
};

static enum ecert_rc gather(void *ctx, const struct registry_application *a)
{
	struct several *s = ctx;

	if (state_after(a->state, s->event) != STATE_NONE &&
	    s->n < sizeof s->ids / sizeof s->ids[0])
		s->ids[s->n++] = a->id;
	return ECERT_OK;
}

enum ecert_rc registry_decide_member(
    struct registry *r, int64_t member, enum app_event event, const char *why, size_t *n)
{
	struct several s = {.event = event};
	enum ecert_rc rc;

	*n = 0;
	do {
		s.n = 0;
		rc = registry_each(r, member, STATE_NONE, gather, &s);
		for (size_t i = 0; rc == ECERT_OK && i < s.n; i++, ++*n)
			rc = registry_decide(r, s.ids[i], event, why);
	} while (rc == ECERT_OK && s.n == sizeof s.ids / sizeof s.ids[0]);
	if (rc == ECERT_OK && *n == 0)
		return registry_fail(r, ECERT_E_DENIED,
		    MSG("nothing of this member's is where '{event}' is possible",
			P_TEXT("event", event_name(event))));
	return rc;
}

/* Granted or suspended, with no mark whose time is not over. */
#define SELECT_OVER                                                                                \
	"SELECT DISTINCT k.application FROM marks k JOIN decisions d ON d.id = (SELECT max(x.id) " \
	"FROM decisions x WHERE x.application = k.application) WHERE k.exp > 0 AND k.exp <= ? "    \
	"AND d.state IN ('granted', 'suspended') AND NOT EXISTS (SELECT 1 FROM marks y WHERE "     \
	"y.application = k.application AND (y.exp = 0 OR y.exp > ?)) ORDER BY k.application "      \
	"LIMIT 64"

static enum ecert_rc gather_over(struct registry *r, time_t now, struct several *s)
{
	struct store_rows *rows;
	enum ecert_rc rc = STORE_QUERY(
	    r->store, &rows, SELECT_OVER, store_int(now), store_int(now));

	for (s->n = 0; rc == ECERT_OK && s->n < sizeof s->ids / sizeof s->ids[0]; s->n++) {
		rc = store_next(rows);
		if (rc != ECERT_OK)
			break;
		s->ids[s->n] = store_get_int(rows, 0);
	}
	store_done(&rows);
	return rc == ECERT_E_NOT_FOUND ? ECERT_OK : rc;
}

enum ecert_rc registry_expire(struct registry *r, time_t now, size_t *n)
{
	struct several s = {.event = EVENT_EXPIRE};
	enum ecert_rc rc;

	*n = 0;
	do {
		rc = gather_over(r, now, &s);
		for (size_t i = 0; rc == ECERT_OK && i < s.n; i++, ++*n)
			rc = registry_decide(r, s.ids[i], EVENT_EXPIRE, NULL);
	} while (rc == ECERT_OK && s.n > 0);
	return rc;
}

/* ---- marks ---- */

/* 8.4: what ends before its time is revoked; of a renewed one its successor counts. */
static void status_of(struct registry_mark *m, enum app_state state, const char *why, time_t now)
{
	const char *word = "revoked";

	if (m->exp && m->exp <= now)
		word = "expired";
	else if (state == STATE_GRANTED)
		word = "active";
	else if (state == STATE_SUSPENDED)
		word = "suspended";
	text_copy(m->status, sizeof m->status, word);
	text_copy(m->reason, sizeof m->reason, why && state != STATE_GRANTED ? why : "");
}

enum ecert_rc registry_take_mark(struct store_rows *rows, time_t now, struct registry_mark *out)
{
	const char *text;

	*out = (struct registry_mark){.text = BUF_INIT(JWS_MAX_SIZE)};
	out->id = store_get_int(rows, 0);
	out->application = store_get_int(rows, 1);
	out->iat = store_get_int(rows, 2);
	out->exp = store_get_int(rows, 3);
	store_copy_text(rows, 4, out->sha256, sizeof out->sha256);
	store_copy_text(rows, 5, out->prev, sizeof out->prev);
	text = store_get_text(rows, 6);
	buf_str(&out->text, text ? text : "");
	status_of(out, state_by_name(store_get_text(rows, 7)), store_get_text(rows, 8), now);
	return buf_rc(&out->text);
}

enum ecert_rc registry_mark_row(
    struct store_rows *rows, enum ecert_rc rc, time_t now, struct registry_mark *out)
{
	*out = (struct registry_mark){.text = BUF_INIT(JWS_MAX_SIZE)};
	if (rc == ECERT_OK)
		rc = store_next(rows);
	if (rc == ECERT_OK)
		rc = registry_take_mark(rows, now, out);
	store_done(&rows);
	return rc;
}

enum ecert_rc registry_mark(
    struct registry *r, const char *sha256, time_t now, struct registry_mark *out)
{
	struct store_rows *rows;
	enum ecert_rc rc = STORE_QUERY(
	    r->store, &rows, REGISTRY_SELECT_MARK "WHERE k.sha256 = ?", store_text(sha256));

	return registry_mark_row(rows, rc, now, out);
}

enum ecert_rc registry_mark_of(
    struct registry *r, int64_t application, time_t now, struct registry_mark *out)
{
	struct store_rows *rows;
	enum ecert_rc rc = STORE_QUERY(r->store, &rows,
	    REGISTRY_SELECT_MARK "WHERE k.application = ? ORDER BY k.id DESC LIMIT 1",
	    store_int(application));

	return registry_mark_row(rows, rc, now, out);
}
