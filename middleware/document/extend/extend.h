/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a format does to make a signature last that was made before. One call goes one step: T (a
 * time stamp of each signature that has none which counts), LT (what its verification needs of
 * others goes inside), LTA (a time stamp of the signature with all of that). Between two steps
 * whoever extends verifies what was written, so that a format never knows paths: what to put inside
 * is handed to it.
 */
#ifndef ECERT_DOCUMENT_EXTEND_H
#define ECERT_DOCUMENT_EXTEND_H

#include "document/extend/level.h"
#include "document/format.h"

/*
 * One certificate, CRL or OCSP response that a path which was accepted stands on, and that the
 * document does not have. What several paths need is here once for each of them: a format with one
 * place for all puts it in once.
 */
struct doc_material {
	struct doc_brought what; /* a view, good for the call */
	size_t signer;		 /* whose signature needs it, as in found->signer */
	bool stamp; /* for one of its time stamps, and not for its signer's certificate */
};

struct doc_extend_options {
	enum doc_level step; /* DOC_LEVEL_T, DOC_LEVEL_LT or DOC_LEVEL_LTA */
	time_t now;
	/* T, LTA. One that gives no token ends the step with ECERT_E_NO_SERVICE: half of the
	 * signatures with a time stamp is no step. */
	doc_stamp_fn *stamp;
	/* The same for what is too large to be handed over: by its SHA-256. */
	doc_stamp_fn *stamp_imprint;
	void *stamp_ctx;
	const struct doc_material *material; /* LT */
	size_t material_n;
	/* The very file as it verified before this step; document/extend/lacking.h tells what is
	 * there already. Never failed; not owned. */
	const struct doc_result *found;
	doc_progress_fn *progress;
	void *progress_ctx;
};

/*
 * `extend` of a row (document/format.h): puts the whole file anew to `put`, part by part, with what
 * the step adds and nothing else changed: every signature that was in it stays as it was, byte by
 * byte, and what is there already is not put in twice. content_fd: the signed file of a detached
 * signature; -1: the content is inside. *why: why such a file cannot be extended, and nothing was
 * put (NULL: it was). Errors: ECERT_E_NO_SERVICE (there was no time stamp), ECERT_E_NOT_FOUND
 * (ecert-wall is not there), ECERT_E_TOO_LARGE, ECERT_E_IO, ECERT_E_MEMORY, ECERT_E_CANCELLED,
 * put's.
 */
typedef enum ecert_rc doc_extend_fn(const struct doc_extend_options *o, int fd, int content_fd,
    doc_content_fn *put, void *ctx, const struct doc_refusal **why) MUST_CHECK;

/* By the format of this kind. Errors also: ECERT_E_UNSUPPORTED (nothing of it is extended to that
 * level: doc_extends_to tells before). */
enum ecert_rc doc_extend_fd(enum doc_kind kind, const struct doc_extend_options *o, int fd,
    int content_fd, doc_content_fn *put, void *ctx, const struct doc_refusal **why) MUST_CHECK;
/* The highest level that files of this kind are extended to; DOC_LEVEL_NONE: they are not. */
enum doc_level doc_extends_to(enum doc_kind kind);

#endif
