/* SPDX-License-Identifier: BSD-2-Clause */
/* Memory that is wiped before it goes, and memory for secrets that is locked and never dumped. */
#ifndef ECERT_UTIL_MEM_H
#define ECERT_UTIL_MEM_H

#include <stddef.h>
#include <stdint.h>

#include "ecert/rc.h"

/* Overwrites n bytes; the compiler cannot leave it out. */
void mem_wipe(void *p, size_t n);
/* Wipes n bytes, then frees. NULL is allowed. */
void mem_free(void *p, size_t n);
/* A copy of n bytes (never NULL on ECERT_OK, also for n = 0). Free with mem_free(p, n). */
enum ecert_rc mem_dup(const void *p, size_t n, uint8_t **out) MUST_CHECK;

/*
 * Zeroed pages for secrets: locked against swapping where the limit allows it, left out of core
 * dumps, zeroed in a forked child. Errors: ECERT_E_MEMORY.
 */
enum ecert_rc secret_alloc(size_t n, void **out) MUST_CHECK;
/* Wipes; n as given to secret_alloc: the whole of it, and nothing behind it was written. A few
 * pages are kept for the next that asks. NULL is allowed. */
void secret_free(void *p, size_t n);

/* No core dump of this process is written. */
void secret_undumped(void);
/* Nor may a debugger of the same user look into it. */
void secret_unseen(void);

#endif
