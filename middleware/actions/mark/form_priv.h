/* SPDX-License-Identifier: BSD-2-Clause */
/* What the parts of the form share: a question, and the file that answers go into. */
#ifndef ECERT_ACTIONS_MARK_FORM_PRIV_H
#define ECERT_ACTIONS_MARK_FORM_PRIV_H

#include <jansson.h>

#include "actions/mark/form.h"

#define FORM_PLACE 160

/* What becomes of the line. */
enum form_kind {
	FORM_TEXT,
	FORM_LABEL,  /* a whole number, or a text */
	FORM_VALUE,  /* a number where JSON keeps it as it was written, or a text */
	FORM_NAMES,  /* names with blanks or commas between them */
	FORM_HASH,   /* that of a file which is named, or 64 digits */
	FORM_PERIOD, /* a year, month or day, or two with a slash between */
	FORM_YES
};

/* How it is left out. */
enum form_need { FORM_NEEDED, FORM_OPTIONAL, FORM_NO_MORE };

struct form_row {
	const char *name; /* of the member */
	const char *ask;  /* ids: the question, */
	const char *told; /* and what it is called on the summary */
	enum form_kind kind;
	enum form_need need;
};

struct form {
	const struct job *job;
	const char *file;
	json_t *root;
	char br[17]; /* the certificate's; empty: none is at hand */
	size_t asked;
	bool attended;
	bool over;	   /* no more answers will come */
	enum outcome code; /* what ended it, told already */
};

/* Whether it goes on. */
static inline bool form_goes(const struct form *f)
{
	return !f->over && !f->code;
}

/* Asks for a member of `at`, whose members' places begin with prefix ("cop[3]."), until the answer
 * is right, and keeps the file. usual: what an empty line stands for (NULL: what is there). False:
 * it was left out, or it does not go on. */
bool form_ask(
    struct form *f, json_t *at, const char *prefix, const struct form_row *row, const char *usual);
/* The line that answers a question, with a NUL behind it; line is empty before. False: it does not
 * go on. */
bool form_line(struct form *f, const struct ui_question *q, struct buf *line);
/* What a member shows as; freed by the caller. NULL: it is not there. */
char *form_shown(const json_t *v);
/* Keeps the file as it is now. */
void form_keep(struct form *f);

/* The two lists: rows that follow those that are there, and one again. */
void form_practice(struct form *f);
void form_entries(struct form *f);
void form_practice_again(struct form *f, size_t i);
void form_entry_again(struct form *f, size_t i);

/* What is wrong with a period; NULL: nothing. today: YYYY-MM-DD. */
const char *form_period_wrong(const char *text, const char *today);

#endif
