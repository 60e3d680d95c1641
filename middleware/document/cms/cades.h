/* SPDX-License-Identifier: BSD-2-Clause */
/* CAdES-B-B (ETSI EN 319 122-1): detached signatures made over files of any size, and verified. */
#ifndef ECERT_DOCUMENT_CADES_H
#define ECERT_DOCUMENT_CADES_H

#include <stdint.h>
#include <time.h>

#include "document/digest.h"
#include "document/identity.h"
#include "document/path.h"
#include "document/report.h"
#include "document/signer.h"

/* A .p7s larger than this is not read; content inside a file in DER or BER does not count. */
#define CADES_MAX_SIZE	  (16u << 20)
#define CADES_MAX_SIGNERS 16

struct cades_options {
	enum doc_sig_alg alg; /* DOC_SIG_NONE: by the key. RS256, PS256, ES256, ES384 */
	time_t now;	      /* signingTime */
	doc_progress_fn *progress;
	void *progress_ctx;
};

/*
 * Appends a DER SignedData without content to out: signed attributes contentType, messageDigest,
 * signingTime, signingCertificateV2 and no others; the certificate and chain included. It does not
 * ask whether the certificate may sign (trust_may_sign does). Errors: doc_digest_fd's,
 * doc_sign_message's, ECERT_E_KEY_TYPE, ECERT_E_MALFORMED (certificate).
 */
enum ecert_rc cades_sign_fd(
    const struct doc_signer *s, const struct cades_options *o, int fd, struct buf *out) MUST_CHECK;
/* The same for a digest at hand, made with doc_sig_digest(alg). */
enum ecert_rc cades_sign_digest(const struct doc_signer *s, const struct cades_options *o,
    struct rd digest, struct buf *out) MUST_CHECK;

/*
 * One signer's checks, in this order: "signed attributes", "content digest", "signing certificate",
 * "signature value", then those of the path seam: "chain", "validity", "key usage", "policy",
 * "revocation".
 */
struct cades_signer {
	struct identity who;
	time_t when; /* signingTime; 0 when it is absent */
	char algorithm[64];
	struct buf cert; /* DER; empty when the certificate is not in the document */
	struct report report;
};

struct cades_result {
	struct report report; /* "structure" */
	bool attached;	      /* the content was inside */
	uint64_t content_size;
	size_t n;
	struct cades_signer signer[];
};

struct cades_verify_options {
	time_t now;
	const struct doc_path *path; /* NULL: the chain is reported as unknown */
	doc_progress_fn *progress;
	void *progress_ctx;
};

/*
 * p7s: DER, BER or PEM. content_fd: the signed file, -1 when the content must be inside. A
 * signature that does not verify is ECERT_OK with a report that says so; errors are only
 * ECERT_E_IO, ECERT_E_MEMORY, ECERT_E_CANCELLED, ECERT_E_ARG.
 */
enum ecert_rc cades_verify(struct rd p7s, int content_fd, const struct cades_verify_options *o,
    struct cades_result **out) MUST_CHECK;
/* The same for a signature in a file, whose content may be of any size: it is digested where it is.
 * Errors also: ECERT_E_TOO_LARGE. */
enum ecert_rc cades_verify_fd(int p7s_fd, int content_fd, const struct cades_verify_options *o,
    struct cades_result **out) MUST_CHECK;
/* The worst over the document and all its signers. */
enum verdict cades_verdict(const struct cades_result *r);
/* {"verdict":, "attached":, "checks":[], "signers":[{"signer":{}, "time":, ...}]} */
json_t *cades_json(const struct cades_result *r);
void cades_result_free(struct cades_result **r);

#endif
