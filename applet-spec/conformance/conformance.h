/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files of ecert-conformance share: one card under test, its answers, the TAP report. */
#ifndef ECERT_CONFORMANCE_H
#define ECERT_CONFORMANCE_H

#include <stdbool.h>
#include <stdio.h>

#include "ecert/piv_const.h"
#include "transport/reader.h"
#include "util/buf.h"

#define ANSWER_MAX 8192

/* What a card turned out to have. The order is that of the printed table and of the JSON file. */
enum feature {
	F_BASE, /* SELECT, GET DATA, VERIFY as SP 800-73-5 has them */
	F_METADATA,
	F_ATTEST,
	F_SERIAL,
	F_VERSION,
	F_IMPORT,
	F_MOVE,
	F_ECERT,    /* the e-Cert status object */
	F_COUNTERS, /* change counter and signature counters in it */
	F_CHAINING,
	F_EXTENDED,
	F_RSA2048,
	F_RSA3072,
	F_RSA4096,
	F_P256,
	F_P384,
	F_ED25519,
	F_X25519,
	F_SM2,
	F_RESET,
	FEATURE_COUNT
};

enum support { UNKNOWN, NO, YES };

/* The answer to one command, all pieces joined. */
struct answer {
	uint8_t data[ANSWER_MAX];
	size_t len;
	uint16_t sw;
	unsigned pieces; /* response APDUs that it took */
};

struct session {
	struct channel *ch;
	char model[64]; /* application label of SELECT, printable */
	uint32_t serial;
	enum support has[FEATURE_COUNT];
	unsigned passed, failed, skipped;
	struct answer a;    /* of the last command */
	enum ecert_rc dead; /* the transport failed: everything after is skipped */
};

/* ---- link.c: commands, short unless said otherwise ---- */
/* Raw bytes; 61xx is followed by GET RESPONSE when follow. The status word, or 0 when the transport
 * failed (then s->dead says how). */
uint16_t send_raw(struct session *s, struct rd command, bool follow);
/* Long data goes by chaining. Expects an answer unless answer is false. */
uint16_t send(struct session *s, uint8_t ins, uint8_t p1, uint8_t p2, struct rd data);
uint16_t send_extended(struct session *s, uint8_t ins, uint8_t p1, uint8_t p2, struct rd data);
uint16_t select_piv(struct session *s);
/* The last answer as a view, and the value of a tag in it by its path ("7C/82"). */
struct rd answer_of(const struct session *s);
bool answer_path(const struct session *s, const char *path, struct rd *value);
bool path_find(struct rd in, const char *path, struct rd *value);

/* ---- report.c ---- */
void report_ok(struct session *s, bool ok, const char *clause, const char *text);
void report_skip(struct session *s, const char *clause, const char *text, const char *why);
/* "# ..." */
void report_note(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void report_table(const struct session *s);
enum ecert_rc report_json(const struct session *s, const char *path) MUST_CHECK;
/* Differences between what was found and a stored golden file are reported as failures. */
void report_compare(struct session *s, const char *path);

/* ---- the parts of the test ---- */
void probe(struct session *s);	     /* probe.c: fills has[] without writing */
void run_cases(struct session *s);   /* cases.c: the table of read-only cases */
void run_framing(struct session *s); /* framing.c: chaining, extended length, 61xx, lost tries */
void run_destructive(struct session *s); /* destructive.c: after the owner's consent only */
void run_keys(struct session *s);	 /* keys.c, called by it: every algorithm made and used */
void run_pins(struct session *s);	 /* pins.c, called by it: counters, change, unblock */

/* Steps that the destructive parts share. */
bool login(struct session *s);	    /* factory PIN */
bool management(struct session *s); /* factory key, mutual authentication */
uint16_t put_object(struct session *s, uint32_t tag, struct rd value);
uint16_t get_object(struct session *s, uint32_t tag);
bool status_field(
    struct session *s, uint32_t tag, struct rd *value); /* of the e-Cert status object */
bool status_counter(struct session *s, uint8_t slot, uint32_t *count);

/* ---- check.c: OpenSSL's word on what the card computed ---- */
struct evp_pkey_st;
/* From the inside of 7F49. NULL when it is no key of that algorithm. */
struct evp_pkey_st *check_public(uint8_t alg, struct rd template_);
void check_free(struct evp_pkey_st *k);
/* The 32 bytes that every test signs: a digest, Ed25519's message, SM2's e. */
extern const uint8_t check_digest[32];
/* The input of GENERAL AUTHENTICATE for that algorithm (RSA: padded block). */
size_t check_input(uint8_t alg, uint8_t *out, size_t cap);
bool check_signature(uint8_t alg, struct evp_pkey_st *k, struct rd sig);
/* X25519 and ECDH: a fresh peer's point for the card, and whether its answer is the shared secret.
 */
struct evp_pkey_st *check_peer(uint8_t alg, uint8_t *point, size_t *len);
bool check_agreement(struct evp_pkey_st *peer, struct evp_pkey_st *card, struct rd secret);
/* The attestation certificate holds the key and is signed by the F9 certificate. */
bool check_attestation(struct rd der, struct rd f9, struct evp_pkey_st *k);
bool check_block(uint8_t alg, const uint8_t *key, bool encrypt, const uint8_t *in, uint8_t *out);

#endif
