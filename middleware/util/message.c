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

/* The system has its own catalogue, which follows the locale; English has to stay English. */
static const char *system_error(const struct message_words *w, int error, char *text, size_t cap)
{
	const char *english = w && w->sentence ? NULL : strerrordesc_np(error);

	return english ? english : strerror_r(error, text, cap);
}

static void put_param(const struct message_param *p, const struct message_words *w, struct buf *out)
{
	char text[256];

	switch (p->type) {
	case MESSAGE_TEXT:
		buf_str(out, p->text ? p->text : "");
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
		buf_str(out, system_error(w, (int)p->number, text, sizeof text));
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
	out = buf_rc(&b) ? strdup(m->id) : strndup((const char *)text.p, text.n);
	if (!text.n && !buf_rc(&b)) {
		free(out);
		out = strdup("");
	}
	buf_free(&b);
	return out;
}

void message_free(char *s)
{
	free(s);
}

/* ---- kept ---- */

/* A copy of the text; where it begins in k->text stands in the parameter's number. */
static void keep_text(struct message_kept *k, struct message_param *p, const char *text)
{
	static const char more[] = "\xE2\x80\xA6";
	size_t n = strlen(text), room = sizeof k->text - 1 - k->used;

	p->text = NULL;
	p->number = (long long)k->used;
	if (n > room) {
		/* Shown as cut: the end may be where two differ. */
		n = room > sizeof more - 1 ? room - (sizeof more - 1) : 0;
		memcpy(k->text + k->used, text, n);
		k->text[k->used + n] = 0;
		text_scrub(k->text + k->used);
		n = strlen(k->text + k->used);
		if (room >= n + sizeof more - 1) {
			memcpy(k->text + k->used + n, more, sizeof more);
			n += sizeof more - 1;
		}
	} else {
		memcpy(k->text + k->used, text, n);
		k->text[k->used + n] = 0;
		text_mask(k->text + k->used);
	}
	k->used += n + (k->used + n + 1 < sizeof k->text);
}

static void keep_params(struct message_kept *k, struct message *to, const struct message *m)
{
	*to = *m;
	for (size_t i = 0; i < MESSAGE_PARAMS && to->param[i].type != MESSAGE_END; i++) {
		struct message_param *p = &to->param[i];
		char *words = NULL;

		if (p->type == MESSAGE_INNER && to == &k->m && p->inner && !k->inner.id) {
			keep_params(k, &k->inner, p->inner);
			p->inner = NULL; /* found again when it is written */
			continue;
		}
		if (p->type == MESSAGE_INNER) {
			words = p->inner ? message_string(p->inner, NULL) : NULL;
			p->type = MESSAGE_TEXT;
		}
		if (p->type == MESSAGE_TEXT)
			keep_text(k, p, words ? words : p->text ? p->text : "");
		message_free(words);
	}
}

void message_keep(struct message_kept *to, const struct message *m)
{
	*to = (struct message_kept){.used = 0};
	keep_params(to, &to->m, m);
}

/* The parameters with their texts where they are now. */
static void point(const struct message_kept *k, const struct message *from, struct message *to)
{
	*to = *from;
	for (size_t i = 0; i < MESSAGE_PARAMS && to->param[i].type != MESSAGE_END; i++)
		if (to->param[i].type == MESSAGE_TEXT)
			to->param[i].text = k->text + to->param[i].number;
}

void message_kept_write(
    const struct message_kept *k, const struct message_words *words, struct buf *out)
{
	struct message m, inner;

	if (!k->m.id)
		return;
	point(k, &k->m, &m);
	point(k, &k->inner, &inner);
	for (size_t i = 0; i < MESSAGE_PARAMS && m.param[i].type != MESSAGE_END; i++)
		if (m.param[i].type == MESSAGE_INNER && k->inner.id)
			m.param[i].inner = &inner;
	message_write(&m, words, out);
}
