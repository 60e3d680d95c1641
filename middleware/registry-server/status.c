/* SPDX-License-Identifier: BSD-2-Clause */
/* The status of a mark (OpenID Federation 1.0, 8.4). */
#include <string.h>

#include "document/jose/jws.h"
#include "publish/publish.h"
#include "registry-server/service.h"
#include "util/clock.h"

#define STATUS_TYPE "application/trust-mark-status-response+jwt"

#define PLACES 4 /* where the status of a mark may be kept */

/* FNV-1a: where to look, and no proof of anything. */
static struct kept *places_of(struct service *s, struct rd mark)
{
	uint64_t h = 0xCBF29CE484222325u;

	/* A mark ends with its signature. */
	for (size_t i = mark.n > 64 ? mark.n - 64 : 0; i < mark.n; i++)
		h = (h ^ mark.p[i]) * 0x100000001B3u;
	return &s->kept[(h ^ h >> 32) % (KEPT / PLACES) * PLACES];
}

/* One that is kept of this mark; NULL: none. */
static struct kept *kept_of(struct service *s, struct rd mark, time_t now)
{
	struct kept *k = places_of(s, mark);

	for (size_t i = 0; i < PLACES; i++)
		if (k[i].until > now && !rd_order(buf_view(&k[i].mark), mark)) /* no secret */
			return &k[i];
	return NULL;
}

static void hand_out(const struct kept *k, struct http_answer *a)
{
	buf_rd(&a->body, buf_view(&k->text));
	a->status = 200;
	a->type = STATUS_TYPE;
}

static void put_said(struct buf *b, const struct registry_mark *m)
{
	buf_reset(b);
	buf_put(b, m->status, strlen(m->status) + 1);
	buf_str(b, m->reason);
}

/*
 * What was written into the register since was about others: what was signed then is what would be
 * signed now. Whoever writes much does not make all statuses be signed anew at once.
 */
static bool says_the_same(
    const struct service *s, const struct kept *k, const struct registry_mark *m)
{
	struct buf now = BUF_INIT(REQUEST_N);
	bool same;

	put_said(&now, m);
	same = buf_rc(&now) == ECERT_OK && k->spoke == s->until &&
	       !rd_order(buf_view(&now), buf_view(&k->says));
	buf_free(&now);
	return same;
}

/* In the place of the one that is over first. */
static void keep(struct service *s, const struct registry_mark *m, time_t now, struct rd text)
{
	struct kept *k = places_of(s, buf_view(&m->text)), *at = k;

	for (size_t i = 1; i < PLACES; i++)
		if (k[i].until < at->until)
			at = &k[i];
	at->until = 0;
	buf_reset(&at->mark);
	buf_reset(&at->text);
	buf_rd(&at->mark, buf_view(&m->text));
	buf_rd(&at->text, text);
	put_said(&at->says, m);
	if (buf_rc(&at->mark) != ECERT_OK || buf_rc(&at->text) != ECERT_OK ||
	    buf_rc(&at->says) != ECERT_OK)
		return;
	at->entries = s->entries;
	at->spoke = s->until;
	/* Those that were asked for at once are not signed anew at once. */
	at->until = now + KEPT_S - (time_t)((size_t)(at - s->kept) % (KEPT_S / 2));
	if (!strcmp(m->status, "active") && at->until > m->exp)
		at->until = (time_t)m->exp;
	if (at->until > s->until)
		at->until = s->until;
}

/* old: what is kept of it, of an older register; NULL: nothing. */
static void sign(
    struct service *s, struct rd mark, time_t now, struct kept *old, struct http_answer *a)
{
	struct registry_mark m = {.text = BUF_INIT(JWS_MAX_SIZE)};
	char sha256[44];
	enum ecert_rc rc = jws_sha256(mark, sha256);

	if (rc == ECERT_OK)
		rc = registry_mark(s->o.r, sha256, now, &m);
	if (rc == ECERT_OK && old && says_the_same(s, old, &m)) {
		old->entries = s->entries;
		hand_out(old, a);
		goto out;
	}
	if (old)
		old->until = 0;
	if (rc == ECERT_OK &&
	    publish_status(s->key, s->o.issuer, &m, now, s->until, &a->body, NULL) == ECERT_OK) {
		keep(s, &m, now, buf_view(&a->body));
		a->status = 200;
		a->type = STATUS_TYPE;
	} else if (rc == ECERT_E_NOT_FOUND) {
		http_refuse(a, 404, "not_found", "this mark was not issued here");
	} else if (rc == ECERT_OK) {
		http_refuse(a, 500, "server_error", "the status could not be signed");
	} else {
		opened_lost(&s->o, a);
	}
out:
	buf_free(&m.text);
}

/*
 * What was signed some seconds ago is handed out again when nothing was written into the register
 * since, or nothing about this mark: it says when it was signed (iat), and is what would be signed
 * now.
 */
void answer_status(void *ctx, const struct http_request *q, struct http_answer *a)
{
	struct service *s = ctx;
	struct buf mark = BUF_INIT(JWS_MAX_SIZE);
	const time_t now = clock_now();
	struct kept *k;

	if (http_field(q->body, "trust_mark", &mark) != ECERT_OK || !buf_len(&mark)) {
		http_refuse(a, 400, "invalid_request", "say which mark: one field trust_mark");
	} else if (service_speaks(s, now, a)) {
		k = kept_of(s, buf_view(&mark), now);
		if (k && k->entries == s->entries)
			hand_out(k, a);
		else
			sign(s, buf_view(&mark), now, k, a);
	}
	buf_free(&mark);
}
