/* SPDX-License-Identifier: BSD-2-Clause */
/* A schema grows: numbered migrations, each with a row that says that it was carried out. */
#include <string.h>

#include "store/store_priv.h"
#include "util/clock.h"

static enum ecert_rc made_by_others(
    struct store *s, int64_t number, const char *name, const char *ours)
{
	if (!ours)
		return store_fail(s, ECERT_E_UNSUPPORTED,
		    MSG("it is newer than this program, which does not know its migration {n} "
			"'{name}'",
			P_NUMBER("n", number), P_TEXT("name", name)));
	return store_fail(s, ECERT_E_UNSUPPORTED,
	    MSG("another program made it: its migration {n} is '{name}', and here it is '{ours}'",
		P_NUMBER("n", number), P_TEXT("name", name), P_TEXT("ours", ours)));
}

/* How many of them were carried out; each has to be the one that is known here. */
static enum ecert_rc look(
    struct store *s, const char *set, const struct store_migration *m, size_t n, size_t *done)
{
	struct store_rows *r;
	enum ecert_rc rc = STORE_QUERY(s, &r,
	    "SELECT number, name FROM migrations WHERE part = ? ORDER BY number", store_text(set));

	for (*done = 0; rc == ECERT_OK; (*done)++) {
		int64_t number;
		const char *name, *ours = *done < n ? m[*done].name : NULL;

		rc = store_next(r);
		if (rc != ECERT_OK)
			break;
		number = store_get_int(r, 0);
		name = store_get_text(r, 1);
		if (number != (int64_t)*done + 1 || !name || !ours || strcmp(name, ours) != 0)
			rc = made_by_others(s, number, name, ours);
	}
	store_done(&r);
	return rc == ECERT_E_NOT_FOUND ? ECERT_OK : rc;
}

static enum ecert_rc step(struct store *s, const char *sql)
{
	struct buf text = BUF_INIT(STORE_SQL_MAX);
	size_t places;
	enum ecert_rc rc = strncmp(sql, "KEEP ", 5)
			       ? store_translate(s->driver->postgresql, sql, &text, &places)
			       : store_translate_keep(s->driver->postgresql, sql + 5, &text);

	buf_u8(&text, 0);
	if (rc == ECERT_OK)
		rc = buf_rc(&text);
	if (rc == ECERT_OK)
		rc = s->driver->simple(s, (const char *)buf_view(&text).p);
	else
		rc = store_fail(s, rc, MSG("a statement is too long, or a text in it has no end"));
	buf_free(&text);
	return rc;
}

static enum ecert_rc carry_out(
    struct store *s, const char *set, const struct store_migration *m, size_t number)
{
	enum ecert_rc rc = ECERT_OK;

	for (const char *const *sql = m->steps; rc == ECERT_OK && *sql; sql++)
		rc = step(s, *sql);
	if (rc != ECERT_OK)
		return rc;
	return STORE_RUN(s, "INSERT INTO migrations (part, number, name, at) VALUES (?, ?, ?, ?)",
	    store_text(set), store_int((int64_t)number), store_text(m->name),
	    store_int(clock_now()));
}

enum ecert_rc store_migrate(
    struct store *s, const char *set, const struct store_migration *m, size_t n)
{
	size_t done = 0;
	enum ecert_rc rc = look(s, set, m, n, &done);

	if (rc == ECERT_OK && done == n)
		return ECERT_OK; /* who only reads waits for nobody who writes */
	rc = store_begin(s);
	if (rc != ECERT_OK)
		return rc;
	if (s->driver->lock)
		rc = s->driver->simple(s, s->driver->lock);
	if (rc == ECERT_OK)
		rc = step(s, "CREATE TABLE IF NOT EXISTS migrations (part TEXT NOT NULL, "
			     "number INTEGER NOT NULL, name TEXT NOT NULL, at INTEGER NOT NULL, "
			     "PRIMARY KEY (part, number)) STRICT");
	if (rc == ECERT_OK)
		rc = look(s, set, m, n, &done);
	for (size_t i = done; rc == ECERT_OK && i < n; i++)
		rc = carry_out(s, set, &m[i], i + 1);
	return store_end(s, rc);
}

enum ecert_rc store_has(struct store *s, const char *set)
{
	struct store_rows *r;
	enum ecert_rc rc = STORE_QUERY(
	    s, &r, "SELECT number FROM migrations WHERE part = ?", store_text(set));

	if (rc == ECERT_OK)
		rc = store_next(r);
	store_done(&r);
	return rc == ECERT_E_ARG ? ECERT_E_NOT_FOUND : rc; /* the table is not there */
}

enum ecert_rc store_migrated(
    struct store *s, const char *set, const struct store_migration *m, size_t n, size_t *done)
{
	enum ecert_rc rc = store_has(s, set);

	*done = 0;
	return rc == ECERT_OK ? look(s, set, m, n, done) : rc;
}
