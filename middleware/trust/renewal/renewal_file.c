/* SPDX-License-Identifier: BSD-2-Clause */
/* The merchant's request file: every defect with its place and what to do about it. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "document/json.h"
#include "trust/names.h"
#include "trust/renewal/renewal_priv.h"

#define MAX_TEXT  4096
#define MAX_ITEMS 200

enum kind {
	TEXT,
	URL,
	DIGITS,
	HASH,	/* 64 hexadecimal digits */
	SCALAR, /* text, number or truth value */
	LABEL,	/* text or whole number */
	OBJECT, /* with fields of its own */
	LIST,	/* of objects with fields of their own */
	NAMES,	/* list of host names */
};

struct field {
	const char *name;
	enum kind kind;
	bool required;
	const struct field *inner; /* OBJECT, LIST: up to a row without a name */
};

static const struct field uri_fields[] = {
    {"uri", URL, true, NULL},
    {"sha256", HASH, true, NULL},
    {"media_type", TEXT, true, NULL},
    {NULL, TEXT, false, NULL},
};

/* References to ISO 32112's topics and indicators are opaque. */
static const struct field entry_fields[] = {
    {"std", TEXT, true, NULL},
    {"edition", LABEL, true, NULL},
    {"factor", LABEL, false, NULL},
    {"topic_ref", LABEL, false, NULL},
    {"indicator_ref", LABEL, false, NULL},
    {"consideration_ref", LABEL, false, NULL},
    {"value", SCALAR, false, NULL},
    {"unit", TEXT, false, NULL},
    {"method", TEXT, false, NULL},
    {"period", TEXT, false, NULL},
    {"evidence", LIST, false, uri_fields},
    {"assessor", TEXT, false, NULL},
    {NULL, TEXT, false, NULL},
};

static const struct field cop_fields[] = {
    {"item", LABEL, true, NULL},
    {"statement", TEXT, true, NULL},
    {"evidence", LIST, false, uri_fields},
    {NULL, TEXT, false, NULL},
};

static const struct field practice_fields[] = {
    {"name", TEXT, true, NULL},
    {"version", LABEL, true, NULL},
    {NULL, TEXT, false, NULL},
};

static const struct field odr_fields[] = {
    {"provider", TEXT, true, NULL},
    {"url", URL, true, NULL},
    {NULL, TEXT, false, NULL},
};

static const struct field file_fields[] = {
    {"merchant", URL, true, NULL},
    {"issuer", URL, true, NULL},
    {"trust_mark_type", URL, true, NULL},
    {"code_of_practice", OBJECT, true, practice_fields},
    {"cop", LIST, true, cop_fields},
    {"evidence", LIST, false, entry_fields},
    {"terms_url", URL, true, NULL},
    {"after_sales_url", URL, false, NULL},
    {"returns_url", URL, false, NULL},
    {"privacy_url", URL, true, NULL},
    {"odr", OBJECT, false, odr_fields},
    {"complaint_contact", TEXT, true, NULL},
    {"domains", NAMES, true, NULL},
    {"br_no", DIGITS, true, NULL},
    {NULL, TEXT, false, NULL},
};

struct walk {
	struct report *rep;
	const char *name; /* of the checks */
	size_t defects;
};

static void defect(struct walk *w, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

static void defect(struct walk *w, const char *fmt, ...)
{
	char text[256];
	va_list ap;
	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	w->defects++;
	report_add(w->rep, w->name, CHECK_FAILED, "%s", text);
}

/* What the value should have been; NULL when it is right. */
static const char *leaf_wrong(const json_t *v, enum kind kind)
{
	const char *s = json_string_value(v);
	size_t n = s ? strlen(s) : 0;
	bool text = s && n > 0 && n <= MAX_TEXT;
	switch (kind) {
	case TEXT:
		return text ? NULL : "must be a text that is not empty";
	case URL:
		return text && name_is_url(s)
			   ? NULL
			   : "must be a URL that begins with https:// and a domain name in lower "
			     "case";
	case DIGITS:
		return text && n >= 8 && n <= 40 && strspn(s, "0123456789-") == n
			   ? NULL
			   : "must be the number as text, at least 8 digits";
	case HASH:
		return text && n == 64 && strspn(s, "0123456789abcdefABCDEF") == n
			   ? NULL
			   : "must be the SHA-256 of the file, 64 hexadecimal digits (sha256sum "
			     "FILE)";
	case SCALAR:
		return text || json_is_number(v) || json_is_boolean(v)
			   ? NULL
			   : "must be a text or a number";
	case LABEL:
		return text || json_is_integer(v) ? NULL : "must be a text or a whole number";
	default:
		return NULL;
	}
}

static void walk_object(
    struct walk *w, const json_t *o, const struct field *fields, const char *at);

static void walk_names(struct walk *w, const json_t *list, const char *at)
{
	size_t i;
	json_t *item;
	if (!json_is_array(list) || json_array_size(list) == 0 ||
	    json_array_size(list) > MAX_ITEMS) {
		defect(w, "%s: must be a list of domain names that is not empty", at);
		return;
	}
	json_array_foreach(list, i, item)
	{
		if (!json_is_string(item) || !name_is_host(json_string_value(item)))
			defect(w,
			    "%s[%zu]: must be a domain name like shop.example.hk: lower case, no "
			    "* and no dot at the end, international names as xn--...",
			    at, i);
	}
}

static void walk_list(struct walk *w, const json_t *list, const struct field *f, const char *at)
{
	char place[192];
	size_t i;
	json_t *item;
	if (!json_is_array(list) || (f->required && json_array_size(list) == 0)) {
		defect(w, "%s: must be a list%s", at, f->required ? " that is not empty" : "");
		return;
	}
	if (json_array_size(list) > MAX_ITEMS) {
		defect(w, "%s: has more than %d items", at, MAX_ITEMS);
		return;
	}
	json_array_foreach(list, i, item)
	{
		(void)snprintf(place, sizeof place, "%.160s[%zu]", at, i);
		walk_object(w, item, f->inner, place);
	}
}

static void walk_field(struct walk *w, const json_t *o, const struct field *f, const char *at)
{
	const json_t *v = json_object_get(o, f->name);
	char place[160];
	(void)snprintf(place, sizeof place, "%s%s%s", at, at[0] ? "." : "", f->name);
	if (!v) {
		if (f->required)
			defect(w, "%s: is missing", place);
		return;
	}
	const char *wrong = leaf_wrong(v, f->kind);
	if (wrong)
		defect(w, "%s: %s", place, wrong);
	else if (f->kind == OBJECT)
		walk_object(w, v, f->inner, place);
	else if (f->kind == LIST)
		walk_list(w, v, f, place);
	else if (f->kind == NAMES)
		walk_names(w, v, place);
}

static bool known(const struct field *fields, const char *name)
{
	for (; fields->name; fields++)
		if (strcmp(fields->name, name) == 0)
			return true;
	return false;
}

static void walk_object(struct walk *w, const json_t *o, const struct field *fields, const char *at)
{
	const char *key;
	json_t *v;
	if (!json_is_object(o)) {
		defect(w, "%s: must be an object { }", at[0] ? at : "the file");
		return;
	}
	for (const struct field *f = fields; f->name; f++)
		walk_field(w, o, f, at);
	/* A misspelt optional field must not vanish. */
	json_object_foreach((json_t *)(uintptr_t)o, key, v)
	{
		if (!known(fields, key))
			defect(w, "%s%s%.40s: is not a field of this file; check the spelling", at,
			    at[0] ? "." : "", key);
	}
}

/* An entry that neither gives a value nor points to evidence says nothing. */
static void walk_entries(struct walk *w, const json_t *file)
{
	const json_t *list = json_object_get(file, "evidence");
	size_t i;
	json_t *e;
	json_array_foreach(list, i, e)
	{
		if (json_is_object(e) && !json_object_get(e, "value") &&
		    json_array_size(json_object_get(e, "evidence")) == 0)
			defect(
			    w, "evidence[%zu]: give a value, or evidence that can be fetched", i);
	}
}

/* The mark is for the merchant's site; a request for other people's domains is a mistake. */
static void walk_domains(struct walk *w, const json_t *file)
{
	const char *url = json_string_value(json_object_get(file, "merchant"));
	const json_t *list = json_object_get(file, "domains");
	bool own = false;
	size_t i;
	json_t *v;
	if (!url || !name_is_url(url) || json_array_size(list) == 0)
		return; /* told already */
	json_array_foreach(list, i, v)
	{
		const char *domain = json_string_value(v);
		own = own || (domain && name_url_in_domain(url, domain));
	}
	if (!own)
		defect(w, "domains: the merchant's own domain, that of %.120s, is not among them",
		    url);
}

bool renewal_content_check(const json_t *file, const char *name, struct report *rep)
{
	struct walk w = {rep, name, 0};
	walk_object(&w, file, file_fields, "");
	walk_entries(&w, file);
	walk_domains(&w, file);
	if (w.defects == 0)
		report_add(rep, name, CHECK_OK, "complete");
	return w.defects == 0;
}

bool renewal_check_file(struct rd json, struct report *rep)
{
	json_error_t err;
	json_t *file = json_read(json, &err);
	if (!file) {
		report_add(rep, "request file", CHECK_FAILED, "line %d, column %d: %s", err.line,
		    err.column, err.text);
		return false;
	}
	char number[64];
	bool ok = renewal_content_check(file, "request file", rep);
	if (json_number_lost(json, number, sizeof number))
		ok = report_test(rep, "request file", false,
		    "the number %s has more digits than can be carried on; put it in quotes",
		    number);
	json_decref(file);
	return ok;
}
