/* SPDX-License-Identifier: BSD-2-Clause */
/* The page that a shopper reaches by the seal: whose it is, and how to see that for oneself. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "publish/pages.h"

const json_t *member_said(const struct member *m, const char *name)
{
	return json_object_get(json_object_get(m->claims, "hktm_evidence"), name);
}

static const char *said(const struct member *m, const char *name)
{
	return json_string_value(member_said(m, name));
}

void page_heading(struct buf *b, enum tongue t, enum word_id w)
{
	web_put(b, "<h2>", word(t, w), "</h2>\n");
}

void page_term(struct buf *b, enum tongue t, enum word_id w)
{
	web_put(b, "<dt>", word(t, w), "</dt><dd>");
}

static void linked(struct buf *b, enum tongue t, enum word_id w, const char *to, const char *label)
{
	if (!to)
		return;
	page_term(b, t, w);
	web_link(b, to, label);
	END_TERM(b);
}

static void who(struct buf *b, enum tongue t, const struct member *m)
{
	page_heading(b, t, W_WHO);
	buf_str(b, "<dl>\n");
	page_term(b, t, W_NAME);
	web_put(b, "<bdi>", m->company, "</bdi>");
	END_TERM(b);
	page_term(b, t, W_BR);
	web_text(b, m->br[0] ? m->br : said(m, "br_no"));
	END_TERM(b);
	linked(b, t, W_SHOP, m->merchant, NULL);
	buf_str(b, "</dl>\n");
}

static void rules(struct buf *b, const struct site *s, enum tongue t)
{
	const struct member *m = &s->m;
	const json_t *cop = json_object_get(m->claims, "hktm_cop");
	const json_t *odr = member_said(m, "odr");

	page_heading(b, t, W_PRACTICE);
	buf_str(b, "<dl>\n");
	page_term(b, t, W_PROMISED);
	web_put(b, "<bdi>", json_string_value(json_object_get(cop, "name")), "</bdi> ");
	web_scalar(b, json_object_get(cop, "version"));
	END_TERM(b);
	linked(b, t, W_RULES, s->policy[0] ? s->policy : NULL, NULL);
	linked(b, t, W_TYPE, member_best(m)->type, NULL);
	buf_str(b, "</dl>\n");
	page_heading(b, t, W_HELP);
	buf_str(b, "<dl>\n");
	linked(b, t, W_COMPLAIN, said(m, "complaint_contact"), NULL);
	linked(b, t, W_ODR, json_string_value(json_object_get(odr, "url")),
	    json_string_value(json_object_get(odr, "provider")));
	linked(b, t, W_AFTER, said(m, "after_sales_url"), NULL);
	linked(b, t, W_RETURNS, said(m, "returns_url"), NULL);
	linked(b, t, W_TERMS, said(m, "terms_url"), NULL);
	linked(b, t, W_PRIVACY, said(m, "privacy_url"), NULL);
	buf_str(b, "</dl>\n");
}

static void row(struct buf *b, enum tongue t, enum word_id w, const json_t *v)
{
	if (!v)
		return;
	web_put(b, "<br>", word(t, w), "", word(t, W_COLON), "<bdi>");
	web_scalar(b, v);
	buf_str(b, "</bdi>");
}

static void entry(struct buf *b, enum tongue t, const json_t *e)
{
	static const char *const refs[] = {"edition", "indicator_ref"};
	size_t i;
	json_t *d;

	buf_str(b, "<li><strong>");
	web_scalar(b, json_object_get(e, "std"));
	for (i = 0; i < sizeof refs / sizeof refs[0]; i++) {
		if (!json_object_get(e, refs[i]))
			continue;
		buf_str(b, i ? " · " : ":");
		web_scalar(b, json_object_get(e, refs[i]));
	}
	buf_str(b, "</strong>");
	if (json_object_get(e, "value")) {
		buf_str(b, "<br><span class=\"value\"><bdi>");
		web_scalar(b, json_object_get(e, "value"));
		buf_str(b, " ");
		web_scalar(b, json_object_get(e, "unit"));
		buf_str(b, "</bdi></span>");
	}
	row(b, t, W_METHOD, json_object_get(e, "method"));
	row(b, t, W_PERIOD, json_object_get(e, "period"));
	row(b, t, W_ASSESSOR, json_object_get(e, "assessor"));
	json_array_foreach(json_object_get(e, "evidence"), i, d)
	{
		web_put(b, "<br>", word(t, W_DOCUMENT), "", word(t, W_COLON));
		web_link(b, json_string_value(json_object_get(d, "uri")), NULL);
		web_put(b, "<br>SHA-256: <code>", json_string_value(json_object_get(d, "sha256")),
		    "</code>");
	}
	buf_str(b, "</li>\n");
}

static void evidence(struct buf *b, enum tongue t, const struct member *m)
{
	size_t i, n = 0;
	json_t *e;

	page_heading(b, t, W_EVIDENCE);
	json_array_foreach(member_said(m, "entries"), i, e)
	{
		if (!json_is_true(json_object_get(e, "public")))
			continue;
		buf_str(b, n++ ? "" : "<ul class=\"evidence\">\n");
		entry(b, t, e);
	}
	if (n)
		buf_str(b, "</ul>\n");
	else
		web_put(b, "<p>", word(t, W_NO_EVIDENCE), "</p>\n");
}

static void proof(struct buf *b, const struct site *s, enum tongue t)
{
	page_heading(b, t, W_CHECK);
	web_put(b, "<p>", word(t, W_CHECK_HOW), "</p>\n<ul>\n");
	for (size_t i = 0; i < s->m.n; i++) {
		const struct shown *k = &s->m.marks[i];

		web_put(b, "<li><a href=\"../../marks/", k->sha256, ".jwt\" download>",
		    word(t, W_MARK_FILE), " (JWT)</a></li>\n");
		if (k->counts)
			web_put(b, "<li><a href=\"../../status/", k->sha256, ".jwt\" download>",
			    word(t, W_STATUS_FILE), " (JWT)</a></li>\n");
	}
	web_put(b, "<li><a href=\"../../keys.json\" download>", word(t, W_KEYS),
	    "</a> (<a href=\"../../.well-known/openid-federation\">JWT</a>)</li>\n</ul>\n"
	    "<pre tabindex=\"0\"><code>");
	for (size_t i = 0; i < s->m.n; i++)
		web_put(b, "jose jws ver -i ", s->m.marks[i].sha256, ".jwt -k keys.json -O -\n");
	buf_str(b, "</code></pre>\n");
}

/* Without a server there is nobody to send a form to. */
static void misuse(struct buf *b, const struct site *s, enum tongue t)
{
	const char *to = s->report[0] ? s->report : s->contact;

	page_heading(b, t, W_MISUSE);
	web_put(b, "<p>", word(t, W_MISUSE_LONG), " ");
	if (to[0])
		web_link(b, to, NULL);
	buf_str(b, "</p>\n");
	if (!s->server[0])
		return;
	web_put(b, "<form class=\"report\" method=\"post\" action=\"", s->server,
	    "/federation/report\">\n<input type=\"hidden\" name=\"lang\" value=\"", tongue_tag(t),
	    "\"><input type=\"hidden\" name=\"member\" value=\"");
	web_number(b, s->m.id);
	web_put(b, "\">\n<p><label for=\"seen\">", word(t, W_SEEN),
	    "</label><input id=\"seen\" name=\"seen\" required maxlength=\"250\" "
	    "autocomplete=\"off\"></p>\n<p><label for=\"said\">",
	    word(t, W_SAID),
	    "</label><textarea id=\"said\" name=\"said\" rows=\"3\" "
	    "maxlength=\"600\"></textarea></p>\n<p class=\"hint\">",
	    word(t, W_REPORT_PRIVACY), "</p>\n<p><button type=\"submit\">", word(t, W_SEND),
	    "</button></p>\n</form>\n");
}

void draw_member(struct buf *b, const struct site *s, enum tongue t)
{
	const struct member *m = &s->m;
	const struct page p = {s, t, "../../", m->company, true, false};

	page_begin(b, &p);
	web_put(b, "<h1><bdi>", m->company, "</bdi></h1>\n");
	draw_status(b, s, t);
	who(b, t, m);
	rules(b, s, t);
	evidence(b, t, m);
	proof(b, s, t);
	misuse(b, s, t);
	page_end(b, &p);
}

static enum ecert_rc put_one(struct site *s, enum tongue t)
{
	struct buf b = BUF_INIT(PAGE_MAX);
	char name[64];
	enum ecert_rc rc;

	draw_member(&b, s, t);
	(void)snprintf(name, sizeof name, "m/%" PRId64 "/%s", s->m.id, tongue_file(t));
	rc = files_put(&s->f, name, &b);
	buf_free(&b);
	return rc;
}

enum ecert_rc put_member(struct site *s)
{
	enum ecert_rc rc = ECERT_OK;

	for (int t = 0; rc == ECERT_OK && t < TONGUE_COUNT; t++)
		rc = put_one(s, (enum tongue)t);
	return rc;
}
