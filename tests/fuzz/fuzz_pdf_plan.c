/* SPDX-License-Identifier: BSD-2-Clause */
/* Where a PDF is signed: the PDF, by the reader that is behind the wall otherwise, and what a
 * forger may answer in its place. The first byte chooses: a an answer, else a PDF. */
#include <string.h>

#include "document/pdf/objects/objects.h"
#include "pdf_answers.h"

/* A signature that is not seen: in a new field, in one of this name, certified. */
static void ask(struct rd pdf, uint8_t flags, const char *field)
{
	struct buf request = BUF_INIT(256), answer = BUF_INIT(WALL_ANSWER_MAX);
	struct wall_call call = {.input = &pdf, .inputs = 1};
	enum ecert_rc rc;
	buf_u8(&request, flags);
	buf_u8(&request, (uint8_t)strlen(field));
	buf_str(&request, field);
	buf_u32(&request, 1);
	buf_u8(&request, PDF_UNSEEN);
	buf_u32(&request, 0);
	buf_u32(&request, 0);
	call.request = buf_view(&request);
	rc = pdf_plan(&call, &answer);
	REQUIRE(rc == ECERT_OK || rc == ECERT_E_TOO_LARGE || rc == ECERT_E_MEMORY);
	if (rc == ECERT_OK)
		hold_answer(buf_view(&answer), 1);
	buf_free(&request);
	buf_free(&answer);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct rd rest = rd_of(data + 1, size ? size - 1 : 0);
	if (size < 2)
		return 0;
	if (data[0] == 'a') {
		take_answer(rest);
		return 0;
	}
	ask(rest, 0, "");
	ask(rest, PDF_CERTIFY, "");
	ask(rest, 0, "Signature1");
	return 0;
}
