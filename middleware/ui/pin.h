/* SPDX-License-Identifier: BSD-2-Clause */
/* A secret that a person gives: the locked memory that holds it, and how it is asked for. */
#ifndef ECERT_UI_PIN_H
#define ECERT_UI_PIN_H

#include <stdbool.h>
#include <stddef.h>

#include "ecert/rc.h"
#include "util/message.h"
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
/* Errors: ECERT_E_TOO_LARGE, ECERT_E_MEMORY. */
enum ecert_rc pin_set(struct pin *p, struct rd text) MUST_CHECK;
/* Never a NULL view, which would mean the reader's key pad. */
struct rd pin_view(const struct pin *p);

/* What a file is asked for when it is an escrow of `ecert token init`. */
enum pin_want { PIN_WANT_TEXT, PIN_WANT_PIN, PIN_WANT_PUK, PIN_WANT_MGM };

struct pin_ask {
	const struct message *title;  /* "Token e-Cert 1234" */
	const struct message *reason; /* "to sign invoice.pdf and 3 other files"; NULL: none */
	const char *prompt;	      /* an id: "PIN" */
	const struct message *error;  /* what went wrong the last time; NULL: first time */
	bool window;		      /* in a window of its own (pinentry) */
	bool twice;		      /* a new secret: asked a second time and compared */
	bool may_be_empty;	      /* of a file: "" is one, too */
	enum pin_want want;
	const char *serial; /* of the token that it is for; NULL: any */
	/* What is wrong with a new secret; NULL: nothing. Who can be asked again is (twice that,
	 * then it is the caller's). */
	const struct message *(*flaw)(const struct pin *pin, const struct pin_ask *ask);
	/* For flaw: the secrets that a new one must not be; NULL: none. */
	const struct pin *other;   /* the PUK when it is a PIN, and the other way round */
	const struct pin *present; /* what it takes the place of */
};

#endif
