/* SPDX-License-Identifier: BSD-2-Clause */
/* Verifying trust marks and their statuses: every check first, then what they add up to. */
#include "actions/verify/verifying.h"
#include "document/jose/jws.h"
#include "trust/mark/mark_site.h"

static struct mark_expect expected(const struct verifying *v)
{
	return (struct mark_expect){.sub = v->o->subject,
	    .now = v->now,
	    .trust = v->set,
	    .status_age = v->o->status_age * 3600};
}

/* Of the one that was given and the one that the issuer has now, the newer; empty: there is none.
 */
static struct rd choose(
    struct rd given, const struct mark_site *site, struct rd mark, const struct mark_expect *e)
{
	struct report quiet;

	report_init(&quiet);
	return mark_status_choose(buf_view(&site->status), given, mark, e, &quiet);
}

static void without_status(struct verified *r, bool online, const char *why)
{
	if (online)
		report_add(&r->report, CHK_STATUS, CHECK_UNKNOWN,
		    MSG(why ? why : MSG_ID("the issuer did not say what it is")));
	else
		report_add(&r->report, CHK_STATUS, CHECK_SKIPPED,
		    MSG("none was given with --status, so the mark may have been revoked"));
}

static void judge_mark(struct verifying *v, struct rd given)
{
	struct mark_expect e = expected(v);
	struct verified *r = v->r;
	struct mark_site site;
	struct rd status;

	mark_site_ask(v->text, &e, given.n ? MARK_SITE_NEWER : MARK_SITE_STATUS, &site, &r->report);
	e.config = site.config;
	(void)mark_verify(v->text, &e, &r->mark, &r->report);
	status = choose(given, &site, v->text, &e);
	r->has_status = status.n || v->o->status;
	if (r->has_status)
		(void)mark_status_verify(status, v->text, &e, r->status, &r->report);
	else
		without_status(r, v->o->online.on, site.why);
	if (r->status[0])
		mark_status_reason(status, r->status_reason);
	verify_judged(v, report_judge(&r->report));
	mark_site_free(&site);
}

enum outcome verify_mark(struct verifying *v)
{
	struct buf status = BUF_INIT(JWS_MAX_SIZE);
	enum outcome code = verify_given(v->job, v->o->status, &status);

	if (!code)
		judge_mark(v, buf_view(&status));
	buf_free(&status);
	return code;
}

static void judge_status(struct verifying *v, struct rd mark)
{
	struct mark_expect e = expected(v);
	struct verified *r = v->r;
	struct mark_site site;

	mark_site_ask(mark, &e, MARK_SITE_KEYS, &site, &r->report);
	e.config = site.config;
	/* Of a mark that nobody granted there is no status, whoever signed one. */
	r->mark_good = mark_verify(mark, &e, NULL, &r->report);
	r->active = mark_status_verify(v->text, mark, &e, r->status, &r->report);
	r->has_status = true;
	if (r->status[0])
		mark_status_reason(v->text, r->status_reason);
	verify_judged(v, report_judge(&r->report));
	mark_site_free(&site);
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
