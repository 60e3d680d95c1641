/* SPDX-License-Identifier: BSD-2-Clause */
/* What changed, as RSS 2.0. */
#ifndef ECERT_PUBLISH_RSS_H
#define ECERT_PUBLISH_RSS_H

#include <stdint.h>

#include "publish/words.h"
#include "util/buf.h"

/* What a status is called on pages; W_UNSAID for none of them. */
enum word_id word_of_status(const char *status);

struct rss_item {
	int64_t at, member;
	const char *company, *status;
	enum word_id word; /* what is said of the status */
};
/* base: where the pages are. */
void rss_begin(struct buf *b, const char *name, const char *base);
void rss_item(struct buf *b, const char *base, const struct rss_item *i);
void rss_end(struct buf *b);

#endif
