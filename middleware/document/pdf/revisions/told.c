/* SPDX-License-Identifier: BSD-2-Clause */
/* What is told of a change that is allowed: what a field was filled in with, and what lies over the
 * page. */
#include <stdio.h>
#include <string.h>

#include "document/pdf/revisions/compare.h"
#include "document/pdf/shown/shown.h"

#define VALUE 48

/* Cut to what fits, at a whole character. */
static void value_of(qpdf_data q, qpdf_oh v, char out[VALUE])
{
	const char *text = "...";
	size_t n;

	if (qpdf_oh_is_null(q, v))
		text = "";
	else if (qpdf_oh_is_string(q, v))
		text = qpdf_oh_get_utf8_value(q, v);
	else if (qpdf_oh_is_name(q, v))
		text = qpdf_oh_get_name(q, v) + 1;
	n = strlen(text);
	if (n >= VALUE)
		for (n = VALUE - 1; n && (text[n] & 0xC0) == 0x80;)
			n--;
	memcpy(out, text, n);
	out[n] = 0;
}

void tell_value(struct compare *c, size_t name, qpdf_oh a, qpdf_oh b)
{
	size_t n = strlen(c->told);
	char was[VALUE], is[VALUE], one[sizeof c->path + 2 * VALUE + 16];
	int m;

	if (!(c->kinds & (1u << PDF_CHANGE_FILLED | 1u << PDF_CHANGE_GUESSED)))
		return;
	value_of(c->before, a, was);
	value_of(c->after, b, is);
	m = snprintf(one, sizeof one, "%s%.*s: %s%s%s%s\"%s\"", n ? ", " : "", (int)name, c->path,
	    was[0] ? "\"" : "", was, was[0] ? "\"" : "", was[0] ? " -> " : "", is);
	/* What has no room is told of, too. */
	if (m > 0 && n + (size_t)m + sizeof ", ..." <= sizeof c->told)
		memcpy(c->told + n, one, (size_t)m + 1);
	else if (n && n + sizeof ", ..." <= sizeof c->told && strcmp(c->told + n - 3, "...") != 0)
		memcpy(c->told + n, ", ...", sizeof ", ...");
}

void judge_shown(struct compare *c, qpdf_oh item, bool signature)
{
	static const int kinds[] = {[SHOWN_NOTHING] = -1,
	    [SHOWN_TEXT] = PDF_CHANGE_COVERS,
	    [SHOWN_MUCH] = PDF_CHANGE_COVERS_MUCH,
	    [SHOWN_UNKNOWN] = PDF_CHANGE_COVERS_UNREAD};
	qpdf_oh page = c->page > 0 ? qpdf_get_object_by_id(c->before, c->page, 0)
				   : qpdf_oh_new_null(c->before);
	enum shown what = SHOWN_UNKNOWN;
	struct shown_box box;

	if (!shown_rect(c->after, entry_of(c->after, item, "/Rect"), &box))
		return;
	if (qpdf_oh_is_dictionary(c->before, page))
		what = shown_under(c->before, page, &box);
	/* The first page is told; one that something is covered on goes before. */
	if (!c->told_page ||
	    (what != SHOWN_NOTHING &&
		!(c->kinds & (1u << PDF_CHANGE_COVERS | 1u << PDF_CHANGE_COVERS_MUCH |
				 1u << PDF_CHANGE_COVERS_UNREAD))))
		c->told_page = c->page_no;
	if (signature)
		note(c, kinds[what]);
	else if (what != SHOWN_NOTHING)
		note(c, PDF_CHANGE_OVER);
}
