/* SPDX-License-Identifier: BSD-2-Clause */
/* The values of MIME's fields, as far as they count here. */
#include "document/cms/form/mime.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

void mime_drop_comments(char *text)
{
	unsigned depth = 0;
	bool quoted = false;
	char *to = text;

	for (const char *p = text; *p; p++) {
		bool pair = *p == '\\' && p[1] && (quoted || depth);

		if (!pair && !depth && *p == '"')
			quoted = !quoted;
		if (!quoted && *p == '(')
			depth++;
		if (!depth) {
			*to++ = *p;
			if (pair)
				*to++ = p[1];
		}
		if (!quoted && depth && *p == ')')
			depth--;
		p += pair;
	}
	*to = 0;
}

static const char *past_blanks(const char *p)
{
	return p + strspn(p, " \t");
}

bool mime_is_word(const char *text, const char *word)
{
	const char *p = past_blanks(text);
	size_t n = strlen(word);

	if (strncasecmp(p, word, n) != 0)
		return false;
	p = past_blanks(p + n);
	return !*p || *p == ';';
}

/* One parameter. */
struct parameter {
	char name[32], value[128]; /* without its quotation marks; cut to their room */
	size_t n;		   /* of the value before it was cut */
};

/* Takes the next one off *p, which is at the ';' before it; false behind the last. */
static bool next_parameter(const char **p, struct parameter *out)
{
	size_t n;
	bool quoted;

	for (*p += strcspn(*p, ";"); **p == ';';) {
		*p = past_blanks(*p + 1);
		n = strcspn(*p, "=; \t");
		*out = (struct parameter){.n = 0};
		memcpy(out->name, *p, n < sizeof out->name ? n : sizeof out->name - 1);
		*p = past_blanks(*p + n);
		if (**p != '=') {
			*p += strcspn(*p, ";");
			continue;
		}
		*p = past_blanks(*p + 1);
		quoted = **p == '"';
		for (*p += quoted; **p && (quoted ? **p != '"' : !strchr("; \t", **p)); ++*p) {
			if (quoted && **p == '\\' && (*p)[1])
				++*p;
			if (out->n + 1 < sizeof out->value)
				out->value[out->n] = **p;
			out->n++;
		}
		*p += strcspn(*p, ";");
		return true;
	}
	return false;
}

enum found { ABSENT, FOUND, ODD };

/* In one piece, or in pieces by their order (RFC 2231, 3); in both, twice, encoded or too long it
 * is odd. */
static enum found find_parameter(const char *type, const char *name, char *out, size_t size)
{
	size_t n = strlen(name), at = 0;
	unsigned pieces = 0;
	bool whole = false;
	struct parameter one;
	char want[16];

	*out = 0;
	while (next_parameter(&type, &one)) {
		if (strncasecmp(one.name, name, n) != 0 || (one.name[n] && one.name[n] != '*'))
			continue;
		(void)snprintf(want, sizeof want, "*%u", pieces);
		if (whole || (one.name[n] ? strcmp(one.name + n, want) != 0 : pieces > 0) ||
		    one.n >= sizeof one.value || one.n >= size - at)
			return ODD;
		whole = !one.name[n];
		pieces += !whole;
		memcpy(out + at, one.value, one.n + 1);
		at += one.n;
	}
	return at ? FOUND : ABSENT;
}

bool mime_parameter(const char *type, const char *name, char *out, size_t size)
{
	return find_parameter(type, name, out, size) == FOUND;
}

bool mime_has_odd_parameters(const char *type)
{
	static const char *const names[] = {"boundary", "protocol", "smime-type"};
	char value[128];

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (find_parameter(type, names[i], value, sizeof value) == ODD)
			return true;
	return false;
}

/* What one character of a list of addresses makes of the one that is being read. */
struct address {
	char *out;
	size_t n, size;
	bool quoted, angle, closed;
};

static void put_address(struct address *a, char c)
{
	if (c == '"')
		a->quoted = !a->quoted;
	if (a->closed)
		return;
	if (!a->quoted && (c == '<' || (c == ':' && !a->angle))) {
		/* What stood before was a name, or a group's. */
		a->angle = c == '<';
		a->n = 0;
	} else if (!a->quoted && c == '>') {
		a->closed = true;
	} else if ((a->quoted || !strchr(" \t", c)) && a->n < a->size) {
		a->out[a->n++] = c;
	}
}

bool mime_address(const char **text, char *out, size_t size)
{
	struct address a = {.out = out, .size = size};
	const char *p = *text;

	while (*p) {
		char c = *p++;

		if (!a.quoted && (a.closed || !a.angle) && (c == ',' || c == ';')) {
			if (a.n)
				break;
			a.closed = false;
			continue;
		}
		put_address(&a, c);
		if (a.quoted && c == '\\' && *p)
			put_address(&a, *p++);
	}
	*text = p;
	if (a.n == size) /* there is more of it than has room */
		memcpy(out, "?", 2);
	else
		out[a.n] = 0;
	return a.n > 0;
}
