/* SPDX-License-Identifier: BSD-2-Clause */
/* An issuer's desk: applications are taken in, looked at and decided on, marks granted and ended.
 */
#ifndef ECERT_ACTIONS_REGISTRY_DEEDS_H
#define ECERT_ACTIONS_REGISTRY_DEEDS_H

#include <jansson.h>

#include "actions/online/online.h"
#include "actions/statement.h"
#include "actions/trustopts.h"
#include "client/signing.h"
#include "publish/publish.h"
#include "registry/registry.h"
#include "registry/reports.h"

/* What the commands take, each its own part of it. */
struct desk_deed {
	const char *store;	      /* "sqlite:PATH", "postgresql:..."; NULL: the user's own */
	const char *issuer;	      /* of a new register */
	const char *reason;	      /* of a decision; NULL: none */
	const char *state;	      /* of a listing; NULL: any */
	const char *folder;	      /* where marks go; NULL: this one */
	const char *logo, *ref;	      /* what goes into marks; NULL: nothing */
	long days;		      /* how long a mark counts, 0: a year; or an authorisation */
	const char *status_key;	      /* its file; NULL: beside the register */
	bool make, rollover;	      /* a status key */
	bool all;		      /* every file of a site is looked at; closed reports, too */
	bool reports;		      /* they are listed, and no applications */
	const char *type, *out;	      /* of a delegation, and its file */
	const char *delegation;	      /* a file, for marks of a type that has an owner */
	struct trust_options trust;   /* by which applications and delegations are verified */
	struct online_options online; /* on: evidence is fetched */
	struct signing_choice key;
};

/* All report their errors. Where a register is kept that no option names: in out (PATH_MAX). */
const char *desk_store(const struct desk_deed *deed, char *out, size_t cap);
enum outcome desk_init(const struct job *job, const struct desk_deed *deed) MUST_CHECK;

/* Takes an application in when it verifies; one that does not is told check by check, and leaves
 * nothing behind (OUT_INVALID). */
enum outcome desk_receive(const struct job *job, const struct desk_deed *deed, const char *file,
    struct registry_application *out) MUST_CHECK;

struct desk_list {
	struct registry_application *v; /* owned */
	size_t n;
};
/* Reports of misuse, each by done as it comes; then the one of a number, closed for a reason. */
enum outcome desk_reports(const struct job *job, const struct desk_deed *deed,
    registry_report_fn *done, void *ctx) MUST_CHECK;
enum outcome desk_close_report(const struct job *job, const struct desk_deed *deed, const char *id,
    struct registry_report *out) MUST_CHECK;
/* {"id", "merchant", "seen", "said", "received", "closed", "by", "reason"} */
json_t *desk_report_json(const struct registry_report *p);
enum outcome desk_list(
    const struct job *job, const struct desk_deed *deed, struct desk_list *out) MUST_CHECK;
void desk_list_free(struct desk_list *l);

/* All of an application: it is in review from now on, if it waited for that. */
struct desk_sheet {
	struct registry_application a;
	json_t *who;	   /* the certificate's holder */
	json_t *claims;	   /* what the request says, numbers as written */
	json_t *decisions; /* {"at", "who", "event", "state", "why"}, oldest first */
	/* What it points to, items first, then entries: {"uri", "outcome", "sha256", "same",
	 * "bytes", "status", "led_to"}; empty: it was not fetched. */
	json_t *fetched;
	json_t *mark; /* {"sha256", "status", "reason", "until", "jws"}; null: none */
	char br[48];  /* as the request gives it */
	bool br_same; /* it is the certificate's */
};
enum outcome desk_review(const struct job *job, const struct desk_deed *deed, const char *id,
    struct desk_sheet *out) MUST_CHECK;
/* Fetches what claims said (hktm_evidence) point to, when that is asked for. *out in any case. */
enum outcome desk_fetch(const struct job *job, const struct desk_deed *deed, const json_t *said,
    json_t **out) MUST_CHECK;
/* What an outcome is for people: an id. */
const char *desk_fetch_words(const char *outcome);
void desk_sheet_free(struct desk_sheet *s);

/* MORE and REFUSE of an application, which want a reason. */
enum outcome desk_decide(const struct job *job, const struct desk_deed *deed, const char *id,
    enum app_event event, struct registry_application *out) MUST_CHECK;
/* SUSPEND, RESUME and REVOKE of all that a member has; n: how many applications. */
enum outcome desk_member(const struct job *job, const struct desk_deed *deed, const char *member,
    enum app_event event, char url[256], size_t *n) MUST_CHECK;

/* Grants each, by the token and with one PIN: the mark goes into FOLDER/mark-ID.jwt and is on
 * record, or neither. done is called for each. */
enum outcome desk_grant(const struct job *job, const struct desk_deed *deed,
    const struct strlist *ids, void (*done)(void *ctx, int64_t id, const char *file),
    void *ctx) MUST_CHECK;

/* The same for all that a member has: signed anew by today's key, with the same end. */
enum outcome desk_reissue(const struct job *job, const struct desk_deed *deed, const char *member,
    void (*done)(void *ctx, int64_t id, const char *file), void *ctx) MUST_CHECK;
/* Lets another issuer, or this one, issue marks of a type that this one owns; until 0: for ever. */
enum outcome desk_delegate(const struct job *job, const struct desk_deed *deed, const char *issuer,
    time_t *until) MUST_CHECK;
/* Marks whose time is over are so on record; n: how many. desk_publish does it as well. */
enum outcome desk_expire(const struct job *job, const struct desk_deed *deed, size_t *n) MUST_CHECK;
/* All entries into a file, and from there into a new store, all or nothing; n: how many. */
enum outcome desk_export(
    const struct job *job, const struct desk_deed *deed, const char *file, size_t *n) MUST_CHECK;
enum outcome desk_import(
    const struct job *job, const struct desk_deed *deed, const char *file, size_t *n) MUST_CHECK;

/* The whole register against its chain and its signatures. */
enum outcome desk_check(
    const struct job *job, const struct desk_deed *deed, struct registry_check *out) MUST_CHECK;

/* The status key of this register, from its file. */
enum outcome desk_status_key(
    const struct job *job, const struct desk_deed *deed, struct status_key **out) MUST_CHECK;
/* Makes the first one or the next one, when that is asked for. out: all keys, as [{"kid", "use",
 * "published", "since", "ended", "authorized_until"}]. */
enum outcome desk_keys(
    const struct job *job, const struct desk_deed *deed, json_t **out) MUST_CHECK;
/* The token lets the status key speak, and signs the entity configuration. */
enum outcome desk_authorize(
    const struct job *job, const struct desk_deed *deed, char kid[44], time_t *until) MUST_CHECK;
/* One of publish_settings. */
enum outcome desk_set(const struct job *job, const struct desk_deed *deed, const char *name,
    const char *value) MUST_CHECK;
/* Draws the site. OUT_REFUSED when it can state no status, which its pages say then. */
enum outcome desk_publish(const struct job *job, const struct desk_deed *deed, const char *folder,
    struct publish_done *out) MUST_CHECK;

/* {"id", "merchant", "company", "br_no", "trust_mark_type", "renewal", "received", "state",
 * "since", "by", "reason", "until"} */
json_t *desk_application_json(const struct registry_application *a);

#endif
