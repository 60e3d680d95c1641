/* SPDX-License-Identifier: BSD-2-Clause */
/* Bytes as text: hexadecimal, and base64url (RFC 4648, 5) without padding. */
#ifndef ECERT_UTIL_HEX_H
#define ECERT_UTIL_HEX_H

#include "util/buf.h"
#include "util/rd.h"

/* Lower-case digits appended to b, no terminator. */
void hex_put(struct buf *b, struct rd bytes);
/* Writes 2n digits and a NUL to out, which has room for them. */
void hex_str(struct rd bytes, char *out);
/* Appends the bytes; blanks between digits are skipped. Errors: ECERT_E_MALFORMED, or b's. */
enum ecert_rc hex_get(struct rd text, struct buf *out) MUST_CHECK;

void b64url_put(struct buf *b, struct rd bytes);
/* Strict: no padding, no blanks, no unused bits set. Errors: ECERT_E_MALFORMED, or b's. */
enum ecert_rc b64url_get(struct rd text, struct buf *out) MUST_CHECK;

#endif
