/* SPDX-License-Identifier: BSD-2-Clause */
/* What the journal says a key did, against what its card counted. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "journal/journal.h"

struct rd journal_field(struct rd line, const char *name)
{
	char mark[32];
	int n = snprintf(mark, sizeof mark, "\"%s\":", name);
	const uint8_t *at = memmem(line.p, line.n, mark, (size_t)n), *end;
	size_t left;

	if (!at)
		return rd_of(NULL, 0);
	at += n;
	left = line.n - (size_t)(at - line.p);
	if (left > 0 && *at == '"') {
		at++;
		end = memchr(at, '"', left - 1);
	} else {
		end = memchr(at, ',', left);
	}
	return end ? rd_of(at, (size_t)(end - at)) : rd_of(NULL, 0);
}

static bool field_is(struct rd line, const char *name, const char *text)
{
	return rd_equal(journal_field(line, name), rd_of(text, strlen(text)));
}

/* The field is one of these words; the list ends with NULL. */
static bool field_in(struct rd line, const char *name, const char *const *words)
{
	for (; *words; words++)
		if (field_is(line, name, *words))
			return true;
	return false;
}

static uint64_t number_of(struct rd line)
{
	struct rd v = journal_field(line, "n");
	char text[24];

	(void)snprintf(text, sizeof text, "%.*s", (int)(v.n < 20 ? v.n : 20),
	    v.n > 0 ? v.p : (const uint8_t *)"");
	return strtoull(text, NULL, 10);
}

struct reconcile {
	const char *serial;
	struct journal_gap *gap;
	size_t n;
	bool seen;
};

/* "9A:5,9C:7" */
static bool counter_in(struct rd list, uint8_t ref, uint32_t *out)
{
	char text[512], *next = text, *one;

	*out = 0;
	(void)snprintf(text, sizeof text, "%.*s", (int)(list.n < 500 ? list.n : 500), list.p);
	while ((one = strsep(&next, ","))) {
		unsigned found, value;

		if (sscanf(one, "%X:%u", &found, &value) == 2 && found == ref) {
			*out = value;
			return true;
		}
	}
	return false;
}

/* May a counter at this value be what is on record, given what nobody knows? */
static bool agrees(const struct journal_gap *g, uint32_t counter)
{
	int64_t past = (int64_t)counter - g->first - g->recorded;

	return past >= 0 && past <= g->open;
}

/* The card was asked: the first time that is where counting begins, later it is compared. */
static void take_counters(struct reconcile *r, struct rd line)
{
	struct rd list = journal_field(line, "counters");
	uint64_t at = number_of(line);
	uint32_t counter;

	if (list.n == 0)
		return;
	for (size_t i = 0; i < r->n; i++) {
		struct journal_gap *g = &r->gap[i];
		bool there = counter_in(list, g->ref, &counter);

		if (!r->seen)
			g->first = counter;
		if (g->differed != 0)
			continue;
		if (!there || agrees(g, counter))
			g->agreed = at;
		else
			g->differed = at;
	}
	r->seen = true;
}

static const char *const uses[] = {"sign", "decrypt", "derive", NULL};
static const char *const new_keys[] = {"key-generate", "key-import", "key-delete", NULL};
/* What failed its check was made by the card all the same. */
static const char *const counted[] = {"ECERT_OK", "ECERT_E_BAD_SIGNATURE", NULL};
/* The card left, or did not answer: it may have begun. */
static const char *const unsure[] = {"ECERT_E_REMOVED", "ECERT_E_RESET", "ECERT_E_NO_SERVICE",
    "ECERT_E_TIMEOUT", "ECERT_E_MUTE", "ECERT_E_CARD", NULL};

static void add_use(struct journal_gap *g, struct rd line)
{
	if (field_is(line, "phase", "intent"))
		g->open++;
	if (!field_is(line, "phase", "outcome") || field_in(line, "rc", unsure))
		return;
	if (g->open > 0)
		g->open--;
	if (field_in(line, "rc", counted))
		g->recorded++;
}

/* applet.md, 8: the counter of a key that is made or put in begins at 0. */
static void begin_anew(struct journal_gap *g, struct rd line)
{
	if (field_is(line, "phase", "outcome") && field_is(line, "rc", "ECERT_OK")) {
		g->first = g->recorded = g->open = 0;
		g->differed = 0;
		g->agreed = number_of(line);
	}
}

static bool count_line(void *arg, struct rd line)
{
	struct reconcile *r = arg;
	bool use = field_in(line, "what", uses), fresh = field_in(line, "what", new_keys);
	char ref[3];

	if (!field_is(line, "serial", r->serial))
		return true;
	if (field_is(line, "what", "token"))
		take_counters(r, line);
	for (size_t i = 0; r->seen && (use || fresh) && i < r->n; i++) {
		(void)snprintf(ref, sizeof ref, "%02x", r->gap[i].ref);
		if (!field_is(line, "key", ref))
			continue;
		if (use)
			add_use(&r->gap[i], line);
		else
			begin_anew(&r->gap[i], line);
	}
	return true;
}

enum ecert_rc journal_reconcile(const char *dir, const char *serial, struct rd counters,
    struct journal_gap *out, size_t cap, size_t *n)
{
	struct reconcile r = {.serial = serial, .gap = out};
	uint8_t ref;
	enum ecert_rc rc;

	*n = 0;
	while (r.n < cap && rd_u8(&counters, &ref) == ECERT_OK) {
		out[r.n] = (struct journal_gap){.ref = ref};
		if (rd_u32(&counters, &out[r.n++].card) != ECERT_OK)
			return ECERT_E_MALFORMED;
	}
	rc = journal_each(dir, count_line, &r);
	if (rc == ECERT_OK && !r.seen)
		rc = ECERT_E_NOT_FOUND;
	for (size_t i = 0; i < r.n; i++)
		out[i].missing = (int64_t)out[i].card - (int64_t)out[i].first -
				 (int64_t)out[i].recorded;
	*n = rc == ECERT_OK ? r.n : 0;
	return rc;
}
