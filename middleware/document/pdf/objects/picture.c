/* SPDX-License-Identifier: BSD-2-Clause */
/* A page of another PDF as a form (12.5.5): its content, and copies of all that it refers to. */
#include "document/pdf/objects/picture.h"

#include <stdio.h>
#include <stdlib.h>

/* Objects of a picture: fonts and what they are made of. */
#define OBJECTS_MAX 256

enum ecert_rc pdf_picture_open(struct rd bytes, struct pdf_picture_in *p)
{
	enum pdf_refusal why = PDF_GOOD;
	struct pdf_rect box;
	enum ecert_rc rc = pdf_doc_open(bytes, &p->doc, &why);

	if (rc != ECERT_OK)
		return rc;
	if (why != PDF_GOOD || !pdf_find_page(&p->doc, 1, &p->page, &why))
		return ECERT_E_INTERNAL;
	box = pdf_read_rect(&p->doc, pdf_get(&p->doc, p->page, "/MediaBox"));
	p->w = box.v[2] - box.v[0];
	p->h = box.v[3] - box.v[1];
	return p->w > 0 && p->h > 0 ? ECERT_OK : ECERT_E_INTERNAL;
}

/* One copying under way: what has been written. */
struct copy {
	struct pdf_change *c;
	int done[OBJECTS_MAX];
	size_t n;
	bool bad;
};

static void copy(struct copy *w, qpdf_oh oh, int depth);

static void copy_parts(struct copy *w, qpdf_oh oh, int depth)
{
	qpdf_data q = w->c->d->q;
	const char *key;

	if (qpdf_oh_is_array(q, oh)) {
		for (int i = 0; i < qpdf_oh_get_array_n_items(q, oh); i++)
			copy(w, qpdf_oh_get_array_item(q, oh, i), depth + 1);
	} else if (qpdf_oh_is_dictionary(q, oh)) {
		struct buf keys = BUF_INIT(PDF_TEXT_MAX);
		struct rd left;

		/* qpdf has one iterator only, which what is below needs, too. */
		qpdf_oh_begin_dict_key_iter(q, oh);
		while (qpdf_oh_dict_more_keys(q)) {
			buf_str(&keys, qpdf_oh_dict_next_key(q));
			buf_u8(&keys, 0);
		}
		left = buf_view(&keys);
		while (left.n) {
			key = (const char *)left.p;
			copy(w, pdf_get(w->c->d, oh, key), depth + 1);
			while (*left.p)
				left = rd_of(left.p + 1, left.n - 1);
			left = rd_of(left.p + 1, left.n - 1);
		}
		buf_free(&keys);
	}
}

/* A stream as it is, but for its group: PDF/A-1 has no transparency, and nothing here is
 * transparent. */
static void put_stream(struct copy *w, qpdf_oh oh, struct buf *text)
{
	qpdf_data q = w->c->d->q;
	qpdf_oh dict = qpdf_oh_get_dict(q, oh);
	unsigned char *data = NULL;
	size_t n = 0;
	QPDF_BOOL filtered = QPDF_FALSE;

	if (qpdf_oh_get_stream_data(q, oh, qpdf_dl_none, &filtered, &data, &n) & QPDF_ERRORS) {
		w->bad = true;
		return;
	}
	qpdf_oh_remove_key(q, dict, "/Group");
	qpdf_oh_replace_key(q, dict, "/Length", qpdf_oh_new_integer(q, (long long)n));
	copy_parts(w, dict, 0);
	pdf_put_whole(w->c->d, dict, text);
	buf_str(text, "\nstream\n");
	buf_put(text, data, n);
	buf_str(text, "\nendstream");
	free(data);
}

static void copy(struct copy *w, qpdf_oh oh, int depth)
{
	qpdf_data q = w->c->d->q;
	struct buf text = BUF_INIT(PDF_TEXT_MAX);
	int number = qpdf_oh_get_object_id(q, oh);

	if (depth > PDF_DEPTH_MAX || w->n == OBJECTS_MAX)
		w->bad = true;
	for (size_t i = 0; number && i < w->n; i++)
		if (w->done[i] == number)
			return;
	if (w->bad)
		return;
	if (!number) {
		copy_parts(w, oh, depth);
		return;
	}
	w->done[w->n++] = number;
	if (qpdf_oh_is_stream(q, oh)) {
		put_stream(w, oh, &text);
	} else {
		copy_parts(w, oh, depth);
		pdf_put_whole(w->c->d, oh, &text);
	}
	w->bad = w->bad || buf_rc(&text) != ECERT_OK;
	pdf_made(w->c, oh, buf_view(&text));
	buf_free(&text);
}

/* BBox and Matrix so that the picture stands upright in rect, as large as it can without being
 * stretched. */
static void put_fit(
    const struct pdf_picture_in *p, int turn, const struct pdf_rect *rect, struct buf *out)
{
	static const char *const matrix[4] = {
	    "[ 1 0 0 1 0 0 ]", "[ 0 1 -1 0 0 0 ]", "[ -1 0 0 -1 0 0 ]", "[ 0 -1 1 0 0 0 ]"};
	double w = rect->v[2] - rect->v[0], h = rect->v[3] - rect->v[1];
	double rw = turn & 1 ? h : w, rh = turn & 1 ? w : h;
	double scale = rw / p->w < rh / p->h ? rw / p->w : rh / p->h;
	double x = (rw / scale - p->w) / 2, y = (rh / scale - p->h) / 2;
	struct pdf_rect box = {{-x, -y, p->w + x, p->h + y}};

	buf_str(out, "/BBox ");
	pdf_put_rect(out, &box);
	buf_str(out, " /Matrix ");
	buf_str(out, matrix[turn]);
}

enum ecert_rc pdf_picture_take(struct pdf_change *c, struct pdf_picture_in *p, qpdf_oh page,
    const struct pdf_rect *rect, qpdf_oh *form)
{
	qpdf_data q = c->d->q;
	qpdf_oh there = pdf_get(&p->doc, p->page, "/Resources");
	struct copy w = {.c = c};
	struct buf text = BUF_INIT(PDF_TEXT_MAX);
	unsigned char *data = NULL;
	char length[32];
	size_t n = 0;
	qpdf_oh here;

	if (qpdf_oh_get_page_content_data(p->doc.q, p->page, &data, &n) & QPDF_ERRORS)
		return ECERT_E_INTERNAL;
	/* Only what is indirect can be copied from one file into another. */
	if (!qpdf_oh_is_indirect(p->doc.q, there))
		there = qpdf_make_indirect_object(p->doc.q, there);
	here = qpdf_oh_copy_foreign_object(q, p->doc.q, there);
	copy(&w, here, 0);
	*form = pdf_new(c->d);
	buf_str(&text, "<< /Type /XObject /Subtype /Form ");
	put_fit(p, pdf_turned(c->d, page), rect, &text);
	buf_str(&text, " /Resources ");
	pdf_put_ref(c->d, here, &text);
	snprintf(length, sizeof length, " /Length %zu", n);
	buf_str(&text, length);
	buf_str(&text, " >>\nstream\n");
	buf_put(&text, data, n);
	buf_str(&text, "\nendstream");
	free(data);
	pdf_made(c, *form, buf_view(&text));
	w.bad = w.bad || buf_rc(&text) != ECERT_OK;
	buf_free(&text);
	return w.bad ? ECERT_E_INTERNAL : ECERT_OK;
}
