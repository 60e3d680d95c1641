/* SPDX-License-Identifier: BSD-2-Clause */
/* The tree of pages, walked by hand: qpdf's own walk mends it, which changes numbers. */
#include "document/pdf/objects/objects.h"

struct walk {
	const struct pdf_doc *d;
	uint32_t wanted, seen, nodes; /* wanted 0: the last one */
	qpdf_oh page;
	bool odd;
};

/* True: no more is to be looked at. */
static bool walk(struct walk *w, qpdf_oh node, int depth)
{
	qpdf_data q = w->d->q;
	qpdf_oh kids = pdf_get(w->d, node, "/Kids");
	int n = qpdf_oh_is_array(q, kids) ? qpdf_oh_get_array_n_items(q, kids) : -1;

	if (depth > PDF_DEPTH_MAX || ++w->nodes > PDF_NODES_MAX ||
	    !qpdf_oh_is_dictionary(q, node) || !qpdf_oh_is_indirect(q, node)) {
		w->odd = true;
		return true;
	}
	if (n < 0) {
		w->page = node;
		return ++w->seen == w->wanted;
	}
	for (int i = 0; i < n; i++)
		if (walk(w, qpdf_oh_get_array_item(q, kids, i), depth + 1))
			return true;
	return false;
}

bool pdf_find_page(const struct pdf_doc *d, uint32_t n, qpdf_oh *page, enum pdf_refusal *why)
{
	struct walk w = {.d = d, .wanted = n};
	bool ended = walk(&w, pdf_get(d, d->root, "/Pages"), 0);

	*page = w.page;
	*why = w.odd ? PDF_PAGES : !w.seen || (n && !ended) ? PDF_NO_PAGE : PDF_GOOD;
	return *why == PDF_GOOD;
}

static bool has_annotation(const struct pdf_doc *d, qpdf_oh page, int number)
{
	qpdf_oh all = pdf_get(d, page, "/Annots");
	int n = qpdf_oh_is_array(d->q, all) ? qpdf_oh_get_array_n_items(d->q, all) : 0;

	for (int i = 0; i < n; i++)
		if (qpdf_oh_get_object_id(d->q, qpdf_oh_get_array_item(d->q, all, i)) == number)
			return true;
	return false;
}

static qpdf_oh page_with(struct walk *w, qpdf_oh node, int number, int depth)
{
	qpdf_data q = w->d->q;
	qpdf_oh kids = pdf_get(w->d, node, "/Kids"), found = 0;
	int n = qpdf_oh_is_array(q, kids) ? qpdf_oh_get_array_n_items(q, kids) : -1;

	if (depth > PDF_DEPTH_MAX || ++w->nodes > PDF_NODES_MAX)
		return 0;
	if (n < 0)
		return has_annotation(w->d, node, number) ? node : 0;
	for (int i = 0; !found && i < n; i++)
		found = page_with(w, qpdf_oh_get_array_item(q, kids, i), number, depth + 1);
	return found;
}

qpdf_oh pdf_page_with(const struct pdf_doc *d, qpdf_oh annotation)
{
	struct walk w = {.d = d};

	return page_with(
	    &w, pdf_get(d, d->root, "/Pages"), qpdf_oh_get_object_id(d->q, annotation), 0);
}
