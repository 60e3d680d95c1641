/* SPDX-License-Identifier: BSD-2-Clause */
/* What keys did, as the journal has it. */
#ifndef ECERT_ACTIONS_JOURNAL_ROWS_H
#define ECERT_ACTIONS_JOURNAL_ROWS_H

#include <jansson.h>

#include "journal/journal.h"

/* What keys did, oldest first, as ecertd wrote it; operations as one with their outcome.
 * since: "2026-11-21T20:48:26" or "" for all. serial: NULL for all tokens. fn frees nothing. */
typedef void (*journal_row_fn)(void *arg, const json_t *row);
enum ecert_rc journal_rows(const char *dir, const char *since, const char *serial,
    journal_row_fn fn, void *arg) MUST_CHECK;
/* One line of the journal as it stands there; the caller owns it. NULL when it is no object that
 * can be read: `verify` says what is wrong with it, and whoever shows it shows the others. */
json_t *journal_row_read(struct rd line);
/* What a row says under this name, inside the row; "" when that is no text. */
const char *journal_row_text(const json_t *row, const char *name);

#endif
