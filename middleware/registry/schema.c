/* SPDX-License-Identifier: BSD-2-Clause */
/* The register's tables. A migration is never changed once it was published: another one follows.
 */
#include <string.h>

#include "registry/registry_priv.h"

/* What every row has: its entry's number, when it was written, and by whom. */
#define ROW_OF                                                                                     \
	"(id INTEGER PRIMARY KEY REFERENCES chain (n), at INTEGER NOT NULL, who TEXT NOT NULL, "

static const char *const first[] = {
    "CREATE TABLE head (one INTEGER PRIMARY KEY CHECK (one = 1), n INTEGER NOT NULL, "
    "hash BLOB NOT NULL) STRICT",
    "CREATE TABLE chain (n INTEGER PRIMARY KEY, part TEXT NOT NULL, hash BLOB NOT NULL) STRICT",
    "KEEP chain", "CREATE TABLE settings " ROW_OF "name TEXT NOT NULL, value TEXT NOT NULL) STRICT",
    "KEEP settings", "CREATE TABLE members " ROW_OF "url TEXT NOT NULL UNIQUE) STRICT",
    "KEEP members",
    /* kind: "first", "renewal"; until: the request's own end; prev: the mark renewed. */
    "CREATE TABLE applications " ROW_OF "member INTEGER NOT NULL REFERENCES members (id), "
    "kind TEXT NOT NULL, type TEXT NOT NULL, text TEXT NOT NULL, sha256 TEXT NOT NULL UNIQUE, "
    "jti TEXT NOT NULL, until INTEGER NOT NULL, company TEXT NOT NULL, br TEXT NOT NULL, "
    "cert BLOB NOT NULL, prev TEXT, UNIQUE (member, jti)) STRICT",
    "KEEP applications", "CREATE INDEX applications_member ON applications (member, id)",
    "CREATE TABLE domains " ROW_OF "application INTEGER NOT NULL REFERENCES applications (id), "
    "name TEXT NOT NULL) STRICT",
    "KEEP domains", "CREATE INDEX domains_name ON domains (name)",
    "CREATE INDEX domains_application ON domains (application)",
    /* kind: "cop", "entry"; body: JSON as it was written. */
    "CREATE TABLE evidence " ROW_OF "application INTEGER NOT NULL REFERENCES applications (id), "
    "kind TEXT NOT NULL, place INTEGER NOT NULL, body TEXT NOT NULL, public INTEGER NOT NULL) "
    "STRICT",
    "KEEP evidence", "CREATE INDEX evidence_application ON evidence (application, id)",
    "CREATE TABLE decisions " ROW_OF "application INTEGER NOT NULL REFERENCES applications (id), "
    "event TEXT NOT NULL, was TEXT NOT NULL, state TEXT NOT NULL, why TEXT) STRICT",
    "KEEP decisions", "CREATE INDEX decisions_application ON decisions (application, id)",
    "CREATE TABLE marks " ROW_OF "application INTEGER NOT NULL REFERENCES applications (id), "
    "text TEXT NOT NULL, sha256 TEXT NOT NULL UNIQUE, jti TEXT NOT NULL, kid TEXT NOT NULL, "
    "iat INTEGER NOT NULL, exp INTEGER NOT NULL, prev TEXT) STRICT",
    "KEEP marks", "CREATE INDEX marks_application ON marks (application, id)",
    /* Answers of 8.4 that were handed out for keeping. */
    "CREATE TABLE statuses " ROW_OF "mark INTEGER NOT NULL REFERENCES marks (id), "
    "status TEXT NOT NULL, text TEXT NOT NULL, iat INTEGER NOT NULL, exp INTEGER NOT NULL) STRICT",
    "KEEP statuses", "CREATE INDEX statuses_mark ON statuses (mark, id)",
    /* 7.2: given by an owner to an issuer, either of which may be this one. */
    "CREATE TABLE delegations " ROW_OF "owner TEXT NOT NULL, issuer TEXT NOT NULL, "
    "type TEXT NOT NULL, text TEXT NOT NULL, iat INTEGER NOT NULL, exp INTEGER NOT NULL) STRICT",
    "KEEP delegations",
    /* used: "grant", "status", "owner"; event: "begin", "end". A key may have several kids. cert:
     * empty for one that has none. */
    "CREATE TABLE keys " ROW_OF "kid TEXT NOT NULL, used TEXT NOT NULL, event TEXT NOT NULL, "
    "cert BLOB NOT NULL, spki BLOB NOT NULL) STRICT",
    "KEEP keys", "CREATE INDEX keys_kid ON keys (kid, id)",
    /* The token's word that a status key may speak for some days. */
    "CREATE TABLE authorizations " ROW_OF "kid TEXT NOT NULL, text TEXT NOT NULL, "
    "iat INTEGER NOT NULL, exp INTEGER NOT NULL) STRICT",
    "KEEP authorizations",
    /* The token's word on how far the chain goes. */
    "CREATE TABLE seals " ROW_OF "n INTEGER NOT NULL, hash BLOB NOT NULL, text TEXT NOT NULL) "
    "STRICT",
    "KEEP seals", NULL};

/* What is over, and what a key signed, without reading every mark. */
static const char *const ends[] = {"CREATE INDEX marks_exp ON marks (exp, application)",
    "CREATE INDEX marks_kid ON marks (kid, exp)", NULL};

/* What anybody says of a member's seal, and how that ended. */
static const char *const reports[] = {"CREATE TABLE reports " ROW_OF
				      "member INTEGER NOT NULL REFERENCES members (id), "
				      "seen TEXT NOT NULL, said TEXT NOT NULL) STRICT",
    "KEEP reports", "CREATE INDEX reports_member ON reports (member, id)",
    "CREATE TABLE closings " ROW_OF "report INTEGER NOT NULL UNIQUE REFERENCES reports (id), "
    "why TEXT NOT NULL) STRICT",
    "KEEP closings", NULL};

const struct store_migration registry_migrations[] = {
    {"register", first}, {"ends", ends}, {"reports", reports}};
const size_t registry_migrations_n = sizeof registry_migrations / sizeof registry_migrations[0];

#define PART(name, columns, n, places)                                                             \
	{                                                                                          \
#name, columns, 3 + (n),                                                           \
		    "SELECT id, at, who, " columns " FROM " #name " WHERE id = ?",                 \
		    "INSERT INTO " #name " (id, at, who, " columns ") VALUES (?, ?, ?" places ")", \
		    "SELECT count(*) FROM " #name,                                                 \
		    "SELECT min(id) FROM " #name " WHERE NOT EXISTS (SELECT 1 FROM chain "         \
		    "WHERE chain.n = " #name ".id AND chain.part = '" #name "')"                   \
	}
const struct part_row parts[PART_COUNT] = {
    [PART_SETTINGS] = PART(settings, "name, value", 2, ", ?, ?"),
    [PART_MEMBERS] = PART(members, "url", 1, ", ?"),
    [PART_APPLICATIONS] = PART(applications,
	"member, kind, type, text, sha256, jti, until, company, br, cert, prev", 11,
	", ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?"),
    [PART_DOMAINS] = PART(domains, "application, name", 2, ", ?, ?"),
    [PART_EVIDENCE] = PART(
	evidence, "application, kind, place, body, public", 5, ", ?, ?, ?, ?, ?"),
    [PART_DECISIONS] = PART(decisions, "application, event, was, state, why", 5, ", ?, ?, ?, ?, ?"),
    [PART_MARKS] = PART(marks, "application, text, sha256, jti, kid, iat, exp, prev", 8,
	", ?, ?, ?, ?, ?, ?, ?, ?"),
    [PART_STATUSES] = PART(statuses, "mark, status, text, iat, exp", 5, ", ?, ?, ?, ?, ?"),
    [PART_DELEGATIONS] = PART(
	delegations, "owner, issuer, type, text, iat, exp", 6, ", ?, ?, ?, ?, ?, ?"),
    [PART_KEYS] = PART(keys, "kid, used, event, cert, spki", 5, ", ?, ?, ?, ?, ?"),
    [PART_AUTHORIZATIONS] = PART(authorizations, "kid, text, iat, exp", 4, ", ?, ?, ?, ?"),
    [PART_SEALS] = PART(seals, "n, hash, text", 3, ", ?, ?, ?"),
    [PART_REPORTS] = PART(reports, "member, seen, said", 3, ", ?, ?, ?"),
    [PART_CLOSINGS] = PART(closings, "report, why", 2, ", ?, ?"),
};

const struct part_row *registry_part(const char *name, enum part *out)
{
	for (*out = 0; name && *out < PART_COUNT; ++*out)
		if (!strcmp(parts[*out].name, name))
			return &parts[*out];
	*out = PART_COUNT;
	return NULL;
}
