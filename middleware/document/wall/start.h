/* SPDX-License-Identifier: BSD-2-Clause */
/* ecert-wall as processes: the gates, one a program, and a reader of its own for each question. */
#ifndef ECERT_DOCUMENT_WALL_START_H
#define ECERT_DOCUMENT_WALL_START_H

#include <stdbool.h>
#include <stddef.h>

#include "ecert/rc.h"

/* The one for PDFs is a program of its own, which is called so behind the other's name. */
#define WALL_PLAIN ""
#define WALL_PDF   "-pdf"

/* One question under way. */
struct wall_reader {
	int channel; /* its standard input and output */
	int end;     /* tells how it ended */
};

/*
 * Has the gate (kind: WALL_PLAIN or WALL_PDF), which is started when there is none yet, start a
 * reader with the files as its inputs, and nothing else: no environment, no other descriptor.
 * wall_finish in any case but of an error. Errors: ECERT_E_NOT_FOUND (no program), ECERT_E_IO
 * (errno says).
 */
enum ecert_rc wall_start(
    const char *kind, const int *fd, size_t fds, struct wall_reader *r) MUST_CHECK;
/* How it ended. WALL_RUNNING: not within so many ms, and now it is ended; WALL_GONE: nobody knows,
 * for the gate was ended from elsewhere. *status is waitpid's. Errors of the gate: minus an errno.
 */
enum wall_state { WALL_ENDED, WALL_RUNNING, WALL_GONE };
enum wall_state wall_finish(struct wall_reader *r, int ms, int *status);

/* Starts the gate of this kind unless it runs, for questions that will come: whoever asks for a PIN
 * first does not wait for it afterwards. It and its readers give way by so many steps of nice. What
 * goes wrong is told to the first question. */
void wall_ready(const char *kind, int steps);

/* Ends the gates and waits for them; the next question starts them anew. Done at exit, too. */
void wall_rest(void);

#endif
