/* SPDX-License-Identifier: BSD-2-Clause */
/* Messages to words. */
#include "util/message.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "util/text.h"

static const char *worded(const struct message_words *w, const char *id)
{
	return w && w->sentence && *id ? w->sentence(id) : id;
}

static void put_moment(const struct message_words *w, time_t t, struct buf *out)
{
	char text[64] = "?";
	struct tm tm;

	if (w && w->moment)
		w->moment(t, text, sizeof text);
	else if (gmtime_r(&t, &tm))
		(void)strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S UTC", &tm);
	buf_str(out, text);
}

/* The system's catalogue has not every language that ours has: its English sentences are ids, too.
 */
static bool system_known(const char *english)
{
	static const char *const ids[] = {MSG_ID("Operation not permitted"),
	    MSG_ID("No such file or directory"), MSG_ID("Interrupted system call"),
	    MSG_ID("Input/output error"), MSG_ID("No such device or address"),
	    MSG_ID("Bad file descriptor"), MSG_ID("Resource temporarily unavailable"),
	    MSG_ID("Cannot allocate memory"), MSG_ID("Permission denied"),
	    MSG_ID("Device or resource busy"), MSG_ID("File exists"),
	    MSG_ID("Invalid cross-device link"), MSG_ID("No such device"),
	    MSG_ID("Not a directory"), MSG_ID("Is a directory"), MSG_ID("Invalid argument"),
	    MSG_ID("Too many open files in system"), MSG_ID("Too many open files"),
	    MSG_ID("Text file busy"), MSG_ID("File too large"), MSG_ID("No space left on device"),
	    MSG_ID("Illegal seek"), MSG_ID("Read-only file system"), MSG_ID("Too many links"),
	    MSG_ID("Broken pipe"), MSG_ID("File name too long"), MSG_ID("Directory not empty"),
	    MSG_ID("Too many levels of symbolic links"), MSG_ID("Connection refused"),
	    MSG_ID("Connection reset by peer"), MSG_ID("Connection timed out"),
	    MSG_ID("Disk quota exceeded"), MSG_ID("Stale file handle"),
	    MSG_ID("Value too large for defined data type"), MSG_ID("Operation not supported"),
	    MSG_ID("Address already in use")};

	for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++)
		if (!strcmp(english, ids[i]))
			return true;
	return false;
}

static void put_system_error(const struct message_words *w, int error, struct buf *out)
{
	static const char other[] = MSG_ID("error {number} of the system ({words})");
	const char *english = strerrordesc_np(error);

	if (!english)
		english = "?";
	if (system_known(english))
		buf_str(out, worded(w, english));
	else if (worded(w, other) == other) /* English */
		buf_str(out, english);
	else
		message_write(
		    MSG(other, P_NUMBER("number", error), P_TEXT("words", english)), w, out);
}

static void as_it_is(const char *path, struct buf *out)
{
	buf_str(out, path);
}

static void (*write_file)(const char *path, struct buf *out) = as_it_is;

void message_files(void (*write)(const char *path, struct buf *out))
{
	write_file = write ? write : as_it_is;
}

static void put_param(const struct message_param *p, const struct message_words *w, struct buf *out)
{
	char text[256];

	switch (p->type) {
	case MESSAGE_TEXT:
		buf_str(out, p->text ? p->text : "");
		break;
	case MESSAGE_FILE:
		write_file(p->text ? p->text : "", out);
		break;
	case MESSAGE_WORD:
		buf_str(out, worded(w, p->text ? p->text : ""));
		break;
	case MESSAGE_NUMBER:
		snprintf(text, sizeof text, "%lld", p->number);
		buf_str(out, text);
		break;
	case MESSAGE_TIME:
		put_moment(w, (time_t)p->number, out);
		break;
	case MESSAGE_RC:
		buf_str(out, worded(w, ecert_strerror((enum ecert_rc)p->number)));
		break;
	case MESSAGE_ERRNO:
		put_system_error(w, (int)p->number, out);
		break;
	case MESSAGE_INNER:
		if (p->inner)
			message_write(p->inner, w, out);
		break;
	case MESSAGE_END:
		break;
	}
}

/* The parameter that is called so; NULL: the message has none. */
static const struct message_param *param(const struct message *m, const char *name, size_t n)
{
	for (size_t i = 0; i < MESSAGE_PARAMS && m->param[i].type != MESSAGE_END; i++)
		if (strlen(m->param[i].name) == n && !memcmp(m->param[i].name, name, n))
			return &m->param[i];
	return NULL;
}

static const char *sentence(const struct message *m, const struct message_words *w)
{
	const struct message_param *n = m->one ? param(m, "n", 1) : NULL;

	if (!n)
		return worded(w, m->id);
	if (w && w->counted)
		return w->counted(m->one, m->id, (unsigned long)n->number);
	return n->number == 1 ? m->one : m->id;
}

void message_write(const struct message *m, const struct message_words *words, struct buf *out)
{
	const char *s = sentence(m, words);

	while (*s) {
		size_t plain = strcspn(s, "{"), n = s[plain] ? strcspn(s + plain, "}") : 0;
		const struct message_param *p = n && s[plain + n] ? param(m, s + plain + 1, n - 1)
								  : NULL;

		buf_put(out, s, plain);
		s += plain;
		if (p) {
			put_param(p, words, out);
			s += n + 1;
		} else if (*s) {
			buf_u8(out, (uint8_t)*s++);
		}
	}
}

char *message_string(const struct message *m, const struct message_words *words)
{
	struct buf b = BUF_INIT(MESSAGE_TEXT_MAX);
	struct rd text;
	char *out;

	message_write(m, words, &b);
	text = buf_view(&b);
	if (buf_rc(&b) != ECERT_OK)
		out = strdup(m->id);
	else
		out = text.n ? strndup((const char *)text.p, text.n) : strdup("");
	buf_free(&b);
	return out;
}

void message_free(char *s)
{
	free(s);
}

/* ---- kept ---- */

static const char more[] = "\xE2\x80\xA6";

/* Shown as cut, since the end may be where two differ: as much of s as leaves room for the ellipsis
 * in room bytes. */
static void cut(char *s, size_t room)
{
	size_t n = room > sizeof more - 1 ? room - (sizeof more - 1) : 0;

	s[n] = 0;
	text_scrub(s);
	n = strlen(s);
	if (room >= n + sizeof more - 1)
		memcpy(s + n, more, sizeof more);
}

/* A copy of the text, which begins where the part's number says. */
static void keep_text(struct message_kept *k, struct message_part *p, const char *text)
{
	size_t n = strlen(text), room = sizeof k->text - 1 - k->used;
	char *to = k->text + k->used;

	p->type = MESSAGE_TEXT;
	p->number = (long long)k->used;
	memcpy(to, text, n > room ? room : n);
	to[n > room ? room : n] = 0;
	if (n > room)
		cut(to, room);
	else
		text_mask(to);
	n = strlen(to);
	k->used += n + (k->used + n + 1 < sizeof k->text);
}

/* As text: a path has its own bytes only as long as somebody may open it. */
static void keep_file(struct message_kept *k, struct message_part *p, const char *path)
{
	struct buf b = BUF_INIT(MESSAGE_TEXT_MAX);

	write_file(path, &b);
	buf_u8(&b, 0);
	keep_text(k, p, buf_rc(&b) == ECERT_OK ? (const char *)buf_view(&b).p : path);
	buf_free(&b);
}

static size_t params(const struct message *m)
{
	size_t n = 0;

	while (n < MESSAGE_PARAMS && m->param[n].type != MESSAGE_END)
		n++;
	return n;
}

static bool has_room(const struct message_kept *k, const struct message *m)
{
	return k->n < MESSAGE_KEPT && params(m) <= MESSAGE_KEPT_PARTS - k->parts;
}

/* Which of the messages it became. */
static size_t keep(struct message_kept *k, const struct message *m)
{
	size_t at = k->n++, first = k->parts, n = params(m);

	k->message[at].id = m->id;
	k->message[at].one = m->one;
	k->message[at].first = first;
	k->message[at].n = n;
	k->parts += n;
	for (size_t i = 0; i < n; i++) {
		const struct message_param *from = &m->param[i];
		struct message_part *p = &k->part[first + i];
		char *words = NULL;

		*p = (struct message_part){.name = from->name, .type = from->type};
		if (from->type == MESSAGE_WORD) {
			p->word = from->text;
		} else if (from->type == MESSAGE_TEXT) {
			keep_text(k, p, from->text ? from->text : "");
		} else if (from->type == MESSAGE_FILE) {
			keep_file(k, p, from->text ? from->text : "");
		} else if (from->type != MESSAGE_INNER) {
			p->number = from->number;
		} else if (from->inner && has_room(k, from->inner)) {
			p->number = (long long)keep(k, from->inner);
		} else {
			words = from->inner ? message_string(from->inner, NULL) : NULL;
			keep_text(k, p, words ? words : "");
		}
		message_free(words);
	}
	return at;
}

void message_keep(struct message_kept *to, const struct message *m)
{
	*to = (struct message_kept){.n = 0};
	(void)keep(to, m);
}

const struct message *message_again(const struct message_kept *k, struct message_view *at)
{
	*at = (struct message_view){{{.id = ""}}};
	for (size_t i = 0; i < k->n; i++) {
		at->m[i] = (struct message){.id = k->message[i].id, .one = k->message[i].one};
		for (size_t n = 0; n < k->message[i].n; n++) {
			const struct message_part *from = &k->part[k->message[i].first + n];
			struct message_param *p = &at->m[i].param[n];

			*p = (struct message_param){.name = from->name, .type = from->type};
			if (from->type == MESSAGE_TEXT)
				p->text = k->text + from->number;
			else if (from->type == MESSAGE_WORD)
				p->text = from->word;
			else if (from->type == MESSAGE_INNER)
				p->inner = &at->m[from->number];
			else
				p->number = from->number;
		}
	}
	return &at->m[0];
}

void message_kept_write(
    const struct message_kept *k, const struct message_words *words, struct buf *out)
{
	struct message_view at;

	message_write(message_again(k, &at), words, out);
}

/* English words that stand in the program, with nothing to be put in. */
static const char *plain(const struct message_kept *k, const struct message_words *words)
{
	const char *id = k->n ? k->message[0].id : "";

	return words || (k->n && k->message[0].one) || strchr(id, '{') ? NULL : id;
}

void message_kept_text(
    const struct message_kept *k, const struct message_words *words, char *out, size_t cap)
{
	struct message_view at;
	const char *simple = plain(k, words);
	char *s = simple ? NULL : message_string(message_again(k, &at), words);
	const char *text = simple ? simple : s ? s : "";
	size_t n = strlen(text), room = cap - 1;

	memcpy(out, text, n > room ? room : n);
	out[n > room ? room : n] = 0;
	if (n > room)
		cut(out, room);
	else
		text_scrub(out);
	message_free(s);
}
