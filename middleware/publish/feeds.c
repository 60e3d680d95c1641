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

/* With a NUL behind it; empty when there was no room. */
static const char *text_in(const struct buf *b)
{
	return buf_rc(b) == ECERT_OK ? (const char *)buf_view(b).p : "";
}

/* Entries of evidence that shoppers may see, and no other. */
static json_t *proofs_of(const struct member *m)
{
	json_t *out = json_array(), *e;
	size_t i;

	json_array_foreach(member_said(m, "entries"), i, e)
	{
		if (json_is_true(json_object_get(e, "public")))
			(void)json_array_append(out, e);
	}
	return out;
}

static void put_part(struct buf *b, const char *before, const json_t *v)
{
	char *digits = json_is_number(v) ? json_text(v, JSON_ENCODE_ANY) : NULL;
	const char *text = digits ? digits : json_string_value(v);

	if (text) {
		buf_str(b, before);
		buf_str(b, text);
	}
	free(digits);
}

/* "ISO 32112 2.3.1: 97.4 percent; ..." */
static void put_proofs(const struct member *m, struct buf *b)
{
	json_t *all = proofs_of(m), *e;
	size_t i;

	json_array_foreach(all, i, e)
	{
		put_part(b, i ? "; " : "", json_object_get(e, "std"));
		put_part(b, " ", json_object_get(e, "indicator_ref"));
		put_part(b, ": ", json_object_get(e, "value"));
		put_part(b, " ", json_object_get(e, "unit"));
	}
	buf_u8(b, 0);
	json_decref(all);
}

static void put_csv(const struct site *s, const struct shown *k, struct buf *b)
{
	const struct member *m = &s->m;
	struct buf domains = BUF_INIT(1u << 16), proofs = BUF_INIT(1u << 18);
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
	put_proofs(m, &proofs);
	for (size_t c = 0; c < 9; c++) {
		const char *const cells[] = {m->company, m->br, m->merchant, text_in(&domains),
		    k->type, s->until ? k->status : "", first, until, text_in(&proofs)};

		buf_u8(b, ',');
		csv_cell(b, cells[c]);
	}
	buf_str(b, "\r\n");
	buf_free(&proofs);
	buf_free(&domains);
}

static enum ecert_rc put_json(const struct site *s, const struct shown *k, struct buf *b)
{
	const struct member *m = &s->m;
	const json_t *domains = member_said(m, "domains");
	char first[TEXT_DAY], until[TEXT_DAY], name[544], *text;
	json_t *o;

	day(k->first, first);
	day(k->exp, until);
	text_copy(name, sizeof name, m->company);
	text_mask(name);
	o = json_pack("{s:I, s:s, s:s, s:s, s:O?, s:s, s:o, s:s, s:s, s:s, s:o}", "id",
	    (json_int_t)m->id, "name", name, "br_no", m->br, "merchant", m->merchant, "domains",
	    domains, "trust_mark_type", k->type, "status",
	    s->until ? json_string(k->status) : json_null(), "since", first, "until", until,
	    "sha256", k->sha256, "evidence", proofs_of(m));
	text = o ? json_text(o, JSON_COMPACT) : NULL;
	json_decref(o);
	if (!text)
		return ECERT_E_MEMORY;
	buf_str(b, buf_len(b) ? ",\n" : "");
	buf_str(b, text);
	free(text);
	return buf_rc(b);
}

/* With the end of a C string. */
static struct rd text_of(const char *text)
{
	return rd_of(text, strlen(text) + 1);
}

static void put_row(const struct member *m, struct buf *row)
{
	const struct shown *best = member_best(m);
	struct buf domains = BUF_INIT(ROWS_MAX), shown = BUF_INIT(ROWS_MAX);
	struct manifest_row r = {.merchant = text_of(m->merchant),
	    .company = text_of(m->company),
	    .status = text_of(best->status),
	    .until = best->exp};
	size_t i;
	json_t *d;

	json_array_foreach(member_said(m, "domains"), i, d)
	{
		if (json_is_string(d))
			buf_rd(&domains, text_of(json_string_value(d)));
	}
	for (i = 0; i < m->n; i++) {
		const struct manifest_shown k = {.type = text_of(m->marks[i].type),
		    .status = text_of(m->marks[i].status),
		    .since = m->marks[i].since};

		manifest_put_shown(&shown, &k);
	}
	r.domains = buf_view(&domains);
	r.shown = buf_view(&shown);
	manifest_put_row(row, &r);
	if (buf_rc(&domains) != ECERT_OK || buf_rc(&shown) != ECERT_OK)
		buf_fail(row, ECERT_E_TOO_LARGE);
	buf_free(&domains);
	buf_free(&shown);
}

enum ecert_rc feed_rows(const struct site *s, struct buf *csv, struct buf *json, struct buf *row)
{
	enum ecert_rc rc = ECERT_OK;

	for (size_t i = 0; rc == ECERT_OK && i < s->m.n; i++) {
		put_csv(s, &s->m.marks[i], csv);
		rc = put_json(s, &s->m.marks[i], json);
	}
	put_row(&s->m, row);
	if (rc == ECERT_OK)
		rc = buf_rc(csv);
	return rc == ECERT_OK ? buf_rc(row) : rc;
}

/* ---- all members, one after the other ---- */

static enum ecert_rc say(struct files_part *p, const char *text)
{
	return files_part_put(p, rd_of(text, strlen(text)));
}

enum ecert_rc feeds_begin(struct site *s)
{
	enum ecert_rc rc = files_part_begin(&s->f, "register.csv", &s->csv);

	s->types = json_object();
	if (rc == ECERT_OK && !s->types)
		rc = ECERT_E_MEMORY;
	/* A byte order mark: what opens CSV by a click takes it for an old character set. */
	if (rc == ECERT_OK)
		rc = say(&s->csv, "\xEF\xBB\xBFid,company,br_no,merchant,domains,trust_mark_type,"
				  "status,since,until,evidence\r\n");
	return rc == ECERT_OK ? files_part_begin(&s->f, "register.json", &s->json) : rc;
}

/* The newest first. */
static void remember(
    struct site *s, int64_t member, const char *company, const struct manifest_shown *k)
{
	size_t at = s->news_n;
	struct news n = {.at = k->since, .member = member};

	while (at > 0 && s->news[at - 1].at < n.at)
		at--;
	if (at == NEWS_MOST)
		return;
	if (s->news_n < NEWS_MOST)
		s->news_n++;
	memmove(&s->news[at + 1], &s->news[at], (s->news_n - 1 - at) * sizeof n);
	text_copy(n.company, sizeof n.company, company);
	text_copy(n.status, sizeof n.status, (const char *)k->status.p);
	s->news[at] = n;
}

enum ecert_rc feeds_member(struct site *s, const struct manifest_member *m)
{
	struct manifest_row row;
	struct manifest_shown k;
	enum ecert_rc rc = manifest_take_row(m->row, &row);

	if (rc == ECERT_OK)
		rc = files_part_put(&s->csv, m->csv);
	if (rc == ECERT_OK)
		rc = say(&s->json, s->json_rows++ ? ",\n" : "{\"members\":[\n");
	if (rc == ECERT_OK)
		rc = files_part_put(&s->json, m->json);
	while (rc == ECERT_OK) {
		rc = manifest_take_shown(&row.shown, &k);
		if (rc != ECERT_OK)
			break;
		remember(s, m->id, (const char *)row.company.p, &k);
		if (s->until && !strcmp((const char *)k.status.p, "active") &&
		    json_object_set(s->types, (const char *)k.type.p, json_true()))
			rc = ECERT_E_MEMORY;
	}
	return rc == ECERT_E_NOT_FOUND ? ECERT_OK : rc;
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

/* ---- 8.5: who holds an active mark of which type ---- */

struct holders {
	struct site *s;
	char name[72]; /* of the manifest, so far */
	struct files_part out;
	const char *type; /* the one that is written: members are read for each */
	size_t n;
};

static enum ecert_rc put_string(struct files_part *p, const char *text)
{
	json_t *v = json_string(text);
	char *out = v ? json_dumps(v, JSON_ENCODE_ANY) : NULL;
	enum ecert_rc rc = out ? say(p, out) : ECERT_E_MEMORY;

	free(out);
	json_decref(v);
	return rc;
}

static enum ecert_rc hold(struct holders *h, const struct manifest_member *m)
{
	struct manifest_row row;
	struct manifest_shown k;
	enum ecert_rc rc = manifest_take_row(m->row, &row);

	while (rc == ECERT_OK) {
		rc = manifest_take_shown(&row.shown, &k);
		if (rc != ECERT_OK || strcmp((const char *)k.status.p, "active") != 0)
			continue;
		if (strcmp((const char *)k.type.p, h->type) != 0)
			continue;
		rc = h->n++ ? say(&h->out, ",") : ECERT_OK;
		if (rc == ECERT_OK)
			rc = put_string(&h->out, (const char *)row.merchant.p);
	}
	return rc == ECERT_E_NOT_FOUND ? ECERT_OK : rc;
}

static enum ecert_rc walk(struct holders *h)
{
	struct manifest *in;
	struct manifest_head head;
	struct manifest_member m;
	enum ecert_rc rc = manifest_open(&h->s->f, h->name, &in, &head);

	if (rc == ECERT_E_NOT_FOUND)
		return ECERT_E_IO;
	while (rc == ECERT_OK) {
		rc = manifest_next(in, &m);
		if (rc == ECERT_OK)
			rc = hold(h, &m);
	}
	manifest_close(&in);
	return rc == ECERT_E_NOT_FOUND ? ECERT_OK : rc;
}

static enum ecert_rc put_types(struct holders *h)
{
	const char *type;
	json_t *met;
	size_t n = 0;
	enum ecert_rc rc = say(&h->out, "{");

	json_object_foreach(h->s->types, type, met)
	{
		if (rc == ECERT_OK)
			rc = n++ ? say(&h->out, ",") : ECERT_OK;
		if (rc == ECERT_OK)
			rc = put_string(&h->out, type);
		if (rc == ECERT_OK)
			rc = say(&h->out, ":[");
		h->type = type;
		h->n = 0;
		if (rc == ECERT_OK)
			rc = walk(h);
		if (rc == ECERT_OK)
			rc = say(&h->out, "]");
	}
	return rc == ECERT_OK ? say(&h->out, "}\n") : rc;
}

static enum ecert_rc put_holders(struct site *s)
{
	struct holders h = {.s = s};
	enum ecert_rc rc = files_part_flush(&s->record, h.name);

	if (rc == ECERT_OK)
		rc = files_part_begin(&s->f, "holders.json", &h.out);
	if (rc == ECERT_OK)
		rc = put_types(&h);
	if (rc == ECERT_OK)
		rc = files_part_end(&h.out);
	files_part_drop(&h.out);
	return rc;
}

enum ecert_rc feeds_end(struct site *s)
{
	enum ecert_rc rc = files_part_end(&s->csv);

	if (rc == ECERT_OK)
		rc = say(&s->json, s->json_rows ? "\n]}\n" : "{\"members\":[]}\n");
	if (rc == ECERT_OK)
		rc = files_part_end(&s->json);
	if (rc == ECERT_OK)
		rc = put_holders(s);
	return rc == ECERT_OK ? put_rss(s) : rc;
}
