/* SPDX-License-Identifier: BSD-2-Clause */
/* Key attestation of PIV tokens in Yubico's format, and the levels of evidence. */
#ifndef ECERT_TRUST_ATTESTATION_H
#define ECERT_TRUST_ATTESTATION_H

#include "trust/list/set.h"

/* In growing order; "in hardware" is never said without more. */
enum evidence_level {
	EVIDENCE_NONE,
	EVIDENCE_DECLARED,    /* a mutual-recognition policy says so */
	EVIDENCE_CO_RESIDENT, /* possession of a token with another, attested key is proved */
	EVIDENCE_ATTESTED,    /* the key itself was generated in the token */
	EVIDENCE_COUNT
};

/* "none", "declared", "co-resident", "attested". */
const char *evidence_name(enum evidence_level l);
/* False for an unknown name. */
bool evidence_by_name(const char *name, enum evidence_level *out);

#define PIN_POLICY_NEVER 1
#define ATTESTATION_MAX	 8

/* What the token states; a field that the certificate does not hold has its has_ flag false. */
struct attestation {
	bool has_firmware, has_serial, has_policy, has_form, has_counter, fips;
	uint8_t firmware[3];
	uint64_t serial;
	uint8_t pin_policy, touch_policy; /* as they are: newer firmware adds values */
	uint8_t form_factor;
	uint64_t counter; /* signatures made with the key so far (our applet) */
	bool test_root;	  /* the chain ends in a root that is marked TEST */
	bool pinned;	  /* the F9 certificate itself was the anchor */
	/* The chain ends in a pinned F9 certificate, which proves that this token holds the key;
	 * what the token says of the key's origin is not believed, since nobody vouches for its
	 * maker. */
	bool enrolled;
	char root[128]; /* name of the entry that accepted the chain */
};

/*
 * slot: the attestation certificate of a key; others: F9 and intermediates. Checks "attestation
 * chain", "attestation statement" into rep. True: the key in `slot` was generated in the token and
 * the chain is trusted. out is filled as far as it could be read. The certificates' validity times
 * are not judged: a card has no clock.
 */
bool attestation_check(const struct trust_set *s, struct rd slot, const struct rd *others, size_t n,
    time_t now, struct attestation *out, struct report *rep);
/* The statement's extensions alone. Errors: ECERT_E_MALFORMED. */
enum ecert_rc attestation_read(struct rd slot, struct attestation *out) MUST_CHECK;
/* A token's statement about a key in one of its slots? */
bool attestation_is_statement(const X509 *x);
/* The same public key in both certificates? */
bool attestation_same_key(struct rd a, struct rd b);
json_t *attestation_json(const struct attestation *a);

#endif
