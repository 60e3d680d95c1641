/* SPDX-License-Identifier: BSD-2-Clause */
/* Where a secret comes from: never from the argument list. */
#ifndef ECERT_CLIENT_PIN_H
#define ECERT_CLIENT_PIN_H

#include "ui/ui.h"

enum pin_kind { PIN_PROMPT, PIN_ENV, PIN_FILE, PIN_PINENTRY };
struct pin_source {
	enum pin_kind kind;
	const char *arg; /* variable or path; a view into the option's text */
};
/* "prompt", "pinentry", "env:NAME", "file:PATH"; NULL = prompt. Errors: ECERT_E_ARG (anything else,
 * a bare PIN among them). */
enum ecert_rc pin_source_parse(const char *text, struct pin_source *out) MUST_CHECK;

/*
 * Errors: ECERT_E_NOT_FOUND (no such variable), ECERT_E_IO (file; errno says), ECERT_E_TOO_LARGE,
 * ECERT_E_PIN_FORMAT (empty), ECERT_E_MALFORMED (a zero byte), ECERT_E_CANCELLED (Ctrl-C, cancel,
 * end of input), ECERT_E_UNSUPPORTED (no terminal, no pinentry), ECERT_E_DATA (the two entries
 * differed, three times), ECERT_E_KEY_TYPE (the file is an escrow that does not hold it),
 * ECERT_E_DENIED (an escrow of another token).
 */
enum ecert_rc pin_get(const struct ui *ui, const struct pin_source *src, const struct pin_ask *ask,
    struct pin *out) MUST_CHECK;

/* The first line of a file, or the wanted secret of an escrow. */
enum ecert_rc pin_from_file(
    const char *path, const struct pin_ask *ask, struct pin *out) MUST_CHECK;

#endif
