/* SPDX-License-Identifier: BSD-2-Clause */
/* The counterparty token: a fresh, signed statement of who we are, where our key lives and which
 * mark we hold (RFC 9711 in JWT form). */
#ifndef ECERT_TRUST_COUNTERPARTY_H
#define ECERT_TRUST_COUNTERPARTY_H

#include "document/identity.h"
#include "document/signer.h"
#include "trust/attestation/attestation.h"
#include "trust/mark/mark.h"
#include "trust/nonce.h"

#define COUNTERPARTY_TYP      "eat+jwt"
#define COUNTERPARTY_PROFILE  "tag:ecert-middleware,2026:counterparty:1"
#define COUNTERPARTY_MAX_LIFE 300
#define CO_RESIDENT_TYP	      "hktm-co-resident+jwt"

/* RS256, PS256 and ES256: what the profile lets a token be signed with. */
bool counterparty_alg(enum doc_sig_alg alg);

struct counterparty_options {
	const char *audience, *nonce; /* required; nonce NONCE_MIN..NONCE_MAX characters */
	const char *subject;	      /* the merchant's URL: iss and sub; required */
	time_t now;
	long lifetime;	      /* seconds, 0: 300; at most COUNTERPARTY_MAX_LIFE */
	enum doc_sig_alg alg; /* DOC_SIG_NONE: by the key; RS256, PS256, ES256 */
	/* Key evidence; slot empty (n = 0): none. attestation[0] is the slot's certificate, then F9
	 * and intermediates, as the card gives them. */
	const char *slot; /* "9a" */
	const struct rd *attestation;
	size_t attestation_n;
	/* When the attested key is another one on the same card: its signer (cert is not needed);
	 * NULL: the attested key is the signing key. */
	const struct doc_signer *co_resident;
	struct rd mark;	  /* trust mark; empty: none */
	struct rd status; /* stapled status of the mark; empty: none */
	struct rd ocsp;	  /* DER OCSPResponse of the e-Cert; empty: none */
};

/* Errors: ECERT_E_ARG (lengths), ECERT_E_DATA (the mark is not a mark), doc_sign_message's. */
enum ecert_rc counterparty_create(
    const struct doc_signer *s, const struct counterparty_options *o, struct buf *out) MUST_CHECK;

struct counterparty_expect {
	const char *audience;	  /* ours; required */
	const char *nonce;	  /* the one we gave out; required */
	const char *subject;	  /* an https URL: who has to answer; NULL: whoever has the nonce */
	struct nonce_store *used; /* NULL: replay is reported as unknown */
	time_t now;
	const struct trust_set *trust;
	enum evidence_level min_level; /* below it: refused */
	bool need_mark;		       /* without a mark and its status: refused */
	struct rd status;	       /* a status fetched by us; empty: the stapled one */
	long status_age;	       /* as in struct mark_expect */
};

/*
 * Checks in the order of the profile: 1 "form"; 2 "profile", "subject", "audience", "nonce",
 * "time"; 3 "chain", "validity", "key usage", "policy"; 4 "signature"; 5 "revocation"; 6
 * "attestation chain", "attestation statement", "attested key", "PIN policy", "evidence level"; 7
 * the mark's; 8 the status's; 9 "nonce burned", when everything before it passed. Those that make
 * no sense after a failure are listed as skipped.
 */
struct counterparty_result {
	struct report report;
	struct identity who;
	char subject[256], audience[256];
	time_t iat, exp;
	enum evidence_level level;
	const char *level_reason; /* an id: why this level and no higher */
	struct attestation attestation;
	bool has_attestation, has_mark;
	struct mark_info mark;
	char status[32]; /* that its issuer gave; empty: none */
	bool active;	 /* the mark is good, and its status says that it is in force */
};

/* A token that fails is ECERT_OK with a report that says so. Errors: ECERT_E_MEMORY, ECERT_E_ARG,
 * ECERT_E_IO (the nonce store). */
enum ecert_rc counterparty_verify(struct rd text, const struct counterparty_expect *e,
    struct counterparty_result **out) MUST_CHECK;
json_t *counterparty_json(const struct counterparty_result *r);
void counterparty_result_free(struct counterparty_result **r);

#endif
