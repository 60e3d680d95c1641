/* SPDX-License-Identifier: BSD-2-Clause */
/* PIN sources: environment, file, terminal, pinentry. */
#include "cli/pin.h"

#include <stdlib.h>
#include <string.h>

#include "cli/guard.h"
#include "util/mem.h"

#define PIN_ROUNDS 3 /* times that a person may enter a new secret */

enum ecert_rc pin_new(struct pin *p)
{
	void *page;
	enum ecert_rc rc;

	*p = (struct pin){0};
	guard_secrets();
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

static enum ecert_rc ask_once(
    const struct pin_source *src, const struct pin_ask *ask, struct pin *out)
{
	switch (src->kind) {
	case PIN_ENV:
		return from_env(src->arg, out);
	case PIN_FILE:
		return pin_from_file(src->arg, ask, out);
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
	again.error = NULL;
	rc = ask_once(src, &again, &second);
	if (!rc && !rd_equal(pin_view(first), pin_view(&second)))
		rc = ECERT_E_DATA;
	pin_free(&second);
	return rc;
}

/* One entry, and the second where it is wanted. *error: why a person should be asked anew. */
static enum ecert_rc get_once(const struct pin_source *src, const struct pin_ask *ask,
    bool interactive, struct pin *out, const char **error)
{
	enum ecert_rc rc = ask_once(src, ask, out);

	*error = NULL;
	if (!rc && !out->n && !ask->may_be_empty)
		rc = ECERT_E_PIN_FORMAT;
	if (!rc && memchr(out->text, 0, out->n)) /* would end it early where text is wanted */
		rc = ECERT_E_MALFORMED;
	if (!interactive || (rc && rc != ECERT_E_PIN_FORMAT))
		return rc;
	/* The rule before the second entry, not after it. */
	*error = ask->flaw ? ask->flaw(out, ask) : NULL;
	if (*error || rc || !ask->twice)
		return rc;
	rc = ask_again(src, ask, out);
	if (rc == ECERT_E_DATA)
		*error = "The two entries differ.";
	return rc;
}

enum ecert_rc pin_get(const struct pin_source *src, const struct pin_ask *ask, struct pin *out)
{
	bool interactive = src->kind == PIN_PROMPT || src->kind == PIN_PINENTRY;
	struct pin_ask now = *ask;
	const char *error;
	enum ecert_rc rc = pin_new(out);

	if (rc)
		return rc;
	for (unsigned round = 1; round <= PIN_ROUNDS; round++) {
		rc = get_once(src, &now, interactive, out, &error);
		if (!error)
			break;
		now.error = error;
	}
	if (rc)
		pin_free(out);
	return rc;
}
