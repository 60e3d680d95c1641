/* SPDX-License-Identifier: BSD-2-Clause */
/* Signatures in XML, read by what is behind the wall otherwise; and the bytes as an answer of it.
 * What is answered is read whole, and the same a second time. */
#include <string.h>

#include "document/xml/answer.h"
#include "document/xml/extend/look/places.h"
#include "document/xml/extend/plan.h"
#include "document/xml/nodes/nodes.h"
#include "fuzz.h"

static void ask(struct rd xml, uint32_t first, struct xml_answer *a)
{
	struct buf request = BUF_INIT(4);
	struct wall_call call = {.input = &xml, .inputs = 1};
	enum ecert_rc rc;
	memset(a, 0, sizeof *a);
	buf_init(&a->raw, WALL_ANSWER_MAX);
	buf_u32(&request, first);
	call.request = buf_view(&request);
	rc = xml_signatures(&call, &a->raw);
	REQUIRE(rc == ECERT_OK || rc == ECERT_E_TOO_LARGE);
	REQUIRE(rc != ECERT_OK || xml_answer_read(a));
	buf_free(&request);
}

static void hold(const struct xml_answer *a)
{
	for (uint32_t i = 0; i < a->n; i++) {
		const struct xml_sig *s = &a->v[i];
		REQUIRE(s->of <= i && s->path.n && s->path.n <= XML_PATH_MAX);
		for (uint32_t k = 0; k < s->refs; k++) {
			REQUIRE((s->ref[k].state == XML_OCTETS) == s->ref[k].has_octets);
		}
	}
}

static void as_document(struct rd xml)
{
	struct xml_answer a, again;
	ask(xml, 0, &a);
	hold(&a);
	ask(xml, 0, &again);
	REQUIRE(rd_equal(buf_view(&a.raw), buf_view(&again.raw)));
	xml_answer_free(&again);
	xml_answer_free(&a);
	ask(xml, 1, &a);
	xml_answer_free(&a);
}

/* Where something would be put is in the file, as is the tag that ends there. */
static void as_extended(struct rd xml)
{
	struct wall_call call = {.input = &xml, .inputs = 1};
	const struct doc_refusal *why = NULL;
	struct xext_plan p = {.n = 0};
	struct buf answer = BUF_INIT(WALL_ANSWER_MAX);
	enum ecert_rc rc = xml_places(&call, &answer);
	REQUIRE(rc == ECERT_OK || rc == ECERT_E_TOO_LARGE || rc == ECERT_E_MALFORMED);
	REQUIRE(rc != ECERT_OK || xext_plan_read(buf_view(&answer), xml.n, &p, &why) == ECERT_OK);
	for (size_t i = 0; i < p.n; i++) {
		const struct xext_one *one = &p.v[i];
		REQUIRE(one->why || !one->empty.n || !memcmp(xml.p + one->at, "/>", 2));
	}
	buf_free(&answer);
}

static void as_answer(struct rd bytes)
{
	const struct doc_refusal *why;
	struct xext_plan p = {.n = 0};
	struct xml_answer a = {.n = 0};
	buf_init(&a.raw, WALL_ANSWER_MAX);
	buf_rd(&a.raw, bytes);
	if (xml_answer_read(&a) && a.state == XML_READ)
		REQUIRE(a.n <= XML_SIGNATURES_MAX && a.n <= a.total);
	xml_answer_free(&a);
	if (xext_plan_read(bytes, 1000, &p, &why) == ECERT_OK)
		for (size_t i = 0; i < p.n; i++)
			REQUIRE(p.v[i].why || p.v[i].at <= 1000);
}

static void as_file(struct rd bytes)
{
	static const char *const steps[] = {"http://www.w3.org/TR/2001/REC-xml-c14n-20010315",
	    "http://www.w3.org/2000/09/xmldsig#base64 http://www.w3.org/2001/10/xml-exc-c14n#"};
	for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
		struct wall_call call = {
		    .request = rd_of(steps[i], strlen(steps[i])), .input = &bytes, .inputs = 1};
		struct buf answer = BUF_INIT(WALL_ANSWER_MAX);
		REQUIRE(xml_transform(&call, &answer) == ECERT_OK && buf_len(&answer) >= 1);
		buf_free(&answer);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct rd bytes = rd_of(data, size);
	as_document(bytes);
	as_extended(bytes);
	as_answer(bytes);
	as_file(bytes);
	return 0;
}
