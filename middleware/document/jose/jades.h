/* SPDX-License-Identifier: BSD-2-Clause */
/* JAdES-B-B and B-T (ETSI TS 119 182-1): signatures of files in JWS, made and verified. */
#ifndef ECERT_DOCUMENT_JADES_H
#define ECERT_DOCUMENT_JADES_H

#include "document/format.h"

#define JADES_MAX_SIGNERS 16

/* A protected header (JSON) that is a document's, and no token's: of no typ or of a general one,
 * and with a certificate or a member of JAdES. */
bool jades_is_header(struct rd json);
/* The same of what begins a compact JWS. */
bool jades_begins(struct rd head);
/* The signed file is inside. */
bool jades_holds_content(struct rd head);

/*
 * Appends a JAdES-B-B with iat, x5t#S256 and x5c as the options say: compact or JSON, the file
 * inside or referred to by the digest of its base64url (sigD, ObjectIdByURIHash); a B-T when o has
 * a stamp and it is JSON. Errors: doc_sign_message's, the stamp's, ECERT_E_IO, ECERT_E_CANCELLED,
 * ECERT_E_TOO_LARGE (a file that is to be inside), ECERT_E_MEMORY.
 */
enum ecert_rc jades_sign_fd(const struct doc_signer *s, const struct doc_sign_options *o, int fd,
    struct buf *out) MUST_CHECK;

/* The most that are signed together, and looked for beside a signature. */
#define JADES_FILES_MAX 500
/* The same of several files, none of which is inside (o->attached, o->name mean nothing). */
enum ecert_rc jades_sign_files(const struct doc_signer *s, const struct doc_sign_options *o,
    const struct doc_file *files, size_t n, struct buf *out) MUST_CHECK;

/* As doc_verify and doc_verify_fd. */
enum ecert_rc jades_verify(struct rd text, int content_fd, const struct doc_verify_options *o,
    struct doc_result **out) MUST_CHECK;
enum ecert_rc jades_verify_fd(int text_fd, int content_fd, const struct doc_verify_options *o,
    struct doc_result **out) MUST_CHECK;

#endif
