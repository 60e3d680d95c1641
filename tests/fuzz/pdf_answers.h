/* SPDX-License-Identifier: BSD-2-Clause */
/* What holds of a plan that was read, whoever answered. */
#ifndef ECERT_FUZZ_PDF_ANSWERS_H
#define ECERT_FUZZ_PDF_ANSWERS_H

#include "document/pdf/sign/plan.h"
#include "fuzz.h"

static inline int is_inside(struct rd view, struct rd all)
{
	return !view.n ||
	       (view.p >= all.p && view.n <= all.n && (size_t)(view.p - all.p) <= all.n - view.n);
}

/* Every object once, in order, none of those that are written by themselves, all text inside. */
static inline void hold_plan(const struct pdf_plan *p, struct rd answer)
{
	REQUIRE(p->xref > 0 && p->sig != p->xref && p->size == p->xref + p->stream);
	REQUIRE(is_inside(p->trailer, answer) && is_inside(p->extra, answer));
	for (size_t i = 0; i < p->n; i++) {
		const struct pdf_object *o = &p->object[i];
		REQUIRE(o->number > 0 && o->number != p->sig && o->number != p->xref);
		REQUIRE(!i || o->number > p->object[i - 1].number);
		REQUIRE(is_inside(o->text, answer));
	}
}

/* Of our own reader: whole, and good. signature: there has to be one, or none. */
static inline void hold_answer(struct rd answer, int signature)
{
	struct pdf_plan p = {.object = NULL};
	const struct doc_refusal *why = NULL;
	REQUIRE(pdf_plan_read(answer, &p, &why) == ECERT_OK);
	REQUIRE(why || (p.sig != 0) == signature);
	if (!why)
		hold_plan(&p, answer);
	pdf_plan_free(&p);
}

/* Of anybody. */
static inline void take_answer(struct rd bytes)
{
	struct pdf_plan p = {.object = NULL};
	const struct doc_refusal *why = NULL;
	enum ecert_rc rc = pdf_plan_read(bytes, &p, &why);
	REQUIRE(rc == ECERT_OK || rc == ECERT_E_MALFORMED);
	if (rc == ECERT_OK && !why)
		hold_plan(&p, bytes);
	pdf_plan_free(&p);
}

#endif
