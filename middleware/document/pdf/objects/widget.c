/* SPDX-License-Identifier: BSD-2-Clause */
/* The widget of a signature (ISO 32000-1, 12.5.6.19). */
#include "document/pdf/objects/widget.h"

#include "document/pdf/objects/rules.h"
#include "document/pdf/shown/shown.h"

/* Table 165: what keeps an annotation from being seen, and from the paper. */
#define INVISIBLE 1
#define HIDDEN	  2
#define PRINT	  4
#define NO_VIEW	  32
/* Less than this in one direction, in the page's units, is no place. */
#define LEAST 1.0
/* Places that are tried: so many in the width of one, so many points from row to row. */
#define COLUMNS 4
#define GAP	2.0
#define ROW	18.0
#define TRIES	250

static int flags_of(const struct pdf_doc *d, qpdf_oh widget)
{
	int flags = 0;

	(void)qpdf_oh_get_value_as_int(d->q, pdf_get(d, widget, "/F"), &flags);
	return flags;
}

static bool is_place(const struct pdf_rect *r)
{
	return r->v[2] - r->v[0] >= LEAST && r->v[3] - r->v[1] >= LEAST;
}

static bool place(
    const struct pdf_doc *d, const struct pdf_look *look, double x, double y, struct pdf_spot *out)
{
	return pdf_place_on(d, out->page, (enum pdf_place)look->place, x, y,
	    look->picture.shape[0].w, look->picture.shape[0].h, &out->rect);
}

/* What nobody can tell is left to whoever asked for the place. */
static bool is_free(const struct pdf_doc *d, const struct pdf_spot *s)
{
	enum shown what = shown_under(d->q, s->page, &s->rect, 0);

	return what == SHOWN_NOTHING || what == SHOWN_UNKNOWN;
}

/* In a file that is signed nothing is covered, or the signatures before would be in doubt: what is
 * asked for in a corner goes to the next free place beside it, row by row. */
static enum pdf_refusal find_free(
    const struct pdf_doc *d, const struct pdf_look *look, struct pdf_spot *out)
{
	double step = look->picture.shape[0].w / COLUMNS + GAP;
	unsigned tries = 0;

	for (int row = 0; tries < TRIES; row++) {
		int column = 0;

		for (; tries < TRIES && place(d, look, column * step, row * ROW, out); column++) {
			if (is_free(d, out))
				return PDF_GOOD;
			tries++;
		}
		if (!column)
			break;
	}
	return PDF_COVERS;
}

static enum pdf_refusal asked_for(
    const struct pdf_doc *d, const struct pdf_look *look, bool is_signed, struct pdf_spot *out)
{
	if (look->place != PDF_AT)
		return is_signed		   ? find_free(d, look, out)
		       : place(d, look, 0, 0, out) ? PDF_GOOD
						   : PDF_OFF_PAGE;
	if (!place(d, look, look->x, look->y, out))
		return PDF_OFF_PAGE;
	return !is_signed || is_free(d, out) ? PDF_GOOD : PDF_COVERS;
}

enum pdf_refusal pdf_find_spot(const struct pdf_doc *d, const struct pdf_look *look, qpdf_oh field,
    bool is_signed, qpdf_oh page, struct pdf_spot *out)
{
	qpdf_oh own;

	*out = (struct pdf_spot){.page = page, .unlisted = !field};
	if (!look->seen)
		return PDF_GOOD;
	if (!field)
		return asked_for(d, look, is_signed, out);
	if (flags_of(d, field) & (INVISIBLE | HIDDEN | NO_VIEW))
		return PDF_FIELD_UNSEEN;
	(void)pdf_rect_read(d->q, pdf_get(d, field, "/Rect"), &out->rect);
	own = pdf_page_with(d, field);
	out->unlisted = !own;
	if (own && is_place(&out->rect)) {
		out->page = own;
		return pdf_meets_page(d, own, &out->rect) ? PDF_GOOD : PDF_FIELD_UNSEEN;
	}
	/* Of what is on one page nothing can be put on another. */
	if (is_signed ||
	    (own && qpdf_oh_get_object_id(d->q, own) != qpdf_oh_get_object_id(d->q, page)))
		return PDF_FIELD_UNSEEN;
	out->moved = true;
	return asked_for(d, look, is_signed, out);
}

/* An appearance of nothing, which PDF/A-1 (ISO 19005-1, 6.9) wants also of what is not seen. */
static qpdf_oh empty_appearance(struct pdf_change *c)
{
	static const char text[] =
	    "<< /Type /XObject /Subtype /Form /BBox [ 0 0 0 0 ] /Length 0 >>\n"
	    "stream\n\nendstream";
	qpdf_oh oh = pdf_new(c->d);

	pdf_made(c, oh, rd_of(text, sizeof text - 1));
	return oh;
}

static qpdf_oh appearance(struct pdf_change *c, struct pdf_look *look, const struct pdf_spot *spot)
{
	qpdf_oh form = 0;

	if (!look->seen)
		return empty_appearance(c);
	if (pdf_picture_take(c, &look->picture, spot->page, &spot->rect, &form) != ECERT_OK)
		buf_fail(&c->made, ECERT_E_INTERNAL);
	return form;
}

static void list_on_page(struct pdf_change *c, const struct pdf_spot *spot, qpdf_oh widget)
{
	pdf_own_annotations(c->d, spot->page);
	pdf_append(c, spot->page, spot->page, "/Annots", widget);
}

void pdf_new_field(struct pdf_change *c, struct pdf_look *look, const struct pdf_spot *spot,
    const char *name, qpdf_oh form, qpdf_oh sig)
{
	struct pdf_doc *d = c->d;
	qpdf_oh field = pdf_new(d), form_of_it = appearance(c, look, spot);
	struct buf text = BUF_INIT(PDF_TEXT_MAX);

	buf_str(&text, "<< /Type /Annot /Subtype /Widget /FT /Sig /T ");
	/* A text string (7.9.2.2). */
	pdf_put_value(d, qpdf_oh_new_unicode_string(d->q, name), &text);
	buf_str(&text, " /F 132 /Rect ");
	pdf_put_rect(&text, &spot->rect);
	buf_str(&text, " /AP << /N ");
	pdf_put_ref(d, form_of_it, &text);
	buf_str(&text, " >> /P ");
	pdf_put_ref(d, spot->page, &text);
	buf_str(&text, " /V ");
	pdf_put_ref(d, sig, &text);
	buf_str(&text, " >>");
	pdf_made(c, field, buf_view(&text));
	buf_free(&text);
	list_on_page(c, spot, field);
	pdf_append(c, form, d->root, "/Fields", field);
}

static qpdf_oh array_of(const struct pdf_doc *d, const struct pdf_rect *r)
{
	qpdf_oh array = qpdf_oh_new_array(d->q);

	for (int i = 0; i < 4; i++)
		qpdf_oh_append_item(
		    d->q, array, qpdf_oh_new_real_from_double(d->q, r->v[i], PDF_DECIMALS));
	return array;
}

void pdf_fill_field(struct pdf_change *c, struct pdf_look *look, const struct pdf_spot *spot,
    qpdf_oh field, qpdf_oh sig)
{
	qpdf_data q = c->d->q;
	int flags = flags_of(c->d, field);
	qpdf_oh states;

	qpdf_oh_replace_key(q, field, "/V", sig);
	pdf_touch(c, field, field);
	if (!look->seen)
		return;
	states = qpdf_oh_new_dictionary(q);
	qpdf_oh_replace_key(q, states, "/N", appearance(c, look, spot));
	qpdf_oh_replace_key(q, field, "/AP", states);
	if (!(flags & PRINT))
		qpdf_oh_replace_key(q, field, "/F", qpdf_oh_new_integer(q, flags | PRINT));
	if (spot->moved)
		qpdf_oh_replace_key(q, field, "/Rect", array_of(c->d, &spot->rect));
	if (spot->unlisted) {
		qpdf_oh_replace_key(q, field, "/P", spot->page);
		list_on_page(c, spot, field);
	}
}
