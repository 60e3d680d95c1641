/* SPDX-License-Identifier: BSD-2-Clause */
/* Signing the status of a trust mark, once it was looked at. */
#include "actions/mark/status.h"

#include <string.h>
#include <strings.h>

#include "client/outfile.h"
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

/* The issuer decides; but a word that does not fit the mark may be a slip. */
static void say_doubt(
    const struct job *job, const char *status, const struct mark_info *m, time_t now)
{
	if (strcmp(status, "expired") != 0 || (m->exp && m->exp <= now))
		return;
	if (m->exp)
		ui_note(job->ui, MSG("Note: the mark has not expired: it counts until {until}. "
				     "What is to end before its time is revoked, or suspended.",
				     P_TIME("until", m->exp)));
	else
		ui_note(job->ui, MSG("Note: the mark has no end, so that it cannot expire. What is "
				     "to end is revoked, or suspended."));
}

/* Of somebody else's mark one says nothing, and of a forged one nothing but "invalid". */
static enum outcome look_at(const struct job *job, const struct status_deed *o,
    struct trust_set *set, struct rd cert, struct rd mark, time_t now, time_t *exp)
{
	struct fitness_issuer us = {.iss = o->issuer, .own = set, .now = now};
	struct mark_info info = {.iss = ""};
	struct report rep;
	enum outcome code = ui_fail_rc(job->ui,
	    trust_set_add_der(set, cert, TRUST_MARK_ISSUER, TRUST_EXPLICIT, o->issuer),
	    MSG("Cannot use the certificate: {why}"));

	if (code)
		return code;
	trust_set_bind_issuers(set, o->issuer);
	report_init(&rep);
	if (!fitness_status(mark, o->status, &us, &info, &rep))
		return statement_unfit(job, &rep,
		    MSG("The status {status} is not signed for this mark",
			P_TEXT("status", o->status)),
		    MSG_ID("Nothing was signed. If an earlier certificate of yours signed the "
			   "mark, name it with --mark-issuer; a mark of yours that is over is "
			   "expired, and one that bears your name and is not yours is invalid."));
	say_doubt(job, o->status, &info, now);
	/* An active mark is active until it ends. */
	*exp = now + (o->hours ? o->hours * HOUR : TRUST_MARK_STATUS_MAX_AGE);
	if (!strcmp(o->status, "active") && info.exp && info.exp < *exp)
		*exp = info.exp;
	return OUT_OK;
}

static enum outcome status_sign(
    const struct job *job, const struct status_deed *o, struct trust_set *set, struct rd mark)
{
	struct signing s = {.certs = NULL};
	struct buf jws = BUF_INIT(JWS_MAX_SIZE);
	time_t now = statement_now(job, o->now), exp = 0;
	struct signing_choice by = o->key;
	enum outcome code;

	by.bare = true;
	code = signing_begin(job, &by, &s);
	if (!code)
		code = look_at(job, o, set, buf_view(&s.chosen->der), mark, now, &exp);
	if (!code)
		code = signing_login(&s, MSG("to sign the status of a trust mark"));
	if (!code)
		code = ui_fail_rc(job->ui,
		    mark_status_issue(&s.doc,
			&(const struct mark_status){.iss = o->issuer,
			    .mark = mark,
			    .status = o->status,
			    .reason = o->reason,
			    .iat = now,
			    .exp = exp},
			&jws),
		    MSG("Cannot sign the status: {why}"));
	if (!code)
		code = statement_deliver(job, &o->to, o->to.path ? o->to.path : "-", &jws);
	signing_end(&s);
	buf_free(&jws);
	return code;
}

enum outcome trustmark_status(
    const struct job *job, const struct status_deed *deed, const char *file)
{
	struct buf mark = BUF_INIT(JWS_MAX_SIZE);
	struct trust_set *set = NULL;
	/* The certificates of this issuer, and of nobody else. */
	struct trust_options trust = deed->trust;
	char typ[64];
	time_t now;
	enum outcome code;

	trust.no_store = true;
	if (!deed->issuer || !deed->status || !status_word(deed->status))
		return ui_fail(job->ui, OUT_USAGE, "issuer-url-missing",
		    MSG("A status needs --issuer URL and --status WORD"),
		    MSG("--status takes active, expired, revoked, invalid or suspended."));
	if (deed->reason && !statement_is_text(deed->reason))
		return ui_fail(job->ui, OUT_USAGE, "not-text",
		    MSG("--reason '{reason}' is no text that people can read",
			P_TEXT("reason", deed->reason)),
		    MSG("Write it in UTF-8, in one line."));
	if (deed->hours > HOURS_MAX || deed->hours < 0)
		return ui_fail(job->ui, OUT_USAGE, "hours-too-many",
		    MSG("--hours is at most {max}", P_NUMBER("max", HOURS_MAX)),
		    MSG("Sign a new one every day, or every week."));
	code = infile_load(job, file, &mark);
	if (!code && (jws_peek_typ(buf_view(&mark), typ, sizeof typ) != ECERT_OK ||
			 strcasecmp(typ, TRUST_MARK_TYP)))
		code = ui_fail(job->ui, OUT_INPUT, "not-a-trust-mark",
		    MSG("{file} is no trust mark", P_FILE("file", file)),
		    MSG(next_of_rc(ECERT_E_MALFORMED)));
	if (!code && deed->to.path)
		code = outfile_vacant(job, deed->to.path, deed->to.force);
	if (!code)
		code = trust_options_load(job, &trust, &set, &now);
	if (!code)
		code = status_sign(job, deed, set, buf_view(&mark));
	trust_set_free(&set);
	buf_free(&mark);
	return code;
}
