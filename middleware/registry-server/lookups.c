/* SPDX-License-Identifier: BSD-2-Clause */
/* What is looked up: a member's mark (OpenID Federation 1.0, 8.6), who holds a mark (8.5), what the
 * token signed about its issuer (9, 8.7), what changed. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "document/jose/jws.h"
#include "publish/rss.h"
#include "registry-server/service.h"
#include "registry/asked.h"
#include "util/clock.h"
#include "util/text.h"

#define LIST_S	 60 /* a list is made anew after so many seconds: marks end by themselves */
#define LIST_N	 (32u << 20)
#define NEWS	 40
#define PLACES_S 300

/* A field of the query as a text; false with a refusal. must: it has to be there. */
static bool asked(
    const struct http_request *q, const char *name, bool must, char out[256], struct http_answer *a)
{
	struct buf b = BUF_INIT(255);
	const enum ecert_rc rc = http_field(q->query, name, &b);
	const struct rd text = buf_view(&b);
	const bool good = rc == ECERT_OK && text.n;

	memcpy(out, good ? text.p : (const uint8_t *)"", good ? text.n : 0);
	out[good ? text.n : 0] = '\0';
	buf_free(&b);
	if ((good && text_is_shown(out)) || (rc == ECERT_E_NOT_FOUND && !must))
		return true;
	http_refuse(a, 400, "invalid_request",
	    must ? "say it once: trust_mark_type, and sub where one is asked for"
		 : "sub stands there at most once");
	return false;
}

/* ---- 8.6 ---- */

void answer_mark(void *ctx, const struct http_request *q, struct http_answer *a)
{
	struct service *s = ctx;
	struct registry_mark m;
	char type[256], sub[256];
	enum ecert_rc rc;

	if (!asked(q, "trust_mark_type", true, type, a) || !asked(q, "sub", true, sub, a) ||
	    !opened_there(&s->o, a))
		return;
	rc = registry_held(s->o.r, sub, type, clock_now(), &m);
	if (rc == ECERT_OK) {
		a->status = 200;
		a->type = "application/trust-mark+jwt";
		buf_rd(&a->body, buf_view(&m.text));
	} else if (rc == ECERT_E_NOT_FOUND) {
		http_refuse(a, 404, "not_found", "it holds no active mark of this type");
	} else {
		opened_lost(&s->o, a);
	}
	buf_free(&m.text);
}

/* ---- 8.5 ---- */

struct listing {
	struct buf *text;
	size_t n;
};

static enum ecert_rc add_holder(void *ctx, const char *url)
{
	struct listing *l = ctx;
	json_t *v = json_string(url);
	char *text = v ? json_dumps(v, JSON_ENCODE_ANY) : NULL;

	json_decref(v);
	if (!text)
		return ECERT_E_MEMORY;
	buf_str(l->text, l->n++ ? ",\n" : "");
	buf_str(l->text, text);
	free(text);
	return buf_rc(l->text);
}

/* Whether what was made is still so; else it is begun anew. */
static bool made_before(struct made *m, int64_t entries, time_t now, const char *type)
{
	if (m->at && m->entries == entries && now - m->at < LIST_S && !strcmp(m->type, type))
		return true;
	buf_free(&m->text);
	buf_init(&m->text, LIST_N);
	text_copy(m->type, sizeof m->type, type);
	m->entries = entries;
	m->at = 0;
	return false;
}

static enum ecert_rc list_all(struct desk *d, const char *type, time_t now)
{
	struct listing l = {.text = &d->list.text};
	int64_t entries;
	enum ecert_rc rc = registry_entries(d->o.r, &entries);

	if (rc != ECERT_OK || made_before(&d->list, entries, now, type))
		return rc;
	buf_u8(l.text, '[');
	rc = registry_holders(d->o.r, type, now, add_holder, &l);
	buf_str(l.text, "]\n");
	if (rc == ECERT_OK)
		rc = buf_rc(l.text);
	d->list.at = rc == ECERT_OK ? now : 0;
	return rc;
}

static enum ecert_rc list_one(
    struct desk *d, const char *type, const char *sub, time_t now, struct buf *out)
{
	struct listing l = {.text = out};
	struct registry_mark m;
	enum ecert_rc rc = registry_held(d->o.r, sub, type, now, &m);

	buf_free(&m.text);
	buf_u8(out, '[');
	if (rc == ECERT_OK)
		rc = add_holder(&l, sub);
	buf_str(out, "]\n");
	return rc == ECERT_E_NOT_FOUND ? ECERT_OK : rc;
}

void answer_list(void *ctx, const struct http_request *q, struct http_answer *a)
{
	struct desk *d = ctx;
	const time_t now = clock_now();
	char type[256], sub[256];
	enum ecert_rc rc;

	if (!asked(q, "trust_mark_type", true, type, a) || !asked(q, "sub", false, sub, a) ||
	    !opened_there(&d->o, a))
		return;
	rc = sub[0] ? list_one(d, type, sub, now, &a->body) : list_all(d, type, now);
	if (rc == ECERT_OK && !sub[0])
		buf_rd(&a->body, buf_view(&d->list.text));
	a->status = 200;
	a->type = HTTP_JSON;
	if (rc != ECERT_OK)
		opened_lost(&d->o, a);
}

/* ---- what changed ---- */

static enum ecert_rc add_news(void *ctx, const struct registry_news *n)
{
	struct desk *d = ctx;
	char base[ISSUER_N];
	const struct rss_item i = {
	    n->at, n->member, n->company, n->status, word_of_status(n->status)};

	if (registry_setting(d->o.r, "base", base, sizeof base) != ECERT_OK)
		text_copy(base, sizeof base, d->o.issuer);
	rss_item(&d->feed.text, base, &i);
	return buf_rc(&d->feed.text);
}

static enum ecert_rc make_feed(struct desk *d, time_t now)
{
	char name[ISSUER_N], base[ISSUER_N];
	int64_t entries;
	enum ecert_rc rc = registry_entries(d->o.r, &entries);

	if (rc != ECERT_OK || made_before(&d->feed, entries, now, ""))
		return rc;
	if (registry_setting(d->o.r, "name", name, sizeof name) != ECERT_OK)
		text_copy(name, sizeof name, d->o.issuer);
	if (registry_setting(d->o.r, "base", base, sizeof base) != ECERT_OK)
		text_copy(base, sizeof base, d->o.issuer);
	rss_begin(&d->feed.text, name, base);
	rc = registry_each_news(d->o.r, NEWS, add_news, d);
	rss_end(&d->feed.text);
	if (rc == ECERT_OK)
		rc = buf_rc(&d->feed.text);
	d->feed.at = rc == ECERT_OK ? now : 0;
	return rc;
}

void answer_feed(void *ctx, const struct http_request *q, struct http_answer *a)
{
	struct desk *d = ctx;

	(void)q;
	if (!opened_there(&d->o, a))
		return;
	if (make_feed(d, clock_now()) != ECERT_OK) {
		opened_lost(&d->o, a);
		return;
	}
	a->status = 200;
	a->type = "application/rss+xml";
	a->max_age = LIST_S;
	buf_rd(&a->body, buf_view(&d->feed.text));
}

/* ---- what the token signed ---- */

static void answer_setting(
    struct service *s, const char *name, const char *type, struct http_answer *a)
{
	enum ecert_rc rc;

	if (!opened_there(&s->o, a))
		return;
	rc = registry_setting_long(s->o.r, name, &a->body);
	a->status = 200;
	a->type = type;
	a->max_age = PLACES_S;
	if (rc == ECERT_E_NOT_FOUND)
		http_refuse(a, 404, "not_found", "the issuer's token has signed none so far");
	else if (rc != ECERT_OK)
		opened_lost(&s->o, a);
}

void answer_configuration(void *ctx, const struct http_request *q, struct http_answer *a)
{
	(void)q;
	answer_setting(ctx, "configuration", "application/entity-statement+jwt", a);
}

void answer_historical(void *ctx, const struct http_request *q, struct http_answer *a)
{
	(void)q;
	answer_setting(ctx, "historical", "application/jwk-set+jwt", a);
}
