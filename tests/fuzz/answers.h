/* SPDX-License-Identifier: BSD-2-Clause */
/* Answers of a card out of a fuzzer's input, for the harnesses that need a card. */
#ifndef ECERT_FUZZ_ANSWERS_H
#define ECERT_FUZZ_ANSWERS_H

#include "util/rd.h"

/*
 * The script: each answer is 1 byte of kind, 2 of length and so many bytes. Kinds: 0 whole, status
 * word included; 1 data, 9000 follows; 2 the same in a tag 53; 3 as a certificate object; 4 as a
 * gzip certificate object, compressed here; 5 a status word of the list; 6 a transport failure; 7 a
 * lying length. When it is over it begins again.
 */
struct answers {
	struct rd all, left;
};

struct answers answers_of(struct rd script);
/* The next answer into resp: at most cap bytes are written, *len may say more. */
enum ecert_rc answers_next(struct answers *a, uint8_t *resp, size_t cap, size_t *len);

#endif
