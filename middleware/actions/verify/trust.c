/* SPDX-License-Identifier: BSD-2-Clause */
/* Verifying what an e-Cert signs as JWS: renewal requests and counterparty tokens. */
#include <limits.h>
#include <string.h>

#include "actions/challenge/opened.h"
#include "actions/nonces.h"
#include "actions/statedir.h"
#include "actions/verify/verifying.h"
#include "document/jose/jws.h"

static enum outcome open_nonces(struct verifying *v, bool always, struct nonce_store **out)
{
	char path[PATH_MAX];
	const char *dir = v->o->nonce_store;

	*out = NULL;
	if (!dir && always)
		dir = state_folder("nonces", path, sizeof path);
	if (!dir)
		return OUT_OK;
	return nonces_open(v->job, dir, v->now, out);
}

static bool is_left(const struct verifying *v)
{
	v->r->left = v->leaves;
	return v->leaves;
}

/* ---- renewal request ---- */
enum outcome verify_renewal(struct verifying *v)
{
	struct buf prev = BUF_INIT(JWS_MAX_SIZE);
	struct renewal_expect e = {.audience = v->o->audience, .now = v->now, .trust = v->set};
	enum outcome code;

	if (v->o->nonce_store && is_left(v))
		return OUT_OK;
	code = verify_given(v->job, v->o->previous, &prev);
	if (!code)
		code = open_nonces(v, false, &e.used);
	if (!code) {
		e.prev = buf_view(&prev);
		code = ui_fail_rc(v->job->ui, renewal_verify(v->text, &e, &v->r->renewal),
		    MSG("Cannot verify {name}: {why}", P_FILE("name", v->name)));
	}
	if (!code)
		verify_judged(v, report_judge(&v->r->renewal->report));
	nonce_store_close(&e.used);
	buf_free(&prev);
	return code;
}

/* ---- counterparty token ---- */
/* The challenge that the token answers. */
struct asked {
	struct challenges *all; /* NULL: none were made */
	struct challenge one;
	bool found;
	struct counterparty_expect e;
};

/* The nonce that was named, else the token's own word for it: it only chooses among ours. */
static enum outcome find_challenge(struct verifying *v, struct asked *a)
{
	const struct jws_rules rules = {.typ = COUNTERPARTY_TYP};
	const char *nonce = v->o->nonce;
	struct jws *j = NULL;
	enum ecert_rc rc = ECERT_E_NOT_FOUND;
	enum outcome code = challenges_opened(v->job, false, v->now, &a->all);

	if (!code && !nonce && jws_parse(v->text, &rules, &j, NULL) == ECERT_OK)
		nonce = json_string_value(json_object_get(j->claims, "eat_nonce"));
	if (!code && a->all && nonce)
		rc = challenges_get(a->all, nonce, &a->one);
	jws_free(&j);
	a->found = rc == ECERT_OK;
	if (code || rc == ECERT_OK || rc == ECERT_E_NOT_FOUND)
		return code;
	return challenges_told(v->job, rc);
}

/* False: no answer to it counts any more, and that is the result. */
static bool still_asked(struct verifying *v, const struct asked *a)
{
	enum challenge_state s = challenge_state(&a->one, v->now);

	if (!a->found || s == CHALLENGE_OPEN)
		return true;
	verify_unread(v, VERIFY_COUNTERPARTY, CHK_NONCE, REASON_NONE,
	    MSG(s == CHALLENGE_ANSWERED ? MSG_ID("the challenge was answered already")
					: MSG_ID("the challenge has lapsed")));
	return false;
}

static enum outcome need(const struct verifying *v, struct asked *a)
{
	size_t n = v->o->nonce ? strlen(v->o->nonce) : 0;

	a->e.audience = v->o->audience ? v->o->audience : a->found ? a->one.audience : NULL;
	a->e.nonce = v->o->nonce ? v->o->nonce : a->found ? a->one.nonce : NULL;
	/* Nonces travel in the open. One's own words name nobody. */
	a->e.subject = a->found && !strncmp(a->one.party, "https://", 8) ? a->one.party : NULL;
	if (!a->e.audience || !a->e.nonce)
		return ui_fail(v->job->ui, OUT_USAGE, "audience-missing",
		    MSG("A counterparty token is verified with --audience and --nonce"),
		    MSG("They are what you asked the counterparty to put in: your name, and your "
			"fresh "
			"nonce."));
	/* No token can hold another; it is not the counterparty's mistake. */
	if (v->o->nonce && (n < NONCE_MIN || n > NONCE_MAX))
		return ui_fail(v->job->ui, OUT_USAGE, "nonce-length",
		    MSG("--nonce takes {min} to {max} characters, and not {n}",
			P_NUMBER("min", NONCE_MIN), P_NUMBER("max", NONCE_MAX), P_NUMBER("n", n)),
		    MSG("Give the nonce as it was sent to the counterparty, whole."));
	return OUT_OK;
}

/* What is not on disk could be answered again. */
static enum outcome answered(struct verifying *v, const struct asked *a)
{
	enum ecert_rc rc;

	if (!a->found || v->r->verdict != VERDICT_PASSED)
		return OUT_OK;
	rc = challenges_answer(a->all, a->one.nonce, v->r->counterparty->subject, job_now(v->job));
	return rc == ECERT_OK ? OUT_OK : challenges_told(v->job, rc);
}

/* A token is not called valid whose nonce could come a second time. */
static enum outcome judge_counterparty(struct verifying *v, const struct counterparty_expect *e)
{
	enum ecert_rc rc = counterparty_verify(v->text, e, &v->r->counterparty);

	if (rc == ECERT_E_IO && e->used)
		return ui_fail(v->job->ui, OUT_IO, "store-unusable",
		    MSG("The nonce cannot be remembered as used"),
		    MSG("Name a folder that you may write in, and that has room: --nonce-store "
			"DIR."));
	return ui_fail_rc(
	    v->job->ui, rc, MSG("Cannot verify {name}: {why}", P_FILE("name", v->name)));
}

static enum outcome look_at_counterparty(struct verifying *v, struct asked *a)
{
	struct buf status = BUF_INIT(JWS_MAX_SIZE);
	struct counterparty_expect *e = &a->e;
	enum outcome code = need(v, a);

	e->now = v->now;
	e->trust = v->set;
	e->need_mark = v->o->need_mark;
	e->status_age = v->o->status_age * 3600;
	if (!code && v->o->level && !evidence_by_name(v->o->level, &e->min_level))
		code = ui_fail(v->job->ui, OUT_USAGE, "level-unknown",
		    MSG("--level takes none, declared, co-resident or attested"), NULL);
	if (!code)
		code = verify_given(v->job, v->o->status, &status);
	if (!code)
		code = open_nonces(v, true, &e->used);
	if (!code) {
		e->status = buf_view(&status);
		code = judge_counterparty(v, e);
	}
	if (!code) {
		v->r->evidence = evidence_name(v->r->counterparty->level);
		v->r->proves = report_strict(&v->r->counterparty->report) != VERDICT_FAILED;
		verify_judged(v, report_judge(&v->r->counterparty->report));
		code = answered(v, a);
	}
	nonce_store_close(&e->used);
	buf_free(&status);
	return code;
}

enum outcome verify_counterparty(struct verifying *v)
{
	struct asked a = {.found = false};
	enum outcome code;

	if (is_left(v))
		return OUT_OK;
	code = find_challenge(v, &a);
	if (!code && still_asked(v, &a))
		code = look_at_counterparty(v, &a);
	challenges_close(&a.all);
	return code;
}
