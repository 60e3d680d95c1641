/* SPDX-License-Identifier: BSD-2-Clause */
/* ecert verify for what an e-Cert signs as JWS: renewal requests and counterparty tokens. */
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "actions/nonces.h"
#include "actions/statedir.h"
#include "cli/verify/verify.h"
#include "document/jose/jws.h"
#include "trust/counterparty/counterparty.h"
#include "trust/renewal/renewal.h"

const char *verify_word(enum verdict v)
{
	return v == VERDICT_PASSED   ? MSG_ID("valid")
	       : v == VERDICT_FAILED ? MSG_ID("NOT VALID")
				     : MSG_ID("cannot be called valid");
}

static enum outcome open_nonces(struct verifying *v, bool always, struct nonce_store **out)
{
	char path[PATH_MAX];
	const char *dir = v->o->nonce_store;

	*out = NULL;
	if (!dir && always)
		dir = state_folder("nonces", path, sizeof path);
	if (!dir)
		return OUT_OK;
	return nonces_open(&v->c->job, dir, v->now, out);
}

/* ---- renewal request ---- */
static void say_renewal(const struct cli *c, const struct renewal_result *r)
{
	cli_row(c, 12, MSG_ID("Request:"), MSG(verify_word(report_verdict(&r->report))));
	cli_row(c, 12, MSG_ID("Merchant:"), MSG(TEXT, P_TEXT("text", r->merchant)));
	cli_row(c, 12, MSG_ID("For issuer:"), MSG(TEXT, P_TEXT("text", r->issuer)));
	cli_row(c, 12, MSG_ID("Mark type:"), MSG(TEXT, P_TEXT("text", r->type)));
	verify_say_identity(c, &r->who);
	verify_say_time(c, MSG_ID("Made:"), r->iat);
	verify_say_report(c, &r->report);
}

enum outcome verify_renewal(struct verifying *v)
{
	struct buf prev = BUF_INIT(JWS_MAX_SIZE);
	struct renewal_expect e = {.audience = v->o->audience, .now = v->now, .trust = v->set};
	struct renewal_result *r = NULL;
	enum outcome code = verify_load(v->c, v->o->previous, &prev);

	if (!code)
		code = open_nonces(v, false, &e.used);
	if (!code) {
		e.prev = buf_view(&prev);
		code = ui_fail_rc(v->c->job.ui, renewal_verify(v->text, &e, &r),
		    MSG("Cannot verify {name}: {why}", P_TEXT("name", v->name)));
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
	bool good = report_verdict(&r->report) != VERDICT_FAILED;
	/* The certificate names a company; only a mark ties it to a place on the web. */
	const char *whose = !good ? MSG_ID("{subject} (its own claim)")
			    : !r->has_mark
				? MSG_ID("{subject} (its own claim: no valid trust mark says so)")
			    : r->active ? "{subject}"
			    : r->status[0]
				? MSG_ID("{subject} (its own claim: the trust mark is no "
					 "longer in force)")
				: MSG_ID("{subject} (says a trust mark that may have been "
					 "revoked)");

	/* Not the id of a device: other languages have a word of its own for it. */
	cli_row(c, 12, MSG_ID("Token: "), MSG(verify_word(report_verdict(&r->report))));
	cli_row(c, 12, MSG_ID("Counterparty:"), MSG(whose, P_TEXT("subject", r->subject)));
	/* What a token proves that is not valid, is nothing. */
	if (good)
		cli_row(c, 12, MSG_ID("Evidence:"),
		    MSG("{level} ({why})", P_TEXT("level", evidence_name(r->level)),
			P_WORD("why", r->level_reason)));
	else
		cli_row(c, 12, MSG_ID("Evidence:"), MSG("none (the token is not valid)"));
	verify_say_identity(c, &r->who);
	verify_say_time(c, MSG_ID("Made:"), r->iat);
	if (r->has_mark)
		cli_row(c, 12, MSG_ID("Trust mark:"),
		    MSG(r->status[0] ? MSG_ID("{type}, status {status}")
				     : MSG_ID("{type}, status unknown"),
			P_TEXT("type", r->mark.type), P_TEXT("status", r->status)));
	verify_say_report(c, &r->report);
}

static enum outcome need(const struct verifying *v)
{
	size_t n = v->o->nonce ? strlen(v->o->nonce) : 0;

	if (!v->o->audience || !v->o->nonce)
		return ui_fail(v->c->job.ui, OUT_USAGE, "audience-missing",
		    MSG("A counterparty token is verified with --audience and --nonce"),
		    MSG("They are what you asked the counterparty to put in: your name, and your "
			"fresh "
			"nonce."));
	/* No token can hold another; it is not the counterparty's mistake. */
	if (n < NONCE_MIN || n > NONCE_MAX)
		return ui_fail(v->c->job.ui, OUT_USAGE, "nonce-length",
		    MSG("--nonce takes {min} to {max} characters, and not {n}",
			P_NUMBER("min", NONCE_MIN), P_NUMBER("max", NONCE_MAX), P_NUMBER("n", n)),
		    MSG("Give the nonce as it was sent to the counterparty, whole."));
	return OUT_OK;
}

/* A token is not called valid whose nonce could come a second time. */
static enum outcome judge_counterparty(
    struct verifying *v, const struct counterparty_expect *e, struct counterparty_result **r)
{
	enum ecert_rc rc = counterparty_verify(v->text, e, r);

	if (rc == ECERT_E_IO && e->used)
		return ui_fail(v->c->job.ui, OUT_IO, "store-unusable",
		    MSG("The nonce cannot be remembered as used"),
		    MSG("Name a folder that you may write in, and that has room: --nonce-store "
			"DIR."));
	return ui_fail_rc(
	    v->c->job.ui, rc, MSG("Cannot verify {name}: {why}", P_TEXT("name", v->name)));
}

enum outcome verify_counterparty(struct verifying *v)
{
	struct buf status = BUF_INIT(JWS_MAX_SIZE);
	struct counterparty_expect e = {.audience = v->o->audience,
	    .nonce = v->o->nonce,
	    .now = v->now,
	    .trust = v->set,
	    .need_mark = v->o->need_mark,
	    .status_age = v->o->status_age * 3600};
	struct counterparty_result *r = NULL;
	enum outcome code = need(v);

	if (!code && v->o->level && !evidence_by_name(v->o->level, &e.min_level))
		code = ui_fail(v->c->job.ui, OUT_USAGE, "level-unknown",
		    MSG("--level takes none, declared, co-resident or attested"), NULL);
	if (!code)
		code = verify_load(v->c, v->o->status, &status);
	if (!code)
		code = open_nonces(v, true, &e.used);
	if (!code) {
		e.status = buf_view(&status);
		code = judge_counterparty(v, &e, &r);
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
