/* SPDX-License-Identifier: BSD-2-Clause */
/* The frame of each page, and the register as pages that need no script. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "publish/pages.h"

void page_begin(struct buf *b, const struct page *p)
{
	const struct site *s = p->s;

	web_put(b, "<!DOCTYPE html>\n<html lang=\"", tongue_tag(p->t),
	    "\">\n<head>\n<meta charset=\"utf-8\">\n"
	    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
	    "<meta name=\"referrer\" content=\"no-referrer\">\n<title>",
	    p->title, p->title ? " · " : "", s->name, "</title>\n<link rel=\"stylesheet\" href=\"",
	    p->up, "style.css\">\n<link rel=\"icon\" type=\"image/svg+xml\" href=\"", p->up,
	    "logo.svg\">\n");
	for (int t = 0; t < TONGUE_COUNT; t++)
		web_put(b, "<link rel=\"alternate\" hreflang=\"", tongue_tag((enum tongue)t),
		    "\" href=\"", tongue_file((enum tongue)t), "\">\n");
	if (p->live)
		web_put(b, "<script defer src=\"", p->up, "site.js\"></script>\n");
	web_put(b, "</head>\n<body data-up=\"", p->up, "\">\n<a class=\"skip\" href=\"#content\">",
	    word(p->t, W_SKIP), "</a>\n<header><div class=\"wide\">\n<a class=\"home\" href=\"",
	    p->up, "", tongue_file(p->t), "\"><img src=\"", p->up,
	    "logo.svg\" alt=\"\" width=\"40\" height=\"40\"><span>", s->name,
	    "</span></a>\n<nav aria-label=\"", word(p->t, W_LANGUAGES), "\"><ul>\n");
	for (int t = 0; t < TONGUE_COUNT; t++)
		web_put(b, "<li><a lang=\"", tongue_tag((enum tongue)t), "\" hreflang=\"",
		    tongue_tag((enum tongue)t), "\" href=\"", tongue_file((enum tongue)t), "\"", "",
		    t == (int)p->t ? " aria-current=\"true\">" : ">", "", "",
		    tongue_name((enum tongue)t), "</a></li>\n");
	buf_str(b, "</ul></nav>\n</div></header>\n<main id=\"content\" class=\"wide\">\n");
}

void page_end(struct buf *b, const struct page *p)
{
	const struct site *s = p->s;

	web_put(b, "</main>\n<footer><div class=\"wide\">\n<p>", word(p->t, W_ISSUER), "",
	    word(p->t, W_COLON));
	web_link(b, s->job->issuer, s->name);
	if (s->contact[0]) {
		web_put(b, " · ", word(p->t, W_CONTACT), "", word(p->t, W_COLON));
		web_link(b, s->contact, NULL);
	}
	web_put(b, "</p>\n<p><a href=\"", p->up, "", tongue_file(p->t), "\">", word(p->t, W_BACK),
	    "</a> · ", word(p->t, W_DATA), "", word(p->t, W_COLON), "<a href=\"", p->up,
	    "register.csv\">CSV</a> <a href=\"", p->up, "register.json\">JSON</a> <a href=\"",
	    p->up, "feed.xml\">RSS</a></p>\n</div></footer>\n</body>\n</html>\n");
}

/* ---- the register ---- */

static void rows_begin(struct site *s)
{
	for (int t = 0; t < TONGUE_COUNT; t++)
		buf_reset(&s->list.html[t]);
}

static void pages_nav(struct buf *b, const struct site *s, enum tongue t, bool more)
{
	const size_t page = s->list.page;
	char name[64];

	if (page == 1 && !more)
		return;
	web_put(b, "<nav class=\"pages\" aria-label=\"", word(t, W_PAGE), "\"><ul>");
	if (page > 1) {
		(void)snprintf(name, sizeof name, page > 2 ? "../%zu/" : "../../", page - 1);
		web_put(b, "<li><a rel=\"prev\" href=\"", name, "", tongue_file(t), "\">‹ ",
		    word(t, W_PAGE), " ");
		web_number(b, (int64_t)page - 1);
		buf_str(b, "</a></li>");
	}
	web_put(b, "<li aria-current=\"page\">", word(t, W_PAGE), " ");
	web_number(b, (int64_t)page);
	buf_str(b, "</li>");
	if (more) {
		(void)snprintf(name, sizeof name, page > 1 ? "../%zu/" : "list/%zu/", page + 1);
		web_put(b, "<li><a rel=\"next\" href=\"", name, "", tongue_file(t), "\">",
		    word(t, W_PAGE), " ");
		web_number(b, (int64_t)page + 1);
		buf_str(b, " ›</a></li>");
	}
	buf_str(b, "</ul></nav>\n");
}

static void search_box(struct buf *b, enum tongue t)
{
	/* Shown by the script: without it, the list is all there is. */
	web_put(b, "<form class=\"search\" role=\"search\" hidden><label for=\"q\">",
	    word(t, W_SEARCH),
	    "</label><input id=\"q\" type=\"search\" autocomplete=\"off\" spellcheck=\"false\">"
	    "<p id=\"found\" role=\"status\" data-nothing=\"",
	    word(t, W_NOTHING), "\" data-active=\"", word(t, W_ACTIVE), "\" data-suspended=\"",
	    word(t, W_SUSPENDED), "\" data-revoked=\"", word(t, W_REVOKED), "\" data-expired=\"",
	    word(t, W_EXPIRED), "\" data-unsaid=\"", word(t, W_UNSAID), "\" data-file=\"",
	    tongue_file(t), "\"></p></form>\n");
}

static enum ecert_rc put_page(struct site *s, enum tongue t, bool more)
{
	const struct page p = {s, t, s->list.page > 1 ? "../../" : "", NULL, true};
	struct buf b = BUF_INIT(PAGE_MAX);
	char name[64];
	enum ecert_rc rc;

	page_begin(&b, &p);
	web_put(&b, "<h1>", word(t, W_REGISTER), "</h1>\n");
	if (!s->until)
		web_put(&b, "<div class=\"status unsaid\"><p class=\"word\">", word(t, W_UNSAID),
		    "</p><p>", word(t, W_UNSAID_LONG), "</p></div>\n");
	if (s->list.rows) {
		search_box(&b, t);
		web_put(&b, "<table id=\"members\"><caption>", word(t, W_MEMBERS),
		    "</caption><thead><tr><th scope=\"col\">", word(t, W_NAME),
		    "</th><th scope=\"col\">", word(t, W_DOMAINS), "</th><th scope=\"col\">",
		    word(t, W_STATUS), "</th><th scope=\"col\">", word(t, W_UNTIL),
		    "</th></tr></thead>\n<tbody>\n");
		buf_rd(&b, buf_view(&s->list.html[t]));
		buf_str(&b, "</tbody></table>\n");
		pages_nav(&b, s, t, more);
	} else {
		web_put(&b, "<p>", word(t, W_NOBODY), "</p>\n");
	}
	page_end(&b, &p);
	if (s->list.page > 1)
		(void)snprintf(name, sizeof name, "list/%zu/%s", s->list.page, tongue_file(t));
	else
		(void)snprintf(name, sizeof name, "%s", tongue_file(t));
	rc = files_put(&s->f, name, &b);
	buf_free(&b);
	return rc;
}

static enum ecert_rc put_pages(struct site *s, bool more)
{
	enum ecert_rc rc = ECERT_OK;

	s->list.page++;
	for (int t = 0; rc == ECERT_OK && t < TONGUE_COUNT; t++)
		rc = put_page(s, (enum tongue)t, more);
	rows_begin(s);
	return rc;
}

static void row(struct buf *b, const struct site *s, enum tongue t)
{
	const struct member *m = &s->m;
	const struct shown *k = member_best(m);
	char id[24];
	size_t i;
	json_t *d;

	(void)snprintf(id, sizeof id, "%" PRId64, m->id);
	web_put(b, "<tr><th scope=\"row\"><a href=\"", s->list.page ? "../../m/" : "m/", "", id,
	    "/", tongue_file(t), "\"><bdi>", m->company, "</bdi></a></th><td data-label=\"",
	    word(t, W_DOMAINS), "\">");
	json_array_foreach(member_said(m, "domains"), i, d)
	{
		web_put(b, "<bdi>", json_string_value(d), "</bdi><br>");
	}
	web_put(b, "</td><td data-label=\"", word(t, W_STATUS), "\"><span class=\"chip ",
	    status_class(s, k->status), "\">", word(t, status_word(s, k->status)),
	    "</span></td><td data-label=\"", word(t, W_UNTIL), "\">");
	web_day(b, k->exp);
	buf_str(b, "</td></tr>\n");
}

enum ecert_rc list_member(struct site *s)
{
	enum ecert_rc rc = ECERT_OK;

	if (s->list.rows && s->list.rows % LIST_ROWS == 0)
		rc = put_pages(s, true);
	s->list.rows++;
	for (int t = 0; t < TONGUE_COUNT; t++)
		row(&s->list.html[t], s, (enum tongue)t);
	return rc;
}

enum ecert_rc list_end(struct site *s)
{
	char name[64];
	enum ecert_rc rc = put_pages(s, false);

	/* A register that became shorter. */
	for (size_t page = s->list.page + 1; rc == ECERT_OK; page++) {
		const size_t before = s->f.removed;

		for (int t = 0; rc == ECERT_OK && t < TONGUE_COUNT; t++) {
			(void)snprintf(
			    name, sizeof name, "list/%zu/%s", page, tongue_file((enum tongue)t));
			rc = files_remove(&s->f, name);
		}
		if (s->f.removed == before)
			break;
	}
	return rc;
}
