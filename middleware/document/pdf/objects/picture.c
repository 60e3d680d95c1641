/* SPDX-License-Identifier: BSD-2-Clause */
/* A page of another PDF as a form (12.5.5): its content, and copies of all that it refers to. */
#include "document/pdf/objects/picture.h"

#include <stdio.h>
#include <stdlib.h>

#include "document/pdf/objects/ink.h"

/* Objects of a picture: fonts and what they are made of. */
#define OBJECTS_MAX 256

enum ecert_rc pdf_picture_open(struct rd bytes, struct pdf_picture_in *p)
{
	enum pdf_refusal why = PDF_GOOD;
	enum ecert_rc rc = pdf_doc_open(bytes, &p->doc, &why);
	struct pdf_shape *s = p->shape;

	if (rc != ECERT_OK || why != PDF_GOOD)
		return rc == ECERT_OK ? ECERT_E_INTERNAL : rc;
	for (p->n = 0; p->n < PDF_SHAPES_MAX; p->n++, s++) {
		struct pdf_rect box;

		if (!pdf_find_page(&p->doc, (uint32_t)p->n + 1, &s->page, &why))
			break;
		(void)pdf_rect_read(p->doc.q, pdf_get(&p->doc, s->page, "/MediaBox"), &box);
		s->w = box.v[2] - box.v[0];
		s->h = box.v[3] - box.v[1];
		if (!(s->w > 0 && s->h > 0))
			return ECERT_E_INTERNAL;
	}
	return p->n ? ECERT_OK : ECERT_E_INTERNAL;
}

/* One copying under way: what has been written. */
struct copy {
	struct pdf_change *c;
	struct pdf_ink ink;
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
	pdf_ink_image(w->c->d, dict, w->ink);
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
		qpdf_oh more = pdf_complete_font(w->c, oh);

		if (more && w->n < OBJECTS_MAX)
			w->done[w->n++] = qpdf_oh_get_object_id(q, more);
		copy_parts(w, oh, depth);
		pdf_put_whole(w->c->d, oh, &text);
	}
	w->bad = w->bad || buf_rc(&text) != ECERT_OK;
	pdf_made(w->c, oh, buf_view(&text));
	buf_free(&text);
}

/* How large a shape is in room of this size. */
static double scale_of(const struct pdf_shape *s, double w, double h)
{
	return w / s->w < h / s->h ? w / s->w : h / s->h;
}

/* The largest of them, the earlier one when it makes no difference. */
static const struct pdf_shape *choose(const struct pdf_picture_in *p, double w, double h)
{
	const struct pdf_shape *best = p->shape;

	for (size_t i = 1; i < p->n; i++)
		if (scale_of(&p->shape[i], w, h) > scale_of(best, w, h) * 1.001)
			best = &p->shape[i];
	return best;
}

/* BBox and Matrix so that the picture stands upright in w by h, as large as it can without being
 * stretched. */
static void put_fit(const struct pdf_shape *s, int turn, double w, double h, struct buf *out)
{
	static const char *const matrix[4] = {
	    "[ 1 0 0 1 0 0 ]", "[ 0 1 -1 0 0 0 ]", "[ -1 0 0 -1 0 0 ]", "[ 0 -1 1 0 0 0 ]"};
	double scale = scale_of(s, w, h);
	double x = (w / scale - s->w) / 2, y = (h / scale - s->h) / 2;
	struct pdf_rect box = {{-x, -y, s->w + x, s->h + y}};

	buf_str(out, "/BBox ");
	pdf_put_rect(out, &box);
	buf_str(out, " /Matrix ");
	buf_str(out, matrix[turn]);
}

enum ecert_rc pdf_picture_take(struct pdf_change *c, struct pdf_picture_in *p, qpdf_oh page,
    const struct pdf_rect *rect, qpdf_oh *form)
{
	qpdf_data q = c->d->q;
	struct copy w = {.c = c, .ink = pdf_ink_of(c->d)};
	struct buf text = BUF_INIT(PDF_TEXT_MAX), content = BUF_INIT(PDF_TEXT_MAX);
	int turn = pdf_turned(c->d, page);
	double across = rect->v[2] - rect->v[0], up = rect->v[3] - rect->v[1];
	double room_w = turn & 1 ? up : across, room_h = turn & 1 ? across : up;
	const struct pdf_shape *shape = choose(p, room_w, room_h);
	qpdf_oh there = pdf_get(&p->doc, shape->page, "/Resources"), here;
	unsigned char *data = NULL;
	char length[256];
	size_t n = 0;

	if (qpdf_oh_get_page_content_data(p->doc.q, shape->page, &data, &n) & QPDF_ERRORS)
		return ECERT_E_INTERNAL;
	/* Only what is indirect can be copied from one file into another. */
	if (!qpdf_oh_is_indirect(p->doc.q, there))
		there = qpdf_make_indirect_object(p->doc.q, there);
	here = qpdf_oh_copy_foreign_object(q, p->doc.q, there);
	if (pdf_ink_resources(w.ink)) {
		snprintf(length, sizeof length, "<< %s >>", pdf_ink_resources(w.ink));
		qpdf_oh_replace_key(q, here, "/ColorSpace", qpdf_oh_parse(q, length));
	}
	copy(&w, here, 0);
	*form = pdf_new(c->d);
	buf_str(&text, "<< /Type /XObject /Subtype /Form ");
	put_fit(shape, turn, room_w, room_h, &text);
	buf_str(&text, " /Resources ");
	pdf_put_ref(c->d, here, &text);
	pdf_put_inked(rd_of(data, n), w.ink, &content);
	free(data);
	snprintf(length, sizeof length, " /Length %zu", buf_len(&content));
	buf_str(&text, length);
	buf_str(&text, " >>\nstream\n");
	buf_rd(&text, buf_view(&content));
	buf_str(&text, "\nendstream");
	pdf_made(c, *form, buf_view(&text));
	w.bad = w.bad || buf_rc(&text) != ECERT_OK || buf_rc(&content) != ECERT_OK;
	buf_free(&content);
	buf_free(&text);
	return w.bad ? ECERT_E_INTERNAL : ECERT_OK;
}
