/* SPDX-License-Identifier: BSD-2-Clause */
/* What a verification found, for people. */
#ifndef ECERT_CLI_VERIFY_H
#define ECERT_CLI_VERIFY_H

#include "actions/verify/verify.h"
#include "cli/cli.h"

/* Whatever was verified; nothing when it was not looked at. */
void verify_say(const struct cli *c, const struct verified *r);

/* The document for programs, whole; the caller owns it. */
json_t *verify_json(const struct verified *r);

/* "valid", "NOT VALID", "cannot be called valid". */
const char *verify_word(enum verdict v);
/* "ok", "failed", "skipped", "unknown": ids. */
const char *verify_state_word(enum check_state state);
/* A time stamp of the whole document is by nobody who signed. */
const char *verify_signer_label(const struct doc_signature *s);
size_t verify_signers(const struct doc_result *r);
/* Whose verdicts the headline adds up; false: there is no choice. */
bool verify_whose(const struct doc_result *r, struct message_kept *out);
/* An id with {time}, {tsa} and {policy}. */
const char *verify_stamp_words(const struct doc_stamp *t);
/* An id with {n}, {covers} and {size}. */
const char *verify_covers_words(const struct doc_inside *d);
void verify_say_identity(const struct cli *c, const char *label, const struct identity *who);
void verify_say_time(const struct cli *c, const char *label, time_t t);
void verify_say_report(const struct cli *c, const struct report *rep);

#endif
