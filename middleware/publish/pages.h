/* SPDX-License-Identifier: BSD-2-Clause */
/* What is known while a site is drawn, and its pages. */
#ifndef ECERT_PUBLISH_PAGES_H
#define ECERT_PUBLISH_PAGES_H

#include <jansson.h>

#include "publish/files.h"
#include "publish/web.h"
#include "publish/publish.h"
#include "publish/words.h"

#define PAGE_MAX   (4u << 20)
#define LIST_MAX   (256u << 20)
#define LIST_ROWS  500 /* of a page of the register */
#define MARKS_MOST 16  /* of a member, each of another type */
#define NEWS_MOST  40

/* The newest mark of a type, as the signed status says it. */
struct shown {
	char type[256], sha256[44], status[16], reason[512];
	int64_t first, since, exp;
	int64_t stated, counts; /* the status: signed, and good until; 0: none was */
};

struct member {
	int64_t id; /* 0: none yet */
	char merchant[256], company[544], br[17];
	json_t *claims; /* of the request; owned */
	size_t n;
	struct shown marks[MARKS_MOST];
};

struct news {
	int64_t at, member;
	char company[544], status[16];
};

struct site {
	const struct publish_job *job;
	struct publish_done *out;
	struct files f;
	char base[256], name[256], contact[256], policy[256], report[256], colour[8];
	time_t until; /* the authorisation's end; 0: there is none in force */
	struct member m;
	struct {
		size_t rows, page;
		struct buf html[TONGUE_COUNT], csv, json;
	} list;
	json_t *holders; /* type -> [sub] of active marks */
	struct news news[NEWS_MOST];
	size_t news_n;
};

/* "active" and the like as a word; W_UNSAID when nobody may state any. */
enum word_id status_word(const struct site *s, const char *status);
/* A class for the look: the status, or "unsaid". */
const char *status_class(const struct site *s, const char *status);
/* The member's mark that stands best: an active one before the others. */
const struct shown *member_best(const struct member *m);
/* A claim of the member's request. */
const json_t *member_said(const struct member *m, const char *name);

/* up: "../" for each folder that the page is below the site; names: the page in each language. */
struct page {
	const struct site *s;
	enum tongue t;
	const char *up;
	const char *title; /* NULL: the issuer's name alone */
	bool live;	   /* has a script for what gets stale */
};
void page_begin(struct buf *b, const struct page *p);
void page_end(struct buf *b, const struct page *p);

enum ecert_rc put_look(struct site *s) MUST_CHECK;   /* style, script, logo */
enum ecert_rc put_member(struct site *s) MUST_CHECK; /* the pages of s->m */
/* s->m as a row of everything that lists; then what is left of it. */
enum ecert_rc list_member(struct site *s) MUST_CHECK;
enum ecert_rc list_end(struct site *s) MUST_CHECK;
void feed_member(struct site *s);
enum ecert_rc feeds_end(struct site *s) MUST_CHECK;

#endif
