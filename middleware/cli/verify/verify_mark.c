/* SPDX-License-Identifier: BSD-2-Clause */
/* ecert verify for trust marks and their statuses: every check first, then what they add up to. */
#include <stdio.h>
#include <string.h>

#include "cli/verify/verify.h"
#include "document/jose/jws.h"
#include "trust/mark/mark.h"

/* What a status that was looked at says; "unknown" for one that proves nothing. */
static const char *shown(const char value[32])
{
	return value[0] ? value : MSG_ID("unknown");
}

/* The issuer's own words, of a status that counts. */
static void put_reason(const struct cli *c, struct rd status, const char value[32], json_t *o)
{
	char why[256] = "";

	if (value[0])
		mark_status_reason(status, why);
	if (!why[0])
		return;
	cli_row(c, 12, MSG_ID("Reason:"), MSG(TEXT, P_TEXT("text", why)));
	json_object_set_new(o, "status_reason", cli_json_text(why));
}

static void say_mark(
    const struct cli *c, const struct mark_info *info, const struct report *rep, const char *status)
{
	cli_row(c, 12, MSG_ID("Trust mark:"), MSG(verify_word(report_verdict(rep))));
	cli_row(c, 12, MSG_ID("Holder:"), MSG(TEXT, P_TEXT("text", info->sub)));
	cli_row(c, 12, MSG_ID("Issuer:"), MSG(TEXT, P_TEXT("text", info->iss)));
	cli_row(c, 12, MSG_ID("Mark type:"), MSG(TEXT, P_TEXT("text", info->type)));
	verify_say_time(c, MSG_ID("Issued:"), info->iat);
	verify_say_time(c, MSG_ID("Until:"), info->exp);
	if (status)
		cli_row(c, 12, MSG_ID("Status:"), MSG(status));
}

enum outcome verify_mark(struct verifying *v)
{
	struct mark_expect e = {.sub = v->o->subject,
	    .now = v->now,
	    .trust = v->set,
	    .status_age = v->o->status_age * 3600};
	struct mark_info info = {.iss = ""};
	struct buf status = BUF_INIT(JWS_MAX_SIZE);
	struct report rep;
	char value[32] = "";
	const char *said = NULL;
	json_t *o;
	enum outcome code = verify_load(v->c, v->o->status, &status);

	if (code)
		return code;
	report_init(&rep);
	(void)mark_verify(v->text, &e, &info, &rep);
	if (v->o->status) {
		(void)mark_status_verify(buf_view(&status), v->text, &e, value, &rep);
		said = shown(value);
	} else {
		report_add(&rep, CHK_STATUS, CHECK_SKIPPED,
		    MSG("none was given with --status, so the mark may have been revoked"));
	}
	say_mark(v->c, &info, &rep, said);
	o = mark_json(&info);
	put_reason(v->c, buf_view(&status), value, o);
	verify_say_report(v->c, &rep);
	if (said)
		json_object_set_new(o, "status", json_string(said));
	json_object_set_new(o, "verdict", json_string(verdict_name(report_verdict(&rep))));
	json_object_set_new(o, "checks", report_json(&rep));
	buf_free(&status);
	return verify_close(v, "trust-mark", report_verdict(&rep), report_reason(&rep), o);
}

/* A status that its issuer gave, and which says that the mark no longer counts, is as valid as any:
 * the mark is not. */
static enum outcome not_in_force(struct verifying *v, const char *value, json_t *o)
{
	struct cli people;
	struct ui ui;
	enum outcome code = verify_close(v, "trust-mark-status", VERDICT_PASSED, NULL, o);

	cli_for_people(v->c, &people, &ui);
	return code ? code
		    : ui_fail(people.job.ui, OUT_INVALID, "mark-not-in-force",
			  MSG("{name}: the trust mark is not in force: its status is {value}",
			      P_TEXT("name", v->name), P_TEXT("value", value)),
			  MSG("The status is genuine; do not rely on the mark. The issuer can tell "
			      "why."));
}

static enum outcome judge_status(struct verifying *v, struct rd mark)
{
	struct mark_expect e = {.sub = v->o->subject,
	    .now = v->now,
	    .trust = v->set,
	    .status_age = v->o->status_age * 3600};
	struct report rep;
	char value[32] = "";
	bool active, good;
	json_t *o;

	report_init(&rep);
	/* Of a mark that nobody granted there is no status, whoever signed one. */
	good = mark_verify(mark, &e, NULL, &rep);
	active = mark_status_verify(v->text, mark, &e, value, &rep);
	cli_row(v->c, 12, MSG_ID("Status:"),
	    MSG(active && !good ? MSG_ID("{status}, but the trust mark itself is not valid")
		: value[0]	? "{status}"
				: MSG_ID("unknown"),
		P_TEXT("status", value)));
	o = json_pack("{s:s, s:s, s:b, s:b, s:o}", "verdict", verdict_name(report_verdict(&rep)),
	    "status", shown(value), "genuine", value[0] != 0, "in_force", active && good, "checks",
	    report_json(&rep));
	put_reason(v->c, v->text, value, o);
	verify_say_report(v->c, &rep);
	if (value[0] && !active)
		return not_in_force(v, value, o);
	return verify_close(v, "trust-mark-status", report_verdict(&rep), report_reason(&rep), o);
}

/* The mark it is about comes with --mark: a status counts only byte-equal to a mark at hand. */
enum outcome verify_status(struct verifying *v)
{
	struct buf mark = BUF_INIT(JWS_MAX_SIZE);
	enum outcome code;

	if (!v->o->previous)
		return ui_fail(v->c->job.ui, OUT_USAGE, "mark-missing",
		    MSG("A status is verified together with the trust mark that it is about"),
		    MSG("Name it with --mark FILE."));
	code = verify_load(v->c, v->o->previous, &mark);
	if (!code)
		code = judge_status(v, buf_view(&mark));
	buf_free(&mark);
	return code;
}
