/* SPDX-License-Identifier: BSD-2-Clause */
/* ecert verify for what travels as JWS: renewal requests, counterparty tokens, marks and statuses.
 */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "cli/statedir.h"
#include "cli/verify.h"
#include "document/jws.h"
#include "trust/counterparty.h"
#include "trust/mark.h"
#include "trust/renewal.h"

static const char *word(enum verdict v)
{
	return v == VERDICT_PASSED   ? "valid"
	       : v == VERDICT_FAILED ? "NOT VALID"
				     : "cannot be called valid";
}

enum cli_exit verify_open_store(
    const struct cli *c, const char *dir, time_t now, struct nonce_store **out)
{
	enum ecert_rc rc = nonce_store_open(dir, now, out);

	if (rc == ECERT_E_IO)
		return cli_fail(c, CLI_IO,
		    "Name a folder that you may write in: --nonce-store DIR.",
		    "Cannot open the store of used nonces %s: %s", cli_clean(dir), strerror(errno));
	return cli_fail_rc(c, rc, "open the store of used nonces");
}

static enum cli_exit open_nonces(struct verifying *v, bool always, struct nonce_store **out)
{
	char path[PATH_MAX];
	const char *dir = v->o->nonce_store;

	*out = NULL;
	if (!dir && always)
		dir = state_folder("nonces", path, sizeof path);
	if (!dir)
		return CLI_OK;
	return verify_open_store(v->c, dir, v->now, out);
}

/* ---- renewal request ---- */
static void say_renewal(const struct cli *c, const struct renewal_result *r)
{
	cli_say(c, "%-12s %s", "Request:", word(report_verdict(&r->report)));
	cli_say(c, "%-12s %s", "Merchant:", cli_clean(r->merchant));
	cli_say(c, "%-12s %s", "For issuer:", cli_clean(r->issuer));
	cli_say(c, "%-12s %s", "Mark type:", cli_clean(r->type));
	verify_say_identity(c, &r->who);
	verify_say_time(c, "Made:", r->iat);
	verify_say_report(c, &r->report);
}

enum cli_exit verify_renewal(struct verifying *v)
{
	struct buf prev = BUF_INIT(JWS_MAX_SIZE);
	struct renewal_expect e = {.audience = v->o->audience, .now = v->now, .trust = v->set};
	struct renewal_result *r = NULL;
	enum cli_exit code = verify_load(v->c, v->o->previous, &prev);

	if (!code)
		code = open_nonces(v, false, &e.used);
	if (!code) {
		e.prev = buf_view(&prev);
		code = cli_fail_rc(
		    v->c, renewal_verify(v->text, &e, &r), "verify %s", cli_clean(v->name));
	}
	if (!code) {
		say_renewal(v->c, r);
		code = verify_close(v, "renewal-request", report_verdict(&r->report),
		    report_reason(&r->report), renewal_json(r));
	}
	renewal_result_free(&r);
	nonce_store_close(&e.used);
	buf_free(&prev);
	return code;
}

/* ---- counterparty token ---- */
static void say_counterparty(const struct cli *c, const struct counterparty_result *r)
{
	cli_say(c, "%-12s %s", "Token:", word(report_verdict(&r->report)));
	/* The certificate names a company; only a mark ties it to a place on the web. */
	cli_say(c, "%-12s %s%s", "Counterparty:", cli_clean(r->subject),
	    r->has_mark ? "" : " (its own claim: no valid trust mark says so)");
	cli_say(c, "%-12s %s (%s)", "Evidence:", evidence_name(r->level), r->level_reason);
	verify_say_identity(c, &r->who);
	verify_say_time(c, "Made:", r->iat);
	if (r->has_mark)
		cli_say(c, "%-12s %s, %s", "Trust mark:", cli_clean(r->mark.type),
		    r->status[0] ? r->status : "no status");
	verify_say_report(c, &r->report);
}

static enum cli_exit need(const struct verifying *v)
{
	if (v->o->audience && v->o->nonce)
		return CLI_OK;
	return cli_fail(v->c, CLI_USAGE,
	    "They are what you asked the counterparty to put in: your name, and your fresh nonce.",
	    "A counterparty token is verified with --audience and --nonce");
}

enum cli_exit verify_counterparty(struct verifying *v)
{
	struct buf status = BUF_INIT(JWS_MAX_SIZE);
	struct counterparty_expect e = {.audience = v->o->audience,
	    .nonce = v->o->nonce,
	    .now = v->now,
	    .trust = v->set,
	    .need_mark = v->o->need_mark};
	struct counterparty_result *r = NULL;
	enum cli_exit code = need(v);

	if (!code && v->o->level && !evidence_by_name(v->o->level, &e.min_level))
		code = cli_fail(
		    v->c, CLI_USAGE, "", "--level takes none, declared, co-resident or attested");
	if (!code)
		code = verify_load(v->c, v->o->status, &status);
	if (!code)
		code = open_nonces(v, true, &e.used);
	if (!code) {
		e.status = buf_view(&status);
		code = cli_fail_rc(
		    v->c, counterparty_verify(v->text, &e, &r), "verify %s", cli_clean(v->name));
	}
	if (!code) {
		say_counterparty(v->c, r);
		code = verify_close(v, "counterparty-token", report_verdict(&r->report),
		    report_reason(&r->report), counterparty_json(r));
	}
	counterparty_result_free(&r);
	nonce_store_close(&e.used);
	buf_free(&status);
	return code;
}

/* ---- trust mark and its status ---- */
static enum cli_exit with_status(
    struct verifying *v, const struct mark_expect *e, json_t *o, struct report *rep)
{
	struct buf status = BUF_INIT(JWS_MAX_SIZE);
	char value[32] = "";
	enum cli_exit code = verify_load(v->c, v->o->status, &status);

	if (!code && !v->o->status)
		report_add(rep, "status", CHECK_SKIPPED,
		    "none was given with --status, so the mark may have been revoked");
	if (!code && buf_len(&status)) {
		(void)mark_status_verify(buf_view(&status), v->text, e, value, rep);
		cli_say(v->c, "%-12s %s", "Status:", value);
		json_object_set_new(o, "status", json_string(value));
	}
	buf_free(&status);
	return code;
}

enum cli_exit verify_mark(struct verifying *v)
{
	struct mark_expect e = {.sub = v->o->subject, .now = v->now, .trust = v->set};
	struct mark_info info = {.iss = ""};
	struct report rep;
	json_t *o;
	enum cli_exit code;

	report_init(&rep);
	(void)mark_verify(v->text, &e, &info, &rep);
	cli_say(v->c, "%-12s %s", "Trust mark:", word(report_verdict(&rep)));
	cli_say(v->c, "%-12s %s", "Holder:", cli_clean(info.sub));
	cli_say(v->c, "%-12s %s", "Issuer:", cli_clean(info.iss));
	cli_say(v->c, "%-12s %s", "Mark type:", cli_clean(info.type));
	verify_say_time(v->c, "Issued:", info.iat);
	verify_say_time(v->c, "Until:", info.exp);
	o = mark_json(&info);
	code = with_status(v, &e, o, &rep);
	if (code) {
		json_decref(o);
		return code;
	}
	verify_say_report(v->c, &rep);
	json_object_set_new(o, "verdict", json_string(verdict_name(report_verdict(&rep))));
	json_object_set_new(o, "checks", report_json(&rep));
	return verify_close(v, "trust-mark", report_verdict(&rep), report_reason(&rep), o);
}

/* The mark it is about comes with --previous: a status counts only byte-equal to a mark at hand. */
enum cli_exit verify_status(struct verifying *v)
{
	struct mark_expect e = {.sub = v->o->subject, .now = v->now, .trust = v->set};
	struct buf mark = BUF_INIT(JWS_MAX_SIZE);
	struct report rep;
	char value[32] = "";
	enum cli_exit code;

	if (!v->o->previous)
		return cli_fail(v->c, CLI_USAGE, "Name it with --mark FILE.",
		    "A status is verified together with the trust mark that it is about");
	code = verify_load(v->c, v->o->previous, &mark);
	report_init(&rep);
	if (!code) {
		(void)mark_status_verify(v->text, buf_view(&mark), &e, value, &rep);
		cli_say(v->c, "%-12s %s", "Status:", value[0] ? value : "unknown");
		verify_say_report(v->c, &rep);
		code = verify_close(v, "trust-mark-status", report_verdict(&rep),
		    report_reason(&rep),
		    json_pack("{s:s, s:s, s:o}", "verdict", verdict_name(report_verdict(&rep)),
			"status", value, "checks", report_json(&rep)));
	}
	buf_free(&mark);
	return code;
}
