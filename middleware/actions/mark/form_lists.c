/* SPDX-License-Identifier: BSD-2-Clause */
/* The form: items of the code of practice, and entries of ISO evidence. */
#include <stdio.h>
#include <string.h>

#include "actions/mark/form_priv.h"

/* The first row begins one of a list. */
struct list {
	const char *member;
	const struct form_row *rows;
	size_t n;
};

static const struct form_row proof_rows[] = {
    {"uri", MSG_ID("A page or file that shows it, by its URL"), NULL, FORM_TEXT, FORM_NO_MORE},
    {"sha256", MSG_ID("Its SHA-256, or the name of the same file here"), NULL, FORM_HASH,
	FORM_NEEDED},
    {"media_type", MSG_ID("Its media type"), NULL, FORM_TEXT, FORM_NEEDED}};

static const struct form_row practice_rows[] = {
    {"item", MSG_ID("The next item of the code of practice, by its number"), NULL, FORM_LABEL,
	FORM_NO_MORE},
    {"kept", MSG_ID("Do you keep to it?"), NULL, FORM_YES, FORM_NEEDED},
    {"statement", MSG_ID("How you keep to it, or why not"), NULL, FORM_TEXT, FORM_NEEDED}};

static const struct form_row entry_rows[] = {
    {"std", MSG_ID("The next entry of ISO evidence, by its standard, as ISO 32112"), NULL,
	FORM_TEXT, FORM_NO_MORE},
    {"edition", MSG_ID("Its edition, as 2025"), NULL, FORM_LABEL, FORM_NEEDED},
    {"factor", MSG_ID("The factor"), NULL, FORM_LABEL, FORM_OPTIONAL},
    {"topic_ref", MSG_ID("The reference of the topic"), NULL, FORM_LABEL, FORM_OPTIONAL},
    {"indicator_ref", MSG_ID("The reference of the indicator"), NULL, FORM_LABEL, FORM_OPTIONAL},
    {"consideration_ref", MSG_ID("The reference of the consideration"), NULL, FORM_LABEL,
	FORM_OPTIONAL},
    {"value", MSG_ID("The value, with the digits that it is to have"), NULL, FORM_VALUE,
	FORM_OPTIONAL},
    {"unit", MSG_ID("Its unit"), NULL, FORM_TEXT, FORM_OPTIONAL},
    {"method", MSG_ID("How it was measured"), NULL, FORM_TEXT, FORM_OPTIONAL},
    {"period", MSG_ID("The period that it is about, as 2025-11-01/2026-10-31"), NULL, FORM_PERIOD,
	FORM_OPTIONAL},
    {"assessor", MSG_ID("Who assessed it"), NULL, FORM_TEXT, FORM_OPTIONAL},
    {"public", MSG_ID("May shoppers see this entry?"), NULL, FORM_YES, FORM_NEEDED}};

#define COUNT(rows) (sizeof(rows) / sizeof(rows)[0])
static const struct list proof = {"evidence", proof_rows, COUNT(proof_rows)};
static const struct list practice = {"cop", practice_rows, COUNT(practice_rows)};
static const struct list entries = {"evidence", entry_rows, COUNT(entry_rows)};

/* What a file of this name is, most often. */
static const char *type_of(const json_t *item)
{
	static const char *const types[][2] = {{".pdf", "application/pdf"}, {".png", "image/png"},
	    {".jpg", "image/jpeg"}, {".csv", "text/csv"}, {".json", "application/json"},
	    {".xml", "application/xml"}};
	const char *uri = json_string_value(json_object_get(item, "uri"));
	const size_t n = uri ? strlen(uri) : 0;

	for (size_t i = 0; i < COUNT(types); i++) {
		const size_t m = strlen(types[i][0]);

		if (n > m && !strcmp(uri + n - m, types[i][0]))
			return types[i][1];
	}
	return "text/html";
}

/* The rows behind the first: all, or those that are missing and needed. */
static void fill(struct form *f, json_t *item, const char *prefix, const struct list *l, bool all)
{
	for (size_t i = 1; i < l->n && form_goes(f); i++) {
		const struct form_row *row = &l->rows[i];

		if (all || (row->need == FORM_NEEDED && !json_object_get(item, row->name)))
			(void)form_ask(f, item, prefix, row,
			    !strcmp(row->name, "media_type") ? type_of(item) : NULL);
	}
}

static void proofs(struct form *f, json_t *item, const char *prefix, bool again);

/* One that is there. False: it was taken away. */
static bool again_one(
    struct form *f, json_t *items, size_t i, const char *prefix, const struct list *l)
{
	json_t *item = json_array_get(items, i);

	if (!form_ask(f, item, prefix, &l->rows[0], NULL)) {
		if (json_object_get(item, l->rows[0].name))
			return true;
		(void)json_array_remove(items, i);
		form_keep(f);
		return false;
	}
	fill(f, item, prefix, l, true);
	if (l != &proof)
		proofs(f, item, prefix, true);
	return true;
}

/* What was left half way, then new ones until there are no more. */
static void more(struct form *f, json_t *at, const char *prefix, const struct list *l)
{
	json_t *items = json_object_get(at, l->member);
	char place[FORM_PLACE];

	if (!json_is_array(items)) {
		(void)json_object_set_new(at, l->member, json_array());
		items = json_object_get(at, l->member);
	}
	for (size_t i = 0; i < json_array_size(items) && form_goes(f); i++) {
		(void)snprintf(place, sizeof place, "%s%s[%zu].", prefix, l->member, i);
		fill(f, json_array_get(items, i), place, l, false);
	}
	while (form_goes(f)) {
		const size_t i = json_array_size(items);
		json_t *item = json_object();

		(void)snprintf(place, sizeof place, "%s%s[%zu].", prefix, l->member, i);
		if (json_array_append_new(items, item) ||
		    !form_ask(f, item, place, &l->rows[0], NULL)) {
			(void)json_array_remove(items, i);
			break;
		}
		fill(f, item, place, l, true);
		if (l != &proof)
			proofs(f, item, place, false);
	}
	if (json_array_size(items) == 0)
		(void)json_object_del(at, l->member);
	if (!f->code)
		form_keep(f);
}

static void proofs(struct form *f, json_t *item, const char *prefix, bool again)
{
	json_t *items = json_object_get(item, proof.member);
	char place[FORM_PLACE];

	for (size_t i = 0; again && i < json_array_size(items) && form_goes(f);) {
		(void)snprintf(place, sizeof place, "%.120sevidence[%zu].", prefix, i);
		i += again_one(f, items, i, place, &proof);
	}
	if (form_goes(f))
		more(f, item, prefix, &proof);
}

void form_practice(struct form *f)
{
	more(f, f->root, "", &practice);
}

void form_entries(struct form *f)
{
	more(f, f->root, "", &entries);
}

static void again(struct form *f, const struct list *l, size_t i)
{
	char place[FORM_PLACE];

	(void)snprintf(place, sizeof place, "%s[%zu].", l->member, i);
	(void)again_one(f, json_object_get(f->root, l->member), i, place, l);
}

void form_practice_again(struct form *f, size_t i)
{
	again(f, &practice, i);
}

void form_entry_again(struct form *f, size_t i)
{
	again(f, &entries, i);
}
