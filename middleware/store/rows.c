/* SPDX-License-Identifier: BSD-2-Clause */
/* Statements, kept by their texts; their parameters and rows. */
#include <stdlib.h>
#include <string.h>

#include "store/store_priv.h"
#include "util/text.h"

struct store_value store_text(const char *s)
{
	return (struct store_value){
	    .type = STORE_TEXT, .null = !s, .bytes = rd_of(s, s ? strlen(s) : 0)};
}

/* Both would keep what the other refuses. */
static bool is_text(struct rd t)
{
	uint32_t cp;

	while (t.n > 0) {
		size_t n = text_char(t, &cp);

		if (n == 0 || cp == 0)
			return false;
		t.p += n;
		t.n -= n;
	}
	return true;
}

static enum ecert_rc check_values(struct store *s, const struct store_value *v, size_t n)
{
	if (n > STORE_PARAMS)
		return store_fail(s, ECERT_E_ARG, MSG("a statement has too many parameters"));
	for (size_t i = 0; i < n; i++)
		if (v[i].type == STORE_TEXT && !is_text(v[i].bytes))
			return store_fail(s, ECERT_E_DATA,
			    MSG("parameter {n} is no text in UTF-8", P_NUMBER("n", i + 1)));
	return ECERT_OK;
}

static bool fits(
    const struct store_statement *st, const char *sql, const struct store_value *v, size_t n)
{
	if (st->busy || st->n != n || strcmp(st->text, sql) != 0)
		return false;
	for (size_t i = 0; i < n; i++)
		if (st->types[i] != v[i].type)
			return false;
	return true;
}

void store_statement_free(struct store *s, struct store_statement *st)
{
	s->driver->drop(s, st);
	free(st->text);
	free(st);
}

static enum ecert_rc make_statement(struct store *s, const char *sql, const struct store_value *v,
    size_t n, struct store_statement **out)
{
	struct store_statement *st = calloc(1, sizeof *st);
	struct buf text = BUF_INIT(STORE_SQL_MAX);
	size_t places = 0;
	enum ecert_rc rc = store_translate(s->driver->postgresql, sql, &text, &places);

	*out = NULL;
	buf_u8(&text, 0);
	if (st)
		st->text = strdup(sql);
	if (!st || !st->text)
		rc = store_fail(s, ECERT_E_MEMORY, MSG("{why}", P_RC("why", ECERT_E_MEMORY)));
	else if (rc != ECERT_OK || buf_rc(&text) != ECERT_OK)
		rc = store_fail(s, rc != ECERT_OK ? rc : buf_rc(&text),
		    MSG("a statement is too long, or a text in it has no end"));
	else if (places != n)
		rc = store_fail(s, ECERT_E_ARG,
		    MSG("a statement has {places} places for {n} parameters",
			P_NUMBER("places", places), P_NUMBER("n", n)));
	if (rc == ECERT_OK) {
		st->n = n;
		st->number = ++s->prepared;
		for (size_t i = 0; i < n; i++)
			st->types[i] = v[i].type;
		rc = s->driver->prepare(s, st, (const char *)buf_view(&text).p);
	}
	buf_free(&text);
	if (rc == ECERT_OK) {
		*out = st;
	} else if (st) {
		free(st->text);
		free(st);
	}
	return rc;
}

static enum ecert_rc statement_of(struct store *s, const char *sql, const struct store_value *v,
    size_t n, struct store_statement **out)
{
	enum ecert_rc rc;

	for (size_t i = 0; i < s->n; i++)
		if (fits(s->statements[i], sql, v, n)) {
			*out = s->statements[i];
			return ECERT_OK;
		}
	rc = make_statement(s, sql, v, n, out);
	if (rc == ECERT_OK && s->n < STORE_STATEMENTS) {
		s->statements[s->n++] = *out;
		(*out)->kept = true;
	}
	return rc;
}

enum ecert_rc store_query(struct store *s, const char *sql, const struct store_value *v, size_t n,
    struct store_rows **out)
{
	struct store_rows *r;
	enum ecert_rc rc;

	*out = NULL;
	if (s->open && s->spoilt != ECERT_OK)
		return s->spoilt; /* why stays that of the first failure */
	rc = check_values(s, v, n);
	if (rc != ECERT_OK)
		return rc;
	r = calloc(1, sizeof *r);
	if (!r)
		return store_fail(s, ECERT_E_MEMORY, MSG("{why}", P_RC("why", ECERT_E_MEMORY)));
	r->store = s;
	rc = statement_of(s, sql, v, n, &r->statement);
	if (rc == ECERT_OK) {
		r->statement->busy = true;
		rc = s->driver->begin_rows(r, v);
	}
	if (rc == ECERT_OK)
		*out = r;
	else
		store_done(&r);
	return rc;
}

enum ecert_rc store_next(struct store_rows *r)
{
	return r->store->driver->next(r);
}

void store_done(struct store_rows **rp)
{
	struct store_rows *r = *rp;

	if (!r)
		return;
	*rp = NULL;
	if (r->statement) {
		r->store->driver->end_rows(r);
		r->statement->busy = false;
		if (!r->statement->kept)
			store_statement_free(r->store, r->statement);
	}
	free(r);
}

enum ecert_rc store_run(
    struct store *s, const char *sql, const struct store_value *v, size_t n, int64_t *changed)
{
	struct store_rows *r;
	enum ecert_rc rc = store_query(s, sql, v, n, &r);

	if (changed)
		*changed = 0;
	if (rc == ECERT_OK)
		rc = store_next(r);
	if (rc == ECERT_OK)
		rc = store_fail(s, ECERT_E_ARG, MSG("a statement has rows that nobody reads"));
	else if (rc == ECERT_E_NOT_FOUND)
		rc = ECERT_OK;
	if (rc == ECERT_OK && changed)
		*changed = r->changed;
	store_done(&r);
	return rc;
}

enum ecert_rc store_cell(struct store_rows *r, size_t column, struct store_value *out)
{
	*out = (struct store_value){.null = true};
	return r->store->driver->cell(r, column, out);
}

/* What is not of this type counts as NULL. */
static struct store_value typed(struct store_rows *r, size_t column, enum store_type type)
{
	struct store_value v;

	if (store_cell(r, column, &v) != ECERT_OK || v.type != type)
		v = (struct store_value){.null = true};
	return v;
}

int64_t store_get_int(struct store_rows *r, size_t column)
{
	return typed(r, column, STORE_INT).number;
}

const char *store_get_text(struct store_rows *r, size_t column)
{
	struct store_value v = typed(r, column, STORE_TEXT);

	return v.null ? NULL : (const char *)v.bytes.p; /* both end a text with NUL */
}

void store_copy_text(struct store_rows *r, size_t column, char *out, size_t cap)
{
	const char *text = store_get_text(r, column);

	text_copy(out, cap, text ? text : "");
}

struct rd store_get_blob(struct store_rows *r, size_t column)
{
	return typed(r, column, STORE_BLOB).bytes;
}
