/* SPDX-License-Identifier: BSD-2-Clause */
/* What an update writes: objects as qpdf has them after the changes. */
#include "document/pdf/objects/change.h"

qpdf_oh pdf_new(struct pdf_doc *d)
{
	/* Not a null: qpdf takes a key with one away. */
	if (d->last) {
		qpdf_replace_object(d->q, (int)++d->last, 0, qpdf_oh_new_dictionary(d->q));
		return qpdf_get_object_by_id(d->q, (int)d->last, 0);
	}
	return qpdf_make_indirect_object(d->q, qpdf_oh_new_dictionary(d->q));
}

void pdf_touch(struct pdf_change *c, qpdf_oh oh, qpdf_oh holder)
{
	qpdf_data q = c->d->q;
	qpdf_oh is = qpdf_oh_is_indirect(q, oh) ? oh : holder;

	for (size_t i = 0; i < c->touched_n; i++)
		if (qpdf_oh_get_object_id(q, c->touched[i]) == qpdf_oh_get_object_id(q, is))
			return;
	if (c->touched_n == PDF_TOUCHED_MAX)
		buf_fail(&c->made, ECERT_E_INTERNAL);
	else
		c->touched[c->touched_n++] = is;
}

static void put(struct pdf_change *c, qpdf_oh oh, struct rd text, struct buf *out)
{
	buf_u32(out, (uint32_t)qpdf_oh_get_object_id(c->d->q, oh));
	buf_u16(out, (uint16_t)qpdf_oh_get_generation(c->d->q, oh));
	buf_u32(out, (uint32_t)text.n);
	buf_rd(out, text);
}

void pdf_made(struct pdf_change *c, qpdf_oh oh, struct rd text)
{
	put(c, oh, text, &c->made);
	c->made_n++;
}

void pdf_put_changes(struct pdf_change *c, struct buf *out)
{
	struct buf text = BUF_INIT(PDF_TEXT_MAX);

	buf_u32(out, c->made_n + (uint32_t)c->touched_n);
	if (buf_rc(&c->made) != ECERT_OK)
		buf_fail(out, buf_rc(&c->made));
	buf_rd(out, buf_view(&c->made));
	for (size_t i = 0; i < c->touched_n; i++) {
		buf_reset(&text);
		pdf_put_whole(c->d, c->touched[i], &text);
		if (buf_rc(&text) != ECERT_OK)
			buf_fail(out, buf_rc(&text));
		put(c, c->touched[i], buf_view(&text), out);
	}
	buf_free(&text);
}

void pdf_append(struct pdf_change *c, qpdf_oh dict, qpdf_oh holder, const char *key, qpdf_oh item)
{
	qpdf_data q = c->d->q;
	qpdf_oh array = pdf_get(c->d, dict, key);

	if (!qpdf_oh_is_array(q, array)) {
		array = qpdf_oh_new_array(q);
		qpdf_oh_append_item(q, array, item);
		qpdf_oh_replace_key(q, dict, key, array);
		pdf_touch(c, dict, holder);
		return;
	}
	qpdf_oh_append_item(q, array, item);
	if (qpdf_oh_is_indirect(q, array))
		pdf_touch(c, array, array);
	else
		pdf_touch(c, dict, holder);
}

static void put_counted(struct buf *out, struct buf *text)
{
	if (buf_rc(text) != ECERT_OK)
		buf_fail(out, buf_rc(text));
	buf_u32(out, (uint32_t)buf_len(text));
	buf_rd(out, buf_view(text));
	buf_reset(text);
}

/* What the new trailer keeps of the old one. */
static void put_trailer(const struct pdf_doc *d, struct buf *out)
{
	static const char *const key[] = {"/Root", "/Info", "/ID"};
	struct buf text = BUF_INIT(PDF_TEXT_MAX);

	for (size_t i = 0; i < 3; i++)
		if (qpdf_oh_has_key(d->q, d->trailer, key[i])) {
			buf_str(&text, i ? " " : "");
			buf_str(&text, key[i]);
			buf_str(&text, " ");
			pdf_put_value(d, pdf_get(d, d->trailer, key[i]), &text);
		}
	put_counted(out, &text);
	buf_free(&text);
}

void pdf_put_plan(struct pdf_change *c, uint32_t sig, struct rd refs, struct buf *out)
{
	struct pdf_doc *d = c->d;
	uint32_t last = (uint32_t)qpdf_oh_get_object_id(d->q, pdf_new(d));
	struct buf extra = BUF_INIT(PDF_TEXT_MAX);

	buf_u8(out, PDF_GOOD);
	buf_u64(out, d->startxref);
	buf_u8(out, d->stream);
	buf_u32(out, sig);
	buf_u32(out, last);
	buf_u32(out, d->stream ? last + 1 : last);
	put_trailer(d, out);
	if (refs.n) {
		buf_str(&extra, "/Reference [");
		buf_rd(&extra, refs);
		buf_str(&extra, " ]");
	}
	put_counted(out, &extra);
	pdf_put_changes(c, out);
	buf_free(&extra);
}
