/* SPDX-License-Identifier: BSD-2-Clause */
/* What was verified, for people, by its kind. */
#include "cli/verify/verify.h"

/* Why, in the words of EN 319 102-1. */
static void say_indication(const struct cli *c, const struct verified *done)
{
	if (done->indication[0])
		cli_row(c, 12, MSG_ID("Indication:"), MSG(TEXT, P_TEXT("text", done->indication)));
}

/* Whom it came down to, and by whose word. */
static void say_trusted(const struct cli *c, const struct verified *done)
{
	for (size_t i = 0; i < done->trusted_n; i++) {
		struct message who = verify_trusted_words(&done->trusted[i]);

		cli_row(c, 12, i ? "" : MSG_ID("Trusted:"), &who);
	}
}

/* The headline, behind the last check. */
static void say_verdict(const struct cli *c, const char *label, const struct verified *done)
{
	const char *but;

	say_trusted(c, done);
	for (size_t i = 0; (but = verified_but(done, i)); i++)
		cli_row(c, 12, i ? "" : MSG_ID("But:"), MSG(but));
	cli_row(c, 12, label, MSG(verify_word(done->verdict)));
	say_indication(c, done);
}

const char *verify_stamp_words(const struct doc_stamp *t)
{
	static const char *const words[2][2] = {{MSG_ID("does not count: it proves nothing"),
						    MSG_ID("{time}, by {tsa}, policy {policy}")},
	    {MSG_ID("that of the content does not count: it proves nothing"),
		MSG_ID("of the content: {time}, by {tsa}, policy {policy}")}};

	return words[t->kind == DOC_STAMP_CONTENT][t->counts];
}

static void say_stamps(const struct cli *c, const struct doc_signature *s)
{
	for (size_t i = 0; i < s->stamps_n; i++) {
		const struct doc_stamp *t = &s->stamps[i];

		cli_row(c, 12, MSG_ID("Time stamp:"),
		    MSG(verify_stamp_words(t), P_TIME("time", t->when),
			P_TEXT("tsa", t->who.name[0] ? t->who.name : t->who.subject),
			P_TEXT("policy", t->policy)));
	}
}

const char *verify_covers_words(const struct doc_inside *d)
{
	return d->whole ? MSG_ID("the whole file")
			: MSG_ID("revision {n}, the first {covers} of {size} bytes");
}

/* Of a signature in a PDF: what of the file it is about, and the signer's own words. */
static void say_inside(const struct cli *c, const struct doc_inside *d, uint64_t size)
{
	const struct {
		const char *label, *text;
	} row[] = {{MSG_ID("Reason:"), d->reason}, {MSG_ID("Place:"), d->place},
	    {MSG_ID("Contact:"), d->contact}};

	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++)
		if (row[i].text[0])
			cli_row(c, 12, row[i].label, MSG(TEXT, P_TEXT("text", row[i].text)));
	if (d->revision)
		cli_row(c, 12, MSG_ID("Covers:"),
		    MSG(verify_covers_words(d), P_NUMBER("n", d->revision),
			P_NUMBER("covers", d->covers), P_NUMBER("size", size)));
}

/* Of a signature in XML: what of the document it is about. */
static void say_selected(const struct cli *c, const struct doc_selected *d)
{
	cli_row(c, 12, MSG_ID("Element:"), MSG(TEXT, P_TEXT("text", d->path)));
	for (size_t i = 0; i < d->n; i++)
		cli_row(c, 12, i ? "" : MSG_ID("Signs:"), MSG(TEXT, P_TEXT("text", d->of[i])));
	if (d->references > d->n)
		cli_row(c, 12, "",
		    MSG_N("{n} reference in all", "{n} references in all", d->references));
}

static void say_signer(const struct cli *c, const struct doc_signature *s, const char *label,
    bool alone, uint64_t size)
{
	verify_say_identity(c, label, &s->who);
	verify_say_time(c, MSG_ID("Claimed time:"), s->when);
	if (s->inside)
		say_inside(c, s->inside, size);
	if (s->selected)
		say_selected(c, s->selected);
	say_stamps(c, s);
	verify_say_report(c, &s->report);
	if (!alone)
		cli_row(c, 12, MSG_ID("This one:"), MSG(verify_word(report_verdict(&s->report))));
	for (size_t i = 0; i < s->counters; i++)
		say_signer(c, &s->counter[i], MSG_ID("Countersigned by:"), false, size);
}

static void say_whose(const struct cli *c, const struct doc_result *r)
{
	struct message_kept whose;

	if (verify_whose(r, &whose))
		cli_row(c, 12, MSG_ID("Signers:"), MSG_KEPT(&whose));
}

/* Names are the container's, and as many as people look at. */
static void say_members(const struct cli *c, const struct doc_result *r)
{
	const size_t most = 20;

	const char *label = r->beside ? MSG_ID("Files:") : MSG_ID("Inside:");
	const char *unsigned_words = r->beside
					 ? MSG_ID("{name}, which is not there as it was signed")
					 : MSG_ID("{name}, {n} bytes, which nobody signed");

	for (size_t i = 0; i < r->members_n && i < most; i++)
		cli_row(c, 12, i ? "" : label,
		    MSG(r->members[i].signatures ? MSG_ID("{name}, {n} bytes") : unsigned_words,
			P_TEXT("name", r->members[i].name), P_NUMBER("n", r->members[i].size)));
	if (r->members_n > most)
		cli_row(c, 12, "", MSG("and others, {n} in all", P_NUMBER("n", r->members_n)));
}

static void say_extract(const struct cli *c, const struct verified *done)
{
	const struct doc_result *r = done->signature;
	const char *words = done->extracted ? MSG_ID("taken out to {file}, {n} bytes")
			    : done->verdict == VERDICT_INDETERMINATE
				? MSG_ID("not taken out, since it cannot be called valid: "
					 "--extract-indeterminate takes it out all the same")
				: MSG_ID("not taken out, since it is not valid");

	if (done->extract)
		cli_row(c, 12, MSG_ID("Content:"),
		    MSG(words, P_FILE("file", done->extract),
			P_NUMBER("n", r->taken.revision ? r->taken.size : r->content_size)));
}

/* What is not the plain form, or where nobody's checks follow, is told. */
static void say_signature(const struct cli *c, const struct verified *done)
{
	const struct doc_result *r = done->signature;
	bool several = r->n > 1 || report_get(&r->report, CHK_SIGNER_ASKED);

	if (done->content || (r->n && !r->beside))
		cli_row(c, 12, MSG_ID("File:"),
		    done->content  ? MSG(TEXT, P_FILE("text", done->content))
		    : r->members_n ? MSG("(inside the container)")
				   : MSG("(inside the signature)"));
	say_members(c, r);
	if (r->n != 1 || r->report.n > 1 || r->form != DOC_FORM_PLAIN)
		verify_say_report(c, &r->report);
	for (size_t i = 0; i < r->n; i++)
		say_signer(c, &r->signer[i], verify_signer_label(&r->signer[i]),
		    !several && !r->signer[i].counters, r->content_size);
	say_extract(c, done);
	say_whose(c, r);
	say_verdict(c, MSG_ID("Signature:"), done);
}

static void say_renewal(const struct cli *c, const struct verified *done)
{
	const struct renewal_result *r = done->renewal;

	cli_row(c, 12, MSG_ID("Merchant:"), MSG(TEXT, P_TEXT("text", r->merchant)));
	cli_row(c, 12, MSG_ID("For issuer:"), MSG(TEXT, P_TEXT("text", r->issuer)));
	cli_row(c, 12, MSG_ID("Mark type:"), MSG(TEXT, P_TEXT("text", r->type)));
	verify_say_identity(c, MSG_ID("Signed by:"), &r->who);
	verify_say_time(c, MSG_ID("Made:"), r->iat);
	verify_say_report(c, &r->report);
	say_verdict(c, MSG_ID("Request:"), done);
}

static void say_counterparty(const struct cli *c, const struct verified *done)
{
	const struct counterparty_result *r = done->counterparty;
	bool good = done->proves;
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

	cli_row(c, 12, MSG_ID("Counterparty:"), MSG(whose, P_TEXT("subject", r->subject)));
	/* What a token proves that is not valid, is nothing. */
	if (good)
		cli_row(c, 12, MSG_ID("Evidence:"),
		    MSG("{level} ({why})", P_TEXT("level", done->evidence),
			P_WORD("why", r->level_reason)));
	else
		cli_row(c, 12, MSG_ID("Evidence:"),
		    done->verdict == VERDICT_FAILED
			? MSG("none (the token is not valid)")
			: MSG("none (the token cannot be called valid)"));
	verify_say_identity(c, MSG_ID("Signed by:"), &r->who);
	verify_say_time(c, MSG_ID("Made:"), r->iat);
	if (r->has_mark)
		cli_row(c, 12, MSG_ID("Trust mark:"),
		    MSG(r->status[0] ? MSG_ID("{type}, status {status}")
				     : MSG_ID("{type}, status unknown"),
			P_TEXT("type", r->mark.type), P_TEXT("status", r->status)));
	verify_say_report(c, &r->report);
	/* Not the id of a device: other languages have a word of its own for it. */
	say_verdict(c, MSG_ID("Token: "), done);
}

/* The issuer's own words, of a status that counts. */
static void say_reason(const struct cli *c, const struct verified *done)
{
	if (done->status_reason[0])
		cli_row(c, 12, MSG_ID("Reason:"), MSG(TEXT, P_TEXT("text", done->status_reason)));
}

/* What a status that was looked at says; "unknown" for one that proves nothing. */
static const char *shown(const struct verified *done)
{
	return done->status[0] ? done->status : MSG_ID("unknown");
}

static void say_mark(const struct cli *c, const struct verified *done)
{
	const struct mark_info *info = &done->mark;

	cli_row(c, 12, MSG_ID("Holder:"), MSG(TEXT, P_TEXT("text", info->sub)));
	cli_row(c, 12, MSG_ID("Issuer:"), MSG(TEXT, P_TEXT("text", info->iss)));
	cli_row(c, 12, MSG_ID("Mark type:"), MSG(TEXT, P_TEXT("text", info->type)));
	verify_say_time(c, MSG_ID("Issued:"), info->iat);
	verify_say_time(c, MSG_ID("Until:"), info->exp);
	if (done->has_status)
		cli_row(c, 12, MSG_ID("Status:"), MSG(shown(done)));
	say_reason(c, done);
	verify_say_report(c, &done->report);
	say_verdict(c, MSG_ID("Trust mark:"), done);
}

static void say_status(const struct cli *c, const struct verified *done)
{
	cli_row(c, 12, MSG_ID("Status:"),
	    MSG(done->active && !done->mark_good
		    ? MSG_ID("{status}, but the trust mark itself is not valid")
		: done->status[0] ? "{status}"
				  : MSG_ID("unknown"),
		P_TEXT("status", done->status)));
	say_reason(c, done);
	verify_say_report(c, &done->report);
	say_trusted(c, done);
	say_indication(c, done);
}

/* Of those that are never asked, so many are shown. */
#define NEVER_SHOWN 6

/* What is missing has somebody who could be asked. */
static void say_unasked(const struct cli *c, const struct online_result *r)
{
	const struct online_fetch *f;
	size_t n = online_would(r, &f), i, more = 0;

	if (n)
		cli_row(c, 12, MSG_ID("Not asked:"),
		    MSG_N("{url} (--online asks it)",
			"{url} and more, {n} in all (--online asks them)", n,
			P_TEXT("url", f->url)));
	for (i = 0; i < NEVER_SHOWN && (f = online_never(r, i)); i++)
		cli_row(c, 12, n || i ? "" : MSG_ID("Not asked:"),
		    MSG(online_never_words(f), P_TEXT("url", f->url), P_NUMBER("n", f->more)));
	for (; online_never(r, i); i++)
		more++;
	if (more)
		cli_row(c, 12, "",
		    MSG_N("{n} more that is not asked", "{n} more that are not asked", more));
}

void verify_say(const struct cli *c, const struct verified *r)
{
	static void (*const say[VERIFY_KINDS])(const struct cli *, const struct verified *) = {
	    [VERIFY_SIGNATURE] = say_signature,
	    [VERIFY_RENEWAL] = say_renewal,
	    [VERIFY_COUNTERPARTY] = say_counterparty,
	    [VERIFY_MARK] = say_mark,
	    [VERIFY_STATUS] = say_status,
	};

	if (!r->unread && say[r->kind])
		say[r->kind](c, r);
	say_unasked(c, &r->online);
}
