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
		    "\" href=\"", p->anywhere ? p->up : "", "", tongue_file((enum tongue)t),
		    "\">\n", "");
	if (p->live)
		web_put(b, "<script defer src=\"", p->up, "site.js\"></script>\n");
	web_put(b, "</head>\n<body data-up=\"", p->up, "\">\n<a class=\"skip\" href=\"#content\">",
	    word(p->t, W_SKIP), "</a>\n<header><div class=\"wide\">\n<a class=\"home\" href=\"",
	    p->up, "", tongue_file(p->t), "\"><img src=\"", p->up,
	    "logo.svg\" alt=\"\" width=\"40\" height=\"40\"><span>", s->name,
	    "</span></a>\n<nav aria-label=\"", word(p->t, W_LANGUAGES), "\"><ul>\n");
	for (int t = 0; t < TONGUE_COUNT; t++)
		web_put(b, "<li><a lang=\"", tongue_tag((enum tongue)t), "\" hreflang=\"",
		    tongue_tag((enum tongue)t), "\" href=\"", p->anywhere ? p->up : "", "",
		    tongue_file((enum tongue)t), "\"", "",
		    t == (int)p->t && !p->anywhere ? " aria-current=\"true\">" : ">", "", "",
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

static void pages_nav(struct buf *b, const struct site *s, enum tongue t, bool more)
{
	const int64_t page = s->list.page;
	char name[64];

	if (page == 1 && !more)
		return;
	web_put(b, "<nav class=\"pages\" aria-label=\"", word(t, W_PAGE), "\"><ul>");
	if (page > 1) {
		(void)snprintf(
		    name, sizeof name, page > 2 ? "../%" PRId64 "/" : "../../", page - 1);
		web_put(b, "<li><a rel=\"prev\" href=\"", name, "", tongue_file(t), "\">‹ ",
		    word(t, W_PAGE), " ");
		web_number(b, page - 1);
		buf_str(b, "</a></li>");
	}
	web_put(b, "<li aria-current=\"page\">", word(t, W_PAGE), " ");
	web_number(b, page);
	buf_str(b, "</li>");
	if (more) {
		(void)snprintf(name, sizeof name,
		    page > 1 ? "../%" PRId64 "/" : "list/%" PRId64 "/", page + 1);
		web_put(b, "<li><a rel=\"next\" href=\"", name, "", tongue_file(t), "\">",
		    word(t, W_PAGE), " ");
		web_number(b, page + 1);
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

static void row(struct buf *b, const struct site *s, enum tongue t, int64_t member,
    const struct manifest_row *r)
{
	const char *status = (const char *)r->status.p;
	struct rd rest = r->domains;
	char id[24];

	(void)snprintf(id, sizeof id, "%" PRId64, member);
	web_put(b, "<tr><th scope=\"row\"><a href=\"", s->list.page > 1 ? "../../m/" : "m/", "", id,
	    "/", tongue_file(t), "\"><bdi>", (const char *)r->company.p,
	    "</bdi></a></th><td data-label=\"", word(t, W_DOMAINS), "\"><span>");
	while (rest.n) {
		const size_t n = strlen((const char *)rest.p) + 1;

		web_put(b, "<bdi>", (const char *)rest.p, "</bdi><br>");
		rest = rd_of(rest.p + n, rest.n - n);
	}
	web_put(b, "</span></td><td data-label=\"", word(t, W_STATUS), "\"><span class=\"chip ",
	    status_class(s, status), "\">", word(t, status_word(s, status)),
	    "</span></td><td data-label=\"", word(t, W_UNTIL), "\">");
	if (status_over(s, status))
		buf_str(b, "–");
	else
		web_day(b, r->until);
	buf_str(b, "</td></tr>\n");
}

static enum ecert_rc put_rows(struct buf *b, const struct site *s, enum tongue t)
{
	struct rd rest = buf_view(&s->list.held), text;
	enum ecert_rc rc = ECERT_OK;

	while (rc == ECERT_OK && rest.n) {
		struct manifest_row r;
		uint64_t id = 0;
		uint32_t n = 0;

		rc = rd_u64(&rest, &id);
		if (rc == ECERT_OK)
			rc = rd_u32(&rest, &n);
		if (rc == ECERT_OK)
			rc = rd_take(&rest, n, &text);
		if (rc == ECERT_OK)
			rc = manifest_take_row(text, &r);
		if (rc == ECERT_OK)
			row(b, s, t, (int64_t)id, &r);
	}
	return rc;
}

static enum ecert_rc put_page(struct site *s, enum tongue t, bool more)
{
	const struct page p = {s, t, s->list.page > 1 ? "../../" : "", NULL, true, false};
	struct buf b = BUF_INIT(PAGE_MAX);
	char name[64];
	enum ecert_rc rc = ECERT_OK;

	page_begin(&b, &p);
	web_put(&b, "<h1>", word(t, W_REGISTER), "</h1>\n");
	if (!s->until)
		web_put(&b, "<div class=\"status unsaid\"><p class=\"word\">", word(t, W_UNSAID),
		    "</p><p>", word(t, W_UNSAID_LONG), "</p>");
	put_ended(&b, s, t);
	if (!s->until)
		buf_str(&b, "</div>\n");
	if (s->list.rows) {
		search_box(&b, t);
		web_put(&b, "<table id=\"members\"><caption>", word(t, W_MEMBERS),
		    "</caption><thead><tr><th scope=\"col\">", word(t, W_NAME),
		    "</th><th scope=\"col\">", word(t, W_DOMAINS), "</th><th scope=\"col\">",
		    word(t, W_STATUS), "</th><th scope=\"col\">", word(t, W_UNTIL),
		    "</th></tr></thead>\n<tbody>\n");
		rc = put_rows(&b, s, t);
		buf_str(&b, "</tbody></table>\n");
		pages_nav(&b, s, t, more);
	} else {
		web_put(&b, "<p>", word(t, W_NOBODY), "</p>\n");
	}
	page_end(&b, &p);
	if (s->list.page > 1)
		(void)snprintf(
		    name, sizeof name, "list/%" PRId64 "/%s", s->list.page, tongue_file(t));
	else
		(void)snprintf(name, sizeof name, "%s", tongue_file(t));
	if (rc == ECERT_OK)
		rc = files_put(&s->f, name, &b);
	buf_free(&b);
	return rc;
}

/* A page is as it was when its rows are, and whether another one follows. */
static enum ecert_rc put_pages(struct site *s, bool more)
{
	const bool same = !s->list.fresh && s->list.before >= 0 &&
			  more == (s->list.page * LIST_ROWS + LIST_ROWS < s->list.before);
	enum ecert_rc rc = ECERT_OK;

	s->list.page++;
	if (same)
		s->f.same += TONGUE_COUNT;
	for (int t = 0; !same && rc == ECERT_OK && t < TONGUE_COUNT; t++)
		rc = put_page(s, (enum tongue)t, more);
	s->list.fresh = false;
	buf_reset(&s->list.held);
	return rc;
}

/* In all languages at once: nobody knows which one was asked for. */
enum ecert_rc put_missing(struct site *s)
{
	struct buf b = BUF_INIT(PAGE_MAX);
	const char *path = strchr(s->base + strlen("https://"), '/');
	char up[sizeof s->base + 1];
	const struct page p = {s, TONGUE_EN, up, word(TONGUE_EN, W_MISSING), false, true};
	enum ecert_rc rc;

	(void)snprintf(up, sizeof up, "%s/", path ? path : "");
	page_begin(&b, &p);
	for (int t = 0; t < TONGUE_COUNT; t++)
		web_put(&b, "<section lang=\"", tongue_tag((enum tongue)t), "\"><h1>",
		    word((enum tongue)t, W_MISSING), "</h1>\n<p class=\"copy\">",
		    word((enum tongue)t, W_MISSING_LONG), "</p>\n<p><a href=\"", up, "",
		    tongue_file((enum tongue)t), "\">", word((enum tongue)t, W_BACK),
		    "</a></p></section>\n");
	page_end(&b, &p);
	rc = files_put(&s->f, "404.html", &b);
	buf_free(&b);
	return rc;
}

enum ecert_rc list_member(struct site *s, const struct manifest_member *m, bool fresh)
{
	enum ecert_rc rc = ECERT_OK;

	if (s->list.rows && s->list.rows % LIST_ROWS == 0)
		rc = put_pages(s, true);
	s->list.rows++;
	s->list.fresh = s->list.fresh || fresh;
	buf_u64(&s->list.held, (uint64_t)m->id);
	manifest_put_text(&s->list.held, m->row);
	return rc == ECERT_OK ? buf_rc(&s->list.held) : rc;
}

enum ecert_rc list_end(struct site *s)
{
	char name[64];
	enum ecert_rc rc;

	s->list.fresh = s->list.fresh || s->list.rows != s->list.before;
	rc = put_pages(s, false);
	/* A register that became shorter. */
	for (int64_t page = s->list.page + 1; rc == ECERT_OK; page++) {
		const size_t before = s->f.removed;

		for (int t = 0; rc == ECERT_OK && t < TONGUE_COUNT; t++) {
			(void)snprintf(name, sizeof name, "list/%" PRId64 "/%s", page,
			    tongue_file((enum tongue)t));
			rc = files_remove(&s->f, name);
		}
		if (s->f.removed == before)
			break;
	}
	return rc;
}
