/* SPDX-License-Identifier: BSD-2-Clause */
/* The seam to a person as the command line fills it: a terminal, and JSON. */
#ifndef ECERT_CLI_TERMINAL_H
#define ECERT_CLI_TERMINAL_H

#include "cli/cli.h"
#include "ui/ui.h"

/* Its context is the struct cli of the whole run. */
extern const struct ui_calls terminal_calls;

/* The words as they may be shown, in the language of whoever runs this. Free with message_free. */
char *cli_words(const struct message *m);
/* The same of a message that was kept, to the end of out. */
void cli_kept(const struct message_kept *m, struct buf *out);

/* ui_calls' ask_secret and its errors, on the terminal. */
enum ecert_rc tty_ask(const struct pin_ask *ask, struct pin *out) MUST_CHECK;
/* ui_calls' ask and its errors: the question on standard error, the line from standard input. */
enum ecert_rc line_ask(const struct ui_question *q, struct buf *out) MUST_CHECK;
/* Whether it is the whole word that answers yes (or no), in English or the person's language. */
bool line_means(const char *typed, bool yes);
/* yes or no on the terminal; false also when there is none. */
bool tty_confirm(const struct message *question);
/* The first Ctrl-C from now on is ui_cancelled: it asks a batch to stop behind the file under way;
 * the second one ends it at once. */
void stop_watch(void);
/* The same for what has no other end, also where whoever started it ignores Ctrl-C, as a shell does
 * for what runs behind it. */
void stop_watch_endless(void);

#endif
