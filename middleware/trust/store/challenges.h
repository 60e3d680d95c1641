/* SPDX-License-Identifier: BSD-2-Clause */
/* Nonces that were given out: for which audience, to whom, until when, and who answered. A folder
 * with a file each. */
#ifndef ECERT_TRUST_CHALLENGES_H
#define ECERT_TRUST_CHALLENGES_H

#include <time.h>

#include "trust/nonce.h"

/* More that wait for an answer are not given out. */
#define CHALLENGES_MAX 1000
/* So long one that was answered or has lapsed is remembered, so that nobody answers it again. */
#define CHALLENGES_KEEP (30L * 24 * 3600)

struct challenge {
	char nonce[NONCE_MAX + 1];
	char audience[256];
	char party[128]; /* for whom it was made, in the person's words; may be empty */
	char by[256];	 /* who answered, by his token; empty: nobody */
	time_t made, until, answered;
};

enum challenge_state { CHALLENGE_OPEN, CHALLENGE_ANSWERED, CHALLENGE_LAPSED };
enum challenge_state challenge_state(const struct challenge *c, time_t now);

struct challenges;

/* The folder as folder_open has it, 0700, made when make is true; old ones are swept. Errors:
 * folder_open's. */
enum ecert_rc challenges_open(
    const char *path, bool make, time_t now, struct challenges **out, const char **why) MUST_CHECK;
void challenges_close(struct challenges **s);

/* Errors: ECERT_E_TOO_LARGE (too many wait for an answer), ECERT_E_EXISTS, ECERT_E_IO. */
enum ecert_rc challenges_put(
    struct challenges *s, const struct challenge *c, time_t now) MUST_CHECK;
/* The one of this nonce, whoever wrote that. Errors: ECERT_E_NOT_FOUND, ECERT_E_DENIED,
 * ECERT_E_DATA (damaged), ECERT_E_IO. */
enum ecert_rc challenges_get(
    struct challenges *s, const char *nonce, struct challenge *out) MUST_CHECK;
/* Calls fn for each that can be read, by nonce. */
enum ecert_rc challenges_each(struct challenges *s,
    enum ecert_rc (*fn)(void *ctx, const struct challenge *c), void *ctx) MUST_CHECK;
/* Marks it as answered. Errors: ECERT_E_EXISTS when it was answered already, challenges_get's. */
enum ecert_rc challenges_answer(
    struct challenges *s, const char *nonce, const char *by, time_t now) MUST_CHECK;
enum ecert_rc challenges_drop(struct challenges *s, const char *nonce) MUST_CHECK;

#endif
