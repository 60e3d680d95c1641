/* SPDX-License-Identifier: BSD-2-Clause */
/* The picture, and why there is none. */
#include "document/pdf/sign/show.h"

#include "document/pdf/sign/refusal.h"
#include "document/pdf/stamp/draw.h"
#include "util/file.h"

#define PICTURE_MAX (16u << 20)

enum ecert_rc pdf_show(const struct doc_sign_options *o, int *fd, const struct doc_refusal **why)
{
	const struct doc_pdf_options *pdf = o->pdf;
	struct buf out = BUF_INIT(PICTURE_MAX);
	enum pdf_undrawn undrawn = PDF_DRAWN;
	struct pdf_picture picture;
	enum ecert_rc rc;

	*fd = -1;
	if (!pdf || pdf->seen == DOC_UNSEEN)
		return ECERT_OK;
	picture = (struct pdf_picture){.name = pdf->name,
	    .company = pdf->company,
	    .reason = pdf->reason,
	    .place = pdf->place,
	    .logo = pdf->logo,
	    .qr = pdf->qr,
	    .now = o->now};
	rc = pdf_draw(&picture, &out, &undrawn);
	if (rc == ECERT_OK && undrawn != PDF_DRAWN)
		*why = pdf_not_drawn(undrawn);
	else if (rc == ECERT_OK)
		*fd = file_in_memory(buf_view(&out));
	if (rc == ECERT_OK && !*why && *fd < 0)
		rc = ECERT_E_IO;
	buf_free(&out);
	return rc;
}
