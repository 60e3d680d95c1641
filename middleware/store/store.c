/* SPDX-License-Identifier: BSD-2-Clause */
/* Connections and transactions. */
#include "store/store_priv.h"

#include <stdlib.h>
#include <string.h>

enum ecert_rc store_fail(struct store *s, enum ecert_rc rc, const struct message *why)
{
	message_keep(&s->why, why);
	if (s->open && s->spoilt == ECERT_OK)
		s->spoilt = rc;
	return rc;
}

const struct message_kept *store_why(const struct store *s)
{
	return &s->why;
}

/* Which of the two, and what it is told. */
static const struct store_driver *driver_of(const char *where, const char **rest)
{
	*rest = where;
	if (!strncmp(where, "postgresql://", 13))
		return &store_postgresql;
	if (!strncmp(where, "postgresql:", 11)) {
		*rest = where + 11;
		return &store_postgresql;
	}
	if (!strncmp(where, "sqlite:", 7))
		*rest = where + 7;
	return &store_sqlite;
}

enum ecert_rc store_open(const char *where, bool make, struct store **out, struct message_kept *why)
{
	const char *rest;
	struct store *s;
	enum ecert_rc rc;

	*out = NULL;
	message_keep(why, MSG_EMPTY);
	s = calloc(1, sizeof *s);
	if (!s) {
		message_keep(why, MSG("{why}", P_RC("why", ECERT_E_MEMORY)));
		return ECERT_E_MEMORY;
	}
	s->driver = driver_of(where, &rest);
	rc = s->driver->open(s, rest, make);
	if (rc == ECERT_OK) {
		*out = s;
		return ECERT_OK;
	}
	*why = s->why;
	store_close(&s);
	return rc;
}

void store_close(struct store **sp)
{
	struct store *s = *sp;

	if (!s)
		return;
	*sp = NULL;
	store_rollback(s);
	for (size_t i = 0; i < s->n; i++)
		store_statement_free(s, s->statements[i]);
	s->driver->close(s);
	free(s);
}

enum ecert_rc store_begin(struct store *s)
{
	enum ecert_rc rc;

	if (s->open)
		return store_fail(s, ECERT_E_ARG, MSG("a transaction is open already"));
	rc = s->driver->simple(s, s->driver->begin);
	s->open = rc == ECERT_OK;
	s->spoilt = ECERT_OK;
	return rc;
}

void store_rollback(struct store *s)
{
	struct message_kept why = s->why; /* of what failed, and not of this */

	if (!s->open)
		return;
	s->open = false;
	(void)s->driver->simple(
	    s, "ROLLBACK"); /* it may have ended by itself, or with the connection */
	s->why = why;
}

enum ecert_rc store_commit(struct store *s)
{
	enum ecert_rc rc;

	if (!s->open)
		return store_fail(s, ECERT_E_ARG, MSG("no transaction is open"));
	rc = s->spoilt;
	if (rc == ECERT_OK)
		rc = s->driver->simple(s, "COMMIT");
	if (rc == ECERT_OK)
		s->open = false;
	else
		store_rollback(s);
	return rc;
}

enum ecert_rc store_end(struct store *s, enum ecert_rc rc)
{
	if (rc == ECERT_OK)
		return store_commit(s);
	store_rollback(s);
	return rc;
}
