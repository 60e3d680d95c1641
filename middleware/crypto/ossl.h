/* SPDX-License-Identifier: BSD-2-Clause */
/* OpenSSL inside somebody else's process: a context of our own, and no trace in the host's state.
 */
#ifndef ECERT_CRYPTO_OSSL_H
#define ECERT_CRYPTO_OSSL_H

#include <openssl/types.h>

#include "ecert/rc.h"

/*
 * The library context for everything we fetch (EVP_*_fetch, X509_new_ex, EVP_PKEY_CTX_new_from_*).
 * It reads no openssl.cnf and holds the default provider only, so that the host's engines,
 * providers and properties do not reach us, nor ours the host. Made at the first call, shared by
 * all threads, never freed. NULL when memory ran out.
 */
OSSL_LIB_CTX *ossl_ctx(void);

/*
 * Around every stretch of OpenSSL calls: what we push on the thread's error queue is taken off
 * again, and what the host had there stays. The first use costs a process 1.1 MB, so the arithmetic
 * that every signature needs (crypto/key/ec.c, RSA in crypto/key/pubkey.c) does without: it checks
 * its numbers first, and fails in OpenSSL only when memory runs out.
 */
void ossl_enter(void);
void ossl_leave(void);

#endif
