/* SPDX-License-Identifier: BSD-2-Clause */
/* Between what certificates name and the room that connects: the cache, the account, the notes. */
#include "actions/online/online.h"

#include <limits.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "actions/statedir.h"
#include "crypto/digest.h"
#include "net/cache.h"
#include "net/fetch.h"
#include "net/url.h"
#include "trust/online/online.h"
#include "util/text.h"

/* The most that is told; the budget ends before it. */
#define MAX_TOLD 64
/* RFC 5019, 5: what is asked by GET. */
#define MAX_GET 255

static const struct {
	const char *name, *what;
	enum net_kind kind;
} kinds[] = {
    [TRUST_WANT_OCSP] = {"ocsp", MSG_ID("an OCSP response"), NET_OCSP},
    [TRUST_WANT_CRL] = {"crl", MSG_ID("a CRL"), NET_CRL},
    [TRUST_WANT_ISSUER] = {"issuer", MSG_ID("a CA's certificate"), NET_ISSUER},
    [TRUST_WANT_ENTITY] = {"entity", MSG_ID("an issuer's configuration"), NET_ENTITY},
    [TRUST_WANT_KEYS] = {"historical-keys", MSG_ID("an issuer's keys of before"), NET_KEYS},
    [TRUST_WANT_STATUS] = {"mark-status", MSG_ID("a trust mark's status"), NET_STATUS_OF_MARK},
};

struct online {
	const struct job *job;
	struct online_result *out;
	struct net_rules rules;
	struct net_budget left;
	struct net_cache *cache; /* NULL: there is none */
	bool anew;
	time_t now;
};

void online_result_free(struct online_result *r)
{
	for (size_t i = 0; i < r->n; i++) {
		free(r->v[i].url);
		free(r->v[i].about);
		free(r->v[i].led_to);
	}
	free(r->v);
	r->v = NULL;
	r->n = 0;
}

/* A row of the account; NULL when memory is out, or there are enough. */
static struct online_fetch *add(struct online *c, const struct trust_want *want)
{
	struct online_result *r = c->out;
	struct online_fetch *f;

	if (r->n == MAX_TOLD)
		return NULL;
	if (!r->v)
		r->v = calloc(MAX_TOLD, sizeof *r->v);
	if (!r->v)
		return NULL;
	f = &r->v[r->n];
	*f = (struct online_fetch){
	    .kind = kinds[want->kind].name, .url = strdup(want->url), .about = strdup(want->about)};
	if (!f->url || !f->about) {
		free(f->url);
		free(f->about);
		return NULL;
	}
	text_utf8(f->url, false);
	r->n++;
	return f;
}

static bool key_of(const struct trust_want *want, uint8_t key[NET_KEY_SIZE])
{
	struct buf all = BUF_INIT(65536);
	uint8_t sum[MD_MAX_SIZE];
	size_t n;
	bool ok;

	buf_str(&all, kinds[want->kind].name);
	buf_u8(&all, 0);
	buf_str(&all, want->url);
	buf_u8(&all, 0);
	buf_rd(&all, want->question);
	ok = buf_rc(&all) == ECERT_OK &&
	     digest_once(MD_SHA256, buf_view(&all), sum, &n) == ECERT_OK;
	if (ok)
		memcpy(key, sum, NET_KEY_SIZE);
	buf_free(&all);
	return ok;
}

static bool from_cache(struct online *c, const struct trust_want *want, struct buf *out)
{
	uint8_t key[NET_KEY_SIZE];

	return c->cache && !c->anew && !want->anew && key_of(want, key) &&
	       net_cache_get(c->cache, key, want->url, c->now, out);
}

/* RFC 5019, 5: the address, and the request in base64 behind it. False: it is too long for that. */
static bool get_form(const struct trust_want *want, char *url, size_t cap)
{
	unsigned char text[MAX_GET * 2];
	size_t n = strlen(want->url);
	int len;

	if (want->question.n > MAX_GET / 4 * 3 - 2)
		return false;
	len = EVP_EncodeBlock(text, want->question.p, (int)want->question.n);
	while (n && want->url[n - 1] == '/')
		n--;
	if (n + 1 + 3 * (size_t)len >= cap || strpbrk(want->url, "?#"))
		return false;
	memcpy(url, want->url, n);
	url[n++] = '/';
	for (int i = 0; i < len; i++) {
		bool plain = text[i] != '+' && text[i] != '/' && text[i] != '=';

		n += (size_t)snprintf(url + n, cap - n, plain ? "%c" : "%%%02X", text[i]);
	}
	return true;
}

/* A responder that takes no POST, or not there, may take GET; there is no nonce in that. */
static bool takes_no_post(long status)
{
	return status == 405 || status == 501;
}

static enum net_outcome fetch(struct online *c, const struct trust_want *want, struct buf *out,
    struct net_told *told, enum trust_got *got)
{
	struct net_request q = {kinds[want->kind].kind, want->url, want->request};
	enum net_outcome o = net_fetch(&c->rules, &c->left, &q, out, told);
	char url[NET_URL_MAX];

	*got = TRUST_GOT_ANSWER;
	if (o == NET_STATUS && q.kind == NET_OCSP && q.body.n && takes_no_post(told->status) &&
	    get_form(want, url, sizeof url)) {
		q = (struct net_request){q.kind, url, {0}};
		*got = TRUST_GOT_UNNONCED;
		o = net_fetch(&c->rules, &c->left, &q, out, told);
	}
	return o;
}

static enum trust_got tell_beyond(
    struct online *c, const struct trust_want *want, struct online_fetch *f)
{
	static const struct {
		const char *outcome, *id;
	} why[] = {
	    [TRUST_BEYOND_STEPS] = {"certificate-limit",
		MSG_ID("{url} for {what}: not asked: {max} certificates of CAs were fetched for "
		       "this path, and no more are")},
	    [TRUST_BEYOND_SCHEME] = {"url-refused", MSG_ID("{url} for {what}: {why}")},
	    [TRUST_BEYOND_LENGTH] = {"url-too-long",
		MSG_ID("{url}... for {what}: not asked: addresses of {max} characters and more "
		       "are not")},
	    [TRUST_BEYOND_NAME] = {"no-url",
		MSG_ID("{url} for {what}: not asked: that is no address on the network")},
	};
	bool many = want->beyond == TRUST_BEYOND_ADDRESSES;

	f->outcome = many ? "certificate-limit" : why[want->beyond].outcome;
	f->more = many ? want->n - 1 : 0;
	if (!c->out->on)
		return TRUST_GOT_NOTHING;
	if (many)
		ui_note(c->job->ui,
		    MSG_N("{url} for {what}: not asked: {max} addresses of one certificate are, "
			  "and it names {n} more",
			"{url} and others for {what}: not asked: {max} addresses of one "
			"certificate are, and it names {n} more",
			want->n, P_TEXT("url", f->url), P_WORD("what", kinds[want->kind].what),
			P_NUMBER("max", TRUST_WANT_ADDRESSES)));
	else
		ui_note(c->job->ui,
		    MSG(why[want->beyond].id, P_TEXT("url", f->url),
			P_WORD("what", kinds[want->kind].what),
			P_WORD("why", net_outcome_words(NET_URL_REFUSED)),
			P_NUMBER("max", want->beyond == TRUST_BEYOND_STEPS ? TRUST_WANT_STEPS
									   : TRUST_WANT_URL)));
	return TRUST_GOT_NOTHING;
}

static enum trust_got ask(void *ctx, const struct trust_want *want, struct buf *out)
{
	struct online *c = ctx;
	struct online_fetch *f = add(c, want);
	enum trust_got got = TRUST_GOT_KEPT;
	struct net_told told = {0};
	enum net_outcome o = NET_OK;

	if (!f)
		return TRUST_GOT_NOTHING;
	if (want->beyond)
		return tell_beyond(c, want, f);
	if (!c->out->on) {
		o = net_foresee(kinds[want->kind].kind, want->url);
		f->outcome = o == NET_OK ? NULL : net_outcome_name(o);
		return TRUST_GOT_NOTHING;
	}
	f->cached = from_cache(c, want, out);
	if (!f->cached)
		o = fetch(c, want, out, &told, &got);
	f->outcome = net_outcome_name(o);
	f->bytes = buf_len(out);
	f->status = told.status;
	f->led_to = told.url[0] ? strdup(told.url) : NULL;
	if (f->led_to)
		text_utf8(f->led_to, true);
	if (o == NET_OK)
		return got;
	if (o == NET_STATUS)
		ui_note(
		    c->job->ui, MSG("Asked {url} for {what}: its server refused (HTTP {status})",
				    P_TEXT("url", f->url), P_WORD("what", kinds[want->kind].what),
				    P_NUMBER("status", told.status)));
	else if (told.url[0] && !net_outcome_is_asked(o))
		ui_note(
		    c->job->ui, MSG("Asked {url} for {what}: it led to {next}, {why}",
				    P_TEXT("url", f->url), P_WORD("what", kinds[want->kind].what),
				    P_TEXT("next", told.url), P_WORD("why", net_outcome_words(o))));
	else
		ui_note(c->job->ui,
		    MSG(net_outcome_is_asked(o) ? MSG_ID("Asked {url} for {what}: {why}")
						: MSG_ID("{url} for {what}: {why}"),
			P_TEXT("url", f->url), P_WORD("what", kinds[want->kind].what),
			P_WORD("why", net_outcome_words(o))));
	return want->kind == TRUST_WANT_STATUS && o == NET_STATUS && told.status == 404
		   ? TRUST_GOT_UNKNOWN
		   : TRUST_GOT_NOTHING;
}

/* Always the last one that was asked. Only what counts is kept: what is of no use today may be a
 * server's bad moment. */
static void judged(
    void *ctx, const struct trust_want *want, struct rd body, const char *why, time_t until)
{
	struct online *c = ctx;
	struct online_fetch *f = &c->out->v[c->out->n - 1];
	uint8_t key[NET_KEY_SIZE];

	if (why)
		f->outcome = "not-used";
	if (c->cache && key_of(want, key)) {
		if (why)
			net_cache_drop(c->cache, key);
		else if (!f->cached && until)
			net_cache_put(c->cache, key, want->url, body, until, c->now);
	}
	if (why)
		ui_note(
		    c->job->ui, MSG("Asked {url} for {what}: {why}", P_TEXT("url", f->url),
				    P_WORD("what", kinds[want->kind].what), P_WORD("why", why)));
	else if (f->cached)
		ui_note(
		    c->job->ui, MSG("{what} of {url} is still at hand from before",
				    P_WORD("what", kinds[want->kind].what), P_TEXT("url", f->url)));
	else
		ui_note(c->job->ui,
		    MSG_N("Asked {url} for {what}: {n} byte", "Asked {url} for {what}: {n} bytes",
			body.n, P_TEXT("url", f->url), P_WORD("what", kinds[want->kind].what)));
}

static bool is_cancelled(void *ctx)
{
	return ui_cancelled(ctx);
}

/* Without a cache everything is asked each time, which is slower and tells more to others, but no
 * reason to stop. A folder that was named has to be one. */
static enum outcome open_cache(struct online *c, const char *named)
{
	char path[PATH_MAX];
	const char *dir = named ? named : cache_folder("online", path, sizeof path);
	enum ecert_rc rc = dir ? net_cache_open(dir, &c->cache) : ECERT_E_IO;

	if (rc == ECERT_OK)
		return OUT_OK;
	if (!named) {
		ui_note(c->job->ui, MSG("Note: there is no folder of yours to keep what is fetched "
					"in, so that it is asked for each time; name one with "
					"--online-cache."));
		return OUT_OK;
	}
	return ui_fail(c->job->ui, OUT_IO, "store-unusable",
	    MSG("Cannot keep what is fetched in {dir}: {why}", P_FILE("dir", dir), P_RC("why", rc)),
	    MSG("Name a folder of your own that nobody else may look into: --online-cache DIR."));
}

enum outcome online_begin(const struct job *job, const struct online_options *o,
    struct net_account *run, struct trust_set *set, struct online_result *out, struct online **ctx)
{
	struct online *c = calloc(1, sizeof *c);
	enum outcome code = OUT_OK;

	*ctx = NULL;
	if (!c)
		return ui_fail_rc(job->ui, ECERT_E_MEMORY, MSG("Cannot start: {why}"));
	out->on = o->on;
	*c = (struct online){.job = job,
	    .out = out,
	    .rules = {.allow = &o->allow,
		.seconds = (unsigned)o->seconds,
		.cancelled = is_cancelled,
		.ctx = (void *)(uintptr_t)job->ui},
	    .anew = o->anew,
	    .now = job_now(job)};
	net_budget_begin(&c->left);
	c->left.run = run;
	if (o->on)
		code = open_cache(c, o->cache);
	if (!code)
		code = ui_fail_rc(job->ui,
		    trust_set_online(set, &(struct trust_online){ask, judged, c, !o->on}),
		    MSG("Cannot start: {why}"));
	*ctx = c;
	if (code)
		online_end(ctx);
	return code;
}

void online_end(struct online **ctx)
{
	if (!*ctx)
		return;
	net_cache_close(&(*ctx)->cache);
	free(*ctx);
	*ctx = NULL;
}
