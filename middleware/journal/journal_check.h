/* SPDX-License-Identifier: BSD-2-Clause */
/* Verification of the journal's text, wherever it comes from: line by line, with what is known so
 * far in one struct that can be copied. */
#ifndef ECERT_JOURNAL_CHECK_H
#define ECERT_JOURNAL_CHECK_H

#include "journal/journal_key.h"

struct journal_check {
	struct journal_report r;
	uint8_t last[JOURNAL_HASH], key[JOURNAL_HASH];
	struct journal_head head;
	bool head_met;
};

/* head, first_key: NULL when not known. */
void journal_check_begin(
    struct journal_check *c, const struct journal_head *head, const uint8_t *first_key);
/* One line with its newline; without one it is an unfinished record. False: c->r says what is bad,
 * and no later line can make it good. */
bool journal_check_line(struct journal_check *c, struct rd line);
/* All lines of a text; the same answer. */
bool journal_check_text(struct journal_check *c, struct rd text);
/* After the last line. ECERT_OK, or ECERT_E_BAD_SIGNATURE. */
enum ecert_rc journal_check_end(struct journal_check *c) MUST_CHECK;

#endif
