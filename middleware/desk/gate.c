/* SPDX-License-Identifier: BSD-2-Clause */
/* Who may: one user of this machine, through the page that we ourselves opened. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "crypto/random.h"
#include "desk/answer.h"
#include "desk/desk.h"
#include "util/clock.h"
#include "util/hex.h"
#include "util/log.h"
#include "util/mem.h"
#include "util/text.h"

#define NAME_BYTES    10
#define CODE_BYTES    16
#define SESSION_BYTES 32

static enum ecert_rc make(size_t bytes, char out[DESK_WORD])
{
	uint8_t raw[SESSION_BYTES];
	struct buf b = BUF_LOCKED(DESK_WORD);
	enum ecert_rc rc = random_bytes(raw, bytes);

	out[0] = '\0';
	b64url_put(&b, rd_of(raw, bytes));
	buf_u8(&b, 0);
	if (rc == ECERT_OK)
		rc = buf_rc(&b);
	if (rc == ECERT_OK)
		text_copy(out, DESK_WORD, (const char *)buf_view(&b).p);
	buf_free(&b);
	mem_wipe(raw, sizeof raw);
	return rc;
}

enum ecert_rc gate_open(struct desk *d, unsigned port)
{
	uint8_t raw[NAME_BYTES];
	char name[2 * NAME_BYTES + 1];
	enum ecert_rc rc = random_bytes(raw, sizeof raw);

	/* A host of its own: what a browser keeps for one port of a host, every other port gets. */
	hex_str(rd_of(raw, sizeof raw), name);
	(void)snprintf(d->host, sizeof d->host, "e%s.localhost:%u", name, port);
	(void)snprintf(d->origin, sizeof d->origin, "http://%s", d->host);
	d->port = port;
	return rc;
}

/* ---- codes and sessions ---- */

static bool is_live(const struct desk_word *w)
{
	return w->text[0] && clock_ms() <= w->until;
}

/* A free place, else that of the oldest. */
static struct desk_word *place(struct desk_word *w, size_t n)
{
	struct desk_word *at = w;

	for (size_t i = 0; i < n; i++) {
		if (!is_live(&w[i]))
			return &w[i];
		at = w[i].until < at->until ? &w[i] : at;
	}
	return at;
}

static struct desk_word *find(struct desk_word *w, size_t n, const char *text)
{
	struct desk_word *found = NULL;

	for (size_t i = 0; i < n; i++)
		if (is_live(&w[i]) &&
		    rd_equal(rd_of(w[i].text, strlen(w[i].text)), rd_of(text, strlen(text))))
			found = &w[i];
	return found;
}

enum ecert_rc gate_code(struct desk *d, bool by_hand, char *out)
{
	enum ecert_rc rc;

	(void)pthread_mutex_lock(&d->lock);
	rc = make(CODE_BYTES, out);
	if (rc == ECERT_OK) {
		struct desk_word *w = place(d->codes, DESK_CODES);

		text_copy(w->text, sizeof w->text, out);
		d->seen = clock_ms();
		w->until = d->seen + (by_hand ? DESK_HAND_MS : DESK_CODE_MS);
	}
	(void)pthread_mutex_unlock(&d->lock);
	return rc;
}

enum ecert_rc gate_enter(struct desk *d, const char *code, char *out)
{
	struct desk_word *w = find(d->codes, DESK_CODES, code);
	enum ecert_rc rc;

	out[0] = '\0';
	if (!w)
		return ECERT_E_DENIED;
	mem_wipe(w->text, sizeof w->text);
	rc = make(SESSION_BYTES, out);
	if (rc != ECERT_OK)
		return rc;
	w = place(d->sessions, DESK_SESSIONS);
	text_copy(w->text, sizeof w->text, out);
	w->until = clock_ms() + DESK_SESSION_MS;
	return ECERT_OK;
}

/* ---- requests ---- */

static bool has_session(struct desk *d, const char *token)
{
	struct desk_word *w;

	(void)pthread_mutex_lock(&d->lock);
	w = find(d->sessions, DESK_SESSIONS, token);
	if (w) {
		d->seen = clock_ms();
		w->until = d->seen + DESK_SESSION_MS;
	}
	(void)pthread_mutex_unlock(&d->lock);
	return w;
}

/* The page itself, which somebody opens from the menu, and its parts, which it asks for. */
static bool admit_page(const struct http_head *h, struct http_answer *a)
{
	if (h->method != HTTP_GET)
		http_refuse(a, 405, "invalid_request", "the page is only read");
	else if (h->site[0] && strcmp(h->site, "none") != 0 && strcmp(h->site, "same-origin") != 0)
		http_refuse(a, 403, "access_denied", "another site may not open this page");
	else
		return true;
	return false;
}

/* What has an effect, or tells something. */
static bool admit_deed(struct desk *d, const struct http_head *h, struct http_answer *a)
{
	if (strcmp(h->site, "same-origin") != 0)
		http_refuse(a, 403, "access_denied", "only the page itself may ask for this");
	else if (h->method == HTTP_POST && !h->origins)
		http_refuse(a, 403, "access_denied", "it is not said which site asks");
	else if (strcmp(h->path, "/api/enter") != 0 && !has_session(d, h->bearer))
		http_refuse(a, 401, "invalid_token", "this page was opened too long ago");
	else
		return true;
	return false;
}

bool gate_admit(void *ctx, const struct http_head *h, struct http_answer *a)
{
	struct desk *d = ctx;
	bool may = false;

	/* Another name that somebody lets lead to this machine. */
	if (strcmp(h->host, d->host) != 0)
		http_refuse(a, 421, "invalid_request", "this is another host");
	else if (h->origins && strcmp(h->origin, d->origin) != 0)
		http_refuse(a, 403, "access_denied", "another site may not ask for this");
	else
		may = page_has(h->path) ? admit_page(h, a) : admit_deed(d, h, a);
	if (!may)
		log_info("refused: %s, with %d", h->path, a->status);
	return may;
}

bool gate_welcome(void *ctx, const struct sockaddr *from)
{
	const struct desk *d = ctx;
	uid_t uid = (uid_t)-1;
	enum ecert_rc rc = peer_user(from, d->port, &uid);

	if (rc == ECERT_OK && uid == getuid())
		return true;
	if (rc == ECERT_OK)
		log_info("refused: user %ld", (long)uid);
	else
		log_error("refused: whose connection it is cannot be told: %s", ecert_strerror(rc));
	return false;
}

void answer_enter(void *ctx, const struct http_request *q, struct http_answer *a)
{
	struct desk *d = ctx;
	json_t *o = answer_read(q->body, a);
	const char *code = o ? json_string_value(json_object_get(o, "code")) : NULL;
	char token[DESK_WORD];
	enum ecert_rc rc = ECERT_E_DENIED;

	if (!o)
		return;
	(void)pthread_mutex_lock(&d->lock);
	if (code)
		rc = gate_enter(d, code, token);
	if (rc == ECERT_OK)
		answer_json(a, 200,
		    json_pack(
			"{s:s, s:s}", "session", token, "language", d->variable[DESK_LANGUAGE]));
	(void)pthread_mutex_unlock(&d->lock);
	if (rc != ECERT_OK)
		http_refuse(a, 403, "access_denied", "this address was used, or is too old");
	json_decref(o);
}

void answer_here(void *ctx, const struct http_request *q, struct http_answer *a)
{
	(void)ctx;
	(void)q;
	answer_json(a, 200, json_pack("{s:b}", "here", 1));
}
