/* SPDX-License-Identifier: BSD-2-Clause */
/* What anybody may ask. */
#include "registry/asked.h"

#include "registry/registry_priv.h"

enum ecert_rc registry_entries(struct registry *r, int64_t *n)
{
	const enum ecert_rc rc = registry_number(r, "SELECT n FROM head", NULL, 0, n);

	return rc == ECERT_E_NOT_FOUND ? ECERT_OK : rc; /* nothing was written so far */
}

enum ecert_rc registry_held(
    struct registry *r, const char *sub, const char *type, time_t now, struct registry_mark *out)
{
	struct store_rows *rows;
	enum ecert_rc rc = STORE_QUERY(r->store, &rows,
	    REGISTRY_SELECT_MARK
	    "JOIN applications a ON a.id = k.application JOIN members m ON m.id = a.member WHERE "
	    "m.url = ? AND a.type = ? AND d.state = 'granted' AND k.exp > ? ORDER BY k.id DESC "
	    "LIMIT 1",
	    store_text(sub), store_text(type), store_int(now));

	return registry_mark_row(rows, rc, now, out);
}

enum ecert_rc registry_holders(struct registry *r, const char *type, time_t now,
    enum ecert_rc (*fn)(void *ctx, const char *url), void *ctx)
{
	struct store_rows *rows;
	int64_t after = 0;
	size_t n = 1;
	enum ecert_rc rc = ECERT_OK;

	while (rc == ECERT_OK && n > 0) {
		rc = STORE_QUERY(r->store, &rows,
		    "SELECT m.id, m.url FROM members m WHERE m.id > ? AND EXISTS (SELECT 1 FROM "
		    "applications a JOIN marks k ON k.application = a.id JOIN decisions d ON d.id "
		    "= "
		    "(SELECT max(x.id) FROM decisions x WHERE x.application = a.id) WHERE a.member "
		    "= "
		    "m.id AND a.type = ? AND d.state = 'granted' AND k.exp > ?) ORDER BY m.id "
		    "LIMIT 1000",
		    store_int(after), store_text(type), store_int(now));
		for (n = 0; registry_next(rows, &rc); n++) {
			const char *url;

			after = store_get_int(rows, 0);
			url = store_get_text(rows, 1);
			rc = url ? fn(ctx, url) : ECERT_OK;
		}
		store_done(&rows);
	}
	return rc;
}

static const char *status_after(const char *state)
{
	switch (state_by_name(state)) {
	case STATE_GRANTED:
		return "active";
	case STATE_SUSPENDED:
		return "suspended";
	default:
		return "revoked";
	}
}

enum ecert_rc registry_each_news(struct registry *r, int64_t most,
    enum ecert_rc (*fn)(void *ctx, const struct registry_news *n), void *ctx)
{
	struct store_rows *rows;
	enum ecert_rc rc = STORE_QUERY(r->store, &rows,
	    "SELECT d.id, d.at, d.state, a.member, a.company, d.event FROM decisions d JOIN "
	    "applications a ON a.id = d.application WHERE d.event IN ('grant', 'suspend', "
	    "'resume', 'revoke', 'expire') ORDER BY d.id DESC LIMIT ?",
	    store_int(most));

	while (registry_next(rows, &rc)) {
		struct registry_news n;
		const char *event;

		event = store_get_text(rows, 5);
		n = (struct registry_news){store_get_int(rows, 0), store_get_int(rows, 1),
		    store_get_int(rows, 3), store_get_text(rows, 4),
		    event_by_name(event) == EVENT_EXPIRE ? "expired"
							 : status_after(store_get_text(rows, 2))};
		rc = fn(ctx, &n);
	}
	store_done(&rows);
	return rc;
}
