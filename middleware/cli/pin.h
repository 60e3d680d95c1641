/* SPDX-License-Identifier: BSD-2-Clause */
/* Where a PIN comes from, and the locked memory that holds it. Never from the argument list. */
#ifndef ECERT_CLI_PIN_H
#define ECERT_CLI_PIN_H

#include <stdbool.h>
#include <stddef.h>

#include "ecert/rc.h"
#include "util/rd.h"

#define PIN_TEXT_MAX 512u /* PINs, management keys in hex and PKCS#12 passwords alike */

/* Locked memory, NUL-terminated for the interfaces that want it so; n without the NUL. */
struct pin {
	char *text;
	size_t n;
	bool from_escrow; /* not typed by a person */
};

enum ecert_rc pin_new(struct pin *p) MUST_CHECK;
/* Wipes and releases; p is empty afterwards. */
void pin_free(struct pin *p);
enum ecert_rc pin_set(struct pin *p, struct rd text) MUST_CHECK;
struct rd pin_view(const struct pin *p);

enum pin_kind { PIN_PROMPT, PIN_ENV, PIN_FILE, PIN_PINENTRY };
struct pin_source {
	enum pin_kind kind;
	const char *arg; /* variable or path; a view into the option's text */
};
/* "prompt", "pinentry", "env:NAME", "file:PATH"; NULL = prompt. Errors: ECERT_E_ARG (anything else,
 * a bare PIN among them). */
enum ecert_rc pin_source_parse(const char *text, struct pin_source *out) MUST_CHECK;

/* What a file is asked for when it is an escrow of `ecert token init`. */
enum pin_want { PIN_WANT_TEXT, PIN_WANT_PIN, PIN_WANT_PUK, PIN_WANT_MGM };

struct pin_ask {
	const char *title;  /* "PIN of token e-Cert 1234" */
	const char *reason; /* "to sign invoice.pdf and 3 other files"; NULL = none */
	const char *prompt; /* "PIN" */
	const char *error;  /* what went wrong the last time; NULL = first time */
	bool twice;	    /* a new secret: asked a second time and compared */
	bool may_be_empty;  /* of a file: "" is one, too */
	enum pin_want want;
	const char *serial; /* of the token that it is for; NULL: any */
	/* What is wrong with a new secret, as a sentence; NULL: nothing. Who can be asked again is
	 * (twice that, then it is the caller's). */
	const char *(*flaw)(const struct pin *pin, const struct pin_ask *ask);
	const struct pin *other; /* for flaw: what it must not be; NULL: nothing */
};
/*
 * Errors: ECERT_E_NOT_FOUND (no such variable), ECERT_E_IO (file; errno says), ECERT_E_TOO_LARGE,
 * ECERT_E_PIN_FORMAT (empty), ECERT_E_MALFORMED (a zero byte), ECERT_E_CANCELLED (Ctrl-C, cancel,
 * end of input), ECERT_E_UNSUPPORTED (no terminal, no pinentry), ECERT_E_DATA (the two entries
 * differed, three times), ECERT_E_KEY_TYPE (the file is an escrow that does not hold it),
 * ECERT_E_DENIED (an escrow of another token).
 */
enum ecert_rc pin_get(
    const struct pin_source *src, const struct pin_ask *ask, struct pin *out) MUST_CHECK;

/* The first line of a file, or the wanted secret of an escrow. */
enum ecert_rc pin_from_file(
    const char *path, const struct pin_ask *ask, struct pin *out) MUST_CHECK;
/* The two interactive ways, one file each. */
enum ecert_rc tty_ask(const struct pin_ask *ask, struct pin *out) MUST_CHECK;
enum ecert_rc pinentry_ask(const struct pin_ask *ask, struct pin *out) MUST_CHECK;
/* yes or no on the terminal; false also when there is none. */
bool tty_confirm(const char *question);

#endif
