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

/* What has no room is told of, too. */
void tell_more(char list[TOLD_TEXT], const char *one)
{
	size_t n = strlen(list), m = strlen(one) + (n ? strlen(", ") : 0);

	if (n + m + sizeof ", ..." <= TOLD_TEXT)
		snprintf(list + n, TOLD_TEXT - n, "%s%s", n ? ", " : "", one);
	else if (n && n + sizeof ", ..." <= TOLD_TEXT && strcmp(list + n - 3, "...") != 0)
		memcpy(list + n, ", ...", sizeof ", ...");
}

void tell_value(struct compare *c, size_t name, qpdf_oh a, qpdf_oh b)
{
	char was[VALUE], is[VALUE], one[sizeof c->path + 2 * VALUE + 16];

	value_of(c->before, a, was);
	value_of(c->after, b, is);
	snprintf(one, sizeof one, "%.*s: %s%s%s%s\"%s\"", (int)name, c->path, was[0] ? "\"" : "",
	    was, was[0] ? "\"" : "", was[0] ? " -> " : "", is);
	tell_more(c->told, one);
}

#define COVERS                                                                                     \
	(1u << PDF_CHANGE_COVERS | 1u << PDF_CHANGE_COVERS_MUCH | 1u << PDF_CHANGE_COVERS_UNREAD | \
	    1u << PDF_CHANGE_NOTE_OVER | 1u << PDF_CHANGE_FIELD_OVER)

/* The first page is told; one that something is covered on goes before. */
static void tell_page(struct compare *c, unsigned page_no, double part, bool covers)
{
	unsigned percent = (unsigned)(part * 100 + 0.5);

	if (c->told_page && c->told_page != page_no && (!covers || (c->kinds & COVERS)))
		return;
	c->told_page = page_no;
	c->told_part = percent > 100 ? 100 : percent ? percent : 1;
}

/* Several that take little each may take much of a page. */
void judge_shown(struct compare *c, qpdf_oh item, bool signature)
{
	static const int kinds[] = {[SHOWN_NOTHING] = -1,
	    [SHOWN_TEXT] = PDF_CHANGE_COVERS,
	    [SHOWN_MUCH] = PDF_CHANGE_COVERS_MUCH,
	    [SHOWN_UNKNOWN] = PDF_CHANGE_COVERS_UNREAD};
	qpdf_oh page = c->page > 0 ? qpdf_get_object_by_id(c->before, c->page, 0)
				   : qpdf_oh_new_null(c->before);
	enum shown what = SHOWN_UNKNOWN;
	struct pdf_rect box;

	if (!pdf_rect_read(c->after, entry_of(c->after, item, "/Rect"), &box))
		return;
	if (c->part_page != c->page)
		c->part = 0;
	c->part_page = c->page;
	if (qpdf_oh_is_dictionary(c->before, page)) {
		what = shown_under(c->before, page, &box, 0);
		c->part += shown_part(c->before, page, &box);
		if (what == SHOWN_NOTHING && c->part >= SHOWN_LARGE)
			what = SHOWN_MUCH;
	}
	tell_page(c, c->page_no, c->part, what != SHOWN_NOTHING);
	if (what != SHOWN_NOTHING)
		note(c, signature ? kinds[what] : PDF_CHANGE_NOTE_OVER);
}

/* It shows something where it is, once it is filled in: nothing that was signed may be there, by
 * the page or by its own look. */
void judge_filled(struct compare *c, qpdf_oh a)
{
	int id = qpdf_oh_get_object_id(c->before, a);
	struct home at = {.page = 0};
	struct pdf_rect box;
	qpdf_oh page;

	if (!pdf_rect_read(c->before, entry_of(c->before, a, "/Rect"), &box))
		return;
	if (!shown_blank(c->before, a))
		note(c, PDF_CHANGE_FILLED_ANEW);
	if (find_homes(c))
		at = c->home[id];
	page = at.page ? qpdf_get_object_by_id(c->before, at.page, 0) : qpdf_oh_new_null(c->before);
	if (qpdf_oh_is_dictionary(c->before, page) &&
	    shown_under(c->before, page, &box, id) == SHOWN_NOTHING)
		return;
	tell_page(c, at.page_no, shown_part(c->before, page, &box), true);
	note(c, PDF_CHANGE_FIELD_OVER);
}
