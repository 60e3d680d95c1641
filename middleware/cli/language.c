/* SPDX-License-Identifier: BSD-2-Clause */
/* The language of whoever runs this, and conversion at the terminal. */
#include "cli/language.h"

#include <errno.h>
#include <iconv.h>
#include <langinfo.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "util/hex.h"
#include "util/message.h"
#include "util/text.h"

static char charset[64]; /* of the terminal, when it is not UTF-8; else "" */
static char locales[2][64];

/* Standard output or standard error of such a terminal. */
struct screen {
	int fd;
	bool bytes; /* as they are */
	iconv_t to;
	char rest[4]; /* the beginning of a character whose end was not written yet */
	size_t rest_n;
};
static struct screen screens[2];

/* ---- converting ---- */

/* Converts all of it; what the other side does not have becomes '?'. Returns how much of in is the
 * beginning of a character without its end. */
static size_t convert(iconv_t cd, const char *in, size_t n, char **out, size_t room)
{
	char *from = (char *)(uintptr_t)in;

	while (n) {
		size_t skip;
		uint32_t cp;

		if (iconv(cd, &from, &n, out, &room) != (size_t)-1 || errno == E2BIG)
			return 0;
		if (errno == EINVAL)
			return n;
		skip = text_char(rd_of(from, n), &cp);
		skip = skip ? skip : 1;
		from += skip;
		n -= skip;
		if (room) {
			*(*out)++ = '?';
			room--;
		}
	}
	return 0;
}

static bool write_whole(int fd, const char *p, size_t n)
{
	while (n) {
		ssize_t did = write(fd, p, n);

		if (did < 0 && errno != EINTR)
			return false;
		if (did > 0) {
			p += did;
			n -= (size_t)did;
		}
	}
	return true;
}

static ssize_t show(void *cookie, const char *text, size_t n)
{
	struct screen *s = cookie;
	size_t all = s->rest_n + n, room = 2 * all + 16, rest;
	char *in = malloc(all + 1), *out = malloc(room), *end = out;
	bool good = in && out;

	if (s->bytes && good) {
		good = write_whole(s->fd, text, n);
	} else if (good) {
		memcpy(in, s->rest, s->rest_n);
		memcpy(in + s->rest_n, text, n);
		rest = convert(s->to, in, all, &end, room);
		rest = rest < sizeof s->rest ? rest : 0;
		memcpy(s->rest, in + all - rest, rest);
		s->rest_n = rest;
		good = write_whole(s->fd, out, (size_t)(end - out));
	}
	free(in);
	free(out);
	return good ? (ssize_t)n : 0;
}

static FILE *screen_open(struct screen *s, int fd, FILE *was)
{
	const cookie_io_functions_t calls = {.write = show};
	FILE *f;

	*s = (struct screen){.fd = fd, .to = iconv_open(charset, "UTF-8")};
	if (s->to == (iconv_t)-1)
		return was;
	f = fopencookie(s, "w", calls);
	if (!f)
		return was;
	(void)setvbuf(f, NULL, _IOLBF, 0);
	return f;
}

void language_bytes(bool on)
{
	if (!*charset)
		return;
	(void)fflush(stdout);
	screens[0].bytes = on;
}

/* A whole text from one character set to the other, or NULL. */
static char *converted(const char *to, const char *from, const char *text, bool strict)
{
	iconv_t cd = iconv_open(to, from);
	size_t n = strlen(text), room = 4 * n + 1;
	char *out = cd == (iconv_t)-1 ? NULL : malloc(room), *end = out, *at;

	if (out && strict) {
		at = (char *)(uintptr_t)text;
		room--;
		if (iconv(cd, &at, &n, &end, &room) == (size_t)-1) {
			free(out);
			out = NULL;
		}
	} else if (out) {
		(void)convert(cd, text, n, &end, room - 1);
	}
	if (out)
		*end = 0;
	if (cd != (iconv_t)-1)
		iconv_close(cd);
	return out;
}

char *language_output(const char *text)
{
	return *charset ? converted(charset, "UTF-8", text, false) : NULL;
}

const char *language_input(const char *typed)
{
	static struct kept {
		struct kept *next;
		char *text;
	} * all;
	struct kept *k;
	char *text = *charset && typed ? converted("UTF-8", charset, typed, true) : NULL;

	if (!text)
		return typed;
	k = malloc(sizeof *k);
	if (!k) {
		free(text);
		return typed;
	}
	*k = (struct kept){all, text};
	all = k;
	return text;
}

void language_file(const char *path, struct buf *out)
{
	iconv_t cd = *charset ? iconv_open("UTF-8", charset) : (iconv_t)-1;
	char *from = (char *)(uintptr_t)path, piece[512];
	size_t n = strlen(path);

	if (cd == (iconv_t)-1) {
		buf_str(out, path);
		return;
	}
	while (n) {
		char *to = piece;
		size_t room = sizeof piece;
		bool stuck = iconv(cd, &from, &n, &to, &room) == (size_t)-1 && errno != E2BIG;

		buf_put(out, piece, sizeof piece - room);
		if (stuck) {
			buf_str(out, "\\x");
			hex_put(out, rd_of(from, 1));
			from++;
			n--;
		}
	}
	iconv_close(cd);
}

void language_secret(struct pin *p)
{
	struct pin wide = {.text = NULL};
	iconv_t cd;
	char *from = p->text, *to;
	size_t n = p->n, room = PIN_TEXT_MAX;

	if (!*charset || !n || pin_new(&wide) != ECERT_OK)
		return;
	cd = iconv_open("UTF-8", charset);
	to = wide.text;
	if (cd != (iconv_t)-1) {
		if (iconv(cd, &from, &n, &to, &room) != (size_t)-1) {
			p->n = PIN_TEXT_MAX - room;
			memcpy(p->text, wide.text, p->n);
			p->text[p->n] = 0;
		}
		iconv_close(cd);
	}
	pin_free(&wide);
}

/* ---- the language ---- */

static void keep_locale(int category, char out[64])
{
	const char *name = setlocale(category, NULL);

	snprintf(out, 64, "%s", name ? name : "C");
}

void language_begin(void)
{
	const char *set;

	/* Numbers, their order and dates stay as they are in files and JSON: only what is said and
	 * how it is written follow the person. */
	if (!setlocale(LC_CTYPE, ""))
		(void)setlocale(LC_CTYPE, "C.UTF-8");
	(void)setlocale(LC_MESSAGES, "");
	keep_locale(LC_CTYPE, locales[0]);
	keep_locale(LC_MESSAGES, locales[1]);
	set = nl_langinfo(CODESET);
	if (strcmp(set, "UTF-8") != 0) {
		if (strcmp(set, "ANSI_X3.4-1968") != 0)
			snprintf(charset, sizeof charset, "%s", set);
		(void)setlocale(LC_CTYPE, "C.UTF-8");
	}
	language_catalogue();
	message_files(language_file);
	if (*charset) {
		stdout = screen_open(&screens[0], STDOUT_FILENO, stdout);
		stderr = screen_open(&screens[1], STDERR_FILENO, stderr);
	}
}

const char *language_locale(int category)
{
	return *locales[category == LC_MESSAGES] ? locales[category == LC_MESSAGES] : "C";
}
