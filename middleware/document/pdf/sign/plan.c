/* SPDX-License-Identifier: BSD-2-Clause */
/* The question what to write, and its answer, which may be a forger's. */
#include "document/pdf/sign/plan.h"

#include <stdlib.h>
#include <string.h>

#include "document/pdf/plan.h"
#include "document/pdf/sign/refusal.h"
#include "document/wall/ask.h"

/* Annex C: the number of the last object that readers take. */
#define NUMBER_MAX  8388607u
#define OBJECTS_MAX 4096u

static void put_request(const struct doc_pdf_options *o, struct buf *out)
{
	static const struct doc_pdf_options none = {.field = NULL};
	static const uint8_t places[] = {[DOC_UNSEEN] = PDF_UNSEEN,
	    [DOC_TOP_LEFT] = PDF_TOP_LEFT,
	    [DOC_TOP_RIGHT] = PDF_TOP_RIGHT,
	    [DOC_BOTTOM_LEFT] = PDF_BOTTOM_LEFT,
	    [DOC_BOTTOM_RIGHT] = PDF_BOTTOM_RIGHT,
	    [DOC_AT] = PDF_AT};
	size_t n;

	o = o ? o : &none;
	n = o->field ? strlen(o->field) : 0;
	if (n > UINT8_MAX)
		buf_fail(out, ECERT_E_ARG);
	buf_u8(out, o->certify ? PDF_CERTIFY : 0);
	buf_u8(out, (uint8_t)n);
	if (n)
		buf_put(out, o->field, n);
	buf_u32(out, o->seen == DOC_UNSEEN ? 1 : o->page);
	buf_u8(out, places[o->seen]);
	buf_u32(out, o->x);
	buf_u32(out, o->y);
}

static bool is_number(uint32_t n)
{
	return n > 0 && n <= NUMBER_MAX;
}

static enum ecert_rc take_counted(struct rd *r, struct rd *out)
{
	uint32_t n = 0;
	enum ecert_rc rc = rd_u32(r, &n);

	return rc == ECERT_OK ? rd_take(r, n, out) : rc;
}

static int by_number(const void *a, const void *b)
{
	const struct pdf_object *x = a, *y = b;

	return (x->number > y->number) - (x->number < y->number);
}

/* In the order of their numbers, as cross-references have them, and each one once. */
static enum ecert_rc read_objects(struct rd *r, struct pdf_plan *p)
{
	uint32_t n = 0;
	enum ecert_rc rc = rd_u32(r, &n);

	if (rc == ECERT_OK && (n > OBJECTS_MAX || n > r->n))
		rc = ECERT_E_MALFORMED;
	if (rc == ECERT_OK && !(p->object = calloc(n + 1, sizeof *p->object)))
		rc = ECERT_E_MEMORY;
	for (; rc == ECERT_OK && p->n < n; p->n++) {
		struct pdf_object *o = &p->object[p->n];

		rc = rd_u32(r, &o->number);
		if (rc == ECERT_OK)
			rc = rd_u16(r, &o->generation);
		if (rc == ECERT_OK)
			rc = take_counted(r, &o->text);
		if (rc == ECERT_OK &&
		    (!is_number(o->number) || o->number == p->sig || o->number == p->xref))
			rc = ECERT_E_MALFORMED;
	}
	if (rc == ECERT_OK && p->n)
		qsort(p->object, p->n, sizeof *p->object, by_number);
	for (size_t i = 1; rc == ECERT_OK && i < p->n; i++)
		if (p->object[i].number == p->object[i - 1].number)
			rc = ECERT_E_MALFORMED;
	return rc;
}

static enum ecert_rc read_head(struct rd *r, struct pdf_plan *p)
{
	uint8_t stream = 0;
	enum ecert_rc rc = rd_u64(r, &p->startxref);

	if (rc == ECERT_OK)
		rc = rd_u8(r, &stream);
	p->stream = stream;
	if (rc == ECERT_OK)
		rc = rd_u32(r, &p->sig);
	if (rc == ECERT_OK)
		rc = rd_u32(r, &p->xref);
	if (rc == ECERT_OK)
		rc = rd_u32(r, &p->size);
	if (rc == ECERT_OK && (p->sig > NUMBER_MAX || !is_number(p->xref) || p->sig == p->xref ||
				  p->size != p->xref + p->stream))
		rc = ECERT_E_MALFORMED;
	if (rc == ECERT_OK)
		rc = take_counted(r, &p->trailer);
	if (rc == ECERT_OK)
		rc = take_counted(r, &p->extra);
	return rc;
}

enum ecert_rc pdf_plan_read(struct rd r, struct pdf_plan *p, const struct doc_refusal **why)
{
	uint8_t refusal = 0;
	enum ecert_rc rc = rd_u8(&r, &refusal);

	*why = NULL;
	if (rc == ECERT_OK && refusal >= PDF_REFUSAL_COUNT)
		rc = ECERT_E_MALFORMED;
	if (rc == ECERT_OK && refusal != PDF_GOOD) {
		*why = pdf_refused((enum pdf_refusal)refusal);
		return rd_end(&r);
	}
	if (rc == ECERT_OK)
		rc = read_head(&r, p);
	if (rc == ECERT_OK)
		rc = read_objects(&r, p);
	return rc == ECERT_OK ? rd_end(&r) : rc;
}

/* wanted: there has to be a signature, or has not to be one. */
static enum ecert_rc ask(
    const struct wall_question *q, bool wanted, struct pdf_plan *p, const struct doc_refusal **why)
{
	enum wall_end end = WALL_CRASHED;
	enum ecert_rc rc = wall_ask(q, &p->answer, &end);

	if (rc == ECERT_OK && end == WALL_ANSWERED)
		rc = pdf_plan_read(buf_view(&p->answer), p, why);
	else if (rc == ECERT_OK)
		*why = pdf_unread(end, q->fds > 1);
	if (rc == ECERT_E_MALFORMED || (rc == ECERT_OK && !*why && wanted != (p->sig != 0))) {
		*why = pdf_unread(WALL_CRASHED, false);
		rc = ECERT_OK;
	}
	return rc;
}

enum ecert_rc pdf_plan_ask(const struct doc_pdf_options *o, int fd, int picture, struct pdf_plan *p,
    const struct doc_refusal **why)
{
	struct buf request = BUF_INIT(WALL_REQUEST_MAX);
	const int file[] = {fd, picture};
	struct wall_question q = {.op = PDF_PLAN_OP, .fd = file, .fds = picture < 0 ? 1 : 2};
	enum ecert_rc rc;

	*p = (struct pdf_plan){.answer = BUF_INIT(WALL_ANSWER_MAX)};
	*why = NULL;
	put_request(o, &request);
	rc = buf_rc(&request);
	q.request = buf_view(&request);
	if (rc == ECERT_OK)
		rc = ask(&q, true, p, why);
	buf_free(&request);
	return rc;
}

enum ecert_rc pdf_dss_ask(
    struct rd request, int fd, struct pdf_plan *p, const struct doc_refusal **why)
{
	const struct wall_question q = {.op = PDF_DSS_OP, .request = request, .fd = &fd, .fds = 1};

	*p = (struct pdf_plan){.answer = BUF_INIT(WALL_ANSWER_MAX)};
	*why = NULL;
	return ask(&q, false, p, why);
}

void pdf_plan_free(struct pdf_plan *p)
{
	free(p->object);
	buf_free(&p->answer);
	*p = (struct pdf_plan){.object = NULL};
}
