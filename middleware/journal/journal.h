/* SPDX-License-Identifier: BSD-2-Clause */
/* The record of what was done with keys: appended, chained, authenticated; written by ecertd, read
 * by `ecert journal`. */
#ifndef ECERT_JOURNAL_JOURNAL_H
#define ECERT_JOURNAL_JOURNAL_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "util/buf.h"

/*
 * One line of JSON per record, at most JOURNAL_LINE_MAX bytes, in DIR/journal.jsonl, older files in
 * DIR/journal.jsonl.1, .2 ... (oldest first). Each line names the SHA-256 of the line before it
 * ("prev") and ends with an HMAC-SHA-256 ("mac") under a key that is replaced by its own hash after
 * each record: who takes the machine over today cannot rewrite yesterday. DIR/journal.key has the
 * key and the head of now; DIR/journal.verify the first key, to be taken away by whoever verifies.
 */
#define JOURNAL_LINE_MAX 2048
#define JOURNAL_HASH	 32
#define JOURNAL_FILE_MAX (1u << 20) /* bytes; then the next file begins */
/* The type (JWS typ) of a seal: whoever signs it says how far the journal goes. */
#define JOURNAL_SEAL_TYP "ecert-journal-seal+jwt"

struct journal;

enum journal_phase { JOURNAL_INTENT, JOURNAL_OUTCOME, JOURNAL_EVENT };

struct journal_entry {
	enum journal_phase phase;
	const char *what; /* "sign", "login", "key-generate" ...: a word of ours */
	uint64_t intent;  /* the outcome's */
	enum ecert_rc rc; /* the outcome's */
	pid_t pid;
	uid_t uid;
	const char *exe, *serial; /* "" when there is none; shown with control bytes escaped */
	const char *unsure;	  /* why exe cannot be named, a word of ours; NULL: it can */
	const char *seen;	  /* if so: the program that was seen in the process */
	uint8_t ref;		  /* key reference, 0 none */
	struct rd hash;		  /* of what is signed, as the client says; may be empty */
	struct rd input;	  /* what the key was given: its SHA-256 is kept; may be empty */
	struct rd counters;	  /* of an event: pairs of key reference (1) and counter (4) */
	uint64_t count; /* of the event "refused": how many, what was asked last, and rc */
	const char *asked;
};

/*
 * Opens for appending, makes what is missing, finishes what a crash left: a last line that was cut
 * off or torn was never acknowledged and goes, and the event that begins this run says so
 * ("start-mended"); records that are missing against the head stay missing. One writer: another
 * one's lock is ECERT_E_EXISTS. Errors: ECERT_E_IO.
 */
enum ecert_rc journal_open(const char *dir, struct journal **out) MUST_CHECK;
void journal_close(struct journal **j);
/* One write, then fdatasync: on ECERT_OK the record survives. *number is the record's. NULL as
 * journal: nothing is kept. Thread-safe. Errors: ECERT_E_IO (full disk: nothing half-written
 * stays).
 */
enum ecert_rc journal_append(
    struct journal *j, const struct journal_entry *e, uint64_t *number) MUST_CHECK;

/* Bytes of all records that this run has written. NULL as journal: 0. */
uint64_t journal_written(struct journal *j);

/* ---- reading: no lock, also while the daemon writes ---- */

struct journal_report {
	uint64_t records, files;
	bool chain_ok;	 /* every line is whole, and names the one before it */
	bool head_known; /* DIR/journal.key could be read */
	bool head_ok;	 /* nothing is missing at the end */
	bool mac_known;	 /* DIR/journal.verify is there */
	bool mac_ok;
	uint64_t bad; /* the first record that is not as it was written, 0 none */
	char why[96];
	uint8_t head[JOURNAL_HASH]; /* SHA-256 of the last line: what `ecert journal seal` signs */
};
/* Walks all of it. ECERT_OK: everything that could be checked is right; ECERT_E_BAD_SIGNATURE: it
 * is not, see the report; ECERT_E_NOT_FOUND: no journal; ECERT_E_IO. */
enum ecert_rc journal_verify(const char *dir, struct journal_report *out) MUST_CHECK;
/* The same with the first key from where it was taken to: JOURNAL_HASH bytes, or empty. */
enum ecert_rc journal_verify_with(
    const char *dir, struct rd first_key, struct journal_report *out) MUST_CHECK;

/* Each line in order, without its newline, unchecked. fn returns false to stop. */
typedef bool (*journal_line_fn)(void *arg, struct rd line);
enum ecert_rc journal_each(const char *dir, journal_line_fn fn, void *arg) MUST_CHECK;
/* The text of a line's field by its name ("what"), quotes taken off; empty when it has none. */
struct rd journal_field(struct rd line, const char *name);

struct journal_gap {
	uint8_t ref;
	uint32_t first;	   /* counter when the journal first saw the token, 0 after a new key */
	uint32_t recorded; /* operations on record since that the card carried out */
	uint32_t open;	   /* intents that the card may have carried out or not: without an
			      outcome, or with one that says that the card did not answer */
	uint32_t card;	   /* the counter now */
	int64_t missing;   /* card - first - recorded: operations past the journal; below 0: the
			      key was replaced past the journal */
	/* Numbers of the last record of this token where the counter agreed, and of the first where
	 * it no longer did (0: none, it is only seen now). Of use when missing is more than open.
	 */
	uint64_t agreed, differed;
};
/* Compares with the card: counters are pairs of reference (1) and counter (4), as the event has
 * them. Errors: ECERT_E_NOT_FOUND (the journal never saw this token's counters). */
enum ecert_rc journal_reconcile(const char *dir, const char *serial, struct rd counters,
    struct journal_gap *out, size_t cap, size_t *n) MUST_CHECK;

#endif
