/* SPDX-License-Identifier: BSD-2-Clause */
/* Opening a register, writing to it, and its settings. */
#include <stdlib.h>
#include <string.h>

#include "registry/registry_priv.h"
#include "util/text.h"

enum ecert_rc registry_fail(struct registry *r, enum ecert_rc rc, const struct message *why)
{
	message_keep(&r->why, why);
	return rc;
}

const struct message_kept *registry_why(const struct registry *r)
{
	return r->why.n ? &r->why : store_why(r->store);
}

enum opening { OPEN_NEW, OPEN_THERE, OPEN_AS_IT_IS };

/* Who serves a register does not change its tables under whoever writes it. */
static enum ecert_rc is_ready(struct registry *r)
{
	size_t done;
	enum ecert_rc rc = store_migrated(
	    r->store, "registry", registry_migrations, registry_migrations_n, &done);

	if (rc == ECERT_OK && done < registry_migrations_n)
		rc = registry_fail(r, ECERT_E_UNSUPPORTED,
		    MSG("an older version made it, and it lacks '{name}'. Run `ecert registry "
			"list` with this register once, which brings it up to date; then begin "
			"again",
			P_TEXT("name", registry_migrations[done].name)));
	return rc;
}

static enum ecert_rc make_ready(struct registry *r, enum opening how)
{
	enum ecert_rc rc;

	if (how == OPEN_AS_IT_IS)
		return is_ready(r);
	rc = how == OPEN_NEW ? ECERT_OK : store_has(r->store, "registry");
	return rc == ECERT_OK
		   ? store_migrate(r->store, "registry", registry_migrations, registry_migrations_n)
		   : rc;
}

static enum ecert_rc open_it(
    const char *where, enum opening how, struct registry **out, struct message_kept *why)
{
	struct registry *r = calloc(1, sizeof *r);
	enum ecert_rc rc = r ? store_open(where, how == OPEN_NEW, &r->store, why) : ECERT_E_MEMORY;

	*out = NULL;
	if (rc == ECERT_OK) {
		rc = make_ready(r, how);
		*why = *registry_why(r);
		if (rc == ECERT_E_NOT_FOUND)
			message_keep(why, MSG("this is not a register"));
	} else if (!r) {
		message_keep(why, MSG("{why}", P_RC("why", rc)));
	}
	if (rc == ECERT_OK)
		*out = r;
	else
		registry_close(&r);
	return rc;
}

enum ecert_rc registry_open(
    const char *where, bool make, struct registry **out, struct message_kept *why)
{
	return open_it(where, make ? OPEN_NEW : OPEN_THERE, out, why);
}

enum ecert_rc registry_open_as_it_is(
    const char *where, struct registry **out, struct message_kept *why)
{
	return open_it(where, OPEN_AS_IT_IS, out, why);
}

void registry_close(struct registry **r)
{
	if (*r)
		store_close(&(*r)->store);
	free(*r);
	*r = NULL;
}

enum ecert_rc registry_number(
    struct registry *r, const char *sql, const struct store_value *v, size_t n, int64_t *out)
{
	struct store_rows *rows;
	struct store_value cell;
	enum ecert_rc rc = store_query(r->store, sql, v, n, &rows);

	*out = 0;
	if (rc == ECERT_OK)
		rc = store_next(rows);
	if (rc == ECERT_OK)
		rc = store_cell(rows, 0, &cell);
	if (rc == ECERT_OK && cell.null)
		rc = ECERT_E_NOT_FOUND;
	else if (rc == ECERT_OK)
		*out = cell.number;
	store_done(&rows);
	return rc;
}

bool registry_next(struct store_rows *rows, enum ecert_rc *rc)
{
	if (*rc == ECERT_E_NOT_FOUND)
		*rc = ECERT_E_INTERNAL;
	if (*rc != ECERT_OK)
		return false;
	*rc = store_next(rows);
	if (*rc != ECERT_E_NOT_FOUND)
		return *rc == ECERT_OK;
	*rc = ECERT_OK;
	return false;
}

enum ecert_rc registry_head(struct registry *r)
{
	struct store_rows *rows;
	struct rd hash;
	enum ecert_rc rc = STORE_QUERY(r->store, &rows, "SELECT n, hash FROM head");

	r->n = 0;
	memset(r->head, 0, sizeof r->head);
	if (rc == ECERT_OK)
		rc = store_next(rows);
	if (rc == ECERT_OK) {
		r->n = store_get_int(rows, 0);
		hash = store_get_blob(rows, 1);
		if (hash.n == sizeof r->head)
			memcpy(r->head, hash.p, hash.n);
		else
			rc = registry_fail(
			    r, ECERT_E_MALFORMED, MSG("the head of its chain is no hash"));
	}
	store_done(&rows);
	return rc == ECERT_E_NOT_FOUND ? ECERT_OK : rc; /* nothing was written so far */
}

enum ecert_rc registry_begin(struct registry *r, const char *who, time_t now)
{
	int64_t there = 0;
	enum ecert_rc rc;

	message_keep(&r->why, MSG_EMPTY);
	r->why.n = 0;
	rc = store_begin(r->store);
	if (rc != ECERT_OK)
		return rc;
	r->who = who;
	r->now = now;
	/* This row is what makes writers wait for each other. */
	rc = store_run(r->store, "UPDATE head SET n = n WHERE one = 1", NULL, 0, &there);
	if (rc == ECERT_OK && !there)
		rc = STORE_RUN(r->store, "INSERT INTO head (one, n, hash) VALUES (1, 0, ?)",
		    store_blob(rd_of(r->head, sizeof r->head)));
	if (rc == ECERT_OK)
		rc = registry_head(r);
	if (rc != ECERT_OK)
		store_rollback(r->store);
	return rc;
}

enum ecert_rc registry_end(struct registry *r, enum ecert_rc rc)
{
	if (rc == ECERT_OK)
		rc = STORE_RUN(r->store, "UPDATE head SET n = ?, hash = ? WHERE one = 1",
		    store_int(r->n), store_blob(rd_of(r->head, sizeof r->head)));
	return store_end(r->store, rc);
}

static enum ecert_rc setting_rows(struct registry *r, const char *name, struct store_rows **rows)
{
	enum ecert_rc rc = STORE_QUERY(r->store, rows,
	    "SELECT value FROM settings WHERE name = ? ORDER BY id DESC LIMIT 1", store_text(name));

	return rc == ECERT_OK ? store_next(*rows) : rc;
}

enum ecert_rc registry_setting(struct registry *r, const char *name, char *out, size_t cap)
{
	struct store_rows *rows;
	enum ecert_rc rc = setting_rows(r, name, &rows);

	out[0] = '\0';
	if (rc == ECERT_OK)
		store_copy_text(rows, 0, out, cap);
	store_done(&rows);
	return rc;
}

enum ecert_rc registry_setting_long(struct registry *r, const char *name, struct buf *out)
{
	struct store_rows *rows;
	enum ecert_rc rc = setting_rows(r, name, &rows);

	if (rc == ECERT_OK) {
		const char *text = store_get_text(rows, 0);

		buf_str(out, text ? text : "");
		rc = buf_rc(out);
	}
	store_done(&rows);
	return rc;
}

enum ecert_rc registry_set(struct registry *r, const char *name, const char *value)
{
	return REGISTRY_INSERT(r, PART_SETTINGS, NULL, store_text(name), store_text(value));
}
