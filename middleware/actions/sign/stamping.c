/* SPDX-License-Identifier: BSD-2-Clause */
/* TSAs asked in turn. One that is gone takes no signature away: it goes without, and that is told.
 */
#include "actions/sign/stamping.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "actions/trustopts.h"
#include "net/fetch.h"
#include "net/url.h"

#define RESPONSE_MAX 65536

/* The person names the TSA, so that it may be in a private network; where it leads to may not.
 * host: what is between :// and the path, as --online-allow has it. */
static bool allow(const char *url, char *host, size_t cap)
{
	const char *from = strstr(url, "://");
	size_t n = from ? strcspn(from + 3, "/?#") : 0;
	const char *one[] = {host};
	struct strlist list = {one, 1};
	struct net_url u;

	return n && snprintf(host, cap, "%.*s", (int)n, from + 3) < (int)cap &&
	       net_allow_ok(host) && net_url_read(url, &list, &u);
}

enum outcome stamping_urls(const struct job *job, const struct strlist *tsa)
{
	char host[300];

	for (size_t i = 0; i < tsa->n; i++)
		if (!allow(tsa->v[i], host, sizeof host))
			return ui_fail(job->ui, OUT_USAGE, "tsa-malformed",
			    MSG("'{url}' is not an address of a TSA", P_TEXT("url", tsa->v[i])),
			    MSG("It begins with http:// or https:// and has no password in it."));
	return OUT_OK;
}

enum outcome stamping_known(const struct job *job, struct strlist *out)
{
	const struct trust_options stores = {.no_store = false};
	struct trust_set *set = NULL;
	const char **v = NULL;
	time_t now;
	enum outcome code = trust_options_load(job, &stores, &set, &now);
	size_t n = code ? 0 : trust_set_count(set);

	*out = (struct strlist){.n = 0};
	if (!code)
		v = calloc(n + 1, sizeof *v);
	for (size_t i = 0; v && i < n; i++) {
		const struct trust_entry *e = trust_set_entry(set, i);

		if ((e->purposes & TRUST_TSA) && e->entity[0] && (v[out->n] = strdup(e->entity)))
			out->n++;
	}
	out->v = v;
	trust_set_free(&set);
	return code;
}

void stamping_known_free(struct strlist *known)
{
	for (size_t i = 0; i < known->n; i++)
		free((void *)(uintptr_t)known->v[i]);
	free(known->v);
	*known = (struct strlist){.n = 0};
}

/* The level that is asked for, and what it needs. */
static enum outcome check_level(const struct job *job, const struct sign_deed *d)
{
	enum doc_level level = d->level ? doc_level_named(d->level) : DOC_LEVEL_NONE;

	if (d->level && level == DOC_LEVEL_NONE)
		return ui_fail(job->ui, OUT_USAGE, "level-malformed",
		    MSG("There is no level '{value}'", P_TEXT("value", d->level)),
		    MSG("--level takes B, T (a time stamp), LT (and what its verification needs) "
			"or "
			"LTA (and a time stamp of all that)."));
	if (level >= DOC_LEVEL_T && !d->tsa.n)
		return ui_fail(job->ui, OUT_USAGE, "tsa-missing",
		    MSG("--level={level} needs a time stamp, and no TSA was named",
			P_TEXT("level", d->level)),
		    MSG("Name one with --tsa, or for good with ecert trust add --kind=tsa --url."));
	if (level == DOC_LEVEL_B && d->tsa.n)
		return ui_fail(job->ui, OUT_USAGE, "option-means-nothing",
		    MSG("--level=B is without a time stamp, and --tsa asks for one"),
		    MSG("Leave one of them out."));
	return OUT_OK;
}

enum outcome stamping_check(const struct job *job, const struct sign_deed *d)
{
	enum outcome code = stamping_urls(job, &d->tsa);

	if (!code)
		code = check_level(job, d);
	if (code)
		return code;
	if (d->tsa.n && d->format && !d->flattened && !d->general &&
	    doc_format_named(d->format)->kind == DOC_KIND_JADES)
		return ui_fail(job->ui, OUT_USAGE, "jws-compact",
		    MSG("A JWS in its compact form has no place for a time stamp"),
		    MSG("Say --flattened or --general as well, or leave --tsa and --level out."));
	return OUT_OK;
}

/* Why nothing came of it, and what the TSA said of that; NULL: token has it. */
static const char *ask_one(struct stamping *s, const char *url, const struct doc_stamp_asked *asked,
    struct rd request, struct buf *token, char said[DOC_STAMP_SAID_MAX])
{
	char host[300];
	const char *one[] = {host};
	struct strlist list = {one, 1};
	struct net_rules rules = {.allow = &list};
	struct net_request q = {NET_STAMP, url, request};
	struct buf response = BUF_INIT(RESPONSE_MAX);
	struct net_budget left;
	enum net_outcome o = NET_URL_REFUSED;
	const char *why;

	net_budget_begin(&left);
	if (allow(url, host, sizeof host))
		o = net_fetch(&rules, &left, &q, &response, NULL);
	why = o == NET_OK ? doc_stamp_take(asked, buf_view(&response), job_now(s->job), token)
			  : net_outcome_words(o);
	*said = 0;
	if (why && o == NET_OK)
		doc_stamp_said(buf_view(&response), said);
	buf_free(&response);
	return why;
}

/* One after the other, until one gives a token. */
static void ask_all(
    struct stamping *s, const struct doc_stamp_asked *asked, struct rd request, struct buf *token)
{
	if (s->turn)
		(void)pthread_mutex_lock(s->turn);
	for (size_t i = 0; i < s->tsa->n; i++) {
		size_t at = (s->first + i) % s->tsa->n;
		const char *url = s->tsa->v[at];
		char said[DOC_STAMP_SAID_MAX];
		const char *why = ask_one(s, url, asked, request, token, said);

		if (!why) {
			s->first = at;
			break;
		}
		ui_note(
		    s->job->ui, MSG(*said ? MSG_ID("No time stamp from {url}: {why}: {said}")
					  : MSG_ID("No time stamp from {url}: {why}"),
				    P_TEXT("url", url), P_WORD("why", why), P_TEXT("said", said)));
	}
	if (s->turn)
		(void)pthread_mutex_unlock(s->turn);
	if (!buf_len(token))
		s->missing++;
}

enum ecert_rc stamping_stamp(void *ctx, struct rd value, struct buf *token)
{
	struct doc_stamp_asked asked;
	struct buf request = BUF_INIT(4096);
	enum ecert_rc rc = doc_stamp_ask(value, &asked, &request);

	if (rc == ECERT_OK)
		ask_all(ctx, &asked, buf_view(&request), token);
	buf_free(&request);
	return rc;
}

enum ecert_rc stamping_imprint(void *ctx, struct rd sha256, struct buf *token)
{
	struct doc_stamp_asked asked;
	struct buf request = BUF_INIT(4096);
	enum ecert_rc rc = sha256.n == sizeof asked.imprint
			       ? doc_stamp_ask_imprint(sha256.p, &asked, &request)
			       : ECERT_E_INTERNAL;

	if (rc == ECERT_OK)
		ask_all(ctx, &asked, buf_view(&request), token);
	buf_free(&request);
	return rc;
}

void stamping_into(struct stamping *s, struct doc_sign_options *o)
{
	if (!s->tsa->n)
		return;
	o->stamp = stamping_stamp;
	o->stamp_ctx = s;
}
