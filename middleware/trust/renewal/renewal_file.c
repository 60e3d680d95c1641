/* SPDX-License-Identifier: BSD-2-Clause */
/* The merchant's request file: every defect with its place and what to do about it. */
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
	TRUTH,	/* true or false */
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
    {"public", TRUTH, false, NULL}, /* true: the issuer may show it to shoppers */
    {NULL, TEXT, false, NULL},
};

static const struct field cop_fields[] = {
    {"item", LABEL, true, NULL},
    {"kept", TRUTH, false, NULL}, /* whether the merchant keeps to it */
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
	struct report *rep;   /* NULL: the first one at `only`, or below it, is kept in why */
	enum check_name name; /* of the checks */
	size_t defects;
	const char *only;
	struct message_kept *why;
};

/* Every sentence begins with the place that it is about. */
static bool is_at(const struct message *m, const char *place)
{
	char *said = message_string(m, NULL);
	const size_t n = strlen(place);
	const bool at = said && !strncmp(said, place, n) && said[n] && strchr(":.[", said[n]);

	message_free(said);
	return at;
}

static void defect(struct walk *w, const struct message *m)
{
	if (w->rep) {
		w->defects++;
		report_add(w->rep, w->name, CHECK_FAILED, m);
	} else if (w->defects == 0 && is_at(m, w->only)) {
		w->defects++;
		message_keep(w->why, m);
	}
}

/* What the value should have been: an id with its {place}; NULL when it is right. */
static const char *leaf_wrong(const json_t *v, enum kind kind)
{
	const char *s = json_string_value(v);
	size_t n = s ? strlen(s) : 0;
	bool text = s && n > 0 && n <= MAX_TEXT;

	switch (kind) {
	case TEXT:
		return text ? NULL : MSG_ID("{place}: must be a text that is not empty");
	case URL:
		return text && name_is_url(s) ? NULL
					      : MSG_ID("{place}: must be a URL that begins with "
						       "https:// and a domain name in lower case");
	case DIGITS:
		return text && n >= 8 && n <= 40 && strspn(s, "0123456789-") == n
			   ? NULL
			   : MSG_ID("{place}: must be the number as text, at least 8 digits");
	case HASH:
		return text && n == 64 && strspn(s, "0123456789abcdefABCDEF") == n
			   ? NULL
			   : MSG_ID("{place}: must be the SHA-256 of the file, 64 hexadecimal "
				    "digits (sha256sum FILE)");
	case SCALAR:
		return text || json_is_number(v) || json_is_boolean(v)
			   ? NULL
			   : MSG_ID("{place}: must be a text or a number");
	case TRUTH:
		return json_is_boolean(v) ? NULL : MSG_ID("{place}: must be true or false");
	case LABEL:
		return text || json_is_integer(v)
			   ? NULL
			   : MSG_ID("{place}: must be a text or a whole number");
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
		defect(w, MSG("{place}: must be a list of domain names that is not empty",
			      P_TEXT("place", at)));
		return;
	}
	json_array_foreach(list, i, item)
	{
		if (!json_is_string(item) || !name_is_host(json_string_value(item)))
			defect(w,
			    MSG("{place}[{i}]: must be a domain name like shop.example.hk: lower "
				"case, no * and no dot at the end, international names as xn--...",
				P_TEXT("place", at), P_NUMBER("i", i)));
	}
}

static void walk_list(struct walk *w, const json_t *list, const struct field *f, const char *at)
{
	char place[192];
	size_t i;
	json_t *item;

	if (!json_is_array(list) || (f->required && json_array_size(list) == 0)) {
		defect(w, MSG(f->required ? MSG_ID("{place}: must be a list that is not empty")
					  : MSG_ID("{place}: must be a list"),
			      P_TEXT("place", at)));
		return;
	}
	if (json_array_size(list) > MAX_ITEMS) {
		defect(w, MSG("{place}: has more than {n} items", P_TEXT("place", at),
			      P_NUMBER("n", MAX_ITEMS)));
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
	const char *wrong;

	(void)snprintf(place, sizeof place, "%s%s%s", at, at[0] ? "." : "", f->name);
	if (!v) {
		if (f->required)
			defect(w, MSG("{place}: is missing", P_TEXT("place", place)));
		return;
	}
	wrong = leaf_wrong(v, f->kind);
	if (wrong)
		defect(w, MSG(wrong, P_TEXT("place", place)));
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
		defect(w, at[0] ? MSG("{place}: must be an object { }", P_TEXT("place", at))
				: MSG("the file: must be an object { }"));
		return;
	}
	for (const struct field *f = fields; f->name; f++)
		walk_field(w, o, f, at);
	/* A misspelt optional field must not vanish. */
	json_object_foreach((json_t *)(uintptr_t)o, key, v)
	{
		char place[256];

		if (known(fields, key))
			continue;
		(void)snprintf(place, sizeof place, "%s%s%.40s", at, at[0] ? "." : "", key);
		defect(w, MSG("{place}: is not a field of this file; check the spelling",
			      P_TEXT("place", place)));
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
			    w, MSG("evidence[{i}]: give a value, or evidence that can be fetched",
				   P_NUMBER("i", i)));
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
		defect(
		    w, MSG("domains: the merchant's own domain, that of {url}, is not among them",
			   P_TEXT("url", url)));
}

bool renewal_content_check(const json_t *file, enum check_name name, struct report *rep)
{
	struct walk w = {.rep = rep, .name = name};

	walk_object(&w, file, file_fields, "");
	walk_entries(&w, file);
	walk_domains(&w, file);
	if (w.defects == 0)
		report_add(rep, name, CHECK_OK, MSG("complete"));
	return w.defects == 0;
}

bool renewal_wrong_at(const json_t *file, const char *place, struct message_kept *why)
{
	struct walk w = {.only = place, .why = why};

	why->n = 0;
	walk_object(&w, file, file_fields, "");
	walk_entries(&w, file);
	walk_domains(&w, file);
	return w.defects > 0;
}

bool renewal_check_file(struct rd json, struct report *rep)
{
	json_error_t err;
	json_t *file = json_read(json, &err);
	char number[64];
	bool ok;

	if (!file) {
		report_add(rep, CHK_REQUEST_FILE, CHECK_FAILED,
		    MSG("line {line}, column {column}: {text}", P_NUMBER("line", err.line),
			P_NUMBER("column", err.column), P_TEXT("text", err.text)));
		return false;
	}
	ok = renewal_content_check(file, CHK_REQUEST_FILE, rep);
	if (json_number_lost(json, number, sizeof number))
		ok = report_test(rep, CHK_REQUEST_FILE, false,
		    MSG("the number {number} has more digits than can be carried on; put it in "
			"quotes",
			P_TEXT("number", number)));
	json_decref(file);
	return ok;
}
