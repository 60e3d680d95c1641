/* SPDX-License-Identifier: BSD-2-Clause */
/* The logo of a trust mark as HTML. */
#include "actions/mark/snippet.h"

#include <stdio.h>
#include <string.h>

#include "actions/mark/snippet_words.h"
#include "client/outfile.h"
#include "document/jose/jws.h"
#include "trust/claims.h"
#include "trust/mark/mark.h"
#include "trust/names.h"
#include "util/text.h"

#define WIDTH	  120
#define WIDTH_MAX 2000

/* Words of the shop's page, in its language and not in that of whoever makes it: what the picture
 * says, and what a click does. */
static const struct words {
	const char *language, *before, *after;
} words[] = {SNIPPET_WORDS};

static void put_text(struct buf *b, const char *s)
{
	for (; *s; s++) {
		const char *as = *s == '&'   ? "&amp;"
				 : *s == '<' ? "&lt;"
				 : *s == '>' ? "&gt;"
				 : *s == '"' ? "&quot;"
					     : NULL;

		if (as)
			buf_str(b, as);
		else
			buf_u8(b, (uint8_t)*s);
	}
}

/* Where the page or the picture is: as it was said, else as the mark says. */
static enum outcome place(const struct job *job, const struct jws *j, const char *said,
    const char *claim, const char *option, char out[1024])
{
	text_copy(out, 1024, said ? said : "");
	if (!said)
		(void)claim_text(j, claim, out, 1024);
	if (!out[0])
		return ui_fail(job->ui, OUT_USAGE, "place-missing",
		    MSG("The mark does not say where that is: {option} is needed",
			P_TEXT("option", option)),
		    MSG("Ask the issuer for the address of its page about you, and of its logo."));
	if (!name_is_url(out))
		return ui_fail(job->ui, said ? OUT_USAGE : OUT_INPUT, "place-not-https",
		    MSG("{url} is no https:// address of a page", P_TEXT("url", out)),
		    MSG("The page and the logo have to be the issuer's own, by https: {option} "
			"URL.",
			P_TEXT("option", option)));
	return OUT_OK;
}

static void write_html(const struct snippet_deed *deed, const struct words *w, const char *page,
    const char *logo, const char *holder, struct buf *html)
{
	char size[64];

	(void)snprintf(size, sizeof size, "\" width=\"%ld\" loading=\"lazy\" alt=\"",
	    deed->width ? deed->width : WIDTH);
	buf_str(html, "<a lang=\"");
	buf_str(html, w->language);
	buf_str(html, "\" hreflang=\"");
	buf_str(html, w->language);
	buf_str(html, "\" rel=\"external\" href=\"");
	put_text(html, page);
	buf_str(html, "\"><img src=\"");
	put_text(html, logo);
	buf_str(html, size);
	put_text(html, w->before);
	put_text(html, holder);
	put_text(html, w->after);
	buf_str(html, "\"></a>\n");
}

static enum outcome make(const struct job *job, const struct snippet_deed *deed,
    const struct words *w, const struct jws *j, struct buf *html)
{
	char page[1024], logo[1024], holder[256];
	enum outcome code = place(job, j, deed->page, "ref", "--page", page);

	if (!code)
		code = place(job, j, deed->logo, "logo_uri", "--logo", logo);
	(void)claim_text(j, "sub", holder, sizeof holder);
	text_scrub(holder);
	if (code)
		return code;
	write_html(deed, w, page, logo, strncmp(holder, "https://", 8) ? holder : holder + 8, html);
	return ui_fail_rc(job->ui, buf_rc(html), MSG("Cannot start: {why}"));
}

static const struct words *words_of(const char *language)
{
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (!strcmp(words[i].language, language ? language : "en"))
			return &words[i];
	return NULL;
}

enum outcome trustmark_snippet(
    const struct job *job, const struct snippet_deed *deed, struct buf *html)
{
	const struct jws_rules rules = {.typ = TRUST_MARK_TYP};
	const struct words *w = words_of(deed->language);
	struct buf text = BUF_INIT(JWS_MAX_SIZE);
	struct jws *j = NULL;
	enum outcome code;

	if (!w)
		return ui_fail(job->ui, OUT_USAGE, "language-unknown",
		    MSG("--language takes en, zh-Hant or zh-Hans"), NULL);
	if (deed->width < 0 || deed->width > WIDTH_MAX)
		return ui_fail(job->ui, OUT_USAGE, "width-too-large",
		    MSG("--width is at most {max}", P_NUMBER("max", WIDTH_MAX)), NULL);
	if (!deed->mark)
		return ui_fail(job->ui, OUT_USAGE, "mark-missing",
		    MSG("Name your trust mark: --mark FILE"), NULL);
	code = infile_load(job, deed->mark, &text);
	if (!code && jws_parse(buf_view(&text), &rules, &j, NULL) != ECERT_OK)
		code = ui_fail(job->ui, OUT_INPUT, "not-a-trust-mark",
		    MSG("{file} is no trust mark", P_FILE("file", deed->mark)),
		    MSG(next_of_rc(ECERT_E_MALFORMED)));
	if (!code)
		code = make(job, deed, w, j, html);
	jws_free(&j);
	buf_free(&text);
	return code;
}
