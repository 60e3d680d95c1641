/* SPDX-License-Identifier: BSD-2-Clause */
/* What a verification found: checks by name, in the order they were made, and the verdict. */
#ifndef ECERT_DOCUMENT_REPORT_H
#define ECERT_DOCUMENT_REPORT_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "ecert/rc.h"
#include "util/text.h"

enum check_state {
	CHECK_OK,
	CHECK_FAILED,
	CHECK_SKIPPED, /* not asked for, or pointless after an earlier failure; detail says which */
	CHECK_UNKNOWN, /* needed, but what is at hand does not allow an answer */
	CHECK_STATE_COUNT
};

/* Why a check did not pass, where that decides what to do next: the same check can fail because of
 * the signer, of the CA, of whoever verifies, or of a clock. Each has a code for programs
 * (reason_code) and a sentence of advice in the command line. */
enum reason {
	REASON_NONE, /* the name of the check says it all */
	/* the document */
	REASON_NOT_A_SIGNATURE,	    /* nothing of a kind that is read here */
	REASON_IS_TOKEN,	    /* a signed token, which is verified by itself */
	REASON_NOT_SIGNED_DATA,	    /* CMS, but encrypted, a certificate or the like */
	REASON_NO_SIGNER,	    /* certificates only (.p7b), or too many */
	REASON_TRAILING,	    /* text or bytes behind or before the signature */
	REASON_TOO_MUCH,	    /* more of something than is looked at */
	REASON_NO_CONTENT,	    /* the signed file is neither inside nor named */
	REASON_CONTENT_CHANGED,	    /* the file is not the one that was signed */
	REASON_ATTRIBUTES_MISSING,  /* a signature of a profile without signed attributes */
	REASON_ATTRIBUTES_BAD,	    /* contradicting, doubled, or not in DER */
	REASON_CONTENT_TYPE,	    /* what was signed is of another kind than a document */
	REASON_ALGORITHM_OLD,	    /* a digest that can be forged today */
	REASON_DIGEST_SHORT,	    /* one that nothing is known against but its length */
	REASON_ALGORITHM_UNKNOWN,   /* not one that is known here */
	REASON_KEY_WEAK,	    /* a key below 112 bits of security */
	REASON_SIGNER_CERT_MISSING, /* the signer's certificate is not at hand */
	REASON_SIGNER_CERT_OTHER,   /* the signed attribute names another certificate */
	REASON_SIGNATURE_BAD,	    /* the mathematics say no */
	REASON_SIGNED_IN_FUTURE,    /* the claimed time is ahead of the clock here */
	/* the path */
	REASON_NO_ANCHOR,      /* nobody was named as trusted */
	REASON_UNKNOWN_CA,     /* the path ends at a root that is not trusted */
	REASON_ISSUER_MISSING, /* a CA's certificate between is missing */
	REASON_CHAIN_REFUSED,  /* the path breaks a rule of its own certificates */
	REASON_NOT_YET_VALID,  /* before the certificate begins */
	REASON_EXPIRED_THEN,   /* was over when it was signed */
	REASON_EXPIRED_SINCE,  /* was good then, is over now */
	REASON_USAGE,	       /* the certificate is not for signing documents */
	REASON_POLICY,	       /* not a policy that is trusted, or not at that time */
	/* revocation */
	REASON_REVOKED,
	REASON_REVOCATION_MISSING, /* none is there for this certificate */
	REASON_REVOCATION_STALE,   /* too old, or from the future */
	REASON_REVOCATION_BAD,	   /* not signed by whom it has to be, or unreadable */
	/* what a token or an issuer of marks states */
	REASON_ATTESTATION_BAD,	 /* the token's statement or its attestation certificate itself */
	REASON_ISSUER_CERT_TIME, /* the certificate of its issuer (or owner) is not in force */
	REASON_ISSUER_KID,	 /* a trusted key under a kid that is not known for it */
	REASON_ISSUER_UNPINNED,	 /* a trusted key that is not bound to the issuer's URL */
	REASON_MARK_UNBOUND,	 /* granted to no certificate, or in a way that is not known here */
	REASON_COUNT
};

struct check {
	const char *name; /* static: "signature value" */
	enum check_state state;
	enum reason reason;
	char detail[256]; /* one clause without a full stop, printable UTF-8; may be empty */
};

#define REPORT_MAX 48

struct report {
	size_t n;
	struct check checks[REPORT_MAX];
	bool overflow; /* more than REPORT_MAX: counts as failed */
};

/* As in ETSI EN 319 102-1, 5.1.3. */
enum verdict { VERDICT_PASSED, VERDICT_INDETERMINATE, VERDICT_FAILED };

void report_init(struct report *r);
/* Appends; control bytes in the text are shown as '?'. name must be static. */
void report_add(struct report *r, const char *name, enum check_state state, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
/* The same with its reason. */
void report_add_why(struct report *r, const char *name, enum check_state state, enum reason reason,
    const char *fmt, ...) __attribute__((format(printf, 5, 6)));
/* CHECK_OK when good, else CHECK_FAILED; returns good. */
bool report_test(struct report *r, const char *name, bool good, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
/* The first check with this name; NULL when it was not made. */
const struct check *report_find(const struct report *r, const char *name);
/* Failed when one check failed (or there is none at all), indeterminate when one is unknown. */
enum verdict report_verdict(const struct report *r);
/* The first failed check, else the first unknown one; NULL when there is none. */
const struct check *report_reason(const struct report *r);

/* What a check is for this reason: CHECK_UNKNOWN where the document is of another profile, older or
 * not complete, CHECK_FAILED where something in it is wrong (EN 319 102-1, 5.1.3). */
enum check_state reason_state(enum reason reason);
/* "content-changed": stable, for programs; "" for REASON_NONE. */
const char *reason_code(enum reason reason);
/* "ok", "failed", "skipped", "unknown"; "passed", "indeterminate", "failed". Never NULL. */
const char *check_state_name(enum check_state s);
const char *verdict_name(enum verdict v);
/* [{"check":, "state":, "detail":, "reason": when there is one}, ...]; the caller owns it; NULL
 * when memory is out. */
json_t *report_json(const struct report *r);

#endif
