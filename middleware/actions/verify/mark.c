/* SPDX-License-Identifier: BSD-2-Clause */
/* Verifying trust marks and their statuses: every check first, then what they add up to. */
#include "actions/verify/verifying.h"
#include "document/jose/jws.h"
#include "trust/mark/mark.h"

static struct mark_expect expected(const struct verifying *v)
{
	return (struct mark_expect){.sub = v->o->subject,
	    .now = v->now,
	    .trust = v->set,
	    .status_age = v->o->status_age * 3600};
}

enum outcome verify_mark(struct verifying *v)
{
	struct mark_expect e = expected(v);
	struct verified *r = v->r;
	struct buf status = BUF_INIT(JWS_MAX_SIZE);
	enum outcome code = verify_given(v->job, v->o->status, &status);

	if (code)
		return code;
	(void)mark_verify(v->text, &e, &r->mark, &r->report);
	r->has_status = v->o->status;
	if (r->has_status)
		(void)mark_status_verify(buf_view(&status), v->text, &e, r->status, &r->report);
	else
		report_add(&r->report, CHK_STATUS, CHECK_SKIPPED,
		    MSG("none was given with --status, so the mark may have been revoked"));
	if (r->status[0])
		mark_status_reason(buf_view(&status), r->status_reason);
	verify_judged(v, report_judge(&r->report));
	buf_free(&status);
	return OUT_OK;
}

static void judge_status(struct verifying *v, struct rd mark)
{
	struct mark_expect e = expected(v);
	struct verified *r = v->r;

	/* Of a mark that nobody granted there is no status, whoever signed one. */
	r->mark_good = mark_verify(mark, &e, NULL, &r->report);
	r->active = mark_status_verify(v->text, mark, &e, r->status, &r->report);
	r->has_status = true;
	if (r->status[0])
		mark_status_reason(v->text, r->status_reason);
	verify_judged(v, report_judge(&r->report));
}

/* The mark it is about comes with --mark: a status counts only byte-equal to a mark at hand. */
enum outcome verify_status(struct verifying *v)
{
	struct buf mark = BUF_INIT(JWS_MAX_SIZE);
	enum outcome code;

	if (!v->o->previous)
		return ui_fail(v->job->ui, OUT_USAGE, "mark-missing",
		    MSG("A status is verified together with the trust mark that it is about"),
		    MSG("Name it with --mark FILE."));
	code = verify_given(v->job, v->o->previous, &mark);
	if (!code)
		judge_status(v, buf_view(&mark));
	buf_free(&mark);
	return code;
}
