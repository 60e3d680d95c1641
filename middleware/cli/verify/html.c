/* SPDX-License-Identifier: BSD-2-Clause */
/* Text and words as HTML. */
#include "cli/verify/html.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/language.h"
#include "cli/terminal.h"
#include "util/text.h"

void html_text(struct buf *out, const char *text)
{
	char *copy = strdup(text ? text : "");

	if (!copy) {
		buf_fail(out, ECERT_E_MEMORY);
		return;
	}
	text_mask(copy);
	for (const char *p = copy; *p; p++)
		switch (*p) {
		case '&':
			buf_str(out, "&amp;");
			break;
		case '<':
			buf_str(out, "&lt;");
			break;
		case '>':
			buf_str(out, "&gt;");
			break;
		case '"':
			buf_str(out, "&quot;");
			break;
		case '\'':
			buf_str(out, "&#39;");
			break;
		default:
			buf_put(out, p, 1);
		}
	free(copy);
}

void html_words(struct buf *out, const struct message *m)
{
	char *words = cli_words(m);

	html_text(out, words ? words : m->id);
	message_free(words);
}

static void begin_row(struct buf *out, const char *label)
{
	html_tag(out, "<tr><th scope=\"row\">");
	if (label)
		html_words(out, MSG(label));
	html_tag(out, "</th><td>");
}

void html_row(struct buf *out, const char *label, const char *text)
{
	if (!text || !*text)
		return;
	begin_row(out, label);
	html_text(out, text);
	html_tag(out, "</td></tr>\n");
}

void html_row_words(struct buf *out, const char *label, const struct message *m)
{
	begin_row(out, label);
	html_words(out, m);
	html_tag(out, "</td></tr>\n");
}

void html_language(char *out, size_t cap)
{
	const char *l = language_translated() ? language_locale(LC_MESSAGES) : "en";
	/* Letters only: it comes from the environment. */
	size_t n = strspn(l, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_");

	snprintf(out, cap, "%.*s", (int)(n < cap ? n : cap - 1), l);
	for (char *p = out; *p; p++)
		*p = (char)(*p == '_' ? '-' : *p);
}
