/* SPDX-License-Identifier: BSD-2-Clause */
/* Proofs into /DSS: the PDF that gets them, by the reader that is behind the wall otherwise, the
 * question, and what a forger may answer. The first byte chooses: a an answer; q a question, u16
 * length, and a PDF; else a PDF. */
#include "document/pdf/objects/objects.h"
#include "pdf_answers.h"

static void ask(struct rd pdf, struct rd request, int ours)
{
	struct buf answer = BUF_INIT(WALL_ANSWER_MAX);
	const struct wall_call call = {.request = request, .input = &pdf, .inputs = 1};
	enum ecert_rc rc = pdf_dss(&call, &answer);
	REQUIRE(rc == ECERT_OK || rc == ECERT_E_TOO_LARGE || rc == ECERT_E_MEMORY || !ours);
	if (rc == ECERT_OK)
		hold_answer(buf_view(&answer), 0);
	buf_free(&answer);
}

/* A proof of each kind, two of them for one signature. */
static void put_request(struct buf *out)
{
	static const uint8_t der[] = {0x30, 3, 2, 1, 1}, key[PDF_DSS_KEY] = {1};
	buf_u32(out, PDF_PROOF_COUNT);
	for (uint8_t kind = 0; kind < PDF_PROOF_COUNT; kind++) {
		buf_u8(out, kind);
		buf_u32(out, sizeof der);
		buf_put(out, der, sizeof der);
	}
	buf_u32(out, 1);
	buf_put(out, key, sizeof key);
	buf_u32(out, 2);
	buf_u32(out, 0);
	buf_u32(out, 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct rd rest = rd_of(data + 1, size ? size - 1 : 0), request;
	struct buf ours = BUF_INIT(256);
	uint16_t n = 0;
	if (size < 2)
		return 0;
	put_request(&ours);
	if (data[0] == 'a')
		take_answer(rest);
	else if (data[0] != 'q')
		ask(rest, buf_view(&ours), 1);
	else if (rd_u16(&rest, &n) == ECERT_OK && rd_take(&rest, n, &request) == ECERT_OK)
		ask(rest, request, 0);
	buf_free(&ours);
	return 0;
}
