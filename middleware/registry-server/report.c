/* SPDX-License-Identifier: BSD-2-Clause */
/* Reports of misuse: the form on a member's page comes here, from whoever saw something. */
#include <stdlib.h>
#include <string.h>

#include "registry-server/service.h"
#include "registry/reports.h"
#include "util/clock.h"
#include "util/text.h"

#define WHO "ecert-registry"

/* ---- what is sent ---- */

struct sent {
	int64_t member;
	enum tongue t;
	char seen[REPORT_SEEN], said[REPORT_SAID];
};

/* Lines become one. False: too long, or not there once. */
static bool field(struct rd form, const char *name, char *out, size_t cap)
{
	struct buf b = BUF_INIT(cap - 1);
	const enum ecert_rc rc = http_field(form, name, &b);
	const struct rd text = buf_view(&b);
	const size_t n = rc == ECERT_OK ? text.n : 0;

	if (n)
		memcpy(out, text.p, n);
	out[n] = '\0';
	for (size_t i = 0; i < n; i++)
		if (strchr("\r\n\t", out[i]))
			out[i] = ' ';
	buf_free(&b);
	return rc == ECERT_OK || rc == ECERT_E_NOT_FOUND;
}

static bool read_form(struct rd form, struct sent *out)
{
	char lang[16], number[20];
	const bool whole = field(form, "lang", lang, sizeof lang) &&
			   field(form, "member", number, sizeof number) &&
			   field(form, "seen", out->seen, sizeof out->seen) &&
			   field(form, "said", out->said, sizeof out->said);

	out->t = TONGUE_EN;
	for (int t = 0; whole && t < TONGUE_COUNT; t++)
		if (!strcmp(lang, tongue_tag((enum tongue)t)))
			out->t = (enum tongue)t;
	if (!whole || !number[0] || strspn(number, "0123456789") != strlen(number))
		return false;
	out->member = strtoll(number, NULL, 10);
	return true;
}

void answer_report(void *ctx, const struct http_request *q, struct http_answer *a)
{
	struct desk *d = ctx;
	struct sent *s = calloc(1, sizeof *s);
	int64_t id;
	int wait;
	enum ecert_rc rc;

	if (!s || !read_form(q->body, s)) {
		page_say(
		    a, s ? 400 : 503, s ? s->t : TONGUE_EN, s ? W_REPORT_WRONG : W_REPORT_LATER);
	} else if (!http_rate_take(&d->reports, q->address, clock_ms(), &wait)) {
		page_say(a, 429, s->t, W_REPORT_LATER);
		a->retry_after = wait;
	} else if (!opened_there(&d->o, a)) {
		page_say(a, 503, s->t, W_REPORT_LATER);
	} else {
		rc = registry_begin(d->o.r, WHO, clock_now());
		if (rc == ECERT_OK)
			rc = registry_end(
			    d->o.r, registry_report(d->o.r, s->member, s->seen, s->said, &id));
		if (rc == ECERT_OK || rc == ECERT_E_EXISTS)
			page_say(a, 201, s->t, W_REPORT_THANKS);
		else if (rc == ECERT_E_ARG || rc == ECERT_E_NOT_FOUND)
			page_say(a, 400, s->t, W_REPORT_WRONG);
		else if (rc == ECERT_E_TIMEOUT)
			page_say(a, 503, s->t, W_REPORT_LATER);
		else
			opened_lost(&d->o, a);
	}
	free(s);
}
