/* SPDX-License-Identifier: BSD-2-Clause */
/* What a process has started and has open, by /proc. */
#ifndef ECERT_TESTS_UNIT_DOCUMENT_PROCESSES_H
#define ECERT_TESTS_UNIT_DOCUMENT_PROCESSES_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <unistd.h>

/* The processes that one has started and that are not waited for yet. */
static size_t children(pid_t of, pid_t *first)
{
	char path[64];
	int n = 0, pid;
	FILE *f;
	snprintf(path, sizeof path, "/proc/%d/task/%d/children", of, of);
	f = fopen(path, "r");
	while (f && fscanf(f, "%d", &pid) == 1)
		if (!n++)
			*first = pid;
	if (f)
		fclose(f);
	return (size_t)n;
}

static pid_t gate_of_ours(void)
{
	pid_t gate = 0;
	assert_int_equal(children(getpid(), &gate), 1);
	return gate;
}

static size_t descriptors(pid_t of)
{
	char path[64];
	size_t n = 0;
	DIR *d;
	snprintf(path, sizeof path, "/proc/%d/fd", of);
	d = opendir(path);
	assert_non_null(d);
	while (readdir(d))
		n++;
	closedir(d);
	return n;
}

static bool alone(pid_t gate)
{
	pid_t any;
	for (int i = 0; i < 500 && children(gate, &any); i++)
		usleep(10000);
	return !children(gate, &any);
}

#endif
