/* SPDX-License-Identifier: BSD-2-Clause */
/* The names object as the local half reads and writes it. */
#ifndef ECERT_TOKEN_NAMES_H
#define ECERT_TOKEN_NAMES_H

#include "token/conn/conn.h"

/* What an object's bytes say, hostile or not: each entry checked, the first of two believed. */
void names_read(struct rd object, struct token_names *out);
/* The names as the view remembers them, for use inside of conn_run. */
enum ecert_rc names_of(struct conn *c, const struct token_names **out) MUST_CHECK;

/* Inside a transaction, with the right to write. */
enum ecert_rc names_store(struct card *card, const struct token_name *name) MUST_CHECK;
/* Before a key, or a certificate, of the slot is deleted: its label, and the slot's ID when nothing
 * else has it. No APDU when the card is known to keep no names. */
enum ecert_rc names_forget_key(struct card *card, uint8_t ref) MUST_CHECK;
enum ecert_rc names_forget_cert(struct card *card, uint8_t ref) MUST_CHECK;

#endif
