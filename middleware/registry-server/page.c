/* SPDX-License-Identifier: BSD-2-Clause */
/* Pages for people who meet the server itself: with the site's own style, and nothing of theirs. */
#include "publish/web.h"
#include "registry-server/service.h"

/* Every address of the server's is in one folder of the site's root. */
#define UP "../"

static void begin(struct buf *b, enum tongue t, enum word_id title)
{
	web_put(b, "<!doctype html>\n<html lang=\"", tongue_tag(t),
	    "\">\n<head><meta charset=\"utf-8\"><meta name=\"viewport\" "
	    "content=\"width=device-width, initial-scale=1\"><meta name=\"robots\" "
	    "content=\"noindex\"><title>",
	    word(t, title),
	    "</title><link rel=\"stylesheet\" href=\"" UP "style.css\"></head>\n"
	    "<body><main class=\"wide\">");
}

/* A heading, a sentence and the way back. */
static void put(struct buf *b, enum tongue t, enum word_id title, enum word_id w)
{
	web_put(b, "<h1>", word(t, title), "</h1>\n<p class=\"copy\">", word(t, w),
	    "</p>\n<p><a href=\"" UP, tongue_file(t), "\">", word(t, W_BACK), "</a></p>");
}

static void end(struct buf *b)
{
	buf_str(b, "</main></body>\n</html>\n");
}

void page_say(struct http_answer *a, int status, enum tongue t, enum word_id w)
{
	a->status = status;
	a->type = HTTP_HTML;
	a->max_age = 0;
	a->retry_after = status == 503 ? RETRY_S : 0;
	a->refused = false;
	buf_reset(&a->body);
	begin(&a->body, t, W_MISUSE);
	put(&a->body, t, W_MISUSE, w);
	end(&a->body);
}

/* Nobody knows which language is read. */
static void put_all(struct buf *b, enum word_id title, enum word_id w)
{
	begin(b, TONGUE_EN, title);
	for (int t = 0; t < TONGUE_COUNT; t++) {
		web_put(b, "<section lang=\"", tongue_tag((enum tongue)t), "\">");
		put(b, (enum tongue)t, title, w);
		buf_str(b, "</section>\n");
	}
	end(b);
}

void page_unsaid(struct http_answer *a)
{
	put_all(&a->body, W_UNSAID, W_UNSAID_LONG);
}

void page_later(struct http_answer *a)
{
	put_all(&a->body, W_LATER, W_LATER_LONG);
}
