/* SPDX-License-Identifier: BSD-2-Clause */
/* An issuer's register: members, their applications, what was decided and the marks granted. */
#ifndef ECERT_REGISTRY_REGISTRY_H
#define ECERT_REGISTRY_REGISTRY_H

#include <time.h>

#include "registry/states.h"
#include "util/buf.h"
#include "util/message.h"

/*
 * Nothing in it is ever changed or deleted (the database refuses it): what is newer counts. Each
 * row says who wrote it and when, and is an entry of a chain: its number is the entry's, and the
 * entry has a hash over the row and the hash of the entry before it. Reasons of failures:
 * registry_why.
 *
 * References to marks and requests are SHA-256 in base64url, as hktm_prev and hktm_request are.
 */
struct registry;

/* Where it may be: store_open's. make: begin a new one there, else it has to be there. Errors:
 * store_open's and store_migrate's; ECERT_E_NOT_FOUND also for a store that is no register. */
enum ecert_rc registry_open(
    const char *where, bool make, struct registry **out, struct message_kept *why) MUST_CHECK;
/* The same of one that is there, and as this program makes them: nothing is written to open it.
 * Errors: store_open's, store_migrated's, ECERT_E_UNSUPPORTED (an older program made it, and
 * registry_open brings it up to date). */
enum ecert_rc registry_open_as_it_is(
    const char *where, struct registry **out, struct message_kept *why) MUST_CHECK;
void registry_close(struct registry **r);
/* Of the last failure. */
const struct message_kept *registry_why(const struct registry *r);

/* What is written between the two is written whole or not at all, by this person at this moment.
 * Everybody else who writes waits. Errors: store_begin's. */
enum ecert_rc registry_begin(struct registry *r, const char *who, time_t now) MUST_CHECK;
/* Keeps it if rc is ECERT_OK, else takes it back; the first failure. */
enum ecert_rc registry_end(struct registry *r, enum ecert_rc rc) MUST_CHECK;

/* Settings, the newest of a name: "issuer" is the URL. Errors: ECERT_E_NOT_FOUND. */
enum ecert_rc registry_setting(
    struct registry *r, const char *name, char *out, size_t cap) MUST_CHECK;
/* The same of any length, appended. */
enum ecert_rc registry_setting_long(
    struct registry *r, const char *name, struct buf *out) MUST_CHECK;
enum ecert_rc registry_set(struct registry *r, const char *name, const char *value) MUST_CHECK;

/* An application that has been verified. Texts are views. */
struct registry_request {
	struct rd text, cert; /* the JWS; the DER certificate of who signed it */
	const char *merchant, *type, *jti, *prev; /* prev: the mark it renews; NULL: a first one */
	const char *company, *br;		  /* as the certificate names them */
	time_t until;
	const char *const *domains;
	size_t domains_n;
	/* JSON, as it was written: items of the code of practice, then entries of ISO evidence, and
	 * which of those shoppers may see (NULL: none). */
	const char *const *cop, *const *evidence;
	const bool *shown;
	size_t cop_n, evidence_n;
};

/*
 * Takes it in, as "received". One of the same member and type that nobody has decided on is
 * replaced by it. Errors: ECERT_E_EXISTS (it was handed in before), ECERT_E_DENIED (the mark that
 * it renews is not one of this member's and type), ECERT_E_NOT_FOUND (no mark of this issuer's).
 */
enum ecert_rc registry_receive(
    struct registry *r, const struct registry_request *q, int64_t *id) MUST_CHECK;

struct registry_application {
	int64_t id, at, member;
	char merchant[256], company[544], br[17], type[256], prev[44], sha256[44];
	enum app_state state; /* now, */
	int64_t since;	      /* from then on, */
	char who[128], why[512];
	int64_t mark_exp; /* of the mark granted, 0: none */
};
typedef enum ecert_rc registry_application_fn(void *ctx, const struct registry_application *a);
/* Each in the order of its number; member 0: everybody's; state STATE_NONE: any. fn's failure ends
 * it. fn reads what it likes from r. */
enum ecert_rc registry_each(struct registry *r, int64_t member, enum app_state state,
    registry_application_fn *fn, void *ctx) MUST_CHECK;
/* text and cert (each may be NULL) get the JWS and the certificate. Errors: ECERT_E_NOT_FOUND. */
enum ecert_rc registry_application(struct registry *r, int64_t id, struct registry_application *out,
    struct buf *text, struct buf *cert) MUST_CHECK;

struct registry_decision {
	int64_t id, at;
	char who[128], why[512];
	enum app_event event;
	enum app_state was, state;
};
/* What was decided on it, oldest first. */
enum ecert_rc registry_decisions(struct registry *r, int64_t application,
    enum ecert_rc (*fn)(void *ctx, const struct registry_decision *d), void *ctx) MUST_CHECK;

/* An event of the table; not RECEIVE, GRANT or REPLACE, which the others record. why: for people,
 * may be NULL. Errors: ECERT_E_DENIED (it cannot happen to it there), ECERT_E_NOT_FOUND. */
enum ecert_rc registry_decide(
    struct registry *r, int64_t application, enum app_event event, const char *why) MUST_CHECK;

/* The mark that was signed for an application: it is granted, and what it renews is over. Errors:
 * registry_decide's, ECERT_E_EXISTS (this very mark is there). */
struct registry_grant {
	struct rd text; /* the mark, a JWS */
	const char *jti, *kid;
	time_t iat, exp;
};
enum ecert_rc registry_grant(
    struct registry *r, int64_t application, const struct registry_grant *g) MUST_CHECK;

/* Another mark for an application that is granted, by another key or certificate of the issuer's;
 * the marks before it count on. Errors: ECERT_E_DENIED (it is not granted), registry_grant's. */
enum ecert_rc registry_reissue(
    struct registry *r, int64_t application, const struct registry_grant *g) MUST_CHECK;

/* 7.2: the owner of a type lets an issuer issue its marks; either may be this one. exp 0: for
 * ever. */
struct registry_delegation {
	const char *owner, *issuer, *type;
	struct rd text; /* a JWS */
	time_t iat, exp;
};
/* Once: the same text again is passed over. */
enum ecert_rc registry_delegate(struct registry *r, const struct registry_delegation *d) MUST_CHECK;
/* The newest in force of this issuer and type: text is appended. Errors: ECERT_E_NOT_FOUND. */
enum ecert_rc registry_delegated(struct registry *r, const char *issuer, const char *type,
    time_t now, struct buf *text, time_t *exp) MUST_CHECK;
typedef enum ecert_rc registry_delegation_fn(void *ctx, const struct registry_delegation *d);
/* All in force; views. */
enum ecert_rc registry_delegations(
    struct registry *r, time_t now, registry_delegation_fn *fn, void *ctx) MUST_CHECK;

/* The member with this number, URL or domain. Errors: ECERT_E_NOT_FOUND, ECERT_E_DATA (a domain of
 * several). */
enum ecert_rc registry_member(
    struct registry *r, const char *name, int64_t *id, char url[256]) MUST_CHECK;
/* The event on all of a member's applications where it can happen; n: how many. ECERT_E_DENIED: on
 * none. */
enum ecert_rc registry_decide_member(struct registry *r, int64_t member, enum app_event event,
    const char *why, size_t *n) MUST_CHECK;

/* What is true of a mark at this moment, in the words of OpenID Federation 8.4 and "suspended". */
struct registry_mark {
	int64_t id, application, iat, exp;
	char sha256[44], prev[44], status[16];
	char reason[512]; /* empty: none */
	struct buf text;
};
/* text of out is filled; free it. Errors: ECERT_E_NOT_FOUND (nobody here granted it). */
enum ecert_rc registry_mark(
    struct registry *r, const char *sha256, time_t now, struct registry_mark *out) MUST_CHECK;
/* The newest of an application. */
enum ecert_rc registry_mark_of(
    struct registry *r, int64_t application, time_t now, struct registry_mark *out) MUST_CHECK;

/* A mark with what its application says, for whoever publishes it. Texts are views. */
struct registry_public {
	int64_t member, application;
	const char *merchant, *company, *br, *type;
	const char *request; /* the JWS that was granted */
	int64_t first;	     /* since when the member has had a mark of this type */
	int64_t since;	     /* of the status */
	struct registry_mark mark;
};
typedef enum ecert_rc registry_public_fn(void *ctx, const struct registry_public *p);
/* Every mark that ends after `over`, a member's one after the other, the older first. fn reads what
 * it likes from r. */
enum ecert_rc registry_each_mark(
    struct registry *r, time_t over, time_t now, registry_public_fn *fn, void *ctx) MUST_CHECK;

/* The same of one member. */
enum ecert_rc registry_marks_of(struct registry *r, int64_t member, time_t over, time_t now,
    registry_public_fn *fn, void *ctx) MUST_CHECK;

/* The next members, from number `after` on, of whom something was written after entry `since` (0:
 * all that there are), at most so many. */
enum ecert_rc registry_members_since(struct registry *r, int64_t since, int64_t after, int64_t *ids,
    size_t most, size_t *n) MUST_CHECK;

/* The types of mark that were ever granted, by their names. */
enum ecert_rc registry_types(
    struct registry *r, enum ecert_rc (*fn)(void *ctx, const char *type), void *ctx) MUST_CHECK;

/* Expires what has been granted and is over by now; n: how many. */
enum ecert_rc registry_expire(struct registry *r, time_t now, size_t *n) MUST_CHECK;

/* ---- the chain ---- */

#define REGISTRY_HASH 32
struct registry_check {
	int64_t entries;
	uint8_t head[REGISTRY_HASH];
	int64_t bad;	 /* the number of the first row that is not as it was written, 0 none */
	char part[32];	 /* its table */
	const char *why; /* an id; NULL: all is well */
};
/* The last entry's number and hash; 0 and zeros: there is none. */
enum ecert_rc registry_last(struct registry *r, int64_t *n, uint8_t hash[REGISTRY_HASH]) MUST_CHECK;
/* The hash of entry n. Errors: ECERT_E_NOT_FOUND. */
enum ecert_rc registry_entry(struct registry *r, int64_t n, uint8_t hash[REGISTRY_HASH]) MUST_CHECK;

/* Every row against its entry, every entry against the one before, nothing missing, nothing that
 * has no entry, and every decision one that could be taken. ECERT_OK: out says what was found. */
enum ecert_rc registry_check(struct registry *r, struct registry_check *out) MUST_CHECK;

/* Every key against its certificate, every request against the certificate beside it, every mark,
 * authorisation and delegation against the keys on record, and what each row says against what was
 * signed. */
enum ecert_rc registry_check_signatures(struct registry *r, struct registry_check *out) MUST_CHECK;

/* Each row as a line of JSON in the order of its number, with the entry's hash; into an empty
 * register it goes back with the same numbers, and its hashes have to come out the same. Errors:
 * fn's; of the import ECERT_E_MALFORMED, ECERT_E_EXISTS (it is not empty), ECERT_E_BAD_SIGNATURE (a
 * hash is another one). */
enum ecert_rc registry_export(
    struct registry *r, enum ecert_rc (*fn)(void *ctx, const char *line), void *ctx) MUST_CHECK;
enum ecert_rc registry_import_line(struct registry *r, struct rd line) MUST_CHECK;

#endif
