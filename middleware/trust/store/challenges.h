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

/* Opens the folder by the rules of folder_open, made (0700) when it is not there and make is true.
 * Challenges that ended more than CHALLENGES_KEEP before now are removed. *why: as folder_open's.
 * Close with challenges_close, also after an error. Errors: folder_open's, challenges_each's. */
enum ecert_rc challenges_open(
    const char *path, bool make, time_t now, struct challenges **out, const char **why) MUST_CHECK;
void challenges_close(struct challenges **s);

/* Remembers a new one, on disk when it returns. Errors: ECERT_E_TOO_LARGE (too many wait for an
 * answer), ECERT_E_EXISTS, ECERT_E_IO. */
enum ecert_rc challenges_put(
    struct challenges *s, const struct challenge *c, time_t now) MUST_CHECK;
/* The challenge of this nonce. The nonce may be anybody's text: what is none of ours is not found,
 * and names no file. Errors: ECERT_E_NOT_FOUND, ECERT_E_DENIED,
 * ECERT_E_DATA (damaged), ECERT_E_IO. */
enum ecert_rc challenges_get(
    struct challenges *s, const char *nonce, struct challenge *out) MUST_CHECK;
/* Calls fn for each that can be read, by nonce. */
enum ecert_rc challenges_each(struct challenges *s,
    enum ecert_rc (*fn)(void *ctx, const struct challenge *c), void *ctx) MUST_CHECK;
/* Marks it as answered. Errors: ECERT_E_EXISTS when it was answered already, challenges_get's. */
enum ecert_rc challenges_answer(
    struct challenges *s, const char *nonce, const char *by, time_t now) MUST_CHECK;
/* Removes it. Errors: ECERT_E_NOT_FOUND, ECERT_E_IO. */
enum ecert_rc challenges_drop(struct challenges *s, const char *nonce) MUST_CHECK;

#endif
