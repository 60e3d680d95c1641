/* SPDX-License-Identifier: BSD-2-Clause */
/* Asking the issuer of a mark: its configuration, its keys of before, the mark's status. */
#include "trust/mark/mark_site.h"

#include <stdio.h>
#include <string.h>

#include "trust/claims.h"
#include "trust/mark/mark_priv.h"
#include "trust/online/online_priv.h"

/* How long what came is at hand for the next one: an issuer changes its mind at any time. */
#define CONFIG_LIFE (24 * 3600L)
#define STATUS_LIFE (10 * 60L)

#define WELL_KNOWN "/.well-known/openid-federation"

struct asking {
	struct mark_expect e;
	struct online *by;
	struct mark_site *out;
	const struct jws *mark;
	struct rd text;
	char iss[256], about[256];
};

static enum trust_got ask(const struct asking *a, const struct trust_want *want, struct buf *out)
{
	buf_reset(out);
	return a->by->by.ask(a->by->by.ctx, want, out);
}

static time_t earlier(time_t a, time_t b)
{
	return a && a < b ? a : b;
}

/* ---- the configuration ---- */

/* Why there is none that counts; NULL: there is. */
static const char *get_config(struct asking *a, const char *url, bool anew)
{
	const struct trust_want want = {
	    .kind = TRUST_WANT_ENTITY, .url = url, .about = a->about, .anew = anew};
	struct buf text = BUF_INIT(JWS_MAX_SIZE);
	const char *why = MSG_ID("nothing came of it");

	mark_config_free(&a->out->config);
	if (ask(a, &want, &text) != TRUST_GOT_NOTHING) {
		why = mark_config_read(buf_view(&text), a->iss, &a->e, &a->out->config);
		online_judged(a->by, &want, buf_view(&text), why,
		    why ? 0 : earlier(a->out->config->exp, a->e.now + CONFIG_LIFE));
	}
	buf_free(&text);
	return why;
}

/* Keys of before are asked for when the mark is by none of today's. */
static void get_past(struct asking *a)
{
	struct mark_config *c = a->out->config;
	const struct trust_want want = {
	    .kind = TRUST_WANT_KEYS, .url = c->past_at, .about = a->about};
	struct buf text = BUF_INIT(JWS_MAX_SIZE);

	if (c->past_at[0] && ask(a, &want, &text) != TRUST_GOT_NOTHING) {
		const char *why = mark_config_read_past(buf_view(&text), &a->e, c);

		online_judged(a->by, &want, buf_view(&text), why,
		    why ? 0 : earlier(c->exp, a->e.now + CONFIG_LIFE));
	}
	buf_free(&text);
}

static bool known(struct asking *a)
{
	a->e.config = a->out->config;
	return mark_issuer_entry(a->mark, &a->e, a->iss);
}

/* ---- the status ---- */

/* trust_mark=JWT: base64url and dots need no escapes. */
static void form_of(struct rd mark, struct buf *out)
{
	buf_str(out, "trust_mark=");
	buf_rd(out, trimmed(mark));
}

static const char *judge_status(struct asking *a, struct rd text, time_t *until)
{
	struct report quiet;
	char value[32];

	report_init(&quiet);
	(void)mark_status_verify(text, a->text, &a->e, value, &quiet);
	*until = a->e.now + STATUS_LIFE;
	if (value[0])
		return NULL;
	for (size_t i = 0; i < quiet.n; i++) {
		const struct check *c = &quiet.checks[i];

		if (c->state == CHECK_FAILED || c->state == CHECK_UNKNOWN)
			return c->id == CHK_STATUS_MARK ? MSG_ID("it answered about another mark")
			       : c->id == CHK_STATUS_TIME || c->id == CHK_STATUS_AGE
				   ? MSG_ID("it answered with an old status")
				   : MSG_ID("it answered what is no status by the issuer");
	}
	return MSG_ID("it answered what is no status by the issuer");
}

static const char *get_status(struct asking *a)
{
	struct buf form = BUF_INIT(JWS_MAX_SIZE + 64), *text = &a->out->status;
	struct trust_want want = {
	    .kind = TRUST_WANT_STATUS, .url = a->out->config->status_at, .about = a->about};
	const char *why = NULL;
	enum trust_got got;
	time_t until;

	if (!want.url[0])
		return MSG_ID("the issuer's configuration names nobody to ask for a status");
	form_of(a->text, &form);
	want.request = want.question = buf_view(&form);
	got = buf_rc(&form) == ECERT_OK ? ask(a, &want, text) : TRUST_GOT_NOTHING;
	if (got == TRUST_GOT_UNKNOWN) {
		why = MSG_ID("the issuer says that it does not know this mark");
	} else if (got == TRUST_GOT_NOTHING) {
		why = MSG_ID("the issuer did not say what it is");
	} else {
		why = judge_status(a, buf_view(text), &until);
		online_judged(a->by, &want, buf_view(text), why, why ? 0 : until);
	}
	if (why)
		buf_reset(text);
	buf_free(&form);
	return why;
}

/* ---- all of it ---- */

/* Section 9: behind the issuer's name, of which a slash at the end is none. */
static bool place_of(const char *iss, char url[MARK_URL])
{
	size_t n = strlen(iss);

	while (n && iss[n - 1] == '/')
		n--;
	return !strpbrk(iss, "?#") &&
	       snprintf(url, MARK_URL, "%.*s%s", (int)n, iss, WELL_KNOWN) < MARK_URL;
}

static void go(struct asking *a, const char *url, enum mark_site_want want, struct report *rep)
{
	const char *why = get_config(a, url, false);

	if (!why && !known(a))
		why = get_config(a, url, true);
	if (a->by->by.only_told)
		return;
	if (!why && !known(a))
		get_past(a);
	report_add(rep, CHK_ISSUER_CONFIGURATION, why ? CHECK_SKIPPED : CHECK_OK,
	    MSG(why ? why : MSG_ID("signed by whom you trust for this issuer")));
	a->e.config = a->out->config;
	if (want == MARK_SITE_KEYS)
		return;
	a->out->why = a->out->config
			  ? get_status(a)
			  : MSG_ID("the issuer's configuration, which says whom to ask, does not "
				   "count");
}

void mark_site_ask(struct rd mark, const struct mark_expect *e, enum mark_site_want want,
    struct mark_site *out, struct report *rep)
{
	const struct jws_rules rules = {.typ = TRUST_MARK_TYP, .need_kid = true};
	struct asking a = {.e = *e, .out = out, .text = mark};
	struct jws *j = NULL;
	char url[MARK_URL];

	*out = (struct mark_site){.why = NULL};
	buf_init(&out->status, JWS_MAX_SIZE);
	a.by = e->trust ? e->trust->online : NULL;
	if (!a.by || (a.by->by.only_told && want != MARK_SITE_STATUS) ||
	    jws_parse(mark, &rules, &j, NULL) != ECERT_OK)
		goto out;
	a.mark = j;
	a.e.config = NULL;
	if (!claim_text(j, "iss", a.iss, sizeof a.iss) || !place_of(a.iss, url))
		goto out;
	(void)snprintf(a.about, sizeof a.about, "%s", a.iss);
	text_scrub(a.about);
	if (mark_issuer_known(&a.e, a.iss))
		go(&a, url, want, rep);
	else
		out->why = MSG_ID("nobody is trusted for its issuer, so that nobody was asked");
out:
	jws_free(&j);
}

void mark_site_free(struct mark_site *s)
{
	mark_config_free(&s->config);
	buf_free(&s->status);
}
