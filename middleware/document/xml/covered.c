/* SPDX-License-Identifier: BSD-2-Clause */
/* What of a document is signed, told by paths. */
#include <string.h>

#include "document/xml/content.h"
#include "util/text.h"

bool xml_is_data(const struct xml_ref *r)
{
	return r->place != XML_OWN_PROPERTIES && r->place != XML_OWN_KEY;
}

void xml_show(struct rd text, char *out, size_t size)
{
	size_t n = text.n < size ? text.n : size - 1;

	if (n)
		memcpy(out, text.p, n);
	out[n] = 0;
	text_scrub(out);
}

/* Where what is signed is; of several the first. */
struct places {
	const struct xml_ref *first;
	size_t n, own, outside;
	bool whole;
};

static struct places look(const struct xml_sig *s)
{
	struct places p = {.first = NULL};

	for (uint32_t i = 0; i < s->refs; i++) {
		const struct xml_ref *r = &s->ref[i];

		if (!xml_is_data(r))
			continue;
		p.first = p.first ? p.first : r;
		p.n++;
		p.own += r->place == XML_OWN_OBJECT || r->place == XML_OWN_OTHER;
		p.outside += r->state == XML_OUTSIDE;
		p.whole = p.whole || r->place == XML_WHOLE;
	}
	return p;
}

/* The part that is not signed is in the signature, too. */
static bool is_inside(const struct xml_sig *s)
{
	return s->gap.n > s->path.n && s->gap.p[s->path.n] == '/' &&
	       !memcmp(s->gap.p, s->path.p, s->path.n);
}

static void tell_part(const struct xml_sig *s, const struct places *p, struct report *rep)
{
	bool hidden = p->own && p->own + p->outside == p->n && !is_inside(s);
	enum reason reason = hidden ? REASON_WRAPPED : REASON_PART_SIGNED;
	char name[256], gap[256];

	xml_show(p->first->path.n ? p->first->path : p->first->uri, name, sizeof name);
	xml_show(s->gap, gap, sizeof gap);
	report_add_why(rep, CHK_CONTENT, reason_state(reason), reason,
	    MSG(hidden ? MSG_ID("only {name}, inside of the signature, is signed, and not what the "
				"document shows: {gap}")
		: p->outside == p->n
		    ? MSG_ID("a file of its own is signed, and nothing of the document around the "
			     "signature: {gap}")
		: s->gaps > 1
		    ? MSG_ID("{name} is signed, not the whole document: {n} other parts are not, "
			     "as {gap}")
		    : MSG_ID("{name} is signed, not the whole document: {gap} is not"),
		P_TEXT("name", name), P_TEXT("gap", gap), P_NUMBER("n", s->gaps)));
}

static void tell_comments(const struct xml_sig *s, struct report *rep)
{
	char name[256];

	if (!s->comments)
		return;
	xml_show(s->comment, name, sizeof name);
	report_add(rep, CHK_CONTENT, CHECK_SKIPPED,
	    MSG_N("a comment in the text of {name} is not signed: some programs read the text only "
		  "up to it",
		"{n} comments in texts, the first in {name}, are not signed: some programs read a "
		"text only up to such a one",
		s->comments, P_TEXT("name", name)));
}

static const char *words_of(const struct xml_sig *s, const struct places *p)
{
	if (p->whole)
		return s->left_out ? MSG_ID("the whole document, but for the places that UBL has "
					    "for signatures")
				   : MSG_ID("the whole document");
	if (p->outside == p->n)
		return MSG_ID("a file of its own: {name}");
	if (p->first->place == XML_VALUE)
		return MSG_ID("another signature: {name}");
	return p->n > 1 ? MSG_ID("{name} and {n} others, which is all that is there")
			: MSG_ID("{name}, which is all that is there");
}

void xml_content_cover(const struct xml_sig *s, struct report *rep)
{
	struct places p = look(s);
	char name[256];

	if (s->of) {
		bool about = false;

		for (uint32_t i = 0; i < s->refs; i++)
			about = about ||
				(s->ref[i].place == XML_VALUE && s->ref[i].value_of == s->of);
		if (about)
			report_add(
			    rep, CHK_CONTENT, CHECK_OK, MSG("the signature that it stands in"));
		else
			report_add_why(rep, CHK_CONTENT, CHECK_FAILED, REASON_WRAPPED,
			    MSG("it is not about the signature that it stands in"));
		return;
	}
	if (!p.n) {
		report_add_why(rep, CHK_CONTENT, CHECK_FAILED, REASON_NO_CONTENT,
		    MSG("it signs nothing but what it says of itself"));
		return;
	}
	if (s->gaps) {
		tell_part(s, &p, rep);
		tell_comments(s, rep);
		return;
	}
	tell_comments(s, rep);
	xml_show(p.first->path.n ? p.first->path : p.first->uri, name, sizeof name);
	report_add(rep, CHK_CONTENT, CHECK_OK,
	    MSG(words_of(s, &p), P_TEXT("name", name), P_NUMBER("n", p.n - 1)));
}
