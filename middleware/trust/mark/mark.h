/* SPDX-License-Identifier: BSD-2-Clause */
/* Trust marks, delegations and status answers of OpenID Federation 1.0, sections 7 and 8.4. */
#ifndef ECERT_TRUST_MARK_H
#define ECERT_TRUST_MARK_H

#include "document/signer.h"
#include "trust/list/set.h"

#define TRUST_MARK_TYP		  "trust-mark+jwt"
#define TRUST_MARK_DELEGATION_TYP "trust-mark-delegation+jwt"
#define TRUST_MARK_STATUS_TYP	  "trust-mark-status-response+jwt"
/* A status is stale after this many seconds, whatever exp its issuer gave it, unless the relying
 * party says otherwise: issuers sign a new one every day. */
#define TRUST_MARK_STATUS_MAX_AGE (24 * 3600L)
/* No issuer signs one for longer with this program. */
#define TRUST_MARK_STATUS_MAX_LIFE (7 * 24 * 3600L)
/* Clocks may differ by this many seconds. */
#define TRUST_CLOCK_SKEW 60

/* kid of a certificate in this profile: x5t#S256. Errors: ECERT_E_CRYPTO. */
enum ecert_rc trust_kid(struct rd cert, char out[44]) MUST_CHECK;

struct mark_config;

struct mark_grant {
	const char *iss, *sub, *type; /* required */
	const char *jti;	      /* NULL: made here */
	const char *kid;	      /* NULL: trust_kid of the signer's certificate */
	const char *logo_uri, *ref;   /* NULL: none */
	const char *delegation;	      /* JWS; NULL: none */
	struct rd request;	      /* the renewal request; empty: none */
	struct rd holder_cert;	      /* DER, for cnf; empty: none */
	time_t now, exp;	      /* exp 0: one year; never more */
};

/* 7.1. Errors: ECERT_E_ARG, doc_sign_message's. */
enum ecert_rc mark_issue(
    const struct doc_signer *s, const struct mark_grant *g, struct buf *out) MUST_CHECK;
/* 7.2.1: the owner (iss) lets the issuer (sub) issue marks of a type. exp 0: none. */
enum ecert_rc mark_delegate(const struct doc_signer *s, const char *owner, const char *issuer,
    const char *type, time_t now, time_t exp, struct buf *out) MUST_CHECK;
/* 8.4. What an issuer says of a mark. */
struct mark_status {
	const char *iss;    /* the issuer */
	struct rd mark;	    /* its text, as it was issued */
	const char *status; /* "active", "expired", "revoked", "invalid", "suspended" */
	const char *reason; /* for people; NULL: none is given */
	time_t iat, exp;    /* exp 0: a day after iat */
};
/* Errors: ECERT_E_ARG (one of the first three is missing, or it ends before it begins),
 * doc_sign_message's. */
enum ecert_rc mark_status_issue(
    const struct doc_signer *s, const struct mark_status *m, struct buf *out) MUST_CHECK;

struct mark_info {
	char iss[256], sub[256], type[256], id[128];
	time_t iat, exp; /* exp 0: none */
	bool has_cnf, delegated;
	char owner[256]; /* when delegated */
};

struct mark_expect {
	const char *sub;  /* who presents it; NULL: not asked */
	const char *type; /* NULL: any */
	struct rd holder; /* DER of the presenter's certificate; empty: cnf is not checked */
	time_t now;
	const struct trust_set *trust;
	long status_age; /* seconds that a status may be old; 0: TRUST_MARK_STATUS_MAX_AGE */
	/* What the issuer says of itself (trust/mark/mark_site.h): completes, and never loosens.
	 * NULL: nothing. */
	const struct mark_config *config;
	/* The keys of issuers count beyond their certificates: an issuer looks at its own marks. */
	bool ended_keys;
};

/*
 * 7.3. Checks into rep: "mark form", "mark issuer", "mark type", "mark subject", "mark time", "mark
 * signature", "mark delegation", "mark holder". out may be NULL. True: none failed.
 */
bool mark_verify(
    struct rd text, const struct mark_expect *e, struct mark_info *out, struct report *rep);
/* 8.4: "status form", "status signature", "status mark" (byte-equal), "status time", "status
 * value"; "status age" when it is too old. value (may be NULL) gets the status text when everything
 * before it is good, else "": what somebody else says, or said long ago, is no status. True: the
 * mark is active. */
bool mark_status_verify(struct rd text, struct rd mark, const struct mark_expect *e, char value[32],
    struct report *rep);
/* Of two statuses of one mark, the relying party's and the presenter's, the one that decides: the
 * newer one that the issuer signed, and of two of one second the one that is not active. Check
 * "status choice". */
struct rd mark_status_choose(struct rd ours, struct rd theirs, struct rd mark,
    const struct mark_expect *e, struct report *rep);
/* Why it has this value, for people (hktm_reason), scrubbed; empty: it does not say. Of a status
 * that mark_status_verify gave a value of. */
void mark_status_reason(struct rd text, char out[256]);
json_t *mark_json(const struct mark_info *m);

struct mark_delegation {
	char owner[256];
	char kid[128];	  /* as it names its key */
	time_t iat, exp;  /* exp 0: none */
	bool owner_known; /* the type has an owner in the trust set, whose signature was checked */
	const struct trust_entry *by; /* the owner's key, as long as the trust set */
	struct message_kept why;      /* what is wrong */
};
/* Does this delegation let the issuer issue marks of the type? False with out->why. */
bool mark_delegation_good(struct rd text, const char *issuer, const char *type,
    const struct mark_expect *e, struct mark_delegation *out);
/* A status as its holder can judge it, who does not pin the issuer's key: "status form", "status
 * mark", "status time", "status value". True: it says of this very mark that it is active. */
bool mark_status_fits(struct rd text, struct rd mark, time_t now, struct report *rep);

#endif
