/* SPDX-License-Identifier: BSD-2-Clause */
/* What cmocka wants included, and how a child process reports. */
#ifndef ECERT_TESTS_TRANSPORT_UNIT_H
#define ECERT_TESTS_TRANSPORT_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "transport/reader.h"

/* Runs check(arg) in a forked child; gives what it returned, or -1 when it died. */
static inline int in_child(int (*check)(void *arg), void *arg)
{
	int status = 0;
	pid_t pid = fork();

	if (pid == 0)
		_exit(check(arg));
	if (pid < 0 || waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
		return -1;
	return WEXITSTATUS(status);
}

#endif
