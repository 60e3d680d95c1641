/* SPDX-License-Identifier: BSD-2-Clause */
/* ecert-wall as a process: started, and seen to its end. */
#ifndef ECERT_DOCUMENT_WALL_START_H
#define ECERT_DOCUMENT_WALL_START_H

#include <stddef.h>
#include <sys/types.h>

#include "ecert/rc.h"

/* The one for PDFs is a program of its own, which is called so behind the other's name. */
#define WALL_PDF "-pdf"

/*
 * Starts it (kind: "" or WALL_PDF) with one socket as standard input and output, whose other end is
 * *channel (closed on exec), the files as its inputs, and nothing else: no environment,
 * no other descriptor. Errors: ECERT_E_NOT_FOUND (no program), ECERT_E_IO (errno says).
 */
enum ecert_rc wall_start(
    const char *kind, const int *fd, size_t fds, pid_t *pid, int *channel) MUST_CHECK;
/* Waits for its end and returns the status of waitpid. */
int wall_finish(pid_t pid);

#endif
