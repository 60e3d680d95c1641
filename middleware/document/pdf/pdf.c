/* SPDX-License-Identifier: BSD-2-Clause */
/* What a signed PDF is known by is kind/'s: the word may be anywhere in it. */
#include "document/pdf/pdf.h"

#include "document/pdf/extend/extend.h"
#include "document/pdf/sign/sign.h"
#include "document/pdf/verify.h"
#include "document/wall/start.h"

static void ready(int steps)
{
	wall_ready(WALL_PDF, steps);
}

const struct doc_format format_pdf = {
    .kind = DOC_KIND_SIGNED_PDF,
    .name = "pades",
    .prepare = pdf_prepare,
    .ready = ready,
    .sign_into = pdf_sign_into,
    .forget = pdf_forget,
    .extend = pdf_extend,
    .extends_to = DOC_LEVEL_LTA,
    .verify = pdf_verify,
    .verify_fd = pdf_verify_fd,
};
