/* SPDX-License-Identifier: BSD-2-Clause */
/* What is said to a person, before it is words: an English sentence as its id, and its parts by
 * name. Whoever shows it words it, in the person's language.
 *
 * Ids are static strings, which po/extract finds where they stand as literals in MSG, MSG_N,
 * MSG_INIT, MSG_ID and in the rows of tables named in po/extract. So:
 * - a literal that is alone in MSG needs nothing more; of a choice, MSG(a ? "..." : "..."), each
 *   side stands in MSG_ID, because only a literal alone is looked at;
 * - what P_WORD is given, an id of a table, a prompt or an argument of a function has MSG_ID where
 *   the literal stands. Without it a part stays English.
 * P_WORD is for words of ours; what somebody outside wrote, and words that are never translated
 * (options' values), are P_TEXT. The name of a file or folder, and what was typed as one, is
 * P_FILE: the system keeps it in the bytes of the person's character set. A message is read only
 * and has no owner but the block around it: it may be used by any thread as long as that block
 * lasts. Free what message_string gives with message_free.
 */
#ifndef ECERT_UTIL_MESSAGE_H
#define ECERT_UTIL_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include "util/buf.h"

enum message_type {
	MESSAGE_END,  /* behind the last one */
	MESSAGE_TEXT, /* from outside: a label, a subject; UTF-8, never translated */
	MESSAGE_FILE, /* a path, as it is opened */
	MESSAGE_WORD, /* an id of its own, for a part that is one of a few phrases of ours */
	MESSAGE_NUMBER,
	MESSAGE_TIME,
	MESSAGE_RC,    /* the sentence of a return code */
	MESSAGE_ERRNO, /* the sentence of the system's error number */
	MESSAGE_INNER  /* another message */
};

struct message;
struct message_words;

struct message_param {
	const char *name; /* as it stands in the id: "file" for {file} */
	enum message_type type;
	const char *text; /* TEXT, FILE and WORD; NULL is written as nothing */
	long long number; /* NUMBER, TIME, RC, ERRNO */
	const struct message *inner;
};

#define MESSAGE_PARAMS 7

struct message {
	const char *id;	 /* "Cannot read {file}: {why}": whole, without a full stop */
	const char *one; /* the same for exactly one of {n}; NULL: there is no such form */
	struct message_param param[MESSAGE_PARAMS];
};

/*
 * A message where it is used: MSG("{file} is empty", P_TEXT("file", path)). It lives as long as the
 * block around it, and its texts are views. MSG_N has the form for one in front: MSG_N("{n} file",
 * "{n} files", count, ...). MSG_INIT initialises a static one.
 */
#define MSG(sentence, ...) (&(const struct message){(sentence), NULL, {__VA_ARGS__}})
#define MSG_N(singular, sentence, count, ...)                                                      \
	(&(const struct message){(sentence), (singular), {P_NUMBER("n", count), __VA_ARGS__}})
#define MSG_EMPTY (&(const struct message){"", NULL, {{0}}})
#define MSG_INIT(sentence)                                                                         \
	{                                                                                          \
		(sentence), NULL,                                                                  \
		{                                                                                  \
			{                                                                          \
				0                                                                  \
			}                                                                          \
		}                                                                                  \
	}
/* What somebody outside wrote, and no word of ours. */
#define MSG_TEXT(value) MSG("{text}", P_TEXT("text", value))
/* A sentence that is kept in a table: marks it for the catalogue, and leaves it as it is. */
#define MSG_ID(sentence) sentence
/* A reason that is kept in a table or a variable until it is told: marks it for the list of all
 * (tests/data/schema/list-reasons), and leaves it as it is. */
#define REASON_ID(word) word

#define P_TEXT(called, value)                                                                      \
	{                                                                                          \
		.name = (called), .type = MESSAGE_TEXT, .text = (value)                            \
	}
#define P_FILE(called, value)                                                                      \
	{                                                                                          \
		.name = (called), .type = MESSAGE_FILE, .text = (value)                            \
	}
#define P_WORD(called, value)                                                                      \
	{                                                                                          \
		.name = (called), .type = MESSAGE_WORD, .text = (value)                            \
	}
#define P_NUMBER(called, value)                                                                    \
	{                                                                                          \
		.name = (called), .type = MESSAGE_NUMBER, .number = (long long)(value)             \
	}
#define P_TIME(called, value)                                                                      \
	{                                                                                          \
		.name = (called), .type = MESSAGE_TIME, .number = (long long)(value)               \
	}
#define P_RC(called, value)                                                                        \
	{                                                                                          \
		.name = (called), .type = MESSAGE_RC, .number = (long long)(value)                 \
	}
#define P_ERRNO(called, value)                                                                     \
	{                                                                                          \
		.name = (called), .type = MESSAGE_ERRNO, .number = (long long)(value)              \
	}
#define P_MSG(called, value)                                                                       \
	{                                                                                          \
		.name = (called), .type = MESSAGE_INNER, .inner = (value)                          \
	}

/*
 * A message that outlives the block where it was made: its ids are static, its texts are copied,
 * and cut with an ellipsis where there is no room. May be copied by assignment; about 600 bytes.
 * Messages inside of it are kept as well, two of them and MESSAGE_KEPT_PARTS parameters in all:
 * one that is too much is kept as English words.
 */
#define MESSAGE_KEPT_TEXT  256
#define MESSAGE_KEPT	   3
#define MESSAGE_KEPT_PARTS 12
struct message_part {
	const char *name;
	enum message_type type;
	union {
		const char *word; /* WORD */
		long long number; /* NUMBER, TIME, RC, ERRNO; TEXT: where it begins in text; INNER:
				     which of the messages */
	};
};
struct message_kept {
	size_t n; /* messages, the outer one first; 0: nothing is kept */
	struct {
		const char *id, *one;
		size_t first, n; /* of its parts */
	} message[MESSAGE_KEPT];
	size_t parts;
	struct message_part part[MESSAGE_KEPT_PARTS];
	size_t used;
	char text[MESSAGE_KEPT_TEXT];
};
void message_keep(struct message_kept *to, const struct message *m);
/* As a message again, to be said with it, or inside of another one: a view of k. */
struct message_view {
	struct message m[MESSAGE_KEPT];
};
const struct message *message_again(const struct message_kept *k, struct message_view *at);
#define MSG_KEPT(kept) message_again((kept), &(struct message_view){{{0}}})
/* As words in English, or in another language: text as it may be shown (util/text.h). */
void message_kept_write(
    const struct message_kept *k, const struct message_words *words, struct buf *out);
/* The same into cap bytes, cut with an ellipsis at a character where they do not suffice. */
void message_kept_text(
    const struct message_kept *k, const struct message_words *words, char *out, size_t cap);

/* How a language words it; a NULL function leaves English, and UTC. */
struct message_words {
	/* The sentence in the person's language, with the same {names}. */
	const char *(*sentence)(const char *id);
	const char *(*counted)(const char *one, const char *many, unsigned long n);
	/* A moment as people read it. */
	void (*moment)(time_t t, char *out, size_t cap);
};

/* How paths of this process become UTF-8, in every message and language: set once, before any. NULL
 * and before: they are UTF-8 already. */
void message_files(void (*write)(const char *path, struct buf *out));

/* Appends the words. A {name} that the message does not have stays as it is; text from outside is
 * written unchanged, so that whoever shows it defuses it (util/text.h). */
void message_write(const struct message *m, const struct message_words *words, struct buf *out);
/* The words as a string, at most MESSAGE_TEXT_MAX bytes, cut at a character; the id when memory is
 * out. Free with message_free. */
#define MESSAGE_TEXT_MAX 65536u
char *message_string(const struct message *m, const struct message_words *words);
void message_free(char *s);

#endif
