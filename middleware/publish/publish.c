/* SPDX-License-Identifier: BSD-2-Clause */
/* Drawing the whole site: marks and their statuses first, then what shows them. */
#include "publish/publish.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "document/jose/jws.h"
#include "publish/entity.h"
#include "publish/pages.h"
#include "registry/keys.h"
#include "trust/mark/mark.h"
#include "trust/names.h"
#include "trust/renewal/renewal.h"
#include "util/text.h"

#define DAY   86400L
#define AFTER (30 * DAY) /* how long a mark is shown whose time is over */

const struct publish_setting publish_settings[] = {{"name", SETTING_TEXT},
    {"contact", SETTING_PLACE}, {"policy", SETTING_HTTPS}, {"report", SETTING_PLACE},
    {"base", SETTING_HTTPS}, {"server", SETTING_HTTPS}, {"colour", SETTING_COLOUR},
    {NULL, SETTING_TEXT}};

bool publish_setting_good(const struct publish_setting *s, const char *value)
{
	const size_t n = strlen(value);

	if (!text_is_shown(value) || n == 0 || n > 255)
		return false;
	switch (s->kind) {
	case SETTING_HTTPS:
		return web_is_https(value) && value[n - 1] != '/';
	case SETTING_PLACE:
		return web_is_https(value) || web_is_mail(value);
	case SETTING_COLOUR:
		return n == 7 && value[0] == '#' &&
		       strspn(value + 1, "0123456789abcdefABCDEF") == 6;
	default:
		return true;
	}
}

/* ---- statuses ---- */

enum ecert_rc publish_status(const struct status_key *key, const char *issuer,
    const struct registry_mark *mark, time_t now, time_t until, struct buf *out)
{
	const struct doc_signer by = status_key_signer(key);
	struct mark_status st = {.iss = issuer,
	    .mark = buf_view(&mark->text),
	    .status = mark->status,
	    .reason = mark->reason[0] ? mark->reason : NULL,
	    .iat = now,
	    .exp = now + PUBLISH_STATUS_LIFE};

	if (st.exp > until)
		st.exp = until;
	if (!strcmp(mark->status, "active") && st.exp > mark->exp)
		st.exp = (time_t)mark->exp;
	return mark_status_issue(&by, &st, out);
}

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
	struct jws *j = NULL;
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
	rc = publish_status(s->job->key, s->job->issuer, mark, s->job->now, s->until, &b);
	if (rc == ECERT_OK)
		rc = files_put(&s->f, name, &b);
	if (rc == ECERT_OK)
		rc = jws_parse(
		    buf_view(&b), &(struct jws_rules){.typ = TRUST_MARK_STATUS_TYP}, &j, NULL);
	if (rc == ECERT_OK && jws_time(j, "exp", &t))
		k->counts = t;
	k->stated = s->job->now;
	jws_free(&j);
	buf_free(&b);
	return rc;
}

/* ---- members ---- */

static enum ecert_rc end_member(struct site *s)
{
	enum ecert_rc rc = ECERT_OK;

	if (s->m.id) {
		rc = put_member(s);
		if (rc == ECERT_OK)
			rc = list_member(s);
		feed_member(s);
		s->out->members++;
	}
	json_decref(s->m.claims);
	s->m = (struct member){.id = 0};
	return rc;
}

/* The request that was granted last is what the page says of its member. */
static enum ecert_rc take_request(struct member *m, const struct registry_public *p)
{
	struct jws *j = NULL;
	enum ecert_rc rc = jws_parse(rd_of(p->request, p->request ? strlen(p->request) : 0),
	    &(struct jws_rules){.typ = RENEWAL_TYP}, &j, NULL);

	json_decref(m->claims);
	m->claims = rc == ECERT_OK ? json_incref(j->claims) : NULL;
	jws_free(&j);
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

static enum ecert_rc take_mark(void *ctx, const struct registry_public *p)
{
	struct site *s = ctx;
	struct shown k = {.first = p->first, .since = p->since, .exp = p->mark.exp}, *at;
	char name[64];
	enum ecert_rc rc = p->member == s->m.id ? ECERT_OK : end_member(s);

	if (rc == ECERT_OK)
		rc = take_request(&s->m, p);
	(void)snprintf(name, sizeof name, "marks/%s.jwt", p->mark.sha256);
	if (rc == ECERT_OK)
		rc = files_put(&s->f, name, &p->mark.text);
	if (rc == ECERT_OK)
		rc = put_status(s, &p->mark, &k);
	text_copy(k.type, sizeof k.type, p->type);
	text_copy(k.sha256, sizeof k.sha256, p->mark.sha256);
	text_copy(k.status, sizeof k.status, p->mark.status);
	text_copy(k.reason, sizeof k.reason, p->mark.reason);
	if (k.counts && k.counts < s->out->until)
		s->out->until = (time_t)k.counts;
	at = place_of(&s->m, k.type);
	if (at)
		*at = k;
	s->out->marks++;
	return rc;
}

/* ---- the whole ---- */

static void setting(const struct site *s, const char *name, const char * or, char out[256])
{
	if (registry_setting(s->job->r, name, out, 256) != ECERT_OK)
		text_copy(out, 256, or);
}

static enum ecert_rc put_setting(struct site *s, const char *name, const char *file)
{
	struct buf b = BUF_INIT(JWS_MAX_SIZE);
	enum ecert_rc rc = registry_setting_long(s->job->r, name, &b);

	if (rc == ECERT_OK)
		rc = files_put(&s->f, file, &b);
	else if (rc == ECERT_E_NOT_FOUND)
		rc = ECERT_OK;
	buf_free(&b);
	return rc;
}

static enum ecert_rc put_keys(struct site *s)
{
	const struct entity e = {s->job->r, s->job->issuer, s->job->now, 0};
	struct buf b = BUF_INIT(JWS_MAX_SIZE);
	enum ecert_rc rc = entity_keys(&e, &b);

	if (rc == ECERT_OK)
		rc = files_put(&s->f, "keys.json", &b);
	buf_free(&b);
	return rc;
}

static enum ecert_rc begin(struct site *s)
{
	char colour[256];
	enum ecert_rc rc;

	setting(s, "name", s->job->issuer, s->name);
	setting(s, "base", s->job->issuer, s->base);
	setting(s, "contact", "", s->contact);
	setting(s, "policy", "", s->policy);
	setting(s, "report", "", s->report);
	setting(s, "colour", "#0b57a4", colour);
	text_copy(s->colour, sizeof s->colour, colour);
	for (int t = 0; t < TONGUE_COUNT; t++)
		buf_init(&s->list.html[t], PAGE_MAX);
	buf_init(&s->list.csv, LIST_MAX);
	buf_init(&s->list.json, LIST_MAX);
	s->holders = json_object();
	rc = registry_authorized(
	    s->job->r, status_key_kid(s->job->key), s->job->now, &s->until, NULL);
	if (rc == ECERT_E_NOT_FOUND || rc == ECERT_E_DENIED) {
		s->until = 0;
		rc = ECERT_OK;
	}
	s->out->until = s->until;
	if (s->until > s->job->now + PUBLISH_STATUS_LIFE)
		s->out->until = s->job->now + PUBLISH_STATUS_LIFE;
	return rc;
}

static void end(struct site *s)
{
	for (int t = 0; t < TONGUE_COUNT; t++)
		buf_free(&s->list.html[t]);
	buf_free(&s->list.csv);
	buf_free(&s->list.json);
	json_decref(s->holders);
	json_decref(s->m.claims);
}

static enum ecert_rc draw(struct site *s)
{
	enum ecert_rc rc = put_look(s);

	if (rc == ECERT_OK)
		rc = put_keys(s);
	if (rc == ECERT_OK)
		rc = put_setting(s, "configuration", ".well-known/openid-federation");
	if (rc == ECERT_OK)
		rc = put_setting(s, "historical", "historical-keys.jwt");
	if (rc == ECERT_OK)
		rc = registry_each_mark(s->job->r, s->job->now - AFTER, s->job->now, take_mark, s);
	if (rc == ECERT_OK)
		rc = end_member(s);
	if (rc == ECERT_OK)
		rc = list_end(s);
	if (rc == ECERT_OK)
		rc = feeds_end(s);
	return rc;
}

enum ecert_rc publish_site(
    const struct publish_job *job, struct publish_done *out, struct message_kept *why)
{
	struct site *s = calloc(1, sizeof *s);
	enum ecert_rc rc;
	int saved;

	*out = (struct publish_done){.members = 0};
	message_keep(why, MSG_EMPTY);
	why->n = 0;
	if (!s)
		return ECERT_E_MEMORY;
	s->job = job;
	s->out = out;
	rc = files_open(&s->f, job->folder);
	if (rc == ECERT_OK)
		rc = begin(s);
	if (rc == ECERT_OK)
		rc = draw(s);
	rc = files_close(&s->f, rc);
	saved = errno;
	out->written = s->f.written;
	out->same = s->f.same;
	out->removed = s->f.removed;
	if (s->f.failed[0])
		message_keep(
		    why, MSG("{file}: {why}", P_FILE("file", s->f.failed), P_ERRNO("why", saved)));
	else if (rc != ECERT_OK && registry_why(job->r)->n)
		*why = *registry_why(job->r);
	else if (rc != ECERT_OK)
		message_keep(why, MSG("{why}", P_RC("why", rc)));
	end(s);
	free(s);
	return rc;
}
