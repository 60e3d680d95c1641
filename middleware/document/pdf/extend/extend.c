/* SPDX-License-Identifier: BSD-2-Clause */
/* One update behind the file: a document time stamp, or proofs. */
#include "document/pdf/extend/extend.h"

#include <stdlib.h>

#include "document/pdf/extend/dss.h"
#include "document/pdf/sign/plan.h"
#include "document/pdf/sign/refusal.h"
#include "document/pdf/sign/work.h"
#include "document/wall/frame.h"
#include "util/file.h"

/* For a token with its TSA's certificates. */
#define STAMP_ROOM 16384

/* A pdf_fill_fn. */
static enum ecert_rc fill(void *ctx, const struct digest_set *digests, struct buf *token)
{
	const struct doc_extend_options *o = ctx;
	enum ecert_rc rc = ECERT_E_NO_SERVICE;

	if (o->stamp_imprint)
		rc = o->stamp_imprint(o->stamp_ctx, digest_set_get(digests, EVP_sha256()), token);

	return rc == ECERT_OK && !buf_len(token) ? ECERT_E_NO_SERVICE : rc;
}

/* The whole file with what the plan says behind it. */
static enum ecert_rc write_update(const struct doc_extend_options *o, const struct pdf_plan *plan,
    const struct stat *was, int fd, doc_content_fn *put, void *ctx)
{
	struct pdf_work w = {
	    .put = put, .ctx = ctx, .progress = o->progress, .progress_ctx = o->progress_ctx};
	struct pdf_says says = {.stamp = true};
	struct pdf_tail tail = {.bytes = BUF_INIT(0)};
	struct doc_extend_options asked = *o;
	uint8_t last = 0;
	enum ecert_rc rc = plan->sig ? digest_set_add(&w.digests, EVP_sha256()) : ECERT_OK;

	if (rc == ECERT_OK && file_changed(was, fd))
		rc = ECERT_E_IO;
	if (rc == ECERT_OK)
		rc = pdf_work_copy(&w, fd, (uint64_t)was->st_size, &last);
	if (rc == ECERT_OK)
		rc = pdf_tail_build(plan, &says, (uint64_t)was->st_size,
		    last != '\n' && last != '\r', STAMP_ROOM, &tail);
	if (rc == ECERT_OK)
		rc = pdf_work_end(&w, &tail, fill, &asked);
	buf_free(&tail.bytes);
	digest_set_free(&w.digests);
	return rc;
}

static enum ecert_rc plan_proofs(const struct doc_extend_options *o, int fd, struct pdf_plan *plan,
    const struct doc_refusal **why)
{
	struct pdf_signatures *s = calloc(1, sizeof *s);
	struct buf request = BUF_INIT(WALL_REQUEST_MAX - 64);
	enum ecert_rc rc = s ? pdf_signatures_find(fd, s) : ECERT_E_MEMORY;

	if (rc == ECERT_OK)
		rc = pdf_dss_request(o, s, &request);
	if (rc == ECERT_OK)
		rc = pdf_dss_ask(buf_view(&request), fd, plan, why);
	if (s)
		pdf_signatures_free(s);
	free(s);
	buf_free(&request);
	return rc;
}

/* What the step would put in is there. */
static bool is_done(const struct doc_extend_options *o)
{
	bool all = true;

	for (size_t i = 0; i < o->found->n; i++)
		all = all && (o->found->signer[i].proved || !o->found->signer[i].asked);
	return o->step == DOC_LEVEL_T ? all : o->step == DOC_LEVEL_LT && !o->material_n;
}

static enum ecert_rc copy_only(const struct doc_extend_options *o, const struct stat *was, int fd,
    doc_content_fn *put, void *ctx)
{
	struct pdf_work w = {
	    .put = put, .ctx = ctx, .progress = o->progress, .progress_ctx = o->progress_ctx};
	uint8_t last = 0;

	return pdf_work_copy(&w, fd, (uint64_t)was->st_size, &last);
}

/* ISO 32000-2, 12.8.2.2 would let it come; readers take it for a change. */
static const struct doc_refusal certified = {REASON_ID("pdf-certified"),
    MSG_ID("it is certified, and its author allows no change: readers would call it changed"),
    MSG_ID("Have it signed with --tsa: then the time stamp is inside of the signature.")};

/* A time stamp inside of a signature's hole would alter what later signatures cover: T is a
 * document time stamp, too (EN 319 142-1, 6.3, table 1). */
enum ecert_rc pdf_extend(const struct doc_extend_options *o, int fd, int content_fd,
    doc_content_fn *put, void *ctx, const struct doc_refusal **why)
{
	struct pdf_plan plan = {.answer = BUF_INIT(0)};
	struct stat was;
	enum ecert_rc rc = fstat(fd, &was) ? ECERT_E_IO : ECERT_OK;

	(void)content_fd;
	*why = NULL;
	if (rc == ECERT_OK && is_done(o))
		return copy_only(o, &was, fd, put, ctx);
	if (rc == ECERT_OK)
		rc = o->step == DOC_LEVEL_LT ? plan_proofs(o, fd, &plan, why)
					     : pdf_plan_ask(NULL, fd, -1, &plan, why);
	if (*why && *why == pdf_refused(PDF_FORBIDDEN))
		*why = &certified;
	if (rc == ECERT_OK && !*why)
		rc = write_update(o, &plan, &was, fd, put, ctx);
	pdf_plan_free(&plan);
	return rc;
}
