/* SPDX-License-Identifier: BSD-2-Clause */
/* What a verification found: checks by name, in the order they were made, and the verdict. */
#ifndef ECERT_DOCUMENT_REPORT_H
#define ECERT_DOCUMENT_REPORT_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "ecert/rc.h"
#include "util/message.h"
#include "util/text.h"

/* What was looked at. Its name for programs (check_name) never changes; for people it is worded
 * like a sentence. */
enum check_name {
	CHK_NONE,
	/* a signature */
	CHK_STRUCTURE,
	CHK_SIGNED_ATTRIBUTES,
	CHK_CONTENT_DIGEST,
	CHK_SIGNING_CERTIFICATE,
	CHK_SIGNATURE_VALUE,
	CHK_BYTE_RANGE,
	CHK_LATER_CHANGES,
	CHK_TIME_STAMP,
	CHK_IMPRINT,
	CHK_HASH_INDEX,
	CHK_COUNTER_SIGNATURE,
	CHK_SIGNING_TIME,
	CHK_SIGNER,
	CHK_SIGNER_ASKED,
	/* a certificate */
	CHK_CHAIN,
	CHK_VALIDITY,
	CHK_KEY_USAGE,
	CHK_POLICY,
	CHK_REVOCATION,
	CHK_REVOCATION_NOT_USED,
	CHK_INVALIDITY_DATE,
	/* any signed token */
	CHK_FORM,
	CHK_EVERYTHING_ELSE,
	CHK_PROFILE,
	CHK_SUBJECT,
	CHK_AUDIENCE,
	CHK_NONCE,
	CHK_TIME,
	CHK_SIGNATURE,
	CHK_KIND,
	/* a token's key */
	CHK_ATTESTATION_CHAIN,
	CHK_ATTESTATION_STATEMENT,
	CHK_ATTESTED_KEY,
	CHK_PIN_POLICY,
	CHK_EVIDENCE_LEVEL,
	/* a trust mark */
	CHK_MARK,
	CHK_MARK_FORM,
	CHK_MARK_ISSUER,
	CHK_MARK_TYPE,
	CHK_MARK_SUBJECT,
	CHK_MARK_TIME,
	CHK_MARK_SIGNATURE,
	CHK_MARK_DELEGATION,
	CHK_MARK_HOLDER,
	CHK_ISSUER_CONFIGURATION,
	/* its status, and what else a counterparty brings */
	CHK_STATUS,
	CHK_STATUS_CHOICE,
	CHK_STATUS_FORM,
	CHK_STATUS_ISSUER,
	CHK_STATUS_SIGNATURE,
	CHK_STATUS_MARK,
	CHK_STATUS_TIME,
	CHK_STATUS_AGE,
	CHK_STATUS_VALUE,
	CHK_OCSP_RESPONSE,
	CHK_NONCE_BURNED,
	/* a renewal request */
	CHK_REQUEST_FILE,
	CHK_CONTENT,
	CHK_FILE_LIST,
	CHK_PREVIOUS_MARK,
	CHK_BUSINESS_NUMBER,
	CHK_REPLAY,
	/* a trust list */
	CHK_TRUST_LIST_FORM,
	CHK_TRUST_LIST_SIGNATURE,
	CHK_TRUST_LIST_TIME,
	CHK_TRUST_LIST_SIGNER,
	CHK_TRUST_LIST_ENTRIES,
	CHK_TRUST_LIST_ORDER,
	CHK_COUNT
};

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
	REASON_DAMAGED,		    /* it begins as a signature, and goes on as none */
	REASON_IS_TOKEN,	    /* a signed token, which is verified by itself */
	REASON_NOT_SIGNED_DATA,	    /* CMS, but encrypted, a certificate or the like */
	REASON_NO_SIGNER,	    /* certificates only (.p7b), or too many */
	REASON_TRAILING,	    /* text or bytes behind or before the signature */
	REASON_TOO_MUCH,	    /* more of something than is looked at */
	REASON_FORMAT_BROKEN,	    /* it breaks the rules of its own format */
	REASON_NO_CONTENT,	    /* the signed file is neither inside nor named */
	REASON_NOT_BESIDE,	    /* ... nor where the signature says, beside it */
	REASON_CONTENT_CHANGED,	    /* the file is not the one that was signed */
	REASON_TEXT_FORM,	    /* it is, but for the ends of its lines */
	REASON_ATTRIBUTES_MISSING,  /* a signature of a profile without signed attributes */
	REASON_ATTRIBUTES_BAD,	    /* contradicting, doubled, or not in DER */
	REASON_SIGNED_PART,	    /* the signed message is a part of another one */
	REASON_CONTENT_TYPE,	    /* what was signed is of another kind than a document */
	REASON_ALGORITHM_OLD,	    /* a digest that can be forged today */
	REASON_DIGEST_SHORT,	    /* one that nothing is known against but its length */
	REASON_ALGORITHM_UNKNOWN,   /* not one that is known here */
	REASON_KEY_WEAK,	    /* a key below 112 bits of security */
	REASON_SIGNER_CERT_MISSING, /* the signer's certificate is not at hand */
	REASON_SIGNER_CERT_OTHER,   /* the signed attribute names another certificate */
	REASON_SIGNATURE_BAD,	    /* the mathematics say no */
	REASON_SIGNED_IN_FUTURE,    /* the claimed time is ahead of the clock here */
	REASON_BYTE_RANGE,	    /* a signed PDF whose signature leaves out what it may not */
	REASON_CHANGED_LATER,	    /* a signed PDF was changed in what nobody may change then */
	REASON_CHANGES_UNREAD,	    /* it was changed, and nobody could look at what */
	REASON_CRITICAL_UNKNOWN,    /* it asks for something that this version does not know */
	REASON_PROFILE_UNMET,	    /* it breaks a rule of the kind that it says it is */
	REASON_PART_SIGNED,	    /* a part of an XML document is signed, and others are not */
	REASON_WRAPPED,		    /* what is signed is not what the document shows */
	/* the path */
	REASON_NO_ANCHOR,	  /* nobody was named as trusted */
	REASON_UNKNOWN_CA,	  /* the path ends at a root that is not trusted */
	REASON_ISSUER_MISSING,	  /* a CA's certificate between is missing */
	REASON_CHAIN_REFUSED,	  /* the path breaks a rule of its own certificates */
	REASON_NOT_YET_VALID,	  /* before the certificate begins, by somebody's word or clock */
	REASON_NOT_YET_PROVED,	  /* the same, and a time stamp proves it */
	REASON_EXPIRED_THEN,	  /* was over when it was signed, by the signer's own word */
	REASON_EXPIRED_PROVED,	  /* the same, and a time stamp proves it */
	REASON_EXPIRED_SINCE,	  /* was good then, is over now */
	REASON_EXPIRED_UNREVOKED, /* the same, and it is known not to be revoked */
	REASON_ANCHOR_ENDED,	  /* whom it ends at was trusted until a day that is over */
	REASON_USAGE,		  /* the certificate is not for signing documents */
	REASON_POLICY,		  /* not a policy that is trusted, or not at that time */
	/* revocation */
	REASON_REVOKED, /* the signer's certificate, at a time that need not be before it signed */
	REASON_REVOKED_THEN,   /* it was when it was signed, by the signer's own word */
	REASON_REVOKED_PROVED, /* the same, and a time stamp proves it */
	REASON_CA_REVOKED,
	REASON_SUSPENDED,	       /* on hold, itself or a CA: it may be good again */
	REASON_REVOCATION_MISSING,     /* none is there for this certificate */
	REASON_REVOCATION_STALE,       /* too old, or from the future */
	REASON_REVOCATION_BAD,	       /* not signed by whom it has to be, or unreadable */
	REASON_REVOCATION_SIGNER_BAD,  /* the certificate that signed what is at hand: revoked,
					  say, or not for that */
	REASON_REVOCATION_SIGNER_OVER, /* who signed what is at hand was in force then, and is over
					  now */
	/* a time stamp */
	REASON_STAMP_UNREADABLE, /* not a time-stamp token, or damaged */
	REASON_STAMP_OTHER,	 /* it is about something else than what it stands at */
	REASON_STAMP_INDEX,	 /* an archive time stamp covers what is not there (any more) */
	REASON_STAMP_FUTURE,	 /* it claims a time ahead of the clock here */
	REASON_STAMP_ORDER,	 /* an archive time stamp from before what it covers */
	REASON_STAMP_USAGE,	 /* the certificate is not for time stamps, or not for them alone */
	/* what a token or an issuer of marks states */
	REASON_ATTESTATION_BAD,	 /* the token's statement or its attestation certificate itself */
	REASON_ISSUER_CERT_TIME, /* the certificate of its issuer (or owner) is not in force */
	REASON_ISSUER_KID,	 /* a trusted key under a kid that is not known for it */
	REASON_ISSUER_UNPINNED,	 /* a trusted key that is not bound to the issuer's URL */
	REASON_MARK_UNBOUND,	 /* granted to no certificate, or in a way that is not known here */
	REASON_COUNT
};

struct check {
	const char *name; /* static: "signature value", as JSON has it; a message's id for people */
	enum check_name id;
	enum check_state state;
	enum reason reason;
	struct message_kept what; /* one clause without a full stop; its id may be empty */
	char detail[256];	  /* the same in English, printable UTF-8 */
	bool has_anchor;
	uint8_t anchor[32]; /* SHA-256 of the trusted certificate that it came down to */
};

#define REPORT_MAX 48

/* Its checks are nobody's from n on, and 45 kB: who has a report in a struct puts it last, and
 * clears what is in front of them (REPORT_CLEAR). */
struct report {
	size_t n;
	bool overflow; /* more than REPORT_MAX: counts as failed */
	struct check checks[REPORT_MAX];
};
#define REPORT_CLEAR(p) memset((p), 0, (size_t)((uint8_t *)(p)->report.checks - (uint8_t *)(p)))

/* As in ETSI EN 319 102-1, 5.1.3. */
enum verdict { VERDICT_PASSED, VERDICT_INDETERMINATE, VERDICT_FAILED };

void report_init(struct report *r);
/* Appends; what outside texts in the message may not show (util/text.h) becomes '?'. */
void report_add(
    struct report *r, enum check_name name, enum check_state state, const struct message *m);
/* The same with its reason. */
void report_add_why(struct report *r, enum check_name name, enum check_state state,
    enum reason reason, const struct message *m);
/* CHECK_OK when good, else CHECK_FAILED; returns good. */
bool report_test(struct report *r, enum check_name name, bool good, const struct message *m);
/* The check that was added last came down to this trusted certificate. */
void report_came_to(struct report *r, const uint8_t sha256[32]);
/* A check of another report, as it is. */
void report_copy(struct report *r, const struct check *c);
/* All of another report. */
void report_append(struct report *r, const struct report *from);
/* One that stands alone. */
void check_set(struct check *c, enum check_name name, enum check_state state, enum reason reason,
    const struct message *m);
/* The first check of this kind; NULL when it was not made. report_find: by its name for programs.
 */
const struct check *report_get(const struct report *r, enum check_name name);
const struct check *report_find(const struct report *r, const char *name);
/* The verdict, and the check that decided it; NULL when none did (document/verdict.h has both, and
 * the standard's word for it). */
enum verdict report_verdict(const struct report *r);
const struct check *report_reason(const struct report *r);
/* Of the checks from `from` on, the first that says no to anything but revocation, of which whoever
 * gathers proofs finds out by himself; NULL: none does. */
const struct check *report_refusal(const struct report *r, size_t from);
/* For what goes on with it: failed when a check failed, or none is good, whatever the verdict makes
 * of that; indeterminate when one is unknown. */
enum verdict report_strict(const struct report *r);

/* What a check is for this reason: CHECK_UNKNOWN where the document is of another profile, older or
 * not complete, CHECK_FAILED where something in it is wrong (EN 319 102-1, 5.1.3). */
enum check_state reason_state(enum reason reason);
/* "signature value": stable; "" for CHK_NONE. */
const char *check_name(enum check_name name);
/* "content-changed": stable, for programs; "" for REASON_NONE. */
const char *reason_code(enum reason reason);
/* "ok", "failed", "skipped", "unknown"; "passed", "indeterminate", "failed". Never NULL. */
const char *check_state_name(enum check_state s);
const char *verdict_name(enum verdict v);
/* {"check":, "state":, "detail":, "reason": when there is one}, and all of a report in an array;
 * the caller owns it; NULL when memory is out. */
json_t *check_json(const struct check *c);
json_t *report_json(const struct report *r);

#endif
