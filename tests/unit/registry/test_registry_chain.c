/* SPDX-License-Identifier: BSD-2-Clause */
/* The chain of a register: whatever is altered, removed, added or put elsewhere by whoever has the
 * database is found, and the register goes into another store as it is. */
#include "registry/reports.h"
#include "tests/unit/registry/registry_fix.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static char where[512];

static struct registry *written(void)
{
	struct registry *r;
	int64_t id;
	char number[32], url[256];

	(void)snprintf(where, sizeof where, "%s", store_fresh());
	r = registry_at(where);
	ok(registry_begin(r, "root", T0));
	ok(registry_set(r, "issuer", "https://alliance.example"));
	/* Tables that nothing writes to so far. */
	ok(REGISTRY_INSERT(r, PART_KEYS, NULL, store_text("kid"), store_text("grant"),
	    store_text("begin"), store_blob(rd_of("", 0)), store_blob(rd_of("key", 3))));
	ok(REGISTRY_INSERT(r, PART_AUTHORIZATIONS, NULL, store_text("kid"), store_text("jws"),
	    store_int(T0), store_int(T0 + DAY)));
	ok(REGISTRY_INSERT(r, PART_DELEGATIONS, NULL, store_text("https://owner.example"),
	    store_text("https://alliance.example"), store_text(TYPE), store_text("jws"),
	    store_int(T0), store_int(T0 + DAY)));
	ok(REGISTRY_INSERT(r, PART_SEALS, NULL, store_int(r->n),
	    store_blob(rd_of(r->head, sizeof r->head)), store_text("jws")));
	ok(registry_end(r, ECERT_OK));
	ok(receive(r, "https://a.example", "a", NULL, &id));
	ok(grant(r, id, "mark-a"));
	ok(registry_begin(r, "root", T0));
	ok(registry_number(r, "SELECT min(id) FROM marks", NULL, 0, &id));
	ok(REGISTRY_INSERT(r, PART_STATUSES, NULL, store_int(id), store_text("active"),
	    store_text("jws"), store_int(T0), store_int(T0 + DAY)));
	ok(registry_member(r, "https://a.example", &id, url));
	ok(registry_report(r, id, "https://copy.example", "", &id));
	ok(registry_close_report(r, id, "taken down"));
	ok(registry_end(r, ECERT_OK));
	for (int i = 0; i < 3; i++) {
		(void)snprintf(number, sizeof number, "https://b%d.example", i);
		ok(receive(r, number, number, NULL, &id));
	}
	ok(decide(r, id, EVENT_REFUSE, "no shop"));
	return r;
}

/* A connection on which nothing is kept any more. */
static struct store *thief(void)
{
	struct store *s = store_again();
	char sql[96];

	if (store_on_postgresql()) {
		ok(STORE_RUN(s, "SET session_replication_role = replica"));
		return s;
	}
	ok(STORE_RUN(s, "PRAGMA foreign_keys = OFF"));
	for (size_t i = 0; i <= PART_COUNT; i++) {
		const char *name = i < PART_COUNT ? parts[i].name : "chain";

		(void)snprintf(sql, sizeof sql, "DROP TRIGGER IF EXISTS %s_keep", name);
		ok(STORE_RUN(s, sql));
		(void)snprintf(sql, sizeof sql, "DROP TRIGGER IF EXISTS %s_fixed", name);
		ok(STORE_RUN(s, sql));
	}
	return s;
}

static void good(struct registry *r)
{
	struct registry_check c;

	ok(registry_check(r, &c));
	if (c.why)
		fail_msg("%s %d: %s", c.part, (int)c.bad, c.why);
}

static void found(struct registry *r, const char *part, int64_t n, const char *why)
{
	struct registry_check c;

	ok(registry_check(r, &c));
	assert_non_null(c.why);
	assert_string_equal(c.part, part);
	assert_int_equal(c.bad, n);
	assert_non_null(strstr(c.why, why));
}

/* The value of a column, with its bytes copied. */
static struct store_value value_of(
    struct store *s, const char *part, const char *column, int64_t id, char bytes[4096])
{
	struct store_rows *rows;
	struct store_value v;
	char sql[128];

	(void)snprintf(sql, sizeof sql, "SELECT %s FROM %s WHERE id = ?", column, part);
	ok(STORE_QUERY(s, &rows, sql, store_int(id)));
	ok(store_next(rows));
	ok(store_cell(rows, 0, &v));
	assert_true(v.bytes.n < 4096);
	if (v.type != STORE_INT && !v.null)
		memcpy(bytes, v.bytes.p, v.bytes.n);
	if (v.null)
		v.type = STORE_TEXT;
	v.bytes = rd_of(bytes, v.bytes.n);
	store_done(&rows);
	return v;
}

static void put(
    struct store *s, const char *part, const char *column, int64_t id, struct store_value v)
{
	char sql[128];

	(void)snprintf(sql, sizeof sql, "UPDATE %s SET %s = ? WHERE id = ?", part, column);
	ok(STORE_RUN(s, sql, v, store_int(id)));
}

/* Something else of the same kind. */
static struct store_value other_than(const struct store_value *v, char bytes[4097])
{
	struct store_value to = *v;

	if (v->type == STORE_INT && !v->null) {
		to.number++;
		return to;
	}
	memcpy(bytes, v->bytes.p, v->bytes.n);
	bytes[v->bytes.n] = '.';
	to.null = false;
	to.bytes = rd_of(bytes, v->bytes.n + 1);
	return to;
}

static size_t alter_row(struct registry *r, struct store *s, const struct part_row *p, int64_t id)
{
	char columns[256], before[4096], after[4097], *save = NULL;
	size_t n = 0;

	(void)snprintf(columns, sizeof columns, "at, who, %s", p->columns);
	for (char *c = strtok_r(columns, ", ", &save); c; c = strtok_r(NULL, ", ", &save), n++) {
		struct store_value v = value_of(s, p->name, c, id, before);

		put(s, p->name, c, id, other_than(&v, after));
		found(r, p->name, id, "not as it was written");
		put(s, p->name, c, id, v);
	}
	good(r);
	return n;
}

static void every_column_of_every_table(void **state)
{
	struct registry *r = written();
	struct store *s = thief();
	size_t n = 0;

	(void)state;
	good(r);
	for (size_t i = 0; i < PART_COUNT; i++) {
		char sql[64];

		(void)snprintf(sql, sizeof sql, "SELECT max(id) FROM %s", parts[i].name);
		n += alter_row(r, s, &parts[i], store_number(s, sql));
	}
	assert_true(n > 70);
	store_close(&s);
	registry_close(&r);
}

static void what_is_removed_added_or_moved(void **state)
{
	struct registry *r = written();
	struct store *s = thief();
	int64_t last = store_number(s, "SELECT n FROM head");

	(void)state;
	for (int64_t n = 1; n <= last; n++) { /* an entry that is gone, or that was changed */
		ok(STORE_RUN(s, "UPDATE chain SET n = n + 100000 WHERE n = ?", store_int(n)));
		found(r, "chain", n, "missing");
		ok(STORE_RUN(s, "UPDATE chain SET n = n - 100000 WHERE n > 100000"));
	}
	ok(STORE_RUN(s, "UPDATE chain SET part = 'members' WHERE n = 1"));
	found(r, "members", 1, "missing");
	ok(STORE_RUN(s, "UPDATE chain SET part = 'settings' WHERE n = 1"));
	good(r);
	/* Two rows in each other's place. */
	ok(STORE_RUN(s, "UPDATE domains SET id = 100000 WHERE id = (SELECT min(id) FROM domains)"));
	ok(STORE_RUN(s, "UPDATE domains SET id = id - 1 WHERE id = (SELECT min(id) FROM domains)"));
	ok(STORE_RUN(s, "UPDATE domains SET id = (SELECT min(id) + 1 FROM domains WHERE id < 99999)"
			" WHERE id = 100000"));
	found(
	    r, "domains", store_number(s, "SELECT min(id) FROM domains"), "not as it was written");
	store_close(&s);
	registry_close(&r);

	r = written();
	s = thief();
	ok(STORE_RUN(s, "INSERT INTO members (id, at, who, url) VALUES (99999, 1, 'x', 'y')"));
	found(r, "members", 99999, "no entry");
	ok(STORE_RUN(s, "DELETE FROM members WHERE id = 99999"));
	good(r);
	/* The end of it, with its entries. */
	last = store_number(s, "SELECT n FROM head");
	ok(STORE_RUN(s, "DELETE FROM decisions WHERE id = ?", store_int(last)));
	found(r, "decisions", last, "missing");
	ok(STORE_RUN(s, "DELETE FROM chain WHERE n = ?", store_int(last)));
	found(r, "chain", last, "missing at the end");
	store_close(&s);
	registry_close(&r);
}

/* A decision that is well chained, and could not be taken. */
static void a_decision_that_could_not_be_taken(void **state)
{
	struct registry *r = written();
	int64_t id, n;

	(void)state;
	ok(registry_begin(r, "root", T0));
	ok(registry_number(r, "SELECT min(id) FROM applications", NULL, 0, &id));
	ok(REGISTRY_INSERT(r, PART_DECISIONS, &n, store_int(id), store_text("resume"),
	    store_text("suspended"), store_text("granted"), store_text(NULL)));
	ok(registry_end(r, ECERT_OK));
	found(r, "decisions", n, "could not be decided");
	registry_close(&r);
}

static void nothing_is_changed_by_its_own_user(void **state)
{
	struct registry *r = written();
	char sql[96];

	(void)state;
	for (size_t i = 0; i <= PART_COUNT; i++) {
		const char *name = i < PART_COUNT ? parts[i].name : "chain";

		(void)snprintf(sql, sizeof sql, "DELETE FROM %s", name);
		assert_int_equal(STORE_RUN(r->store, sql), ECERT_E_DENIED);
		(void)snprintf(
		    sql, sizeof sql, "UPDATE %s SET %s = 1", name, i < PART_COUNT ? "at" : "n");
		assert_int_equal(STORE_RUN(r->store, sql), ECERT_E_DENIED);
	}
	good(r);
	registry_close(&r);
}

/* ---- into another store ---- */

static struct buf lines;

static enum ecert_rc keep_line(void *ctx, const char *line)
{
	(void)ctx;
	buf_str(&lines, line);
	buf_str(&lines, "\n");
	return buf_rc(&lines);
}

static enum ecert_rc import(struct registry *r, char *text)
{
	enum ecert_rc rc = registry_begin(r, "carrier", T0);
	char *save = NULL;

	for (char *l = strtok_r(text, "\n", &save); rc == ECERT_OK && l;
	     l = strtok_r(NULL, "\n", &save))
		rc = registry_import_line(r, rd_of(l, strlen(l)));
	return registry_end(r, rc);
}

static char *exported(struct registry *r)
{
	char *text;

	buf_init(&lines, 1 << 20);
	ok(registry_export(r, keep_line, NULL));
	buf_u8(&lines, 0);
	ok(buf_rc(&lines));
	text = strdup((const char *)buf_view(&lines).p);
	buf_free(&lines);
	return text;
}

static void carried_into_another_store(void **state)
{
	struct registry *r = written();
	struct registry_check before, after;
	char *text = exported(r), *twice, *forged, *at;

	(void)state;
	ok(registry_check(r, &before));
	registry_close(&r);
	twice = strdup(text);
	forged = strdup(text);
	r = registry_at(store_fresh());
	ok(import(r, text));
	ok(registry_check(r, &after));
	assert_null(after.why);
	assert_int_equal(after.entries, before.entries);
	assert_memory_equal(after.head, before.head, sizeof after.head);
	assert_int_equal(import(r, twice), ECERT_E_EXISTS);
	registry_close(&r);
	/* A letter of it is another one. */
	at = strstr(forged, "clerk");
	assert_non_null(at);
	*at = 'k';
	r = registry_at(store_fresh());
	assert_int_equal(import(r, forged), ECERT_E_BAD_SIGNATURE);
	says(r, "not as it was written");
	ok(registry_check(r, &after));
	assert_int_equal(after.entries, 0);
	assert_int_equal(import(r, (char[]){"{\"n\":1}"}), ECERT_E_MALFORMED);
	assert_int_equal(import(r, (char[]){"no line"}), ECERT_E_MALFORMED);
	registry_close(&r);
	free(text);
	free(twice);
	free(forged);
}

static void killed_while_it_takes_applications_in(void **state)
{
	struct registry *r;
	char name[32];
	int status;

	(void)state;
	(void)snprintf(where, sizeof where, "%s", store_fresh());
	r = registry_at(where);
	registry_close(&r);
	for (int i = 0; i < 15; i++) {
		pid_t pid = fork();

		if (pid == 0) {
			int64_t id;

			r = registry_at(where);
			for (int k = 0;; k++) {
				(void)snprintf(name, sizeof name, "k%d-%d", i, k);
				if (receive(r, "https://a.example", name, NULL, &id) != ECERT_OK)
					_exit(1);
			}
		}
		(void)usleep((useconds_t)(20000 + i * 3701));
		(void)kill(pid, SIGKILL);
		assert_int_equal(waitpid(pid, &status, 0), pid);
		assert_true(WIFSIGNALED(status));
		r = registry_at(where);
		good(r);
		registry_close(&r);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_column_of_every_table),
	    cmocka_unit_test(what_is_removed_added_or_moved),
	    cmocka_unit_test(a_decision_that_could_not_be_taken),
	    cmocka_unit_test(nothing_is_changed_by_its_own_user),
	    cmocka_unit_test(carried_into_another_store),
	    cmocka_unit_test(killed_while_it_takes_applications_in),
	};

	return cmocka_run_group_tests(tests, NULL, store_cleanup);
}
