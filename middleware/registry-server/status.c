/* SPDX-License-Identifier: BSD-2-Clause */
/* The status of a mark (OpenID Federation 1.0, 8.4). */
#include <string.h>

#include "document/jose/jws.h"
#include "publish/publish.h"
#include "registry-server/service.h"
#include "util/clock.h"

#define STATUS_TYPE "application/trust-mark-status-response+jwt"

/* Where the status of a mark may be kept: one place for each, by the hash's own digits. */
static struct kept *place_of(struct service *s, const char sha256[44])
{
	size_t n = 0;

	for (size_t i = 0; i < 8; i++)
		n = n * 61 + (uint8_t)sha256[i];
	return &s->kept[n % KEPT];
}

/*
 * What was signed some seconds ago is handed out again when nothing was written into the register
 * since: it says when it was signed (iat), and is what would be signed now.
 */
static bool still_true(
    const struct service *s, const struct kept *k, const char *sha256, time_t now)
{
	return k->until > now && k->entries == s->entries && !strcmp(k->sha256, sha256);
}

static void keep(
    struct service *s, struct kept *k, const struct registry_mark *m, time_t now, struct rd text)
{
	k->until = 0;
	buf_reset(&k->text);
	buf_rd(&k->text, text);
	if (buf_rc(&k->text) != ECERT_OK)
		return;
	memcpy(k->sha256, m->sha256, sizeof k->sha256);
	k->entries = s->entries;
	k->until = now + KEPT_S;
	if (!strcmp(m->status, "active") && k->until > m->exp)
		k->until = (time_t)m->exp;
	if (k->until > s->until)
		k->until = s->until;
}

static void sign(struct service *s, const char *sha256, time_t now, struct http_answer *a)
{
	struct registry_mark m;
	enum ecert_rc rc = registry_mark(s->o.r, sha256, now, &m);

	if (rc == ECERT_OK &&
	    publish_status(s->key, s->o.issuer, &m, now, s->until, &a->body) == ECERT_OK) {
		keep(s, place_of(s, sha256), &m, now, buf_view(&a->body));
		a->status = 200;
		a->type = STATUS_TYPE;
	} else if (rc == ECERT_E_NOT_FOUND) {
		http_refuse(a, 404, "not_found", "this mark was not issued here");
	} else if (rc == ECERT_OK) {
		http_refuse(a, 500, "server_error", "the status could not be signed");
	} else {
		opened_lost(&s->o, a);
	}
	buf_free(&m.text);
}

void answer_status(void *ctx, const struct http_request *q, struct http_answer *a)
{
	struct service *s = ctx;
	struct buf mark = BUF_INIT(JWS_MAX_SIZE);
	const time_t now = clock_now();
	const struct kept *k;
	char sha256[44];

	if (http_field(q->body, "trust_mark", &mark) != ECERT_OK || !buf_len(&mark)) {
		http_refuse(a, 400, "invalid_request", "say which mark: one field trust_mark");
	} else if (jws_sha256(buf_view(&mark), sha256) != ECERT_OK) {
		http_refuse(a, 500, "server_error", "the mark could not be looked up");
	} else if (service_speaks(s, now, a)) {
		k = place_of(s, sha256);
		if (still_true(s, k, sha256, now)) {
			buf_rd(&a->body, buf_view(&k->text));
			a->status = 200;
			a->type = STATUS_TYPE;
		} else {
			sign(s, sha256, now, a);
		}
	}
	buf_free(&mark);
}
