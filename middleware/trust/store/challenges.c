/* SPDX-License-Identifier: BSD-2-Clause */
/* Nonces that were given out, as files. */
#include "trust/store/challenges.h"

#include <dirent.h>
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "document/json.h"
#include "trust/store/folder.h"
#include "util/clock.h"
#include "util/text.h"

#define TAIL	  ".challenge"
#define FILE_NAME (NONCE_MAX + sizeof TAIL)

struct challenges {
	int dir;
	uid_t owner;
};

enum challenge_state challenge_state(const struct challenge *c, time_t now)
{
	return c->answered	? CHALLENGE_ANSWERED
	       : now > c->until ? CHALLENGE_LAPSED
				: CHALLENGE_OPEN;
}

/* Only what nonce_new may make is a file's name. */
static bool name_of(const char *nonce, char out[FILE_NAME])
{
	size_t n = strlen(nonce);

	if (n < NONCE_MIN || n > NONCE_MAX ||
	    strspn(nonce, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") != n)
		return false;
	(void)snprintf(out, FILE_NAME, "%s" TAIL, nonce);
	return true;
}

static bool time_member(const json_t *o, const char *name, time_t *out)
{
	const json_t *t = json_object_get(o, name);

	*out = (time_t)json_integer_value(t);
	return json_is_integer(t) && *out >= 0;
}

static bool parse(struct rd text, const char *nonce, struct challenge *c)
{
	json_t *o = json_read(text, NULL);
	bool good;

	memset(c, 0, sizeof *c);
	good = json_shown(o, "nonce", c->nonce, sizeof c->nonce) && !strcmp(c->nonce, nonce) &&
	       json_shown(o, "audience", c->audience, sizeof c->audience) &&
	       json_shown(o, "for", c->party, sizeof c->party) &&
	       json_shown(o, "by", c->by, sizeof c->by) && time_member(o, "made", &c->made) &&
	       time_member(o, "until", &c->until) && time_member(o, "answered", &c->answered);
	json_decref(o);
	return good;
}

enum ecert_rc challenges_get(struct challenges *s, const char *nonce, struct challenge *out)
{
	struct buf text = BUF_INIT(8192);
	char name[FILE_NAME];
	enum ecert_rc rc;

	if (!name_of(nonce, name))
		return ECERT_E_NOT_FOUND;
	rc = folder_read(s->dir, s->owner, name, &text);
	if (rc == ECERT_OK && !parse(buf_view(&text), nonce, out))
		rc = ECERT_E_DATA;
	buf_free(&text);
	return rc;
}

static enum ecert_rc save(struct challenges *s, const struct challenge *c, bool fresh)
{
	char name[FILE_NAME], *text;
	enum ecert_rc rc = ECERT_E_ARG;
	json_t *o;

	if (!name_of(c->nonce, name))
		return rc;
	o = json_pack("{s:s, s:s, s:s, s:s, s:I, s:I, s:I}", "nonce", c->nonce, "audience",
	    c->audience, "for", c->party, "by", c->by, "made", (json_int_t)c->made, "until",
	    (json_int_t)c->until, "answered", (json_int_t)c->answered);
	text = json_dumps(o, JSON_INDENT(2));
	rc = !text ? ECERT_E_MEMORY
		   : folder_write(s->dir, name, rd_of(text, strlen(text)), 0600, fresh);
	free(text);
	json_decref(o);
	return rc;
}

static int is_challenge(const struct dirent *d)
{
	size_t n = strlen(d->d_name);

	return d->d_name[0] != '.' && n > strlen(TAIL) &&
	       strcmp(d->d_name + n - strlen(TAIL), TAIL) == 0;
}

enum ecert_rc challenges_each(
    struct challenges *s, enum ecert_rc (*fn)(void *ctx, const struct challenge *c), void *ctx)
{
	struct dirent **all = NULL;
	int n = scandirat(s->dir, ".", &all, is_challenge, alphasort);
	enum ecert_rc rc = n < 0 ? ECERT_E_IO : ECERT_OK;

	for (int i = 0; i < n; i++) {
		struct challenge c;

		all[i]->d_name[strlen(all[i]->d_name) - strlen(TAIL)] = 0;
		if (rc == ECERT_OK && challenges_get(s, all[i]->d_name, &c) == ECERT_OK)
			rc = fn(ctx, &c);
		free(all[i]);
	}
	free(all);
	return rc;
}

struct sweeping {
	struct challenges *s;
	time_t now;
	size_t open;
};

static enum ecert_rc sweep_one(void *ctx, const struct challenge *c)
{
	struct sweeping *w = ctx;
	time_t over = c->answered > c->until ? c->answered : c->until;

	if (challenge_state(c, w->now) == CHALLENGE_OPEN)
		w->open++;
	else if (w->now > over + CHALLENGES_KEEP)
		return challenges_drop(w->s, c->nonce) == ECERT_E_IO ? ECERT_E_IO : ECERT_OK;
	return ECERT_OK;
}

enum ecert_rc challenges_open(
    const char *path, bool make, time_t now, struct challenges **out, const char **why)
{
	struct challenges *s = calloc(1, sizeof *s);
	time_t real = clock_now();
	enum ecert_rc rc;

	*out = NULL;
	*why = NULL;
	if (!s)
		return ECERT_E_MEMORY;
	s->owner = geteuid();
	rc = folder_open(path, s->owner, make ? 0700 : 0, &s->dir, why);
	if (rc != ECERT_OK) {
		free(s);
		return rc;
	}
	*out = s;
	/* A look into the future (--at) forgets nothing. */
	return challenges_each(s, sweep_one, &(struct sweeping){s, now < real ? now : real, 0});
}

void challenges_close(struct challenges **s)
{
	if (!*s)
		return;
	(void)close((*s)->dir);
	free(*s);
	*s = NULL;
}

enum ecert_rc challenges_put(struct challenges *s, const struct challenge *c, time_t now)
{
	struct sweeping w = {s, now, 0};
	enum ecert_rc rc = folder_lock(s->dir);

	if (rc == ECERT_OK)
		rc = challenges_each(s, sweep_one, &w);
	if (rc == ECERT_OK)
		rc = w.open >= CHALLENGES_MAX ? ECERT_E_TOO_LARGE : save(s, c, true);
	folder_unlock(s->dir);
	return rc;
}

enum ecert_rc challenges_answer(struct challenges *s, const char *nonce, const char *by, time_t now)
{
	struct challenge c;
	enum ecert_rc rc = folder_lock(s->dir);

	if (rc == ECERT_OK)
		rc = challenges_get(s, nonce, &c);
	if (rc == ECERT_OK && c.answered)
		rc = ECERT_E_EXISTS;
	if (rc == ECERT_OK) {
		c.answered = now;
		text_copy(c.by, sizeof c.by, by);
		rc = save(s, &c, false);
	}
	folder_unlock(s->dir);
	return rc;
}

enum ecert_rc challenges_drop(struct challenges *s, const char *nonce)
{
	char name[FILE_NAME];

	if (!name_of(nonce, name))
		return ECERT_E_NOT_FOUND;
	if (unlinkat(s->dir, name, 0) == 0)
		return ECERT_OK;
	return errno == ENOENT ? ECERT_E_NOT_FOUND : ECERT_E_IO;
}
