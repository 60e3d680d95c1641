/* SPDX-License-Identifier: BSD-2-Clause */
/* Recordings: exchanges as text, and what in a command is nobody's business. */
#ifndef ECERT_TRANSPORT_RECORD_H
#define ECERT_TRANSPORT_RECORD_H

#include "transport/reader.h"

/*
 * A recording has one thing a line: "> HEX" a command, "< HEX" its response with the status word,
 * "# connect NAME", "# atr HEX", "# begin [CODE]", "# end", "# reset", "# error CODE" in the place
 * of a response (CODE as ecert_rc_name gives it), other "#" lines are remarks. "**" stands for a
 * byte that was not recorded. Each ">" line is one APDU, GET RESPONSE included.
 */

/*
 * Tells which bytes of a command are secret: PINs, management keys, imported keys, answers to the
 * management key's challenge. The range is empty for all other commands.
 */
void record_mask(struct rd command, size_t *from, size_t *to);
/*
 * Whether the answer to this command is secret. It is when a key management key (9D, 82 to 95) has
 * made it, when keys agreed on it (85), when the object holds secrets, and when an RSA key has
 * made it from a block that is no padded digest of PKCS#1 v1.5: that may be a ciphertext (or PSS,
 * which looks the same). Of a chain it takes the first block.
 */
bool record_answer_is_secret(struct rd command);

#endif
