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
