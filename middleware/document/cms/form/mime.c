/* SPDX-License-Identifier: BSD-2-Clause */
/* The values of MIME's fields, as far as they count here. */
#include "document/cms/form/mime.h"

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

bool mime_parameter(const char *type, const char *name, char *out, size_t size)
{
	struct parameter one;

	*out = 0;
	while (next_parameter(&type, &one)) {
		if (strcasecmp(one.name, name) != 0)
			continue;
		if (!one.n || one.n >= sizeof one.value || one.n >= size)
			return false;
		memcpy(out, one.value, one.n + 1);
		return true;
	}
	return false;
}

bool mime_has_odd_parameters(const char *type)
{
	static const char *const names[] = {"boundary", "protocol", "smime-type"};
	unsigned seen[3] = {0};
	struct parameter one;

	while (next_parameter(&type, &one)) {
		for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
			size_t n = strlen(names[i]);
			bool mine = strncasecmp(one.name, names[i], n) == 0;

			if (mine && (one.name[n] == '*' || (!one.name[n] && seen[i]++)))
				return true;
		}
	}
	return false;
}
