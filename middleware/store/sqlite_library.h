/* SPDX-License-Identifier: BSD-2-Clause */
/* SQLite, loaded when a store is opened: who signs or looks at a token needs none. */
#ifndef ECERT_STORE_SQLITE_LIBRARY_H
#define ECERT_STORE_SQLITE_LIBRARY_H

#include <sqlite3.h>

struct sqlite {
	__typeof__(&sqlite3_open_v2) open_v2;
	__typeof__(&sqlite3_close) close;
	__typeof__(&sqlite3_exec) exec;
	__typeof__(&sqlite3_busy_timeout) busy_timeout;
	__typeof__(&sqlite3_extended_result_codes) extended_result_codes;
	__typeof__(&sqlite3_db_config) db_config;
	__typeof__(&sqlite3_errmsg) errmsg;
	__typeof__(&sqlite3_errstr) errstr;
	__typeof__(&sqlite3_prepare_v3) prepare_v3;
	__typeof__(&sqlite3_bind_int64) bind_int64;
	__typeof__(&sqlite3_bind_text64) bind_text64;
	__typeof__(&sqlite3_bind_blob64) bind_blob64;
	__typeof__(&sqlite3_bind_null) bind_null;
	__typeof__(&sqlite3_step) step;
	__typeof__(&sqlite3_reset) reset;
	__typeof__(&sqlite3_clear_bindings) clear_bindings;
	__typeof__(&sqlite3_finalize) finalize;
	__typeof__(&sqlite3_column_count) column_count;
	__typeof__(&sqlite3_column_type) column_type;
	__typeof__(&sqlite3_column_int64) column_int64;
	__typeof__(&sqlite3_column_text) column_text;
	__typeof__(&sqlite3_column_blob) column_blob;
	__typeof__(&sqlite3_column_bytes) column_bytes;
	__typeof__(&sqlite3_changes64) changes64;
};

/* From any thread; stays loaded. NULL: this machine has none. */
const struct sqlite *sqlite_library(void);

#endif
