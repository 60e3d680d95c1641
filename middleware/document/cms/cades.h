/* SPDX-License-Identifier: BSD-2-Clause */
/* CAdES-B-B (ETSI EN 319 122-1): detached signatures made over files of any size, and verified. */
#ifndef ECERT_DOCUMENT_CADES_H
#define ECERT_DOCUMENT_CADES_H

#include "document/format.h"

#define CADES_MAX_SIZE	  DOC_SIGNATURE_MAX
#define CADES_MAX_SIGNERS 16

/*
 * Appends a DER SignedData without content to out: signed attributes contentType, messageDigest,
 * signingTime (unless o is timeless), signingCertificateV2 and no others; the certificate and chain
 * included. It does not ask whether the certificate may sign (trust_may_sign does). Errors:
 * doc_digest_fd's, doc_sign_message's, ECERT_E_KEY_TYPE, ECERT_E_MALFORMED (certificate).
 */
enum ecert_rc cades_sign_fd(const struct doc_signer *s, const struct doc_sign_options *o, int fd,
    struct buf *out) MUST_CHECK;
/* The same for a digest at hand, made with doc_sig_digest(alg). */
enum ecert_rc cades_sign_digest(const struct doc_signer *s, const struct doc_sign_options *o,
    struct rd digest, struct buf *out) MUST_CHECK;

/*
 * p7s: DER, BER or PEM. content_fd: the signed file, -1 when the content must be inside. A
 * signature that does not verify is ECERT_OK with a report that says so; errors are only
 * ECERT_E_IO, ECERT_E_MEMORY, ECERT_E_CANCELLED, ECERT_E_ARG.
 */
enum ecert_rc cades_verify(struct rd p7s, int content_fd, const struct doc_verify_options *o,
    struct doc_result **out) MUST_CHECK;
/* The same for a signature in a file, whose content may be of any size: it is digested where it is.
 * Errors also: ECERT_E_TOO_LARGE. */
enum ecert_rc cades_verify_fd(int p7s_fd, int content_fd, const struct doc_verify_options *o,
    struct doc_result **out) MUST_CHECK;

/* Of pieces of a file, one behind the other, which are the content. */
struct cades_pieces {
	int fd;
	const struct digest_part *part;
	size_t n;
};
/* A signature that is inside of the file whose pieces it signs. Errors as cades_verify. */
enum ecert_rc cades_verify_pieces(struct rd p7s, const struct cades_pieces *content,
    const struct doc_verify_options *o, struct doc_result **out) MUST_CHECK;

#endif
