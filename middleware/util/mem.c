/* SPDX-License-Identifier: BSD-2-Clause */
/* Wiped and locked memory. */
#include "util/mem.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>

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

/*
 * Pages that were given back, wiped, for those that are asked for next: a signature takes five, and
 * to unmap one has to wait for whatever page fault another thread is in. No lock: a process may
 * fork in the middle. What stands in the first byte is gone in a child (MADV_WIPEONFORK), and so is
 * the lock on the page.
 */
#define PAGE   4096u
#define SPARE  4u
#define LOCKED 1
static _Atomic(uint8_t *) spare[SPARE];

static enum ecert_rc map(size_t n, uint8_t **out)
{
	void *p = mmap(NULL, n, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	*out = NULL;
	if (p == MAP_FAILED)
		return ECERT_E_MEMORY;
	/* Best effort: RLIMIT_MEMLOCK may be 0 in a container, and a PIN is still worth asking. */
	(void)mlock(p, n);
	(void)madvise(p, n, MADV_DONTDUMP);
	(void)madvise(p, n, MADV_WIPEONFORK);
	*out = p;
	return ECERT_OK;
}

static uint8_t *take_spare(void)
{
	uint8_t *p = NULL;

	for (size_t i = 0; !p && i < SPARE; i++)
		p = atomic_exchange(&spare[i], NULL);
	if (p && *p != LOCKED)
		(void)mlock(p, PAGE);
	if (p)
		*p = 0;
	return p;
}

static bool keep_spare(uint8_t *p)
{
	*p = LOCKED;
	for (size_t i = 0; i < SPARE; i++) {
		uint8_t *none = NULL;

		if (atomic_compare_exchange_strong(&spare[i], &none, p))
			return true;
	}
	return false;
}

/* Also when the module is unloaded. */
__attribute__((destructor)) static void drop_spare(void)
{
	for (size_t i = 0; i < SPARE; i++) {
		uint8_t *p = atomic_exchange(&spare[i], NULL);

		if (p)
			(void)munmap(p, PAGE);
	}
}

enum ecert_rc secret_alloc(size_t n, void **out)
{
	uint8_t *p = n <= PAGE ? take_spare() : NULL;
	enum ecert_rc rc = p ? ECERT_OK : map(n <= PAGE ? PAGE : n, &p);

	*out = p;
	return rc;
}

void secret_free(void *p, size_t n)
{
	if (!p)
		return;
	mem_wipe(p, n <= PAGE ? PAGE : n);
	if (n > PAGE || !keep_spare(p))
		(void)munmap(p, n <= PAGE ? PAGE : n);
}

void secret_undumped(void)
{
	const struct rlimit none = {0, 0};

	(void)setrlimit(RLIMIT_CORE, &none);
}

void secret_unseen(void)
{
	(void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}
