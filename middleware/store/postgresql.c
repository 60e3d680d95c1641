/* SPDX-License-Identifier: BSD-2-Clause */
/* A store in a database of PostgreSQL. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/postgresql_library.h"
#include "store/store_priv.h"
#include "util/text.h"

/* pg_type.dat: the numbers of its types never change. */
enum { OID_BYTEA = 17, OID_INT8 = 20, OID_INT4 = 23, OID_TEXT = 25, OID_VARCHAR = 1043 };

static const struct libpq *lib(const struct store *s)
{
	return s->functions;
}

/* SQLSTATE (PostgreSQL, appendix A); the first row whose code begins it counts. */
static enum ecert_rc rc_of(const char *state)
{
	static const struct {
		const char *begins;
		enum ecert_rc rc;
	} rows[] = {{"23505", ECERT_E_EXISTS}, {"23", ECERT_E_DATA}, {"22", ECERT_E_DATA},
	    {"P0001", ECERT_E_DENIED}, {"42501", ECERT_E_DENIED}, {"25006", ECERT_E_DENIED},
	    {"40", ECERT_E_TIMEOUT}, {"55P03", ECERT_E_TIMEOUT}, {"57014", ECERT_E_TIMEOUT},
	    {"42", ECERT_E_ARG}, {"08P01", ECERT_E_ARG}};

	for (size_t i = 0; state && i < sizeof rows / sizeof rows[0]; i++)
		if (!strncmp(state, rows[i].begins, strlen(rows[i].begins)))
			return rows[i].rc;
	return ECERT_E_IO;
}

/* What the server, or else the library, says in its first line. */
static enum ecert_rc told(struct store *s, const PGresult *result)
{
	const char *text = NULL, *state = NULL;
	char line[256];

	if (result) {
		text = lib(s)->resultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
		state = lib(s)->resultErrorField(result, PG_DIAG_SQLSTATE);
	}
	text_copy(line, sizeof line, text ? text : lib(s)->errorMessage(s->connection));
	line[strcspn(line, "\n")] = '\0';
	text_scrub(line);
	return store_fail(s, rc_of(state), MSG_TEXT(line));
}

static bool good(const struct store *s, const PGresult *result)
{
	ExecStatusType status = result ? lib(s)->resultStatus(result) : PGRES_FATAL_ERROR;

	return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
}

/* A transaction that failed is taken back by COMMIT, which then says so. */
static enum ecert_rc simple(struct store *s, const char *sql)
{
	PGresult *result = lib(s)->exec(s->connection, sql);
	enum ecert_rc rc = ECERT_OK;

	if (!good(s, result))
		rc = told(s, result);
	lib(s)->clear(result);
	return rc;
}

static void no_notice(void *arg, const PGresult *result)
{
	(void)arg;
	(void)result;
}

static enum ecert_rc postgresql_open(struct store *s, const char *where, bool make)
{
	static const char *const names[] = {
	    "connect_timeout", "fallback_application_name", "dbname", "client_encoding", NULL};
	const char *const values[] = {"10", "ecert", where, "UTF8", NULL};
	const char *encoding;

	(void)make;
	s->functions = postgresql_library();
	if (!s->functions)
		return store_fail(s, ECERT_E_UNSUPPORTED,
		    MSG("PostgreSQL's library is not installed here (package libpq5)"));
	s->connection = lib(s)->connectdbParams(names, values, 1);
	if (!s->connection)
		return store_fail(s, ECERT_E_MEMORY, MSG("{why}", P_RC("why", ECERT_E_MEMORY)));
	if (lib(s)->status(s->connection) != CONNECTION_OK)
		return told(s, NULL);
	(void)lib(s)->setNoticeReceiver(s->connection, no_notice, NULL);
	encoding = lib(s)->parameterStatus(s->connection, "server_encoding");
	if (!encoding || strcmp(encoding, "UTF8") != 0)
		return store_fail(s, ECERT_E_UNSUPPORTED,
		    MSG("the database is kept in {encoding}, and it has to be UTF8",
			P_TEXT("encoding", encoding)));
	return simple(s, "SET lock_timeout = " STORE_WAIT_TEXT);
}

static void postgresql_close(struct store *s)
{
	if (s->connection)
		lib(s)->finish(s->connection);
}

static void name_of(const struct store_statement *st, char out[16])
{
	(void)snprintf(out, 16, "s%u", st->number);
}

static enum ecert_rc prepare(struct store *s, struct store_statement *st, const char *sql)
{
	static const Oid oids[] = {
	    [STORE_INT] = OID_INT8, [STORE_TEXT] = OID_TEXT, [STORE_BLOB] = OID_BYTEA};
	Oid types[STORE_PARAMS];
	char name[16];
	PGresult *result;
	enum ecert_rc rc = ECERT_OK;

	for (size_t i = 0; i < st->n; i++)
		types[i] = oids[st->types[i]];
	name_of(st, name);
	result = lib(s)->prepare(s->connection, name, sql, (int)st->n, types);
	if (!good(s, result))
		rc = told(s, result);
	lib(s)->clear(result);
	return rc;
}

static void drop(struct store *s, struct store_statement *st)
{
	char text[32];

	if (st->kept || lib(s)->status(s->connection) != CONNECTION_OK)
		return; /* they go with the connection */
	(void)snprintf(text, sizeof text, "DEALLOCATE s%u", st->number);
	lib(s)->clear(lib(s)->exec(s->connection, text));
}

static enum ecert_rc begin_rows(struct store_rows *r, const struct store_value *v)
{
	struct store *s = r->store;
	size_t n = r->statement->n;
	uint8_t numbers[STORE_PARAMS][8];
	const char *values[STORE_PARAMS];
	int lengths[STORE_PARAMS], formats[STORE_PARAMS];
	char name[16];

	for (size_t i = 0; i < n; i++) {
		formats[i] = 1;
		lengths[i] = (int)v[i].bytes.n;
		values[i] = v[i].null ? NULL : v[i].bytes.n ? (const char *)v[i].bytes.p : "";
		if (v[i].type != STORE_INT || v[i].null)
			continue;
		for (size_t k = 0; k < 8; k++)
			numbers[i][k] = (uint8_t)((uint64_t)v[i].number >> (56 - 8 * k));
		values[i] = (const char *)numbers[i];
		lengths[i] = 8;
	}
	name_of(r->statement, name);
	r->row = -1;
	r->result = lib(s)->execPrepared(s->connection, name, (int)n, values, lengths, formats, 1);
	if (!good(s, r->result))
		return told(s, r->result);
	r->changed = strtoll(lib(s)->cmdTuples(r->result), NULL, 10);
	return ECERT_OK;
}

static enum ecert_rc next(struct store_rows *r)
{
	if (r->row + 1 >= lib(r->store)->ntuples(r->result))
		return ECERT_E_NOT_FOUND;
	r->row++;
	return ECERT_OK;
}

static int64_t number_of(struct rd bytes)
{
	uint64_t n = bytes.n && bytes.p[0] & 0x80 ? UINT64_MAX : 0;

	for (size_t i = 0; i < bytes.n; i++)
		n = n << 8 | bytes.p[i];
	return (int64_t)n;
}

static enum ecert_rc cell(struct store_rows *r, size_t column, struct store_value *out)
{
	const struct libpq *l = lib(r->store);
	int i = (int)column;

	if (r->row < 0 || column >= (size_t)l->nfields(r->result))
		return ECERT_E_DATA;
	if (l->getisnull(r->result, r->row, i))
		return ECERT_OK;
	out->null = false;
	out->bytes = rd_of(
	    l->getvalue(r->result, r->row, i), (size_t)l->getlength(r->result, r->row, i));
	switch (l->ftype(r->result, i)) {
	case OID_INT4:
	case OID_INT8:
		*out = store_int(number_of(out->bytes));
		return ECERT_OK;
	case OID_TEXT:
	case OID_VARCHAR:
		out->type = STORE_TEXT;
		return ECERT_OK;
	case OID_BYTEA:
		out->type = STORE_BLOB;
		return ECERT_OK;
	default:
		return ECERT_E_DATA;
	}
}

static void end_rows(struct store_rows *r)
{
	lib(r->store)->clear(r->result);
}

/* The lock is one number for all of our migrations in a database, until the transaction's end. */
const struct store_driver store_postgresql = {"BEGIN", "SELECT pg_advisory_xact_lock(32112)", true,
    postgresql_open, postgresql_close, simple, prepare, drop, begin_rows, next, cell, end_rows};
