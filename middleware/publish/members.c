/* SPDX-License-Identifier: BSD-2-Clause */
/* Members of a site: who changed is drawn, the others are as the manifest has them. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "document/jose/jws.h"
#include "publish/pages.h"
#include "trust/mark/mark.h"
#include "trust/renewal/renewal.h"
#include "util/text.h"

#define SHA 43 /* characters of a reference to a mark */

/* ---- statuses ---- */

/* What was signed for the site before still says it, and will for a while. */
static bool still_says(
    const struct site *s, const struct registry_mark *mark, struct rd text, struct shown *k)
{
	const struct jws_rules rules = {.typ = TRUST_MARK_STATUS_TYP, .need_kid = true};
	const char *of, *status, *reason;
	struct jws *j = NULL;
	time_t iat = 0, exp = 0;
	bool good = false;

	if (jws_parse(text, &rules, &j, NULL) == ECERT_OK) {
		of = jws_str(j, "trust_mark");
		status = jws_str(j, "status");
		reason = jws_str(j, "hktm_reason");
		good = of && rd_equal(rd_of(of, strlen(of)), buf_view(&mark->text)) && status &&
		       !strcmp(status, mark->status) &&
		       !strcmp(reason ? reason : "", mark->reason) &&
		       !strcmp(j->kid, status_key_kid(s->job->key)) && jws_time(j, "iat", &iat) &&
		       jws_time(j, "exp", &exp) && iat <= s->job->now &&
		       iat > s->job->now - PUBLISH_STATUS_LIFE / 2 && exp > s->job->now &&
		       exp <= s->until &&
		       jws_check_cert(j, status_key_cert(s->job->key)) == ECERT_OK;
	}
	jws_free(&j);
	k->stated = iat;
	k->counts = exp;
	return good;
}

static enum ecert_rc put_status(struct site *s, const struct registry_mark *mark, struct shown *k)
{
	struct buf b = BUF_INIT(JWS_MAX_SIZE);
	char name[64];
	time_t t = 0;
	enum ecert_rc rc;

	(void)snprintf(name, sizeof name, "status/%s.jwt", mark->sha256);
	if (!s->until)
		return files_remove(&s->f, name);
	if (files_get(&s->f, name, &b) == ECERT_OK && still_says(s, mark, buf_view(&b), k)) {
		s->f.same++;
		buf_free(&b);
		return ECERT_OK;
	}
	buf_reset(&b);
	rc = publish_status(s->job->key, s->job->issuer, mark, s->job->now, s->until, &b, &t);
	if (rc == ECERT_OK)
		rc = files_put(&s->f, name, &b);
	if (rc == ECERT_OK)
		k->counts = t;
	k->stated = s->job->now;
	buf_free(&b);
	return rc;
}

/* ---- a member ---- */

/* The request that was granted last is what the page says of its member. */
static enum ecert_rc take_request(struct member *m, const struct registry_public *p)
{
	enum ecert_rc rc;

	json_decref(m->claims);
	rc = jws_peek_claims(rd_of(p->request, p->request ? strlen(p->request) : 0), &m->claims);
	m->id = p->member;
	text_copy(m->merchant, sizeof m->merchant, p->merchant);
	text_copy(m->company, sizeof m->company, p->company);
	text_copy(m->br, sizeof m->br, p->br ? p->br : "");
	return rc;
}

/* The place of this type among the member's marks. */
static struct shown *place_of(struct member *m, const char *type)
{
	size_t i = 0;

	while (i < m->n && strcmp(m->marks[i].type, type) != 0)
		i++;
	if (i == MARKS_MOST)
		return NULL;
	if (i == m->n)
		m->n++;
	return &m->marks[i];
}

static int64_t earlier(int64_t a, int64_t b)
{
	return !a || b < a ? b : a;
}

/* When something about it is another one by itself, and how long its status counts. */
static void take_times(struct site *s, const struct shown *k)
{
	struct member *m = &s->m;

	m->due = earlier(m->due, k->exp + SHOWN_AFTER);
	if (k->exp > s->job->now)
		m->due = earlier(m->due, k->exp);
	if (!k->counts)
		return;
	m->due = earlier(m->due, k->stated + PUBLISH_STATUS_LIFE / 2);
	m->ends = earlier(m->ends, k->counts);
	if (k->counts > m->good)
		m->good = k->counts;
	if (k->stated > m->signed_at)
		m->signed_at = k->stated;
}

enum ecert_rc put_mark(void *site, const struct registry_public *p)
{
	struct site *s = site;
	struct shown k = {.first = p->first, .since = p->since, .exp = p->mark.exp}, *at;
	char name[64];
	enum ecert_rc rc = take_request(&s->m, p);

	(void)snprintf(name, sizeof name, "marks/%s.jwt", p->mark.sha256);
	if (rc == ECERT_OK)
		rc = files_put(&s->f, name, &p->mark.text);
	if (rc == ECERT_OK)
		rc = put_status(s, &p->mark, &k);
	text_copy(k.type, sizeof k.type, p->type);
	text_copy(k.sha256, sizeof k.sha256, p->mark.sha256);
	text_copy(k.status, sizeof k.status, p->mark.status);
	text_copy(k.reason, sizeof k.reason, p->mark.reason);
	take_times(s, &k);
	buf_str(&s->m.files, k.sha256);
	s->m.all++;
	at = place_of(&s->m, k.type);
	if (at)
		*at = k;
	return rc == ECERT_OK ? buf_rc(&s->m.files) : rc;
}

void member_clear(struct member *m)
{
	json_decref(m->claims);
	buf_free(&m->files);
	*m = (struct member){.files = BUF_INIT(ROWS_MAX)};
}

/* ---- one after the other ---- */

static enum ecert_rc put_one(struct site *s, const struct manifest_member *m, bool fresh)
{
	enum ecert_rc rc = manifest_put(&s->record, m);

	if (rc == ECERT_OK)
		rc = list_member(s, m, fresh);
	if (rc == ECERT_OK)
		rc = feeds_member(s, m);
	s->out->members++;
	s->out->marks += m->marks;
	if (m->first && m->first < s->out->until)
		s->out->until = (time_t)m->first;
	return rc;
}

static enum ecert_rc put_drawn(struct site *s)
{
	struct buf csv = BUF_INIT(ROWS_MAX), json = BUF_INIT(ROWS_MAX), row = BUF_INIT(ROWS_MAX);
	enum ecert_rc rc = feed_rows(s, &csv, &json, &row);
	const struct manifest_member m = {.id = s->m.id,
	    .due = s->m.due,
	    .signed_at = s->m.signed_at,
	    .good = s->m.good,
	    .first = s->m.ends,
	    .marks = s->m.all,
	    .files = buf_view(&s->m.files),
	    .row = buf_view(&row),
	    .csv = buf_view(&csv),
	    .json = buf_view(&json)};

	if (rc == ECERT_OK)
		rc = put_member(s);
	if (rc == ECERT_OK)
		rc = put_one(s, &m, true);
	buf_free(&csv);
	buf_free(&json);
	buf_free(&row);
	return rc;
}

/* Files of marks that are shown no longer, and the pages of who has none. */
static enum ecert_rc remove_gone(struct site *s, const struct manifest_member *old)
{
	const struct rd now = buf_view(&s->m.files);
	enum ecert_rc rc = ECERT_OK;
	char name[64];

	for (size_t i = 0; rc == ECERT_OK && i + SHA <= old->files.n; i += SHA) {
		const char *sha256 = (const char *)old->files.p + i;
		size_t k = 0;

		while (k + SHA <= now.n && memcmp(now.p + k, sha256, SHA) != 0)
			k += SHA;
		if (k + SHA <= now.n)
			continue;
		(void)snprintf(name, sizeof name, "marks/%.*s.jwt", SHA, sha256);
		rc = files_remove(&s->f, name);
		(void)snprintf(name, sizeof name, "status/%.*s.jwt", SHA, sha256);
		if (rc == ECERT_OK)
			rc = files_remove(&s->f, name);
	}
	for (int t = 0; rc == ECERT_OK && !s->m.id && t < TONGUE_COUNT; t++) {
		(void)snprintf(
		    name, sizeof name, "m/%" PRId64 "/%s", old->id, tongue_file((enum tongue)t));
		rc = files_remove(&s->f, name);
	}
	return rc;
}

static enum ecert_rc draw_one(struct site *s, int64_t id, const struct manifest_member *old)
{
	const struct publish_job *job = s->job;
	enum ecert_rc rc;

	member_clear(&s->m);
	rc = registry_marks_of(job->r, id, job->now - SHOWN_AFTER, job->now, put_mark, s);
	if (rc == ECERT_OK && s->m.id)
		rc = put_drawn(s);
	if (rc == ECERT_OK && old)
		rc = remove_gone(s, old);
	return rc;
}

/* Nothing was written of it, and time has changed nothing: its files are as they were. */
static bool is_as_it_was(const struct site *s, const struct manifest_member *old)
{
	const int64_t now = s->job->now;

	return !s->anew && now < old->due && old->signed_at <= now &&
	       (!old->good || old->good <= s->until);
}

static enum ecert_rc keep_one(struct site *s, const struct manifest_member *old, int64_t place)
{
	s->f.same += TONGUE_COUNT + old->marks * (s->until ? 2u : 1u);
	return put_one(s, old, place != s->list.rows);
}

#define IDS 1000

/* Whom the register says something new of, in the order of their numbers. */
struct changed {
	int64_t ids[IDS], last;
	size_t n, at;
	bool more;
};

static enum ecert_rc next_changed(struct site *s, struct changed *c)
{
	enum ecert_rc rc = ECERT_OK;

	c->at++;
	if (c->at >= c->n && c->more) {
		rc = registry_members_since(
		    s->job->r, s->anew ? 0 : s->since, c->last, c->ids, IDS, &c->n);
		c->at = 0;
		c->more = c->n == IDS;
		c->last = c->n ? c->ids[c->n - 1] : c->last;
	}
	return rc;
}

/* Both lists are in order: what stands first of the two is next. */
static enum ecert_rc merge(struct site *s, struct manifest *before, struct changed *c)
{
	struct manifest_member old = {.id = 0};
	int64_t place = 0;
	enum ecert_rc rc = next_changed(s, c),
		      old_rc = before ? manifest_next(before, &old) : ECERT_E_NOT_FOUND;

	while (rc == ECERT_OK && (old_rc == ECERT_OK || c->at < c->n)) {
		const bool is_changed = c->at < c->n &&
					(old_rc != ECERT_OK || c->ids[c->at] <= old.id);
		const int64_t id = is_changed ? c->ids[c->at] : old.id;
		const bool is_old = old_rc == ECERT_OK && old.id == id;

		if (!is_changed && is_as_it_was(s, &old))
			rc = keep_one(s, &old, place);
		else
			rc = draw_one(s, id, is_old ? &old : NULL);
		if (rc == ECERT_OK && is_changed)
			rc = next_changed(s, c);
		if (is_old) {
			place++;
			old_rc = manifest_next(before, &old);
		}
	}
	return rc != ECERT_OK ? rc : old_rc == ECERT_E_NOT_FOUND ? ECERT_OK : old_rc;
}

enum ecert_rc put_members(struct site *s)
{
	struct changed c = {.more = true};

	return merge(s, s->before, &c);
}
