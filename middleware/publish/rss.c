/* SPDX-License-Identifier: BSD-2-Clause */
/* The feed of what changed. */
#include "publish/rss.h"

#include <inttypes.h>
#include <stdio.h>
#include <time.h>

#include "publish/web.h"

void rss_begin(struct buf *b, const char *name, const char *base)
{
	web_put(b,
	    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rss version=\"2.0\"><channel><title>",
	    name, "</title><link>", base, "/</link><description>", word(TONGUE_EN, W_REGISTER), " ",
	    word(TONGUE_HANT, W_REGISTER), "</description>\n");
}

void rss_item(struct buf *b, const char *base, const struct rss_item *i)
{
	const time_t when = (time_t)i->at;
	struct tm tm;
	char at[40] = "", id[24];

	(void)snprintf(id, sizeof id, "%" PRId64, i->member);
	if (gmtime_r(&when, &tm))
		(void)strftime(at, sizeof at, "%a, %d %b %Y %H:%M:%S GMT", &tm);
	web_put(b, "<item><title>", i->company, ": ", word(TONGUE_EN, i->word), " ",
	    word(TONGUE_HANT, i->word), "</title><link>", base, "/m/", id,
	    "/</link><guid isPermaLink=\"false\">", id, "-", i->status, "-", at, "</guid><pubDate>",
	    at, "</pubDate></item>\n");
}

void rss_end(struct buf *b)
{
	buf_str(b, "</channel></rss>\n");
}
