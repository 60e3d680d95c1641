/* SPDX-License-Identifier: BSD-2-Clause */
/* Challenging a counterparty. */
#include "actions/challenge/challenge.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "actions/challenge/opened.h"
#include "actions/statement.h"
#include "util/text.h"

#define DAY_SECONDS (24L * 3600)
#define DAYS	    7
#define DAYS_MAX    90

/* ---- making ---- */
static enum ecert_rc last_one(void *ctx, const struct challenge *c)
{
	struct challenge *last = ctx;

	if (c->made >= last->made)
		*last = *c;
	return ECERT_OK;
}

static bool fits(const char *text, size_t cap)
{
	return strlen(text) < cap && text_is_shown(text);
}

/* RFC 3986, 3.1, and something behind it. */
static bool has_scheme(const char *s)
{
	const char *colon = strchr(s, ':');
	size_t n = strspn(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+-.");

	return isalpha((unsigned char)s[0]) && s + n == colon && colon[1];
}

/* RFC 7519, 4.1.3: a URL, or a name without a colon (StringOrURI); the two are not to differ in
 * what nobody sees. */
static bool is_audience(const char *s)
{
	static const struct challenge room;
	size_t n = strlen(s);

	return n && fits(s, sizeof room.audience) && statement_is_text(s) && s[0] != ' ' &&
	       s[n - 1] != ' ' && (!strchr(s, ':') || (!strchr(s, ' ') && has_scheme(s)));
}

static enum outcome check(const struct job *job, const struct challenge_deed *deed)
{
	static const struct challenge room;

	if (deed->days < 0 || deed->days > DAYS_MAX)
		return ui_fail(job->ui, OUT_USAGE, "days-too-many",
		    MSG("--days is at most {max}", P_NUMBER("max", DAYS_MAX)),
		    MSG("Whoever needs longer is sent a new challenge then."));
	if (deed->audience && !is_audience(deed->audience))
		return ui_fail(job->ui, OUT_USAGE, "challenge-text",
		    MSG("'{text}' cannot be an audience", P_TEXT("text", deed->audience)),
		    MSG("It is what you are called in the answer, and what makes it worthless to "
			"others: your own URL (https://buyer.example), or a name without a colon, "
			"of up to {max} bytes.",
			P_NUMBER("max", sizeof room.audience - 1)));
	if (deed->party && !fits(deed->party, sizeof room.party))
		return ui_fail(job->ui, OUT_USAGE, "challenge-text",
		    MSG("--for takes a name or URL that people can read, of up to {max} bytes",
			P_NUMBER("max", sizeof room.party - 1)),
		    NULL);
	return OUT_OK;
}

/* One that no option on a command line is taken for. */
static enum ecert_rc new_nonce(struct challenge *c)
{
	enum ecert_rc rc = ECERT_OK;

	do {
		struct buf b = BUF_INIT(sizeof c->nonce);

		rc = nonce_new(&b);
		(void)snprintf(c->nonce, sizeof c->nonce, "%.*s", (int)buf_len(&b),
		    (const char *)buf_view(&b).p);
		buf_free(&b);
	} while (rc == ECERT_OK && c->nonce[0] == '-');
	return rc;
}

enum outcome challenge_make(
    const struct job *job, const struct challenge_deed *deed, struct challenge *out)
{
	struct challenges *s = NULL;
	struct challenge last = {.made = 0};
	time_t now = job_now(job);
	enum outcome code = check(job, deed);
	enum ecert_rc rc;

	memset(out, 0, sizeof *out);
	if (!code)
		code = challenges_opened(job, true, now, &s);
	if (code)
		return code;
	rc = challenges_each(s, last_one, &last);
	if (rc == ECERT_OK && !deed->audience && !last.audience[0])
		code = ui_fail(job->ui, OUT_USAGE, "challenge-audience",
		    MSG("For whom has the answer to be? Say it with --audience URL"),
		    MSG("It is what you are called, your own URL say; the next challenge remembers "
			"it."));
	text_copy(
	    out->audience, sizeof out->audience, deed->audience ? deed->audience : last.audience);
	text_copy(out->party, sizeof out->party, deed->party ? deed->party : "");
	out->made = now;
	out->until = now + (deed->days ? deed->days : DAYS) * DAY_SECONDS;
	if (!code && rc == ECERT_OK)
		rc = new_nonce(out);
	if (!code && rc == ECERT_OK)
		rc = challenges_put(s, out, now);
	challenges_close(&s);
	return code || rc == ECERT_OK ? code : challenges_told(job, rc);
}

/* In a shell's single quotes, unless it needs none. */
static void put_word(struct buf *b, const char *s)
{
	if (*s && !s[strspn(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
			       "-_./:@%+=,")]) {
		buf_str(b, s);
		return;
	}
	buf_str(b, "'");
	for (; *s; s++)
		if (*s == '\'')
			buf_str(b, "'\\''");
		else
			buf_put(b, s, 1);
	buf_str(b, "'");
}

void challenge_command(const struct challenge *c, char *out, size_t cap)
{
	struct buf b = BUF_INIT(4096);
	bool url = !strncmp(c->party, "https://", 8);

	buf_str(&b, "ecert attest --audience ");
	put_word(&b, c->audience);
	buf_str(&b, " --nonce ");
	put_word(&b, c->nonce);
	buf_str(&b, " --merchant ");
	put_word(&b, url ? c->party : "YOUR-URL");
	buf_str(&b, " -o token.jwt");
	(void)snprintf(out, cap, "%.*s", (int)buf_len(&b), (const char *)buf_view(&b).p);
	buf_free(&b);
}

/* ---- those that were made ---- */
void challenge_rows_free(struct challenge_rows *r)
{
	free(r->v);
	*r = (struct challenge_rows){NULL, 0, 0};
}

static enum ecert_rc collect(void *ctx, const struct challenge *c)
{
	struct challenge_rows *r = ctx;
	struct challenge *grown = realloc(r->v, (r->n + 1) * sizeof *grown);

	if (!grown)
		return ECERT_E_MEMORY;
	r->v = grown;
	r->v[r->n++] = *c;
	return ECERT_OK;
}

static int by_age(const void *a, const void *b)
{
	const struct challenge *x = a, *y = b;

	return x->made < y->made ? -1 : x->made > y->made;
}

enum outcome challenge_listing(const struct job *job, struct challenge_rows *out)
{
	struct challenges *s = NULL;
	enum ecert_rc rc = ECERT_OK;
	enum outcome code;

	*out = (struct challenge_rows){.now = job_now(job)};
	code = challenges_opened(job, false, out->now, &s);
	if (code || !s)
		return code;
	rc = challenges_each(s, collect, out);
	challenges_close(&s);
	if (rc != ECERT_OK) {
		challenge_rows_free(out);
		return challenges_told(job, rc);
	}
	if (out->n)
		qsort(out->v, out->n, sizeof *out->v, by_age);
	return OUT_OK;
}

enum outcome challenge_remove(const struct job *job, const char *which, struct challenge *out)
{
	struct challenge_rows rows;
	struct challenges *s = NULL;
	size_t n = 0;
	enum outcome code = challenge_listing(job, &rows);

	memset(out, 0, sizeof *out);
	for (size_t i = 0; !code && i < rows.n; i++)
		if (!strcmp(rows.v[i].nonce, which) || !strcmp(rows.v[i].party, which)) {
			*out = rows.v[i];
			n++;
		}
	challenge_rows_free(&rows);
	if (!code && n > 1)
		code = ui_fail(job->ui, OUT_USAGE, "challenge-ambiguous",
		    MSG("{n} challenges are for {name}", P_NUMBER("n", n), P_TEXT("name", which)),
		    MSG("Name the one by its nonce."));
	if (!code)
		code = challenges_opened(job, true, job_now(job), &s);
	if (!code) {
		/* Without a match: one that cannot be read any more goes by its nonce. */
		enum ecert_rc rc = challenges_drop(s, n ? out->nonce : which);

		if (!n && rc == ECERT_OK)
			text_copy(out->nonce, sizeof out->nonce, which);
		code = rc == ECERT_OK ? OUT_OK : challenges_told(job, rc);
	}
	challenges_close(&s);
	return code;
}

const char *challenge_state_name(enum challenge_state s)
{
	static const char *const challenge_states[] = {[CHALLENGE_OPEN] = "open",
	    [CHALLENGE_ANSWERED] = "answered",
	    [CHALLENGE_LAPSED] = "lapsed"};

	return challenge_states[s];
}

json_t *challenge_json(const struct challenge *c, time_t now)
{
	char command[2048];

	challenge_command(c, command, sizeof command);
	return json_pack("{s:s, s:s, s:s, s:s, s:I, s:I, s:o, s:s?, s:s}", "nonce", c->nonce,
	    "audience", c->audience, "for", c->party, "state",
	    challenge_state_name(challenge_state(c, now)), "made", (json_int_t)c->made, "until",
	    (json_int_t)c->until, "answered",
	    c->answered ? json_integer((json_int_t)c->answered) : json_null(), "by",
	    c->by[0] ? c->by : NULL, "command", command);
}
