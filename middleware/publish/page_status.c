/* SPDX-License-Identifier: BSD-2-Clause */
/* What a shopper came for: is it true today, since when, until when, and on which sites. */
#include <string.h>

#include "publish/pages.h"
#include "publish/rss.h"

enum { ROW_ACTIVE, ROW_SUSPENDED, ROW_EXPIRED, ROW_REVOKED, ROW_COUNT };

/* What stands best first. `ends`: the day on which a mark would have ended is of no use any more.
 */
static const struct {
	const char *status;
	enum word_id word, sentence, since;
	bool ends;
} statuses[ROW_COUNT] = {
    [ROW_ACTIVE] = {"active", W_ACTIVE, W_ACTIVE_LONG, W_STATUS_SINCE, false},
    [ROW_SUSPENDED] = {"suspended", W_SUSPENDED, W_SUSPENDED_LONG, W_SUSPENDED_SINCE, false},
    [ROW_EXPIRED] = {"expired", W_EXPIRED, W_EXPIRED_LONG, W_EXPIRED_ON, true},
    [ROW_REVOKED] = {"revoked", W_REVOKED, W_REVOKED_LONG, W_REVOKED_ON, true},
};

static size_t row_of(const char *status)
{
	size_t i = 0;

	while (i < ROW_REVOKED && strcmp(statuses[i].status, status) != 0)
		i++;
	return i;
}

enum word_id word_of_status(const char *status)
{
	return statuses[row_of(status)].word;
}

enum word_id status_word(const struct site *s, const char *status)
{
	return s->until ? word_of_status(status) : W_UNSAID;
}

const char *status_class(const struct site *s, const char *status)
{
	return s->until ? statuses[row_of(status)].status : "unsaid";
}

bool status_over(const struct site *s, const char *status)
{
	return s->until && statuses[row_of(status)].ends;
}

const struct shown *member_best(const struct member *m)
{
	const struct shown *best = &m->marks[0];

	for (size_t i = 1; i < m->n; i++)
		if (row_of(m->marks[i].status) <= row_of(best->status))
			best = &m->marks[i];
	return best;
}

void put_ended(struct buf *b, const struct site *s, enum tongue t)
{
	if (s->until)
		return;
	if (s->ended) {
		web_put(b, "<p class=\"when\">", word(t, W_ENDED), "", word(t, W_COLON), "");
		web_minute(b, s->ended);
		buf_str(b, "</p>");
	}
	if (s->contact[0]) {
		web_put(b, "<p>", word(t, W_CONTACT), "", word(t, W_COLON), "");
		web_link(b, s->contact, NULL);
		buf_str(b, "</p>");
	}
}

static void banner(struct buf *b, const struct site *s, enum tongue t, const struct shown *k)
{
	const enum word_id sentence = s->until ? statuses[row_of(k->status)].sentence
					       : W_UNSAID_LONG;

	web_put(b, "<div class=\"status ", status_class(s, k->status), "\"", "");
	if (k->counts) {
		buf_str(b, " data-until=\"");
		web_number(b, k->counts);
		web_put(b, "\" data-unsaid=\"", word(t, W_UNSAID), "\"");
	}
	web_put(b, "><p class=\"word\">", word(t, status_word(s, k->status)), "</p><p>",
	    word(t, sentence), "</p>");
	put_ended(b, s, t);
	if (s->until && k->reason[0])
		web_put(b, "<p>", word(t, W_REASON), "", word(t, W_COLON), "<bdi>", k->reason,
		    "</bdi></p>");
	if (k->counts) {
		web_put(b, "<p class=\"when\">", word(t, W_AS_OF), " ");
		web_minute(b, k->stated);
		web_put(b, "", word(t, W_SEMI), "", word(t, W_NEXT), " ");
		web_minute(b, k->counts);
		web_put(b, "</p><p class=\"stale\" hidden>", word(t, W_STALE), "</p>");
	}
	buf_str(b, "</div>\n");
}

static void day(struct buf *b, enum tongue t, enum word_id w, int64_t when)
{
	buf_str(b, "<div>");
	page_term(b, t, w);
	web_day(b, when);
	buf_str(b, "</dd></div>\n");
}

/* A mark that is over says since when, and not until when it had been granted. */
static void dates(struct buf *b, const struct site *s, enum tongue t, const struct shown *k)
{
	const size_t row = row_of(k->status);

	buf_str(b, "<dl class=\"facts\">\n");
	day(b, t, W_SINCE, k->first);
	if (s->until)
		day(b, t, statuses[row].since, row == ROW_EXPIRED ? k->exp : k->since);
	if (!status_over(s, k->status))
		day(b, t, W_UNTIL, k->exp);
	buf_str(b, "</dl>\n");
}

static void where(struct buf *b, const struct site *s, enum tongue t, const struct shown *k)
{
	const bool may = s->until && row_of(k->status) == ROW_ACTIVE;
	size_t i;
	json_t *d;

	page_heading(b, t, may || !s->until ? W_WHERE : W_WHERE_NOT);
	if (s->until && !may)
		web_put(b, "<p>", word(t, W_NOWHERE), "</p>\n");
	web_put(b, "<ul class=\"domains", may ? " may" : "", "\">\n", "");
	json_array_foreach(member_said(&s->m, "domains"), i, d)
	{
		web_put(b, "<li><strong><bdi>", json_string_value(d), "</bdi></strong></li>\n");
	}
	buf_str(b, "</ul>\n");
	if (may || !s->until)
		web_put(b, "<p class=\"copy\">", word(t, W_COPY), "</p>\n");
}

/* Marks of other types. */
static void others(struct buf *b, const struct site *s, enum tongue t, const struct shown *best)
{
	if (s->m.n < 2)
		return;
	page_heading(b, t, W_OTHERS);
	for (size_t i = 0; i < s->m.n; i++) {
		const struct shown *k = &s->m.marks[i];

		if (k == best)
			continue;
		web_put(b, "<p class=\"other\"><span class=\"chip ", status_class(s, k->status),
		    "\">", word(t, status_word(s, k->status)), "</span> ");
		web_link(b, k->type, NULL);
		buf_str(b, "</p>\n");
		dates(b, s, t, k);
	}
}

void draw_status(struct buf *b, const struct site *s, enum tongue t)
{
	const struct shown *best = member_best(&s->m);

	banner(b, s, t, best);
	dates(b, s, t, best);
	where(b, s, t, best);
	others(b, s, t, best);
}
