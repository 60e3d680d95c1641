/* SPDX-License-Identifier: BSD-2-Clause */
/* The chain: each row is an entry, whose hash is over the row and the entry before it. */
#include <stdio.h>
#include <string.h>

#include "crypto/digest.h"
#include "registry/registry_priv.h"
#include "util/text.h"

#define PAGE	1000
#define ROW_MAX (4u << 20) /* bytes of a row that is hashed */

static void put_value(struct buf *b, const struct store_value *v)
{
	if (v->null) {
		buf_u8(b, 'n');
		return;
	}
	buf_u8(b, v->type == STORE_INT ? 'i' : v->type == STORE_TEXT ? 't' : 'b');
	buf_u64(b, v->type == STORE_INT ? (uint64_t)v->number : v->bytes.n);
	if (v->type != STORE_INT)
		buf_rd(b, v->bytes);
}

/* Each part with its length, so that no two rows are the same bytes. */
enum ecert_rc registry_hash(const uint8_t before[REGISTRY_HASH], int64_t n, const char *part,
    const struct store_value *row, size_t columns, uint8_t out[REGISTRY_HASH])
{
	struct buf b = BUF_INIT(ROW_MAX);
	const struct store_value name = store_text(part);
	uint8_t digest[MD_MAX_SIZE];
	size_t len;
	enum ecert_rc rc;

	buf_put(&b, before, REGISTRY_HASH);
	buf_u64(&b, (uint64_t)n);
	put_value(&b, &name);
	buf_u64(&b, columns);
	for (size_t i = 0; i < columns; i++)
		put_value(&b, &row[i]);
	rc = buf_rc(&b);
	if (rc == ECERT_OK)
		rc = digest_once(MD_SHA256, buf_view(&b), digest, &len);
	if (rc == ECERT_OK)
		memcpy(out, digest, REGISTRY_HASH);
	buf_free(&b);
	return rc;
}

enum ecert_rc registry_append(
    struct registry *r, enum part part, const struct store_value *row, size_t n)
{
	const struct part_row *p = &parts[part];
	uint8_t hash[REGISTRY_HASH];
	enum ecert_rc rc;

	if (n != p->n || row[0].number != r->n + 1)
		return registry_fail(
		    r, ECERT_E_INTERNAL, MSG("{why}", P_RC("why", ECERT_E_INTERNAL)));
	rc = registry_hash(r->head, row[0].number, p->name, row, n, hash);
	if (rc != ECERT_OK)
		return registry_fail(r, rc, MSG("{why}", P_RC("why", rc)));
	rc = STORE_RUN(r->store, "INSERT INTO chain (n, part, hash) VALUES (?, ?, ?)", row[0],
	    store_text(p->name), store_blob(rd_of(hash, sizeof hash)));
	if (rc == ECERT_OK)
		rc = store_run(r->store, p->insert, row, n, NULL);
	if (rc != ECERT_OK)
		return rc;
	r->n++;
	memcpy(r->head, hash, sizeof hash);
	return ECERT_OK;
}

enum ecert_rc registry_insert(
    struct registry *r, enum part part, const struct store_value *v, size_t n, int64_t *id)
{
	struct store_value row[REGISTRY_COLUMNS] = {
	    store_int(r->n + 1), store_int(r->now), store_text(r->who)};
	enum ecert_rc rc;

	if (n > REGISTRY_COLUMNS - 3)
		return ECERT_E_INTERNAL;
	memcpy(row + 3, v, n * sizeof *v);
	rc = registry_append(r, part, row, n + 3);
	if (id)
		*id = rc == ECERT_OK ? r->n : 0;
	return rc;
}

/* ---- looking ---- */

struct look {
	struct registry *r;
	struct registry_check *out;
	uint8_t head[REGISTRY_HASH];
	int64_t n;
	int64_t counts[PART_COUNT];
};

static enum ecert_rc bad(struct look *l, int64_t n, const char *part, const char *why)
{
	if (l->out->why)
		return ECERT_OK;
	l->out->bad = n;
	l->out->why = why;
	text_copy(l->out->part, sizeof l->out->part, part);
	text_mask(l->out->part);
	return ECERT_OK;
}

static enum ecert_rc look_at_row(
    struct look *l, const struct part_row *p, int64_t n, const uint8_t hash[REGISTRY_HASH])
{
	struct store_value row[REGISTRY_COLUMNS];
	uint8_t have[REGISTRY_HASH];
	struct store_rows *rows;
	enum ecert_rc rc = STORE_QUERY(l->r->store, &rows, p->select, store_int(n));

	if (rc == ECERT_OK)
		rc = store_next(rows);
	for (size_t i = 0; rc == ECERT_OK && i < p->n; i++)
		if (store_cell(rows, i, &row[i]) != ECERT_OK)
			row[i] = (struct store_value){.null = true};
	if (rc == ECERT_OK)
		rc = registry_hash(l->head, n, p->name, row, p->n, have);
	store_done(&rows);
	if (rc == ECERT_E_NOT_FOUND)
		return bad(l, n, p->name, MSG_ID("this row is missing"));
	if (rc == ECERT_OK && memcmp(have, hash, sizeof have) != 0)
		return bad(
		    l, n, p->name, MSG_ID("this row, or its entry, is not as it was written"));
	return rc;
}

/* An entry of the page. */
static enum ecert_rc look_at_entry(struct look *l, struct store_rows *rows)
{
	int64_t n = store_get_int(rows, 0);
	const char *name = store_get_text(rows, 1);
	struct rd hash = store_get_blob(rows, 2);
	enum part part;
	const struct part_row *p = registry_part(name, &part);
	enum ecert_rc rc;

	if (n != l->n + 1)
		return bad(l, l->n + 1, "chain", MSG_ID("this entry is missing"));
	if (!p || hash.n != REGISTRY_HASH)
		return bad(l, n, "chain", MSG_ID("this entry is of no table"));
	rc = look_at_row(l, p, n, hash.p);
	l->n = n;
	l->counts[part]++;
	memcpy(l->head, hash.p, sizeof l->head);
	return rc;
}

static enum ecert_rc look_at_page(struct look *l, bool *more)
{
	struct store_rows *rows;
	enum ecert_rc rc = STORE_QUERY(l->r->store, &rows,
	    "SELECT n, part, hash FROM chain WHERE n > ? ORDER BY n LIMIT ?", store_int(l->n),
	    store_int(PAGE));

	*more = false;
	while (rc == ECERT_OK && !l->out->why) {
		rc = store_next(rows);
		if (rc != ECERT_OK)
			break;
		*more = true;
		rc = look_at_entry(l, rows);
	}
	store_done(&rows);
	return rc == ECERT_E_NOT_FOUND ? ECERT_OK : rc;
}

/* Rows that nobody entered. */
static enum ecert_rc look_for_strays(struct look *l)
{
	enum ecert_rc rc = ECERT_OK;

	for (size_t i = 0; rc == ECERT_OK && i < PART_COUNT && !l->out->why; i++) {
		int64_t n;

		rc = registry_number(l->r, parts[i].count, NULL, 0, &n);
		if (rc != ECERT_OK || n == l->counts[i])
			continue;
		rc = registry_number(l->r, parts[i].stray, NULL, 0, &n);
		if (rc == ECERT_OK)
			rc = bad(l, n, parts[i].name, MSG_ID("this row has no entry"));
	}
	return rc;
}

static enum ecert_rc look_at_decision(struct look *l, struct store_rows *rows)
{
	int64_t id = store_get_int(rows, 0);
	enum app_event event = event_by_name(store_get_text(rows, 2));
	enum app_state was = state_by_name(store_get_text(rows, 3)),
		       state = state_by_name(store_get_text(rows, 4));
	const char *before = store_get_text(rows, 5);

	if (state_by_name(before) != was || state == STATE_NONE || state_after(was, event) != state)
		return bad(l, id, "decisions", MSG_ID("this could not be decided there"));
	return ECERT_OK;
}

static enum ecert_rc look_at_decisions(struct look *l)
{
	struct store_rows *rows;
	int64_t after = 0, n = PAGE;
	enum ecert_rc rc = ECERT_OK;

	while (rc == ECERT_OK && n == PAGE && !l->out->why) {
		rc = STORE_QUERY(l->r->store, &rows,
		    "SELECT d.id, d.application, d.event, d.was, d.state, (SELECT b.state FROM "
		    "decisions b WHERE b.application = d.application AND b.id < d.id ORDER BY b.id "
		    "DESC LIMIT 1) FROM decisions d WHERE d.id > ? ORDER BY d.id LIMIT ?",
		    store_int(after), store_int(PAGE));
		for (n = 0; rc == ECERT_OK && !l->out->why; n++) {
			rc = store_next(rows);
			if (rc != ECERT_OK)
				break;
			after = store_get_int(rows, 0);
			rc = look_at_decision(l, rows);
		}
		store_done(&rows);
		if (rc == ECERT_E_NOT_FOUND)
			rc = ECERT_OK;
	}
	return rc;
}

enum ecert_rc registry_check(struct registry *r, struct registry_check *out)
{
	struct look l = {.r = r, .out = out};
	bool more = true;
	enum ecert_rc rc = store_begin(r->store); /* nobody writes meanwhile */

	*out = (struct registry_check){.why = NULL};
	if (rc != ECERT_OK)
		return rc;
	rc = STORE_RUN(r->store, "UPDATE head SET n = n WHERE one = 1");
	while (rc == ECERT_OK && more && !out->why)
		rc = look_at_page(&l, &more);
	if (rc == ECERT_OK)
		rc = registry_head(r);
	if (rc == ECERT_OK && !out->why && (l.n != r->n || memcmp(l.head, r->head, sizeof l.head)))
		rc = bad(&l, l.n + 1, "chain", MSG_ID("entries are missing at the end"));
	if (rc == ECERT_OK)
		rc = look_for_strays(&l);
	if (rc == ECERT_OK && !out->why)
		rc = look_at_decisions(&l);
	out->entries = l.n;
	memcpy(out->head, l.head, sizeof out->head);
	store_rollback(r->store);
	return rc;
}
