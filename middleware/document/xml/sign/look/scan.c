/* SPDX-License-Identifier: BSD-2-Clause */
/* Without a document type there are only tags, comments, CDATA sections and processing
 * instructions (XML 1.0, 2.4 to 2.7, 3.1). */
#include "document/xml/sign/look/scan.h"

#include <string.h>

#include "document/xml/sign/questions.h"

struct tag {
	size_t at, end; /* of '<', and behind '>' */
	struct rd name;
	bool begins, ends;
};

static bool is_blank(uint8_t c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool begins(struct rd file, size_t at, const char *what)
{
	size_t n = strlen(what);

	return file.n - at >= n && !memcmp(file.p + at, what, n);
}

/* Moves *at behind the next `what`. */
static bool pass(struct rd file, size_t *at, const char *what)
{
	const uint8_t *found = memmem(file.p + *at, file.n - *at, what, strlen(what));

	if (!found)
		return false;
	*at = (size_t)(found - file.p) + strlen(what);
	return true;
}

/* A tag from its name on, up to '>'; there may be one in the value of an attribute. */
static bool read_tag(struct rd file, size_t *at, struct tag *t)
{
	size_t from = *at;
	uint8_t quote = 0;

	while (*at < file.n && !is_blank(file.p[*at]) && file.p[*at] != '>' && file.p[*at] != '/')
		++*at;
	t->name = rd_of(file.p + from, *at - from);
	while (*at < file.n && (quote || file.p[*at] != '>')) {
		uint8_t c = file.p[(*at)++];

		if (quote)
			quote = c == quote ? 0 : quote;
		else if (c == '"' || c == '\'')
			quote = c;
	}
	if (*at >= file.n || !t->name.n)
		return false;
	if (t->begins)
		t->ends = file.p[*at - 1] == '/';
	t->end = ++*at;
	return true;
}

/* What begins with '<' there: passed over, or a tag. */
static enum ecert_rc read_markup(struct rd file, size_t *at, struct tag *t)
{
	bool good;

	*t = (struct tag){.at = *at};
	if (begins(file, *at, "<!--")) {
		*at += 4;
		good = pass(file, at, "-->");
	} else if (begins(file, *at, "<![CDATA[")) {
		*at += 9;
		good = pass(file, at, "]]>");
	} else if (begins(file, *at, "<!")) {
		return ECERT_E_UNSUPPORTED;
	} else if (begins(file, *at, "<?")) {
		good = pass(file, at, "?>");
	} else {
		t->ends = begins(file, *at, "</");
		t->begins = !t->ends;
		*at += t->ends ? 2 : 1;
		good = read_tag(file, at, t);
	}
	return good ? ECERT_OK : ECERT_E_MALFORMED;
}

/* How far it is, and the element that is looked for once it began. */
struct walk {
	size_t before, depth, its_depth;
	bool found;
};

/* True: what was looked for is whole. */
static bool take_tag(struct walk *w, const struct tag *t, size_t n, struct xsign_where *out)
{
	if (t->begins) {
		w->depth++;
		if (w->before++ == n) {
			*out = (struct xsign_where){t->name, t->end, t->end - 2, t->ends};
			w->found = true;
			w->its_depth = w->depth;
		}
	}
	if (!t->ends)
		return false;
	if (w->found && w->depth == w->its_depth) {
		out->end = t->begins ? t->end - 2 : t->at;
		return true;
	}
	w->depth -= w->depth ? 1 : 0;
	return false;
}

enum ecert_rc xsign_scan(struct rd file, size_t n, struct xsign_where *out)
{
	struct walk w = {.before = 0};
	size_t at = 0;

	*out = (struct xsign_where){.empty = false};
	while (at < file.n) {
		const uint8_t *next = memchr(file.p + at, '<', file.n - at);
		struct tag t;
		enum ecert_rc rc;

		if (!next)
			break;
		at = (size_t)(next - file.p);
		rc = read_markup(file, &at, &t);
		if (rc != ECERT_OK)
			return rc;
		if (take_tag(&w, &t, n, out))
			return ECERT_OK;
		if (w.depth > XSIGN_DEPTH_MAX)
			return ECERT_E_TOO_LARGE;
	}
	return n == SIZE_MAX ? ECERT_OK : ECERT_E_NOT_FOUND;
}
