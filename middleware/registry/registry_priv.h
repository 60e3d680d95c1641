/* SPDX-License-Identifier: BSD-2-Clause */
/* The register's tables, and how a row gets into one. */
#ifndef ECERT_REGISTRY_PRIV_H
#define ECERT_REGISTRY_PRIV_H

#include "registry/registry.h"
#include "store/store.h"

#define REGISTRY_COLUMNS 18

/* Each table begins with "id, at, who". */
enum part {
	PART_SETTINGS,
	PART_MEMBERS,
	PART_APPLICATIONS,
	PART_DOMAINS,
	PART_EVIDENCE,
	PART_DECISIONS,
	PART_MARKS,
	PART_STATUSES,
	PART_DELEGATIONS,
	PART_KEYS,
	PART_AUTHORIZATIONS,
	PART_SEALS,
	PART_REPORTS,
	PART_CLOSINGS,
	PART_COUNT
};

struct part_row {
	const char *name, *columns; /* behind id, at, who */
	size_t n;		    /* of all columns */
	const char *select, *insert, *count, *stray;
};
extern const struct part_row parts[PART_COUNT];
/* The table of that name, which may be NULL; NULL: there is none, and *out is PART_COUNT. */
const struct part_row *registry_part(const char *name, enum part *out);
extern const struct store_migration registry_migrations[];
extern const size_t registry_migrations_n;

struct registry {
	struct store *store;
	struct message_kept why; /* of what the register itself refuses; n 0: the store's */
	const char *who;
	time_t now;
	int64_t n; /* entries, while it is written */
	uint8_t head[REGISTRY_HASH];
};

/* Keeps the reason. Returns rc. */
enum ecert_rc registry_fail(struct registry *r, enum ecert_rc rc, const struct message *why);
/* A row: v are its columns behind the first three. id may be NULL. */
enum ecert_rc registry_insert(
    struct registry *r, enum part part, const struct store_value *v, size_t n, int64_t *id);
#define REGISTRY_INSERT(r, part, id, ...)                                                          \
	registry_insert((r), (part), (const struct store_value[]){__VA_ARGS__},                    \
	    sizeof((const struct store_value[]){__VA_ARGS__}) / sizeof(struct store_value), (id))
/* The same with the three. */
enum ecert_rc registry_append(
    struct registry *r, enum part part, const struct store_value *row, size_t n);
/* The hash of entry n, whose row is here, over the one before it. */
enum ecert_rc registry_hash(const uint8_t before[REGISTRY_HASH], int64_t n, const char *part,
    const struct store_value *row, size_t columns, uint8_t out[REGISTRY_HASH]);
/* head and n as they are stored. */
enum ecert_rc registry_head(struct registry *r);
/* The first row's first number. Errors: ECERT_E_NOT_FOUND. */
enum ecert_rc registry_number(struct registry *r, const char *sql, const struct store_value *v,
    size_t n, int64_t *out) MUST_CHECK;
/* The next row, for a loop whose body leaves in *rc what whoever was given the row said: a failure
 * ends it, and NOT_FOUND, which would look like the last row, is INTERNAL. rc begins as the
 * statement's, and ends as ECERT_OK behind the last row. */
bool registry_next(struct store_rows *rows, enum ecert_rc *rc) MUST_CHECK;
/* The columns of a mark and of the decision that counts, k and d; then the one row of a statement
 * that begins so and was begun with rc, which this ends. */
#define REGISTRY_SELECT_MARK                                                                       \
	"SELECT k.id, k.application, k.iat, k.exp, k.sha256, k.prev, k.text, d.state, d.why, "     \
	"(SELECT max(y.id) FROM marks y WHERE y.application = k.application) FROM marks k "        \
	"JOIN decisions d ON d.id = (SELECT max(x.id) FROM decisions x WHERE x.application = "     \
	"k.application) "
enum ecert_rc registry_mark_row(
    struct store_rows *rows, enum ecert_rc rc, time_t now, struct registry_mark *out) MUST_CHECK;
/* This row of columns "id, application, iat, exp, sha256, prev, text" of a mark, "state, why"
 * of its application; text of out is filled or empty: free it. */
enum ecert_rc registry_take_mark(
    struct store_rows *rows, time_t now, struct registry_mark *out) MUST_CHECK;
/* Records an event, unless it cannot happen there. */
enum ecert_rc registry_record(
    struct registry *r, int64_t application, enum app_event event, const char *why);

#endif
