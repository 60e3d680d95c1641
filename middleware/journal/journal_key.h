/* SPDX-License-Identifier: BSD-2-Clause */
/* The evolving key, and the little file that has it with the head of now. */
#ifndef ECERT_JOURNAL_KEY_H
#define ECERT_JOURNAL_KEY_H

#include "journal/journal.h"

#define JOURNAL_NAME	    "journal.jsonl"
#define JOURNAL_KEY_NAME    "journal.key"
#define JOURNAL_VERIFY_NAME "journal.verify"
/* What every line ends with: ,"prev":"64 digits","mac":"64 digits"} and the newline. */
#define JOURNAL_TAIL 149

/* After n records: the key for record n + 1, and the last line's hash (zeros at the start). */
struct journal_head {
	uint64_t n;
	uint8_t key[JOURNAL_HASH], last[JOURNAL_HASH];
};

void journal_sha256(struct rd bytes, uint8_t out[JOURNAL_HASH]);
void journal_mac(const uint8_t key[JOURNAL_HASH], struct rd bytes, uint8_t out[JOURNAL_HASH]);
/* The key's successor takes its place. */
void journal_key_next(uint8_t key[JOURNAL_HASH]);
/* The newer of the two slots that is whole. Errors: ECERT_E_NOT_FOUND (none is), ECERT_E_IO. */
enum ecert_rc journal_head_read(int fd, struct journal_head *out) MUST_CHECK;
/* Into the slot that the last one is not in, so that a torn write leaves the older. */
enum ecert_rc journal_head_write(int fd, const struct journal_head *h) MUST_CHECK;

#endif
