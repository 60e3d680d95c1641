/* SPDX-License-Identifier: BSD-2-Clause */
/* Deeds that the page asks for, and what they say. */
#include <stdlib.h>
#include <string.h>

#include "desk/answer.h"
#include "desk/desk.h"
#include "util/clock.h"
#include "util/text.h"

struct deed *deed_of(struct desk *d, int id)
{
	for (size_t i = 0; id && i < DESK_DEEDS; i++)
		if (d->deeds[i].id == id)
			return &d->deeds[i];
	return NULL;
}

/* ---- beginning one ---- */

static const struct {
	const char *name;
	bool tray, asks;
} kinds[] = {{"today", false, false}, {"verify", true, false}, {"sign", true, true}};

/* A free place, else that of the oldest that is over; NULL: too many are under way. */
static struct deed *place(struct desk *d, bool asks, bool *other_asks)
{
	struct deed *at = NULL;
	size_t running = 0;

	*other_asks = false;
	for (size_t i = 0; i < DESK_DEEDS; i++) {
		struct deed *deed = &d->deeds[i];

		if (deed->channel >= 0) {
			running++;
			*other_asks = *other_asks || (asks && deed->asks);
		} else if (!at || deed->id < at->id) {
			at = deed;
		}
	}
	return running < DESK_RUNNING && !*other_asks ? at : NULL;
}

/* What is told to the program: what the page asks for, where its files are, and the language. */
static char *request_of(const struct desk *d, json_t *o, const struct tray *t)
{
	const char *language = json_string_value(json_object_get(o, "language"));

	if (t && json_object_set_new(o, "folder", json_string(t->path)) != 0)
		return NULL;
	if (!language &&
	    json_object_set_new(o, "language", json_string(d->variable[DESK_LANGUAGE])) != 0)
		return NULL;
	return json_dumps(o, JSON_COMPACT);
}

static void start(
    struct desk *d, json_t *o, struct tray *t, struct deed *deed, bool asks, struct http_answer *a)
{
	char *request;
	enum ecert_rc rc;

	deed_forget(deed);
	deed->id = ++d->next;
	deed->asks = asks;
	deed->tray = t ? t->id : 0;
	deed->heard = clock_ms();
	request = request_of(d, o, t);
	rc = request ? deed_start(d, deed, request) : ECERT_E_MEMORY;
	free(request);
	if (rc == ECERT_OK) {
		answer_json(a, 202, json_pack("{s:i}", "deed", deed->id));
		turn_wake(d);
	} else {
		deed_forget(deed);
		http_refuse(a, 500, "server_error", ecert_strerror(rc));
	}
}

/* The lock is held. */
static void begin(struct desk *d, json_t *o, struct http_answer *a)
{
	const char *name = json_string_value(json_object_get(o, "do"));
	struct tray *t = tray_of(d, answer_number(o, "tray"));
	struct deed *deed;
	bool other_asks;
	size_t i = 0;

	while (i < sizeof kinds / sizeof kinds[0] && (!name || strcmp(kinds[i].name, name) != 0))
		i++;
	if (i == sizeof kinds / sizeof kinds[0] || (kinds[i].tray && !t)) {
		http_refuse(a, 400, "invalid_request", "there is no such deed, or no such tray");
		return;
	}
	deed = place(d, kinds[i].asks, &other_asks);
	if (other_asks)
		http_refuse(a, 409, "asking", "something else asks for the PIN already");
	else if (!deed)
		http_refuse(a, 429, "too_many", "too much is under way");
	else if (kinds[i].tray && tray_is_worked_in(d, t))
		http_refuse(a, 409, "invalid_request", "it is being worked on");
	else
		start(d, o, kinds[i].tray ? t : NULL, deed, kinds[i].asks, a);
}

void answer_deed(void *ctx, const struct http_request *q, struct http_answer *a)
{
	struct desk *d = ctx;
	json_t *o = answer_read(q->body, a);

	if (!o)
		return;
	(void)pthread_mutex_lock(&d->lock);
	begin(d, o, a);
	(void)pthread_mutex_unlock(&d->lock);
	json_decref(o);
}

/* ---- hearing it ---- */

/* Lines from the after-th on, at most a piece: {"said": [...], "next": N, "over": B}. */
static void say(struct deed *deed, int64_t after, struct http_answer *a)
{
	const uint8_t *p = buf_view(&deed->said).p, *end = p ? p + deed->whole : NULL;
	int64_t i = 0;
	char tail[64];

	a->status = 200;
	a->type = HTTP_JSON;
	buf_str(&a->body, "{\"said\":[");
	for (; p && p < end && buf_len(&a->body) < DESK_PIECE; i++) {
		const uint8_t *nl = memchr(p, '\n', (size_t)(end - p));

		if (i >= after) {
			buf_str(&a->body, i > after ? "," : "");
			buf_put(&a->body, p, (size_t)(nl - p));
		}
		p = nl + 1;
	}
	(void)snprintf(tail, sizeof tail, "],\"next\":%lld,\"over\":%s}",
	    (long long)(i > after ? i : after), p == end && deed->channel < 0 ? "true" : "false");
	buf_str(&a->body, tail);
	deed->heard = clock_ms();
}

void answer_deed_said(void *ctx, const struct http_request *q, struct http_answer *a)
{
	struct desk *d = ctx;
	const int64_t id = answer_field(q->query, "deed"), after = answer_field(q->query, "after");
	struct deed *deed;

	(void)pthread_mutex_lock(&d->lock);
	deed = id > 0 && id <= INT_MAX ? deed_of(d, (int)id) : NULL;
	if (deed && after >= 0)
		say(deed, after, a);
	else
		http_refuse(a, 404, "not_found", "there is no such deed");
	(void)pthread_mutex_unlock(&d->lock);
}

void answer_deed_stop(void *ctx, const struct http_request *q, struct http_answer *a)
{
	struct desk *d = ctx;
	json_t *o = answer_read(q->body, a);
	struct deed *deed;

	if (!o)
		return;
	(void)pthread_mutex_lock(&d->lock);
	deed = deed_of(d, answer_number(o, "deed"));
	if (deed)
		deed_stop(deed);
	if (deed)
		answer_json(a, 200, json_pack("{s:b}", "stopping", 1));
	else
		http_refuse(a, 404, "not_found", "there is no such deed");
	(void)pthread_mutex_unlock(&d->lock);
	json_decref(o);
}
