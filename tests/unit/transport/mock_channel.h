/* SPDX-License-Identifier: BSD-2-Clause */
/* A scripted card and its readers, with faults on request: for unit tests, hostile tests, fuzzers.
 */
#ifndef ECERT_TESTS_MOCK_CHANNEL_H
#define ECERT_TESTS_MOCK_CHANNEL_H

#include "transport/reader.h"

#define MOCK_READER	 "Mock reader 00 00"
#define MOCK_READERS_MAX 4
#define MOCK_ATR	 "3bfc1300008131fe15597562696b65794e454f7233e1" /* says nothing of lengths */

/*
 * The test owns it; it must outlive channels and readers made from it. All of them share its
 * script. Functions that make fail by abort(): a test without its mock means nothing.
 */
struct mock;

struct mock *mock_new(void);
void mock_free(struct mock **m);

/* ---- what the card answers ---- */

/*
 * The next exchange: the command must begin with expect (hexadecimal, blanks allowed, ".." for any
 * byte; NULL or "": any command), the response is answer (hexadecimal, with its status word). A
 * command that does not fit is answered 6F00, counted as a mismatch, and uses the step up.
 */
void mock_expect(struct mock *m, const char *expect, const char *answer);
/* The same, but the exchange fails with rc. */
void mock_expect_rc(struct mock *m, const char *expect, enum ecert_rc rc);
/* Bytes instead of text. */
void mock_expect_bytes(struct mock *m, const char *expect, struct rd answer);
/* What every command gets when the script is over (at first 6D00). */
void mock_default(struct mock *m, const char *answer);
/*
 * A rule: every command that begins with expect is answered so, however often; asked before the
 * script. The latest rule that fits wins.
 */
void mock_rule(struct mock *m, const char *expect, const char *answer);
/* Answers everything instead of the script; returns the exchange's code. */
typedef enum ecert_rc (*mock_handler)(
    void *arg, struct rd command, uint8_t *resp, size_t cap, size_t *len);
void mock_handle(struct mock *m, mock_handler handler, void *arg);

/* ---- faults; exchanges are counted from 1, 0 turns the fault off ---- */

/* Exchange n and all later ones answer ECERT_E_REMOVED. */
void mock_remove_at(struct mock *m, size_t n);
/* Exchange n (or the first begin after n - 1 exchanges) answers ECERT_E_RESET once. */
void mock_reset_at(struct mock *m, size_t n);
/* Exchange n's response is cut to so many bytes. */
void mock_cut_at(struct mock *m, size_t n, size_t bytes);
/* Exchange n and later ones fail with rc. */
void mock_fail_from(struct mock *m, size_t n, enum ecert_rc rc);
/* The response to exchange n claims len bytes whatever the buffer has. */
void mock_claim_at(struct mock *m, size_t n, size_t len);

/* ---- what happened ---- */

size_t mock_count(const struct mock *m); /* exchanges so far */
/* The i-th command, from 0; empty when there was none. Valid until mock_free. */
struct rd mock_command(const struct mock *m, size_t i);
size_t mock_mismatches(const struct mock *m);
size_t mock_left(const struct mock *m);	  /* steps of the script not used */
size_t mock_begins(const struct mock *m); /* transactions begun, inner ones not counted */
bool mock_held(const struct mock *m);	  /* a transaction is held now */
size_t mock_resets(const struct mock *m); /* channel_reset calls */
size_t mock_open(const struct mock *m);	  /* channels open now */
/* Exchanges that went through outside of a transaction. */
size_t mock_unlocked(const struct mock *m);

/* ---- the card and the readers ---- */

void mock_atr(struct mock *m, const char *hex);
/* The PIN pad's offers; the typed PIN is "12345678" (modify: old the same, new "87654321"). */
void mock_pinpad(struct mock *m, struct pinpad offers);
void mock_virtual(struct mock *m, bool is_virtual);

/* A channel of its own, as channel_open would give it. */
enum ecert_rc mock_channel(struct mock *m, struct channel **out) MUST_CHECK;

/* Readers; at first one, MOCK_READER, with the card in. */
enum ecert_rc mock_readers(struct mock *m, struct readers **out) MUST_CHECK;
/* Changes wake a readers_wait; taking the card out fails its channels with ECERT_E_REMOVED. */
void mock_insert(struct mock *m, size_t reader, bool present);
/* Sets how many readers there are (0 to MOCK_READERS_MAX), named MOCK_READER with 01 00 and on. */
void mock_set_readers(struct mock *m, size_t n);
void mock_reader_name(struct mock *m, size_t reader, const char *name);
/* readers_list answers rc from now on (ECERT_OK: as usual). */
void mock_service(struct mock *m, enum ecert_rc rc);
/* channel_open answers rc from now on (ECERT_OK: as usual). */
void mock_open_rc(struct mock *m, enum ecert_rc rc);

#endif
