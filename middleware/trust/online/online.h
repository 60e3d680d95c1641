/* SPDX-License-Identifier: BSD-2-Clause */
/* What certificates say where to ask: OCSP, CRLs, certificates of CAs; and what marks say
 * (trust/mark/mark_site.h). This room asks nobody;
 * whoever verifies fetches, when told to. */
#ifndef ECERT_TRUST_ONLINE_H
#define ECERT_TRUST_ONLINE_H

#include "trust/list/set.h"
#include "util/message.h"

enum trust_want_kind {
	TRUST_WANT_OCSP,
	TRUST_WANT_CRL,
	TRUST_WANT_ISSUER,
	TRUST_WANT_ENTITY, /* of an issuer of marks: its configuration */
	TRUST_WANT_KEYS,   /* its keys that are over */
	TRUST_WANT_STATUS, /* what it says of a mark */
};

/* Addresses of one kind that are asked for one certificate, and certificates of CAs for a path. */
#define TRUST_WANT_ADDRESSES 2
#define TRUST_WANT_STEPS     4

/* Why nobody asks, where it is handed over to be told. */
enum trust_beyond {
	TRUST_WITHIN,
	TRUST_BEYOND_ADDRESSES, /* more than are asked of one certificate */
	TRUST_BEYOND_STEPS,	/* more certificates of CAs than are fetched for one path */
	TRUST_BEYOND_SCHEME,	/* it is not of http or https */
	TRUST_BEYOND_LENGTH,	/* url is the front of one of TRUST_WANT_URL bytes or more */
	TRUST_BEYOND_NAME,	/* no address at all: url is that name in letters */
};
#define TRUST_WANT_URL 1024

/* All are views, good until the call returns. */
struct trust_want {
	enum trust_want_kind kind;
	const char *url;    /* as the certificate (or the mark) has it: its maker's choice */
	const char *about;  /* whose certificate it is that is asked about; fit to be shown */
	struct rd request;  /* OCSP: DER, with a nonce; a status: the form */
	struct rd question; /* OCSP: the same without, which is the same for the same question; a
			       status: the form */
	bool anew;	    /* what was kept from before is of no use */
	enum trust_beyond beyond;
	size_t n; /* of those beyond in number, url the first */
};

enum trust_got {
	TRUST_GOT_NOTHING,
	TRUST_GOT_KEPT,	    /* of before, so that its nonce is another's */
	TRUST_GOT_ANSWER,   /* to this request */
	TRUST_GOT_UNNONCED, /* to the question without a nonce */
	TRUST_GOT_UNKNOWN,  /* a status: the server has none of that (HTTP 404) */
};

struct trust_online {
	/* out is empty, and takes what came: nothing for what is beyond, which is handed over to
	 * be told. */
	enum trust_got (*ask)(void *ctx, const struct trust_want *want, struct buf *out);
	/* What became of that: why NULL: it counts, and may be kept until then (0: not). Else why
	 * it is of no use: a clause, as a message's id. NULL: nobody cares. */
	void (*judged)(void *ctx, const struct trust_want *want, struct rd body, const char *why,
	    time_t until);
	void *ctx;
	/* Nothing is ever fetched: ask only learns what would be. What is missing stays missing,
	 * and is judged as without all this. */
	bool only_told;
};

/*
 * From here on, a path that lacks an issuer asks for it, and a path that is accepted asks about
 * each certificate below its anchor of which nothing of the relying party's tells whether it was
 * revoked. What comes counts by the rules for what is brought along: it completes, and never
 * loosens. A certificate that names somebody to ask, of whom no answer came that can be used,
 * leaves "revocation" unknown, but where what the document brings is about a time that is proved.
 * Errors: ECERT_E_MEMORY.
 */
enum ecert_rc trust_set_online(struct trust_set *s, const struct trust_online *o) MUST_CHECK;

#endif
