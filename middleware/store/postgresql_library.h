/* SPDX-License-Identifier: BSD-2-Clause */
/* libpq, loaded when a store of PostgreSQL's is opened. */
#ifndef ECERT_STORE_POSTGRESQL_LIBRARY_H
#define ECERT_STORE_POSTGRESQL_LIBRARY_H

#include <libpq-fe.h>

struct libpq {
	__typeof__(&PQconnectdbParams) connectdbParams;
	__typeof__(&PQfinish) finish;
	__typeof__(&PQstatus) status;
	__typeof__(&PQerrorMessage) errorMessage;
	__typeof__(&PQparameterStatus) parameterStatus;
	__typeof__(&PQsetNoticeReceiver) setNoticeReceiver;
	__typeof__(&PQexec) exec;
	__typeof__(&PQprepare) prepare;
	__typeof__(&PQexecPrepared) execPrepared;
	__typeof__(&PQresultStatus) resultStatus;
	__typeof__(&PQresultErrorField) resultErrorField;
	__typeof__(&PQclear) clear;
	__typeof__(&PQntuples) ntuples;
	__typeof__(&PQnfields) nfields;
	__typeof__(&PQftype) ftype;
	__typeof__(&PQgetisnull) getisnull;
	__typeof__(&PQgetvalue) getvalue;
	__typeof__(&PQgetlength) getlength;
	__typeof__(&PQcmdTuples) cmdTuples;
};

/* From any thread; stays loaded. NULL: this machine has none. */
const struct libpq *postgresql_library(void);

#endif
