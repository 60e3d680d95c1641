/* SPDX-License-Identifier: BSD-2-Clause */
/* The register for programs: CSV, JSON, the holders of each type (8.5), and what changed. */
#include <stdlib.h>
#include <string.h>

#include "document/json.h"
#include "publish/pages.h"
#include "publish/rss.h"
#include "util/text.h"

static void day(int64_t t, char out[TEXT_DAY])
{
	(void)text_day((time_t)t, out);
}

static void put_csv(struct site *s, const struct shown *k)
{
	struct buf *b = &s->list.csv;
	const struct member *m = &s->m;
	struct buf domains = BUF_INIT(1u << 16);
	char first[TEXT_DAY], until[TEXT_DAY];
	size_t i;
	json_t *d;

	json_array_foreach(member_said(m, "domains"), i, d)
	{
		buf_str(&domains, i ? " " : "");
		buf_str(&domains, json_string_value(d));
	}
	buf_u8(&domains, 0);
	day(k->first, first);
	day(k->exp, until);
	web_number(b, m->id);
	for (size_t c = 0; c < 8; c++) {
		const char *const cells[] = {m->company, m->br, m->merchant,
		    buf_rc(&domains) == ECERT_OK ? (const char *)buf_view(&domains).p : "", k->type,
		    s->until ? k->status : "", first, until};

		buf_u8(b, ',');
		csv_cell(b, cells[c]);
	}
	buf_str(b, "\r\n");
	buf_free(&domains);
}

static enum ecert_rc put_json(struct site *s, const struct shown *k)
{
	const struct member *m = &s->m;
	const json_t *domains = member_said(m, "domains");
	char first[TEXT_DAY], until[TEXT_DAY], name[544], *text;
	json_t *o;

	day(k->first, first);
	day(k->exp, until);
	text_copy(name, sizeof name, m->company);
	text_mask(name);
	o = json_pack("{s:I, s:s, s:s, s:s, s:O?, s:s, s:o, s:s, s:s, s:s}", "id",
	    (json_int_t)m->id, "name", name, "br_no", m->br, "merchant", m->merchant, "domains",
	    domains, "trust_mark_type", k->type, "status",
	    s->until ? json_string(k->status) : json_null(), "since", first, "until", until,
	    "sha256", k->sha256);
	text = o ? json_dumps(o, JSON_COMPACT) : NULL;
	json_decref(o);
	if (!text)
		return ECERT_E_MEMORY;
	buf_str(&s->list.json, buf_len(&s->list.json) ? ",\n" : "{\"members\":[\n");
	buf_str(&s->list.json, text);
	free(text);
	return buf_rc(&s->list.json);
}

/* 8.5: who holds an active mark of the type. */
static void hold(struct site *s, const struct shown *k)
{
	json_t *all = json_object_get(s->holders, k->type);

	if (!s->until || strcmp(k->status, "active") != 0)
		return;
	if (!all) {
		(void)json_object_set_new(s->holders, k->type, json_array());
		all = json_object_get(s->holders, k->type);
	}
	(void)json_array_append_new(all, json_string(s->m.merchant));
}

/* The newest first. */
static void remember(struct site *s, const struct shown *k)
{
	size_t at = s->news_n;
	struct news n = {.at = k->since, .member = s->m.id};

	while (at > 0 && s->news[at - 1].at < n.at)
		at--;
	if (at == NEWS_MOST)
		return;
	if (s->news_n < NEWS_MOST)
		s->news_n++;
	memmove(&s->news[at + 1], &s->news[at], (s->news_n - 1 - at) * sizeof n);
	text_copy(n.company, sizeof n.company, s->m.company);
	text_copy(n.status, sizeof n.status, k->status);
	s->news[at] = n;
}

void feed_member(struct site *s)
{
	for (size_t i = 0; i < s->m.n; i++) {
		put_csv(s, &s->m.marks[i]);
		if (put_json(s, &s->m.marks[i]) != ECERT_OK)
			buf_fail(&s->list.json, ECERT_E_MEMORY);
		hold(s, &s->m.marks[i]);
		remember(s, &s->m.marks[i]);
	}
}

static enum ecert_rc put_rss(struct site *s)
{
	struct buf b = BUF_INIT(1u << 20);
	enum ecert_rc rc;

	rss_begin(&b, s->name, s->base);
	for (size_t i = 0; i < s->news_n; i++) {
		const struct news *n = &s->news[i];

		rss_item(&b, s->base,
		    &(const struct rss_item){
			n->at, n->member, n->company, n->status, status_word(s, n->status)});
	}
	rss_end(&b);
	rc = files_put(&s->f, "feed.xml", &b);
	buf_free(&b);
	return rc;
}

static enum ecert_rc put_holders(struct site *s)
{
	struct buf b = BUF_INIT(LIST_MAX);
	char *text = json_dumps(s->holders, JSON_COMPACT);
	enum ecert_rc rc = text ? ECERT_OK : ECERT_E_MEMORY;

	if (text)
		buf_str(&b, text);
	buf_u8(&b, '\n');
	if (rc == ECERT_OK)
		rc = files_put(&s->f, "holders.json", &b);
	buf_free(&b);
	free(text);
	return rc;
}

enum ecert_rc feeds_end(struct site *s)
{
	struct buf csv = BUF_INIT(LIST_MAX);
	enum ecert_rc rc;

	/* A byte order mark: what opens CSV by a click takes it for an old character set. */
	buf_str(&csv, "\xEF\xBB\xBFid,company,br_no,merchant,domains,trust_mark_type,status,since,"
		      "until\r\n");
	buf_rd(&csv, buf_view(&s->list.csv));
	rc = files_put(&s->f, "register.csv", &csv);
	buf_free(&csv);
	buf_str(&s->list.json, buf_len(&s->list.json) ? "\n]}\n" : "{\"members\":[]}\n");
	if (rc == ECERT_OK)
		rc = files_put(&s->f, "register.json", &s->list.json);
	if (rc == ECERT_OK)
		rc = put_holders(s);
	if (rc == ECERT_OK)
		rc = put_rss(s);
	return rc;
}
