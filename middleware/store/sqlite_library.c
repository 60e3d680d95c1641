/* SPDX-License-Identifier: BSD-2-Clause */
/* Finding SQLite's functions. */
#include "store/sqlite_library.h"

#include "util/library.h"

#define ROW(name)                                                                                  \
	{                                                                                          \
		"sqlite3_" #name, offsetof(struct sqlite, name)                                    \
	}
static const struct library_row rows[] = {ROW(open_v2), ROW(close), ROW(exec), ROW(busy_timeout),
    ROW(extended_result_codes), ROW(db_config), ROW(errmsg), ROW(errstr), ROW(prepare_v3),
    ROW(bind_int64), ROW(bind_text64), ROW(bind_blob64), ROW(bind_null), ROW(step), ROW(reset),
    ROW(clear_bindings), ROW(finalize), ROW(column_count), ROW(column_type), ROW(column_int64),
    ROW(column_text), ROW(column_blob), ROW(column_bytes), ROW(changes64)};

LIBRARY_COUNTS(rows, struct sqlite);

static struct sqlite table;

const struct sqlite *sqlite_library(void)
{
	static struct library sqlite = {
	    "libsqlite3.so.0", rows, sizeof rows / sizeof rows[0], &table, NULL, LIBRARY_UNTRIED};

	return library_functions(&sqlite);
}
