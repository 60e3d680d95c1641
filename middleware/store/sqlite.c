/* SPDX-License-Identifier: BSD-2-Clause */
/* A store in one file. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/sqlite_library.h"
#include "store/store_priv.h"

static const struct sqlite *lib(const struct store *s)
{
	return s->functions;
}

static enum ecert_rc rc_of(int code)
{
	switch (code) {
	case SQLITE_CONSTRAINT_UNIQUE:
	case SQLITE_CONSTRAINT_PRIMARYKEY:
		return ECERT_E_EXISTS;
	case SQLITE_CONSTRAINT_TRIGGER:
		return ECERT_E_DENIED;
	default:
		break;
	}
	switch (code & 0xFF) {
	case SQLITE_OK:
		return ECERT_OK;
	case SQLITE_CONSTRAINT:
	case SQLITE_MISMATCH:
	case SQLITE_TOOBIG:
		return ECERT_E_DATA;
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return ECERT_E_TIMEOUT;
	case SQLITE_PERM:
	case SQLITE_READONLY:
	case SQLITE_AUTH:
		return ECERT_E_DENIED;
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		return ECERT_E_MALFORMED;
	case SQLITE_NOMEM:
		return ECERT_E_MEMORY;
	case SQLITE_ERROR:
	case SQLITE_MISUSE:
	case SQLITE_RANGE:
		return ECERT_E_ARG;
	default:
		return ECERT_E_IO;
	}
}

static enum ecert_rc told(struct store *s, int code)
{
	if (code == SQLITE_OK)
		return ECERT_OK;
	return store_fail(s, rc_of(code), MSG_TEXT(lib(s)->errmsg(s->connection)));
}

static enum ecert_rc simple(struct store *s, const char *sql)
{
	return told(s, lib(s)->exec(s->connection, sql, NULL, NULL, NULL));
}

/*
 * Its owner's alone from the first moment; SQLite gives the log the same mode. One that is there is
 * not opened to look: closing it would end the locks that another connection of this process has
 * on it (fcntl(2)), and others would take its log away.
 */
static enum ecert_rc make_file(struct store *s, const char *path, bool make)
{
	int fd = make ? open(path, O_RDWR | O_CLOEXEC | O_NOCTTY | O_CREAT | O_EXCL, 0600) : -1;
	struct stat st;

	if (fd >= 0) {
		(void)close(fd);
		return ECERT_OK;
	}
	if ((!make || errno == EEXIST) && !access(path, R_OK | W_OK) && !stat(path, &st)) {
		if (S_ISREG(st.st_mode))
			return ECERT_OK;
		errno = S_ISDIR(st.st_mode) ? EISDIR : EINVAL;
	}
	return store_fail(s,
	    errno == ENOENT   ? ECERT_E_NOT_FOUND
	    : errno == EACCES ? ECERT_E_DENIED
			      : ECERT_E_IO,
	    MSG("{file}: {why}", P_FILE("file", path), P_ERRNO("why", errno)));
}

static int is_set(void *ctx, int n, char **values, char **names)
{
	(void)names;
	*(bool *)ctx = n == 1 && values[0] && !strcmp(values[0], "1");
	return 0;
}

/* Before anything is written to it: a database of another program's stays as it is. */
static enum ecert_rc look_whose(struct store *s)
{
	bool others = false;
	int code = lib(s)->busy_timeout(s->connection, STORE_WAIT_MS);

	if (code == SQLITE_OK)
		code = lib(s)->exec(s->connection,
		    "SELECT count(*) > 0 AND sum(name = 'migrations' AND type = 'table') = 0 "
		    "FROM sqlite_master",
		    is_set, &others, NULL);
	if (code == SQLITE_OK && others)
		return store_fail(s, ECERT_E_NOT_FOUND, MSG("it is a database of another program"));
	return told(s, code);
}

static int is_wal(void *ctx, int n, char **values, char **names)
{
	(void)names;
	*(bool *)ctx = n == 1 && values[0] && !strcmp(values[0], "wal");
	return 0;
}

/* A log on a file system that cannot share memory would be lost; recursive triggers: a row that is
 * replaced is a row that is deleted. */
static enum ecert_rc settle(struct store *s)
{
	bool wal = false;
	int code = lib(s)->db_config(s->connection, SQLITE_DBCONFIG_DEFENSIVE, 1, (int *)NULL);

	if (code == SQLITE_OK)
		code = lib(s)->exec(s->connection,
		    "PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; "
		    "PRAGMA foreign_keys = ON; PRAGMA recursive_triggers = ON; "
		    "PRAGMA synchronous = FULL",
		    NULL, NULL, NULL);
	if (code == SQLITE_OK)
		code = lib(s)->exec(s->connection, "PRAGMA journal_mode = WAL", is_wal, &wal, NULL);
	if (code == SQLITE_OK && !wal)
		return store_fail(s, ECERT_E_UNSUPPORTED,
		    MSG("its file system cannot keep a write-ahead log; choose a local folder"));
	return told(s, code);
}

static enum ecert_rc sqlite_open(struct store *s, const char *path, bool make)
{
	sqlite3 *db = NULL;
	enum ecert_rc rc;
	int code;

	s->functions = sqlite_library();
	if (!s->functions)
		return store_fail(s, ECERT_E_UNSUPPORTED,
		    MSG("SQLite is not installed here (package libsqlite3-0)"));
	rc = make_file(s, path, make);
	if (rc != ECERT_OK)
		return rc;
	code = lib(s)->open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL);
	s->connection = db;
	if (code != SQLITE_OK)
		return store_fail(s, rc_of(code), MSG_TEXT(lib(s)->errstr(code)));
	(void)lib(s)->extended_result_codes(db, 1);
	rc = look_whose(s);
	return rc == ECERT_OK ? settle(s) : rc;
}

static void sqlite_close(struct store *s)
{
	if (s->connection)
		(void)lib(s)->close(s->connection);
}

static enum ecert_rc prepare(struct store *s, struct store_statement *st, const char *sql)
{
	sqlite3_stmt *made = NULL;
	const char *rest = "";
	int code = lib(s)->prepare_v3(
	    s->connection, sql, -1, SQLITE_PREPARE_PERSISTENT, &made, &rest);

	st->made = made;
	if (code != SQLITE_OK)
		return told(s, code);
	if (made && *rest == '\0')
		return ECERT_OK;
	(void)lib(s)->finalize(made);
	st->made = NULL;
	return store_fail(s, ECERT_E_ARG, MSG("this is not one statement"));
}

static void drop(struct store *s, struct store_statement *st)
{
	(void)lib(s)->finalize(st->made);
	st->made = NULL;
}

static int bind(struct store *s, sqlite3_stmt *st, int i, const struct store_value *v)
{
	const sqlite3_destructor_type copy = (sqlite3_destructor_type)(intptr_t)-1;
	const void *p = v->bytes.n ? (const void *)v->bytes.p : "";

	if (v->null)
		return lib(s)->bind_null(st, i);
	if (v->type == STORE_INT)
		return lib(s)->bind_int64(st, i, v->number);
	if (v->type == STORE_TEXT)
		return lib(s)->bind_text64(st, i, p, v->bytes.n, copy, SQLITE_UTF8);
	return lib(s)->bind_blob64(st, i, p, v->bytes.n, copy);
}

static enum ecert_rc begin_rows(struct store_rows *r, const struct store_value *v)
{
	int code = SQLITE_OK;

	for (size_t i = 0; i < r->statement->n && code == SQLITE_OK; i++)
		code = bind(r->store, r->statement->made, (int)i + 1, &v[i]);
	return told(r->store, code);
}

static enum ecert_rc next(struct store_rows *r)
{
	const struct store *s = r->store;
	int code;

	if (r->row < 0)
		return ECERT_E_NOT_FOUND; /* another step would begin anew */
	code = lib(s)->step(r->statement->made);
	if (code == SQLITE_ROW)
		return ECERT_OK;
	r->row = -1;
	if (code != SQLITE_DONE)
		return told(r->store, code);
	r->changed = lib(s)->changes64(s->connection);
	return ECERT_E_NOT_FOUND;
}

static enum ecert_rc cell(struct store_rows *r, size_t column, struct store_value *out)
{
	const struct sqlite *l = lib(r->store);
	sqlite3_stmt *st = r->statement->made;
	int i = (int)column;

	if (column >= (size_t)l->column_count(st))
		return ECERT_E_DATA;
	switch (l->column_type(st, i)) {
	case SQLITE_NULL:
		return ECERT_OK;
	case SQLITE_INTEGER:
		*out = store_int(l->column_int64(st, i));
		return ECERT_OK;
	case SQLITE_TEXT:
		out->bytes.p = l->column_text(st, i);
		out->type = STORE_TEXT;
		break;
	case SQLITE_BLOB:
		out->bytes.p = l->column_blob(st, i);
		out->type = STORE_BLOB;
		break;
	default:
		return ECERT_E_DATA;
	}
	out->null = false;
	out->bytes.n = (size_t)l->column_bytes(st, i);
	if (!out->bytes.p)
		out->bytes = rd_of("", 0);
	return ECERT_OK;
}

static void end_rows(struct store_rows *r)
{
	(void)lib(r->store)->reset(r->statement->made);
	(void)lib(r->store)->clear_bindings(r->statement->made);
}

const struct store_driver store_sqlite = {"BEGIN IMMEDIATE", NULL, false, sqlite_open, sqlite_close,
    simple, prepare, drop, begin_rows, next, cell, end_rows};
