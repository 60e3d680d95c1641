/* SPDX-License-Identifier: BSD-2-Clause */
/* What is known while a site is drawn, and its pages. */
#ifndef ECERT_PUBLISH_PAGES_H
#define ECERT_PUBLISH_PAGES_H

#include <jansson.h>

#include "publish/manifest.h"
#include "publish/web.h"
#include "publish/publish.h"
#include "publish/words.h"

#define PAGE_MAX   (4u << 20)
#define ROWS_MAX   (1u << 20) /* of one member */
#define HELD_MAX   (16u << 20)
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
	/* For the manifest (publish/manifest.h), over all marks that are on the site. */
	struct buf files;
	uint32_t all;
	int64_t due, signed_at, good, ends;
};

struct news {
	int64_t at, member;
	char company[544], status[16];
};

struct site {
	const struct publish_job *job;
	struct publish_done *out;
	struct files f;
	char base[256], name[256], contact[256], policy[256], report[256], server[256], colour[8];
	time_t until;		 /* the authorisation's end; 0: there is none in force */
	time_t ended;		 /* then: when the last one did; 0: there never was one */
	struct manifest *before; /* what was published the last time; NULL: that is not known */
	bool anew;		 /* all is drawn, whatever it says */
	int64_t since;		 /* entries of the register after this one are new */
	struct member m;
	struct files_part record, csv, json; /* the manifest; the register as data */
	struct {
		int64_t rows, page;
		int64_t before;	 /* rows that were there the last time; -1: nobody knows */
		bool fresh;	 /* something on this page is another one than then */
		struct buf held; /* the page's rows: a number and a manifest_row each */
	} list;
	size_t json_rows;
	json_t
	    *types; /* of which somebody holds an active mark; each is there, and no more; owned */
	struct news news[NEWS_MOST];
	size_t news_n;
};

/* "active" and the like as a word; W_UNSAID when nobody may state any. */
enum word_id status_word(const struct site *s, const char *status);
/* A class for the look: the status, or "unsaid". */
const char *status_class(const struct site *s, const char *status);
/* A mark of this status is over: how long it was granted for is of no use. */
bool status_over(const struct site *s, const char *status);
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
	bool anywhere;	   /* shown in place of any page: all its links begin with up */
};
void page_begin(struct buf *b, const struct page *p);
void page_end(struct buf *b, const struct page *p);
void page_heading(struct buf *b, enum tongue t, enum word_id w);
/* <dt>, and <dd> up to END_TERM. */
void page_term(struct buf *b, enum tongue t, enum word_id w);
#define END_TERM(b) buf_str((b), "</dd>\n")
/* The status of s->m, its days and its domains. */
void draw_status(struct buf *b, const struct site *s, enum tongue t);

/* When no status can be stated: since when, and whom to ask. Nothing when one can. */
void put_ended(struct buf *b, const struct site *s, enum tongue t);
enum ecert_rc put_look(struct site *s) MUST_CHECK;    /* style, script, logo */
enum ecert_rc put_member(struct site *s) MUST_CHECK;  /* the pages of s->m */
enum ecert_rc put_missing(struct site *s) MUST_CHECK; /* 404.html */
/* A page of s->m. */
void draw_member(struct buf *b, const struct site *s, enum tongue t);
/* A member as a row of the register's pages; fresh: another one than the last time, or at another
 * place. Then what is left. */
enum ecert_rc list_member(struct site *s, const struct manifest_member *m, bool fresh) MUST_CHECK;
enum ecert_rc list_end(struct site *s) MUST_CHECK;
/* s->m as rows of data; csv, json and row are appended. */
enum ecert_rc feed_rows(
    const struct site *s, struct buf *csv, struct buf *json, struct buf *row) MUST_CHECK;
enum ecert_rc feeds_begin(struct site *s) MUST_CHECK;
enum ecert_rc feeds_member(struct site *s, const struct manifest_member *m) MUST_CHECK;
/* record has all members in it. */
enum ecert_rc feeds_end(struct site *s) MUST_CHECK;
/* Draws what is to be drawn, and takes the rest from the manifest. */
enum ecert_rc put_members(struct site *s) MUST_CHECK;
/* The whole site is about these marks of the past, too: how long one is shown whose time is over.
 */
#define SHOWN_AFTER (30 * 86400L)
/* A mark of s->m, with its status; a registry_public_fn. */
enum ecert_rc put_mark(void *site, const struct registry_public *p) MUST_CHECK;
void member_clear(struct member *m);

#endif
