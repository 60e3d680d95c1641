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
    {PLACE_CATALOG, "/AcroForm", {PLACE_FORM, MAY_ADD, -1}},
    {PLACE_CATALOG, "/DSS", {PLACE_FREE, FREELY, PDF_CHANGE_PROOFS}},
    {PLACE_CATALOG, "/Extensions", {PLACE_FREE, FREELY, -1}},
    {PLACE_CATALOG, "/Version", {PLACE_FREE, FREELY, -1}},
    {PLACE_CATALOG, "/Metadata", {PLACE_FREE, FREELY | MAY_REMOVE, PDF_CHANGE_DESCRIBED}},
    {PLACE_FORM, "/Fields", {PLACE_FIELDS, MAY_ADD, -1}},
    {PLACE_FORM, "/SigFlags", {PLACE_FREE, FREELY, -1}},
    {PLACE_FORM, "/DR", {PLACE_RESOURCES, MAY_ADD, -1}},
    {PLACE_FORM, "/DA", {PLACE_ANY, MAY_ADD, -1}},
    {PLACE_RESOURCES, NULL, {PLACE_RESOURCE, MAY_ADD, -1}},
    {PLACE_RESOURCE, NULL, {PLACE_ANY, MAY_ADD, -1}},
    {PLACE_PAGE, "/Annots", {PLACE_ANNOTATIONS, MAY_ADD, -1}},
    {PLACE_PAGE, "/Tabs", {PLACE_ANY, MAY_ADD, -1}},
    {PLACE_PAGE, "/LastModified", {PLACE_FREE, FREELY, -1}},
};

/* With true, readers draw the fields anew: what they show is not what was signed. */
static struct rule of_need_appearances(const struct compare *c, qpdf_oh b)
{
	qpdf_oh now = entry_of(c->after, b, "/NeedAppearances");
	bool drawn = qpdf_oh_is_bool(c->after, now) && qpdf_oh_get_bool_value(c->after, now);

	return (struct rule){PLACE_ANY, drawn ? 0 : MAY_ADD | MAY_CHANGE | MAY_REMOVE, -1};
}

struct rule rule_of(struct compare *c, enum place place, const char *key, qpdf_oh a, qpdf_oh b)
{
	if (place == PLACE_FIELD)
		return field_rule(c, key, a, b);
	if (place == PLACE_FORM && !strcmp(key, "/NeedAppearances"))
		return of_need_appearances(c, b);
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		if (rows[i].place == place && (!rows[i].key || !strcmp(rows[i].key, key)))
			return rows[i].rule;
	return (struct rule){PLACE_ANY, 0, -1};
}
