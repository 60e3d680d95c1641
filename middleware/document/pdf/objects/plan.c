/* SPDX-License-Identifier: BSD-2-Clause */
/* What has to be written so that a PDF has one more signature (ISO 32000-1, 12.7 and 12.8). */
#include <stdio.h>
#include <string.h>

#include "document/pdf/objects/rules.h"
#include "document/pdf/objects/widget.h"

struct asked {
	bool certify;
	char name[256];
	uint32_t page;
	struct pdf_look look;
};

static enum ecert_rc read_request(struct rd r, struct asked *a)
{
	uint8_t flags = 0, n = 0;
	uint32_t x = 0, y = 0;
	enum ecert_rc rc = rd_u8(&r, &flags);

	if (rc == ECERT_OK)
		rc = rd_u8(&r, &n);
	if (rc == ECERT_OK)
		rc = rd_copy(&r, a->name, n);
	if (rc == ECERT_OK)
		rc = rd_u32(&r, &a->page);
	if (rc == ECERT_OK)
		rc = rd_u8(&r, &a->look.place);
	if (rc == ECERT_OK)
		rc = rd_u32(&r, &x);
	if (rc == ECERT_OK)
		rc = rd_u32(&r, &y);
	a->look.x = x / 100.0;
	a->look.y = y / 100.0;
	a->certify = flags & PDF_CERTIFY;
	return rc == ECERT_OK && rd_end(&r) == ECERT_OK && a->look.place < PDF_PLACE_COUNT
		   ? ECERT_OK
		   : ECERT_E_INTERNAL;
}

/* Everything that is known about the file before something is changed. */
struct found {
	qpdf_oh form;
	bool has_form;
	struct pdf_spot spot;
	struct pdf_fields fields;
};

static enum pdf_refusal find(const struct pdf_doc *d, const struct asked *a, struct found *f)
{
	enum pdf_refusal why;
	qpdf_oh page;

	if (pdf_forbidden(d))
		return PDF_FORBIDDEN;
	if (!pdf_is_or_none(d, d->root, "/AcroForm", false))
		return PDF_PAGES;
	f->form = pdf_get(d, d->root, "/AcroForm");
	f->has_form = qpdf_oh_is_dictionary(d->q, f->form);
	if (!pdf_is_or_none(d, f->form, "/Fields", true) ||
	    !pdf_read_fields(d, f->form, a->name, &f->fields))
		return PDF_PAGES;
	if (a->certify && f->fields.signatures)
		return PDF_SIGNED;
	if (f->fields.signatures >= PDF_SIGNED_MOST)
		return PDF_SIGNED_OFTEN;
	if (f->fields.found && !f->fields.right)
		return PDF_FIELD_OTHER;
	if (f->fields.found && f->fields.full)
		return PDF_FIELD_TAKEN;
	if (f->fields.found && pdf_demands_other(d, f->fields.named))
		return PDF_FIELD_WANTS;
	/* 12.7.4.2: a dot stands between the parts of a name. */
	if (!f->fields.found && strchr(a->name, '.'))
		return PDF_FIELD_NAME;
	if (!pdf_find_page(d, a->page, &page, &why))
		return why;
	if (!pdf_is_or_none(d, page, "/Annots", true))
		return PDF_PAGES;
	return pdf_find_spot(d, &a->look, f->fields.found ? f->fields.named : 0,
	    f->fields.signatures > 0, page, &f->spot);
}

/* Readers that make all appearances anew would take the picture away; where one of the fields has
 * none yet they have to. */
static void keep_appearances(struct pdf_change *c, struct found *f)
{
	qpdf_data q = c->d->q;
	qpdf_oh key = pdf_get(c->d, f->form, "/NeedAppearances");

	if (f->fields.bare || !qpdf_oh_is_bool(q, key) || !qpdf_oh_get_bool_value(q, key))
		return;
	qpdf_oh_remove_key(q, f->form, "/NeedAppearances");
	pdf_touch(c, f->form, c->d->root);
}

/* SignaturesExist and AppendOnly (12.7.2). */
static void set_flags(struct pdf_change *c, struct found *f)
{
	qpdf_data q = c->d->q;
	qpdf_oh flags = pdf_get(c->d, f->form, "/SigFlags");
	int was = 0;

	if (qpdf_oh_get_value_as_int(q, flags, &was) && (was & 3) == 3)
		return;
	qpdf_oh_replace_key(q, f->form, "/SigFlags", qpdf_oh_new_integer(q, was | 3));
	pdf_touch(c, f->form, c->d->root);
}

static void ensure_form(struct pdf_change *c, struct found *f)
{
	qpdf_data q = c->d->q;

	if (f->has_form)
		return;
	f->form = pdf_new(c->d);
	qpdf_oh_replace_key(q, f->form, "/Fields", qpdf_oh_new_array(q));
	qpdf_oh_replace_key(q, c->d->root, "/AcroForm", f->form);
	pdf_touch(c, c->d->root, c->d->root);
}

/* /Perms of the catalogue, and what the signature says about itself (12.8.4). */
static void certify(struct pdf_change *c, qpdf_oh sig, struct buf *refs)
{
	qpdf_data q = c->d->q;
	qpdf_oh perms = pdf_get(c->d, c->d->root, "/Perms");

	if (!qpdf_oh_is_dictionary(q, perms)) {
		perms = qpdf_oh_new_dictionary(q);
		qpdf_oh_replace_key(q, perms, "/DocMDP", sig);
		qpdf_oh_replace_key(q, c->d->root, "/Perms", perms);
		pdf_touch(c, c->d->root, c->d->root);
	} else {
		qpdf_oh_replace_key(q, perms, "/DocMDP", sig);
		pdf_touch(c, perms, c->d->root);
	}
	buf_str(refs, " << /Type /SigRef /TransformMethod /DocMDP /TransformParams << /Type "
		      "/TransformParams /P 2 /V /1.2 >> >>");
}

/* What the form's maker wants locked by this signature (12.7.4.5). */
static void lock(const struct pdf_doc *d, qpdf_oh field, struct buf *refs)
{
	static const char *const key[] = {"/Action", "/Fields", "/P"};
	qpdf_oh want = pdf_get(d, field, "/Lock");

	if (!qpdf_oh_is_dictionary(d->q, want))
		return;
	buf_str(refs, " << /Type /SigRef /TransformMethod /FieldMDP /Data ");
	pdf_put_ref(d, d->root, refs);
	buf_str(refs, " /TransformParams << /Type /TransformParams /V /1.2");
	for (size_t i = 0; i < 3; i++)
		if (qpdf_oh_has_key(d->q, want, key[i])) {
			buf_str(refs, " ");
			buf_str(refs, key[i]);
			buf_str(refs, " ");
			pdf_put_whole(d, pdf_get(d, want, key[i]), refs);
		}
	buf_str(refs, " >> >>");
}

static void change(struct pdf_doc *d, struct asked *a, struct found *f, struct buf *out)
{
	struct pdf_change c = {.d = d, .made = BUF_INIT(WALL_ANSWER_MAX)};
	struct buf refs = BUF_INIT(PDF_TEXT_MAX);
	qpdf_oh sig = pdf_new(d);
	char name[32];

	ensure_form(&c, f);
	set_flags(&c, f);
	if (a->look.seen)
		keep_appearances(&c, f);
	snprintf(name, sizeof name, "Signature%u", (unsigned)f->fields.free);
	if (f->fields.found) {
		pdf_fill_field(&c, &a->look, &f->spot, f->fields.named, sig);
		lock(d, f->fields.named, &refs);
	} else {
		pdf_new_field(&c, &a->look, &f->spot, *a->name ? a->name : name, f->form, sig);
	}
	if (a->certify)
		certify(&c, sig, &refs);
	if (buf_rc(&refs) != ECERT_OK)
		buf_fail(out, buf_rc(&refs));
	pdf_put_plan(&c, (uint32_t)qpdf_oh_get_object_id(d->q, sig), buf_view(&refs), out);
	buf_free(&c.made);
	buf_free(&refs);
}

enum ecert_rc pdf_plan(const struct wall_call *call, struct buf *answer)
{
	struct asked a = {.name = ""};
	struct found f = {.has_form = false};
	enum pdf_refusal why = PDF_GOOD;
	struct pdf_doc d;
	enum ecert_rc rc = call->inputs ? read_request(call->request, &a) : ECERT_E_INTERNAL;

	if (rc != ECERT_OK)
		return rc;
	a.look.seen = a.look.place != PDF_UNSEEN && call->inputs > 1;
	rc = pdf_doc_open(call->input[0], &d, &why);
	if (rc == ECERT_OK && a.look.seen)
		rc = pdf_picture_open(call->input[1], &a.look.picture);
	/* What is copied from it gets its numbers from qpdf, which has no room for so many. */
	if (rc == ECERT_OK && why == PDF_GOOD && a.look.seen && d.last)
		why = PDF_MANY;
	if (rc == ECERT_OK && why == PDF_GOOD)
		why = find(&d, &a, &f);
	if (rc == ECERT_OK && why == PDF_GOOD)
		change(&d, &a, &f, answer);
	else if (rc == ECERT_OK)
		buf_u8(answer, (uint8_t)why);
	if (rc == ECERT_OK && pdf_doc_over(&d))
		rc = ECERT_E_MEMORY;
	pdf_doc_close(&d);
	pdf_doc_close(&a.look.picture.doc);
	return rc == ECERT_OK ? buf_rc(answer) : rc;
}
