/* SPDX-License-Identifier: BSD-2-Clause */
/* The management key: the file that may hold it, and how the card is told. */
#ifndef ECERT_TOKEN_MGMKEY_H
#define ECERT_TOKEN_MGMKEY_H

#include "crypto/key/mgm_key.h"

struct card;

/* Takes what a person or a program gives: 32, 48 or 64 hexadecimal digits, or 16, 24 or 32 raw
 * bytes. Errors: ECERT_E_PIN_FORMAT. */
enum ecert_rc mgmkey_given(struct rd text, struct mgm_key *out) MUST_CHECK;
/*
 * Reads a file with the digits, or the escrow that `ecert token init` wrote. It has to be a regular
 * file of this user or of root that nobody else may read. Errors: ECERT_E_DENIED; the log says why.
 */
enum ecert_rc mgmkey_file(const char *path, struct mgm_key *out) MUST_CHECK;
/* Authenticates with the key, or with what it shrinks to: its first *len bytes. Inside a
 * transaction. Errors: ECERT_E_PIN_WRONG, ECERT_E_DATA_LEN (there is no key), the card's. */
enum ecert_rc mgmkey_auth(struct card *card, const struct mgm_key *k, size_t *len) MUST_CHECK;

#endif
