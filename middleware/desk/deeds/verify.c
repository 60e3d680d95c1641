/* SPDX-License-Identifier: BSD-2-Clause */
/* Verifying what was dropped. */
#include <stdlib.h>

#include "actions/verify/many.h"
#include "desk/deeds/deeds.h"

/* ---- what was found ---- */

static json_t *who_row(const struct identity *who)
{
	if (!who->serial[0])
		return json_null();
	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:s}", "name",
	    shown_json(who->name[0] ? who->name : who->subject), "unit", shown_json(who->unit),
	    "br", shown_json(who->br), "email", shown_json(who->email), "ca",
	    shown_json(who->issuer_cn[0] ? who->issuer_cn : who->issuer), "serial",
	    shown_json(who->serial), "sha256", who->sha256);
}

static json_t *checks_rows(const struct report *r)
{
	json_t *all = json_array();

	for (size_t i = 0; i < r->n; i++)
		(void)json_array_append_new(all,
		    json_pack("{s:s, s:s, s:s, s:o}", "check", r->checks[i].name, "state",
			check_state_name(r->checks[i].state), "reason",
			reason_code(r->checks[i].reason), "what", kept_json(&r->checks[i].what)));
	return all;
}

static json_t *stamps_rows(const struct doc_signature *s)
{
	json_t *all = json_array();

	for (size_t i = 0; i < s->stamps_n; i++)
		(void)json_array_append_new(all,
		    json_pack("{s:I, s:o, s:b}", "when", (json_int_t)s->stamps[i].when, "tsa",
			shown_json(s->stamps[i].who.name), "counts", (int)s->stamps[i].counts));
	return all;
}

static json_t *inside_row(const struct doc_inside *d)
{
	if (!d)
		return json_null();
	return json_pack("{s:o, s:o, s:I, s:b}", "reason", shown_json(d->reason), "place",
	    shown_json(d->place), "revision", (json_int_t)d->revision, "whole", (int)d->whole);
}

static json_t *signer_row(const struct doc_signature *s)
{
	return json_pack("{s:o, s:I, s:I, s:s, s:s, s:b, s:o, s:o, s:I, s:o}", "who",
	    who_row(&s->who), "time", (json_int_t)s->when, "proved", (json_int_t)s->proved,
	    "profile", s->profile ? s->profile : "", "verdict",
	    verdict_name(report_verdict(&s->report)), "stamp", (int)doc_is_stamp(s), "stamps",
	    stamps_rows(s), "inside", inside_row(s->inside), "counters", (json_int_t)s->counters,
	    "checks", checks_rows(&s->report));
}

/* Of what is no document: its one signer. */
static json_t *statement_row(const struct identity *who, time_t when, const struct report *r)
{
	return json_pack("{s:o, s:I, s:s, s:o}", "who", who_row(who), "time", (json_int_t)when,
	    "verdict", verdict_name(report_verdict(r)), "checks", checks_rows(r));
}

static json_t *signers_rows(const struct verified *r)
{
	json_t *all = json_array();

	if (r->unread)
		return all;
	for (size_t i = 0; r->kind == VERIFY_SIGNATURE && r->signature && i < r->signature->n; i++)
		(void)json_array_append_new(all, signer_row(&r->signature->signer[i]));
	if (r->kind == VERIFY_RENEWAL && r->renewal)
		(void)json_array_append_new(
		    all, statement_row(&r->renewal->who, r->renewal->iat, &r->renewal->report));
	if (r->kind == VERIFY_COUNTERPARTY && r->counterparty)
		(void)json_array_append_new(
		    all, statement_row(&r->counterparty->who, r->counterparty->iat,
			     &r->counterparty->report));
	return all;
}

/* Checks of the whole, beside those of its signers. */
static const struct report *whole_of(const struct verified *r)
{
	return r->kind == VERIFY_SIGNATURE && r->signature && !r->unread ? &r->signature->report
									 : &r->report;
}

static json_t *trusted_rows(const struct verified *r)
{
	json_t *all = json_array();

	for (size_t i = 0; i < r->trusted_n; i++) {
		struct message who = verify_trusted_words(&r->trusted[i]);

		(void)json_array_append_new(all, message_json(&who));
	}
	return all;
}

static json_t *buts_rows(const struct verify_item *item)
{
	json_t *all = json_array();
	const char *but;

	for (size_t i = 0; item->done && !item->code && (but = verified_but(item->done, i)); i++)
		(void)json_array_append_new(all, json_string(but));
	return all;
}

/* A genuine status that says that its mark does not count is not what was asked for. */
static const char *verdict_of(const struct verify_item *item)
{
	if (!item->done)
		return "none";
	return item->code == OUT_INVALID && item->done->verdict == VERDICT_PASSED
		   ? "not-in-force"
		   : verdict_name(item->done->verdict);
}

static void put_found(json_t *o, const struct verified *r)
{
	(void)json_object_set_new(o, "of", json_string(verify_kind_name(r->kind)));
	(void)json_object_set_new(o, "indication", json_string(r->indication));
	(void)json_object_set_new(
	    o, "decided", r->why ? json_string(reason_code(r->why->reason)) : json_null());
	(void)json_object_set_new(o, "signers", signers_rows(r));
	(void)json_object_set_new(o, "checks", checks_rows(whole_of(r)));
	(void)json_object_set_new(o, "trusted", trusted_rows(r));
}

static void word(void *ctx, const struct verify_item *item, struct buf part[VERIFY_PARTS])
{
	json_t *o = json_pack("{s:s, s:o, s:s, s:o, s:o, s:o, s:o, s:I, s:o, s:o}", "kind", "file",
	    "file", shown_json(item->file), "verdict", verdict_of(item), "reason",
	    item->reason ? json_string(item->reason) : json_null(), "what", kept_json(&item->what),
	    "next", kept_json(&item->next), "signature", shown_json(item->signature.name), "size",
	    (json_int_t)item->content.size, "sha256", shown_json(item->content.sha256), "buts",
	    buts_rows(item));
	char *text;

	(void)ctx;
	if (o && item->done)
		put_found(o, item->done);
	text = o ? json_dumps(o, JSON_COMPACT | JSON_PRESERVE_ORDER) : NULL;
	buf_str(&part[0], text ? text : "");
	free(text);
	json_decref(o);
}

static bool take(void *ctx, const struct rd part[VERIFY_PARTS])
{
	struct page_ui *p = ctx;

	say(p, json_loadb((const char *)part[0].p, part[0].n, 0, NULL));
	return !page_calls.cancelled(p);
}

/* Each line is out when it is said. */
static void rest(void *ctx)
{
	(void)ctx;
}

/* ---- the deed ---- */

static enum outcome run(const struct job *job, struct page_ui *p, const json_t *asked,
    const struct strlist *files, const struct strlist *anchors)
{
	struct verify_deed deed = {
	    .trust.anchor = *anchors, .online.on = json_is_true(json_object_get(asked, "online"))};
	struct verify_batch batch = {
	    .names = files, .bytes = true, .word = word, .take = take, .rest = rest, .ctx = p};
	struct verify_sum sum;
	enum outcome code = verify_many(job, &deed, &batch, &sum);

	if (code)
		return code;
	say(p, json_pack("{s:s, s:I, s:I, s:I, s:I, s:I}", "kind", "sum", "passed",
		   (json_int_t)sum.passed, "indeterminate", (json_int_t)sum.indeterminate, "failed",
		   (json_int_t)sum.failed, "unjudged", (json_int_t)sum.unjudged, "at",
		   (json_int_t)sum.at));
	return sum.stopped ? OUT_INTERRUPTED : OUT_OK;
}

enum outcome deed_verify(const struct job *job, struct page_ui *p, const json_t *asked)
{
	struct strlist files, anchors;
	enum outcome code = OUT_INPUT;

	if (tray_enter(job, asked, &files, &anchors))
		code = run(job, p, asked, &files, &anchors);
	tray_forget(&files);
	tray_forget(&anchors);
	return code;
}
