/* SPDX-License-Identifier: BSD-2-Clause */
/* Signed PDFs: the signatures that are found in their bytes, and what was changed behind them, by
 * the reader that is behind the wall otherwise. */
#include <openssl/err.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "document/pdf/range.h"
#include "document/pdf/revisions/revisions.h"
#include "document/pdf/verify.h"
#include "fuzz.h"

#define NOW 1780000000

/* What has no defect covers all of the file from its beginning on but its own string. */
static void hold(const struct pdf_signatures *s, size_t size)
{
	REQUIRE(s->n <= PDF_SIGNATURES_MAX && s->size == size);
	for (size_t i = 0; i < s->n; i++) {
		const struct pdf_signature *v = &s->v[i];
		if (v->defect)
			continue;
		REQUIRE(v->part[0].at == 0 && v->part[0].n == v->hole && v->hole < v->part[1].at);
		REQUIRE(v->part[1].at + v->part[1].n == v->end && v->end <= size);
		REQUIRE(buf_len(&v->contents) <= (v->part[1].at - v->hole) / 2);
		for (size_t k = i + 1; k < s->n; k++)
			REQUIRE(s->v[k].defect || s->v[k].hole >= v->end);
	}
}

static void put(struct buf *out, const struct pdf_signatures *s)
{
	buf_u32(out, (uint32_t)s->n);
	for (size_t i = 0; i < s->n; i++) {
		buf_u64(out, s->v[i].hole);
		buf_u64(out, s->v[i].part[1].at);
		buf_u64(out, s->v[i].end);
	}
}

/* Ends, and answers no more than it may. */
static void compare(struct rd pdf, const struct pdf_signatures *s)
{
	struct buf request = BUF_INIT(65536), answer = BUF_INIT(64u << 20);
	struct wall_call call = {.input = &pdf, .inputs = 1};
	enum ecert_rc rc;
	put(&request, s);
	call.request = buf_view(&request);
	rc = pdf_changes(&call, &answer);
	REQUIRE(rc == ECERT_OK || rc == ECERT_E_TOO_LARGE || rc == ECERT_E_MEMORY);
	REQUIRE(rc != ECERT_OK || buf_len(&answer) >= 13);
	buf_free(&request);
	buf_free(&answer);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct doc_verify_options o = {.now = NOW};
	struct pdf_signatures *s = calloc(1, sizeof *s);
	struct doc_result *r = NULL;
	int fd = memfd_create("fuzz", MFD_CLOEXEC);
	(void)setenv("ECERT_WALL", "/nowhere", 1);
	REQUIRE(s && fd >= 0 && write(fd, data, size) == (ssize_t)size);
	REQUIRE(pdf_signatures_find(fd, s) == ECERT_OK);
	hold(s, size);
	if (size)
		compare(rd_of(data, size), s);
	pdf_signatures_free(s);
	free(s);
	/* Nothing is trusted here. */
	REQUIRE(pdf_verify_fd(fd, -1, &o, &r) == ECERT_OK);
	REQUIRE(doc_verdict(r) != VERDICT_PASSED);
	json_t *j = doc_result_json(r);
	REQUIRE(j);
	json_decref(j);
	doc_result_free(&r);
	(void)close(fd);
	ERR_clear_error();
	return 0;
}
