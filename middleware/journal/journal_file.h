/* SPDX-License-Identifier: BSD-2-Clause */
/* The journal as its writer has it open. */
#ifndef ECERT_JOURNAL_FILE_H
#define ECERT_JOURNAL_FILE_H

#include <pthread.h>

#include "journal/journal.h"
#include "journal/journal_key.h"

struct journal {
	pthread_mutex_t lock;
	int dir, fd, key;
	off_t size;
	uint64_t written;
	bool mended; /* a crash left something to take off */
	struct journal_head head;
};

/* journal_line.c: the record after head, with its newline, appended to b. Errors:
 * ECERT_E_TOO_LARGE, ECERT_E_MEMORY. */
enum ecert_rc journal_line(
    const struct journal_head *head, const struct journal_entry *e, struct buf *b) MUST_CHECK;

/* journal_recover.c: brings the head up to the current file's records and takes off a last one that
 * was never acknowledged. Errors: ECERT_E_IO, ECERT_E_MEMORY. */
enum ecert_rc journal_recover(struct journal *j) MUST_CHECK;

#endif
