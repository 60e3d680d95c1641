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

struct over {
	struct several s;
	time_t now;
};

static enum ecert_rc gather_over(void *ctx, const struct registry_application *a)
{
	struct over *o = ctx;

	return a->mark_exp && a->mark_exp <= o->now ? gather(&o->s, a) : ECERT_OK;
}

enum ecert_rc registry_expire(struct registry *r, time_t now, size_t *n)
{
	struct over o = {.s = {.event = EVENT_EXPIRE}, .now = now};
	enum ecert_rc rc;

	*n = 0;
	do {
		o.s.n = 0;
		rc = registry_each(r, 0, STATE_GRANTED, gather_over, &o);
		if (rc == ECERT_OK)
			rc = registry_each(r, 0, STATE_SUSPENDED, gather_over, &o);
		for (size_t i = 0; rc == ECERT_OK && i < o.s.n; i++, ++*n)
			rc = registry_decide(r, o.s.ids[i], EVENT_EXPIRE, NULL);
	} while (rc == ECERT_OK && o.s.n > 0);
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

static enum ecert_rc one_mark(struct store_rows *rows, time_t now, struct registry_mark *out)
{
	const char *text;
	enum ecert_rc rc = store_next(rows);

	*out = (struct registry_mark){.text = BUF_INIT(JWS_MAX_SIZE)};
	if (rc != ECERT_OK)
		return rc;
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
		rc = one_mark(rows, now, out);
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

/* ---- for whoever publishes ---- */

#define SELECT_PUBLIC                                                                              \
	"SELECT k.id, k.application, k.iat, k.exp, k.sha256, k.prev, k.text, d.state, d.why, "     \
	"d.at, a.member, m.url, a.company, a.br, a.type, a.text, (SELECT min(f.iat) FROM marks f " \
	"JOIN applications g ON g.id = f.application WHERE g.member = a.member AND "               \
	"g.type = a.type) FROM applications a JOIN marks k ON k.application = a.id "               \
	"JOIN members m ON m.id = a.member JOIN decisions d ON d.id = (SELECT max(x.id) FROM "     \
	"decisions x WHERE x.application = a.id) WHERE (a.member, a.id, k.id) > (?, ?, ?) AND "    \
	"k.exp > ? ORDER BY a.member, a.id, k.id LIMIT 200"

enum ecert_rc registry_each_mark(
    struct registry *r, time_t over, time_t now, registry_public_fn *fn, void *ctx)
{
	struct registry_public p = {.member = 0};
	int64_t after[3] = {0, 0, 0};
	size_t n = 1;
	enum ecert_rc rc = ECERT_OK;

	while (rc == ECERT_OK && n > 0) {
		struct store_rows *rows;

		rc = STORE_QUERY(r->store, &rows, SELECT_PUBLIC, store_int(after[0]),
		    store_int(after[1]), store_int(after[2]), store_int(over));
		for (n = 0; rc == ECERT_OK; n++) {
			rc = one_mark(rows, now, &p.mark);
			if (rc != ECERT_OK) {
				buf_free(&p.mark.text);
				break;
			}
			p.since = store_get_int(rows, 9);
			p.member = after[0] = store_get_int(rows, 10);
			p.application = after[1] = p.mark.application;
			after[2] = p.mark.id;
			p.merchant = store_get_text(rows, 11);
			p.company = store_get_text(rows, 12);
			p.br = store_get_text(rows, 13);
			p.type = store_get_text(rows, 14);
			p.request = store_get_text(rows, 15);
			p.first = store_get_int(rows, 16);
			rc = fn(ctx, &p);
			if (rc == ECERT_E_NOT_FOUND)
				rc = ECERT_E_INTERNAL; /* would look like the end */
			buf_free(&p.mark.text);
		}
		store_done(&rows);
		if (rc == ECERT_E_NOT_FOUND)
			rc = ECERT_OK;
	}
	return rc;
}

enum ecert_rc registry_types(
    struct registry *r, enum ecert_rc (*fn)(void *ctx, const char *type), void *ctx)
{
	struct store_rows *rows;
	enum ecert_rc rc = STORE_QUERY(r->store, &rows,
	    "SELECT DISTINCT a.type FROM marks k JOIN applications a ON a.id = k.application "
	    "ORDER BY a.type LIMIT ?",
	    store_int(1000));

	while (rc == ECERT_OK) {
		const char *type;

		rc = store_next(rows);
		if (rc != ECERT_OK)
			break;
		type = store_get_text(rows, 0);
		rc = type ? fn(ctx, type) : ECERT_OK;
		if (rc == ECERT_E_NOT_FOUND)
			rc = ECERT_E_INTERNAL;
	}
	store_done(&rows);
	return rc == ECERT_E_NOT_FOUND ? ECERT_OK : rc;
}
