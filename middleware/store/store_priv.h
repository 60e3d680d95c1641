/* SPDX-License-Identifier: BSD-2-Clause */
/* What SQLite and PostgreSQL have in common, and where they differ. */
#ifndef ECERT_STORE_PRIV_H
#define ECERT_STORE_PRIV_H

#include "store/store.h"
#include "util/buf.h"

#define STORE_SQL_MAX	 65536 /* of a statement */
#define STORE_STATEMENTS 128   /* that are kept prepared */
#define STORE_WAIT_MS	 10000 /* for others who write; the same as text */
#define STORE_WAIT_TEXT	 "10000"

struct store_statement {
	char *text; /* as its callers write it */
	size_t n;
	enum store_type types[STORE_PARAMS];
	unsigned number; /* from 1 */
	void *made;	 /* SQLite's */
	bool busy;	 /* its rows are being read */
	bool kept;
};

struct store_rows {
	struct store *store;
	struct store_statement *statement;
	int64_t changed;
	void *result; /* PostgreSQL's */
	int row;
};

/* Each function's failure has been told with store_fail. */
struct store_driver {
	const char *begin,
	    *lock;	 /* lock: what makes a migration wait for another one; NULL: begin */
	bool postgresql; /* whose words a statement is translated to */
	enum ecert_rc (*open)(struct store *s, const char *where, bool make);
	void (*close)(struct store *s);
	/* A statement, or several, without parameters and rows. */
	enum ecert_rc (*simple)(struct store *s, const char *sql);
	/* sql: translated. */
	enum ecert_rc (*prepare)(struct store *s, struct store_statement *st, const char *sql);
	void (*drop)(struct store *s, struct store_statement *st);
	enum ecert_rc (*begin_rows)(struct store_rows *r, const struct store_value *v);
	enum ecert_rc (*next)(struct store_rows *r);
	enum ecert_rc (*cell)(struct store_rows *r, size_t column, struct store_value *out);
	void (*end_rows)(struct store_rows *r);
};
extern const struct store_driver store_sqlite, store_postgresql;

struct store {
	const struct store_driver *driver;
	void *connection;
	const void *functions; /* of the library */
	bool open;	       /* a transaction */
	enum ecert_rc spoilt;  /* the failure in it */
	unsigned prepared;     /* how many ever */
	size_t n;
	struct store_statement *statements[STORE_STATEMENTS];
	struct message_kept why;
};

/* Drops it at the driver, too. */
void store_statement_free(struct store *s, struct store_statement *st);
/* Keeps the reason, and that the transaction is spoilt. Returns rc. */
enum ecert_rc store_fail(struct store *s, enum ecert_rc rc, const struct message *why);

/* The statement in the driver's words: placeholders (places: how many) and types. Errors:
 * ECERT_E_TOO_LARGE, ECERT_E_ARG (a text in it has no end). */
enum ecert_rc store_translate(
    bool postgresql, const char *sql, struct buf *out, size_t *places) MUST_CHECK;
/* What keeps the rows of a table as they are. */
enum ecert_rc store_translate_keep(bool postgresql, const char *table, struct buf *out) MUST_CHECK;

#endif
