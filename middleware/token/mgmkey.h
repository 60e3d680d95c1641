/* SPDX-License-Identifier: BSD-2-Clause */
/* The management key: how it is written, and the file that may hold it. */
#ifndef ECERT_TOKEN_MGMKEY_H
#define ECERT_TOKEN_MGMKEY_H

#include <stdbool.h>

#include "util/buf.h"

struct card;

#define MGMKEY_MAX 32

struct mgmkey {
	struct buf bytes; /* 16, 24 or 32; wiped by mgmkey_free */
	bool shrink;	  /* of an escrow: a card that takes fewer has the first 24 or 16 of them */
};

void mgmkey_init(struct mgmkey *k);
void mgmkey_free(struct mgmkey *k);
/* 16, 24 or 32 raw bytes, whatever they look like. Errors: ECERT_E_PIN_FORMAT, ECERT_E_MEMORY. */
enum ecert_rc mgmkey_set(struct rd raw, struct mgmkey *out) MUST_CHECK;
/* 32, 48 or 64 hex digits, else as mgmkey_set. For what a person or program gives. */
enum ecert_rc mgmkey_parse(struct rd text, struct mgmkey *out) MUST_CHECK;
/*
 * A file with the hex digits, or the escrow that `ecert token init` wrote. It has to be a regular
 * file of this user or of root that nobody else may read. Errors: ECERT_E_DENIED; the log says why.
 */
enum ecert_rc mgmkey_file(const char *path, struct mgmkey *out) MUST_CHECK;
/* Authenticates, by the lengths that the card may take. Inside a transaction. Errors:
 * ECERT_E_PIN_WRONG, the card's. */
enum ecert_rc mgmkey_auth(struct card *card, const struct mgmkey *k) MUST_CHECK;

#endif
