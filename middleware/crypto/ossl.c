/* SPDX-License-Identifier: BSD-2-Clause */
/* The private OpenSSL context. */
#include "crypto/ossl.h"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <stdatomic.h>
#include <stddef.h>

OSSL_LIB_CTX *ossl_ctx(void)
{
	static _Atomic(OSSL_LIB_CTX *) shared;
	OSSL_LIB_CTX *seen = atomic_load(&shared), *fresh;

	if (seen)
		return seen;
	/* A lost race frees its own context; a failure is tried again by the next call. */
	fresh = OSSL_LIB_CTX_new();
	if (!fresh)
		return NULL;
	if (atomic_compare_exchange_strong(&shared, &seen, fresh))
		return fresh;
	OSSL_LIB_CTX_free(fresh);
	return seen;
}

void ossl_enter(void)
{
	(void)ERR_set_mark();
}

void ossl_leave(void)
{
	(void)ERR_pop_to_mark();
}
