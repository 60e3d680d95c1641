/* SPDX-License-Identifier: BSD-2-Clause */
/* The report of a run as one page: HTML without a script and without anything from elsewhere, in
 * the person's language, to file and to print. Everything in it that is not ours is escaped. */
#ifndef ECERT_CLI_VERIFY_REPORT_H
#define ECERT_CLI_VERIFY_REPORT_H

#include "actions/verify/many.h"
#include "cli/cli.h"

/* Documents by what came out, in this order. */
enum { REPORT_BAD, REPORT_NONE, REPORT_UNSURE, REPORT_GOOD, REPORT_GROUPS };

struct report_page;

/* Refuses a file that is there, without force. *out is NULL on an error, which was told. */
enum outcome report_begin(
    const struct cli *c, const char *path, bool force, struct report_page **out) MUST_CHECK;
void report_anchor(struct report_page *p, const struct verify_anchor *a);
/* A document's group and row in the table, and its part behind it; needs no page. */
void report_word(const struct verify_item *item, struct buf *row, struct buf *details);
void report_take(struct report_page *p, struct rd row, struct rd details);
/* Writes the file, whole or not at all. Errors are told to people; the answer for programs is out.
 */
enum outcome report_end(
    const struct cli *c, struct report_page *p, const struct verify_sum *sum) MUST_CHECK;
void report_free(struct report_page **p);

#endif
