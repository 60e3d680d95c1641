/* SPDX-License-Identifier: BSD-2-Clause */
/* The record of a folder's changes: a line of JSON for each, which holds the SHA-256 of the line
 * before it, and a second file with the number of lines and the SHA-256 of the last one. Together
 * they show that the record was cut or a line altered. They do not show by whom, and whoever may
 * write both files can write all of it anew. */
#ifndef ECERT_TRUST_RECORD_H
#define ECERT_TRUST_RECORD_H

#include <jansson.h>
#include <sys/types.h>
#include <time.h>

#include "util/buf.h"

#define RECORD_FILE "changes.log"
#define RECORD_END  "changes.end"

/* The user of this process, and the one that sudo says it works for; cut, and fit to be shown. */
void record_user(char *out, size_t cap);

enum record_state { RECORD_NONE, RECORD_WHOLE, RECORD_CUT };

/* Reads it: is it there and whole, and how many lines it has. Errors: ECERT_E_DENIED and ECERT_E_IO
 * of folder_read, ECERT_E_TOO_LARGE. */
enum ecert_rc record_look(int dir, uid_t owner, enum record_state *out, size_t *lines) MUST_CHECK;
/* The last deed on each entry that lines are about: {"KIND-SHA256": "added"}; the caller owns it. A
 * record that is not there, or cannot be read, tells of none. Errors: ECERT_E_MEMORY. */
enum ecert_rc record_deeds(int dir, uid_t owner, json_t **out) MUST_CHECK;
/* Adds a line about what, an object, whose members it gets as they are. The folder is locked.
 * Errors: ECERT_E_DATA (it was cut: nothing is added), record_look's. */
enum ecert_rc record_add(int dir, uid_t owner, mode_t mode, time_t now, json_t *what) MUST_CHECK;

#endif
