/* SPDX-License-Identifier: BSD-2-Clause */
/* ecert trustmark status: what an issuer says of its marks, once it has looked at them. */
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "cli/sign/signrows.h"
#include "client/outfile.h"
#include "cli/trust/trustmark.h"
#include "document/jose/jws.h"
#include "trust/fitness.h"

#define HOUR 3600L
/* Who asks for a mark's status wants to know of today. */
#define HOURS_MAX 168L

static bool status_word(const char *word)
{
	static const char *const words[] = {"active", "expired", "revoked", "invalid", "suspended"};

	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (!strcmp(word, words[i]))
			return true;
	return false;
}

enum outcome trustmark_unfit(
    const struct cli *c, const struct report *rep, const char *hint, const struct message *what)
{
	const struct check *why = report_reason(rep);

	return why ? ui_fail(c->job.ui, OUT_REFUSED, "unfit",
			 MSG("{what}: {check}: {detail}", P_MSG("what", what),
			     P_TEXT("check", why->name), P_MSG("detail", MSG_KEPT(&why->what))),
			 MSG(hint))
		   : OUT_OK;
}

/* The issuer decides; but a word that does not fit the mark may be a slip. */
static void say_doubt(
    const struct cli *c, const char *status, const struct mark_info *m, time_t now)
{
	if (strcmp(status, "expired") != 0 || (m->exp && m->exp <= now))
		return;
	if (m->exp)
		ui_note(
		    c->job.ui, MSG("Note: the mark has not expired: it counts until {cli_time}. "
				   "What is to end before its time is revoked, or suspended.",
				   P_TEXT("cli_time", cli_time(m->exp))));
	else
		ui_note(
		    c->job.ui, MSG("Note: the mark has no end, so that it cannot expire. What is "
				   "to end is revoked, or suspended."));
}

/* Of somebody else's mark one says nothing, and of a forged one nothing but "invalid". */
static enum outcome look_at(const struct cli *c, const struct status_params *o,
    struct trust_set *set, struct rd cert, struct rd mark, time_t now, time_t *exp)
{
	struct fitness_issuer us = {.iss = o->issuer, .own = set, .now = now};
	struct mark_info info = {.iss = ""};
	struct report rep;
	enum outcome code = ui_fail_rc(c->job.ui,
	    trust_set_add_der(set, cert, TRUST_MARK_ISSUER, TRUST_EXPLICIT, o->issuer),
	    MSG("Cannot use the certificate: {why}"));

	if (code)
		return code;
	trust_set_bind_issuers(set, o->issuer);
	report_init(&rep);
	if (!fitness_status(mark, o->status, &us, &info, &rep))
		return trustmark_unfit(c, &rep,
		    MSG_ID("Nothing was signed. If an earlier certificate of yours signed the "
			   "mark, name it with --mark-issuer; a mark of yours that is over is "
			   "expired, and one that bears your name and is not yours is invalid."),
		    MSG("The status {status} is not signed for this mark",
			P_TEXT("status", o->status)));
	say_doubt(c, o->status, &info, now);
	/* An active mark is active until it ends. */
	*exp = now + (o->hours ? o->hours * HOUR : TRUST_MARK_STATUS_MAX_AGE);
	if (!strcmp(o->status, "active") && info.exp && info.exp < *exp)
		*exp = info.exp;
	return OUT_OK;
}

static enum outcome status_sign(
    const struct cli *c, const struct status_params *o, struct trust_set *set, struct rd mark)
{
	struct signing s = {.certs = NULL};
	struct buf jws = BUF_INIT(JWS_MAX_SIZE);
	time_t now = time(NULL), exp = 0;
	struct signing_choice by = o->key;
	enum outcome code;

	by.bare = true;
	code = signing_begin(&c->job, &by, &s);

	if (!code)
		code = look_at(c, o, set, buf_view(&s.chosen->der), mark, now, &exp);
	if (!code)
		code = signing_login(&s, MSG("to sign the status of a trust mark"));
	if (!code)
		code = ui_fail_rc(c->job.ui,
		    mark_status_issue(
			&s.doc, o->issuer, mark, o->status, o->reason, now, exp, &jws),
		    MSG("Cannot sign the status: {why}"));
	if (!code)
		code = trustmark_save(
		    c, o->output ? o->output : "-", o->force, "trust-mark-status", &jws);
	signing_end(&s);
	buf_free(&jws);
	return code;
}

enum outcome trustmark_status(struct cli *c, void *params, const struct strlist *args)
{
	const struct status_params *o = params;
	struct buf mark = BUF_INIT(JWS_MAX_SIZE);
	struct trust_set *set = NULL;
	char typ[64];
	time_t now;
	enum outcome code;

	if (!o->issuer || !o->status || !status_word(o->status))
		return ui_fail(c->job.ui, OUT_USAGE, "issuer-missing",
		    MSG("A status needs --issuer URL and --status WORD"),
		    MSG("--status takes active, expired, revoked, invalid or suspended."));
	if (o->reason && strcmp(cli_clean(o->reason), o->reason) != 0)
		return ui_fail(c->job.ui, OUT_USAGE, "not-text",
		    MSG("--reason '{reason}' is no text that people can read",
			P_TEXT("reason", o->reason)),
		    MSG("Write it in UTF-8, in one line."));
	if (o->hours > HOURS_MAX || o->hours < 0)
		return ui_fail(c->job.ui, OUT_USAGE, "hours-too-many",
		    MSG("--hours is at most {max}", P_NUMBER("max", HOURS_MAX)),
		    MSG("Sign a new one every day, or every week."));
	code = infile_load(&c->job, args->v[0], &mark);
	if (!code &&
	    (jws_peek_typ(buf_view(&mark), typ, sizeof typ) || strcasecmp(typ, TRUST_MARK_TYP)))
		code = ui_fail(c->job.ui, OUT_INPUT, "not-a-trust-mark",
		    MSG("{file} is no trust mark", P_TEXT("file", args->v[0])),
		    MSG(next_of_rc(ECERT_E_MALFORMED)));
	if (!code && o->output)
		code = outfile_vacant(&c->job, o->output, o->force);
	if (!code)
		code = trust_options_load(&c->job, &o->trust, &set, &now);
	if (!code)
		code = status_sign(c, o, set, buf_view(&mark));
	trust_set_free(&set);
	buf_free(&mark);
	return code;
}

#define AT(field) offsetof(struct status_params, field)

const struct opt trustmark_status_opts[] = {
    {"issuer", 0, OPT_STR, "URL", AT(issuer), MSG_ID("who issued the mark: you")},
    {"status", 's', OPT_STR, "WORD", AT(status),
	MSG_ID("active, expired, revoked, invalid, suspended")},
    {"reason", 0, OPT_STR, "TEXT", AT(reason), MSG_ID("why, for people")},
    {"hours", 0, OPT_INT, "N", AT(hours), MSG_ID("how long the answer counts (default: 24)")},
    {"mark-issuer", 0, OPT_LIST, "PEM", AT(trust.mark_issuer),
	MSG_ID("an earlier certificate of yours, when that signed the mark (may be repeated)")},
    SIGNING_OPTS(struct status_params, key),
    {"output", 'o', OPT_OUT, "FILE", AT(output),
	MSG_ID("where it goes (default: standard output)")},
    {"force", 'f', OPT_FLAG, NULL, AT(force), MSG_ID("replace a file that is there")}, {0}};
