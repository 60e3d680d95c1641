/* SPDX-License-Identifier: BSD-2-Clause */
/* PIN sources: environment, file, terminal, pinentry. */
#include "cli/pin.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "util/mem.h"

enum ecert_rc pin_new(struct pin *p)
{
	void *page;
	enum ecert_rc rc;

	*p = (struct pin){0};
	rc = secret_alloc(PIN_TEXT_MAX + 1, &page);
	if (!rc)
		p->text = page;
	return rc;
}

void pin_free(struct pin *p)
{
	secret_free(p->text, PIN_TEXT_MAX + 1);
	*p = (struct pin){0};
}

enum ecert_rc pin_set(struct pin *p, struct rd text)
{
	enum ecert_rc rc;

	if (text.n > PIN_TEXT_MAX)
		return ECERT_E_TOO_LARGE;
	if (!p->text) {
		rc = pin_new(p);
		if (rc)
			return rc;
	}
	mem_wipe(p->text, PIN_TEXT_MAX + 1);
	if (text.n)
		memcpy(p->text, text.p, text.n);
	p->n = text.n;
	return ECERT_OK;
}

struct rd pin_view(const struct pin *p)
{
	/* An empty PIN must not look like "no PIN" (a NULL view asks for the reader's key pad). */
	return (struct rd){(const uint8_t *)(p->text ? p->text : ""), p->n};
}

enum ecert_rc pin_source_parse(const char *text, struct pin_source *out)
{
	static const struct {
		const char *word;
		enum pin_kind kind;
		bool takes;
	} kinds[] = {
	    {"prompt", PIN_PROMPT, false},
	    {"pinentry", PIN_PINENTRY, false},
	    {"env:", PIN_ENV, true},
	    {"file:", PIN_FILE, true},
	};

	*out = (struct pin_source){PIN_PROMPT, NULL};
	if (!text)
		return ECERT_OK;
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
		size_t n = strlen(kinds[i].word);

		if (strncmp(text, kinds[i].word, n) || (kinds[i].takes ? !text[n] : text[n] != 0))
			continue;
		*out = (struct pin_source){kinds[i].kind, kinds[i].takes ? text + n : NULL};
		return ECERT_OK;
	}
	return ECERT_E_ARG;
}

static enum ecert_rc from_env(const char *name, struct pin *out)
{
	const char *value = getenv(name);

	return value ? pin_set(out, rd_of(value, strlen(value))) : ECERT_E_NOT_FOUND;
}

/* Up to the first line's end. One byte over the limit is read to notice what is too long. */
static enum ecert_rc from_file(const char *path, struct pin *out)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	ssize_t got = 0;
	size_t n = 0;

	if (fd < 0)
		return ECERT_E_IO;
	while (n < PIN_TEXT_MAX + 1) {
		got = read(fd, out->text + n, PIN_TEXT_MAX + 1 - n);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			break;
		n += (size_t)got;
	}
	close(fd);
	if (got < 0)
		return ECERT_E_IO;
	n = (size_t)((char *)memchr(out->text, '\n', n) ?: out->text + n) - (size_t)out->text;
	if (n && out->text[n - 1] == '\r')
		n--;
	if (n > PIN_TEXT_MAX)
		return ECERT_E_TOO_LARGE;
	mem_wipe(out->text + n, PIN_TEXT_MAX + 1 - n);
	out->n = n;
	return ECERT_OK;
}

static enum ecert_rc ask_once(
    const struct pin_source *src, const struct pin_ask *ask, struct pin *out)
{
	switch (src->kind) {
	case PIN_ENV:
		return from_env(src->arg, out);
	case PIN_FILE:
		return from_file(src->arg, out);
	case PIN_PINENTRY:
		return pinentry_ask(ask, out);
	case PIN_PROMPT:
		return tty_ask(ask, out);
	}
	return ECERT_E_INTERNAL;
}

static enum ecert_rc ask_again(
    const struct pin_source *src, const struct pin_ask *ask, const struct pin *first)
{
	struct pin_ask again = *ask;
	struct pin second;
	enum ecert_rc rc = pin_new(&second);

	if (rc)
		return rc;
	again.prompt = "Once more";
	rc = ask_once(src, &again, &second);
	if (!rc && !rd_equal(pin_view(first), pin_view(&second)))
		rc = ECERT_E_DATA;
	pin_free(&second);
	return rc;
}

enum ecert_rc pin_get(const struct pin_source *src, const struct pin_ask *ask, struct pin *out)
{
	bool interactive = src->kind == PIN_PROMPT || src->kind == PIN_PINENTRY;
	enum ecert_rc rc = pin_new(out);

	if (rc)
		return rc;
	rc = ask_once(src, ask, out);
	if (!rc && !out->n && !ask->may_be_empty)
		rc = ECERT_E_PIN_FORMAT;
	if (!rc && memchr(out->text, 0, out->n)) /* would end it early where text is wanted */
		rc = ECERT_E_MALFORMED;
	if (!rc && ask->twice && interactive)
		rc = ask_again(src, ask, out);
	if (rc)
		pin_free(out);
	return rc;
}
