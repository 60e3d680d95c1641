/* SPDX-License-Identifier: BSD-2-Clause */
/* Where XML is signed or extended: the file, by the reader that is behind the wall otherwise, and
 * what a forger may answer in its place. The first byte chooses: a an answer about signing, e one
 * about extending, else a file, to be signed as the profile that its low bits are. */
#include <string.h>

#include "document/wall/frame.h"
#include "document/xml/extend/plan.h"
#include "document/xml/sign/look/look.h"
#include "document/xml/sign/plan.h"
#include "fuzz.h"

#define SIZE 4096u /* of the file that an answer is about */

static int is_plain(struct rd id)
{
	for (size_t i = 0; i < id.n; i++)
		if (strchr("<>&\"' /#", id.p[i]) || id.p[i] < 0x21)
			return 0;
	return 1;
}

/* It is put into the file, and between tags, as it is. */
static void hold(const struct xsign_plan *p, uint64_t size)
{
	struct buf before = BUF_INIT(8192), behind = BUF_INIT(8192);
	REQUIRE(p->shape.at <= size && xsign_shape_dropped(&p->shape) <= size - p->shape.at);
	REQUIRE(p->values <= XSIGN_SIGNATURES_MAX);
	for (size_t i = 0; i < p->values; i++)
		REQUIRE(p->value[i].id.n && p->value[i].id.n <= XSIGN_ID_MAX &&
			is_plain(p->value[i].id));
	xsign_shape_before(&p->shape, &before);
	xsign_shape_behind(&p->shape, &behind);
	REQUIRE(buf_rc(&before) == ECERT_OK && buf_rc(&behind) == ECERT_OK);
	buf_free(&before);
	buf_free(&behind);
}

static enum ecert_rc read_plan(struct rd answer, uint64_t size)
{
	struct xsign_plan p = {.values = 0};
	const struct doc_refusal *why = NULL;
	enum ecert_rc rc = xsign_plan_read(answer, size, &p, &why);
	if (rc == ECERT_OK && !why)
		hold(&p, size);
	xsign_plan_free(&p);
	return rc;
}

static void as_extending(struct rd answer)
{
	struct xext_plan p = {.n = 0};
	const struct doc_refusal *why = NULL;
	enum ecert_rc rc = xext_plan_read(answer, SIZE, &p, &why);
	REQUIRE(rc == ECERT_OK || rc == ECERT_E_MALFORMED);
	for (size_t i = 0; rc == ECERT_OK && !why && i < p.n; i++)
		if (p.v[i].why == XEXT_GOOD)
			REQUIRE(p.v[i].at <= SIZE && is_plain(p.v[i].stamp_id) && p.v[i].value.n);
	xext_plan_free(&p);
}

static void as_file(uint8_t profile, struct rd file)
{
	struct buf answer = BUF_INIT(WALL_ANSWER_MAX);
	const struct wall_call call = {.request = rd_of(&profile, 1), .input = &file, .inputs = 1};
	enum ecert_rc rc = xsign_plan(&call, &answer);
	REQUIRE(rc == ECERT_OK || rc == ECERT_E_MALFORMED || rc == ECERT_E_TOO_LARGE ||
		rc == ECERT_E_MEMORY || rc == ECERT_E_ARG);
	if (rc == ECERT_OK)
		REQUIRE(read_plan(buf_view(&answer), file.n) == ECERT_OK);
	buf_free(&answer);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct rd rest = rd_of(data + 1, size ? size - 1 : 0);
	enum ecert_rc rc;
	if (size < 2)
		return 0;
	if (data[0] == 'a') {
		rc = read_plan(rest, SIZE);
		REQUIRE(rc == ECERT_OK || rc == ECERT_E_MALFORMED);
	} else if (data[0] == 'e') {
		as_extending(rest);
	} else {
		as_file(data[0] & 3, rest);
	}
	return 0;
}
