/* SPDX-License-Identifier: BSD-2-Clause */
/* A register: applications, decisions, marks and what is true of them. */
#include <stdlib.h>
#include <unistd.h>

#include "document/jose/jws.h"
#include "store/sqlite_library.h"
#include "tests/unit/registry/registry_fix.h"
#include "util/file.h"

#define SHOP  "https://shop.example"
#define OTHER "https://other.example"

static struct registry *fresh(void)
{
	return registry_at(store_fresh());
}

static void sha256_of(const char *text, char out[44])
{
	ok(jws_sha256(rd_of(text, strlen(text)), out));
}

/* Every event in every state: what is possible is this, and nothing else. */
static void every_transition(void **state)
{
	static const struct {
		enum app_state from;
		enum app_event event;
		enum app_state to;
	} possible[] = {
	    {STATE_NONE, EVENT_RECEIVE, STATE_RECEIVED},
	    {STATE_RECEIVED, EVENT_REVIEW, STATE_IN_REVIEW},
	    {STATE_RECEIVED, EVENT_MORE, STATE_MORE_WANTED},
	    {STATE_RECEIVED, EVENT_REFUSE, STATE_REFUSED},
	    {STATE_RECEIVED, EVENT_GRANT, STATE_GRANTED},
	    {STATE_RECEIVED, EVENT_REPLACE, STATE_EXPIRED},
	    {STATE_IN_REVIEW, EVENT_MORE, STATE_MORE_WANTED},
	    {STATE_IN_REVIEW, EVENT_REFUSE, STATE_REFUSED},
	    {STATE_IN_REVIEW, EVENT_GRANT, STATE_GRANTED},
	    {STATE_IN_REVIEW, EVENT_REPLACE, STATE_EXPIRED},
	    {STATE_MORE_WANTED, EVENT_REVIEW, STATE_IN_REVIEW},
	    {STATE_MORE_WANTED, EVENT_REFUSE, STATE_REFUSED},
	    {STATE_MORE_WANTED, EVENT_REPLACE, STATE_EXPIRED},
	    {STATE_GRANTED, EVENT_SUSPEND, STATE_SUSPENDED},
	    {STATE_GRANTED, EVENT_REVOKE, STATE_REVOKED},
	    {STATE_GRANTED, EVENT_EXPIRE, STATE_EXPIRED},
	    {STATE_GRANTED, EVENT_REPLACE, STATE_EXPIRED},
	    {STATE_SUSPENDED, EVENT_RESUME, STATE_GRANTED},
	    {STATE_SUSPENDED, EVENT_REVOKE, STATE_REVOKED},
	    {STATE_SUSPENDED, EVENT_EXPIRE, STATE_EXPIRED},
	};

	(void)state;
	for (int from = 0; from < STATE_COUNT; from++)
		for (int event = 0; event < EVENT_COUNT; event++) {
			enum app_state want = STATE_NONE;

			for (size_t i = 0; i < sizeof possible / sizeof possible[0]; i++)
				if ((int)possible[i].from == from &&
				    (int)possible[i].event == event)
					want = possible[i].to;
			assert_int_equal(
			    state_after((enum app_state)from, (enum app_event)event), want);
		}
	for (int i = STATE_RECEIVED; i < STATE_COUNT; i++)
		assert_int_equal(state_by_name(state_name((enum app_state)i)), i);
	for (int i = 0; i < EVENT_COUNT; i++)
		assert_int_equal(event_by_name(event_name((enum app_event)i)), i);
	assert_int_equal(state_by_name("none"), STATE_NONE);
	assert_int_equal(state_by_name(NULL), STATE_NONE);
	assert_int_equal(event_by_name("nothing"), EVENT_COUNT);
	assert_int_equal(state_after((enum app_state)99, EVENT_GRANT), STATE_NONE);
}

/* An application in each state, and each event on it, through the register. */
static int64_t brought_to(struct registry *r, enum app_state to, int serial)
{
	char shop[64], jti[32];
	int64_t id;

	(void)snprintf(shop, sizeof shop, "https://s%d.example", serial);
	(void)snprintf(jti, sizeof jti, "j%d", serial);
	ok(receive(r, shop, jti, NULL, &id));
	if (to == STATE_IN_REVIEW)
		ok(decide(r, id, EVENT_REVIEW, NULL));
	if (to == STATE_MORE_WANTED)
		ok(decide(r, id, EVENT_MORE, "the terms"));
	if (to == STATE_REFUSED)
		ok(decide(r, id, EVENT_REFUSE, "no shop"));
	if (to == STATE_GRANTED || to >= STATE_SUSPENDED)
		ok(grant(r, id, jti));
	if (to == STATE_SUSPENDED)
		ok(decide(r, id, EVENT_SUSPEND, "complaints"));
	if (to == STATE_REVOKED)
		ok(decide(r, id, EVENT_REVOKE, "fraud"));
	if (to == STATE_EXPIRED)
		ok(decide(r, id, EVENT_EXPIRE, NULL));
	assert_int_equal(state_of(r, id), to);
	return id;
}

static void every_transition_on_record(void **state)
{
	static const enum app_event events[] = {EVENT_REVIEW, EVENT_MORE, EVENT_REFUSE, EVENT_GRANT,
	    EVENT_SUSPEND, EVENT_RESUME, EVENT_REVOKE, EVENT_EXPIRE};
	struct registry *r = fresh();
	struct registry_check check;
	int serial = 0;

	(void)state;
	for (int from = STATE_RECEIVED; from < STATE_COUNT; from++)
		for (size_t i = 0; i < sizeof events / sizeof events[0]; i++) {
			int64_t id = brought_to(r, (enum app_state)from, ++serial);
			enum app_state to = state_after((enum app_state)from, events[i]);
			char mark[32];
			enum ecert_rc rc;

			(void)snprintf(mark, sizeof mark, "again-%d", serial);
			rc = events[i] == EVENT_GRANT ? grant(r, id, mark)
						      : decide(r, id, events[i], "why");
			assert_int_equal(rc, to == STATE_NONE ? ECERT_E_DENIED : ECERT_OK);
			assert_int_equal(state_of(r, id), to == STATE_NONE ? from : (int)to);
			if (to == STATE_NONE) {
				says(r, state_word((enum app_state)from));
				says(r, event_name(events[i]));
			}
		}
	ok(registry_check(r, &check));
	assert_null(check.why);
	assert_int_equal(decide(r, 4711, EVENT_REFUSE, NULL), ECERT_E_NOT_FOUND);
	says(r, "no application 4711");
	assert_int_equal(decide(r, 1, EVENT_RECEIVE, NULL), ECERT_E_ARG);
	assert_int_equal(decide(r, 1, EVENT_REPLACE, NULL), ECERT_E_ARG);
	registry_close(&r);
}

static void what_is_handed_in(void **state)
{
	struct registry *r = fresh();
	struct registry_application a;
	struct buf text = BUF_INIT(1000), cert = BUF_INIT(1000);
	int64_t id, again;

	(void)state;
	ok(receive(r, SHOP, "one", NULL, &id));
	ok(registry_application(r, id, &a, &text, &cert));
	assert_string_equal(a.merchant, SHOP);
	assert_string_equal(a.company, "Harbour Lights 有限公司");
	assert_string_equal(a.br, "51234567");
	assert_string_equal(a.who, "clerk");
	assert_int_equal(a.at, T0);
	assert_int_equal(a.mark_exp, 0);
	assert_true(rd_equal(buf_view(&text), rd_of("request-one", 11)));
	assert_true(rd_equal(buf_view(&cert), rd_of("certificate", 11)));
	/* The same again leaves nothing behind; a later one takes its place. */
	assert_int_equal(receive(r, SHOP, "one", NULL, &again), ECERT_E_EXISTS);
	says(r, "handed in before");
	assert_int_equal(again, 0);
	assert_int_equal(state_of(r, id), STATE_RECEIVED);
	ok(decide(r, id, EVENT_MORE, "the terms of return"));
	ok(receive(r, SHOP, "two", NULL, &again));
	assert_int_equal(state_of(r, id), STATE_EXPIRED);
	assert_int_equal(state_of(r, again), STATE_RECEIVED);
	/* Another member's stays. */
	ok(receive(r, OTHER, "two-", NULL, &id));
	assert_int_equal(state_of(r, again), STATE_RECEIVED);
	buf_free(&text);
	buf_free(&cert);
	registry_close(&r);
}

static void status_is(struct registry *r, const char *mark, time_t now, const char *word)
{
	struct registry_mark m;
	char sha256[44];

	sha256_of(mark, sha256);
	ok(registry_mark(r, sha256, now, &m));
	assert_string_equal(m.status, word);
	assert_true(rd_equal(buf_view(&m.text), rd_of(mark, strlen(mark))));
	buf_free(&m.text);
}

static void marks_live_and_end(void **state)
{
	const time_t now = T0 + 2 * DAY;
	struct registry *r = fresh();
	struct registry_mark m;
	char prev[44], url[256];
	int64_t id, next, member;
	size_t n;

	(void)state;
	ok(receive(r, SHOP, "one", NULL, &id));
	ok(grant(r, id, "mark-1"));
	status_is(r, "mark-1", now, "active");
	status_is(r, "mark-1", T0 + 366 * DAY, "expired");
	sha256_of("mark-2", prev);
	assert_int_equal(registry_mark(r, prev, now, &m), ECERT_E_NOT_FOUND);
	buf_free(&m.text);
	/* By number, URL and domain. */
	ok(registry_member(r, SHOP, &member, url));
	ok(registry_member(r, "second.example", &next, url));
	assert_int_equal(next, member);
	(void)snprintf(prev, sizeof prev, "%d", (int)member);
	ok(registry_member(r, prev, &next, url));
	assert_string_equal(url, SHOP);
	assert_int_equal(registry_member(r, "nobody.example", &next, url), ECERT_E_NOT_FOUND);
	ok(registry_begin(r, "officer", now));
	ok(registry_end(r, registry_decide_member(r, member, EVENT_SUSPEND, "complaints", &n)));
	assert_int_equal(n, 1);
	status_is(r, "mark-1", now, "suspended");
	ok(registry_begin(r, "officer", now));
	assert_int_equal(registry_end(r, registry_decide_member(r, member, EVENT_SUSPEND, "", &n)),
	    ECERT_E_DENIED);
	/* A renewal is not granted while its predecessor is suspended. */
	sha256_of("mark-1", prev);
	ok(receive(r, SHOP, "renewal", prev, &next));
	assert_int_equal(grant(r, next, "mark-2"), ECERT_E_DENIED);
	says(r, "suspended");
	assert_int_equal(state_of(r, next), STATE_RECEIVED);
	ok(registry_begin(r, "officer", now));
	ok(registry_end(r, registry_decide_member(r, member, EVENT_RESUME, NULL, &n)));
	status_is(r, "mark-1", now, "active");
	ok(grant(r, next, "mark-2"));
	status_is(r, "mark-1", now, "revoked");
	status_is(r, "mark-2", now, "active");
	ok(registry_mark_of(r, next, now, &m));
	assert_string_equal(m.prev, prev);
	buf_free(&m.text);
	/* Whose marks may be renewed. */
	assert_int_equal(receive(r, OTHER, "theirs", prev, &id), ECERT_E_DENIED);
	sha256_of("never", prev);
	assert_int_equal(receive(r, SHOP, "never", prev, &id), ECERT_E_NOT_FOUND);
	/* Time is over. */
	ok(registry_begin(r, "clock", T0 + 400 * DAY));
	ok(registry_end(r, registry_expire(r, T0 + 400 * DAY, &n)));
	assert_int_equal(n, 1);
	assert_int_equal(state_of(r, next), STATE_EXPIRED);
	status_is(r, "mark-2", T0 + 400 * DAY, "expired");
	registry_close(&r);
}

static enum ecert_rc count(void *ctx, const struct registry_application *a)
{
	(void)a;
	++*(size_t *)ctx;
	return ECERT_OK;
}

/* What --store names by mistake gets no tables. */
static void a_store_that_is_no_register(void **state)
{
	static const char *const steps[] = {"CREATE TABLE other (n INTEGER) STRICT", NULL};
	static const struct store_migration other = {"one", steps};
	const char *where = store_fresh();
	struct message_kept why;
	struct registry *r = NULL;
	struct store *s;
	char text[512];

	(void)state;
	for (int i = 0; i < 2; i++) {
		s = store_again();
		if (i) /* a store of another set is none, either */
			ok(store_migrate(s, "other", &other, 1));
		assert_int_equal(store_has(s, "registry"), ECERT_E_NOT_FOUND);
		store_close(&s);
		assert_int_equal(registry_open(where, false, &r, &why), ECERT_E_NOT_FOUND);
		assert_null(r);
		message_kept_text(&why, NULL, text, sizeof text);
		assert_string_equal(text, "this is not a register");
		s = store_again();
		assert_int_equal(store_has(s, "registry"), ECERT_E_NOT_FOUND);
		store_close(&s);
	}
	r = registry_at(where);
	registry_close(&r);
	ok(registry_open(where, false, &r, &why));
	registry_close(&r);
}

/* The server makes no tables: it says who does. */
static void an_older_register_is_brought_up_to_date(void **state)
{
	const char *where = store_fresh();
	struct store *s = store_again();
	struct message_kept why;
	struct registry *r = NULL;
	char text[512];

	(void)state;
	ok(store_migrate(s, "registry", registry_migrations, registry_migrations_n - 1));
	store_close(&s);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(registry_open_as_it_is(where, &r, &why), ECERT_E_UNSUPPORTED);
		assert_null(r);
		message_kept_text(&why, NULL, text, sizeof text);
		assert_non_null(strstr(text, "`ecert registry list`"));
	}
	ok(registry_open(where, false, &r, &why));
	registry_close(&r);
	ok(registry_open_as_it_is(where, &r, &why));
	registry_close(&r);
}

/* As another program leaves it: its bytes are the same after both refusals. */
static void a_database_of_others_stays_as_it_is(void **state)
{
	const struct sqlite *lib = sqlite_library();
	struct buf before = BUF_INIT(1u << 20), after = BUF_INIT(1u << 20);
	char path[256], text[512];
	struct message_kept why;
	struct registry *r = NULL;
	sqlite3 *db = NULL;

	(void)state;
	folder_make("others", path, sizeof path);
	(void)strcat(path, "/notes");
	assert_int_equal(
	    lib->open_v2(path, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL), SQLITE_OK);
	assert_int_equal(lib->exec(db, "CREATE TABLE notes (n)", NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(lib->close(db), SQLITE_OK);
	ok(file_read(path, &before));
	for (int make = 0; make < 2; make++) {
		assert_int_equal(registry_open(path, make, &r, &why), ECERT_E_NOT_FOUND);
		assert_null(r);
		message_kept_text(&why, NULL, text, sizeof text);
		assert_string_equal(text, "it is a database of another program");
	}
	ok(file_read(path, &after));
	assert_true(rd_equal(buf_view(&before), buf_view(&after)));
	buf_free(&before);
	buf_free(&after);
	*strrchr(path, '/') = '\0';
	folder_remove(path);
}

static void lists_and_settings(void **state)
{
	struct registry *r = fresh();
	char url[64], jti[32], value[64];
	size_t n = 0;
	int64_t id;

	(void)state;
	assert_int_equal(registry_setting(r, "issuer", value, sizeof value), ECERT_E_NOT_FOUND);
	ok(registry_begin(r, "root", T0));
	ok(registry_set(r, "issuer", "https://old.example"));
	ok(registry_set(r, "issuer", "https://alliance.example"));
	ok(registry_end(r, ECERT_OK));
	ok(registry_setting(r, "issuer", value, sizeof value));
	assert_string_equal(value, "https://alliance.example");
	for (int i = 0; i < 230; i++) { /* more than a page */
		(void)snprintf(url, sizeof url, "https://m%d.example", i);
		(void)snprintf(jti, sizeof jti, "m%d", i);
		ok(receive(r, url, jti, NULL, &id));
	}
	ok(decide(r, id, EVENT_REVIEW, NULL));
	ok(registry_each(r, 0, STATE_NONE, count, &n));
	assert_int_equal(n, 230);
	n = 0;
	ok(registry_each(r, 0, STATE_IN_REVIEW, count, &n));
	assert_int_equal(n, 1);
	n = 0;
	ok(registry_each(r, 4711, STATE_NONE, count, &n));
	assert_int_equal(n, 0);
	registry_close(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_transition),
	    cmocka_unit_test(every_transition_on_record),
	    cmocka_unit_test(what_is_handed_in),
	    cmocka_unit_test(marks_live_and_end),
	    cmocka_unit_test(a_store_that_is_no_register),
	    cmocka_unit_test(an_older_register_is_brought_up_to_date),
	    cmocka_unit_test(a_database_of_others_stays_as_it_is),
	    cmocka_unit_test(lists_and_settings),
	};

	return cmocka_run_group_tests(tests, NULL, store_cleanup);
}
