/* SPDX-License-Identifier: BSD-2-Clause */
/* The Nth call of a kind fails: allocations, PC/SC, files, OpenSSL's memory. */
#ifndef ECERT_TESTS_FAULTS_INJECT_H
#define ECERT_TESTS_FAULTS_INJECT_H

#include <stdbool.h>
#include <stddef.h>

enum fault_kind {
	FAULT_NONE,
	FAULT_MEMORY,  /* malloc, calloc, realloc, strdup, strndup of our own code */
	FAULT_SCARD,   /* SCard*, with fault_scard_code */
	FAULT_FILE,    /* read, write, fsync, rename, open of our own code: EIO */
	FAULT_OPENSSL, /* allocations of OpenSSL, when fault_openssl_hooks was called first */
};

/* Call number n of this kind fails, once; 0: none. */
void fault_arm(enum fault_kind kind, unsigned n);
/* Ends it; true when the call came. */
bool fault_disarm(void);
/* What the test and the card do themselves does not count. They nest. */
void fault_pause(void);
void fault_resume(void);
/* For the stand-ins: is it this call's turn? */
bool fault_due(enum fault_kind kind);
/* What the failing SCard call answers. */
extern long fault_scard_code;
/* Blocks that our own code allocated and did not free. */
size_t fault_live(void);
/* To be called before anything of OpenSSL's. */
void fault_openssl_hooks(void);

#endif
