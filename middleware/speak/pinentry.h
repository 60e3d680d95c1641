/* SPDX-License-Identifier: BSD-2-Clause */
/* Asking through a pinentry program over the Assuan protocol. */
#ifndef ECERT_SPEAK_PINENTRY_H
#define ECERT_SPEAK_PINENTRY_H

#include "ui/pin.h"

/* How it speaks. */
struct pinentry_manner {
	const struct message_words *words;
	const char *ctype, *messages; /* names of locales, for its own buttons */
	unsigned timeout;	      /* seconds until it gives up; 0: it waits */
};

/* ui_calls' ask_secret and its errors (ui/ui.h). */
enum ecert_rc pinentry_ask(
    const struct pinentry_manner *how, const struct pin_ask *ask, struct pin *out) MUST_CHECK;

#endif
