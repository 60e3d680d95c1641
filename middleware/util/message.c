/* SPDX-License-Identifier: BSD-2-Clause */
/* Messages to words. */
#include "util/message.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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
		buf_str(out, strerror_r((int)p->number, text, sizeof text));
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
