/* SPDX-License-Identifier: BSD-2-Clause */
/* Nonces: made here, and remembered once used, so that nothing is accepted twice. */
#ifndef ECERT_TRUST_NONCE_H
#define ECERT_TRUST_NONCE_H

#include <time.h>

#include "util/buf.h"

/* RFC 9711: text of 8 to 88 characters. */
#define NONCE_MIN 8
#define NONCE_MAX 88

/* 128 random bits as base64url, 22 characters. */
enum ecert_rc nonce_new(struct buf *out) MUST_CHECK;

/*
 * A directory with one file per used value, named by its SHA-256, so that a kill at any moment
 * leaves it consistent and any number of processes may share it.
 */
struct nonce_store;

/* Makes the directory (0700) when it is not there, and drops what has expired at `now`, and by the
 * clock, whichever is earlier. Free with nonce_store_close. Errors: ECERT_E_IO (errno says why),
 * ECERT_E_MEMORY. */
enum ecert_rc nonce_store_open(const char *dir, time_t now, struct nonce_store **out) MUST_CHECK;
/* Whether the value was used in this scope (an audience, a kind of token); *seen is true also when
 * that cannot be told. Errors: ECERT_E_IO, ECERT_E_CRYPTO. */
enum ecert_rc nonce_store_seen(
    struct nonce_store *s, const char *scope, const char *value, bool *seen) MUST_CHECK;
/* Marks it used until the moment `until` and a minute longer; on disk when it returns. Errors:
 * ECERT_E_EXISTS when it was used already; ECERT_E_IO. */
enum ecert_rc nonce_store_burn(
    struct nonce_store *s, const char *scope, const char *value, time_t until) MUST_CHECK;
/* Takes a burning of this process back: what it was burned for could not be done after all. */
void nonce_store_forget(struct nonce_store *s, const char *scope, const char *value);
void nonce_store_close(struct nonce_store **s);

#endif
