/* SPDX-License-Identifier: BSD-2-Clause */
/* Digests of a stream, several at once: signers of one document may differ in their digest. */
#ifndef ECERT_DOCUMENT_DIGEST_H
#define ECERT_DOCUMENT_DIGEST_H

#include <openssl/evp.h>
#include <stdbool.h>
#include <stdint.h>

#include "ecert/rc.h"
#include "util/rd.h"

/* Called about every 4 MiB and once at the end; total is 0 when it is not known (a pipe). A false
 * answer cancels: ECERT_E_CANCELLED. */
typedef bool doc_progress_fn(void *ctx, uint64_t done, uint64_t total);

struct doc_digest {
	uint8_t value[64];
	size_t len;
	uint64_t size; /* bytes that were read */
};

/* Digests an open file to its end in constant memory. md: an OpenSSL name. progress may be NULL.
 * Errors: ECERT_E_IO, ECERT_E_CANCELLED, ECERT_E_UNSUPPORTED. */
enum ecert_rc doc_digest_fd(int fd, const char *md, doc_progress_fn *progress, void *progress_ctx,
    struct doc_digest *out) MUST_CHECK;

/* The same digest, found in OpenSSL once for all times when it is one of the usual ones. Lives as
 * long as the process. */
const EVP_MD *digest_ready(const EVP_MD *md);

/* The digest of this OBJECT IDENTIFIER (its content, without the header); NULL: not known. */
const EVP_MD *digest_of_oid(struct rd oid);

#define DIGEST_MAX 4

/* Begins as {.n = 0}; digest_set_free releases it. */
struct digest_set {
	size_t n;
	struct {
		const EVP_MD *md;
		EVP_MD_CTX *ctx;
		struct doc_digest result;
	} row[DIGEST_MAX];
};

/* Adds md once. Errors: ECERT_E_TOO_LARGE, ECERT_E_MEMORY, ECERT_E_CRYPTO. */
enum ecert_rc digest_set_add(struct digest_set *s, const EVP_MD *md) MUST_CHECK;
/* The next bytes, into every one of them. Errors: ECERT_E_CRYPTO. */
enum ecert_rc digest_set_update(struct digest_set *s, struct rd bytes) MUST_CHECK;
/* A whole text, with CR LF at the end of each line, as mail has it (RFC 8551, 3.1.1). */
enum ecert_rc digest_set_update_text(struct digest_set *s, struct rd text) MUST_CHECK;
/* What is left of the file, to its end; *size: how many bytes that was. Errors: doc_digest_fd's. */
enum ecert_rc digest_set_fd(
    struct digest_set *s, int fd, doc_progress_fn *progress, void *ctx, uint64_t *size) MUST_CHECK;
/* A piece of a file. */
struct digest_part {
	uint64_t at, n;
};
/* Some pieces of it, one behind the other; fd's offset is left alone. Errors: as digest_set_fd, and
 * ECERT_E_IO for a piece that is not there. */
enum ecert_rc digest_set_parts(struct digest_set *s, int fd, const struct digest_part *part,
    size_t n, doc_progress_fn *progress, void *ctx) MUST_CHECK;
/* Fills every result; then nothing may be added any more. Errors: ECERT_E_CRYPTO. */
enum ecert_rc digest_set_final(struct digest_set *s) MUST_CHECK;
/* The result for md; empty when it was not added. */
struct rd digest_set_get(const struct digest_set *s, const EVP_MD *md);
void digest_set_free(struct digest_set *s);

#endif
