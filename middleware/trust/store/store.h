/* SPDX-License-Identifier: BSD-2-Clause */
/* Whom a person, or everybody on this computer, trusts: a folder with a file for each certificate
 * and list, and a record of the changes. */
#ifndef ECERT_TRUST_STORE_H
#define ECERT_TRUST_STORE_H

#include <sys/types.h>
#include <time.h>

#include "trust/store/record.h"
#include "util/buf.h"

enum store_kind {
	STORE_ANCHOR,	   /* "anchor": a CA of signing certificates */
	STORE_LIST,	   /* "list": a trust list, and the certificate that signs it */
	STORE_ATTESTATION, /* "attestation" */
	STORE_TSA,	   /* "tsa" */
	STORE_MARK_ISSUER, /* "mark-issuer" */
	STORE_KINDS
};
const char *store_kind_name(enum store_kind kind);
bool store_kind_by_name(const char *name, enum store_kind *out);

struct stored {
	enum store_kind kind;
	char name[128], url[256];
	uint8_t sha256[32]; /* of the certificate */
	char added[32], by[128];
	bool unrecorded; /* the record does not have it as added, or has it as removed since */
	struct rd cert;	 /* DER */
	struct rd list;	 /* a list's text; empty else */
};

struct trust_store;

/*
 * The store in this folder, as folder_open has it. make: with this mode, when it is not there.
 * Errors: folder_open's, ECERT_E_MEMORY.
 */
enum ecert_rc trust_store_open(const char *path, uid_t owner, mode_t make, struct trust_store **out,
    const char **why) MUST_CHECK;
void trust_store_close(struct trust_store **s);

/* Calls fn for each, in the order of their kinds and names; fn's views end with the call. bad
 * (NAME_MAX + 1) gets the name of a file that is not as it was written: ECERT_E_DATA. Errors:
 * ECERT_E_DENIED (a file is a link, or of others), ECERT_E_TOO_LARGE, ECERT_E_IO, fn's. */
enum ecert_rc trust_store_each(struct trust_store *s,
    enum ecert_rc (*fn)(void *ctx, const struct stored *e), void *ctx, char bad[256]) MUST_CHECK;
/* Adds one, and a line to the record. A list takes the place of the one of the same signer. Errors:
 * ECERT_E_EXISTS, record_add's, ECERT_E_IO. */
enum ecert_rc trust_store_put(struct trust_store *s, const struct stored *e, time_t now) MUST_CHECK;
/* Removes the entry with e's kind and SHA-256, and adds a line to the record. Errors:
 * ECERT_E_NOT_FOUND and trust_store_put's. */
enum ecert_rc trust_store_drop(
    struct trust_store *s, const struct stored *e, time_t now) MUST_CHECK;
/* record_look of this store. */
enum ecert_rc trust_store_record(
    struct trust_store *s, enum record_state *out, size_t *lines) MUST_CHECK;

#endif
