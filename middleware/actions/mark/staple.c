/* SPDX-License-Identifier: BSD-2-Clause */
/* Fetching the status of one's own mark, and putting it where the site has it. */
#include "actions/mark/staple.h"

#include <string.h>

#include "client/outfile.h"
#include "document/jose/jws.h"
#include "trust/mark/mark_site.h"

/* The times of a status that was judged already. */
static void times_of(struct rd status, struct stapled *out)
{
	const struct jws_rules rules = {.typ = TRUST_MARK_STATUS_TYP};
	struct jws *j = NULL;

	if (jws_parse(status, &rules, &j, NULL) == ECERT_OK) {
		(void)jws_time(j, "iat", &out->iat);
		(void)jws_time(j, "exp", &out->exp);
	}
	jws_free(&j);
}

static enum outcome bad_mark(const struct job *job, const char *file, const struct report *rep)
{
	const struct check *why = report_reason(rep);

	return ui_fail(job->ui,
	    report_verdict(rep) == VERDICT_FAILED ? OUT_INVALID : OUT_INDETERMINATE,
	    "not-a-good-mark",
	    MSG("{file} does not count: {check}: {why}", P_FILE("file", file),
		P_WORD("check", why ? why->name : check_name(CHK_MARK)),
		P_MSG("why", why ? MSG_KEPT(&why->what) : MSG_EMPTY)),
	    MSG("Nothing was written. `ecert verify` shows every check, and what to do."));
}

static enum outcome no_status(
    const struct job *job, const struct staple_deed *deed, const char *why)
{
	return ui_fail(job->ui, OUT_INDETERMINATE, "no-status",
	    MSG("There is no fresh status of {file}: {why}", P_FILE("file", deed->mark),
		P_WORD("why", why ? why : MSG_ID("the issuer did not say what it is"))),
	    MSG("{output} was left as it is. Try again later.", P_FILE("output", deed->output)));
}

static enum outcome write_it(const struct job *job, const struct staple_deed *deed,
    struct rd status, const struct stapled *s)
{
	struct buf line = BUF_INIT(JWS_MAX_SIZE + 2);
	enum outcome code;

	buf_rd(&line, status);
	if (status.n && status.p[status.n - 1] != '\n')
		buf_u8(&line, '\n');
	code = outfile_save(job, deed->output, buf_view(&line), true);
	buf_free(&line);
	if (code || s->active)
		return code;
	return ui_fail(job->ui, OUT_INVALID, "mark-not-in-force",
	    MSG("{name}: the trust mark is not in force: its status is {value}",
		P_FILE("name", deed->mark), P_TEXT("value", s->status)),
	    MSG("The status is written, and says so to whoever looks. Ask the issuer."));
}

static enum outcome ask(const struct job *job, const struct staple_deed *deed,
    struct trust_set *set, struct rd mark, struct stapled *out)
{
	struct mark_expect e = {.now = job_now(job), .trust = set};
	struct report rep, quiet;
	struct mark_site site;
	enum outcome code;

	report_init(&rep);
	report_init(&quiet);
	mark_site_ask(mark, &e, MARK_SITE_NEWER, &site, &rep);
	e.config = site.config;
	if (!mark_verify(mark, &e, NULL, &rep)) {
		code = bad_mark(job, deed->mark, &rep);
	} else if (!buf_len(&site.status)) {
		code = no_status(job, deed, site.why);
	} else {
		out->active = mark_status_verify(
		    buf_view(&site.status), mark, &e, out->status, &quiet);
		mark_status_reason(buf_view(&site.status), out->reason);
		times_of(buf_view(&site.status), out);
		code = write_it(job, deed, buf_view(&site.status), out);
	}
	mark_site_free(&site);
	return code;
}

enum outcome trustmark_staple(
    const struct job *job, const struct staple_deed *deed, struct stapled *out)
{
	struct buf mark = BUF_INIT(JWS_MAX_SIZE);
	struct online_options how = deed->online;
	struct net_account *run = NULL;
	struct trust_set *set = NULL;
	struct online *online = NULL;
	enum outcome code;
	time_t now;

	*out = (struct stapled){.active = false};
	how.on = how.anew = true;
	if (!deed->mark || !deed->output)
		return ui_fail(job->ui, OUT_USAGE, "mark-missing",
		    MSG("A status is fetched for --mark FILE, and goes to --output FILE"), NULL);
	code = infile_load(job, deed->mark, &mark);
	if (!code)
		code = outfile_vacant(job, deed->output, true);
	if (!code)
		code = online_run_begin(job, &how, &run);
	if (!code)
		code = trust_options_load(job, &deed->trust, &set, &now);
	if (!code)
		code = online_begin(job, &how, run, set, &out->online, &online);
	if (!code)
		code = ask(job, deed, set, buf_view(&mark), out);
	trust_set_free(&set);
	online_end(&online);
	online_run_end(&run);
	buf_free(&mark);
	return code;
}

void stapled_free(struct stapled *s)
{
	online_result_free(&s->online);
}
