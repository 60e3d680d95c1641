/* SPDX-License-Identifier: BSD-2-Clause */
/* Certification, seed values, and what an update must not throw away. */
#include "document/pdf/objects/rules.h"

/* 12.8.2.2: what is no 2 or 3 counts as 1, which readers make of 1.0, too; nothing is 2. */
static bool allows(const struct pdf_doc *d, qpdf_oh params)
{
	long long p = 0;

	if (!qpdf_oh_has_key(d->q, params, "/P"))
		return true;
	return qpdf_oh_get_value_as_longlong(d->q, pdf_get(d, params, "/P"), &p) &&
	       (p == 2 || p == 3);
}

bool pdf_forbidden(const struct pdf_doc *d)
{
	qpdf_oh sig = pdf_get(d, pdf_get(d, d->root, "/Perms"), "/DocMDP");
	qpdf_oh refs = pdf_get(d, sig, "/Reference");
	int n = qpdf_oh_is_array(d->q, refs) ? qpdf_oh_get_array_n_items(d->q, refs) : 0;

	for (int i = 0; i < n; i++) {
		qpdf_oh ref = qpdf_oh_get_array_item(d->q, refs, i);

		if (qpdf_oh_is_name_and_equals(
			d->q, pdf_get(d, ref, "/TransformMethod"), "/DocMDP") &&
		    !allows(d, pdf_get(d, ref, "/TransformParams")))
			return true;
	}
	return false;
}

static bool has_name(const struct pdf_doc *d, qpdf_oh array, const char *name)
{
	int n = qpdf_oh_is_array(d->q, array) ? qpdf_oh_get_array_n_items(d->q, array) : 0;

	for (int i = 0; i < n; i++)
		if (qpdf_oh_is_name_and_equals(d->q, qpdf_oh_get_array_item(d->q, array, i), name))
			return true;
	return false;
}

/* Table 234: what is demanded, and not only wished for. */
#define SEED_FILTER    1
#define SEED_SUBFILTER 2

bool pdf_demands_other(const struct pdf_doc *d, qpdf_oh field)
{
	qpdf_oh seed = pdf_get(d, field, "/SV");
	long long flags = 0;

	if (!qpdf_oh_is_dictionary(d->q, seed) ||
	    !qpdf_oh_get_value_as_longlong(d->q, pdf_get(d, seed, "/Ff"), &flags))
		return false;
	if ((flags & SEED_FILTER) && qpdf_oh_has_key(d->q, seed, "/Filter") &&
	    !qpdf_oh_is_name_and_equals(d->q, pdf_get(d, seed, "/Filter"), "/Adobe.PPKLite"))
		return true;
	if ((flags & SEED_SUBFILTER) && qpdf_oh_has_key(d->q, seed, "/SubFilter") &&
	    !has_name(d, pdf_get(d, seed, "/SubFilter"), "/ETSI.CAdES.detached"))
		return true;
	return (flags & ~(long long)(SEED_FILTER | SEED_SUBFILTER)) != 0;
}

bool pdf_is_or_none(const struct pdf_doc *d, qpdf_oh dict, const char *key, bool array)
{
	qpdf_oh oh = pdf_get(d, dict, key);

	return qpdf_oh_is_null(d->q, oh) ||
	       (array ? qpdf_oh_is_array(d->q, oh) : qpdf_oh_is_dictionary(d->q, oh));
}

struct count {
	int number;
	uint32_t pages, nodes;
};

static void count(const struct pdf_doc *d, qpdf_oh node, int depth, struct count *c)
{
	qpdf_oh kids = pdf_get(d, node, "/Kids");
	int n = qpdf_oh_is_array(d->q, kids) ? qpdf_oh_get_array_n_items(d->q, kids) : 0;

	if (depth > PDF_DEPTH_MAX || ++c->nodes > PDF_NODES_MAX)
		return;
	c->pages += qpdf_oh_get_object_id(d->q, pdf_get(d, node, "/Annots")) == c->number;
	for (int i = 0; i < n; i++)
		count(d, qpdf_oh_get_array_item(d->q, kids, i), depth + 1, c);
}

void pdf_own_annotations(const struct pdf_doc *d, qpdf_oh page)
{
	qpdf_oh shared = pdf_get(d, page, "/Annots"), own;
	struct count c = {.number = qpdf_oh_get_object_id(d->q, shared)};

	if (!c.number)
		return;
	count(d, pdf_get(d, d->root, "/Pages"), 0, &c);
	if (c.pages < 2)
		return;
	own = qpdf_oh_new_array(d->q);
	for (int i = 0; i < qpdf_oh_get_array_n_items(d->q, shared); i++)
		qpdf_oh_append_item(d->q, own, qpdf_oh_get_array_item(d->q, shared, i));
	qpdf_oh_replace_key(d->q, page, "/Annots", own);
}
