/* SPDX-License-Identifier: BSD-2-Clause */
/* What may come behind a signature, entry by entry (ISO 32000-1, 12.8.2.2; EN 319 142-1, 5.4 and
 * 5.5): whatever has no row here may not. */
#include <string.h>

#include "document/pdf/revisions/compare.h"

#define FREELY (MAY_ADD | MAY_CHANGE)

static const struct {
	enum place place;
	const char *key; /* NULL: any */
	struct rule rule;
} rows[] = {
    {PLACE_CATALOG, "/Pages", {PLACE_NODE, 0, -1}},
    {PLACE_NODE, "/Kids", {PLACE_ANY, 0, -1}},
    {PLACE_CATALOG, "/AcroForm", {PLACE_FORM, MAY_ADD, -1}},
    {PLACE_CATALOG, "/DSS", {PLACE_FREE, FREELY, PDF_CHANGE_PROOFS}},
    {PLACE_CATALOG, "/Extensions", {PLACE_FREE, FREELY, -1}},
    {PLACE_CATALOG, "/Version", {PLACE_FREE, FREELY, -1}},
    {PLACE_CATALOG, "/Metadata", {PLACE_FREE, FREELY | MAY_REMOVE, PDF_CHANGE_DESCRIBED}},
    {PLACE_FORM, "/Fields", {PLACE_FIELDS, MAY_ADD, -1}},
    {PLACE_FORM, "/SigFlags", {PLACE_FREE, FREELY, -1}},
    {PLACE_PAGE, "/Contents", {PLACE_DRAWN, 0, -1}},
    {PLACE_FORM, "/DA", {PLACE_ANY, MAY_ADD, -1}},
    {PLACE_RESOURCES, NULL, {PLACE_RESOURCE, MAY_ADD, -1}},
    {PLACE_RESOURCE, NULL, {PLACE_DRAWN, MAY_ADD, -1}},
    {PLACE_PAGE, "/Annots", {PLACE_ANNOTATIONS, MAY_ADD, -1}},
    {PLACE_PAGE, "/Tabs", {PLACE_ANY, MAY_ADD, -1}},
};

static bool is_true(qpdf_data q, qpdf_oh dict, const char *key)
{
	qpdf_oh x = entry_of(q, dict, key);

	return qpdf_oh_is_bool(q, x) && qpdf_oh_get_bool_value(q, x);
}

/* With it readers draw the fields anew, with the fonts of /DR: then neither may change. */
static struct rule form_rule(const struct compare *c, const char *key, qpdf_oh a, qpdf_oh b)
{
	struct rule strict = {PLACE_ANY, 0, -1};

	if (is_true(c->before, a, "/NeedAppearances") || is_true(c->after, b, "/NeedAppearances"))
		return strict;
	return !strcmp(key, "/DR") ? (struct rule){PLACE_RESOURCES, MAY_ADD, -1}
				   : (struct rule){PLACE_ANY, MAY_ADD, -1};
}

static bool is_drawn(const char *key)
{
	static const char *const keys[] = {
	    "/Resources", "/AP", "/XObject", "/Font", "/Pattern", "/ExtGState", "/MK", "/DR"};

	for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
		if (!strcmp(keys[i], key))
			return true;
	return false;
}

struct rule rule_of(struct compare *c, enum place place, const char *key, qpdf_oh a, qpdf_oh b)
{
	struct rule drawn = {PLACE_DRAWN, 0, -1};

	if (place == PLACE_DRAWN)
		return drawn;
	if (place == PLACE_FORM && (!strcmp(key, "/NeedAppearances") || !strcmp(key, "/DR")))
		return form_rule(c, key, a, b);
	if (place == PLACE_FIELD)
		return field_rule(c, key, a, b);
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		if (rows[i].place == place && (!rows[i].key || !strcmp(rows[i].key, key)))
			return rows[i].rule;
	return is_drawn(key) ? drawn : (struct rule){PLACE_ANY, 0, -1};
}
