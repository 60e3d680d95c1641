/* SPDX-License-Identifier: BSD-2-Clause */
/* What whoever publishes a register reads of it: marks with their members, and what changed. */
#include <string.h>

#include "registry/registry_priv.h"

#define MARKS_PAGE 200

#define COLUMNS                                                                                    \
	"SELECT k.id, k.application, k.iat, k.exp, k.sha256, k.prev, k.text, d.state, d.why, "     \
	"d.at, a.member, m.url, a.company, a.br, a.type, a.text, (SELECT min(f.iat) FROM marks f " \
	"JOIN applications g ON g.id = f.application WHERE g.member = a.member AND "               \
	"g.type = a.type) FROM applications a JOIN marks k ON k.application = a.id "               \
	"JOIN members m ON m.id = a.member JOIN decisions d ON d.id = (SELECT max(x.id) FROM "     \
	"decisions x WHERE x.application = a.id) WHERE "

#define SELECT_ALL                                                                                 \
	COLUMNS "(a.member, a.id, k.id) > (?, ?, ?) AND k.exp > ? ORDER BY a.member, a.id, k.id "  \
		"LIMIT ?"
#define SELECT_MEMBER                                                                              \
	COLUMNS "a.member = ? AND (a.id, k.id) > (?, ?) AND k.exp > ? ORDER BY a.id, k.id LIMIT ?"

static enum ecert_rc take(struct store_rows *rows, time_t now, struct registry_public *p)
{
	enum ecert_rc rc = registry_take_mark(rows, now, &p->mark);

	if (rc != ECERT_OK)
		return rc;
	p->application = p->mark.application;
	p->since = store_get_int(rows, 9);
	p->member = store_get_int(rows, 10);
	p->merchant = store_get_text(rows, 11);
	p->company = store_get_text(rows, 12);
	p->br = store_get_text(rows, 13);
	p->type = store_get_text(rows, 14);
	p->request = store_get_text(rows, 15);
	p->first = store_get_int(rows, 16);
	return ECERT_OK;
}

struct marks {
	struct registry *r;
	const char *sql;
	time_t over, now;
	int64_t member, application, mark; /* read so far */
};

static enum ecert_rc read_marks(struct marks *m, registry_public_fn *fn, void *ctx)
{
	struct registry_public p = {.member = 0};
	size_t n = MARKS_PAGE;
	enum ecert_rc rc = ECERT_OK;

	while (rc == ECERT_OK && n == MARKS_PAGE) {
		struct store_rows *rows;

		rc = STORE_QUERY(m->r->store, &rows, m->sql, store_int(m->member),
		    store_int(m->application), store_int(m->mark), store_int(m->over),
		    store_int(MARKS_PAGE));
		for (n = 0; registry_next(rows, &rc); n++) {
			rc = take(rows, m->now, &p);
			m->member = p.member;
			m->application = p.application;
			m->mark = p.mark.id;
			if (rc == ECERT_OK)
				rc = fn(ctx, &p);
			buf_free(&p.mark.text);
		}
		store_done(&rows);
	}
	return rc;
}

enum ecert_rc registry_each_mark(
    struct registry *r, time_t over, time_t now, registry_public_fn *fn, void *ctx)
{
	struct marks m = {.r = r, .sql = SELECT_ALL, .over = over, .now = now};

	return read_marks(&m, fn, ctx);
}

enum ecert_rc registry_marks_of(
    struct registry *r, int64_t member, time_t over, time_t now, registry_public_fn *fn, void *ctx)
{
	struct marks m = {.r = r, .sql = SELECT_MEMBER, .over = over, .now = now, .member = member};

	return read_marks(&m, fn, ctx);
}

/* ---- what changed ---- */

#define SELECT_MEMBERS "SELECT id FROM members WHERE id > ? ORDER BY id LIMIT ?"
#define SELECT_CHANGED                                                                             \
	"SELECT u.member FROM (SELECT a.member FROM applications a WHERE a.id > ? UNION "          \
	"SELECT a.member FROM decisions d JOIN applications a ON a.id = d.application WHERE "      \
	"d.id > ? UNION SELECT a.member FROM marks k JOIN applications a ON a.id = "               \
	"k.application WHERE k.id > ?) u WHERE u.member > ? ORDER BY u.member LIMIT ?"

enum ecert_rc registry_members_since(
    struct registry *r, int64_t since, int64_t after, int64_t *ids, size_t most, size_t *n)
{
	struct store_rows *rows;
	enum ecert_rc rc = since ? STORE_QUERY(r->store, &rows, SELECT_CHANGED, store_int(since),
				       store_int(since), store_int(since), store_int(after),
				       store_int((int64_t)most))
				 : STORE_QUERY(r->store, &rows, SELECT_MEMBERS, store_int(after),
				       store_int((int64_t)most));

	for (*n = 0; rc == ECERT_OK && *n < most; ++*n) {
		rc = store_next(rows);
		if (rc != ECERT_OK)
			break;
		ids[*n] = store_get_int(rows, 0);
	}
	store_done(&rows);
	return rc == ECERT_E_NOT_FOUND ? ECERT_OK : rc;
}

enum ecert_rc registry_last(struct registry *r, int64_t *n, uint8_t hash[REGISTRY_HASH])
{
	enum ecert_rc rc = registry_head(r);

	*n = r->n;
	memcpy(hash, r->head, REGISTRY_HASH);
	return rc;
}

enum ecert_rc registry_entry(struct registry *r, int64_t n, uint8_t hash[REGISTRY_HASH])
{
	struct store_rows *rows;
	struct rd have;
	enum ecert_rc rc = STORE_QUERY(
	    r->store, &rows, "SELECT hash FROM chain WHERE n = ?", store_int(n));

	memset(hash, 0, REGISTRY_HASH);
	if (rc == ECERT_OK)
		rc = store_next(rows);
	if (rc == ECERT_OK) {
		have = store_get_blob(rows, 0);
		if (have.n == REGISTRY_HASH)
			memcpy(hash, have.p, REGISTRY_HASH);
	}
	store_done(&rows);
	return rc;
}

/* ---- types ---- */

enum ecert_rc registry_types(
    struct registry *r, enum ecert_rc (*fn)(void *ctx, const char *type), void *ctx)
{
	struct store_rows *rows;
	enum ecert_rc rc = STORE_QUERY(r->store, &rows,
	    "SELECT DISTINCT a.type FROM marks k JOIN applications a ON a.id = k.application "
	    "ORDER BY a.type LIMIT ?",
	    store_int(1000));

	while (registry_next(rows, &rc)) {
		const char *type;

		type = store_get_text(rows, 0);
		rc = type ? fn(ctx, type) : ECERT_OK;
	}
	store_done(&rows);
	return rc;
}
