/* SPDX-License-Identifier: BSD-2-Clause */
/* Asking online for what a verification lacks, when the relying party says so; and what would be
 * asked, when it does not. */
#ifndef ECERT_ACTIONS_ONLINE_H
#define ECERT_ACTIONS_ONLINE_H

#include <jansson.h>

#include "trust/list/set.h"
#include "ui/job.h"

/* What the relying party says; NULL and 0: nothing. */
struct online_options {
	bool on;
	struct strlist allow; /* HOST[:PORT] that may be in a private network */
	const char *cache;    /* a folder; NULL: the user's own */
	long seconds;	      /* for one fetch; 0: 10 */
	long limit;	      /* requests of the whole run; 0: ONLINE_LIMIT */
	bool anew;	      /* nothing that was kept from before is of use */
};

/* One thing that was asked, or would be. */
struct online_fetch {
	/* "ocsp", "crl", "issuer", "entity", "historical-keys", "mark-status": stable, for programs
	 */
	const char *kind;
	char *url, *about;
	/* "ok", "not-used", or why nothing came (net/fetch.h; "certificate-limit", "url-too-long",
	 * "no-url"); NULL: not asked, and would be */
	const char *outcome;
	size_t more; /* of "certificate-limit": so many addresses besides this one */
	bool cached;
	size_t bytes;
	long status;  /* of HTTP; 0: none */
	char *led_to; /* where a redirect led to last, cut; NULL: there was none; owned */
};

struct online_result {
	bool on;
	size_t n;
	struct online_fetch *v; /* owned */
};
void online_result_free(struct online_result *r);
/* What --online would ask: how many, and the first of them. */
size_t online_would(const struct online_result *r, const struct online_fetch **first);
/* Addresses were named, and nobody was asked at any, nor would be. */
bool online_nobody(const struct online_result *r);
/* The nth of those that it would not, either; NULL: there are no more. Its words: why, and what
 * helps. */
const struct online_fetch *online_never(const struct online_result *r, size_t n);
const char *online_never_words(const struct online_fetch *f);

/* The most requests of a run, however many files and processes it has; half of them of one host.
 * The bytes and the time of the run go by it. */
#define ONLINE_LIMIT	 4000
#define ONLINE_LIMIT_MAX 1000000

/* Checks the options, and opens the account that all files of a run share; *run stays NULL when
 * nothing is asked. Reports its errors. */
struct net_account;
enum outcome online_run_begin(
    const struct job *job, const struct online_options *o, struct net_account **run) MUST_CHECK;
/* How many requests that limit kept from being made. run may be NULL. */
size_t online_run_refused(struct net_account *run);
void online_run_end(struct net_account **run);

struct online;

/*
 * From here on the set asks, or tells what it would. out is filled until online_end, and both stay
 * until the set is freed. now: by the clock, whatever time the documents are judged at. o was
 * checked; run may be NULL. Reports its errors.
 */
enum outcome online_begin(const struct job *job, const struct online_options *o,
    struct net_account *run, struct trust_set *set, struct online_result *out,
    struct online **ctx) MUST_CHECK;
void online_end(struct online **ctx);

/* "fetched", or "would_ask" and "would_not_ask", into the document for programs; nothing when there
 * is nothing to say. */
void online_json(const struct online_result *r, json_t *o);

#endif
