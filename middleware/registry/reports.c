/* SPDX-License-Identifier: BSD-2-Clause */
/* Reports of misuse: taken in, read, closed. */
#include "registry/reports.h"

#include <stdlib.h>
#include <string.h>

#include "registry/registry_priv.h"
#include "util/text.h"

/* That nobody has closed: of one member, and of all. */
#define MEMBER_MOST 100
#define ALL_MOST    10000

#define OPEN "NOT EXISTS (SELECT 1 FROM closings c WHERE c.report = p.id)"

/* One that is there already, or one that is too many. */
static enum ecert_rc room_for(
    struct registry *r, int64_t member, const char *seen, const char *said)
{
	const struct store_value v[] = {store_int(member), store_text(seen), store_text(said)};
	int64_t n;
	enum ecert_rc rc = registry_number(r,
	    "SELECT min(k.id) FROM marks k JOIN applications a ON a.id = k.application WHERE "
	    "a.member = ? HAVING min(k.id) > 0",
	    v, 1, &n);

	if (rc == ECERT_E_NOT_FOUND)
		return registry_fail(
		    r, rc, MSG("there is no member {name} with a mark", P_NUMBER("name", member)));
	if (rc != ECERT_OK)
		return rc;
	rc = registry_number(r,
	    "SELECT p.id FROM reports p WHERE p.member = ? AND p.seen = ? AND p.said = ? AND " OPEN,
	    v, 3, &n);
	if (rc == ECERT_OK)
		return registry_fail(
		    r, ECERT_E_EXISTS, MSG("report {n} says the same", P_NUMBER("n", n)));
	if (rc != ECERT_E_NOT_FOUND)
		return rc;
	rc = registry_number(
	    r, "SELECT count(*) FROM reports p WHERE p.member = ? AND " OPEN, v, 1, &n);
	if (rc == ECERT_OK && n < MEMBER_MOST) {
		rc = registry_number(r, "SELECT count(*) FROM reports p WHERE " OPEN, NULL, 0, &n);
		if (rc == ECERT_OK && n < ALL_MOST)
			return ECERT_OK;
	}
	return rc != ECERT_OK ? rc
			      : registry_fail(r, ECERT_E_TIMEOUT,
				    MSG("too many reports wait for somebody to close them"));
}

enum ecert_rc registry_report(
    struct registry *r, int64_t member, const char *seen, const char *said, int64_t *id)
{
	enum ecert_rc rc;

	*id = 0;
	if (!seen[0] || strlen(seen) >= REPORT_SEEN || strlen(said) >= REPORT_SAID ||
	    !text_is_shown(seen) || !text_is_shown(said))
		return ECERT_E_ARG;
	rc = room_for(r, member, seen, said);
	return rc == ECERT_OK ? REGISTRY_INSERT(r, PART_REPORTS, id, store_int(member),
				    store_text(seen), store_text(said))
			      : rc;
}

/* ---- reading ---- */

#define SELECT_REPORT                                                                              \
	"SELECT p.id, p.at, p.member, m.url, p.seen, p.said, c.at, c.who, c.why FROM reports p "   \
	"JOIN members m ON m.id = p.member LEFT JOIN closings c ON c.report = p.id "

static void take(struct store_rows *rows, struct registry_report *p)
{
	*p = (struct registry_report){.id = store_get_int(rows, 0),
	    .at = store_get_int(rows, 1),
	    .member = store_get_int(rows, 2),
	    .closed = store_get_int(rows, 6)};
	store_copy_text(rows, 3, p->merchant, sizeof p->merchant);
	store_copy_text(rows, 4, p->seen, sizeof p->seen);
	store_copy_text(rows, 5, p->said, sizeof p->said);
	store_copy_text(rows, 7, p->who, sizeof p->who);
	store_copy_text(rows, 8, p->why, sizeof p->why);
}

enum ecert_rc registry_each_report(struct registry *r, bool all, registry_report_fn *fn, void *ctx)
{
	struct registry_report *p = malloc(sizeof *p);
	int64_t after = 0;
	size_t n = 1;
	enum ecert_rc rc = p ? ECERT_OK : ECERT_E_MEMORY;

	while (rc == ECERT_OK && n > 0) {
		struct store_rows *rows;

		rc = STORE_QUERY(r->store, &rows,
		    SELECT_REPORT "WHERE p.id > ? AND (? = 1 OR c.id IS NULL) ORDER BY p.id LIMIT "
				  "200",
		    store_int(after), store_int(all));
		for (n = 0; registry_next(rows, &rc); n++) {
			take(rows, p);
			after = p->id;
			rc = fn(ctx, p);
		}
		store_done(&rows);
	}
	free(p);
	return rc;
}

enum ecert_rc registry_report_of(struct registry *r, int64_t id, struct registry_report *out)
{
	struct store_rows *rows;
	enum ecert_rc rc = STORE_QUERY(
	    r->store, &rows, SELECT_REPORT "WHERE p.id = ?", store_int(id));

	if (rc == ECERT_OK)
		rc = store_next(rows);
	if (rc == ECERT_OK)
		take(rows, out);
	store_done(&rows);
	if (rc == ECERT_E_NOT_FOUND)
		return registry_fail(r, rc, MSG("there is no report {n}", P_NUMBER("n", id)));
	return rc;
}

enum ecert_rc registry_close_report(struct registry *r, int64_t id, const char *why)
{
	struct registry_report *p = malloc(sizeof *p);
	enum ecert_rc rc = p ? registry_report_of(r, id, p) : ECERT_E_MEMORY;

	if (rc == ECERT_OK && p->closed)
		rc = registry_fail(
		    r, ECERT_E_DENIED, MSG("report {n} is closed already", P_NUMBER("n", id)));
	free(p);
	return rc == ECERT_OK
		   ? REGISTRY_INSERT(r, PART_CLOSINGS, NULL, store_int(id), store_text(why))
		   : rc;
}
