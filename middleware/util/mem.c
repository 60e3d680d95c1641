/* SPDX-License-Identifier: BSD-2-Clause */
/* Wiped and locked memory. */
#include "util/mem.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

void mem_wipe(void *p, size_t n)
{
	if (p && n > 0)
		explicit_bzero(p, n);
}

void mem_free(void *p, size_t n)
{
	mem_wipe(p, n);
	free(p);
}

enum ecert_rc mem_dup(const void *p, size_t n, uint8_t **out)
{
	*out = malloc(n ? n : 1);
	if (!*out)
		return ECERT_E_MEMORY;
	if (n > 0)
		memcpy(*out, p, n);
	return ECERT_OK;
}

enum ecert_rc secret_alloc(size_t n, void **out)
{
	void *p;

	*out = NULL;
	p = mmap(NULL, n, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (p == MAP_FAILED)
		return ECERT_E_MEMORY;
	/* Best effort: RLIMIT_MEMLOCK may be 0 in a container, and a PIN is still worth asking. */
	(void)mlock(p, n);
	(void)madvise(p, n, MADV_DONTDUMP);
	(void)madvise(p, n, MADV_WIPEONFORK);
	*out = p;
	return ECERT_OK;
}

void secret_free(void *p, size_t n)
{
	if (!p)
		return;
	mem_wipe(p, n);
	(void)munmap(p, n);
}
