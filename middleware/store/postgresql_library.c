/* SPDX-License-Identifier: BSD-2-Clause */
/* Finding libpq's functions. */
#include "store/postgresql_library.h"

#include "util/library.h"

#define ROW(name)                                                                                  \
	{                                                                                          \
		"PQ" #name, offsetof(struct libpq, name)                                           \
	}
static const struct library_row rows[] = {ROW(connectdbParams), ROW(finish), ROW(status),
    ROW(errorMessage), ROW(parameterStatus), ROW(setNoticeReceiver), ROW(exec), ROW(prepare),
    ROW(execPrepared), ROW(resultStatus), ROW(resultErrorField), ROW(clear), ROW(ntuples),
    ROW(nfields), ROW(ftype), ROW(getisnull), ROW(getvalue), ROW(getlength), ROW(cmdTuples)};

LIBRARY_COUNTS(rows, struct libpq);

static struct libpq table;

const struct libpq *postgresql_library(void)
{
	static struct library libpq = {
	    "libpq.so.5", rows, sizeof rows / sizeof rows[0], &table, NULL, LIBRARY_UNTRIED};

	return library_functions(&libpq);
}
