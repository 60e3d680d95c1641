/* SPDX-License-Identifier: BSD-2-Clause */
/* The journal's records joined: an operation with its outcome, in the order of their beginning. */
#include <stdlib.h>
#include <string.h>

#include "actions/journal/rows.h"
#include "client/serial.h"
#include "document/json.h"

/* Operations that wait for an outcome; those behind them wait, too, so that the order stays. */
struct waiting {
	struct waiting *next;
	json_t *row;
	json_int_t n;
	bool done;
};

struct joiner {
	struct waiting *first, **end;
	const char *since, *serial;
	journal_row_fn fn;
	void *arg;
	enum ecert_rc rc;
};

const char *journal_row_text(const json_t *row, const char *name)
{
	const char *s = json_string_value(json_object_get(row, name));

	return s ? s : "";
}

static void drop_first(struct joiner *j)
{
	struct waiting *w = j->first;

	j->first = w->next;
	if (!j->first)
		j->end = &j->first;
	if (strcmp(journal_row_text(w->row, "at"), j->since) >= 0 &&
	    (!j->serial || serial_of_token(j->serial, journal_row_text(w->row, "serial"))))
		j->fn(j->arg, w->row);
	json_decref(w->row);
	free(w);
}

static void flush_done(struct joiner *j)
{
	while (j->first && j->first->done)
		drop_first(j);
}

static void add(struct joiner *j, json_t *row, bool done)
{
	struct waiting *w = calloc(1, sizeof *w);

	if (!w) {
		j->rc = ECERT_E_MEMORY;
		return;
	}
	w->row = json_incref(row);
	w->n = json_integer_value(json_object_get(row, "n"));
	w->done = done;
	*j->end = w;
	j->end = &w->next;
}

static void conclude(struct joiner *j, const json_t *outcome)
{
	json_int_t of = json_integer_value(json_object_get(outcome, "of"));

	for (struct waiting *w = j->first; w; w = w->next) {
		if (w->n != of || w->done)
			continue;
		json_object_set(w->row, "rc", json_object_get(outcome, "rc"));
		w->done = true;
	}
}

/* What nobody needs who reads what happened. */
static void strip(json_t *row)
{
	json_object_del(row, "prev");
	json_object_del(row, "mac");
	json_object_del(row, "phase");
}

json_t *journal_row_read(struct rd line)
{
	json_t *row = json_read(line, NULL);

	if (json_is_object(row))
		return row;
	json_decref(row);
	return NULL;
}

static bool take(void *arg, struct rd line)
{
	struct joiner *j = arg;
	json_t *row = journal_row_read(line);
	char phase[16];

	if (!row)
		row = json_pack("{s:s}", "what", "unreadable");
	strncpy(phase, journal_row_text(row, "phase"), sizeof phase - 1);
	phase[sizeof phase - 1] = 0;
	strip(row);
	/* A new run of the daemon: what was open stays open. */
	if (!strncmp(journal_row_text(row, "what"), "start", 5))
		while (j->first)
			drop_first(j);
	if (!strcmp(phase, "outcome"))
		conclude(j, row);
	else
		add(j, row, strcmp(phase, "intent") != 0);
	json_decref(row);
	flush_done(j);
	return j->rc == ECERT_OK;
}

enum ecert_rc journal_rows(
    const char *dir, const char *since, const char *serial, journal_row_fn fn, void *arg)
{
	struct joiner j = {.since = since, .serial = serial, .fn = fn, .arg = arg};
	enum ecert_rc rc;

	j.end = &j.first;
	rc = journal_each(dir, take, &j);
	while (j.first)
		drop_first(&j);
	return rc != ECERT_OK ? rc : j.rc;
}
