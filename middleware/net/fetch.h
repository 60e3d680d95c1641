/* SPDX-License-Identifier: BSD-2-Clause */
/* One thing fetched from somebody else's server, by rules that the address cannot bend. */
#ifndef ECERT_NET_FETCH_H
#define ECERT_NET_FETCH_H

#include <stdint.h>

#include "net/account.h"
#include "util/buf.h"
#include "util/strlist.h"

enum net_kind {
	NET_OCSP,   /* POST of a request; GET when there is none */
	NET_CRL,    /* GET */
	NET_ISSUER, /* GET: a certificate, or several */
	NET_STAMP,  /* POST: a time stamp */
	/* Of issuers of marks, by https where the relying party does not name the host: */
	NET_ENTITY,	    /* GET: its configuration */
	NET_KEYS,	    /* GET: its keys that are over */
	NET_STATUS_OF_MARK, /* POST of a form */
	NET_EVIDENCE,	    /* GET: what an application for a mark points to */
	NET_KINDS
};

enum net_outcome {
	NET_OK,
	NET_URL_REFUSED,      /* not a URL that is asked (net/url.h) */
	NET_ADDRESS_REFUSED,  /* it is at an address that is not public (net/address.h) */
	NET_REDIRECT_REFUSED, /* led to such a URL, or too often elsewhere */
	NET_UNREACHABLE,      /* no such name, or nobody answers there */
	NET_TLS,	      /* its certificate is not that of the host */
	NET_TIMEOUT,
	NET_TOO_LARGE,
	NET_STATUS,	/* an HTTP status other than 200 */
	NET_BROKEN,	/* no HTTP, ended early, or nothing in it */
	NET_LIMIT,	/* the budget is used up: nothing was asked */
	NET_RUN_LIMIT,	/* so is that of the run (net/account.h) */
	NET_HOST_LIMIT, /* or of the run for this host */
	NET_CANCELLED,
	NET_NO_LIBRARY, /* libcurl is not on this machine */
	NET_MEMORY,
	NET_OUTCOMES
};

/* What the relying party says. All are views. */
struct net_rules {
	const struct strlist *allow;  /* HOST[:PORT] that may be anywhere; NULL: nobody */
	unsigned seconds;	      /* for one fetch, with all its redirects; 0: 10 */
	bool (*cancelled)(void *ctx); /* NULL: never */
	void *ctx;
};

/* What may still be spent: a verification has one, since whoever signs chooses the addresses. */
struct net_budget {
	unsigned requests; /* redirects count */
	uint64_t bytes;
	int64_t until;		 /* by clock_ms; 0: not begun */
	struct net_account *run; /* the whole run's, which this one is a part of; NULL: none */
};
#define NET_BUDGET_REQUESTS 16u
#define NET_BUDGET_BYTES    (96u << 20)
#define NET_BUDGET_SECONDS  60
void net_budget_begin(struct net_budget *b);

struct net_request {
	enum net_kind kind;
	const char *url;
	struct rd body; /* empty: GET */
};

struct net_told {
	long status;   /* of HTTP, the last one; 0: none came */
	char url[256]; /* where a redirect led to last, cut; empty: there was none */
};

/* The most bytes of one answer. */
size_t net_kind_max(enum net_kind kind);
/* It is by https, where the relying party does not name the host. */
bool net_kind_tls(enum net_kind kind);

/* What would surely come of asking, of a relying party that names no hosts: NET_URL_REFUSED,
 * NET_ADDRESS_REFUSED; NET_OK: that is not known before. Nobody is asked, not for a name either. */
enum net_outcome net_foresee(enum net_kind kind, const char *url) MUST_CHECK;

/* Fetches into out, which is empty unless NET_OK comes back. told may be NULL. */
enum net_outcome net_fetch(const struct net_rules *rules, struct net_budget *left,
    const struct net_request *q, struct buf *out, struct net_told *told) MUST_CHECK;

/* "address-refused": stable, for programs; "ok". Never NULL. */
const char *net_outcome_name(enum net_outcome o);
/* A clause for people: a message's id. */
const char *net_outcome_words(enum net_outcome o);
/* False: nobody was asked, which the words say. */
bool net_outcome_is_asked(enum net_outcome o);

#endif
