/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Preloaded: the most heap that a program had at one time, in KiB, is written to the file that
 * ECERT_TEST_HEAP names when it ends. Counts what was asked for, touched or not.
 */
#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* glibc's own names for what we stand in front of */
void *__libc_malloc(size_t n);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *p, size_t n);
void __libc_free(void *p);
void *__libc_memalign(size_t align, size_t n);

static _Atomic long held, peak;

static void count(long n)
{
	long is = atomic_fetch_add(&held, n) + n, was = atomic_load(&peak);

	while (is > was && !atomic_compare_exchange_weak(&peak, &was, is))
		;
}

static void *made(void *p)
{
	if (p != NULL)
		count((long)malloc_usable_size(p));
	return p;
}

void *malloc(size_t n)
{
	return made(__libc_malloc(n));
}

void *calloc(size_t n, size_t size)
{
	return made(__libc_calloc(n, size));
}

void *realloc(void *p, size_t n)
{
	long was = p != NULL ? (long)malloc_usable_size(p) : 0;
	void *q = __libc_realloc(p, n);

	if (q != NULL || n == 0)
		count(-was);
	return made(q);
}

void free(void *p)
{
	if (p != NULL)
		count(-(long)malloc_usable_size(p));
	__libc_free(p);
}

void *memalign(size_t align, size_t n)
{
	return made(__libc_memalign(align, n));
}

void *aligned_alloc(size_t align, size_t n)
{
	return made(__libc_memalign(align, n));
}

int posix_memalign(void **out, size_t align, size_t n)
{
	*out = made(__libc_memalign(align, n));
	return *out != NULL ? 0 : ENOMEM;
}

__attribute__((destructor)) static void report(void)
{
	const char *path = getenv("ECERT_TEST_HEAP");
	int fd = path != NULL ? open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600) : -1;

	if (fd < 0)
		return;
	(void)dprintf(fd, "%ld\n", atomic_load(&peak) / 1024);
	(void)close(fd);
}
