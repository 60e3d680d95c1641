/* SPDX-License-Identifier: BSD-2-Clause */
/* Core dumps and debuggers. */
#include "ui/guard.h"

#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "util/mem.h"

/* The kernel puts the strings of the environment one behind the other above the stack; whoever gave
 * a PIN in one of them gave it to every program that it starts, so that it is not ours to change,
 * but it can stay out of dumps and of the swap space. */
static void hide_environment(void)
{
	uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE), from, to;
	size_t n = 0;

	if (!environ || !environ[0])
		return;
	while (environ[n + 1])
		n++;
	from = (uintptr_t)environ[0] & ~(page - 1);
	to = ((uintptr_t)environ[n] + strlen(environ[n]) + page) & ~(page - 1);
	if (from >= to)
		return;
	(void)madvise((void *)from, to - from, MADV_DONTDUMP);
	(void)mlock((const void *)from, to - from);
}

void guard_process(void)
{
	secret_undumped();
	hide_environment();
}

void guard_secrets(void)
{
	secret_unseen();
}
