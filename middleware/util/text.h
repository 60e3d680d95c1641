/* SPDX-License-Identifier: BSD-2-Clause */
/* Text from outside: where its characters end, and which of them may reach a terminal or a log; and
 * the few words about text that many need. */
#ifndef ECERT_UTIL_TEXT_H
#define ECERT_UTIL_TEXT_H

#include <time.h>

#include "util/rd.h"

/* Bytes of the UTF-8 character at the front of t and its code point (RFC 3629, 4: the shortest
 * form, no surrogates, up to U+10FFFF); 0 when there is none. */
size_t text_char(struct rd t, uint32_t *cp);
/*
 * Neither a control character (C0, DEL, C1) nor one that ends a line (U+2028, U+2029), reorders
 * what stands around it (Unicode, UAX 9: marks, embeddings, overrides, isolates), or is there
 * without being seen, so that two names look alike (zero-width space, soft hyphen, word joiner,
 * Hangul fillers, blank braille, byte order mark, tags). The joiners U+200C and U+200D are letters'
 * business and stay.
 */
bool text_shown(uint32_t cp);
/* Makes text fit to be shown: what text_shown refuses, and each byte that is not UTF-8, becomes
 * '?', one per byte. */
void text_mask(char *s);
/* The same for text that was cut to a buffer: a character cut off at its end is dropped. */
void text_scrub(char *s);
/* Whether text_mask leaves it as it is. */
bool text_is_shown(const char *s);
/* UTF-8 of any text, for what is escaped where it is shown: only a byte that is none becomes '?',
 * and where the text was cut a character cut off at its end is dropped. */
void text_utf8(char *s, bool cut);
/* Copies s, cut to what fits; always ends it. */
void text_copy(char *out, size_t cap, const char *s);
/* Whether s ends with tail, and is more than that. */
bool text_ends(const char *s, const char *tail);

/* The day of a moment in UTC: "2026-11-29"; "?" for one that no calendar has. Returns out. */
#define TEXT_DAY 16
const char *text_day(time_t t, char out[TEXT_DAY]);

#endif
