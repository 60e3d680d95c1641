/* SPDX-License-Identifier: BSD-2-Clause */
/* The names object as the local half reads and writes it. */
#ifndef ECERT_TOKEN_NAMES_H
#define ECERT_TOKEN_NAMES_H

#include "token/conn/conn.h"

/* Reads an object's bytes, which may be hostile. Each entry is checked; of two for the same, the
 * first one counts. */
void names_read(struct rd object, struct token_names *out);
/* Gets the names, from memory or from the card. It is called inside of conn_run. */
enum ecert_rc names_of(struct conn *c, const struct token_names **out) MUST_CHECK;

/* Writes the names of one reference. It is called inside a transaction, with the right to write. */
enum ecert_rc names_store(struct card *card, const struct token_name *name) MUST_CHECK;
/* Is called before a key, or a certificate, of the reference is deleted. It forgets the label, and
 * the ID when nothing else has it. When the card is known to keep no names, it sends no APDU. */
enum ecert_rc names_forget_key(struct card *card, uint8_t ref) MUST_CHECK;
enum ecert_rc names_forget_cert(struct card *card, uint8_t ref) MUST_CHECK;

#endif
