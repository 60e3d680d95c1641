/* SPDX-License-Identifier: BSD-2-Clause */
/* PIN sources: environment, file, terminal, pinentry. */
#include "client/pin.h"

#include <stdlib.h>
#include <string.h>

#define PIN_ROUNDS 3 /* times that a person may enter a new secret */

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
    const struct ui *ui, const struct pin_source *src, const struct pin_ask *ask, struct pin *out)
{
	struct pin_ask in_window = *ask;

	switch (src->kind) {
	case PIN_ENV:
		return from_env(src->arg, out);
	case PIN_FILE:
		return pin_from_file(src->arg, ask, out);
	case PIN_PINENTRY:
		in_window.window = true;
		return ui_ask_secret(ui, &in_window, out);
	case PIN_PROMPT:
		return ui_ask_secret(ui, ask, out);
	}
	return ECERT_E_INTERNAL;
}

static enum ecert_rc ask_again(const struct ui *ui, const struct pin_source *src,
    const struct pin_ask *ask, const struct pin *first)
{
	struct pin_ask again = *ask;
	struct pin second;
	enum ecert_rc rc = pin_new(&second);

	if (rc != ECERT_OK)
		return rc;
	again.prompt = MSG_ID("Once more");
	again.error = NULL;
	rc = ask_once(ui, src, &again, &second);
	if (rc == ECERT_OK && !rd_equal(pin_view(first), pin_view(&second)))
		rc = ECERT_E_DATA;
	pin_free(&second);
	return rc;
}

/* One entry, and the second where it is wanted. *error: why a person should be asked anew. */
static enum ecert_rc get_once(const struct ui *ui, const struct pin_source *src,
    const struct pin_ask *ask, bool interactive, struct pin *out, const struct message **error)
{
	static const struct message differ = MSG_INIT("The two entries differ");
	enum ecert_rc rc = ask_once(ui, src, ask, out);

	*error = NULL;
	if (rc == ECERT_OK && !out->n && !ask->may_be_empty)
		rc = ECERT_E_PIN_FORMAT;
	if (rc == ECERT_OK &&
	    memchr(out->text, 0, out->n)) /* would end it early where text is wanted */
		rc = ECERT_E_MALFORMED;
	if (!interactive || (rc != ECERT_OK && rc != ECERT_E_PIN_FORMAT))
		return rc;
	/* The rule before the second entry, not after it. */
	*error = ask->flaw ? ask->flaw(out, ask) : NULL;
	if (*error || rc != ECERT_OK || !ask->twice)
		return rc;
	rc = ask_again(ui, src, ask, out);
	if (rc == ECERT_E_DATA)
		*error = &differ;
	return rc;
}

enum ecert_rc pin_get(
    const struct ui *ui, const struct pin_source *src, const struct pin_ask *ask, struct pin *out)
{
	bool interactive = src->kind == PIN_PROMPT || src->kind == PIN_PINENTRY;
	struct pin_ask now = *ask;
	const struct message *error;
	enum ecert_rc rc = pin_new(out);

	if (rc != ECERT_OK)
		return rc;
	for (unsigned round = 1; round <= PIN_ROUNDS; round++) {
		rc = get_once(ui, src, &now, interactive, out, &error);
		if (!error)
			break;
		now.error = error;
	}
	if (rc != ECERT_OK)
		pin_free(out);
	return rc;
}
