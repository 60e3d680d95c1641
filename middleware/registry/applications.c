/* SPDX-License-Identifier: BSD-2-Clause */
/* Applications: taken in, listed, decided on. */
#include <stdlib.h>
#include <string.h>

#include "document/jose/jws.h"
#include "registry/registry_priv.h"
#include "trust/claims.h"
#include "util/text.h"

/* Where it stands: that of the newest decision. */
static enum ecert_rc state_now(struct registry *r, int64_t application, enum app_state *out)
{
	struct store_rows *rows;
	enum ecert_rc rc = STORE_QUERY(r->store, &rows,
	    "SELECT state FROM decisions WHERE application = ? ORDER BY id DESC LIMIT 1",
	    store_int(application));

	*out = STATE_NONE;
	if (rc == ECERT_OK)
		rc = store_next(rows);
	if (rc == ECERT_OK)
		*out = state_by_name(store_get_text(rows, 0));
	store_done(&rows);
	return rc == ECERT_E_NOT_FOUND ? ECERT_OK : rc;
}

enum ecert_rc registry_record(
    struct registry *r, int64_t application, enum app_event event, const char *why)
{
	enum app_state was, next;
	enum ecert_rc rc = state_now(r, application, &was);

	if (rc != ECERT_OK)
		return rc;
	if (was == STATE_NONE && event != EVENT_RECEIVE)
		return registry_fail(r, ECERT_E_NOT_FOUND,
		    MSG("there is no application {n}", P_NUMBER("n", application)));
	next = state_after(was, event);
	if (next == STATE_NONE)
		return registry_fail(r, ECERT_E_DENIED,
		    MSG("application {n} is {state}, where '{event}' is not possible",
			P_NUMBER("n", application), P_WORD("state", state_word(was)),
			P_TEXT("event", event_name(event))));
	return REGISTRY_INSERT(r, PART_DECISIONS, NULL, store_int(application),
	    store_text(event_name(event)), store_text(state_name(was)),
	    store_text(state_name(next)), store_text(why));
}

enum ecert_rc registry_decide(
    struct registry *r, int64_t application, enum app_event event, const char *why)
{
	if (event == EVENT_RECEIVE || event == EVENT_GRANT || event == EVENT_REPLACE)
		return ECERT_E_ARG;
	return registry_record(r, application, event, why);
}

/* ---- taking one in ---- */

static enum ecert_rc member_of(struct registry *r, const char *url, int64_t *id)
{
	enum ecert_rc rc = registry_number(r, "SELECT id FROM members WHERE url = ?",
	    (const struct store_value[]){store_text(url)}, 1, id);

	if (rc == ECERT_E_NOT_FOUND)
		rc = REGISTRY_INSERT(r, PART_MEMBERS, id, store_text(url));
	return rc;
}

/* The mark that it renews is this member's, of this type. */
static enum ecert_rc previous_of(
    struct registry *r, const struct registry_request *q, int64_t member)
{
	const struct store_value v[] = {
	    store_text(q->prev), store_int(member), store_text(q->type)};
	int64_t n;
	enum ecert_rc rc = registry_number(r, "SELECT id FROM marks WHERE sha256 = ?", v, 1, &n);

	if (rc == ECERT_E_NOT_FOUND)
		return registry_fail(
		    r, rc, MSG("the mark that it renews was not granted by this register"));
	if (rc != ECERT_OK)
		return rc;
	rc = registry_number(r,
	    "SELECT marks.id FROM marks JOIN applications a ON a.id = marks.application WHERE "
	    "marks.sha256 = ? AND a.member = ? AND a.type = ?",
	    v, 3, &n);
	if (rc == ECERT_E_NOT_FOUND)
		return registry_fail(r, ECERT_E_DENIED,
		    MSG("the mark that it renews is another member's, or of another type"));
	return rc;
}

/* The others of this member and type which stand in one of these states. */
static enum ecert_rc replace_others(
    struct registry *r, int64_t application, int64_t from, int64_t to, const char *why)
{
	int64_t other = 0;
	enum ecert_rc rc;

	for (;;) {
		enum app_state state;

		rc = registry_number(r,
		    "SELECT min(o.id) FROM applications o JOIN applications a ON a.member = "
		    "o.member AND a.type = o.type WHERE a.id = ? AND o.id <> a.id AND o.id > ?",
		    (const struct store_value[]){store_int(application), store_int(other)}, 2,
		    &other);
		if (rc != ECERT_OK)
			break;
		rc = state_now(r, other, &state);
		if (rc == ECERT_OK && (int64_t)state >= from && (int64_t)state <= to)
			rc = registry_record(r, other, EVENT_REPLACE, why);
		if (rc != ECERT_OK)
			break;
	}
	return rc == ECERT_E_NOT_FOUND ? ECERT_OK : rc;
}

static enum ecert_rc put_contents(struct registry *r, const struct registry_request *q, int64_t id)
{
	enum ecert_rc rc = ECERT_OK;

	for (size_t i = 0; rc == ECERT_OK && i < q->domains_n; i++)
		rc = REGISTRY_INSERT(
		    r, PART_DOMAINS, NULL, store_int(id), store_text(q->domains[i]));
	for (size_t i = 0; rc == ECERT_OK && i < q->cop_n; i++)
		rc = REGISTRY_INSERT(r, PART_EVIDENCE, NULL, store_int(id), store_text("cop"),
		    store_int((int64_t)i), store_text(q->cop[i]), store_int(0));
	for (size_t i = 0; rc == ECERT_OK && i < q->evidence_n; i++)
		rc = REGISTRY_INSERT(r, PART_EVIDENCE, NULL, store_int(id), store_text("entry"),
		    store_int((int64_t)i), store_text(q->evidence[i]),
		    store_int(q->shown && q->shown[i]));
	return rc;
}

static enum ecert_rc put_application(
    struct registry *r, const struct registry_request *q, int64_t member, int64_t *id)
{
	const struct rd text = trimmed(q->text);
	const struct store_value jws = {.type = STORE_TEXT, .bytes = text};
	char sha256[44];
	int64_t n;
	enum ecert_rc rc = jws_sha256(text, sha256);

	if (rc != ECERT_OK)
		return registry_fail(r, rc, MSG("{why}", P_RC("why", rc)));
	rc = registry_number(r,
	    "SELECT id FROM applications WHERE member = ? AND (sha256 = ? OR jti = ?)",
	    (const struct store_value[]){store_int(member), store_text(sha256), store_text(q->jti)},
	    3, &n);
	if (rc == ECERT_OK)
		return registry_fail(r, ECERT_E_EXISTS,
		    MSG("it was handed in before, as application {n}", P_NUMBER("n", n)));
	if (rc != ECERT_E_NOT_FOUND)
		return rc;
	return REGISTRY_INSERT(r, PART_APPLICATIONS, id, store_int(member),
	    store_text(q->prev ? "renewal" : "first"), store_text(q->type), jws, store_text(sha256),
	    store_text(q->jti), store_int(q->until), store_text(q->company), store_text(q->br),
	    store_blob(q->cert), store_text(q->prev));
}

enum ecert_rc registry_receive(struct registry *r, const struct registry_request *q, int64_t *id)
{
	int64_t member;
	enum ecert_rc rc = member_of(r, q->merchant, &member);

	*id = 0;
	if (rc == ECERT_OK && q->prev)
		rc = previous_of(r, q, member);
	if (rc == ECERT_OK)
		rc = put_application(r, q, member, id);
	if (rc == ECERT_OK)
		rc = put_contents(r, q, *id);
	if (rc == ECERT_OK)
		rc = registry_record(r, *id, EVENT_RECEIVE, NULL);
	if (rc == ECERT_OK)
		rc = replace_others(
		    r, *id, STATE_RECEIVED, STATE_MORE_WANTED, "a later application");
	return rc;
}

/* ---- the mark ---- */

static enum ecert_rc put_mark(
    struct registry *r, int64_t application, const struct registry_grant *g, const char *prev)
{
	const struct rd text = trimmed(g->text);
	const struct store_value jws = {.type = STORE_TEXT, .bytes = text};
	char sha256[44];
	enum ecert_rc rc = jws_sha256(text, sha256);

	if (rc != ECERT_OK)
		return registry_fail(r, rc, MSG("{why}", P_RC("why", rc)));
	return REGISTRY_INSERT(r, PART_MARKS, NULL, store_int(application), jws, store_text(sha256),
	    store_text(g->jti), store_text(g->kid), store_int(g->iat), store_int(g->exp),
	    store_text(prev && prev[0] ? prev : NULL));
}

enum ecert_rc registry_grant(
    struct registry *r, int64_t application, const struct registry_grant *g)
{
	struct registry_application a;
	enum ecert_rc rc = registry_application(r, application, &a, NULL, NULL);

	if (rc == ECERT_OK)
		rc = registry_record(r, application, EVENT_GRANT, NULL);
	if (rc == ECERT_OK)
		rc = put_mark(r, application, g, a.prev);
	if (rc == ECERT_OK)
		rc = replace_others(
		    r, application, STATE_GRANTED, STATE_GRANTED, "renewed by a later mark");
	if (rc == ECERT_OK)
		rc = replace_others(
		    r, application, STATE_SUSPENDED, STATE_SUSPENDED, "renewed by a later mark");
	return rc;
}

enum ecert_rc registry_reissue(
    struct registry *r, int64_t application, const struct registry_grant *g)
{
	enum app_state state;
	enum ecert_rc rc = state_now(r, application, &state);

	if (rc == ECERT_OK && state != STATE_GRANTED)
		return registry_fail(r, ECERT_E_DENIED,
		    MSG("application {n} is {state}, where '{event}' is not possible",
			P_NUMBER("n", application), P_WORD("state", state_word(state)),
			P_TEXT("event", "reissue")));
	return rc == ECERT_OK ? put_mark(r, application, g, NULL) : rc;
}

/* ---- reading ---- */

#define SELECT_APPLICATION                                                                         \
	"SELECT a.id, a.at, a.member, m.url, a.company, a.br, a.type, a.prev, a.sha256, d.state, " \
	"d.at, d.who, d.why, (SELECT max(k.exp) FROM marks k WHERE k.application = a.id), "        \
	"a.text, a.cert FROM applications a JOIN members m ON m.id = a.member JOIN decisions d "   \
	"ON d.id = (SELECT max(x.id) FROM decisions x WHERE x.application = a.id) "

static void take(struct store_rows *rows, struct registry_application *a)
{
	*a = (struct registry_application){.id = store_get_int(rows, 0),
	    .at = store_get_int(rows, 1),
	    .member = store_get_int(rows, 2),
	    .state = state_by_name(store_get_text(rows, 9)),
	    .since = store_get_int(rows, 10),
	    .mark_exp = store_get_int(rows, 13)};
	store_copy_text(rows, 3, a->merchant, sizeof a->merchant);
	store_copy_text(rows, 4, a->company, sizeof a->company);
	store_copy_text(rows, 5, a->br, sizeof a->br);
	store_copy_text(rows, 6, a->type, sizeof a->type);
	store_copy_text(rows, 7, a->prev, sizeof a->prev);
	store_copy_text(rows, 8, a->sha256, sizeof a->sha256);
	store_copy_text(rows, 11, a->who, sizeof a->who);
	store_copy_text(rows, 12, a->why, sizeof a->why);
}

enum ecert_rc registry_application(struct registry *r, int64_t id, struct registry_application *out,
    struct buf *text, struct buf *cert)
{
	struct store_rows *rows;
	enum ecert_rc rc = STORE_QUERY(
	    r->store, &rows, SELECT_APPLICATION "WHERE a.id = ?", store_int(id));

	if (rc == ECERT_OK)
		rc = store_next(rows);
	if (rc == ECERT_OK)
		take(rows, out);
	if (rc == ECERT_OK && text) {
		const char *jws = store_get_text(rows, 14);

		buf_str(text, jws ? jws : "");
		rc = buf_rc(text);
	}
	if (rc == ECERT_OK && cert) {
		buf_rd(cert, store_get_blob(rows, 15));
		rc = buf_rc(cert);
	}
	store_done(&rows);
	if (rc == ECERT_E_NOT_FOUND)
		return registry_fail(r, rc, MSG("there is no application {n}", P_NUMBER("n", id)));
	return rc;
}

enum ecert_rc registry_each(struct registry *r, int64_t member, enum app_state state,
    registry_application_fn *fn, void *ctx)
{
	struct registry_application *a = malloc(sizeof *a);
	int64_t after = 0;
	size_t n = 1;
	enum ecert_rc rc = a ? ECERT_OK : ECERT_E_MEMORY;

	while (rc == ECERT_OK && n > 0) {
		struct store_rows *rows;

		rc = STORE_QUERY(r->store, &rows,
		    SELECT_APPLICATION "WHERE a.id > ? AND (? = 0 OR a.member = ?) AND "
				       "(? = 'none' OR d.state = ?) ORDER BY a.id LIMIT 200",
		    store_int(after), store_int(member), store_int(member),
		    store_text(state_name(state)), store_text(state_name(state)));
		for (n = 0; registry_next(rows, &rc); n++) {
			take(rows, a);
			after = a->id;
			rc = fn(ctx, a);
		}
		store_done(&rows);
	}
	free(a);
	return rc;
}

enum ecert_rc registry_decisions(struct registry *r, int64_t application,
    enum ecert_rc (*fn)(void *ctx, const struct registry_decision *d), void *ctx)
{
	struct store_rows *rows;
	struct registry_decision d;
	enum ecert_rc rc = STORE_QUERY(r->store, &rows,
	    "SELECT id, at, who, event, was, state, why FROM decisions WHERE application = ? "
	    "ORDER BY id",
	    store_int(application));

	while (registry_next(rows, &rc)) {
		d = (struct registry_decision){.id = store_get_int(rows, 0),
		    .at = store_get_int(rows, 1),
		    .event = event_by_name(store_get_text(rows, 3)),
		    .was = state_by_name(store_get_text(rows, 4)),
		    .state = state_by_name(store_get_text(rows, 5))};
		store_copy_text(rows, 2, d.who, sizeof d.who);
		store_copy_text(rows, 6, d.why, sizeof d.why);
		rc = fn(ctx, &d);
	}
	store_done(&rows);
	return rc;
}
