/* SPDX-License-Identifier: BSD-2-Clause */
/* The seam to a person: what is said and asked while a deed runs. A terminal, JSON, a page or a
 * test stands behind it; a deed never knows which.
 *
 * Ownership: whoever starts a deed owns the struct ui, its calls and ctx, and keeps them until the
 * deed is over. Messages, questions and progress belong to the deed and are gone when the call
 * returns: what is shown later is copied (struct message_kept).
 * Threads: a deed makes every call from the thread that it runs on, one after the other, and waits
 * for the answer. Two deeds at once have a struct ui each. `cancelled` may be asked between any two
 * steps and has to answer at once; it stays true once it was.
 */
#ifndef ECERT_UI_UI_H
#define ECERT_UI_UI_H

#include <stdbool.h>
#include <stdint.h>

#include "util/message.h"
#include "ui/outcome.h"
#include "ui/pin.h"

/*
 * Why a deed ended without success. It is told once, where it is found: whoever gets an enum
 * outcome other than OUT_OK back passes it on and says nothing more. A second one would be a second
 * JSON document. A batch whose parts may fail one by one (`ecert token init --many`) therefore runs
 * each with a struct ui of its own, and an answer that says already why it is not OUT_OK (a
 * verdict) ends without a failure for programs (cli_fail_people).
 */
struct failure {
	enum outcome code;
	const char *reason; /* for programs, stable: "file-unreadable"; a row of reasons.tsv */
	const struct message *what; /* a sentence without its full stop */
	const struct message *next; /* what to do about it; NULL: nothing to add */
};

/* Where a long deed is. */
struct ui_progress {
	const char *name;     /* of the file under way */
	uint64_t done, total; /* its bytes; total 0: not known */
	size_t i, n;	      /* this file of so many */
};

/* A question whose answer is a line, and no secret. */
struct ui_question {
	const struct message *text; /* without a colon */
	const char *present; /* what stands there now, which an empty line keeps; NULL: none */
	bool yes;	     /* yes or no: the answer is "yes", "no", or what else was typed */
};

/* Every call may be NULL: then nothing is shown, no secret is there (ECERT_E_UNSUPPORTED), nothing
 * is confirmed and nobody cancels. */
struct ui_calls {
	/* At most once a deed. */
	void (*failed)(void *ctx, const struct failure *failure);
	/* Worth knowing, and no failure. */
	void (*note)(void *ctx, const struct message *m);
	/* at: NULL when it is over. */
	void (*progress)(void *ctx, const struct ui_progress *at);
	/* One entry into out, which has its memory (pin_new). Errors: ECERT_E_CANCELLED,
	 * ECERT_E_UNSUPPORTED (nobody to ask), ECERT_E_TOO_LARGE. */
	enum ecert_rc (*ask_secret)(void *ctx, const struct pin_ask *ask, struct pin *out);
	/* A line, appended in UTF-8 without its end. Errors: ECERT_E_CANCELLED (no more lines will
	 * come), ECERT_E_UNSUPPORTED (nobody to ask), ECERT_E_TOO_LARGE. */
	enum ecert_rc (*ask)(void *ctx, const struct ui_question *q, struct buf *out);
	/* Yes or no; no when nobody is there. */
	bool (*confirm)(void *ctx, const struct message *question);
	/* Whether somebody is there to be asked. */
	bool (*attended)(void *ctx);
	/* Whether the person wants it to stop at the next place where nothing is lost. */
	bool (*cancelled)(void *ctx);
};

struct ui {
	const struct ui_calls *calls;
	void *ctx;
};

/* Tells a failure; returns its code. */
enum outcome ui_fail(const struct ui *ui, enum outcome code, const char *reason,
    const struct message *what, const struct message *next);
/* The same by a return code, whose sentence fills {why} in what: MSG("Cannot read the token:
 * {why}"). The reason is the code's name ("pin-wrong"). ECERT_OK gives OUT_OK and tells nothing. */
enum outcome ui_fail_rc(const struct ui *ui, enum ecert_rc rc, const struct message *what);
void ui_note(const struct ui *ui, const struct message *m);
void ui_progress(const struct ui *ui, const struct ui_progress *at);
enum ecert_rc ui_ask_secret(
    const struct ui *ui, const struct pin_ask *ask, struct pin *out) MUST_CHECK;
enum ecert_rc ui_ask(const struct ui *ui, const struct ui_question *q, struct buf *out) MUST_CHECK;
bool ui_confirm(const struct ui *ui, const struct message *question);
bool ui_attended(const struct ui *ui);
bool ui_cancelled(const struct ui *ui);

/* "ECERT_E_PIN_WRONG" as a reason for programs: "pin-wrong". In out, which has REASON_NAME_MAX. */
#define REASON_NAME_MAX 32
const char *reason_of_rc(enum ecert_rc rc, char out[REASON_NAME_MAX]);

#endif
