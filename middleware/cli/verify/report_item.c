/* SPDX-License-Identifier: BSD-2-Clause */
/* One document in the report: its row, and all that was found behind it. */
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/language.h"
#include "cli/verify/html.h"
#include "cli/verify/report.h"
#include "cli/verify/verify.h"

static unsigned group_of(const struct verify_item *item)
{
	if (!item->done)
		return REPORT_NONE;
	return item->code == OUT_OK		 ? REPORT_GOOD
	       : item->code == OUT_INDETERMINATE ? REPORT_UNSURE
						 : REPORT_BAD;
}

/* The class that colours it, beside its word. */
static const char *class_of(const struct verify_item *item)
{
	static const char *const names[REPORT_GROUPS] = {[REPORT_BAD] = "bad",
	    [REPORT_NONE] = "none",
	    [REPORT_UNSURE] = "unsure",
	    [REPORT_GOOD] = "good"};

	return names[group_of(item)];
}

static const char *verdict_of(const struct verify_item *item)
{
	if (!item->done)
		return MSG_ID("not verified");
	/* A genuine status that says that the mark does not count is not what was asked for. */
	if (item->code == OUT_INVALID && item->done->verdict == VERDICT_PASSED)
		return MSG_ID("not in force");
	return verify_word(item->done->verdict);
}

static const struct identity *who_of(const struct verified *r)
{
	if (!r || r->unread)
		return NULL;
	if (r->kind == VERIFY_RENEWAL && r->renewal)
		return &r->renewal->who;
	if (r->kind == VERIFY_COUNTERPARTY && r->counterparty)
		return &r->counterparty->who;
	return r->kind == VERIFY_SIGNATURE && r->signature && r->signature->n
		   ? &r->signature->signer[0].who
		   : NULL;
}

static const char *name_of(const struct identity *who)
{
	return who->name[0] ? who->name : who->subject;
}

static void put_verdict(struct buf *out, const struct verify_item *item)
{
	html_tag(out, "<span class=\"verdict ");
	html_tag(out, class_of(item));
	html_tag(out, "\">");
	html_words(out, MSG(verdict_of(item)));
	html_tag(out, "</span>");
}

/* What is to be known beside it, each in an element of its own. */
static void put_buts(struct buf *out, const struct verify_item *item, const char *tag)
{
	const char *but;

	for (size_t i = 0; item->done && !item->code && (but = verified_but(item->done, i)); i++) {
		html_tag(out, "<");
		html_tag(out, tag);
		html_tag(out, " class=\"unsure\">");
		html_words(out, MSG(but));
		html_tag(out, "</");
		html_tag(out, tag);
		html_tag(out, ">");
	}
}

static void put_row(struct buf *out, const struct verify_item *item)
{
	const struct verified *r = item->done;
	const struct identity *who = who_of(r);
	bool signature = r && !r->unread && r->kind == VERIFY_SIGNATURE && r->signature;
	char when[CLI_TIME];

	buf_u8(out, (uint8_t)group_of(item));
	html_words(out, MSG(TEXT, P_FILE("text", item->file)));
	html_tag(out, "</a></td><td>");
	put_verdict(out, item);
	put_buts(out, item, "small");
	html_tag(out, "</td><td>");
	if (who)
		html_text(out, name_of(who));
	if (signature && verify_signers(r->signature) > 1) {
		html_tag(out, " ");
		html_words(
		    out, MSG_N("and {n} more", "and {n} more", verify_signers(r->signature) - 1));
	}
	html_tag(out, "</td><td>");
	if (signature && r->signature->n && r->signature->signer[0].when)
		html_text(out, cli_time(r->signature->signer[0].when, when));
	html_tag(out, "</td></tr>\n");
}

/* of: the signature of r that it is about; NULL: none. */
static void put_checks(struct buf *out, const struct verified *r, const struct report *rep,
    const struct doc_signature *of)
{
	static const char *const class[CHECK_STATE_COUNT] = {[CHECK_OK] = "good",
	    [CHECK_FAILED] = "bad",
	    [CHECK_SKIPPED] = "none",
	    [CHECK_UNKNOWN] = "unsure"};
	const struct check *why = verify_why(rep);

	html_tag(out, "<table class=\"checks\">\n");
	for (size_t i = 0; i < rep->n; i++) {
		const struct check *k = &rep->checks[i];

		html_tag(out, "<tr><td class=\"");
		html_tag(out, class[k->state]);
		html_tag(out, "\">");
		html_words(out, MSG(verify_state_word(k->state)));
		html_tag(out, "</td><td>");
		html_words(out, MSG(k->name));
		html_tag(out, "</td><td>");
		html_words(out, MSG_KEPT(&k->what));
		html_tag(out, "</td></tr>\n");
	}
	html_tag(out, "</table>\n");
	if (why) {
		html_tag(out, "<p class=\"advice\">");
		html_words(out, MSG(verify_advice(why, of, &r->online)));
		html_tag(out, "</p>\n");
	}
}

static void put_identity(
    struct buf *out, const char *label, const struct identity *who, time_t when)
{
	char told[CLI_TIME];

	html_tag(out, "<table class=\"who\">\n");
	if (!who->serial[0]) {
		html_row_words(out, label, MSG("unknown: there is no certificate"));
	} else {
		html_row(out, label, name_of(who));
		html_row(out, MSG_ID("Unit:"), who->unit);
		html_row(out, MSG_ID("Business no:"), who->br);
		html_row(out, MSG_ID("E-mail:"), who->email);
		html_row(out, MSG_ID("CA:"), who->issuer_cn[0] ? who->issuer_cn : who->issuer);
		html_row(out, MSG_ID("Serial no:"), who->serial);
		html_row(out, "SHA-256:", who->sha256);
	}
	if (when)
		html_row(out, MSG_ID("Claimed time:"), cli_time(when, told));
	html_tag(out, "</table>\n");
}

static void put_this_one(struct buf *out, const struct report *rep)
{
	static const char *const class[] = {[VERDICT_PASSED] = "good",
	    [VERDICT_INDETERMINATE] = "unsure",
	    [VERDICT_FAILED] = "bad"};
	enum verdict v = report_verdict(rep);

	html_tag(out, "<p class=\"why\">");
	html_words(out, MSG("This one:"));
	html_tag(out, " <span class=\"verdict ");
	html_tag(out, class[v]);
	html_tag(out, "\">");
	html_words(out, MSG(verify_word(v)));
	html_tag(out, "</span></p>\n");
}

/* Of a signature in XML: what of the document it is about. */
static void put_selected(struct buf *out, const struct doc_selected *d)
{
	html_tag(out, "<table class=\"who\">\n");
	html_row(out, MSG_ID("Element:"), d->path);
	for (size_t i = 0; i < d->n; i++)
		html_row(out, MSG_ID("Signs:"), d->of[i]);
	html_tag(out, "</table>\n");
}

static void put_stamps(struct buf *out, const struct doc_signature *s)
{
	if (!s->stamps_n)
		return;
	html_tag(out, "<table class=\"who\">\n");
	for (size_t i = 0; i < s->stamps_n; i++) {
		const struct doc_stamp *t = &s->stamps[i];

		html_row_words(out, MSG_ID("Time stamp:"),
		    MSG(verify_stamp_words(t), P_TIME("time", t->when),
			P_TEXT("tsa", name_of(&t->who)), P_TEXT("policy", t->policy)));
	}
	html_tag(out, "</table>\n");
}

/* Of a signature in a PDF: the signer's own words, and what of the file it is about. */
static void put_inside(struct buf *out, const struct doc_inside *d, uint64_t size)
{
	html_tag(out, "<table class=\"who\">\n");
	html_row(out, MSG_ID("Reason:"), d->reason);
	html_row(out, MSG_ID("Place:"), d->place);
	html_row(out, MSG_ID("Contact:"), d->contact);
	if (d->revision)
		html_row_words(out, MSG_ID("Covers:"),
		    MSG(verify_covers_words(d), P_NUMBER("n", d->revision),
			P_NUMBER("covers", d->covers), P_NUMBER("size", size)));
	html_tag(out, "</table>\n");
}

/* Whoever made the document chose how many there are: behind so many bytes the others are counted.
 */
#define LISTED_BYTES (1u << 20)

static bool put_more(struct buf *out, size_t n)
{
	if (buf_len(out) < LISTED_BYTES)
		return false;
	html_tag(out, "<p class=\"why\">");
	html_words(out, MSG_N("and {n} more", "and {n} more", n));
	html_tag(out, "</p>\n");
	return true;
}

/* And whoever has signed that signature. alone: what is said of it is the document's verdict. */
static void put_signer(struct buf *out, const struct verified *r, const char *label,
    const struct doc_signature *s, bool alone)
{
	put_identity(out, label, &s->who, s->when);
	if (s->inside)
		put_inside(out, s->inside, r->signature->content_size);
	if (s->selected)
		put_selected(out, s->selected);
	put_stamps(out, s);
	put_checks(out, r, &s->report, s);
	if (!alone)
		put_this_one(out, &s->report);
	for (size_t i = 0; i < s->counters && !put_more(out, s->counters - i); i++) {
		html_tag(out, "<div class=\"counter\">\n");
		put_signer(out, r, MSG_ID("Countersigned by:"), &s->counter[i], false);
		html_tag(out, "</div>\n");
	}
}

static void put_signature(struct buf *out, const struct verified *v)
{
	const struct doc_result *r = v->signature;
	struct message_kept whose;
	bool chosen = verify_whose(r, &whose), several = chosen || r->n > 1;

	if (chosen) {
		html_tag(out, "<p class=\"why\">");
		html_words(out, MSG("Signers:"));
		html_tag(out, " ");
		html_words(out, MSG_KEPT(&whose));
		html_tag(out, "</p>\n");
	}
	put_checks(out, v, &r->report, NULL);
	for (size_t i = 0; i < r->n && !put_more(out, r->n - i); i++)
		put_signer(out, v, verify_signer_label(&r->signer[i]), &r->signer[i],
		    !several && !r->signer[i].counters);
}

static void put_found(struct buf *out, const struct verified *r)
{
	if (!r->unread && r->kind == VERIFY_SIGNATURE && r->signature) {
		put_signature(out, r);
	} else if (!r->unread && r->kind == VERIFY_RENEWAL && r->renewal) {
		put_identity(out, MSG_ID("Signed by:"), &r->renewal->who, r->renewal->iat);
		put_checks(out, r, &r->renewal->report, NULL);
	} else if (!r->unread && r->kind == VERIFY_COUNTERPARTY && r->counterparty) {
		put_identity(
		    out, MSG_ID("Signed by:"), &r->counterparty->who, r->counterparty->iat);
		put_checks(out, r, &r->counterparty->report, NULL);
	} else {
		put_checks(out, r, &r->report, NULL);
	}
}

/* The check that decided; its file is in the heading, and the verdict beside it. */
static void put_why(struct buf *out, const struct verify_item *item)
{
	const struct check *why = item->done ? item->done->why : NULL;

	if (!item->code)
		return;
	html_tag(out, "<p class=\"why\">");
	if (why && why->detail[0])
		html_words(out, MSG("{check}: {why}", P_WORD("check", why->name),
				    P_MSG("why", MSG_KEPT(&why->what))));
	else
		html_words(out, why ? MSG(why->name) : MSG_KEPT(&item->what));
	html_tag(out, "</p>\n");
}

/* Which bytes it is about, so that they are known again. */
static void put_bytes(struct buf *out, const char *label, const struct verify_bytes *b)
{
	if (!b->name)
		return;
	html_tag(out, "<table class=\"who\">\n");
	html_row_words(
	    out, label, MSG("{file}, {n} bytes", P_FILE("file", b->name), P_NUMBER("n", b->size)));
	html_row(out, "SHA-256:", b->sha256);
	html_tag(out, "</table>\n");
}

/* Whom it came down to, and by whose word. */
static void put_trusted(struct buf *out, const struct verified *r)
{
	if (!r->trusted_n)
		return;
	html_tag(out, "<table class=\"who\">\n");
	for (size_t i = 0; i < r->trusted_n; i++) {
		struct message who = verify_trusted_words(&r->trusted[i]);

		html_row_words(out, i ? NULL : MSG_ID("Trusted:"), &who);
	}
	html_tag(out, "</table>\n");
}

static void put_details(struct buf *out, const struct verify_item *item)
{
	html_words(out, MSG(TEXT, P_FILE("text", item->file)));
	html_tag(out, " ");
	put_verdict(out, item);
	html_tag(out, "</h3>\n");
	put_buts(out, item, "p");
	if (item->done && item->done->indication[0]) {
		html_tag(out, "<p class=\"indication\">");
		html_words(
		    out, MSG("EN 319 102-1: {code}", P_TEXT("code", item->done->indication)));
		html_tag(out, "</p>\n");
	}
	put_why(out, item);
	put_bytes(out, MSG_ID("File:"), &item->content);
	put_bytes(out, MSG_ID("Signature:"), &item->signature);
	if (item->done) {
		put_found(out, item->done);
		put_trusted(out, item->done);
	} else if (item->next.n) {
		html_tag(out, "<p class=\"advice\">");
		html_words(out, MSG_KEPT(&item->next));
		html_tag(out, "</p>\n");
	}
	html_tag(out, "</section>\n");
}

void report_word(const struct verify_item *item, struct buf *row, struct buf *details)
{
	put_row(row, item);
	put_details(details, item);
}
