/* SPDX-License-Identifier: BSD-2-Clause */
/* Subjects as people type them: RFC 4514 in the order as written, with what Windows, RFC 2253 and
 * OpenSSL have besides. */
#include <ctype.h>
#include <openssl/err.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "provision/subject.h"
#include "provision/dn.h"
#include "document/json.h"

#define VALUE_MAX 1024 /* bytes of one value */
#define TYPE_MAX  64

/* What is being read: a view into the text, and one value as it is taken apart. */
struct scan {
	const char *at;
	char end;  /* between RDNs */
	bool more; /* the next value belongs to the same RDN */
	char type[TYPE_MAX], value[VALUE_MAX];
	size_t n; /* bytes of the value */
	struct message_kept *why;
};

static enum ecert_rc put(struct scan *s, char ch)
{
	if (s->n + 1 == sizeof s->value) {
		message_keep(
		    s->why, MSG("the value of {type} is too long", P_TEXT("type", s->type)));
		return ECERT_E_MALFORMED;
	}
	s->value[s->n++] = ch;
	return ECERT_OK;
}

static void skip_space(struct scan *s)
{
	while (isspace((unsigned char)*s->at))
		s->at++;
}

static bool type_follows(const char *p);

/* The end of an RDN: RFC 2253, 4 has semicolons, too, which a name may hold as well. */
static bool is_end(const struct scan *s, const char *p)
{
	return *p == s->end || (*p == ';' && s->end == ',' && type_follows(p + 1));
}

/* Whether "TYPE=" stands here: what follows a plus sign in a name like "Fish+Chips" does not. */
static bool type_follows(const char *p)
{
	while (isspace((unsigned char)*p))
		p++;
	if (!isalnum((unsigned char)*p))
		return false;
	p += strspn(p, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-");
	while (isspace((unsigned char)*p))
		p++;
	return *p == '=';
}

static enum ecert_rc take_type(struct scan *s)
{
	char part[65];
	size_t n;

	skip_space(s);
	n = strcspn(s->at, "=,+/\"\\");
	if (s->at[n] != '=') {
		snprintf(part, sizeof part, "%.*s", (int)strcspn(s->at, s->end == '/' ? "/" : ","),
		    s->at);
		message_keep(s->why,
		    MSG(s->end == '/'
			    ? MSG_ID("'{part}' has no '=' (a slash inside a name is written \\/)")
			    : MSG_ID("'{part}' has no '=' (a comma inside a name is written \\,)"),
			P_TEXT("part", part)));
		return ECERT_E_MALFORMED;
	}
	while (n && s->at[n - 1] == ' ')
		n--;
	if (!n || n >= sizeof s->type) {
		message_keep(s->why, MSG("there is no kind of name before a '='"));
		return ECERT_E_MALFORMED;
	}
	memcpy(s->type, s->at, n);
	s->type[n] = 0;
	s->at = strchr(s->at, '=') + 1;
	skip_space(s);
	return ECERT_OK;
}

static int hex_digit(char ch)
{
	const char *digits = "0123456789abcdef";
	const char *found = ch ? strchr(digits, tolower((unsigned char)ch)) : NULL;

	return found ? (int)(found - digits) : -1;
}

/* RFC 4514, 2.4: a backslash and two hexadecimal digits are a byte; else the next character as it
 * is. */
static enum ecert_rc take_escaped(struct scan *s)
{
	int high = hex_digit(s->at[1]), low = high < 0 ? -1 : hex_digit(s->at[2]);
	char ch = s->at[1];

	if (low >= 0)
		ch = (char)(high << 4 | low);
	s->at += low >= 0 ? 3 : ch ? 2 : 1;
	return put(s, ch ? ch : low >= 0 ? 0 : '\\');
}

/* RFC 2253, 4: the whole value in quotes. False when these are a part of the name. */
static bool is_quoted(const struct scan *s)
{
	const char *p = s->at;

	if (*p != '"')
		return false;
	for (p++; *p && *p != '"'; p++)
		p += *p == '\\' && p[1];
	if (!*p)
		return false;
	for (p++; isspace((unsigned char)*p); p++)
		;
	return !*p || is_end(s, p) || (*p == '+' && type_follows(p + 1));
}

static enum ecert_rc take_quoted(struct scan *s)
{
	enum ecert_rc rc = ECERT_OK;

	for (s->at++; rc == ECERT_OK && *s->at != '"';)
		rc = *s->at == '\\' ? take_escaped(s) : put(s, *s->at++);
	if (rc == ECERT_OK)
		s->at++;
	skip_space(s);
	return rc;
}

static enum ecert_rc take_plain(struct scan *s)
{
	size_t keep = 0; /* blanks at the end do not count, escaped ones do */
	enum ecert_rc rc = ECERT_OK;

	while (rc == ECERT_OK && *s->at && !is_end(s, s->at) &&
	       !(*s->at == '+' && type_follows(s->at + 1))) {
		bool escaped = *s->at == '\\', blank = isspace((unsigned char)*s->at);

		rc = escaped ? take_escaped(s) : put(s, *s->at++);
		if (rc == ECERT_OK && !blank)
			keep = s->n;
	}
	s->n = keep;
	return rc;
}

/* One TYPE=VALUE; s->at moves to the next, s->more tells whether that is of the same RDN. */
static enum ecert_rc take_one(struct scan *s, X509_NAME *name)
{
	int set = s->more ? -1 : 0;
	bool hex;
	enum ecert_rc rc = take_type(s);

	s->n = 0;
	if (rc != ECERT_OK)
		return rc;
	hex = *s->at == '#';
	rc = is_quoted(s) ? take_quoted(s) : take_plain(s);
	if (rc != ECERT_OK)
		return rc;
	s->value[s->n] = 0;
	s->more = *s->at == '+';
	if (*s->at)
		s->at++;
	return hex ? dn_add_hex(name, s->type, s->value + 1, set, s->why)
		   : dn_add(name, s->type, rd_of(s->value, s->n), set, s->why);
}

enum ecert_rc subject_parse(const char *text, X509_NAME *name, struct message_kept *why)
{
	struct scan s = {.at = text, .end = *text == '/' ? '/' : ',', .why = why};
	enum ecert_rc rc;

	s.at += s.end == '/';
	rc = *s.at ? ECERT_OK : ECERT_E_MALFORMED;
	if (rc != ECERT_OK)
		message_keep(why, MSG("it is empty"));
	while (rc == ECERT_OK && (*s.at || s.more))
		rc = take_one(&s, name);
	return rc;
}

static enum ecert_rc add_json(
    X509_NAME *name, const char *type, const json_t *value, struct message_kept *why)
{
	const char *text = json_string_value(value);

	if (text)
		return dn_add(name, type, rd_of(text, json_string_length(value)), 0, why);
	message_keep(why, MSG("the value of '{type}' is no text", P_TEXT("type", type)));
	return ECERT_E_MALFORMED;
}

enum ecert_rc template_parse(
    struct rd json, X509_NAME *name, GENERAL_NAMES *list, struct message_kept *why)
{
	json_t *o = json_read(json, NULL);
	json_t *item, *value;
	const char *type;
	struct message_kept bad;
	size_t i;
	enum ecert_rc rc = json_is_array(json_object_get(o, "subject")) ? ECERT_OK
									: ECERT_E_MALFORMED;

	message_keep(
	    why, MSG(o ? MSG_ID("'subject' is missing or no list") : MSG_ID("it is not JSON")));
	message_keep(&bad, MSG("it is no text"));
	json_array_foreach(json_object_get(o, "subject"), i, item)
	{
		json_object_foreach(item, type, value)
		{
			if (rc == ECERT_OK)
				rc = add_json(name, type, value, why);
		}
	}
	json_array_foreach(json_object_get(o, "san"), i, item)
	{
		if (rc != ECERT_OK)
			break;
		rc = json_is_string(item) ? san_parse(json_string_value(item), list, &bad)
					  : ECERT_E_MALFORMED;
		if (rc != ECERT_OK)
			message_keep(why, MSG("an entry of 'san' is not understood: {why}",
					      P_MSG("why", MSG_KEPT(&bad))));
	}
	json_decref(o);
	return rc;
}
