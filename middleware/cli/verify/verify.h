/* SPDX-License-Identifier: BSD-2-Clause */
/* Verifying, whatever it is: what the parts of `ecert verify` share. */
#ifndef ECERT_CLI_VERIFY_H
#define ECERT_CLI_VERIFY_H

#include "cli/cli.h"
#include "actions/trustopts.h"
#include "document/identity.h"
#include "document/kind/kind.h"
#include "trust/attestation/attestation.h"
#include "trust/nonce.h"
#include "util/buf.h"

struct verify_params {
	struct trust_options trust;
	const char *audience, *nonce, *nonce_store, *level, *previous, *status, *subject;
	bool need_mark;
	const char *status_age_text; /* as it was given; NULL: not */
	long status_age;	     /* hours; 0: the default */
};

/* One thing to verify with everything it needs. */
struct verifying {
	struct cli *c;
	const struct verify_params *o;
	const struct trust_set *set;
	time_t now;
	const char *name;  /* the file as the person named it */
	const char *about; /* what the closing sentence is about; NULL: name */
	struct rd text;	   /* its content (not for signed files) */
};

/* What a file turns out to be, by its own bytes. */
enum verify_kind {
	VERIFY_SIGNATURE,
	VERIFY_RENEWAL,
	VERIFY_COUNTERPARTY,
	VERIFY_MARK,
	VERIFY_STATUS,
	VERIFY_KINDS
};

/*
 * What it is, is up to whoever made the file: an option that only makes sense with another kind
 * says that another kind was expected, and then nothing is valid. OUT_OK, or OUT_INVALID, told.
 */
enum outcome verify_expected(struct verifying *v, enum verify_kind kind) MUST_CHECK;

/* The file is of a kind that is not verified here, or that has no signature: says which, and what
 * can be done. */
enum outcome verify_no_signature(
    const struct cli *c, const char *name, const struct doc_kind_row *kind) MUST_CHECK;
/* More than is read at once. */
enum outcome verify_too_large(const struct cli *c, const char *name) MUST_CHECK;

/* Each prints what it found and returns OUT_OK or OUT_INVALID; other codes are reported errors. */
enum outcome verify_signature(struct verifying *v, const char *content, const char *p7s);
/* A signature with the signed content inside. */
enum outcome verify_signature_inside(struct verifying *v, struct rd p7s);
enum outcome verify_renewal(struct verifying *v);
enum outcome verify_counterparty(struct verifying *v);
enum outcome verify_mark(struct verifying *v);
enum outcome verify_status(struct verifying *v);

/* A whole token of another kind: told what it is, and what to do with it. False: it is none. */
bool verify_other_token(const struct verifying *v, struct rd text, enum outcome *code);

/* ---- printing ---- */
/* "valid", "NOT VALID", "cannot be called valid". */
const char *verify_word(enum verdict v);
void verify_say_identity(const struct cli *c, const struct identity *who);
void verify_say_time(const struct cli *c, const char *label, time_t t);
void verify_say_report(const struct cli *c, const struct report *rep);
/* The closing words: JSON (o gets "file" and "kind"; taken over), or on a failure one sentence on
 * standard error. */
enum outcome verify_close(struct verifying *v, const char *kind, enum verdict verdict,
    const struct check *why, json_t *o);
/* What to do next about the check that decided: an id, never NULL. why may be NULL. */
const char *verify_advice(const struct check *why);
/* An optional file: *out stays empty when path is NULL. */
enum outcome verify_load(const struct cli *c, const char *path, struct buf *out) MUST_CHECK;

#endif
