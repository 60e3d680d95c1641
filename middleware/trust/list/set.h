/* SPDX-License-Identifier: BSD-2-Clause */
/* What is trusted and for what: entries from a signed list or given explicitly, and CRLs. */
#ifndef ECERT_TRUST_SET_H
#define ECERT_TRUST_SET_H

#include <openssl/x509.h>
#include <stdint.h>
#include <time.h>

#include "document/algorithms.h"
#include "document/path.h"
#include "document/report.h"
#include "util/message.h"
#include "util/rd.h"

enum trust_purpose {
	TRUST_ECERT_SIGNING = 1 << 0, /* "ecert-signing": CAs of signing certificates */
	TRUST_MARK_ISSUER = 1 << 1,   /* "trustmark-issuer": keys of trust-mark issuers */
	TRUST_MARK_OWNER = 1 << 2,    /* "trustmark-owner": keys of owners of a mark type */
	TRUST_ATTESTATION = 1 << 3,   /* "attestation-root": roots, or pinned F9 certificates */
	TRUST_TSA = 1 << 4,	      /* "tsa": CAs of TSAs, or TSAs themselves */
};

/* Where an entry came from. A root marked TEST counts only when it was given explicitly. */
enum trust_origin { TRUST_FROM_LIST, TRUST_EXPLICIT };

/* Whose word it is. */
enum trust_source {
	TRUST_OF_LINE,	 /* said for this one deed */
	TRUST_OF_PERSON, /* the person's own store */
	TRUST_OF_MACHINE /* the store of this computer */
};

#define TRUST_POLICIES 16

struct trust_entry {
	char name[128];
	unsigned purposes; /* enum trust_purpose, or-ed */
	enum trust_origin origin;
	enum trust_source source;
	const char *option; /* static: "--anchor"; NULL: of a store */
	char file[256];	    /* behind it, as it was named; may be cut */
	char list[256];	    /* the publisher of the list that names it; empty: none does */
	uint8_t sha256[32]; /* of the certificate */
	X509 *cert;	    /* NULL when the list gives the SHA-256 only */
	/* Dotted OIDs, one of which the leaf must hold; none: any; "1.2.*": all below 1.2. */
	char *policies[TRUST_POLICIES];
	size_t policies_n;
	char type[128];	     /* of certificates ("mutual-recognition organisational") or empty */
	bool declares_token; /* its policy says that keys are in tokens: level "declared" */
	time_t from, until;  /* 0: not limited */
	/* Issuer or owner URL; empty: not bound to one, and for an issuer: speaks for every URL
	 * that no other issuer's key is bound to. */
	char entity[256];
	char kid[128]; /* empty in explicit entries: x5t#S256 of the certificate */
	char *mark_types[TRUST_POLICIES]; /* owner: the types owned; issuer: those allowed (none:
					     any) */
	size_t mark_types_n;
};

struct trust_set;

/* An empty set; trusts nobody. Errors: ECERT_E_MEMORY. */
enum ecert_rc trust_set_new(struct trust_set **out) MUST_CHECK;
void trust_set_free(struct trust_set **s);

/* One certificate, explicitly; entity may be NULL. Errors: ECERT_E_MALFORMED, ECERT_E_MEMORY. */
enum ecert_rc trust_set_add_der(struct trust_set *s, struct rd der, unsigned purposes,
    enum trust_origin origin, const char *entity) MUST_CHECK;
/* Every certificate of a PEM (or one DER) file. Errors: ECERT_E_IO, ECERT_E_MALFORMED. */
enum ecert_rc trust_set_add_file(struct trust_set *s, const char *path, unsigned purposes,
    enum trust_origin origin, const char *entity) MUST_CHECK;
/* As trust_set_add_file for an owner's certificate and the one mark type that it owns. */
enum ecert_rc trust_set_add_owner_file(
    struct trust_set *s, const char *path, const char *entity, const char *mark_type) MUST_CHECK;
/* Every CRL of a file, in PEM or DER, of up to 64 MiB each. Errors: ECERT_E_IO, ECERT_E_NOT_FOUND,
 * ECERT_E_MALFORMED (not one CRL, or something in it that is damaged: nothing is added then),
 * ECERT_E_TOO_LARGE, ECERT_E_MEMORY. */
enum ecert_rc trust_set_add_crl_file(struct trust_set *s, const char *path) MUST_CHECK;
enum ecert_rc trust_set_add_crl(struct trust_set *s, struct rd der) MUST_CHECK;
/* A DER OCSPResponse, about whichever certificate; one a set. Errors: ECERT_E_EXISTS,
 * ECERT_E_MALFORMED (not one), ECERT_E_MEMORY. */
enum ecert_rc trust_set_add_ocsp(struct trust_set *s, struct rd der) MUST_CHECK;
/* Intermediate certificates that may help to build a chain; not trusted by themselves. */
enum ecert_rc trust_set_add_helper_file(struct trust_set *s, const char *path) MUST_CHECK;

/* Which lists of a publisher are too old to count, and what was read. */
struct trust_list_order {
	const char *store; /* folder that remembers the newest list seen; made (0700) when it is not
			      there; NULL: lists are not compared with those seen before */
	int64_t least;	   /* a list with a lower seq is refused; 0: any */
	char iss[256];	   /* out, from here on: who publishes it */
	int64_t seq;	   /* its number */
	time_t iat;	   /* when it was signed */
	bool first;	   /* nothing of this publisher was remembered */
};

/*
 * A signed trust list (see list.h for its format): checks "trust list ..." in rep; on a failure
 * nothing is added. signer: PEM or DER file of the pinned list signer's certificate. order may be
 * NULL. Errors: ECERT_E_IO, ECERT_E_NOT_FOUND (no such file), ECERT_E_MALFORMED,
 * ECERT_E_BAD_SIGNATURE, ECERT_E_DENIED (expired, wrong signer, older than one seen before).
 */
enum ecert_rc trust_set_add_list_file(struct trust_set *s, const char *path, const char *signer,
    time_t now, struct trust_list_order *order, struct report *rep) MUST_CHECK;

/* The entries from this one on came from there. */
void trust_set_came_from(struct trust_set *s, size_t first, enum trust_source source);
/* And were said by an option (static) with this file. */
void trust_set_said_by(struct trust_set *s, size_t first, const char *option, const char *file);
/* The entry with this certificate, one for the purposes (or-ed) before others; NULL: none. */
const struct trust_entry *trust_set_find(
    const struct trust_set *s, const uint8_t sha256[32], unsigned purposes);
/* What a sentence calls an entry: its name, and of whose store it is. A view of e. */
struct message trust_entry_called(const struct trust_entry *e);
/* From now on nobody passes of whom it is not known that he is not revoked, nor a CA below the
 * anchor. */
void trust_set_need_revocation(struct trust_set *s);
size_t trust_set_count(const struct trust_set *s);
const struct trust_entry *trust_set_entry(const struct trust_set *s, size_t i);
/* An entry for one of the purposes, by kid (its own, x5t#S256 of its certificate, or its key's
 * thumbprint, RFC 7638), valid at the time; NULL when there is none. */
const struct trust_entry *trust_set_by_kid(
    const struct trust_set *s, unsigned purpose, const char *kid, time_t at);
/* The owner of a mark type; NULL when the type has none. */
const struct trust_entry *trust_set_owner(const struct trust_set *s, const char *mark_type);

/* The mark issuers that were named without a URL are this one's: its earlier certificates, say. */
void trust_set_bind_issuers(struct trust_set *s, const char *entity);

/* Until when algorithms of chains, CRLs and OCSP responses are relied on, instead of the standard's
 * (document/algorithms.h). */
void trust_set_algorithms(struct trust_set *s, const struct algorithm_policy *p);

/* From here on judgements of paths are kept and given again to the same question (memo.h), until
 * something is added to the set. For one thread. */
void trust_set_remember(struct trust_set *s);

/* The document room's seam on this set, for TRUST_ECERT_SIGNING, and for time stamps (see
 * trust/timestamp/tsa.h). Valid while s is. */
struct doc_path trust_set_path(const struct trust_set *s);

#endif
