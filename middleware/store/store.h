/* SPDX-License-Identifier: BSD-2-Clause */
/* SQL behind one seam: the same statements on SQLite and on PostgreSQL. */
#ifndef ECERT_STORE_STORE_H
#define ECERT_STORE_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include "util/message.h"
#include "util/rd.h"

/*
 * A connection, of one thread and one process. Statements are written once, in SQLite's words that
 * PostgreSQL has as well, with ? for each parameter; the types INTEGER (64 bits), TEXT, BLOB and a
 * table's STRICT are translated. A statement is prepared at its first use and kept by its text: it
 * is never put together from data.
 *
 * A failure says why in store_why, in the words of whoever refused. Inside of a transaction nothing
 * more is carried out after it, and what was done is taken back at its end.
 */
struct store;
struct store_rows;

#define STORE_COLUMNS 32
#define STORE_PARAMS  32

enum store_type { STORE_INT, STORE_TEXT, STORE_BLOB };

/* A parameter, or what stands in a column. */
struct store_value {
	enum store_type type;
	bool null;
	int64_t number;	 /* INT */
	struct rd bytes; /* TEXT: UTF-8 without NUL; BLOB */
};

static inline struct store_value store_int(int64_t n)
{
	return (struct store_value){.type = STORE_INT, .number = n};
}

static inline struct store_value store_no_int(void)
{
	return (struct store_value){.type = STORE_INT, .null = true};
}

/* A view; NULL is NULL. */
struct store_value store_text(const char *s);

/* A view of p NULL is NULL; for one that is empty and is not NULL p is anything. */
static inline struct store_value store_blob(struct rd bytes)
{
	return (struct store_value){.type = STORE_BLOB, .null = !bytes.p, .bytes = bytes};
}

/*
 * where: "sqlite:PATH" or PATH; "postgresql:CONNINFO" or a URL of PostgreSQL's
 * ("postgresql://..."). SQLite: a write-ahead log, synced at each commit, foreign keys; the file is
 * its owner's alone when it is made here. make: make the file if it is not there (a database of
 * PostgreSQL has to be). Errors, and why: ECERT_E_NOT_FOUND (no such file, or
 * SQLite's of another program), ECERT_E_UNSUPPORTED
 * (this machine or build cannot, or a database is not in UTF-8), ECERT_E_MALFORMED (no database),
 * ECERT_E_DENIED, ECERT_E_TIMEOUT, ECERT_E_IO, ECERT_E_MEMORY.
 */
enum ecert_rc store_open(
    const char *where, bool make, struct store **out, struct message_kept *why) MUST_CHECK;
/* Takes a transaction back that was not committed. NULL is allowed. */
void store_close(struct store **s);
/* Of the last failure; as long as s. */
const struct message_kept *store_why(const struct store *s);

/*
 * A transaction that writes: on SQLite it is alone from here on, waiting at most 10 s. Errors:
 * ECERT_E_ARG (one is open), ECERT_E_TIMEOUT, ECERT_E_IO.
 */
enum ecert_rc store_begin(struct store *s) MUST_CHECK;
/* On ECERT_OK it lasts; otherwise nothing of it was done (ECERT_E_IO also when the server was lost
 * meanwhile: then it may have been done). A statement that had failed before is told again. */
enum ecert_rc store_commit(struct store *s) MUST_CHECK;
/* Nothing happens when there is none. */
void store_rollback(struct store *s);
/* store_commit if rc is ECERT_OK, else store_rollback; the first failure. */
enum ecert_rc store_end(struct store *s, enum ecert_rc rc) MUST_CHECK;

/*
 * Carries a statement out that has no rows; changed (may be NULL): how many it wrote. Errors:
 * ECERT_E_EXISTS (a key that is there already), ECERT_E_DATA (another rule of the schema, text that
 * is not UTF-8), ECERT_E_DENIED (of a table where nothing is ever changed), ECERT_E_TIMEOUT (others
 * hold it), ECERT_E_ARG (no statement of this seam), ECERT_E_IO, ECERT_E_MEMORY.
 */
enum ecert_rc store_run(struct store *s, const char *sql, const struct store_value *v, size_t n,
    int64_t *changed) MUST_CHECK;
#define STORE_RUN(s, sql, ...)                                                                     \
	store_run((s), (sql), (const struct store_value[]){__VA_ARGS__},                           \
	    sizeof((const struct store_value[]){__VA_ARGS__}) / sizeof(struct store_value), NULL)

/*
 * The rows of a statement, in its order; PostgreSQL's are in memory, so that who reads a large
 * table asks for it in pages. Always end it with store_done. Errors: store_run's.
 */
enum ecert_rc store_query(struct store *s, const char *sql, const struct store_value *v, size_t n,
    struct store_rows **out) MUST_CHECK;
#define STORE_QUERY(s, out, sql, ...)                                                              \
	store_query((s), (sql), (const struct store_value[]){__VA_ARGS__},                         \
	    sizeof((const struct store_value[]){__VA_ARGS__}) / sizeof(struct store_value), (out))
/* The next row, the first one too. Errors: ECERT_E_NOT_FOUND (no more), store_run's. */
enum ecert_rc store_next(struct store_rows *r) MUST_CHECK;
/* NULL is allowed. */
void store_done(struct store_rows **r);

/* A column of this row, from 0; views as long as the row. Errors: ECERT_E_DATA (no such column, or
 * of no type that is known here). */
enum ecert_rc store_cell(struct store_rows *r, size_t column, struct store_value *out) MUST_CHECK;
/* The same for columns that the statement itself names: 0, NULL or empty for one that is NULL or of
 * another type. */
int64_t store_get_int(struct store_rows *r, size_t column);
const char *store_get_text(struct store_rows *r, size_t column);
/* Copied, and cut to what fits. */
void store_copy_text(struct store_rows *r, size_t column, char *out, size_t cap);
struct rd store_get_blob(struct store_rows *r, size_t column);

/*
 * A schema grows by numbered migrations, each a row of the table "migrations": what is missing is
 * carried out in order, all of it or nothing. A step is a statement, or "KEEP table": no row of it
 * is ever changed or deleted from then on. The numbers count from 1; set names the schema.
 */
struct store_migration {
	const char *name;
	const char *const *steps; /* NULL at the end */
};
/* Errors: ECERT_E_UNSUPPORTED (the store is newer than this program, or was made by another one:
 * why names the migration), store_run's. */
enum ecert_rc store_migrate(
    struct store *s, const char *set, const struct store_migration *m, size_t n) MUST_CHECK;
/* How many of them were carried out, and no others; nothing is written. Errors: ECERT_E_NOT_FOUND
 * (none was), ECERT_E_UNSUPPORTED (as store_migrate), store_run's. */
enum ecert_rc store_migrated(struct store *s, const char *set, const struct store_migration *m,
    size_t n, size_t *done) MUST_CHECK;
/* Whether a migration of this set was ever carried out there; nothing is written. Errors:
 * ECERT_E_NOT_FOUND (none was), store_run's. */
enum ecert_rc store_has(struct store *s, const char *set) MUST_CHECK;

#endif
