/* SPDX-License-Identifier: BSD-2-Clause */
/* The question where properties go, and its answer, which may be a forger's. */
#include "document/xml/extend/plan.h"

#include "document/wall/ask.h"
#include "document/xml/fragment.h"
#include "util/message.h"

#define ID_MAX 128

/* ---- sentences ---- */
static const struct doc_refusal refusals[XEXT_REFUSAL_COUNT] = {
    [XEXT_BROKEN] = {REASON_ID("xml-broken"), MSG_ID("it is not well-formed XML"),
	MSG_ID("Have it sent again, or made anew.")},
    [XEXT_ENCODING] = {REASON_ID("xml-encoding"), MSG_ID("it is not written in UTF-8"),
	MSG_ID("Ask for one that is signed in UTF-8.")},
    [XEXT_PLAIN] = {REASON_ID("xml-not-xades"),
	MSG_ID("a signature in it is without XAdES, which has the place for what lasts"),
	MSG_ID("Sign the file again with ecert sign --format=xades.")},
    [XEXT_OLD] = {REASON_ID("xades-old"),
	MSG_ID("a signature in it is of XAdES before 1.3.2, which has no levels"),
	MSG_ID("Extend it with the program that has made it.")},
    [XEXT_COVERED] = {REASON_ID("xml-covered"),
	MSG_ID("a signature in it covers the place for what is added, and would break"),
	MSG_ID("Extend signatures before others are put over them.")},
};

const struct doc_refusal *xext_refused(enum xext_refusal why)
{
	return why > XEXT_GOOD && why < XEXT_REFUSAL_COUNT ? &refusals[why] : NULL;
}

static const struct doc_refusal *unread(enum wall_end end)
{
	static const struct doc_refusal large = {
	    REASON_ID("xml-too-large"), MSG_ID("there is more in it than can be looked at"), NULL};

	return wall_reason(end) == REASON_TOO_MUCH ? &large : &refusals[XEXT_BROKEN];
}

/* ---- the answer ---- */
static bool string(struct rd *r, size_t max, struct rd *out)
{
	uint32_t n = 0;

	return rd_u32(r, &n) == ECERT_OK && n <= max && rd_take(r, n, out) == ECERT_OK;
}

static bool read_place(struct rd *r, uint64_t size, struct xext_one *one)
{
	uint8_t place = 0, values = 0;

	if (rd_u8(r, &place) != ECERT_OK || place >= XEXT_PLACE_COUNT ||
	    rd_u64(r, &one->at) != ECERT_OK || !string(r, XEXT_NAME_MAX, &one->empty) ||
	    !string(r, WALL_ANSWER_MAX, &one->stamp_id) || rd_u8(r, &values) != ECERT_OK ||
	    values > 1 || !string(r, XEXT_VALUE_MAX, &one->value))
		return false;
	one->place = (enum xext_place)place;
	one->values = values;
	if (one->stamp_id.n > ID_MAX || !xml_is_plain_id(one->stamp_id))
		one->stamp_id = rd_of(NULL, 0);
	return one->at <= size && (one->empty.n ? 2u : 0u) <= size - one->at &&
	       xml_is_tag_name(one->empty) && one->value.n;
}

static bool read_one(struct rd *r, uint64_t size, struct xext_one *one)
{
	uint8_t why = 0;

	*one = (struct xext_one){.at = 0};
	if (rd_u8(r, &why) != ECERT_OK || why >= XEXT_REFUSAL_COUNT)
		return false;
	one->why = (enum xext_refusal)why;
	return one->why != XEXT_GOOD || read_place(r, size, one);
}

enum ecert_rc xext_plan_read(
    struct rd r, uint64_t size, struct xext_plan *p, const struct doc_refusal **why)
{
	uint8_t refusal = 0, n = 0;

	*why = NULL;
	p->n = 0;
	if (rd_u8(&r, &refusal) != ECERT_OK || refusal >= XEXT_REFUSAL_COUNT)
		return ECERT_E_MALFORMED;
	*why = xext_refused((enum xext_refusal)refusal);
	if (*why)
		return rd_end(&r);
	if (rd_u8(&r, &n) != ECERT_OK || n > XML_SIGNATURES_MAX)
		return ECERT_E_MALFORMED;
	for (; p->n < n; p->n++)
		if (!read_one(&r, size, &p->v[p->n]))
			return ECERT_E_MALFORMED;
	return rd_end(&r);
}

enum ecert_rc xext_plan_ask(
    int fd, uint64_t size, struct xext_plan *p, const struct doc_refusal **why)
{
	struct wall_question q = {.op = XEXT_PLACES_OP, .fd = &fd, .fds = 1};
	enum wall_end end = WALL_CRASHED;
	enum ecert_rc rc;

	*p = (struct xext_plan){.n = 0};
	*why = NULL;
	buf_init(&p->answer, WALL_ANSWER_MAX);
	rc = wall_ask(&q, &p->answer, &end);
	if (rc == ECERT_OK && end != WALL_ANSWERED)
		*why = unread(end);
	else if (rc == ECERT_OK)
		rc = xext_plan_read(buf_view(&p->answer), size, p, why);
	if (rc == ECERT_E_MALFORMED) {
		*why = unread(WALL_CRASHED);
		rc = ECERT_OK;
	}
	return rc;
}

void xext_plan_free(struct xext_plan *p)
{
	buf_free(&p->answer);
	p->n = 0;
}
