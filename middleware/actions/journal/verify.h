/* SPDX-License-Identifier: BSD-2-Clause */
/* Verifying the journal: its chain, its codes and its seals. */
#ifndef ECERT_ACTIONS_JOURNAL_VERIFY_H
#define ECERT_ACTIONS_JOURNAL_VERIFY_H

#include "actions/journal/judge.h"
#include "actions/trustopts.h"
#include "document/identity.h"

struct journal_verify_deed {
	const char *state; /* the journal's folder; NULL: as journal_where chooses */
	const char *key;   /* a file with the first key; NULL: the one beside the journal */
	struct trust_options trust;
};

/* A seal that was looked at. */
struct journal_seal_seen {
	char *file;
	uint64_t n; /* records that it seals; 0: it does not say */
	time_t at;  /* 0: not known */
	char head[2 * JOURNAL_HASH + 1];
	struct identity who;
	bool valid, unsure; /* unsure: nothing is wrong, but it cannot be called valid either */
	bool ca_checked;    /* valid by a CA that is trusted, not by its signature alone */
	struct message_kept why; /* it is not valid */
	const char *next;	 /* an id: what to do about that */
};

struct journal_verified {
	struct journal_judged journal;
	struct journal_seal_seen *seal;
	size_t n;
	bool valid; /* the journal is right, and every seal is valid */
};

/*
 * The seals are those beside the journal (seal-*.jws) and those named. OUT_OK when everything could
 * be looked at, whatever was found: journal_tell and journal_seal_tell say what is wrong. Reports
 * its errors; journal_verified_free in any case.
 */
enum outcome journal_check(const struct job *job, const struct journal_verify_deed *deed,
    const struct strlist *seals, struct journal_verified *out) MUST_CHECK;
void journal_verified_free(struct journal_verified *v);
/* "The seal FILE does not hold: ...", OUT_INVALID; OUT_OK for a valid one. */
enum outcome journal_seal_tell(const struct job *job, const struct journal_seal_seen *s) MUST_CHECK;

#endif
