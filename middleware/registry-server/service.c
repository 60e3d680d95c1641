/* SPDX-License-Identifier: BSD-2-Clause */
/* The register and the status key, as they are now. */
#include "registry-server/service.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "publish/entity.h"
#include "publish/publish.h"
#include "registry/keys.h"
#include "registry/asked.h"
#include "util/clock.h"
#include "util/file.h"
#include "util/text.h"

#define AGAIN_MS                                                                                   \
	1000	    /* a register that was lost is tried, and the key's file looked at, so often */
#define COUNT_MS 10 /* what others write is seen after so long */
#define KEY_PATH 4200

/* ---- the register ---- */

enum ecert_rc opened_begin(struct opened *o, const char *where, struct message_kept *why)
{
	enum ecert_rc rc = registry_open_as_it_is(where, &o->r, why);

	o->where = where;
	o->tried = clock_ms();
	if (rc != ECERT_OK)
		return rc;
	rc = registry_setting(o->r, "issuer", o->issuer, sizeof o->issuer);
	if (rc == ECERT_E_NOT_FOUND)
		message_keep(why, MSG("This register is nobody's so far"));
	else if (rc != ECERT_OK)
		*why = *registry_why(o->r);
	if (rc != ECERT_OK)
		opened_end(o);
	return rc;
}

void opened_end(struct opened *o)
{
	registry_close(&o->r);
}

bool opened_there(struct opened *o, struct http_answer *a)
{
	struct message_kept why;

	if (!o->r && clock_ms() - o->tried >= AGAIN_MS &&
	    opened_begin(o, o->where, &why) != ECERT_OK)
		registry_close(&o->r);
	if (o->r)
		return true;
	opened_lost(o, a);
	return false;
}

void opened_lost(struct opened *o, struct http_answer *a)
{
	registry_close(&o->r);
	http_again(a, RETRY_S, "the register cannot be read now");
}

/* ---- the status key ---- */

static enum ecert_rc read_key(struct service *s)
{
	struct status_key *key = NULL;
	struct buf pem = BUF_LOCKED(STATUS_KEY_MAX);
	struct stat st;
	enum ecert_rc rc = stat(s->key_path, &st) == 0 ? file_read(s->key_path, &pem)
						       : ECERT_E_NOT_FOUND;

	if (rc == ECERT_OK)
		rc = status_key_read(buf_view(&pem), &key);
	buf_free(&pem);
	if (rc != ECERT_OK)
		return rc;
	status_key_free(&s->key);
	s->key = key;
	s->key_file = st;
	s->known = false;
	for (size_t i = 0; i < KEPT; i++)
		s->kept[i].until = 0;
	return ECERT_OK;
}

/* Another file stands there: a rollover. One that is no key, or not whole yet, leaves the old one.
 */
static void look_at_key(struct service *s)
{
	const int64_t now = clock_ms();
	struct stat st;

	if (now - s->key_seen < AGAIN_MS)
		return;
	s->key_seen = now;
	if (stat(s->key_path, &st) == 0 &&
	    (st.st_ino != s->key_file.st_ino || st.st_mtime != s->key_file.st_mtime ||
		st.st_size != s->key_file.st_size) &&
	    read_key(s) != ECERT_OK)
		s->key_file = st;
}

/* Beside the register, as `ecert registry keys` writes it. */
static const char *path_of_key(const struct options *o, char path[KEY_PATH])
{
	const char *store = o->store;

	if (o->status_key)
		return o->status_key;
	if (!strncmp(store, "sqlite:", 7))
		store += 7;
	(void)snprintf(path, KEY_PATH, "%s.status.pem", store);
	return path;
}

enum ecert_rc service_begin(struct service *s, const struct options *o, struct message_kept *why)
{
	static char path[KEY_PATH];
	enum ecert_rc rc = opened_begin(&s->o, o->store, why);

	if (rc != ECERT_OK)
		return rc;
	s->key_path = path_of_key(o, path);
	rc = read_key(s);
	if (rc != ECERT_OK)
		message_keep(why, MSG("Cannot use the status key {file}: {why}",
				      P_FILE("file", s->key_path), P_RC("why", rc)));
	for (size_t i = 0; i < KEPT; i++) {
		buf_init(&s->kept[i].mark, REQUEST_N);
		buf_init(&s->kept[i].text, REQUEST_N);
		buf_init(&s->kept[i].says, REQUEST_N);
	}
	return rc;
}

void service_end(struct service *s)
{
	opened_end(&s->o);
	status_key_free(&s->key);
	for (size_t i = 0; i < KEPT; i++) {
		buf_free(&s->kept[i].mark);
		buf_free(&s->kept[i].text);
		buf_free(&s->kept[i].says);
	}
}

/* ---- what may be said ---- */

static bool may_speak(struct service *s, time_t now, struct http_answer *a)
{
	char text[300], all[400];

	if (s->until > now)
		return true;
	if (s->why.n)
		message_kept_text(&s->why, NULL, text, sizeof text);
	else
		(void)snprintf(text, sizeof text, "the authorisation of the status key has ended");
	(void)snprintf(all, sizeof all,
	    "%s; until the issuer's token authorises it again, rely on no status", text);
	http_again(a, 600, all);
	a->page = page_unsaid;
	return false;
}

/* What is written meanwhile is another number of entries. */
static enum ecert_rc look_at_register(struct service *s, time_t now)
{
	int64_t entries;
	enum ecert_rc rc = registry_entries(s->o.r, &entries);

	s->counted = clock_ms();
	if (rc != ECERT_OK || (s->known && entries == s->entries))
		return rc;
	s->why.n = 0;
	rc = registry_authorized(s->o.r, status_key_kid(s->key), now, &s->until, NULL);
	if (rc == ECERT_E_NOT_FOUND || rc == ECERT_E_DENIED) {
		s->why = *registry_why(s->o.r);
		s->until = 0;
		rc = ECERT_OK;
	}
	s->entries = entries;
	s->known = rc == ECERT_OK;
	return rc;
}

bool service_speaks(struct service *s, time_t now, struct http_answer *a)
{
	enum ecert_rc rc = ECERT_OK;

	if (!opened_there(&s->o, a))
		return false;
	look_at_key(s);
	if (!s->known || clock_ms() - s->counted >= COUNT_MS)
		rc = look_at_register(s, now);
	if (rc == ECERT_OK)
		return may_speak(s, now, a);
	opened_lost(&s->o, a);
	return false;
}
